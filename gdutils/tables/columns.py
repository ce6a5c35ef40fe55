"""What a column holds: numbers in whatever form they are written, words, dates or row numbers."""

import re

import numpy as np
import pandas as pd

from gdutils.tables.words import quoted

MOST_LEVELS = 20  # of a column of words that becomes one-hot columns
LARGEST = 1e100  # the square of a larger number could overflow
HOLES = {"", "?", "-", "--", ".", "na", "n/a", "#n/a", "nan", "null", "none", "<na>"}
AROUND = " \N{NO-BREAK SPACE}\t\n$€£¥₹%"  # what may stand before or after a number
GROUPED = re.compile("(?<=[0-9])[ '\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}’](?=[0-9]{3})")
DATE = re.compile(
    r"[0-9]{4}([-/.])[0-9]{1,2}\1[0-9]{1,2}([ T].*)?|[0-9]{1,2}([-/.])[0-9]{1,2}\3[0-9]{2,4}( .*)?"
)
ROW_NUMBER = re.compile(r"rownames|index|(.*[^A-Za-z])?(id|Id|ID)|.*[a-z](Id|ID)")
UNNAMED = re.compile(r"column [0-9]+|Unnamed: [0-9]+")


def form(decimal, thousands):
    """Return the pattern of a number with this decimal mark and, if any, this mark for thousands."""
    whole = rf"([0-9]*|[1-9][0-9]{{0,2}}([{thousands}][0-9]{{3}})+)"
    return re.compile(rf"[-+]?(?=[{decimal}]?[0-9]){whole}([{decimal}][0-9]*)?([eE][-+]?[0-9]+)?")


FORMS = form(".", ","), form(",", ".")


def parse(column, words=None):
    """Return a column as numbers if most of its values can be read as such, else as words.

    Percent and currency signs are dropped. The column as a whole decides whether a comma is the decimal mark
    or separates thousands: beside "900", "1,011" is 1011; beside "1,73", it is 1.011.

    Parameters
    ----------
    column : pandas.Series
    words : bool, optional
        True for words and False for numbers, whatever most values are.

    Returns
    -------
    column : pandas.Series
        Of floats or of strings; NaN is a hole. Dates of pandas are returned unchanged.
    sentence : str
        What the reader should know about it, or "".
    """
    if column.dtype.kind == "M" and words is None:
        return column, ""
    if column.dtype.kind in "iuf" and not words:
        numbers = pd.Series(column.to_numpy(float, na_value=np.nan), column.index)
        return numbers.where(numbers.abs() < LARGEST), ""
    codes, found = pd.factorize(column)  # each different word is read only once; −1 is a hole
    texts = [str(word).strip() for word in found]
    counts = np.bincount(codes[codes >= 0], minlength=len(texts))
    holes = [text.lower() in HOLES for text in texts]
    numbers, mark = as_numbers(texts, counts)
    strange = np.isnan(numbers) & ~np.array(holes, dtype=bool)
    if words is None:
        words = counts @ ~np.isnan(numbers) <= counts @ strange
    if words:
        # A minus sign beside a plus sign is a class, and so is a "None" that fills most of the rows.
        kept = (text == "-" and "+" in texts or 2 * n > len(column) for text, n in zip(texts, counts))
        values = [
            text if text and (keep or not hole) else np.nan for text, keep, hole in zip(texts, kept, holes)
        ]
        return pd.Series(np.array([*values, np.nan], dtype=object)[codes], column.index), ""
    sentence = ""
    if strange.any():
        found = quoted(text for text, is_strange in zip(texts, strange) if is_strange)
        sentence = f"Column {column.name!r} holds {found} among its numbers: counted as missing."
    elif mark == "?":
        example = next(text for text in texts if "," in text)
        sentence = (
            f"Column {column.name!r}: the comma of {example!r} is taken for a mark of thousands. If it is a "
            'decimal comma, use read_table(path, sep=";", decimal=",").'
        )
    return pd.Series(np.append(numbers, np.nan)[codes], column.index), sentence


def as_numbers(texts, counts):
    """Return texts as numbers, NaN elsewhere, and the decimal mark: ".", ",", or "?" where it is not clear."""
    bare = [GROUPED.sub("", text.replace("−", "-").strip(AROUND)) for text in texts]
    point, comma = ([bool(each.fullmatch(text)) for text in bare] for each in FORMS)
    mark, fits, thousands = ".", point, ","
    if counts @ comma > counts @ point:
        mark, fits, thousands = ",", comma, "."
    elif (
        any(point)
        and point == comma
        and all("," in text for text, fit in zip(bare, fits, strict=True) if fit)
    ):
        mark = "?"
    plain = [text.replace(thousands, "").replace(",", ".") for text in bare]
    numbers = np.array([float(text) if fit else np.nan for text, fit in zip(plain, fits, strict=True)])
    numbers[np.abs(numbers) >= LARGEST] = np.nan
    return numbers, mark


def unfit(name, column):
    """Say why a column, as `parse` returns it, cannot be a feature; "" if it can."""
    values = column.dropna()
    different = values.unique()
    if len(different) == 0:
        return "it is empty"
    if len(different) == 1:
        return f"it has a single value, {different[0]!r}"
    if is_date(values):
        return f"it holds dates. This line makes days of them: {days(name, values)}"
    if column.dtype.kind == "O" and len(different) > MOST_LEVELS:
        return f"it has {len(different):,} different words, more than {MOST_LEVELS}"
    return ""


def is_row_number(name, column):
    """Return whether a column only numbers the rows: it is called an id, or counts up without a name."""
    counts_up = column.dtype.kind == "f" and len(column) > 1 and bool((np.diff(column) == 1).all())
    return bool(ROW_NUMBER.fullmatch(name)) or (counts_up and bool(UNNAMED.fullmatch(name)))


def is_date(values):
    """Return whether most of the values of a column are dates."""
    if values.dtype.kind == "M":
        return True
    words = values.unique()[:100] if values.dtype.kind == "O" else []
    return 2 * sum(bool(DATE.fullmatch(word)) for word in words) > len(words)


def days(name, values):
    """Return the code that makes numbers of a column of dates."""
    column = f"table[{name!r}]"
    if values.dtype.kind == "O":
        first = [int(word) for word in values.str.extract(r"^([0-9]{1,2})[-/.]")[0].dropna()]
        order = ", dayfirst=True" if max(first, default=0) > 12 else ""
        column = f"pd.to_datetime({column}{order})"
    return f'table[{name!r}] = ({column} - pd.Timestamp("2000-01-01")).dt.days'


def spelled_differently(name, column):
    """Return a sentence on words that differ only in capital letters, or ""."""
    if column.dtype.kind != "O":
        return ""
    words = pd.Series(column.dropna().unique(), dtype=object)
    for group in words.groupby(words.str.casefold()).agg(list):
        if len(group) > 1:
            fix = f"table[{name!r}] = table[{name!r}].str.lower()"
            return f"Column {name!r} has several spellings of a word, {quoted(group)}. One for all: {fix}"
    return ""
