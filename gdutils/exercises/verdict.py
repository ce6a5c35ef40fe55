"""What a checker finds: an answer is compared with the right one, and with what the usual mistakes give.

A checker takes the learner's function, tries it on data and returns a `Verdict`, whose repr is what the cell
shows. A wrong answer gets a hint instead of a bare no. An exercise not yet begun is no mistake.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

__all__ = ["Verdict", "check_function", "in_a_dict", "judge", "scaled"]


@dataclass(frozen=True, repr=False)
class Verdict:
    """What a checker found; ``correct`` is None while there is no answer."""

    correct: bool | None
    text: str

    def __repr__(self) -> str:
        mark = {True: "✅", False: "❌", None: "⬜"}[self.correct]
        return f"{mark} {self.text}"


def judge(
    answer: Callable[..., Any],
    arguments: tuple[Any, ...],
    right: Mapping[str, Any],
    mistakes: Sequence[tuple[str, Mapping[str, Any]]],
    trial: str = "the trial data",
) -> Verdict:
    """Call `answer` and compare what it returns, by name, with the right values and with known mistakes.

    Parameters
    ----------
    answer : callable
        The learner's function.
    arguments : tuple
        What to call it with; arrays are handed out as copies.
    right : mapping of str to array
        What it should return.
    mistakes : sequence of (str, mapping)
        Hints, each with what the mistake behind it would have returned.
    trial : str
        What the arguments are, in words.
    """
    name = getattr(answer, "__name__", "your function")
    given = tuple(copy(argument) for argument in arguments)
    try:
        with np.errstate(all="ignore"):  # a mistake may overflow; its verdict is enough
            found = answer(*given)
    except Exception as error:
        return Verdict(False, f"{name} raised {type(error).__name__}: {error}")
    if found is None:
        return Verdict(None, f"Not answered yet: {name} returns None.")
    if not isinstance(found, Mapping) or found.keys() != right.keys():
        wanted = ", ".join(f'"{key}": …' for key in right)
        return Verdict(False, f"{name} must return {{{wanted}}}, it returned {type(found).__name__}.")
    # A function that returns one thing has no name for it.
    called = {key: f'"{key}"' if key else f"what {name} returns" for key in right}
    for key, value in right.items():
        try:
            shape = np.asarray(found[key], dtype=float).shape
        except (TypeError, ValueError):
            return Verdict(False, f"{called[key]} must hold numbers, got {found[key]!r}.")
        if shape != np.shape(value):
            same_size = np.prod(shape) == np.size(value) > 1
            hint = " Is it transposed, or is a product the wrong way round?" if same_size else ""
            return Verdict(False, f"{called[key]} must have shape {np.shape(value)}, got {shape}.{hint}")
    if not all(same(now, before) for now, before in zip(given, arguments, strict=True)):
        return Verdict(False, f"{name} changed the arrays it was given; return new ones instead.")
    wrong = [key for key in right if not close(found[key], right[key])]
    if not wrong:
        return Verdict(True, f"Right: {name} agrees to 8 digits.")
    for hint, values in mistakes:
        if all(close(found[key], values[key], equal_nan=True) for key in wrong):
            return Verdict(False, hint)
    key = wrong[0]
    return Verdict(False, f"{called[key]} should be {show(right[key])} on {trial}, got {show(found[key])}.")


def check_function(
    answer: Callable[..., Any],
    reference: Callable[..., Any],
    *arguments: Any,
    hints: Sequence[tuple[str, Callable[..., Any]]] = (),
) -> Verdict:
    """Check a learner's function against a right one, on trial arguments.

    Parameters
    ----------
    answer : callable
        Returns a number or an array.
    reference : callable
        Returns the right one.
    *arguments
        What both are called with.
    hints : sequence of (str, callable), optional
        What to say to a mistake, with a function that makes it.
    """
    with np.errstate(all="ignore"):  # an overflow may be the very mistake
        mistakes = [(hint, {"": wrong(*arguments)}) for hint, wrong in hints]
    return judge(in_a_dict(answer), arguments, {"": reference(*arguments)}, mistakes)


def in_a_dict(answer: Callable[..., Any]) -> Callable[..., Any]:
    """Return the function with its result in a dict, as `judge` compares it."""

    def named(*arguments: Any) -> dict[str, Any] | None:
        found = answer(*arguments)
        return None if found is None else {"": found}

    named.__name__ = getattr(answer, "__name__", "your function")
    return named


def scaled(values: Mapping[str, Any], factor: float) -> dict[str, Any]:
    """Return every value times a factor."""
    return {name: factor * value for name, value in values.items()}


def copy(value: Any) -> Any:
    """Copy an array, or a dict of arrays, so that an answer cannot change the trial data."""
    if isinstance(value, Mapping):
        return {key: np.array(array) for key, array in value.items()}
    return np.array(value) if isinstance(value, np.ndarray) else value


def same(now: Any, before: Any) -> bool:
    """Return whether an argument still is what it was."""
    if isinstance(before, Mapping):
        return now.keys() == before.keys() and all(same(now[key], before[key]) for key in before)
    return not isinstance(before, np.ndarray) or np.array_equal(now, before)


def close(found: Any, wanted: Any, *, equal_nan: bool = False) -> bool:
    """Return whether two values agree to 8 digits."""
    if np.shape(found) != np.shape(wanted):
        return False
    return np.allclose(found, wanted, rtol=1e-8, atol=1e-10, equal_nan=equal_nan)


def show(value: Any) -> str:
    """Print a number, or an array, in few digits."""
    return np.array2string(np.asarray(value), precision=4)
