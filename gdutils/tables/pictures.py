"""What a panel shows of a model on a table: pictures for any number of columns, and what to compare with.

`picture_of` chooses the picture for a problem. With one column to predict from, or two, the plane itself can
be drawn, by the pictures of the panels; with more, what is drawn is how the predictions fare.
"""

from functools import cache

import numpy as np
from matplotlib.colors import LinearSegmentedColormap, to_rgb
from matplotlib.font_manager import findfont, get_font
from sklearn.metrics import confusion_matrix, r2_score, root_mean_squared_error

from gdutils import plots
from gdutils.panel import LinePicture, LossPicture, MarginPicture, ProbabilityPicture, RegionsPicture
from gdutils.panel.pictures import DRAWN, number, sample
from gdutils.tables.preparing import check_problem
from gdutils.tables.suited import encode, predict_classes

__all__ = ["picture_of"]

NAMED = 12  # classes up to which each cell of a confusion matrix has room for its number
LONGEST = 14  # letters of a name at an axis


def picture_of(problem, model, epochs):
    """Return the picture for a model and the rows of a table, with a guess to compare with.

    Parameters
    ----------
    problem : Problem
        As `gdutils.tables.prepare` returns it.
    model
        A model of its features and, if it has classes, of those.
    epochs : int
        Length of the runs to be shown.

    Returns
    -------
    LossPicture
        Its caption also says what the simplest of all guesses scores on the held-out rows.

    Raises
    ------
    TypeError
        If it is no problem.
    """
    check_problem(problem)
    features, labels = problem.features, problem.labels
    y, y_test = problem.y_train, problem.y_test
    if problem.task == "regression":
        data = {"X": problem.X_train, "y": y, "epochs": epochs, "held_out": (problem.X_test, y_test)}
        mean = np.full(len(y_test), np.mean(y))
        r2, rmse = few_digits(r2_score(y_test, mean)), root_mean_squared_error(y_test, mean)
        guess = f"always the mean would score {r2} and {rmse:.4g}"
        if len(features) == 1:
            line = PlainLinePicture(model, **data, feature=features[0], target=problem.target)
            return compared(line, guess)
        return compared(FitPicture(model, **data, target=problem.target), guess)
    usual = np.bincount(y).argmax()
    guess = f"always {shortened(labels[usual], 20)!r} would score {np.mean(y_test == usual):.3f}"
    held_out = problem.X_test, encode(model, y_test)
    data = {"X": problem.X_train, "y": encode(model, y), "epochs": epochs, "held_out": held_out}
    if len(features) != 2 or len(labels) > len(plots.CLASSES):
        return compared(ConfusionPicture(model, **data, labels=labels), guess)
    per_class = model.predict(model.init(np.random.RandomState(0)), problem.X_train[:1]).ndim == 2
    of_two = {(0, 1): ProbabilityPicture, (-1, 1): MarginPicture}
    kind = RegionsPicture if per_class else of_two[model.labels]
    picture = kind(
        model,
        **data,
        features=[f"{label(name, 24)}, scaled" for name in features],
        labels=[label(name, LONGEST) for name in labels],
    )
    return compared(picture, guess)


def compared(picture, guess):
    """Return the picture, with a guess to compare with at the end of each caption."""
    picture.remark = f"; {guess}"
    return picture


class FitPicture(LossPicture):
    """For a regression: the predicted against the measured, for training rows and for held-out ones.

    The parameters are those of `LossPicture`, and `target`: what is predicted.
    """

    def __init__(self, *args, target, **kwargs):
        self.target = target
        super().__init__(*args, **kwargs)

    def compose(self, figure):
        """Draw the line on which a prediction is exact; the points will move up and down."""
        ax, loss_ax = figure.subplots(1, 2)
        share = min(1.0, DRAWN / sum(len(y) for _, y in self.parts))
        self.drawn = [
            (X[rows], y[rows])
            for X, y in self.parts
            for rows in [sample(len(y), max(1, int(share * len(y))))]
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
        look = {"markeredgewidth": 0, "linestyle": "none"}
        self.artists = [
            *ax.plot([], [], "o", color=plots.DATA, markersize=4, alpha=0.5, label="training", **look),
            *ax.plot([], [], "^", color=plots.HELD_OUT, markersize=5, alpha=0.8, label="held out", **look),
        ]
        figure.legend(handles=self.artists, loc="outside lower left", ncols=2)
        return [*self.artists, *self.compose_loss(loss_ax)]

    def suited_limits(self, start_loss):
        """Return room above the start, and below the best that the model can do."""
        best = self.model.loss(self.model.minimum(self.X, self.y), self.X, self.y)
        top = 6 * start_loss or 1.0
        return max(0.5 * best, 1e-5 * top), top

    def draw(self, model, run, epoch):
        """Move the points to what is predicted; beyond the axes they stay at the edge."""
        for artist, (X, y) in zip(self.artists, self.drawn, strict=True):
            artist.set_data(y, np.clip(model.predict(run.path[epoch], X), *self.limits))

    def describe(self, model, run, epoch):
        """Say R² and the root mean squared error, of both kinds of rows."""
        return f", {fit_words(model, run.path[epoch], *self.parts)}"


class PlainLinePicture(LinePicture):
    """For one column: the line, the loss and its surface, as `LinePicture`, and the held-out rows.

    The parameters are those of `LossPicture`, and

    Parameters
    ----------
    feature, target : str
        What is predicted from, and what is predicted.
    """

    def __init__(self, *args, feature, target, **kwargs):
        self.names = (feature, target)
        super().__init__(*args, **kwargs)

    def compose(self, figure):
        """Draw the held-out rows, too."""
        moving = super().compose(figure)
        X, y = self.parts[1]
        rows = sample(len(y), DRAWN // 4)
        look = {"markersize": 4, "alpha": 0.7, "markeredgewidth": 0, "label": "held out"}
        self.data_ax.plot(X[rows, 0], y[rows], "^", color=plots.HELD_OUT, zorder=1.5, **look)
        feature, target = (label(name, 18) for name in self.names)
        self.data_ax.set(xlabel=f"{feature}, scaled", ylabel=target)
        return moving

    def describe(self, model, run, epoch):
        """Say which line it is, and how well it fits both kinds of rows."""
        line = super().describe(model, run, epoch)
        return f"{line}, {fit_words(model, run.path[epoch], *self.parts)}"


class ConfusionPicture(LossPicture):
    """For a classification: which class the held-out rows have, against which they are given.

    The parameters are those of `LossPicture`, and `labels`: what the classes are called.
    """

    def __init__(self, model, *args, labels, **kwargs):
        self.labels = labels
        super().__init__(model, *args, **kwargs)

    def suited_limits(self, start_loss):
        """Return room above the start for a run that diverges, and below it for classes that differ."""
        return start_loss / 300, 6 * start_loss

    def compose(self, figure):
        """Draw the names of the classes; the colors and the counts will move."""
        ax, loss_ax = figure.subplots(1, 2)
        K = len(self.labels)
        # Right ones and mistakes differ in color, and by their place: right is the diagonal.
        pale = [mixed(plots.MODEL, 0.6), (1.0, 1.0, 1.0), mixed(plots.DATA, 0.6)]
        cmap = LinearSegmentedColormap.from_list("mistakes and right ones", pale)
        # Of more than K by K cells, so that the palette of the live figure knows all of the colors.
        self.fine = np.ones((-(-16 // K), -(-16 // K)))
        self.image = ax.imshow(
            np.kron(np.zeros((K, K)), self.fine),
            cmap=cmap,
            vmin=-1,
            vmax=1,
            aspect="auto",
            zorder=1,
            extent=(-0.5, K - 0.5, K - 0.5, -0.5),
            interpolation="nearest",
        )
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
        return [self.image, *self.counts, *self.compose_loss(loss_ax)]

    def pairs(self, model, params, X, y):
        """Return the true and the predicted classes of some rows, by number."""
        labels = model.labels
        return (np.searchsorted(labels, y) if labels else y), predict_classes(model, params, X)

    def table(self, model, params):
        """Return how many held-out rows of class j are given class k, of shape (K, K)."""
        return confusion_matrix(*self.pairs(model, params, *self.parts[1]), labels=range(len(self.labels)))

    def draw(self, model, run, epoch):
        """Set the counts, and color each row by its shares: the right ones apart from the mistakes."""
        table = self.table(model, run.path[epoch])
        shares = table / np.maximum(table.sum(axis=1, keepdims=True), 1)
        seen = np.where(table > 0, 0.2 + 0.8 * shares, 0)  # a single mistake among many can be seen
        self.image.set_data(np.kron(seen * np.where(np.eye(len(table), dtype=bool), 1, -1), self.fine))
        for text, count in zip(self.counts, table.ravel(), strict=False):
            text.set_text(f"{count:,}" if count else "·")

    def describe(self, model, run, epoch):
        """Say the accuracy of both kinds of rows."""
        pairs = [self.pairs(model, run.path[epoch], *rows) for rows in self.parts]
        known, hidden = (np.mean(true == predicted) for true, predicted in pairs)
        return f", accuracy {known:.3f}, on held-out rows {hidden:.3f}"


def fit_words(model, params, known, hidden):
    """Say how well a regression fits its training rows and the held-out ones."""
    with np.errstate(all="ignore"):
        answers = [(y, model.predict(params, X)) for X, y in (known, hidden)]
        known_r2, hidden_r2 = (few_digits(r2_score(*answer)) for answer in answers)
        known_rmse, hidden_rmse = (number(root_mean_squared_error(*answer)) for answer in answers)
    return f"R² {known_r2}, RMSE {known_rmse}, on held-out rows {hidden_r2} and {hidden_rmse}"


def mixed(color, share):
    """Return a share of a color on white."""
    return tuple(1 - share * (1 - part) for part in to_rgb(color))


def shortened(name, length):
    """Return a name that has room."""
    return name if len(name) <= length else name[: length - 1] + "…"


def label(name, length):
    """Return a name for an axis, without line breaks and letters that the font lacks."""
    name = shortened(" ".join(name.split()), length)
    return "".join(letter if ord(letter) in letters() else "□" for letter in name)


@cache
def letters():
    """Return the code points that the font of the pictures has."""
    return frozenset(get_font(findfont("DejaVu Sans")).get_charmap())


def few_digits(value):
    """Return R² in three digits, with a minus sign instead of a hyphen; next to nothing is nothing."""
    return number(value, 3) if abs(value) >= 0.0005 else "0"
