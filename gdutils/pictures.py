"""What a panel shows of a run: one figure a kind of model, and the words for it.

A picture is made once for a model and its data. `update` moves its artists to an epoch of a run, `words`
says what they show, and neither knows of any widget. Both take the model that was trained: a setting of it,
such as the number of hidden units, may have been moved since.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import Any, Protocol, runtime_checkable

import matplotlib.style
import numpy as np
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray

from gdutils import plots
from gdutils.checks import (
    brief,
    check_count,
    check_finite,
    check_floats,
    check_labels,
    check_list,
    check_model,
    check_small,
    check_X_y,
)
from gdutils.figures import PanelFigure, check_loss_limits, frame_loss
from gdutils.models import LinearRegression, LinearSVM, LogisticRegression, MatrixFactorization
from gdutils.optimizers import Momentum, Nesterov
from gdutils.scores import accuracy, encode, predict_classes, rmse
from gdutils.training import Params, Run

__all__ = [
    "LinePicture",
    "MarginPicture",
    "Picture",
    "ProbabilityPicture",
    "RatingsPicture",
    "RegionsPicture",
]

Array = NDArray[Any]

DRAWN = 2_000  # rows that a picture draws at most; all are trained on
ARROWS = (40.0, 24.0)  # lengths in pixels: of the velocity, and over it downhill
STANDING = 0.5  # pixels: nearer to the star, and slower in a step, no arrow is drawn
DRAWN_TO_A_SIDE = 100  # users and items of a table
NO_BREAK = "\N{NO-BREAK SPACE}"  # keeps a formula on one line


@runtime_checkable
class Picture(Protocol):
    """What a panel asks of a picture: what to train, and how to show it."""

    model: Any
    X: Array
    y: Array
    epochs: int
    live: PanelFigure

    def update(self, model: Any, run: Run, epoch: int) -> None:
        """Move the artists to an epoch of a run."""

    def words(self, model: Any, run: Run, epoch: int) -> str:
        """Say what the artists show at an epoch of a run."""
        ...


class Remembered:
    """What was computed of the epochs of a run, each but once: it takes long where there are many rows."""

    def __init__(self) -> None:
        self.start: Params | None = None
        self.values: dict[int, Any] = {}

    def at(self, run: Run, epoch: int, compute: Callable[[Params], Any]) -> Any:
        """Return ``compute`` of the parameters after an epoch."""
        if run.path[0] is not self.start:
            self.start, self.values = run.path[0], {}
        if epoch not in self.values:
            with np.errstate(over="ignore", invalid="ignore"):
                self.values[epoch] = compute(run.path[epoch])
        return self.values[epoch]

    def of(self, run: Run, compute: Callable[[Params], Any]) -> list[Any]:
        """Return ``compute`` of the parameters after each epoch."""
        return [self.at(run, epoch, compute) for epoch in range(len(run.path))]


class LinePicture:
    """The data with the line, the loss curve, and the loss surface over (w, b) with the path on it.

    Parameters
    ----------
    model : LinearRegression
        With one feature.
    X : array-like of shape (n_samples, 1)
    y : array-like of shape (n_samples,)
    epochs : int
        Length of the runs to be shown.
    """

    def __init__(self, model: LinearRegression, X: ArrayLike, y: ArrayLike, epochs: int) -> None:
        check_linear(model)
        self.X, self.y = check_data(model, X, y, epochs, n_features=1)
        self.model, self.epochs = model, int(epochs)
        start = model.init()
        start_loss = model.loss(start, self.X, self.y)
        best = model.minimum(self.X, self.y)
        self.best, self.slopes = point(best), model.second_derivatives(self.X)
        self.best_loss = model.loss(best, self.X, self.y)
        with matplotlib.style.context("gdutils.lesson"):
            figure = self._compose(start, start_loss)
        self.live = PanelFigure(
            figure,
            [*self.line, *self.curve, *self.path, *self.arrows],
            loss_ax=self.loss_ax,
            kept=[*self.line, self.curve[0], self.path[0]],
        )

    def _compose(self, start: Params, start_loss: float) -> Figure:
        figure = Figure(figsize=(8.4, 3.0))
        self.data_ax, self.loss_ax, self.surface_ax = figure.subplots(1, 3)

        shown = sample(len(self.y))
        plots.plot_data(self.X[shown], self.y[shown], self.data_ax)
        self.data_ax.set(title="Does the line fit?", xlabel="x, feature", ylabel="y, target")

        # Room above the start, so that a run that diverges is seen to leave; an end below, where the best
        # line goes through every point.
        top = 6 * start_loss or 1.0
        room = (self.best_loss / top) ** 0.12  # for the words below the line
        frame_loss(self.loss_ax, self.epochs, (max(room * self.best_loss, 1e-5 * top), top))
        self.loss_ax.axhline(self.best_loss, color=plots.MODEL, linestyle=":", linewidth=1.5)
        self.loss_ax.annotate(
            f"best line {self.best_loss:.4g}",
            (1, self.best_loss),
            xycoords=("axes fraction", "data"),
            xytext=(0, -6),
            textcoords="offset points",
            ha="right",
            va="top",
            fontsize=10,
            annotation_clip=True,
            zorder=1,  # below what moves, so that it is drawn but once
        ).set_in_layout(False)

        plots.plot_surface(self.model, self.X, self.y, self.surface_ax, start=start)
        self.surface_ax.set_title("Is the star reached?")
        self.surface_ax.set_xlabel("w, slope (➡ downhill, ⇨ velocity)", loc="right")

        self.line = plots.plot_line(start, self.data_ax)
        self.curve = plots.plot_loss([1.0], self.loss_ax)
        self.path = plots.plot_path([start], self.surface_ax)
        nowhere, white = np.zeros((2, 2)), "#ffffff"
        look: Any = {"facecolors": [white, plots.PATH], "edgecolors": [plots.PATH, white], "linewidths": 0.8}
        self.arrows = plots.plot_arrows(nowhere, nowhere, self.surface_ax, lengths=ARROWS, **look)
        return figure

    def update(self, model: LinearRegression, run: Run, epoch: int) -> None:
        """Move the artists to an epoch of a run."""
        plots.plot_line(run.path[epoch], self.data_ax, artists=self.line)
        plots.plot_loss(run.losses, self.loss_ax, epoch=epoch, artists=self.curve)
        plots.plot_path(run.path, self.surface_ax, epoch=epoch, artists=self.path)
        plots.plot_arrows(*self.ways(run, epoch), self.surface_ax, lengths=ARROWS, artists=self.arrows)

    def ways(self, run: Run, epoch: int) -> tuple[Array, Array]:
        """Return from where to where the arrows lead: along −v, with which θ moves, and along −∇L."""
        here, velocity = point(run.path[epoch]), self.velocity(run, epoch)
        with np.errstate(over="ignore", invalid="ignore"):
            ways = np.array([-velocity, -self.slopes @ (here - self.best)])
            # At the star, and at rest, no way is to be seen, nor is one far outside.
            moves = np.array([getattr(run.optimizer, "lr", 0.0) * velocity, here - self.best])
            moved = np.hypot(*plots.in_pixels(moves, self.surface_ax).T)
        seen = (moved > STANDING) & (np.abs(here).max() < 10 * np.abs(self.surface_ax.axis()).max())
        return np.where(seen[:, np.newaxis], here, np.nan), ways

    def velocity(self, run: Run, epoch: int) -> Array:
        """Return the velocity of (w, b) after an epoch; without momentum it is 0."""
        return point(run.states[epoch]) if isinstance(run.optimizer, Momentum | Nesterov) else np.zeros(2)

    def words(self, model: LinearRegression, run: Run, epoch: int) -> str:
        """Say what the artists show at an epoch of a run."""
        w, b = float(run.path[epoch]["w"][0]), float(run.path[epoch]["b"])
        sign = "−" if b < 0 else "+"
        line = f"ŷ = {w:.4g} x {sign} {abs(b):.4g}".replace("-", "−").replace(" ", NO_BREAK)
        (_, at), (along, down) = self.ways(run, epoch)
        arrows = f", downhill {pair(down)}" if np.isfinite(at).all() else ""
        arrows += f", velocity toward {pair(along)}" if along.any() else ""
        return (
            f"loss {run.losses[epoch]:.4g} (the best line has {self.best_loss:.4g}), line {line}{arrows}"
            f"{told(len(self.y))}"
        )


class ClassPicture(ABC):
    """The points of two features, what the model says of the plane about them, and the loss curve.

    Each kind of model draws itself in its own way, below.

    Parameters
    ----------
    model
        With two features.
    X : array-like of shape (n_samples, 2)
    y : array-like of shape (n_samples,)
    epochs : int
        Length of the runs to be shown.
    held_out : tuple of X and y, optional
        Rows that are not trained on: their loss is drawn too, and their accuracy told.
    features : sequence of two str
        What the axes are called.
    labels : sequence of str, optional
        What the classes are called, in the order of their labels.
    loss_limits : tuple of two floats, optional
        The losses at the lower and the upper end of the loss axis.
    """

    title: str

    def __init__(
        self,
        model: Any,
        X: ArrayLike,
        y: ArrayLike,
        epochs: int,
        *,
        held_out: tuple[ArrayLike, ArrayLike] | None = None,
        features: Sequence[str] = ("x₁, feature 1", "x₂, feature 2"),
        labels: Sequence[str] = (),
        loss_limits: tuple[float, float] | None = None,
    ) -> None:
        self.X, self.y = check_data(model, X, y, epochs, n_features=2)
        self.model, self.epochs = model, int(epochs)
        start = model.init(np.random.RandomState(0))
        with np.errstate(over="ignore", invalid="ignore"):
            self.check_model(model, start)
        n_classes = getattr(model, "n_classes", 2)
        features = check_names("features", features, 2)
        labels = check_names("labels", labels, n_classes, or_none=True)
        start_loss = model.loss(start, self.X, self.y)  # the model knows which labels are right
        limits = start_loss / 30, 6 * start_loss
        if loss_limits is not None:
            limits = check_loss_limits(loss_limits)
        self.held_out = None if held_out is None else check_held_out(model, start, held_out, epochs)
        self.held_losses, self.accuracies = Remembered(), Remembered()
        with matplotlib.style.context("gdutils.lesson"):
            figure = Figure(figsize=(8.4, 3.4))
            self.map_ax, self.loss_ax = figure.subplots(1, 2)
            self.shown = sample(len(self.y))
            plots.plot_classes(self.X[self.shown], self.y[self.shown], self.map_ax, labels=labels)
            self.map_ax.set(title=self.title, xlabel=features[0], ylabel=features[1])
            self.drawn = self.draw(model, start)
            figure.legend(
                handles=self.map_ax.get_legend_handles_labels()[0], loc="outside lower left", ncols=5
            )
            frame_loss(self.loss_ax, epochs, limits)
            self.curve = [*plots.plot_loss([1.0], self.loss_ax, label="training")]
            if self.held_out is not None:
                self.curve += plots.plot_loss(
                    [1.0], self.loss_ax, color=plots.HELD_OUT, linestyle="--", label="held out"
                )
                self.loss_ax.legend(loc="upper right").set_zorder(1)
        self.live = PanelFigure(
            figure, [*self.drawn, *self.curve], loss_ax=self.loss_ax, kept=self.curve[::3]
        )

    @abstractmethod
    def check_model(self, model: Any, params: Params) -> None:
        """Raise unless the model predicts what is drawn, and the data have its labels."""

    @abstractmethod
    def draw(self, model: Any, params: Params, artists: Sequence[Any] = ()) -> Sequence[Any]:
        """Draw, or update, what the model says of the plane."""

    def size(self, params: Params) -> str:
        """Say how large the parameters are, where that is worth a word."""
        return ""

    def update(self, model: Any, run: Run, epoch: int) -> None:
        """Move the artists to an epoch of a run."""
        self.draw(model, run.path[epoch], self.drawn)
        plots.plot_loss(run.losses, self.loss_ax, epoch=epoch, artists=self.curve[:3])
        if self.held_out is not None:
            X, y = self.held_out
            losses = self.held_losses.of(run, lambda params: model.loss(params, X, y))
            plots.plot_loss(losses, self.loss_ax, epoch=epoch, artists=self.curve[3:])

    def words(self, model: Any, run: Run, epoch: int) -> str:
        """Say what the artists show at an epoch of a run."""
        params, losses = run.path[epoch], run.losses[: epoch + 1]
        if not np.isfinite(losses[-1]):
            return f"loss {losses[-1]:.4g}"
        lowest = int(np.nanargmin(losses))
        spiked = lowest > 0 and losses[-1] > 2 * losses[lowest]
        least = f" (after epoch {lowest} it was {losses[lowest]:.4g})" if spiked else ""
        trained, *held_out = self.accuracies.at(run, epoch, lambda params: self.accuracy(model, params))
        text = f"loss {losses[-1]:.4g}{least}, accuracy {trained:.3f}"
        if held_out:
            text += f", on held-out rows {held_out[0]:.3f}"
        with np.errstate(over="ignore"):
            return text + self.size(params) + told(len(self.y))

    def accuracy(self, model: Any, params: Params) -> list[float]:
        """Return the share of rows that are given their class, and that of held-out ones."""
        parts = [(self.X, self.y), *([] if self.held_out is None else [self.held_out])]
        return [accuracy(y, encode(model, predict_classes(model, params, X))) for X, y in parts]


class ProbabilityPicture(ClassPicture):
    """For logistic regression: the probability of class 1 as a map, with the line on which it is ½.

    The parameters are those of `ClassPicture`.
    """

    title = "Where is it undecided?"

    def check_model(self, model: Any, params: Params) -> None:
        """Raise unless the model gives a probability to each row."""
        if np.ndim(model.predict(params, self.X)) != 1:
            raise TypeError(
                f"model must predict the probability of class 1, as LogisticRegression, got {brief(model)}"
            )
        check_labels(self.y, (0, 1))

    def draw(self, model: LogisticRegression, params: Params, artists: Sequence[Any] = ()) -> Sequence[Any]:
        """Draw, or update, the probability map."""
        new = not artists
        artists = plots.plot_probability(model, params, self.map_ax, artists=artists)
        if new:
            bar = self.map_ax.figure.colorbar(artists[0], ax=self.map_ax, label="p̂, probability of class 1")
            bar.outline.set_visible(False)
        return artists

    def size(self, params: Params) -> str:
        """Say how long w is: on separable data it never stops to grow."""
        return f", ‖w‖ {np.linalg.norm(params['w']):.4g}"


class RegionsPicture(ClassPicture):
    """For softmax regression and the network: the region of each class, and the kinks of hidden units.

    The parameters are those of `ClassPicture`.
    """

    title = "Which class rules where?"

    def check_model(self, model: Any, params: Params) -> None:
        """Raise unless the model gives probabilities of all classes to each row."""
        if np.ndim(model.predict(params, self.X)) != 2:
            right = "a probability for each class, as SoftmaxRegression"
            raise TypeError(f"model must predict {right}, got {brief(model)}")

    def draw(self, model: Any, params: Params, artists: Sequence[Any] = ()) -> Sequence[Any]:
        """Draw, or update, the regions; and the kinks, if the model has hidden units."""
        regions = plots.plot_regions(model, params, self.map_ax, artists=artists[:2])
        if "W1" not in params:
            return regions
        return [*regions, *plots.plot_kinks(params, self.map_ax, artists=artists[2:])]


class MarginPicture(ClassPicture):
    """For the linear SVM: the border, its margins, and the support vectors.

    The parameters are those of `ClassPicture`.
    """

    title = "Which points hold the line?"

    def check_model(self, model: Any, params: Params) -> None:
        """Raise unless the model gives a score to each row, and labels are signs."""
        if params.keys() != {"w", "b"}:
            raise TypeError(f"model must have a score Xw + b, as LinearSVM, got {brief(model)}")
        check_labels(self.y, (-1, 1))

    def draw(self, model: LinearSVM, params: Params, artists: Sequence[Any] = ()) -> Sequence[Any]:
        """Draw, or update, the border with its margins."""
        X, y = self.X[self.shown], self.y[self.shown]
        return plots.plot_margins(params, X, y, self.map_ax, artists=artists)

    def size(self, params: Params) -> str:
        """Say how long w is and where b stands, which settle at different times."""
        w, b = np.linalg.norm(params["w"]), float(params["b"])
        return f", margin {1 / w if w else np.inf:.3g} to each side, b {b:.4g}".replace("-", "−")


class RatingsPicture:
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

    def __init__(
        self,
        model: MatrixFactorization,
        X: ArrayLike,
        y: ArrayLike,
        epochs: int,
        *,
        truth: ArrayLike | None = None,
        held_out: tuple[ArrayLike, ArrayLike] | None = None,
        names: Sequence[str] = ("j, item", "i, user", "rating"),
        cmap: str = "cividis",
    ) -> None:
        if not isinstance(model, MatrixFactorization):
            raise TypeError(f"model must be a MatrixFactorization, got {brief(model)}")
        self.X, self.y = check_data(model, X, y, epochs, n_features=2)
        self.model, self.epochs = model, int(epochs)
        start = model.init(np.random.RandomState(0))
        model.loss(start, self.X, self.y)  # the model knows which pairs are right
        names = check_names("names", names, 3)
        if (truth is None) == (held_out is None):
            raise ValueError("one of truth and held_out must be given, what the model is compared with")
        if truth is not None:
            self.held_out = self._hidden_entries(check_floats("truth", truth))
        else:
            self.held_out = check_held_out(model, start, held_out, epochs)
        # Of a large table, the users and the items with the most ratings are drawn.
        self.users = busiest(self.X[:, 0], model.n_users)
        self.items = busiest(self.X[:, 1], model.n_items)
        self.remembered = Remembered()
        with matplotlib.style.context("gdutils.lesson"):
            figure = self._compose(start, names, cmap)
        self.live = PanelFigure(
            figure, [*self.table, *self.curves], loss_ax=self.error_ax, kept=self.curves[::3]
        )

    def _hidden_entries(self, truth: Array) -> tuple[Array, Array]:
        """Return the entries of the whole table that are not among the ratings."""
        model = self.model
        if truth.shape != (model.n_users, model.n_items):
            right = f"(n_users, n_items) = ({model.n_users}, {model.n_items})"
            raise ValueError(f"truth must have shape {right}, got {truth.shape}")
        check_finite("truth", truth)
        check_small("truth", truth)
        hidden = np.ones(truth.shape, dtype=bool)
        hidden[self.X[:, 0], self.X[:, 1]] = False
        if not hidden.any():
            raise ValueError("X must leave at least one entry of the table hidden, and names all of them")
        return np.argwhere(hidden), truth[hidden]

    def known(self) -> Array:
        """Return the known ratings in the part of the table that is drawn, NaN elsewhere."""
        i, j = (np.searchsorted(drawn, self.X[:, k]) for k, drawn in enumerate((self.users, self.items)))
        inside = np.isin(self.X[:, 0], self.users) & np.isin(self.X[:, 1], self.items)
        table = np.full((len(self.users), len(self.items)), np.nan)
        table[i[inside], j[inside]] = self.y[inside]
        return table

    def table_of(self, params: Params) -> Array:
        """Return the part of the table that is drawn."""
        return np.asarray(params["P"][self.users] @ params["Q"][self.items].T)

    def _compose(self, start: Params, names: Sequence[str], cmap: str) -> Figure:
        figure = Figure(figsize=(8.4, 3.4))
        known_ax, self.table_ax, self.error_ax = figure.subplots(1, 3)
        # A few extreme ratings would leave all others the same color.
        limits = tuple(np.percentile(self.y, [2, 98]))
        (image,) = plots.plot_table(self.known(), known_ax, limits=limits, cmap=cmap)
        known_ax.set(title="What is known", xlabel=names[0], ylabel=names[1])
        self.table = plots.plot_table(self.table_of(start), self.table_ax, limits=limits, cmap=cmap)
        self.table_ax.set(title="Is the rest filled in?", xlabel=names[0])
        bar = figure.colorbar(
            image, ax=[known_ax, self.table_ax], location="bottom", aspect=50, label=names[2]
        )
        bar.outline.set_visible(False)

        top = 1.5 * max(*self.errors(self.model, start), 1e-3)
        self.error_ax.set(title="Do hidden ones follow?", xlabel="epoch", ylabel="RMSE")
        self.error_ax.set(xlim=(-0.03 * self.epochs, 1.03 * self.epochs), ylim=(0, top))
        self.curves = [*plots.plot_loss([1.0], self.error_ax, label="known")]
        self.curves += plots.plot_loss(
            [1.0], self.error_ax, color=plots.HELD_OUT, linestyle="--", label="hidden"
        )
        self.error_ax.legend(loc="upper right", ncols=2).set_zorder(1)
        return figure

    def errors(self, model: MatrixFactorization, params: Params) -> list[float]:
        """Return the root mean squared errors on the known ratings and on the hidden entries."""
        parts = ((self.X, self.y), self.held_out)
        return [rmse(y, model.predict(params, X)) for X, y in parts]

    def update(self, model: MatrixFactorization, run: Run, epoch: int) -> None:
        """Move the artists to an epoch of a run."""
        params = run.path[epoch]
        with np.errstate(over="ignore", invalid="ignore"):
            plots.plot_table(self.table_of(params), self.table_ax, artists=self.table)
        known, hidden = np.transpose(self.remembered.of(run, lambda params: self.errors(model, params)))
        plots.plot_loss(known, self.error_ax, epoch=epoch, artists=self.curves[:3])
        plots.plot_loss(hidden, self.error_ax, epoch=epoch, artists=self.curves[3:])

    def words(self, model: MatrixFactorization, run: Run, epoch: int) -> str:
        """Say what the artists show at an epoch of a run."""
        if not np.isfinite(run.losses[epoch]):
            return f"loss {run.losses[epoch]:.4g}"
        known, hidden = self.remembered.at(run, epoch, lambda params: self.errors(model, params))
        drawn = f" (drawn: the {len(self.users)} users and {len(self.items)} items with the most ratings)"
        return (
            f"loss {run.losses[epoch]:.4g}, RMSE {known:.4g} on known entries and {hidden:.4g} on hidden ones"
            f"{drawn if len(self.users) < model.n_users or len(self.items) < model.n_items else ''}"
        )


def point(values: Params) -> Array:
    """Return what belongs to (w, b) as a point of the loss surface."""
    return np.array([values["w"][0], values["b"]])


def pair(way: Array) -> str:
    """Write a direction as a pair of numbers that a line break leaves together."""
    return f"({way[0]:.2g},{NO_BREAK}{way[1]:.2g})".replace("-", "−")


def sample(n_samples: int, count: int = DRAWN) -> Array | slice:
    """Return which rows to draw: all of them, or as many as the eye can tell apart, always the same."""
    if n_samples <= count:
        return slice(None)
    return np.sort(np.random.RandomState(0).choice(n_samples, max(count, 1), replace=False))


def told(n_samples: int) -> str:
    """Say that it is a sample that is drawn, where it is one."""
    return f" (drawn: {DRAWN:,} of the {n_samples:,} rows)" if n_samples > DRAWN else ""


def busiest(numbers: Array, count: int) -> Array:
    """Return the users, or the items, to draw: all of them, or those with the most ratings, in order."""
    if count <= DRAWN_TO_A_SIDE:
        return np.arange(count)
    ratings = np.bincount(numbers, minlength=count)
    return np.sort(np.argsort(-ratings, kind="stable")[:DRAWN_TO_A_SIDE])


def check_data(
    model: Any, X: ArrayLike, y: ArrayLike, epochs: int, *, n_features: int
) -> tuple[Array, Array]:
    """Return X and y as arrays, if a picture of so many features can be drawn of them."""
    check_model(model, "init", "predict", "loss", "gradient")
    X, y = check_X_y(X, y, n_features)
    for name, array in (("X", X), ("y", y)):
        check_finite(name, array)
        check_small(name, array)
    check_count("epochs", epochs, minimum=1)
    if getattr(model, "n_features", n_features) != n_features:
        raise ValueError(f"model must have n_features={n_features} to be drawn, got {brief(model)}")
    return X, y


def check_linear(model: Any) -> None:
    """Raise unless this is the model whose loss is drawn over w and b."""
    if not isinstance(model, LinearRegression):
        raise TypeError(f"model must be a LinearRegression, got {brief(model)}")


def check_names(name: str, given: Any, count: int, *, or_none: bool = False) -> list[str]:
    """Return so many names as a list."""
    found = check_list(name, given, str, f"{count} names")
    if len(found) != count and not (or_none and not found):
        raise ValueError(f"{name} must be {count} names, got {brief(found)}")
    return found


def check_held_out(
    model: Any, params: Params, held_out: Any, epochs: int, *, n_features: int = 2
) -> tuple[Array, Array]:
    """Return held-out rows as arrays, if the model can be judged by them."""
    if not isinstance(held_out, tuple | list) or len(held_out) != 2:
        raise TypeError(f"held_out must be a pair (X, y), got {type(held_out).__name__}")
    X, y = check_data(model, held_out[0], held_out[1], epochs, n_features=n_features)
    model.loss(params, X, y)
    return X, y
