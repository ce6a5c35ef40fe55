"""A table made ready to train on: columns chosen, rows cleaned and split, features scaled.

What cannot be used raises a ValueError that names the column or the line and says what to do; what can be
left out is left out, and a note says so.
"""

import math
from collections.abc import Hashable
from dataclasses import dataclass
from numbers import Real

import numpy as np
import pandas as pd
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler
from sklearn.utils import check_random_state

from gdutils.tables.columns import (
    PLAINLY,
    check_frame,
    first_of,
    guess_task,
    instead_of_classes,
    is_numeric,
    is_text,
    like_numbers,
    not_numbers,
    numbers_of,
    plain,
    why_not_a_feature,
)
from gdutils.tables.words import brief, listed, quoted

__all__ = ["Problem", "prepare"]

TASKS = ("classification", "regression")
FEWEST_ROWS = 8  # a quarter of them, two, are held out
MOST_CLASSES = 100  # each row needs a probability of each class
SMALLEST = 1e-100  # a smaller range vanishes when it is squared


@dataclass(frozen=True)
class Problem:
    """What a model is trained on, and what it is judged by.

    Parameters
    ----------
    X_train, X_test : ndarray of shape (n_samples, n_features)
        Each feature scaled to mean 0 and standard deviation 1 on the training rows.
    y_train, y_test : ndarray of shape (n_samples,)
        The target as it was measured, or the numbers of its classes, from 0.
    features : tuple of str
        The columns of X.
    target : str
    labels : tuple of str
        The classes in the order of their numbers; none for a regression.
    notes : tuple of str
        Sentences on what was left out, and why.
    """

    X_train: np.ndarray
    X_test: np.ndarray
    y_train: np.ndarray
    y_test: np.ndarray
    features: tuple[str, ...]
    target: str
    labels: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def task(self):
        """Return "classification" or "regression"."""
        return "classification" if self.labels else "regression"


def prepare(table, target, *, features=None, task=None, test_size=0.25, random_state=0):
    """Make a table into a problem for a model: choose, clean, split, scale.

    Parameters
    ----------
    table : pandas.DataFrame
        As `read_table` returns it; the notes call a row by its index.
    target : str
        The column to predict.
    features : sequence of str, optional
        The columns to predict it from; all others of numbers by default.
    task : {"classification", "regression"}, optional
        By default what `guess_task` says of the target.
    test_size : float, default 0.25
        Share of the rows that is held out, in [0, 1).
    random_state : int, numpy.random.RandomState or None, default 0
        Decides which rows are held out.

    Returns
    -------
    Problem

    Raises
    ------
    TypeError, ValueError
        If no model can be trained on it; the sentence says why, and what to do.
    """
    check_table(table, target, features, task)
    rng = check_rng(random_state)
    check_share(test_size)
    table = table.apply(plain)
    task = task or guess_task(table[target])

    columns, notes = choose_features(table, target, features)
    y, wrong = target_of(table[target], target, task)
    X, y, lost = complete_rows(columns, y, target)
    labels = ()
    if task == "classification":
        y, labels = to_numbers(target, y)
    elif y.min() == y.max():
        raise ValueError(f"column {target!r} is {y.iloc[0]:g} in every row: choose another one to predict")

    train, test = hold_out(y, labels, test_size, rng)
    values, y = X.to_numpy(float), y.to_numpy()
    varies = np.ptp(values[train], axis=0) > SMALLEST
    first = values[train[0]]
    still = [
        f"Column {name!r} is {first[j]:g} in every training row: it tells nothing, and is left out."
        for j, name in enumerate(X.columns)
        if not varies[j]
    ]
    if not varies.any():
        raise ValueError(
            f"there is no column that varies to predict {target!r} from: add one. {' '.join(still)}"
        )
    # As differences from a row, values that vary little and are far from 0 keep all of their digits.
    values = values[:, varies] - first[varies]
    scaler = StandardScaler().fit(values[train])
    return Problem(
        X_train=scaler.transform(values[train]),
        X_test=scaler.transform(values[test]),
        y_train=y[train],
        y_test=y[test],
        features=tuple(str(name) for name in X.columns[varies]),
        target=target,
        labels=labels,
        notes=(*notes, *wrong, *lost, *still),
    )


def check_table(table, target, features, task):
    """Raise unless the names are those of columns, and the task is one of the two."""
    check_frame(table)
    if not table.columns.is_unique:
        twice = table.columns[table.columns.duplicated()][0]
        raise ValueError(f"table must name each column once, and names {twice!r} twice: rename one")
    if not isinstance(target, Hashable):
        raise TypeError(f"target must be the name of a column, got {brief(target)}")
    if isinstance(features, str):
        raise TypeError(f"features must be a list of names, such as [{features!r}], got {features!r}")
    if features is not None and not pd.api.types.is_list_like(features):
        raise TypeError(f"features must be a list of names, got {brief(features)}")
    features = [] if features is None else list(features)
    for name in [target, *features]:
        if name not in list(table.columns):
            raise ValueError(f"there is no column {name!r}; the columns are {listed(table.columns)}")
    if target in features:
        raise ValueError(f"column {target!r} is to be predicted: it must not be among the features")
    if len(set(features)) != len(features):
        raise ValueError(f"features must name each column once, got {listed(features)}")
    if task not in (None, *TASKS):
        raise ValueError(f'task must be "classification" or "regression", got {task!r}')


def check_share(test_size):
    """Raise unless this is a share of the rows."""
    if not isinstance(test_size, Real) or not 0 <= test_size < 1:
        error = ValueError if isinstance(test_size, Real) else TypeError
        raise error(f"test_size must be a number from 0 up to, but not including, 1, got {brief(test_size)}")


def check_rng(random_state):
    """Return the generator that `random_state` stands for; None seeds one from the operating system."""
    if random_state is None:
        return np.random.RandomState()
    try:
        return check_random_state(random_state)
    except ValueError:
        raise ValueError(
            "random_state must be a whole number from 0 to 2**32 - 1, a numpy.random.RandomState or None, "
            f"got {brief(random_state)}"
        ) from None


def check_problem(problem):
    """Raise unless this is what `prepare` returns."""
    if not isinstance(problem, Problem):
        raise TypeError(f"problem must be what prepare returns, got {brief(problem)}")


def choose_features(table, target, features):
    """Return the columns to predict from, as numbers, and notes on what was left out of them."""
    columns, notes = {}, []
    for name in table.columns if features is None else features:
        if name == target:
            continue
        numbers, wrong = numbers_of(table[name])
        unusable = why_not_a_feature(name, table[name], wrong)
        if unusable and features is not None:
            raise ValueError(unusable)
        if unusable:
            notes.append(f"{unusable} It is left out.")
            continue
        columns[name] = numbers
        notes += not_numbers(name, wrong)
        if len(numbers) > 1 and (np.diff(numbers) == 1).all():
            notes.append(
                f"Column {name!r} counts up from row to row: leave it out, unless it is a measurement."
            )
    if not columns:
        raise ValueError(
            f"there is no column of numbers to predict {target!r} from: add one. {' '.join(notes)}".rstrip()
        )
    return pd.DataFrame(columns), notes


def target_of(column, target, task):
    """Return what is to be predicted, as numbers for a regression, and notes on what in it is none."""
    if task == "classification":
        return column, []
    numbers, wrong = numbers_of(column)
    if is_text(column, wrong):
        plainly = f"{PLAINLY}, or " if like_numbers(wrong) else ""
        raise ValueError(
            f"column {target!r} holds {first_of(wrong)}, and a regression predicts a number: {plainly}"
            "choose classification, or another column"
        )
    return numbers, not_numbers(target, wrong)


def complete_rows(X, y, target):
    """Return the rows without a missing value, and a note on those that are lost."""
    lacking = pd.concat([X.isna(), y.isna().rename(target)], axis=1)
    lost = lacking.any(axis=1).to_numpy()
    X, y = X[~lost], y[~lost]
    if len(X) < FEWEST_ROWS:
        most, hint = lacking.sum().idxmax(), ": add some"
        if lost.any():
            other = "predict another column" if most == target else "leave that column out"
            missing = f"{lacking[most].sum()} of {len(lacking)}"
            hint = f". Most values are missing in {most!r} ({missing}): fill some in, or {other}"
        raise ValueError(
            f"at least {FEWEST_ROWS} complete rows are needed, to train on and to hold out, and there "
            f"{'is' if len(X) == 1 else 'are'} {len(X)}{hint}"
        )
    if not lost.any():
        return X, y, []
    where = listed([f"{count} in {name!r}" for name, count in lacking.sum().items() if count])
    lines = listed(lacking.index[lost])
    if lost.sum() == 1:
        return X, y, [f"1 row of {len(lost)} lacks a value ({where}; line {lines}): left out."]
    return X, y, [f"{lost.sum():,} rows of {len(lost)} lack a value ({where}; lines {lines}): left out."]


def to_numbers(name, column):
    """Return the numbers of the classes, from 0, and the classes by name."""
    codes, classes = pd.factorize(column)
    counts = np.bincount(codes)
    if len(classes) == 1:
        raise ValueError(
            f"column {name!r} has a single class, {quoted(classes[0])}, in all rows: there is nothing to "
            "tell apart. Choose another column"
        )
    if len(classes) == len(column):
        raise ValueError(
            f"column {name!r} has {len(classes)} classes in {len(column)} rows, one a row, like a name or a "
            f"measurement: {instead_of_classes(column)}"
        )
    if counts.min() == 1:
        alone = np.flatnonzero(counts == 1)
        where = np.argsort(codes, kind="stable")[np.cumsum(counts)[alone] - 1]  # the row of each
        found = [f"{quoted(classes[k])} in line {column.index[i]}" for k, i in zip(alone, where, strict=True)]
        raise ValueError(
            f"each class of {name!r} needs two rows, one to train on and one to hold out; alone "
            f"{'is' if len(alone) == 1 else 'are'} {listed(found)}. Take them out, or "
            f"{instead_of_classes(column)}"
        )
    if len(classes) > MOST_CLASSES:
        raise ValueError(
            f"column {name!r} has {len(classes)} classes, and {MOST_CLASSES} are the most that are trained "
            f"here: {instead_of_classes(column)}"
        )
    whole = is_numeric(column) and np.array_equal(classes, np.round(classes))
    called = [f"{value:.0f}" if whole else str(value) for value in classes]
    # Numbers in order of size, text in alphabetical order.
    order = np.argsort(np.asarray(classes, dtype=float) if is_numeric(column) else called)
    return pd.Series(np.argsort(order)[codes], column.index), tuple(called[k] for k in order)


def hold_out(y, labels, test_size, rng):
    """Return the numbers of the training rows and of those held out; classes keep their shares in both."""
    fewest = max(len(labels), 1)
    n_test = min(max(math.ceil(test_size * len(y)), fewest), len(y) - fewest)
    stratify = y.to_numpy() if labels else None
    return train_test_split(np.arange(len(y)), test_size=n_test, stratify=stratify, random_state=rng)
