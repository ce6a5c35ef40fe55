"""A learner's CSV file, read as a table, or refused in a sentence that names the line and what to do."""

import csv
import io
import re
from collections import Counter

import pandas as pd

from gdutils.tables.columns import is_numeric
from gdutils.tables.files import read_text
from gdutils.tables.words import counted, listed, quoted

__all__ = ["read_table"]

SEPARATORS = {",": "a comma", ";": "a semicolon", "\t": "a tab", "|": "a bar"}
MISSING = ("?", "-")  # beside what pandas takes for a missing value: nothing, NA, NaN, null and others


def read_table(path):
    """Read a CSV file with a line of names; each row is indexed by the line on which it ends.

    The separator (a comma, a semicolon, a tab or a bar) is detected, and so is a decimal comma. Blank rows
    are skipped, and so is a first line such as "sep=;". A value is missing where there is nothing, "?",
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
    # pandas drops spaces before a value, and keeps those after it.
    text = re.sub(rf"(?<! ) +(?={re.escape(separator)}|\n|\Z)", "", text)
    names, rows, lines, filled = check_lines(path, text, separator)

    def read(**types):
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
    # In a column with text and an integer of more than 64 bits, pandas takes missing values for text as well.
    if re.search(r"\d{19}", text):
        words = [name for name, column in table.items() if not is_numeric(column)]
        table = read(dtype=dict.fromkeys(words, str))
    table.index = pd.Index(lines, name="line")
    return table[filled]


def check_lines(path, text, separator):
    """Return the names of the columns, the rows as text, their lines, and which of them hold anything."""
    stream = io.StringIO(text)
    reader = csv.reader(stream, delimiter=separator, skipinitialspace=True, strict=True)
    lines, filled = [], []
    too_long = []  # lines of separators alone
    line = 0
    try:
        names = next(filter(any, reader), [])  # there may be blank lines above
        names = check_names(path, names, reader.line_num)
        begin, line = stream.tell(), reader.line_num
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
    if too_long:  # pandas would refuse them
        first, each = text.count("\n", 0, begin) + 1, rows.split("\n")
        for line in too_long:
            each[line - first] = ""
        rows = "\n".join(each)
    return names, rows, lines, filled


def check_names(path, names, line):
    """Return the names of the columns, if they are names, and differ."""
    if not names:
        raise ValueError(f"{path} is empty: it must hold rows of values")
    names = [name.strip() or f"column {number}" for number, name in enumerate(names, start=1)]
    if len(names) == 1:
        raise ValueError(
            f"{path} has one column, {quoted(names[0])}, and must have at least two: one to predict, and one "
            "to predict it from. Columns are separated by a comma, a semicolon, a tab or a bar"
        )
    if not pd.to_numeric(pd.Series(names).str.replace(",", "."), errors="coerce").isna().any():
        raise ValueError(
            f"line {line} of {path} must name the columns, and holds numbers ({listed(names)}): "
            "add a line of names above it"
        )
    name, count = Counter(names).most_common(1)[0]
    if count > 1:
        raise ValueError(f"line {line} of {path} names {count} columns {quoted(name)}: rename all but one")
    return names


def find_decimal(text, separator):
    """Return a comma if there are numbers with a decimal comma and none with a point; else a point."""
    if separator == "," or "," not in text:
        return "."
    around = re.escape(separator)
    comma, point = (
        re.search(rf'(?:^|{around}) *"?[-+]?\d+{mark}\d+"?(?={around}|$)', text, re.MULTILINE)
        for mark in (",", r"\.")
    )
    return "," if comma and not point else "."
