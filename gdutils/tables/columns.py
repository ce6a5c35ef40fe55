"""What a column holds: numbers in whatever form they are written, words, dates or row numbers."""

import re

import numpy as np
import pandas as pd

MOST_LEVELS = 20  # words of a column that become one-hot columns
LARGEST = 1e100  # the square of a larger number could overflow
HOLES = {"", "?", "-", "--", ".", "na", "n/a", "#n/a", "nan", "null", "none", "<na>"}
AROUND = " \N{NO-BREAK SPACE}\t\n$€£¥₹%"  # what may stand before or after a number
DATE = re.compile(r"[0-9]{4}([-/.])[0-9]+\1[0-9]+([ T].*)?|[0-9]{1,2}([-/.])[0-9]{1,2}\3[0-9]{2,4}( .*)?")
DAY_FIRST = re.compile(r"(1[3-9]|[23][0-9])[-/.]")
ROW_NUMBER = re.compile(r"column 1|Unnamed: 0|rownames|index|(.*[^A-Za-z])?(id|Id|ID)|.*[a-z](Id|ID)")


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
        Of floats or of strings; NaN is a hole.
    sentence : str
        What the reader should know about it, or "".
    """
    if column.dtype.kind in "iuf" and not words:
        numbers = column.astype(float)
        return numbers.where(numbers.abs() < LARGEST), ""
    codes, found = pd.factorize(column)  # each different word is read only once; −1 is a hole
    texts = np.array([str(word).strip() for word in found], dtype=object)
    count = np.bincount(codes[codes >= 0], minlength=len(texts))
    values, sentence = as_numbers(texts, count)
    holes = np.array([text.lower() in HOLES for text in texts], dtype=bool)
    strange = np.isnan(values) & ~holes
    if words or (words is None and count @ ~np.isnan(values) <= count @ strange):
        # A minus sign beside a plus sign is a class, and so is a "None" that fills most of the rows.
        kept = ~holes | ((texts == "-") & ("+" in texts)) | (2 * count > len(column))
        values = np.where(kept & (texts != ""), texts, np.nan)
        sentence = about_spelling(column.name, texts[kept])
    elif strange.any():
        found = quoted(texts[strange])
        sentence = f"Column {column.name!r} holds {found} among its numbers: counted as missing."
    return pd.Series(np.append(values, np.nan)[codes], column.index, name=column.name), sentence


def as_numbers(texts, count):
    """Return texts as numbers, NaN elsewhere, and a sentence if it is not clear what their comma means."""
    bare = [text.replace("−", "-").strip(AROUND) for text in texts]
    point, comma = (np.array([bool(form.fullmatch(text)) for text in bare], dtype=bool) for form in FORMS)
    fits, thousands = (comma, ".") if count @ comma > count @ point else (point, ",")
    plain = [text.replace(thousands, "").replace(",", ".") for text in bare]
    numbers = np.array([float(text) if fit else np.nan for text, fit in zip(plain, fits, strict=True)])
    numbers[np.abs(numbers) >= LARGEST] = np.nan
    grouped = [text for text, each in zip(bare, point & comma, strict=True) if each and "," in text]
    if not grouped or len(grouped) < fits.sum():
        return numbers, ""
    read = f"{grouped[0]!r} is read as {grouped[0].replace(',', '')}"
    return numbers, f'{read}. For a decimal comma, use read_table(path, sep=";", decimal=",").'


def unfit(name, column):
    """Say why a column, as `parse` returns it, cannot be a feature; "" if it can."""
    different = column.dropna().unique()
    if len(different) < 2:
        return f"it has a single value, {quoted(different)}" if len(different) else "it is empty"
    if code := days(name, different):
        return f"it holds dates. This line makes days of them: {code}"
    if column.dtype.kind == "O" and len(different) > MOST_LEVELS:
        return f"it has {len(different):,} different words, more than {MOST_LEVELS}"
    return ""


def days(name, different):
    """Return the code that makes numbers of a column of dates, or "" if most of its values are no dates."""
    words = [str(value) for value in different[:100]]
    if 2 * sum(bool(DATE.fullmatch(word)) for word in words) <= len(words):
        return ""
    order = ", dayfirst=True" if any(DAY_FIRST.match(word) for word in words) else ""
    dates = f"pd.to_datetime(table[{name!r}]{order})"
    return f'table[{name!r}] = ({dates} - pd.Timestamp("2000-01-01")).dt.days'


def about_spelling(name, words):
    """Return a sentence on words that differ only in capital letters, or ""."""
    words = pd.Series(words, dtype=object).drop_duplicates()
    several = words[words.map(str.casefold).duplicated(keep=False)]
    fix = f"table[{name!r}] = table[{name!r}].str.lower()"
    said = f"Column {name!r} spells words in several ways: {quoted(several)}. To make them one: {fix}"
    return said if len(several) else ""


def quoted(items, shown=5):
    """List the first few of some words, in quotation marks, and say how many more there are."""
    items = [repr(shortened(item, 26)) for item in items]
    more = f" and {len(items) - shown:,} more" if len(items) > shown else ""
    return ", ".join(items[:shown]) + more


def shortened(name, length):
    """Return a name on one line that has room."""
    name = " ".join(str(name).split())
    return name if len(name) <= length else name[: length - 1] + "…"
