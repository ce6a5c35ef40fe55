"""A learner's own file into any of the models: what it holds, what to make of it, and the panel for that.

Two pieces. `suited` says which models fit a problem, and how to begin with each. `YourData` is the widget:
a file is read, choices are made, and each of them puts another `TrainingPanel` at its foot. What cannot be
used becomes a sentence, and what was there before stays.
"""

from __future__ import annotations

import html
import os
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from copy import deepcopy
from os import PathLike
from pathlib import Path
from typing import Any

import ipywidgets as widgets
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.model_selection import train_test_split

from gdutils.as_code import call
from gdutils.datasets import load_ratings
from gdutils.files import check_path
from gdutils.limits import round_down
from gdutils.models import (
    LinearRegression,
    LinearSVM,
    LogisticRegression,
    MatrixFactorization,
    NeuralNetwork,
    SoftmaxRegression,
)
from gdutils.optimizers import SGD, Adam
from gdutils.panels import TrainingPanel
from gdutils.pictures import Picture, RatingsPicture
from gdutils.randomness import fixed
from gdutils.scores import rmse
from gdutils.table_pictures import Compared, picture_of
from gdutils.tables import Problem, check_problem, counted, describe, guess_task, prepare, read_table

__all__ = ["YourData", "is_ratings", "suited"]

EPOCHS = 200
MANY_ROWS, FEWER_EPOCHS = 50_000, 50
FEWEST_RATINGS = 8
TASKS = ("classification", "regression")
NO_FILE = "Type the path of a CSV file, relative to this notebook, and press Enter."

PANEL_HEIGHT = "568px"  # that of the highest panel, so that nothing below it jumps
COLUMNS = {
    "width": "244px",
    "height": "82px",
    "margin": "2px 2px 2px 6px",
    "overflow": "auto",
    "border": "1px solid var(--jp-border-color1)",
}
BOX = {"height": "20px", "width": "auto", "margin": "0 4px", "min_height": "20px"}
MOST_BOXES = 50  # columns; more of them are chosen by code
LINES = "line-height: 1.5"
SMALL = "font-size: 12px; line-height: 1.5; color: var(--jp-ui-font-color2)"
CELL = "text-align: left; padding: 1px 10px 1px 0; white-space: nowrap"


def suited(problem: Problem) -> dict[str, tuple[Any, Any]]:
    """Return the models that fit a problem, by name, each with an optimizer to begin with.

    Linear regression predicts a number. Logistic regression and the SVM tell two classes apart, softmax
    regression and the network any number of them. Where a model knows which learning rates are stable, the
    optimizer's is one of them.
    """
    check_problem(problem)
    X, d, K = problem.X_train, len(problem.features), len(problem.labels)
    if problem.task == "regression":
        linear = LinearRegression(d)
        return {"linear regression": (linear, SGD(quarter(linear.curvature(X))))}
    softmax, logistic = SoftmaxRegression(d, K), LogisticRegression(d)
    of_two = {
        "logistic regression": (logistic, SGD(quarter(logistic.curvature_bound(X)))),
        "linear SVM": (LinearSVM(d, C=10.0), SGD(0.01)),
    }
    return (of_two if K == 2 else {}) | {
        "softmax regression": (softmax, SGD(quarter(softmax.curvature_bound(X)))),
        "neural network": (NeuralNetwork(d, 16, K), Adam(0.01)),
    }


def quarter(curvature: float) -> float:
    """Return a quarter of the largest stable rate, 2/λ, in two digits: safe, and slow enough to watch."""
    return float(round_down(0.5 / curvature, 2))


def sliders(model: Any) -> dict[str, widgets.Widget]:
    """Return sliders for the settings that a model has of its own."""
    if isinstance(model, NeuralNetwork):
        return {"n_hidden": widgets.IntSlider(min=1, max=64, description="hidden units")}
    if isinstance(model, LinearSVM):
        return {"C": widgets.FloatLogSlider(min=-2, max=2, step=0.1, description="C")}
    if isinstance(model, MatrixFactorization):
        return {
            "rank": widgets.IntSlider(min=1, max=20, description="rank"),
            "reg": widgets.FloatSlider(min=0, max=1, step=0.01, description="penalty λ"),
        }
    return {}


def is_ratings(path: str | PathLike[str]) -> bool:
    """Return whether a file looks like ratings in one of the forms of the MovieLens data."""
    check_path(path)
    path = os.path.expanduser(path)
    if not os.path.isfile(path):
        return False  # and a pipe would keep who opens it waiting
    try:
        with open(path, encoding="utf-8-sig") as file:
            first = file.readline(200).strip().lower()
    except (OSError, ValueError):
        return False  # whoever reads it as a table will say why not
    fields = re.split(r"\t|::|,", first)
    if len(fields) in (3, 4) and fields[0] in ("user", "userid", "user_id") and fields[2] == "rating":
        return True
    return "," not in first and len(fields) == 4 and all(part.isdigit() for part in (*fields[:2], fields[3]))


class YourData(widgets.VBox):
    """A file of the learner's, what it holds, and any model that fits it, to be trained.

    Parameters
    ----------
    path : str or path-like, optional
        A CSV file with a line of names, or ratings: ``u.data`` or ``ratings.csv`` of MovieLens.
    target : str, optional
        The column to predict; the last one by default.
    features : str or sequence of str, optional
        The column or columns to predict it from; all others of numbers by default.
    task : {"classification", "regression"}, optional
        By default what the target looks like.
    model : str, optional
        One of the names that `suited` gives; the first by default.
    random_state : int, numpy.random.RandomState or None, default 0
        Decides which rows are held out, and where training starts.

    Attributes
    ----------
    path, target, task, model
        The widgets, for use from Python: ``data.target.value = "alcohol"``.
    boxes : dict of str to ipywidgets.Checkbox
        The columns, to be ticked: ``data.boxes["hue"].value = False``.
    every, none, again : ipywidgets.Button
        Tick all columns that can be used, or none; read the file once more.
    panel : TrainingPanel or None
        The newest.
    problem : Problem or None
        What it trains on; None for ratings.
    text : str
        The sentence above the panel.
    error : Exception or None
        What went wrong at the learner's last choice; bad input is not meant.

    Examples
    --------
    >>> YourData("data/wine.csv")  # doctest: +SKIP
    """

    def __init__(
        self,
        path: str | PathLike[str] = "",
        *,
        target: str | None = None,
        features: str | Sequence[str] | None = None,
        task: str | None = None,
        model: str | None = None,
        random_state: Any = 0,
    ) -> None:
        self.random_state = fixed(random_state)  # every choice begins from a copy of it
        self.table: pd.DataFrame | None = None
        self.problem: Problem | None = None
        self.panel: TrainingPanel | None = None
        self.text = ""
        self.error: Exception | None = None
        self._features: Sequence[str] | None = None  # None: all that can be used
        self._file, self._overview = "", ""  # the table's file, and what its columns hold
        self._shown = ""  # what the panel is about
        self._setting = False  # the choices are being fitted to each other
        wide: dict[str, Any] = {"style": {"description_width": "64px"}, "layout": {"width": "316px"}}
        self.path = widgets.Text(
            str(path), description="file", placeholder="my_data.csv", continuous_update=False,
            style=wide["style"], layout={"width": "600px"},
        )  # fmt: skip
        self.target = widgets.Dropdown(description="target", **wide)
        self.task = widgets.Dropdown(options=TASKS, description="task", **wide)
        self.model = widgets.Dropdown(description="model", **wide)
        self.boxes: dict[str, widgets.Checkbox] = {}
        self.columns = widgets.VBox(layout=COLUMNS)
        self.every = widgets.Button(
            description="all", disabled=True, layout={"width": "64px", "height": "24px"}
        )
        self.none = widgets.Button(
            description="none", disabled=True, layout={"width": "64px", "height": "24px"}
        )
        self.report = widgets.HTML(
            layout={"width": "500px", "height": "212px", "overflow": "auto", "margin": "2px 2px 2px 20px"}
        )
        self.sentence = widgets.HTML(layout={"height": "64px", "max_width": "840px", "overflow": "auto"})
        self.place = widgets.VBox(layout={"height": PANEL_HEIGHT})
        buttons = widgets.HBox([self.every, self.none], layout={"margin": "0 0 0 4px"})
        label = widgets.Label("columns", layout={"width": "64px", "justify_content": "flex-end"})
        from_columns = widgets.HBox([label, widgets.VBox([self.columns, buttons])])
        choices = widgets.VBox([self.target, self.task, self.model, from_columns])
        self.again = widgets.Button(
            description="Read again", tooltip="after the file has changed", layout={"width": "96px"}
        )
        file = widgets.HBox([self.path, self.again])
        super().__init__(
            [file, widgets.HBox([choices, self.report]), self.sentence, self.place],
            layout={"max_width": "860px"},
        )
        self._respond(lambda: self._load(target, features, task, model), "Not read")
        self.again.on_click(lambda _: self._respond(self._load_again, "Not read"))
        self.path.observe(lambda _: self._respond(self._load, "Not read"), "value")
        self.target.observe(lambda _: self._choose(self._take_target), "value")
        self.task.observe(lambda _: self._choose(self._take_problem), "value")
        self.every.on_click(lambda _: self._choose(self._take_all))
        self.none.on_click(lambda _: self._choose(self._take_none))
        self.model.observe(lambda _: self._choose(self._train), "value")

    # What the learner does

    def _choose(self, action: Callable[[], None]) -> None:
        if not self._setting:
            self._respond(action, "Not trained")

    def _respond(self, action: Callable[[], None], failed: str) -> None:
        """Act; what cannot be done becomes a sentence, and what was there stays."""
        self.error = None
        try:
            action()
        except (ValueError, OSError) as error:
            still = f" The panel below still shows {self._shown}." if self._shown else ""
            words = str(error)
            self._say(f"{failed}: {words}{'' if words[-1:] in '.?!' else '.'}{still}", warning=True)
        except Exception as error:
            self.error = error  # the learner reads of it, and `wait` raises it
            self._say(f"The widget failed: {error!r}. Choose something else.", warning=True)

    def _load(
        self,
        target: str | None = None,
        features: Sequence[str] | None = None,
        task: str | None = None,
        model: str | None = None,
    ) -> None:
        """Read the file; the last column is the target to begin with."""
        path = self.path.value.strip().strip("\"'")  # some file managers copy a path in quotation marks
        if not path:
            return self._say(NO_FILE)
        self._say(f"Reading {path} …")
        if is_ratings(path):
            return self._take_ratings(path)
        table = read_table(path)
        self.table, self.problem, self._file = table, None, Path(path).name
        with self._fitting():
            self.target.options = [str(name) for name in table.columns]
            self.target.value = table.columns[-1]
            self.task.options = TASKS
        self._make_boxes(self.target.options)
        for widget in (self.target, self.task, self.every, self.none):
            widget.disabled = False
        self._overview = overview(table)
        self.report.value = self._overview
        self._respond(lambda: self._begin(target, features, task, model), "Not trained")

    def _load_again(self) -> None:
        """Read the file once more, and keep the choices."""
        if self.table is None:
            return self._load()
        self._load(self.target.value, self._features, self.task.value, self.model.value)

    def _begin(
        self,
        target: str | None,
        features: Sequence[str] | None,
        task: str | None,
        model: str | None,
    ) -> None:
        """Make the choices that the arguments of the widget name, on a table just read."""
        if isinstance(features, str):
            features = [features]
        if target is not None and target not in self.target.options:
            self._prepare(target)  # says which columns there are
        if task is not None and task not in TASKS:
            raise ValueError(f'task must be "classification" or "regression", got {task!r}')
        with self._fitting():
            self.target.value = target or self.target.value
        self._take_target(features, task, model)

    def _take_target(
        self, features: Sequence[str] | None = None, task: str | None = None, model: str | None = None
    ) -> None:
        """Guess the task anew, and begin with all columns that can be used."""
        self._features, self.problem = features, None
        table, target = self.table, self.target.value
        if table is None:
            return
        with self._fitting():
            self.columns.children = [box for name, box in self.boxes.items() if name != target] or [
                widgets.HTML(f'<div style="{SMALL}">too many for boxes: name them as features=[…]</div>')
            ]
            self.task.value = task or guess_task(table[target])
        self._take_problem(model)

    def _make_boxes(self, names: Sequence[str]) -> None:
        """Make a box to tick for each column."""
        for box in (*self.columns.children, *self.boxes.values()):
            box.close()
        self.boxes, self.columns.children = {}, ()
        for name in names if len(names) <= MOST_BOXES else ():
            self.boxes[name] = widgets.Checkbox(description=name, indent=False, layout=BOX)
            self.boxes[name].observe(lambda _: self._choose(self._take_columns), "value")

    def _take_all(self) -> None:
        self._features = None
        self._take_problem()

    def _take_none(self) -> None:
        with self._fitting():
            for box in self.boxes.values():
                box.value = False
        if self.boxes:
            self._take_columns()

    def _take_columns(self) -> None:
        self._features = [name for name, box in self.boxes.items() if box.value and name != self.target.value]
        self._take_problem()

    def _take_problem(self, model: str | None = None) -> None:
        """Make a problem of the choices, and offer the models that fit it."""
        table, self.problem = self.table, None
        if table is None:
            return self._say(NO_FILE)
        if self._features is not None and not self._features:
            raise ValueError("choose at least one column to predict from")
        self.problem = problem = self._prepare(
            self.target.value,
            features=self._features,
            task=self.task.value,
            random_state=deepcopy(self.random_state),
        )
        self.report.value = listing(problem.notes) + self._overview
        names, wanted = list(suited(problem)), model or self.model.value
        with self._fitting():
            for name, box in self.boxes.items():
                box.value = name in problem.features
            self.model.options = names
            self.model.value = wanted if wanted in names else names[0]
        if model is not None and model not in names:
            raise ValueError(f"model must be one of {', '.join(names)}, got {model!r}")
        self._train()

    def _prepare(self, target: Any, **choices: Any) -> Problem:
        """Make a problem of the table; a choice of the wrong type is bad input, too."""
        try:
            return prepare(self.table, target, **choices)
        except TypeError as error:
            raise ValueError(str(error)) from None

    def _take_ratings(self, path: str) -> None:
        """Train matrix factorization on three quarters of the ratings; there is nothing to choose."""
        X, y, users, items = load_ratings(path)
        if len(y) < FEWEST_RATINGS:
            raise ValueError(
                f"{path} must hold at least {FEWEST_RATINGS} ratings, and has {len(y)}: add some"
            )
        if y.min() == y.max():
            raise ValueError(f"every rating of {path} is {y[0]:g}: there is nothing to predict")
        X, X_test, y, y_test = train_test_split(X, y, random_state=deepcopy(self.random_state))
        mean = y.mean()
        model = MatrixFactorization(len(users), len(items), rank=4, reg=0.05)
        names = ("j, item", "i, user", f"rating minus the mean, {mean:.3g}")
        picture = RatingsPicture(
            model, X, y - mean, held_out=(X_test, y_test - mean), names=names,
            epochs=EPOCHS if len(y) <= MANY_ROWS else FEWER_EPOCHS,
        )  # fmt: skip
        guess = f"always the mean would score {rmse(y_test, np.full(len(y_test), mean)):.4g}"
        self._make_boxes(())
        for widget in (self.target, self.task, self.every, self.none):
            widget.disabled = True
        with self._fitting():
            self.target.options = self.task.options = ()
            self.model.options = ["matrix factorization"]
        self.table = self.problem = None
        self.report.value = report_on_ratings(len(users), len(items), np.concatenate([y, y_test]))
        code = f"""X, y, users, items = datasets.load_ratings({path!r})
X, _, y, _ = train_test_split(X, y, random_state={self.random_state})
y = y - y.mean()"""
        self._show(Compared(picture, guess), Adam(0.05), Path(path).name, code)
        self._say(
            f"Matrix factorization of {path}: {len(y):,} ratings to train on, {len(y_test):,} held out. The "
            "mean is taken off, so that someone unknown is given the mean."
        )

    def _train(self) -> None:
        """Show the panel of the present problem and model."""
        problem = self.problem
        if problem is None:
            return self._take_problem()
        model, optimizer = suited(problem)[self.model.value]
        n_train, n_test = len(problem.y_train), len(problem.y_test)
        epochs = EPOCHS if n_train <= MANY_ROWS else FEWER_EPOCHS
        about = f"{problem.target!r} of {self._file}"
        self._show(picture_of(problem, model, epochs), optimizer, about, self._code(problem, model))
        kinds = f", {len(problem.labels)} classes," if problem.labels else ""
        self._say(
            f"{capital(self.model.value)} for {problem.target!r}{kinds} from "
            f"{counted(len(problem.features), 'column')}, scaled: {n_train:,} rows to train on, "
            f"{n_test:,} held out."
        )

    # What is shown

    def _code(self, problem: Problem, model: Any) -> str:
        """Return the lines that make X and y of the file."""
        arguments = ["table", repr(problem.target), f"task={problem.task!r}"]
        if self._features is not None:
            arguments.append(f"features={list(problem.features)!r}")
        arguments.append(f"random_state={self.random_state}")
        y = "2 * problem.y_train - 1" if isinstance(model, LinearSVM) else "problem.y_train"
        return f"""table = read_table({self.path.value.strip()!r})
{call("problem = prepare", arguments)}
X, y = problem.X_train, {y}"""

    def _show(self, picture: Picture, optimizer: Any, about: str, code: str) -> None:
        """Put a panel in the place of the one before."""
        before = self.panel
        self.panel = TrainingPanel(
            picture,
            optimizer,
            of_model=sliders(picture.model),
            random_state=self.random_state,
            code=code if isinstance(self.random_state, int) else None,  # a generator cannot be written
        )
        self.place.children, self._shown = [self.panel], about
        if before is not None:
            before.close()

    @contextmanager
    def _fitting(self) -> Iterator[None]:
        """Set the choices without acting on each."""
        before, self._setting = self._setting, True
        try:
            yield
        finally:
            self._setting = before

    def _say(self, text: str, *, warning: bool = False) -> None:
        self.text = text
        mark = "⚠ " if warning else ""
        self.sentence.value = f'<div aria-live="polite" style="{LINES}">{mark}{html.escape(text)}</div>'

    def wait(self, timeout: float = 60) -> None:
        """Wait until the newest run is trained and drawn; raise what went wrong in a callback."""
        if self.error is not None:
            raise self.error
        if self.panel is not None:
            self.panel.wait(timeout)

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any]:
        """Add the panel's picture and sentence, for a saved notebook whose kernel no longer runs."""
        bundle: dict[str, Any] = super()._repr_mimebundle_(**kwargs)
        if self.panel is None:
            return bundle | {"text/plain": self.text}
        saved = self.panel._repr_mimebundle_(**kwargs)
        return bundle | {kind: saved[kind] for kind in ("text/plain", "image/png")}


def listing(notes: Sequence[str]) -> str:
    """Return what was left out of a table, as HTML."""
    items = "".join(f"<li>{html.escape(note)}</li>" for note in notes)
    return f'<ul style="margin: 0 0 4px 18px; padding: 0; max-width: 450px; {LINES}">{items}</ul>'


def overview(table: pd.DataFrame) -> str:
    """Return what each column of a table holds, as HTML."""
    found = describe(table)
    head = "".join(f'<th style="{CELL}">{name}</th>' for name in ("column", *found.columns))
    body = "".join(
        "<tr>" + "".join(f'<td style="{CELL}">{html.escape(str(cell))}</td>' for cell in row) + "</tr>"
        for row in found.reset_index().itertuples(index=False)
    )
    return (
        f'<div style="{LINES}"><b>{counted(len(table), "row")}, {counted(len(table.columns), "column")}</b>'
        f'<table style="border-collapse: collapse; font-size: 12px"><tr>{head}</tr>{body}</table></div>'
    )


def report_on_ratings(n_users: int, n_items: int, ratings: NDArray[Any]) -> str:
    """Return what a file of ratings holds, as HTML."""
    known = len(ratings) / (n_users * n_items)
    return (
        f'<div style="{LINES}"><b>{counted(len(ratings), "rating")} of {n_items:,} items by {n_users:,} users'
        f"</b><br>from {ratings.min():g} to {ratings.max():g}, with mean {ratings.mean():.3g} and standard "
        f"deviation {ratings.std():.3g}<br>{100 * known:.3g} % of the table is known</div>"
    )


def capital(text: str) -> str:
    """Return a text that begins a sentence."""
    return text[:1].upper() + text[1:]
