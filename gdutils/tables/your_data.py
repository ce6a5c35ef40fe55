"""A learner's own file into any model that suits it: the choices, what was made of them, and the panel."""

import html

import ipywidgets as widgets

from gdutils.panel import TrainingPanel
from gdutils.panel.live_panel import display_with_still
from gdutils.tables.pictures import picture_of, suited
from gdutils.tables.preparing import check, prepare, read_ratings, usual_target
from gdutils.tables.reading import read_table

EPOCHS, FEWER_EPOCHS, MANY_ROWS = 200, 50, 50_000


class YourData(widgets.VBox):
    """A file of the learner's, and any model that suits it, to be trained.

    Parameters
    ----------
    path : str or path-like
    target : str, optional
        The column to predict; by default one with a usual name such as "species", else the last.
    random_state : int, default 0
        Decides which rows are held out, and where training starts.

    Attributes
    ----------
    path, target, columns, model : ipywidgets.Widget
        The choices, for use from Python: ``data.target.value = "alcohol"``.
    panel : TrainingPanel or None
        The newest.
    problem : Problem or None
        What it trains on; None until a file is read.
    text : str
        What was made of the choices, or why nothing could be made of them.

    Examples
    --------
    >>> YourData("data/penguins.csv")  # doctest: +SKIP
    """

    def __init__(self, path="", *, target=None, random_state=0):
        self.given, self.random_state = target, random_state
        self.table = self.problem = self.panel = None
        self.text, self.acting = "", False
        half = {"layout": {"width": "48%"}}
        self.path = widgets.Text(str(path), description="file", continuous_update=False, **half)
        self.target = widgets.Dropdown(description="target", **half)
        self.model = widgets.Dropdown(description="model", **half)
        self.columns = widgets.SelectMultiple(description="columns", rows=4, **half)
        self.sentence, self.place = widgets.HTML(), widgets.VBox()
        choices = [self.path, self.target, self.model, self.columns]
        super().__init__([widgets.Box(choices, layout={"flex_flow": "row wrap"}), self.sentence, self.place])
        for choice in choices:
            choice.observe(lambda change: self.act(change["owner"]), "value")
        self.act(self.path)

    def act(self, choice):
        """Do what a choice asks for; what cannot be done becomes a sentence, and the panel before stays."""
        if self.acting:  # this choice is fitted to another
            return
        self.acting = True
        try:
            why = self.read(self.path.value.strip()) if choice is self.path else ""
            if self.table is not None and choice is not self.model:
                self.prepare(choice)
            self.show(why)
        except (ValueError, OSError) as error:
            self.say(f"⚠ {error}")
        finally:
            self.acting = False

    def read(self, path):
        """Read the file, choose a target, and return a sentence that says why this one."""
        ratings = None if self.given else read_ratings(path, self.random_state)
        if ratings:
            self.table, self.problem = None, ratings
            self.columns.value = self.columns.options = self.target.options = ()
            self.made = f"tables.read_ratings({path!r}, random_state={self.random_state})"
            return "The file holds users, items and ratings."
        table = read_table(path)
        target, why = (self.given, "") if self.given else usual_target(table)
        check(table, target, [], None)
        self.table, self.target.options, self.target.value = table, list(table), target
        self.name, self.given = path, None
        return why

    def prepare(self, choice):
        """Make a problem of the target and the columns chosen; another target begins with all columns."""
        target = self.target.value
        if choice is not self.columns:
            self.columns.value = ()  # or the browser marks some that are no longer there
            self.columns.options = [name for name in self.table if name != target]
            self.columns.value = self.columns.options
        if not self.columns.value:
            raise ValueError("choose at least one column to predict from")
        some = len(self.columns.value) < len(self.columns.options)
        how = {"features": list(self.columns.value) if some else None, "random_state": self.random_state}
        self.problem = prepare(self.table, target, **how)
        how = ", ".join(f"{name}={value!r}" for name, value in how.items())
        self.made = f"tables.prepare(tables.read_table({self.name!r}), {target!r}, {how})"

    def show(self, why):
        """Show a panel of the model chosen in the place of the one before."""
        problem, before, found = self.problem, self.panel, suited(self.problem)
        if self.model.options != tuple(found):
            self.model.options = list(found)
            self.model.value = self.model.options[0]
        model, optimizer = found[self.model.value]
        n_train, n_test = len(problem.y_train), len(problem.y_test)
        picture = picture_of(problem, model, EPOCHS if n_train <= MANY_ROWS else FEWER_EPOCHS)
        y = "2 * problem.y_train - 1" if model.labels == (-1, 1) else "problem.y_train"
        code = f"from gdutils import tables\n\nproblem = {self.made}\nX, y = problem.X_train, {y}"
        self.panel = TrainingPanel(picture, optimizer, random_state=self.random_state, code=code)
        self.place.children = [self.panel]
        if before is not None:
            before.close()
        rows = f"{n_train:,} rows to train on, {n_test:,} held out, {len(problem.features)} features."
        self.say(f"{self.model.value.capitalize()} for {problem.target!r}: {rows} {why}", problem.notes)

    def say(self, text, notes=()):
        """Show a sentence, and notes below it."""
        self.text = " ".join([text, *notes])
        items = "".join(f"<li>{html.escape(note)}" for note in notes)
        self.sentence.value = f'<div aria-live="polite">{html.escape(text)}<ul>{items}</ul></div>'

    def wait(self, timeout=60):
        """Wait until the newest run is trained and drawn."""
        if self.panel is not None:
            self.panel.wait(timeout)

    def _ipython_display_(self):
        """Show the widget; and, for a page without its kernel, the panel's picture and sentence."""
        self.wait()
        shown = (self.panel.image.value, self.panel.text) if self.panel else (b"", self.text)
        display_with_still(self, *shown)
