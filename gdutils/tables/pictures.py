"""What a panel shows of a model on a table of any number of columns, beside what a guess would score."""

from functools import cache

import numpy as np
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.font_manager import findfont, get_font
from sklearn.metrics import confusion_matrix, r2_score

from gdutils import plots
from gdutils.panel import LinePicture, LossPicture, MarginPicture, ProbabilityPicture, RegionsPicture
from gdutils.panel.pictures import number, sample
from gdutils.tables.models import encode, predict_classes
from gdutils.tables.words import shortened

NAMED = 12  # classes up to which each cell of a confusion matrix has room for its number
MAPS = {(0, 1): ProbabilityPicture, (-1, 1): MarginPicture, (): RegionsPicture}  # by the labels of a model
MISTAKES = LinearSegmentedColormap.from_list("mistakes and right", ["#eb9e66", "#ffffff", "#66aad1"])


def picture_of(problem, model, epochs):
    """Return the picture for a model and a problem: a map of two features, or how held-out rows fare.

    Parameters
    ----------
    problem : Problem
        As `gdutils.tables.prepare` returns it.
    model
        One that fits the problem.
    epochs : int
        Length of the runs to be shown.

    Returns
    -------
    LossPicture
        Its caption ends with what always guessing the mean, or the most frequent class, would score.
    """
    y, y_test = (encode(model, each) for each in (problem.y_train, problem.y_test))
    how = {"X": problem.X_train, "y": y, "epochs": epochs, "held_out": (problem.X_test, y_test)}
    names = [label(name, 24) for name in problem.features]
    if problem.task == "regression":
        score = number(r2_score(y_test, np.full(len(y_test), y.mean())), 2)
        picture = (LinePicture if len(names) == 1 else FitPicture)(model, **how)
        picture.remark = f"; always the mean would score R² {score}"
        return picture
    labels = [label(name, 14) for name in problem.labels]
    if len(names) == 2 and len(labels) <= len(plots.CLASSES):
        picture = MAPS[model.labels](model, **how, features=names, labels=labels)
    else:
        picture = ConfusionPicture(model, **how, labels=labels)
    usual = np.bincount(problem.y_train).argmax()
    picture.remark = f"; always {labels[usual]!r} would score {np.mean(problem.y_test == usual):.3f}"
    return picture


class FitPicture(LossPicture):
    """For a regression: the predicted against the measured, for training rows and for held-out ones."""

    def compose(self, figure):
        """Draw the line on which a prediction is exact; the points will move up and down."""
        ax, loss_ax = figure.subplots(1, 2)
        self.drawn = [(X[rows], y[rows]) for X, y in self.parts for rows in [sample(len(y))]]
        self.limits = np.percentile(np.concatenate([y for _, y in self.drawn]), [0, 100])
        ax.plot(self.limits, self.limits, color=plots.MODEL, linewidth=1.5, zorder=1)
        ax.set(title="Do they lie on the line?", xlabel="measured", ylabel="predicted")
        ax.set(xlim=ax.get_xlim(), ylim=ax.get_ylim())
        known, hidden = {"label": "training"}, {"label": "held out", "color": plots.HELD_OUT, "marker": "^"}
        look = {"marker": "o", "color": plots.DATA, "linestyle": "", "markersize": 4, "alpha": 0.6}
        self.artists = [ax.plot([], [], **look | each)[0] for each in (known, hidden)]
        figure.legend(handles=self.artists, loc="outside lower left", ncols=2)
        return [*self.artists, *self.compose_loss(loss_ax)]

    def draw(self, model, run, epoch):
        """Move the points to what is predicted; beyond the axes they stay at the edge."""
        for artist, (X, y) in zip(self.artists, self.drawn, strict=True):
            artist.set_data(y, np.clip(model.predict(run.path[epoch], X), *self.limits))

    def describe(self, model, run, epoch):
        """Say R² of both kinds of rows."""
        known, hidden = (r2_score(y, model.predict(run.path[epoch], X)) for X, y in self.parts)
        return f", R² {number(known, 3)}, on held-out rows {number(hidden, 3)}"


class ConfusionPicture(LossPicture):
    """For a classification: which class the held-out rows have, against which they are given.

    The parameters are those of `LossPicture`, and `labels`: what the classes are called.
    """

    def __init__(self, *args, labels, **kwargs):
        self.labels = labels
        super().__init__(*args, **kwargs)

    def compose(self, figure):
        """Draw the names of the classes; the colors and the counts will move."""
        ax, loss_ax = figure.subplots(1, 2)
        places = range(len(self.labels))
        self.fine = np.ones((-(-16 // len(places)),) * 2)  # of 256 pixels, for the palette of the figure
        side = (-0.5, len(places) - 0.5)
        how = {"cmap": MISTAKES, "vmin": -1, "vmax": 1, "aspect": "auto", "zorder": 1}
        self.image = ax.imshow(np.kron(np.eye(len(places)), self.fine), extent=(*side, *side[::-1]), **how)
        named = places if len(places) <= NAMED else []
        how = {"ha": "center", "va": "center", "clip_on": True}
        self.counts = [ax.text(k, j, "0", **how) for j in named for k in named]
        ax.set_xticks(named, [self.labels[k] for k in named], rotation=20 if len(named) > 3 else 0)
        ax.set_yticks(named, [self.labels[k] for k in named])
        ax.grid(visible=False)
        ax.set(title="Which held-out rows are mistaken?", xlabel="predicted class", ylabel="true class")
        return [self.image, *self.counts, *self.compose_loss(loss_ax)]

    def pairs(self, model, params, X, y):
        """Return the true and the predicted classes of some rows, by number."""
        return (np.searchsorted(model.labels, y) if model.labels else y), predict_classes(model, params, X)

    def table(self, model, params):
        """Return how many held-out rows of class j are given class k, an array of shape (K, K)."""
        return confusion_matrix(*self.pairs(model, params, *self.parts[1]), labels=range(len(self.labels)))

    def draw(self, model, run, epoch):
        """Set the counts, and color each row by its shares: what is right apart from the mistakes."""
        table = self.table(model, run.path[epoch])
        shares = table / np.maximum(table.sum(axis=1, keepdims=True), 1)
        seen = np.where(table > 0, 0.2 + 0.8 * shares, 0)  # a single mistake among many can be seen
        self.image.set_data(np.kron(np.where(np.eye(len(table)), seen, -seen), self.fine))
        for text, count in zip(self.counts, table.ravel(), strict=False):
            text.set_text(f"{count:,}")

    def describe(self, model, run, epoch):
        """Say the accuracy of both kinds of rows, and the smallest recall on held-out ones."""
        pairs = [self.pairs(model, run.path[epoch], *rows) for rows in self.parts]
        known, hidden = (np.mean(true == predicted) for true, predicted in pairs)
        table = self.table(model, run.path[epoch])
        recall = table.diagonal() / np.maximum(table.sum(axis=1), 1)
        lowest = f"lowest recall {recall.min():.3f} ({self.labels[recall.argmin()]})"
        return f", accuracy {known:.3f}, on held-out rows {hidden:.3f}, {lowest}"


def label(name, length):
    """Return a name for a picture, without letters that its font lacks."""
    return "".join(letter if ord(letter) in letters() else "□" for letter in shortened(name, length))


@cache
def letters():
    """Return the code points that the font of the pictures has."""
    return frozenset(get_font(findfont("DejaVu Sans")).get_charmap())
