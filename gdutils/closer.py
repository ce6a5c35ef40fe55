"""A closer look at a run: how its rows pull on the parameters, or how long the steps of each entry are.

`Closer` is folded under *More*. What the learner chooses is computed and drawn on a thread, after the panel's
own picture; while nothing is chosen, or *More* is closed, nothing is.
"""

from __future__ import annotations

import html
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import ipywidgets as widgets
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, LogLocator, NullLocator
from numpy.typing import NDArray
from PIL import Image

from gdutils import plots
from gdutils.canvas import DRAWING, LiveFigure, placard
from gdutils.training import Params

__all__ = ["Closer", "Pulls", "effective_steps"]

Array = NDArray[Any]

NOTHING, GRADIENTS, STEPS = "nothing", "gradients of the rows", "effective steps"
ROWS = 200  # whose gradients are computed, each by itself
BINS = np.arange(-4.0, 6.5, 0.5)  # in standard deviations; the outermost hold all that lies beyond
SHARE = 0.6  # the tallest bar that is drawn in full
FACTORS = (1e-4, 1e6)  # of the learning rate, the effective steps that are drawn
SPREAD = 0.56  # of a parameter's row, for its entries
FIGURE = (8.4, 2.2)


@dataclass(frozen=True)
class Pulls:
    """How strongly some rows pull the parameters downhill.

    Parameters
    ----------
    along : ndarray of shape (n_drawn,)
        The gradient of each row's own loss along the direction of the mean gradient: above 0 it pulls the way
        of the mean, below 0 the other way.
    mean : float
        The same of all rows together, which is the length of the mean gradient.
    n_samples : int
    """

    along: Array
    mean: float
    n_samples: int

    @classmethod
    def of(cls, model: Any, params: Params, X: Array, y: Array) -> Pulls:
        """Compute the gradients of single rows, at most 200 of them, always the same."""
        n = len(y)
        drawn = np.arange(n) if n <= ROWS else np.random.RandomState(0).choice(n, ROWS, replace=False)
        with np.errstate(all="ignore"):
            mean = model.gradient(params, X, y)
            length = float(np.sqrt(sum(np.vdot(g, g) for g in mean.values())))
            along = [
                sum(np.vdot(mean[name], g) for name, g in model.gradient(params, X[[i]], y[[i]]).items())
                for i in np.sort(drawn)
            ]
            return cls(np.array(along) / length, length, n)

    @property
    def spread(self) -> float:
        """Their standard deviation."""
        with np.errstate(all="ignore"):
            return float(np.std(self.along))

    @property
    def against(self) -> float:
        """The share of them that pull the other way."""
        return float(np.mean(self.along < 0))

    @property
    def can_be_drawn(self) -> bool:
        """Whether they have a direction and a spread."""
        sizes = np.abs([self.mean, *self.along])
        return bool(np.isfinite(sizes).all() and 1e-12 * sizes.max() < self.spread < np.inf and self.mean > 0)

    def shares(self) -> Array:
        """Return the share of the rows in each of the bins, in standard deviations."""
        inside = np.clip(self.along / self.spread, BINS[0], BINS[-1] - 1e-9)
        return np.asarray(np.histogram(inside, BINS)[0] / len(self.along))

    def words(self) -> str:
        """Say what is drawn."""
        if not np.isfinite([self.mean, *self.along]).all() and self.mean != 0:
            return "the gradients are no finite numbers: this run has diverged."
        if self.mean == 0:
            return "the mean gradient is 0: it points nowhere, and what the rows want cancels."
        if not self.can_be_drawn:
            return f"the mean gradient is {self.mean:.3g} long, and every row pulls alike."
        told = f" (drawn: {ROWS} of the {self.n_samples:,} rows)" if self.n_samples > ROWS else ""
        return (
            f"the mean gradient is {self.mean:.3g} long. Along it the rows have a standard deviation of "
            f"{self.spread:.3g}, so that the mean is {self.mean / self.spread:.2g} of these; "
            f"{self.against:.0%} of the rows pull the other way, uphill{told}."
        )


def effective_steps(optimizer: Any, state: dict[str, Any]) -> dict[str, Array] | None:
    """Return, of each entry of each parameter, by how much its learning rate differs from α, as a factor.

    Parameters
    ----------
    optimizer
        Any of `gdutils.optimizers`.
    state : dict
        What it remembers of each parameter.

    Returns
    -------
    dict of ndarray, or None
        1/(√v + ε) of each entry, flat; None if the optimizer has the same rate for all of them.
    """
    if not hasattr(optimizer, "effective_lr"):
        return None
    with np.errstate(all="ignore"):
        return {name: np.ravel(optimizer.effective_lr(s) / optimizer.lr) for name, s in state.items()}


class PullsFigure:
    """The histogram of how the rows pull, its axes fixed, and a line at the mean."""

    def __init__(self) -> None:
        figure = Figure(figsize=FIGURE, dpi=100, facecolor="white", layout="constrained")
        ax = self.ax = figure.subplots()
        self.bars = ax.bar(BINS[:-1], SHARE, np.diff(BINS), align="edge", edgecolor="white", linewidth=0.8)
        for bar, left in zip(self.bars, BINS, strict=False):
            bar.set_facecolor(plots.MODEL if left < 0 else plots.DATA)
        ax.axvline(0, color=plots.PATH, linewidth=0.8)
        (self.mean,) = ax.plot([], [], color=plots.PATH, linestyle="--", linewidth=2)
        self.name = ax.text(0, 0, "mean", ha="left", va="top", fontsize=10, color=plots.PATH)
        self.tallest = ax.text(0, 0, "", ha="right", va="top", fontsize=10, color=plots.PATH)
        frame(ax, "Do the rows agree?")
        name_sides(ax, 0, "◀ pull uphill", "pull downhill ▶")
        ax.set(xlim=BINS[[0, -1]], ylim=(0, SHARE), ylabel="share of the rows")
        ax.set_xlabel("gradient of a row along the mean gradient, in standard deviations")
        ax.xaxis.set_major_locator(FixedLocator(range(-4, 7)))
        ends = {-4: "≤ −4", 6: "≥ 6"}
        ax.xaxis.set_major_formatter(FuncFormatter(lambda x, _: ends.get(x, f"{x:.0f}".replace("-", "−"))))
        ax.yaxis.set_major_locator(FixedLocator([0, 0.2, 0.4, 0.6]))
        ax.yaxis.set_major_formatter(FuncFormatter(lambda share, _: f"{share:.0%}"))
        self.live = LiveFigure(figure, [*self.bars, self.mean, self.name, self.tallest])

    def png(self, pulls: Pulls) -> bytes:
        """Draw them."""
        shares, mean = pulls.shares(), pulls.mean / pulls.spread
        for bar, share in zip(self.bars, shares, strict=True):
            bar.set_height(share)
        self.mean.set_data([min(mean, BINS[-1])] * 2, [0, SHARE])
        beyond = mean > BINS[-1]
        self.name.set(text=f"mean {mean:.2g} ▶" if beyond else "mean", ha="right" if mean > 5 else "left")
        self.name.set_position((min(mean, BINS[-1]) + (-0.08 if mean > 5 else 0.08), 0.97 * SHARE))
        top = int(np.argmax(shares))
        self.tallest.set_text(f"{shares[top]:.0%}" if shares[top] > SHARE else "")
        self.tallest.set_position((BINS[top] - 0.08, 0.97 * SHARE))
        return self.live.png()


class StepsFigure:
    """Each entry's effective step beside the learning rate, a row and a marker for each parameter."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = list(names)
        figure = Figure(figsize=FIGURE, dpi=100, facecolor="white", layout="constrained")
        ax = figure.subplots()
        ax.axvline(1, color=plots.PATH, linewidth=0.8)
        self.dots = [
            ax.plot(
                [], [], plots.MARKERS[k % 7], color=plots.CLASSES[k % 7], markersize=6,
                markeredgecolor="white", markeredgewidth=0.6,
            )[0]
            for k in range(len(names))
        ]  # fmt: skip
        frame(ax, "How long is each step?")
        name_sides(ax, 1, "◀ shorter", "longer ▶")
        ax.set(xscale="log", xlim=FACTORS, ylim=(len(names) - 0.5, -0.5))
        ax.set_xlabel("effective learning rate as a multiple of the learning rate (log scale)")
        ax.xaxis.set_major_locator(LogLocator(numticks=12))
        ends = {FACTORS[0]: "≤ 0.0001", FACTORS[1]: "≥ 1e6"}
        ax.xaxis.set_major_formatter(FuncFormatter(lambda x, _: ends.get(x, f"{x:g}")))
        ax.xaxis.set_minor_locator(NullLocator())
        ax.yaxis.set_major_locator(FixedLocator(range(len(names))))
        ax.yaxis.set_major_formatter(FuncFormatter(lambda k, _: self.names[int(k)]))
        self.live = LiveFigure(figure, self.dots)

    def png(self, factors: dict[str, Array]) -> bytes:
        """Draw them."""
        for k, (dots, values) in enumerate(zip(self.dots, factors.values(), strict=True)):
            # Side by side, in their order, so that many with one value are seen to be many.
            heights = k + (np.linspace(-0.5, 0.5, len(values)) * SPREAD if len(values) > 1 else np.zeros(1))
            dots.set_data(np.clip(values, *FACTORS), heights)
        return self.live.png()


def frame(ax: Axes, title: str) -> None:
    """Give axes the lessons' look, without its style sheet: that is set for all threads at once."""
    ax.set_title(title, loc="left", fontsize=12)
    ax.spines[["top", "right"]].set_visible(False)
    ax.set_axisbelow(True)
    ax.grid(visible=True, color="#e4e4e4", linewidth=0.8)
    ax.tick_params(labelsize=10)
    for label in (ax.xaxis.label, ax.yaxis.label):
        label.set_fontsize(10.5)


def name_sides(ax: Axes, x: float, left: str, right: str) -> None:
    """Say above the axes what lies on both sides of a line; below what moves, so drawn but once."""
    for words, side, gap in ((left, "right", -6), (right, "left", 6)):
        ax.annotate(
            words, (x, 1), xycoords=ax.get_xaxis_transform(), xytext=(gap, 5), textcoords="offset points",
            ha=side, va="baseline", fontsize=10, annotation_clip=False, zorder=0.5,
        ).set_in_layout(False)  # fmt: skip


class Closer:
    """What can be looked at more closely, under *More*: a choice, a sentence, and a picture of fixed size.

    Attributes
    ----------
    choice : Dropdown
    text : str
        The sentence; empty while nothing is chosen.
    image : Image
    """

    eager = False

    def __init__(self) -> None:
        self.choice = widgets.Dropdown(
            options=[NOTHING, GRADIENTS, STEPS], value=NOTHING, description="look closer",
            style={"description_width": "96px"}, layout={"width": "300px"},
        )  # fmt: skip
        self.sentence = widgets.HTML(layout={"height": "44px", "max_width": "840px", "margin": "2px"})
        blank = io.BytesIO()  # keeps the room of the pictures to come
        Image.new("L", (round(100 * FIGURE[0]), round(100 * FIGURE[1])), 255).save(blank, format="png")
        self.image = widgets.Image(
            format="png", value=blank.getvalue(), layout={"width": "840px", "max_width": "100%"}
        )
        self.shown = widgets.VBox([self.sentence, self.image], layout={"display": "none"})
        self.widget = widgets.VBox([self.choice, self.shown])
        self.text = ""
        self.figures: dict[Any, Any] = {}  # made when they are first asked for
        self._panel: Any = None
        self.choice.observe(self._on_choice, "value")

    def look(self, panel: Any) -> None:
        """Draw what is chosen, after the panel's own picture."""
        self._panel = panel
        if self.choice.value != NOTHING:
            panel.errands.ask("closer look", self._show, panel)

    def restore(self) -> None:
        """Choose nothing."""
        self.choice.value = NOTHING

    def _on_choice(self, change: dict[str, Any]) -> None:
        self.shown.layout.display = "none" if change["new"] == NOTHING else ""
        if change["new"] == NOTHING:
            self.text = self.sentence.value = ""
        elif self._panel is not None and self._panel.more.value:
            self.look(self._panel)

    def _show(self, panel: Any) -> None:
        """Compute, draw and tell what is chosen, of the run and the epoch that the panel shows now."""
        live, choice = panel.run, self.choice.value
        snapshot = live.snapshots[min(panel.controls.epoch.value, len(live.snapshots) - 1)]
        png = None
        if choice == GRADIENTS:
            png, words = self._pulls(live, snapshot.params)
        elif choice == STEPS:
            png, words = self._steps(live.settings.optimizer, snapshot)
        if choice == NOTHING or self.choice.value != choice:
            return
        # Its room stays, so that nothing moves.
        self.image.value = placard(self.image.value, "Nothing to draw", words) if png is None else png
        self.text = f"Epoch {snapshot.epoch}: {words}"
        self.sentence.value = f'<div role="status" style="line-height: 1.5">{html.escape(self.text)}</div>'

    def _pulls(self, live: Any, params: Params) -> tuple[bytes | None, str]:
        pulls = Pulls.of(live.model, params, live.picture.X, live.picture.y)
        if not pulls.can_be_drawn:
            return None, pulls.words()
        with DRAWING:
            figure = self.figures.get(GRADIENTS) or PullsFigure()
            self.figures[GRADIENTS] = figure
            return figure.png(pulls), pulls.words()

    def _steps(self, optimizer: Any, snapshot: Any) -> tuple[bytes | None, str]:
        factors = effective_steps(optimizer, snapshot.state)
        if factors is None:
            name = type(optimizer).__name__
            return None, (
                f"{name} has one learning rate for all entries. AdaGrad, RMSprop and Adam give each its own: "
                "choose one of them as the optimizer."
            )
        if snapshot.epoch == 0:
            return None, "before the first step no gradient is remembered. Choose a later epoch."
        if not all(np.isfinite(each).all() for each in factors.values()):
            return None, "the effective steps are no finite numbers: this run has diverged."
        names = tuple(factors)
        with DRAWING:
            figure = self.figures.get(names) or StepsFigure(names)
            self.figures[names] = figure
            png = figure.png(factors)
        return png, steps_in_words(optimizer, factors)


def steps_in_words(optimizer: Any, factors: dict[str, Array]) -> str:
    """Say what is drawn of effective steps; an entry without a gradient so far has only ε to divide by."""
    moved = {name: values[values < 0.99 / optimizer.eps] for name, values in factors.items()}
    everything = np.concatenate(list(moved.values()))
    idle = sum(map(len, factors.values())) - len(everything)
    if not len(everything):
        return "no entry has had a gradient so far."
    each = ", ".join(f"{name} by {span(values)}" for name, values in moved.items() if len(values))
    low, high = (f"{optimizer.lr * value:.3g}" for value in (everything.min(), everything.max()))
    text = (
        f"{type(optimizer).__name__} multiplies its learning rate {optimizer.lr:.4g}, in {each}. Smallest "
        f"effective rate {low}, largest {high}."
    )
    return f"{text} Entries without a gradient so far: {idle:,}, at the right end." if idle else text


def span(values: Array) -> str:
    """Say from where to where some factors reach."""
    low, high = (f"{float(f'{value:.2g}'):g}" for value in (values.min(), values.max()))
    return low if low == high else f"{low} to {high}"
