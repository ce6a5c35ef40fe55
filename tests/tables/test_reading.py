"""Files that learners bring: each kind is read right, or refused in a sentence that says what to do."""

import pandas as pd
import pytest

from gdutils.tables import describe, read_table
from gdutils.tables.files import is_ratings


@pytest.fixture
def write(tmp_path):
    """Return a function that writes a file and returns its path."""

    def write(content, name="data.csv"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


SAME = {
    "commas": "a,b\n1.5,x\n2,y z\n",
    "tabs": "a\tb\n1.5\tx\n2\ty z\n",
    "bars": "a|b\n1.5|x\n2|y z\n",
    "decimal commas": "a;b\n1,5;x\n2;y z\n",
    "decimal commas in quotation marks": 'a;b\n"1,5";x\n"2";y z\n',
    "Windows line ends": "a,b\r\n1.5,x\r\n2,y z\r\n",
    "old Macintosh line ends": "a,b\r1.5,x\r2,y z\r",
    "a byte order mark": "\ufeffa,b\n1.5,x\n2,y z\n",
    "16 bits a letter": "a\tb\n1.5\tx\n2\ty z\n".encode("utf-16"),
    "quotation marks": '"a","b"\n"1.5","x"\n"2","y z"\n',
    "spaces": "a , b\n 1.5 ,  x\n2 , y z  \n",
}


@pytest.mark.parametrize("content", SAME.values(), ids=SAME)
def test_forms_of_one_table(write, content):
    table = read_table(write(content))
    wanted = pd.DataFrame({"a": [1.5, 2.0], "b": ["x", "y z"]}, index=pd.Index([2, 3], name="line"))
    pd.testing.assert_frame_equal(table, wanted)


def test_rows_are_called_by_the_line_on_which_they_end(write):
    path = write('\n  \ngröße,"b, c"\n\n1,"two\nlines, and ""more"""\n,\n 3 , \U0001f377\n,,,\n\n')
    table = read_table(str(path))
    assert list(table) == ["größe", "b, c"]
    assert table.index.tolist() == [6, 8]
    assert table["b, c"].tolist() == ['two\nlines, and "more"', "\U0001f377"]


@pytest.mark.parametrize("first", ["sep=;", '"sep=;"', "SEP=;"])
def test_a_first_line_that_names_the_separator_is_skipped(write, first):
    """Spreadsheet programs write it where a comma is the decimal mark."""
    table = read_table(write(f"{first}\r\na;b\r\n1,5;2\r\n"))
    assert (list(table), table.index.tolist(), table["a"].tolist()) == (["a", "b"], [3], [1.5])


def test_text_with_commas_does_not_make_decimals_of_points(write):
    table = read_table(write("a;b;c\n1.5;1,2;1,2 or 3\n2.5;3,4;x\n"))
    assert table["a"].tolist() == [1.5, 2.5]
    assert table["b"].tolist() == ["1,2", "3,4"]


def test_missing_values(write):
    table = read_table(write("a,b,c\n1,x,?\nNA , NaN,-\n,null,3\nn/a,y,4\n"))
    assert table.isna().to_numpy().astype(int).tolist() == [[0, 0, 1], [1, 1, 1], [1, 1, 0], [1, 0, 0]]


def test_ratings_are_told_from_tables(write):
    for content in ("userId,movieId,rating\n1,2,3\n", "1\t2\t3\t881250949\n", "1::2::3.5::9\n"):
        assert is_ratings(write(content))
    for content in ("a\tb\n1.5\t3\n", "user_age,price,rating\n30,3,5\n", b"\xff\n"):
        assert not is_ratings(write(content))


NOT_TEXT = "is not text: a CSV file is needed, in UTF-8"
UNREADABLE = {
    "empty": ("", "is empty: it must hold rows of values"),
    "header only": ("a,b\n", "has a line of names and no rows of values below it: add some"),
    "one column": ("a\n1\n2\n", "has one column, 'a', and must have at least two: .* by a comma, a semi"),
    "no names": ("1,2\n3,4\n", r"line 1 of .* must name the columns, and holds numbers \(1, 2\): add a line"),
    "a name twice": ("a,b,a\n1,2,3\n", "line 1 of .* names 2 columns 'a': rename all but one"),
    "a row too long": ("a,b\n1,2\n\n1,2,3\n", "line 4 of .* has 3 values and .* names has 2: mend it"),
    "a row too short": ("a;b\n1;2\n3\n", r"line 3 of .* has 1 value and .* has 2.*\(the separator is a semi"),
    "a quotation mark left open": ('a,b\n1,2\n3,"4\n5,6\n', "from line 3 of .*: is a quotation mark missing"),
    "Latin-1": ("a,b\n1,2\nMüller,3\n".encode("latin-1"), f"line 3 of .* {NOT_TEXT}.*“Save as”"),
    "a picture": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)), f"line 1 of .* {NOT_TEXT}"),
}


@pytest.mark.parametrize(("content", "words"), UNREADABLE.values(), ids=UNREADABLE)
def test_what_cannot_be_read_is_a_sentence(write, content, words):
    path = write(content)
    with pytest.raises(ValueError, match=words) as caught:
        read_table(path)
    assert str(path) in str(caught.value)


def test_no_such_file(write):
    path = write("a,b\n1,2\n", "wine.csv")
    with pytest.raises(FileNotFoundError, match=r"no file .*vine.csv; beside it there is wine.csv$"):
        read_table(path.with_name("vine.csv"))
    with pytest.raises(FileNotFoundError, match=r"no file .*; download it"):
        read_table("https://example.org/wine.csv")
    with pytest.raises(ValueError, match="is a folder: name a file in it"):
        read_table(path.parent)


def test_description(write):
    rows = "\n".join(["1,b,?,2,True", "2.5,a,,3,False", "?,a,NA,n/k,True"])
    found = describe(read_table(write(f"number,word,nothing,both,truth\n{rows}\n")))
    assert found["kind"].tolist() == ["numbers", "text", "empty", "numbers and text", "numbers"]
    assert found["missing"].tolist() == [1, 0, 3, 0, 0]
    assert found["different"].tolist() == [2, 2, 0, 3, 2]
    assert found["values"].tolist() == ["1 to 2.5", "a, b", "", "2 to 3", "0 to 1"]
