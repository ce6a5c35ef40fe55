"""The exercises of lesson 05: the gradient, and the loop for a loss that outliers cannot dominate."""

import numpy as np

from gdutils.models import LinearRegression
from gdutils.practice.checker import Exercise, exercise
from gdutils.practice.exercises.trial_data import NUMBERS, PARAMS, X

linear_gradient = Exercise(LinearRegression(n_features=2).gradient, [(PARAMS, X, NUMBERS)])


# One epoch of one batch first: there, a wrong factor is seen as such.
@exercise((X, NUMBERS, 0.5, 0.1, 30, 1, 0), (X, NUMBERS, 0.5, 0.1, 8, 3, 0))
def huber_descent(X, y, delta, lr, batch_size, epochs, random_state, shuffle=True, new_w=False):
    """Return w and b after mini-batch descent on the mean Huber loss; `new_w` steps b with the new w."""
    w, b, rng = np.zeros(X.shape[1]), 0.0, np.random.RandomState(random_state)
    for _ in range(epochs):
        order = rng.permutation(len(y)) if shuffle else np.arange(len(y))
        for rows in np.split(order, range(batch_size, len(y), batch_size)):
            w_before, pull = w, np.clip(X[rows] @ w + b - y[rows], -delta, delta)
            w = w - lr * X[rows].T @ pull / len(rows)
            pull = np.clip(X[rows] @ (w if new_w else w_before) + b - y[rows], -delta, delta)
            b = b - lr * pull.mean()
    return {"w": w, "b": b}


huber_descent.mistakes = {
    "Clip each error: beyond delta it pulls with delta.": {"delta": np.inf},
    "Compute both gradients first: b was stepped with the new w.": {"new_w": True},
    "Shuffle the rows in each epoch, with one new permutation.": {"shuffle": False},
    "That is one epoch too few.": lambda *a: huber_descent(*a[:5], a[5] - 1, a[6]),
    "That is one epoch too many.": lambda *a: huber_descent(*a[:5], a[5] + 1, a[6]),
}
