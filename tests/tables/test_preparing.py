"""A table made ready to train on: what becomes of each kind of column and row, and what is refused."""

import numpy as np
import pandas as pd
import pytest
from sklearn.model_selection import train_test_split

from gdutils.stability import largest_stable_lr
from gdutils.tables import prepare, suited, usual_target

N = 40
RNG = np.random.RandomState(0)
TABLE = pd.DataFrame({"x": RNG.standard_normal(N), "y": RNG.standard_normal(N)})
DATES = [f"{day}.{month}.2024" for day in range(11, 21) for month in range(1, 5)]

# what: (columns beside x and y, the features made of them and x, a part of the notes)
COLUMNS = {
    "truth values": ({"w": [True, False] * 20}, ["x", "w_False", "w_True"], ""),
    "words with holes": ({"w": ["red", None, "blue", "red"] * 10}, ["x", "w_blue", "w_missing", "w_red"], ""),
    "numbers with holes": ({"z": [1.5, None, 2, 3] * 10}, ["x", "z", "missingindicator_z"], ""),
    "numbers with words": ({"z": ["1,5", "2", "tall", "3"] * 10}, ["x", "z", "missingindicator_z"], "'tall'"),
    "numbers too large": ({"z": [1e300, 1, 2, 3] * 10}, ["x", "z", "missingindicator_z"], ""),
    "many words": ({"w": [f"w{k}" for k in range(N)]}, ["x"], "'w' is left out: it has 30 different words"),
    "one value": ({"z": [7] * N}, ["x"], "'z' is left out: it has a single value, '7.0'"),
    "nothing": ({"z": [None] * N}, ["x"], "'z' is left out: it is empty"),
    "row numbers": ({"PassengerId": range(N)}, ["x"], "'PassengerId' is left out: it numbers the rows"),
    "row numbers without a name": ({"Unnamed: 0": range(N)}, ["x"], "it numbers the rows"),
    "a word that ends in id": ({"humid": range(N)}, ["x", "humid"], ""),
    "spellings": ({"w": ["yes", "Yes"] * 20}, ["x", "w_Yes", "w_yes"], "several spellings: 'yes', 'Yes'"),
    "targets missing": ({"y": [None, *range(N - 1)]}, ["x"], "Rows without a value in 'y', left out: 1."),
    "rows repeated": ({"x": [1, 2] * 20, "y": [3, 4] * 20}, ["x"], "Rows that repeat another: 38."),
    "a class with one row": ({"y": [*"ab" * 19, "b", "c"]}, ["x"], "too few to hold one out: 'c' left out"),
    "a class of 5 %": ({"y": ["a"] * 38 + ["b"] * 2}, ["x"], ""),
    "a class of less than 5 %": ({"y": ["a"] * 60 + ["b"] * 3, "x": range(63)}, ["x"], "look at its recall"),
}  # fmt: skip


@pytest.mark.parametrize(("columns", "features", "said"), COLUMNS.values(), ids=COLUMNS)
def test_what_becomes_of_columns_and_rows(columns, features, said):
    table = pd.DataFrame(columns) if {"x", "y"} <= columns.keys() else TABLE.assign(**columns)
    before = table.copy()
    problem = prepare(table, "y")
    pd.testing.assert_frame_equal(table, before)
    assert problem.features == features
    assert problem.X_train.shape == (len(problem.y_train), len(features))
    assert np.isfinite(problem.X_train).all()
    notes = " ".join(problem.notes)
    assert said in notes
    assert bool(said) == bool(notes)


@pytest.mark.parametrize(
    "dates", [DATES, pd.date_range("2024-02-01", periods=N), ["2024-01-31"] * 20 + ["2024-02-01"] * 20]
)
def test_the_line_for_dates_makes_numbers_of_them(dates):
    table = TABLE.assign(d=dates)
    (note,) = prepare(table, "y").notes
    exec(note.partition("of them: ")[2].rstrip("."), {"table": table, "pd": pd})
    assert prepare(table, "y").features == ["x", "d"]


def test_by_hand():
    columns = {"z": [*range(15), np.nan], "w": ["u", "v", "v", "u"] * 4, "y": np.arange(16) ** 2.0}
    table = pd.DataFrame(columns)
    problem = prepare(table, "y", random_state=3)
    train, test = train_test_split(table, test_size=0.25, random_state=3)
    known = train["z"]
    for rows, X, y in ((train, problem.X_train, problem.y_train), (test, problem.X_test, problem.y_test)):
        z = (rows["z"].fillna(known.median()) - known.mean()) / known.std(ddof=0)
        np.testing.assert_allclose(X[:, 0], z)
        np.testing.assert_array_equal(X[:, -2:].T, [rows["w"] == "u", rows["w"] == "v"])
        np.testing.assert_array_equal(y, rows["y"])


def test_classes_keep_their_shares_and_their_order():
    table = pd.DataFrame({"y": [10] * 40 + [9] * 160, "x": np.r_[np.ones(40), np.zeros(160)]})
    problem = prepare(table, "y")
    assert problem.labels == ["9", "10"]
    np.testing.assert_array_equal(np.bincount(problem.y_test), [40, 10])
    np.testing.assert_array_equal(problem.y_train, problem.X_train[:, 0] > 0)


def test_new_rows_with_a_hole_an_unseen_word_and_a_number_as_text():
    table = TABLE.assign(w=["red", "blue"] * 20)
    problem = prepare(table, "y")
    X = problem.transform([{"w": "green", "x": None}, {"x": 1.5, "w": "red", "y": 3}, {"x": 1.5, "w": None}])
    assert X[:, 1:].tolist() == [[0, 0], [0, 1], [0, 0]]
    assert X[0, 0] == pytest.approx(np.median(problem.X_train[:, 0]))
    np.testing.assert_array_equal(problem.transform([{"x": "1,5", "w": "red"}]), X[[1]])
    np.testing.assert_array_equal(problem.transform(table)[:, 1:], np.eye(2)[[1, 0] * 20])
    with pytest.raises(ValueError, match="new_table lacks 'w': give each column, with None for a hole"):
        problem.transform(TABLE)


REFUSED = [
    ({}, {"target": "z"}, "'z' must be one column, named once; there are 'x', 'y'"),
    ({}, {"features": ["x", "y"]}, "'y' must be one column, named once"),
    ({}, {"task": "ranking"}, 'task must be "classification" or "regression", got \'ranking\''),
    ({}, {"task": "classification"}, "0 values that occur twice or more; classes must be 2 to 30"),
    ({}, {"test_size": 1.5}, "test_size"),
    ({}, {"random_state": -1}, "random_state must be a whole number"),
    ({"y": ["a"] * N}, {}, "1 values that occur twice"),
    ({"y": ["a", "b"] * 20}, {"task": "regression"}, "holds 'a', 'b': a regression needs several numbers"),
    ({"y": [3] * N}, {"task": "regression"}, "a regression needs several numbers"),
    ({"x": [1] * N}, {}, "there is no column to predict 'y' from. Column 'x' is left out"),
    ({"y": [None] * N}, {}, "values that occur twice|n_samples=0"),
]


@pytest.mark.parametrize(("columns", "change", "words"), REFUSED)
def test_what_cannot_be_trained_on_is_a_sentence(columns, change, words):
    with pytest.raises(ValueError, match=words):
        prepare(TABLE.assign(**columns), **{"target": "y"} | change)


@pytest.mark.parametrize(
    ("names", "why"),
    [
        (["a", "species", "b"], "'species' is a usual name for a target."),
        (["Price", "a"], "'Price' is a usual name for a target."),
        (["a", "b"], "'b' is the last column."),
    ],
)
def test_the_usual_target(names, why):
    target = why.split("'")[1]
    assert usual_target(pd.DataFrame(columns=names)) == (target, why)


def test_suited_models_begin_with_a_stable_learning_rate():
    problem = prepare(TABLE.assign(y=["a", "b"] * 20), "y")
    models = suited(problem)
    assert list(models) == ["logistic regression", "linear SVM", "softmax regression", "neural network"]
    for name in ("logistic regression", "softmax regression"):
        model, optimizer = models[name]
        limit = largest_stable_lr(model, problem.X_train, optimizer).lr
        assert 0.2 * limit < optimizer.lr < 0.2501 * limit
    assert list(suited(prepare(TABLE, "y"))) == ["linear regression"]
