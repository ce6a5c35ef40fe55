"""What a panel shows of a model on a table: pictures for any number of columns, and what to compare with.

`picture_of` chooses the picture for a problem. With one column to predict from, or two, the plane itself can
be drawn, by `gdutils.pictures`; with more, what is drawn is how the predictions fare.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from functools import cache
from typing import Any

import matplotlib.style
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.font_manager import findfont, get_font
from numpy.typing import ArrayLike, NDArray

from gdutils import plots
from gdutils.checks import brief, check_list, check_model, check_text
from gdutils.figures import PanelFigure, frame_loss
from gdutils.models import LinearRegression, LinearSVM, LogisticRegression
from gdutils.pictures import (
    DRAWN,
    LinePicture,
    MarginPicture,
    Picture,
    ProbabilityPicture,
    RegionsPicture,
    Remembered,
    check_data,
    check_held_out,
    check_linear,
    sample,
    told,
)
from gdutils.scores import accuracy, encode, predict_classes, r2, rmse
from gdutils.tables import Problem, check_problem
from gdutils.training import Params, Run

__all__ = [
    "ConfusionPicture",
    "FitPicture",
    "PlainLinePicture",
    "picture_of",
]

Array = NDArray[Any]

NAMED = 12  # classes up to which each cell of a confusion matrix has room for its number
LONGEST = 14  # letters of a name that stands at an axis


class TablePicture(ABC):
    """How the predictions fare, and the loss of training rows and of held-out ones.

    Parameters
    ----------
    model
    X : array-like of shape (n_samples, n_features)
    y : array-like of shape (n_samples,)
    epochs : int
        Length of the runs to be shown.
    held_out : tuple of X and y
        Rows that are not trained on.
    """

    def __init__(
        self,
        model: Any,
        X: ArrayLike,
        y: ArrayLike,
        epochs: int,
        held_out: tuple[ArrayLike, ArrayLike],
    ) -> None:
        d = getattr(model, "n_features", 1)  # `check_data` says what is no model
        self.X, self.y = check_data(model, X, y, epochs, n_features=d)
        self.model, self.epochs = model, int(epochs)
        start = model.init(np.random.RandomState(0))
        start_loss = model.loss(start, self.X, self.y)  # the model knows which labels are right
        self.held_out = check_held_out(model, start, held_out, epochs, n_features=d)
        self.held_losses, self.scores = Remembered(), Remembered()
        with matplotlib.style.context("gdutils.lesson"):
            figure = Figure(figsize=(8.4, 3.4))
            self.ax, self.loss_ax = figure.subplots(1, 2)
            moving = self.compose(self.ax)
            frame_loss(self.loss_ax, epochs, self.loss_limits(start_loss))
            self.curve = plot_two_losses(self.loss_ax)
        self.live = PanelFigure(figure, [*moving, *self.curve], loss_ax=self.loss_ax, kept=self.curve[::3])

    @abstractmethod
    def compose(self, ax: Axes) -> Sequence[Any]:
        """Draw what stands still, and return the artists that will move."""

    @abstractmethod
    def show(self, model: Any, params: Params) -> None:
        """Move the artists to some parameters."""

    @abstractmethod
    def judge(self, model: Any, params: Params) -> str:
        """Say how well the predictions fit."""

    def loss_limits(self, start_loss: float) -> tuple[float, float]:
        """Return the ends of the loss axis, with room above for a run that diverges."""
        return start_loss / 300, 6 * start_loss

    def update(self, model: Any, run: Run, epoch: int) -> None:
        """Move the artists to an epoch of a run."""
        self.show(model, run.path[epoch])
        losses = self.held_losses.of(run, lambda params: model.loss(params, *self.held_out))
        plots.plot_loss(run.losses, self.loss_ax, epoch=epoch, artists=self.curve[:3])
        plots.plot_loss(losses, self.loss_ax, epoch=epoch, artists=self.curve[3:])

    def words(self, model: Any, run: Run, epoch: int) -> str:
        """Say what the artists show at an epoch of a run."""
        loss = f"loss {run.losses[epoch]:.4g}"
        if not np.isfinite(run.losses[epoch]):
            return loss
        score = self.scores.at(run, epoch, lambda params: self.judge(model, params))
        return f"{loss}, {score}{told(len(self.y))}"


class FitPicture(TablePicture):
    """For a regression: the predicted against the measured, for training rows and for held-out ones.

    The parameters are those of `TablePicture`, and

    Parameters
    ----------
    target : str
        What is predicted.
    """

    def __init__(self, *args: Any, target: str = "y", **kwargs: Any) -> None:
        check_text("target", target)
        self.target = target
        super().__init__(*args, **kwargs)

    def compose(self, ax: Axes) -> Sequence[Any]:
        """Draw the line on which a prediction is exact; the points will move up and down."""
        n_train, n_test = len(self.y), len(self.held_out[1])
        share = min(1.0, DRAWN / (n_train + n_test))
        self.drawn = [
            (X[rows], y[rows])
            for X, y in ((self.X, self.y), self.held_out)
            for rows in [sample(len(y), int(share * len(y)))]
        ]
        measured = np.concatenate([y for _, y in self.drawn])
        low, high = measured.min(), measured.max()
        room = 0.06 * (high - low or 1.0)
        self.limits = low - room / 2, high + room / 2
        ax.set(xlim=(low - room, high + room), ylim=(low - room, high + room))
        ax.axline((low, low), slope=1, color=plots.MODEL, linewidth=1.5, zorder=1)
        ax.locator_params(nbins=6)
        name = label(self.target, 24)
        ax.set(title="Do they lie on the line?", xlabel=f"{name}, measured", ylabel=f"{name}, predicted")
        self.points = plot_points(ax)
        ax.figure.legend(handles=self.points, loc="outside lower left", ncols=2)
        return self.points

    def loss_limits(self, start_loss: float) -> tuple[float, float]:
        """Return room above the start, and below the best that the model can do."""
        with np.errstate(over="ignore", invalid="ignore"):
            best = self.model.loss(self.model.minimum(self.X, self.y), self.X, self.y)
        top = 6 * start_loss or 1.0
        return max(0.5 * best, 1e-5 * top), top

    def show(self, model: Any, params: Params) -> None:
        """Move the points to what is predicted; beyond the axes they stay at the edge."""
        for artist, (X, y) in zip(self.points, self.drawn, strict=True):
            with np.errstate(over="ignore", invalid="ignore"):
                artist.set_data(y, np.clip(model.predict(params, X), *self.limits))

    def judge(self, model: Any, params: Params) -> str:
        """Return R² and the root mean squared error, of both kinds of rows."""
        return fit_words(model, params, (self.X, self.y), self.held_out)


class PlainLinePicture(LinePicture):
    """For one column: the line, the loss and its surface, as `LinePicture`, and the held-out rows.

    The parameters are those of `FitPicture`, and

    Parameters
    ----------
    feature : str
        What is predicted from.
    """

    def __init__(
        self,
        model: LinearRegression,
        X: ArrayLike,
        y: ArrayLike,
        epochs: int,
        held_out: tuple[ArrayLike, ArrayLike],
        *,
        feature: str = "x",
        target: str = "y",
    ) -> None:
        check_linear(model)
        check_text("feature", feature)
        check_text("target", target)
        self.held_out = check_held_out(model, model.init(), held_out, epochs, n_features=1)
        self.names = feature, target
        self.held_losses, self.scores = Remembered(), Remembered()
        super().__init__(model, X, y, epochs)

    def _compose(self, start: Params, start_loss: float) -> Figure:
        figure = super()._compose(start, start_loss)
        X, y = self.held_out
        rows = sample(len(y), DRAWN // 4)
        look: dict[str, Any] = {"markersize": 4, "alpha": 0.7, "markeredgewidth": 0, "label": "held out"}
        self.data_ax.plot(X[rows, 0], y[rows], "^", color=plots.HELD_OUT, zorder=1.5, **look)
        feature, target = (label(name, 18) for name in self.names)
        self.data_ax.set(xlabel=f"{feature}, scaled", ylabel=target)
        self.held_curve = plots.plot_loss([1.0], self.loss_ax, color=plots.HELD_OUT, linestyle="--")
        self.loss_ax.legend([self.curve[1], self.held_curve[1]], ["training", "held out"], loc="upper right")
        self.curve = [*self.curve, *self.held_curve]
        return figure

    def update(self, model: LinearRegression, run: Run, epoch: int) -> None:
        """Move the artists to an epoch of a run."""
        super().update(model, run, epoch)
        losses = self.held_losses.of(run, lambda params: model.loss(params, *self.held_out))
        plots.plot_loss(losses, self.loss_ax, epoch=epoch, artists=self.held_curve)

    def words(self, model: LinearRegression, run: Run, epoch: int) -> str:
        """Say what the artists show at an epoch of a run."""
        text = super().words(model, run, epoch)
        if not np.isfinite(run.losses[epoch]):
            return text
        of = (self.X, self.y), self.held_out
        return f"{text}, {self.scores.at(run, epoch, lambda params: fit_words(model, params, *of))}"


class ConfusionPicture(TablePicture):
    """For a classification: which class the held-out rows have, against which they are given.

    The parameters are those of `TablePicture`, and

    Parameters
    ----------
    labels : sequence of str
        What the classes are called, in the order of their numbers.
    """

    def __init__(self, *args: Any, labels: Sequence[str], **kwargs: Any) -> None:
        self.labels = check_list("labels", labels, str, "names", least=2)
        super().__init__(*args, **kwargs)

    def compose(self, ax: Axes) -> Sequence[Any]:
        """Draw the names of the classes; the colors and the counts will move."""
        K = len(self.labels)
        if getattr(self.model, "n_classes", 2) != K:
            raise ValueError(f"labels must name the classes of {self.model!r}, got {brief(self.labels)}")
        self.truth = self.numbers(self.held_out[1])
        # Right ones and mistakes differ in color, and by their place: right is the diagonal.
        pale = [mixed(plots.MODEL, 0.6), (1.0, 1.0, 1.0), mixed(plots.DATA, 0.6)]
        cmap = LinearSegmentedColormap.from_list("mistakes and right ones", pale)
        # Of more than K by K cells, so that the palette of the live figure knows all of the colors.
        self.fine = np.ones((-(-16 // K), -(-16 // K)))
        self.image = ax.imshow(
            np.kron(np.zeros((K, K)), self.fine), cmap=cmap, vmin=-1, vmax=1, aspect="auto", zorder=1,
            extent=(-0.5, K - 0.5, K - 0.5, -0.5), interpolation="nearest",
        )  # fmt: skip
        self.counts = [
            ax.text(k, j, "0", ha="center", va="center", fontsize=10, clip_on=True)
            for j in range(K if K <= NAMED else 0)
            for k in range(K)
        ]
        names = [label(name, LONGEST) for name in self.labels]
        if K <= NAMED:
            long = sum(map(len, names)) > 30
            ax.set_xticks(range(K), names, rotation=30 if long else 0, ha="right" if long else "center")
            ax.set_yticks(range(K), names)
        ax.grid(visible=False)
        ax.tick_params(length=0)
        ax.set(title="Which held-out rows are mistaken?", xlabel="class given", ylabel="true class")
        return [self.image, *self.counts]

    def numbers(self, y: Array) -> Array:
        """Return the numbers of the classes, from 0."""
        return (y + 1) // 2 if isinstance(self.model, LinearSVM) else y

    def table(self, model: Any, params: Params) -> Array:
        """Return how many held-out rows of class j are given class k, of shape (K, K)."""
        K, (X, _) = len(self.labels), self.held_out
        pairs = K * self.truth + predict_classes(model, params, X)
        return np.bincount(pairs, minlength=K * K).reshape(K, K)

    def show(self, model: Any, params: Params) -> None:
        """Set the counts, and color each row by its shares: the right ones apart from the mistakes."""
        table = self.table(model, params)
        shares = table / np.maximum(table.sum(axis=1, keepdims=True), 1)
        seen = np.where(table > 0, 0.2 + 0.8 * shares, 0)  # a single mistake among many can be seen
        self.image.set_data(np.kron(seen * np.where(np.eye(len(table), dtype=bool), 1, -1), self.fine))
        for text, count in zip(self.counts, table.ravel(), strict=False):
            text.set_text(f"{count:,}" if count else "·")

    def judge(self, model: Any, params: Params) -> str:
        """Return the accuracy of both kinds of rows."""
        known = accuracy(self.numbers(self.y), predict_classes(model, params, self.X))
        hidden = accuracy(self.truth, predict_classes(model, params, self.held_out[0]))
        return f"accuracy {known:.3f}, on held-out rows {hidden:.3f}"


class Compared:
    """A picture whose words also say what the simplest of all guesses scores on the held-out rows.

    Parameters
    ----------
    picture : Picture
    guess : str
        Such as "always the mean would score −0.01".
    """

    def __init__(self, picture: Picture, guess: str) -> None:
        self.picture, self.guess = picture, guess
        self.model, self.X, self.y = picture.model, picture.X, picture.y
        self.epochs, self.live = picture.epochs, picture.live

    def update(self, model: Any, run: Run, epoch: int) -> None:
        """Move the artists to an epoch of a run."""
        self.picture.update(model, run, epoch)

    def words(self, model: Any, run: Run, epoch: int) -> str:
        """Say what the artists show at an epoch of a run, and what the guess scores."""
        text = self.picture.words(model, run, epoch)
        return f"{text}; {self.guess}" if np.isfinite(run.losses[epoch]) else text


def picture_of(problem: Problem, model: Any, epochs: int) -> Picture:
    """Return the picture for a model and the rows of a table, with a guess to compare with.

    Parameters
    ----------
    problem : Problem
        As `gdutils.tables.prepare` returns it.
    model
        A model of its features and, if it has classes, of those.
    epochs : int
        Length of the runs to be shown.
    """
    check_problem(problem)
    check_model(model, "init", "predict", "loss")
    features, labels = problem.features, problem.labels
    y, y_test = (encode(model, part) for part in (problem.y_train, problem.y_test))
    data: dict[str, Any] = {"X": problem.X_train, "y": y, "epochs": epochs}
    data["held_out"] = problem.X_test, y_test
    if problem.task == "regression":
        mean = np.full(len(y_test), np.mean(y))
        guess = f"always the mean would score {few_digits(r2(y_test, mean))} and {rmse(y_test, mean):.4g}"
        if len(features) == 1:
            line = PlainLinePicture(model, **data, feature=features[0], target=problem.target)
            return Compared(line, guess)
        return Compared(FitPicture(model, **data, target=problem.target), guess)
    usual = np.bincount(problem.y_train).argmax()
    guess = f"always {shortened(labels[usual], 20)!r} would score {np.mean(problem.y_test == usual):.3f}"
    if len(features) != 2 or len(labels) > len(plots.CLASSES):
        return Compared(ConfusionPicture(model, **data, labels=labels), guess)
    kind = {LogisticRegression: ProbabilityPicture, LinearSVM: MarginPicture}.get(type(model), RegionsPicture)
    names: dict[str, Any] = {
        "features": [f"{label(name, 24)}, scaled" for name in features],
        "labels": [label(name, LONGEST) for name in labels],
    }
    return Compared(kind(model, **data, **names), guess)


def fit_words(model: Any, params: Params, known: tuple[Array, Array], hidden: tuple[Array, Array]) -> str:
    """Say how well a regression fits its training rows and the held-out ones."""
    with np.errstate(over="ignore", invalid="ignore"):
        answers = [(y, model.predict(params, X)) for X, y in (known, hidden)]
    known_r2, hidden_r2 = (few_digits(r2(*answer)) for answer in answers)
    known_rmse, hidden_rmse = (f"{rmse(*answer):.4g}" for answer in answers)
    return f"R² {known_r2}, RMSE {known_rmse}, on held-out rows {hidden_r2} and {hidden_rmse}"


def plot_points(ax: Axes) -> list[Any]:
    """Make the points of training rows and of held-out ones, without a place yet."""
    artists = ax.plot([], [], "o", color=plots.DATA, markersize=4, alpha=0.5, label="training")
    artists += ax.plot([], [], "^", color=plots.HELD_OUT, markersize=5, alpha=0.8, label="held out")
    for artist in artists:
        artist.set_markeredgewidth(0)
    return artists


def plot_two_losses(ax: Axes) -> list[Any]:
    """Make the curves of the training loss and of the held-out one, with their legend."""
    curves = [*plots.plot_loss([1.0], ax, label="training")]
    curves += plots.plot_loss([1.0], ax, color=plots.HELD_OUT, linestyle="--", label="held out")
    ax.legend(loc="upper right", ncols=2).set_zorder(1)
    return curves


def mixed(color: str, share: float) -> tuple[float, float, float]:
    """Return a share of a color on white."""
    red, green, blue = (1 - share * (1 - part) for part in matplotlib.colors.to_rgb(color))
    return red, green, blue


def shortened(name: str, length: int) -> str:
    """Return a name that has room."""
    return name if len(name) <= length else name[: length - 1] + "…"


def label(name: str, length: int) -> str:
    """Return a name for an axis, without mathematics, line breaks and letters that the font lacks."""
    name = shortened(" ".join(name.split()), length)
    return "".join(letter if ord(letter) in letters() else "□" for letter in name).replace("$", r"\$")


@cache
def letters() -> frozenset[int]:
    """Return what the font of the pictures has."""
    return frozenset(get_font(findfont("DejaVu Sans")).get_charmap())


def few_digits(value: float) -> str:
    """Return R² in three digits, with a minus sign instead of a hyphen; next to nothing is nothing."""
    return f"{value:.3g}".replace("-", "−") if abs(value) >= 0.0005 else "0"
