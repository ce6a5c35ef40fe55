"""What is drawn is what was computed: the artists' data, their updates in place, and the surface."""

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.contour import ContourSet
from matplotlib.figure import Figure

from gdutils import plots
from gdutils.datasets import make_line
from gdutils.models import LinearRegression
from gdutils.optimizers import SGD, Momentum
from gdutils.pictures import LinePicture
from gdutils.training import Run, train

MODEL = LinearRegression(n_features=1)
X, Y = make_line()
RUN = train(MODEL, X, Y, SGD(lr=0.05), epochs=20)
WILD = train(MODEL, X, Y, SGD(lr=3.0), epochs=500)
PICTURE = LinePicture(MODEL, X, Y, epochs=20)


@pytest.fixture
def ax():
    figure = Figure(figsize=(2, 2), layout="none")  # another test may have left a style behind
    FigureCanvasAgg(figure)
    return figure.subplots()


def draw(ax):
    """Draw for real, so that a warning or an error of Matplotlib comes out."""
    ax.figure.canvas.draw()


def data_of(artists):
    return [np.asarray(artist.get_data(), dtype=float) for artist in artists]


def test_data_are_the_points(ax):
    points = plots.plot_data(X, Y, ax, label="data")
    np.testing.assert_array_equal(points.get_offsets(), np.column_stack([X[:, 0], Y]))
    assert points.get_label() == "data"


def test_line_is_the_prediction_from_side_to_side(ax):
    ax.set_xlim(-2, 5)
    (line,) = plots.plot_line({"w": np.array([2.0]), "b": np.array(-1.0)}, ax, label="fit")
    np.testing.assert_allclose(line.get_data(), [[-2, 5], [-5, 9]])
    assert ax.get_xlim() == (-2, 5)
    assert line.get_label() == "fit"


def test_line_leaves_the_limits_that_the_points_have(ax):
    plots.plot_data(X, Y, ax)
    limits = ax.axis()
    plots.plot_line({"w": np.array([50.0]), "b": np.array(0.0)}, ax)
    assert ax.axis() == limits


def test_loss_curve_is_the_losses(ax):
    rest, done, now = plots.plot_loss(RUN.losses, ax)
    for line in (rest, done):
        np.testing.assert_array_equal(line.get_data(), [np.arange(21), RUN.losses])
    np.testing.assert_array_equal(now.get_data(), [[20], [RUN.losses[20]]])


def test_loss_curve_is_full_up_to_the_epoch(ax):
    rest, done, now = plots.plot_loss(RUN.losses, ax, epoch=6)
    np.testing.assert_array_equal(rest.get_data(), [np.arange(21), RUN.losses])
    np.testing.assert_array_equal(done.get_data(), [np.arange(7), RUN.losses[:7]])
    np.testing.assert_array_equal(now.get_data(), [[6], [RUN.losses[6]]])


def test_path_is_the_parameters(ax):
    ax.set(xlim=(-5, 5), ylim=(-5, 5))
    points = np.array([[params["w"][0], params["b"]] for params in RUN.path])
    rest, done, now = plots.plot_path(RUN.path, ax, epoch=6)
    np.testing.assert_array_equal(rest.get_data(), points.T)
    np.testing.assert_array_equal(done.get_data(), points[:7].T)
    np.testing.assert_array_equal(now.get_data(), points[6:7].T)


UPDATES = {
    "line": lambda run, epoch, ax, artists: plots.plot_line(run.path[epoch], ax, artists=artists),
    "loss": lambda run, epoch, ax, artists: plots.plot_loss(run.losses, ax, epoch=epoch, artists=artists),
    "path": lambda run, epoch, ax, artists: plots.plot_path(run.path, ax, epoch=epoch, artists=artists),
}


@pytest.mark.parametrize("update", UPDATES.values(), ids=UPDATES)
def test_update_moves_the_same_artists_to_what_a_new_drawing_shows(ax, update):
    ax.set(xlim=(-4, 4), ylim=(-4, 4))
    new_ax = Figure().subplots()
    new_ax.set(xlim=(-4, 4), ylim=(-4, 4))
    other = train(MODEL, X, Y, Momentum(lr=0.1), epochs=33)
    artists = update(RUN, 0, ax, ())
    children = list(ax.get_children())
    for run, epoch in [(RUN, 12), (other, 33), (other, 0), (RUN, 20)]:
        moved = update(run, epoch, ax, artists)
        assert all(a is b for a, b in zip(artists, moved, strict=True))
        for ours, fresh in zip(data_of(moved), data_of(update(run, epoch, new_ax, ())), strict=True):
            np.testing.assert_array_equal(ours, fresh)
    assert ax.get_children() == children  # nothing was added


NOT_A_NUMBER = {"w": np.array([np.nan]), "b": np.array(np.inf)}
LARGEST = {"w": np.array([1e308]), "b": np.array(1e308)}
DIVERGED = {
    "to infinity": WILD,
    "from huge data": train(MODEL, X, Y * 1e200, SGD(), epochs=3),
    "to the end of the scale": Run([RUN.path[0], LARGEST], np.array([6.0, np.inf]), diverged_at=1),
    "to NaN": Run([RUN.path[0], NOT_A_NUMBER], np.array([6.0, np.nan]), diverged_at=1),
}


@pytest.mark.parametrize("scale", ["linear", "log"])
@pytest.mark.parametrize("run", DIVERGED.values(), ids=DIVERGED)
@pytest.mark.parametrize("update", UPDATES.values(), ids=UPDATES)
def test_a_diverged_run_draws_and_leaves_the_limits(ax, update, run, scale):
    ax.set(xlim=(0.1, 4), yscale=scale, ylim=(0.1, 4))
    limits = ax.axis()
    artists = ()
    for epoch in (0, len(run.losses) - 1):
        artists = update(run, epoch, ax, artists)
        draw(ax)
    assert ax.axis() == limits


def test_a_diverged_curve_leaves_through_the_top(ax):
    # An infinite loss is drawn as a point far above, so that the curve is seen to rise and not to stop.
    plots.label_loss(ax)
    ax.set(xlim=(0, 20), ylim=(0.1, 40))
    _, done, _ = plots.plot_loss([6.0, 30.0, np.inf], ax)
    assert np.isfinite(done.get_ydata()).all()
    assert done.get_ydata()[2] > 1e300


def test_a_diverged_path_is_cut_where_it_cannot_be_seen(ax):
    ax.set(xlim=(-5, 5), ylim=(-5, 5))
    rest, *_ = plots.plot_path(WILD.path, ax)
    points = np.column_stack(rest.get_data())
    assert np.isfinite(points).all()
    assert len(points) < len(WILD.path)
    # All that is inside the axes is drawn, and the way out of them too.
    inside = sum(max(abs(p["w"][0]), abs(p["b"])) < 5 for p in WILD.path)
    assert len(points) > inside
    assert np.abs(points[-1]).max() > 5


def test_loss_ticks_are_plain_numbers(ax):
    plots.label_loss(ax)
    ax.set_ylim(0.15, 40)
    draw(ax)
    labels = [label.get_text() for label in ax.get_yticklabels()]
    assert {"0.2", "0.5", "1", "20"} <= set(labels)
    assert not any("$" in label for label in labels)
    assert "log" in ax.get_ylabel()


@pytest.mark.parametrize("shift", [0.0, 1.5])
@pytest.mark.parametrize("dtype", [float, np.int8, np.float32])
def test_contours_are_where_the_model_has_their_loss(ax, shift, dtype):
    # Whole numbers whose squares do not fit an int8.
    data = (np.round(X[::10] * 20) + round(10 * shift)).astype(dtype)
    y = Y[::10]
    start = {"w": np.array([-0.5]), "b": np.array(20.0)}
    plots.plot_surface(MODEL, data, y, ax, start=start)
    draw(ax)
    best = MODEL.minimum(data.astype(float), y)
    lowest = MODEL.loss(best, data.astype(float), y)
    (lines,) = (c for c in ax.collections if isinstance(c, ContourSet) and not c.filled)
    # Between the grid's lines a contour is straight, so it is off by at most λh²/8 in the loss.
    steps = np.diff(np.array([ax.get_xlim(), ax.get_ylim()]), axis=1) / 80
    slack = MODEL.curvature(data.astype(float)) * float((steps**2).sum()) / 8
    seen = 0
    for level, path in zip(lines.levels, lines.get_paths(), strict=True):
        for w, b in path.vertices[::5]:
            rise = MODEL.loss({"w": np.array([w]), "b": np.array(b)}, data.astype(float), y) - lowest
            assert rise == pytest.approx(level, abs=1.01 * slack)
            seen += 1
    assert seen > 50


def test_surface_holds_the_start_and_stars_the_minimum(ax):
    start = {"w": np.array([-3.0]), "b": np.array(7.0)}
    plots.plot_surface(MODEL, X, Y, ax, start=start)
    (left, right), (bottom, top) = ax.get_xlim(), ax.get_ylim()
    assert left < -3 < right
    assert bottom < 7 < top
    slope, intercept = np.polyfit(X[:, 0], Y, 1)
    (star,) = (line for line in ax.lines if line.get_marker() == "*")
    np.testing.assert_allclose(np.ravel(star.get_data()), [slope, intercept])
    assert left < slope < right
    assert bottom < intercept < top


def test_drawing_changes_no_setting():
    before = dict(mpl.rcParams)
    picture = LinePicture(MODEL, X, Y, epochs=20)
    picture.update(MODEL, RUN, 5)
    picture.live.png()
    assert dict(mpl.rcParams) == before


# The picture of a panel, made of these. ---


def test_picture_shows_the_run_at_the_epoch():
    picture = PICTURE
    picture.update(MODEL, RUN, 7)
    w, b = RUN.path[7]["w"][0], RUN.path[7]["b"]
    x, y = picture.line[0].get_data()
    np.testing.assert_allclose(y, w * np.asarray(x) + b)
    assert x[0] <= -3
    assert x[1] >= 3
    np.testing.assert_array_equal(picture.curve[1].get_data(), [np.arange(8), RUN.losses[:8]])
    np.testing.assert_array_equal(np.ravel(picture.path[2].get_data()), [w, b])


def test_picture_has_room_for_the_whole_run():
    (left, right), (bottom, top) = PICTURE.loss_ax.get_xlim(), PICTURE.loss_ax.get_ylim()
    assert left < 0
    assert right > 20
    assert bottom < RUN.losses.min()
    assert top > RUN.losses.max()


@pytest.mark.parametrize("epoch", [0, 7, 20])
def test_words_give_the_numbers(epoch):
    words = PICTURE.words(MODEL, RUN, epoch).replace("\N{NO-BREAK SPACE}", " ")
    w, b = RUN.path[epoch]["w"][0], float(RUN.path[epoch]["b"])
    best = 0.5 * np.mean((np.polyval(np.polyfit(X[:, 0], Y, 1), X[:, 0]) - Y) ** 2)
    assert f"loss {RUN.losses[epoch]:.4g} " in words
    assert f"{best:.4g}" in words
    assert f"ŷ = {w:.4g} x {'−' if b < 0 else '+'} {abs(b):.4g}" in words


def test_words_use_one_minus_sign():
    run = train(MODEL, X, Y, SGD(lr=0.1), epochs=1, params={"w": np.array([-2.0]), "b": np.array(1e-9)})
    words = PICTURE.words(MODEL, run, 0).replace("\N{NO-BREAK SPACE}", " ")
    assert "ŷ = −2 x + 1e−09" in words
    assert "-" not in words


@pytest.mark.parametrize("epochs", [0, -1, 2.5, "20", None])
def test_picture_names_bad_epochs(epochs):
    with pytest.raises((ValueError, TypeError), match=f"epochs.*{epochs!r}"):
        LinePicture(MODEL, X, Y, epochs)


# Arrows. ---


def ends_of(arrows):
    """Return where the arrows begin, and by how many pixels they lead to the right and up; NaN if hidden."""
    hidden = np.broadcast_to(arrows.Umask, np.shape(arrows.U))
    moved = np.where(hidden, np.nan, np.array([arrows.U, arrows.V], dtype=float)).T
    return np.asarray(arrows.get_offsets()), moved


def test_arrows_have_their_lengths_in_pixels_and_their_ways_on_the_axes(ax):
    ax.set(xlim=(0, 10), ylim=(-1, 1))
    points = [[2.0, 0.5], [5.0, 0.0], [1.0, 0.0]]
    (arrows,) = plots.plot_arrows(points, np.zeros((3, 2)), ax, lengths=[20, 30, 40])
    ways = np.array([[1.0, 0.1], [-1e-9, 0.0], [0.0, -1e9]])
    (same,) = plots.plot_arrows(points, ways, ax, lengths=[20, 30, 40], artists=[arrows])
    assert same is arrows
    starts, moved = ends_of(arrows)
    np.testing.assert_array_equal(starts, points)
    np.testing.assert_allclose(np.hypot(*moved.T), [20, 30, 40])
    # What matplotlib makes of the way on these axes is its direction in pixels.
    draw(ax)
    for way, pixels in zip(ways, moved, strict=True):
        on_screen = np.subtract(*ax.transData.transform([way, [0.0, 0.0]]))
        np.testing.assert_allclose(on_screen / np.hypot(*on_screen), pixels / np.hypot(*pixels), atol=1e-9)
    np.testing.assert_allclose(
        plots.in_pixels(ways[0], ax), np.subtract(*ax.transData.transform([ways[0], [0, 0]]))
    )


@pytest.mark.parametrize("way", [[0.0, 0.0], [np.nan, 1.0], [np.inf, 1.0]])
def test_an_arrow_without_a_way_is_not_drawn(ax, way):
    ax.set(xlim=(0, 1), ylim=(0, 1))
    ax.set_axis_off()
    draw(ax)
    empty = np.array(ax.figure.canvas.buffer_rgba())
    (arrows,) = plots.plot_arrows([[0.5, 0.5]] * 2, [way, way], ax, lengths=[20, 20])
    draw(ax)
    assert (np.array(ax.figure.canvas.buffer_rgba()) == empty).all()
    plots.plot_arrows([[np.nan, 0.5], [0.5, 0.5]], [[1, 0], [0, 1]], ax, lengths=[20, 20], artists=[arrows])
    _, moved = ends_of(arrows)
    np.testing.assert_allclose(moved, [[np.nan, np.nan], [0, 20]], atol=1e-9)
