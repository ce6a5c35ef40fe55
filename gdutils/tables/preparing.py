"""A table made ready to train on: rows held out, words encoded, holes filled, numbers scaled."""

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from gdutils.checked import make_rng
from gdutils.tables.columns import is_row_number, parse, spelled_differently, unfit
from gdutils.tables.words import counted, listed, quoted

TASKS = ("classification", "regression")
FEWEST_ROWS = 8
FEW_CLASSES, MOST_CLASSES = 10, 100  # whole numbers taken for classes; classes that are trained
RARE = 0.05  # part of the rows below which a class is hardly seen in the accuracy
USUAL = ("target", "y", "class", "label", "species", "survived", "price", "saleprice", "outcome", "diagnosis",
         "cultivar", "quality", "charges", "medv")  # fmt: skip
TWINS = (
    "a held-out row may have its copy among the training rows. To keep one: table = table.drop_duplicates()"
)


@dataclass(frozen=True)
class Problem:
    """What a model is trained on, and what it is judged by; made by `prepare`.

    Attributes
    ----------
    X_train, X_test : ndarray of shape (n_samples, n_features)
    y_train, y_test : ndarray of shape (n_samples,)
        The target as it was measured, or the numbers of its classes, from 0.
    features : tuple of str
        What the columns of X are called: words and holes have made several of one.
    target : str
    labels : tuple of str
        The classes in the order of their numbers; none for a regression.
    notes : tuple of str
        Sentences on what was left out, and what to look at.
    transformer : sklearn.compose.ColumnTransformer
        Fitted on the training rows: X_train = transformer.transform(columns).
    """

    X_train: np.ndarray
    X_test: np.ndarray
    y_train: np.ndarray
    y_test: np.ndarray
    features: tuple
    target: str
    labels: tuple
    notes: tuple
    transformer: ColumnTransformer

    @property
    def task(self):
        """Return "classification" or "regression"."""
        return "classification" if self.labels else "regression"

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
        table = pd.DataFrame(new_table).rename(columns=str)
        names, words = self.transformer.feature_names_in_, self.transformer.transformers[1][2]
        if lacking := [name for name in names if name not in table]:
            raise ValueError(f"new_table lacks {listed(lacking)}: give each column, with None for a hole")
        return self.transformer.transform(
            pd.DataFrame({name: parse(table[name], words=name in words)[0] for name in names})
        )


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
        By default classification for words and for up to ten different whole numbers.
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
    features = [features] if isinstance(features, str) else list(features or ())
    check(table, target, features, task, test_size)
    about = dict(table.attrs.get("notes", {}))  # by column, from read_table
    columns = {}
    for name in table:
        columns[name], sentence = parse(table[name])
        about[name] = f"{about.get(name) or sentence} {spelled_differently(name, columns[name])}".strip()
    columns = pd.DataFrame(columns).reset_index(drop=True)
    y, labels, about_rows = choose_rows(columns, target, task)
    fewest = max(len(labels), 1)
    n_test = min(max(math.ceil(test_size * len(y)), fewest), len(y) - fewest)
    how = {"stratify": y if labels else None, "random_state": make_rng(random_state)}
    train, test = train_test_split(y.index, test_size=n_test, **how)
    names, left_out = choose_columns(columns, train, target, features)
    words = [name for name in names if columns[name].dtype.kind == "O"]
    numbers = [name for name in names if name not in words]
    fill = SimpleImputer(strategy="median", add_indicator=True)
    fill_words = SimpleImputer(strategy="constant", fill_value="missing")
    encoder = OneHotEncoder(handle_unknown="ignore", sparse_output=False)
    transformer = ColumnTransformer(
        [
            ("numbers", make_pipeline(StandardScaler(), fill), numbers),
            ("words", make_pipeline(fill_words, encoder), words),
        ]
    )
    notes = [about.get("", ""), *about_rows, *left_out, *(about[name] for name in [*names, target])]
    return Problem(
        X_train=transformer.fit_transform(columns.loc[train, names]),
        X_test=transformer.transform(columns.loc[test, names]),
        y_train=y[train].to_numpy(),
        y_test=y[test].to_numpy(),
        features=tuple(name.partition("__")[2] for name in transformer.get_feature_names_out()),
        target=target,
        labels=labels,
        notes=tuple(filter(None, notes)),
        transformer=transformer,
    )


def check(table, target, features, task, test_size):
    """Raise unless the arguments of `prepare` are right."""
    if not isinstance(table, pd.DataFrame):
        raise TypeError(
            f"table must be a pandas.DataFrame, as read_table returns, got {type(table).__name__}"
        )
    for name in [target, *features]:
        if list(table).count(name) != 1:
            raise ValueError(f"{name!r} must be the name of one column; the columns are {listed(table)}")
    if target in features:
        raise ValueError(f"column {target!r} is to be predicted: it must not be among the features")
    if task not in (None, *TASKS):
        raise ValueError(f'task must be "classification" or "regression", got {task!r}')
    if not 0 < test_size < 1:
        raise ValueError(f"test_size must be a number between 0 and 1, got {test_size!r}")


def choose_rows(columns, target, task):
    """Return the targets of the rows to use, the classes, and sentences on rows and classes."""
    y, notes = columns[target].dropna(), []
    if len(y) < len(columns):
        lost = counted(len(columns) - len(y), "row")
        notes.append(f"{lost} of {len(columns):,} without a value in {target!r}: left out.")
    if twins := columns.duplicated().sum():
        notes.append(f"{counted(twins, 'row')} repeated exactly: {TWINS}")
    if len(y) < FEWEST_ROWS:
        raise ValueError(f"at least {FEWEST_ROWS} rows with a value in {target!r} are needed, got {len(y)}")
    is_words = y.dtype.kind != "f"
    few = y.nunique() <= min(FEW_CLASSES, len(y) // 2) and (is_words or not (y % 1).any())
    if (task or ("classification" if is_words or few else "regression")) == "regression":
        if is_words or y.nunique() == 1:
            right = "a regression predicts numbers that differ: choose another target"
            raise ValueError(f"column {target!r} holds {quoted(y.unique())}, and {right}")
        return y, (), notes
    counts = y.map(y.value_counts())
    if alone := list(y[counts == 1]):
        notes.append(
            f"Classes with a single row ({quoted(alone)}): left out, since a row cannot be learned and held out."
        )
    codes, classes = pd.factorize(y[counts > 1], sort=True)
    labels = tuple(str(each) if is_words else f"{each:.10g}" for each in classes)
    if not 1 < len(labels) <= MOST_CLASSES:
        right = f"2 to {MOST_CLASSES} are needed: choose another target"
        raise ValueError(
            f"column {target!r} has {counted(len(labels), 'class', 'classes')} of two or more rows, and {right}"
        )
    for label, count in zip(labels, np.bincount(codes), strict=True):
        if count < RARE * len(codes):
            share = f"{count} of {len(codes):,} rows"
            notes.append(f"Class {label!r} has {share}: the accuracy hardly shows it, its recall does.")
    return pd.Series(codes, y.index[counts > 1]), labels, notes


def choose_columns(columns, rows, target, features):
    """Return the columns to predict from, judged by the training rows, and sentences on the others."""
    names, notes = [], []
    for name in features or [each for each in columns if each != target]:
        reason = unfit(name, columns.loc[rows, name])
        if not reason and not features and is_row_number(name, columns[name]):
            reason = "it numbers the rows"
        if reason:
            notes.append(f"Column {name!r} is left out: {reason}.")
        else:
            names.append(name)
    if not names:
        raise ValueError(f"there is no column to predict {target!r} from. {' '.join(notes)}".strip())
    return names, notes


def usual_target(table):
    """Return the column that is most likely the target, and a sentence on why."""
    for name in table:
        if str(name).strip().lower() in USUAL:
            return name, f"{name!r} is a usual name for a target."
    return table.columns[-1], f"{table.columns[-1]!r} is the last column."
