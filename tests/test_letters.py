"""The columns of a table beside matplotlib's own text."""

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from gdutils.letters import Columns

PLACE, SIZE = (0.9, 0.8), 9.5


def ink(draw):
    """Return how dark each pixel of some axes is after something is drawn on them."""
    figure = Figure(figsize=(4, 3), dpi=100, facecolor="white", layout="none")
    ax = figure.add_axes((0, 0, 1, 1))
    ax.set_axis_off()
    draw(ax)
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    return 255 - np.asarray(canvas.buffer_rgba())[..., 0].astype(int)


def box(dark):
    """Return the first and the last row and column with ink."""
    rows, columns = (np.flatnonzero(dark.max(axis=axis) > 100) for axis in (1, 0))
    return np.array([rows[0], rows[-1], columns[0], columns[-1]])


def columns(*entries, places=(PLACE[0],)):
    def draw(ax):
        Columns(ax, places, PLACE[1], size=SIZE, spacing=1.8).set_entries(entries)

    return draw


def text(words):
    def draw(ax):
        look = {"family": "monospace", "fontsize": SIZE, "linespacing": 1.8}
        ax.text(*PLACE, words, transform=ax.transAxes, ha="right", va="top", **look)

    return draw


@pytest.mark.parametrize("word", ["0123456789", "−1.5e+07", "nan", "▸", "inf"])
def test_a_line_is_as_matplotlib_draws_it(word):
    own, expected = ink(columns([word])), ink(text(word))
    assert np.abs(box(own) - box(expected)).max() <= 1
    assert own.sum() == pytest.approx(expected.sum(), rel=0.05)


def test_lines_stand_below_each_other_and_end_at_the_right():
    own, expected = ink(columns(["1.25", "", "30000"])), ink(text("1.25\n\n30000"))
    assert np.abs(box(own) - box(expected)).max() <= 4  # the lines' distance is in whole pixels
    assert own.sum() == pytest.approx(expected.sum(), rel=0.05)


def test_columns_stand_where_they_should():
    halves = np.hsplit(ink(columns(["8"], ["8"], places=(0.25, 0.75))), 2)
    ends = [box(half)[3] for half in halves]
    assert ends[0] == ends[1]
    assert 96 <= ends[0] < 100


def test_newer_entries_replace_the_older():
    def draw(ax):
        table = Columns(ax, [PLACE[0]], PLACE[1], size=SIZE, spacing=1.8)
        table.set_entries([["88888"]])
        table.set_entries([["1"]])

    np.testing.assert_array_equal(ink(draw), ink(columns(["1"])))


def test_nothing_is_drawn_without_entries_or_while_invisible():
    def hidden(ax):
        table = Columns(ax, [PLACE[0]], PLACE[1], size=SIZE, spacing=1.8)
        table.set_entries([["1"]])
        table.set_visible(False)

    assert ink(columns([])).max() == ink(columns()).max() == ink(hidden).max() == 0
