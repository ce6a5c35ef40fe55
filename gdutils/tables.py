"""A learner's own table: read from a CSV file, looked over in words, and made ready to train on.

Files of strangers are full of surprises. What cannot be used raises a ValueError whose sentence names the
line or the column and says what to do; what can be left out is left out, and a note says so.
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from os import PathLike
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

from gdutils.checks import brief, check_fraction, check_list
from gdutils.files import SHOWN, listed, read_text
from gdutils.randomness import make_rng

__all__ = ["Problem", "describe", "guess_task", "prepare", "read_table"]

Array = NDArray[Any]

SEPARATORS = {",": "a comma", ";": "a semicolon", "\t": "a tab", "|": "a bar"}
MISSING = ("?", "-")  # and what pandas takes for a missing value, such as nothing, NA, NaN and null
FEWEST_ROWS = 8  # a quarter of them, two, are held out
FEW_CLASSES = 10  # as many different whole numbers are still taken for classes
MOST_CLASSES = 100  # each row needs a probability of each class
LARGEST, SMALLEST = 1e100, 1e-100  # numbers whose squares neither overflow nor vanish
PLAINLY = (
    "write numbers with digits and a decimal mark alone, without a unit, a percent sign or a mark for "
    "thousands, and dates as a count of days"
)


def read_table(path: str | PathLike[str]) -> pd.DataFrame:
    """Read a CSV file with a line of names; each row is indexed by the line on which it ends.

    The separator (a comma, a semicolon, a tab or a bar) is found out, and so is a decimal comma. Blank rows
    are passed over, and so is a first line such as "sep=;". A value is missing where there is nothing, "?",
    "-", or one of the words that `pandas.read_csv` knows for it, such as "NA".

    Parameters
    ----------
    path : str or path-like

    Returns
    -------
    pandas.DataFrame
        Numbers where a whole column is numbers, text elsewhere.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    OSError
        If it may not be read.
    ValueError
        If the file is empty, is not text, has no rows or a single column, or has a line that does not fit.
    TypeError
        If `path` is no path.
    """
    text = read_text(path)
    # What some spreadsheet programs write first becomes a blank line, so that all others keep their numbers.
    text = re.sub(r'\A"?sep=[^\n]?"?(?=\n)', "", text, flags=re.IGNORECASE)
    head = re.sub(r'"[^"]*"', "", text.lstrip("\n ").split("\n", 1)[0])
    separator = max(SEPARATORS, key=head.count)
    # Spaces after a value are none of it; pandas leaves out those before.
    text = re.sub(rf"(?<! ) +(?={re.escape(separator)}|\n|\Z)", "", text)
    names, rows, lines, filled = check_lines(path, text, separator)

    def read(**types: Any) -> pd.DataFrame:
        return pd.read_csv(
            io.StringIO(rows),
            sep=separator,
            decimal=find_decimal(text, separator),
            names=names,
            index_col=False,
            skip_blank_lines=False,  # so that its rows are those of `lines`
            skipinitialspace=True,
            na_values=list(MISSING),
            low_memory=False,
            **types,
        )

    table = read()
    # Beside text and an integer of more than 64 bits, pandas takes what is missing for text as well.
    if re.search(r"\d{19}", text):
        words = [name for name, column in table.items() if not is_numeric(column)]
        table = read(dtype=dict.fromkeys(words, str))
    table.index = pd.Index(lines, name="line")
    return table[filled]


def check_lines(
    path: str | PathLike[str], text: str, separator: str
) -> tuple[list[str], str, list[int], list[bool]]:
    """Return the names of the columns, the rows as text, their lines, and which of them hold anything."""
    stream = io.StringIO(text)
    reader = csv.reader(stream, delimiter=separator, skipinitialspace=True, strict=True)
    lines: list[int] = []
    filled: list[bool] = []
    too_long: list[int] = []  # lines of separators alone
    line = 0
    try:
        names = next(filter(any, reader), [])  # lines above may be blank
        names, begin = check_names(path, names, reader.line_num, separator), stream.tell()
        line = reader.line_num
        for row in reader:
            line = reader.line_num
            filled.append(any(row))
            lines.append(line)
            if len(row) > len(names) and not filled[-1]:
                too_long.append(line)
            elif len(row) != len(names) and filled[-1]:
                raise ValueError(
                    f"line {line} of {path} has {counted(len(row), 'value')} and the line of names has "
                    f"{len(names)}: mend it (the separator is {SEPARATORS[separator]})"
                )
    except csv.Error as error:
        raise ValueError(
            f"the row from line {line + 1} of {path} on cannot be read ({error}): is a quotation mark "
            "missing, or one too many?"
        ) from None
    if not any(filled):
        raise ValueError(f"{path} has a line of names and no rows of values below it: add some")
    rows = text[begin:]
    if too_long:  # pandas takes more separators amiss
        first, each = text.count("\n", 0, begin) + 1, rows.split("\n")
        for line in too_long:
            each[line - first] = ""
        rows = "\n".join(each)
    return names, rows, lines, filled


def check_names(path: str | PathLike[str], names: Sequence[str], line: int, separator: str) -> list[str]:
    """Return the names of the columns, if they are names, and differ."""
    if not names:
        raise ValueError(f"{path} is empty: it must hold rows of values")
    names = [name.strip() or f"column {number}" for number, name in enumerate(names, start=1)]
    if len(names) == 1:
        raise ValueError(
            f"{path} has one column, {short(names[0])}, and must have at least two: one to predict, and one "
            "to predict it from. Columns are separated by a comma, a semicolon, a tab or a bar"
        )
    if not pd.to_numeric(pd.Series(names).str.replace(",", "."), errors="coerce").isna().any():
        raise ValueError(
            f"line {line} of {path} must name the columns, and holds numbers ({listed(names)}): "
            "add a line of names above it"
        )
    name, count = Counter(names).most_common(1)[0]
    if count > 1:
        raise ValueError(f"line {line} of {path} names {count} columns {short(name)}: rename all but one")
    return names


def find_decimal(text: str, separator: str) -> str:
    """Return a comma if there are numbers with one, and none with a point; else the point."""
    if separator == "," or "," not in text:
        return "."
    around = re.escape(separator)
    comma, point = (
        re.search(rf'(?:^|{around}) *"?[-+]?\d+{mark}\d+"?(?={around}|$)', text, re.MULTILINE)
        for mark in (",", r"\.")
    )
    return "," if comma and not point else "."


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

    X_train: Array
    X_test: Array
    y_train: Array
    y_test: Array
    features: tuple[str, ...]
    target: str
    labels: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def task(self) -> str:
        """Return "classification" or "regression"."""
        return "classification" if self.labels else "regression"


def describe(table: pd.DataFrame) -> pd.DataFrame:
    """Say of each column what it holds, and how many of its values are missing, or different."""
    check_frame(table)
    rows = []
    for name, column in ((name, plain(column)) for name, column in table.items()):
        numbers, wrong = numbers_of(column)
        present = column.dropna()
        if present.empty:
            kind, values = "empty", ""
        elif is_text(column, wrong):
            kind, values = "text", listed(sorted(present.astype(str).unique()))
        else:
            kind, values = "numbers", f"{numbers.min():g} to {numbers.max():g}"
            kind += " and text" if len(wrong) else ""
        rows.append((name, kind, int(column.isna().sum()), present.nunique(), values))
    return pd.DataFrame(rows, columns=["column", "kind", "missing", "different", "values"]).set_index(
        "column"
    )


def guess_task(column: pd.Series) -> str:
    """Return "classification" for text and for a few different whole numbers, else "regression"."""
    if not isinstance(column, pd.Series):
        raise TypeError(f"column must be a pandas.Series, such as table['y'], got {brief(column)}")
    column = plain(column)
    numbers, wrong = numbers_of(column)
    different = numbers.dropna().unique()
    few = len(different) <= min(FEW_CLASSES, numbers.notna().sum() // 2)
    whole = np.array_equal(different, np.round(different))
    return "classification" if is_text(column, wrong) or (few and whole) else "regression"


def prepare(
    table: pd.DataFrame,
    target: str,
    *,
    features: Sequence[str] | None = None,
    task: str | None = None,
    test_size: float = 0.25,
    random_state: Any = 0,
) -> Problem:
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
        Share of the rows that is held out.
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
    if features is not None:
        right = f"names, such as [{features!r}]" if isinstance(features, str) else "names"
        features = check_list("features", features, object, right)
    check_table(table, target, features, task)
    test_size = check_fraction("test_size", test_size)
    table = table.apply(plain)
    task = task or guess_task(table[target])
    notes: list[str] = []
    columns = {}
    for name in others(table, target) if features is None else features:
        numbers, wrong = numbers_of(table[name])
        if unusable := why_not_a_feature(name, table[name], wrong):
            if features is not None:
                raise ValueError(unusable)
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

    y = table[target]
    if task == "regression":
        y, wrong = numbers_of(y)
        if is_text(table[target], wrong):
            plainly = f"{PLAINLY}, or " if like_numbers(wrong) else ""
            raise ValueError(
                f"column {target!r} holds {first_of(wrong)}, and a regression predicts a number: {plainly}"
                "choose classification, or another column"
            )
        notes += not_numbers(target, wrong)
    X, y, lost = complete_rows(pd.DataFrame(columns), y, target)
    labels: tuple[str, ...] = ()
    if task == "classification":
        y, labels = to_numbers(target, y)
    elif y.min() == y.max():
        raise ValueError(f"column {target!r} is {y.iloc[0]:g} in every row: choose another one to predict")

    X_train, X_test, y_train, y_test = hold_out(X, y, labels, test_size, random_state)
    varies = np.ptp(X_train, axis=0) > SMALLEST
    still = [
        f"Column {name!r} is {X_train[0, j]:g} in every training row: it tells nothing, and is left out."
        for j, name in enumerate(X.columns)
        if not varies[j]
    ]
    if not varies.any():
        raise ValueError(
            f"there is no column that varies to predict {target!r} from: add one. {' '.join(still)}"
        )
    # From its first row on, a column that hardly varies far from 0 is known to its last digit.
    X_train, X_test = (part[:, varies] - X_train[0, varies] for part in (X_train, X_test))
    scaler = StandardScaler().fit(X_train)
    return Problem(
        X_train=scaler.transform(X_train),
        X_test=scaler.transform(X_test),
        y_train=y_train,
        y_test=y_test,
        features=tuple(str(name) for name in X.columns[varies]),
        target=target,
        labels=labels,
        notes=(*notes, *lost, *still),
    )


def check_frame(table: Any) -> None:
    """Raise unless this is a table of pandas."""
    if not isinstance(table, pd.DataFrame):
        right = "a pandas.DataFrame, as read_table returns"
        raise TypeError(f"table must be {right}, got {type(table).__name__}")


def check_problem(problem: Any) -> None:
    """Raise unless this is what `prepare` returns."""
    if not isinstance(problem, Problem):
        raise TypeError(f"problem must be what prepare returns, got {brief(problem)}")


def plain(column: pd.Series) -> pd.Series:
    """Return a column of numbers as such, and of what cannot be compared, or told, what it says."""
    if column.dtype != object:
        return column

    def told(value: Any) -> Any:
        try:
            hash(value)
            str(value)
        except Exception:
            return brief(value)
        return value

    return pd.Series([told(value) for value in column], column.index, object, column.name).infer_objects()


def check_table(table: Any, target: Any, features: Any, task: Any) -> None:
    """Raise unless the names are those of columns, and the task is one of the two."""
    check_frame(table)
    if not table.columns.is_unique:
        twice = table.columns[table.columns.duplicated()][0]
        raise ValueError(f"table must name each column once, and names {twice!r} twice: rename one")
    if not isinstance(target, Hashable):
        raise TypeError(f"target must be the name of a column, got {brief(target)}")
    for name in [target, *([] if features is None else features)]:
        if name not in list(table.columns):
            raise ValueError(f"there is no column {name!r}; the columns are {listed(table.columns)}")
    if features is not None and target in features:
        raise ValueError(f"column {target!r} is to be predicted: it must not be among the features")
    if features is not None and len(set(features)) != len(features):
        raise ValueError(f"features must name each column once, got {listed(features)}")
    if task not in (None, "classification", "regression"):
        raise ValueError(f'task must be "classification" or "regression", got {task!r}')


def others(table: pd.DataFrame, target: Hashable) -> list[Any]:
    """Return the names of all columns but one."""
    names = list(table.columns)
    del names[table.columns.get_loc(target)]
    return names


def numbers_of(column: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Return a column as numbers, NaN where there is none, and what in it is neither that nor missing.

    True and false count as 1 and 0, and a minus sign as a hyphen. A number too large to be squared is none.
    """
    if is_numeric(column):
        numbers = pd.Series(column.to_numpy(float, na_value=np.nan), column.index)
    else:
        codes, words = pd.factorize(column)  # each different word is read but once; −1 is missing
        texts = pd.Series(words, dtype=object).astype(str).replace({"True": "1", "False": "0"})
        texts = texts.str.replace("−", "-")
        each = pd.to_numeric(texts, errors="coerce").to_numpy(float)
        numbers = pd.Series(np.append(each, np.nan)[codes], column.index)
    numbers = numbers.where(numbers.abs() < LARGEST)
    return numbers, column[numbers.isna() & column.notna()]


def is_numeric(column: pd.Series) -> bool:
    """Return whether pandas holds a column as real numbers, and not as truth values."""
    return bool(getattr(column.dtype, "kind", "") in ("i", "u", "f"))


def is_text(column: pd.Series, wrong: pd.Series) -> bool:
    """Return whether most of what a column holds is `wrong`, no number."""
    return 2 * len(wrong) > int(column.notna().sum())


def why_not_a_feature(name: str, column: pd.Series, wrong: pd.Series) -> str:
    """Say why a column cannot be a feature; nothing, if it can."""
    if column.isna().all():
        return f"Column {name!r} is empty."
    if is_text(column, wrong):
        advice = PLAINLY if like_numbers(wrong) else "pandas.get_dummies makes numbers of a few words"
        if is_numeric(wrong):
            advice = "write them in a larger unit"
        return f"Column {name!r} holds {first_of(wrong)}, and a feature must be a number ({advice})."
    return ""


def like_numbers(wrong: pd.Series) -> bool:
    """Return whether the first of some text is perhaps a number, with something about it."""
    return bool(re.match(r"\W*\d", str(wrong.iloc[0])))


def instead_of_classes(column: pd.Series) -> str:
    """Say what to do with a column that holds no classes."""
    _, wrong = numbers_of(column)
    if not is_text(column, wrong):
        return "choose regression, or another column"
    return f"{PLAINLY}, or choose another column" if like_numbers(wrong) else "choose another column"


def not_numbers(name: str, wrong: pd.Series) -> list[str]:
    """Say which lines hold something else among the numbers."""
    if wrong.empty:
        return []
    first = [f"{short(value)} in line {line}" for line, value in wrong.iloc[:SHOWN].items()]
    found = listed(first, len(wrong))
    return [f"Column {name!r} holds {found} among its numbers: counted as missing."]


def complete_rows(X: pd.DataFrame, y: pd.Series, target: str) -> tuple[pd.DataFrame, pd.Series, list[str]]:
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


def to_numbers(name: str, column: pd.Series) -> tuple[pd.Series, tuple[str, ...]]:
    """Return the numbers of the classes, from 0, and the classes by name."""
    codes, classes = pd.factorize(column)
    counts = np.bincount(codes)
    if len(classes) == 1:
        raise ValueError(
            f"column {name!r} has a single class, {short(classes[0])}, in all rows: there is nothing to tell "
            "apart. Choose another column"
        )
    if len(classes) == len(column):
        raise ValueError(
            f"column {name!r} has {len(classes)} classes in {len(column)} rows, one a row, like a name or a "
            f"measurement: {instead_of_classes(column)}"
        )
    if counts.min() == 1:
        alone = np.flatnonzero(counts == 1)
        where = np.argsort(codes, kind="stable")[np.cumsum(counts)[alone] - 1]  # the row of each
        found = [f"{short(classes[k])} in line {column.index[i]}" for k, i in zip(alone, where, strict=True)]
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
    # Numbers in the order of their size, text in that of the alphabet.
    order = np.argsort(np.asarray(classes, dtype=float) if is_numeric(column) else called)
    return pd.Series(np.argsort(order)[codes], column.index), tuple(called[k] for k in order)


def hold_out(
    X: pd.DataFrame, y: pd.Series, labels: Sequence[str], test_size: float, random_state: Any
) -> list[Array]:
    """Split the rows in two; of classes, each keeps its share in both."""
    fewest = max(len(labels), 1)
    n_test = min(max(math.ceil(test_size * len(y)), fewest), len(y) - fewest)
    rows, classes = np.arange(len(y)), y.to_numpy()
    train, test = train_test_split(
        rows, test_size=n_test, stratify=classes if labels else None, random_state=make_rng(random_state)
    )
    values = X.to_numpy(float)
    return [values[train], values[test], classes[train], classes[test]]


def first_of(wrong: pd.Series) -> str:
    """Say what is no number, and where the first of it stands."""
    what = "numbers too large" if is_numeric(wrong) else "text"
    return f"{what} (line {wrong.index[0]}: {short(wrong.iloc[0])})"


def short(value: Any) -> str:
    """Return the beginning of a value, in quotation marks."""
    return repr(str(value)[:30])


def counted(number: int, noun: str) -> str:
    """Return a number with its noun."""
    return f"{number:,} {noun}" + ("" if number == 1 else "s")
