"""A learner's own file into any of the models: what it holds, what to make of it, and the panel for that.

A file is read, choices are made, and each of them puts another `TrainingPanel` at the foot of the widget.
What cannot be used becomes a sentence, and what was there before stays.
"""

import html
from contextlib import contextmanager
from copy import deepcopy
from pathlib import Path

import ipywidgets as widgets
import numpy as np
from sklearn.metrics import root_mean_squared_error
from sklearn.model_selection import train_test_split

from gdutils.datasets import load_ratings
from gdutils.models import MatrixFactorization
from gdutils.optimizers import Adam
from gdutils.panel import RatingsPicture, TrainingPanel
from gdutils.panel.live_panel import display_with_still
from gdutils.tables import report
from gdutils.tables.columns import guess_task
from gdutils.tables.files import is_ratings
from gdutils.tables.pictures import compared, picture_of
from gdutils.tables.preparing import TASKS, check_rng, prepare
from gdutils.tables.reading import read_table
from gdutils.tables.suited import encode, sliders, suited
from gdutils.tables.words import counted

__all__ = ["YourData"]

EPOCHS = 200
MANY_ROWS, FEWER_EPOCHS = 50_000, 50
FEWEST_RATINGS = 8
NO_FILE = "Type the path of a CSV file, relative to this notebook, and press Enter."

WIDE = {"style": {"description_width": "64px"}, "layout": {"width": "316px"}}
COLUMNS = {
    "width": "244px",
    "height": "82px",
    "margin": "2px 2px 2px 6px",
    "overflow": "auto",
    "border": "1px solid var(--jp-border-color1)",
}
BOX = {"height": "20px", "width": "auto", "margin": "0 4px", "min_height": "20px"}
MOST_BOXES = 50  # columns; more of them are chosen by code
SMALL = "font-size: 12px; line-height: 1.5; color: var(--jp-ui-font-color2)"


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

    def __init__(self, path="", *, target=None, features=None, task=None, model=None, random_state=0):
        rng = check_rng(random_state)
        # Every choice begins from a copy of it, so that the same choice gives the same run.
        self.random_state = random_state if isinstance(random_state, int) else deepcopy(rng)
        self.table = self.problem = self.panel = self.error = None
        self.text = ""
        self._features = None  # None: all that can be used
        self._file, self._overview = "", ""  # the table's file, and what its columns hold
        self._shown = ""  # what the panel is about
        self._setting = False  # the choices are being fitted to each other
        self._make_widgets(path)
        self._respond(lambda: self._load(target, features, task, model), "Not read")
        self._observe()

    def _make_widgets(self, path):
        self.path = widgets.Text(
            str(path),
            description="file",
            placeholder="my_data.csv",
            continuous_update=False,
            style=WIDE["style"],
            layout={"width": "600px"},
        )
        self.again = widgets.Button(
            description="Read again", tooltip="after the file has changed", layout={"width": "96px"}
        )
        self.target = widgets.Dropdown(description="target", **WIDE)
        self.task = widgets.Dropdown(options=TASKS, description="task", **WIDE)
        self.model = widgets.Dropdown(description="model", **WIDE)
        self.boxes = {}
        self.columns = widgets.VBox(layout=COLUMNS)
        self.every, self.none = (
            widgets.Button(description=name, disabled=True, layout={"width": "64px", "height": "24px"})
            for name in ("all", "none")
        )
        self.report = widgets.HTML(
            layout={"width": "500px", "height": "212px", "overflow": "auto", "margin": "2px 2px 2px 20px"}
        )
        self.sentence = widgets.HTML(layout={"height": "64px", "max_width": "840px", "overflow": "auto"})
        self.place = widgets.VBox()
        buttons = widgets.HBox([self.every, self.none], layout={"margin": "0 0 0 4px"})
        label = widgets.Label("columns", layout={"width": "64px", "justify_content": "flex-end"})
        from_columns = widgets.HBox([label, widgets.VBox([self.columns, buttons])])
        choices = widgets.VBox([self.target, self.task, self.model, from_columns])
        file = widgets.HBox([self.path, self.again])
        super().__init__(
            [file, widgets.HBox([choices, self.report]), self.sentence, self.place],
            layout={"max_width": "1200px"},
        )

    def _observe(self):
        self.again.on_click(lambda _: self._respond(self._load_again, "Not read"))
        self.path.observe(lambda _: self._respond(self._load, "Not read"), "value")
        self.target.observe(lambda _: self._choose(self._take_target), "value")
        self.task.observe(lambda _: self._choose(self._take_problem), "value")
        self.every.on_click(lambda _: self._choose(self._take_all))
        self.none.on_click(lambda _: self._choose(self._take_none))
        self.model.observe(lambda _: self._choose(self._train), "value")

    # What the learner does

    def _choose(self, action):
        if not self._setting:
            self._respond(action, "Not trained")

    def _respond(self, action, failed):
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

    def _load(self, target=None, features=None, task=None, model=None):
        """Read the file; the last column is the target to begin with."""
        path = self.path.value.strip().strip("\"'")  # some file managers copy a path in quotation marks
        if not path:
            return self._say(NO_FILE)
        self._say(f"Reading {path} …")
        if is_ratings(path):
            return self._take_ratings(path)
        self.table, self.problem, self._file = read_table(path), None, Path(path).name
        with self._fitting():
            self.target.options = [str(name) for name in self.table.columns]
            self.target.value = self.table.columns[-1]
            self.task.options = TASKS
        self._make_boxes(self.target.options)
        self._disable(False)
        self._overview = self.report.value = report.of_table(self.table)
        self._respond(lambda: self._begin(target, features, task, model), "Not trained")

    def _load_again(self):
        """Read the file once more, and keep the choices."""
        if self.table is None:
            return self._load()
        self._load(self.target.value, self._features, self.task.value, self.model.value)

    def _begin(self, target, features, task, model):
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

    def _take_target(self, features=None, task=None, model=None):
        """Guess the task again, and begin with all columns that can be used."""
        self._features, self.problem = features, None
        if self.table is None:
            return
        target = self.target.value
        with self._fitting():
            self.columns.children = [box for name, box in self.boxes.items() if name != target] or [
                widgets.HTML(f'<div style="{SMALL}">too many for boxes: name them as features=[…]</div>')
            ]
            self.task.value = task or guess_task(self.table[target])
        self._take_problem(model)

    def _make_boxes(self, names):
        """Make a box to tick for each column."""
        for box in (*self.columns.children, *self.boxes.values()):
            box.close()
        self.boxes, self.columns.children = {}, ()
        for name in names if len(names) <= MOST_BOXES else ():
            self.boxes[name] = widgets.Checkbox(description=name, indent=False, layout=BOX)
            self.boxes[name].observe(lambda _: self._choose(self._take_columns), "value")

    def _take_all(self):
        self._features = None
        self._take_problem()

    def _take_none(self):
        with self._fitting():
            for box in self.boxes.values():
                box.value = False
        if self.boxes:
            self._take_columns()

    def _take_columns(self):
        self._features = [name for name, box in self.boxes.items() if box.value and name != self.target.value]
        self._take_problem()

    def _take_problem(self, model=None):
        """Make a problem of the choices, and offer the models that fit it."""
        self.problem = None
        if self.table is None:
            return self._say(NO_FILE)
        if self._features is not None and not self._features:
            raise ValueError("choose at least one column to predict from")
        self.problem = problem = self._prepare(
            self.target.value,
            features=self._features,
            task=self.task.value,
            random_state=deepcopy(self.random_state),
        )
        self.report.value = report.of_notes(problem.notes) + self._overview
        names, wanted = list(suited(problem)), model or self.model.value
        with self._fitting():
            for name, box in self.boxes.items():
                box.value = name in problem.features
            self.model.options = names
            self.model.value = wanted if wanted in names else names[0]
        if model is not None and model not in names:
            raise ValueError(f"model must be one of {', '.join(names)}, got {model!r}")
        self._train()

    def _prepare(self, target, **choices):
        """Make a problem of the table; a choice of the wrong type is bad input, too."""
        try:
            return prepare(self.table, target, **choices)
        except TypeError as error:
            raise ValueError(str(error)) from None

    def _take_ratings(self, path):
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
        picture = RatingsPicture(
            MatrixFactorization(len(users), len(items), rank=4, reg=0.05),
            X,
            y - mean,
            held_out=(X_test, y_test - mean),
            names=("j, item", "i, user", f"rating minus the mean, {mean:.3g}"),
            epochs=EPOCHS if len(y) <= MANY_ROWS else FEWER_EPOCHS,
        )
        rmse = root_mean_squared_error(y_test, np.full(len(y_test), mean))
        self._make_boxes(())
        self._disable(True)
        with self._fitting():
            self.target.options = self.task.options = ()
            self.model.options = ["matrix factorization"]
        self.table = self.problem = None
        self.report.value = report.of_ratings(len(users), len(items), np.concatenate([y, y_test]))
        code = [
            "from sklearn.model_selection import train_test_split",
            "",
            f"X, y, users, items = datasets.load_ratings({path!r})",
            f"X, _, y, _ = train_test_split(X, y, random_state={self.random_state})",
            "y = y - y.mean()",
        ]
        guess = f"always the mean would score {rmse:.4g}"
        self._show(compared(picture, guess), Adam(0.05), Path(path).name, code)
        self._say(
            f"Matrix factorization of {path}: {len(y):,} ratings to train on, {len(y_test):,} held out. The "
            "mean is taken off, so that someone unknown is given the mean."
        )

    def _train(self):
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
        name = self.model.value[:1].upper() + self.model.value[1:]
        self._say(
            f"{name} for {problem.target!r}{kinds} from {counted(len(problem.features), 'column')}, scaled: "
            f"{n_train:,} rows to train on, {n_test:,} held out."
        )

    # What is shown

    def _code(self, problem, model):
        """Return the lines that make X and y of the file."""
        arguments = ["table", repr(problem.target), f"task={problem.task!r}"]
        if self._features is not None:
            arguments.append(f"features={list(problem.features)!r}")
        arguments.append(f"random_state={self.random_state}")
        plain = np.array_equal(encode(model, problem.y_train), problem.y_train)
        return [
            "from gdutils.tables import prepare, read_table",
            "",
            f"table = read_table({self.path.value.strip()!r})",
            f"problem = prepare({', '.join(arguments)})",
            f"X, y = problem.X_train, {'' if plain else '2 * '}problem.y_train{'' if plain else ' - 1'}",
        ]

    def _show(self, picture, optimizer, about, code):
        """Put a panel in the place of the one before."""
        before = self.panel
        self.panel = TrainingPanel(
            picture,
            optimizer,
            of_model=sliders(picture.model),
            random_state=self.random_state,
            # A generator cannot be written.
            code="\n".join(code) if isinstance(self.random_state, int) else None,
        )
        self.place.children, self._shown = [self.panel], about
        if before is not None:
            before.close()

    def _disable(self, disabled):
        for widget in (self.target, self.task, self.every, self.none):
            widget.disabled = disabled

    @contextmanager
    def _fitting(self):
        """Set the choices without acting on each."""
        before, self._setting = self._setting, True
        try:
            yield
        finally:
            self._setting = before

    def _say(self, text, *, warning=False):
        self.text = text
        mark = "⚠ " if warning else ""
        self.sentence.value = (
            f'<div aria-live="polite" style="line-height: 1.5">{mark}{html.escape(text)}</div>'
        )

    def wait(self, timeout=60):
        """Wait until the newest run is trained and drawn; raise what went wrong in a callback.

        Parameters
        ----------
        timeout : float
            In seconds.
        """
        if self.error is not None:
            raise self.error
        if self.panel is not None:
            self.panel.wait(timeout)

    def _ipython_display_(self):
        """Show the widget; and, for a page without its kernel, the panel's picture and sentence."""
        if self.panel is not None:
            self.panel.wait()
            display_with_still(self, self.panel.image.value, self.panel.text)
        else:
            display_with_still(self, b"", self.text)
