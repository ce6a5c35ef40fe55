"""What a checker finds: an answer is compared with the right one, and with what the usual mistakes give.

A checker takes the learner's function, tries it on data and returns a `Verdict`, whose repr is what the cell
shows. A wrong answer gets a hint instead of a bare no. An exercise not yet begun is no mistake.
"""

from __future__ import annotations

import itertools
import reprlib
import textwrap
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from numbers import Real
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gdutils import checks

__all__ = ["Verdict", "check_function", "in_a_dict", "judge", "scaled"]

SHAPES = "Do the shapes fit? Is something transposed, or a product the wrong way round?"
NEGATIVE = "Is there a logarithm, or a root, of a negative number in it?"
CAUSES = {  # what an error says, and what is usually behind it
    "core dimension": SHAPES,
    "not aligned": SHAPES,
    "broadcast": SHAPES,
    "NaN to integer": NEGATIVE,
    "math domain error": NEGATIVE,
    "positional argument": "Keep the arguments as the stub has them.",
}


@dataclass(frozen=True, repr=False)
class Verdict:
    """What a checker found; ``correct`` is None while there is no answer."""

    correct: bool | None
    text: str

    def __repr__(self) -> str:
        mark = {True: "✔", False: "✘", None: "☐"}[self.correct]
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
        Hints, each with what the mistake behind it would have returned, in whatever shape.
    trial : str
        What the arguments are, in words.
    """
    name = getattr(answer, "__name__", "your function")
    if not callable(answer):
        return Verdict(False, f"Hand in the function itself, by its name, not called; got {brief(answer)}.")
    given = tuple(copy(argument) for argument in arguments)
    try:
        with np.errstate(all="ignore"):  # a mistake may overflow; its verdict is enough
            found = answer(*given)
    except NotImplementedError:
        return Verdict(None, f"Not answered yet: {name} raises NotImplementedError.")
    except Exception as error:
        return Verdict(False, f"{name} raised {told(error)}")
    changed = not all(same(now, before) for now, before in zip(given, arguments, strict=True))
    if found is None and not changed:
        return Verdict(None, f"Not answered yet: {name} returns None.")
    if changed:
        return Verdict(False, f"{name} changed the arrays it was given; return new ones instead.")
    if not isinstance(found, Mapping) or found.keys() != right.keys():
        wanted = ", ".join(f'"{key}": …' for key in right)
        return Verdict(False, f"{name} must return {{{wanted}}}, it returned {brief(found)}.")
    # A function that returns one thing has no name for it.
    called = {key: f'"{key}"' if key else f"what {name} returns" for key in right}
    values: dict[str, NDArray[Any]] = {}
    for key in right:
        array = numbers(found[key])
        if array is None:
            return Verdict(False, f"{called[key]} must hold numbers, got {brief(found[key])}.")
        values[key] = array
    wrong = [key for key in right if not close(values[key], right[key])]
    if not wrong:
        digits = 5 if any(array.dtype == np.float32 for array in values.values()) else 8
        return Verdict(True, f"Right: {name} agrees to {digits} digits.")
    for hint, mistaken in mistakes:
        if all(close(values[key], mistaken[key], equal_nan=True) for key in wrong):
            return Verdict(False, hint)
    for key in wrong:
        shape, wanted_shape = values[key].shape, np.shape(right[key])
        if shape != wanted_shape:
            same_size = values[key].size == np.size(right[key]) > 1
            hint = " Is it transposed, or is a product the wrong way round?" if same_size else ""
            return Verdict(False, f"{called[key]} must have shape {wanted_shape}, got {shape}.{hint}")
    key = wrong[0]
    wanted, got = show(right[key]), show(values[key])
    hint = " They differ in later digits: is something rounded?" if got == wanted else ""
    return Verdict(False, f"{called[key]} should be {wanted} on {trial}, got {got}.{hint}")


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
    checks.check_function("reference", reference)
    check_hints(hints)
    with np.errstate(all="ignore"):  # an overflow may be the very mistake
        mistakes = [(hint, {"": wrong(*arguments)}) for hint, wrong in hints]
    return judge(in_a_dict(answer), arguments, {"": reference(*arguments)}, mistakes)


def check_hints(hints: Any) -> None:
    """Raise unless each hint is a pair of words and of a function that makes the mistake."""
    right = "pairs of words and of a function"
    for each in checks.check_list("hints", hints, tuple, right):
        if not (len(each) == 2 and isinstance(each[0], str) and callable(each[1])):
            raise TypeError(f"hints must be {right}, got {checks.brief(each)}")


def in_a_dict(answer: Callable[..., Any]) -> Callable[..., Any]:
    """Return the function with its result in a dict, as `judge` compares it."""
    if not callable(answer):
        return answer  # judge says what is wrong with it

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
        return now.keys() == before.keys() and all(np.array_equal(now[key], before[key]) for key in before)
    if not isinstance(before, np.ndarray):
        return True
    return np.array_equal(now, before, equal_nan=before.dtype.kind == "f")


def numbers(value: Any) -> NDArray[Any] | None:
    """Return a number, or a table of them, as an array of real numbers; None for anything else."""
    try:
        array = np.asarray(value)
        if array.dtype == object and all(isinstance(entry, Real) for entry in array.flat):
            array = array.astype(float)  # fractions, for example
    except OverflowError:  # an integer beyond all floats
        return np.full(array.shape, np.inf)
    except Exception:  # rows of different lengths, or an object that refuses
        return None
    return array if array.dtype.kind in "fiub" else None


def close(found: NDArray[Any], wanted: Any, *, equal_nan: bool = False) -> bool:
    """Return whether two values agree to 8 digits, or to 5 if the one found is in single precision."""
    if found.shape != np.shape(wanted):
        return False
    rtol, atol = (1e-5, 1e-6) if found.dtype == np.float32 else (1e-8, 1e-10)
    return np.allclose(found, wanted, rtol=rtol, atol=atol, equal_nan=equal_nan)


def show(value: Any) -> str:
    """Print a number, or an array, in few digits."""
    return np.array2string(np.asarray(value), precision=4)


def brief(value: Any) -> str:
    """Print a plain value in few letters; of any other, name the type."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{reprlib.repr(key)}: …" for key in itertools.islice(value, 6)) + "}"
    if value is None or isinstance(value, str | bool | int | float | complex | list | tuple):
        return reprlib.repr(value)
    return f"an object of type {type(value).__name__}"


def told(error: Exception) -> str:
    """Print an error in one line, with what is usually behind it."""
    words = textwrap.shorten(str(error), 160, placeholder=" …")
    line = f"{type(error).__name__}: {words}" if words else type(error).__name__
    causes = [cause for sign, cause in CAUSES.items() if sign in words]
    return f"{line.rstrip('.')}. {causes[0]}" if causes else line
