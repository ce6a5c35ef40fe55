"""Challenges and predictions: what is asked, what meets it, what is told, and what comes back."""

from types import SimpleNamespace

import numpy as np
import pytest

from gdutils.optimizers import SGD
from gdutils.panel import TrainingPanel
from gdutils.practice import Challenges, Prediction, Predictions, height_under, loss_under, stays_under
from tests.panels.problems import PROBLEMS, look

SETTINGS = SimpleNamespace(data="blobs", function="x²")


def run_of(*losses):
    return SimpleNamespace(losses=np.array(losses, dtype=float))


def walks_of(*curves):
    return [SimpleNamespace(heights=np.array(curve, dtype=float), name=n) for n, curve in enumerate(curves)]


@pytest.mark.parametrize(
    ("losses", "under", "stays"),
    [
        ((4, 3, 0.29), True, True),
        ((4, 3, 0.3), False, False),  # under, and not at
        ((4, 3, 2, 0.1), False, False),  # an epoch too late
        ((0.2, 0.19), True, False),  # it has not come as far as epoch 2
        ((4, 0.1, 0.2, 5), False, False),  # diverged
    ],
)
def test_runs(losses, under, stays):
    assert loss_under(0.3, epochs=2).reached(run_of(*losses), SETTINGS) is under
    assert stays_under(0.3, since=2).reached(run_of(*losses), SETTINGS) is stays


@pytest.mark.parametrize(
    ("curves", "met"),
    [
        ([(4, 1, 0.2, 2), (4, 0.1, 2, 3)], True),
        ([(4, 1, 0.2), (4, 2, 1, 0.2)], False),  # every walk must meet it, and in time
        ([(4, 1, 0.2), (4, 0.1, 5)], False),  # the second diverged
        ([], False),  # all are switched off
    ],
)
def test_every_walk_meets_it(curves, met):
    assert height_under(0.3, steps=2).reached(walks_of(*curves), SETTINGS) is met


def test_the_data_asked_for_count_and_are_named():
    for data in ("blobs", "rings"):
        challenge = stays_under(9, since=1, data=data, where="with luck")
        assert challenge.reached(run_of(4, 1), SETTINGS) is (data == "blobs")
    assert challenge.text == "From epoch 1 on, keep the loss under 9 on “rings”, with luck"
    assert not height_under(9, steps=2, function="bowl").reached(walks_of((4, 0)), SETTINGS)


def test_one_goal_at_a_time_turns_green_and_stays_met():
    challenges = Challenges([loss_under(0.3, epochs=2), stays_under(0.1, since=2)])
    first, good = run_of(4, 0.2, 0.2), run_of(4, 0.05, 0.05)
    for n, own, moved, run, words in (
        (1, False, False, first, "Goal 1 of 2:"),  # the panel's own first run
        (2, True, False, None, "Goal 1 of 2:"),  # not trained to its end
        (3, True, True, good, "Reset first"),  # from another start, or with other rows
        (3, True, True, good, "Goal 1 of 2:"),
        (3, False, False, good, "Goal 1 of 2:"),  # a question has brought back the lesson's own
        (3, True, False, good, "Goal 1 of 2, met:"),
        (3, True, False, good, "Goal 1 of 2, met:"),  # the second was not shown: not met by accident
        (4, True, False, first, "Goal 2 of 2:"),
        (5, True, False, good, "Goal 2 of 2, met:"),
        (6, True, False, first, "Goal 2 of 2, met:"),
    ):
        panel = SimpleNamespace(own=own, moved=moved)
        panel.finished = lambda run=run, n=n: run and (run, SimpleNamespace(data="", n=n))
        challenges.update(panel)
        assert words in challenges.chip.value
        assert ("Reset first" in challenges.chip.value) is moved
    challenges.reset()
    assert [each.n for each in challenges.how] == [3, 5]


# Predictions. ---


QUESTIONS = [
    Prediction("Too far?", ["yes", "no"], {"lr": 0.9, "epoch": 3}, 0, "It is <above> the limit."),
    Prediction("And < 1?", ["a", "b", "c"], {"lr": 0.5}, 2, "It is c."),
]


@pytest.fixture
def asked():
    asked = Predictions(QUESTIONS)
    TrainingPanel(PROBLEMS["line"].draw(epochs=6), SGD(0.05), random_state=3, extras=[asked])
    return asked


def test_the_panel_is_covered_until_a_choice_is_made_and_not_now_leaves_it_as_it_was(asked):
    panel, card = asked.panel, asked.card.layout
    panel.controls.lr.value, panel.controls.epoch.value = 0.123, 4
    before = look(panel)
    assert card.display == "none"
    assert panel.controls.rate.mark.value != ""
    asked.button.click()
    assert card.display == panel.controls.rate.mark.value == ""  # the mark may tell the answer
    assert "Too far?" in asked.words.value
    assert asked.reveal.disabled
    panel.controls.epoch.value = 2
    panel.controls.epoch.value = 4
    assert panel.image.layout.visibility == panel.beside.layout.visibility == "hidden"
    assert panel.text == "Decide first, then look."
    asked.choice.index = 1
    assert not asked.reveal.disabled
    asked.skip.click()
    assert card.display == "none"
    assert panel.image.layout.visibility == panel.beside.layout.visibility == "visible"
    assert look(panel) == before


@pytest.mark.parametrize(("choice", "told"), [(0, "✔ Right: “yes”."), (1, "✘ You said “no”; it is “yes”.")])
def test_the_answer_is_told_until_a_control_is_moved(asked, choice, told):
    panel = asked.panel
    panel.controls.seed.value = 5
    asked.button.click()
    asked.choice.index = choice
    for _ in range(2):  # a second click is on its way meanwhile
        asked.reveal.click()
    panel.wait()
    values = {name: panel.named[name].value for name in ("lr", "epoch", "seed")}
    assert values == {"lr": 0.9, "epoch": 3, "seed": 3}
    assert f"{told} It is &lt;above&gt; the limit." in panel.sentence.value
    assert asked.card.layout.display == "none"
    assert "Epoch 3 of 6" in look(panel)[0]
    panel.controls.epoch.value = 2
    assert told not in panel.sentence.value
    assert "Epoch 2 of 6" in panel.sentence.value
    asked.button.click()
    asked.choice.index = 2
    asked.reveal.click()
    assert "Epoch 6 of 6" in look(panel)[0]  # what is asked is what comes in the end


def test_one_question_after_another_and_reset_begins_with_the_first(asked):
    for question in [*QUESTIONS, QUESTIONS[0]]:
        asked.button.click()
        assert question.question.replace("<", "&lt;") in asked.words.value
        asked.skip.click()
    asked.button.click()
    asked.panel.controls.reset.click()
    assert not asked.panel.covered
    asked.button.click()
    assert asked.prediction == QUESTIONS[0]
