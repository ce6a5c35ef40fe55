"""A learner's file, read as a table of numbers and words, or refused in a sentence that says what to do."""

import csv
import gzip
import io
import os
import re
import zlib
from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd

SAMPLE = 200  # lines that decide on the separator
HOLES = {"", "?", "-", "--", ".", "NA", "N/A", "n/a", "#N/A", "NaN", "nan", "NULL", "null", "None", "<NA>"}
MOST_LEVELS, LARGEST = 20, 1e100  # words that become one-hot columns; what can be squared without overflow
AROUND = " \N{NO-BREAK SPACE}\t\n$€£¥₹%"  # what may stand before or after a number
DATE = re.compile(r"[0-9]{4}([-/.])[0-9]+\1[0-9]+([ T].*)?|[0-9]{1,2}([-/.])[0-9]{1,2}\3[0-9]{2,4}( .*)?")
ROW_NUMBER = re.compile(r"column 1|Unnamed: 0|rownames|index|(.*[^A-Za-z])?(id|Id|ID)|.*[a-z](Id|ID)")


def read_table(path, **options):
    r"""Read a text file of rows below a line of names.

    What pandas cannot know is found out from the rows: the separator (a comma, a semicolon, a tab or a bar),
    decimal commas, marks for thousands, and the encoding (UTF-8, UTF-16 or Windows-1252). A ``.gz`` file is
    unpacked.

    Parameters
    ----------
    path : str or path-like
    **options
        With any of them, the file is read by ``pandas.read_csv(path, **options)`` and by nothing else.

    Returns
    -------
    pandas.DataFrame
        Numbers where most of a column can be read as numbers, words elsewhere. What the reader should know
        is in ``table.attrs["notes"]``: sentences, by the name of the column, or "" for the file.

    Raises
    ------
    OSError
        If there is no such file, or it may not be read.
    ValueError
        If it is not text, or has no line of names, no rows, a single column, or a row with too many values.
    TypeError
        If `path` is no path.
    """
    file = find(path)
    if options:
        return pd.read_csv(file, **options)
    try:
        text, note = text_of(path, file)
        separator, names = find_form(path, text)
        how = {"sep": separator, "names": names, "header": 0, "index_col": False, "skipinitialspace": True}
        first = pd.read_csv(io.StringIO(text), **how, na_values=HOLES, nrows=SAMPLE)
        numbers = list(first.select_dtypes("number"))
        kinds = {"dtype": dict.fromkeys(first.columns.drop(numbers), str), "keep_default_na": False}
        kinds["na_values"] = dict.fromkeys(numbers, HOLES)  # among words, they may be classes
        table = pd.read_csv(io.StringIO(text), **how, **kinds, low_memory=False)
    except (EOFError, gzip.BadGzipFile, zlib.error, csv.Error, pd.errors.ParserError) as error:
        said = str(error).strip().rpartition("C error: ")[2]
        raise ValueError(f"{path} cannot be read: {said}. Fix the file, or copy it again") from None
    notes = {"": note}
    for name in table.select_dtypes(exclude="number"):
        table[name], notes[name] = parse(table[name])
    table = table.dropna(how="all").reset_index(drop=True)
    if table.empty:
        raise ValueError(f"{path} has a line of names and no rows of values below it: add some")
    if not are_names(names, table):
        raise ValueError(f"{path} begins with values ({quoted(names)}): write a line of names above them")
    if str(table.iloc[-1, 0]).lower() in ("total", "grand total", "sum", "mean", "average"):
        notes[""] += f" The last row begins with {table.iloc[-1, 0]!r}: table[:-1] leaves it out."
    table.attrs["notes"] = notes
    return table


def find(path):
    """Return the path of a file that exists."""
    file = Path(os.path.expanduser(path))
    if not os.path.isfile(file):
        near = quoted(sorted(other.name for other in file.parent.glob("*.csv"))) or "no CSV file"
        raise FileNotFoundError(f"there is no file {str(path)!r} ({near} in its folder)")
    return file


def text_of(path, file):
    r"""Return what a file says, with lines that end in ``\n``, and a sentence on its encoding or ""."""
    raw, note = file.read_bytes(), ""
    if raw.startswith(b"\x1f\x8b"):
        raw = gzip.decompress(raw)
    if raw.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):  # .xlsx and .xls
        raise ValueError(f"{path} is an Excel workbook or an archive: save the sheet as CSV, and read that")
    try:
        text = raw.decode("utf-16" if raw.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", "replace")
        note = f"{path} is not UTF-8 and is read as Windows-1252: look at its accented letters."
    if "\0" in text:
        raise ValueError(f"{path} is not text: a CSV file is needed, as spreadsheet programs save it")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    # What spreadsheet programs write first becomes a blank line, so that all others keep their numbers.
    return re.sub(r'\A\s*"?sep=.?"?(?=\n)', "", text, flags=re.IGNORECASE), note


def find_form(path, text):
    """Return the separator and the names of the columns; the rows decide, not the line of names alone."""
    lines = [line for line in text.split("\n", SAMPLE)[:SAMPLE] if line.strip()]
    if not lines:
        raise ValueError(f"{path} is empty: a line of names and rows of values are needed")
    forms = [fit(lines, separator) for separator in "\t;|,"]
    agreement, width, names, separator = max(forms, key=lambda form: form[0])
    if not agreement:
        raise ValueError(f"{path} has one column: commas, semicolons, tabs or bars must separate several")
    names = [name.strip() or f"column {number}" for number, name in enumerate(names, start=1)]
    if len(names) < width or len(set(names)) < len(names):
        wrong = f"the first line of {path} must name each of {width} columns once, got {quoted(names)}"
        raise ValueError(f"{wrong}. If it is a title, read_table(path, skiprows=1) skips it")
    return separator, names


def fit(lines, separator):
    """Return how well lines agree on a width, from 0 to 2, that width, the names, and the separator."""
    names, *rows = csv.reader(lines, delimiter=separator, skipinitialspace=True)
    width, count = Counter(map(len, rows or [names])).most_common(1)[0]
    agreement = count / len(rows or [names]) + (len(names) == width) if width > 1 else 0
    return agreement, max([width, *map(len, rows[:1])]), names, separator


def are_names(names, table):
    """Return whether the first line names the columns: few of its words and numbers are like those below."""
    numbers = pd.to_numeric(pd.Series(names).str.replace(",", "."), errors="coerce")
    steps = numbers.dropna().diff().dropna()
    spaced = steps.nunique() == 1 < len(steps)  # such as the years in a table of states
    alike = [
        column.min() <= number <= column.max() if column.dtype.kind in "iuf" else (column == name).any()
        for (name, column), number in zip(table.items(), numbers, strict=True)
    ]
    return numbers.isna().any() and (spaced or 2 * sum(alike) < len(names))


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
    holes = np.array([text in HOLES for text in texts], dtype=bool)
    strange = np.isnan(values) & ~holes
    if words or (words is None and count @ ~np.isnan(values) <= count @ strange):
        # A minus sign beside a plus sign is a class, and so is a "None" that fills most of the rows.
        kept = ~holes | ((texts == "-") & ("+" in texts)) | (2 * count > len(column))
        values = np.where(kept & (texts != ""), texts, np.nan)
        sentence = about_spelling(column.name, texts[kept])
    elif strange.any():
        sentence = f"Column {column.name!r} holds {quoted(texts[strange])} among its numbers: taken as holes."
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
    return numbers, f'{grouped[0]!r} is read with thousands; else use read_table(path, sep=";", decimal=",").'


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
    order = ", dayfirst=True" if any(re.match("(1[3-9]|[23][0-9])[-/.]", word) for word in words) else ""
    return f'table[{name!r}] = (pd.to_datetime(table[{name!r}]{order}) - pd.Timestamp("2000-01-01")).dt.days'


def about_spelling(name, words):
    """Return a sentence on words that differ only in capital letters, or ""."""
    words = pd.Series(words, dtype=object).drop_duplicates()
    several = words[words.map(str.casefold).duplicated(keep=False)]
    said = f"Column {name!r} has several spellings: {quoted(several)}; table[{name!r}].str.lower() has one"
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
