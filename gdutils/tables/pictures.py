"""The models that fit a problem, and what a panel shows of them on any number of columns."""

import numpy as np
from sklearn.metrics import ConfusionMatrixDisplay, confusion_matrix

from gdutils import models, plots
from gdutils.optimizers import SGD, Adam
from gdutils.panel import LossPicture, RatingsPicture
from gdutils.panel.pictures import number, sample
from gdutils.stability import round_down
from gdutils.tables.reading import shortened


def suited(problem):
    """Return the models that fit a problem, by name, each with an optimizer to begin with.

    Parameters
    ----------
    problem : Problem
        As `gdutils.tables.prepare` returns it.

    Returns
    -------
    dict of str to (model, optimizer)
        Linear regression for a number; for two classes logistic regression and the linear SVM; for any
        number of classes softmax regression and the neural network; for ratings matrix factorization. The
        three regressions begin at a quarter of the largest rate that is guaranteed to be stable, 2/λ.
    """
    X, d, n_classes, found = problem.X_train, problem.X_train.shape[1], len(problem.labels), {}
    if problem.transformer is None:
        sizes = np.vstack([X, problem.X_test]).max(axis=0) + 1
        return {"matrix factorization": (models.MatrixFactorization(*sizes, rank=4, reg=0.05), Adam(0.05))}
    if n_classes == 0:
        return {"linear regression": gently(models.LinearRegression(d), X)}
    if n_classes == 2:
        found["logistic regression"] = gently(models.LogisticRegression(d), X)
        found["linear SVM"] = models.LinearSVM(d, C=10), SGD(0.01)
    found["softmax regression"] = gently(models.SoftmaxRegression(d, n_classes), X)
    found["neural network"] = models.NeuralNetwork(d, 16, n_classes), Adam(0.01)
    return found


def gently(model, X):
    """Return a model with plain descent at a quarter of the largest rate that is guaranteed to be stable."""
    return model, SGD(float(round_down(0.5 / model.curvature_bound(X), 2)))


def encode(model, y):
    """Return the labels that a model wants for the classes 0, 1, …: the SVM takes −1 and +1."""
    return np.take(model.labels, y) if model.labels else y


def predict_classes(model, params, X):
    """Return the number of the class, from 0, that a model gives to each row, an array of shape (n,)."""
    predicted = model.predict(params, X)
    if predicted.ndim == 2:  # a probability per class
        return predicted.argmax(axis=1)
    return (predicted >= np.mean(model.labels)).astype(int)


def picture_of(problem, model, epochs):
    """Return the picture for a model and a problem: how its held-out rows fare.

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
    if not problem.labels:
        picture = (FitPicture if problem.transformer else RatingsPicture)(model, **how)
        error = number(np.sqrt(np.mean((y_test - y.mean()) ** 2)))
        picture.remark = f"; always guessing the mean would score {error}"
        return picture
    picture = ConfusionPicture(model, **how, labels=[shortened(name, 14) for name in problem.labels])
    usual = np.bincount(problem.y_train).argmax()
    score = np.mean(problem.y_test == usual)
    picture.remark = f"; always guessing {picture.labels[usual]} would score {score:.3f}"
    return picture


class HeldOutPicture(LossPicture):
    """The loss, and beside it how the rows fare."""

    def suited_limits(self, start_loss):
        """Return room above the start for a run that diverges, and three powers of ten below it."""
        return start_loss / 1_000, 6 * start_loss


class FitPicture(HeldOutPicture):
    """For a regression: what is predicted for held-out rows, against what was measured."""

    def compose(self, figure):
        """Draw the line on which a prediction is exact; the points will move up and down."""
        ax, loss_ax = figure.subplots(1, 2)
        X, y = self.parts[1]
        self.rows = X[sample(len(y))], y[sample(len(y))]
        ax.axline((y[0], y[0]), slope=1, color=plots.MODEL, linewidth=1.5)
        ax.set(title="How far are held-out rows off?", xlabel="measured", ylabel="predicted")
        (self.dots,) = ax.plot(y, y, "^", color=plots.HELD_OUT, markersize=5, alpha=0.6)
        return [self.dots, *self.compose_loss(loss_ax)]

    def draw(self, model, run, epoch):
        """Move the points to what is predicted."""
        X, y = self.rows
        self.dots.set_data(y, model.predict(run.path[epoch], X))

    def describe(self, model, run, epoch):
        """Say the root mean squared errors on both kinds of rows."""
        errors = [np.sqrt(np.mean((y - model.predict(run.path[epoch], X)) ** 2)) for X, y in self.parts]
        return f", RMSE {number(errors[0])}, on held-out rows {number(errors[1])}"


class ConfusionPicture(HeldOutPicture):
    """For a classification: which class the held-out rows have, against which they are given.

    The parameters are those of `LossPicture`, and `labels`: what the classes are called.
    """

    def __init__(self, *args, labels, **kwargs):
        # In letters that the font of a picture has.
        self.labels = [name.encode("cp1252", "replace").decode("cp1252") for name in labels]
        super().__init__(*args, **kwargs)

    def compose(self, figure):
        """Draw the names of the classes; the colors and the counts will move."""
        ax, loss_ax = figure.subplots(1, 2)
        table = np.zeros((len(self.labels), len(self.labels)))
        how = {"cmap": "Blues", "colorbar": False, "im_kw": {"vmin": 0, "vmax": 1.6, "aspect": "auto"}}
        display = ConfusionMatrixDisplay(table, display_labels=self.labels).plot(ax=ax, **how)
        self.image, self.counts = display.im_, display.text_.ravel()
        ax.grid(visible=False)
        ax.set(title="Which held-out rows are misclassified?", xlabel="predicted class", ylabel="true class")
        return [self.image, *self.counts, *self.compose_loss(loss_ax)]

    def table(self, model, params):
        """Return how many held-out rows of class j are given class k, an array of shape (K, K)."""
        X, y = self.parts[1]
        found = encode(model, predict_classes(model, params, X))
        return confusion_matrix(y, found, labels=encode(model, range(len(self.labels))))

    def draw(self, model, run, epoch):
        """Set the counts, and color each row by its shares."""
        table = self.table(model, run.path[epoch])
        for text, count in zip(self.counts, table.ravel(), strict=True):
            text.set(text=f"{count:,}", color="black")
        self.image.set_data(table / table.sum(axis=1, keepdims=True).clip(1))

    def describe(self, model, run, epoch):
        """Say the accuracy and the smallest recall on held-out rows."""
        table = self.table(model, run.path[epoch])
        recall = table.diagonal() / np.where(table.any(axis=1), table.sum(axis=1), np.nan)
        lowest = f"lowest recall {np.nanmin(recall):.3f} ({self.labels[np.nanargmin(recall)]})"
        return f", on held-out rows accuracy {table.trace() / table.sum():.3f}, {lowest}"
