"""The quiz: its file, what is refused in it, and the widget as a learner uses it."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
import pytest

from gdutils.quiz import Choice, Number, Quiz, load_questions, read_number

NOTEBOOKS = Path(__file__).parent.parent / "notebooks"
QUESTIONS = load_questions(NOTEBOOKS / "data" / "questions.toml")
NUMBERS = [question for question in QUESTIONS if isinstance(question, Number)]
CHOICES = [question for question in QUESTIONS if isinstance(question, Choice)]

every_question = pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.id)


def headings(lesson: str) -> set[str]:
    cells = nbformat.read(NOTEBOOKS / lesson, as_version=4).cells
    texts = [cell.source for cell in cells if cell.cell_type == "markdown"]
    return {heading for text in texts for heading in re.findall(r"^#+ (.+?)\s*$", text, re.MULTILINE)}


@every_question
def test_its_lesson_and_its_section_exist(question):
    assert (NOTEBOOKS / question.lesson).exists()
    if question.section:
        assert question.section in headings(question.lesson)
        # JupyterLab compares an anchor as the browser gives it, which encodes any of these.
        assert re.fullmatch(r"[A-Za-z0-9 ,.?:'`-]+", question.section)


def test_there_are_enough_and_every_lesson_is_asked_about():
    lessons = sorted(path.name for path in NOTEBOOKS.glob("*.ipynb") if path.name[:2] not in ("00", "15"))
    assert len(lessons) == 12
    assert len(QUESTIONS) >= 40
    assert len(NUMBERS) >= 15
    for lesson in lessons:
        asked = [question for question in QUESTIONS if question.lesson == lesson]
        assert 3 <= len(asked) <= 6
        assert len({question.topic for question in asked}) == 1


def test_the_right_choice_does_not_give_itself_away():
    """Neither the place nor the length of an answer tells whether it is right."""
    rights = [question.right for question in CHOICES]
    assert all(rights.count(letter) >= len(CHOICES) / 8 for letter in "ABCD")
    longest = sum(
        max(question.choices, key=len) == question.choices["ABCDEF".index(question.right)]
        for question in CHOICES
    )
    assert longest <= len(CHOICES) / 3


def test_the_lesson_sends_each_topic_to_its_lesson_and_its_example_is_a_question(tmp_path):
    cells = nbformat.read(NOTEBOOKS / "15_self_check.ipynb", as_version=4).cells
    text = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    listed = re.findall(r"^\| ([^|]+) \| \[[^]]+\]\(([^)]+)\) \|$", text, re.MULTILINE)
    assert listed == list(dict.fromkeys((question.topic, question.lesson) for question in QUESTIONS))

    (example,) = re.findall(r"```toml\n(.*?)```", text, re.DOTALL)
    path = tmp_path / "q.toml"
    path.write_text(example, encoding="utf-8")
    (question,) = load_questions(path)
    assert question.section in headings(question.lesson)
    assert question.judge(str(3 - 0.5 * 2 * 3))


# ------------------------------------------------------------------------------- what is refused

CHOICE = {
    "id": "'one'", "topic": "'A'", "lesson": "'01_a.ipynb'", "section": "''", "kind": "'choice'",
    "text": "'Which?'", "reason": "'It is.'", "choices": "['$x$', 'y']", "right": "'B'",
}  # fmt: skip
NUMBER = {
    "id": "'two'", "topic": "'B'", "lesson": "'02_b.ipynb'", "section": "'A heading'", "kind": "'number'",
    "text": "'How many?'", "reason": "'So many.'", "answer": "0.5", "tolerance": "0.01",
}  # fmt: skip


def write(path, *questions):
    lines = []
    for question in questions:
        lines.append("[[question]]")
        lines += [f"{name} = {value}" for name, value in question.items() if value is not None]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_a_file_is_read(tmp_path):
    choice, number = load_questions(write(tmp_path / "q.toml", CHOICE, NUMBER))
    assert choice == Choice("one", "A", "01_a.ipynb", "", "Which?", "It is.", ("$x$", "y"), "B")
    assert number == Number("two", "B", "02_b.ipynb", "A heading", "How many?", "So many.", 0.5, 0.01)
    assert choice.link() == "[lesson 01](01_a.ipynb)"
    assert number.link() == "[lesson 02: A heading](02_b.ipynb#A-heading)"


@pytest.mark.parametrize(
    ("question", "name", "value", "words"),
    [
        (CHOICE, "id", None, "question 1 (without an id): id is missing"),
        (CHOICE, "id", "7", "question 1 (7): id must be a text, got 7"),
        (CHOICE, "kind", "'essay'", "(one): kind must be 'choice' or 'number', got 'essay'"),
        (CHOICE, "kind", None, "(one): kind must be 'choice' or 'number', got None"),
        (CHOICE, "reason", None, "(one): reason is missing"),
        (CHOICE, "reason", "'  '", "(one): reason must not be empty"),
        (CHOICE, "text", "''", "(one): text must not be empty"),
        (CHOICE, "answer", "3", "(one): answer is no field of a choice question; those are id, topic"),
        (CHOICE, "lesson", "'01_a'", "(one): lesson must be the file of a lesson"),
        (CHOICE, "choices", "'x'", "(one): choices must be a list, got 'x'"),
        (CHOICE, "choices", "['x']", "(one): choices must be 2 to 6, got 1"),
        (CHOICE, "choices", "['x', 'y', 'x']", "(one): choices must differ, got 'x' more than once"),
        (CHOICE, "choices", "['x', '']", "(one): each of choices must be a text that is not empty"),
        (CHOICE, "choices", "['x', 2]", "(one): each of choices must be a text that is not empty"),
        (CHOICE, "right", "'C'", "(one): right must be one of the letters A, B, got 'C'"),
        (CHOICE, "right", "'AB'", "(one): right must be one of the letters A, B, got 'AB'"),
        (CHOICE, "right", "2", "(one): right must be a text, got 2"),
        (CHOICE, "text", "'costs $5'", "(one): text has a $ without its partner: 'costs $5'"),
        (CHOICE, "choices", "['$x', 'y']", "(one): choices has a $ without its partner: '$x'"),
        (NUMBER, "answer", "'half'", "(two): answer must be a number, got 'half'"),
        (NUMBER, "answer", "true", "(two): answer must be a number, got True"),
        (NUMBER, "answer", "nan", "(two): answer must be a finite number, got nan"),
        (NUMBER, "answer", "1" + 400 * "0", "(two): answer must be a finite number, got 1000"),
        (NUMBER, "tolerance", "0", "(two): tolerance must be a positive, finite number, got 0"),
        (NUMBER, "tolerance", "inf", "(two): tolerance must be a positive, finite number, got inf"),
        (NUMBER, "tolerance", None, "(two): tolerance is missing"),
        (NUMBER, "right", "'A'", "(two): right is no field of a number question"),
    ],
)
def test_a_fault_is_named(tmp_path, question, name, value, words):
    with pytest.raises(ValueError, match=re.escape(words)):
        load_questions(write(tmp_path / "q.toml", question | {name: value}))


def test_an_id_is_used_once(tmp_path):
    path = write(tmp_path / "q.toml", CHOICE, NUMBER | {"id": "'one'"})
    with pytest.raises(ValueError, match=re.escape("question 2 (one): another question has this id already")):
        load_questions(path)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty: it must hold tables"),
        (b"# none", "must have at least one table that begins with [[question]]"),
        (b"x = " + 3_000 * b"[", "is not valid TOML: it is nested too deeply"),
        (b"x = " + 5_000 * b"1", "is not valid TOML"),
        (b"question = 3", "must have at least one table that begins with [[question]]"),
        (b"[question]\nid = 'x'", "must have at least one table that begins with [[question]]"),
        (b'[[question]]\ntext = "$\\alpha$"', "is not valid TOML"),
        (b"[[question]]\nid = 'x'\nid = 'y'", "is not valid TOML"),
        (b"id = '\xff'", "is not text: a TOML file is needed, in UTF-8"),
    ],
)
def test_a_file_that_is_none(tmp_path, content, words):
    path = tmp_path / "q.toml"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=re.escape(words)) as caught:
        load_questions(path)
    assert str(path) in str(caught.value)


def test_no_file(tmp_path):
    with pytest.raises(FileNotFoundError, match="there is no file"):
        load_questions(tmp_path / "none.toml")


@pytest.mark.parametrize("written", ["1" * 100_000 + "x", "9" * 100_000, "1/" * 50_000, "1e" + "9" * 50_000])
def test_a_very_long_reply_is_refused_in_a_short_sentence(written):
    """With a pattern that can split digits in many ways, the first of these would take an hour."""
    with pytest.raises(ValueError, match=r"read as a number|finite number") as caught:
        read_number(written)
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize("written", ["0.5", ".5", "1/2", "5e-1", " 0.50 ", "+0.5", "2 / 4", "0.5e0", "-1/-2"])
def test_ways_to_write_a_half(written):
    assert read_number(written) == 0.5


def test_a_minus_sign_of_either_kind():
    assert read_number("−0.8") == read_number("-0.8") == -0.8


@pytest.mark.parametrize(
    "written", ["", "half", "0.5.1", "1/0", "nan", "inf", "1e999", "1/2/3", "0x1", "1_0", "٣"]
)
def test_what_is_no_number_is_a_sentence(written):
    with pytest.raises(
        ValueError, match=r"^“.*” (cannot be read as a number\. Write one .*|is not a finite number)\.$"
    ):
        read_number(written)


def test_a_comma_gets_a_hint():
    with pytest.raises(ValueError, match=r"Write one with a point, as in 0\.5"):
        read_number("0,5")


# ------------------------------------------------------------------------------------- the widget


def small(count=2):
    """Two topics: choices first, then numbers."""
    choices = [
        Choice(
            f"c{i}", "Letters", "01_a.ipynb", "A heading", f"Which ${i}$?", "Because.", ("x", "y", "z"), "B"
        )
        for i in range(count)
    ]
    numbers = [
        Number(f"n{i}", "Numbers", "02_b.ipynb", "", "How many?", "So many.", 0.5, 0.01) for i in range(count)
    ]
    return [*choices, *numbers]


def shown(output):
    return "".join(each["data"]["text/markdown"] for each in output.outputs)


def texts(quiz):
    """The choices that can be seen."""
    rows = zip(quiz.rows, quiz.choices, strict=True)
    return [shown(output) for row, output in rows if row.layout.display != "none"]


def test_a_right_letter():
    quiz = Quiz(small())
    assert shown(quiz.asked) == "Which $0$?"
    assert texts(quiz) == ["x", "y", "z"]
    assert quiz.number.layout.display == "none"
    assert quiz.text == ""
    quiz.letters["B"].click()
    assert quiz.text == "✔ Right: B."
    assert "✔ Right: B." in quiz.verdict.value
    assert 'role="status"' in quiz.verdict.value
    assert shown(quiz.reason) == "Because.\n\nRead it up in [lesson 01: A heading](01_a.ipynb#A-heading)."
    assert [button.description for button in quiz.letters.values()] == ["A", "✔ B", "C"]


def test_a_wrong_letter_and_the_first_answer_counts():
    quiz = Quiz(small())
    quiz.letters["A"].click()
    assert quiz.text == "✘ Not A: the answer is B."
    assert [button.description for button in quiz.letters.values()] == ["✘ A", "✔ B", "C"]
    quiz.letters["B"].click()
    assert quiz.replies == {"c0": "A"}
    assert quiz.text == "✘ Not A: the answer is B."


def test_numbers():
    quiz = Quiz(small())
    quiz.topic.value = "Numbers"
    assert texts(quiz) == []
    assert quiz.number.layout.display == ""
    quiz.check.click()
    assert quiz.text == "☐ Write a number first."
    quiz.field.value = "a half"
    assert quiz.text == "☐ “a half” cannot be read as a number. Write one such as 0.5, 1/2 or 5e-1."
    assert quiz.replies == {}
    quiz.field.value = "1/2"
    assert quiz.text == "✔ Right: 0.5."
    quiz.forward.click()
    assert quiz.field.value == ""
    assert quiz.text == ""
    quiz.field.value = "0.52"
    assert quiz.text == "✘ Not 0.52: the answer is 0.5."
    quiz.check.click()
    quiz.field.value = "0.5"
    assert quiz.replies == {"n0": "1/2", "n1": "0.52"}
    quiz.back.click()
    assert quiz.field.value == "1/2"
    assert quiz.text == "✔ Right: 0.5."


def test_enter_goes_on_and_tab_does_not(monkeypatch):
    """After Enter in the field, or a letter, the focus is on Next; who left the field otherwise is let go."""
    quiz = Quiz(small())
    went = []
    monkeypatch.setattr(type(quiz.forward), "focus", lambda button: went.append(button.description))
    quiz.letters["B"].click()
    assert went == ["Next"]
    quiz.topic.value = "Numbers"
    quiz.field.value = "3"  # as when Tab was pressed
    assert quiz.text.startswith("✘")
    assert went == ["Next"]
    quiz.forward.click()
    for written, told in (("three", ["Next"]), ("3", ["Next", "Next"])):
        quiz.field._handle_custom_msg({"event": "submit"}, [])  # what the browser sends for Enter
        quiz.field.value = written
        assert went == told


def test_one_question_is_no_questions():
    bundle = Quiz(small()[:1])._repr_mimebundle_()
    assert bundle["text/plain"] == "1 question on 1 topic. Run this cell to answer."
    assert "<b>Letters</b>, 1 question</summary>" in bundle["text/markdown"]


def test_markup_in_an_answer_is_text():
    quiz = Quiz(small(1)[1:])
    quiz.field.value = "<b>1</b>"
    assert "&lt;b&gt;" in quiz.verdict.value


def test_previous_and_next_keep_what_was_answered():
    quiz = Quiz(small())
    assert quiz.back.disabled
    quiz.letters["C"].click()
    quiz.forward.click()
    assert "Question 2 of 4" in quiz.place.value
    assert quiz.text == ""
    assert shown(quiz.reason) == ""
    assert [button.description for button in quiz.letters.values()] == ["A", "B", "C"]
    quiz.back.click()
    assert quiz.text == "✘ Not C: the answer is B."
    quiz.back.click()
    assert "Question 1 of 4" in quiz.place.value


def test_the_score_by_topic_and_restart():
    quiz = Quiz(small())
    for letter in "BA":
        quiz.letters[letter].click()
        quiz.forward.click()
    for written in (".5", "5e-1"):
        quiz.field.value = written
        quiz.forward.click()
    assert quiz.question is None
    assert quiz.forward.disabled
    assert quiz.text == "3 of 4 answered questions right. All are answered."
    assert shown(quiz.reason).splitlines()[2:] == [
        "| Letters | 1 | 2 | 2 | [A heading](01_a.ipynb#A-heading) |",
        "| Numbers | 2 | 2 | 2 |  |",
    ]
    assert texts(quiz) == []
    for button in quiz.letters.values():
        button.click()  # hidden, but a message may be on its way
    assert quiz.error is None
    quiz.restart.click()
    assert quiz.replies == {}
    assert "Question 1 of 4" in quiz.place.value
    assert quiz.text == ""
    quiz.score.click()
    assert quiz.text == "0 of 0 answered questions right. 4 are not answered yet."
    quiz.back.click()
    assert "Question 4 of 4" in quiz.place.value


def test_a_topic_has_its_own_questions():
    quiz = Quiz(small(3))
    assert [label for label, _ in quiz.topic.options] == ["all topics", "Letters", "Numbers"]
    quiz.forward.click()
    quiz.topic.value = "Numbers"
    assert "Question 1 of 3" in quiz.place.value
    assert {question.topic for question in quiz.chosen} == {"Numbers"}


def test_two_quizzes_do_not_share():
    questions = small()
    one, other = Quiz(questions), Quiz(questions)
    one.letters["B"].click()
    one.forward.click()
    assert other.replies == {}
    assert "Question 1 of 4" in other.place.value
    assert other.text == ""


def test_the_order_is_that_of_the_file_unless_a_seed_is_given():
    ids = [question.id for question in QUESTIONS]

    def order(**settings):
        return [question.id for question in Quiz(QUESTIONS, **settings).questions]

    assert order() == ids
    assert order(random_state=1) == order(random_state=1) != ids
    assert order(random_state=2) != order(random_state=1)
    assert sorted(order(random_state=1)) == sorted(ids)


@pytest.mark.parametrize(
    ("questions", "error", "words"),
    [
        ([], ValueError, "questions must be a list of what load_questions returns, 1 or more, got []"),
        (
            "data/questions.toml",
            TypeError,
            "questions must be a list of what load_questions returns, 1 or more, got 'data/questions.toml'",
        ),
        (
            [None],
            TypeError,
            "questions must be a list of what load_questions returns, 1 or more, got None in it",
        ),
    ],
)
def test_bad_questions(questions, error, words):
    with pytest.raises(error, match=re.escape(words)):
        Quiz(questions)


def test_a_callback_that_fails_says_so_and_restart_mends_it(monkeypatch):
    quiz = Quiz(small())
    with monkeypatch.context() as patch:
        patch.setattr(Choice, "judge", lambda *_: 1 / 0)
        quiz.letters["A"].click()
    assert isinstance(quiz.error, ZeroDivisionError)
    assert quiz.text == "⚠ The quiz failed: ZeroDivisionError('division by zero'). Restart begins anew."
    quiz.restart.click()
    assert quiz.error is None
    assert quiz.text == ""


def test_every_question_of_the_file_can_be_answered():
    quiz = Quiz(QUESTIONS)
    for question in QUESTIONS:
        assert quiz.question is question
        if isinstance(question, Choice):
            quiz.letters[question.right].click()
        else:
            quiz.field.value = question.solution
        assert quiz.text == f"✔ Right: {question.solution}."
        quiz.forward.click()
    assert quiz.text == f"{len(QUESTIONS)} of {len(QUESTIONS)} answered questions right. All are answered."
    assert quiz.error is None


def test_without_a_kernel_the_questions_can_be_read():
    bundle = Quiz(small())._repr_mimebundle_()
    assert bundle["text/plain"] == "4 questions on 2 topics. Run this cell to answer."
    page = bundle["text/markdown"]
    assert page.count("<details>") == page.count("</details>") == 2 + 4
    assert "**2.** Which $1$?" in page
    assert "- **B** y" in page
    assert "**B.** Because. Read it up in [lesson 01: A heading](01_a.ipynb#A-heading)." in page
