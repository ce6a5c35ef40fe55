"""Predict, then see: questions about a panel, which is covered until the learner has decided.

`load_predictions` reads the questions of a lesson from a file, so that a lesson does not show its answers.
`Predictions` asks them: it covers the panel, waits for a choice, sets the panel's controls, and reveals.
"""

import html
import tomllib
from dataclasses import dataclass
from pathlib import Path

import ipywidgets as widgets

from gdutils.practice.parts import button, count


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
    ask, reveal, back : Button
        Asks the next question; shows the answer; brings back what the learner had before.
    choice : RadioButtons
        None is chosen when a question begins.
    text : str
        What is said of the question, and of the answer.
    """

    eager = True

    def __init__(self, predictions):
        if not predictions or not all(isinstance(each, Prediction) for each in predictions):
            raise TypeError(f"predictions must be a list of Prediction, at least one, got {predictions!r}")
        self.predictions = list(predictions)
        self.panel = None
        self.ask = button("Ask me", "question-circle", "Cover the picture, and ask what will happen")
        self.reveal = button("Show me", "eye", "Uncover the picture, and say whether you are right")
        self.back = button("Back", "undo", "Uncover the picture, and bring back what was there")
        self.words = widgets.HTML()
        self.choice = widgets.RadioButtons(options=[])
        buttons = widgets.HBox([self.ask, self.reveal, self.back])
        # Of one height, asked or not, so that nothing below it jumps.
        most = max(len(each.choices) for each in self.predictions)
        layout = {"height": f"{28 * most + 170}px", "max_width": "840px"}
        self.widget = widgets.VBox([buttons, self.words, self.choice], layout=layout)
        for each, action in ((self.ask, self._ask), (self.reveal, self._reveal), (self.back, self._back)):
            # A second click may be on its way when the first has switched the button off.
            each.on_click(lambda pressed, action=action: pressed.disabled or action())
        self.choice.observe(self._on_choice, "index")
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
        self.before = None  # what the learner had
        self._say(f"{count(len(self.predictions), 'question')} about this panel. Decide before you look.")
        self.choice.options = []
        self._enable(self.ask)

    def _enable(self, *buttons):
        for each in (self.ask, self.reveal, self.back):
            each.disabled = each not in buttons

    def _say(self, text):
        self.text = text
        self.words.value = f'<div style="line-height: 1.4">{html.escape(text)}</div>'

    def _ask(self):
        panel = self.panel
        prediction = self.prediction = self.predictions[self.place % len(self.predictions)]
        if self.before is None or panel.own:  # else it is what the question before has set
            self.before = panel.settings()
        panel.cover(prediction.question)
        panel.announce("")
        self._say(prediction.question)
        with self.choice.hold_sync():  # ipywidgets chooses the first one by itself
            self.choice.options = prediction.choices
            self.choice.index = None
        self._enable(self.back)

    def _on_choice(self, change):
        self.reveal.disabled = change["new"] is None or not self.panel.question

    def _reveal(self):
        prediction, chosen = self.prediction, self.choice.index
        right = prediction.choices[prediction.right]
        told = "✔ That is right." if chosen == prediction.right else f"✘ It is “{right}”."
        verdict = f"You said “{prediction.choices[chosen]}”. {told}"
        self._say(f"{prediction.question} {verdict} {prediction.because} Back brings back what you had.")
        self.place += 1
        self._enable(self.ask, self.back)
        self.panel.uncover(prediction.settings)
        self.panel.announce(verdict)  # where the picture is in sight

    def _back(self):
        """Bring back what the learner had; a question that was skipped comes later again."""
        if self.panel.question:
            self.place += 1
        before = self.before
        self._rest()
        self.panel.announce("")
        self.panel.uncover(before)
