"""The data: made as the formulas say, split without a leak from the test rows, and read from files."""

import re
from pathlib import Path

import numpy as np
import pytest
from sklearn import datasets as bundled
from sklearn.model_selection import train_test_split

from gdutils.datasets import load, load_photograph, load_ratings, make_line, make_ratings

DATA = Path(__file__).parent.parent / "notebooks" / "data"


def test_make_line_is_the_formula():
    """Its default is that of a reference run."""
    X, y = make_line(5, slope=-1, intercept=4, noise=0)
    np.testing.assert_allclose(np.column_stack([X, y]), [[-3, 7], [-1.5, 5.5], [0, 4], [1.5, 2.5], [3, 1]])


def test_make_ratings_draws_in_the_order_of_the_formula():
    X, y, truth = make_ratings()
    rng = np.random.RandomState(5)
    table = rng.randn(30, 4) @ rng.randn(25, 4).T
    observed = rng.rand(30, 25) < 0.4
    noisy = table + 0.5 * rng.randn(30, 25)
    np.testing.assert_array_equal(truth, table)
    np.testing.assert_array_equal(X, np.argwhere(observed))
    np.testing.assert_array_equal(y, noisy[observed])


def test_a_generator_is_shared_and_the_global_one_is_never_used():
    rng, before = np.random.RandomState(7), np.random.get_state()[1].copy()  # noqa: NPY002 (left alone)
    first, second = make_line(random_state=rng)[1], make_line(random_state=rng)[1]
    np.testing.assert_array_equal(first, make_line(random_state=7)[1])
    assert not np.array_equal(first, second)  # the generator has moved on
    assert not np.array_equal(make_line(random_state=None)[1], make_line(random_state=None)[1])
    np.testing.assert_array_equal(np.random.get_state()[1], before)  # noqa: NPY002


@pytest.mark.parametrize("name", ["diabetes", "breast_cancer", "iris", "wine", "digits"])
def test_load_splits_and_scales_by_the_training_rows(name):
    X_train, X_test, y_train, y_test = load(name)
    options = {"scaled": False} if name == "diabetes" else {}
    X, y = getattr(bundled, f"load_{name}")(return_X_y=True, **options)
    train_rows, test_rows, *targets = train_test_split(X, y, test_size=0.25, random_state=0)
    mean, deviation = train_rows.mean(axis=0), train_rows.std(axis=0)
    deviation[deviation == 0] = 1  # a pixel that is never inked
    np.testing.assert_allclose(X_train, (train_rows - mean) / deviation, atol=1e-9)
    np.testing.assert_allclose(X_test, (test_rows - mean) / deviation, atol=1e-9)
    np.testing.assert_array_equal(y_train, targets[0])
    np.testing.assert_array_equal(y_test, targets[1])


def test_load_keeps_the_features_in_the_order_asked_for():
    names = bundled.load_diabetes().feature_names
    columns = [names.index("s5"), names.index("bmi")]
    for two, every in zip(load("diabetes", features=["s5", "bmi"])[:2], load("diabetes")[:2], strict=True):
        np.testing.assert_array_equal(two, every[:, columns])


def test_photograph_hides_its_share():
    X, y, photograph = load_photograph()
    assert len(y) == round(0.4 * photograph.size)
    assert len({tuple(pair) for pair in X}) == len(X)
    np.testing.assert_array_equal(photograph[X[:, 0], X[:, 1]], y)
    china = bundled.load_sample_image("china.jpg")
    assert photograph[0, 0] == pytest.approx(china[:8, :8].mean() / 255)
    assert photograph[-1, 5] == pytest.approx(china[52 * 8 : 53 * 8, 40:48].mean() / 255)
    assert len(load_photograph(hidden=0)[1]) == photograph.size


BAD_CALLS = {
    "n_samples must be a whole number from 1 to 10000000, got 2.5": lambda: make_line(2.5),
    "slope must be a number from .*, got '2'": lambda: make_line(slope="2"),
    "random_state must be a whole number from 0 to .*, got 1.5": lambda: make_line(random_state=1.5),
    "density must be a number from 0.001 to 1, got 40": lambda: make_ratings(density=40),
    "hidden must be a number from 0 to 0.99, got 60": lambda: load_photograph(hidden=60),
    "name must be one of .*'iris'.*, got 'irises'": lambda: load("irises"),
    "features must be a list of names among .*'bmi'.*, got 'bmi'": lambda: load("diabetes", "bmi"),
}


@pytest.mark.parametrize(("message", "call"), BAD_CALLS.items(), ids=BAD_CALLS)
def test_a_bad_argument_is_named(message, call):
    with pytest.raises((TypeError, ValueError), match=f"^{message}"):
        call()


# Files of ratings. ---

FORMS = {
    "tabs": "196\t242\t3\t881250949\n186\t302\t3.5\t891717742\n196\t302\t1\t1\n",
    "commas below names": "userId,movieId,rating,timestamp\n196,242,3.0,881\n186,302,3.5,891\n196,302,1,1\n",
    "Windows line ends": "userId,movieId,rating\r\n196,242,3.0\r\n186,302,3.5\r\n196,302,1\r\n",
    "double colons": "196::242::3::881250949\n186::302::3.5::1\n196::302::1::1\n",
    "a byte order mark": "\ufeffuser_id,item_id,Rating\n196,242,3.0\n186,302,3.5\n196,302,1\n\n",
    "an item rated twice": "196,242,5\n186,302,3.5\n196,302,1\n196,242,3\n",
}


@pytest.mark.parametrize("text", FORMS.values(), ids=FORMS)
def test_ratings_file(tmp_path, text):
    path = tmp_path / "ratings"
    path.write_bytes(text.encode())
    X, y, users, items = load_ratings(path)
    assert users.tolist() == [186, 196]
    assert items.tolist() == [242, 302]
    assert X.tolist() == [[1, 0], [0, 1], [1, 1]]
    assert y.tolist() == [3.0, 3.5, 1.0]


MALFORMED = {
    "a word": ("1\t2\t3\nuser\t2\t3\n", "line 2 of .*user"),
    "too short": ("1,2,3\n1,2\n", "line 2"),
    "not a number": ("userId,movieId,rating\n1,2,nan\n", "line 2 of .*nan"),
    "names alone": ("userId,movieId,rating\n", "at least one rating"),
    "nothing": ("", "is empty"),
    "another order": ("rating,userId,movieId\n3,1,2\n", "line 1 .*user, item and rating, in this order"),
}


@pytest.mark.parametrize(("text", "message"), MALFORMED.values(), ids=MALFORMED)
def test_a_malformed_line_is_named(tmp_path, text, message):
    path = tmp_path / "ratings.csv"
    path.write_text(text, encoding="latin-1")
    with pytest.raises(ValueError, match=message):
        load_ratings(path)


# The files beside the lessons. ---


@pytest.mark.parametrize("name", ["wine.csv", "ratings.csv"])
def test_the_code_of_the_readme_writes_the_file(name, tmp_path, monkeypatch):
    readme = (DATA / "README.md").read_text(encoding="utf-8")
    code = next(code for code in re.findall(r"```python\n(.*?)```", readme, re.DOTALL) if name in code)
    monkeypatch.chdir(tmp_path)
    exec(code, {})
    written = (tmp_path / name).read_bytes()
    assert written == (DATA / name).read_bytes().replace(b"\r\n", b"\n")  # git may have changed the line ends
