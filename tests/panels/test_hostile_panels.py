"""Hostile input to panels: a bad argument raises before anything is shown, a bad choice is a sentence."""

import ipywidgets as widgets
import numpy as np
import pytest

from gdutils import landscapes, models
from gdutils.challenges import Challenge
from gdutils.closer import Closer
from gdutils.descent_panel import DescentPanel
from gdutils.descent_pictures import CurvePicture, MapPicture
from gdutils.optimizers import SGD, Momentum
from gdutils.panels import TrainingPanel
from gdutils.your_data import YourData
from tests.hostile import ENDLESS, NO_LIST, NO_OPTIMIZERS, Fresh, Kind, call, count, faults_of, optional
from tests.problems import PROBLEMS

LINE = PROBLEMS["line"].draw(5)
MARGIN = PROBLEMS["margin"].draw(5)
CURVE = CurvePicture(landscapes.Parabola(), start=5.0, steps=4)
MAP = MapPicture(landscapes.Bowl(), start=(5.0, 1.0), steps=4)


def told(kind):
    """Return a function that makes a panel, opens all of it, and returns what it says."""

    def tell(**given):
        panel = kind(**given)
        panel.more.value = True
        panel.wait()
        panel.close()
        return panel.text

    return tell


def slider():
    return widgets.FloatLogSlider(min=-2, max=2, description="C")


NO_PICTURES = {
    "None": None,
    "text": "line",
    "a number": 3,
    "a class": CurvePicture,
    "a model": models.LinearRegression(1),
}
NO_PICTURES |= {"nothing": {}, "a mapping to nothing": {"a": None}, "a list": [LINE]}
NO_EXTRAS = NO_LIST | {
    "a class": [Closer],
    "a challenge": [Challenge("Go.", max)],
    "a widget": [widgets.HTML()],
}
NO_SLIDERS = {
    "a number": 3,
    "a list": ["C"],
    "text": "C",
    "a number for C": {"C": 3},
    "unknown": {"rank": slider()},
}
NO_CODE = {
    "a number": 3,
    "a list": ["X"],
    "bytes": b"X",
    "for no data": {"moons": "X"},
    "no Python": "X, y = 1 +",
}
NO_SEEDS = {"text": "3", "-1": -1, "NaN": np.nan, "endless": ENDLESS}
EXTRAS = Kind((), {"a list": []}, wrong=NO_EXTRAS)
ROWS = {
    "training": (
        told(TrainingPanel),
        {
            "picture": Kind(MARGIN, {"a mapping": {"": MARGIN}}, wrong=NO_PICTURES | {"of walks": CURVE}),
            "optimizer": Kind(SGD(0.01), wrong=NO_OPTIMIZERS | {"a list of them": [SGD()]}),
            "batch_size": optional(count(20, 61)),
            "of_model": Kind(Fresh(dict), wrong=NO_SLIDERS),
            "random_state": Kind(3, {"NumPy's": np.int64(3)}, wrong=NO_SEEDS),
            "code": Kind("X, y = 1, 2", {"by name": {"": "X, y = 1, 2"}}, wrong=NO_CODE),
            "extras": EXTRAS,
        },
    ),
    "descent": (
        told(DescentPanel),
        {
            "picture": Kind(CURVE, {"a mapping": {"": CURVE}}, wrong=NO_PICTURES | {"of training": LINE}),
            "optimizers": Kind(
                [SGD(0.1), Momentum(0.1)], {"a tuple": (SGD(0.1), Momentum(0.1))},
                wrong=NO_OPTIMIZERS | {"nothing": [], "too many": [SGD()] * 8, "one is none": [SGD(), None]},
            ),
            "extras": EXTRAS,
        },
    ),
}  # fmt: skip
SWAPS = [(name, argument) for name, (_, kinds) in ROWS.items() for argument in kinds]


@pytest.mark.parametrize(("name", "argument"), SWAPS)
def test_one_argument_is_swapped(name, argument):
    faults = list(faults_of(ROWS[name], argument, call(ROWS[name])))
    assert not faults, "\n".join([name, *faults])


# Choices. ---

RATES = {np.nan: False, np.inf: False, -np.inf: False, -1.0: False, 0.0: False, 5e-324: True, 1e308: True}


@pytest.mark.parametrize(
    "make", [lambda: TrainingPanel(LINE, SGD(0.05)), lambda: DescentPanel(CURVE, SGD(0.1))]
)
def test_a_learning_rate_of_any_size_is_tried_or_refused_in_a_sentence(make):
    panel = make()
    for rate, tried in RATES.items():
        panel.controls.lr.value = rate
        panel.wait()
        assert panel.text.startswith("Not ") is not tried, panel.text
    panel.controls.lr.value = 0.05
    panel.wait()
    assert "lr=0.05" in panel.text
    panel.close()


ANSWERS = {
    "a rate that is none": {"lr": None}, "a word for a rate": {"lr": "fast"}, "a rate below 0": {"lr": -1.0},
    "no number": {"lr": np.nan}, "a list": {"lr": [1]}, "unknown": {"speed": 1}, "no name": {3: 1},
    "a step below 0": {"epoch": -1, "step": -1}, "beyond the slider": {"epoch": 10**9, "step": 10**9},
    "no mapping": 3, "nothing": None,
}  # fmt: skip


@pytest.mark.parametrize(
    "make", [lambda: TrainingPanel(LINE, SGD(0.05)), lambda: DescentPanel(CURVE, SGD(0.1))]
)
@pytest.mark.parametrize("values", ANSWERS.values(), ids=ANSWERS)
def test_a_question_that_sets_what_cannot_be_set_is_a_sentence_and_reset_mends_it(make, values):
    panel = make()
    before = panel.text
    panel.cover("What will happen?")
    panel.uncover(values)
    assert "Reset brings back the start" in panel.text or panel.text.startswith("Not ")
    panel.controls.reset.click()
    panel.wait()
    assert panel.text == before
    panel.close()


# A file of the learner's. ---


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text("x,z,y\n" + "\n".join(f"{k},{k % 5},{k % 3}" for k in range(30)), encoding="utf-8")
    return path


NO_FILES = [
    "\0",
    "x" * 5_000,
    "~",
    "/",
    "https://example.org/x.csv",
    "x.csv",
    3,
    np.nan,
    b"x.csv",
    ["x.csv"],
    (),
    {},
]


@pytest.mark.parametrize("given", NO_FILES, ids=lambda given: repr(given)[:20])
def test_a_file_that_is_none_is_a_sentence(given):
    data = YourData(given)
    data.wait()
    assert data.text.startswith("Not read: ")
    assert len(data.text) < 6_000
    assert data.panel is None
    data.close()


def test_after_a_file_that_is_none_another_is_read(path):
    data = YourData(3)
    data.path.value = str(path)
    data.wait()
    assert data.text.startswith("Softmax regression for 'y'")
    data.close()


WRONG = {
    "target": ["w", "", 3, 0, np.nan, b"y", ["y"], {"y": 1}, True],
    "features": ["w", 3, np.nan, [], [3], ["x", "x"], ["x", "y"], [None], {"w": 1}, [["x"]], True],
    "task": ["ranking", "", 3, ["regression"], np.nan, True],
    "model": ["forest", "", 3, ["linear regression"], np.nan, True],
}
CASES = [(argument, value) for argument, values in WRONG.items() for value in values]


@pytest.mark.parametrize(("argument", "value"), CASES, ids=lambda case: str(case)[:20])
def test_a_choice_that_cannot_be_made_is_a_sentence(path, argument, value):
    data = YourData(path, **{argument: value})
    data.wait()
    assert data.text.startswith("Not trained: "), data.text
    assert len(data.text) < 400
    data.close()


@pytest.mark.parametrize("argument", WRONG)
def test_after_a_choice_that_cannot_be_made_another_is_trained(path, argument):
    data = YourData(path, **{argument: 3})
    data.target.value = "z"
    data.every.click()
    data.wait()
    assert "for 'z', 5 classes, from 2 columns" in data.text
    data.close()
