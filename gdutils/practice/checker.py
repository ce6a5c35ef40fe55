"""The checker: a learner's answer is compared with the right one, and with what the usual mistakes give.

A wrong answer gets a hint instead of a bare no, and one not begun is no mistake.
"""

import inspect
import reprlib
import textwrap
from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field

import numpy as np

SHAPES = "Is something transposed, or a product the wrong way around?"
NOT_FINITE = "Something overflows, or is the logarithm of 0 or of a negative number."
NO_MEAN = "That is a sum where the mean should be. Is the 1/n missing?"
FACTORS = {  # by which an answer is off, and what is usually behind it
    -1: "The sign is wrong. If there is an error in it, that is prediction − target.",
    2: "Twice what it should be. A ½ in the loss cancels the 2 of the derivative.",
    0.5: "Half of what it should be. The derivative of a square has a factor of 2.",
}


@dataclass(frozen=True, repr=False)
class Verdict:
    """What the checker found; its repr is what the cell shows.

    Attributes
    ----------
    correct : bool or None
        None while there is no answer.
    sentence : str
    hint : str
        What may be behind a wrong answer, or "".
    """

    correct: bool | None
    sentence: str
    hint: str = ""

    def __repr__(self):
        mark = {True: "✔", False: "✘", None: "☐"}[self.correct]
        return f"{mark} {self.sentence} {self.hint}".rstrip()


@dataclass
class Exercise:
    """A function that a learner is asked to write.

    Attributes
    ----------
    reference : callable
        The right function. It returns numbers: one, an array, or a dict of them by name.
    trials : sequence of tuple
        The arguments of each call that an answer is tried on.
    mistakes : dict of str to dict or callable
        At most five hints. A mistake is the right function with other values of some arguments, or a function
        of its own.
    """

    reference: Callable
    trials: tuple
    mistakes: dict = field(default_factory=dict)

    def __call__(self, *arguments, **others):
        """Return the right answer."""
        return self.reference(*arguments, **others)

    def check(self, answer):
        """Return the `Verdict` on a learner's function; no error of that function comes through."""
        name = getattr(answer, "__name__", "your function")
        if not callable(answer):
            return Verdict(False, f"Pass the function without calling it; got {reprlib.repr(answer)}.")
        with np.errstate(all="ignore"):  # an overflow is a result, not a warning
            verdicts = (self._try(answer, name, trial) for trial in self.trials)
            return next(filter(None, verdicts), Verdict(True, f"Right: {name} agrees to 6 digits."))

    def _try(self, answer, name, trial):
        """Call the answer on copies of a trial's arguments; return None if it is right there."""
        given = deepcopy(trial)
        try:
            found = answer(*given)
        except NotImplementedError:
            return Verdict(None, f"Not answered yet: {name} raises NotImplementedError.")
        except Exception as error:
            message = textwrap.shorten(f"{type(error).__name__}: {error}", 160, placeholder=" …")
            hint = SHAPES if "shape" in message or "dimension" in message else ""
            return Verdict(False, f"{name} raised {message.rstrip(':.')}.", hint)
        if repr(given) != repr(trial):
            return Verdict(False, f"{name} changed what it was given; return new values instead.")
        if found is None or found is ...:
            return Verdict(None, f"Not answered yet: {name} returns {found}.")
        right, found = by_name(self(*trial)), by_name(found)
        if found.keys() != right.keys():
            wanted = "numbers" if "" in right else "{" + ", ".join(f'"{key}": …' for key in right) + "}"
            returned = reprlib.repr(found.get("", found))
            return Verdict(False, f"{name} must return {wanted}, it returned {returned}.")
        verdicts = (self._compare(key, found[key], right[key], name, trial) for key in right)
        return next(filter(None, verdicts), None)

    def _compare(self, key, found, right, name, trial):
        """Compare one of the things that an answer returned; return None if it is right."""
        label = f'"{key}"' if key else f"what {name} returns"
        try:
            array = np.asarray(found, dtype=float)
        except Exception:
            return Verdict(False, f"{label} must hold numbers, got {reprlib.repr(found)}.")
        if close(array, right):
            return None
        for hint, mistake in self._mistakes(key, right, trial):
            if close(array, mistake):
                return Verdict(False, "Not quite right.", hint)
        if array.shape != np.shape(right):
            hint = SHAPES if array.size == np.size(right) else ""
            return Verdict(False, f"{label} must have shape {np.shape(right)}, got {array.shape}.", hint)
        wanted, got = (np.array2string(np.asarray(each), precision=4).rstrip(".") for each in (right, found))
        hint = "" if np.isfinite(array).all() else NOT_FINITE
        return Verdict(False, f"{label} should be {wanted} on the trial data, got {got}.", hint)

    def _mistakes(self, key, right, trial):
        """Yield hints with what the mistake behind each gives: the exercise's own, then the usual factors."""
        given = inspect.signature(self.reference).bind(*trial).arguments
        for hint, mistake in self.mistakes.items():
            wrong = mistake(*trial) if callable(mistake) else self(**given | mistake)
            yield hint, by_name(wrong)[key]
        rows = dict.fromkeys((len(each) for each in trial if np.ndim(each)), NO_MEAN)
        for factor, hint in (rows | FACTORS).items():
            yield hint, factor * right


def exercise(*trials):
    """Make a function the right answer of an `Exercise`, which is tried on these tuples of arguments."""
    return lambda reference: Exercise(reference, trials)


def wrong_rate(lr):
    """Return two mistakes of a step with a learning rate."""
    uphill, bare = "That goes uphill: subtract the step.", "Where is the learning rate? It scales the step."
    return {uphill: {"lr": -lr}, bare: {"lr": 1}}


def by_name(value):
    """Return numbers by name; those that a function returns without a name have ""."""
    return dict(value) if isinstance(value, Mapping) else {"": value}


def close(found, wanted):
    """Return whether two arrays agree in shape and to 6 digits."""
    return found.shape == np.shape(wanted) and np.allclose(found, wanted, 1e-6, 1e-9, equal_nan=True)
