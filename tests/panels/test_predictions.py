"""Predict, then see: the cover, what is asked, and the answers of the lessons, worked out apart from it."""

import html
import io
import tomllib
from copy import deepcopy
from dataclasses import FrozenInstanceError, replace

import numpy as np
import pytest
from PIL import Image

from gdutils import optimizers
from gdutils.datasets import make_line
from gdutils.descent_panel import DescentPanel
from gdutils.descent_pictures import CurvePicture
from gdutils.landscapes import DoubleWell, Parabola, walk
from gdutils.models import LinearRegression
from gdutils.optimizers import SGD, Adam, Momentum, Nesterov, RMSprop
from gdutils.panels import TrainingPanel
from gdutils.pictures import LinePicture
from gdutils.predictions import Prediction, Predictions, load_predictions
from gdutils.training import train
from tests.lessons.cells import NOTEBOOKS, WITH_QUESTIONS, panel_of

X, Y = make_line()
FILE = NOTEBOOKS / "data" / "predictions.toml"

OF_A_RUN = [
    Prediction("Too far?", ["yes", "no"], {"lr": 0.9, "epoch": 3}, 0, "It is above the limit."),
    Prediction("And with momentum?", ["a", "b", "c"], {"optimizer": "Momentum", "beta": 0.5}, 2, "It is c."),
]
OF_A_WALK = [
    Prediction("Where?", ["left", "right"], {"function": "well", "x": -1.5, "lr": 0.05}, 0, "Downhill."),
    Prediction("How far?", ["0", "5"], {"step": 1, "lr": 0.5}, 0, "At once."),
]


def training_panel(predictions=OF_A_RUN, epochs=60):
    asked = Predictions(predictions)
    picture = LinePicture(LinearRegression(n_features=1), X, Y, epochs)
    panel = TrainingPanel(picture, SGD(lr=0.05), extras=[asked])
    panel.wait()
    return panel, asked


def descent_panel(predictions=OF_A_WALK):
    asked = Predictions(predictions)
    pictures = {
        "x²": CurvePicture(Parabola(), start=10, steps=30),
        "well": CurvePicture(DoubleWell(), start=1.6, steps=40, lr=0.02),
    }
    return DescentPanel(pictures, SGD(lr=0.1), extras=[asked]), asked


both = pytest.mark.parametrize("make", [training_panel, descent_panel])


def look(panel):
    panel.wait()
    return panel.text, panel.image.value, panel.settings()


def size(panel):
    return Image.open(io.BytesIO(panel.image.value)).size


def assert_covered(panel, asked):
    assert panel.question == asked.prediction.question
    assert asked.prediction.question in panel.text
    assert panel.text in html.unescape(panel.sentence.value)
    assert "Epoch" not in panel.text
    assert "Step" not in panel.text
    assert "loss" not in panel.text


# --------------------------------------------------------------------------- the cover


@both
def test_no_mark_tells_the_largest_stable_rate_while_covered(make):
    panel, asked = make()
    assert "stable" in panel.controls.rate.mark.value
    asked.ask.click()
    assert panel.controls.rate.mark.value == ""
    panel.controls.lr.value = 0.2  # the controls are alive
    look(panel)
    assert panel.controls.rate.mark.value == ""
    asked.back.click()
    look(panel)
    assert "stable" in panel.controls.rate.mark.value


@both
def test_the_cover_has_the_size_of_the_picture_and_says_the_question(make):
    panel, asked = make()
    before, dimensions = panel.image.value, size(panel)
    asked.ask.click()
    assert_covered(panel, asked)
    assert size(panel) == dimensions
    assert panel.image.value != before
    other = panel.image.value
    panel.cover("Another question?")
    assert panel.image.value != other  # it is written on it
    assert size(panel) == dimensions


@both
def test_nothing_of_a_run_is_seen_while_the_controls_move(make):
    panel, asked = make()
    asked.ask.click()
    covered = panel.text, panel.image.value
    notes = []
    panel.image.observe(notes.append, "value")
    for value in (0.02, 0.3, 5.0):
        panel.controls.lr.value = value
        panel.wait()
    slider = getattr(panel.controls, "epoch", None) or panel.controls.step
    slider.value = 2
    panel.more.value = True
    panel.more.value = False
    panel.controls.play.value = True
    panel.controls.play.value = False
    panel.wait()
    assert (panel.text, panel.image.value) == covered
    assert notes == []
    assert panel.error is None


def test_a_long_run_ends_under_the_cover():
    panel, asked = training_panel(epochs=300)
    panel.controls.batch_size.value = 1
    asked.ask.click()
    covered = panel.text, panel.image.value
    panel.wait()
    assert panel.run.finished
    assert (panel.text, panel.image.value) == covered
    asked.back.click()
    panel.wait()
    assert "batches of 1" in panel.text


def test_a_kept_run_stays_kept():
    panel, asked = training_panel()
    panel.controls.keep.click()
    asked.ask.click()
    asked.choice.index = 0
    asked.reveal.click()
    panel.wait()
    assert "Kept: SGD(lr=0.05)" in panel.text


@both
@pytest.mark.parametrize("lr", [-1.0, 0.0])
def test_bad_input_is_told_and_stays_covered(make, lr):
    panel, asked = make()
    asked.ask.click()
    cover = panel.image.value
    panel.controls.lr.value = lr
    assert panel.text.startswith("Not ")
    assert f"got {lr:g}" in panel.text.replace("-1.0", "-1").replace("0.0", "0")
    assert asked.prediction.question in panel.text
    assert "⚠" in panel.sentence.value
    panel.controls.lr.value = 0.05
    panel.wait()
    assert_covered(panel, asked)
    assert "⚠" not in panel.sentence.value
    assert panel.image.value == cover


@both
def test_an_error_is_told_and_stays_covered(make, monkeypatch):
    panel, asked = make()
    first = look(panel)
    asked.ask.click()
    cover = panel.image.value
    picture = next(iter(panel.pictures.values()))
    with monkeypatch.context() as patch:
        patch.setattr(picture, "update", lambda *_: 1 / 0)
        panel.controls.lr.value = 0.07
        with pytest.raises(ZeroDivisionError):
            panel.wait()
        assert panel.text.startswith("The panel failed")
        assert asked.prediction.question in panel.text
        assert panel.image.value == cover
    asked.back.click()
    assert look(panel) == first


@both
def test_reset_uncovers(make):
    panel, asked = make()
    first = look(panel)
    asked.ask.click()
    panel.controls.lr.value = 0.3
    panel.controls.reset.click()
    assert look(panel) == first
    assert panel.question == ""
    assert not asked.ask.disabled
    assert asked.reveal.disabled
    assert asked.choice.layout.visibility == "hidden"


def test_extras_look_at_nothing_that_is_covered():
    looks = []

    class Onlooker:
        eager = True
        widget = Predictions(OF_A_RUN).widget

        def look(self, panel):
            looks.append(panel.text)

        def restore(self):
            pass

    asked = Predictions(OF_A_RUN)
    picture = LinePicture(LinearRegression(n_features=1), X, Y, epochs=60)
    panel = TrainingPanel(picture, SGD(lr=0.05), extras=[asked, Onlooker()])
    panel.wait()
    asked.ask.click()
    looks.clear()
    panel.controls.lr.value = 0.3
    panel.wait()
    assert looks == []
    asked.back.click()
    panel.wait()
    assert looks


# --------------------------------------------------------------------------- asking and answering


@both
def test_show_me_waits_for_a_choice(make):
    panel, asked = make()
    assert (asked.ask.disabled, asked.reveal.disabled, asked.back.disabled) == (False, True, True)
    asked.ask.click()
    assert (asked.ask.disabled, asked.reveal.disabled, asked.back.disabled) == (True, True, False)
    assert asked.choice.index is None
    assert list(asked.choice.options) == list(asked.predictions[0].choices)
    assert asked.choice.layout.visibility == "visible"
    asked.reveal.click()  # a press that came before the button was off
    assert panel.question
    asked.choice.index = 1
    assert not asked.reveal.disabled
    assert panel.question


@pytest.mark.parametrize(("chosen", "mark"), [(0, "✔"), (1, "✘")])
def test_the_answer_is_shown_and_told(chosen, mark):
    panel, asked = training_panel()
    panel.controls.batch_size.value = 10  # is none of the question's settings
    asked.ask.click()
    asked.choice.index = chosen
    asked.reveal.click()
    panel.wait()
    assert panel.text.startswith("Epoch 3 of 60 with SGD(lr=0.9), full batch: ")
    apart = train(LinearRegression(1), X, Y, SGD(lr=0.9), epochs=3)
    assert f"loss {apart.losses[-1]:.4g}" in panel.text
    assert f"You said “{['yes', 'no'][chosen]}”" in asked.text
    assert mark in asked.text
    assert "It is above the limit." in asked.text
    assert ("It is “yes”" in asked.text) is (mark == "✘")
    assert asked.text.partition("? ")[2] in html.unescape(asked.verdict.value)
    told = html.unescape(panel.notice.value)
    assert 'role="status"' in told
    assert f"You said “{['yes', 'no'][chosen]}”. {mark}" in told
    assert asked.choice.disabled
    assert asked.reveal.disabled
    assert asked.back.description == "Back"


@both
@pytest.mark.parametrize("after_a_reveal", [False, True])
def test_what_the_learner_had_comes_back(make, after_a_reveal):
    panel, asked = make()
    panel.controls.lr.value = 0.123
    slider = getattr(panel.controls, "epoch", None) or panel.controls.step
    slider.value = 7
    mine = look(panel)
    asked.ask.click()
    panel.controls.lr.value = 0.5
    if after_a_reveal:
        asked.choice.index = 0
        asked.reveal.click()
        assert look(panel) != mine
        asked.ask.click()  # and a second one
        asked.choice.index = 1
        asked.reveal.click()
        slider.value = 4
    asked.back.click()
    assert look(panel) == mine
    assert panel.error is None
    assert panel.notice.value == ""
    assert asked.back.disabled


def test_what_the_learner_does_after_a_reveal_is_theirs():
    panel, asked = training_panel()
    asked.ask.click()
    asked.choice.index = 0
    asked.reveal.click()
    panel.controls.lr.value = 0.2
    mine = look(panel)
    asked.ask.click()
    asked.back.click()
    assert look(panel) == mine


@both
def test_one_question_after_another_and_round_again(make):
    panel, asked = make()
    said = []
    for press in range(5):
        asked.ask.click()
        said.append(panel.question)
        if press % 2:
            asked.back.click()
        else:
            asked.choice.index = 0
            asked.reveal.click()
            panel.wait()
    questions = [each.question for each in asked.predictions]
    assert said == [questions[press % 2] for press in range(5)]


@both
def test_play_stops_for_a_question(make):
    panel, asked = make()
    panel.controls.play.value = True
    asked.ask.click()
    assert panel.controls.play.value is False


def test_the_boxes_keep_their_height():
    _, asked = training_panel()
    heights = []
    for act in (lambda: None, asked.ask.click, lambda: setattr(asked.choice, "index", 0), asked.reveal.click):
        act()
        boxes = [asked.question, asked.verdict, asked.widget.children[-1]]
        heights.append([box.layout.height for box in boxes] + [asked.choice.layout.display])
    assert all(each == heights[0] for each in heights)
    assert all(height and height.endswith("px") for height in heights[0][:3])


def test_a_cell_that_is_run_again_begins_anew():
    panel, asked = training_panel()
    asked.ask.click()
    again = TrainingPanel(panel.pictures, SGD(lr=0.05), extras=[asked])
    again.wait()
    assert not asked.ask.disabled
    asked.ask.click()
    assert again.question == OF_A_RUN[0].question


# --------------------------------------------------------------------------- what is no question


def question(**changes):
    whole = {"question": "Q?", "choices": ["a", "b"], "settings": {}, "right": 0, "because": "So."}
    return whole | changes


@pytest.mark.parametrize(
    ("changes", "error", "words"),
    [
        ({"question": " "}, ValueError, "question must be a text"),
        ({"because": ""}, ValueError, "because must be a text"),
        ({"because": None}, ValueError, "because must be a text"),
        ({"choices": ["a"]}, ValueError, "choices must be two or more"),
        ({"choices": ["a", "a"]}, ValueError, "choices must be two or more, all different"),
        ({"choices": "ab"}, ValueError, "each of choices"),
        ({"choices": ["a", ""]}, ValueError, "each of choices"),
        ({"settings": [1]}, TypeError, "settings must be a mapping"),
        ({"settings": {1: 2}}, TypeError, "settings must be a mapping"),
        ({"right": 2}, ValueError, "right must be"),
        ({"right": -1}, ValueError, "right must be"),
        ({"right": "a"}, TypeError, "right must be"),
    ],
)
def test_a_question_that_is_not_whole(changes, error, words):
    with pytest.raises(error, match=words):
        Prediction(**question(**changes))


def test_a_prediction_is_frozen():
    with pytest.raises(FrozenInstanceError):
        Prediction(**question()).right = 1


@pytest.mark.parametrize("given", [[], ["Q?"]])
def test_predictions_need_some(given):
    with pytest.raises(TypeError, match="predictions must be one Prediction or more"):
        Predictions(given)


def test_a_control_that_the_panel_lacks_is_named_at_once():
    with pytest.raises(ValueError, match=r"settings must name controls, .*lr.*, got 'rate'"):
        training_panel([Prediction(**question(settings={"rate": 1}))])


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"optimizer": "Newton"}, "optimizer cannot be 'Newton'"),
        ({"epoch": 61}, "epoch must be in the range"),
        ({"batch_size": "all"}, "batch_size cannot be 'all'"),
    ],
)
def test_a_value_that_a_control_refuses_is_a_sentence(settings, words):
    panel, asked = training_panel([Prediction(**question(settings=settings))])
    asked.ask.click()
    asked.choice.index = 0
    asked.reveal.click()
    assert words in panel.text
    with pytest.raises(ValueError, match=words):
        panel.wait()
    panel.controls.reset.click()
    panel.wait()
    assert panel.text.startswith("Epoch")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[[05]\n", "is not valid TOML"),
        ("[[06]]\n", r"at least one table that begins with \[\[05\]\]"),
        ("05 = 3\n", r"at least one table that begins with \[\[05\]\]"),
        ("[[05]]\nquestion = 'Q?'\n", "question 1 of 05: it must have .*look at because"),
        (
            "[[05]]\nquestion = 'Q?'\nchoices = ['a', 'b']\nsettings = {}\nright = 7\nbecause = 'So.'\n",
            "question 1 of 05: right must be",
        ),
    ],
)
def test_a_file_that_is_not_whole(tmp_path, text, words):
    path = tmp_path / "mine.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=words):
        load_predictions(path, "05")


def test_a_file_that_is_not_there_or_no_text(tmp_path):
    with pytest.raises(FileNotFoundError, match="there is no file"):
        load_predictions(tmp_path / "none.toml", "05")
    path = tmp_path / "bytes.toml"
    path.write_bytes(b"\xff")
    with pytest.raises(ValueError, match=r"line 1 of .* is not text: a TOML file is needed"):
        load_predictions(path, "05")


# --------------------------------------------------------------------------- those of the lessons


class Apart:
    """A panel's own data, trained apart from it."""

    def __init__(self, panel, names):
        self.panel, self.names = panel, names

    def source(self, data=None):
        return self.panel.sources[data or next(iter(self.panel.sources))]

    def picture(self, data=None):
        return self.source(data).stage.picture

    def run(self, *, data=None, optimizer=None, lr=None, beta=None, batch_size=None, **of_model):
        picture, first = self.picture(data), self.panel.controls.defaults
        kind = getattr(optimizers, optimizer) if optimizer else type(first.optimizer)
        changes = {"lr": first.optimizer.lr if lr is None else lr} | ({} if beta is None else {"beta": beta})
        full = first.batch_size == len(self.picture().y)
        size = batch_size or (len(picture.y) if full else min(first.batch_size, len(picture.y)))
        self.model = replace(picture.model, **of_model)
        return train(
            self.model, picture.X, picture.y, kind(**changes), epochs=picture.epochs, batch_size=size,
            random_state=deepcopy(self.source(data).stage.random_state),
        )  # fmt: skip

    def heights(self, function, optimizer, steps, **at):
        """Return how high a walk is at each step, above the lowest of all its points to compare with."""
        picture = self.panel.pictures[function]
        return picture.function(walk(picture.function, optimizer, at.get("start", picture.start), steps))


def steps_down(slope, x, lr, steps):
    for _ in range(steps):
        x = x - lr * slope(x)
    return x


def best_line_loss(X, y):
    """Half the mean square that least squares leave."""
    A = np.c_[X, np.ones(len(y))]
    return 0.5 * np.mean((A @ np.linalg.lstsq(A, y)[0] - y) ** 2)


def first_true(*cases):
    """Return the number of the only case that holds."""
    (number,) = np.flatnonzero(cases)
    return int(number)


# Lesson 01: x², x² + 1 shifted, and a double well (x² − 1)² + 0.3x.


def one_step(apart):
    return [5, 0, -10].index(steps_down(lambda x: 2 * x, 10, 0.5, 1))


def at_the_limit(apart):
    x = steps_down(lambda x: 2 * x, 10.0, 1.0, 30)
    return first_true(abs(x) < 1, x == 10, abs(x) > 11)


def left_of_the_top(apart):
    x = steps_down(apart.panel.pictures["double well"].function.gradient, np.array([0.05]), 0.1, 40).item()
    return first_true(x < -0.9, x > 0.9, abs(x) < 0.2)


# Lesson 02


def two_of_three(apart):
    ends = [abs(steps_down(lambda x: 2 * x, 10.0, lr, 30)) for lr in (0.2, 0.6, 1.8)]
    return [3, 2, 1].index(sum(end < 0.1 for end in ends))


def out_along_y(apart):
    gradient = apart.panel.pictures["bowl"].function.gradient
    x, y = steps_down(gradient, np.array([-9.0, 2.0]), 0.27, 60)
    return first_true(abs(x) > 1e3 > abs(y), abs(y) > 1e3 > abs(x), min(abs(x), abs(y)) > 1e3)


def nearest_of_three(apart):
    picture = apart.panel.pictures["line, standardized"]
    ends = [steps_down(picture.function.gradient, np.zeros(2), lr, 30) for lr in (0.1, 0.3, 0.9)]
    return int(np.argmin([picture.function(end) for end in ends]))


# Lesson 03


def single_rows(apart):
    losses = apart.run(batch_size=1).losses
    above = losses[-20:] - best_line_loss(apart.picture().X, apart.picture().y)
    return first_true(above.max() < 1e-3, 1e-2 < above.max() < 1, not np.isfinite(losses[-1]))


def all_rows(apart):
    losses = apart.run(batch_size=100).losses
    over = losses[-1] / best_line_loss(apart.picture().X, apart.picture().y)
    falls = bool((np.diff(losses) < 0).all())
    return first_true(over < 1.01, 1.15 < over < 1.25 and falls, not falls)


def small_steps(apart):
    best = best_line_loss(apart.picture().X, apart.picture().y)
    wild, calm = (np.ptp(apart.run(batch_size=1, lr=lr).losses[-20:]) for lr in (0.1, 0.01))
    there = apart.run(batch_size=1, lr=0.01).losses[-1] < 1.01 * best
    return first_true(calm < wild / 5 and there, calm < wild / 5 and not there, calm >= wild / 5)


# Lesson 04


def after_the_ravine(apart):
    of = [SGD(0.02), Momentum(0.02, beta=0.5), Nesterov(0.02, beta=0.5), Adam(0.5)]
    return int(np.argmin([apart.heights("ravine", each, 100)[-1] for each in of]))


def on_the_saddle(apart):
    of = [SGD(0.02), Momentum(0.02), RMSprop(0.1), Adam(0.5)]
    return int(np.argmax([apart.heights("saddle", each, 80)[-1] for each in of]))


def valleys(apart):
    factor = apart.panel.pictures["Himmelblau"].lr / 0.02
    function = apart.panel.pictures["Himmelblau"].function
    known = np.array([(3, 2), (-2.805118, 3.131312), (-3.779310, -3.283186), (3.584428, -1.848126)])
    found = []
    for each in apart.panel.optimizers:
        end = walk(function, replace(each, lr=each.lr * factor), (0, 0), 100)[-1]
        found.append(int(np.argmin(np.linalg.norm(known - end, axis=1))))
    elsewhere = sum(each != max(set(found), key=found.count) for each in found)
    return first_true(elsewhere == 0, elsewhere == 1, elsewhere > 1)


# Lesson 05


def rows_that_disagree(apart):
    losses = apart.run(batch_size=1).losses[-50:]
    best = best_line_loss(apart.picture().X, apart.picture().y)
    return first_true(losses.max() < best + 1e-3, best + 0.01 < losses.max() < 5, not losses.max() < 5)


def zigzag(apart):
    run, X, y = apart.run(lr=0.6), apart.picture().X[:, 0], apart.picture().y
    off = np.array([params["w"].item() for params in run.path[:30]]) - np.polyfit(X, y, 1)[0]
    swings = bool((off[1:] * off[:-1] < 0).all())
    arrives = abs(off[-1]) < 0.1 * abs(off[0])
    return first_true(not swings, swings and arrives, swings and not arrives)


def after_ten(apart):
    plain, rolling = (apart.run(optimizer=name).losses[10] for name in ("SGD", "Momentum"))
    return first_true(rolling < 0.9 * plain, 0.9 < rolling / plain < 1.1, rolling > 1.1 * plain)


# Lesson 06


def far_beyond(apart):
    usual, fast = apart.run().losses[-1], apart.run(lr=3.0).losses[-1]
    return first_true(not np.isfinite(fast), fast > usual, fast < usual)


def a_floor(apart):
    losses = apart.run(data="tumors", lr=1.0).losses
    return first_true(losses[-1] < 0.1, 0.26 < losses[-1] < 0.28, losses[-1] > losses[0])


def restless(apart):
    path = apart.run(data="tumors", lr=1.0, batch_size=1).path[-20:]
    borders = np.array([np.append(params["w"], params["b"]) for params in path])
    borders /= np.linalg.norm(borders, axis=1, keepdims=True)
    settled = np.ptp(borders, axis=0).max() < 0.01
    return first_true(settled, False, not settled)


# Lesson 07


def never_settles(apart):
    usual, fast = apart.run().losses, apart.run(lr=3.0).losses
    settled = bool((np.diff(fast[-50:]) < 0).all())
    return first_true(
        not np.isfinite(fast[-1]), settled and fast[-1] < usual[-1], not settled and fast[-1] > usual[-1]
    )


def caution(apart):
    picture = apart.picture("blobs")
    accuracies = []
    for lr in (0.2, 0.01):
        scores = picture.X @ (params := apart.run(data="blobs", lr=lr).params)["W"] + params["b"]
        accuracies.append(np.mean(scores.argmax(axis=1) == picture.y))
    usual, slow = accuracies
    return first_true(slow > usual - 0.02, 0.72 < slow < 0.78 < usual, 0.3 < slow < 0.37)


def scaled_irises(apart):
    losses = apart.run(data="irises", lr=2.0).losses
    bumps, falls = bool((np.diff(losses) > 0).any()), losses[-1] < losses[0] / 2
    return first_true(bumps, falls and not bumps, not bumps and not falls)


# Lesson 08


def spikes(apart):
    before, after = (
        np.sum(apart.run(batch_size=size).losses[100:] > 1) for size in (64, 65)
    )  # fmt: skip
    return first_true(0 < after <= before, after == 0 < before, after > before)


def open_ring(apart):
    """Whether there are directions in which the inner class never ends, and how many of all."""
    run = apart.run(data="circles", lr=0.5, n_hidden=2)
    angles = np.linspace(0, 2 * np.pi, 3600, endpoint=False)
    far = 1e4 * np.c_[np.cos(angles), np.sin(angles)]
    picture = apart.picture("circles")
    inner = picture.y[np.argmin(np.linalg.norm(picture.X - picture.X.mean(axis=0), axis=1))]
    share = np.mean(apart.model.predict(run.params, far).argmax(axis=1) == inner)
    return first_true(share == 0, 0 < share < 0.45, share > 0.45)


def held_out(apart):
    run, picture = apart.run(data="digits", lr=1.0, n_hidden=64), apart.picture("digits")
    seen = apart.model.loss(run.params, picture.X, picture.y)
    new = apart.model.loss(run.params, *apart.names["held_out"])
    return first_true(seen < 0.9 * new, new < 0.9 * seen, 0.9 < seen / new < 1.1)


# Lesson 09


def margins(apart):
    usual, dear = (1 / np.linalg.norm(apart.run(C=C).params["w"]) for C in (1.0, 10.0))
    return first_true(dear > 1.05 * usual, dear < usual / 1.05, 0.95 < dear / usual < 1.05)


def pulls(apart):
    losses, usual = apart.run(lr=0.1).losses, apart.run().losses[-1]
    return first_true(losses[-1] < 0.9 * usual, 0.9 < losses[-1] / usual < 1.1, losses[-1] > losses[0])


def calm(apart):
    losses = apart.run(data="tumors", lr=0.1).losses
    hops = np.diff(losses[250:]).max() > 1e-4
    return first_true(hops, not hops)


# Lesson 10


def stripes(apart):
    run = apart.run(rank=1)
    table = run.params["P"] @ run.params["Q"].T
    rank = np.linalg.matrix_rank(table)
    return first_true(rank > 1, rank == 1 and np.ptp(table) > 1, np.ptp(table) < 1)


def fits_the_noise(apart):
    known, hidden = [], []
    X, y, truth = apart.picture().X, apart.picture().y, apart.names["truth"]
    unseen = np.ones(truth.shape, dtype=bool)
    unseen[X[:, 0], X[:, 1]] = False
    for rank in (4, 12):
        params = apart.run(rank=rank).params
        table = params["P"] @ params["Q"].T
        known.append(np.sqrt(np.mean((table[X[:, 0], X[:, 1]] - y) ** 2)))
        hidden.append(np.sqrt(np.mean((table - truth)[unseen] ** 2)))
    less = known[1] < known[0], hidden[1] < hidden[0]
    return [(True, True), (True, False), (False, True)].index(less)


def too_fast(apart):
    usual, fast = apart.run().losses[-1], apart.run(lr=0.1).losses[-1]
    return first_true(not np.isfinite(fast), fast < usual, fast > usual)


ANSWERS = {
    "01": [one_step, at_the_limit, left_of_the_top],
    "02": [two_of_three, out_along_y, nearest_of_three],
    "03": [single_rows, all_rows, small_steps],
    "04": [after_the_ravine, on_the_saddle, valleys],
    "05": [rows_that_disagree, zigzag, after_ten],
    "06": [far_beyond, a_floor, restless],
    "07": [never_settles, caution, scaled_irises],
    "08": [spikes, open_ring, held_out],
    "09": [margins, pulls, calm],
    "10": [stripes, fits_the_noise, too_fast],
}


def questions_of(panel):
    (found,) = [extra for extra in panel.extras if isinstance(extra, Predictions)]
    return found


@pytest.mark.parametrize("lesson", WITH_QUESTIONS)
def test_every_answer_of_a_lesson(lesson):
    predictions = load_predictions(FILE, lesson)
    assert questions_of(panel_of(lesson)[0]).predictions == predictions
    apart = Apart(*panel_of(lesson))
    with np.errstate(over="ignore", invalid="ignore"):
        found = [answer(apart) for answer in ANSWERS[lesson]]
    assert found == [each.right for each in predictions]


@pytest.mark.parametrize("lesson", WITH_QUESTIONS)
def test_every_question_of_a_lesson_is_shown_and_all_comes_back(lesson):
    panel, _ = panel_of(lesson)
    asked = questions_of(panel)
    panel.controls.reset.click()
    first, dimensions = look(panel), size(panel)
    for prediction in asked.predictions:
        asked.ask.click()
        assert panel.question == prediction.question
        assert size(panel) == dimensions
        asked.choice.index = prediction.right
        asked.reveal.click()
        panel.wait()
        assert "✔" in asked.text
        assert panel.text.startswith(("Epoch ", "Step "))
        settings = panel.settings()
        for name, value in prediction.settings.items():
            shown = settings[name]
            assert value in (shown, getattr(shown, "__name__", None))
        assert panel.text != first[0]
    asked.back.click()
    assert look(panel) == first


@pytest.mark.parametrize("lesson", WITH_QUESTIONS)
def test_the_words_have_room(lesson):
    """Two lines for a question, and five for the longest answer."""
    for each in load_predictions(FILE, lesson):
        assert len(each.question) <= 120
        wrong = max((choice for choice in each.choices), key=len)
        assert len(f"You said “{wrong}”. ✘ It is “{each.choices[each.right]}”. {each.because}") <= 290
        assert max(map(len, each.choices)) <= 46


def test_the_file_has_no_questions_that_no_lesson_asks():
    assert set(tomllib.loads(FILE.read_text(encoding="utf-8"))) == set(WITH_QUESTIONS)
