"""The exercises of lesson 07: log-softmax, and the loop with mini-batches and a penalty."""

import numpy as np
from scipy import special

from gdutils.models import SoftmaxRegression
from gdutils.practice.checker import Exercise, exercise
from gdutils.practice.exercises.trial_data import CLASSES, X

TABLE = np.array([[2.0, 1.0, -1.0], [1e4, 0.0, -1e4], [-900.0, -901.0, -900.0]])
log_softmax = Exercise(lambda Z, axis=1: special.log_softmax(Z, axis=axis), [(TABLE,)])
log_softmax.mistakes = {"That is per column. Each row has its own sum.": {"axis": 0}}


@exercise((X, CLASSES, 0.1, 0.2, 4, 10, 0))
def penalized_loop(X, y, lr, lam, epochs, batch_size, random_state, n=1, sign=1, late=0, shuffle=1, first=0):
    """Return the cross-entropy plus lam/2 ‖W‖² on all rows, at the start and after each epoch."""
    rng, model, losses = np.random.RandomState(random_state), SoftmaxRegression(2, 3), []
    W, b = model.init().values()
    for _ in range(first + epochs + 1):  # the steps after the last loss are not seen
        losses.append(model.loss({"W": W, "b": b}, X, y) + lam / 2 * np.sum(W**2))
        order = rng.permutation(len(y)) if shuffle else np.arange(len(y))
        for rows in np.split(order, len(y) // batch_size):
            old, batch = W, (X[rows], y[rows])
            W = W - lr * (n * model.gradient({"W": W, "b": b}, *batch)["W"] + sign * lam * W)
            b = b - lr * n * model.gradient({"W": W if late else old, "b": b}, *batch)["b"]
    return np.array(losses[first:])


penalized_loop.mistakes = {
    "Is the 1/n missing? The gradient is a mean over the rows of a batch.": {"n": 10},
    "The sign of the penalty is wrong: λW is added to the gradient.": {"sign": -1},
    "The rows are not shuffled. Every epoch takes a new rng.permutation.": {"shuffle": 0},
    "Compute the error once per batch: b moves by the gradient at the old W.": {"late": 1},
    "One epoch too many: the first loss is that of the start.": {"first": 1},
}
