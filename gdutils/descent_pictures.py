"""What a panel shows of walks on a function: the curve or the map, the points passed, and how low they are.

A picture is made of a function, a start and some steps. `compose` makes its figure for some optimizers,
`update` moves the artists to a step, `words` says what they show, and neither knows of any widget.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import matplotlib.style
import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from numpy.typing import ArrayLike, NDArray

from gdutils import plots
from gdutils.canvas import LiveFigure
from gdutils.checks import check_count, check_positive
from gdutils.landscapes import Landscape, check_landscape, check_start, walk
from gdutils.letters import Columns

__all__ = ["CurvePicture", "MapPicture", "Walk"]

Array = NDArray[Any]

LOOKS: Any = (
    ("#0072B2", "-", "o"),
    ("#D55E00", "--", "s"),
    ("#009E73", "-.", "^"),
    ("#CC79A7", ":", "D"),
    ("#E69F00", (0, (5, 1)), "v"),
    ("#56B4E9", (0, (3, 1, 1, 1)), "P"),
    ("#000000", (0, (1, 1)), "X"),
)
CURVE = "#777777"
GRID = 121  # points to a side of a map
LOWEST = 1e-8  # the lowest height that is drawn, as a part of the start's
ROWS = 9  # of the table of steps
ARROWS = (22.0, 34.0)  # lengths in pixels: downhill, and the next step
STANDING = 0.2  # a step of fewer pixels leads nowhere to be seen


@dataclass(frozen=True)
class Walk:
    """The way of one optimizer: its points, their heights above the lowest minimum, and the point after."""

    optimizer: Any
    path: Array
    heights: Array
    beyond: Array

    @classmethod
    def of(cls, function: Landscape, optimizer: Any, start: ArrayLike, steps: int) -> Walk:
        """Walk from a start."""
        path = walk(function, optimizer, start, steps + 1)
        with np.errstate(over="ignore", invalid="ignore"):
            heights = np.maximum(function(path[:-1]) - lowest(function), 0)  # but for rounding
        return cls(optimizer, path[:-1], heights, path[-1])

    def after(self, step: int) -> Array:
        """Return the point to which the next step leads."""
        return np.asarray(self.path[step + 1] if step + 1 < len(self.path) else self.beyond)

    def lost_at(self, ceiling: float) -> int | None:
        """Return the first step from which on the walk stays above a height, or None if it ends below."""
        above = ~(self.heights <= ceiling)  # a NaN counts as above
        return None if not above[-1] else int(np.flatnonzero(~above)[-1]) + 1


class DescentPicture(ABC):
    """A function to descend, with where and how long to begin with.

    Parameters
    ----------
    function : Landscape
        Any of `gdutils.landscapes`, or one's own.
    start : float or array-like of shape (2,)
        In the range that is drawn.
    steps : int
        At least 1.
    lr : float, optional
        The learning rate that suits the function, set by a panel when the function is chosen; None is the
        panel's first one.
    """

    n_variables: int
    names: Sequence[str]
    table: Columns | None  # of the steps of a single walk
    trail: Mapping[str, Any]  # how the points passed are drawn
    live: LiveFigure

    def __init__(self, function: Landscape, start: ArrayLike, steps: int, lr: float | None = None) -> None:
        check_landscape(function)
        if len(function.limits) != self.n_variables:
            kind, n = type(self).__name__, self.n_variables
            raise ValueError(f"function of a {kind} must have {n} variable(s), got {function!r}")
        self.function, self.steps = function, check_count("steps", steps, minimum=1)
        self.start = np.atleast_1d(check_start(start, function))
        self.lr = None if lr is None else check_positive("lr", lr)
        for value, (low, high) in zip(self.start, function.limits, strict=True):
            if not low <= value <= high:
                raise ValueError(
                    f"start must lie in the drawn range, from {low:g} to {high:g}, got {value:g}"
                )

    def compose(self, optimizers: Sequence[Any]) -> None:
        """Make the figure, with artists for the walks of so many optimizers."""
        if len(optimizers) > len(LOOKS):
            raise ValueError(
                f"optimizers must be at most {len(LOOKS)} to be told apart, got {len(optimizers)}"
            )
        self.optimizers = optimizers
        x = np.meshgrid(*(np.linspace(low, high, 41) for low, high in self.function.limits))
        drawn = self.function(np.stack(x, axis=-1) if self.n_variables > 1 else x[0])
        self.ceiling = (1 + 1e-9) * float(drawn.max() - lowest(self.function))  # the highest that is drawn
        with matplotlib.style.context("gdutils.lesson"):
            figure = Figure(figsize=(8.4, 3.9 if len(optimizers) > 1 else 3.5))
            self.ax, self.side = figure.subplots(1, 2, width_ratios=(1.25, 1))
            self.draw_function()
            self.trails = [
                self.ax.plot([], [], linestyle=line, color=color, **self.trail)[0]
                for color, line, _ in LOOKS[: len(optimizers)]
            ]
            extra = self.draw_step(len(optimizers))
            self.dots = [
                self.ax.plot([], [], mark, color=color, markeredgecolor="white", markersize=9)[0]
                for color, _, mark in LOOKS[: len(optimizers)]
            ]
            if len(optimizers) > 1:
                moving = self._compose_heights(figure, optimizers)
            else:
                moving = self._compose_table()
            self.live = LiveFigure(figure, [*self.trails, *extra, *self.dots, *moving])

    def _compose_heights(self, figure: Figure, optimizers: Sequence[Any]) -> list[Artist]:
        plots.label_loss(self.side)
        first = float(self.function(self.point(self.start))) - lowest(self.function)
        top = first if first > 0 else 1.0
        self.floor = LOWEST * top
        self.side.set(
            title="How high above the lowest point?", xlabel="step", ylabel="f − its minimum (log scale)",
            xlim=(-0.03 * self.steps, 1.03 * self.steps), ylim=(self.floor / 3, 30 * top),
        )  # fmt: skip
        self.side.yaxis.set_major_locator(plots.decades())
        lines = [self.side.plot([], [], linestyle=s, color=c, linewidth=1.8)[0] for c, s, _ in LOOKS]
        self.curves = lines[: len(optimizers)]
        self.marks = [
            self.side.plot([], [], mark, color=color, markeredgecolor="white", markersize=8)[0]
            for color, _, mark in LOOKS[: len(optimizers)]
        ]
        handles = [
            Line2D([], [], color=color, linestyle=line, marker=mark, markeredgecolor="white", label=label)
            for (color, line, mark), label in zip(LOOKS, labels(optimizers), strict=False)
        ]
        figure.legend(handles=handles, loc="outside lower left", ncols=6)
        self.table = None
        return [*self.curves, *self.marks]

    def _compose_table(self) -> list[Artist]:
        self.side.set_axis_off()
        self.curves, self.marks = [], []
        heads = ["", "step", *self.names, *(["f(x)", "slope f′"] if self.n_variables == 1 else ["f"])]
        places = [0.0, 0.12, *np.linspace(0.12, 1.0, len(heads) - 1)[1:]]
        style: dict[str, Any] = {"transform": self.side.transAxes, "ha": "right", "va": "top"}
        style |= {"family": "monospace", "fontsize": 9.5}
        for place, head in zip(places, heads, strict=True):
            self.side.text(place, 0.98, head, zorder=0.5, **style)  # below what moves, so drawn but once
        self.table = Columns(self.side, places, 0.9, size=9.5, spacing=1.8)
        return [self.table]

    @abstractmethod
    def draw_function(self) -> None:
        """Draw what stands still."""

    @abstractmethod
    def draw_step(self, n_walks: int) -> list[Artist]:
        """Make the artists that show where the next step leads."""

    @abstractmethod
    def update_step(self, walks: Sequence[Walk | None], step: int) -> None:
        """Move those artists to a step."""

    @abstractmethod
    def on_axes(self, path: Array) -> tuple[Array, Array]:
        """Return where points stand in the picture."""

    def name(self, optimizer: Any) -> str:
        """Name an optimizer in a sentence: by its kind, or by its rate where others are of its kind."""
        kinds = [type(each).__name__ for each in self.optimizers]
        if len(set(kinds)) == len(kinds):
            return type(optimizer).__name__
        rate = f"lr={optimizer.lr:.3g}"
        return rate if len(set(kinds)) == 1 else f"{type(optimizer).__name__} {rate}"

    def point(self, start: ArrayLike) -> Array:
        """Return a start, one number a variable, as the function takes it."""
        start = np.asarray(start, dtype=float)
        return start if self.n_variables > 1 else start[0]

    def update(self, walks: Sequence[Walk | None], step: int) -> None:
        """Move the artists to a step; None stands for an optimizer that is switched off."""
        for number, each in enumerate(walks):
            x, y = ([], []) if each is None else self.on_axes(within(each.path[: step + 1], self.ax))
            self.trails[number].set_data(x, y)
            here = ([], []) if each is None else self.on_axes(each.path[step : step + 1])
            self.dots[number].set_data(*here)
            if self.curves:
                heights = np.array([]) if each is None else np.clip(each.heights, self.floor, None)
                heights = np.nan_to_num(heights, nan=1e300, posinf=1e300)
                self.curves[number].set_data(np.arange(len(heights)), heights)
                self.marks[number].set_data(
                    np.arange(len(heights))[step : step + 1], heights[step : step + 1]
                )
        self.update_step(walks, step)
        if self.table is not None and walks[0] is not None:
            columns = self.columns(walks[0], step)
            self.table.set_entries([[entry.replace("-", "−") for entry in column] for column in columns])

    def columns(self, each: Walk, step: int) -> list[list[str]]:
        """Return the entries of the table of steps, about the present one."""
        first = int(np.clip(step - ROWS // 2, 0, max(0, self.steps + 1 - ROWS)))
        shown = range(first, min(first + ROWS, self.steps + 1))
        points = each.path[shown]
        with np.errstate(over="ignore", invalid="ignore"):
            numbers = [*np.atleast_2d(points.T), each.heights[shown] + lowest(self.function)]
            if self.n_variables == 1:
                numbers.append(self.function.gradient(points))
        marks = ["▸" if k == step else "" for k in shown]
        return [marks, [f"{k}" for k in shown], *([f"{value:.4g}" for value in column] for column in numbers)]

    def words(self, walks: Sequence[Walk | None], step: int) -> str:
        """Say what the artists show at a step."""
        shown = [each for each in walks if each is not None]
        if len(walks) > 1:
            if not shown:
                return "every optimizer is switched off"
            names = [self.name(each.optimizer) for each in shown]
            heights = [each.heights[step] for each in shown]
            told = [f"{height:.3g}" if np.isfinite(height) else "lost" for height in heights]
            text = ", ".join(f"{name} {height}" for name, height in zip(names, told, strict=True))
            text = f"f above its minimum: {text}"
            if len(shown) > 1 and np.isfinite(heights).any():
                lowest_one = int(np.nanargmin(np.where(np.isfinite(heights), heights, np.nan)))
                tied = np.isclose(heights, heights[lowest_one], rtol=1e-9, atol=0).sum() > 1
                text += "" if tied else f". Lowest: {names[lowest_one]}"
            return text.replace("e-", "e−")
        each, point = shown[0], np.atleast_1d(shown[0].path[step])
        where = ", ".join(f"{name} = {v:.4g}" for name, v in zip(self.names, point, strict=True))
        with np.errstate(over="ignore", invalid="ignore"):
            slope = self.function.gradient(each.path[step])
        size = (
            f"slope {float(slope):.4g}" if self.n_variables == 1 else f"gradient {np.hypot(*slope):.4g} long"
        )
        value = each.heights[step] + lowest(self.function)
        return f"{where}, f = {value:.4g}, {size}{self.nearest(each.path[step])}".replace("-", "−")

    def nearest(self, point: Array) -> str:
        """Say which minimum a point has come to, where there is a choice."""
        minima = self.function.minima
        if len(minima) < 2 or not np.isfinite(point).all():
            return ""
        distances = np.linalg.norm((minima - point).reshape(len(minima), -1), axis=1)
        i = int(np.argmin(distances))
        if distances[i] > 0.02 * (self.function.limits[0][1] - self.function.limits[0][0]):
            return ""
        height = float(self.function(minima[i])) - lowest(self.function)
        return (
            ", at a lowest minimum"
            if height < 1e-9
            else f", at a local minimum, {height:.3g} above the lowest"
        )


class CurvePicture(DescentPicture):
    """A function of one variable as a curve, with the tangent, the step and the points passed.

    The parameters are those of `DescentPicture`.
    """

    n_variables = 1
    names: Sequence[str] = ("x",)
    trail: Mapping[str, Any] = {"marker": "o", "markersize": 4, "linewidth": 0.5}

    def draw_function(self) -> None:
        """Draw the curve, and a star at each minimum."""
        ((low, high),) = self.function.limits
        x = np.linspace(low, high, 400)
        y = self.function(x)
        room = 0.08 * (y.max() - y.min())
        self.ax.plot(x, y, color=CURVE, linewidth=2, zorder=1)
        minima = self.function.minima
        stars = {"marker": "*", "markersize": 15, "color": "white", "markeredgecolor": plots.PATH}
        self.ax.plot(minima, self.function(minima), linestyle="", zorder=1, **stars)
        self.ax.set(xlim=(low, high), ylim=(y.min() - 1.5 * room, y.max() + room))
        self.ax.set(xlabel="x", ylabel="f(x)", title="Where does the slope lead?")

    def draw_step(self, n_walks: int) -> list[Artist]:
        """Make the tangent, and the step along x, where there is but one walk."""
        self.tangent = self.ax.plot([], [], color=plots.HELD_OUT, linestyle="--", linewidth=1.8)[0]
        self.step = self.ax.plot([], [], color=plots.MODEL, linewidth=2.2, solid_capstyle="butt")[0]
        self.tip = self.ax.plot([], [], linestyle="", marker="v", color=plots.MODEL, markersize=7)[0]
        self.alone = n_walks == 1
        if self.alone:
            handles = [
                Line2D([], [], color=plots.HELD_OUT, linestyle="--", label="tangent"),
                Line2D([], [], color=plots.MODEL, label="next step"),
            ]
            self.ax.legend(handles=handles, loc="upper center", ncols=2).set_zorder(1)
        return [self.tangent, self.step, self.tip]

    def update_step(self, walks: Sequence[Walk | None], step: int) -> None:
        """Move tangent and step."""
        each = walks[0]
        if not self.alone or each is None:
            return
        x, (low, high) = each.path[step], self.ax.get_xlim()
        with np.errstate(over="ignore", invalid="ignore"):
            y, slope = self.function(x), self.function.gradient(x)
            half = 0.16 * (high - low)
            across, up = np.array([x - half, x + half]), y + slope * np.array([-half, half])
        seen = np.isfinite([x, y, *up]).all() and abs(y) < 1e6 * np.abs(self.ax.get_ylim()).max()
        self.tangent.set_data(*((across, up) if seen else ([], [])))
        new = each.after(step)
        if not seen or not abs(new) < 1e3 * np.abs([low, high]).max():
            self.step.set_data([], [])
            self.tip.set_data([], [])
            return
        self.step.set_data([x, new, new], [y, y, self.function(new)])
        self.tip.set_data([new], [self.function(new)])
        self.tip.set_marker("v" if self.function(new) <= y else "^")

    def on_axes(self, path: Array) -> tuple[Array, Array]:
        """Return x and f(x)."""
        with np.errstate(over="ignore", invalid="ignore"):
            return path, self.function(path)


class MapPicture(DescentPicture):
    """A function of two variables as a map, with the ways of the optimizers and where they head.

    The parameters are those of `DescentPicture`.
    """

    n_variables = 2
    names: Sequence[str] = ("x", "y")
    trail: Mapping[str, Any] = {"marker": ".", "markersize": 4, "linewidth": 1.4}

    def draw_function(self) -> None:
        """Draw the heights as shades, darker where higher, and a star at each minimum."""
        (left, right), (bottom, top) = self.function.limits
        x, y = np.meshgrid(np.linspace(left, right, GRID), np.linspace(bottom, top, GRID))
        heights = self.function(np.stack([x, y], axis=-1))
        # As many points between one level and the next: steep walls take no more of them than flat valleys.
        levels = np.unique(np.quantile(heights, np.linspace(0, 1, 14)))
        self.ax.contourf(x, y, heights, levels, cmap=plots.pale_grays())
        self.ax.contour(x, y, heights, levels, colors="white", linewidths=0.8)
        minima = np.reshape(self.function.minima, (-1, 2))
        stars = {"marker": "*", "markersize": 16, "color": "white", "markeredgecolor": plots.PATH}
        self.ax.plot(*minima.T, linestyle="", zorder=1.9, **stars)
        names = getattr(self.function, "names", self.names)  # symbol and word, such as "w, slope"
        self.names = [name.split(",")[0] for name in names]
        self.ax.set(xlim=(left, right), ylim=(bottom, top), xlabel=names[0], ylabel=names[1])
        self.ax.set_title("Black arrow: downhill. In color: the next step.")
        self.ax.grid(visible=False)

    def draw_step(self, n_walks: int) -> list[Artist]:
        """Make two arrows for each walk: downhill, and the step that is taken."""
        colors = [plots.PATH] * n_walks + [color for color, _, _ in LOOKS[:n_walks]]
        nowhere, self.lengths = np.zeros((2 * n_walks, 2)), np.repeat(ARROWS, n_walks)
        self.arrows = plots.plot_arrows(nowhere, nowhere, self.ax, lengths=self.lengths, color=colors)
        return [*self.arrows]

    def update_step(self, walks: Sequence[Walk | None], step: int) -> None:
        """Turn the arrows."""
        points: Array = np.full((2, len(walks), 2), np.nan)
        ways: Array = np.zeros((2, len(walks), 2))
        for i, each in enumerate(walks):
            if each is None or not (np.abs(each.path[step]) < 10 * max(abs(v) for v in self.ax.axis())).all():
                continue
            with np.errstate(invalid="ignore", over="ignore"):
                after = each.after(step) - each.path[step]
            if np.hypot(*plots.in_pixels(after, self.ax)) > STANDING:
                points[:, i] = each.path[step]
                ways[:, i] = -self.function.gradient(each.path[step]), after
        plots.plot_arrows(
            points.reshape(-1, 2), ways.reshape(-1, 2), self.ax, lengths=self.lengths, artists=self.arrows
        )

    def on_axes(self, path: Array) -> tuple[Array, Array]:
        """Return x and y."""
        return path[:, 0], path[:, 1]


def lowest(function: Landscape) -> float:
    """Return the value of the function at its lowest minimum."""
    return float(np.min(function(function.minima)))


def labels(optimizers: Sequence[Any]) -> list[str]:
    """Name optimizers, by their kind where that tells them apart, else by the ratio of their rates."""
    kinds = [type(optimizer).__name__ for optimizer in optimizers]
    if len(set(kinds)) == len(kinds):
        return kinds
    ratios = [f"{optimizer.lr / optimizers[0].lr:.3g}" for optimizer in optimizers]
    rates = ["learning rate" if ratio == "1" else f"{ratio} × learning rate" for ratio in ratios]
    if len(set(kinds)) == 1:
        return rates
    return [f"{kind}, {rate}" for kind, rate in zip(kinds, rates, strict=True)]


def within(path: Array, ax: Axes) -> Array:
    """Return a path up to its first point far outside of the axes: what lies beyond cannot be seen."""
    size = np.abs(path).reshape(len(path), -1).max(axis=1)
    far = np.flatnonzero(~(size < 1e3 * np.abs(ax.axis()).max()))
    if not len(far):
        return path
    return path[: far[0] + np.isfinite(size[far[0]])]  # that point too, for the way to it
