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


def enabled(asked):
    return [each.description for each in (asked.ask, asked.reveal, asked.back) if not each.disabled]


def answer(asked, choice):
    asked.ask.click()
    asked.choice.index = choice
    asked.reveal.click()


def test_the_panel_is_covered_until_a_choice_is_made(asked):
    assert asked.text == "2 questions about this panel. Decide before you look."
    assert enabled(asked) == ["Ask me"]
    asked.ask.click()
    assert asked.panel.question == asked.text == "Too far?"
    assert enabled(asked) == ["Back"]
    asked.choice.index = 1
    assert enabled(asked) == ["Show me", "Back"]


@pytest.mark.parametrize(("choice", "told"), [(0, "“yes”. ✔ That is right."), (1, "“no”. ✘ It is “yes”.")])
def test_the_answer_is_shown_and_told(asked, choice, told):
    answer(asked, choice)
    assert (asked.panel.question, asked.panel.values) == ("", FIRST | {"lr": 0.9, "epoch": 3})
    assert asked.panel.notice == f"You said {told}"
    assert asked.text.startswith(f"Too far? You said {told} It is above the limit.")
    asked.panel.learner_sets(lr=0.2)  # what the learner does then is theirs
    asked.ask.click()
    asked.back.click()
    assert asked.panel.values == FIRST | {"lr": 0.2, "epoch": 3}


@pytest.mark.parametrize("reveals", [0, 1, 2])
def test_what_the_learner_had_comes_back(asked, reveals):
    asked.panel.learner_sets(lr=0.123, epoch=7)
    for _ in range(reveals):
        answer(asked, 0)
    asked.ask.click()
    asked.back.click()
    assert (asked.panel.question, asked.panel.notice, enabled(asked)) == ("", "", ["Ask me"])
    assert asked.panel.values == {"lr": 0.123, "epoch": 7}


def test_one_question_after_another_and_reset_begins_with_the_first(asked):
    for question in [*QUESTIONS, QUESTIONS[0]]:
        asked.ask.click()
        assert question.question.replace("<", "&lt;") in asked.words.value
        asked.back.click()
    asked.reset()
    asked.ask.click()
    assert asked.prediction == QUESTIONS[0]
