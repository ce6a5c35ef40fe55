"""The pictures of all models: what they draw and say agrees with what is computed apart from them."""

import re
import warnings

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from scipy.special import expit
from sklearn.metrics import accuracy_score, root_mean_squared_error

from gdutils import plots
from gdutils.models import (
    LinearSVM,
    LogisticRegression,
    MatrixFactorization,
    NeuralNetwork,
    SoftmaxRegression,
)
from gdutils.optimizers import SGD, AdaGrad, Adam, Momentum, Nesterov
from gdutils.pictures import LinePicture, MarginPicture, ProbabilityPicture, RatingsPicture, RegionsPicture
from gdutils.training import Run, train
from tests.panels.test_canvas import assert_same_pixels
from tests.problems import PROBLEMS, RATINGS, blobs
from tests.test_plots import ends_of

EPOCHS = 12
every_problem = pytest.mark.parametrize("problem", PROBLEMS.values(), ids=PROBLEMS)
of_classes = pytest.mark.parametrize(
    "problem", [p for p in PROBLEMS.values() if "n_features" in vars(p.model) and p.model.n_features == 2]
)


def run_of(problem, optimizer=None, epochs=EPOCHS, **settings):
    optimizer = optimizer or SGD(problem.lr)
    settings = {"batch_size": problem.batch_size, "random_state": 3} | settings
    return train(problem.model, *problem.data, optimizer, epochs=epochs, **settings)


def plain(text):
    return text.replace("\N{NO-BREAK SPACE}", " ").replace("−", "-")


@pytest.fixture
def ax():
    figure = Figure(figsize=(3, 3))
    FigureCanvasAgg(figure)
    ax = figure.subplots()
    ax.set(xlim=(-4, 6), ylim=(-3, 5))
    return ax


def centers(image):
    """Return where on the plane the cells of a map are drawn, of shape (rows, columns, 2)."""
    left, right, bottom, top = image.get_extent()
    rows, columns = image.get_size()
    x = left + (np.arange(columns) + 0.5) * (right - left) / columns
    y = bottom + (np.arange(rows) + 0.5) * (top - bottom) / rows
    return np.stack(np.meshgrid(x, y), axis=2)


# What is drawn. ---


def test_probability_map_is_the_sigmoid(ax):
    params = {"w": np.array([0.8, -0.5]), "b": np.array(0.3)}
    image, line = plots.plot_probability(LogisticRegression(2), params, ax)
    single = 1e-6  # an image is kept in single precision
    np.testing.assert_allclose(image.get_array(), expit(centers(image) @ params["w"] + 0.3), rtol=single)
    points = np.column_stack(line.get_data())
    np.testing.assert_allclose(points @ params["w"] + 0.3, 0, atol=1e-12)
    assert np.abs(points).max() > 5  # it reaches beyond the axes
    assert ax.axis() == (-4, 6, -3, 5)


def test_untrained_model_has_no_border(ax):
    _, line = plots.plot_probability(LogisticRegression(2), LogisticRegression(2).init(), ax)
    assert np.isnan(line.get_data()).all()


def test_border_outside_the_axes_is_not_drawn(ax):
    params = {"w": np.array([1e-9, 0.0]), "b": np.array(1.0)}
    _, line = plots.plot_probability(LogisticRegression(2), params, ax)
    assert np.isnan(line.get_data()).all()


REGION_MODELS = {
    "softmax": (SoftmaxRegression(2, 3), 0.3),
    "two classes": (SoftmaxRegression(2, 2), 0.3),
    "network": (NeuralNetwork(2, 6, 3), 1.0),
    "very sure": (NeuralNetwork(2, 6, 3), 30.0),
}


@pytest.mark.parametrize(("model", "scale"), REGION_MODELS.values(), ids=REGION_MODELS)
def test_regions_are_the_most_probable_class(ax, model, scale):
    rng = np.random.RandomState(4)
    params = {name: scale * rng.standard_normal(theta.shape) for name, theta in model.init(rng).items()}
    image, borders = plots.plot_regions(model, params, ax)
    P = model.predict(params, centers(image).reshape(-1, 2))
    np.testing.assert_array_equal(image.get_array().ravel() // plots.SHADES, P.argmax(axis=1))
    # On a border the two most probable classes are nearly alike: it is found between points of the grid.
    vertices = np.concatenate(borders.get_segments())
    assert len(vertices) > 20
    step = np.array([10, 8]) / (plots.GRID - 1)
    for vertex in vertices[::7]:
        around = vertex + step * np.array([[0.75, 0], [-0.75, 0], [0, 0.75], [0, -0.75]])
        assert len(set(model.predict(params, around).argmax(axis=1))) > 1


def test_paler_where_less_sure(ax):
    params = {"W": np.array([[3.0, -3.0], [0.0, 0.0]]), "b": np.zeros(2)}
    image, _ = plots.plot_regions(SoftmaxRegression(2, 2), params, ax)
    middle = np.asarray(image.get_array())[50]
    sure = middle % plots.SHADES
    assert sure[0] == sure[-1] == plots.SHADES - 1
    assert sure.min() <= 2  # right beside the border
    brightness = image.to_rgba(np.arange(2 * plots.SHADES)).sum(axis=1)
    assert np.all(np.diff(brightness[: plots.SHADES]) < 0)


def test_kinks_are_where_a_unit_switches_on(ax):
    rng = np.random.RandomState(0)
    params = {"W1": rng.standard_normal((2, 5)), "b1": rng.standard_normal(5)}
    (lines,) = plots.plot_kinks(params, ax)
    drawn = 0
    for k, segment in enumerate(lines.get_segments()):
        np.testing.assert_allclose(segment @ params["W1"][:, k] + params["b1"][k], 0, atol=1e-9)
        drawn += len(segment) == 2
    assert drawn >= 4


def test_margins_and_support_vectors(ax):
    X, y = blobs(2)
    y = 2 * y - 1
    params = {"w": np.array([0.3, -0.2]), "b": np.array(0.1)}
    *lines, rings = plots.plot_margins(params, X, y, ax)
    for line, level in zip(lines, (0, 1, -1), strict=True):
        np.testing.assert_allclose(np.column_stack(line.get_data()) @ [0.3, -0.2] + 0.1, level, atol=1e-12)
    expected = [row for row, label in zip(X, y, strict=True) if label * (row @ [0.3, -0.2] + 0.1) <= 1]
    np.testing.assert_array_equal(np.column_stack(rings.get_data()), expected)
    assert 0 < len(expected) < len(X)


def test_a_row_on_the_margin_is_a_support_vector(ax):
    params = {"w": np.array([1.0, 0.0]), "b": np.array(0.0)}
    X = np.array([[1.0, 0.0], [1.0001, 1.0], [-1.0, 2.0]])
    *_, rings = plots.plot_margins(params, X, np.array([1, 1, -1]), ax)
    np.testing.assert_array_equal(np.column_stack(rings.get_data()), X[[0, 2]])


def test_table_shows_numbers_and_leaves_gaps(ax):
    table = np.array([[1.0, np.nan], [0.0, -1.0]])
    (image,) = plots.plot_table(table, ax, limits=(-1, 1))
    colors = image.to_rgba(image.get_array())
    assert len({tuple(color) for color in colors.reshape(-1, 4)}) == 4
    (again,) = plots.plot_table(-table, ax, artists=[image])
    assert again is image
    np.testing.assert_array_equal(image.get_array().filled(np.nan), -table)


def test_classes_have_their_color_and_marker(ax):
    X = np.array([[0.0, 0], [1, 1], [2, 2], [3, 3]])
    points = plots.plot_classes(X, np.array([0, 2, 2, 0]), ax)  # no point of class 1
    assert [p.get_color() for p in points] == [plots.CLASSES[0], plots.CLASSES[2]]
    assert [p.get_label() for p in points] == ["class 0", "class 2"]
    assert len({p.get_marker() for p in points}) == 2
    np.testing.assert_array_equal(np.column_stack(points[1].get_data()), X[1:3])
    (left, right), (bottom, top) = ax.get_xlim(), ax.get_ylim()
    assert left < 0 < 3 < right
    assert bottom < 0 < 3 < top
    signed = plots.plot_classes(X, np.array([-1, 1, 1, -1]), ax, labels=["no", "yes"])
    assert [p.get_color() for p in signed] == list(plots.CLASSES[:2])
    assert [p.get_label() for p in signed] == ["no", "yes"]


def test_too_many_classes_are_refused(ax):
    X = np.zeros((9, 2))
    with pytest.raises(ValueError, match=r"at most 7 classes.*got 9"):
        plots.plot_classes(X, np.arange(9), ax)
    with pytest.raises(ValueError, match=r"at most 7 classes.*got 9"):
        plots.plot_regions(SoftmaxRegression(2, 9), SoftmaxRegression(2, 9).init(), ax)


# Pictures of a run. ---


@every_problem
def test_frames_are_full_drawings(problem):
    picture = problem.draw(EPOCHS)
    for run in (
        run_of(problem),
        run_of(problem, SGD(50.0)),
        run_of(problem, Momentum(problem.lr), batch_size=7),
    ):
        for epoch in {0, len(run.losses) - 1}:
            picture.update(problem.model, run, epoch)
            assert_same_pixels(picture.live)


@every_problem
def test_the_files_256_colors_come_close(problem):
    picture, run = problem.draw(EPOCHS), run_of(problem)
    for epoch in (0, 3, EPOCHS):
        picture.update(problem.model, run, epoch)
        frame = np.asarray(picture.live.frame()).astype(int)
        file = np.asarray(
            picture.live.frame().quantize(palette=picture.live.palette, dither=0).convert("RGB")
        )
        assert np.mean(np.abs(frame - file).max(axis=2) > 16) < 0.02
        assert np.all(file[(frame == 255).all(axis=2)] == 255)


@every_problem
def test_moving_lines_keep_their_color(problem):
    picture = problem.draw(EPOCHS)
    palette = np.array(picture.live.palette.getpalette()).reshape(-1, 3)
    for line in getattr(picture, "curve", None) or picture.curves:
        color = np.round(255 * np.array(to_rgb(line.get_color())))
        assert np.abs(palette - color).max(axis=1).min() <= 1


@every_problem
def test_epochs_differ_and_an_older_one_comes_back(problem):
    picture, run = problem.draw(EPOCHS), run_of(problem)
    frames = []
    for epoch in (0, 1, EPOCHS, 0):
        picture.update(problem.model, run, epoch)
        frames.append((picture.live.png(), picture.words(problem.model, run, epoch)))
    assert frames[0] == frames[3]
    assert len(set(frames)) == 3


@every_problem
def test_nothing_needs_mathtext(problem, monkeypatch):
    def refuse(*args, **kwargs):
        raise AssertionError("mathtext was drawn")

    monkeypatch.setattr(RendererAgg, "draw_mathtext", refuse)
    picture = problem.draw(EPOCHS)
    picture.update(problem.model, run_of(problem), EPOCHS)
    picture.live.png()


BROKEN = {"infinite": np.inf, "not a number": np.nan, "huge": 1e300}


@pytest.mark.parametrize("value", BROKEN.values(), ids=BROKEN)
@every_problem
def test_a_run_that_broke_is_drawn_and_told(problem, value):
    run = run_of(problem, epochs=2)
    broken = {name: np.full_like(theta, value) for name, theta in run.params.items()}
    run = Run([*run.path, broken], np.array([*run.losses, np.nan]), diverged_at=3)
    picture = problem.draw(EPOCHS)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for epoch in (3, 0):
            picture.update(problem.model, run, epoch)
            picture.live.png()
            words = picture.words(problem.model, run, epoch)
            assert words.startswith("loss ")
            assert ("accuracy" in words or "RMSE" in words) <= (
                epoch == 0
            )  # nothing is claimed of what is no number


def predicted_classes(model, params, X):
    """The classes by formulas of our own."""
    if isinstance(model, LogisticRegression):
        return (X @ params["w"] + params["b"] >= 0).astype(int)
    if isinstance(model, LinearSVM):
        return np.sign(X @ params["w"] + params["b"])
    if isinstance(model, SoftmaxRegression):
        return (X @ params["W"] + params["b"]).argmax(axis=1)
    hidden = np.maximum(X @ params["W1"] + params["b1"], 0)
    return (hidden @ params["W2"] + params["b2"]).argmax(axis=1)


@of_classes
def test_words_of_a_classifier(problem):
    held_out = problem.other_data
    picture, run = problem.draw(EPOCHS, held_out=held_out), run_of(problem)
    for epoch in (1, EPOCHS):
        params = run.path[epoch]
        on_data = accuracy_score(problem.data[1], predicted_classes(problem.model, params, problem.data[0]))
        on_held = accuracy_score(held_out[1], predicted_classes(problem.model, params, held_out[0]))
        words = plain(picture.words(problem.model, run, epoch))
        assert words.startswith(f"loss {run.losses[epoch]:.4g}")
        assert f"accuracy {on_data:.3f}, on held-out rows {on_held:.3f}" in words


def test_words_tell_how_large_the_parameters_are():
    for name, words in (("probability", r"‖w‖ ([\d.]+)"), ("margin", r"margin ([\d.]+) to each side")):
        problem = PROBLEMS[name]
        run = run_of(problem)
        (found,) = re.findall(words, problem.draw(EPOCHS).words(problem.model, run, EPOCHS))
        norm = np.sqrt(np.sum(run.params["w"] ** 2))
        assert float(found) == pytest.approx(norm if name == "probability" else 1 / norm, rel=5e-3)
    assert f"b {float(run.params['b']):.4g}" in plain(problem.draw(EPOCHS).words(problem.model, run, EPOCHS))


def test_an_untrained_margin_is_infinite():
    problem = PROBLEMS["margin"]
    assert "margin inf" in problem.draw(EPOCHS).words(problem.model, run_of(problem), 0)


def test_words_tell_of_a_better_epoch_before_a_spike():
    problem = PROBLEMS["regions of a network"]
    run = run_of(problem)
    spiked = Run(run.path, np.array([2.0, 0.25, *np.full(EPOCHS - 2, 0.3), 1.5]))
    risen = Run(run.path, np.array([0.1, *np.full(EPOCHS, 0.5)]))
    assert "(after" not in problem.draw(EPOCHS).words(problem.model, risen, EPOCHS)
    picture = problem.draw(EPOCHS)
    assert "loss 1.5 (after epoch 1 it was 0.25)" in picture.words(problem.model, spiked, EPOCHS)
    assert "(after" not in picture.words(problem.model, spiked, EPOCHS - 1)


@of_classes
def test_held_out_curve_is_the_held_out_loss(problem):
    X, y = problem.other_data
    picture = problem.draw(EPOCHS, held_out=(X, y))
    runs = run_of(problem), run_of(problem, Momentum(problem.lr, 0.5))
    # As a panel does it: a run that grows, then another one, then the first again.
    for run, known in ((runs[0], 5), (runs[0], EPOCHS), (runs[1], 3), (runs[0], EPOCHS)):
        part = Run(run.path[: known + 1], run.losses[: known + 1])
        picture.update(problem.model, part, known)
        rest, done, _ = picture.curve[3:]
        wanted = [problem.model.loss(params, X, y) for params in part.path]
        np.testing.assert_allclose(rest.get_ydata(), wanted)
        np.testing.assert_allclose(done.get_xdata(), np.arange(known + 1))
        assert done.get_linestyle() == "--"


def test_rmse_of_known_and_hidden_entries():
    problem = PROBLEMS["ratings"]
    run, (X, y, truth) = run_of(problem), RATINGS
    hidden = np.ones(truth.shape, dtype=bool)
    hidden[X[:, 0], X[:, 1]] = False
    picture = problem.draw(EPOCHS)
    picture.update(problem.model, run, EPOCHS)
    for epoch in (0, EPOCHS):
        table = run.path[epoch]["P"] @ run.path[epoch]["Q"].T
        on_known = root_mean_squared_error(y, table[X[:, 0], X[:, 1]])
        on_hidden = root_mean_squared_error(truth[hidden], table[hidden])
        assert picture.curves[0].get_ydata()[epoch] == pytest.approx(on_known)
        assert picture.curves[3].get_ydata()[epoch] == pytest.approx(on_hidden)
        words = f"RMSE {on_known:.4g} on known entries and {on_hidden:.4g} on hidden ones"
        assert words in picture.words(problem.model, run, epoch)
    np.testing.assert_allclose(picture.table[0].get_array(), table)


def test_a_diverged_error_curve_is_seen_to_leave():
    problem = PROBLEMS["ratings"]
    start, nowhere = run_of(problem).path[0], {"P": np.full((12, 2), np.nan), "Q": np.zeros((9, 2))}
    picture = problem.draw(EPOCHS)
    pixels = []
    for path in ([start], [start, nowhere]):
        run = Run(path, np.array([4.0, np.nan][: len(path)]))
        picture.update(problem.model, run, 0)
        pixels.append(np.asarray(picture.live.frame()))
    box = picture.error_ax.get_window_extent()
    rows = slice(pixels[0].shape[0] - int(box.y1) + 1, pixels[0].shape[0] - int(box.y0))
    changed = np.any(pixels[0] != pixels[1], axis=2)[rows, int(box.x0) : int(box.x1)]
    assert changed.any(axis=1)[:5].all()  # up to the upper edge


def test_a_rating_given_twice_counts_twice():
    problem = PROBLEMS["ratings"]
    X, y = np.concatenate([R, R[:1]]), np.append(r, r[0] + 4)
    picture = problem.draw(EPOCHS, X=X, y=y)
    params = run_of(problem).params
    table = params["P"] @ params["Q"].T
    known, _ = picture.errors(problem.model, params)
    assert known == pytest.approx(root_mean_squared_error(y, table[X[:, 0], X[:, 1]]))


def test_points_of_small_integers_are_inside_the_axes(ax):
    X = np.array([[-100, 0], [100, 100]], dtype=np.int8)
    plots.plot_classes(X, np.array([0, 1]), ax)
    assert ax.get_xlim()[0] < -100 < 100 < ax.get_xlim()[1]


def test_another_rank_is_drawn_by_the_same_picture():
    problem = PROBLEMS["ratings"]
    model = MatrixFactorization(12, 9, 5, 0.0)
    run = train(model, *problem.data, SGD(0.02), epochs=EPOCHS)
    picture = problem.draw(EPOCHS)
    picture.update(model, run, EPOCHS)
    np.testing.assert_allclose(picture.table[0].get_array(), run.params["P"] @ run.params["Q"].T)


# What cannot be drawn. ---

X3 = np.zeros((60, 3))
X2, Y2 = blobs(2)
R, r, TRUTH = RATINGS
FACTORS = PROBLEMS["ratings"].model
BAD = {
    "three features": (lambda: ProbabilityPicture(LogisticRegression(3), X3, Y2, 9), "X must have shape"),
    "model of three": (lambda: ProbabilityPicture(LogisticRegression(3), X2, Y2, 9), "n_features=2"),
    "wrong labels": (lambda: MarginPicture(LinearSVM(2), X2, Y2, 9), "labels -1, 1, got 0, 1"),
    "NaN": (lambda: RegionsPicture(SoftmaxRegression(2, 2), X2 * np.nan, Y2, 9), "X must be finite"),
    "epochs": (lambda: RegionsPicture(SoftmaxRegression(2, 2), X2, Y2, 0), "epochs must be"),
    "held out": (
        lambda: RegionsPicture(SoftmaxRegression(2, 2), X2, Y2, 9, held_out=(X3, Y2)),
        "X must have shape",
    ),
    "held-out labels": (
        lambda: RegionsPicture(SoftmaxRegression(2, 2), X2, Y2, 9, held_out=(X2, Y2 + 1)),
        "labels 0, 1, got 1, 2",
    ),
    "overflow": (
        lambda: RegionsPicture(NeuralNetwork(2, 3, 2), X2 / abs(X2).max() * 1e308, Y2, 9),
        "small enough",
    ),
    "truth": (lambda: RatingsPicture(FACTORS, R, r, 9, truth=TRUTH.T), r"truth must have shape .*\(12, 9\)"),
    "truth NaN": (lambda: RatingsPicture(FACTORS, R, r, 9, truth=TRUTH * np.nan), "truth must be finite"),
    "nothing hidden": (
        lambda: RatingsPicture(FACTORS, np.argwhere(np.isfinite(TRUTH)), TRUTH.ravel(), 9, truth=TRUTH),
        "at least one entry",
    ),
    "user out of range": (lambda: RatingsPicture(FACTORS, R + 9, r, 9, truth=TRUTH), "users from 0 to 11"),
}


LOGISTIC, SOFTMAX = LogisticRegression(2), SoftmaxRegression(2, 2)
BAD |= {
    "probability of softmax": (
        lambda: ProbabilityPicture(SOFTMAX, X2, Y2, 9),
        "model must predict the probability of class 1.*got SoftmaxRegression",
    ),
    "probability of an SVM": (lambda: ProbabilityPicture(LinearSVM(2), X2, 2 * Y2 - 1, 9), "labels 0, 1"),
    "regions of logistic": (
        lambda: RegionsPicture(LOGISTIC, X2, Y2, 9),
        "model must predict a probability for",
    ),
    "margin of logistic": (lambda: MarginPicture(LOGISTIC, X2, Y2, 9), "labels -1, 1, got 0, 1"),
    "margin of softmax": (lambda: MarginPicture(SOFTMAX, X2, Y2, 9), "model must have a score"),
    "line of logistic": (lambda: LinePicture(LOGISTIC, X2, Y2, 9), "model must be a LinearRegression"),
    "ratings of logistic": (
        lambda: RatingsPicture(LOGISTIC, R, r, 9, truth=TRUTH),
        "model must be a MatrixFactorization",
    ),
    "labels": (lambda: ProbabilityPicture(LOGISTIC, X2, Y2, 9, labels=["one"]), "labels must be 2 names"),
    "features": (lambda: ProbabilityPicture(LOGISTIC, X2, Y2, 9, features=["a"]), "features must be 2 names"),
    "names": (lambda: RatingsPicture(FACTORS, R, r, 9, truth=TRUTH, names=["a"]), "names must be 3"),
    "loss limits": (
        lambda: ProbabilityPicture(LOGISTIC, X2, Y2, 9, loss_limits=(0, -1)),
        "loss_limits must be",
    ),
    "limits reversed": (
        lambda: ProbabilityPicture(LOGISTIC, X2, Y2, 9, loss_limits=(9.0, 0.1)),
        "smaller one first",
    ),
    "held out alone": (
        lambda: ProbabilityPicture(LOGISTIC, X2, Y2, 9, held_out=X2),
        r"held_out must be a pair",
    ),
    "huge ratings": (lambda: RatingsPicture(FACTORS, R, r * 1e200, 9, truth=TRUTH), "y must be small enough"),
    "huge truth": (
        lambda: RatingsPicture(FACTORS, R, r, 9, truth=TRUTH * 1e200),
        "truth must be small enough",
    ),
}


@pytest.mark.parametrize(("call", "words"), BAD.values(), ids=BAD)
def test_bad_data_are_refused_by_name(call, words):
    with pytest.raises((ValueError, TypeError), match=words):
        call()


# The arrows on the loss surface. ---


@pytest.mark.parametrize("batch_size", [None, 8])
@pytest.mark.parametrize("kind", [SGD, Momentum, Nesterov, AdaGrad, Adam])
def test_arrows_lead_downhill_and_along_the_velocity(kind, batch_size):
    problem = PROBLEMS["line"]
    picture, epoch = problem.draw(EPOCHS), 3
    run = run_of(problem, kind(lr=0.05), batch_size=batch_size)
    picture.update(problem.model, run, epoch)
    gradient = problem.model.gradient(run.path[epoch], *problem.data)
    starts, (along, down) = ends_of(picture.arrows[0])
    np.testing.assert_allclose(starts[1], [run.path[epoch]["w"][0], run.path[epoch]["b"]])
    wanted = plots.in_pixels([-gradient["w"][0], -gradient["b"]], picture.surface_ax)
    np.testing.assert_allclose(down, 24 * wanted / np.hypot(*wanted), rtol=1e-6)
    words = plain(picture.words(problem.model, run, epoch))
    assert f"downhill ({-gradient['w'][0]:.2g}, {-gradient['b']:.2g})" in words
    if kind in (Momentum, Nesterov):  # by which θ moves: against v
        velocity = run.states[epoch]
        wanted = plots.in_pixels([-velocity["w"][0], -velocity["b"]], picture.surface_ax)
        np.testing.assert_allclose(along, 40 * wanted / np.hypot(*wanted), rtol=1e-6)
        assert f"velocity toward ({-velocity['w'][0]:.2g}, {-velocity['b']:.2g})" in words
    else:
        assert np.isnan(along).all()
        assert "velocity" not in words


def test_no_arrow_at_rest_nor_at_the_star_nor_far_outside():
    problem = PROBLEMS["line"]
    picture = problem.draw(400)
    run = run_of(problem, Momentum(0.05), epochs=400)
    picture.update(problem.model, run, 0)  # at rest, but not at the star
    assert np.isnan(ends_of(picture.arrows[0])[1]).any(axis=1).tolist() == [True, False]
    picture.update(problem.model, run, 400)
    assert np.isnan(ends_of(picture.arrows[0])[1]).all()
    assert "downhill" not in picture.words(problem.model, run, 400)
    lost = run_of(problem, Momentum(50.0), epochs=400)
    picture.update(problem.model, lost, len(lost.losses) - 1)
    assert np.isnan(ends_of(picture.arrows[0])[1]).all()
    assert_same_pixels(picture.live)


def test_the_arrows_are_named_in_the_figure_and_told_apart_by_fill():
    picture = PROBLEMS["line"].draw(EPOCHS)
    assert "➡ downhill, ⇨ velocity" in picture.surface_ax.get_xlabel()
    hollow, filled = picture.arrows[0].get_facecolor()[:, :3]
    assert (tuple(hollow), tuple(filled)) == ((1, 1, 1), (0, 0, 0))
