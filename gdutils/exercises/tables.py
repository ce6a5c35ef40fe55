"""The checkers of lesson 13, on a learner's own data."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gdutils.exercises.verdict import Verdict, check_function

__all__ = ["check_guess_accuracy", "check_r2", "check_standardize"]

Array = NDArray[Any]


def check_standardize(answer: Callable[[Array, Array], Array]) -> Verdict:
    """Check a learner's ``standardize(train, test)``: the test rows, by mean and deviation of training."""

    def by(
        rows: str, *, of: str = "test", axis: int | None = 0, ddof: int = 0, spread: str = "train"
    ) -> Callable[[Array, Array], Array]:
        def standardize(train: Array, test: Array) -> Array:
            part = {"train": train, "test": test, "both": np.concatenate([train, test])}
            mean = part[rows].mean(axis=axis, keepdims=True)
            return np.asarray((part[of] - mean) / part[spread].std(axis=axis, ddof=ddof, keepdims=True))

        return standardize

    def rowwise(train: Array, test: Array) -> Array:
        return np.asarray((test - train.mean(axis=1)) / train.std(axis=1))

    axis = "Each column has its own mean and deviation: axis=0 runs down the rows."
    own = "Those are the test rows' own mean and deviation: take those of the training rows."
    hints = [
        (own, by("test", spread="test")),
        ("The mean is right. The deviation is the test rows' own.", by("train", spread="test")),
        ("The deviation is right. The mean is the test rows' own.", by("test")),
        ("Mean and deviation of all rows let the test rows leak in.", by("both", spread="both")),
        ("Those are the training rows. The test rows are asked for.", by("train", of="train")),
        ("Almost: the deviation has 1/n here, not 1/(n − 1): ddof=0.", by("train", ddof=1)),
        (axis, by("train", axis=1)),
        (axis, rowwise),
        ("Each column has its own mean, and you took one of the whole table.", by("train", axis=None)),
        ("The order: take the mean off first, then divide.", lambda a, b: b / a.std(axis=0) - a.mean(axis=0)),
        (
            "The brackets: take the mean off before you divide.",
            lambda a, b: b - a.mean(axis=0) / a.std(axis=0),
        ),
        ("The sign: value minus mean.", lambda a, b: -by("train")(a, b)),
        ("The mean is off. Now divide by the standard deviation.", lambda a, b: b - a.mean(axis=0)),
        ("Divided. Now take the mean off, before that.", lambda a, b: b / a.std(axis=0)),
        (
            "Divide by the standard deviation, not by its square, the variance.",
            lambda a, b: (b - a.mean(axis=0)) / a.var(axis=0),
        ),
        (
            "Is the 1/n missing? The deviation is the root of the mean square, not of the sum.",
            lambda a, b: by("train")(a, b) / np.sqrt(len(a)),
        ),
        (
            "Is the 1/n missing? The mean is the sum divided by the number of rows.",
            lambda a, b: (b - a.sum(axis=0)) / a.std(axis=0),
        ),
        ("It is transposed: rows are to stay rows.", lambda a, b: by("train")(a, b).T),
    ]
    rng = np.random.RandomState(0)
    scale = np.array([1.0, 10.0, 0.1, 5.0])
    train, test = (center + scale * rng.standard_normal((4, 4)) for center in (3.0, 5.0))
    return check_function(answer, by("train"), train, test, hints=hints)


def check_r2(answer: Callable[[Array, Array], float]) -> Verdict:
    """Check a learner's ``r2(y, predicted)``: 1 − Σ(y − ŷ)² / Σ(y − ȳ)²."""

    def of(top: Callable[..., Any], bottom: Callable[..., Any]) -> Callable[[Array, Array], float]:
        return lambda y, p: float(1 - top(y, p) / bottom(y, p))

    def errors(y: Array, p: Array) -> Any:
        return np.sum((y - p) ** 2)

    def spread(y: Array, p: Array) -> Any:
        return np.sum((y - y.mean()) ** 2)

    hints = [
        ("Where is the mean? Below stands Σ(y − ȳ)², not Σy².", of(errors, lambda y, p: np.sum(y**2))),
        ("The sign: it is 1 minus the ratio.", lambda y, p: -of(errors, spread)(y, p)),
        ("That is the ratio alone. R² is 1 minus that.", lambda y, p: errors(y, p) / spread(y, p)),
        ("The sign: 1 minus the ratio, not plus.", lambda y, p: 1 + errors(y, p) / spread(y, p)),
        ("y and ŷ are swapped below: take the measured values and their mean.", lambda y, p: r2(p, y)),
        (
            "Below, the mean of what was measured, not of what is predicted.",
            of(errors, lambda y, p: np.sum((y - p.mean()) ** 2)),
        ),
        ("The ratio is upside down.", of(spread, errors)),
        (
            "One is a sum and one is a mean: both, or neither, has the 1/n.",
            of(lambda y, p: errors(y, p) / len(y), spread),
        ),
        (
            "One is a sum and one is a mean: both, or neither, has the 1/n.",
            of(errors, lambda y, p: spread(y, p) / len(y)),
        ),
        (
            "One is a variance with 1/(n − 1), the other has 1/n.",
            of(lambda y, p: errors(y, p) / len(y), lambda y, p: y.var(ddof=1)),
        ),
        (
            "Squares, not square roots.",
            of(lambda y, p: errors(y, p) ** 0.5, lambda y, p: spread(y, p) ** 0.5),
        ),
        (
            "Squares, not absolute values.",
            of(lambda y, p: np.abs(y - p).sum(), lambda y, p: np.abs(y - y.mean()).sum()),
        ),
        (
            "That is the correlation, squared. It forgives a wrong scale; R² does not.",
            lambda y, p: np.corrcoef(y, p)[0, 1] ** 2,
        ),
        (
            "The square is missing: errors of both signs cancel.",
            lambda y, p: 1 - np.sum(y - p) / spread(y, p),
        ),
    ]
    y = np.array([1.0, 2.0, 4.0, 5.0, 9.0])
    predicted = np.array([1.5, 2.5, 3.0, 6.5, 6.5])

    def r2(y: Array, p: Array) -> float:
        return of(errors, spread)(y, p)

    return check_function(answer, r2, y, predicted, hints=hints)


def check_guess_accuracy(answer: Callable[[Array, Array], float]) -> Verdict:
    """Check a learner's ``guess_accuracy(y_train, y_test)`` of always the class most frequent in training."""

    def usual(y: Array) -> int:
        return int(np.bincount(y).argmax())

    def right(y_train: Array, y_test: Array) -> float:
        return float(np.mean(y_test == usual(y_train)))

    hints = [
        ("That is its share of the training rows. Score the test rows.", lambda a, b: right(a, a)),
        ("You looked at the test rows to choose the class: take the most frequent in training.",
         lambda a, b: right(b, b)),
        ("Train and test are swapped.", lambda a, b: right(b, a)),
        ("A count, not a share: is the 1/n missing?", lambda a, b: len(b) * right(a, b)),
        ("Divided by the number of training rows. The score is that of the test rows.",
         lambda a, b: np.sum(b == usual(a)) / len(a)),
        ("That is the share of mistakes.", lambda a, b: 1 - right(a, b)),
        ("That is the class. Its accuracy on the test rows is asked for.", lambda a, b: usual(a)),
        ("That is a die with a side a class. One is more frequent.", lambda a, b: 1 / len(np.unique(a))),
        ("That is the rarest class.", lambda a, b: np.mean(b == np.bincount(a).argmin())),
        ("The most frequent class, not the largest number.", lambda a, b: np.mean(b == a.max())),
    ]  # fmt: skip
    y_train = np.array([1, 3, 1, 0, 1, 2, 3, 1, 0, 1, 3])
    y_test = np.array([0, 1, 0, 3, 1, 0, 2, 1, 3, 0])
    return check_function(answer, right, y_train, y_test, hints=hints)
