"""The widget for a learner's own file: any model on it, and a sentence for whatever cannot be used."""

from __future__ import annotations

import base64
import os
import re

import numpy as np
import pandas as pd
import pytest
from sklearn.datasets import load_wine
from sklearn.linear_model import LinearRegression as LibraryRegression
from sklearn.linear_model import LogisticRegression as LibraryClassifier
from sklearn.metrics import r2_score

from gdutils.models import LinearSVM
from gdutils.optimizers import Adam
from gdutils.scores import accuracy, predict_classes, r2
from gdutils.tables import prepare, read_table
from gdutils.training import train
from gdutils.your_data import YourData, is_ratings, suited


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """A folder of the learner's with two good files: wines with three cultivars, and with two."""
    monkeypatch.chdir(tmp_path)
    wine = load_wine(as_frame=True).frame
    wine["cultivar"] = [f"cultivar {k + 1}" for k in wine.pop("target")]
    wine.to_csv("wine.csv", index=False)
    wine[wine["cultivar"] != "cultivar 1"].to_csv("two.csv", index=False)
    return tmp_path


def ratings(n_users=20, n_items=15, seed=0):
    rng = np.random.RandomState(seed)
    X = np.argwhere(rng.uniform(size=(n_users, n_items)) < 0.5)
    values = 3 + np.outer(rng.standard_normal(n_users), rng.standard_normal(n_items))[tuple(X.T)]
    return pd.DataFrame(
        {"userId": X[:, 0] + 7, "movieId": X[:, 1] + 100, "rating": values.round(1), "timestamp": 9}
    )


def picture(data):
    return data.panel.image.value


def told(data):
    data.wait()
    return data.panel.text.replace("−", "-")


def held_out_score(data):
    found = re.search(r"on held-out rows (\S+?)[;, ]", told(data))
    return float(found[1])


# What is good is trained on. ---


def test_begins_with_the_last_column_and_all_others():
    data = YourData("wine.csv")
    assert data.target.value == "cultivar"
    assert data.task.value == "classification"
    assert data.model.value == "softmax regression"
    assert [name for name, box in data.boxes.items() if box.value] == list(data.problem.features)
    assert len(data.problem.features) == 13
    assert data.text.startswith("Softmax regression for 'cultivar', 3 classes, from 13 columns")
    assert told(data).startswith("Epoch 200 of 200")


def test_report_tells_of_each_column():
    data = YourData("wine.csv")
    assert "178 rows, 14 columns" in data.report.value
    for name in data.table.columns:
        assert f">{name}</td>" in data.report.value
    assert ">11.03 to 14.83</td>" in data.report.value
    data.target.value = "hue"
    assert "<li>Column &#x27;cultivar&#x27; holds text" in data.report.value


@pytest.mark.parametrize("columns", [["flavanoids"], ["flavanoids", "hue"], None], ids=["one", "two", "all"])
@pytest.mark.parametrize(
    ("file", "models"),
    [
        ("wine.csv", ["softmax regression", "neural network"]),
        ("two.csv", ["logistic regression", "linear SVM", "softmax regression", "neural network"]),
    ],
)
def test_every_model_is_better_than_a_guess(file, models, columns):
    data = YourData(file, features=columns)
    assert list(data.model.options) == models
    for name in models:
        data.model.value = name
        guess = float(re.search(r"would score (\d\.\d+)", told(data))[1])
        assert held_out_score(data) > guess + 0.1
        assert data.text.lower().startswith(name.lower())
        assert "Overshooting" not in data.panel.text
        assert "Diverged" not in data.panel.text


@pytest.mark.parametrize("target", ["alcohol", "proline", "hue"])
def test_regression_scores_as_the_library_does(target):
    data = YourData("wine.csv", target=target)
    assert data.task.value == "regression"
    assert list(data.model.options) == ["linear regression"]
    problem = data.problem
    library = LibraryRegression().fit(problem.X_train, problem.y_train)
    expected = r2_score(problem.y_test, library.predict(problem.X_test))
    assert held_out_score(data) == pytest.approx(expected, abs=0.01)


def test_classification_scores_as_the_library_does():
    data = YourData("two.csv", features=["alcohol", "hue"])
    problem = data.problem
    library = LibraryClassifier(C=np.inf).fit(problem.X_train, problem.y_train)
    expected = library.score(problem.X_test, problem.y_test)
    assert held_out_score(data) == pytest.approx(expected, abs=1.01 / len(problem.y_test))


def test_gives_what_the_code_gives():
    data = YourData("wine.csv", random_state=4)
    problem = prepare(read_table("wine.csv"), "cultivar", random_state=4)
    np.testing.assert_array_equal(data.problem.X_train, problem.X_train)
    model, optimizer = suited(problem)["softmax regression"]
    run = train(model, problem.X_train, problem.y_train, optimizer, epochs=200, random_state=4)
    score = accuracy(problem.y_test, predict_classes(model, run.params, problem.X_test))
    assert held_out_score(data) == pytest.approx(score, abs=6e-4)
    assert f"loss {run.losses[-1]:.4g}," in told(data)


@pytest.mark.parametrize("file", ["wine.csv", "two.csv"])
def test_learning_rates_to_begin_with_are_stable(file):
    table = read_table(file)
    for target in table.columns:
        problem = prepare(table, target)
        for model, optimizer in suited(problem).values():
            for curvature in ("curvature", "curvature_bound"):
                if hasattr(model, curvature) and not isinstance(model, LinearSVM):  # whose kinks count too
                    limit = optimizer.largest_stable_lr(getattr(model, curvature)(problem.X_train))
                    assert 0.2 * limit < optimizer.lr < 0.3 * limit
                    break
            else:
                assert type(optimizer) is Adam or isinstance(model, LinearSVM)


def test_arguments_make_the_first_choice():
    data = YourData(
        "two.csv", target="cultivar", features=["hue", "ash"], task="classification", model="linear SVM"
    )
    assert data.problem.features == ("hue", "ash")
    assert [name for name, box in data.boxes.items() if box.value] == ["ash", "hue"]
    assert data.model.value == "linear SVM"
    assert told(data).startswith("Epoch 200")
    assert YourData("wine.csv", features="hue").problem.features == ("hue",)


# Each choice moves the panel, and the newest wins. ---


def test_changing_each_choice():
    data = YourData("two.csv")
    seen = {picture(data)}
    for change in (
        lambda: setattr(data.model, "value", "linear SVM"),
        lambda: setattr(data.boxes["hue"], "value", False),
        data.none.click,
        lambda: setattr(data.boxes["proline"], "value", True),
        lambda: setattr(data.boxes["ash"], "value", True),
        data.every.click,
        lambda: setattr(data.target, "value", "magnesium"),
        lambda: setattr(data.boxes["ash"], "value", False),
        lambda: setattr(data.path, "value", "wine.csv"),
    ):
        change()
        data.wait()
        seen.add(picture(data))
    assert len(seen) == 8  # no column changes nothing, and all of them bring back what was
    assert data.target.value == "cultivar"


def test_reading_again_keeps_the_choices():
    data = YourData("wine.csv", target="hue", features=["ash", "alcohol"])
    table = read_table("wine.csv")
    table["hue"] = 2 * table["ash"] - table["alcohol"]
    table.to_csv("wine.csv", index=False)
    data.again.click()
    assert data.text.startswith("Linear regression for 'hue' from 2 columns")
    assert data.problem.features == ("ash", "alcohol")
    assert held_out_score(data) > 0.99
    table.drop(columns="hue").to_csv("wine.csv", index=False)
    data.again.click()
    data.wait()
    assert "there is no column 'hue'" in data.text
    assert_alive(data)


def test_says_that_it_reads():
    data = YourData("wine.csv")
    said = []
    data.sentence.observe(lambda change: said.append(change["new"]), "value")
    data.path.value = "two.csv"
    assert "Reading two.csv …" in said[0]


def test_a_model_that_still_fits_is_kept():
    data = YourData("two.csv", model="neural network")
    data.boxes["hue"].value = False
    assert data.model.value == "neural network"
    data.target.value = "hue"
    assert data.model.value == "linear regression"


def test_the_task_can_be_overruled():
    data = YourData("wine.csv", target="magnesium")
    assert data.task.value == "regression"
    data.task.value = "classification"
    assert data.text.startswith("Not trained: ")
    assert "The panel below still shows 'magnesium' of wine.csv" in data.text
    data.task.value = "regression"
    assert data.text.startswith("Linear regression for 'magnesium'")


def test_target_is_never_among_the_columns():
    data = YourData("wine.csv")
    for target in ("hue", "ash", "cultivar"):
        data.target.value = target
        assert target not in data.problem.features
        assert data.boxes[target] not in data.columns.children
        assert len(data.columns.children) == 13


def test_one_panel_at_a_time_and_older_runs_end():
    data = YourData("wine.csv")
    first = data.panel
    first.controls.play.value = True
    data.model.value = "neural network"
    assert data.place.children == (data.panel,)
    assert first is not data.panel
    assert first.run.pace.abandoned
    assert first.controls.play.value is False
    assert first.comm is None  # closed, and gone from the page
    data.wait()


def test_panel_answers_and_resets():
    data = YourData("wine.csv", target="alcohol")
    before = told(data), picture(data)
    data.panel.controls.lr.value = 0.02
    assert told(data) != before[0]
    assert picture(data) != before[1]
    data.panel.controls.reset.click()
    assert (told(data), picture(data)) == before


@pytest.mark.parametrize(
    ("file", "model", "slider"), [("two.csv", "linear SVM", "C"), ("wine.csv", "neural network", "n_hidden")]
)
def test_settings_of_the_model_have_a_slider(file, model, slider):
    data = YourData(file, model=model)
    before = told(data)
    own = data.panel.controls.of_model[slider]
    own.value = own.value / 2 if slider == "C" else 4
    assert told(data) != before
    assert data.panel.error is None


# Ratings. ---


@pytest.mark.parametrize("form", ["ratings.csv", "u.data", "ratings.dat"])
def test_ratings_go_to_matrix_factorization(form, folder):
    rows = ratings()
    if form == "u.data":
        rows["rating"] = rows["rating"].round().astype(int)
        rows.to_csv(form, sep="\t", header=False, index=False)
    elif form == "ratings.dat":
        lines = (
            "::".join(map(str, (int(row[0]), int(row[1]), row[2], int(row[3])))) for row in rows.to_numpy()
        )
        (folder / form).write_text("\n".join(lines))
    else:
        rows.to_csv(form, index=False)
    assert is_ratings(form)
    data = YourData(form)
    assert data.model.options == ("matrix factorization",)
    assert data.target.disabled
    assert data.task.disabled
    assert data.columns.children == ()
    assert f"{len(rows)} ratings of 15 items by 20 users" in data.report.value
    pattern = r"RMSE (\S+) on known entries and (\S+) on hidden ones; always the mean would score ([\d.]+\d)"
    known, hidden, guess = map(float, re.search(pattern, told(data)).groups())
    assert known < hidden < guess
    held_out = data.panel.run.picture.picture.held_out[1]
    assert len(held_out) == pytest.approx(len(rows) / 4, abs=1)
    assert guess == pytest.approx(np.sqrt(np.mean(held_out**2)), rel=1e-3)
    data.path.value = "wine.csv"
    assert not data.target.disabled
    assert told(data).startswith("Epoch 200")
    assert len(data.columns.children) == 13


def test_a_table_is_no_ratings():
    assert not is_ratings("wine.csv")
    assert not is_ratings("nothing.csv")
    assert not is_ratings(".")
    pd.DataFrame({"a": [1.5, 2], "b": [3, 4]}).to_csv("tabs.csv", sep="\t", index=False)
    assert not is_ratings("tabs.csv")
    pd.DataFrame({"user_age": [30, 40], "price": [3, 4], "rating": [5, 6]}).to_csv("t.csv", index=False)
    assert not is_ratings("t.csv")


# What is bad becomes a sentence. ---


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no such files there")
def test_a_pipe_is_not_waited_for():
    os.mkfifo("pipe.csv")
    data = YourData("wine.csv")
    data.path.value = "pipe.csv"
    assert data.text.startswith("Not read: pipe.csv is a device: name a file. The panel")


@pytest.mark.parametrize("path", ['"two.csv"', "'two.csv'", " two.csv "])
def test_a_path_may_be_quoted(path):
    """As the file managers of some systems copy it."""
    data = YourData("wine.csv")
    data.path.value = path
    assert data.text.startswith("Softmax regression for 'cultivar', 2 classes")


def test_an_address_is_not_downloaded():
    data = YourData("wine.csv")
    data.path.value = "https://example.org/wine.csv"
    assert "there is no file https://example.org/wine.csv; download it" in data.text


def test_ratings_by_name_are_told_to_number_them(folder):
    rows = "".join(f"anna,film {k},{k % 5}\n" for k in range(20))
    (folder / "names.csv").write_text("user,item,rating\n" + rows)
    data = YourData("names.csv")
    assert "line 2 of names.csv must be a user and an item, both as whole numbers, a rating" in data.text


def test_a_few_ratings_are_too_few(folder):
    (folder / "few.csv").write_text("user,item,rating\n1,2,3\n1,3,4\n")
    assert "few.csv must hold at least 8 ratings, and has 2: add some." in YourData("few.csv").text


def test_ratings_that_are_all_the_same_are_refused(folder):
    rows = "".join(f"{k % 5},{k % 7},4\n" for k in range(30))
    (folder / "same.csv").write_text("user,item,rating\n" + rows)
    assert "every rating of same.csv is 4: there is nothing to predict." in YourData("same.csv").text


def test_a_question_ends_with_its_mark(folder):
    (folder / "open.csv").write_text('a,b\n1,"2\n')
    data = YourData("open.csv")
    assert data.text.endswith("is a quotation mark missing, or one too many?")


def lines(*rows):
    return "\n".join(("a,b,y", *rows)) + "\n"


TWELVE = [f"{k},{k * k % 7},{2 * k}" for k in range(12)]

BAD = {
    "no such file": (None, "there is no file bad.csv; beside it there is two.csv, wine.csv"),
    "empty": ("", "bad.csv is empty"),
    "blank": (" \n\n", "bad.csv is empty"),
    "header only": (lines(), "bad.csv"),
    "one column": ("y\n1\n2\n", "one column, 'y'"),
    "a short line": (lines(*TWELVE, "1,2"), "line 14 of bad.csv"),
    "a long line": (lines("1,2,3,4", *TWELVE), "line 2 of bad.csv"),
    "two columns of one name": ("a,a,y\n1,2,3\n", "line 1 of bad.csv"),
    "no names": ("1,2,3\n4,5,6\n", "line 1 of bad.csv"),
    "text where numbers are needed": (
        "a,b,y\n" + "".join(f"red {k},blue {k},{k}\n" for k in range(12)), "Column 'a' holds text (line 2"
    ),
    "missing values": (
        "a,b,y\n" + ",1,2\n3,,4\n" * 6, "at least 8 complete"
    ),
    "a constant column": ("a,y\n" + "".join(f"5,{k}\n" for k in range(12)), "Column 'a' is 5 in every"),
    "a constant target": ("a,y\n" + "".join(f"{k},5.5\n" for k in range(12)), "'y' is 5.5 in every row"),
    "a single class": ("a,y\n" + "".join(f"{k},yes\n" for k in range(12)), "a single class, 'yes'"),
    "one class a row": ("a,y\n" + "".join(f"{k},no {k}\n" for k in range(12)), "one a row"),
    "few rows": (lines(*TWELVE[:3]), "at least 8 complete rows"),
    "not text": (b"\x89PNG\r\n\x1a\n\x00\x00\xff\xfe", "line 1 of bad.csv is not text"),
    "an open quotation mark": (lines(*TWELVE, '"1,2,3', "4,5,6"), "bad.csv"),
    "numbers too large": (
        "a,y\n" + "".join(f"{k}e300,{k * 3.5}e300\n" for k in range(1, 13)), ""
    ),
    "a bad rating": ("userId,movieId,rating\n1,2,3\n1,x,3\n", "line 3 of bad.csv"),
    "few ratings": ("userId,movieId,rating\n1,2,3\n", "bad.csv must hold at least 8 ratings, and has 1"),
}  # fmt: skip


def write(content):
    if content is not None:
        with open("bad.csv", "wb") as file:
            file.write(content if isinstance(content, bytes) else content.encode())


def assert_alive(data):
    """A good file makes all well, and each control answers."""
    data.path.value = "two.csv"
    assert "for 'cultivar', 2 classes, from 13 columns, scaled: 89 rows to train on" in data.text
    before = told(data)
    data.boxes["hue"].value = False
    assert told(data) != before
    assert held_out_score(data) > 0.8


@pytest.mark.parametrize(("content", "words"), BAD.values(), ids=BAD)
def test_a_bad_file_is_a_sentence_and_the_panel_before_stays(content, words):
    write(content)
    data = YourData("wine.csv")
    before = told(data), picture(data)
    panel = data.panel
    data.path.value = "bad.csv"
    data.wait()  # nothing unexpected was raised
    assert re.match("Not (read|trained): ", data.text)
    assert words in data.text
    assert data.text.endswith("The panel below still shows 'cultivar' of wine.csv.")
    assert "⚠" in data.sentence.value
    assert (data.panel, told(data), picture(data)) == (panel, *before)
    panel.controls.lr.value = 0.05
    assert told(data) != before[0]
    assert_alive(data)


@pytest.mark.parametrize(("content", "words"), BAD.values(), ids=BAD)
def test_a_bad_file_to_begin_with(content, words):
    write(content)
    data = YourData("bad.csv")
    data.wait()
    assert words in data.text
    assert data.panel is None
    bundle = data._repr_mimebundle_()
    assert bundle["text/plain"] == data.text
    for change in (data.none.click, data.every.click):
        change()
        data.wait()
    assert_alive(data)


@pytest.mark.parametrize("path", [".", "no/such/folder/x.csv", "x" * 300, "bad\0.csv", "~nobody/x.csv"])
def test_a_path_that_leads_nowhere(path):
    data = YourData("wine.csv")
    data.path.value = path
    data.wait()
    assert data.text.startswith("Not read: ")
    assert_alive(data)


def test_the_file_that_is_shown_is_named_after_a_bad_path():
    data = YourData("wine.csv")
    data.path.value = "bad.csv"
    data.model.value = "neural network"
    data.none.click()
    assert data.text.endswith("The panel below still shows 'cultivar' of wine.csv.")


def test_no_path_asks_for_one():
    data = YourData()
    assert data.text == "Type the path of a CSV file, relative to this notebook, and press Enter."
    assert data.panel is None
    assert_alive(data)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"target": "vintage"}, "there is no column 'vintage'"),
        ({"features": ["vintage"]}, "there is no column 'vintage'"),
        ({"features": ["cultivar"]}, "column 'cultivar' is to be predicted"),
        ({"features": []}, ""),
        ({"task": "clustering"}, 'task must be "classification" or "regression"'),
        (
            {"model": "linear SVM"},
            "model must be one of softmax regression, neural network, got 'linear SVM'",
        ),
        ({"target": "hue", "features": ["cultivar"]}, "Column 'cultivar' holds text"),
    ],
)
def test_arguments_that_do_not_fit_are_a_sentence(arguments, words):
    data = YourData("wine.csv", **arguments)
    data.wait()
    assert data.text.startswith("Not trained: ")
    assert words in data.text
    assert data.panel is None
    assert_alive(data)


def test_choosing_a_model_while_a_choice_is_bad_says_so_again():
    data = YourData("two.csv")
    data.none.click()
    assert data.text.startswith("Not trained: choose at least one column to predict from.")
    data.model.value = "linear SVM"
    assert data.text.startswith("Not trained: ")
    data.boxes["hue"].value = True
    assert data.text.startswith("Linear SVM for 'cultivar', 2 classes, from 1 column")


def test_what_goes_wrong_unexpectedly_is_shown_and_raised(monkeypatch):
    data = YourData("wine.csv")

    def broken(*_, **__):
        raise KeyError("surprise")

    with monkeypatch.context() as patch:
        patch.setattr("gdutils.your_data.picture_of", broken)
        data.model.value = "neural network"
    assert "The widget failed: KeyError('surprise')" in data.text
    with pytest.raises(KeyError, match="surprise"):
        data.wait()
    data.model.value = "softmax regression"
    data.wait()


def test_words_of_the_file_are_no_html():
    table = read_table("wine.csv").rename(columns={"hue": "<b>hue</b>"})
    table["cultivar"] = table["cultivar"].str.replace("cultivar", "<script>alert()</script>")
    table.to_csv("evil.csv", index=False)
    data = YourData("evil.csv")
    told(data)
    for text in (data.report.value, data.sentence.value, data.panel.sentence.value):
        assert "<script" not in text
        assert "<b>hue" not in text
    data.path.value = "<img src=x>.csv"
    assert "<img" not in data.sentence.value


def test_a_wide_table_has_no_boxes_and_is_trained_on():
    rng = np.random.RandomState(0)
    wide = pd.DataFrame(rng.standard_normal((300, 200)), columns=[f"x{k}" for k in range(200)])
    wide.assign(y=wide["x3"] * 5).to_csv("wide.csv", index=False)
    data = YourData("wide.csv")
    assert data.boxes == {}
    assert "too many for boxes" in data.columns.children[0].value
    assert told(data).startswith("Epoch 200")
    data.none.click()
    data.every.click()
    data.wait()
    assert YourData("wide.csv", features=["x3"]).problem.features == ("x3",)


def test_a_run_of_many_rows_ends_when_another_model_is_chosen():
    rng = np.random.RandomState(0)
    large = pd.DataFrame(rng.standard_normal((20_000, 4)).round(3), columns=list("abcd"))
    large.assign(kind=np.where(large["a"] > 0, "up", "down")).to_csv("large.csv", index=False)
    data = YourData("large.csv", model="neural network")
    first = data.panel
    data.model.value = "softmax regression"
    first._trainer.join(30)
    assert not first._trainer.is_alive()
    assert len(first.run.snapshots) < 201
    data.wait()
    assert "accuracy" in told(data)


def test_many_rows_are_trained_on_in_the_background():
    rng = np.random.RandomState(0)
    large = pd.DataFrame(rng.standard_normal((20_000, 4)).round(3), columns=list("abcd"))
    large.assign(y=(2 * large["a"] - large["b"]).round(3)).to_csv("large.csv", index=False)
    data = YourData("large.csv")
    data.wait()
    assert data.panel.progress.layout.visibility == "hidden"
    assert (
        "Linear regression for 'y' from 4 columns, scaled: 15,000 rows to train on, 5,000 held out"
        in data.text
    )
    assert "drawn: 2,000 of the 15,000 rows" in data.panel.text
    assert held_out_score(data) == pytest.approx(1, abs=1e-3)
    problem = data.problem
    assert (
        r2(problem.y_test, problem.X_test @ LibraryRegression().fit(problem.X_train, problem.y_train).coef_)
        > 0.9
    )


def test_saved_notebook_has_the_picture_and_the_sentence():
    data = YourData("wine.csv")
    bundle = data._repr_mimebundle_()
    assert re.match(r"Epoch \d", bundle["text/plain"])
    assert base64.b64decode(bundle["image/png"]).startswith(b"\x89PNG")
    assert "application/vnd.jupyter.widget-view+json" in bundle


def test_each_control_has_a_label():
    data = YourData("wine.csv")
    for widget in (
        data.path,
        data.target,
        data.task,
        data.model,
        *data.boxes.values(),
        data.every,
        data.none,
    ):
        assert widget.description


def test_heights_are_fixed():
    data = YourData("wine.csv")
    assert all(widget.layout.height for widget in (data.report, data.sentence, data.place, data.columns))
