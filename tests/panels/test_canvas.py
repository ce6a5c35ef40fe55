"""The live figure: each of its frames is, pixel for pixel, what Matplotlib draws in full."""

import io

import numpy as np
import pytest
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.figure import Figure
from PIL import Image

from gdutils.canvas import LiveFigure
from gdutils.datasets import make_line
from gdutils.models import LinearRegression
from gdutils.optimizers import SGD, Momentum
from gdutils.pictures import LinePicture
from gdutils.training import train

MODEL = LinearRegression(n_features=1)


def pixels(png):
    image = Image.open(io.BytesIO(png))
    assert image.format == "PNG"
    return np.asarray(image.convert("RGB"))


def drawn_in_full(live):
    """Return the pixels of a full drawing of the figure as it stands."""
    canvas = live.canvas
    animated = canvas.figure.findobj(lambda artist: artist.get_animated())
    assert animated
    canvas.figure.set_layout_engine("none")  # which would move the axes by a fraction of a pixel once more
    for artist in animated:
        artist.set_animated(False)
    canvas.draw()
    full = np.array(canvas.buffer_rgba())[..., :3]
    for artist in animated:
        artist.set_animated(True)
    return full


def assert_same_pixels(live):
    frame, full = np.asarray(live.frame()), drawn_in_full(live)
    assert frame.shape == full.shape
    differing = int((frame != full).any(axis=2).sum())
    assert differing == 0, f"{differing} pixels differ"


@pytest.fixture
def simple():
    """Two axes: a thick line that runs over the spines, and a marker."""
    figure = Figure(figsize=(6, 2), dpi=80)
    left, right = figure.subplots(1, 2)
    (line,) = left.plot([0, 1], [0, 1], linewidth=8)
    (dot,) = right.plot([0.5], [0.5], "o", markersize=20)
    for ax in (left, right):
        ax.set(xlim=(0, 1), ylim=(0, 1), title="A title")
        ax.grid()
    return LiveFigure(figure, [line, dot]), line, dot


def test_frames_are_full_drawings(simple):
    live, line, dot = simple
    for x in (0.0, 0.3, 1.0, -5.0):
        line.set_data([0, 1], [x, 1 - x])
        dot.set_data([x], [0.0])  # half of it under the axis
        assert_same_pixels(live)


def test_a_frame_leaves_no_trace_in_the_next(simple):
    live, line, _ = simple
    first = live.png()
    line.set_data([0, 1], [1, 0])
    assert live.png() != first
    line.set_data([0, 1], [0, 1])
    assert live.png() == first


def test_frame_has_the_size_of_the_figure(simple):
    live, *_ = simple
    assert pixels(live.png()).shape == (160, 480, 3)


X, Y = make_line()
DATA = {
    "reference": (X, Y),
    "off center": (X + 2, Y * 100),
    "few points": (X[::50], Y[::50]),
}
# Runs that arrive, swing, overshoot, and leave the axes.
RUNS = [(SGD(lr=0.3), None), (SGD(lr=0.1), 2), (SGD(lr=3.0), None), (Momentum(lr=0.1, beta=0.95), None)]


@pytest.mark.parametrize(("X", "y"), DATA.values(), ids=DATA)
def test_frames_of_the_panels_picture_are_full_drawings(X, y):
    picture = LinePicture(MODEL, X, y, epochs=40)
    for optimizer, batch_size in RUNS:
        run = train(MODEL, X, y, optimizer, epochs=40, batch_size=batch_size)
        for epoch in {min(3, len(run.losses) - 1), len(run.losses) - 1}:
            picture.update(MODEL, run, epoch)
            assert_same_pixels(picture.live)


@pytest.mark.parametrize(("X", "y"), DATA.values(), ids=DATA)
def test_the_files_256_colors_come_close(X, y):
    picture = LinePicture(MODEL, X, y, epochs=40)
    for optimizer, batch_size in RUNS:
        picture.update(MODEL, train(MODEL, X, y, optimizer, epochs=40, batch_size=batch_size), 3)
        frame, file = np.asarray(picture.live.frame()).astype(int), pixels(picture.live.png())
        difference = np.abs(frame - file).max(axis=2)
        assert np.mean(difference > 16) < 0.02  # most of these few are edges of moving lines
        assert np.all(file[(frame == 255).all(axis=2)] == 255)  # white stays white


def test_picture_moves_between_epochs():
    picture = LinePicture(MODEL, X, Y, epochs=40)
    run = train(MODEL, X, Y, SGD(lr=0.05), epochs=40)
    frames = set()
    for epoch in (0, 1, 20, 40):
        picture.update(MODEL, run, epoch)
        frames.add(picture.live.png())
    assert len(frames) == 4


def test_nothing_needs_mathtext(monkeypatch):
    # It is not safe to draw beside a cell that draws too.
    def refuse(*args, **kwargs):
        raise AssertionError("mathtext was drawn")

    monkeypatch.setattr(RendererAgg, "draw_mathtext", refuse)
    for scale in (1e-6, 1e6):  # numbers that would be written as powers of ten
        picture = LinePicture(MODEL, X, Y * scale, epochs=40)
        picture.update(MODEL, train(MODEL, X, Y * scale, SGD(lr=0.05), epochs=40), 40)
        drawn_in_full(picture.live)
