"""The data: made ones with a known truth behind them, and real ones that come with scikit-learn.

`make_*` draw from a `random_state` and return X, y; a `load_*` of measurements returns the four parts of a
train/test split with the features scaled. Nothing is downloaded.
"""

from __future__ import annotations

from collections.abc import Sequence
from os import PathLike
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gdutils.checks import (
    brief,
    check_count,
    check_fraction,
    check_list,
    check_nonnegative,
    check_number,
    check_real,
)
from gdutils.files import read_text
from gdutils.randomness import make_rng

__all__ = [
    "load_breast_cancer",
    "load_diabetes",
    "load_digits",
    "load_iris",
    "load_photograph",
    "load_ratings",
    "make_line",
    "make_ratings",
]

Array = NDArray[Any]

MOST = 10_000_000  # rows, or entries of a table, that are made: all of them are in memory


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
    check_count("n_samples", n_samples, minimum=1, maximum=MOST)
    slope, intercept = check_number("slope", slope), check_number("intercept", intercept)
    noise = check_nonnegative("noise", noise)
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
        check_count(name, value, minimum=1, maximum=MOST)
    if int(n_users) * int(n_items) > MOST:
        raise ValueError(f"n_users and n_items must make up to {MOST:,} entries, got {n_users} by {n_items}")
    right = "a number above 0, up to 1"
    if not 0 < check_real("density", density, right) <= 1:
        raise ValueError(f"density must be {right}, got {brief(density)}")
    noise = check_nonnegative("noise", noise)
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
    return _load(_bundled().load_diabetes(scaled=False), features, test_size, random_state)


def load_breast_cancer(
    *, features: Sequence[str] | None = None, test_size: float = 0.25, random_state: Any = 0
) -> tuple[Array, Array, Array, Array]:
    """Load 569 tumors: thirty measurements of their cells, and whether they are benign (1) or malignant (0).

    Parameters
    ----------
    features : sequence of str, optional
        Columns to keep, such as "mean radius"; all thirty by default.
    test_size : float, default 0.25
        Share of the rows that is held out.
    random_state : int, numpy.random.RandomState or None, default 0
        Decides which rows are held out.

    Returns
    -------
    X_train, X_test : ndarray of shape (n_samples, n_features)
        Each feature scaled to mean 0 and standard deviation 1 on the training rows.
    y_train, y_test : ndarray of shape (n_samples,)
        0 or 1; a support vector machine takes 2y − 1.

    Raises
    ------
    TypeError, ValueError
        If `features` is no list, or one of them is not among the thirty.

    References
    ----------
    Street, Wolberg and Mangasarian, Nuclear feature extraction for breast tumor diagnosis, 1993.
    """
    return _load(_bundled().load_breast_cancer(), features, test_size, random_state)


def load_iris(
    *, features: Sequence[str] | None = None, test_size: float = 0.25, random_state: Any = 0
) -> tuple[Array, Array, Array, Array]:
    """Load 150 irises: four lengths of their leaves, and which of three species they are (0, 1, 2).

    Parameters and returned arrays are those of `load_breast_cancer`; the features are "sepal length (cm)",
    "sepal width (cm)", "petal length (cm)" and "petal width (cm)".

    References
    ----------
    Fisher, The Use of Multiple Measurements in Taxonomic Problems, Annals of Eugenics 7, 1936.
    """
    return _load(_bundled().load_iris(), features, test_size, random_state)


def load_digits(
    *, features: Sequence[str] | None = None, test_size: float = 0.25, random_state: Any = 0
) -> tuple[Array, Array, Array, Array]:
    """Load 1,797 handwritten digits: the gray of 8 × 8 pixels, and the digit (0 to 9).

    Parameters and returned arrays are those of `load_breast_cancer`; the features are "pixel_0_0" to
    "pixel_7_7". Pixels that are never inked stay 0.

    References
    ----------
    Alpaydin and Kaynak, Optical Recognition of Handwritten Digits, UCI Machine Learning Repository, 1998.
    """
    return _load(_bundled().load_digits(), features, test_size, random_state)


def load_photograph(*, hidden: float = 0.6, random_state: Any = 0) -> tuple[Array, Array, Array]:
    """Load a small gray photograph of which a share of the pixels is hidden.

    To matrix factorization, rows are users, columns are items, and the gray of a pixel is a rating.

    Parameters
    ----------
    hidden : float, default 0.6
        Share of the pixels that is hidden, from 0 up to, but not including, 1.
    random_state : int, numpy.random.RandomState or None, default 0
        Decides which.

    Returns
    -------
    X : ndarray of shape (n_shown, 2)
        Row and column of the pixels that are shown.
    y : ndarray of shape (n_shown,)
        Their gray, from 0 (black) to 1 (white).
    photograph : ndarray of shape (53, 80)
        All of it.

    References
    ----------
    "china.jpg" of scikit-learn's sample images, in gray and an eighth as wide and high.
    """
    hidden = check_fraction("hidden", hidden)
    gray = _bundled().load_sample_image("china.jpg").mean(axis=2) / 255
    height, width = gray.shape[0] // 8, gray.shape[1] // 8
    photograph = gray[: 8 * height, : 8 * width].reshape(height, 8, width, 8).mean(axis=(1, 3))
    order = make_rng(random_state).permutation(photograph.size)
    shown = np.sort(order[round(hidden * photograph.size) :])
    X = np.column_stack(np.unravel_index(shown, photograph.shape))
    return X, photograph[X[:, 0], X[:, 1]], photograph


def load_ratings(path: str | PathLike[str]) -> tuple[Array, Array, Array, Array]:
    """Load ratings from a file in one of the forms of the MovieLens data.

    Parameters
    ----------
    path : str or path-like
        A file such as ``u.data`` (user, item, rating and time, separated by tabs), ``ratings.csv`` (the same
        by commas, below a line of names) or ``ratings.dat`` (by double colons). The time may be missing, and
        is not used. An item that a user rates twice keeps the rating further down in the file.

    Returns
    -------
    X : ndarray of shape (n_ratings, 2)
        User and item of each rating, counted from 0.
    y : ndarray of shape (n_ratings,)
        The ratings.
    users, items : ndarray
        The numbers they have in the file, in ascending order: ``users[X[:, 0]]`` brings them back.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If the file is no text, if a line is malformed, which is named by its number, or if there are no
        ratings.

    References
    ----------
    Harper and Konstan, The MovieLens Datasets: History and Context, ACM TiiS 5, 2015.
    """
    lines = read_text(path).rstrip().split("\n")
    separator = next((mark for mark in ("\t", "::") if mark in lines[0]), ",")
    named = lines[0].lower().split(separator)
    has_names = "user" in named[0]
    if any("user" in name for name in named[1:]) or (has_names and "rating" not in "".join(named[2:3])):
        raise ValueError(
            f"line 1 of {path} must name user, item and rating, in this order, got {lines[0][:60]!r}"
        )
    found: dict[tuple[int, int], float] = {}
    for number, line in enumerate(lines[has_names:], start=1 + has_names):
        fields = line.split(separator)
        try:
            user, item, rating = int(fields[0]), int(fields[1]), float(fields[2])
            if len(fields) > 4 or not abs(rating) < 1e100 or max(abs(user), abs(item)) > 2**62:
                raise ValueError
        except (IndexError, ValueError):
            raise ValueError(
                f"line {number} of {path} must be a user and an item, both as whole numbers, a rating and "
                f"perhaps a time, separated by tabs or commas, got {line.strip()[:60]!r}"
            ) from None
        found[user, item] = rating
    if not found:
        raise ValueError(f"{path} must hold at least one rating, and has none")
    pairs = np.array(list(found))
    users, i = np.unique(pairs[:, 0], return_inverse=True)
    items, j = np.unique(pairs[:, 1], return_inverse=True)
    return np.column_stack([i, j]), np.array(list(found.values())), users, items


def _bundled() -> Any:
    """Return scikit-learn's data; its import takes long, and data that are made do without."""
    from sklearn import datasets

    return datasets


def _load(
    data: Any, features: Sequence[str] | None, test_size: float, random_state: Any
) -> tuple[Array, Array, Array, Array]:
    """Pick the features by name, hold rows out, and scale by what the training rows alone tell."""
    from sklearn.model_selection import train_test_split
    from sklearn.preprocessing import StandardScaler

    names = [str(name) for name in data.feature_names]
    given = names if features is None else features
    chosen = check_list("features", given, str, f"names, such as {names[:1]}", least=1)
    for name in chosen:
        if name not in names:
            raise ValueError(f"features must be among {names}, got {name!r}")
    X = data.data[:, [names.index(name) for name in chosen]]
    test_size = check_fraction("test_size", test_size)
    X_train, X_test, y_train, y_test = train_test_split(
        X, data.target, test_size=test_size, random_state=make_rng(random_state)
    )
    scaler = StandardScaler().fit(X_train)
    return scaler.transform(X_train), scaler.transform(X_test), y_train, y_test
