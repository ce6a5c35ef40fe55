"""A quiz: questions from a file that anyone can extend, each answered at once, and a score by topic.

`load_questions` reads the file and says what is wrong in it. `Quiz` asks. JupyterLab itself renders the
texts, because they are Markdown in `Output` widgets: so mathematics is typeset, and a link opens its lesson.
"""

from __future__ import annotations

import html
import math
import re
import string
from abc import abstractmethod
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Any

import ipywidgets as widgets

from gdutils.checks import check_list, check_number, check_positive, check_text
from gdutils.files import read_tables
from gdutils.randomness import make_rng

__all__ = ["Choice", "Number", "Question", "Quiz", "load_questions", "read_number"]

DIGITS = r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?"  # in one way alone: else long ones take hours
NUMBER = re.compile(f"({DIGITS})(?:/({DIGITS}))?", re.ASCII)


def read_number(written: str) -> float:
    """Return the number that a learner has written: 0.5, .5, 1/2 and 5e-1 are the same.

    Raises
    ------
    ValueError
        If it is none, with a sentence for the learner.
    """
    check_text("written", written, may_be_empty=True)
    told = written if len(written) <= 60 else f"{written[:59]}…"
    plain = written.replace("−", "-").replace(" ", "")
    found = NUMBER.fullmatch(plain)
    if not found:
        hint = (
            "with a point, as in 0.5" if re.fullmatch(r"[+-]?\d*,\d+", plain) else "such as 0.5, 1/2 or 5e-1"
        )
        raise ValueError(f"“{told}” cannot be read as a number. Write one {hint}.")
    below = float(found[2] or 1)
    number = float(found[1]) / below if below else math.nan
    if not math.isfinite(number):
        raise ValueError(f"“{told}” is not a finite number.")
    return number


@dataclass(frozen=True)
class Question:
    """What all questions have.

    Attributes
    ----------
    id : str
        A name that no other question has.
    topic : str
        What the score is counted by.
    lesson, section : str
        The file that answers it, and a heading in it or "".
    text, reason : str
        The question, and why the answer is right and the tempting ones are not; Markdown with mathematics.
    """

    id: str
    topic: str
    lesson: str
    section: str
    text: str
    reason: str

    def __post_init__(self) -> None:
        for name in TEXTS:
            check_text(name, getattr(self, name), may_be_empty=name == "section")

    def link(self, words: str = "") -> str:
        """Return the place to read it up, in Markdown. JupyterLab's anchor of a heading has - for spaces."""
        check_text("words", words, may_be_empty=True)
        number = self.lesson.partition("_")[0]
        anchor = self.section.replace("`", "").replace(" ", "-")
        words = words or f"lesson {number}: {self.section}".removesuffix(": ")
        return f"[{words}]({self.lesson}{'#' if anchor else ''}{anchor})"

    @property
    @abstractmethod
    def solution(self) -> str:
        """The right answer, as a learner gives it."""

    @abstractmethod
    def judge(self, reply: str) -> bool:
        """Return whether the reply is right; a ValueError says what is no reply at all."""


@dataclass(frozen=True)
class Choice(Question):
    """A question with some answers to choose from; `right` is the letter of the right one."""

    choices: tuple[str, ...]
    right: str

    def __post_init__(self) -> None:
        super().__post_init__()
        object.__setattr__(self, "choices", tuple(check_list("choices", self.choices, object, "texts")))
        check_text("right", self.right)
        letters = string.ascii_uppercase[: len(self.choices)]
        if not 2 <= len(self.choices) <= 6:
            raise ValueError(f"choices must be 2 to 6, got {len(self.choices)}")
        if not all(isinstance(choice, str) and choice.strip() for choice in self.choices):
            raise ValueError(f"each of choices must be a text that is not empty, got {list(self.choices)}")
        twice = [choice for choice, times in Counter(self.choices).items() if times > 1]
        if twice:
            raise ValueError(f"choices must differ, got {twice[0]!r} more than once")
        if len(self.right) != 1 or self.right not in letters:
            raise ValueError(f"right must be one of the letters {', '.join(letters)}, got {self.right!r}")

    @property
    def solution(self) -> str:
        """The letter of the right choice."""
        return self.right

    def judge(self, reply: str) -> bool:
        """Return whether this is the right letter."""
        check_text("reply", reply, may_be_empty=True)
        return reply == self.right


@dataclass(frozen=True)
class Number(Question):
    """A question for a number, right if it is no farther from `answer` than `tolerance`."""

    answer: float
    tolerance: float

    def __post_init__(self) -> None:
        super().__post_init__()
        object.__setattr__(self, "answer", check_number("answer", self.answer))
        object.__setattr__(self, "tolerance", check_positive("tolerance", self.tolerance))

    @property
    def solution(self) -> str:
        """The number, to four digits."""
        return f"{self.answer:.4g}".replace("-", "−")

    def judge(self, reply: str) -> bool:
        """Return whether this number is close enough."""
        check_text("reply", reply, may_be_empty=True)
        return abs(read_number(reply) - self.answer) <= self.tolerance


KINDS: dict[str, type[Question]] = {"choice": Choice, "number": Number}
TEXTS = dict.fromkeys(("id", "topic", "lesson", "section", "text", "reason"), "a text")
FIELDS = {
    "choice": TEXTS | {"choices": "a list", "right": "a text"},
    "number": TEXTS | {"answer": "a number", "tolerance": "a number"},
}
TYPES: dict[str, tuple[type, ...]] = {"a text": (str,), "a list": (list,), "a number": (int, float)}


def load_questions(path: str | PathLike[str]) -> list[Question]:
    """Read the questions of a TOML file, each of which is a table ``[[question]]``.

    Parameters
    ----------
    path : str or path-like
        The file; the comment at the top of notebooks/data/questions.toml says what a question holds.

    Returns
    -------
    list of Question
        In the order of the file.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If it is not TOML, or a question in it is not whole; the message names the question and the fault.
    """
    questions: dict[str, Question] = {}
    for place, entry in enumerate(read_tables(path, "question"), start=1):
        name = f"{Path(path).name}, question {place} ({entry.get('id', 'without an id')})"
        try:
            question = _read(entry)
        except ValueError as error:
            raise ValueError(f"{name}: {error}") from None
        if question.id in questions:
            raise ValueError(f"{name}: another question has this id already")
        questions[question.id] = question
    return list(questions.values())


def _read(entry: dict[str, Any]) -> Question:
    """Return the question that a table of the file describes."""
    kind = entry.get("kind")
    if not (isinstance(kind, str) and kind in KINDS):
        raise ValueError(f"kind must be 'choice' or 'number', got {kind!r}")
    fields = {name: value for name, value in entry.items() if name != "kind"}
    for name in [*FIELDS[kind], *fields]:
        if name not in fields:
            raise ValueError(f"{name} is missing")
        if name not in FIELDS[kind]:
            raise ValueError(f"{name} is no field of a {kind} question; those are {', '.join(FIELDS[kind])}")
    for name, wanted in FIELDS[kind].items():
        value = fields[name]
        if not isinstance(value, TYPES[wanted]) or isinstance(value, bool):
            raise ValueError(f"{name} must be {wanted}, got {value!r}")
        if isinstance(value, str) and name != "section" and not value.strip():
            raise ValueError(f"{name} must not be empty")
        for text in value if isinstance(value, list) else [value]:
            if isinstance(text, str) and text.count("$") % 2:
                raise ValueError(f"{name} has a $ without its partner: {text!r}")
    if not fields["lesson"].endswith(".ipynb"):
        raise ValueError(f"lesson must be the file of a lesson, such as 02_x.ipynb, got {fields['lesson']!r}")
    if kind == "choice":
        fields["choices"] = tuple(fields["choices"])
    return KINDS[kind](**fields)


def _button(words: str, tooltip: str, icon: str = "", width: str = "100px") -> widgets.Button:
    return widgets.Button(description=words, tooltip=tooltip, icon=icon, layout={"width": width})


def _markdown(text: str) -> tuple[dict[str, Any], ...]:
    """Return what an `Output` widget shows as rendered Markdown."""
    return ({"output_type": "display_data", "data": {"text/markdown": text}, "metadata": {}},)


def _count(number: int, name: str) -> str:
    return f"{number} {name}" if number == 1 else f"{number} {name}s"


def _show_if(shown: bool, *parts: widgets.DOMWidget) -> None:
    for part in parts:
        part.layout.display = "" if shown else "none"


class Quiz(widgets.VBox):
    """Questions, one at a time; the first answer to each counts, and its reason is shown at once.

    Parameters
    ----------
    questions : sequence of Question
        From `load_questions`.
    random_state : int, numpy.random.RandomState or None, default None
        Shuffles the questions; None keeps their order.

    Attributes
    ----------
    replies : dict of str to str
        The first answer to each question, by its id.
    text : str
        The sentence under the question.
    error : Exception or None
        What went wrong in the last click, if anything did.

    Raises
    ------
    TypeError, ValueError
        If `questions` holds something else, or nothing.
    """

    def __init__(self, questions: Sequence[Question], random_state: Any = None) -> None:
        questions = check_list("questions", questions, Question, "what load_questions returns", least=1)
        if random_state is not None:
            questions = [questions[i] for i in make_rng(random_state).permutation(len(questions))]
        self.questions = questions
        self.replies: dict[str, str] = {}
        self.text, self._at = "", 0
        self.error: Exception | None = None
        self._entered = False

        topics = dict.fromkeys(question.topic for question in questions)
        self.topic = widgets.Dropdown(
            options=[("all topics", None), *((topic, topic) for topic in topics)],
            description="topic", style={"description_width": "36px"}, layout={"width": "230px"},
        )  # fmt: skip
        self.back = _button("Previous", "The question before", "chevron-left")
        self.forward = _button("Next", "The next question; after the last one, the score", "chevron-right")
        self.score = _button("Score", "Your score by topic", "list-ol")
        self.restart = _button("Restart", "Forget all answers and begin anew", "undo")
        self.place = widgets.HTML(layout={"margin": "0 0 0 2px"})
        self.asked, self.reason = widgets.Output(), widgets.Output()
        most = max((len(each.choices) for each in questions if isinstance(each, Choice)), default=0)
        letters = string.ascii_uppercase[:most]
        self.letters = {letter: _button(letter, f"Answer {letter}", width="56px") for letter in letters}
        beside = {"flex": "1 1 0", "margin": "9px 0 0 8px"}
        self.choices = [widgets.Output(layout=beside) for _ in self.letters]
        rows = zip(self.letters.values(), self.choices, strict=True)
        self.rows = [widgets.HBox(row, layout={"align_items": "center"}) for row in rows]
        # It sends its value when it is whole, so that no click can be faster than the last digit.
        self.field = widgets.Text(
            continuous_update=False, description="your answer", placeholder="0.5, 1/2 or 5e-1",
            style={"description_width": "84px"}, layout={"width": "260px"},
        )  # fmt: skip
        self.check = _button("Check", "Check the number", "check")
        self.number = widgets.HBox([self.field, self.check])
        self.verdict = widgets.HTML(layout={"margin": "12px 2px 2px 2px"})

        wrap = {"flex_flow": "row wrap", "align_items": "center"}
        controls = [self.topic, self.back, self.forward, self.score, self.restart]
        body = [self.asked, *self.rows, self.number, self.verdict, self.reason]
        # Of one height, with room for the longest question, so that the page below never moves.
        border = "1px solid var(--jp-border-color2, #bdbdbd)"
        frame = {"border": border, "padding": "4px 12px", "margin": "4px 0 0 0"}
        page = widgets.VBox(body, layout=frame | {"height": "450px", "overflow": "auto"})
        top = widgets.HBox(controls, layout=wrap)
        super().__init__([top, self.place, page], layout={"max_width": "860px"})

        self.topic.observe(lambda _: self._respond(self._go, 0), "value")
        self.back.on_click(lambda _: self._respond(self._go, self._at - 1))
        self.forward.on_click(lambda _: self._respond(self._go, self._at + 1))
        self.score.on_click(lambda _: self._respond(self._go, len(self.chosen)))
        self.restart.on_click(lambda _: self._respond(self._restart))
        for letter, button in self.letters.items():
            button.on_click(lambda _, letter=letter: self._respond(self._choose, letter))
        self.field.observe(lambda change: self._respond(self._answer_in_words, change["new"]), "value")
        self.field.on_msg(self._note_enter)
        self.check.on_click(lambda _: self._respond(self._answer_in_words, self.field.value))
        self._go(0)

    @property
    def chosen(self) -> list[Question]:
        """The questions of the topic that is chosen."""
        return [question for question in self.questions if self.topic.value in (None, question.topic)]

    @property
    def question(self) -> Question | None:
        """The question that is shown; None where the score is."""
        return self.chosen[self._at] if self._at < len(self.chosen) else None

    def _respond(self, action: Callable[..., None], *args: Any) -> None:
        """Do what a click asks for; if that fails, say so and leave the controls alive."""
        self.error = None
        try:
            action(*args)
        except Exception as error:
            self.error = error
            self._say(f"⚠ The quiz failed: {error!r}. Restart begins anew.")

    def _say(self, text: str) -> None:
        self.text = text
        self.verdict.value = f'<div role="status" style="line-height: 1.5"><b>{html.escape(text)}</b></div>'

    def _restart(self) -> None:
        self.replies.clear()
        self._go(0)

    def _choose(self, letter: str) -> None:
        self._answer(letter)
        self.forward.focus()  # Enter goes on from here

    def _note_enter(self, _: Any, content: dict[str, Any], __: Any) -> None:
        """Take note that Enter was pressed in the field; the number itself arrives just after that."""
        self._entered = content.get("event") == "submit"

    def _answer_in_words(self, written: str) -> None:
        entered, self._entered = self._entered, False
        if written.strip():
            self._answer(written)
        elif isinstance(self.question, Number) and self.question.id not in self.replies:
            self._say("☐ Write a number first.")
        if entered and self.question and self.question.id in self.replies:
            self.forward.focus()  # who leaves the field by Tab, though, goes where Tab leads

    def _answer(self, reply: str) -> None:
        """Take the first answer to the question that is shown."""
        question = self.question
        if question is None or question.id in self.replies:
            return
        try:
            question.judge(reply)
        except ValueError as error:
            self._say(f"☐ {error}")
            return
        self.replies[question.id] = reply
        self._show()

    def _go(self, to: int) -> None:
        """Show the question at this place; the place after the last one is the score's."""
        self._at = min(max(to, 0), len(self.chosen))
        self.field.value = self.replies.get(self.question.id, "") if self.question else ""
        self._show()

    def _show(self) -> None:
        question = self.question
        self.back.disabled, self.forward.disabled = self._at == 0, question is None
        _show_if(isinstance(question, Number), self.number)
        self._show_choices(question)
        if question is None:
            self.place.value = "<b>Score</b>"
            self.asked.outputs, self.reason.outputs = (), _markdown(self._table())
            self._say(self._sentence())
            return
        place = f"<b>Question {self._at + 1} of {len(self.chosen)}</b> · {html.escape(question.topic)}"
        self.place.value = f"{place} · {self._right(self.questions)} of {len(self.replies)} answered right"
        self.asked.outputs = _markdown(question.text)
        reply, right = self.replies.get(question.id), question.solution
        if reply is None:
            self._say("")
            self.reason.outputs = ()
            return
        good = question.judge(reply)
        self._say(f"✔ Right: {right}." if good else f"✘ Not {reply}: the answer is {right}.")
        self.reason.outputs = _markdown(f"{question.reason}\n\nRead it up in {question.link()}.")

    def _show_choices(self, question: Question | None) -> None:
        """Show a letter and a text for each choice; once it is answered, mark the right one and the wrong."""
        choices = question.choices if isinstance(question, Choice) else ()
        reply = self.replies.get(question.id) if question else None
        for i, (letter, button) in enumerate(self.letters.items()):
            _show_if(i < len(choices), self.rows[i])
            self.choices[i].outputs = _markdown(choices[i]) if i < len(choices) else ()
            mark = style = ""
            if question and reply and letter == question.solution:
                mark, style = "✔ ", "success"
            elif letter == reply:
                mark, style = "✘ ", "danger"
            button.description, button.button_style = mark + letter, style

    def _right(self, questions: Sequence[Question]) -> int:
        answered = (question for question in questions if question.id in self.replies)
        return sum(question.judge(self.replies[question.id]) for question in answered)

    def _sentence(self) -> str:
        answered, left = len(self.replies), len(self.questions) - len(self.replies)
        rest = f"{left} {'is' if left == 1 else 'are'} not answered yet." if left else "All are answered."
        return f"{self._right(self.questions)} of {answered} answered questions right. {rest}"

    def _table(self) -> str:
        """Return the score by topic, in Markdown, with the places of what went wrong."""
        lines = ["| topic | right | answered | questions | read again |", "|:--|--:|--:|--:|:--|"]
        for topic in dict.fromkeys(question.topic for question in self.questions):
            asked = [question for question in self.questions if question.topic == topic]
            answered = [question for question in asked if question.id in self.replies]
            wrong = [q.link(q.section) for q in answered if not q.judge(self.replies[q.id])]
            again = ", ".join(dict.fromkeys(wrong))
            lines.append(f"| {topic} | {self._right(asked)} | {len(answered)} | {len(asked)} | {again} |")
        return "\n".join(lines)

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any]:
        """Add the questions with folded answers, for a saved notebook whose kernel no longer runs."""
        bundle: dict[str, Any] = super()._repr_mimebundle_(**kwargs)
        topics = len({question.topic for question in self.questions})
        size = f"{_count(len(self.questions), 'question')} on {_count(topics, 'topic')}"
        words = f"{size}. Run this cell to answer."
        return bundle | {"text/plain": words, "text/markdown": f"{words}\n\n{_as_page(self.questions)}"}


def _as_page(questions: Sequence[Question]) -> str:
    """Return all questions as Markdown, folded by topic, with folded answers."""
    lines = []
    for topic in dict.fromkeys(question.topic for question in questions):
        asked = [question for question in questions if question.topic == topic]
        size = _count(len(asked), "question")
        lines.append(f"<details><summary><b>{html.escape(topic)}</b>, {size}</summary>")
        for number, question in enumerate(asked, start=1):
            lines.append(f"**{number}.** {question.text}")
            if isinstance(question, Choice):
                lettered = zip(string.ascii_uppercase, question.choices, strict=False)
                lines.append("\n".join(f"- **{letter}** {choice}" for letter, choice in lettered))
            answer = f"**{question.solution}.** {question.reason} Read it up in {question.link()}."
            lines += ["<details><summary>Answer</summary>", answer, "</details>"]
        lines.append("</details>")
    return "\n\n".join(lines)
