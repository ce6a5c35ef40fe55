"""The pictures of the map in notebooks/00_start_here.ipynb, one per lesson: `make pictures` draws them again.

Each shows what its lesson is about at the size of a thumb: no axes, no words, thick lines.
"""

from pathlib import Path

import numpy as np
from matplotlib.figure import Figure
from sklearn.datasets import make_blobs, make_circles

from gdutils import datasets, plots
from gdutils.landscapes import Bowl, Parabola, walk
from gdutils.models import (
    LinearRegression,
    LinearSVM,
    LogisticRegression,
    MatrixFactorization,
    NeuralNetwork,
    SoftmaxRegression,
)
from gdutils.optimizers import SGD, Adam, Momentum
from gdutils.training import train

FOLDER = Path(__file__).parent.parent / "notebooks" / "pictures"


def hiker(ax):
    """01: a parabola, and the steps down."""
    parabola, x = Parabola(), np.linspace(-11, 11, 200)
    path = walk(parabola, SGD(lr=0.1), 10.0, 12)
    ax.plot(x, parabola(x), color=plots.DATA, linewidth=4)
    ax.plot(path, parabola(path), "o-", color=plots.PATH, markersize=9, linewidth=2)
    ax.plot(path[0], parabola(path[0]), "o", color=plots.MODEL, markersize=14)


def three_rates(ax):
    """02: too small, right, too large."""
    x = np.linspace(-14, 14, 200)
    ax.plot(x, Parabola()(x), color="#bbbbbb", linewidth=4)
    runs = ((0.02, -11, plots.DATA, "s"), (0.3, -6, plots.HELD_OUT, "o"), (1.08, 3.2, plots.MODEL, "^"))
    for lr, start, color, marker in runs:
        path = walk(Parabola(), SGD(lr=lr), start, 8)
        ax.plot(path, Parabola()(path), marker + "-", color=color, markersize=9, linewidth=2)
    ax.set(xlim=(-13, 13), ylim=(-12, 150))


def three_kinds(ax):
    """03: the paths of the full batch and of single rows over the surface of the loss."""
    X, y = datasets.make_line(noise=2.0)
    model, start = LinearRegression(n_features=1), {"w": np.array([0.4]), "b": np.array(-1.9)}
    plots.plot_surface(model, X, y, ax, start=start)
    for size, color, width in ((1, plots.MODEL, 1.0), (None, plots.PATH, 4.0)):
        settings = {"epochs": 1 if size else 60, "batch_size": size, "params": start}
        if size:
            steps = [start]
            for k in np.random.RandomState(0).permutation(len(y)):
                row = train(model, X[[k]], y[[k]], SGD(lr=0.04), epochs=1, params=steps[-1])
                steps.append(row.params)
        else:
            steps = train(model, X, y, SGD(lr=0.08), **settings).path
        ax.plot(*np.array([[p["w"][0], p["b"]] for p in steps]).T, color=color, linewidth=width)


def race(ax):
    """04: three optimizers in one ravine."""
    ravine = Bowl(condition=12)
    x, y = np.meshgrid(np.linspace(-11, 3, 200), np.linspace(-3.4, 3.4, 200))
    ax.contourf(x, y, np.sqrt(ravine(np.stack([x, y], axis=-1))), 14, cmap=plots.pale_grays())
    racers = (
        (SGD(lr=0.155), plots.DATA),
        (Momentum(lr=0.03, beta=0.8), plots.MODEL),
        (Adam(lr=0.5), plots.HELD_OUT),
    )
    for optimizer, color in racers:
        ax.plot(*walk(ravine, optimizer, (-10.0, 2.6), 26).T, ".-", color=color, linewidth=3, markersize=9)
    ax.plot(0, 0, "*", color="white", markeredgecolor="black", markersize=26)


def line(ax):
    """05: a line that turns until it fits."""
    X, y = datasets.make_line()
    plots.plot_data(X, y, ax)
    run = train(LinearRegression(n_features=1), X, y, SGD(lr=0.05), epochs=200)
    for epoch, width in ((0, 1), (4, 1.5), (10, 2), (20, 2.5)):
        plots.plot_line(run.path[epoch], ax, color=plots.PATH)[0].set(linewidth=width, alpha=0.5)
    plots.plot_line(run.params, ax)[0].set_linewidth(5)


def probability(ax):
    """06: how probable class 1 is."""
    X, y = make_blobs(120, centers=[(-1.2, 0), (1.2, 0.6)], cluster_std=1.0, random_state=1)
    model = LogisticRegression(n_features=2)
    plots.plot_classes(X, y, ax, size=9)
    plots.plot_probability(model, train(model, X, y, SGD(lr=0.5), epochs=200).params, ax)


def regions(ax):
    """07: three classes divide the plane."""
    X, y = make_blobs(150, centers=[(-2, 0), (2, 0.4), (0, 3)], cluster_std=0.9, random_state=2)
    model = SoftmaxRegression(n_features=2, n_classes=3)
    plots.plot_classes(X, y, ax, size=9)
    plots.plot_regions(model, train(model, X, y, SGD(lr=0.3), epochs=300).params, ax)


def bent(ax):
    """08: a border around a ring, made of straight pieces."""
    X, y = make_circles(200, noise=0.08, factor=0.45, random_state=0)
    model = NeuralNetwork(n_features=2, n_hidden=12, n_classes=2)
    plots.plot_classes(X, y, ax, size=9)
    params = train(model, X, y, Adam(lr=0.02), epochs=300).params
    plots.plot_regions(model, params, ax)
    plots.plot_kinks(params, ax)[0].set(linewidth=1.5, alpha=0.35)


def margin(ax):
    """09: as wide a margin as the points allow."""
    X, y = make_blobs(60, centers=[(-1.8, 0), (1.8, 0.8)], cluster_std=0.8, random_state=3)
    model, y = LinearSVM(n_features=2, C=10), 2 * y - 1
    plots.plot_classes(X, y, ax, size=9)
    run = train(model, X, y, SGD(lr=0.01), epochs=3000)
    for artist in plots.plot_margins(run.params, X, y, ax):
        artist.set(linewidth=3, markersize=17, markeredgewidth=2)


def table(ax):
    """10: a photograph, one half with holes, the other filled in."""
    X, gray, photograph = datasets.load_photograph()
    y = (gray - gray.mean()) / gray.std()
    model = MatrixFactorization(*photograph.shape, rank=5, reg=0.02)
    params = train(model, X, y, SGD(lr=30), epochs=75).params
    picture, half = params["P"] @ params["Q"].T, 48
    picture[:, half:] = np.nan
    right = X[:, 1] >= half
    picture[X[right, 0], X[right, 1]] = y[right]
    plots.plot_table(picture, ax, limits=(-1.6, 1.4), cmap="gray")
    ax.axvline(half - 0.5, color=plots.MODEL, linewidth=4)


def two_ways(ax):
    """11: two curves that agree, ours and the library's."""
    X, y = datasets.make_line(noise=1.5)
    run = train(LinearRegression(n_features=1), X, y, SGD(lr=0.04), epochs=60)
    ax.plot(run.losses, color=plots.MODEL, linewidth=9, alpha=0.45)
    ax.plot(run.losses, color=plots.PATH, linewidth=3, linestyle=(0, (4, 3)))


def checked(ax):
    """12: a pipeline whose last part is yours, and a check mark on it."""
    ax.plot([0.1, 0.9], [0.5, 0.5], color="#999999", linewidth=7, zorder=1)
    for x, color in ((0.2, "white"), (0.5, "white"), (0.8, plots.HELD_OUT)):
        ax.plot(x, 0.5, "s", color=plots.PATH, markerfacecolor=color, markersize=58, markeredgewidth=3)
    ax.plot([0.74, 0.785, 0.87], [0.5, 0.42, 0.6], color="white", linewidth=7)
    ax.set(xlim=(0, 1), ylim=(0, 1))


def measured(ax):
    """13: predicted against measured, of rows that were not trained on."""
    X_train, X_test, y_train, y_test = datasets.load("diabetes")
    model = LinearRegression(n_features=10)
    run = train(model, X_train, y_train, SGD(lr=0.1), epochs=200)
    ax.plot([40, 320], [40, 320], color=plots.PATH, linewidth=3)
    ax.plot(y_train, model.predict(run.params, X_train), ".", color=plots.DATA, alpha=0.4, markersize=9)
    ax.plot(y_test, model.predict(run.params, X_test), "^", color=plots.HELD_OUT, markersize=9)


def apart(ax):
    """14: data in four places, and one that collects what they send."""
    for x, height in ((0.14, 0.4), (0.38, 0.28), (0.62, 0.2), (0.86, 0.12)):
        ax.annotate(
            "", (0.5, 0.79), (x, 0.06 + height), arrowprops={"arrowstyle": "<->", "lw": 2.5, "shrinkB": 14}
        )
        ax.bar(x, height, width=0.17, bottom=0.06, color=plots.DATA, edgecolor=plots.PATH, linewidth=2)
    ax.plot(0.5, 0.82, "o", color=plots.MODEL, markeredgecolor=plots.PATH, markersize=34, markeredgewidth=2)
    ax.set(xlim=(0, 1), ylim=(0, 1))


def question(ax):
    """15: a question, and three answers to choose from."""
    ax.text(0.2, 0.5, "?", fontsize=120, weight="bold", color=plots.MODEL, ha="center", va="center")
    for y, chosen in ((0.75, False), (0.5, True), (0.25, False)):
        face = plots.HELD_OUT if chosen else "white"
        ax.plot(0.45, y, "o", color=plots.PATH, markerfacecolor=face, markersize=19, markeredgewidth=2.5)
        ax.plot([0.55, 0.95 if chosen else 0.85], [y, y], color="#999999", linewidth=7)
    ax.set(xlim=(0, 1), ylim=(0, 1))


def bowl(ax):
    """00: down into a bowl."""
    function = Bowl(condition=5)
    x, y = np.meshgrid(np.linspace(-10, 10, 150), np.linspace(-6, 6, 150))
    ax.contourf(x, y, np.sqrt(function(np.stack([x, y], axis=-1))), 12, cmap="viridis_r", alpha=0.7)
    ax.plot(*walk(function, SGD(lr=0.3), (-9.0, 4.5), 25).T, "o-", color=plots.PATH, markersize=9)
    ax.plot(0, 0, "*", color="white", markeredgecolor="black", markersize=28)


DRAWINGS = [bowl, hiker, three_rates, three_kinds, race, line, probability, regions, bent, margin, table]
NUMBERED = dict(enumerate([*DRAWINGS, two_ways])) | {12: checked, 13: measured, 14: apart, 15: question}


def main():
    """Draw them all."""
    FOLDER.mkdir(exist_ok=True)
    for number, draw in NUMBERED.items():
        with plots.lesson_style():
            figure = Figure(figsize=(3.6, 2.4))
            ax = figure.subplots()
            draw(ax)
            ax.grid(visible=False)
            ax.set(xlabel="", ylabel="", xticks=[], yticks=[])
            for spine in ax.spines.values():
                spine.set(visible=True, color="#cccccc")
            figure.savefig(FOLDER / f"{number:02d}.png", dpi=100, metadata={"Software": None})


if __name__ == "__main__":
    main()
