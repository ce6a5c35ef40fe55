"""Predict, then see: questions about a panel, which is covered until the learner has decided.

`load_predictions` reads the questions of a lesson from a file, so that a lesson does not show its answers.
`Predictions` asks them: it covers the panel, waits for a choice, sets the panel's controls, and reveals.
"""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from os import PathLike
from pathlib import Path
from typing import Any

import ipywidgets as widgets

from gdutils.checks import brief, check_count, check_list, check_text
from gdutils.files import read_tables
from gdutils.live import LivePanel, button, row

__all__ = ["Prediction", "Predictions", "load_predictions"]

LINE = 28  # pixels of a choice
VERDICT = 100  # pixels of the longest words beside them


@dataclass(frozen=True)
class Prediction:
    """A question about what a panel will show.

    Attributes
    ----------
    question : str
    choices : sequence of str
        Two or more.
    settings : mapping of str to values
        What is set for the answer, by the names of the panel's controls, such as ``{"lr": 0.5,
        "optimizer": "Momentum"}``. All other controls are set to what the panel begins with.
    right : int
        The place of the right choice, counted from 0.
    because : str
        Why it is right.
    """

    question: str
    choices: Sequence[str]
    settings: Mapping[str, Any]
    right: int
    because: str

    def __post_init__(self) -> None:
        for name in ("question", "because"):
            check_text(name, getattr(self, name))
        choices = check_list("choices", self.choices, str, "texts, all different", least=2)
        for each in choices:
            check_text("each of choices", each)
        if len(set(choices)) < len(choices):
            raise ValueError(f"choices must be all different, got {brief(choices)}")
        if not (isinstance(self.settings, Mapping) and all(isinstance(name, str) for name in self.settings)):
            raise TypeError(f"settings must be a mapping of names to values, got {brief(self.settings)}")
        check_count("right", self.right, minimum=0, maximum=len(choices) - 1)


def load_predictions(path: str | PathLike[str], lesson: str) -> list[Prediction]:
    """Read the questions of one lesson from a TOML file.

    Parameters
    ----------
    path : str or path-like
        The comment at the top of notebooks/data/predictions.toml says what a question holds.
    lesson : str
        The name of its tables, such as "05" for each ``[[05]]``.

    Returns
    -------
    list of Prediction
        In the order of the file.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If it is not TOML, has no such lesson, or a question in it is not whole.
    """
    check_text("lesson", lesson)
    wanted = {field.name for field in fields(Prediction)}
    predictions = []
    for place, entry in enumerate(read_tables(path, lesson), start=1):
        try:
            if entry.keys() != wanted:
                wrong = ", ".join(sorted(entry.keys() ^ wanted))
                raise ValueError(f"it must have {', '.join(sorted(wanted))} and no more; look at {wrong}")
            predictions.append(Prediction(**entry))
        except (TypeError, ValueError) as error:
            raise ValueError(f"{Path(path).name}, question {place} of {lesson}: {error}") from None
    return predictions


class Predictions:
    """Asks what will happen, and shows it when the learner has decided; folded under a panel's *More*.

    Parameters
    ----------
    predictions : sequence of Prediction
        Asked one after another, and from the first one again.

    Attributes
    ----------
    ask, reveal, back : Button
        Asks the next question; shows the answer; brings back what the learner had before.
    choice : RadioButtons
        None is chosen when a question begins.
    text : str
        What is said of the question, and of the answer.
    """

    eager = True  # to know the panel; it costs nothing

    def __init__(self, predictions: Sequence[Prediction]) -> None:
        self.predictions: list[Prediction] = check_list("predictions", predictions, Prediction, least=1)
        self.panel: LivePanel | None = None
        self.ask = button("Ask me", "question-circle", "Cover the picture, and ask what will happen")
        self.reveal = button("Show me", "eye", "Uncover the picture, and say whether you are right")
        self.back = button("Skip", "undo", "Uncover the picture, and bring back what was there")
        self.choice = widgets.RadioButtons(options=[], layout={"width": "96%"})
        # Of one height, asked or not, so that nothing below it jumps.
        most = max(len(each.choices) for each in self.predictions)
        height = f"{max(LINE * most, VERDICT) + 12}px"
        self.question = widgets.HTML(layout={"height": "44px", "max_width": "840px"})
        self.verdict = widgets.HTML(layout={"width": "54%", "height": height, "overflow": "auto"})
        left = widgets.Box([self.choice], layout={"width": "44%"})
        answers = widgets.HBox([left, self.verdict], layout={"height": height, "max_width": "840px"})
        self.widget = widgets.VBox([row(self.ask, self.reveal, self.back), self.question, answers])
        self.ask.on_click(lambda _: self._ask())
        self.reveal.on_click(lambda _: self._reveal())
        self.back.on_click(lambda _: self._back())
        self.choice.observe(self._on_choice, "index")
        self.restore()

    @property
    def prediction(self) -> Prediction:
        """The question that is asked, or comes next."""
        return self.predictions[self.place % len(self.predictions)]

    def look(self, panel: LivePanel) -> None:
        """Get to know the panel; another one, of a cell that is run again, begins anew."""
        if panel is self.panel:
            return
        for each in self.predictions:
            unknown = each.settings.keys() - panel.controls.named.keys()
            if unknown:
                names = ", ".join(panel.controls.named)
                raise ValueError(f"settings must name controls, {names}, got {sorted(unknown)[0]!r}")
        self.panel = panel
        self.restore()

    def restore(self) -> None:
        """Begin with the first question again; the panel has been uncovered."""
        self.place = 0
        self.before: dict[str, Any] | None = None  # what the learner had
        self._rest()

    def _rest(self) -> None:
        """Ask nothing."""
        number = len(self.predictions)
        count = "one question" if number == 1 else f"{number} questions"
        self._say(f"{count.capitalize()} about this panel. It stays covered until you have decided.", "")
        self.choice.options = []
        self.choice.layout.visibility = "hidden"
        self.back.description = "Skip"
        self._enable(ask=True)

    def _enable(self, *, ask: bool = False, reveal: bool = False, back: bool = False) -> None:
        self.ask.disabled, self.reveal.disabled, self.back.disabled = not ask, not reveal, not back

    def _say(self, question: str, verdict: str) -> None:
        self.text = f"{question} {verdict}".strip()
        style = 'style="line-height: 1.4"'
        self.question.value = f"<div {style}>{html.escape(question)}</div>"
        self.verdict.value = f"<div {style}>{html.escape(verdict)}</div>"

    def _ask(self) -> None:
        panel, prediction = self.panel, self.prediction
        if panel is None or panel.question:
            return
        if self.before is None or panel.own:  # else it is what the question before has set
            self.before = panel.settings()
        panel.cover(prediction.question)
        panel.announce("")
        self._say(prediction.question, "")
        with self.choice.hold_sync():  # ipywidgets chooses the first one by itself
            self.choice.options = list(prediction.choices)
            self.choice.index = None
            self.choice.disabled = False
        self.choice.layout.visibility = "visible"
        self.back.description = "Skip"
        self._enable(back=True)

    def _on_choice(self, change: dict[str, Any]) -> None:
        if self.panel is not None and self.panel.question:
            self.reveal.disabled = change["new"] is None

    def _reveal(self) -> None:
        panel, prediction, chosen = self.panel, self.prediction, self.choice.index
        if panel is None or not panel.question or chosen is None:
            return
        right = chosen == prediction.right
        said, true = prediction.choices[chosen], prediction.choices[prediction.right]
        verdict = f"You said “{said}”. " + ("✔ So it is." if right else f"✘ It is “{true}”.")
        self._say(prediction.question, f"{verdict} {prediction.because} Back brings back what you had.")
        self.place += 1
        self.choice.disabled = True
        self.back.description = "Back"
        self._enable(ask=True, back=True)
        panel.uncover(prediction.settings)
        panel.announce(verdict)  # where the picture is in sight

    def _back(self) -> None:
        """Bring back what the learner had; a question that was skipped comes later again."""
        panel, before = self.panel, self.before
        if panel is None or before is None:
            return
        if panel.question:
            self.place += 1
        self.before = None
        self._rest()
        panel.announce("")
        panel.uncover(before)
