"""The curves that the quiz shows: each computed from a fixed seed, and drawn into notebooks/data/curves.

After a change, ``python -m tests.quiz_curves`` draws them again.
"""

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from sklearn.datasets import make_blobs

from gdutils import datasets, models
from gdutils.landscapes import Parabola, Saddle, walk
from gdutils.optimizers import SGD, Momentum, RMSprop
from gdutils.training import train

FOLDER = Path(__file__).parent.parent / "notebooks" / "data" / "curves"
LINE, LINE_X, LINE_Y = models.LinearRegression(1), *datasets.make_line()
RATINGS = datasets.make_ratings(random_state=5)[:2]


def zigzag(lr=0.85):
    return {"x": walk(Parabola(), SGD(lr), 10, 15)}


def slow_fall(lr=0.02):
    return {"height": Parabola()(walk(Parabola(), SGD(lr), 10, 60))}


def over_the_pass():
    return {"height": Saddle()(walk(Saddle(), SGD(0.1), (1.8, 1e-4), 150))}


def hovering(lr=0.1, epochs=60, params=None, random_state=3):
    """A line through noisy points, with batch size 1; returns the run."""
    settings = {"batch_size": 1, "params": params, "random_state": random_state}
    return train(LINE, LINE_X, LINE_Y, SGD(lr), epochs=epochs, **settings)


def hovering_above():
    lowest = LINE.loss(LINE.minimum(LINE_X, LINE_Y), LINE_X, LINE_Y)
    return {"loss": hovering().losses - lowest}


def three_batch_sizes(sizes=(10, 100, 1)):
    """The loss after each of 100 steps on 100 rows, at one rate."""
    rng = np.random.RandomState(0)
    X = rng.randn(100, 1)
    y, lines = 2 * X[:, 0] + rng.randn(100), {}
    for name, size in zip(("solid", "dashed", "dash-dotted"), sizes, strict=True):
        params, losses = LINE.init(), []
        for _ in range(100):
            losses.append(LINE.loss(params, X, y))
            rows = rng.choice(100, size, replace=False)
            grads = LINE.gradient(params, X[rows], y[rows])
            params = {key: params[key] - 0.3 * grads[key] for key in params}
        lines[name] = losses
    return lines


def swinging():
    return {"x": walk(Parabola(), Momentum(0.02, 0.9), 10, 80)}


def hopping():
    return {"x": walk(Parabola(), RMSprop(0.3, beta=0.9), 10, 200)}


def rising(factor=1.05):
    """The run of a linear regression at this part of its largest stable rate."""
    return train(LINE, LINE_X, LINE_Y, SGD(factor * 2 / LINE.curvature(LINE_X)), epochs=60)


def overfitting():
    rng = np.random.RandomState(3)
    X = rng.randn(160, 30)
    y = (X[:, 0] + 1.5 * rng.randn(160) > 0).astype(int)
    model, (train_rows, held_out) = models.LogisticRegression(30), (slice(60), slice(60, None))
    run = train(model, X[train_rows], y[train_rows], SGD(0.03), epochs=150)
    losses = [model.loss(params, X[held_out], y[held_out]) for params in run.path]
    return {"training": run.losses, "validation": losses}


def four_classes():
    X, y = make_blobs(200, centers=4, cluster_std=1.5, random_state=0)
    X = (X - X.mean(axis=0)) / X.std(axis=0)
    return {"loss": train(models.SoftmaxRegression(2, 4), X, y, SGD(0.3), epochs=50).losses}


def all_zeros(model):
    return {name: np.zeros(shape) for name, shape in model.shapes.items()}


def unequal_classes(zeros=True):
    """A network on classes with the shares 1/6, 1/3 and 1/2."""
    rng = np.random.RandomState(0)
    y = np.repeat([0, 1, 2], [20, 40, 60])
    X = np.array([[0, 2], [-2, -1], [2, -1]])[y] + 0.7 * rng.randn(120, 2)
    model = models.NeuralNetwork(2, 8, 3)
    params = all_zeros(model) if zeros else model.init(rng)
    return {"loss": train(model, X, y, SGD(0.5), epochs=40, params=params).losses}


def overlapping():
    X, y = make_blobs(300, centers=2, cluster_std=1.2, random_state=4)
    return X - X.mean(axis=0), 2 * y - 1


def kinks(lr=0.5, epochs=100, batch_size=None, params=None):
    """A linear SVM on overlapping classes; returns the run."""
    settings = {"epochs": epochs, "batch_size": batch_size, "params": params}
    return train(models.LinearSVM(2, C=1), *overlapping(), SGD(lr), **settings)


def slow_beginning(scale=1.0, lr=0.3, reg=0.0, epochs=150):
    model = models.MatrixFactorization(30, 25, rank=4, reg=reg)
    params = {name: scale * theta for name, theta in model.init(np.random.RandomState(0)).items()}
    return train(model, *RATINGS, SGD(lr), epochs=epochs, params=params)


STEP, EPOCH = {"xlabel": "step"}, {"xlabel": "epoch", "ylabel": "loss"}
CURVES = {
    "zigzag": (zigzag, STEP | {"ylabel": "x"}),
    "slow-fall": (slow_fall, STEP | {"ylabel": "height"}),
    "over-the-pass": (over_the_pass, STEP | {"ylabel": "height"}),
    "hovering": (hovering_above, EPOCH | {"ylabel": "loss − lowest loss", "yscale": "log"}),
    "three-batch-sizes": (three_batch_sizes, STEP | {"ylabel": "loss", "ylim": (0.5, 1.3)}),
    "swinging": (swinging, STEP | {"ylabel": "x"}),
    "hopping": (hopping, STEP | {"ylabel": "x"}),
    "rising": (lambda: {"loss": rising().losses}, EPOCH | {"yscale": "log"}),
    "overfitting": (overfitting, EPOCH),
    "four-classes": (four_classes, EPOCH | {"ylim": (0, 1.6)}),
    "unequal-classes": (unequal_classes, EPOCH | {"ylim": (0, 1.2)}),
    "kinks": (lambda: {"loss": kinks().losses}, EPOCH | {"ylim": (0.436, 0.438)}),
    "slow-beginning": (lambda: {"loss": slow_beginning().losses}, EPOCH),
}


def draw(name):
    """Return a figure of the curves with this name."""
    curves, axes = CURVES[name]
    with plt.style.context("gdutils.lesson"):
        fig, ax = plt.subplots(figsize=(5.2, 2.3), layout="constrained")
        for (label, values), style in zip(curves().items(), ("-", "--", "-."), strict=False):
            ax.plot(values, style, label=label)
        ax.set(**axes)
        if len(ax.lines) > 1:
            fig.legend(loc="outside right upper")
    return fig


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for each in CURVES:
        draw(each).savefig(FOLDER / f"{each}.png", dpi=100, metadata={"Software": None})
