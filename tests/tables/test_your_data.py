"""The widget for a learner's own file, and its pictures: each model that suits it, or else a sentence."""

import re

import numpy as np
import pandas as pd
import pytest
from ipywidgets import Widget
from sklearn.datasets import load_diabetes, load_wine
from sklearn.metrics import accuracy_score, confusion_matrix, recall_score, root_mean_squared_error

from gdutils.datasets import make_ratings
from gdutils.tables import YourData, prepare, read_table, suited
from gdutils.tables.pictures import predict_classes
from gdutils.training import train


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """A folder of the learner's: wines of three cultivars, wines of two, patients, and ratings."""
    monkeypatch.chdir(tmp_path)
    wine = load_wine(as_frame=True).frame
    wine.insert(0, "cultivar", [f"cultivar {k + 1} 红$x$" for k in wine.pop("target")])
    wine.to_csv("wine.csv", index=False)
    wine[wine["cultivar"].str.contains("2|3")].to_csv("two.csv", index=False)
    load_diabetes(as_frame=True, scaled=False).frame.rename(columns={"target": "progress"}).to_csv(
        "patients.csv"
    )
    X, rating, _ = make_ratings(20, 15, density=0.5, random_state=0)
    rows = pd.DataFrame(
        {"userId": X[:, 0], "movieId": X[:, 1], "rating": 3 + rating.round(), "timestamp": 881250949}
    )
    rows.to_csv("ratings.csv", index=False)
    rows.assign(rating=rows["rating"].clip(0, 5).astype(int)).to_csv(
        "u.data", sep="\t", index=False, header=False
    )
    yield tmp_path
    Widget.close_all()


def told(data):
    data.wait()
    return data.panel.text.replace("−", "-")


def at_the_end(data):
    data.panel.controls.named["epoch"].value = 200
    return told(data)


def test_begins_with_the_usual_target_and_all_columns():
    data = YourData("wine.csv")
    assert (data.target.value, len(data.columns.value)) == ("cultivar", 13)
    assert data.text.startswith(
        "Softmax regression for 'cultivar': 133 rows to train on, 45 held out, 13 features."
    )
    assert "'cultivar' is a usual name for a target." in data.text
    assert "Epoch 20 of 200: " in told(data)


@pytest.mark.parametrize(
    "model", ["logistic regression", "linear SVM", "softmax regression", "neural network"]
)
def test_each_model_gives_what_its_code_gives(model):
    data = YourData("two.csv", random_state=4)
    data.model.value = model
    said = at_the_end(data)
    made = {}
    exec(data.panel.code(), made)
    run, problem = made["run"], made["problem"]
    predicted = predict_classes(made["model"], run.params, problem.X_test)
    scores = (
        accuracy_score(problem.y_test, predicted),
        min(recall_score(problem.y_test, predicted, average=None)),
    )
    assert "on held-out rows accuracy {:.3f}, lowest recall {:.3f}".format(*scores) in said
    guess = np.mean(problem.y_test == np.bincount(problem.y_train).argmax())
    assert said.partition("would score ")[2].startswith(f"{guess:.3f}")
    assert scores[0] > guess + 0.1
    drawn = [int(text.get_text()) for text in data.panel.picture.counts]
    assert drawn == confusion_matrix(problem.y_test, predicted).ravel().tolist()


def test_a_regression_from_some_columns():
    data = YourData("patients.csv")
    assert "Column 'column 1' is left out: it numbers the rows." in data.text
    data.columns.value = ["bmi", "bp"]
    said = at_the_end(data)
    problem = prepare(read_table("patients.csv"), "progress", features=["bmi", "bp"])
    model, optimizer = suited(problem)["linear regression"]
    run = train(model, problem.X_train, problem.y_train, optimizer, epochs=200)
    error = root_mean_squared_error(problem.y_test, model.predict(run.params, problem.X_test))
    guess = root_mean_squared_error(problem.y_test, np.full(len(problem.y_test), problem.y_train.mean()))
    assert f"on held-out rows {error:.4g}; always guessing the mean would score {guess:.4g}" in said


def test_each_choice_moves_the_panel():
    data = YourData("two.csv")
    seen = {bytes(data.panel.image.value)}
    choices = [
        (data.model, "linear SVM"),
        (data.columns, ["hue"]),
        (data.target, "magnesium"),
        (data.path, "wine.csv"),
    ]
    for control, value in choices:
        before = data.panel
        control.value = value
        data.wait()
        seen.add(bytes(data.panel.image.value))
        assert data.place.children == (data.panel,)
        assert before.comm is None  # closed
    assert len(seen) == 5


@pytest.mark.parametrize("name", ["ratings.csv", "u.data"])
def test_ratings_go_to_matrix_factorization(name):
    data = YourData(name)
    assert data.model.options == ("matrix factorization",)
    assert "ratings of 15 items by 20 users" in data.text
    pattern = r"RMSE (\S+) on known entries and (\S+) on hidden ones; .* would score ([\d.]+\d)"
    known, hidden, guess = map(float, re.search(pattern, at_the_end(data)).groups())
    assert known < hidden < guess
    made = {}
    exec(data.panel.code(), made)
    assert f"loss {made['run'].losses[-1]:.4g}" in told(data)


def test_a_target_that_is_given_wins_over_ratings():
    assert YourData("ratings.csv", target="movieId").text.startswith("Linear regression for 'movieId'")


def test_user_ids_or_four_columns_make_no_ratings(folder):
    rows = "\n".join(f"{k % 5},{k},{k * k % 7},{k * 3 % 11}" for k in range(40))
    (folder / "other.csv").write_text("user_id,age,income,price\n" + rows, encoding="utf-8")
    assert "for 'price'" in YourData("other.csv").text
    (folder / "four.csv").write_text(rows.replace(",", "\t"), encoding="utf-8")
    assert YourData("four.csv").text.startswith("⚠ the first line of four.csv")


BAD = {
    "no such file": (None, "there is no file 'bad.csv' ('patients.csv', 'ratings.csv'"),
    "one class": ("a,y\n" + "1,no\n2,no\n" * 6, "column 'y' has 1 values that occur twice"),
    "a bad rating": ("userId,movieId,rating\n1,2,3\n1,x,3\n", "line 3 of bad.csv"),
    "words of HTML": ("<img src=x>\n1\n", "has one column"),
}


@pytest.mark.parametrize(("content", "words"), BAD.values(), ids=BAD)
def test_a_bad_file_is_a_sentence_and_the_panel_before_stays(content, words, folder):
    if content is not None:
        (folder / "bad.csv").write_text(content, encoding="utf-8")
    data = YourData("wine.csv")
    panel, before = data.panel, told(data)
    data.path.value = "bad.csv"
    assert data.text.startswith("⚠ ")
    assert words in data.text
    assert "<img" not in data.sentence.value
    assert (data.panel, told(data)) == (panel, before)
    data.path.value = " two.csv "
    assert "for 'cultivar': 89 rows to train on" in data.text


def test_no_column_chosen_and_a_target_that_is_not_there():
    data = YourData("wine.csv")
    data.columns.value = []
    assert data.text == "⚠ choose at least one column to predict from"
    assert "'vintage' must be one column" in YourData("wine.csv", target="vintage").text


def test_a_diverged_run_is_drawn_and_told():
    data = YourData("patients.csv")
    data.panel.controls.lr.value = 1e5
    assert "Diverged at epoch" in told(data)
