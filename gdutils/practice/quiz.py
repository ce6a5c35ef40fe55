"""A quiz: questions from a file that anyone can extend, each answered at once, and a score by topic.

JupyterLab itself renders the texts, because they are Markdown in `Output` widgets: so mathematics is typeset,
and a link opens its lesson.
"""

import html
import tomllib
from dataclasses import dataclass, replace
from pathlib import Path

import ipywidgets as widgets
import numpy as np

from gdutils.panel.controls import button
from gdutils.practice.parts import count

LETTERS = "ABCDEF"  # of the choices of a question


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
    text : str
        The question; Markdown with mathematics, and perhaps a picture.
    """

    id: str
    topic: str
    lesson: str
    section: str
    text: str

    def link(self, words=""):
        """Return where to read more, in Markdown. JupyterLab's anchor of a heading has - for spaces."""
        anchor = self.section.replace("`", "").replace(" ", "-")
        words = words or f"lesson {self.lesson[:2]}: {self.section}".removesuffix(": ")
        return f"[{words}]({self.lesson}#{anchor})".replace("#)", ")")


@dataclass(frozen=True)
class Choice(Question):
    """A question with 2 to 6 pairs of an answer and its reason; `right` is the letter of the right one."""

    choices: list
    right: str
    reason = ""  # each choice has its own

    def __post_init__(self):
        """Refuse what is no list of pairs."""
        if not all(isinstance(each, list) and len(each) == 2 for each in self.choices):
            raise TypeError("each choice must be a pair, [answer, reason]")

    @property
    def solution(self):
        """The letter of the right choice."""
        return self.right

    def shuffled(self, rng):
        """Return the same question with its choices in another order."""
        order = rng.permutation(len(self.choices)).tolist()
        right = LETTERS[order.index(LETTERS.index(self.right))]
        return replace(self, choices=[self.choices[i] for i in order], right=right)

    def judge(self, reply):
        """Return whether this is the right letter."""
        return reply == self.right


@dataclass(frozen=True)
class Number(Question):
    """A question for a number, right if it is no farther from `answer` than `tolerance`.

    If it asks for a share, `percent` is true: then 95 is taken for 95%, which is 0.95.
    """

    reason: str
    answer: float
    tolerance: float
    percent: bool = False
    choices = ()  # none

    @property
    def solution(self):
        """The number, to four digits."""
        share = f", or {100 * self.answer:.4g}%" * self.percent
        return f"{self.answer:.4g}{share}".replace("-", "−")

    def judge(self, reply):
        """Return whether this number is close enough; a ValueError says that it is none."""
        number = read_number(reply)
        taken = {number, number / 100 if self.percent and "%" not in reply else number}
        return min(abs(each - self.answer) for each in taken) <= self.tolerance


def read_number(written):
    """Return the number that a learner has written: 0.5, .5, 1/2, 5e-1 and 50% are the same.

    Raises
    ------
    ValueError
        If it cannot be read, with a sentence for the learner.
    """
    number = written.replace("−", "-").strip()
    over, _, under = number.removesuffix("%").partition("/")
    try:
        return float(over) / float(under or 1) / (100 if number.endswith("%") else 1)
    except (ValueError, ZeroDivisionError):
        sentence = f"“{written[:60]}” cannot be read as a number. Write one such as 0.5, 1/2 or 5e-1."
        raise ValueError(sentence) from None


def load_questions(path):
    """Read the questions of a TOML file, each of which is a table ``[[question]]``.

    Parameters
    ----------
    path : str or path-like
        The comment at the top of notebooks/data/questions.toml says what a question holds.

    Returns
    -------
    list of Choice and Number

    Raises
    ------
    ValueError
        If the file is not TOML, or a question lacks a field or has one too many; the message names it.
    """
    kinds = {"choice": Choice, "number": Number}
    questions = []
    for entry in tomllib.loads(Path(path).read_text(encoding="utf-8"))["question"]:
        try:
            questions.append(kinds[entry.pop("kind")](**entry))
        except (KeyError, TypeError) as error:
            raise ValueError(f"question {entry.get('id')!r} of {path} is not complete: {error}") from None
    return questions


def markdown(text):
    """Return what an `Output` widget shows as rendered Markdown."""
    return ({"output_type": "display_data", "data": {"text/markdown": text}, "metadata": {}},)


class Quiz(widgets.VBox):
    """Questions, one at a time; the first answer to each counts, and its reason is shown at once.

    Parameters
    ----------
    questions : list of Choice and Number
        From `load_questions`.
    random_state : int, optional
        Shuffles the choices of each question; None keeps their order.
    mixed : bool
        Whether the questions are shuffled, too.

    Attributes
    ----------
    replies : dict of str to str
        The first answer to each question, by its id.
    text : str
        The sentence under the question.
    """

    def __init__(self, questions, random_state=None, mixed=False):
        if not questions or not all(isinstance(each, Question) for each in questions):
            raise TypeError(f"questions must be what load_questions returns, at least one, got {questions!r}")
        rng, move = np.random.RandomState(random_state), random_state is not None
        self.questions = [each.shuffled(rng) if each.choices and move else each for each in questions]
        if mixed:
            rng.shuffle(self.questions)
        self.replies = {}
        self.topics = {}
        for question in self.questions:
            self.topics.setdefault(question.topic, []).append(question)
        self.topic = widgets.Dropdown(options=["all topics", *self.topics], description="topic")
        self.back = button("Previous", "chevron-left", "The question before")
        self.forward = button("Next", "chevron-right", "The next question; after the last one, the score")
        self.score = button("Score", "list-ol", "Your score by topic")
        self.restart = button("Restart", "undo", "Forget all answers and start over")
        self.place, self.verdict = widgets.HTML(), widgets.HTML()
        self.asked, self.reason = widgets.Output(), widgets.Output()
        self.letters, narrow = {}, {"layout": {"width": "56px"}}
        for letter in LETTERS[: max(len(question.choices) for question in questions)]:
            self.letters[letter] = widgets.Button(description=letter, tooltip=f"Answer {letter}", **narrow)
            self.letters[letter].on_click(lambda _, letter=letter: self._answer(letter, go_on=True))
        self.choices = [widgets.Output(layout={"flex": "1", "margin": "9px 0 0 8px"}) for _ in self.letters]
        self.rows = [widgets.HBox(pair) for pair in zip(self.letters.values(), self.choices, strict=True)]
        # It sends its value when it is whole, so that no click can be faster than the last digit.
        self.field = widgets.Text(description="answer", placeholder="0.5, 1/2, 50%", continuous_update=False)
        self.entered = False  # whether Enter was pressed in it, and not Tab
        self.check = button("Check", "check", "Check the number")
        self.number = widgets.HBox([self.field, self.check])
        # Of one height, with room for the longest question, so that the page below never moves.
        self.page = widgets.VBox(layout={"height": "560px", "border": "1px solid", "padding": "4px 12px"})
        controls = widgets.HBox([self.topic, self.back, self.forward, self.score, self.restart])
        super().__init__([controls, self.place, self.page], layout={"max_width": "860px"})

        self.topic.observe(lambda _: self._go(0), "value")
        self.back.on_click(lambda _: self._go(self.at - 1))
        self.forward.on_click(lambda _: self._go(self.at + 1))
        self.score.on_click(lambda _: self._go(len(self.questions)))
        self.restart.on_click(lambda _: self.replies.clear() or self._go(0))
        self.field.on_msg(self._on_message)
        self.field.observe(self._on_number, "value")
        self.check.on_click(lambda _: self._answer(self.field.value))
        self._go(0)

    def _go(self, place):
        """Show the question at this place; the place after the last one is the score's."""
        self.asking = self.topics.get(self.topic.value, self.questions)
        self.at = min(max(place, 0), len(self.asking))
        self.question = [*self.asking, None][self.at]
        self.field.value = self.replies.get(self.question.id, "") if self.question else ""
        self._show()

    def _on_message(self, _, content, __):
        """Take note of Enter in the field; the number itself arrives just after that."""
        self.entered = content.get("event") == "submit"

    def _on_number(self, change):
        if change["new"]:
            self._answer(change["new"], go_on=self.entered)
        self.entered = False

    def _answer(self, reply, go_on=False):
        """Take the first answer to the question; then, if asked to, let Enter go on to the next."""
        question = self.question
        if question and question.id not in self.replies:
            try:
                question.judge(reply)
            except ValueError as error:
                self._say(f"☐ {error}")
                return
            self.replies[question.id] = reply
            self._show()
        if go_on:
            self.forward.focus()

    def _say(self, text):
        self.text = text
        self.verdict.value = f'<div role="status" style="line-height: 1.5"><b>{html.escape(text)}</b></div>'

    def _show(self):
        """Show the question and what was answered, or the score."""
        question, right, answered = self.question, self._right(self.questions), len(self.replies)
        self.back.disabled, self.forward.disabled = self.at == 0, question is None
        if question is None:
            left = len(self.questions) - answered
            self.place.value, self.reason.outputs = "<b>Score</b>", markdown(self._table())
            self._say(f"{right} of {answered} answered questions right. {left} not answered yet.")
            self.page.children = [self.verdict, self.reason]
            return
        place = f"<b>Question {self.at + 1} of {len(self.asking)}</b> · {html.escape(question.topic)}"
        self.place.value = f"{place} · {right} of {answered} answered right"
        self.asked.outputs = markdown(question.text)
        reply, solution = self.replies.get(question.id), question.solution
        for letter, (text, reason), output in zip(self.letters, question.choices, self.choices, strict=False):
            output.outputs = markdown(f"{text}\n\n> {reason}" if reply else text)
            mark = "✔ " if reply and letter == solution else "✘ " if letter == reply else ""
            self.letters[letter].description = mark + letter
            self.letters[letter].button_style = {"✔ ": "success", "✘ ": "danger", "": ""}[mark]
        rows = self.rows[: len(question.choices)] or [self.number]
        self.page.children = [self.asked, *rows, self.verdict, self.reason]
        reason = f"{question.reason}\n\nRead more in {question.link()}.".strip()
        self.reason.outputs = markdown(reason) if reply else ()
        said = "" if reply is None else f"✘ Not {reply}: the answer is {solution}."
        self._say(f"✔ Right: {solution}." if reply and question.judge(reply) else said)

    def _right(self, questions):
        return sum(each.judge(self.replies[each.id]) for each in questions if each.id in self.replies)

    def _table(self):
        """Return the score by topic, in Markdown, with the places of what went wrong."""
        lines = ["| topic | right | answered | questions | read again |", "|:--|--:|--:|--:|:--|"]
        for topic, asked in self.topics.items():
            done = [each for each in asked if each.id in self.replies]
            wrong = [each.link(each.section) for each in done if not each.judge(self.replies[each.id])]
            again = ", ".join(dict.fromkeys(wrong))
            lines.append(f"| {topic} | {self._right(asked)} | {len(done)} | {len(asked)} | {again} |")
        return "\n".join(lines)

    def _repr_mimebundle_(self, **kwargs):
        """Add the questions with folded answers, for a saved notebook whose kernel no longer runs."""
        size = f"{count(len(self.questions), 'question')} on {count(len(self.topics), 'topic')}"
        lines = [f"{size}. Run this cell to answer."]
        for topic, asked in self.topics.items():
            lines.append(f"<details><summary><b>{topic}</b>, {count(len(asked), 'question')}</summary>")
            for number, question in enumerate(asked, start=1):
                lettered = list(zip(self.letters, question.choices, strict=False))
                choices = "\n".join(f"- **{letter}** {choice}" for letter, (choice, _) in lettered)
                reasons = "\n".join(f"- **{letter}** {reason}" for letter, (_, reason) in lettered)
                lines += [f"**{number}.** {question.text}", choices, "<details><summary>Answer</summary>"]
                lines += [f"**{question.solution}.** {question.reason}", reasons]
                lines += [f"Read more in {question.link()}.", "</details>"]
            lines.append("</details>")
        page = "\n\n".join(filter(None, lines))
        return super()._repr_mimebundle_(**kwargs) | {"text/plain": lines[0], "text/markdown": page}
