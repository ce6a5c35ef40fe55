"""The data: made ones with a known truth behind them, and real ones that come with scikit-learn.

`make_*` draw from a `random_state` and return X, y; `load_*` return the four parts of a train/test split
with the features scaled. Nothing is downloaded.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn import datasets as bundled
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

from gdutils.checks import check_count
from gdutils.randomness import make_rng

__all__ = ["load_diabetes", "make_line", "make_ratings"]

Array = NDArray[Any]


def make_line(
    n_samples: int = 200,
    *,
    slope: float = 2.0,
    intercept: float = -0.3,
    noise: float = 0.7,
    random_state: Any = 0,
) -> tuple[Array, Array]:
    """Make points about a line: y = slope · x + intercept + noise · ε, with ε from the normal distribution.

    Parameters
    ----------
    n_samples : int, default 200
        Points, evenly spaced from x = −3 to 3.
    slope, intercept : float
        The line behind the points.
    noise : float, default 0.7
        Standard deviation of the points about the line.
    random_state : int, numpy.random.RandomState or None, default 0

    Returns
    -------
    X : ndarray of shape (n_samples, 1)
    y : ndarray of shape (n_samples,)
    """
    check_count("n_samples", n_samples, minimum=1)
    rng = make_rng(random_state)
    x = np.linspace(-3, 3, n_samples)
    y = slope * x + intercept + noise * rng.standard_normal(n_samples)
    return x[:, np.newaxis], y


def make_ratings(
    n_users: int = 30,
    n_items: int = 25,
    *,
    rank: int = 4,
    density: float = 0.4,
    noise: float = 0.5,
    random_state: Any = 5,
) -> tuple[Array, Array, Array]:
    """Make ratings of items by users, a share of a table that two thin tables and noise make up.

    Parameters
    ----------
    n_users, n_items : int, default 30 and 25
        Size of the table.
    rank : int, default 4
        Length of the vectors behind it, drawn from the standard normal distribution.
    density : float, default 0.4
        Chance of each rating to be observed.
    noise : float, default 0.5
        Standard deviation of the ratings about the truth.
    random_state : int, numpy.random.RandomState or None, default 5

    Returns
    -------
    X : ndarray of shape (n_ratings, 2)
        The pairs (user, item) that are observed.
    y : ndarray of shape (n_ratings,)
        Their ratings.
    truth : ndarray of shape (n_users, n_items)
        The whole table, without the noise.
    """
    for name, value in (("n_users", n_users), ("n_items", n_items), ("rank", rank)):
        check_count(name, value, minimum=1)
    rng = make_rng(random_state)
    users, items = rng.standard_normal((n_users, rank)), rng.standard_normal((n_items, rank))
    truth = users @ items.T
    X = np.argwhere(rng.uniform(size=truth.shape) < density)
    ratings = truth + noise * rng.standard_normal(truth.shape)
    return X, ratings[X[:, 0], X[:, 1]], truth


def load_diabetes(
    *, features: Sequence[str] | None = None, test_size: float = 0.25, random_state: Any = 0
) -> tuple[Array, Array, Array, Array]:
    """Load 442 patients: ten measurements, and how far their diabetes progressed in a year.

    Parameters
    ----------
    features : sequence of str, optional
        Columns to keep, of age, sex, bmi, bp and s1 to s6; all ten by default.
    test_size : float, default 0.25
        Share of the rows that is held out.
    random_state : int, numpy.random.RandomState or None, default 0
        Decides which rows are held out.

    Returns
    -------
    X_train, X_test : ndarray of shape (n_samples, n_features)
        Each feature scaled to mean 0 and standard deviation 1 on the training rows.
    y_train, y_test : ndarray of shape (n_samples,)
        Disease progression, from 25 to 346, as it was measured.

    Raises
    ------
    TypeError, ValueError
        If `features` is no list, or one of them is not among the ten.

    References
    ----------
    Efron, Hastie, Johnstone and Tibshirani, Least Angle Regression, Annals of Statistics 32, 2004.
    """
    data = bundled.load_diabetes(scaled=False)
    names = list(data.feature_names)
    if isinstance(features, str):
        raise TypeError(f"features must be a list of names, such as ['bmi'], got {features!r}")
    for name in features or ():
        if name not in names:
            raise ValueError(f"features must be among {names}, got {name!r}")
    X = data.data if features is None else data.data[:, [names.index(name) for name in features]]
    return split_and_scale(X, data.target, test_size, random_state)


def split_and_scale(
    X: Array, y: Array, test_size: float, random_state: Any
) -> tuple[Array, Array, Array, Array]:
    """Hold rows out, and scale the features by what the training rows alone tell."""
    X_train, X_test, y_train, y_test = train_test_split(
        X, y, test_size=test_size, random_state=make_rng(random_state)
    )
    scaler = StandardScaler().fit(X_train)
    return scaler.transform(X_train), scaler.transform(X_test), y_train, y_test
