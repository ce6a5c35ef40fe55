"""What a column of a table holds: numbers, classes, or text that can be neither."""

import re
from collections.abc import Hashable

import numpy as np
import pandas as pd

from gdutils.tables.words import SHOWN, brief, listed, quoted

__all__ = ["describe", "guess_task"]

FEW_CLASSES = 10  # up to as many different whole numbers are taken for classes
LARGEST = 1e100  # a larger number overflows when it is squared and summed
PLAINLY = (
    "write numbers with digits and a decimal mark alone, without a unit, a percent sign or a mark for "
    "thousands, and dates as a count of days"
)


def describe(table):
    """Return what each column holds, and how many of its values are missing, or different.

    Parameters
    ----------
    table : pandas.DataFrame
        As `read_table` returns it.

    Returns
    -------
    pandas.DataFrame
        One row per column of the table, with the columns kind, missing, different and values.

    Raises
    ------
    TypeError
        If `table` is no table.
    """
    check_frame(table)
    rows = []
    for name, column in table.items():
        column = plain(column)
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


def guess_task(column):
    """Return "classification" for text and for a few different whole numbers, else "regression"."""
    if not isinstance(column, pd.Series):
        raise TypeError(f"column must be a pandas.Series, such as table['y'], got {brief(column)}")
    column = plain(column)
    numbers, wrong = numbers_of(column)
    different = numbers.dropna().unique()
    few = len(different) <= min(FEW_CLASSES, numbers.notna().sum() // 2)
    whole = np.array_equal(different, np.round(different))
    return "classification" if is_text(column, wrong) or (few and whole) else "regression"


def check_frame(table):
    """Raise unless this is a table of pandas."""
    if not isinstance(table, pd.DataFrame):
        right = "a pandas.DataFrame, as read_table returns"
        raise TypeError(f"table must be {right}, got {type(table).__name__}")


def plain(column):
    """Return a column of numbers as such; values that cannot be compared, such as lists, as text."""
    if column.dtype != object:
        return column
    return column.map(lambda value: value if isinstance(value, Hashable) else str(value)).infer_objects()


def numbers_of(column):
    """Return a column as numbers, NaN where there is none, and what in it is neither that nor missing.

    True and false count as 1 and 0, and a minus sign as a hyphen. Numbers too large to be squared count as
    wrong.

    Returns
    -------
    numbers : pandas.Series of float
    wrong : pandas.Series
        The other values, with their index.
    """
    if is_numeric(column):
        numbers = pd.Series(column.to_numpy(float, na_value=np.nan), column.index)
    else:
        codes, words = pd.factorize(column)  # each different word is read only once; −1 is missing
        texts = pd.Series(words, dtype=object).astype(str).replace({"True": "1", "False": "0"})
        texts = texts.str.replace("−", "-")
        each = pd.to_numeric(texts, errors="coerce").to_numpy(float)
        numbers = pd.Series(np.append(each, np.nan)[codes], column.index)
    numbers = numbers.where(numbers.abs() < LARGEST)
    return numbers, column[numbers.isna() & column.notna()]


def is_numeric(column):
    """Return whether pandas holds a column as real numbers, and not as truth values."""
    return getattr(column.dtype, "kind", "") in ("i", "u", "f")


def is_text(column, wrong):
    """Return whether most of the values in a column are `wrong`, no number."""
    return 2 * len(wrong) > int(column.notna().sum())


def why_not_a_feature(name, column, wrong):
    """Say why a column cannot be a feature; nothing, if it can."""
    if column.isna().all():
        return f"Column {name!r} is empty."
    if is_text(column, wrong):
        advice = PLAINLY if like_numbers(wrong) else "pandas.get_dummies makes numbers of a few words"
        if is_numeric(wrong):
            advice = "write them in a larger unit"
        return f"Column {name!r} holds {first_of(wrong)}, and a feature must be a number ({advice})."
    return ""


def like_numbers(wrong):
    """Return whether the first of some text looks like a number with something around it."""
    return bool(re.match(r"\W*\d", str(wrong.iloc[0])))


def instead_of_classes(column):
    """Say what to do with a column that holds no classes."""
    _, wrong = numbers_of(column)
    if not is_text(column, wrong):
        return "choose regression, or another column"
    return f"{PLAINLY}, or choose another column" if like_numbers(wrong) else "choose another column"


def not_numbers(name, wrong):
    """Return a note on which lines hold something else among the numbers."""
    if wrong.empty:
        return []
    first = [f"{quoted(value)} in line {line}" for line, value in wrong.iloc[:SHOWN].items()]
    found = listed(first, len(wrong))
    return [f"Column {name!r} holds {found} among its numbers: counted as missing."]


def first_of(wrong):
    """Say what is no number, and where the first of it is."""
    what = "numbers too large" if is_numeric(wrong) else "text"
    return f"{what} (line {wrong.index[0]}: {quoted(wrong.iloc[0])})"
