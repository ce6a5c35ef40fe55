"""The real data for the classifiers and for matrix factorization, and what a malformed file says."""

import numpy as np
import pytest
from sklearn import datasets as bundled
from sklearn.model_selection import train_test_split

from gdutils import datasets
from gdutils.models import MatrixFactorization
from gdutils.optimizers import SGD
from gdutils.training import train

CLASSES = {
    "breast cancer": (datasets.load_breast_cancer, bundled.load_breast_cancer),
    "iris": (datasets.load_iris, bundled.load_iris),
    "digits": (datasets.load_digits, bundled.load_digits),
}


@pytest.mark.parametrize(("load", "original"), CLASSES.values(), ids=CLASSES)
def test_split_and_scaled(load, original):
    X_train, X_test, y_train, y_test = load()
    X, y = original(return_X_y=True)
    assert len(X_test) == np.ceil(len(X) / 4)
    assert sorted([*y_train, *y_test]) == sorted(y)
    # By scikit-learn's own split, and the formula for scaling by what the training rows alone tell.
    train_rows, test_rows = train_test_split(X, test_size=0.25, random_state=0)
    mean, deviation = train_rows.mean(axis=0), train_rows.std(axis=0)
    deviation[deviation == 0] = 1  # a pixel that is never inked
    np.testing.assert_allclose(X_train, (train_rows - mean) / deviation, atol=1e-9)
    np.testing.assert_allclose(X_test, (test_rows - mean) / deviation, atol=1e-9)
    again = load()
    np.testing.assert_array_equal(again[1], X_test)
    assert not np.array_equal(load(random_state=1)[3], y_test)


def test_features_by_name():
    X_train, *_ = datasets.load_iris(features=["petal width (cm)", "sepal length (cm)"])
    full, *_ = datasets.load_iris()
    np.testing.assert_array_equal(X_train, full[:, [3, 0]])
    with pytest.raises(ValueError, match=r"features must be among .*'petal'"):
        datasets.load_iris(features=["petal"])


def test_ratings_are_drawn_in_the_order_of_the_formula():
    X, y, truth = datasets.make_ratings()
    rng = np.random.RandomState(5)
    table = rng.randn(30, 4) @ rng.randn(25, 4).T
    observed = rng.rand(30, 25) < 0.4
    noisy = table + 0.5 * rng.randn(30, 25)
    np.testing.assert_array_equal(truth, table)
    assert len(y) == observed.sum()
    assert observed[X[:, 0], X[:, 1]].all()
    np.testing.assert_array_equal(y, noisy[X[:, 0], X[:, 1]])


def test_photograph_hides_its_share():
    X, y, photograph = datasets.load_photograph()
    assert len(y) == round(0.4 * photograph.size)
    assert len({tuple(pair) for pair in X}) == len(X)
    np.testing.assert_array_equal(photograph[X[:, 0], X[:, 1]], y)
    assert 0 <= photograph.min() < photograph.max() <= 1
    china = bundled.load_sample_image("china.jpg")
    assert photograph[0, 0] == pytest.approx(china[:8, :8].mean() / 255)
    assert photograph[-1, 5] == pytest.approx(china[52 * 8 : 53 * 8, 40:48].mean() / 255)
    assert len(datasets.load_photograph(hidden=0)[1]) == photograph.size
    with pytest.raises(ValueError, match=r"hidden .*1"):
        datasets.load_photograph(hidden=1)


FORMS = {
    "tabs": "196\t242\t3\t881250949\n186\t302\t3.5\t891717742\n196\t302\t1\t1\n",
    "commas below names": "userId,movieId,rating,timestamp\n196,242,3.0,881\n186,302,3.5,891\n196,302,1,1\n",
    "Windows line ends": "userId,movieId,rating\r\n196,242,3.0\r\n186,302,3.5\r\n196,302,1\r\n",
    "double colons": "196::242::3::881250949\n186::302::3.5::1\n196::302::1::1\n",
    "other names": "user_id,item_id,Rating\n196,242,3\n186,302,3.5\n196,302,1\n\n",
    "old Macintosh line ends": "userId,movieId,rating\r196,242,3\r186,302,3.5\r196,302,1",
    "a byte order mark": "\ufeffuserId,movieId,rating\n196,242,3.0\n186,302,3.5\n196,302,1\n",
}


@pytest.mark.parametrize("text", FORMS.values(), ids=FORMS)
def test_ratings_file(tmp_path, text):
    path = tmp_path / "ratings"
    path.write_bytes(text.encode())
    X, y, users, items = datasets.load_ratings(path)
    assert users.tolist() == [186, 196]
    assert items.tolist() == [242, 302]
    assert X.tolist() == [[1, 0], [0, 1], [1, 1]]
    assert y.tolist() == [3.0, 3.5, 1.0]
    run = train(MatrixFactorization(2, 2, rank=1, reg=0.1), X, y, SGD(0.01), epochs=2, batch_size=1)
    assert run.diverged_at is None


MALFORMED = {
    "a word": ("1\t2\t3\nuser\t2\t3\n", "line 2 .*user"),
    "too short": ("1,2,3\n1,2\n", "line 2"),
    "too long": ("1,2,3,4,5\n", "line 1"),
    "an empty line": ("1,2,3\n\n1,3,3\n", "line 2"),
    "no number": ("userId,movieId,rating\n1,2,good\n", "line 2 .*good"),
    "not a number": ("1,2,nan\n", "line 1"),
    "infinity": ("1,2,inf\n", "line 1"),
    "half a user": ("1.5,2,3\n", "line 1"),
    "a user beyond 64 bits": ("99999999999999999999,2,3\n", "line 1"),
    "names in the middle": ("1,2,3\nuserId,movieId,rating\n", "line 2"),
    "names alone": ("userId,movieId,rating\n", "at least one rating"),
    "nothing": ("", "is empty"),
    "another order": (
        "rating,userId,movieId\n3,1,2\n",
        "line 1 .*user, item and rating, in this order, got 'rating",
    ),
    "another column": ("userId,movieId,timestamp\n1,2,3\n", "line 1 .* in this order"),
    "two columns": ("userId,rating\n1,2\n", "line 1 .* in this order"),
    "measurements": (
        "alcohol,ash,hue\n14.2,2.4,1.1\n",
        "line 1 .*a user and an item, both as whole numbers, a rating .*got 'alcohol",
    ),
    "quotation marks": ('"1","2","3"\n', "line 1"),
    "a very long number": ("1" * 5_000 + ",2,3\n", "line 1 of .*1'$"),
}


@pytest.mark.parametrize(("text", "message"), MALFORMED.values(), ids=MALFORMED)
def test_malformed_line_is_named(tmp_path, text, message):
    path = tmp_path / "ratings.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=message):
        datasets.load_ratings(path)


def test_a_file_that_is_no_text_is_malformed_too(tmp_path):
    path = tmp_path / "ratings.csv"
    path.write_bytes(bytes(range(256)) * 4)
    with pytest.raises(ValueError, match="line 1"):
        datasets.load_ratings(path)


def test_a_folder_and_what_is_no_path_are_sentences(tmp_path):
    with pytest.raises(ValueError, match="is a folder"):
        datasets.load_ratings(tmp_path)
    with pytest.raises(TypeError, match="path must be the name of a file"):
        datasets.load_ratings(7)


def test_of_two_ratings_of_one_item_by_one_user_the_last_one_counts(tmp_path):
    path = tmp_path / "ratings.csv"
    path.write_text("1,2,3\n1,3,4\n2,2,1\n1,2,5\n", encoding="utf-8")
    X, y, users, items = datasets.load_ratings(path)
    assert np.column_stack([users[X[:, 0]], items[X[:, 1]], y]).tolist() == [[1, 2, 5], [1, 3, 4], [2, 2, 1]]


def test_large_numbers_are_brought_back(tmp_path):
    path = tmp_path / "ratings.csv"
    path.write_text(f"{2**62},{-(2**61)},3\n5,{2**61 + 1},2\n", encoding="utf-8")
    X, _, users, items = datasets.load_ratings(path)
    assert users[X[:, 0]].tolist() == [2**62, 5]
    assert items[X[:, 1]].tolist() == [-(2**61), 2**61 + 1]


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match="nowhere"):
        datasets.load_ratings(tmp_path / "nowhere.csv")
