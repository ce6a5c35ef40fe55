"""The exercises of lesson 07: log-softmax, the gradient, and two columns instead of one."""

import numpy as np
from scipy import special

from gdutils.practice.checker import Exercise, exercise
from gdutils.practice.exercises.trial_data import CLASSES, NUMBERS, X


@exercise((np.array([[2.0, 1.0, -1.0], [1e4, 0.0, -1e4], [-900.0, -901.0, -900.0]]),))
def log_softmax(Z, axis=1):
    """Return ln P̂ of each row, without overflow."""
    return special.log_softmax(Z, axis=axis)


log_softmax.mistakes = {
    "That is per column. Each row has its own sum.": {"axis": 0},
    "A small p̂ became 0. Avoid computing p̂.": lambda Z: np.log(special.softmax(Z, axis=1)),
    "eᶻ overflows. Subtract the row maximum.": lambda Z: np.log(np.exp(Z) / np.exp(Z).sum(1, keepdims=True)),
}


@exercise(({"W": NUMBERS[:6].reshape(2, 3), "b": NUMBERS[6:9]}, X, CLASSES))
def softmax_gradient(params, X, y, P=lambda Z: special.softmax(Z, axis=1)):
    """Return ∂L/∂W and ∂L/∂b of the cross-entropy."""
    E = P(X @ params["W"] + params["b"]) - np.eye(3)[y]
    return {"W": X.T @ E / len(y), "b": E.mean(axis=0)}


softmax_gradient.mistakes = {
    "The softmax is missing: those are the logits minus Y.": {"P": lambda Z: Z},
    "The classes of a row sum to 1: axis=1.": {"P": lambda Z: special.softmax(Z, axis=0)},
}

two_columns = Exercise(lambda w: np.column_stack([-w / 2, w / 2]), [(np.array([2.0, -3.0, 0.5]),)])
two_columns.mistakes = {"Same P̂, but descent moves both columns.": lambda w: np.column_stack([0 * w, w])}
