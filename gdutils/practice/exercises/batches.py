"""The exercises of lesson 03: counting steps, and one epoch of mini-batches at a rate that shrinks."""

import numpy as np

from gdutils.practice.checker import Exercise, exercise, wrong_rate

steps_in_epochs = Exercise(lambda n, size, epochs: epochs * np.ceil(n / size), [(100, 16, 10)])
steps_in_epochs.mistakes = {
    "The last, shorter batch is a step too. Round up.": lambda n, size, epochs: epochs * (n // size),
    "Round up in each epoch, not once at the end.": lambda n, size, epochs: np.ceil(epochs * n / size),
}


@exercise((0.5, np.arange(1.0, 6.0), np.array([2.0, 4.0, 5.0, 4.0, 5.0]), 0.01, 2.0, 2))
def one_epoch(w, x, y, lr, tau, batch_size):
    """Return w after one pass in the order of the rows, for ŷ = wx and half the mean squared error."""
    for t, start in enumerate(range(0, len(y), batch_size)):
        rows = slice(start, start + batch_size)
        w = w - lr / (1 + t / tau) * np.mean((w * x[rows] - y[rows]) * x[rows])
    return w


one_epoch.mistakes = wrong_rate(0.01) | {
    "Keep the last, shorter batch.": {"y": np.array([2.0, 4.0, 5.0, 4.0])},
    "Twice the step: the ½ of the loss cancels the 2.": {"lr": 0.02},
    "The rate stays the same. Does t grow by 1 with each step?": {"tau": np.inf},
}
