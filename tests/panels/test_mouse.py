"""What a pointer does to a panel: events as the page sends them, fed to the handler."""

import numpy as np
import pytest

from gdutils.landscapes import walk
from gdutils.optimizers import SGD, Momentum
from gdutils.panel import TrainingPanel
from gdutils.training import train
from tests.panels.problems import PROBLEMS, assert_shows, curves, look, maps

WITH_POINTS = ["line", "probability", "regions", "network", "margin"]


class Pointer:
    """A pointer over the picture of a panel."""

    def __init__(self, panel):
        self.panel = panel
        panel.wait()

    def send(self, kind, pixel, buttons=1, **others):
        """Send an event, with its place counted from the upper left corner, as a page does."""
        width, height = self.panel.picture.live.size
        x, y = 2 / 3 * np.array([pixel[0], height - pixel[1]])
        event = {"type": kind, "relativeX": x, "relativeY": y, "buttons": buttons}
        # What ipyevents says while the page takes in a new picture.
        event |= {"boundingRectWidth": 2 / 3 * width, "dataX": 0, "dataY": 0}
        self.panel._on_mouse(event | others)

    def click(self, pixel):
        self.send("mousedown", pixel)
        self.send("mouseup", pixel, 0)
        self.panel.wait()

    def drag(self, start, *places):
        self.send("mousedown", start)
        for place in places:
            self.send("mousemove", place)
        self.send("mouseup", places[-1], 0)
        self.panel.wait()


def axes_of(picture, kind):
    return next(ax for ax, each in picture.grips.items() if each == kind)


def pixel_of(ax, point):
    return ax.transData.transform(point)


def row_at(panel, row):
    """Return the axes of the data, and where a row lies in the picture."""
    picture = panel.picture
    ax = axes_of(picture, "point")
    return ax, pixel_of(ax, picture.points(panel.X, panel.y)[row])


@pytest.fixture(params=WITH_POINTS)
def problem(request):
    return PROBLEMS[request.param]


def test_a_point_is_dragged_training_follows_and_reset_brings_it_back(problem):
    panel = problem.panel(epochs=6)
    pointer, first = Pointer(panel), look(panel)
    (X, y), row = problem.data, 7
    ax, here = row_at(panel, row)
    there = here + np.array([0, 60]) if here[1] < ax.bbox.ymax - 80 else here - np.array([0, 60])
    pointer.drag(here + np.array([1, 1]), (here + there) / 2, there)  # taken hold of within 12 pixels
    moved = panel.picture.points(panel.X, panel.y)[row]
    np.testing.assert_allclose(moved, ax.transData.inverted().transform(there))
    others = np.arange(len(y)) != row
    assert (panel.X[others] == X[others]).all()
    assert (panel.y[others] == y[others]).all()
    apart = problem.draw(6)
    apart.use(panel.X, panel.y)
    assert_shows(panel, apart, SGD(problem.lr), batch_size=problem.batch_size)
    np.testing.assert_allclose(np.ravel(panel.picture.former.get_data()), apart.points(X, y)[row])
    assert "X, y = panel.X, panel.y" in panel.code()
    assert panel.moved
    panel.controls.reset.click()
    assert look(panel) == first
    assert (panel.X == X).all()
    assert not panel.moved


def test_nothing_moves_where_no_point_is_dragged(problem):
    panel = problem.panel(epochs=6)
    pointer, (ax, here) = Pointer(panel), row_at(panel, 7)
    first = look(panel)
    points = pixel_of(ax, panel.picture.points(panel.X, panel.y))
    far = max(ax.bbox.padded(-1).corners(), key=lambda corner: np.hypot(*(points - corner).T).min())
    other_axes = pixel_of(panel.picture.curves[0][0].axes, (3, 1))
    for start in (far, other_axes, (-5, -5)):
        pointer.drag(start, here)
    pointer.drag(here, (np.nan, 3))
    pointer.send("mousemove", here, 0)
    pointer.click(here + np.array([3, 3]))
    assert look(panel) == first


def test_beyond_the_axes_a_point_stays_at_their_edge_and_a_lost_pointer_lets_go():
    panel = PROBLEMS["line"].panel(epochs=6)
    pointer, (ax, here) = Pointer(panel), row_at(panel, 7)
    pointer.drag(here, (-500, 1e6))
    np.testing.assert_allclose([panel.X[7, 0], panel.y[7]], [ax.get_xlim()[0], ax.get_ylim()[1]])
    pointer.send("mousedown", row_at(panel, 3)[1])
    pointer.send("mousemove", here, 0)  # no button: it was let go outside
    panel.wait()
    assert panel.X[3] == PROBLEMS["line"].data[0][3]


def test_a_move_from_before_the_press_that_comes_late_lets_nothing_go():
    panel = PROBLEMS["line"].panel(epochs=6)
    pointer, (_, here) = Pointer(panel), row_at(panel, 7)
    pointer.send("mousedown", here, timeStamp=2000)
    pointer.send("mousemove", here, 0, timeStamp=1990)  # held back by the page
    pointer.send("mousemove", here + np.array([0, 40]), timeStamp=2050)
    panel.wait()
    assert panel.X is not panel.picture.given[0]


def test_a_click_on_the_loss_surface_sets_the_start():
    panel = PROBLEMS["line"].panel(epochs=6)
    X, y = PROBLEMS["line"].data
    Pointer(panel).click(pixel_of(axes_of(panel.picture, "start"), (1.0, -0.5)))
    assert (panel.controls.start_w.value, panel.controls.start_b.value) == pytest.approx((1, -0.5), rel=0.01)
    start = {"w": [panel.controls.start_w.value], "b": panel.controls.start_b.value}
    run = train(PROBLEMS["line"].model, X, y, SGD(0.05), epochs=6, params=start)
    assert f"loss {run.losses[1]:.4g}" in panel.text
    assert f"params={start}" in panel.code()
    panel.controls.reset.click()
    assert panel.controls.start_w.value == 0


def test_a_click_on_a_cell_says_what_is_in_it():
    problem = PROBLEMS["ratings"]
    (X, y), panel = problem.data, problem.panel(epochs=6)
    pointer, params = Pointer(panel), panel.run.so_far().path[1]
    hidden = next(pair for pair in np.ndindex(12, 9) if not (pair == X).all(axis=1).any())
    for (i, j), true in ((X[4], f"{y[4]:.4g} (known)"), (hidden, "(hidden)")):
        for ax in panel.picture.grips:
            pointer.click(pixel_of(ax, (j + 0.3, i - 0.3)))
            predicted = params["P"][i] @ params["Q"][j]
            text = panel.text.replace("−", "-")
            assert f"Row {i}, column {j}: true " in text
            assert f"{true}, predicted {predicted:.4g}." in text
    panel.controls.reset.click()
    panel.wait()
    assert "Row" not in panel.text


@pytest.mark.parametrize("make", [curves, maps])
def test_a_click_on_a_function_sets_the_start(make):
    panel = make()
    Pointer(panel).click(pixel_of(panel.picture.ax, (4.04, 1.52)))
    start = 4.0 if make is curves else (4.0, 1.52)  # on the sliders' closest step
    assert panel.controls.start[0].value == 4.0
    path = walk(panel.picture.function, panel.descent.optimizers[0], start, panel.picture.steps)
    np.testing.assert_allclose(panel.walks[0].path, path)
    assert panel.own
    assert panel.moved
    panel.controls.reset.click()
    assert not panel.moved


def test_panels_of_one_picture_do_not_disturb_each_other():
    problem = PROBLEMS["line"]
    picture = problem.draw(6)
    first, second = TrainingPanel(picture, SGD(0.05)), TrainingPanel(picture, Momentum(0.01))
    first.controls.compare.value = True
    first.controls.lr.value = 0.01
    _, here = row_at(first, 7)
    there = here + np.array([0, 40])
    Pointer(first).drag(here, there)
    moved = look(first)
    second.controls.lr.value = 0.02
    assert_shows(second, problem.draw(6), Momentum(0.02), state=0)
    first.controls.epoch.value = 3
    first.controls.epoch.value = 1
    assert look(first) == moved
    first.cover()
    Pointer(first).drag(there, here)  # which a covered panel does not answer
    first.uncover()
    assert look(first) == moved


def test_of_a_hundred_events_the_last_counts_and_few_are_drawn():
    panel, images = PROBLEMS["line"].panel(epochs=6), []
    pointer, (ax, here) = Pointer(panel), row_at(panel, 7)
    panel.image.observe(lambda change: images.append(1), "value")
    pointer.drag(here, *(here + np.array([0, step]) for step in range(100)))
    np.testing.assert_allclose(
        [panel.X[7, 0], panel.y[7]], ax.transData.inverted().transform(here + np.array([0, 99]))
    )
    assert len(images) < 50
