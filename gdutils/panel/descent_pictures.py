"""What a panel shows of walks on a function: the curve or the map, the points passed, and how low they are.

A picture is made of a function, a start and some steps. `compose` makes its figure for some optimizers,
`update` moves the artists to a step, `caption` says what they show, and neither knows of any widget.
"""

from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator

from gdutils import plots
from gdutils.landscapes import walk
from gdutils.panel.live_figure import DPI, LiveFigure
from gdutils.panel.pictures import Grip, number, quiet

COLORS = "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000"
LINES = "-", "--", "-.", ":", (0, (5, 1)), (0, (3, 1, 1, 1)), (0, (1, 1))
LOOKS = tuple(zip(COLORS, LINES, "os^DvPX", strict=True))  # of the walks: color, line and marker
STARS = {"linestyle": "", "marker": "*", "color": "white", "markeredgecolor": plots.PATH}
CURVE = "#777777"
NOWHERE = (np.nan, np.nan)
GRID = 121  # points per side of a map
LOWEST = 1e-8  # the lowest height that is drawn, as a part of the highest
ROWS = 10  # of the table of steps
ARROWS = (22.0, 34.0)  # lengths in pixels: downhill, and the next step
STANDING = 0.2  # a step of fewer pixels leads nowhere to be seen


@dataclass(frozen=True)
class Walk:
    """The walk of one optimizer: its points, their heights above the lowest minimum, and the point after."""

    optimizer: object
    path: np.ndarray
    heights: np.ndarray
    beyond: np.ndarray

    @classmethod
    @quiet
    def of(cls, function, optimizer, start, steps):
        """Walk from a start."""
        path = walk(function, optimizer, start, steps + 1)
        heights = np.maximum(function(path[:-1]) - lowest(function), 0)  # not below it by rounding
        return cls(optimizer, path[:-1], heights, path[-1])

    def after(self, step):
        """Return the point to which the next step leads."""
        return self.path[step + 1] if step + 1 < len(self.path) else self.beyond


class DescentPicture:
    """A function to descend, with where and how long to begin with.

    The two kinds, below, draw the function (`draw_function`), make and move what shows the next step
    (`compose_step`, `draw_step`), and say where points are in the picture (`on_axes`).

    Parameters
    ----------
    function
        Any of `gdutils.landscapes`, or one of your own.
    start : float or array-like of shape (2,)
        In the range that is drawn.
    steps : int
        At least 1.
    lr : float, optional
        The learning rate that suits the function, set by a panel when the function is chosen; None is the
        panel's first one.
    """

    def __init__(self, function, start, steps, lr=None):
        self.function, self.steps, self.lr = function, steps, lr
        self.start = np.atleast_1d(np.asarray(start, dtype=float))

    def compose(self, optimizers):
        """Make the figure, with artists for the walks of so many optimizers."""
        self.alone, self.looks = len(optimizers) == 1, LOOKS[: len(optimizers)]
        self.differ = labels(optimizers) == [type(each).__name__ for each in optimizers]
        self.ahead, self.curves, self.marks = [], [], []
        with plots.lesson_style():
            figure = Figure(figsize=(4.9, 3.5) if self.alone else (8.4, 3.5), dpi=DPI)
            shares = (1.25,) if self.alone else (1.25, 1)
            self.ax, *sides = figure.subplots(1, len(shares), squeeze=False, width_ratios=shares)[0]
            self.draw_function()
            self.trails = self.compose_lines(self.ax, **self.trail)
            steps = self.compose_step()
            self.dots = self.compose_dots(self.ax, markersize=9)
            for side in sides:
                self.compose_heights(side)
                handles = list(zip(self.curves, self.marks, strict=True))
                figure.legend(handles, labels(optimizers), loc="outside lower left", ncols=6)
            moving = [*self.trails, *steps, *self.dots, *self.ahead, *self.curves, *self.marks]
            self.live = LiveFigure(figure, moving)

    def compose_lines(self, ax, **look):
        """Make a line for each walk."""
        return [ax.plot([], [], color=c, linestyle=s, **look)[0] for c, s, _ in self.looks]

    def compose_dots(self, ax, **look):
        """Make a marker for each walk."""
        return [ax.plot([], [], m, color=c, markeredgecolor="white", **look)[0] for c, _, m in self.looks]

    def compose_heights(self, ax):
        """Draw the axes of the heights, with a curve and a marker for each walk."""
        self.floor = LOWEST * self.ceiling
        plots.label_loss(ax)
        ax.set(title="How high above the lowest point?", xlabel="step", ylabel="f − its minimum (log scale)")
        ax.set(xlim=(-0.03 * self.steps, 1.03 * self.steps), ylim=(self.floor / 3, 10 * self.ceiling))
        ax.yaxis.set_major_locator(LogLocator(numticks=7))
        self.ahead = self.compose_lines(ax, linewidth=1, alpha=0.3)
        self.curves = self.compose_lines(ax, linewidth=1.8)
        self.marks = self.compose_dots(ax, markersize=8)

    @quiet
    def update(self, walks, step):
        """Move the artists to a step; None stands for an optimizer that is switched off."""
        for n, each in enumerate(walks):
            for artists in (self.trails, self.dots, self.ahead, self.curves, self.marks):
                for artist in artists[n : n + 1]:
                    artist.set_visible(each is not None)
            if each is None:
                continue
            self.trails[n].set_data(*self.on_axes(visible(each.path[: step + 1], self.ax)))
            self.dots[n].set_data(*self.on_axes(each.path[step : step + 1]))
            if self.curves:
                heights = np.nan_to_num(np.maximum(each.heights, self.floor), nan=1e300, posinf=1e300)
                steps = np.arange(len(heights))
                self.ahead[n].set_data(steps, heights)
                self.curves[n].set_data(steps[: step + 1], heights[: step + 1])
                self.marks[n].set_data([step], [heights[step]])
        self.draw_step(walks, step)

    def grip(self, pixel):
        """Return what a pointer takes hold of at a pixel: the start, anywhere in the axes of the function."""
        return Grip("start", self.ax) if self.ax.bbox.contains(*pixel) else None

    @quiet
    def caption(self, walks, step):
        """Say what the artists show at a step; of several walks, what is lowest."""
        if self.alone:
            numbers = self.numbers(walks[0], step)
            text = ", ".join(f"{name} = {value}" for name, value in numbers.items())
            return text.replace("= >", ">").replace("= <", "<")
        ranked = self.ranked(walks, step)
        return f"f is {ranked[0][2]} above its minimum" if ranked else "every optimizer is switched off"

    def ranked(self, walks, step):
        """Return the place, the name and the height of each walk that is switched on, the lowest first."""
        shown = [(each.heights[step], n, each) for n, each in enumerate(walks) if each is not None]
        order = sorted(shown, key=lambda entry: (np.nan_to_num(entry[0], nan=np.inf), entry[1]))
        return [(n, self.name(each.optimizer), number(height, 3)) for height, n, each in order]

    def name(self, optimizer):
        """Name an optimizer in a sentence: by its kind, or by its rate where others are of its kind."""
        return type(optimizer).__name__ if self.differ else f"lr={optimizer.lr:.3g}"

    def numbers(self, each, step):
        """Return the coordinates, the value and the slope of a walk at a step, by their names."""
        slope = self.function.gradient(each.path[step])
        slope = np.linalg.norm(slope) if np.ndim(slope) else slope
        values = [*np.atleast_1d(each.path[step]), each.heights[step] + lowest(self.function), slope]
        digits = 5 - len(self.names)  # what the table has room for
        named = zip([*self.names, *self.columns], values, strict=True)
        return {name: number(value, digits) for name, value in named}

    @quiet
    def table(self, walks, step):
        """Return a table as HTML: the steps of a single walk about the present one, the ranks of several."""
        if not self.alone:
            cells = [
                f'<td style="border-color: {self.looks[n][0]}">{place}. {name} <b>{height}</b></td>'
                for place, (n, name, height) in enumerate(self.ranked(walks, step), start=1)
            ]
            return f'<table class="gdutils-ranks"><tr>{"".join(cells)}</tr></table>'
        first = int(np.clip(step - ROWS // 2, 0, max(0, self.steps + 1 - ROWS)))
        rows = {k: self.numbers(walks[0], k) for k in range(first, min(first + ROWS, self.steps + 1))}
        table = [["step", *rows[step]], *([f"{k}", *numbers.values()] for k, numbers in rows.items())]
        cells = ["".join(f"<td>{entry}</td>" for entry in line) for line in table]
        now = 1 + step - first
        lines = [f"<tr{' class=now' * (k == now)}>{line}</tr>" for k, line in enumerate(cells)]
        return f'<table class="gdutils-steps">{"".join(lines)}</table>'


class CurvePicture(DescentPicture):
    """A function of one variable as a curve, with the tangent, the step and the points passed.

    The parameters are those of `DescentPicture`.
    """

    names, columns = ("x",), ("f(x)", "slope f′")
    trail = MappingProxyType({"marker": "o", "markersize": 4, "linewidth": 0.5})

    def draw_function(self):
        """Draw the curve, and a star at each minimum."""
        ((low, high),) = self.function.limits
        x = np.linspace(low, high, 400)
        y = self.function(x)
        self.ceiling = y.max() - lowest(self.function)  # the highest that is drawn
        room = 0.08 * (y.max() - y.min())
        self.ax.plot(x, y, color=CURVE, linewidth=2, zorder=1)
        minima = self.function.minima
        self.ax.plot(minima, self.function(minima), markersize=15, zorder=1, **STARS)
        self.ax.set(xlim=(low, high), ylim=(y.min() - 1.5 * room, y.max() + room))
        self.ax.set(xlabel="x", ylabel="f(x)", title="Where does the slope lead?")

    def compose_step(self):
        """Make the tangent, and the step along x, of a single walk."""
        if not self.alone:
            return []
        (self.tangent,) = self.ax.plot([], [], color=plots.HELD_OUT, linestyle="--", linewidth=1.8)
        (self.step,) = self.ax.plot([], [], color=plots.MODEL, linewidth=2.2, solid_capstyle="butt")
        (self.tip,) = self.ax.plot([], [], linestyle="", marker="v", color=plots.MODEL, markersize=7)
        both = [self.tangent, self.step]
        self.ax.legend(both, ["tangent", "next step"], loc="upper center", ncols=2).set_zorder(1)
        return [*both, self.tip]

    def draw_step(self, walks, step):
        """Move tangent and step."""
        if not self.alone:
            return
        x, new = walks[0].path[step], walks[0].after(step)
        y, height, slope = self.function(x), self.function(new), self.function.gradient(x)
        half = 0.16 * np.ptp(self.ax.get_xlim())
        self.tangent.set_data(*visible([[x - half, x + half], [y - slope * half, y + slope * half]], self.ax))
        self.step.set_data(*visible([[x, new, new], [y, y, height]], self.ax))
        self.tip.set_data(*visible([[new], [height]], self.ax))
        self.tip.set_marker("v" if height <= y else "^")

    def on_axes(self, path):
        """Return x and f(x)."""
        return path, self.function(path)


class MapPicture(DescentPicture):
    """A function of two variables as a map, with the walks of the optimizers and where they head.

    The parameters are those of `DescentPicture`.
    """

    names, columns = ("x", "y"), ("f", "‖∇f‖")
    trail = MappingProxyType({"marker": ".", "markersize": 4, "linewidth": 1.4})

    def draw_function(self):
        """Draw the heights as shades, darker where higher, and a star at each minimum."""
        (left, right), (bottom, top) = self.function.limits
        x, y = np.meshgrid(np.linspace(left, right, GRID), np.linspace(bottom, top, GRID))
        heights = self.function(np.stack([x, y], axis=-1))
        self.ceiling = heights.max() - lowest(self.function)  # the highest that is drawn
        # As many points between one level and the next: steep walls take no more of them than flat valleys.
        levels = np.unique(np.quantile(heights, np.linspace(0, 1, 14)))
        shades = plots.pale_grays()(np.linspace(0, 1, len(levels) - 1))  # as different where it is flat
        self.ax.contourf(x, y, heights, levels, colors=shades)
        self.ax.contour(x, y, heights, levels, colors="white", linewidths=0.8)
        self.ax.plot(*np.reshape(self.function.minima, (-1, 2)).T, markersize=16, zorder=1.9, **STARS)
        names = getattr(self.function, "names", self.names)  # symbol and word, such as "w, slope"
        self.names = [name.split(",")[0] for name in names]
        self.ax.set(xlim=(left, right), ylim=(bottom, top), xlabel=names[0], ylabel=names[1])
        self.ax.set_title("Black arrow: downhill; in color: the next step")
        self.ax.grid(visible=False)

    def compose_step(self):
        """Make two arrows for each walk: downhill, and the step that is taken."""
        colors = [plots.PATH] * len(self.looks) + [color for color, _, _ in self.looks]
        nowhere, self.lengths = np.zeros((len(colors), 2)), np.repeat(ARROWS, len(self.looks))
        self.arrows = plot_arrows(nowhere, nowhere, self.ax, lengths=self.lengths, color=colors)
        return [*self.arrows]

    def draw_step(self, walks, step):
        """Turn the arrows; there is none far outside, nor for a step too short to be seen."""
        here = np.array([NOWHERE if each is None else each.path[step] for each in walks])
        moves = np.array([NOWHERE if each is None else each.after(step) for each in walks]) - here
        moved = np.hypot(*in_pixels(moves, self.ax).T) > STANDING
        near = np.abs(here).max(axis=1) < 10 * np.abs(self.ax.axis()).max()
        here[~(moved & near)] = np.nan
        ways = np.concatenate([-self.function.gradient(here), moves])
        plot_arrows(np.tile(here, (2, 1)), ways, self.ax, lengths=self.lengths, artists=self.arrows)

    def on_axes(self, path):
        """Return x and y."""
        return path.T


def lowest(function):
    """Return the value of the function at its lowest minimum."""
    return float(np.min(function(function.minima)))


def labels(optimizers):
    """Name optimizers, by their kind where that tells them apart, else by the ratio of their rates."""
    kinds = [type(optimizer).__name__ for optimizer in optimizers]
    if len(set(kinds)) == len(kinds):
        return kinds
    ratios = [f"{optimizer.lr / optimizers[0].lr:.3g} × " for optimizer in optimizers]
    return [f"{'' if ratio == '1 × ' else ratio}learning rate" for ratio in ratios]


def visible(points, ax):
    """Return points, with NaN for numbers too far outside of the axes to be drawn."""
    points = np.asarray(points)
    return np.where(np.abs(points) < 1e6 * np.abs(ax.axis()).max(), points, np.nan)


@quiet
def plot_arrows(points, directions, ax, *, lengths, artists=(), **look):
    """Draw, or turn, arrows from points of shape (n, 2) into directions of the axes, such as −∇L.

    Their lengths are given, in 1/100 inch, since gradients differ by orders of magnitude. An arrow without a
    direction, or from a point that is not a number, is not drawn. `look` is what `Axes.quiver` takes.
    """
    scale = ax.figure.dpi / 100
    if not artists:
        shape = {"width": 2.4 * scale, "headwidth": 4.5, "headlength": 5, "headaxislength": 4.5}
        pixels = {"units": "dots", "angles": "uv", "scale_units": "dots", "scale": 1}
        nowhere = np.zeros(len(points))
        artists = [ax.quiver(nowhere, nowhere, nowhere, nowhere, zorder=2.2, **pixels, **shape | look)]
    arrows = in_pixels(directions, ax)
    arrows = arrows / np.hypot(*arrows.T)[:, np.newaxis] * np.reshape(lengths, (-1, 1)) * scale
    hidden = ~(np.isfinite(arrows) & np.isfinite(points)).all(axis=1)
    # Masked, so that an arrow of no length leaves no dot.
    artists[0].set_UVC(*np.ma.array(np.nan_to_num(arrows).T, mask=[hidden, hidden]))
    artists[0].set_offsets(np.where(hidden[:, np.newaxis], 0, points))
    return artists


@quiet
def in_pixels(directions, ax):
    """Return directions of shape (..., 2) on linear axes as pixels to the right and up."""
    box, (left, right), (bottom, top) = ax.get_window_extent(), ax.get_xlim(), ax.get_ylim()
    return directions * np.array([box.width / (right - left), box.height / (top - bottom)])
