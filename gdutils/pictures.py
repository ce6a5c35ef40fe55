"""What a panel shows of a run: one figure a kind of model, and the words for it.

A picture is made once for a model and its data. `update` moves its artists to an epoch of a run, `words`
says what they show, and neither knows of any widget.
"""

from __future__ import annotations

from typing import Any

import matplotlib.style
import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from gdutils import plots
from gdutils.canvas import LiveFigure
from gdutils.checks import check_count
from gdutils.models import LinearRegression
from gdutils.training import Params, Run

__all__ = ["LinePicture"]

NO_BREAK = "\N{NO-BREAK SPACE}"  # keeps a formula on one line


class LinePicture:
    """The data with the line, the loss curve, and the loss surface over (w, b) with the path on it.

    Parameters
    ----------
    model : LinearRegression
        With one feature.
    X : ndarray of shape (n_samples, 1)
    y : ndarray of shape (n_samples,)
    epochs : int
        Length of the runs to be shown.
    """

    def __init__(self, model: LinearRegression, X: NDArray[Any], y: NDArray[Any], epochs: int) -> None:
        check_count("epochs", epochs, minimum=1)
        start = model.init()
        with np.errstate(over="ignore", invalid="ignore"):
            start_loss = model.loss(start, X, y)
            if not (start_loss < np.inf and np.mean(np.square(X, dtype=float)) < np.inf):
                raise ValueError("X and y must be small enough for a loss: their squares overflow")
        self.best_loss = model.loss(model.minimum(X, y), X, y)
        with matplotlib.style.context("gdutils.lesson"):
            figure = self._compose(model, X, y, epochs, start, start_loss)
        self.live = LiveFigure(figure, [*self.line, *self.curve, *self.path])

    def _compose(
        self,
        model: LinearRegression,
        X: NDArray[Any],
        y: NDArray[Any],
        epochs: int,
        start: Params,
        start_loss: float,
    ) -> Figure:
        figure = Figure(figsize=(8.4, 3.0))
        self.data_ax, self.loss_ax, self.surface_ax = figure.subplots(1, 3)

        plots.plot_data(X, y, self.data_ax)
        self.data_ax.set(title="Does the line fit?", xlabel="x, feature", ylabel="y, target")

        plots.label_loss(self.loss_ax)
        top = 6 * start_loss or 1.0
        self.loss_ax.set(
            title="Does the loss fall?",
            xlim=(-0.03 * epochs, 1.03 * epochs),
            # Room above the start, so that a run that diverges is seen to leave; an end below, where the
            # best line goes through every point.
            ylim=(max(0.6 * self.best_loss, 1e-5 * top), top),
        )
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

        plots.plot_surface(model, X, y, self.surface_ax, start=start)
        self.surface_ax.set(title="Is the star reached?")

        self.line = plots.plot_line(start, self.data_ax)
        self.curve = plots.plot_loss([1.0], self.loss_ax)
        self.path = plots.plot_path([start], self.surface_ax)
        return figure

    def update(self, run: Run, epoch: int) -> None:
        """Move the artists to an epoch of a run."""
        plots.plot_line(run.path[epoch], self.data_ax, artists=self.line)
        plots.plot_loss(run.losses, self.loss_ax, epoch=epoch, artists=self.curve)
        plots.plot_path(run.path, self.surface_ax, epoch=epoch, artists=self.path)

    def words(self, run: Run, epoch: int) -> str:
        """Say what the artists show at an epoch of a run."""
        w, b = float(run.path[epoch]["w"][0]), float(run.path[epoch]["b"])
        sign = "−" if b < 0 else "+"
        line = f"ŷ = {w:.4g} x {sign} {abs(b):.4g}".replace("-", "−").replace(" ", NO_BREAK)
        return f"loss {run.losses[epoch]:.4g} (the best line has {self.best_loss:.4g}), line {line}"
