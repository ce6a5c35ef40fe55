"""Numerical gradients: the slope measured by taking a small step to either side.

Slow and blind to the formula, and for that reason a fair judge of it. The lessons and the tests use the
same two functions.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gdutils.checks import (
    check_finite,
    check_floats,
    check_function,
    check_model,
    check_numeric,
    check_positive,
)
from gdutils.training import Model, Params

__all__ = ["check_gradient", "numerical_gradient"]


def numerical_gradient(
    f: Callable[[NDArray[Any]], float], theta: ArrayLike, step: float = 1e-5
) -> NDArray[Any]:
    """Return the gradient of `f` at `theta` by central differences.

    Each entry is (f(θ + h eᵢ) − f(θ − h eᵢ)) / 2h with h = step · max(1, |θᵢ|); its error is of order h².

    Parameters
    ----------
    f : callable
        Takes an array of the shape of `theta`, returns a number.
    theta : array-like
        The point.
    step : float, default 1e-5
        Small enough for the h² to vanish, large enough for the difference not to drown in rounding.

    Returns
    -------
    ndarray of the shape of `theta`
    """
    check_function("f", f)
    theta, step = check_floats("theta", theta), check_positive("step", step)
    gradient = np.empty_like(theta)
    for index in np.ndindex(theta.shape):
        up, down = theta.copy(), theta.copy()
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            h = step * max(1.0, abs(float(theta[index])))
            up[index] += h
            down[index] -= h
            gradient[index] = (height(f, up) - height(f, down)) / (up[index] - down[index])
    return gradient


def height(f: Callable[[NDArray[Any]], float], theta: NDArray[Any]) -> float:
    """Return f(θ), if it is a number."""
    value = check_numeric("what f returns", f(theta))
    if value.ndim:
        raise ValueError(f"what f returns must be a number, got an array of shape {value.shape}")
    return float(value)


def check_gradient(
    model: Model, params: Params, X: NDArray[Any], y: NDArray[Any], *, tol: float = 1e-6
) -> float:
    """Compare a model's gradient with the numerical one, parameter by parameter.

    Returns
    -------
    float
        The largest difference, relative to the largest entry of that parameter's gradient (or to 1 where
        that is smaller).

    Raises
    ------
    ValueError
        If a gradient is missing or has the wrong shape, or if a difference exceeds `tol`; both numbers
        are given.
    """
    check_model(model, "loss", "gradient")
    tol = check_positive("tol", tol)
    with np.errstate(over="ignore", invalid="ignore"):
        gradient = model.gradient(params, X, y)  # the model knows which shapes are right
    for name, array in (
        ("X", X),
        ("y", y),
        *((f"params[{name!r}]", theta) for name, theta in params.items()),
    ):
        check_finite(name, np.asarray(array))
    if gradient.keys() != params.keys():
        raise ValueError(f"the gradient must have the keys {sorted(params)}, got {sorted(gradient)}")
    worst = 0.0
    for name, analytic in gradient.items():

        def loss_of(theta: NDArray[Any], name: str = name) -> float:
            return model.loss(params | {name: theta}, X, y)

        numeric = numerical_gradient(loss_of, params[name])
        if np.shape(analytic) != numeric.shape:
            raise ValueError(
                f"the gradient of {name!r} must have shape {numeric.shape}, got {np.shape(analytic)}"
            )
        with np.errstate(over="ignore", invalid="ignore"):
            difference = np.abs(analytic - numeric) / max(1.0, np.abs(numeric).max())
        if not difference.max() <= tol:
            index = np.unravel_index(difference.argmax(), difference.shape)
            raise ValueError(
                f"the gradient of {name!r} at {tuple(map(int, index))} is "
                f"{np.asarray(analytic)[index]:.10g}, the numerical one is {numeric[index]:.10g}"
            )
        worst = max(worst, float(difference.max()))
    return worst
