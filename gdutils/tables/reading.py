"""A learner's file, read as a table, or refused in a sentence that says what to do."""

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

from gdutils.datasets import load_ratings
from gdutils.tables.columns import parse
from gdutils.tables.words import counted, listed, quoted

SEPARATORS = {"\t": "a tab", ";": "a semicolon", "|": "a bar", ",": "a comma"}
SAMPLE = 200  # lines that decide on the separator
HOLES = ["?", "-", "--", "."]  # beside what pandas itself takes for a missing value
WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # the first bytes of .xlsx and .xls
MOVIELENS = re.compile(rb"[0-9]+(\t|::)[0-9]+\1[0-5](\.[05])?\1[0-9]{9,10}\s")
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
    text, note = text_of(path, file)
    separator, names = find_form(path, text)
    how = {"sep": separator, "names": names, "header": 0, "index_col": False, "skipinitialspace": True}
    try:
        table = pd.read_csv(io.StringIO(text), **how, na_values=HOLES, low_memory=False)
        words = [name for name in names if table[name].dtype.kind not in "iuf"]
        raw = pd.read_csv(io.StringIO(text), **how, usecols=words, dtype=str, keep_default_na=False)
    except pd.errors.ParserError as error:
        found = re.search(r"Expected (\d+) fields in line (\d+), saw (\d+)", str(error))
        if found:
            error = "line {1} has {2} values, and the line of names has {0}".format(*found.groups())
        right = "fix the line, or read the file with options of pandas.read_csv"
        raise ValueError(f"{path} cannot be read ({error}): {right}") from None
    notes = {}
    for name in words:
        table[name], notes[name] = parse(raw[name])
    table = table.dropna(how="all").reset_index(drop=True)
    if table.empty:
        raise ValueError(f"{path} has a line of names and no rows of values below it: add some")
    if not are_names(names, table):
        raise ValueError(
            f"the first line of {path} must name the columns, and looks like a row of values "
            f"({quoted(names)}): write a line of names above it"
        )
    if SUMMARY.fullmatch(str(table.iloc[-1, 0])):
        note += f" The last row begins with {table.iloc[-1, 0]!r}: table = table[:-1] leaves it out."
    table.attrs["notes"] = notes | {"": note.strip()}
    return table


def find(path):
    """Return the path of a file that exists."""
    file = Path(os.path.expanduser(path))
    if not os.path.isfile(file):
        near = sorted(other.name for other in file.parent.glob("*.csv"))
        where = f"beside it there is {listed(near)}" if near else f"you are in {Path.cwd()}"
        raise FileNotFoundError(f"there is no file {path} ({where})")
    return file


def text_of(path, file):
    r"""Return what a file says, with lines that end in ``\n``, and a sentence on its encoding or ""."""
    raw, note = file.read_bytes(), ""
    if raw.startswith(b"\x1f\x8b"):
        try:
            raw = gzip.decompress(raw)
        except (OSError, EOFError, zlib.error) as error:
            raise ValueError(f"{path} cannot be unpacked ({error}): copy or download it again") from None
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
    found = {}
    for separator in SEPARATORS:
        try:
            names, *rows = csv.reader(lines, delimiter=separator, skipinitialspace=True)
        except ValueError:
            raise ValueError(f"{path} is empty: a line of names and rows of values are needed") from None
        width, count = Counter(map(len, rows or [names])).most_common(1)[0]
        if width > 1:  # agreement from 0 to 2; 1 of it is that of the names
            found[separator] = count / len(rows or [names]) + (len(names) == width), names, width
    if not found:
        right = f"columns are separated by {listed(SEPARATORS.values())}"
        raise ValueError(f"{path} has a single column, and needs at least two: {right}")
    separator = max(found, key=lambda each: found[each][0])
    _, names, width = found[separator]
    names = [name.strip() or f"column {number}" for number, name in enumerate(names, start=1)]
    if len(names) < width:
        raise ValueError(
            f"the first line of {path} has {counted(len(names), 'name')} ({quoted(names)}), and the rows have "
            f"{width} values separated by {SEPARATORS[separator]}: name each column. If it is a title, "
            "read_table(path, skiprows=1) skips it"
        )
    if len(set(names)) < len(names):
        raise ValueError(f"the first line of {path} must name each column once, got {quoted(names)}")
    return separator, names


def are_names(names, table):
    """Return whether the first line names the columns: few of its words and numbers are like those below."""
    numbers = pd.to_numeric(pd.Series(names).str.replace(",", "."), errors="coerce").to_numpy()
    found = numbers[~np.isnan(numbers)]
    years = ((found >= 1500) & (found <= 2100)).all()
    alike = [
        column.min() <= number <= column.max() if column.dtype.kind in "iuf" else name in set(column)
        for (name, column), number in zip(table.items(), numbers, strict=True)
    ]
    if len(found) > 1 and (years or (np.diff(found) == 1).all()):
        alike = []  # names may be the years, or count up
    return len(found) < len(names) and 2 * sum(alike) < len(names)


def read_ratings(path):
    """Read ratings: a file with the columns user, item or movie, and rating, or in a form of MovieLens.

    Parameters
    ----------
    path : str or path-like

    Returns
    -------
    X, y, users, items : ndarray, or None
        As `gdutils.datasets.load_ratings` returns them; None if the file holds something else.
    """
    file = find(path)
    with open(file, "rb") as start:
        if MOVIELENS.match(start.readline(100)):
            return load_ratings(file)
    table = read_table(path)
    found = {re.sub("(id)?$", "", re.sub("[^a-z]", "", name.lower())): name for name in table}
    item = "item" if "item" in found else "movie"
    if not {"user", item, "rating"} <= found.keys():
        return None
    users, items = (pd.factorize(table[found[each]], sort=True) for each in ("user", item))
    return np.column_stack([users[0], items[0]]), table[found["rating"]].to_numpy(), users[1], items[1]
