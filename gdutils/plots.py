"""What the lessons and the panels draw, on axes that the caller gives.

A `plot_*` whose picture changes returns the artists it made and takes them back as ``artists=`` to update
them in place, so a panel redraws with the code that drew the lesson's figure. Nothing here shows a figure or
changes a setting; a color means the same thing everywhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator
from numpy.typing import ArrayLike, NDArray

from gdutils.models import LinearRegression

__all__ = [
    "DATA",
    "HELD_OUT",
    "MODEL",
    "PATH",
    "label_loss",
    "plot_data",
    "plot_line",
    "plot_loss",
    "plot_path",
    "plot_surface",
]

# Okabe and Ito's colors, told apart under the common color-vision deficiencies.
DATA = "#0072B2"
MODEL = "#D55E00"
PATH = "#000000"
HELD_OUT = "#009E73"

Params = dict[str, NDArray[Any]]


def plot_data(
    X: NDArray[Any], y: NDArray[Any], ax: Axes, *, color: str = DATA, label: str | None = None
) -> Artist:
    """Draw the points of one feature X of shape (n_samples, 1) and a target y."""
    return ax.scatter(X[:, 0], y, s=14, color=color, alpha=0.5, linewidths=0, label=label)


def plot_line(
    params: Params,
    ax: Axes,
    *,
    artists: Sequence[Line2D] = (),
    color: str = MODEL,
    linestyle: str = "-",
    label: str | None = None,
) -> Sequence[Line2D]:
    """Draw, or move, the line ŷ = wx + b from one side of the axes to the other."""
    if not artists:
        limits = ax.get_xlim()
        artists = ax.plot([], [], color=color, linestyle=linestyle, linewidth=2.5, label=label)
        ax.set_xlim(limits)
    x = np.array(ax.get_xlim())
    with np.errstate(over="ignore", invalid="ignore"):
        artists[0].set_data(x, params["w"][0] * x + params["b"])
    return artists


def plot_loss(
    losses: ArrayLike,
    ax: Axes,
    *,
    epoch: int | None = None,
    artists: Sequence[Line2D] = (),
    color: str = PATH,
    label: str | None = None,
) -> Sequence[Line2D]:
    """Draw, or update, a loss after each epoch; up to `epoch` in full, the rest faintly."""
    losses = np.asarray(losses, dtype=float)
    epoch = len(losses) - 1 if epoch is None else epoch
    new = not artists
    if new:
        (rest,) = ax.plot([], [], color=color, linewidth=1, alpha=0.4)
        (done,) = ax.plot([], [], color=color, label=label)
        (now,) = ax.plot([], [], "o", color=MODEL, markeredgecolor="white", markersize=8)
        artists = [rest, done, now]
    epochs = np.arange(len(losses))
    shown = np.nan_to_num(losses, nan=np.finfo(float).max)  # what overflows leaves at the top
    artists[0].set_data(epochs, shown)
    artists[1].set_data(epochs[: epoch + 1], shown[: epoch + 1])
    artists[2].set_data(epochs[epoch : epoch + 1], shown[epoch : epoch + 1])
    if new:  # limits that the caller has set stay as they are
        ax.relim()
        ax.autoscale_view()
    return artists


def label_loss(ax: Axes) -> None:
    """Name the axes of a loss curve, with a logarithmic scale whose ticks are plain numbers."""
    ax.set(xlabel="epoch", ylabel="loss (log scale)", yscale="log")
    # Matplotlib's own labels, such as 10⁰, need mathtext, which is not safe to draw beside a cell.
    ax.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    ax.yaxis.set_minor_locator(NullLocator())


def plot_surface(
    model: LinearRegression, X: NDArray[Any], y: NDArray[Any], ax: Axes, *, start: Params
) -> None:
    """Draw the loss over w and b as contours about its minimum, wide enough to hold the start.

    The loss is quadratic, so the surface follows from the minimum and the second derivatives: no loss is
    computed at any of the grid's points.
    """
    best = model.minimum(X, y)
    center, H = np.array([best["w"][0], best["b"]]), model.second_derivatives(X)
    reach = 1.5 * max(abs(start["w"][0] - center[0]), abs(start["b"] - center[1]), 1e-3)
    w, b = (np.linspace(c - reach, c + reach, 81) for c in center)
    dw, db = np.meshgrid(w - center[0], b - center[1])
    rise = 0.5 * (H[0, 0] * dw**2 + 2 * H[0, 1] * dw * db + H[1, 1] * db**2)
    levels = np.linspace(0, 1, 13) ** 2 * rise.max()
    ax.contourf(w, b, rise, levels, cmap="viridis_r", alpha=0.6)
    ax.contour(w, b, rise, levels, colors="white", linewidths=0.8)
    ax.plot(*center, marker="*", markersize=16, color="white", markeredgecolor=PATH)
    ax.set(xlim=w[[0, -1]], ylim=b[[0, -1]], xlabel="w, slope", ylabel="b, intercept")
    ax.grid(visible=False)


def plot_path(
    path: Sequence[Params],
    ax: Axes,
    *,
    epoch: int | None = None,
    artists: Sequence[Line2D] = (),
    color: str = PATH,
    label: str | None = None,
) -> Sequence[Line2D]:
    """Draw, or update, the way of (w, b) over the surface; up to `epoch` in full, the rest faintly."""
    if not artists:
        (rest,) = ax.plot([], [], color=color, linewidth=1, alpha=0.3)
        (done,) = ax.plot([], [], ".-", color=color, linewidth=1.2, markersize=4, alpha=0.7, label=label)
        (now,) = ax.plot([], [], "o", color=MODEL, markeredgecolor="white", markersize=8)
        artists = [rest, done, now]
    points = np.array([[params["w"][0], params["b"]] for params in path])
    epoch = len(points) - 1 if epoch is None else epoch
    # A diverged path ends at its first point far outside the axes: what lies beyond cannot be seen.
    far = np.flatnonzero(~(np.abs(points).max(axis=1) < 1e3 * np.abs(ax.axis()).max()))
    visible = points[: far[0] + 1] if len(far) else points
    for artist, chosen in zip(
        artists, (visible, visible[: epoch + 1], points[epoch : epoch + 1]), strict=True
    ):
        artist.set_data(*chosen.T)
    return artists
