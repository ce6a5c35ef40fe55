"""What the figures of all panels share: a loss axis with two scales, and a run that is kept in the picture.

A figure here is a `LiveFigure` with a line of words at its foot, which is empty unless a run is kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.lines import Line2D
from matplotlib.ticker import AutoLocator, ScalarFormatter
from numpy.typing import NDArray

from gdutils import plots
from gdutils.canvas import LiveFigure

__all__ = ["PanelFigure", "frame_loss"]

KEPT = "#606060"
FOOT = 0.4  # inches, for the names of the kept run and the present one, below each other
LEGEND = 0.3  # inches of a legend below the axes that the layout does not know of
Data = Sequence[tuple[NDArray[Any], NDArray[Any]]]


def frame_loss(ax: Axes, epochs: int, limits: tuple[float, float]) -> None:
    """Label the axes of a loss curve and fix their limits."""
    low, high = check_loss_limits(limits)
    plots.label_loss(ax)
    ax.set(title="Does the loss fall?", xlim=(-0.03 * epochs, 1.03 * epochs), ylim=(low, high))


def check_loss_limits(limits: Any) -> tuple[float, float]:
    """Return the losses at the lower and the upper end of a logarithmic axis."""
    low, high = plots.check_limits("loss_limits", limits)
    if not 0 < low < high:
        raise ValueError(f"loss_limits must be two positive numbers, the smaller one first, got {limits!r}")
    return low, high


class PanelFigure(LiveFigure):
    """A live figure in which a run can be kept, in gray and dash-dotted, and the loss axis has two scales.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        Made without pyplot, its axis limits fixed. It grows by a line at its foot.
    moving : sequence of Artist
        As `LiveFigure` takes them.
    loss_ax : Axes
        The axes whose scale can be changed; it has one now.
    kept : sequence of Line2D
        The lines of which a kept run shows a copy.
    """

    def __init__(
        self, figure: Figure, moving: Sequence[Any], *, loss_ax: Axes, kept: Sequence[Line2D]
    ) -> None:
        self.loss_ax, self.sources = loss_ax, list(kept)
        self.scale = self.first_scale = loss_ax.get_yscale()
        self.first_limits, self.first_label = loss_ax.get_ylim(), loss_ax.get_ylabel()
        look: dict[str, Any] = {"color": KEPT, "linestyle": "-.", "linewidth": 1.8}
        self.copies: list[Line2D] = []
        for source in kept:
            ax: Any = source.axes
            self.copies += ax.plot([], [], zorder=source.get_zorder() - 0.05, **look)
        width, height = figure.get_size_inches()
        figure.set_size_inches(width, height + FOOT)
        foot = FOOT / (height + FOOT)
        layout: Any = figure.get_layout_engine()
        room = foot + (LEGEND / (height + FOOT) if figure.legends else 0)
        layout.set(rect=(0, room, 1, 1 - room))
        for legend in figure.legends:  # above the foot; the layout leaves room for it at the edge alone
            legend.set_bbox_to_anchor((0, foot, 1, 1 - foot), figure.transFigure)
        strip = figure.add_axes((0, 0, 1, foot))
        strip.set_in_layout(False)
        strip.set_axis_off()
        strip.set(xlim=(0, width), ylim=(0, 1))
        strip.spines[:].set_visible(False)
        self.keys = [
            strip.plot([], [], **look)[0],
            strip.plot([], [], color=plots.PATH)[0],
        ]
        self.names = [strip.text(0.7, 0, "", va="center", fontsize=10) for _ in self.keys]
        for artist in moving:  # shows all of its colors while the palette is chosen
            if isinstance(artist, AxesImage):
                shape = artist.get_size()
                artist.set_data(np.linspace(*artist.get_clim(), shape[0] * shape[1]).reshape(shape))
        super().__init__(figure, [*moving, *self.copies, *self.keys, *self.names])

    def shown(self) -> Data:
        """Return what the lines show that a kept run would copy."""
        return [(np.array(x), np.array(y)) for x, y in (source.get_data() for source in self.sources)]

    def keep(self, data: Data | None, names: Sequence[str] = ("", "")) -> None:
        """Draw a copy of what was shown, and name it beside the present run; None takes both away."""
        nothing = np.array([])
        for copy, (x, y) in zip(self.copies, data or [(nothing, nothing)] * len(self.copies), strict=True):
            copy.set_data(x, y)
        for key, text, name, height in zip(self.keys, self.names, names, (0.75, 0.3), strict=True):
            words = "" if data is None else name
            key.set_data(([0.15, 0.6], [height, height]) if words else ([], []))
            text.set_text(words)
            text.set_y(height)

    def rescale(self, scale: str) -> None:
        """Give the loss axis a logarithmic or a linear scale; the first one brings back its limits."""
        if scale == self.scale:
            return
        self.scale = scale
        high = self.first_limits[1]
        if scale == self.first_scale:
            limits = self.first_limits
        elif scale == "linear":
            limits = 0.0, high / 4  # six times the start is room for a logarithm, and half as much is here
        else:
            limits = high / 300, 2 * high
        if scale == "log":
            plots.label_loss(self.loss_ax)
        else:
            self.loss_ax.set_yscale("linear")
            self.loss_ax.yaxis.set_major_locator(AutoLocator())
            self.loss_ax.yaxis.set_major_formatter(ScalarFormatter(useOffset=False, useMathText=False))
        for words in self.loss_ax.texts:  # they have room in the limits that they were made for
            words.set_visible(scale == self.first_scale)
        name = self.first_label.removesuffix(" (log scale)")
        self.loss_ax.set(ylim=limits, ylabel=f"{name} (log scale)" if scale == "log" else name)
        self.redraw()
