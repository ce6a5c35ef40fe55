"""The exercises of lesson 07: log-softmax, and the loop with mini-batches and a penalty."""

import numpy as np
from scipy import special

from gdutils.models import SoftmaxRegression
from gdutils.practice.checker import exercise
from gdutils.practice.exercises.trial_data import CLASSES, X


@exercise((np.array([[2.0, 1.0, -1.0], [1e4, 0.0, -1e4], [-900.0, -901.0, -900.0]]),))
def log_softmax(Z, axis=1):
    """Return ln P̂ of each row, without overflow."""
    return special.log_softmax(Z, axis=axis)


log_softmax.mistakes = {"That is per column. Each row has its own sum.": {"axis": 0}}


@exercise((X, CLASSES, 0.5, 0.2, 4, 10, 0))
def penalized_losses(X, y, lr, lam, epochs, batch_size, random_state, n=1, sign=1, late=False, shuffle=True):
    """Return the cross-entropy plus lam/2 ‖W‖² on all rows, at the start and after each epoch."""
    rng, rows = np.random.RandomState(random_state), np.arange(len(y))
    model, losses = SoftmaxRegression(2, 3), []
    W, b = model.init().values()
    for _ in range(epochs + 1):  # the steps after the last loss are not seen
        losses.append(model.loss({"W": W, "b": b}, X, y) + lam / 2 * np.sum(W**2))
        for batch in np.split(rng.permutation(rows) if shuffle else rows, len(y) // batch_size):
            old, part = W, (X[batch], y[batch])
            W = W - lr * (n * model.gradient({"W": W, "b": b}, *part)["W"] + sign * lam * W)
            b = b - lr * n * model.gradient({"W": W if late else old, "b": b}, *part)["b"]
    return np.array(losses)


def one_too_many(X, y, lr, lam, epochs, *how):
    """Return as many losses, without that of the start."""
    return penalized_losses(X, y, lr, lam, epochs + 1, *how)[1:]


penalized_losses.mistakes = {
    "Is the 1/n missing? The gradient is a mean over the rows of a batch.": {"n": 10},
    "The sign of the penalty is wrong: λW is added to the gradient.": {"sign": -1},
    "The rows are not shuffled. Every epoch takes a new rng.permutation.": {"shuffle": False},
    "Compute the error once per batch: b moves by the gradient at the old W.": {"late": True},
    "One epoch too many: the first loss is that of the start.": one_too_many,
}
