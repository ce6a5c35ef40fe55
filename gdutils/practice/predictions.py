"""Predict, then see: questions about a panel, which is covered until the learner has decided.

`load_predictions` reads the questions of a lesson from a file, so that a lesson does not show its answers.
`Predictions` asks them: it covers the panel, waits for a choice, sets the panel's controls, and reveals.
"""

import html
import tomllib
from dataclasses import dataclass
from pathlib import Path

import ipywidgets as widgets

from gdutils.panel.controls import button


@dataclass(frozen=True)
class Prediction:
    """A question about what a panel will show.

    Attributes
    ----------
    question : str
    choices : list of str
    settings : dict of str to values
        What is set for the answer, by the names of the panel's controls, such as ``{"lr": 0.5,
        "optimizer": "Momentum"}``. All other controls are set to what the panel begins with.
    right : int
        The place of the right choice, counted from 0.
    because : str
        Why it is right.
    """

    question: str
    choices: list
    settings: dict
    right: int
    because: str


def load_predictions(path, lesson):
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
    ValueError
        If the file is not TOML, or has no such lesson.
    TypeError
        If a question lacks a field or has one too many.
    """
    tables = tomllib.loads(Path(path).read_text(encoding="utf-8"))
    if lesson not in tables:
        raise ValueError(f"lesson must be one of {', '.join(tables)}, got {lesson!r}")
    return [Prediction(**entry) for entry in tables[lesson]]


class Predictions:
    """Asks what will happen, and shows it when the learner has decided.

    Parameters
    ----------
    predictions : list of Prediction
        Asked one after another, and from the first one again.

    Attributes
    ----------
    button : Button
        Asks the next question.
    card : VBox
        Covers the picture with the question, its answers, and the buttons to `reveal` and to `skip`.
    choice : RadioButtons
        None is chosen when a question begins.
    """

    def __init__(self, predictions):
        if not predictions or not all(isinstance(each, Prediction) for each in predictions):
            raise TypeError(f"predictions must be a list of Prediction, at least one, got {predictions!r}")
        self.predictions = list(predictions)
        self.panel = None
        self.button = button("Ask me", "question-circle", "Cover the picture, and ask what will happen")
        say = "Uncover the picture, and say whether you are right"
        self.reveal = button("Show me", "eye", say, button_style="primary")
        self.skip = button("Not now", "times", "Uncover the picture")
        self.words, self.choice = widgets.HTML(), widgets.RadioButtons(options=[])
        self.card = widgets.VBox([self.words, self.choice, widgets.HBox([self.reveal, self.skip])])
        self.card.add_class("gdutils-card")
        self.button.on_click(lambda _: self._ask())
        self.reveal.on_click(lambda _: self._reveal())
        self.skip.on_click(lambda _: self._rest() or self.panel.uncover())
        widgets.dlink((self.choice, "index"), (self.reveal, "disabled"), lambda index: index is None)
        self.reset()

    def update(self, panel):
        """Get to know the panel; another one, of a cell that is run again, begins with the first question."""
        if panel is not self.panel:
            self.panel = panel
            self.reset()

    def reset(self):
        """Begin with the first question again; the panel has been uncovered."""
        self.place = 0
        self._rest()

    def _rest(self):
        """Ask nothing."""
        self.card.layout.display, self.button.disabled = "none", False

    def _ask(self):
        """Ask the next question; one that was skipped comes later again."""
        self.prediction = self.predictions[self.place % len(self.predictions)]
        self.place += 1
        self.words.value = f'<div role="status">{html.escape(self.prediction.question)}</div>'
        with self.choice.hold_sync():  # ipywidgets chooses the first one by itself
            self.choice.options = self.prediction.choices
            self.choice.index = None
        self.panel.cover()
        self.card.layout.display, self.button.disabled = "", True

    def _reveal(self):
        prediction, said = self.prediction, self.choice.value
        if said is None or not self.panel.covered:  # a second click was on its way
            return
        right = prediction.choices[prediction.right]
        told = "✔ Right:" if said == right else f"✘ You said “{said}”; it is"
        self._rest()
        self.panel.uncover(prediction.settings, f"{told} “{right}”. {prediction.because}")
