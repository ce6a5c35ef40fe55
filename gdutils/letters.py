"""Columns of numbers that change with every frame, put together from letters that were drawn once.

Matplotlib lays out and draws each letter of a text anew, which takes a tenth of a millisecond: for a table of
200 letters longer than all else in a figure.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from numpy.typing import NDArray

__all__ = ["Columns"]


class Columns(Artist):
    """Columns of text in one typeface whose letters are all equally wide, each aligned to the right.

    Parameters
    ----------
    ax : Axes
        Where they stand.
    places : sequence of float
        The right ends of the columns, as parts of the axes' width.
    top : float
        The upper end of the first line, as a part of the axes' height.
    size : float
        Of the letters, in points.
    spacing : float
        From line to line, as a multiple of the letters' height.
    """

    def __init__(self, ax: Axes, places: Sequence[float], top: float, *, size: float, spacing: float) -> None:
        super().__init__()
        self.places, self.spacing = [(place, top) for place in places], spacing
        self.font = FontProperties(family="monospace", size=size)
        self.color = [round(255 * part) for part in to_rgb(mpl.rcParams["text.color"])]
        self.entries: Sequence[Sequence[str]] = []
        self.letters: dict[str, NDArray[np.uint8]] = {}
        self.frame = ax.transAxes
        self.set_zorder(3)
        self.set_in_layout(False)
        ax.add_artist(self)

    def set_entries(self, entries: Sequence[Sequence[str]]) -> None:
        """Set the lines of each column."""
        self.entries = entries

    def draw(self, renderer: Any) -> None:
        """Draw the columns; matplotlib calls it."""
        if not self.get_visible():
            return
        width, _, _ = renderer.get_text_width_height_descent("0" * 10, self.font, False)
        _, height, _ = renderer.get_text_width_height_descent("lp", self.font, False)
        cell = round(self.spacing * height), round(width / 10)
        gc = renderer.new_gc()
        for place, lines in zip(self.places, self.entries, strict=False):
            longest = max(map(len, lines), default=0)
            if longest:
                covered = np.vstack([self._line(line.rjust(longest), cell, renderer) for line in lines])
                image = np.empty((*covered.shape, 4), dtype=np.uint8)
                image[..., :3], image[..., 3] = self.color, covered
                right, top = self.frame.transform(place)
                left, bottom = round(right) - image.shape[1], round(top) - image.shape[0]
                renderer.draw_image(gc, left, bottom, image[::-1])
        gc.restore()

    def _line(self, line: str, cell: tuple[int, int], renderer: RendererAgg) -> NDArray[np.uint8]:
        return np.hstack([self._letter(letter, cell, renderer.dpi) for letter in line])

    def _letter(self, letter: str, cell: tuple[int, int], dpi: float) -> NDArray[np.uint8]:
        """Return how much of each pixel of its cell a letter covers, from 0 to 255."""
        if letter not in self.letters:
            height, width = cell
            figure = Figure(figsize=(width / dpi, height / dpi), dpi=dpi, facecolor="white")
            figure.text(
                0, 1, letter, color="black", va="top", linespacing=self.spacing, fontproperties=self.font
            )
            canvas = FigureCanvasAgg(figure)
            canvas.draw()
            self.letters[letter] = 255 - np.asarray(canvas.buffer_rgba())[..., 0]
        return self.letters[letter]
