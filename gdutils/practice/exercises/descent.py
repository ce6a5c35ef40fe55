"""The exercises of lesson 01: the loop, and the gradient of a line's loss."""

import numpy as np

from gdutils.practice.checker import exercise, wrong_rate


@exercise((lambda x: 2 * (x - 3), 10.0, 0.1, 7))
def descend(slope, x, lr, steps):
    """Return where gradient descent on a function of one number ends."""
    for _ in range(steps):
        x = x - lr * slope(x)
    return x


descend.mistakes = wrong_rate(lr=0.1) | {
    "That is one step too many.": {"steps": 8},
    "Compute the slope again at each new point.": lambda slope, x, lr, steps: x - steps * lr * slope(x),
}


@exercise((0.3, -0.5, np.arange(1.0, 6.0), np.array([2.0, 4.0, 5.0, 4.0, 5.0])))
def line_gradient(m, b, x, y):
    """Return ∂J/∂m and ∂J/∂b of the mean squared error, without a ½, of y = mx + b."""
    error = m * x + b - y
    return np.array([2 * np.mean(error * x), 2 * np.mean(error)])


line_gradient.mistakes = {
    "Return the derivative for m first, then that for b.": lambda *a: line_gradient(*a)[::-1],
    "For m, multiply each error by its x.": lambda *a: line_gradient(*a)[[1, 1]],
}
