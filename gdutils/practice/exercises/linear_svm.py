"""The exercises of lesson 09: support vectors, and the loop in mini-batches for a hinge without a kink."""

import numpy as np

from gdutils.practice.checker import exercise
from gdutils.practice.exercises.trial_data import SIGNS, X

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


@exercise((X, SIGNS, 0.05, 2.0, 4, 10, 0))
def squared_hinge_loop(X, y, lr, C, epochs, batch_size, random_state, n=10, sign=1, late=0, mix=1, first=0):
    """Return ½‖w‖² + C · mean max(0, 1 − ys)² on all rows, at the start and after each epoch."""
    rng, w, b, losses = np.random.RandomState(random_state), np.zeros(X.shape[1]), 0.0, []
    for _ in range(first + epochs + 1):  # the steps after the last loss are not seen
        losses.append(w @ w / 2 + C * np.mean(np.maximum(0, 1 - y * (X @ w + b)) ** 2))
        order = rng.permutation(len(y)) if mix else np.arange(len(y))
        for rows in np.split(order, len(y) // batch_size):
            old, x, label = w, X[rows], y[rows]
            w = w - lr * (w - sign * x.T @ (2 * C * label * np.maximum(0, 1 - label * (x @ w + b))) / n)
            b = b + lr * sign * 2 * C / n * label @ np.maximum(0, 1 - label * (x @ (w if late else old) + b))
    return np.array(losses[first:])


squared_hinge_loop.mistakes = {
    "Is the 1/n missing? The gradient is a mean over the rows of a batch.": {"n": 1},
    "The sign of the pull is wrong: a row inside its margin pulls w toward y · x.": {"sign": -1},
    "The rows are not shuffled. Every epoch takes a new rng.permutation.": {"mix": 0},
    "Compute the hinges once per batch: b moves by the gradient at the old w.": {"late": 1},
    "One epoch too many: the first loss is that of the start.": {"first": 1},
}
