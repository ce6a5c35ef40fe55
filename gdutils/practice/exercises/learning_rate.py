"""The exercises of lesson 02: how many steps a parabola takes, and the largest stable rate for data."""

import numpy as np

from gdutils.practice.checker import exercise


@exercise((0.8, 2.0, 1e-3), (0.5, 2.0, 1e-3))
def steps_needed(lr, curvature, ratio):
    """Return the smallest number of steps that brings the distance to at most `ratio` of its start."""
    factor = abs(1 - lr * curvature)
    return max(1, np.ceil(np.log(ratio) / np.log(factor)))


steps_needed.mistakes = {
    "Round up: one step fewer is not enough.": lambda *a: steps_needed(*a) - 1,
    "Compare distances: |x|, since the factor may be negative.": lambda *_: 1,
    "Each step leaves the factor |1 − lr · curvature|.": {"curvature": 1},
}


@exercise((np.array([[1.0, 0.5], [2.0, -0.3], [4.0, 0.8], [5.0, 0.1]]),))
def data_limit(X):
    """Return the largest stable rate for the mean squared error, without a ½, of Xw + b."""
    A = np.column_stack([X, np.ones(len(X))])
    return 2 / np.linalg.eigvalsh(2 * A.T @ A / len(A))[-1]


data_limit.mistakes = {
    "The intercept needs a column of ones.": lambda X: len(X) / np.linalg.eigvalsh(X.T @ X)[-1],
    "That is 1/λ. The limit is twice that.": lambda X: data_limit(X) / 2,
    "The second derivative of a square has a factor of 2.": lambda X: data_limit(X) * 2,
    "Divide by the number of rows: the loss is a mean.": lambda X: data_limit(X) / len(X),
}
