"""A figure that is redrawn many times a second.

Matplotlib needs far longer to draw axes, ticks and text than the few lines that move. `LiveFigure` draws what
stands still once, keeps it as an image, and for each frame draws the moving artists over a copy of it. It
stays clear of pyplot, whose current figure belongs to the cells: JupyterLab runs a slider's callback beside
them, on another thread.
"""

import io

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgb
from matplotlib.image import AxesImage
from matplotlib.lines import Line2D
from matplotlib.text import Text
from PIL import Image

from gdutils import plots

DPI = 150  # half as many again as the page shows of a picture of 840 pixels: sharp when it is enlarged
KEPT = {"color": "#606060", "linestyle": "-.", "linewidth": 1.8}


class LiveFigure:
    """A figure whose moving artists are drawn over a picture of all that stands still.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        Made without pyplot within `plots.lesson_style`, where this is called, too; its axis limits are fixed.
    moving : iterable of Artist
        The artists that change between frames, clipped to their axes. What a full drawing draws after the
        first of them, such as the spines, is drawn after it in every frame too.
    compared : sequence of Line2D, optional
        The moving lines of which an earlier run may stay in the figure, in gray and dash-dotted.
    """

    def __init__(self, figure, moving, compared=()):
        self.canvas, self.compared = FigureCanvasAgg(figure), compared
        self.copies = [line.axes.plot([], [], zorder=line.zorder - 0.05, **KEPT)[0] for line in compared]
        moving = {*moving, *self.copies}
        self.moving = [artist for ax in figure.axes for artist in from_first(moving, ax)]
        for artist in self.moving:
            artist.set_animated(True)
            if isinstance(artist, AxesImage):  # shows all of its colors while the palette is chosen
                rows, columns = artist.get_size()
                artist.set_data(np.linspace(*artist.get_clim(), rows * columns).reshape(rows, columns))
        self.canvas.draw()  # leaves the animated artists out
        self.background = self.canvas.copy_from_bbox(figure.bbox)
        figure.set_layout_engine("none")  # another drawing would shift the axes by part of a pixel
        self.palette = self._find_palette()

    @property
    def size(self):
        """The width and the height of the picture in pixels."""
        return self.canvas.get_width_height()

    def shown(self):
        """Return what the lines show that an earlier run would leave in the figure."""
        return [np.array(line.get_data()) for line in self.compared]

    def compare(self, data):
        """Draw a copy of what was `shown`; None takes it away."""
        for copy, line in zip(self.copies, data or [([], [])] * len(self.copies), strict=True):
            copy.set_data(*line)

    def frame(self):
        """Draw a frame; pixel for pixel it is what a full drawing of the figure gives."""
        with plots.frame_style():
            self.canvas.restore_region(self.background)
            for artist in self.moving:
                artist.draw(self.canvas.get_renderer())
            size, pixels = self.size, self.canvas.buffer_rgba()
            return Image.frombuffer("RGBA", size, pixels).convert("RGB")  # a copy, and opaque

    def png(self):
        """Draw a frame and return it as a PNG file.

        One byte per pixel instead of three makes the file a third as large, and four times as fast to write.
        """
        file = io.BytesIO()
        indexed = self.frame().quantize(palette=self.palette, dither=Image.Dither.NONE)
        indexed.save(file, format="png", compress_level=1)
        return file.getvalue()

    def _find_palette(self):
        """Choose the 256 colors: those of the moving lines, and what comes closest to all others."""
        lines = [artist for artist in self.moving if isinstance(artist, Line2D)]
        exact = {to_rgb(color) for line in lines for color in (line.get_color(), line.get_markeredgecolor())}
        for line in lines:  # a faint one over white
            exact.add(tuple(1 - (line.get_alpha() or 1) * (1 - np.array(to_rgb(line.get_color())))))
        own = np.round(255 * np.array([(1, 1, 1), *sorted(exact)])).astype(int)
        palette = self.frame().quantize(256 - len(own), kmeans=1, dither=Image.Dither.NONE)
        colors = np.array(palette.getpalette()).reshape(-1, 3)[: 256 - len(own)]
        colors[colors.min(axis=1) >= 248] = 255  # white stays white
        palette.putpalette(np.concatenate([own, colors]).ravel().tolist())
        return palette


def from_first(moving, ax):
    """Return what is to be drawn again in each frame: all artists of the axes from the first moving one on.

    Not the titles: text is slow to draw, and they stand outside of where anything moves. Nor the patch: a
    full drawing begins with it, whatever its zorder.
    """
    still = {artist for artist in ax.get_children() if isinstance(artist, Text)} - set(ax.texts) | {ax.patch}
    inside = [artist for artist in ax.get_children() if artist not in still]
    in_order = sorted(inside, key=lambda artist: artist.zorder)
    first = min((i for i, artist in enumerate(in_order) if artist in moving), default=len(in_order))
    return [artist for artist in in_order[first:] if artist.get_visible()]
