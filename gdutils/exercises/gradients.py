"""Checkers for the gradient of any model, and for a step along it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gdutils.checks import check_finite, check_model, check_positive, check_small
from gdutils.exercises.verdict import Verdict, check_hints, judge, scaled
from gdutils.training import Model, Params

__all__ = ["check_model_gradient", "check_step"]


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
    check_hints(hints)
    params, X, y, right = trial(model, X, y, random_state=0)
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
    check_hints(hints)
    lr = check_positive("lr", lr)
    params, X, y, grads = trial(model, X, y, random_state=1)
    right = {name: params[name] - lr * grads[name] for name in params}
    uphill = {name: params[name] + lr * grads[name] for name in params}
    unscaled = {name: params[name] - grads[name] for name in params}
    sums = {name: params[name] - lr * len(y) * grads[name] for name in params}
    order = "One parameter was stepped with the other already moved. Take all gradients first."
    mistakes = [
        ("That goes uphill: the step is against the gradient, so it is subtracted.", uphill),
        ("The learning rate is missing: it scales the gradient.", unscaled),
        ("Almost: the gradient is a sum where the mean should be. Is the 1/n missing?", sums),
        ("That is the gradient, not the parameters after the step.", grads),
        ("Nothing moved: return the new values.", params),
        (order, one_after_another(model, params, X, y, lr, list(params))),
        (order, one_after_another(model, params, X, y, lr, list(params)[::-1])),
        *((hint, wrong(params, X, y, lr)) for hint, wrong in hints),
    ]
    return judge(answer, (params, X, y, lr), right, mistakes)


def trial(model: Model, X: Any, y: Any, random_state: int) -> tuple[Params, Any, Any, Params]:
    """Return parameters, the data as arrays, and the gradient there, or raise."""
    check_model(model, "init", "loss", "gradient")
    rng = np.random.RandomState(random_state)
    params = {name: theta + rng.standard_normal(theta.shape) for name, theta in model.init(rng).items()}
    with np.errstate(over="ignore", invalid="ignore"):
        gradient = model.gradient(params, X, y)  # the model knows which shapes are right
    X, y = np.asarray(X), np.asarray(y)
    for name, array in (("X", X), ("y", y)):
        check_finite(name, array)
        check_small(name, array)
    return params, X, y, gradient


def one_after_another(
    model: Model, params: Params, X: NDArray[Any], y: NDArray[Any], lr: float, order: Sequence[str]
) -> Params:
    """Step each parameter by a gradient that already sees the ones before it moved: the usual mistake."""
    moved = dict(params)
    for name in order:
        moved[name] = moved[name] - lr * model.gradient(moved, X, y)[name]
    return moved
