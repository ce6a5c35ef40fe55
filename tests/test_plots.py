"""What is drawn is what was computed, and looks the same whatever style the caller has set."""

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from scipy.special import expit

from gdutils import plots
from gdutils.datasets import make_line
from gdutils.models import LinearRegression, LogisticRegression, NeuralNetwork, SoftmaxRegression
from gdutils.optimizers import SGD
from gdutils.training import train

MODEL = LinearRegression(n_features=1)
X, Y = make_line()
RUN = train(MODEL, X, Y, SGD(lr=0.05), epochs=20)
WILD = train(MODEL, X, Y, SGD(lr=3.0), epochs=500)


@pytest.fixture
def ax():
    ax = FigureCanvasAgg(Figure(figsize=(3, 3), layout="none")).figure.subplots()
    ax.set(xlim=(-4, 6), ylim=(-3, 5))
    return ax


# Linear regression. ---


def test_data_are_the_points_and_a_line_the_prediction_from_side_to_side(ax):
    points = plots.plot_data(X, Y, ax, label="data")
    np.testing.assert_array_equal(points.get_offsets(), np.column_stack([X[:, 0], Y]))
    (line,) = plots.plot_line({"w": np.array([2.0]), "b": np.array(-1.0)}, ax, label="fit")
    np.testing.assert_allclose(line.get_data(), [[-4, 6], [-9, 11]])
    assert [artist.get_label() for artist in (points, line)] == ["data", "fit"]
    assert ax.axis() == (-4, 6, -3, 5)


@pytest.mark.parametrize(
    ("plot", "of_run", "points"),
    [
        (plots.plot_loss, RUN.losses, [*enumerate(RUN.losses)]),
        (plots.plot_path, RUN.path, [(params["w"][0], params["b"]) for params in RUN.path]),
    ],
)
def test_loss_and_path_are_full_up_to_the_epoch(ax, plot, of_run, points):
    for epoch, end in ((6, 7), (None, 21)):
        parts = points, points[:end], points[end - 1 : end]
        for artist, part in zip(plot(of_run, ax, epoch=epoch), parts, strict=False):
            np.testing.assert_array_equal(np.column_stack(artist.get_data()), part)


@pytest.mark.parametrize("scale", ["linear", "log"])
def test_a_diverged_run_is_drawn_in_silence_and_leaves_the_limits(ax, scale):
    ax.set(xlim=(0.1, 4), yscale=scale, ylim=(0.1, 4))
    largest = {"w": np.array([1e308]), "b": np.array(1e308)}
    params, losses, line, curve, way = [*WILD.path, largest], [*WILD.losses, np.inf], (), (), ()
    for epoch in (0, len(WILD.losses) // 2, len(WILD.losses)):
        with np.errstate(all="raise"):
            line = plots.plot_line(params[epoch], ax, artists=line)
            curve = plots.plot_loss(losses, ax, epoch=epoch, artists=curve)
            way = plots.plot_path(params, ax, epoch=epoch, artists=way)
        ax.figure.canvas.draw()
    assert ax.axis() == (0.1, 4, 0.1, 4)


def test_a_diverged_curve_leaves_through_the_top(ax):
    plots.label_loss(ax)
    ax.set(ylim=(0.1, 40))
    artists = plots.plot_loss([6.0], ax)
    _, done, _, arrow = plots.plot_loss([6.0, 30.0, np.inf], ax, artists=artists)
    assert done.get_ydata()[2] > 1e300
    np.testing.assert_array_equal(np.ravel(arrow.get_data()), [2, 40])  # where it leaves


def test_contours_are_where_the_model_has_their_loss(ax):
    data, y = X[::10] * 20 + 15, Y[::10]
    plots.plot_surface(MODEL, data, y, ax, start={"w": np.array([-0.5]), "b": np.array(20.0)})
    slope, intercept = np.polyfit(data[:, 0], y, 1)
    (star,) = (line for line in ax.lines if line.get_marker() == "*")
    np.testing.assert_allclose(np.ravel(star.get_data()), [slope, intercept])
    (left, right), (bottom, top) = ax.get_xlim(), ax.get_ylim()
    assert left < -0.5 < right
    assert bottom < 20 < top

    def loss(w, b):
        return 0.5 * np.mean((w * data[:, 0] + b - y) ** 2)

    (ellipses,) = ax.collections
    for path in ellipses.get_paths():
        losses = [loss(*vertex) for vertex in path.vertices[:-1]]
        np.testing.assert_allclose(losses, losses[0], rtol=1e-8)
    corners = [loss(w, b) for w in (left, right) for b in (bottom, top)]
    assert loss(*ellipses.get_paths()[0].vertices[0]) == pytest.approx(max(corners))  # all of it is colored


# Classes. ---


def centers(image):
    """Return where on the plane the cells of a map are drawn, of shape (rows, columns, 2)."""
    left, right, bottom, top = image.get_extent()
    rows, columns = image.get_size()
    x = left + (np.arange(columns) + 0.5) * (right - left) / columns
    y = bottom + (np.arange(rows) + 0.5) * (top - bottom) / rows
    return np.stack(np.meshgrid(x, y), axis=2)


def test_classes_have_their_color_and_marker(ax):
    four = np.array([[0.0, 0], [1, 1], [2, 2], [3, 3]])
    points = plots.plot_classes(four, np.array([0, 2, 2, 0]), ax)  # no point of class 1
    assert [p.get_color() for p in points] == [plots.CLASSES[0], plots.CLASSES[2]]
    assert [p.get_label() for p in points] == ["class 0", "class 2"]
    assert len({p.get_marker() for p in points}) == 2
    np.testing.assert_array_equal(np.column_stack(points[1].get_data()), four[1:3])
    assert ax.axis() == pytest.approx((-0.24, 3.24, -0.24, 3.24))
    signed = plots.plot_classes(four, np.array([-1, 1, 1, -1]), ax, labels=["no", "yes"])
    assert [(p.get_color(), p.get_label()) for p in signed] == [*zip(plots.CLASSES, ["no", "yes"])]  # noqa: B905


def test_probability_map_is_the_sigmoid(ax):
    params = {"w": np.array([0.8, -0.5]), "b": np.array(0.3)}
    image, line = plots.plot_probability(LogisticRegression(2), params, ax)
    single = 1e-6  # an image is kept in single precision
    np.testing.assert_allclose(image.get_array(), expit(centers(image) @ params["w"] + 0.3), rtol=single)
    points = np.column_stack(line.get_data())
    np.testing.assert_allclose(points @ params["w"] + 0.3, 0, atol=1e-12)
    assert np.abs(points).max() > 5  # it reaches beyond the axes
    assert ax.axis() == (-4, 6, -3, 5)
    for w in (0.0, 1e-9):  # untrained, and with a boundary far outside
        params = {"w": np.array([w, 0.0]), "b": np.array(1.0)}
        plots.plot_probability(LogisticRegression(2), params, ax, artists=(image, line))
        assert np.isnan(line.get_data()).all()


@pytest.mark.parametrize("model", [SoftmaxRegression(2, 3), SoftmaxRegression(2, 2), NeuralNetwork(2, 6, 3)])
def test_regions_are_the_most_probable_class(ax, model):
    rng = np.random.RandomState(4)
    params = {name: rng.standard_normal(theta.shape) for name, theta in model.init(rng).items()}
    image, boundaries = plots.plot_regions(model, params, ax)
    P = model.predict(params, centers(image).reshape(-1, 2))
    shades = np.asarray(image.get_array()).ravel()
    np.testing.assert_array_equal(shades // plots.SHADES, P.argmax(axis=1))
    brightness = image.to_rgba(np.arange(plots.SHADES)).sum(axis=1)
    assert (np.diff(brightness) < 0).all()  # the more probable, the darker
    assert (np.diff((shades % plots.SHADES)[np.argsort(P.max(axis=1))]) >= 0).all()
    # On a boundary the two most probable classes are nearly alike: it is found between points of the grid.
    vertices = np.concatenate(boundaries.get_segments())
    assert len(vertices) > 20
    step = np.array([10, 8]) / (plots.GRID - 1)
    for vertex in vertices[::7]:
        around = vertex + step * np.array([[0.75, 0], [-0.75, 0], [0, 0.75], [0, -0.75]])
        assert len(set(model.predict(params, around).argmax(axis=1))) > 1


def test_kinks_are_where_a_unit_switches_on(ax):
    rng = np.random.RandomState(0)
    params = {"W1": rng.standard_normal((2, 5)), "b1": rng.standard_normal(5)}
    (lines,) = plots.plot_kinks(params, ax)
    for k, segment in enumerate(lines.get_segments()):
        np.testing.assert_allclose(segment @ params["W1"][:, k] + params["b1"][k], 0, atol=1e-9)
    assert sum(len(segment) == 2 for segment in lines.get_segments()) >= 4


def test_margins_and_support_vectors(ax):
    params = {"w": np.array([1.0, 0.0]), "b": np.array(0.5)}
    rows = np.array([[0.5, 0.0], [0.6, 1.0], [-1.5, 2.0], [-1.6, 2.0], [-3.0, 1.0]])
    *lines, rings = plots.plot_margins(params, rows, np.array([1, 1, -1, -1, 1]), ax)
    for line, level in zip(lines, (0, 1, -1), strict=True):
        np.testing.assert_allclose(line.get_xdata(), level - 0.5)
    on_or_inside = rows[[0, 2, 4]]
    np.testing.assert_array_equal(np.column_stack(rings.get_data()), on_or_inside)


def test_table_shows_numbers_and_leaves_gaps(ax):
    table = np.array([[1.0, np.nan], [0.0, -1.0]])
    (image,) = plots.plot_table(table, ax, limits=(-1, 1))
    colors = image.to_rgba(image.get_array())
    assert len({tuple(color) for color in colors.reshape(-1, 4)}) == 4
    (again,) = plots.plot_table(-table, ax, artists=[image])
    assert again is image
    np.testing.assert_array_equal(image.get_array().filled(np.nan), -table)


# The style. ---


@pytest.mark.parametrize("style", [plots.lesson_style, plots.frame_style])
def test_settings_come_back_after_an_error(style):
    before = dict(mpl.rcParams)
    with pytest.raises(ZeroDivisionError), style():
        raise ZeroDivisionError
    assert dict(mpl.rcParams) == before
