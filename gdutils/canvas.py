"""A figure that is redrawn many times a second.

Matplotlib needs far longer to draw axes, ticks and text than the few lines that move. `LiveFigure` draws
what stands still once, keeps it as an image, and for each frame draws the moving artists over a copy of it.
It stays clear of pyplot, whose current figure belongs to the cells: JupyterLab runs a slider's callback
beside them, on another thread.
"""

from __future__ import annotations

import io
import textwrap
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.text import Text
from PIL import Image

__all__ = ["LiveFigure", "like", "placard"]

# Matplotlib shares its font caches between figures, so no two of them may be drawn at once.
DRAWING = threading.RLock()
MODEL: ContextVar[LiveFigure | None] = ContextVar("MODEL", default=None)


class LiveFigure:
    """A figure whose moving artists are drawn over a picture of all that stands still.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        Made without pyplot, its axis limits fixed.
    moving : iterable of Artist
        The artists that change between frames, clipped to their axes. What a full drawing draws after the
        first of them, such as the spines, is drawn after it in every frame too.
    """

    palette: Image.Image

    def __init__(self, figure: Figure, moving: Iterable[Artist]) -> None:
        self.canvas = FigureCanvasAgg(figure)
        moving = set(moving)
        self.moving: list[Artist] = []
        for ax in figure.axes:
            # Text is slow to draw, and titles stand outside of where anything moves. The patch is what a full
            # drawing begins with, whatever its zorder.
            still = {a for a in ax.get_children() if isinstance(a, Text)} - set(ax.texts) | {ax.patch}
            inside = [a for a in ax.get_children() if a not in still]
            in_order = sorted(inside, key=lambda artist: artist.zorder)
            first = min((i for i, artist in enumerate(in_order) if artist in moving), default=len(in_order))
            self.moving += [artist for artist in in_order[first:] if artist.get_visible()]
        for artist in self.moving:
            artist.set_animated(True)
        model = MODEL.get()
        if model is not None and len(model.canvas.figure.axes) != len(figure.axes):
            model = None
        if model is not None:
            self._lay_out_as(model)
        self.redraw()
        figure.set_layout_engine("none")  # another drawing would shift the axes by part of a pixel
        self.palette = self._find_palette() if model is None else model.palette

    def redraw(self) -> None:
        """Draw what stands still; to be called again when, say, an axis has another scale."""
        with DRAWING:
            self.canvas.draw()  # leaves the animated artists out
            self.background = self.canvas.copy_from_bbox(self.canvas.figure.bbox)

    def frame(self) -> Image.Image:
        """Draw a frame; pixel for pixel it is what a full drawing of the figure gives."""
        with DRAWING:
            self.canvas.restore_region(self.background)
            for artist in self.moving:
                artist.draw(self.canvas.get_renderer())
            size, pixels = self.canvas.get_width_height(), self.canvas.buffer_rgba()
            return Image.frombuffer("RGBA", size, pixels).convert("RGB")  # a copy, and opaque

    def png(self) -> bytes:
        """Draw a frame and return it as a PNG file.

        One byte a pixel instead of three makes the file a third as large, and four times as fast to write.
        """
        file = io.BytesIO()
        indexed = self.frame().quantize(palette=self.palette, dither=Image.Dither.NONE)
        indexed.save(file, format="png", compress_level=1)
        return file.getvalue()

    def _lay_out_as(self, model: LiveFigure) -> None:
        """Put the axes where those of another figure are; where numbers are wider, the axes give way."""
        figure, renderer = self.canvas.figure, self.canvas.get_renderer()
        figure.set_layout_engine("none")
        for ax, other in zip(figure.axes, model.canvas.figure.axes, strict=True):
            box = other.get_position(original=True)
            ax.set_position(box)
            ax.set_anchor(other.get_anchor())
            ax.set_box_aspect(other.get_box_aspect())
            side: str = ax.yaxis.get_label_position()
            if side == "left" and ax.get_ylabel():
                ax.apply_aspect()
                ax.yaxis.get_tightbbox(renderer)  # puts the label beside the numbers
                place, room = (each.yaxis.label.get_window_extent().x0 for each in (ax, other))
                if place < room - 0.5:
                    by = (room - place) / figure.bbox.width
                    ax.set_position((box.x0 + by, box.y0, box.width - by, box.height))

    def _find_palette(self) -> Image.Image:
        """Choose the 256 colors: those of the moving lines, and what comes closest to all others."""
        lines = [artist for artist in self.moving if isinstance(artist, Line2D)]
        exact = {to_rgb(color) for line in lines for color in (line.get_color(), line.get_markeredgecolor())}
        own = np.round(255 * np.array([(1, 1, 1), *sorted(exact)])).astype(int)
        palette = self.frame().quantize(256 - len(own), kmeans=1, dither=Image.Dither.NONE)
        colors = np.array(palette.getpalette()).reshape(-1, 3)[: 256 - len(own)]
        colors[colors.min(axis=1) >= 248] = 255  # white stays white
        palette.putpalette(np.concatenate([own, colors]).ravel().tolist())
        return palette


@contextmanager
def like(model: LiveFigure) -> Iterator[None]:
    """Within, a new live figure takes layout and colors from another one of the same make.

    To find its own takes it longer than all else, and axes that jump would flicker.
    """
    token = MODEL.set(model)
    try:
        yield
    finally:
        MODEL.reset(token)


def placard(beside: bytes, title: str, words: str) -> bytes:
    """Return a calm picture of some words, as a PNG file of exactly the size of another one."""
    width, height = Image.open(io.BytesIO(beside)).size
    # At the resolution of the lessons' figures, which are 8.4 inches wide.
    dpi = width / 8.4
    with DRAWING:
        # A hundredth of a pixel more: what is cut off below a whole one is not the last pixel.
        figure = Figure(figsize=((width + 0.01) / dpi, (height + 0.01) / dpi), dpi=dpi, facecolor="#eef3f7")
        canvas = FigureCanvasAgg(figure)
        look: dict[str, Any] = {"ha": "center", "color": "#22313f", "linespacing": 1.4, "parse_math": False}
        figure.text(0.5, 0.78, title, va="center", fontsize=12, **look)
        figure.text(0.5, 0.68, textwrap.fill(words, 64), va="top", fontsize=15, **look)
        canvas.draw()
        pixels = Image.frombuffer("RGBA", canvas.get_width_height(), canvas.buffer_rgba()).convert("RGB")
    file = io.BytesIO()
    pixels.quantize(64).save(file, format="png", compress_level=1)
    return file.getvalue()
