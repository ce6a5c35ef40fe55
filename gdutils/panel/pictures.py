"""What a panel shows of a run: one figure for each kind of model, and the caption under it.

A picture is made once for a model and its data. `use` shows other rows, `update` moves its artists to an
epoch of a run, `caption` says what they show, and `grip` what a pointer takes hold of; none knows of any
widget. `update` and `caption` take the model that was trained: a setting of it, such as the number of hidden
units, may have been moved since.
"""

from typing import NamedTuple

import numpy as np
from matplotlib.figure import Figure

from gdutils import plots
from gdutils.panel.live_figure import DPI, LiveFigure

DRAWN = 2_000  # rows that a picture draws at most; all are trained on
SIDE = 100  # users and items of a table that are drawn at most
NEAR = 0.12 * DPI  # pixels: 12 of a picture of 840, in which a pointer takes hold of a point
NAMES = ("j, item", "i, user", "rating")  # of the columns, the rows and the entries of a table
WAS = {"linestyle": "", "marker": "x", "color": plots.PATH, "alpha": 0.6, "markersize": 6, "zorder": 2.1}
NO_BREAK = "\N{NO-BREAK SPACE}"  # keeps a formula on one line

quiet = np.errstate(all="ignore")  # a run that diverges is drawn, too


class Grip(NamedTuple):
    """What a pointer has taken hold of in a picture."""

    kind: str  # "start", "point" or "cell"
    axes: object
    row: int = -1  # of the data, for a point

    def at(self, pixel):
        """Return the point of the axes at a pixel, or the one closest to it."""
        inside = np.clip(pixel, self.axes.bbox.min, self.axes.bbox.max)
        return self.axes.transData.inverted().transform(inside)


class LossPicture:
    """The loss after each epoch: for any model, and a part of the other pictures.

    Parameters
    ----------
    model
        Any of `gdutils.models`.
    X : array-like of shape (n_samples, n_features)
    y : array-like of shape (n_samples,)
    epochs : int
        Length of the runs to be shown.
    held_out : tuple of X and y, optional
        Rows that are not trained on: their loss is drawn too.
    loss_limits : tuple of two floats, optional
        The losses at the lower and the upper end of the loss axis.

    Attributes
    ----------
    live : LiveFigure
    shown : slice or ndarray
        The rows that are drawn.
    """

    size = (8.4, 3.4)  # inches
    cell = None  # of a table, that is chosen
    remark = ""  # at the end of each caption
    start_names = ()  # of the parameters whose start can be chosen

    def __init__(self, model, X, y, epochs, *, held_out=None, loss_limits=None):
        start = model.init(np.random.RandomState(0))
        self.start, self.X, self.y = model.check(start, X, y)
        self.model, self.epochs = model, epochs
        self.given = self.X, self.y  # before any row was moved
        self.parts = [self.given]  # the rows that are trained on, and the held-out ones
        if held_out is not None:
            self.parts.append(model.check(start, *held_out)[1:])
        self.loss_limits = loss_limits or self.suited_limits(model.loss(start, self.X, self.y))
        self.shown = sample(len(self.y))
        self.first, self.values = None, []  # the start of the newest run, and what was measured of it
        self.grips = {}  # what a pointer takes hold of, by the axes
        with plots.lesson_style():
            figure = Figure(figsize=self.size, dpi=DPI)
            moving = self.compose(figure)
            self.live = LiveFigure(figure, moving, self.compared)

    def suited_limits(self, start_loss):
        """Return the ends of the loss axis, with room above the start for a run that diverges."""
        return start_loss / 30, 6 * start_loss or 1.0

    def compose(self, figure):
        """Draw the figure, and return the artists that will move."""
        return self.compose_loss(figure.subplots())

    def compose_loss(self, ax):
        """Draw the axes of the loss, and return the curves."""
        plots.label_loss(ax)
        ax.set(title="Does the loss fall?", ylim=self.loss_limits)
        return self.compose_curves(ax, "training", "held out")

    def compose_curves(self, ax, known, hidden, **legend):
        """Make the curves of what is known and, if there is any, of what is held out."""
        ax.set_xlim(-0.03 * self.epochs, 1.03 * self.epochs)
        looks = {"label": known}, {"label": hidden, "color": plots.HELD_OUT, "linestyle": "--"}
        self.curves = [plots.plot_loss([1.0], ax, **look) for look in looks[: len(self.parts)]]
        if len(self.parts) > 1:
            ax.legend(loc="upper right", **legend).set_zorder(1)
        self.compared = [curve[0] for curve in self.curves]
        return [line for curve in self.curves for line in curve]

    def use(self, X, y):
        """Show other rows in place of those shown before."""
        if X is not self.X or y is not self.y:
            self.X, self.y = self.parts[0] = X, y
            self.draw_data()

    def draw_data(self):
        """Move the points to the rows."""

    def points(self, X, y):
        """Return where the rows that are drawn lie in their axes."""
        return X[self.shown]

    def params_at(self, start):
        """Return the parameters at a start that was chosen, by `start_names`; None is the model's own."""

    def choose(self, point):
        """Choose what is at a point, where there is something to choose; or None."""

    def moved(self, row, point):
        """Return the rows with one of them at another point."""
        X = self.X.copy()
        X[row] = point
        return X, self.y

    def draw_former(self, artist):
        """Show faintly where the rows that have been moved came from."""
        before = self.points(*self.given)
        artist.set_data(*before[np.any(before != self.points(self.X, self.y), axis=1)].T)

    @quiet
    def grip(self, pixel):
        """Return what a pointer takes hold of at a pixel, counted from the lower left corner; or None."""
        for ax, kind in self.grips.items():
            if ax.bbox.contains(*pixel):
                if kind != "point":
                    return Grip(kind, ax)
                away = np.hypot(*(ax.transData.transform(self.points(self.X, self.y)) - pixel).T)
                row = np.arange(len(self.y))[self.shown][away.argmin()]
                return Grip(kind, ax, row) if away.min() <= NEAR else None
        return None

    @quiet
    def update(self, model, run, epoch):
        """Move the artists to an epoch of a run."""
        self.draw(model, run, epoch)
        for curve, values in zip(self.curves, self.series(model, run), strict=True):
            plots.plot_loss(values, curve[0].axes, epoch=epoch, artists=curve)

    def draw(self, model, run, epoch):
        """Move the artists beside the curves."""

    def series(self, model, run):
        """Return what each curve shows: the losses after each epoch."""
        return [run.losses, *np.transpose(self.measured(model, run.path))]

    def measured(self, model, path):
        """Return what is measured after each epoch, only once: with many rows it takes long."""
        if path[0] is not self.first:
            self.first, self.values = path[0], []
        self.values += [self.measure(model, params) for params in path[len(self.values) :]]
        return self.values[: len(path)]

    def measure(self, model, params):
        """Return the loss on held-out rows, if there are any."""
        return [model.loss(params, X, y) for X, y in self.parts[1:]]

    @quiet
    def caption(self, model, run, epoch):
        """Say what the artists show at an epoch of a run."""
        losses = run.losses[: epoch + 1]
        text = f"loss {number(losses[-1])}"
        if not np.isfinite(losses[-1]):
            return text
        lowest = int(np.nanargmin(losses))
        if lowest > 0 and losses[-1] > 2 * losses[lowest]:
            text += f" (after epoch {lowest} it was {number(losses[lowest])})"
        text += self.describe(model, run, epoch)
        text += f" (drawn: {DRAWN:,} of the {len(self.y):,} rows)" if len(self.y) > DRAWN else ""
        return text + self.remark

    def describe(self, model, run, epoch):
        """Say what there is beside the loss."""
        return ""


class LinePicture(LossPicture):
    """The data with the line, the loss curve, and the loss surface over (w, b) with the path on it.

    The parameters are those of `LossPicture`, for a LinearRegression of one feature.
    """

    size = (8.4, 3.1)
    start_names = ("w", "b")

    def suited_limits(self, start_loss):
        """Leave room above the start, and for words below the best line, which may go through every point."""
        best_loss = self.model.loss(self.model.minimum(self.X, self.y), self.X, self.y)
        top = 6 * start_loss or 1.0
        return max((best_loss / top) ** 0.12 * best_loss, 1e-5 * top), top

    def compose(self, figure):
        """Draw the data, the axes of the loss with the best line's, and the surface."""
        data_ax, self.loss_ax, self.surface_ax = figure.subplots(1, 3)
        self.data_ax = data_ax
        self.grips = {data_ax: "point", self.surface_ax: "start"}
        look = {"color": plots.DATA, "alpha": 0.5, "markeredgewidth": 0, "markersize": 4.5}
        (self.former,) = data_ax.plot([], [], **WAS)
        (self.dots,) = data_ax.plot(*self.points(self.X, self.y).T, "o", **look)
        data_ax.set(title="Does the line fit?", xlabel="x, feature", ylabel="y, target")
        data_ax.set(xlim=data_ax.get_xlim(), ylim=data_ax.get_ylim())
        self.limit = self.loss_ax.axhline(1, color=plots.MODEL, linestyle=":", linewidth=1.5)
        place = {"transform": self.loss_ax.get_yaxis_transform(), "ha": "right", "va": "top", "fontsize": 10}
        self.best_text = self.loss_ax.text(0.94, 1, "", clip_on=True, zorder=1.9, **place)
        self.surface = plots.plot_surface(self.model, self.X, self.y, self.surface_ax, start=self.start)
        self.surface_ax.set_title("Is the star reached?")
        self.line = plots.plot_line(self.start, data_ax)
        curves = self.compose_loss(self.loss_ax)
        self.path = plots.plot_path([self.start], self.surface_ax)
        self.compared = [*self.line, *self.compared, self.path[0]]
        self.draw_data()
        data = [self.former, self.dots, self.limit, self.best_text, *self.surface]
        return [*data, *self.line, *curves, *self.path]

    def points(self, X, y):
        """Return the rows as points (x, y)."""
        return np.column_stack([X[self.shown, 0], y[self.shown]])

    def params_at(self, start):
        """Return (w, b) as parameters."""
        return start and {"w": [start[0]], "b": start[1]}

    def moved(self, row, point):
        """Return the rows with one of them at another point (x, y)."""
        X, y = self.X.copy(), self.y.copy()
        X[row], y[row] = point
        return X, y

    def draw_data(self):
        """Move the points, the loss of the best line, and the surface."""
        self.dots.set_data(*self.points(self.X, self.y).T)
        self.draw_former(self.former)
        self.best_loss = self.model.loss(self.model.minimum(self.X, self.y), self.X, self.y)
        self.limit.set_ydata([self.best_loss] * 2)
        self.best_text.set(y=0.96 * self.best_loss, text=f"best line {number(self.best_loss)}")
        plots.plot_surface(self.model, self.X, self.y, self.surface_ax, artists=self.surface)

    def draw(self, model, run, epoch):
        """Move the line and the path."""
        plots.plot_line(run.path[epoch], self.data_ax, artists=self.line)
        plots.plot_path(run.path, self.surface_ax, epoch=epoch, artists=self.path)

    def describe(self, model, run, epoch):
        """Say how good the best line is, and which line this is."""
        w, b = plots.point_of(run.path[epoch])
        best = f" (best possible {number(self.best_loss)})"
        if not max(abs(w), abs(b)) < 1e6:
            return best
        line = f"ŷ = {number(w)} x {'−' if b < 0 else '+'} {number(abs(b))}".replace(" ", NO_BREAK)
        return f"{best}, line {line}"


class ClassPicture(LossPicture):
    """The points of two features, what the model says of the plane about them, and the loss curve.

    Each kind of model draws itself in its own way, below. The parameters are those of `LossPicture`, and

    Parameters
    ----------
    features : sequence of two str
        What the axes are called.
    labels : sequence of str, optional
        What the classes are called, in the order of their labels.
    """

    title = ""

    def __init__(self, *args, features=("x₁, feature 1", "x₂, feature 2"), labels=(), **kwargs):
        self.features, self.labels = features, labels
        super().__init__(*args, **kwargs)

    def compose(self, figure):
        """Draw the points, and the axes of the loss."""
        self.map_ax, loss_ax = figure.subplots(1, 2)
        self.grips = {self.map_ax: "point"}
        (self.former,) = self.map_ax.plot([], [], **WAS)
        X, y = self.points(self.X, self.y), self.y[self.shown]
        self.dots = plots.plot_classes(X, y, self.map_ax, labels=self.labels)
        self.map_ax.set(title=self.title, xlabel=self.features[0], ylabel=self.features[1])
        self.drawn = self.draw_map(self.model, self.start, [])
        handles, _ = self.map_ax.get_legend_handles_labels()
        figure.legend(handles=handles, loc="outside lower left", ncols=5)
        return [self.former, *self.dots, *self.drawn, *self.compose_loss(loss_ax)]

    def draw_data(self):
        """Move the points."""
        plots.plot_classes(self.points(self.X, self.y), self.y[self.shown], self.map_ax, artists=self.dots)
        self.draw_former(self.former)

    def draw(self, model, run, epoch):
        """Update the map."""
        self.draw_map(model, run.path[epoch], self.drawn)

    def draw_map(self, model, params, artists):
        """Draw, or update, what the model says of the plane."""

    def classify(self, model, params, X):
        """Return the class that each row is given."""

    def describe(self, model, run, epoch):
        """Say how many rows are given their class, and how large the parameters are."""
        params = run.path[epoch]
        shares = [np.mean(self.classify(model, params, X) == y) for X, y in self.parts]
        held_out = "".join(f", on held-out rows {share:.3f}" for share in shares[1:])
        return f", accuracy {shares[0]:.3f}{held_out}{self.size_of(params)}"

    def size_of(self, params):
        """Say how large the parameters are, where that is worth a word."""
        return ""


class ProbabilityPicture(ClassPicture):
    """For logistic regression: the probability of class 1 as a map, with the line on which it is ½.

    The parameters are those of `ClassPicture`.
    """

    title = "Where is it undecided?"

    def draw_map(self, model, params, artists):
        """Draw, or update, the probability map."""
        drawn = plots.plot_probability(model, params, self.map_ax, artists=artists)
        if not artists:
            bar = self.map_ax.figure.colorbar(drawn[0], ax=self.map_ax, label="p̂, probability of class 1")
            bar.outline.set_visible(False)
        return drawn

    def classify(self, model, params, X):
        """Return 1 where its probability is at least ½."""
        return model.predict(params, X) >= 0.5

    def size_of(self, params):
        """Say how long w is: on separable data it never stops growing."""
        return f", ‖w‖ {number(np.linalg.norm(params['w']))}"


class RegionsPicture(ClassPicture):
    """For softmax regression and the network: the region of each class, and the kinks of hidden units.

    The parameters are those of `ClassPicture`.
    """

    title = "Which class is predicted where?"

    def draw_map(self, model, params, artists):
        """Draw, or update, the regions; and the kinks, if there are hidden units."""
        drawn = [*plots.plot_regions(model, params, self.map_ax, artists=artists[:2])]
        if "W1" in params:
            drawn += plots.plot_kinks(params, self.map_ax, artists=artists[2:])
        return drawn

    def classify(self, model, params, X):
        """Return the most probable class."""
        return model.predict(params, X).argmax(axis=1)


class MarginPicture(ClassPicture):
    """For the linear SVM: the decision boundary, its margins, and the support vectors.

    The parameters are those of `ClassPicture`.
    """

    title = "Which points hold the line?"

    def draw_map(self, model, params, artists):
        """Draw, or update, the decision boundary with its margins."""
        X, y = self.X[self.shown], self.y[self.shown]
        return plots.plot_margins(params, X, y, self.map_ax, artists=artists)

    def classify(self, model, params, X):
        """Return the sign of the score."""
        return np.where(model.predict(params, X) >= 0, 1, -1)

    def size_of(self, params):
        """Say how long w is and where b is, which settle at different times."""
        w = np.linalg.norm(params["w"])
        margin = f", margin {number(1 / w, 3)} to each side" if w else ""
        return f"{margin}, b {number(params['b'])}"


class RatingsPicture(LossPicture):
    """The ratings that are known, the table that the factors make, and its error on known and hidden ones.

    Parameters
    ----------
    model : MatrixFactorization
    X : array-like of shape (n_ratings, 2)
        Pairs of user and item.
    y : array-like of shape (n_ratings,)
        Their ratings.
    epochs : int
        Length of the runs to be shown.
    truth : array-like of shape (n_users, n_items), optional
        What the hidden entries are compared with, where that is known.
    held_out : tuple of X and y, optional
        Ratings that are not trained on, to compare with instead.
    names : sequence of three str
        What the columns, the rows and the entries are called.
    cmap : str
        The color map of both tables.
    """

    def __init__(self, model, X, y, epochs, *, truth=None, held_out=None, names=NAMES, cmap="cividis"):
        if truth is not None:
            hidden = np.ones(np.shape(truth), dtype=bool)
            hidden[tuple(np.transpose(X))] = False
            held_out = np.argwhere(hidden), np.asarray(truth)[hidden]
        self.names, self.cmap = names, cmap
        super().__init__(model, X, y, epochs, held_out=held_out)

    def known(self):
        """Return the known ratings in the part of the table that is drawn, NaN elsewhere."""
        table = np.full_like(self.table_of(self.start), np.nan)
        inside = (self.X < SIDE).all(axis=1)
        table[tuple(self.X[inside].T)] = self.y[inside]
        return table

    def table_of(self, params):
        """Return the part of the table that is drawn."""
        return params["P"][:SIDE] @ params["Q"][:SIDE].T

    def compose(self, figure):
        """Draw both tables, and the axes of the errors."""
        known_ax, self.table_ax, error_ax = figure.subplots(1, 3)
        self.grips = {known_ax: "cell", self.table_ax: "cell"}
        # A few extreme ratings would leave all others the same color.
        look = {"limits": tuple(np.percentile(self.y, [2, 98])), "cmap": self.cmap}
        (image,) = plots.plot_table(self.known(), known_ax, **look)
        known_ax.set(title="Known (pink: unknown)", xlabel=self.names[0], ylabel=self.names[1])
        self.table = plots.plot_table(self.table_of(self.start), self.table_ax, **look)
        self.table_ax.set(title="Is the rest filled in?", xlabel=self.names[0])
        look = {"color": plots.MODEL, "fillstyle": "none", "markersize": 8, "markeredgewidth": 2}
        self.frames = [ax.plot([], [], "s", zorder=2, **look)[0] for ax in self.grips]
        place = {"ax": [known_ax, self.table_ax], "location": "bottom", "aspect": 50}
        figure.colorbar(image, label=self.names[2], **place).outline.set_visible(False)
        top = 1.5 * max(*self.measure(self.model, self.start), 1e-3)
        error_ax.set(title="Do hidden ones follow?", xlabel="epoch", ylabel="RMSE", ylim=(0, top))
        return [*self.table, *self.frames, *self.compose_curves(error_ax, "known", "hidden", ncols=2)]

    def measure(self, model, params):
        """Return the root mean squared errors on the known ratings and on the hidden entries."""
        return [np.sqrt(np.mean((y - model.predict(params, X)) ** 2)) for X, y in self.parts]

    def draw(self, model, run, epoch):
        """Update the table."""
        plots.plot_table(self.table_of(run.path[epoch]), self.table_ax, artists=self.table)

    def series(self, model, run):
        """Return what each curve shows: the errors after each epoch."""
        return np.transpose(self.measured(model, run.path))

    def describe(self, model, run, epoch):
        """Say how large the errors are, and what is in the cell that is chosen."""
        known, hidden = map(number, self.measured(model, run.path)[epoch])
        drawn = f" (drawn: the first {SIDE})" if max(model.n_users, model.n_items) > SIDE else ""
        text = f", RMSE {known} on known entries and {hidden} on hidden ones{drawn}"
        if self.cell is None:
            return text
        true = "unknown"
        for word, (X, y) in zip(("known", "hidden"), self.parts, strict=False):
            for value in y[(self.cell == X).all(axis=1)]:
                true = f"{number(value)} ({word})"
        predicted = number(model.predict(run.path[epoch], self.cell[np.newaxis])[0])
        return f"{text}. Row {self.cell[0]}, column {self.cell[1]}: true {true}, predicted {predicted}"

    def choose(self, point):
        """Choose the cell at a point of a table, or none."""
        self.cell = None if point is None else np.rint(point[::-1]).astype(int)
        for frame in self.frames:
            frame.set_data([], []) if self.cell is None else frame.set_data(*self.cell[::-1, np.newaxis])


def number(value, digits=4):
    """Write a number with a minus sign; of one beyond a million, only that."""
    if not abs(value) <= 1e6:
        return "< −10⁶" if value < 0 else "> 10⁶"
    return f"{value + 0.0:.{digits}g}".replace("-", "−")  # and no −0


def sample(n_samples, count=DRAWN):
    """Return which rows to draw: all of them, or as many as the eye can tell apart, always the same."""
    if n_samples <= count:
        return slice(None)
    return np.sort(np.random.RandomState(0).choice(n_samples, count, replace=False))
