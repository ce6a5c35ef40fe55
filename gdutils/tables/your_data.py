"""A learner's own file into any model that suits it: choices, what was made of them, and the panel for that."""

import html

import ipywidgets as widgets
import numpy as np
from sklearn.model_selection import train_test_split

from gdutils.models import MatrixFactorization
from gdutils.optimizers import Adam
from gdutils.panel import RatingsPicture, TrainingPanel
from gdutils.panel.live_panel import display_with_still
from gdutils.tables.models import suited
from gdutils.tables.pictures import picture_of
from gdutils.tables.preparing import check, prepare, usual_target
from gdutils.tables.reading import read_ratings, read_table
from gdutils.tables.words import counted

EPOCHS, FEWER_EPOCHS, MANY_ROWS = 200, 50, 50_000
SLIDERS = {  # by the setting of a model
    "n_hidden": lambda: widgets.IntSlider(min=1, max=64, description="hidden units"),
    "C": lambda: widgets.FloatLogSlider(min=-2, max=2, step=0.1, description="C"),
    "rank": lambda: widgets.IntSlider(min=1, max=20, description="rank"),
}


class YourData(widgets.VBox):
    """A file of the learner's, and any model that suits it, to be trained.

    Parameters
    ----------
    path : str or path-like
    target : str, optional
        The column to predict; by default one with a usual name such as "species", else the last.
    features : sequence of str, optional
        The columns to predict it from.
    task : {"classification", "regression"}, optional
    random_state : int, default 0
        Decides which rows are held out, and where training starts.

    Attributes
    ----------
    path, target, columns, model : ipywidgets.Widget
        The choices, for use from Python: ``data.target.value = "alcohol"``.
    panel : TrainingPanel or None
        The newest.
    problem : Problem or None
        What it trains on; None for ratings.
    text : str
        What was made of the choices, or why nothing could be made of them.

    Examples
    --------
    >>> YourData("data/penguins.csv")  # doctest: +SKIP
    """

    def __init__(self, path="", *, target=None, features=None, task=None, random_state=0):
        self.task, self.random_state, self.first = task, random_state, (target, features)
        self.table = self.problem = self.panel = self.error = None
        self.text, self.why, self.acting = "", ".", False
        wide = {"layout": {"width": "auto"}}
        self.path = widgets.Text(str(path), description="file", continuous_update=False, **wide)
        self.target = widgets.Dropdown(description="target", **wide)
        self.columns = widgets.SelectMultiple(description="columns", rows=5, **wide)
        self.model = widgets.Dropdown(description="model", **wide)
        self.sentence, self.place = widgets.HTML(), widgets.VBox()
        left = widgets.VBox([self.path, self.target, self.model], layout={"flex": "1"})
        choices = widgets.HBox([left, widgets.VBox([self.columns], layout={"flex": "1"})])
        super().__init__([choices, self.sentence, self.place])
        for name, action in (("path", self.read), ("target", self.aim), ("columns", self.prepare), ("model", self.show)):
            getattr(self, name).observe(lambda _, action=action: self.act(action), "value")
        self.act(self.read)

    def act(self, action):
        """Do what a choice asks for; what cannot be done becomes a sentence, and the panel before stays."""
        if self.acting:  # one choice is fitted to another
            return
        self.acting, self.error = True, None
        try:
            action()
        except (ValueError, OSError) as error:
            self.say(f"⚠ {error}.")
        except Exception as error:
            self.error = error  # raised by `wait`
            self.say(f"⚠ The widget failed: {error!r}.")
        finally:
            self.acting = False

    def read(self):
        """Read the file, and begin with the target of the arguments, or else the usual one."""
        path = self.path.value.strip().strip("\"'")  # some file managers copy a path in quotation marks
        if not path:
            return self.say("Type the name of a file, and press Enter.")
        (target, features), self.first = self.first, (None, None)
        if target is None and (ratings := read_ratings(path)):
            return self.show_ratings(path, *ratings)
        self.table = read_table(path)
        self.code = f"from gdutils.tables import prepare, read_table\n\ntable = read_table({path!r})\n"
        self.why = "."
        if target is None:
            target, self.why = usual_target(self.table)
        check(self.table, target, features or [], self.task, 0.25)
        self.target.options = list(self.table)
        self.target.value = target
        self.aim(features)

    def aim(self, features=None):
        """Offer the other columns to predict the target from."""
        self.columns.options = [name for name in self.table if name != self.target.value]
        self.columns.value = self.columns.options if features is None else features
        self.prepare()

    def prepare(self):
        """Make a problem of the columns chosen, and offer the models that suit it."""
        if not self.columns.value:
            raise ValueError("choose at least one column to predict from")
        features = list(self.columns.value) if len(self.columns.value) < len(self.columns.options) else None
        how = {"features": features, "task": self.task, "random_state": self.random_state}
        self.problem, before = prepare(self.table, self.target.value, **how), self.model.value
        self.model.options = list(suited(self.problem))
        self.model.value = before if before in self.model.options else self.model.options[0]
        arguments = "".join(f", {name}={value!r}" for name, value in how.items() if value is not None)
        self.made = f"problem = prepare(table, {self.target.value!r}{arguments})\n"
        self.show()

    def show(self):
        """Show a panel of the model chosen."""
        problem, (model, optimizer) = self.problem, suited(self.problem)[self.model.value]
        n_train, classes = len(problem.y_train), counted(len(problem.labels), "class", "classes")
        picture = picture_of(problem, model, EPOCHS if n_train <= MANY_ROWS else FEWER_EPOCHS)
        y = "2 * problem.y_train - 1" if model.labels == (-1, 1) else "problem.y_train"
        self.replace(picture, optimizer, f"{self.code}{self.made}X, y = problem.X_train, {y}")
        self.say(
            f"{self.model.value.capitalize()} for {problem.target!r}{self.why} "
            f"{f'{classes}, ' if problem.labels else ''}{counted(len(problem.features), 'feature')}, "
            f"{n_train:,} rows to train on, {len(problem.y_test):,} held out.",
            problem.notes,
        )

    def show_ratings(self, path, X, y, users, items):
        """Show a panel of matrix factorization; there is nothing to choose."""
        self.target.options, self.columns.options, self.model.options = (), (), ("matrix factorization",)
        how = {"test_size": 0.25, "random_state": self.random_state}
        X, X_test, y, y_test = train_test_split(X, y, **how)
        mean, model = y.mean(), MatrixFactorization(len(users), len(items), rank=4, reg=0.05)
        names = "j, item", "i, user", f"rating minus the mean, {mean:.3g}"
        epochs = EPOCHS if len(y) <= MANY_ROWS else FEWER_EPOCHS
        picture = RatingsPicture(model, X, y - mean, epochs, held_out=(X_test, y_test - mean), names=names)
        picture.remark = f"; always the mean would score {np.sqrt(np.mean((y_test - mean) ** 2)):.4g}"
        code = (
            "from sklearn.model_selection import train_test_split\n\nfrom gdutils.tables import read_ratings\n\n"
            f"X, y, users, items = read_ratings({path!r})\n"
            f"X, _, y, _ = train_test_split(X, y, test_size=0.25, random_state={self.random_state})\ny -= y.mean()"
        )
        self.replace(picture, Adam(0.05), code)
        self.say(
            f"Matrix factorization: {len(y):,} ratings to train on, {len(y_test):,} held out, of {len(items):,} "
            f"items by {len(users):,} users. Their mean is taken off."
        )

    def replace(self, picture, optimizer, code):
        """Put a panel in the place of the one before."""
        of_model = {name: make() for name, make in SLIDERS.items() if name in vars(picture.model)}
        how = {"of_model": of_model, "front": list(of_model) or ["optimizer"], "code": code}
        before, self.panel = self.panel, TrainingPanel(picture, optimizer, random_state=self.random_state, **how)
        self.place.children = [self.panel]
        if before is not None:
            before.close()

    def say(self, text, notes=()):
        """Show a sentence, and notes below it."""
        self.text = text
        items = "".join(f"<li>{html.escape(note)}</li>" for note in notes)
        style = "line-height: 1.5; max-height: 110px; overflow: auto"
        self.sentence.value = f'<div aria-live="polite" style="{style}">{html.escape(text)}<ul style="margin: 0">{items}</ul></div>'

    def wait(self, timeout=60):
        """Wait until the newest run is trained and drawn; raise what went wrong in a callback."""
        if self.error is not None:
            raise self.error
        if self.panel is not None:
            self.panel.wait(timeout)

    def _ipython_display_(self):
        """Show the widget; and, for a page without its kernel, the panel's picture and sentence."""
        self.wait()
        png, text = (self.panel.image.value, self.panel.text) if self.panel else (b"", self.text)
        display_with_still(self, png, text)
