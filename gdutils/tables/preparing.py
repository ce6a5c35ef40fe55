"""A table made ready to train on: rows held out, words encoded, holes filled, numbers scaled."""

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd
from sklearn.compose import ColumnTransformer, make_column_selector, make_column_transformer
from sklearn.impute import SimpleImputer
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from gdutils.checked import make_rng
from gdutils.datasets import load_ratings
from gdutils.tables.reading import ROW_NUMBER, find, parse, quoted, unfit

FEW_CLASSES, MOST_CLASSES, RARE = 10, 30, 0.05  # whole numbers taken for classes; classes; part of the rows
RATINGS = re.compile(rb"(?i)user_?(id)?,(item|movie)_?(id)?,rating|\d+(\t|::)\d+\4[0-5](\.5)?\4\d{9,10}\s")
USUAL = "target y class label species survived price saleprice outcome diagnosis cultivar quality charges"


@dataclass(frozen=True)
class Problem:
    """What a model is trained on, and what it is judged by; made by `prepare`.

    Attributes
    ----------
    X_train, X_test : ndarray of shape (n_samples, n_features)
    y_train, y_test : ndarray of shape (n_samples,)
        The target as it was measured, or the numbers of its classes, from 0.
    features : list of str
        What the columns of X are called: words and holes have made several of one.
    target : str
    labels : list of str
        The classes in the order of their numbers; none for a regression.
    notes : list of str
        Sentences on what was left out, and what to look at.
    transformer : sklearn.compose.ColumnTransformer
        Fitted on the training rows; None for ratings.
    """

    X_train: np.ndarray
    X_test: np.ndarray
    y_train: np.ndarray
    y_test: np.ndarray
    features: list
    target: str
    labels: list
    notes: list
    transformer: ColumnTransformer | None  # None for ratings

    def transform(self, new_table):
        """Return the features of new rows.

        A hole is filled as in training, and a word that was not there in training is none of the words.

        Parameters
        ----------
        new_table : pandas.DataFrame, or list of dict
            With the columns that the problem was made of, the target aside; others are not looked at.

        Returns
        -------
        ndarray of shape (n_rows, n_features)

        Raises
        ------
        ValueError
            If a column is lacking.
        """
        if self.transformer is None:
            raise ValueError("ratings have no columns to transform: predict from pairs of user and item")
        table = pd.DataFrame(new_table)
        names, words = self.transformer.feature_names_in_, self.transformer.transformers_[1][2]
        if lacking := [name for name in names if name not in table]:
            raise ValueError(f"new_table lacks {quoted(lacking)}: give each column, with None for a hole")
        columns = {name: parse(table[name], words=name in words)[0] for name in names}
        return self.transformer.transform(pd.DataFrame(columns))


def prepare(table, target, features=None, task=None, test_size=0.25, random_state=0):
    """Make a table into a problem for a model.

    Rows without a target are left out, and a part of the others is held out. By the training rows alone,
    numbers are scaled to mean 0 and standard deviation 1, their holes filled with the median, beside a column
    that says where the holes were; words become one-hot columns, a hole being the word "missing".

    Parameters
    ----------
    table : pandas.DataFrame
    target : str
        The column to predict.
    features : sequence of str, optional
        The columns to predict it from; by default all that are no row numbers.
    task : {"classification", "regression"}, optional
        By default classification for words and for a few whole numbers, at most ten and each there twice.
    test_size : float, default 0.25
        Part of the rows that is held out, between 0 and 1.
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
    features = [] if features is None else [features] if isinstance(features, str) else list(features)
    check(table, target, features, task)
    columns, about = {}, dict(table.attrs.get("notes", {}))  # by column, from read_table
    for name in table:
        columns[name], sentence = parse(table[name])
        about[name] = sentence or about.get(name)
    columns = pd.DataFrame(columns).reset_index(drop=True)
    y, labels, about_rows = choose_rows(columns, target, task)
    how = {"stratify": y if labels else None, "random_state": make_rng(random_state)}
    try:
        train, test = train_test_split(y.index, test_size=test_size, **how)
    except ValueError as error:
        wrong = f"test_size={test_size!r} does not suit {len(y):,} rows and {len(labels)} classes"
        raise ValueError(f"{wrong}: {error}") from None
    names, left_out = choose_columns(columns, train, target, features)
    fill = SimpleImputer(strategy="constant", fill_value="missing")
    encode = OneHotEncoder(handle_unknown="ignore", sparse_output=False)
    numbers = make_pipeline(StandardScaler(), SimpleImputer(strategy="median", add_indicator=True))
    transformer = make_column_transformer(
        (numbers, make_column_selector(dtype_include="number")),
        (make_pipeline(fill, encode), make_column_selector(dtype_exclude="number")),
    )
    X_train = transformer.fit_transform(columns.loc[train, names])
    X_test = transformer.transform(columns.loc[test, names])
    made = [name.partition("__")[2] for name in transformer.get_feature_names_out()]
    notes = [*about_rows, *left_out, *(about[name] for name in ["", *names, target] if about.get(name))]
    y_train, y_test = (y[rows].to_numpy() for rows in (train, test))
    return Problem(X_train, X_test, y_train, y_test, made, target, labels, notes, transformer)


def check(table, target, features, task):
    """Raise unless the arguments of `prepare` are right."""
    if not isinstance(table, pd.DataFrame):
        raise TypeError(f"table must be a pandas.DataFrame, as read_table returns, got {table!r:.60}")
    if not table.columns.is_unique or not all(isinstance(name, str) for name in table):
        raise ValueError(f"each column of table needs a name of its own, a str; there are {quoted(table)}")
    for name in [target, *features]:
        if not isinstance(name, str) or list(table).count(name) != 1 or [target, *features].count(name) != 1:
            raise ValueError(f"{name!r} must be one column, named once; there are {quoted(table)}")
    if task not in (None, "classification", "regression"):
        raise ValueError(f'task must be "classification" or "regression", got {task!r}')


def choose_rows(columns, target, task):
    """Return the targets of the rows to use, the classes, and sentences on rows and classes."""
    y, notes = columns[target].dropna(), []
    if len(y) < len(columns):
        notes.append(f"Rows without a value in {target!r}, left out: {len(columns) - len(y):,}.")
    if twins := columns.duplicated().sum():
        notes.append(f"Rows that repeat another: {twins:,}. table.drop_duplicates() keeps one of each.")
    is_number, different = y.dtype.kind == "f", y.unique()
    many = is_number and (len(different) > min(FEW_CLASSES, len(y) // 2) or (different % 1).any())
    if task == "regression" or (many and task is None):
        if is_number and len(different) > 1:
            return y, [], notes
        raise ValueError(f"column {target!r} holds {quoted(different)}: a regression needs several numbers")
    count = y.map(y.value_counts())
    if (count == 1).any():
        notes.append(f"Classes with a single row, too few to hold one out: {quoted(y[count == 1])} left out.")
    codes, classes = pd.factorize(y[count > 1], sort=True)
    labels = [f"{each:.10g}" if is_number else str(each) for each in classes]
    if not 1 < len(labels) <= MOST_CLASSES:
        found = f"column {target!r} has {len(labels)} values that occur twice or more"
        raise ValueError(f"{found}; classes must be 2 to {MOST_CLASSES}: choose another target")
    for label, rows in zip(labels, np.bincount(codes), strict=True):
        if rows < RARE * len(codes):
            notes.append(f"Class {label!r} has {rows} of {len(codes):,} rows: look at its recall.")
    return pd.Series(codes, y.index[count > 1]), labels, notes


def choose_columns(columns, rows, target, features):
    """Return the columns to predict from, judged by the training rows, and sentences on the others."""
    names, notes = [], []
    for name in features or columns.drop(columns=target):
        numbers_rows = not features and ROW_NUMBER.fullmatch(name)
        reason = "it numbers the rows" if numbers_rows else unfit(name, columns.loc[rows, name])
        names += [] if reason else [name]
        notes += [f"Column {name!r} is left out: {reason}."] if reason else []
    if not names:
        raise ValueError(f"there is no column to predict {target!r} from. {' '.join(notes)}".strip())
    return names, notes


def usual_target(table):
    """Return the column that is most likely the target, and a sentence that says why."""
    for name in table:
        if name.lower() in USUAL.split():
            return name, f"{name!r} is a usual name for a target."
    return name, f"{name!r} is the last column."


def read_ratings(path, random_state=0):
    """Read a file with the columns user, item or movie, and rating, or in a form of MovieLens.

    Parameters
    ----------
    path : str or path-like
    random_state : int, numpy.random.RandomState or None, default 0
        Decides which quarter of the ratings is held out.

    Returns
    -------
    Problem or None
        With pairs of user and item for X, counted from 0, and for y the ratings minus their mean. None if the
        file holds something else.
    """
    with open(find(path), "rb") as file:
        if not RATINGS.match(file.readline(200).removeprefix(b"\xef\xbb\xbf")):
            return None
    X, y, users, items = load_ratings(find(path))
    X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=make_rng(random_state))
    mean, names = y_train.mean(), ["user", "item"]
    note = f"{len(y):,} ratings of {len(items):,} items by {len(users):,} users, minus their mean {mean:.3g}."
    return Problem(X_train, X_test, y_train - mean, y_test - mean, names, "rating", [], [note], None)
