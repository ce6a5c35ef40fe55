"""Files of strangers, in bulk: whatever bytes they hold, they are read, or refused in a sentence.

`make fuzz` tries many more of them, and others each time: FUZZ is how many for each test.
"""

import csv
import io
import json
import os
import random
import re
import sys

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from gdutils.datasets import load_ratings
from gdutils.predictions import load_predictions
from gdutils.quiz import load_questions
from gdutils.tables import describe, guess_task, prepare, read_table
from gdutils.your_data import is_ratings

FUZZ = int(os.environ.get("FUZZ", "0"))
in_bulk = settings(
    max_examples=FUZZ or 250,
    derandomize=not FUZZ,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)

# What stands where it should not.
ODD = [
    *(",", ";", "\t", "|", "::", ":", '"', '""', "'", "\n", "\r", "\r\n", " ", "\n\n", " \n", "=", "[", "]"),
    *("NaN", "nan", "inf", "-inf", "Infinity", "1e400", "1e-400", "1e99", "-1", "-0", "+3", "\u22123", "1,5"),
    *(
        "9" * 20,
        "9" * 400,
        "1" * 5_000,
        str(2**64),
        str(-(2**63)),
        str(2**62 + 1),
        "0x10",
        "1_000",
        "1j",
        "1e",
    ),
    *("\u0663", "\uff11", "1 2", "1\u00a02", ".", "True", "None", "NA", "null", "?", "-", "#", "2020-01-01"),
    *("sep=;\n", "userId", "rating", "\\", "x" * 140_000, "=1+1", "__import__('os')", "\U0001f377", "\0"),
    *("\x0b", "\x0c", "\x1a", "\x1c", "\x85", "\u2028", "\ufffd", "\ufeff", "[" * 2_000, "{a=" * 500, "'''"),
    *(b"\xff", b"\xc3", b"\xff\xfe", b"\xfe\xff", b"\xed\xa0\x80", b"\x80", bytes(range(256))),
]
odd = st.sampled_from([each if isinstance(each, bytes) else each.encode() for each in ODD])
change = st.tuples(
    st.sampled_from(["put", "put", "cut", "repeat", "exchange"]),
    st.integers(0, 2_000),
    st.integers(0, 12),
    odd,
    odd,
)
changes = st.one_of(st.just([]), st.lists(change, min_size=1, max_size=1), st.lists(change, max_size=4))
encodings = st.sampled_from(["utf-8"] * 6 + ["utf-8-sig", "utf-16", "utf-16-le", "latin-1"])


def damaged(texts):
    """Return files that hold such texts, most of them no longer whole."""

    def damage(text, encoding, changes):
        content = text.encode(encoding, "replace")
        for change, place, length, new, other in changes:
            at = place % (len(content) + 1)
            end = at + length
            if change == "exchange":
                content = content.replace(new, other, 3)
            else:
                middle = {"put": new, "cut": b"", "repeat": 3 * content[at:end]}[change]
                content = content[:at] + middle + content[end:]
        return content

    return st.one_of(st.builds(damage, texts, encodings, changes), st.binary(max_size=100))


words = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=6)
fields = st.one_of(
    st.integers(-3, 3).map(str),
    st.floats().map(repr),
    st.sampled_from(
        ["", "NA", "?", "1e400", "True", "a", "b", "1,5", '"', '"a\nb"', "2020-01-01", " 1 ", "9" * 30]
    ),
    words,
)
separators, ends = st.sampled_from(",;\t|"), st.sampled_from(["\n", "\r\n", "\r"])


@st.composite
def lines_of_values(draw):
    """Lines whose values are written as they are, most of them as many as there are names."""
    width = draw(st.integers(1, 4))
    names = draw(st.one_of(st.just(list("abcd")[:width]), st.lists(fields, min_size=1, max_size=5)))
    rows = draw(st.lists(st.lists(fields, min_size=width, max_size=width), max_size=9))
    odd = draw(st.lists(st.lists(fields, max_size=5), max_size=1))
    separator, end = draw(separators), draw(ends)
    return end.join(separator.join(row) for row in [names, *rows, *odd])


def written(rows, separator, end):
    """Return rows as a well-formed file."""
    file = io.StringIO()
    csv.writer(file, delimiter=separator, lineterminator="\n").writerows(rows)
    return file.getvalue().replace("\n", end)


@st.composite
def tables(draw):
    """A well-formed table: each column repeats a few values, whatever they are."""
    few = st.lists(fields, min_size=1, max_size=4)
    usual = st.sampled_from([["0", "1"], ["a", "b", "c"], [f"{k}.5" for k in range(30)], [*"123", ""]])
    columns = draw(st.lists(st.one_of(few, usual, usual), min_size=2, max_size=4))
    rng, count = random.Random(draw(st.integers(0, 99))), draw(st.sampled_from([3, 12, 40, 80]))
    rows = [[rng.choice(column) for column in columns] for _ in range(count)]
    return written(["abcd"[: len(columns)], *rows], draw(separators), draw(ends))


@st.composite
def ratings(draw):
    """A well-formed file of ratings."""
    separator, width = draw(st.sampled_from([",", "\t", "::"])), draw(st.sampled_from([3, 4]))
    rng = random.Random(draw(st.integers(0, 99)))
    names = draw(st.sampled_from([[], [["userId", "movieId", "rating", "timestamp"]]]))
    rows = [
        [*(str(rng.randint(-2, 9)) for _ in range(2)), rng.choice(["3", "3.5", "-1", "1e0"]), "881250949"]
        for _ in range(draw(st.integers(1, 12)))
    ]
    return draw(ends).join(separator.join(row[:width]) for row in [*names, *rows])


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    """Return the path of the one file that all of them are in."""
    return tmp_path_factory.mktemp("fuzzed") / "data.csv"


NUMBERED = re.compile(r"(?:line|the row from line) (\d+) of ")
OF_THE_WHOLE = (
    "is empty",
    "no rows of values below it",
    "has one column",
    "at least one rating, and has none",
)


def check_refusal(read, path, content, error):
    """Look whether a sentence names the file and, if the fault is in a line, that line."""
    said = str(error)
    assert str(path) in said
    assert len(said) < 500 + len(str(path))
    numbered = NUMBERED.match(said)
    if not numbered:
        assert any(words in said for words in OF_THE_WHOLE), said
        return
    lines = re.split(rb"(?<=\n)|(?<=\r)(?!\n)", content)
    number, of_text = int(numbered[1]), "is not text" in said
    assert 1 <= number <= len(lines)
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return
    # The lines above it have no such fault; only a row of several lines is now cut within quotation marks.
    path.write_bytes(b"".join(lines[: number - 1]))
    try:
        read(path)
    except ValueError as above:
        said = str(above)
        assert "is not text" not in said
        assert of_text or "cannot be read" in said or not NUMBERED.match(said)


@in_bulk
@given(
    content=damaged(st.one_of(tables(), tables(), lines_of_values())),
    choice=st.randoms(),
)
def test_whatever_a_file_holds_it_is_trained_on_or_refused_in_a_sentence(path, content, choice):
    path.write_bytes(content)
    is_ratings(path)
    try:
        table = read_table(path)
    except ValueError as error:
        event("refused")
        return check_refusal(read_table, path, content, error)
    before = table.copy()
    describe(table)
    for name in table:
        guess_task(table[name])
    features = choice.choice([None, choice.sample(list(table), choice.randint(0, len(table.columns)))])
    wanted = {"task": choice.choice([None, "classification", "regression"]), "features": features}
    try:
        problem = prepare(table, choice.choice(list(table)), test_size=choice.random(), **wanted)
    except ValueError as error:
        assert len(str(error)) > 15  # noqa: PT017 (some do pass)
        event("read")
        return
    event(problem.task)
    pd.testing.assert_frame_equal(table, before)
    X, y = (np.concatenate([getattr(problem, f"{n}_{part}") for part in ("train", "test")]) for n in "Xy")
    assert X.shape == (len(y), len(problem.features))
    assert np.isfinite(X).all()
    assert np.isfinite(y).all()
    assert len(y) >= 8
    np.testing.assert_allclose(problem.X_train.mean(axis=0), 0, atol=1e-6)
    if problem.labels:
        assert set(y) == set(range(len(problem.labels)))
    else:
        assert len(set(y)) > 1


@in_bulk
@given(content=damaged(ratings()))
def test_whatever_a_ratings_file_holds_is_read_or_refused_in_a_sentence(path, content):
    path.write_bytes(content)
    is_ratings(path)
    try:
        X, y, users, items = load_ratings(path)
    except ValueError as error:
        event("refused")
        return check_refusal(load_ratings, path, content, error)
    event("read")
    assert len(X) == len(y) == len({tuple(pair) for pair in X})
    assert X.max(axis=0).tolist() == [len(users) - 1, len(items) - 1]
    assert np.isfinite(y).all()


# What is right is read as it is, and one fault is found. ---

MISSING = {"", "?", "-", "NA"}
cells = st.one_of(
    st.sampled_from(
        [*MISSING, "True", "FALSE", "0", "-1", "007", "1e5", "9" * 25, "x y", "sep=", "1_0", "NaNs"]
    ),
    st.floats(allow_nan=False).map(repr),
    st.text(st.sampled_from("ab\"',;|\t\n\u00e9\U0001f377"), min_size=1).map("q{}q".format),
)

rows_of_cells = st.lists(st.lists(cells, min_size=3, max_size=3), min_size=1, max_size=9).filter(
    lambda rows: any(map(any, rows))
)


@settings(in_bulk, max_examples=100)
@given(rows=rows_of_cells, separator=separators, end=ends)
def test_a_well_formed_table_is_read_cell_by_cell(path, rows, separator, end):
    path.write_text(written(["abc", *rows], separator, end), encoding="utf-8", newline="")
    table = read_table(path)
    assert set(table) <= set("abc")
    rows = [row for row in rows if any(row)]
    assert len(table) == len(rows)
    for name, values in table.items():
        for cell, value in zip([row["abc".index(name)] for row in rows], values, strict=True):
            if cell in MISSING:
                assert pd.isna(value)
            elif pd.api.types.is_bool(value):
                assert str(value).lower() == cell.lower()
            elif isinstance(value, str):
                assert value == cell
            else:
                assert value == pytest.approx(float(cell), rel=1e-15)
    for name in set("abc") - set(table):
        assert not any(row["abc".index(name)] for row in rows)


@settings(in_bulk, max_examples=100)
@given(
    place=st.integers(0, 9),
    row=st.sampled_from(["1,2", "1,2,3,4", '1,2,"3', '1,"2"2,3', "1,2,\xff"]),
    end=ends,
)
def test_the_line_with_the_fault_is_named(path, place, row, end):
    lines = ["a,b,c", *(f"{k},{k % 3}.5,w{k}" for k in range(10))]
    lines.insert(place + 1, row)
    path.write_bytes(end.join(lines).encode("latin-1"))
    with pytest.raises(ValueError, match=rf"line {place + 2} of "):
        read_table(path)


@settings(in_bulk, max_examples=100)
@given(
    place=st.integers(0, 9),
    row=st.sampled_from(["1,2", "1,2,3,4,5", "", "a,2,3", "1,2,nan", "1,2,\xff"]),
    end=ends,
)
def test_the_rating_with_the_fault_is_named(path, place, row, end):
    lines = ["userId,movieId,rating", *(f"{k},{k % 3},3.5" for k in range(10))]
    lines.insert(place + 1, row)
    path.write_bytes(end.join(lines).encode("latin-1"))
    with pytest.raises(ValueError, match=rf"line {place + 2} of "):
        load_ratings(path)


# Questions and predictions. ---

QUESTION = {
    "id": "one", "topic": "Descent", "lesson": "01_x.ipynb", "section": "", "text": "Why?", "reason": "So.",
}  # fmt: skip
ENTRIES = {
    "choice": QUESTION | {"kind": "choice", "choices": ["a", "b"], "right": "B"},
    "number": QUESTION | {"kind": "number", "id": "two", "answer": 0.5, "tolerance": 0.1},
    "prediction": {
        "question": "What?", "choices": ["a", "b"], "settings": {"lr": 0.5}, "right": 1, "because": "So.",
    },
}  # fmt: skip
plain = st.one_of(
    st.booleans(), st.integers(-3, 3), st.floats(-3, 3), words, st.sampled_from(["A", "B", "a$", " "])
)
nested = st.recursive(
    plain,
    lambda inner: st.one_of(
        st.lists(inner, max_size=7), st.dictionaries(st.sampled_from("ab"), inner, max_size=2)
    ),
    max_leaves=4,
)
values = st.one_of(
    st.sampled_from(["1e999", "nan", "-inf", "2020-01-01", "1" + "0" * 400, "9" * 5_000, "[" * 2_000, "$"]),
    nested.map(lambda value: in_toml(value)),
)


def in_toml(value):
    """Return a value as TOML writes it."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name} = {in_toml(each)}" for name, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(in_toml, value)) + "]"
    return json.dumps(value)


@st.composite
def toml(draw):
    """One to three tables, one of whose fields may have another value."""
    kind = draw(st.sampled_from(["question", "05"]))
    kinds = st.sampled_from(["choice", "number"] if kind == "question" else ["prediction"])
    tables = []
    for entry in draw(st.lists(kinds, min_size=1, max_size=3)):
        lines = {name: in_toml(value) for name, value in ENTRIES[entry].items()}
        names = st.sampled_from([*lines, "more"])
        lines |= draw(st.one_of(st.just({}), st.dictionaries(names, values, max_size=1)))
        tables.append("\n".join([f"[[{kind}]]", *(f"{name} = {value}" for name, value in lines.items())]))
    return "\n".join(tables)


@settings(in_bulk, max_examples=FUZZ // 10 or 250)
@given(content=damaged(toml()))
def test_whatever_a_file_of_questions_holds_is_read_or_refused_in_a_sentence(path, content):
    path.write_bytes(content)
    for load in (load_questions, predictions):
        try:
            event("read" if load(path) else "nothing")
        except ValueError as error:
            assert path.name in str(error)  # noqa: PT017 (some do pass)


# Nothing that a file holds is run. ---


def predictions(path):
    return load_predictions(path, "05")


READERS = (read_table, is_ratings, load_ratings, load_questions, predictions)


@pytest.fixture(scope="module")
def heard(path):
    """Return a list to which Python adds what it does, while there is one."""
    path.write_text("a,b\n1,x\n2,y\n")
    read_table(path)  # what pandas imports when it is first asked
    place: list[list[str]] = []
    sys.addaudithook(lambda what, about: place and place[0].append(f"{what} {about[:1]}"))
    return place


@settings(in_bulk, max_examples=FUZZ // 10 or 250)
@given(content=st.one_of(damaged(tables()), damaged(ratings()), damaged(toml())))
def test_a_file_is_opened_and_nothing_in_it_is_run(path, heard, content):
    path.write_bytes(content)
    for read in READERS:
        heard.append([])
        try:
            read(path)
        except ValueError:
            pass
        finally:
            done = heard.pop()
        assert set(done) == {f"open ({str(path)!r},)"}
