"""Files in bulk: whatever bytes they hold, they are read, or refused in a sentence.

`make fuzz` tries many more of them, and others each time: FUZZ is how many for each test.
"""

import csv
import io
import os
import random

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gdutils.datasets import load_ratings
from gdutils.tables import prepare, read_ratings, read_table, usual_target

FUZZ = int(os.environ.get("FUZZ", "0"))
calm = {"deadline": None, "database": None, "suppress_health_check": [HealthCheck.too_slow]}
in_bulk = settings(max_examples=FUZZ or 250, derandomize=not FUZZ, **calm)

# What stands where it should not.
ODD = [
    *(",", ";", "\t", "|", "::", '"', '""', "\n", "\r", "\r\n", " ", "\n\n", "=", "sep=;\n", "x" * 140_000),
    *("NaN", "inf", "-inf", "1e400", "1e-400", "1e99", "-1", "-0", "+3", "−3", "1,5", "9" * 20, "1 2"),
    *("0x10", "1_000", "1j", "1e", "\u0663", "1\u00a02", ".", "True", "NA", "?", "-", "#", "2020-01-01"),
    *("userId", "\U0001f377", "\0", "\x0b", "\x1a", "\x85", "\u2028", "\ufffd", "\ufeff"),
]
BYTES = [b"\xff", b"\xc3", b"\xff\xfe", b"\xfe\xff", b"\xed\xa0\x80", bytes(range(256))]
odd = st.sampled_from([each.encode() for each in ODD] + BYTES)
kinds = st.sampled_from(["put", "put", "cut", "repeat"])
changes = st.lists(st.tuples(kinds, st.integers(0, 2_000), st.integers(0, 12), odd), max_size=4)
encodings = st.sampled_from(["utf-8"] * 6 + ["utf-8-sig", "utf-16", "utf-16-le", "latin-1"])
ends = st.sampled_from(["\n", "\r\n", "\r"])


@st.composite
def damaged(draw, texts):
    """Draw a file that holds such a text, most of them no longer whole."""
    content = draw(texts).encode(draw(encodings), "replace")
    for change, place, length, new in draw(changes):
        at = place % (len(content) + 1)
        end = at + length
        middle = {"put": new, "cut": b"", "repeat": 3 * content[at:end]}[change]
        content = content[:at] + middle + content[end:]
    return content


fields = st.one_of(
    st.integers(-3, 3).map(str),
    st.floats().map(repr),
    st.sampled_from(["", "NA", "?", "1e400", "True", "a", "1,5", '"a\nb"', "2020-01-01", " 1 ", "9" * 30]),
    st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=6),
)
usual = st.sampled_from([["0", "1"], ["a", "b", "c"], [f"{k}.5" for k in range(30)], [*"123", ""]])


@st.composite
def tables(draw):
    """Draw a well-formed table: each column repeats a few values, whatever they are."""
    few = st.lists(fields, min_size=1, max_size=4)
    columns = draw(st.lists(st.one_of(few, usual, usual), min_size=2, max_size=4))
    rng, count = random.Random(draw(st.integers(0, 99))), draw(st.sampled_from([3, 12, 40, 80]))
    file = io.StringIO()
    rows = csv.writer(file, delimiter=draw(st.sampled_from(",;\t|")), lineterminator=draw(ends))
    rows.writerow("abcd"[: len(columns)])
    rows.writerows([rng.choice(column) for column in columns] for _ in range(count))
    return file.getvalue()


@st.composite
def ratings(draw):
    """Draw a well-formed file of ratings."""
    separator, width = draw(st.sampled_from([",", "\t", "::"])), draw(st.sampled_from([3, 4]))
    number, rating = st.integers(-2, 9).map(str), st.sampled_from(["3", "3.5", "-1", "1e0"])
    rows = draw(st.lists(st.tuples(number, number, rating, st.just("881250949")), min_size=1, max_size=12))
    names = draw(st.sampled_from([[], [("userId", "movieId", "rating", "timestamp")]]))
    return draw(ends).join(separator.join(row[:width]) for row in names + rows)


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    """Return the path of the one file that all of them are in."""
    return tmp_path_factory.mktemp("fuzzed") / "data.csv"


def check_refusal(path, error):
    """Check that a sentence names the file."""
    assert str(path) in str(error)
    assert len(str(error)) < 500 + len(str(path))


@in_bulk
@given(content=damaged(tables()) | st.binary(max_size=100), choice=st.randoms())
def test_whatever_a_file_holds_it_is_trained_on_or_refused_in_a_sentence(path, content, choice):
    path.write_bytes(content)
    try:
        table = read_table(path)
    except ValueError as error:
        return check_refusal(path, error)
    usual_target(table)
    features = choice.choice([None, choice.sample(list(table), choice.randint(0, len(table.columns)))])
    wanted = {"task": choice.choice([None, "classification", "regression"]), "features": features}
    try:
        problem = prepare(table, choice.choice(list(table)), test_size=choice.uniform(0.01, 0.99), **wanted)
    except ValueError as error:
        assert len(str(error)) > 15  # noqa: PT017 (some do pass)
        return
    X, y = (np.concatenate([getattr(problem, f"{n}_{part}") for part in ("train", "test")]) for n in "Xy")
    assert X.shape == (len(y), len(problem.features))
    assert np.isfinite(np.column_stack([X, y])).all()
    assert set(y) == set(range(len(problem.labels))) if problem.labels else len(set(y)) > 1
    assert np.isfinite(problem.transform(table.sample(3, replace=True, random_state=0))).all()


@in_bulk
@given(content=damaged(ratings()) | st.binary(max_size=100))
def test_whatever_a_ratings_file_holds_is_read_or_refused_in_a_sentence(path, content):
    path.write_bytes(content)
    try:
        X, y, users, items = load_ratings(path)
    except ValueError as error:
        return check_refusal(path, error)
    problem = read_ratings(path) if len(y) > 1 else None
    assert len(X) == len(y) == len({tuple(pair) for pair in X})
    assert X.max(axis=0).tolist() == [len(users) - 1, len(items) - 1]
    assert np.isfinite(y).all()
    assert problem is None or len(problem.X_train) + len(problem.X_test) == len(y)
