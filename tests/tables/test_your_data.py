"""The widget for a learner's own file, and its pictures: each model that suits it, or else a sentence."""

import re
import shutil

import numpy as np
import pytest
from ipywidgets import Widget
from sklearn.metrics import accuracy_score, confusion_matrix, recall_score, root_mean_squared_error

from gdutils.tables import YourData, prepare, read_table, suited
from gdutils.tables.pictures import predict_classes
from gdutils.training import train
from tests.lessons.cells import NOTEBOOKS


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """The lessons' tables, wines of two cultivars, and the ratings in MovieLens' older form."""
    for table in (NOTEBOOKS / "data").glob("*.csv"):
        shutil.copy(table, tmp_path)
    monkeypatch.chdir(tmp_path)
    wine = (tmp_path / "wine.csv").read_text("utf-8").replace("Barbera", "Barbera 红$x$")
    (tmp_path / "two.csv").write_text(re.sub(".*Barolo\n", "", wine), "utf-8")
    _, *ratings = (tmp_path / "ratings.csv").read_text("utf-8").splitlines()
    rows = [row.removesuffix(".0").replace(",", "\t") + "\t881250949\n" for row in ratings]
    (tmp_path / "u.data").write_text("".join(rows), "utf-8")
    yield tmp_path
    Widget.close_all()


def told(data):
    data.wait()
    return data.panel.text.replace("−", "-")


def at_the_end(data):
    data.panel.controls.named["epoch"].value = 200
    return told(data)


@pytest.mark.parametrize(
    "model", ["logistic regression", "linear SVM", "softmax regression", "neural network"]
)
def test_each_model_gives_what_its_code_gives(model):
    data, made = YourData("two.csv", random_state=4), {}
    data.model.value = model
    said = at_the_end(data)
    exec(data.panel.code(), made)
    problem = made["problem"]
    predicted = predict_classes(made["model"], made["run"].params, problem.X_test)
    accuracy = accuracy_score(problem.y_test, predicted)
    lowest = min(recall_score(problem.y_test, predicted, average=None))
    assert f"on held-out rows accuracy {accuracy:.3f}, lowest recall {lowest:.3f}" in said
    guess = np.mean(problem.y_test == np.bincount(problem.y_train).argmax())
    assert said.partition("would score ")[2].startswith(f"{guess:.3f}")
    assert accuracy > guess + 0.1
    drawn = [int(text.get_text()) for text in data.panel.picture.counts]
    assert drawn == confusion_matrix(problem.y_test, predicted).ravel().tolist()


def test_a_regression_from_some_columns_and_one_that_diverges():
    data, columns = YourData("penguins.csv", target="body_mass_g"), ["bill_length_mm", "flipper_length_mm"]
    data.columns.value = columns
    said = at_the_end(data)
    problem = prepare(read_table("penguins.csv"), "body_mass_g", features=columns)
    model, optimizer = suited(problem)["linear regression"]
    run = train(model, problem.X_train, problem.y_train, optimizer, epochs=200)
    error = root_mean_squared_error(problem.y_test, model.predict(run.params, problem.X_test))
    guess = root_mean_squared_error(problem.y_test, np.full(len(problem.y_test), problem.y_train.mean()))
    assert f"on held-out rows {error:.4g}; always guessing the mean would score {guess:.4g}" in said
    data.panel.controls.lr.value = 1e5
    assert "Diverged at epoch" in told(data)


def test_each_choice_moves_the_panel():
    data = YourData("two.csv")
    assert "Epoch 20 of 200: " in told(data)
    seen = {bytes(data.panel.image.value)}
    choices = {
        data.model: "linear SVM",
        data.columns: ["hue"],
        data.target: "magnesium",
        data.path: "wine.csv",
    }
    for control, value in choices.items():
        before = data.panel
        control.value = value
        data.wait()
        seen.add(bytes(data.panel.image.value))
        assert data.place.children == (data.panel,)
        assert before.comm is None  # closed
    assert len(seen) == 5
    assert (data.target.value, len(data.columns.value)) == ("cultivar", 13)
    rows = "133 rows to train on, 45 held out, 13 features."
    assert data.text.startswith(f"Softmax regression for 'cultivar': {rows} 'cultivar' is a usual name for")


@pytest.mark.parametrize("name", ["ratings.csv", "u.data"])
def test_ratings_go_to_matrix_factorization(name):
    data, made = YourData(name), {}
    assert data.model.options == ("matrix factorization",)
    assert "1,196 ratings of " in data.text
    pattern = r"RMSE (\S+) on known entries and (\S+) on hidden ones; .* would score ([\d.]+\d)"
    known, hidden, guess = map(float, re.search(pattern, at_the_end(data)).groups())
    assert known < hidden < guess
    exec(data.panel.code(), made)
    assert f"loss {made['run'].losses[-1]:.4g}" in told(data)


def test_a_target_user_ids_or_four_columns_make_no_ratings(folder):
    assert YourData("ratings.csv", target="movieId").text.startswith("Linear regression for 'movieId'")
    rows = "\n".join(f"{k % 5},{k},{k * k % 7},{k * 3 % 11}" for k in range(40))
    (folder / "other.csv").write_text("user_id,age,income,price\n" + rows, "utf-8")
    assert "for 'price'" in YourData("other.csv").text
    (folder / "four.csv").write_text(rows.replace(",", "\t"), "utf-8")
    assert YourData("four.csv").text.startswith("⚠ the first line of four.csv")


BAD = {
    "column 'y' has 1 values that occur twice": "a,y\n" + "1,no\n2,no\n" * 6,
    "line 3 of bad.csv": "userId,movieId,rating\n1,2,3\n1,x,3\n",
    "has one column": "<img src=x>\n1\n",
}


def test_what_cannot_be_used_is_a_sentence_and_the_panel_before_stays(folder):
    assert "⚠ 'vintage' must be one column" in YourData("wine.csv", target="vintage").text
    data = YourData("wine.csv")
    panel, before = data.panel, told(data)
    data.columns.value = []
    assert data.text == "⚠ choose at least one column to predict from"
    data.path.value = "none.csv"
    assert "⚠ there is no file 'none.csv' ('penguins.csv', 'ratings.csv'" in data.text
    for words, content in BAD.items():
        (folder / "bad.csv").write_text(content, "utf-8")
        data.path.value = "bad.csv"
        assert data.text.startswith("⚠ ")
        assert words in data.text
        assert "<img" not in data.sentence.value
        data.path.value = ""
    assert (data.panel, told(data)) == (panel, before)
    data.path.value = " two.csv "
    assert "for 'cultivar': 89 rows to train on" in data.text
