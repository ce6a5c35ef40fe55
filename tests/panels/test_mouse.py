"""What a pointer does to a panel: events as the page sends them, fed to the handler."""

import numpy as np
import pytest

from gdutils.landscapes import Bowl, Parabola, walk
from gdutils.models import LinearSVM
from gdutils.optimizers import SGD
from gdutils.panel import CurvePicture, DescentPanel, MapPicture
from gdutils.training import train
from tests.panels.problems import PROBLEMS

WITH_POINTS = ["line", "probability", "regions", "network", "margin"]


class Pointer:
    """A pointer over the picture of a panel."""

    def __init__(self, panel):
        self.panel = panel
        panel.wait()

    def send(self, kind, pixel, buttons=1, **others):
        """Send an event, with its place counted from the upper left corner, as a page does."""
        x, y = pixel
        event = {"type": kind, "dataX": x, "dataY": self.panel.picture.live.height - y, "buttons": buttons}
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
    pointer, first = Pointer(panel), (panel.text, panel.image.value)
    (X, y), row = problem.data, 7
    ax, here = row_at(panel, row)
    there = here + np.array([0, 60]) if here[1] < ax.bbox.ymax - 80 else here - np.array([0, 60])
    pointer.drag(here + np.array([1, 1]), (here + there) / 2, there)  # taken hold of within 12 pixels
    moved = panel.picture.points(panel.X, panel.y)[row]
    np.testing.assert_allclose(moved, ax.transData.inverted().transform(there))
    others = np.arange(len(y)) != row
    assert (panel.X[others] == X[others]).all()
    assert (panel.y[others] == y[others]).all()
    settings = {"epochs": 6, "batch_size": problem.batch_size, "random_state": 3}
    run = train(problem.model, panel.X, panel.y, SGD(problem.lr), **settings)
    assert f"loss {run.losses[1]:.4g}" in panel.text
    np.testing.assert_allclose(
        panel.picture.former.get_data(), np.transpose([problem.draw(6).points(X, y)[row]])
    )
    assert "X, y = panel.X, panel.y" in panel.code()
    assert panel.moved
    panel.controls.reset.click()
    panel.wait()
    assert (panel.text, panel.image.value) == first
    assert (panel.X == X).all()
    assert not panel.moved


@pytest.mark.parametrize("case", ["beside", "far", "outside", "nan", "hover", "click"])
def test_nothing_moves_where_no_point_is_dragged(problem, case):
    panel = problem.panel(epochs=6)
    pointer, (ax, here) = Pointer(panel), row_at(panel, 7)
    first = panel.text, panel.image.value
    if case == "beside":  # in other axes, where points cannot be moved
        pointer.drag(pixel_of(panel.picture.curves[0][0].axes, (3, 1)), here)
    elif case == "far":
        points = pixel_of(ax, panel.picture.points(panel.X, panel.y))
        corners = [
            (x, y) for x in (ax.bbox.xmin + 1, ax.bbox.xmax - 1) for y in (ax.bbox.ymin + 1, ax.bbox.ymax - 1)
        ]
        pointer.drag(max(corners, key=lambda at: np.hypot(*(points - at).T).min()), here)
    elif case == "outside":
        pointer.drag((-5, -5), here)
    elif case == "nan":
        pointer.drag(here, (np.nan, 3))
    elif case == "hover":
        pointer.send("mousemove", here, 0)
    else:
        pointer.click(here + np.array([3, 3]))
    panel.wait()
    assert (panel.text, panel.image.value) == first


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


@pytest.mark.parametrize("picture", [CurvePicture(Parabola(), 10, 30), MapPicture(Bowl(9), (-9, 2), 30)])
def test_a_click_on_a_function_sets_the_start(picture):
    panel = DescentPanel(picture, SGD(0.1))
    two = isinstance(picture, MapPicture)
    Pointer(panel).click(pixel_of(panel.picture.ax, (4.04, 1.52)))
    start = (4.0, 1.52) if two else 4.0  # on the sliders' closest step
    assert panel.controls.start[0].value == 4.0
    np.testing.assert_allclose(panel.walks[0].path, walk(panel.picture.function, SGD(0.1), start, 30))
    assert panel.own
    assert panel.moved
    panel.controls.reset.click()
    assert not panel.moved


def test_a_covered_panel_does_not_answer_and_two_panels_of_a_picture_are_apart():
    problem = PROBLEMS["line"]
    picture = problem.draw(6)
    first, second = (type(problem.panel(6))(picture, SGD(0.05)) for _ in range(2))
    pointer, (_, here) = Pointer(first), row_at(first, 7)
    before = second.image.value
    pointer.drag(here, here + np.array([0, 40]))
    assert first.X is not second.X
    second.controls.epoch.value = 2
    second.controls.epoch.value = 1
    assert second.image.value == before
    first.reset()
    first.cover()
    pointer.drag(here, here + np.array([0, 40]))
    assert first.X is picture.given[0]


def test_of_a_hundred_events_the_last_counts_and_few_are_drawn():
    panel, images = PROBLEMS["line"].panel(epochs=6), []
    pointer, (ax, here) = Pointer(panel), row_at(panel, 7)
    panel.image.observe(lambda change: images.append(1), "value")
    pointer.drag(here, *(here + np.array([0, step]) for step in range(100)))
    np.testing.assert_allclose(
        [panel.X[7, 0], panel.y[7]], ax.transData.inverted().transform(here + np.array([0, 99]))
    )
    assert len(images) < 50


def test_a_row_beyond_its_margin_moves_nothing_and_a_support_vector_does():
    X = np.array([[-2.0, 0.0], [-6.0, 1.0], [2.0, 0.0], [6.0, -1.0]])
    y = np.array([-1, -1, 1, 1])
    settings = {"epochs": 2_000, "batch_size": None, "random_state": 0}
    first = train(LinearSVM(2), X, y, SGD(0.01), **settings).params
    for row, moves in ((1, False), (0, True)):
        moved = X.copy()
        moved[row] += [-1.0, 0.5]
        params = train(LinearSVM(2), moved, y, SGD(0.01), **settings).params
        assert np.allclose(params["w"], first["w"], atol=0.02) != moves
