"""The quiz as a learner uses it, and what a teacher's own file is told."""

from dataclasses import replace

import pytest

from gdutils.practice import Choice, Number, Quiz, load_questions
from gdutils.practice.quiz import read_number

ANSWERS = [["x", "too far"], ["y", "because"], ["z", "too short"]]
LETTERS = Choice("a", "Letters", "01_a.ipynb", "A `heading`", "Which $1$?", ANSWERS, "B")
NUMBERS = Number("c", "Numbers", "02_b.ipynb", "", "How many?", "So many.", 0.5, 0.01)


WHOLE = "kind = 'choice'\ntopic = ''\nlesson = ''\nsection = ''\ntext = ''\nright = 'A'\nchoices = "
NOT_WHOLE = {"'essay'": "kind = 'essay'", "tolerance": "kind = 'number'", "be a pair": f"{WHOLE}['x', 'y']"}


@pytest.mark.parametrize(("words", "fields"), NOT_WHOLE.items(), ids=NOT_WHOLE)
def test_a_question_that_is_not_whole_is_named(tmp_path, words, fields):
    path = tmp_path / "mine.toml"
    path.write_text(f"[[question]]\nid = 'one'\n{fields}", encoding="utf-8")
    with pytest.raises(ValueError, match=f"question 'one' of .* is not complete: .*{words}"):
        load_questions(path)


@pytest.mark.parametrize(
    "written", ["0.5", ".5", "1/2", "5e-1", " 0.50 ", "+0.5", "2 / 4", "-1/−2", "50 %", "50%", "100/2 %"]
)
def test_ways_to_write_a_half(written):
    assert read_number(written) == 0.5


@pytest.mark.parametrize(
    "written", ["", "half", "0.5.1", "0,5", "1/0", "1/2/3", "0x1", "%", "50 % %", "5%0", "1" * 100_000 + "x"]
)
def test_what_is_not_a_number_is_a_short_sentence(written):
    with pytest.raises(ValueError, match=r"^“.{,60}” cannot be read as a number\. Write one such as"):
        read_number(written)


@pytest.mark.parametrize("questions", [[], "data/questions.toml", [None]])
def test_a_quiz_needs_questions(questions):
    with pytest.raises(TypeError, match="questions must be what load_questions returns, at least one, got"):
        Quiz(questions)


@pytest.fixture
def quiz():
    return Quiz([LETTERS, replace(LETTERS, id="b"), NUMBERS, replace(NUMBERS, id="d")])


@pytest.mark.parametrize("written", ["0.95", "95", "95 %", "95%", "19/20", ".95"])
def test_a_share_may_be_given_in_percent(written):
    share = replace(NUMBERS, answer=0.95, tolerance=0.001, percent=True)
    assert share.judge(written)
    assert share.solution == "0.95, or 95%"
    assert not any(share.judge(wrong) for wrong in ("0.95 %", "5", "9.5", "950", "0.0095"))
    assert not replace(share, percent=False).judge("95")


def test_shuffled_choices_keep_their_reasons_and_the_right_one():
    one, same, other = (Quiz([LETTERS] * 30, random_state=seed).questions for seed in (0, 0, 1))
    for question in one:
        assert sorted(question.choices) == sorted(ANSWERS)
        assert question.choices["ABC".index(question.right)] == ["y", "because"]
    assert len({repr(question) for question in one}) == 6
    assert one == same != other
    assert Quiz([LETTERS]).questions == [LETTERS]


def shown(output):
    return "".join(each["data"]["text/markdown"] for each in output.outputs)


def test_letters(quiz):
    assert shown(quiz.asked) == "Which $1$?"
    assert [shown(row.children[1]) for row in quiz.page.children if row in quiz.rows] == ["x", "y", "z"]
    quiz.letters["A"].click()
    quiz.letters["B"].click()  # the first answer counts
    assert f'role="status" style="line-height: 1.5"><b>{quiz.text}</b>' in quiz.verdict.value
    assert [each.description for each in quiz.letters.values()] == ["✘ A", "✔ B", "C"]
    assert [shown(output) for output in quiz.choices] == ["\n\n> ".join(pair) for pair in ANSWERS]
    assert shown(quiz.reason) == "Read more in [lesson 01: A `heading`](01_a.ipynb#A-heading)."
    quiz.forward.click()
    assert (quiz.text, shown(quiz.reason)) == ("", "")
    assert [each.description for each in quiz.letters.values()] == ["A", "B", "C"]
    quiz.back.click()
    assert quiz.text == "✘ Not A: the answer is B."
    assert "Question 1 of 4</b> · Letters · 0 of 1 answered right" in quiz.place.value


def test_numbers(quiz):
    quiz.topic.value = "Numbers"
    assert quiz.number in quiz.page.children
    quiz.check.click()
    assert quiz.text.startswith("☐ “” cannot be read as a number.")
    quiz.field.value = "<b>half"
    assert "&lt;b&gt;half” cannot be read" in quiz.verdict.value
    quiz.field.value = "1/2"
    assert quiz.text == "✔ Right: 0.5."
    assert shown(quiz.reason) == "So many.\n\nRead more in [lesson 02](02_b.ipynb)."
    quiz.forward.click()
    quiz.field.value = "0.52"
    assert quiz.text == "✘ Not 0.52: the answer is 0.5."
    quiz.back.click()
    assert quiz.field.value == "1/2"


def test_enter_goes_on_and_tab_does_not(quiz, monkeypatch):
    went = []
    monkeypatch.setattr(type(quiz.forward), "focus", lambda button: went.append(button.description))
    quiz.letters["B"].click()
    assert went == ["Next"]
    quiz.topic.value = "Numbers"
    quiz.field.value = "3"  # as when Tab was pressed
    assert went == ["Next"]
    quiz.forward.click()
    for written, told in (("three", 1), ("3", 2)):
        quiz.field._handle_custom_msg({"event": "submit"}, [])  # what the browser sends for Enter
        quiz.field.value = written
        assert len(went) == told


def test_the_score_by_topic_and_restart(quiz):
    for letter in "BA":
        quiz.letters[letter].click()
        quiz.forward.click()
    quiz.field.value = "0.5"
    quiz.score.click()
    assert quiz.forward.disabled
    assert quiz.text == "2 of 3 answered questions right. 1 not answered yet."
    assert "| Letters | 1 | 2 | 2 | [A `heading`](01_a.ipynb#A-heading) |" in shown(quiz.reason)
    quiz.restart.click()
    assert quiz.replies == {}
    assert "Question 1 of 4" in quiz.place.value
    assert {Quiz(quiz.questions, seed, mixed=True).question.id for seed in range(12)} == set("abcd")
    assert Quiz(quiz.questions, 1).question.id == "a"


def test_without_a_kernel_the_questions_can_be_read(quiz):
    bundle = quiz._repr_mimebundle_()
    assert bundle["text/plain"] == "4 questions on 2 topics. Run this cell to answer."
    page = bundle["text/markdown"]
    assert page.count("<details>") == page.count("</details>") == 2 + 4
    assert "**2.** Which $1$?\n\n- **A** x\n- **B** y" in page
    reasons = "- **A** too far\n- **B** because\n- **C** too short"
    assert f"{reasons}\n\nRead more in [lesson 01: A `heading`](01_a.ipynb#A-heading)." in page
    assert "<summary>Answer</summary>\n\n**0.5.** So many." in page
