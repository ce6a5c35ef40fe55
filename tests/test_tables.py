"""Tables of strangers: what is read and prepared of them, and the sentence for each that cannot be used."""

import io
import os
import pickle
import re
import zipfile

import numpy as np
import pandas as pd
import pytest
from sklearn.model_selection import train_test_split

from gdutils.tables import describe, guess_task, prepare, read_table


@pytest.fixture
def write(tmp_path):
    """Return a function that writes a file and returns its path."""

    def write(content, name="data.csv"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def frame(n=20, **columns):
    """Return a table of n rows with a feature x, a target y and what else is given, lines from 2 on."""
    rng = np.random.RandomState(0)
    own = {"x": rng.standard_normal(n), "y": rng.standard_normal(n)} | columns
    return pd.DataFrame(own, index=pd.RangeIndex(2, n + 2, name="line"))


# What is read. ---

SAME = {
    "commas": "a,b\n1.5,x\n2,y z\n",
    "semicolons": "a;b\n1.5;x\n2;y z\n",
    "tabs": "a\tb\n1.5\tx\n2\ty z\n",
    "bars": "a|b\n1.5|x\n2|y z\n",
    "decimal commas": "a;b\n1,5;x\n2;y z\n",
    "decimal commas in quotation marks": 'a;b\n"1,5";x\n"2";y z\n',
    "Windows line ends": "a,b\r\n1.5,x\r\n2,y z\r\n",
    "old Macintosh line ends": "a,b\r1.5,x\r2,y z\r",
    "a byte order mark": "\ufeffa,b\n1.5,x\n2,y z\n",
    "16 bits a letter": "a\tb\n1.5\tx\n2\ty z\n".encode("utf-16"),
    "no line end at the end": "a,b\n1.5,x\n2,y z",
    "quotation marks": '"a","b"\n"1.5","x"\n"2","y z"\n',
    "spaces": "a , b\n 1.5 ,  x\n2 , y z  \n",
}


@pytest.mark.parametrize("content", SAME.values(), ids=SAME)
def test_forms_of_one_table(write, content):
    table = read_table(write(content))
    assert table.index.name == "line"
    wanted = pd.DataFrame({"a": [1.5, 2.0], "b": ["x", "y z"]}, index=pd.Index([2, 3], name="line"))
    pd.testing.assert_frame_equal(table, wanted, check_dtype=False)
    assert table["a"].dtype == float


def test_rows_are_called_by_the_line_on_which_they_end(write):
    path = write('\n  \na,b\n\n1,"two\nlines, and ""more"""\n,\n 3 , 4\n\n')
    table = read_table(str(path))
    assert table.index.tolist() == [6, 8]
    assert table["b"].tolist() == ['two\nlines, and "more"', "4"]


@pytest.mark.parametrize("first", ["sep=;", '"sep=;"', "SEP=;"])
def test_a_first_line_that_names_the_separator_is_none_of_the_table(write, first):
    """Spreadsheet programs write it where a comma is the decimal mark."""
    table = read_table(write(f"{first}\r\na;b\r\n1,5;2\r\n"))
    assert (list(table), table.index.tolist(), table["a"].tolist()) == (["a", "b"], [3], [1.5])
    with pytest.raises(ValueError, match="is empty"):
        read_table(write(first + "\n"))


def test_text_with_commas_does_not_make_decimals_of_points(write):
    table = read_table(write("a;b\n1.5;1,2 or 3,4\n2.5;x\n"))
    assert table["a"].tolist() == [1.5, 2.5]
    table = read_table(write("a;b\n1.5;1,2\n2.5;3,4\n"))  # both: which one is the decimal is not known
    assert table["a"].tolist() == [1.5, 2.5]
    assert table["b"].tolist() == ["1,2", "3,4"]


def test_separators_within_quotation_marks_do_not_count(write):
    assert list(read_table(write('"a, b, c";d\n1;2\n'))) == ["a, b, c", "d"]


def test_missing_values(write):
    table = read_table(write("a,b,c\n1,x,?\nNA , NaN,-\n,null,3\nn/a,y,4\n"))
    assert table.isna().to_numpy().tolist() == [
        [False, False, True],
        [True, True, True],
        [True, True, False],
        [True, False, False],
    ]
    assert table["c"].dtype == float


def test_missing_values_beside_a_number_beyond_64_bits_and_text(write):
    table = read_table(write(f"a,b\n,x\nNA,y\n?,z\n{9 * 10**24},x\nabc,y\n"))
    assert table["a"].isna().tolist() == [True, True, True, False, False]
    assert table["a"].tolist()[3:] == [str(9 * 10**24), "abc"]


def test_a_blank_row_may_have_any_number_of_separators(write):
    table = read_table(write("a,b\n1,2\n,,\n,\n\n ,,,, \n3,4\n,,,\n"))
    assert table.index.tolist() == [2, 7]
    assert table["b"].tolist() == [2, 4]
    assert read_table(write("a|b\n||\n1|3\n|\n")).index.tolist() == [3]


def test_a_column_without_a_name_gets_one(write):
    assert list(read_table(write(",x,\n0,1,\n1,2,\n"))) == ["column 1", "x", "column 3"]


def test_many_columns(write):
    names = ",".join(f"c{k}" for k in range(5_000))
    rows = "\n".join(",".join(str((i * k) % 97) for k in range(5_000)) for i in range(20))
    table = read_table(write(f"{names}\n{rows}\n"))
    assert table.shape == (20, 5_000)
    assert len(prepare(table, "c1").features) > 4_000


def test_letters_of_all_kinds_are_text(write):
    table = read_table(write("größe,名前\n1,\U0001f377\ufffd\n"))
    assert list(table) == ["größe", "名前"]
    assert table.iloc[0, 1] == "\U0001f377\ufffd"


def test_home_is_found(write, monkeypatch):
    path = write("a,b\n1,2\n")
    monkeypatch.setenv("HOME", str(path.parent))
    monkeypatch.setenv("USERPROFILE", str(path.parent))
    assert read_table("~/data.csv").shape == (1, 2)


# Files that cannot be read. ---


def workbook():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("xl/worksheets/sheet1.xml", "<worksheet/>" * 9)
    return file.getvalue()


NOT_TEXT = "is not text: a CSV file is needed, in UTF-8"
UNREADABLE = {
    "empty": ("", "is empty: it must hold rows of values"),
    "blank": (" \n\r\n\t\n", "is empty"),
    "a byte order mark alone": ("\ufeff", "is empty"),
    "blank and a byte order mark": ("\ufeff \n", "is empty"),
    "separators alone": (",,\n,,\n", "is empty"),
    "header only": ("a,b\n", "has a line of names and no rows of values below it: add some"),
    "header and blank rows": ("a,b\n\n , \n", "no rows of values below it"),
    "one column": (
        "a\n1\n2\n",
        r"has one column, 'a', and must have at least two: .* by a comma, a semicolon",
    ),
    "spaces for separators": ("a b c\n1 2 3\n", "has one column, 'a b c'"),
    "no names": ("1,2\n3,4\n", r"line 1 of .* must name the columns, and holds numbers \(1, 2\): add a line"),
    "infinity for a name": ("1,inf\n3,4\n", "line 1 of .* must name the columns"),
    "no names, below blank lines": ("\n\n1.5;-2e3\n3;4\n", "line 3 of .* must name the columns"),
    "a name twice": ("a,b,a\n1,2,3\n", "line 1 of .* names 2 columns 'a': rename all but one"),
    "a row too long": (
        "a,b\n1,2\n\n1,2,3\n",
        r"line 4 of .* has 3 values and the line of names has 2: mend it \(the separator is a comma\)",
    ),
    "a row too short": ("a;b\n1;2\n3\n", r"line 3 of .* has 1 value and .* has 2.*\(the separator is a semi"),
    "a row too long after a quoted line end": ('a,b\n"1\n2",2\n1,2,3\n', "line 4 of .* has 3 values"),
    "a quotation mark left open": (
        'a,b\n1,2\n3,"4\n5,6\n7,8\n',
        r"the row from line 3 of .* on cannot be read .*: is a quotation mark missing, or one too many\?",
    ),
    "a quotation mark left open in the names": ('"a,b\n1,2\n', "the row from line 1 of"),
    "a quotation mark too many": ('a,b\n1,"2"3\n', "the row from line 2 of"),
    "a field without an end": ('a,b\n1,"' + "x" * 200_000, "the row from line 2 of"),
    "Latin-1": ("a,b\n1,2\nMüller,3\n".encode("latin-1"), f"line 3 of .* {NOT_TEXT}.*“Save as”"),
    "a picture": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)), f"line 1 of .* {NOT_TEXT}"),
    "a workbook": (workbook(), f"line 1 of .* {NOT_TEXT}"),
    "a pickle": (pickle.dumps({"a": [1, 2]}), f"line 1 of .* {NOT_TEXT}"),
    "16 bits a letter without a mark": ("a,b\n1,2\n".encode("utf-16-le"), f"line 1 of .* {NOT_TEXT}"),
    "16 bits a letter, cut": ("a,b\n1,2\n".encode("utf-16")[:-1], f"line 2 of .* {NOT_TEXT}"),
    "half a letter of 16 bits": ("a,b\n".encode("utf-16") + b"\0\xd8a\0", f"line 2 of .* {NOT_TEXT}"),
    "all bytes": (bytes(range(256)), f"line 1 of .* {NOT_TEXT}"),
    "old Macintosh": (b"a,b\r1,\xff\r", f"line 2 of .* {NOT_TEXT}"),
    "a zero byte": ("a,b\n1,2\n3,\0\n", f"line 3 of .* {NOT_TEXT}"),
}


@pytest.mark.parametrize(("content", "words"), UNREADABLE.values(), ids=UNREADABLE)
def test_what_cannot_be_read_is_a_sentence(write, content, words):
    path = write(content)
    with pytest.raises(ValueError, match=words) as caught:
        read_table(path)
    assert str(path) in str(caught.value)
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


def test_no_such_file(write, monkeypatch):
    path = write("a,b\n1,2\n", "wine.csv")
    with pytest.raises(FileNotFoundError, match=r"no file .*vine.csv; beside it there is wine.csv$"):
        read_table(path.with_name("vine.csv"))
    monkeypatch.chdir(path.parent)
    with pytest.raises(FileNotFoundError, match=re.escape(f"no file none/x.csv (you are in {path.parent})")):
        read_table("none/x.csv")
    for path in ("x" * 5_000, "x" * 5_000 + "/wine.csv"):
        with pytest.raises(FileNotFoundError, match="no file"):
            read_table(path)
    with pytest.raises(FileNotFoundError, match="no file"):
        read_table("a\0b")


def test_a_folder(tmp_path):
    with pytest.raises(ValueError, match="is a folder: name a file in it"):
        read_table(tmp_path)
    with pytest.raises(ValueError, match="is a folder"):
        read_table("")


@pytest.mark.skipif(os.name == "nt", reason="no such files there")
def test_a_device():
    with pytest.raises(ValueError, match="is a device: name a file"):
        read_table("/dev/zero")


def test_no_permission(write, monkeypatch):
    path = write("a,b\n1,2\n")

    def refuse(_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(type(path), "read_bytes", refuse)
    with pytest.raises(PermissionError, match=r"data.csv cannot be read: Permission denied\. Copy it"):
        read_table(path)


@pytest.mark.parametrize("path", [None, 3, b"data.csv", ["data.csv"]])
def test_no_path(path):
    with pytest.raises(TypeError, match=r"path must be the name of a file, such as .*, got"):
        read_table(path)


# What is said of a table. ---


def test_description(write):
    rows = "\n".join(["1,b,?,2,True", "2.5,a,,3,False", "?,a,NA,n/k,True"])
    found = describe(read_table(write(f"number,word,nothing,both,truth\n{rows}\n")))
    assert found.index.tolist() == ["number", "word", "nothing", "both", "truth"]
    assert found["kind"].tolist() == ["numbers", "text", "empty", "numbers and text", "numbers"]
    assert found["missing"].tolist() == [1, 0, 3, 0, 0]
    assert found["different"].tolist() == [2, 2, 0, 3, 2]
    assert found["values"].tolist() == ["1 to 2.5", "a, b", "", "2 to 3", "0 to 1"]


TASKS = {
    "measurements": ([0.5, 1.5, 2.5, 3.5, 4.5, 5.5], "regression"),
    "two whole numbers": ([0, 1, 0, 1], "classification"),
    "ten whole numbers": (list(range(10)) * 2, "classification"),
    "eleven whole numbers": (list(range(11)) * 2, "regression"),
    "whole numbers that do not repeat": ([1, 2, 3, 4, 5], "regression"),
    "whole numbers with missing ones": ([1, None, 2, 1, 2, None], "classification"),
    "two fractions": ([0.5, 1.5] * 9, "regression"),
    "words": (["a", "b"], "classification"),
    "numbers as text": (["1.5", "2.5", "3.5", "4.5"], "regression"),
    "numbers with a word": (["1.5", "2.5", "3.5", "n/k"], "regression"),
    "words with a number": (["a", "b", "c", "1"], "classification"),
    "truth values": ([True, False, True, True], "classification"),
    "dates": (pd.to_datetime(["2020-01-01", "2020-01-02"]), "classification"),
    "nothing": ([None, None], "classification"),
}


@pytest.mark.parametrize(("values", "task"), TASKS.values(), ids=TASKS)
def test_guess(values, task):
    if task != "classification" or values[0] is not None:
        assert guess_task(pd.Series(values)) == task
    else:
        guess_task(pd.Series(values))  # either: it cannot be trained on


# What is made of it. ---


def test_regression_by_hand():
    table = frame(21, z=np.arange(21) ** 2)
    before = table.copy()
    problem = prepare(table, "y", random_state=3)
    pd.testing.assert_frame_equal(table, before)
    assert (problem.task, problem.features, problem.target) == ("regression", ("x", "z"), "y")
    assert (problem.labels, problem.notes) == ((), ())
    # By scikit-learn's own split, and the formula for scaling by what the training rows alone tell.
    train, test, y_train, y_test = train_test_split(
        table[["x", "z"]].to_numpy(), table["y"].to_numpy(), test_size=6, random_state=3
    )
    np.testing.assert_allclose(problem.X_train, (train - train.mean(axis=0)) / train.std(axis=0))
    np.testing.assert_allclose(problem.X_test, (test - train.mean(axis=0)) / train.std(axis=0))
    np.testing.assert_array_equal(problem.y_train, y_train)
    np.testing.assert_array_equal(problem.y_test, y_test)


def test_the_same_state_holds_out_the_same_rows():
    table = frame(40)
    same = [prepare(table, "y", random_state=state).y_test for state in (0, 0, 1)]
    np.testing.assert_array_equal(same[0], same[1])
    assert not np.array_equal(same[0], same[2])


def test_classes_keep_their_shares():
    table = frame(100, y=["b"] * 20 + ["a"] * 70 + ["c"] * 10)
    problem = prepare(table, "y", test_size=0.3)
    assert problem.task == "classification"
    assert problem.labels == ("a", "b", "c")
    np.testing.assert_array_equal(np.bincount(problem.y_test), [21, 6, 3])
    np.testing.assert_array_equal(np.bincount(problem.y_train), [49, 14, 7])


LABELS = {
    "text": (["red", "Blue", "red", "Blue"], ("Blue", "red")),
    "three words": (["b", "c", "a", "b"], ("a", "b", "c")),
    "whole numbers": ([10, 9, 10, 9], ("9", "10")),
    "whole floats": ([10.0, 9.0, 10.0, 9.0], ("9", "10")),
    "fractions": ([0.5, -1.5, 0.5, -1.5], ("-1.5", "0.5")),
    "truth": ([True, False, True, False], ("False", "True")),
    "numbers and words": (["1", "none of them", "1", "none of them"], ("1", "none of them")),
}


@pytest.mark.parametrize(("values", "labels"), LABELS.values(), ids=LABELS)
def test_labels_are_in_order_and_stand_for_their_rows(values, labels):
    table = frame(40, y=values * 10)
    different = list(dict.fromkeys(values))
    table["x"] = [float(different.index(value)) for value in table["y"]]  # by which a row is known again
    problem = prepare(table, "y", task="classification")
    assert problem.labels == labels
    _, known = np.unique(problem.X_train[:, 0], return_inverse=True)
    for number, k in zip(problem.y_train, known, strict=True):
        assert problem.labels[number] == str(different[k]).removesuffix(".0")
    assert problem.y_train.dtype.kind == "i"


def test_the_task_may_be_chosen():
    table = frame(20, y=[1, 2] * 10)
    assert prepare(table, "y").labels == ("1", "2")
    assert prepare(table, "y", task="regression").labels == ()
    assert prepare(table, "x", task="regression", features=["y"]).features == ("y",)


def test_truth_values_and_numbers_as_text_are_features():
    table = frame(20, truth=[True, False] * 10, text=[f"{k % 7}.5" for k in range(20)])
    assert prepare(table, "y").features == ("x", "truth", "text")


def test_notes_say_what_is_left_out_and_where(write):
    rows = [f"{k},{k % 3}.5,w{k % 2},,7,{'ab'[k % 2]}" for k in range(1, 21)]
    rows[3] = '4,n/k,"two\nlines",,7,a'  # on lines 5 and 6
    rows[7] = "8,,w,,7,a"  # on line 10
    rows[8] = "9,1e400,w,,7,a"
    rows[11] = "12,1.5,w,,7,"
    problem = prepare(read_table(write("id,x,word,nothing,same,y\n" + "\n".join(rows) + "\n")), "y")
    assert problem.features == ("id", "x")
    assert problem.notes == (
        "Column 'id' counts up from row to row: leave it out, unless it is a measurement.",
        "Column 'x' holds 'n/k' in line 6, '1e400' in line 11 among its numbers: counted as missing.",
        "Column 'word' holds text (line 2: 'w1'), and a feature must be a number (pandas.get_dummies makes "
        "numbers of a few words). It is left out.",
        "Column 'nothing' is empty. It is left out.",
        "4 rows of 20 lack a value (3 in 'x', 1 in 'y'; lines 6, 10, 11, 14): left out.",
        "Column 'same' is 7 in every training row: it tells nothing, and is left out.",
    )
    assert len(problem.y_train) + len(problem.y_test) == 16


def test_one_row_that_lacks_a_value_is_one():
    assert prepare(frame(x=[None, *range(0, 38, 2)]), "y").notes == (
        "1 row of 20 lacks a value (1 in 'x'; line 2): left out.",
    )


@pytest.mark.parametrize("written", ["{}%", "${}", "1,{}00", "1.{}00,5", "{} kg", "0x{}", "2020-01-{}"])
def test_numbers_in_other_clothes_are_told_how_to_dress(written):
    """No advice is given that leads to the next refusal."""
    table = frame(x=[written.format(k) for k in range(11, 31)])
    plainly = "write numbers with digits and a decimal mark alone, without a unit, a percent sign"
    with pytest.raises(ValueError, match=plainly):
        prepare(table, "y")
    for task in ("classification", "regression"):
        with pytest.raises(ValueError, match=plainly) as caught:
            prepare(table, "x", task=task)
        assert "choose regression" not in str(caught.value)


def test_a_true_minus_sign_is_one():
    table = frame(x=[f"−{k}.5" for k in range(20)])
    assert prepare(table, "y").features == ("x",)
    assert guess_task(table["x"]) == "regression"


def test_many_odd_values_are_counted_up_only_so_far():
    problem = prepare(frame(60, x=["1.5", "2.5", "3.5", "odd"] * 15), "y")
    assert problem.notes[0] == (
        "Column 'x' holds 'odd' in line 5, 'odd' in line 9, 'odd' in line 13, 'odd' in line 17, "
        "'odd' in line 21 and 10 more among its numbers: counted as missing."
    )
    assert problem.notes[1] == (
        "15 rows of 60 lack a value (15 in 'x'; lines 5, 9, 13, 17, 21 and 10 more): left out."
    )


def test_a_target_that_counts_up_is_a_target_like_any_other():
    assert prepare(frame(20, y=range(20)), "y").notes == ()


@pytest.mark.parametrize("name", [3, b"y", frozenset("y"), (1, "y")])
def test_a_column_may_be_called_anything(name):
    table = frame(40).set_axis(pd.Index(["x", name], tupleize_cols=False), axis=1)
    assert prepare(table, name).features == ("x",)
    assert prepare(table, "x").features == (str(name),)


@pytest.mark.parametrize("scale", [1e99, 1e-90])
def test_sizes_that_can_still_be_squared_are_scaled(scale):
    problem = prepare(frame(40, x=np.linspace(0, scale, 40)), "y")
    assert problem.X_train.std() == pytest.approx(1)


def test_a_column_far_from_0_that_hardly_varies_is_scaled_like_any_other():
    near, far = (prepare(frame(40, x=at + 2.0 * (np.arange(40) % 17 == 3)), "y") for at in (0, 2.0**53))
    np.testing.assert_allclose(far.X_train, near.X_train)
    np.testing.assert_allclose(far.X_train.mean(axis=0), 0, atol=1e-12)


SMALL = frame(20)
USELESS = {
    "a single class": (lambda: frame(y=["a"] * 20), {}, r"column 'y' has a single class, 'a', in all rows: "),
    "one class a row": (
        lambda: frame(y=[f"w{k}" for k in range(20)]),
        {},
        "column 'y' has 20 classes in 20 rows, one a row, .*: choose another column$",
    ),
    "measurements as classes": (
        frame,
        {"task": "classification"},
        "20 classes in 20 rows, one a row, like .*: choose regression, or another column$",
    ),
    "measurements as classes, some of them twice": (
        lambda: frame(y=[*range(18), 3, 4]),
        {"task": "classification"},
        "alone are '0' in line 2, .* 11 more. Take them out, or choose regression, or another column$",
    ),
    "a class alone": (
        lambda: frame(y=["a"] * 9 + ["b"] + ["a"] * 5 + ["c"] + ["d"] * 4),
        {},
        "each class of 'y' needs two rows, .*; alone are 'b' in line 11, 'c' in line 17. Take",
    ),
    "too many classes": (
        lambda: frame(202, y=[f"w{k}" for k in range(101)] * 2),
        {},
        "column 'y' has 101 classes, and 100 are the most .* here: choose another column$",
    ),
    "a class that only incomplete rows have": (
        lambda: frame(y=["a"] * 18 + ["b"] * 2, x=[*range(0, 36, 2), None, None]),
        {},
        "single class, 'a'",
    ),
    "a constant target": (
        lambda: frame(y=[2.5] * 20),
        {"task": "regression"},
        "column 'y' is 2.5 in every row",
    ),
    "text for a regression": (
        lambda: frame(y=["a", "b"] * 10),
        {"task": "regression"},
        r"column 'y' holds text \(line 2: 'a'\), and a regression predicts a number: choose classification",
    ),
    "only text to predict from": (
        lambda: frame(x=["a", "b"] * 10),
        {},
        r"there is no column of numbers to predict 'y' from: add one\. Column 'x' holds text \(line 2: 'a'\)",
    ),
    "only dates": (
        lambda: frame(x=pd.date_range("2020-01-01", periods=20)),
        {},
        "'x' holds text .*2020-01-01",
    ),
    "text that was asked for": (
        lambda: frame(w=["a", "b"] * 10),
        {"features": ["x", "w"]},
        r"Column 'w' holds text \(line 2: 'a'\), and a feature must be a number",
    ),
    "an empty column that was asked for": (
        lambda: frame(w=[None] * 20),
        {"features": ["w"]},
        "Column 'w' is empty",
    ),
    "nothing but constants": (
        lambda: frame(x=[1] * 20),
        {},
        r"no column that varies to predict 'y' from: add one\. Column 'x' is 1 in every training row",
    ),
    "no row complete": (
        lambda: frame(x=[1, None] * 10, w=[None, 1] * 10),
        {},
        "at least 8 complete rows are needed, .* there are 0. Most values are missing in '[xw]' .10 of 20.: "
        "fill some in, or leave that column out$",
    ),
    "seven rows": (lambda: frame(7), {}, "at least 8 complete rows are needed, .* there are 7: add some$"),
    "an empty target": (
        lambda: frame(y=[None] * 20),
        {},
        "at least 8 complete rows.*missing in 'y' .20 of 20.: fill some in, or predict another column$",
    ),
    "numbers too large": (
        lambda: frame(x=np.linspace(1e100, 1e300, 20)),
        {},
        r"'x' holds numbers too large \(line 2: '1e\+100'\), .* number \(write them in a larger unit\)",
    ),
    "no such target": (frame, {"target": "z"}, "there is no column 'z'; the columns are x, y"),
    "no name for a target": (frame, {"target": ["y"]}, r"target must be the name of a column, got \['y'\]"),
    "a column for a target": (frame, {"target": SMALL["y"]}, "target must be the name of a column"),
    "no such feature": (frame, {"features": ["z"]}, "there is no column 'z'; the columns are x, y"),
    "the target as a feature": (frame, {"features": ["x", "y"]}, "column 'y' is to be predicted"),
    "a feature twice": (frame, {"features": ["x", "x"]}, "features must name each column once, got x, x"),
    "no features": (frame, {"features": []}, "there is no column of numbers to predict 'y' from"),
    "features as a word": (frame, {"features": "x"}, r"features must be a list of names, such as \['x'\]"),
    "no such task": (frame, {"task": "ranking"}, 'task must be "classification" or "regression", got \'rank'),
    "a share above 1": (frame, {"test_size": 1.5}, "test_size must be .*1.5"),
    "a random state": (frame, {"random_state": "x"}, "random_state must be"),
    "no table": (lambda: [[1, 2]], {}, "table must be a pandas.DataFrame, as read_table returns, got list"),
    "names twice": (
        lambda: pd.DataFrame([[1, 2, 3]], columns=["x", "x", "y"]),
        {},
        "table must name each column once, and names 'x' twice",
    ),
}


@pytest.mark.parametrize(("make", "change", "words"), USELESS.values(), ids=USELESS)
def test_what_cannot_be_trained_on_is_a_sentence(make, change, words):
    with pytest.raises((ValueError, TypeError), match=words):
        prepare(make(), **{"target": "y"} | change)
