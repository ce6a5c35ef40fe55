"""The exercises of lesson 08: dead units, and the loop for leaky units."""

import numpy as np
from scipy.special import log_softmax, softmax

from gdutils.practice.checker import Exercise, exercise
from gdutils.practice.exercises.trial_data import CLASSES, NUMBERS, X

PARAMS = {"W1": X[:5].T, "b1": X[5:10, 0], "W2": NUMBERS[:15].reshape(5, 3), "b2": NUMBERS[:3]}
DEAD = PARAMS | {"b1": np.array([0.5, -9.0, 9.0, -9.0, 0.0])}  # the second and the fourth

dead_units = Exercise(lambda params, X: np.all(X @ params["W1"] <= -params["b1"], axis=0), [(DEAD, X)])
dead_units.mistakes = {"The bias b₁ is missing.": {"params": DEAD | {"b1": np.zeros(5)}}}


@exercise((PARAMS, X, CLASSES, 0.1, 3, 12, 0))
def leaky_loop(params, X, y, lr, epochs, size, seed, sums=False, late=False, shuffle=True, first=0):
    """Return the losses on all rows, at the start and after each epoch; a = z for z > 0, else z/10."""
    W1, b1, W2, b2 = params.values()
    rng, losses = np.random.RandomState(seed), []
    for _ in range(first + epochs + 1):  # the steps after the last loss are not seen
        Z1 = X @ W1 + b1
        losses.append(-np.mean(log_softmax(np.maximum(Z1, Z1 / 10) @ W2 + b2, axis=1)[np.arange(len(y)), y]))
        order = rng.permutation(len(y)) if shuffle else np.arange(len(y))
        for rows in np.split(order, range(size, len(y), size)):
            Z1 = X[rows] @ W1 + b1
            A, old = np.maximum(Z1, Z1 / 10), W2
            dZ2 = (softmax(A @ W2 + b2, axis=1) - np.eye(3)[y[rows]]) / (1 if sums else len(rows))
            W2, b2 = W2 - lr * A.T @ dZ2, b2 - lr * dZ2.sum(axis=0)
            dZ1 = dZ2 @ (W2 if late else old).T * np.where(Z1 > 0, 1, 0.1)
            W1, b1 = W1 - lr * X[rows].T @ dZ1, b1 - lr * dZ1.sum(axis=0)
    return np.array(losses[first:])


leaky_loop.mistakes = {
    "Is the 1/n missing? The gradient is a mean over the rows of the batch.": {"sums": True},
    "That goes uphill: subtract the step.": {"lr": -0.1},
    "Compute delta1 before W2 is stepped: it needs the old W2.": {"late": True},
    "The rows are not shuffled. Every epoch takes a new rng.permutation.": {"shuffle": False},
    "One epoch too many: the first loss is that of the start.": {"first": 1},
}
