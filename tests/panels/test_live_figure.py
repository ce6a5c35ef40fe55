"""The live figure: each of its frames is, pixel for pixel, what Matplotlib draws in full."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from gdutils import plots
from gdutils.panel.live_figure import LiveFigure
from tests.panels.problems import assert_same_pixels


@pytest.fixture
def simple():
    """Two axes: a thick line that runs over the spines, and a marker."""
    with plots.lesson_style():
        figure = Figure(figsize=(6, 2), dpi=80)
        left, right = figure.subplots(1, 2, subplot_kw={"xlim": (0, 1), "ylim": (0, 1), "title": "A title"})
        (line,) = left.plot([0, 1], [0, 1], linewidth=8)
        (dot,) = right.plot([0.5], [0.5], "o", markersize=20)
        return LiveFigure(figure, [line, dot], [line]), line, dot


def test_frames_are_full_drawings(simple):
    live, line, dot = simple
    for x in (0.0, 0.3, 1.0, -5.0):
        line.set_data([0, 1], [x, 1 - x])
        dot.set_data([x], [0.0])  # half of it under the axis
        assert_same_pixels(live)


def test_an_earlier_line_stays_in_gray_until_it_is_taken_away(simple):
    live, line, _ = simple
    first, kept = np.asarray(live.frame()), live.shown()
    line.set_data([0, 1], [1, 0])
    alone = np.asarray(live.frame())
    live.compare(kept)
    both = np.asarray(live.frame())
    changed = (both != alone).any(axis=2)
    assert not (changed & (first == alone).all(axis=2)).all()  # it is where the line was
    assert (both[changed].max(axis=1) - both[changed].min(axis=1) < 60).mean() > 0.5
    live.compare(None)
    assert (np.asarray(live.frame()) == alone).all()
