"""The widget for a learner's own file: any model on it, and a sentence for whatever cannot be used."""

import re

import numpy as np
import pandas as pd
import pytest
from ipywidgets import Widget
from sklearn.datasets import load_wine
from sklearn.metrics import accuracy_score

from gdutils.tables import YourData, predict_classes, prepare, read_table, suited
from gdutils.training import train


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """A folder of the learner's with two good files: wines of three cultivars, and of two."""
    monkeypatch.chdir(tmp_path)
    wine = load_wine(as_frame=True).frame
    wine["cultivar"] = [f"cultivar {k + 1}" for k in wine.pop("target")]
    wine.to_csv("wine.csv", index=False)
    wine[wine["cultivar"] != "cultivar 1"].to_csv("two.csv", index=False)
    yield tmp_path
    Widget.close_all()


def told(data):
    data.wait()
    return data.panel.text.replace("−", "-")


def held_out_score(data):
    return float(re.search(r"on held-out rows (\S+?)[;, ]", told(data))[1])


def test_begins_with_the_last_column_and_all_others():
    data = YourData("wine.csv")
    assert (data.target.value, data.task.value) == ("cultivar", "classification")
    assert [name for name, box in data.boxes.items() if box.value] == list(data.problem.features)
    assert data.text.startswith("Softmax regression for 'cultivar', 3 classes, from 13 columns")
    assert told(data).startswith("Epoch 200 of 200")
    assert "178 rows, 14 columns" in data.report.value
    assert data._repr_mimebundle_()["text/plain"] == data.panel.text


@pytest.mark.parametrize("columns", [["flavanoids"], ["flavanoids", "hue"], None], ids=["one", "two", "all"])
def test_every_model_is_better_than_a_guess(columns):
    data = YourData("two.csv", features=columns)
    for name in ("logistic regression", "linear SVM", "softmax regression", "neural network"):
        data.model.value = name
        guess = float(re.search(r"would score (\d\.\d+)", told(data))[1])
        assert held_out_score(data) > guess + 0.1
        assert data.text.lower().startswith(name.lower())


def test_gives_what_the_code_gives():
    data = YourData("wine.csv", random_state=4)
    problem = prepare(read_table("wine.csv"), "cultivar", random_state=4)
    model, optimizer = suited(problem)["softmax regression"]
    run = train(model, problem.X_train, problem.y_train, optimizer, epochs=200, random_state=4)
    score = accuracy_score(problem.y_test, predict_classes(model, run.params, problem.X_test))
    assert held_out_score(data) == pytest.approx(score, abs=6e-4)
    assert f"loss {run.losses[-1]:.4g}," in told(data)
    made = {}
    exec(data.panel.code(), made)
    np.testing.assert_array_equal(made["run"].losses, run.losses)


def test_each_choice_moves_the_panel():
    data = YourData("two.csv")
    seen = {data.panel.image.value}
    for change in (
        lambda: setattr(data.model, "value", "linear SVM"),
        lambda: setattr(data.boxes["hue"], "value", False),
        data.none.click,
        lambda: setattr(data.boxes["proline"], "value", True),
        data.every.click,
        lambda: setattr(data.target, "value", "magnesium"),
        lambda: setattr(data.path, "value", "wine.csv"),
    ):
        before = data.panel
        change()
        data.wait()
        seen.add(data.panel.image.value)
        assert data.place.children == (data.panel,)
        assert data.panel is before or before.comm is None  # closed
    assert len(seen) == 6  # no column changes nothing, and all of them bring back what was
    assert data.target.value == "cultivar"


def test_reading_again_keeps_the_choices():
    data = YourData("wine.csv", target="hue", features=["ash", "alcohol"])
    table = read_table("wine.csv")
    table["hue"] = 2 * table["ash"] - table["alcohol"]
    table.to_csv("wine.csv", index=False)
    data.again.click()
    assert data.problem.features == ("ash", "alcohol")
    assert held_out_score(data) > 0.99


@pytest.mark.parametrize("separator", [",", "\t"])
def test_ratings_go_to_matrix_factorization(separator):
    rng = np.random.RandomState(0)
    X = np.argwhere(rng.uniform(size=(20, 15)) < 0.5)
    rating = 3 + np.outer(rng.standard_normal(20), rng.standard_normal(15))[tuple(X.T)]
    rows = pd.DataFrame({"userId": X[:, 0], "movieId": X[:, 1], "rating": rating.round(1), "timestamp": 9})
    rows.to_csv("ratings.csv", sep=separator, index=False)
    data = YourData("ratings.csv")
    assert data.model.options == ("matrix factorization",)
    assert f"{len(rows)} ratings of 15 items by 20 users" in data.report.value
    pattern = r"RMSE (\S+) on known entries and (\S+) on hidden ones; always the mean would score ([\d.]+\d)"
    known, hidden, guess = map(float, re.search(pattern, told(data)).groups())
    assert known < hidden < guess
    data.path.value = "wine.csv"
    assert told(data).startswith("Epoch 200")


BAD = {
    "no such file": (None, "there is no file bad.csv; beside it there is two.csv, wine.csv"),
    "a short line": ("a,b,y\n1,2,3\n1,2\n", "line 3 of bad.csv"),
    "one class a row": ("a,y\n" + "".join(f"{k},no {k}\n" for k in range(12)), "one a row"),
    "a bad rating": ("userId,movieId,rating\n1,2,3\n1,x,3\n", "line 3 of bad.csv"),
    "few ratings": ("userId,movieId,rating\n1,2,3\n", "bad.csv must hold at least 8 ratings, and has 1"),
    "words of HTML": ("<img src=x>\n1\n", "has one column, '<img src=x>'"),
}


@pytest.mark.parametrize(("content", "words"), BAD.values(), ids=BAD)
def test_a_bad_file_is_a_sentence_and_the_panel_before_stays(content, words, folder):
    if content is not None:
        (folder / "bad.csv").write_text(content)
    alone = YourData("bad.csv")
    assert words in alone.text
    assert alone.panel is None
    data = YourData("wine.csv")
    panel, before = data.panel, told(data)
    data.path.value = "bad.csv"
    data.wait()  # nothing unexpected was raised
    assert re.match("Not (read|trained): ", data.text)
    assert words in data.text
    assert data.text.endswith("The panel below still shows 'cultivar' of wine.csv.")
    assert "<img" not in data.sentence.value
    assert (data.panel, told(data)) == (panel, before)
    data.path.value = " 'two.csv' "  # as some file managers copy it
    assert "for 'cultivar', 2 classes, from 13 columns, scaled: 89 rows to train on" in data.text


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"target": "vintage"}, "there is no column 'vintage'"),
        ({"features": ["cultivar"]}, "column 'cultivar' is to be predicted"),
        ({"features": []}, "choose at least one column to predict from"),
        ({"task": "clustering"}, 'task must be "classification" or "regression"'),
        (
            {"model": "linear SVM"},
            "model must be one of softmax regression, neural network, got 'linear SVM'",
        ),
    ],
)
def test_arguments_that_do_not_fit_are_a_sentence(arguments, words):
    data = YourData("wine.csv", **arguments)
    assert data.text.startswith("Not trained: ")
    assert words in data.text
    assert data.panel is None


def test_what_goes_wrong_unexpectedly_is_shown_and_raised(monkeypatch):
    data = YourData("wine.csv")
    monkeypatch.setattr("gdutils.tables.your_data.picture_of", {}.__getitem__)
    data.model.value = "neural network"
    assert "The widget failed: TypeError(" in data.text
    with pytest.raises(TypeError):
        data.wait()
