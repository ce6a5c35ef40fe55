"""Many rows: all are trained on, some are drawn, and a bar tells how far a run is."""

import threading
import time

import numpy as np
import pytest
from sklearn.metrics import root_mean_squared_error

from gdutils import panels, pictures, runs
from gdutils.datasets import make_line, make_ratings
from gdutils.limits import Limits, stable_lr
from gdutils.models import LinearRegression, LinearSVM, LogisticRegression, MatrixFactorization
from gdutils.optimizers import SGD
from gdutils.panels import TrainingPanel
from gdutils.pictures import LinePicture, MarginPicture, ProbabilityPicture, RatingsPicture
from gdutils.training import Run, train
from tests.panels.test_panels import until
from tests.problems import blobs, signed

MANY = 3_000
X, Y = make_line(MANY)


@pytest.fixture(autouse=True)
def at_rest():
    """See to it that all threads of a test have ended."""
    before = set(threading.enumerate())
    yield
    until(lambda: set(threading.enumerate()) <= before)


# The bar. ---


@pytest.fixture
def watched(monkeypatch):
    """Return a panel on many rows, at rest, and what its bar goes through from now on."""
    for module, name in (
        (runs, "BETWEEN_BREATHS"), (runs, "BREATH"), (panels, "PATIENCE"), (panels, "FRAME")
    ):  # fmt: skip
        monkeypatch.setattr(module, name, 0.0)
    panel, seen = TrainingPanel(LinePicture(LinearRegression(1), X, Y, epochs=1), SGD(0.01)), []
    panel.wait()
    assert panel.progress.layout.visibility == "hidden"

    def note(_):
        seen.append((panel.progress.value, panel.progress.layout.visibility, len(panel.run.snapshots)))

    panel.progress.observe(note, "value")
    panel.progress.layout.observe(note, "visibility")
    return panel, seen


def test_the_bar_tells_how_far_a_run_is_in_the_midst_of_an_epoch(watched):
    panel, seen = watched
    panel.controls.batch_size.value = 1
    panel.wait()
    within = [value for value, visibility, epochs in seen if visibility == "visible" and epochs == 1]
    assert within == sorted(within)
    assert len(set(within)) > 50
    assert panel.progress.value == panels.PROGRESS
    assert panel.progress.layout.visibility == "hidden"


def test_a_short_run_shows_no_bar(monkeypatch):
    monkeypatch.setattr(panels, "PATIENCE", 1e9)
    panel, seen = TrainingPanel(LinePicture(LinearRegression(1), X, Y, epochs=20), SGD(0.01)), []
    panel.progress.layout.observe(lambda change: seen.append(change["new"]), "visibility")
    panel.progress.observe(lambda change: seen.append(change["new"]), "value")  # no message for nothing
    panel.controls.batch_size.value = 100
    panel.wait()
    assert seen == []


def test_the_bar_takes_its_place_from_the_start(watched):
    panel, _ = watched
    height = int(panel.progress.layout.height.removesuffix("px"))
    assert height > 8  # which JupyterLab takes for padding; visibility, unlike display, keeps the place
    assert panel.progress.layout.display is None
    assert panel.progress in panel.children[0].children


def test_the_bar_is_that_of_the_newest_run(watched):
    panel, _ = watched
    panel.controls.batch_size.value = 1
    until(lambda: panel.progress.layout.visibility == "visible")
    old = panel.run
    panel.controls.batch_size.value = MANY
    panel.wait()
    assert not old.finished
    assert panel.progress.layout.visibility == "hidden"
    panel._show_progress(old)  # a last breath of the older run
    assert panel.progress.layout.visibility == "hidden"


def test_the_bar_goes_when_a_short_run_replaces_a_long_one(monkeypatch):
    monkeypatch.setattr(panels, "PATIENCE", 0.0)
    panel = TrainingPanel(LinePicture(LinearRegression(1), *make_line(), epochs=200), SGD(0.01))
    panel.wait()
    panel.controls.batch_size.value = 1
    until(lambda: panel.progress.layout.visibility == "visible")
    monkeypatch.setattr(panels, "FIRST_SLICE", 60.0)  # so that the callback itself trains it all
    panel.controls.batch_size.value = 200
    assert panel.run.finished
    assert panel.progress.layout.visibility == "hidden"


def test_a_run_that_fails_leaves_no_bar(watched, monkeypatch):
    panel, seen = watched
    steps, gradient = [], LinearRegression.gradient

    def breaks_later(self, *args):
        steps.append(1)
        if len(steps) > 1_000:
            raise RuntimeError("broken")
        return gradient(self, *args)

    with monkeypatch.context() as patch:
        patch.setattr(LinearRegression, "gradient", breaks_later)
        panel.controls.batch_size.value = 1
        with pytest.raises(RuntimeError, match="broken"):
            panel.wait()
    assert "visible" in {visibility for _, visibility, _ in seen}
    assert panel.progress.layout.visibility == "hidden"


# Nothing waits for many rows. ---


def test_a_callback_leaves_many_rows_to_the_background(monkeypatch):
    threads, gradient = set(), LinearRegression.gradient

    def noted(self, *args):
        threads.add(threading.current_thread())
        return gradient(self, *args)

    monkeypatch.setattr(LinearRegression, "gradient", noted)
    panel = TrainingPanel(LinePicture(LinearRegression(1), X, Y, epochs=3), SGD(0.01))
    panel.controls.lr.value = 0.1
    panel.wait()
    assert threads
    assert threading.current_thread() not in threads


def test_the_newest_setting_wins_in_the_midst_of_a_long_epoch(monkeypatch):
    step = SGD.step

    def slow(optimizer, *args):
        time.sleep(0.001)
        return step(optimizer, *args)

    monkeypatch.setattr(SGD, "step", slow)  # 6 s an epoch
    panel = TrainingPanel(LinePicture(LinearRegression(1), X, Y, epochs=2), SGD(0.01), batch_size=1)
    old = panel.run
    until(lambda: old.pace.steps > 10)
    panel.controls.batch_size.value = MANY
    panel.wait()
    assert len(old.snapshots) == 1
    assert "full batch" in panel.text


def test_the_longest_row_is_looked_at_and_not_every_one(monkeypatch):
    wide = np.random.RandomState(0).standard_normal((MANY, 5)) * [1, 5, 2, 0.1, 1]
    model, calls, curvature = LinearRegression(5), [], LinearRegression.curvature
    every_row = max(model.curvature(row[np.newaxis]) for row in wide)
    monkeypatch.setattr(
        LinearRegression, "curvature", lambda self, X: calls.append(len(X)) or curvature(self, X)
    )
    limits = Limits.of(model, wide)
    assert limits.row == pytest.approx(every_row)
    assert limits.rows == pytest.approx(model.curvature(wide))
    assert calls[:2] == [MANY, 1]


@pytest.mark.parametrize("batch_size", [1, 7, 50, 99, 100])
def test_the_stable_rate_is_a_mean_over_the_batches(batch_size):
    sizes = [min(batch_size, 100 - start) for start in range(0, 100, batch_size)]
    weights = np.array([(100 - m) / (m * 99) for m in sizes])
    by_hand = 1 / np.mean((1 - weights) * 3.0 / 2 + weights * 10.0 / 2)  # 2/curvature is the largest of SGD
    assert stable_lr(SGD(0.1), 3.0, 10.0, 100, batch_size) == pytest.approx(by_hand)


def test_each_epoch_is_judged_once_however_often_it_is_drawn(monkeypatch):
    calls, predict = [], pictures.predict_classes
    monkeypatch.setattr(pictures, "predict_classes", lambda *args: calls.append(1) or predict(*args))
    picture = ProbabilityPicture(LogisticRegression(2), *blobs(2), epochs=4, held_out=blobs(2, 80, 2))
    panel = TrainingPanel(picture, SGD(0.1))
    panel.wait()
    for epoch in (0, 4, 0, 4):
        panel.controls.epoch.value = epoch
    assert len(calls) == 4  # of two epochs, on trained and on held-out rows


# What is drawn of many rows. ---


def test_a_line_is_drawn_over_a_sample_and_fitted_to_all_rows():
    panel = TrainingPanel(LinePicture(LinearRegression(1), X, Y, epochs=5), SGD(0.1))
    panel.wait()
    (points,) = panel.run.picture.data_ax.collections
    drawn = points.get_offsets()
    assert len(drawn) == pictures.DRAWN
    assert {tuple(point) for point in drawn} < {(x, y) for x, y in zip(X[:, 0], Y, strict=True)}
    losses = train(LinearRegression(1), X, Y, SGD(0.1), epochs=5).losses
    np.testing.assert_array_equal([snapshot.loss for snapshot in panel.run.snapshots], losses)
    assert "(drawn: 2,000 of the 3,000 rows)" in panel.text


@pytest.mark.parametrize("count", [pictures.DRAWN, pictures.DRAWN + 1])
def test_a_sample_is_drawn_only_where_it_must_be(count):
    picture = LinePicture(LinearRegression(1), X[:count], Y[:count], epochs=1)
    assert len(picture.data_ax.collections[0].get_offsets()) == pictures.DRAWN
    run = train(LinearRegression(1), X[:count], Y[:count], SGD(0.1), epochs=1)
    assert ("drawn" in picture.words(picture.model, run, 1)) == (count > pictures.DRAWN)


def test_classes_and_support_vectors_are_drawn_of_a_sample_and_judged_on_all_rows():
    X2, y2 = signed(*blobs(2, MANY))
    picture = MarginPicture(LinearSVM(2), X2, y2, epochs=5)
    run = train(picture.model, X2, y2, SGD(0.01), epochs=5)
    picture.update(picture.model, run, 5)
    *classes, _, _, _, rings = picture.map_ax.lines
    assert sum(len(line.get_xdata()) for line in classes) == pictures.DRAWN
    scores = X2 @ run.params["w"] + run.params["b"]
    assert 0 < len(rings.get_xdata()) < (y2 * scores <= 1).sum()
    accuracy = np.mean(np.where(scores >= 0, 1, -1) == y2)
    assert f"accuracy {accuracy:.3f}" in picture.words(picture.model, run, 5)


def test_ratings_are_judged_by_those_held_out():
    R, r, _ = make_ratings(12, 9, density=0.6, random_state=0)
    model = MatrixFactorization(12, 9, 2, 0.1)
    picture = RatingsPicture(model, R[:40], r[:40], 5, held_out=(R[40:], r[40:]))
    run = train(model, R[:40], r[:40], SGD(0.5), epochs=5)
    picture.update(model, run, 5)
    table = run.params["P"] @ run.params["Q"].T
    wanted = root_mean_squared_error(r[40:], table[R[40:, 0], R[40:, 1]])
    assert picture.curves[3].get_ydata()[5] == pytest.approx(wanted)
    assert f"{wanted:.4g} on hidden ones" in picture.words(model, run, 5)


def test_of_a_large_table_the_busiest_users_and_items_are_drawn():
    rng = np.random.RandomState(0)
    n_users, n_items = 200_000, 150_000  # the whole table would have 240 GB
    busy_users, busy_items = rng.choice(n_users, 100, False), rng.choice(n_items, 100, False)
    R = np.column_stack([np.repeat(busy_users, 100), np.tile(busy_items, 100)])
    R = np.concatenate([R, np.column_stack([rng.choice(n_users, 500), rng.choice(n_items, 500)])])
    r = rng.uniform(1, 5, len(R))
    model = MatrixFactorization(n_users, n_items, 2, 0.1)
    picture = RatingsPicture(model, R, r, 1, held_out=(R[:9], r[:9]))
    assert picture.users.tolist() == sorted(busy_users)
    assert picture.items.tolist() == sorted(busy_items)
    known = picture.known()
    assert np.isfinite(known).all()
    i, j = np.searchsorted(picture.users, R[7, 0]), np.searchsorted(picture.items, R[7, 1])
    assert known[i, j] == r[7]
    start = model.init(rng)
    picture.update(model, Run([start], np.array([1.0])), 0)
    drawn = start["P"][picture.users] @ start["Q"][picture.items].T
    np.testing.assert_allclose(picture.table[0].get_array(), drawn)
    words = picture.words(model, Run([start], np.array([1.0])), 0)
    assert "(drawn: the 100 users and 100 items with the most ratings)" in words


R, r, TRUTH = make_ratings(12, 9, density=0.5, random_state=0)
BAD = {
    "neither": ({}, "one of truth and held_out must be given"),
    "both": ({"truth": TRUTH, "held_out": (R, r)}, "one of truth and held_out must be given"),
    "no pair": ({"held_out": R}, r"held_out must be a pair \(X, y\), got ndarray"),
    "unknown users": ({"held_out": (R + 9, r)}, "users from 0 to 11"),
    "NaN": ({"held_out": (R, r * np.nan)}, "y must be finite"),
}


@pytest.mark.parametrize(("change", "words"), BAD.values(), ids=BAD)
def test_bad_comparisons_are_named(change, words):
    with pytest.raises((ValueError, TypeError), match=words):
        RatingsPicture(MatrixFactorization(12, 9, 2, 0.1), R, r, 5, **change)
