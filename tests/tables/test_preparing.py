"""A table made ready to train on, and the sentence for each that cannot be."""

import numpy as np
import pandas as pd
import pytest
from sklearn.model_selection import train_test_split

from gdutils.models import LinearSVM, LogisticRegression, SoftmaxRegression
from gdutils.tables import encode, guess_task, predict_classes, prepare, suited


def frame(n=20, **columns):
    """Return a table of n rows with a feature x, a target y and what else is given, lines from 2 on."""
    rng = np.random.RandomState(0)
    own = {"x": rng.standard_normal(n), "y": rng.standard_normal(n)} | columns
    return pd.DataFrame(own, index=pd.RangeIndex(2, n + 2, name="line"))


TASKS = {
    "measurements": ([0.5, 1.5, 2.5, 3.5, 4.5, 5.5], "regression"),
    "ten whole numbers": (list(range(10)) * 2, "classification"),
    "eleven whole numbers": (list(range(11)) * 2, "regression"),
    "whole numbers with missing ones": ([1, None, 2, 1, 2, None], "classification"),
    "numbers with a word": (["1.5", "2.5", "3.5", "n/k"], "regression"),
    "truth values": ([True, False, True, True], "classification"),
}


@pytest.mark.parametrize(("values", "task"), TASKS.values(), ids=TASKS)
def test_guess(values, task):
    assert guess_task(pd.Series(values)) == task


def test_regression_by_hand():
    table = frame(21, z=np.arange(21) ** 2)
    before = table.copy()
    problem = prepare(table, "y", random_state=3)
    pd.testing.assert_frame_equal(table, before)
    assert (problem.task, problem.features, problem.target) == ("regression", ("x", "z"), "y")
    assert problem.notes == ()
    # By scikit-learn's own split, and the formula for scaling by the training rows alone.
    train, test = train_test_split(table[["x", "z", "y"]].to_numpy(), test_size=6, random_state=3)
    mean, std = train[:, :2].mean(axis=0), train[:, :2].std(axis=0)
    for rows, X, y in ((train, problem.X_train, problem.y_train), (test, problem.X_test, problem.y_test)):
        np.testing.assert_allclose(X, (rows[:, :2] - mean) / std)
        np.testing.assert_array_equal(y, rows[:, 2])


def test_classes_keep_their_shares():
    problem = prepare(frame(100, y=["b"] * 20 + ["a"] * 70 + ["c"] * 10), "y", test_size=0.3)
    np.testing.assert_array_equal(np.bincount(problem.y_test), [21, 6, 3])
    np.testing.assert_array_equal(np.bincount(problem.y_train), [49, 14, 7])


LABELS = [
    (["red", "Blue", "red", "Blue"], ("Blue", "red")),
    (["b", "c", "a", "b"], ("a", "b", "c")),
    ([10, 9, 10, 9], ("9", "10")),
    ([True, False, True, False], ("False", "True")),
]


@pytest.mark.parametrize(("values", "labels"), LABELS)
def test_labels_are_in_order_and_stand_for_their_rows(values, labels):
    texts = {"text": [f"{k % 7}.5" for k in range(40)], "minus": [f"−{k % 7}.5" for k in range(40)]}
    table = frame(40, y=values * 10, x=[float(labels.index(str(value))) for value in values * 10], **texts)
    problem = prepare(table, "y")
    assert problem.features == ("x", "text", "minus")  # numbers as text count
    assert problem.labels == labels
    np.testing.assert_array_equal(problem.y_train, np.unique(problem.X_train[:, 0], return_inverse=True)[1])


def test_notes_say_what_is_left_out_and_where():
    x = ["n/k", None, "1e400", *["1.5", "2.5"] * 8, "3"]
    others = {"id": range(20), "word": ["w1", "w2"] * 10, "same": [7] * 20}
    table = frame(x=x, y=["a", "b"] * 9 + ["a", None], **others)
    problem = prepare(table[["id", "x", "word", "same", "y"]], "y")
    assert problem.features == ("id", "x")
    assert problem.notes == (
        "Column 'id' counts up from row to row: leave it out, unless it is a measurement.",
        "Column 'x' holds 'n/k' in line 2, '1e400' in line 4 among its numbers: counted as missing.",
        "Column 'word' holds text (line 2: 'w1'), and a feature must be a number (pandas.get_dummies makes "
        "numbers of a few words). It is left out.",
        "4 rows of 20 lack a value (3 in 'x', 1 in 'y'; lines 2, 3, 4, 21): left out.",
        "Column 'same' is 7 in every training row: it tells nothing, and is left out.",
    )
    assert len(problem.y_train) + len(problem.y_test) == 16


REFUSED = [
    (frame(y=["a"] * 20), {}, "column 'y' has a single class, 'a', in all rows: "),
    (frame(y=[f"w{k}" for k in range(20)]), {}, "20 classes in 20 rows, one a row, .*: choose another col"),
    (frame(), {"task": "classification"}, "one a row, like .*: choose regression, or another column$"),
    (frame(y=[*"aaaaaaaaabaaaaacdddd"]), {}, "alone are 'b' in line 11, 'c' in line 17. Take them out"),
    (frame(y=["a", "b"] * 10), {"task": "regression"}, r"'y' holds text \(line 2: 'a'\), and a regression"),
    (frame(x=["a", "b"] * 10), {}, r"no column of numbers to predict 'y' from: .* Column 'x' holds text"),
    (frame(x=[1] * 20), {}, "no column that varies to predict 'y' from: .* 'x' is 1 in every training row"),
    (frame(x=[1, None] * 10, w=[None, 1] * 10), {}, "there are 0. Most values are missing in '[xw]' .10 of"),
    (frame(7), {}, "at least 8 complete rows are needed, .* there are 7: add some$"),
    (frame(), {"target": "z"}, "there is no column 'z'; the columns are x, y"),
    (frame(), {"features": ["x", "y"]}, "column 'y' is to be predicted"),
    (frame(), {"task": "ranking"}, 'task must be "classification" or "regression", got \'ra'),
    (
        frame(x=[f"{k}%" for k in range(20)]),
        {},
        "write numbers with digits and a decimal mark alone, without",
    ),
]


@pytest.mark.parametrize(("table", "change", "words"), REFUSED)
def test_what_cannot_be_trained_on_is_a_sentence(table, change, words):
    with pytest.raises((ValueError, TypeError), match=words):
        prepare(table, **{"target": "y"} | change)


def test_suited_models_begin_with_a_stable_learning_rate():
    problem = prepare(frame(40, y=["a", "b"] * 20), "y")
    models = suited(problem)
    assert list(models) == ["logistic regression", "linear SVM", "softmax regression", "neural network"]
    for name in ("logistic regression", "softmax regression"):
        model, optimizer = models[name]
        limit = optimizer.largest_stable_lr(model.curvature_bound(problem.X_train))
        assert 0.2 * limit < optimizer.lr < 0.2501 * limit
    assert list(suited(prepare(frame(), "y"))) == ["linear regression"]


def test_classes_of_each_model():
    X = np.array([[-1.0], [1.0], [2.0]])
    two = {"w": np.array([1.0]), "b": np.array(-1.5)}
    three = {"W": np.array([[0.0, 1.0, 0.0]]), "b": np.array([0.0, -1.5, -9.0])}
    cases = (LogisticRegression(1), two, 0), (LinearSVM(1), two, -1), (SoftmaxRegression(1, 3), three, 0)
    for model, params, first in cases:
        assert predict_classes(model, params, X).tolist() == [0, 0, 1]
        assert encode(model, np.array([0, 1, 1])).tolist() == [first, 1, 1]
