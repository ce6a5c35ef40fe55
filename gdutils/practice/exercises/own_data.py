"""The exercises of lesson 13: holes, words, and the recall of each class."""

import numpy as np

from gdutils.practice.checker import exercise

RNG = np.random.RandomState(0)
X_TRAIN = np.where(RNG.uniform(size=(12, 3)) < 0.2, np.nan, np.exp(RNG.randn(12, 3)))
X_NEW = np.where(RNG.uniform(size=(6, 3)) < 0.4, np.nan, np.exp(RNG.randn(6, 3)))


@exercise((X_TRAIN, X_NEW))
def fill_holes(X_train, X_new, center=np.nanmedian, axis=0):
    """Return the new rows, with the medians of the training rows in their holes."""
    return np.where(np.isnan(X_new), center(X_train, axis=axis), X_new)


fill_holes.mistakes = {
    "Use the medians of the training rows.": lambda train, new: fill_holes(new, new),
    "That is the mean of each column, not its median.": {"center": np.nanmean},
    "Each column has its own median: axis=0.": {"axis": None},
    "The holes of the training rows spoil their medians: use np.nanmedian.": {"center": np.median},
}


@exercise((["red", "blue", "violet", "red"], ["blue", "green", "red"]))
def one_hot(words, known):
    """Return 1 where a row has the word of the column, 0 elsewhere, of shape (n_rows, n_words)."""
    return np.array([[float(word == each) for each in known] for word in words])


one_hot.mistakes = {"A row for each of the words, please.": lambda words, known: one_hot(words, known).T}


@exercise((np.array([0, 1, 1, 2, 0, 1, 2, 1, 0, 1]), np.array([0, 1, 0, 2, 1, 1, 1, 1, 0, 0]), 3))
def recall(y, predicted, n_classes):
    """Return, for each class, the part of its rows that is predicted as this class."""
    return np.array([np.mean(predicted[y == k] == k) for k in range(n_classes)])


recall.mistakes = {
    "Divide by the rows of the class, not by those predicted as it.": lambda y, p, n: recall(p, y, n),
    "Divide by the rows of the class, not by all rows.": lambda y, p, n: (
        recall(y, p, n) * np.bincount(y) / len(y)
    ),
}
