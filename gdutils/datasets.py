"""The data: made ones with a known truth behind them, and real ones that come with scikit-learn.

`make_*` return X, y. `load` returns the four parts of a train/test split with the features scaled.
Nothing is downloaded.
"""

from numbers import Integral, Real
from pathlib import Path

import numpy as np

from gdutils.checked import make_rng

__all__ = ["load", "load_photograph", "load_ratings", "make_line", "make_ratings"]

BUNDLED = {"diabetes": {"scaled": False}, "breast_cancer": {}, "iris": {}, "wine": {}, "digits": {}}
MOST = 10_000_000  # rows, or entries of a table: all of them are in memory


def make_line(n_samples=200, *, slope=2.0, intercept=-0.3, noise=0.7, random_state=0):
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
    check_range("n_samples", n_samples, 1, MOST, Integral)
    check_range("slope", slope, -1e9, 1e9)
    check_range("intercept", intercept, -1e9, 1e9)
    check_range("noise", noise, 0, 1e9)
    rng = make_rng(random_state)
    x = np.linspace(-3, 3, n_samples)
    y = slope * x + intercept + noise * rng.standard_normal(n_samples)
    return x[:, np.newaxis], y


def make_ratings(n_users=30, n_items=25, *, rank=4, density=0.4, noise=0.5, random_state=5):
    """Make ratings of items by users: a part of the table P Qᵀ of two random factors, plus noise.

    Parameters
    ----------
    n_users, n_items : int, default 30 and 25
        Size of the table.
    rank : int, default 4
        Columns of P and Q, which are drawn from the standard normal distribution.
    density : float, default 0.4
        Probability of each rating to be observed, from 0.001 to 1.
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
    check_range("n_users", n_users, 1, MOST, Integral)
    check_range("n_items", n_items, 1, MOST // n_users, Integral)
    check_range("rank", rank, 1, MOST // max(n_users, n_items), Integral)
    check_range("density", density, 0.001, 1)
    check_range("noise", noise, 0, 1e9)
    rng = make_rng(random_state)
    P, Q = rng.standard_normal((n_users, rank)), rng.standard_normal((n_items, rank))
    truth = P @ Q.T
    X = np.argwhere(rng.uniform(size=truth.shape) < density)
    ratings = truth + noise * rng.standard_normal(truth.shape)
    return X, ratings[X[:, 0], X[:, 1]], truth


def load(name, features=None):
    """Load one of scikit-learn's data sets, hold out a quarter of its rows, and scale the features.

    Parameters
    ----------
    name : str
        - ``"diabetes"``: 442 patients with ten measurements; y is the progression of their diabetes in a
          year, from 25 to 346 (Efron et al., Least Angle Regression, 2004).
        - ``"breast_cancer"``: 569 tumors with thirty measurements of their cells; y is 1 for benign and 0 for
          malignant ones (Street, Wolberg and Mangasarian, 1993).
        - ``"iris"``: 150 irises with four lengths in cm; y is the species, 0, 1 or 2 (Fisher, 1936).
        - ``"wine"``: 178 wines with thirteen measurements; y is the cultivar, 0, 1 or 2 (Forina et al.,
          1986).
        - ``"digits"``: 1,797 handwritten digits with the gray of 8 × 8 pixels; y is the digit (Alpaydin and
          Kaynak, 1998). Pixels that are never inked stay 0.
    features : list of str, optional
        The columns to keep, such as ``["bmi"]``; all by default.

    Returns
    -------
    X_train, X_test : ndarray of shape (n_samples, n_features)
        Each feature scaled to mean 0 and standard deviation 1 on the training rows.
    y_train, y_test : ndarray of shape (n_samples,)

    Raises
    ------
    ValueError
        If there is no data set or no feature of this name.
    """
    from sklearn import datasets  # takes long, and data that are made do without
    from sklearn.model_selection import train_test_split
    from sklearn.preprocessing import StandardScaler

    if name not in list(BUNDLED):
        raise ValueError(f"name must be one of {list(BUNDLED)}, got {name!r}")
    data = getattr(datasets, f"load_{name}")(**BUNDLED[name])
    names = [str(feature) for feature in data.feature_names]
    chosen = names if features is None else list(features)
    if isinstance(features, str) or not chosen or not set(chosen) <= set(names):
        raise ValueError(f"features must be a list of names among {names}, got {features!r}")
    X = data.data[:, [names.index(feature) for feature in chosen]]
    X_train, X_test, y_train, y_test = train_test_split(X, data.target, test_size=0.25, random_state=0)
    scaler = StandardScaler().fit(X_train)
    return scaler.transform(X_train), scaler.transform(X_test), y_train, y_test


def load_photograph(*, hidden=0.6, random_state=0):
    """Load a small gray photograph and hide a part of its pixels.

    To matrix factorization, rows are users, columns are items, and the gray of a pixel is a rating.

    Parameters
    ----------
    hidden : float, default 0.6
        Part of the pixels that is hidden, from 0 to 0.99.
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
    from sklearn.datasets import load_sample_image

    check_range("hidden", hidden, 0, 0.99)
    gray = load_sample_image("china.jpg").mean(axis=2) / 255
    photograph = gray[:424].reshape(53, 8, 80, 8).mean(axis=(1, 3))
    order = make_rng(random_state).permutation(photograph.size)
    shown = np.sort(order[round(hidden * photograph.size) :])
    X = np.column_stack(np.unravel_index(shown, photograph.shape))
    return X, photograph[X[:, 0], X[:, 1]], photograph


def load_ratings(path):
    """Load ratings from a file in one of the forms of the MovieLens data.

    Parameters
    ----------
    path : str or path-like
        A file such as ``u.data`` (user, item, rating and time, separated by tabs), ``ratings.csv`` (the same
        by commas, below a line of names) or ``ratings.dat`` (by double colons). The time may be missing, and
        is not used. If a user rates an item twice, the rating further down in the file counts.

    Returns
    -------
    X : ndarray of shape (n_ratings, 2)
        User and item of each rating, counted from 0.
    y : ndarray of shape (n_ratings,)
        The ratings.
    users, items : ndarray
        Their numbers in the file, in ascending order: ``users[X[:, 0]]`` brings them back.

    Raises
    ------
    OSError
        If there is no such file.
    ValueError
        If a line is malformed, which is named by its number, or if there are no ratings.

    References
    ----------
    Harper and Konstan, The MovieLens Datasets: History and Context, ACM TiiS 5, 2015.
    """
    text = Path(path).read_text(encoding="utf-8-sig", errors="replace").rstrip()
    if not text:
        raise ValueError(f"{path} is empty")
    lines = text.split("\n")
    separator = next((mark for mark in ("\t", "::") if mark in lines[0]), ",")
    named = lines[0].lower().split(separator)
    has_names = "user" in lines[0].lower()
    if has_names and ("user" not in named[0] or "rating" not in "".join(named[2:3])):
        right = "must name user, item and rating, in this order"
        raise ValueError(f"line 1 of {path} {right}, got {lines[0][:60]!r}")
    found = {}
    for number, line in enumerate(lines[has_names:], start=1 + has_names):
        try:
            user, item, rating, *time = line.split(separator)
            user, item, rating = int(user), int(item), float(rating)
            if len(time) > 1 or not abs(rating) < 1e100 or max(abs(user), abs(item)) > 2**62:
                raise ValueError
        except ValueError:
            right = f"a user and an item, as whole numbers, a rating and perhaps a time, by {separator!r}"
            raise ValueError(f"line {number} of {path} must be {right}, got {line[:60]!r}") from None
        found[user, item] = rating
    if not found:
        raise ValueError(f"{path} must hold at least one rating, and has none")
    pairs = np.array(list(found))
    users, i = np.unique(pairs[:, 0], return_inverse=True)
    items, j = np.unique(pairs[:, 1], return_inverse=True)
    return np.column_stack([i, j]), np.array(list(found.values())), users, items


def check_range(name, value, low, high, kind=Real):
    """Raise an error unless a value is a number of its kind from `low` to `high`."""
    if not isinstance(value, kind) or not low <= value <= high:
        right = f"a {'whole ' if kind is Integral else ''}number from {low} to {high}"
        raise ValueError(f"{name} must be {right}, got {value!r}")
