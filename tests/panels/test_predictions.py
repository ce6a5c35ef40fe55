"""Predict, then see: what is asked, what is told, and what comes back."""

import pytest

from gdutils.practice import Prediction, Predictions
from tests.panels.fake_panel import FIRST, FakePanel

QUESTIONS = [
    Prediction("Too far?", ["yes", "no"], {"lr": 0.9, "epoch": 3}, 0, "It is above the limit."),
    Prediction("And < 1?", ["a", "b", "c"], {"lr": 0.5}, 2, "It is c."),
]


@pytest.fixture
def asked():
    asked = Predictions(QUESTIONS)
    asked.update(FakePanel())
    return asked


def answer(asked, choice):
    asked.button.click()
    asked.choice.index = choice
    asked.reveal.click()


def test_the_panel_is_covered_until_a_choice_is_made(asked):
    assert asked.card.layout.display == "none"
    asked.button.click()
    assert asked.panel.covered
    assert asked.card.layout.display == ""
    assert "Too far?" in asked.words.value
    assert asked.reveal.disabled
    asked.choice.index = 1
    assert not asked.reveal.disabled


@pytest.mark.parametrize(("choice", "told"), [(0, "✔ Right: “yes”."), (1, "✘ You said “no”; it is “yes”.")])
def test_the_answer_is_shown_and_told(asked, choice, told):
    answer(asked, choice)
    assert asked.panel.values == FIRST | {"lr": 0.9, "epoch": 3}
    assert asked.panel.answer == f"{told} It is above the limit."
    assert asked.card.layout.display == "none"
    asked.reveal.click()  # a second click, on its way meanwhile
    assert asked.panel.values == FIRST | {"lr": 0.9, "epoch": 3}


def test_not_now_leaves_everything_as_it_was(asked):
    asked.panel.learner_sets(lr=0.123, epoch=7)
    asked.button.click()
    asked.skip.click()
    assert not asked.panel.covered
    assert asked.card.layout.display == "none"
    assert asked.panel.values == {"lr": 0.123, "epoch": 7}


def test_one_question_after_another_and_reset_begins_with_the_first(asked):
    for question in [*QUESTIONS, QUESTIONS[0]]:
        asked.button.click()
        assert question.question.replace("<", "&lt;") in asked.words.value
        asked.skip.click()
    asked.reset()
    asked.button.click()
    assert asked.prediction == QUESTIONS[0]
