"""A table made ready to train on, and the sentence for each that cannot be."""

import numpy as np
import pandas as pd
import pytest
from sklearn.model_selection import train_test_split

from gdutils.models import LinearRegression, LinearSVM, LogisticRegression, SoftmaxRegression
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
    "words": (["a", "b"], "classification"),
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
    assert (problem.labels, problem.notes) == ((), ())
    # By scikit-learn's own split, and the formula for scaling by the training rows alone.
    train, test, y_train, y_test = train_test_split(
        table[["x", "z"]].to_numpy(), table["y"].to_numpy(), test_size=6, random_state=3
    )
    np.testing.assert_allclose(problem.X_train, (train - train.mean(axis=0)) / train.std(axis=0))
    np.testing.assert_allclose(problem.X_test, (test - train.mean(axis=0)) / train.std(axis=0))
    np.testing.assert_array_equal(problem.y_train, y_train)
    np.testing.assert_array_equal(problem.y_test, y_test)


def test_the_same_state_holds_out_the_same_rows():
    same = [prepare(frame(40), "y", random_state=state).y_test for state in (0, 0, 1)]
    np.testing.assert_array_equal(same[0], same[1])
    assert not np.array_equal(same[0], same[2])


def test_classes_keep_their_shares():
    problem = prepare(frame(100, y=["b"] * 20 + ["a"] * 70 + ["c"] * 10), "y", test_size=0.3)
    assert problem.task == "classification"
    assert problem.labels == ("a", "b", "c")
    np.testing.assert_array_equal(np.bincount(problem.y_test), [21, 6, 3])
    np.testing.assert_array_equal(np.bincount(problem.y_train), [49, 14, 7])


LABELS = {
    "text": (["red", "Blue", "red", "Blue"], ("Blue", "red")),
    "three words": (["b", "c", "a", "b"], ("a", "b", "c")),
    "whole numbers": ([10, 9, 10, 9], ("9", "10")),
    "truth": ([True, False, True, False], ("False", "True")),
}


@pytest.mark.parametrize(("values", "labels"), LABELS.values(), ids=LABELS)
def test_labels_are_in_order_and_stand_for_their_rows(values, labels):
    table = frame(40, y=values * 10)
    different = list(dict.fromkeys(values))
    table["x"] = [float(different.index(value)) for value in table["y"]]  # tells which row it is
    problem = prepare(table, "y", task="classification")
    assert problem.labels == labels
    _, known = np.unique(problem.X_train[:, 0], return_inverse=True)
    for number, k in zip(problem.y_train, known, strict=True):
        assert problem.labels[number] == str(different[k]).removesuffix(".0")


def test_the_task_may_be_chosen():
    table = frame(20, y=[1, 2] * 10)
    assert prepare(table, "y").labels == ("1", "2")
    assert prepare(table, "y", task="regression").labels == ()


def test_truth_values_and_numbers_as_text_are_features():
    texts = {"text": [f"{k % 7}.5" for k in range(20)], "minus": [f"−{k % 7}.5" for k in range(20)]}
    table = frame(20, truth=[True, False] * 10, **texts)
    assert prepare(table, "y").features == ("x", "truth", "text", "minus")


def test_notes_say_what_is_left_out_and_where():
    table = frame(
        id=range(20),
        x=["n/k", None, "1e400"] + ["1.5", "2.5"] * 8 + ["3"],
        word=["w1", "w2"] * 10,
        nothing=[None] * 20,
        same=[7] * 20,
        y=["a", "b"] * 9 + ["a", None],
    )
    problem = prepare(table[["id", "x", "word", "nothing", "same", "y"]], "y")
    assert problem.features == ("id", "x")
    assert problem.notes == (
        "Column 'id' counts up from row to row: leave it out, unless it is a measurement.",
        "Column 'x' holds 'n/k' in line 2, '1e400' in line 4 among its numbers: counted as missing.",
        "Column 'word' holds text (line 2: 'w1'), and a feature must be a number (pandas.get_dummies makes "
        "numbers of a few words). It is left out.",
        "Column 'nothing' is empty. It is left out.",
        "4 rows of 20 lack a value (3 in 'x', 1 in 'y'; lines 2, 3, 4, 21): left out.",
        "Column 'same' is 7 in every training row: it tells nothing, and is left out.",
    )
    assert len(problem.y_train) + len(problem.y_test) == 16


@pytest.mark.parametrize("written", ["{}%", "${}", "1,{}00", "{} kg", "2020-01-{}"])
def test_numbers_with_something_around_them_are_told_how_to_be_written(written):
    """No advice is given that leads to the next refusal."""
    table = frame(x=[written.format(k) for k in range(11, 31)])
    plainly = "write numbers with digits and a decimal mark alone, without a unit, a percent sign"
    with pytest.raises(ValueError, match=plainly):
        prepare(table, "y")
    for task in ("classification", "regression"):
        with pytest.raises(ValueError, match=plainly) as caught:
            prepare(table, "x", task=task)
        assert "choose regression" not in str(caught.value)


def test_a_column_far_from_0_that_hardly_varies_is_scaled_like_any_other():
    near, far = (prepare(frame(40, x=at + 2.0 * (np.arange(40) % 17 == 3)), "y") for at in (0, 2.0**53))
    np.testing.assert_allclose(far.X_train, near.X_train)


REFUSED = [
    (frame(y=["a"] * 20), {}, "column 'y' has a single class, 'a', in all rows: "),
    (
        frame(y=[f"w{k}" for k in range(20)]),
        {},
        "20 classes in 20 rows, one a row, .*: choose another column$",
    ),
    (frame(), {"task": "classification"}, "one a row, like .*: choose regression, or another column$"),
    (frame(y=[*"aaaaaaaaabaaaaacdddd"]), {}, "alone are 'b' in line 11, 'c' in line 17. Take them out"),
    (frame(202, y=[f"w{k}" for k in range(101)] * 2), {}, "101 classes, and 100 are the most .* here"),
    (frame(y=[2.5] * 20), {"task": "regression"}, "column 'y' is 2.5 in every row"),
    (frame(y=["a", "b"] * 10), {"task": "regression"}, r"'y' holds text \(line 2: 'a'\), and a regression"),
    (
        frame(x=["a", "b"] * 10),
        {},
        r"no column of numbers to predict 'y' from: add one\. Column 'x' holds text",
    ),
    (
        frame(w=["a", "b"] * 10),
        {"features": ["x", "w"]},
        "Column 'w' holds text .*, and a feature must be a num",
    ),
    (frame(x=[1] * 20), {}, "no column that varies to predict 'y' from: .* 'x' is 1 in every training row"),
    (
        frame(x=[1, None] * 10, w=[None, 1] * 10),
        {},
        "there are 0. Most values are missing in '[xw]' .10 of 20.: ",
    ),
    (frame(7), {}, "at least 8 complete rows are needed, .* there are 7: add some$"),
    (
        frame(x=np.linspace(1e100, 1e300, 20)),
        {},
        r"numbers too large \(line 2: .* \(write them in a larger unit",
    ),
    (frame(), {"target": "z"}, "there is no column 'z'; the columns are x, y"),
    (frame(), {"target": ["y"]}, r"target must be the name of a column, got \['y'\]"),
    (frame(), {"features": ["x", "y"]}, "column 'y' is to be predicted"),
    (frame(), {"features": ["x", "x"]}, "features must name each column once, got x, x"),
    (frame(), {"features": "x"}, r"features must be a list of names, such as \['x'\]"),
    (frame(), {"task": "ranking"}, 'task must be "classification" or "regression", got \'ra'),
    (frame(), {"test_size": 1.5}, "test_size must be .*1.5"),
    (frame(), {"random_state": "x"}, "random_state must be .*, got 'x'"),
    ([[1, 2]], {}, "table must be a pandas.DataFrame, as read_table returns, got list"),
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
    with pytest.raises(TypeError, match="problem must be what prepare returns, got 3"):
        suited(3)


def test_classes_of_each_model():
    X = np.array([[-1.0], [1.0], [2.0]])
    params = {"w": np.array([1.0]), "b": np.array(-1.5)}
    for model in (LogisticRegression(1), LinearSVM(1)):
        assert predict_classes(model, params, X).tolist() == [0, 0, 1]
    params = {"W": np.array([[0.0, 1.0, 0.0]]), "b": np.array([0.0, -1.5, -9.0])}
    assert predict_classes(SoftmaxRegression(1, 3), params, X).tolist() == [0, 0, 1]
    y = np.array([0, 1, 1])
    assert encode(LinearSVM(1), y).tolist() == [-1, 1, 1]
    for model in (LogisticRegression(1), SoftmaxRegression(1, 2), LinearRegression(1)):
        assert encode(model, y).tolist() == [0, 1, 1]
