"""What predictions are worth against what was measured; and classes as each model gives and takes them."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gdutils.checks import check_floats, check_labels, check_model, check_numeric
from gdutils.models import LinearSVM, LogisticRegression
from gdutils.training import Params

__all__ = ["accuracy", "encode", "predict_classes", "r2", "rmse"]

Array = NDArray[Any]


def r2(y: ArrayLike, predicted: ArrayLike) -> float:
    """Return R² = 1 − Σ(y − ŷ)² / Σ(y − ȳ)²: 1 if exact, 0 for always the mean of y, below if worse."""
    y, predicted = check_pair(y, predicted)
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        return float(1 - np.sum((y - predicted) ** 2) / np.sum((y - np.mean(y)) ** 2))


def rmse(y: ArrayLike, predicted: ArrayLike) -> float:
    """Return the root of the mean squared error, in the unit of y."""
    y, predicted = check_pair(y, predicted)
    with np.errstate(over="ignore", invalid="ignore"):
        return float(np.sqrt(np.mean((y - predicted) ** 2)))


def accuracy(y: ArrayLike, predicted: ArrayLike) -> float:
    """Return the share of rows that are given their class, by its number."""
    y, predicted = check_pair(y, predicted)
    return float(np.mean(y == predicted))


def check_pair(y: ArrayLike, predicted: ArrayLike) -> tuple[Array, Array]:
    """Return both as floats, if there is a prediction for each row, or one for all of them."""
    y, predicted = check_targets(y).astype(float, copy=False), check_floats("predicted", predicted)
    if predicted.shape not in (y.shape, ()):
        right = f"have the shape of y, {y.shape}, or be one number for all rows"
        raise ValueError(f"predicted must {right}, got {predicted.shape}")
    return y, predicted


def check_targets(y: ArrayLike) -> Array:
    """Return y as an array of shape (n_samples,)."""
    y = check_numeric("y", y)
    if y.ndim != 1 or not len(y):
        raise ValueError(f"y must have shape (n_samples,), with at least one row, got {y.shape}")
    return y


def encode(model: Any, y: ArrayLike) -> Array:
    """Return the numbers 0, 1, … of the classes as the model wants them: the SVM takes −1 and +1."""
    check_model(model, "predict")
    y = check_targets(y)
    return 2 * check_labels(y, (0, 1)) - 1 if isinstance(model, LinearSVM) else y


def predict_classes(model: Any, params: Params, X: ArrayLike) -> Array:
    """Return the number of the class, from 0, that a model of any kind gives to each row."""
    check_model(model, "predict")
    with np.errstate(over="ignore", invalid="ignore"):
        answer = model.predict(params, X)
    if answer.ndim == 2:  # a probability a class
        return np.asarray(np.argmax(answer, axis=1))
    border = 0.5 if isinstance(model, LogisticRegression) else 0.0
    return np.asarray(answer >= border, dtype=int)
