"""The exercises of lesson 09: support vectors, a step, and a hinge without a kink."""

import numpy as np

from gdutils.practice.checker import exercise
from gdutils.practice.exercises.trial_data import PARAMS, SIGNS, X

YS = np.array([3.0, 2.5, 1.0, 1.0, 0.5, -0.25, -3.0, -2.0])  # beyond, on and inside the margin, and wrong
Y = np.tile([1, -1], 4)
ROWS = np.outer(YS * Y - 0.5, [0.5, -0.5])


@exercise(({"w": np.array([1.0, -1.0]), "b": np.array(0.5)}, ROWS, Y))
def support_vectors(params, X, y, is_one=lambda ys: ys <= 1):
    """Return for each row whether ys ≤ 1."""
    return is_one(y * (X @ params["w"] + params["b"]))


support_vectors.mistakes = {
    "y is missing: compare y times the score.": {"y": 1},
    "A row far on the wrong side is a support vector too.": {"is_one": lambda ys: np.abs(ys) <= 1},
    "A row exactly on its margin is a support vector too.": {"is_one": lambda ys: ys < 1},
}


@exercise((PARAMS, X, SIGNS, 0.1))
def svm_step(params, X, y, lr, C=3, shrink=1, pulls=lambda ys: ys < 1):
    """Return w and b after a step with C = 3: w shrinks, and each row inside its margin pulls."""
    pull = lr * C * y * pulls(y * (X @ params["w"] + params["b"])) / len(y)
    return {"w": (1 - lr * shrink) * params["w"] + X.T @ pull, "b": params["b"] + pull.sum()}


svm_step.mistakes = {
    "C is 3 here, and multiplies each pull.": {"C": 1},
    "The penalty shrinks w by the factor 1 − lr.": {"shrink": 0},
    "Each row pulls with weight C/n. Is the 1/n missing?": {"C": 90},
    "A row beyond its margin does not pull.": {"pulls": lambda ys: 1},
}


@exercise((PARAMS, X, SIGNS))
def squared_hinge_gradient(params, X, y, slope=lambda h: 2 * np.maximum(0, h), penalty=1):
    """Return ∂L/∂w and ∂L/∂b of ½‖w‖² + mean max(0, 1 − ys)²."""
    pull = y * slope(1 - y * (X @ params["w"] + params["b"])) / len(y)
    return {"w": penalty * params["w"] - X.T @ pull, "b": -pull.sum()}


squared_hinge_gradient.mistakes = {
    "The penalty is missing. Its derivative is w.": {"penalty": 0},
    "The hinge is still squared.": {"slope": lambda h: 2 * np.maximum(0, h) ** 2},
    "The max is missing. Rows beyond their margin do not pull.": {"slope": lambda h: 2 * h},
}
