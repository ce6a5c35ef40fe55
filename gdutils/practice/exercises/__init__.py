"""The exercises, one file per lesson: the right answer, what it is tried on, and hints for usual mistakes."""

import importlib
import pkgutil

from gdutils.practice.checker import Exercise

EXERCISES = {}
for lesson in pkgutil.iter_modules(__path__):
    module = importlib.import_module(f"{__name__}.{lesson.name}")
    EXERCISES |= {name: each for name, each in vars(module).items() if isinstance(each, Exercise)}


def check(name, answer):
    """Compare a learner's function with the right one, and with the usual mistakes.

    Parameters
    ----------
    name : str
        Of the exercise, such as "descend".
    answer : callable
        The learner's function, with the arguments of the stub.

    Returns
    -------
    Verdict
        Its `correct` is True, False, or None while there is no answer.

    Raises
    ------
    ValueError
        If there is no exercise of this name.
    """
    if name not in EXERCISES:
        raise ValueError(f"name must be one of {', '.join(EXERCISES)}; got {name!r}")
    return EXERCISES[name].check(answer)
