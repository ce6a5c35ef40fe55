"""A learner's file, read as a table, or refused in a sentence that says what to do."""

import csv
import gzip
import io
import os
import re
import zlib
from collections import Counter
from pathlib import Path

import pandas as pd

from gdutils.tables.columns import parse, quoted

SEPARATORS = "\t;|,"  # the first of those that fit
SAMPLE = 200  # lines that decide on the separator
HOLES = ["", "?", "-", "--", ".", "NA", "N/A", "n/a", "#N/A", "NaN", "nan", "NULL", "null", "None", "<NA>"]
WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # the first bytes of .xlsx and .xls
SUMMARY = re.compile(r"(grand )?(total|sum|mean|average)s?:?", re.IGNORECASE)


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
    except (EOFError, zlib.error, csv.Error, pd.errors.ParserError) as error:
        said = str(error).strip().rpartition("C error: ")[2]
        raise ValueError(f"{path} cannot be read: {said}. Fix the file, or copy it again") from None
    notes = {"": note}
    for name in table.select_dtypes(exclude="number"):
        table[name], notes[name] = parse(table[name])
    table = table.dropna(how="all").reset_index(drop=True)
    if table.empty:
        raise ValueError(f"{path} has a line of names and no rows of values below it: add some")
    if not are_names(names, table):
        found = f"the first line of {path} looks like a row of values ({quoted(names)})"
        raise ValueError(f"{found}: write a line of names above it")
    if SUMMARY.fullmatch(str(table.iloc[-1, 0])):
        notes[""] += f" The last row begins with {table.iloc[-1, 0]!r}: table[:-1] leaves it out."
    table.attrs["notes"] = notes
    return table


def find(path):
    """Return the path of a file that exists."""
    file = Path(os.path.expanduser(path))
    if not os.path.isfile(file):
        near = sorted(other.name for other in file.parent.glob("*.csv"))
        where = f"beside it there is {quoted(near)}" if near else f"you are in {Path.cwd()}"
        raise FileNotFoundError(f"there is no file {str(path)!r} ({where})")
    return file


def text_of(path, file):
    r"""Return what a file says, with lines that end in ``\n``, and a sentence on its encoding or ""."""
    raw, note = file.read_bytes(), ""
    if raw.startswith(b"\x1f\x8b"):
        raw = gzip.decompress(raw)
    if raw.startswith(WORKBOOKS):
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
    forms = [fit(lines, separator) for separator in SEPARATORS]
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
    if numbers.isna().any() and steps.nunique() == 1 < len(steps):
        return True  # beside a word, such as the years of a table of states
    alike = 0
    for (name, column), number in zip(table.items(), numbers, strict=True):
        is_number = column.dtype.kind in "iuf"
        alike += column.min() <= number <= column.max() if is_number else (column == name).any()
    return numbers.isna().any() and 2 * alike < len(names)
