"""What panels and quiz ask, as it stands in notebooks/data: nothing is missing, doubled or misspelled."""

import math
import re
import tomllib
from pathlib import Path

import nbformat
import pytest

from gdutils.practice import Choice, Number, Quiz, load_predictions, load_questions
from tests.test_links import text

NOTEBOOKS = Path(__file__).parent.parent / "notebooks"
PREDICTIONS, QUESTIONS = (NOTEBOOKS / "data" / name for name in ("predictions.toml", "questions.toml"))
QUIZ = load_questions(QUESTIONS)
CHOICES = [question for question in QUIZ if isinstance(question, Choice)]


def headings(lesson):
    return set(re.findall(r"^#+ (.+?)\s*$", text(NOTEBOOKS / lesson), re.MULTILINE))


@pytest.mark.parametrize("lesson", tomllib.loads(PREDICTIONS.read_text(encoding="utf-8")))
def test_predictions_are_whole_and_have_room_on_the_panel(lesson):
    assert list(NOTEBOOKS.glob(f"{lesson}_*.ipynb"))
    for asked in load_predictions(PREDICTIONS, lesson):
        assert 2 <= len(asked.choices) == len(set(asked.choices))
        assert 0 <= asked.right < len(asked.choices)
        assert 0 < len(asked.question.strip()) <= 120
        assert 0 < len(asked.because.strip()) <= 200
        assert all(0 < len(choice.strip()) <= 46 for choice in asked.choices)


@pytest.mark.parametrize("question", QUIZ, ids=lambda question: question.id)
def test_a_question_is_whole(question):
    said = [each for pair in question.choices for each in pair] or [question.reason]
    texts = [question.id, question.topic, question.text, *said]
    assert all(text.strip() and text.count("$") % 2 == 0 for text in texts)
    assert question.section in {""} | headings(question.lesson)
    # JupyterLab compares an anchor as the browser gives it, which encodes any others.
    assert re.fullmatch(r"[A-Za-z0-9 ,.?:'`-]*", question.section)
    if isinstance(question, Number):
        assert math.isfinite(question.answer)
        assert 0 < question.tolerance < math.inf
    else:
        answers = {answer for answer, _ in question.choices}
        assert 2 <= len(question.choices) == len(answers) <= 6
        assert len({reason for _, reason in question.choices} - answers) > 1
        # The choices are shuffled, so no text may speak of a letter or a place.
        of_a_letter = r"\b(answer|choice|option) [A-F]\b|\b[A-F] (is|would|has|gives)\b|above\.$"
        assert not re.search(of_a_letter, " ".join(texts))
        assert question.right in [*"ABCDEF"[: len(question.choices)]]


def test_every_lesson_is_asked_about_under_one_topic():
    assert len({question.id for question in QUIZ}) == len(QUIZ)
    pairs = [(question.lesson, question.topic) for question in QUIZ]
    assert len(set(pairs)) == len({lesson for lesson, _ in pairs}) == 14
    assert all(3 <= pairs.count(pair) <= 9 for pair in pairs)


def test_the_right_choice_does_not_give_itself_away():
    """Neither the place in lesson 15 nor the length of an answer tells whether it is right."""
    (lesson,) = NOTEBOOKS.glob("*_self_check.ipynb")
    (seed,) = re.findall(r"Quiz\(questions, random_state=(\d+)\)", lesson.read_text(encoding="utf-8"))
    rights = [question.right for question in Quiz(CHOICES, int(seed)).questions]
    assert all(rights.count(letter) >= len(CHOICES) / 8 for letter in "ABCD")
    lengths = [[len(answer) for answer, _ in each.choices] for each in CHOICES]
    longest = ["ABCDEF"[each.index(max(each))] for each in lengths]
    found = sum(letter == each.right for letter, each in zip(longest, CHOICES, strict=True))
    assert found <= len(CHOICES) / 3


def test_the_lesson_sends_each_topic_to_its_lesson_and_its_example_is_a_question(tmp_path):
    (lesson,) = NOTEBOOKS.glob("*_self_check.ipynb")
    words = "\n".join(cell.source for cell in nbformat.read(lesson, as_version=4).cells)
    listed = re.findall(r"^\| ([^|]+) \| \[[^]]+\]\(([^)]+)\) \|$", words, re.MULTILINE)
    assert listed == list(dict.fromkeys((question.topic, question.lesson) for question in QUIZ))
    (tmp_path / "mine.toml").write_text(*re.findall(r"```toml\n(.*?)```", words, re.DOTALL), encoding="utf-8")
    (question,) = load_questions(tmp_path / "mine.toml")
    assert question.section in headings(question.lesson)
    answers = [float(answer.removeprefix("at ").replace("−", "-")) for answer, _ in question.choices]
    assert answers["ABC".index(question.right)] == 3 - 0.5 * 2 * 3
    assert answers.count(0) == 1
    assert f"answer {len(QUIZ)} questions" in words
    assert sum("![" in each.text for each in QUIZ) == 13
    assert "Thirteen questions show a curve" in words
