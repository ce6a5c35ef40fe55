"""Kinds of files, and what happens to each: what is read, or the sentence that refuses it."""

import gzip
import time

import numpy as np
import pandas as pd
import pytest

from gdutils.tables import read_table

nan = np.nan
GOOD = "a,b\n1.5,x\n2,y z\n"
READ = {"a": [1.5, 2.0], "b": ["x", "y z"]}
MARKS = "a;b\n{};x\n{};y z\n".format
COUNTED = "a,b\n" + "{},x\n" * 3

# kind: (what the file holds, what is read of it, or None, and a part of what is said)
KINDS = {
    "semicolons": (GOOD.replace(",", ";"), READ, ""),
    "tabs": (GOOD.replace(",", "\t"), READ, ""),
    "bars": (GOOD.replace(",", "|"), READ, ""),
    "spaces around values": ("a , b\n 1.5 ,  x\n2 , y z  \n", READ, ""),
    "quotation marks": ('"a","b"\n"1.5","x"\n"2","y z"\n', READ, ""),
    "line ends of Windows": (GOOD.replace("\n", "\r\n"), READ, ""),
    "line ends of an old Macintosh": (GOOD.replace("\n", "\r"), READ, ""),
    "blank lines and rows": ("\n\na,b\n\n1.5,x\n,\n2,y z\n\n,\n", READ, ""),
    "a first line for Excel": ("sep=;\na;b\n1,5;x\n2;y z\n", READ, ""),
    "a row without its last value": ("a,b\n1.5,x\n2\n", {"a": [1.5, 2.0], "b": ["x", nan]}, ""),
    "a value of two lines": ('a,b\n1.5,"x\nx"\n2,y\n', {"a": [1.5, 2.0], "b": ["x\nx", "y"]}, ""),
    "more commas in the names than in the rows": (
        "a, in cm;b, in m, or so;c\n1;2;3\n4;5;6\n",
        {"a, in cm": [1, 4], "b, in m, or so": [2, 5], "c": [3, 6]},
        "",
    ),
    "UTF-8 with a byte order mark": ("\ufeff" + GOOD, READ, ""),
    "UTF-16": (GOOD.encode("utf-16"), READ, ""),
    "Windows-1252": ("größe,b\n1.5,é\n".encode("cp1252"), {"größe": [1.5], "b": ["é"]}, "Windows-1252"),
    "gz": (gzip.compress(GOOD.encode()), READ, ""),
    "decimal commas in quotation marks": ('a,b\n"1,5",x\n"2",y z\n', READ, ""),
    "decimal commas without a zero": (MARKS(",50", "1,0E+01"), {"a": [0.5, 10.0]}, ""),
    "decimal commas with points for thousands": (MARKS("1.234,50", "900"), {"a": [1234.5, 900]}, ""),
    "three digits below zero": (MARKS("0,125", "1,250"), {"a": [0.125, 1.25]}, ""),
    "a comma that may be either": (MARKS("3,235", "1,011"), {"a": [3235, 1011]}, "is read with thousands"),
    "thousands in quotation marks": ('a,b\n"900",x\n"1,011",y\n', {"a": [900, 1011]}, ""),
    "signs around numbers": (MARKS("$1,200.50", "−3 €"), {"a": [1200.5, -3]}, ""),
    "percent signs": (MARKS("45%", "5.5 %"), {"a": [45, 5.5]}, ""),
    "holes": ("a,b\n1,x\n?,y\n-,\n2,NA\nn/a,z\n", {"a": [1, nan, 2, nan], "b": ["x", "y", nan, "z"]}, ""),
    "a word among numbers": (COUNTED.format(1, 2, "tall"), {"a": [1, 2, nan]}, "holds 'tall' among its"),
    "numbers too large": (COUNTED.format(1, "1e300", 2), {"a": [1, 1e300, 2]}, ""),
    "plus and minus": (COUNTED.format("+", "-", "-"), {"a": ["+", "-", "-"]}, ""),
    "none as a class": (COUNTED.format("None", "drug", "None"), {"a": ["None", "drug", "None"]}, ""),
    "spellings": (COUNTED.format("yes", "Yes", "YES"), {"a": ["yes", "Yes", "YES"]}, "several spellings: "),
    "a total": ("a,b\nx,1\ny,2\nTotal,3\n", {"a": ["x", "y", "Total"]}, "The last row begins with 'Total'"),
    "years for names": ("state,1990,1994,1998\nOhio,1995,3,4\n", {"state": ["Ohio"], "1998": [4]}, ""),
    "a name left out": (",a\n1,x\n2,y\n", {"column 1": [1, 2]}, ""),
    "nothing": (" \n\n", None, "is empty: a line of names and rows"),
    "a line of names only": ("a,b\n", None, "no rows of values below it"),
    "a single column": ("a\n1\n2\n", None, "has one column"),
    "no line of names": ("5.1,3.5\n4.9,3.0\n", None, "begins with values"),
    "words alone in a first row": ("red,small,no\nblue,big,no\nred,small,no\n", None, "begins with values"),
    "a title above the names": ("Penguins\na,b\n1,2\n3,4\n", None, "skiprows=1"),
    "a name twice": ("a,b,a\n1,2,3\n", None, "each of 3 columns once, got 'a', 'b', 'a'"),
    "a row too long": ("a,b\n1,2\n3,4\n1,2,3\n", None, "Expected 2 fields in line 4, saw 3"),
    "a first row too long": ("a,b\n1,2,3\n4,5\n6,7\n", None, "must name each of 3 columns once"),
    "a quotation mark left open": ('a,b\n1,2\n3,"4\n5,6\n', None, "EOF inside string"),
    "an Excel workbook": (b"PK\x03\x04" + bytes(9), None, "is an Excel workbook or an archive"),
    "half a gz": (gzip.compress(GOOD.encode())[:-9], None, "cannot be read: Compressed file ended"),
    "a photograph": (b"\xff\xd8\xff\xe0\0\x10JFIF\0", None, "is not text: a CSV file is needed"),
}  # fmt: skip


@pytest.mark.parametrize(("content", "expected", "said"), KINDS.values(), ids=KINDS)
def test_what_happens_to_a_file(tmp_path, content, expected, said):
    path = tmp_path / "data.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    if expected is None:
        with pytest.raises(ValueError, match=said) as refused:
            read_table(path)
        assert str(path) in str(refused.value)
        return
    table = read_table(path)
    for name, values in expected.items():
        pd.testing.assert_series_equal(table[name], pd.Series(values, name=name), check_dtype=False)
    notes = " ".join(filter(None, table.attrs["notes"].values()))
    assert said in notes
    assert bool(said) == bool(notes)


def test_options_go_to_pandas(tmp_path):
    path = tmp_path / "data.csv"
    path.write_text("no table\na b\n1,011 x\n", encoding="utf-8")
    table = read_table(path, sep=" ", skiprows=1, decimal=",")
    pd.testing.assert_frame_equal(table, pd.read_csv(path, sep=" ", skiprows=1, decimal=","))


def test_no_such_file(tmp_path):
    (tmp_path / "wine.csv").write_text(GOOD, encoding="utf-8")
    with pytest.raises(FileNotFoundError, match=r"no file .*vine.csv' \('wine.csv' in its folder\)$"):
        read_table(tmp_path / "vine.csv")
    with pytest.raises(FileNotFoundError, match="no CSV file in its folder"):
        read_table("https://example.org/wine.csv")
    with pytest.raises(TypeError, match="PathLike"):
        read_table(5)


def test_a_large_file_takes_at_most_four_times_as_long_as_pandas(tmp_path):
    n, rng, seconds = 200_000, np.random.RandomState(0), {read_table: [], pd.read_csv: []}
    words, counts = rng.choice(["red", "green", "blue"], n), rng.randint(1_000, size=n)
    table = pd.DataFrame({"a": rng.standard_normal(n).round(4), "word": words, "count": counts})
    table.loc[::99, "a"] = nan
    table.to_csv(tmp_path / "large.csv", index=False, na_rep="NA")
    for read in [read_table, pd.read_csv] * 3:
        start = time.process_time()
        pd.testing.assert_frame_equal(read(tmp_path / "large.csv"), table, check_dtype=False)
        seconds[read].append(time.process_time() - start)
    assert min(seconds[read_table]) <= 4 * min(seconds[pd.read_csv])
