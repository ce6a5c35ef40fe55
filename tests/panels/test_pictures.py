"""The pictures of all models: what they draw and say agrees with what is computed apart from them."""

import re
import warnings

import matplotlib.style
import numpy as np
import pytest
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.colors import to_rgb
from sklearn.metrics import accuracy_score, root_mean_squared_error

from gdutils import models, panel, plots
from gdutils.datasets import make_line, make_ratings
from gdutils.optimizers import SGD, AdaGrad, Momentum, Nesterov
from gdutils.panel import pictures
from gdutils.panel.training_panel import OptimizerRun
from gdutils.training import Run, Snapshot, train
from tests.panels.problems import PROBLEMS, RATINGS, assert_same_pixels, blobs, every_problem, signed

EPOCHS = 12
of_classes = pytest.mark.parametrize("name", ["probability", "regions", "network", "margin"])


def run_of(problem, optimizer=None, epochs=EPOCHS, **settings):
    settings = {"batch_size": problem.batch_size, "random_state": 3} | settings
    return train(problem.model, *problem.data, optimizer or SGD(problem.lr), epochs=epochs, **settings)


def with_losses(run, losses):
    """Return a run of the same parameters with other losses."""
    found = [each._replace(loss=loss) for each, loss in zip(run.snapshots, losses, strict=True)]
    return Run(found)


def plain(text):
    return text.replace("\N{NO-BREAK SPACE}", " ").replace("−", "-")


# What is drawn. ---


@every_problem
def test_frames_are_full_drawings(problem):
    picture = problem.draw(EPOCHS)
    for optimizer in (None, SGD(50.0), Momentum(problem.lr)):
        run = run_of(problem, optimizer, batch_size=7)
        for epoch in {0, len(run.losses) - 1}:
            picture.update(problem.model, run, epoch)
            assert_same_pixels(picture.live)


@every_problem
def test_files_keep_the_colors_of_what_moves(problem):
    picture = problem.draw(EPOCHS)
    picture.update(problem.model, run_of(problem), 3)
    frame = picture.live.frame()
    file = np.asarray(frame.quantize(palette=picture.live.palette, dither=0).convert("RGB")).astype(int)
    assert np.mean(np.abs(np.asarray(frame) - file).max(axis=2) > 16) < 0.02
    palette = np.array(picture.live.palette.getpalette()).reshape(-1, 3)
    for line in picture.compared:
        color = np.round(255 * np.array(to_rgb(line.get_color())))
        assert np.abs(palette - color).max(axis=1).min() <= 1


@every_problem
def test_epochs_differ_and_an_older_one_comes_back(problem):
    picture, run, seen = problem.draw(EPOCHS), run_of(problem), []
    for epoch in (0, 1, EPOCHS, 0):
        picture.update(problem.model, run, epoch)
        seen.append((picture.live.png(), picture.caption(problem.model, run, epoch)))
    assert seen[0] == seen[3]
    assert len(set(seen)) == 3


@every_problem
def test_a_picture_does_not_depend_on_the_caller(problem, monkeypatch):
    """Not on a style, nor on TeX, nor on how NumPy treats overflow; and it needs no mathtext."""

    def refuse(*args, **kwargs):
        raise AssertionError("mathtext was drawn: it is not safe beside a cell that draws too")

    monkeypatch.setattr(RendererAgg, "draw_mathtext", refuse)
    runs = run_of(problem), run_of(problem, SGD(1e3))
    images = []
    for strange in (False, True):
        changed = {"text.usetex": True, "font.size": 20, "lines.linewidth": 9, "axes.grid": False}
        styles = ["dark_background", "seaborn-v0_8-talk", changed] if strange else []
        with matplotlib.style.context(styles), np.errstate(all="raise" if strange else "warn"):
            picture = problem.draw(EPOCHS)
            for run in runs:
                picture.update(problem.model, run, len(run.losses) - 1)
                images.append((picture.live.png(), picture.caption(problem.model, run, len(run.losses) - 1)))
    assert images[:2] == images[2:]


@pytest.mark.parametrize("value", [np.inf, np.nan, 1e300])
@every_problem
def test_a_run_that_broke_is_drawn_and_told(problem, value):
    run = run_of(problem, epochs=2)
    broken = {name: np.full_like(theta, value) for name, theta in run.params.items()}
    run = Run([*run.snapshots, Snapshot(3, broken, np.nan, run.states[-1])])
    picture = problem.draw(EPOCHS)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for epoch in (3, 0):
            picture.update(problem.model, run, epoch)
            picture.live.png()
    assert picture.caption(problem.model, run, 3) == "loss nan"  # nothing is claimed of what is no number


# What is said, and what the curves show. ---


def predicted_classes(model, params, X):
    """The classes by formulas of our own."""
    if "W1" in params:
        X = np.maximum(X @ params["W1"] + params["b1"], 0)
        return (X @ params["W2"] + params["b2"]).argmax(axis=1)
    if "W" in params:
        return (X @ params["W"] + params["b"]).argmax(axis=1)
    positive = X @ params["w"] + params["b"] >= 0
    return np.where(positive, 1, min(model.labels))


@of_classes
def test_words_of_a_classifier(name):
    problem = PROBLEMS[name]
    picture, run = problem.draw(EPOCHS, held_out=problem.other_data), run_of(problem)
    for epoch in (1, EPOCHS):
        parts = problem.data, problem.other_data
        on_data, on_held = (
            accuracy_score(y, predicted_classes(problem.model, run.path[epoch], X)) for X, y in parts
        )
        words = plain(picture.caption(problem.model, run, epoch))
        assert words.startswith(f"loss {run.losses[epoch]:.4g}")
        assert f"accuracy {on_data:.3f}, on held-out rows {on_held:.3f}" in words


def test_words_tell_how_large_the_parameters_are():
    for name, words in (("probability", r"‖w‖ ([\d.]+)"), ("margin", r"margin ([\d.]+) to each side")):
        problem = PROBLEMS[name]
        run = run_of(problem)
        text = plain(problem.draw(EPOCHS).caption(problem.model, run, EPOCHS))
        norm = np.sqrt(np.sum(run.params["w"] ** 2))
        (found,) = re.findall(words, text)
        assert float(found) == pytest.approx(norm if name == "probability" else 1 / norm, rel=5e-3)
    assert f"b {float(run.params['b']):.4g}" in text
    assert "margin inf" in problem.draw(EPOCHS).caption(problem.model, run, 0)


def test_words_tell_of_a_better_epoch_before_a_spike():
    problem = PROBLEMS["network"]
    run, picture = run_of(problem), problem.draw(EPOCHS)
    spiked = with_losses(run, [2.0, 0.25, *[0.3] * (EPOCHS - 2), 1.5])
    risen = with_losses(run, [0.1, *[0.5] * EPOCHS])
    assert "loss 1.5 (after epoch 1 it was 0.25)" in picture.caption(problem.model, spiked, EPOCHS)
    assert "(after" not in picture.caption(problem.model, spiked, EPOCHS - 1)
    assert "(after" not in picture.caption(problem.model, risen, EPOCHS)


@of_classes
def test_the_held_out_curve_is_the_held_out_loss(name):
    problem = PROBLEMS[name]
    X, y = problem.other_data
    picture = problem.draw(EPOCHS, held_out=(X, y))
    runs = run_of(problem), run_of(problem, Momentum(problem.lr, 0.5))
    # As a panel does it: a run that grows, then another one, then the first again.
    for run, known in ((runs[0], 5), (runs[0], EPOCHS), (runs[1], 3), (runs[0], EPOCHS)):
        part = Run(run.snapshots[: known + 1])
        picture.update(problem.model, part, known)
        rest, done, _ = picture.curves[1]
        np.testing.assert_allclose(rest.get_ydata(), [problem.model.loss(p, X, y) for p in part.path])
        np.testing.assert_allclose(picture.curves[0][0].get_ydata(), part.losses)
        np.testing.assert_allclose(done.get_xdata(), np.arange(known + 1))


def test_errors_on_known_and_hidden_entries():
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
        drawn = [curve[0].get_ydata()[epoch] for curve in picture.curves]
        assert drawn == pytest.approx([on_known, on_hidden])
        words = f"RMSE {on_known:.4g} on known entries and {on_hidden:.4g} on hidden ones"
        assert words in picture.caption(problem.model, run, epoch)
    np.testing.assert_allclose(picture.table[0].get_array(), table, rtol=1e-6)


def test_another_rank_is_drawn_by_the_same_picture():
    problem, model = PROBLEMS["ratings"], models.MatrixFactorization(12, 9, 5, 0.0)
    run = train(model, *problem.data, SGD(0.02), epochs=EPOCHS)
    picture = problem.draw(EPOCHS)
    picture.update(model, run, EPOCHS)
    drawn = picture.table[0].get_array()
    np.testing.assert_allclose(drawn, run.params["P"] @ run.params["Q"].T, rtol=1e-5)


# Many rows: all are trained on, some are drawn. ---


def test_a_line_is_drawn_over_a_sample_and_a_caption_says_so():
    for count, told in ((pictures.DRAWN, False), (pictures.DRAWN + 1, True)):
        X, y = make_line(count)
        picture = panel.LinePicture(models.LinearRegression(1), X, y, epochs=1)
        points = picture.data_ax.collections[0].get_offsets()
        assert len(points) == pictures.DRAWN
        assert {tuple(point) for point in points} <= {*zip(X[:, 0], y, strict=True)}
        caption = picture.caption(picture.model, train(picture.model, X, y, SGD(0.1), epochs=1), 1)
        assert ("(drawn: 2,000 of the 2,001 rows)" in caption) is told


def test_support_vectors_are_drawn_of_a_sample_and_judged_on_all_rows():
    X, y = signed(*blobs(2, 3_000))
    picture = panel.MarginPicture(models.LinearSVM(2), X, y, epochs=5)
    run = train(picture.model, X, y, SGD(0.01), epochs=5)
    picture.update(picture.model, run, 5)
    scores = X @ run.params["w"] + run.params["b"]
    rings = picture.map_ax.lines[-1]
    assert 0 < len(rings.get_xdata()) < (y * scores <= 1).sum()
    accuracy = np.mean(np.where(scores >= 0, 1, -1) == y)
    assert f"accuracy {accuracy:.3f}" in picture.caption(picture.model, run, 5)


def test_of_a_large_table_a_part_is_drawn_and_all_of_it_judged():
    n_users, n_items = 200_000, 150_000  # the whole table would have 240 GB
    X, y, _ = make_ratings(120, 110, random_state=0)
    model = models.MatrixFactorization(n_users, n_items, 2, 0.1)
    picture = panel.RatingsPicture(model, X, y, 1, held_out=(X[:9], y[:9]))
    known, (i, j) = picture.known(), X[7]
    assert known.shape == (100, 100)
    assert known[i, j] == y[7]
    assert np.isfinite(known).sum() == (X < 100).all(axis=1).sum()
    run = Run([Snapshot(0, model.init(np.random.RandomState(0)), 1.0, {})])
    picture.update(model, run, 0)
    assert "(drawn: the first 100)" in picture.caption(model, run, 0)


# The arrows on the loss surface. ---


def ends_of(arrows):
    """Return from where and in which directions arrows lead; NaN where they are hidden."""
    hidden = np.broadcast_to(arrows.Umask, np.shape(arrows.U))
    return np.asarray(arrows.get_offsets()), np.where(hidden, np.nan, [arrows.U, arrows.V]).T


@pytest.mark.parametrize("kind", [SGD, Momentum, Nesterov, AdaGrad])
def test_arrows_lead_downhill_and_along_the_velocity(kind):
    problem, epoch = PROBLEMS["line"], 3
    picture, optimizer = problem.draw(EPOCHS), kind(lr=0.05)
    run = OptimizerRun(run_of(problem, optimizer).snapshots, optimizer=optimizer)
    picture.update(problem.model, run, epoch)
    gradient = problem.model.gradient(run.path[epoch], *problem.data)
    starts, (along, down) = ends_of(picture.arrows[0])
    np.testing.assert_allclose(starts[1], [run.path[epoch]["w"][0], run.path[epoch]["b"]])
    wanted = plots.in_pixels([-gradient["w"][0], -gradient["b"]], picture.surface_ax)
    np.testing.assert_allclose(down, 24 * wanted / np.hypot(*wanted), rtol=1e-6)
    words = plain(picture.caption(problem.model, run, epoch))
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
    picture, arrived, lost = problem.draw(400), Momentum(0.05), Momentum(50.0)
    run = OptimizerRun(run_of(problem, arrived, epochs=400).snapshots, optimizer=arrived)
    picture.update(problem.model, run, 0)  # at rest, but not at the star
    assert np.isnan(ends_of(picture.arrows[0])[1]).any(axis=1).tolist() == [True, False]
    picture.update(problem.model, run, 400)
    assert np.isnan(ends_of(picture.arrows[0])[1]).all()
    assert "downhill" not in picture.caption(problem.model, run, 400)
    run = OptimizerRun(run_of(problem, lost, epochs=400).snapshots, optimizer=lost)
    picture.update(problem.model, run, len(run.losses) - 1)
    assert np.isnan(ends_of(picture.arrows[0])[1]).all()


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda X, y: panel.LinePicture(models.LinearRegression(2), X[:, :1], y, 9), "X"),
        (lambda X, y: panel.MarginPicture(models.LinearSVM(2), X, y, 9), "labels"),
        (lambda X, y: panel.RegionsPicture(models.SoftmaxRegression(2, 2), X * np.nan, y, 9), "finite"),
        (lambda X, y: panel.LossPicture(models.SoftmaxRegression(2, 2), X, y, 9, held_out=(X, y + 1)), "y"),
    ],
)
def test_bad_data_are_refused_by_name(call, words):
    with pytest.raises((ValueError, TypeError), match=words):
        call(*blobs(2))
