"""The checkers that the lessons' exercises call.

A checker takes the learner's function, tries it on data and returns a `Verdict`, whose repr is what the cell
shows. It compares with the package's own answer, and with the answers that the usual mistakes give, so that
a wrong one gets a hint instead of a bare no. An exercise not yet begun is no mistake.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gdutils.models import LinearRegression
from gdutils.training import Model, Params

__all__ = [
    "Verdict",
    "check_border",
    "check_function",
    "check_largest_stable_lr",
    "check_model_gradient",
    "check_step",
]


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
    """
    name = getattr(answer, "__name__", "your function")
    given = tuple(copy(argument) for argument in arguments)
    try:
        found = answer(*given)
    except Exception as error:
        return Verdict(False, f"{name} raised {type(error).__name__}: {error}")
    if found is None:
        return Verdict(None, f"Not answered yet: {name} returns None.")
    if not isinstance(found, Mapping) or found.keys() != right.keys():
        wanted = ", ".join(f'"{key}": …' for key in right)
        return Verdict(False, f"{name} must return {{{wanted}}}, it returned {type(found).__name__}.")
    for key, value in right.items():
        try:
            shape = np.asarray(found[key], dtype=float).shape
        except (TypeError, ValueError):
            return Verdict(False, f'"{key}" must hold numbers, got {found[key]!r}.')
        if shape != np.shape(value):
            same_size = np.prod(shape) == np.size(value) > 1
            hint = " Is it transposed, or is a product the wrong way round?" if same_size else ""
            return Verdict(False, f'"{key}" must have shape {np.shape(value)}, got {shape}.{hint}')
    if not all(same(now, before) for now, before in zip(given, arguments, strict=True)):
        return Verdict(False, f"{name} changed the arrays it was given; return new ones instead.")
    wrong = [key for key in right if not close(found[key], right[key])]
    if not wrong:
        return Verdict(True, f"Right: {name} agrees to 8 digits.")
    for hint, values in mistakes:
        if all(close(found[key], values[key], equal_nan=True) for key in wrong):
            return Verdict(False, hint)
    key = wrong[0]
    return Verdict(False, f'"{key}" should be {show(right[key])} on the trial data, got {show(found[key])}.')


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


def check_model_gradient(
    model: Model,
    answer: Callable[[Params, Any, Any], Params],
    X: NDArray[Any],
    y: NDArray[Any],
    *,
    hints: Sequence[tuple[str, Callable[[Params, Any, Any], Params]]] = (),
) -> Verdict:
    """Check a learner's ``gradient(params, X, y)`` of a model's loss.

    Parameters
    ----------
    model : Model
        Whose loss it is.
    answer : callable
        Returns one array for each parameter, under the parameter's name.
    X, y : ndarray
        The lesson's data.
    hints : sequence of (str, callable), optional
        What to say to a mistake of this model's own, with a gradient that makes it.
    """
    rng = np.random.RandomState(0)
    params = {name: theta + rng.standard_normal(theta.shape) for name, theta in model.init(rng).items()}
    right = model.gradient(params, X, y)
    mistakes = [
        ("Almost: a sum where the mean should be. Is the 1/n missing?", scaled(right, len(y))),
        (
            "Almost: the sign is wrong. If there is an error in it, that is prediction − target.",
            scaled(right, -1),
        ),
        (
            "Almost: twice too long. Where the loss has a ½, it cancels the 2 of the derivative.",
            scaled(right, 2),
        ),
        (
            "Almost: half as long as it should be. Only a ½ in the loss cancels the 2 of a derivative.",
            scaled(right, 0.5),
        ),
        ("Wrong sign, and a sum where the mean should be.", scaled(right, -len(y))),
        *((hint, wrong(params, X, y)) for hint, wrong in hints),
    ]
    return judge(answer, (params, X, y), right, mistakes)


def check_step(
    model: Model,
    answer: Callable[[Params, Any, Any, float], Params],
    X: NDArray[Any],
    y: NDArray[Any],
    lr: float = 0.1,
    *,
    hints: Sequence[tuple[str, Callable[[Params, Any, Any, float], Params]]] = (),
) -> Verdict:
    """Check a learner's ``step(params, X, y, lr)``: one full-batch step of gradient descent.

    Parameters
    ----------
    model : Model
        Whose parameters are stepped.
    answer : callable
        Returns the new parameters.
    X, y : ndarray
        The lesson's data.
    lr : float, default 0.1
    hints : sequence of (str, callable), optional
        What to say to a mistake of this model's own, with a step that makes it.
    """
    rng = np.random.RandomState(1)
    params = {name: theta + rng.standard_normal(theta.shape) for name, theta in model.init(rng).items()}
    grads = model.gradient(params, X, y)
    right = {name: params[name] - lr * grads[name] for name in params}
    uphill = {name: params[name] + lr * grads[name] for name in params}
    unscaled = {name: params[name] - grads[name] for name in params}
    order = "One parameter was stepped with the other already moved. Take all gradients first."
    mistakes = [
        ("That goes uphill: the step is against the gradient, so it is subtracted.", uphill),
        ("The learning rate is missing: it scales the gradient.", unscaled),
        ("That is the gradient, not the parameters after the step.", grads),
        ("Nothing moved: return the new values.", params),
        (order, one_after_another(model, params, X, y, lr, list(params))),
        (order, one_after_another(model, params, X, y, lr, list(params)[::-1])),
        *((hint, wrong(params, X, y, lr)) for hint, wrong in hints),
    ]
    return judge(answer, (params, X, y, lr), right, mistakes)


def one_after_another(
    model: Model, params: Params, X: NDArray[Any], y: NDArray[Any], lr: float, order: Sequence[str]
) -> Params:
    """Step each parameter by a gradient that already sees the ones before it moved: the usual mistake."""
    moved = dict(params)
    for name in order:
        moved[name] = moved[name] - lr * model.gradient(moved, X, y)[name]
    return moved


def check_largest_stable_lr(answer: Callable[[NDArray[Any]], float]) -> Verdict:
    """Check a learner's ``largest_stable_lr(X)`` of linear regression with an intercept."""
    X = np.random.RandomState(2).standard_normal((20, 3)) + 1
    X1 = np.column_stack([X, np.ones(len(X))])
    right = 2 / LinearRegression(3).curvature(X)

    def limit(matrix: NDArray[Any], which: int = -1) -> dict[str, float]:
        return {"lr": float(2 / np.linalg.eigvalsh(matrix)[which])}

    n = len(X)
    mistakes = [
        ("Almost: the intercept is a weight too. Add the column of ones.", limit(X.T @ X / n)),
        ("Almost: the loss is a mean, so the matrix has a 1/n.", limit(X1.T @ X1)),
        (
            "Almost: it is 2/λ, not 1/λ: a step may land as far beyond the minimum as it began before.",
            {"lr": right / 2},
        ),
        ("Almost: the steepest direction decides, so take the largest eigenvalue.", limit(X1.T @ X1 / n, 0)),
        ("That is the largest curvature λ itself; the limit is 2/λ.", {"lr": 2 / right}),
    ]

    return judge(in_a_dict(answer, "lr"), (X,), {"lr": right}, mistakes)


def check_border(answer: Callable[[Params, NDArray[Any]], Any]) -> Verdict:
    """Check a learner's ``border(params, x1)``: the x₂ at which x₁w₁ + x₂w₂ + b = 0, of two features."""
    x1, w1, w2, b = np.array([-1.0, 0.0, 2.0]), 3.0, -2.0, 1.0
    right = {"result": -(x1 * w1 + b) / w2}
    mistakes = [
        ("Almost: the intercept b is missing, or left out of the division.", {"result": -x1 * w1 / w2}),
        ("Almost: the intercept b is missing, or left out of the division.", {"result": -x1 * w1 / w2 - b}),
        ("Almost: the sign is wrong. Bring w₂x₂ alone to one side.", {"result": (x1 * w1 + b) / w2}),
        ("The two features are swapped: x₂ belongs to w₂.", {"result": -(x1 * w2 + b) / w1}),
        ("That is z at x₂ = 0. On the border z is 0.", {"result": x1 * w1 + b}),
    ]
    params = {"w": np.array([w1, w2]), "b": np.array(b)}
    return judge(in_a_dict(answer, "result"), (params, x1), right, mistakes)


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
        mistakes = [(hint, {"result": wrong(*arguments)}) for hint, wrong in hints]
    return judge(in_a_dict(answer, "result"), arguments, {"result": reference(*arguments)}, mistakes)


def in_a_dict(answer: Callable[..., Any], key: str) -> Callable[..., Any]:
    """Return the function with its result under a key, as `judge` compares it."""

    def named(*arguments: Any) -> dict[str, Any] | None:
        found = answer(*arguments)
        return None if found is None else {key: found}

    named.__name__ = getattr(answer, "__name__", "your function")
    return named


def scaled(values: Mapping[str, Any], factor: float) -> dict[str, Any]:
    """Return every value times a factor."""
    return {name: factor * value for name, value in values.items()}
