"""Runs as code: what a panel shows is executed with nothing else at hand, and must give the same losses."""

import html
import re
from pathlib import Path

import numpy as np
import pytest

from gdutils.as_code import AsCode, by_data, with_imports
from gdutils.datasets import make_line
from gdutils.descent_panel import DescentPanel
from gdutils.descent_pictures import CurvePicture
from gdutils.landscapes import Parabola
from gdutils.models import LinearRegression
from gdutils.optimizers import SGD, Adam
from gdutils.panels import TrainingPanel
from gdutils.pictures import LinePicture
from gdutils.your_data import YourData
from tests.lessons.cells import NOTEBOOKS


def code_of(panel):
    """Return the lines as they stand in the area of the panel, and not only in an attribute."""
    panel.wait()
    (extra,) = [each for each in panel.extras if isinstance(each, AsCode)]
    (shown,) = re.findall(r"<textarea[^>]*>(.*?)</textarea>", extra.widget.value, re.DOTALL)
    assert html.unescape(shown) == extra.code
    return extra.code


def losses_of(code):
    names = {}
    exec(code, names)
    return names["run"].losses, eval(code.splitlines()[-1], names)


def assert_same(panel):
    code = code_of(panel)
    losses, shown = losses_of(code)
    expected = [snapshot.loss for snapshot in panel.run.snapshots]
    np.testing.assert_allclose(losses, expected, rtol=1e-12, err_msg=code)
    epoch = min(panel.controls.epoch.value, len(expected) - 1)
    np.testing.assert_allclose(shown, expected[epoch], rtol=1e-12)


def test_a_table_of_the_learner(monkeypatch):
    monkeypatch.chdir(NOTEBOOKS)
    data = YourData("data/wine.csv")
    for target in ("cultivar", "alcohol"):
        data.target.value = target
        for model in data.model.options:
            data.model.value = model
            data.wait()
            data.panel.more.value = True
            assert_same(data.panel)
    data.boxes["hue"].value = False
    data.wait()
    data.panel.more.value = True
    assert "features=" in code_of(data.panel)
    assert_same(data.panel)
    data.path.value = "data/ratings.csv"
    data.wait()
    data.panel.more.value = True
    assert_same(data.panel)


def test_two_classes_of_a_table(tmp_path):
    path = tmp_path / "two.csv"
    rows = np.random.RandomState(0).randn(60, 3).round(3)
    lines = [f"{a},{b},{'yes' if c > a else 'no'}" for a, b, c in rows]
    Path(path).write_text("\n".join(["one,two,answer", *lines]), encoding="utf-8")
    data = YourData(path, model="linear SVM", random_state=3)
    data.wait()
    data.panel.more.value = True
    assert "random_state=3" in code_of(data.panel)
    assert_same(data.panel)


def line_panel(**settings):
    panel = TrainingPanel(
        LinePicture(LinearRegression(n_features=1), *make_line(30), epochs=5), SGD(lr=0.05), **settings
    )
    panel.more.value = True
    panel.wait()
    return panel


def test_the_lines():
    assert code_of(line_panel(code="X, y = datasets.make_line(30)", batch_size=7)) == (
        "from gdutils import datasets\n"
        "from gdutils.models import LinearRegression\n"
        "from gdutils.optimizers import SGD\n"
        "from gdutils.training import train\n"
        "\n"
        "X, y = datasets.make_line(30)\n"
        "model = LinearRegression(n_features=1)\n"
        "run = train(model, X, y, SGD(lr=0.05), epochs=5, batch_size=7, random_state=0)\n"
        "run.losses[-1]"
    )


@pytest.mark.parametrize(
    ("random_state", "words"),
    [
        (0, "# X and y are those of the lesson."),
        (np.int64(3), "# X and y are those of the lesson."),
        (np.random.RandomState(3), "# X, y and rng are those of the lesson."),
        (None, "# X, y and rng are those of the lesson."),
    ],
)
def test_data_without_code_are_those_of_the_lesson(random_state, words):
    code = code_of(line_panel(random_state=random_state))
    assert words in code
    assert f"random_state={'rng' if 'rng' in words else int(random_state)})" in code


def test_a_generator_of_the_lesson():
    rng = np.random.RandomState(8)
    panel = line_panel(code="rng = np.random.RandomState(8)\nX, y = datasets.make_line(30)", random_state=rng)
    panel.controls.batch_size.value = 4
    rng.rand(5)  # what the lesson draws later changes no run
    assert_same(panel)
    panel.controls.optimizer.value = Adam
    assert_same(panel)


def test_nothing_is_written_while_it_is_out_of_sight():
    panel = TrainingPanel(LinePicture(LinearRegression(1), *make_line(30), epochs=5), SGD(lr=0.05))
    panel.wait()
    extra = panel.extras[-1]
    assert extra.code == extra.widget.value == ""
    panel.more.value = True
    assert "SGD(lr=0.05)" in extra.code


def test_the_area_is_labelled_readonly_and_keeps_its_keys():
    value = line_panel().extras[-1].widget.value
    assert re.search(r"<label[^>]*>as code.*<textarea readonly .*</textarea></label>", value, re.DOTALL)
    assert 'data-lm-suppress-shortcuts="true"' in value  # JupyterLab would copy a cell instead


def test_one_variable_starts_at_a_number():
    panel = DescentPanel(CurvePicture(Parabola(3, 1), start=10, steps=4), SGD(lr=0.1))
    panel.more.value = True
    assert code_of(panel) == (
        "from gdutils.landscapes import Parabola, walk\n"
        "from gdutils.optimizers import SGD\n"
        "\n"
        "function = Parabola(center=3.0, height=1.0)\n"
        "path = walk(function, SGD(lr=0.1), start=10.0, steps=4)\n"
        "print(path[4], function(path[4]))"
    )


def test_names_are_imported_and_unknown_ones_named():
    code = with_imports("import math\ndef f(a):\n    return np.sqrt(a) + math.pi\nX = f(MyOwn(3))")
    assert code.splitlines()[:3] == ["import numpy as np", "import math", "# MyOwn: as in the lesson"]


@pytest.mark.parametrize(
    ("code", "error", "match"),
    [
        ({"b": "X = 1"}, ValueError, "code must be for one of 'a', got 'b'"),
        ({"a": 3}, TypeError, "code must be lines of Python, or a function"),
        (3, TypeError, "code must be lines of Python, or a function"),
    ],
)
def test_bad_code(code, error, match):
    with pytest.raises(error, match=match):
        by_data(code, ["a"])
