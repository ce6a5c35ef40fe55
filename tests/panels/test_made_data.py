"""Data that a panel makes anew: what moves with them, what stays, and that nothing jumps."""

import gc
import threading
import weakref

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from sklearn.datasets import make_blobs

from gdutils import made_data
from gdutils.canvas import LiveFigure, like
from gdutils.datasets import make_line, make_ratings
from gdutils.made_data import Made
from gdutils.models import LinearRegression, MatrixFactorization, NeuralNetwork
from gdutils.optimizers import SGD
from gdutils.panels import TrainingPanel
from gdutils.pictures import LinePicture, RatingsPicture, RegionsPicture
from gdutils.training import train

LINE = LinearRegression(n_features=1)
NETWORK = NeuralNetwork(n_features=2, n_hidden=5, n_classes=3)


def show_line(X, y):
    return LinePicture(LINE, X, y, epochs=20)


def blobs(n_samples, noise):
    rng = np.random.RandomState(1)
    return *make_blobs(n_samples, centers=3, cluster_std=noise, random_state=rng), rng


def show_blobs(X, y):
    return RegionsPicture(NETWORK, X, y, epochs=20)


def ratings(density, noise):
    return make_ratings(12, 9, density=density, noise=noise, random_state=0)


def show_ratings(X, y, truth):
    return RatingsPicture(MatrixFactorization(12, 9, 2, 0.1), X, y, epochs=10, truth=truth)


def line(**settings):
    return Made(make_line, show_line, **({"n_samples": 60, "noise": 0.7} | settings))


def line_panel(given=None, **settings):
    panel = TrainingPanel(given or line(), SGD(lr=0.05), **settings)
    panel.wait()
    return panel


@pytest.fixture
def panel():
    return line_panel()


# A move


def test_a_move_makes_the_data_anew(panel):
    of_data = panel.controls.of_data
    for n_samples, noise in ((60, 0.2), (120, 0.2), (10, 2.1), (180, 0.0)):
        of_data["n_samples"].value, of_data["noise"].value = n_samples, noise
        panel.wait()
        X, y = make_line(n_samples, noise=noise)
        np.testing.assert_array_equal(panel.run.picture.X, X)
        np.testing.assert_array_equal(panel.run.picture.y, y)
        expected = train(LINE, X, y, SGD(lr=0.05), epochs=20)
        np.testing.assert_array_equal(panel.run.so_far().losses, expected.losses)
        assert f"loss {expected.losses[-1]:.4g}" in panel.text
        best = LINE.loss(LINE.minimum(X, y), X, y)
        assert f"the best line has {best:.4g}" in panel.text
        assert f"{2 / max(np.mean(X**2), 1):.2g}"[:3] in panel.text  # the limit is that of these rows


def test_at_first_it_is_the_picture_of_the_data_themselves(panel):
    plain = line_panel(show_line(*make_line(60)))
    assert panel.text == plain.text
    assert panel.image.value == plain.image.value


def test_the_sentence_tells_what_is_not_as_at_first(panel):
    assert "rows" not in panel.text
    panel.controls.of_data["noise"].value = 0.2
    panel.wait()
    assert "full batch, noise 0.2: loss" in panel.text
    panel.controls.of_data["n_samples"].value = 90
    panel.wait()
    assert "full batch, rows 90, noise 0.2: loss" in panel.text


def test_back_again_nothing_has_changed(panel):
    first = panel.text, panel.image.value
    panel.controls.of_data["n_samples"].value = 100
    panel.wait()
    assert (panel.text, panel.image.value) != first
    panel.controls.of_data["n_samples"].value = 60
    panel.wait()
    assert (panel.text, panel.image.value) == first


def test_reset_brings_the_first_data_back(panel):
    controls, first = panel.controls, (panel.text, panel.image.value)
    controls.batch_size.value = 40
    for n_samples in (20, 30, 70, 80, 90, 10):  # more than are remembered
        controls.of_data["n_samples"].value = n_samples
    controls.of_data["noise"].value = 0.0
    controls.reset.click()
    panel.wait()
    assert (panel.text, panel.image.value) == first
    assert (controls.batch_size.value, controls.batch_size.max) == (60, 60)
    assert controls.of_data["n_samples"].value == 60


def test_full_stays_full_and_other_batches_stay_in_range(panel):
    controls, rows = panel.controls, panel.controls.of_data["n_samples"]
    rows.value = 150
    assert (controls.batch_size.value, controls.batch_size.max) == (150, 150)
    controls.batch_size.value = 50
    rows.value = 90
    assert (controls.batch_size.value, controls.batch_size.max) == (50, 90)
    rows.value = 20
    assert (controls.batch_size.value, controls.batch_size.max) == (20, 20)
    panel.wait()


def test_the_scale_of_the_loss_and_the_epoch_stay(panel):
    controls = panel.controls
    controls.scale.value, controls.epoch.value = "linear", 7
    controls.of_data["n_samples"].value = 90
    panel.wait()
    assert (controls.scale.value, controls.epoch.value) == ("linear", 7)
    assert panel.run.picture.loss_ax.get_yscale() == "linear"


def test_a_kept_run_on_other_data_is_dropped(panel):
    panel.controls.keep.click()
    panel.controls.lr.value = 0.1
    assert "Kept: SGD(lr=0.05)" in panel.text
    panel.controls.of_data["noise"].value = 0.2
    panel.wait()
    assert "Kept" not in panel.text
    panel.controls.of_data["noise"].value = 0.7
    panel.wait()
    assert "Kept" not in panel.text


# Where runs begin


def test_runs_begin_where_the_data_have_left_their_generator():
    panel = line_panel(Made(blobs, show_blobs, n_samples=60, noise=1.5), batch_size=16)
    for noise in (1.5, 0.5):
        panel.controls.of_data["noise"].value = noise
        panel.wait()
        X, y, rng = blobs(60, noise)
        run = train(NETWORK, X, y, SGD(lr=0.05), epochs=20, batch_size=16, random_state=rng)
        np.testing.assert_array_equal(panel.run.so_far().losses, run.losses)
    starts = [panel.run.snapshots[0].params["W1"]]
    panel.controls.of_data["noise"].value = 1.0
    panel.wait()
    starts.append(panel.run.snapshots[0].params["W1"])
    np.testing.assert_array_equal(*starts)  # noise moves the rows, and no start


def test_other_data_begin_in_the_random_state_of_the_panel():
    panel = line_panel(batch_size=8, random_state=5)
    panel.controls.of_data["n_samples"].value = 90
    panel.wait()
    run = train(LINE, *make_line(90), SGD(lr=0.05), epochs=20, batch_size=8, random_state=5)
    np.testing.assert_array_equal(panel.run.so_far().losses, run.losses)


# Several data


@pytest.fixture
def several():
    made = Made(blobs, show_blobs, n_samples=60, noise=1.5)
    others = {
        "more": Made(blobs, show_blobs, n_samples=90, noise=1.0),
        "still": show_blobs(*blobs(40, 1)[:2]),
    }
    return line_panel({"blobs": made} | others)


def test_each_data_keep_their_own_settings(several):
    controls = several.controls
    controls.of_data["n_samples"].value = 30
    controls.data.value = "more"
    several.wait()
    rows, noise = controls.of_data["n_samples"], controls.of_data["noise"]
    assert (rows.value, rows.max, noise.value, noise.max) == (90, 270, 1.0, 3.0)
    assert len(several.run.picture.y) == 90
    controls.data.value = "blobs"
    several.wait()
    assert (rows.value, rows.max, noise.value, noise.max) == (30, 180, 1.5, 4.5)
    assert len(several.run.picture.y) == 30


def test_a_picture_that_stays_hides_the_sliders(several):
    controls = several.controls
    sliders = controls.of_data.values()
    assert [slider.layout.visibility for slider in sliders] == ["visible", "visible"]
    controls.data.value = "still"
    several.wait()
    assert [slider.layout.visibility for slider in sliders] == ["hidden", "hidden"]
    assert several.run.settings.of_data == {}


def test_no_slider_without_made_data():
    controls = line_panel(show_line(*make_line(30))).controls
    assert controls.of_data == {}
    assert "rows" not in [each.description for row in controls.more() for each in row.children[:2]
                          if hasattr(each, "description")]  # fmt: skip


def test_a_table_has_a_share_instead_of_rows():
    panel = line_panel(Made(ratings, show_ratings, density=0.5, noise=0.5), batch_size=1)
    controls = panel.controls
    assert [each.description for each in controls.of_data.values()] == ["known share", "noise"]
    start = panel.run.snapshots[0].params["P"]
    controls.of_data["density"].value = 0.3
    panel.wait()
    X, y, _ = ratings(0.3, 0.5)
    np.testing.assert_array_equal(panel.run.picture.X, X)
    assert controls.batch_size.max == len(y)
    assert "known share 0.3" in panel.text
    np.testing.assert_array_equal(panel.run.snapshots[0].params["P"], start)


# What goes wrong


def test_data_that_cannot_be_made_are_told_and_the_ones_before_stay():
    def picky(n_samples, noise):
        if noise > 1:
            raise ValueError("so much noise is not allowed")
        return make_line(n_samples, noise=noise)

    panel = line_panel(Made(picky, show_line, n_samples=60, noise=0.7))
    before = panel.image.value
    panel.controls.of_data["noise"].value = 1.4
    panel.wait()
    assert panel.text == ("Not trained: so much noise is not allowed. The picture shows the run before.")
    assert panel.image.value == before
    panel.controls.of_data["noise"].value = 0.35
    panel.wait()
    assert "noise 0.35" in panel.text


@pytest.mark.parametrize(
    ("change", "error", "match"),
    [
        ({"n_samples": 3}, ValueError, "n_samples"),
        ({"n_samples": 30.5}, ValueError, "n_samples"),
        ({"noise": 0.0}, ValueError, "noise"),
        ({"noise": -1}, ValueError, "noise"),
        ({"density": 1.0}, ValueError, "density"),
        ({"n_samples": None, "noise": None}, ValueError, "one of n_samples, density and noise"),
        ({"make": 3}, TypeError, "make must be a function, got 3"),
        ({"show": None}, TypeError, "show must be a function, got None"),
    ],
)
def test_bad_settings(change, error, match):
    given = {"make": make_line, "show": show_line, "n_samples": 60, "noise": 0.7} | change
    with pytest.raises(error, match=match):
        Made(**given)


def test_a_slider_beside_its_first_value_is_no_move():
    """In the browser it comes to rest on a step."""
    panel = line_panel(line(n_samples=64, noise=0.33))
    panel.controls.of_data["n_samples"].value = 60
    panel.controls.of_data["noise"].value = 0.34
    assert panel.sources[""].settings == {"n_samples": 64, "noise": 0.33}


def test_a_step_of_every_slider_is_a_round_number():
    for noise, most, step in ((0.1, 0.3, 0.01), (0.5, 1.5, 0.05), (0.7, 2.1, 0.05), (1.2, 3.6, 0.1)):
        assert line(noise=noise).range("noise") == pytest.approx((0, most, step))


# Nothing jumps, and nothing piles up


@pytest.mark.parametrize(
    ("made", "of_data"),
    [
        (line(noise=4.0), {"noise": 12.0}),
        (Made(blobs, show_blobs, n_samples=450, noise=1.5), {"n_samples": 10}),
    ],
)
def test_the_axes_stay_where_they_are_but_for_wider_numbers(made, of_data):
    panel = line_panel(made)

    def places():
        axes = [ax for ax in panel.run.picture.live.canvas.figure.axes if ax.get_ylabel()]
        labels = [ax.yaxis.label.get_window_extent().x0 for ax in axes]
        assert min(labels) >= 0
        return labels, [[*ax.get_position().intervalx[1:], *ax.get_position().intervaly] for ax in axes]

    before = places()
    for name, value in of_data.items():
        panel.controls.of_data[name].value = value
    panel.wait()
    after = places()
    assert (np.array(after[0]) > np.array(before[0]) - 1).all()  # no label comes nearer to its neighbor
    np.testing.assert_allclose(after[1], before[1], rtol=0, atol=1e-12)


@pytest.mark.parametrize(
    "show",
    [
        lambda: show_line(*make_line(30)),
        lambda: show_blobs(*blobs(60, 1.5)[:2]),
        lambda: show_ratings(*ratings(0.5, 0.5)),
    ],
    ids=["line", "regions", "ratings"],
)
def test_a_figure_like_another_is_pixel_for_pixel_what_it_would_be_alone(show):
    alone = show()
    with like(alone.live):
        other = show()
    assert alone.live.frame().tobytes() == other.live.frame().tobytes()
    assert alone.live.png() == other.live.png()


def test_a_figure_of_another_make_finds_its_own_layout():
    def one(axes):
        figure = Figure(layout="constrained")
        drawn = [figure.subplots(1, axes, squeeze=False)[0, 0].plot([1], [1])[0]]
        assert isinstance(drawn[0], Line2D)
        return LiveFigure(figure, drawn)

    with like(one(2)):
        assert one(1).frame().tobytes() == one(1).frame().tobytes()
    alone = one(1).frame().tobytes()
    with like(one(2)):
        assert one(1).frame().tobytes() == alone


def test_one_picture_a_move(panel):
    images = []
    panel.image.observe(lambda change: images.append(change["new"]), "value")
    for n_samples in (70, 80, 90):
        panel.controls.of_data["n_samples"].value = n_samples
        panel.wait()
    assert len(images) == 3


def test_few_pictures_are_remembered(panel):
    seen = []
    for n_samples in range(20, 180, 10):
        panel.controls.of_data["n_samples"].value = n_samples
        panel.wait()
        seen.append(weakref.ref(panel.run.picture))
    gc.collect()
    assert sum(each() is not None for each in seen) <= made_data.REMEMBERED


def test_a_long_run_gives_way_to_other_data(panel):
    before = threading.active_count()
    panel = line_panel(Made(blobs, show_blobs, n_samples=400, noise=1.5), batch_size=1)
    panel.controls.lr.value = 0.01
    for n_samples in (300, 200, 20):
        panel.controls.of_data["n_samples"].value = n_samples
    panel.wait()
    assert len(panel.run.picture.y) == 20
    assert panel.run.finished
    panel._trainer.join(30)
    assert threading.active_count() == before
