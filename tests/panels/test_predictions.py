"""Predict, then see: the cover, what is asked, and what is no question."""

import html
import io
from dataclasses import FrozenInstanceError

import pytest
from PIL import Image

from gdutils.datasets import make_line
from gdutils.descent_panel import DescentPanel
from gdutils.descent_pictures import CurvePicture
from gdutils.landscapes import DoubleWell, Parabola
from gdutils.models import LinearRegression
from gdutils.optimizers import SGD
from gdutils.panels import TrainingPanel
from gdutils.pictures import LinePicture
from gdutils.predictions import Prediction, Predictions, load_predictions
from gdutils.training import train

X, Y = make_line()

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
        ({"because": None}, TypeError, "because must be a text"),
        ({"choices": ["a"]}, ValueError, "choices must be a list of texts, all different, 2 or more"),
        ({"choices": ["a", "a"]}, ValueError, "choices must be all different"),
        ({"choices": "ab"}, TypeError, "choices must be a list of texts"),
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
    with pytest.raises((TypeError, ValueError), match="predictions must be a list of Prediction, 1 or more"):
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
