"""What predictions are worth against what was measured; and classes as each model gives and takes them."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from gdutils.models import LinearSVM, LogisticRegression
from gdutils.training import Params

__all__ = ["accuracy", "encode", "predict_classes", "r2", "rmse"]

Array = NDArray[Any]


def r2(y: Array, predicted: Array) -> float:
    """Return R² = 1 − Σ(y − ŷ)² / Σ(y − ȳ)²: 1 if exact, 0 for always the mean of y, below if worse."""
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        return float(1 - np.sum((y - predicted) ** 2) / np.sum((y - np.mean(y)) ** 2))


def rmse(y: Array, predicted: Array) -> float:
    """Return the root of the mean squared error, in the unit of y."""
    with np.errstate(over="ignore", invalid="ignore"):
        return float(np.sqrt(np.mean((y - predicted) ** 2)))


def accuracy(y: Array, predicted: Array) -> float:
    """Return the share of rows that are given their class."""
    return float(np.mean(y == predicted))


def encode(model: Any, y: Array) -> Array:
    """Return the numbers 0, 1, … of the classes as the model wants them: the SVM takes −1 and +1."""
    return 2 * y - 1 if isinstance(model, LinearSVM) else y


def predict_classes(model: Any, params: Params, X: Array) -> Array:
    """Return the number of the class, from 0, that a model of any kind gives to each row."""
    with np.errstate(over="ignore", invalid="ignore"):
        answer = model.predict(params, X)
    if answer.ndim == 2:  # a probability a class
        return np.asarray(np.argmax(answer, axis=1))
    border = 0.5 if isinstance(model, LogisticRegression) else 0.0
    return np.asarray(answer >= border, dtype=int)
