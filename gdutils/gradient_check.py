"""Numerical gradients: the slope measured by taking a small step to either side.

Slow and blind to the formula, and for that reason a fair judge of it; but not at a kink, where
no slope is right on both sides.
"""

from functools import partial

import numpy as np

from gdutils.checked import check_number

__all__ = ["check_gradient", "numerical_gradient"]


def numerical_gradient(f, theta, step=1e-5):
    """Return the gradient of a function by central differences, (f(θ + h eᵢ) − f(θ − h eᵢ)) / 2h.

    Parameters
    ----------
    f : callable
        Takes an array of the shape of `theta`, returns a number.
    theta : array-like of numbers
        The point.
    step : float, default 1e-5
        h is this times max(1, |θᵢ|). The error is of order h², and mostly rounding if h is tiny.

    Returns
    -------
    ndarray of the shape of `theta`
    """
    theta, step = np.array(theta, dtype=float), check_number("step", step, "float")
    gradient = np.empty_like(theta)
    for index in np.ndindex(theta.shape):
        up, down = theta.copy(), theta.copy()
        up[index] += step * max(1, abs(theta[index]))
        down[index] -= step * max(1, abs(theta[index]))
        gradient[index] = (float(f(up)) - float(f(down))) / (up[index] - down[index])
    return gradient


def check_gradient(model, params, X, y, *, tol=1e-6):
    """Compare a model's gradient with the numerical one, parameter by parameter.

    Parameters
    ----------
    model : Model
        Anything with ``loss(params, X, y)`` and ``gradient(params, X, y)``.
    params : dict
    X, y : array-like
    tol : float, default 1e-6
        The largest difference allowed.

    Returns
    -------
    float
        The largest difference, relative to the largest entry of that parameter's gradient, or to 1 if that
        is less.

    Raises
    ------
    ValueError
        If a gradient is missing or has a wrong shape, or if a difference exceeds `tol`; both numbers are
        given.
    """
    gradient, worst = model.gradient(params, X, y), 0.0
    if gradient.keys() != params.keys():
        raise ValueError(f"the gradient must have the keys {list(params)}, got {list(gradient)}")
    for name, found in gradient.items():
        right = numerical_gradient(partial(loss_of, model, params, X, y, name), params[name])
        if np.shape(found) != right.shape:
            raise ValueError(f"the gradient of {name!r} must have shape {right.shape}, got {np.shape(found)}")
        difference = np.abs(found - right) / max(1, np.abs(right).max())
        at = np.unravel_index(difference.argmax(), right.shape)
        if not difference[at] <= tol:
            numbers = f"{np.asarray(found)[at]:.10g}, the numerical one is {right[at]:.10g}"
            raise ValueError(f"the gradient of {name!r} at {tuple(map(int, at))} is {numbers}")
        worst = max(worst, float(difference[at]))
    return worst


def loss_of(model, params, X, y, name, theta):
    """Return the loss with one of the parameters replaced."""
    return model.loss(params | {name: theta}, X, y)
