"""The exercises of lesson 13: scaling, R² and the accuracy of a simple guess."""

import numpy as np

from gdutils.practice.checker import exercise

RNG = np.random.RandomState(0)


@exercise((RNG.randn(8, 3) * [1.0, 20.0, 0.3] + 5, RNG.randn(5, 3) * [1.0, 20.0, 0.3] + 6))
def standardize(train, new, axis=0, ddof=0):
    """Return new rows, scaled by mean and standard deviation of the training rows."""
    return (new - train.mean(axis=axis)) / train.std(axis=axis, ddof=ddof)


standardize.mistakes = {
    "Use the mean and deviation of the training rows.": lambda train, new: standardize(new, new),
    "The new rows must not enter the mean.": lambda train, new: standardize(np.vstack([train, new]), new),
    "Each column has its own mean and deviation: axis=0.": {"axis": None},
    "The deviation has 1/n here, not 1/(n − 1): ddof=0.": {"ddof": 1},
}


@exercise((np.array([1.0, 2.0, 4.0, 5.0, 9.0]), np.array([1.5, 2.5, 3.0, 6.5, 6.5])))
def r2(y, predicted):
    """Return 1 − Σ(y − ŷ)² / Σ(y − ȳ)²."""
    return 1 - np.sum((y - predicted) ** 2) / np.sum((y - np.mean(y)) ** 2)


r2.mistakes = {
    "Where is the mean? Divide by Σ(y − ȳ)².": lambda y, p: 1 - np.sum((y - p) ** 2) / np.sum(y**2),
    "That is the ratio alone. R² is 1 minus that.": lambda y, p: 1 - r2(y, p),
    "y and ŷ are swapped: ȳ is the mean of y.": lambda y, p: r2(p, y),
}


@exercise((np.array([1, 3, 1, 0, 1, 2, 3, 1, 0, 1, 3]), np.array([0, 1, 0, 3, 1, 0, 2, 1, 3, 0])))
def guess_accuracy(y_train, y_test):
    """Return the accuracy on the test rows of always guessing the class most frequent in training."""
    return np.mean(y_test == np.bincount(y_train).argmax())


guess_accuracy.mistakes = {
    "Score the test rows, not the training rows.": lambda train, test: guess_accuracy(train, train),
    "Choose the class that is most frequent in training.": lambda train, test: guess_accuracy(test, test),
}
