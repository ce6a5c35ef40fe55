"""The widget for a learner's own file: any model on it, and a sentence for whatever cannot be used."""

import re

import numpy as np
import pandas as pd
import pytest
from ipywidgets import Widget
from sklearn.datasets import load_wine
from sklearn.metrics import accuracy_score

from gdutils.datasets import make_ratings
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
    assert data.text.startswith("Softmax regression for 'cultivar', 3 classes, from 13 columns")
    assert "Epoch 20 of 200: " in told(data)
    assert "178 rows, 14 columns" in data.report.value


@pytest.mark.parametrize("columns", [["flavanoids"], ["flavanoids", "hue"], None], ids=["one", "two", "all"])
def test_every_model_is_better_than_a_guess(columns):
    data = YourData("two.csv", features=columns)
    for name in ("logistic regression", "linear SVM", "softmax regression", "neural network"):
        data.model.value = name
        guess = float(re.search(r"would score (\d\.\d+)", told(data))[1])
        assert held_out_score(data) > guess + 0.1


def test_gives_what_the_code_gives():
    data = YourData("wine.csv", random_state=4)
    problem = prepare(read_table("wine.csv"), "cultivar", random_state=4)
    model, optimizer = suited(problem)["softmax regression"]
    run = train(model, problem.X_train, problem.y_train, optimizer, epochs=200, random_state=4)
    score = accuracy_score(problem.y_test, predict_classes(model, run.params, problem.X_test))
    data.panel.controls.epoch.value = 200
    assert held_out_score(data) == pytest.approx(score, abs=6e-4)
    made = {}
    exec(data.panel.code(), made)
    np.testing.assert_array_equal(made["run"].losses, run.losses)


def test_each_choice_moves_the_panel():
    data = YourData("two.csv")
    seen = {data.panel.image.value}
    choices = [(data.model, "linear SVM"), (data.boxes["hue"], False), (data.target, "magnesium")]
    for control, value in [*choices, (data.path, "wine.csv")]:
        before = data.panel
        control.value = value
        data.wait()
        seen.add(data.panel.image.value)
        assert data.place.children == (data.panel,)
        assert before.comm is None  # closed
    assert len(seen) == 5
    for press, words in ((data.none, "choose at least one column"), (data.every, "from 13 columns")):
        press.click()
        assert words in data.text


@pytest.mark.parametrize("separator", [",", "\t"])
def test_ratings_go_to_matrix_factorization(separator):
    X, rating, _ = make_ratings(20, 15, density=0.5, random_state=0)
    rows = pd.DataFrame({"userId": X[:, 0], "movieId": X[:, 1], "rating": rating.round(1), "timestamp": 9})
    rows.to_csv("ratings.csv", sep=separator, index=False)
    data = YourData("ratings.csv")
    assert data.model.options == ("matrix factorization",)
    assert f"{len(rows)} ratings of 15 items by 20 users" in data.report.value
    pattern = r"RMSE (\S+) on known entries and (\S+) on hidden ones; always the mean would score ([\d.]+\d)"
    known, hidden, guess = map(float, re.search(pattern, told(data)).groups())
    assert known < hidden < guess


BAD = {
    "no such file": (None, "there is no file bad.csv; beside it there is two.csv, wine.csv"),
    "one class": ("a,y\n" + "1,no\n" * 12, "column 'y' has a single class, 'no'"),
    "a bad rating": ("userId,movieId,rating\n1,2,3\n1,x,3\n", "line 3 of bad.csv"),
    "words of HTML": ("<img src=x>\n1\n", "has one column, '<img src=x>'"),
}


@pytest.mark.parametrize(("content", "words"), BAD.values(), ids=BAD)
def test_a_bad_file_is_a_sentence_and_the_panel_before_stays(content, words, folder):
    if content is not None:
        (folder / "bad.csv").write_text(content)
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
    [({"target": "vintage"}, "there is no column 'vintage'"), ({"model": "linear SVM"}, "got 'linear SVM'")],
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
