"""The panel for functions: every control moved from Python, its words checked against walks by hand."""

import re
from dataclasses import replace

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from gdutils.landscapes import Bowl, DoubleWell, walk
from gdutils.optimizers import SGD, Momentum, Nesterov, RMSprop
from gdutils.panel import DescentPanel, MapPicture
from gdutils.panel.descent_panel import Descent
from gdutils.panel.descent_pictures import Walk, plot_arrows
from gdutils.panel.pictures import number
from tests.panels.problems import SIX, curves, look, maps


@pytest.fixture
def one():
    return curves()


@pytest.fixture
def race():
    return maps()


def move(panel, widget, value):
    """Set a control; sentence and picture must both follow."""
    before = look(panel)
    widget.value = value
    after = look(panel)
    assert after[0] != before[0]
    assert after[1] != before[1]
    return after


def plain(text):
    return text.replace("−", "-")


def test_the_step_scrubs_beside_a_table_of_steps_and_walks_nothing(one, monkeypatch):
    x = 10 * 0.8**3
    text, _ = look(one)
    assert text.startswith(f"Stable. Step 3 of 30: x = {x:.4g}, f(x) = {x * x:.4g}, slope f′ = {2 * x:.4g}. ")
    assert text.endswith("Learning rates below 1 are stable.")
    monkeypatch.setattr(Walk, "of", None)
    for step, shown in ((2, range(10)), (15, range(10, 20)), (0, range(10))):
        text, _ = move(one, one.controls.step, step)
        x = 10 * 0.8**step
        assert f"Step {step} of 30: x = {x:.4g}, " in text
        marks, rows = zip(*re.findall(r"<tr(.*?)>(.*?)</tr>", one.beside.value), strict=True)
        cells = [re.findall(r"<td>(.*?)</td>", row) for row in rows]
        assert cells[0] == ["step", "x", "f(x)", "slope f′"]
        assert [int(cell[0]) for cell in cells[1:]] == [*shown]
        for mark, (k, *numbers) in zip(marks[1:], cells[1:], strict=True):
            x = 10 * 0.8 ** int(k)
            assert numbers == [f"{x:.4g}", f"{x * x:.4g}", f"{2 * x:.4g}"]
            assert ("now" in mark) == (int(k) == step)


def test_learning_rate_and_start(one):
    one.controls.step.value = 30
    for lr in (0.01, 0.5, 0.9):
        text, _ = move(one, one.controls.lr, lr)
        assert f"x = {10 * (1 - 2 * lr) ** 30:.4g}" in plain(text)
        assert one.controls.lr_slider.value == pytest.approx(lr, rel=0.01)
    text, _ = move(one, one.controls.lr, 1.1)
    assert text.startswith("Diverged at step 1. Step 30 of 30: ")
    assert text.endswith("from step 26 on f is beyond 10⁶. Learning rates below 1 are stable.")
    one.controls.lr.value = 0
    assert look(one)[0].startswith("⚠ Not possible: lr must be ")
    one.controls.lr.value = 0.1
    for start in (-3.0, 0.6):
        text, _ = move(one, one.controls.start[0], start)
        assert f"Step 30 of 30: x = {start * 0.8**30:.4g}" in plain(text)
        assert (one.descent.function, one.descent.start) == ("x²", (start,))


def test_another_function_brings_its_own_start_range_and_rate(one):
    text, _ = move(one, one.controls.function, "double well")
    x = walk(DoubleWell(), SGD(0.02), 1.6, 4)[-1]
    assert text.startswith(f"Lower than at the start. Step 4 of 40: x = {x:.4g}")
    assert one.descent == Descent("double well", (1.6,), (SGD(0.02),))
    assert "stable" not in text  # the curvature is not the same everywhere
    assert one.controls.rate.mark.value == ""
    assert (one.controls.start[0].min, one.controls.start[0].max) == (-1.8, 1.8)


def test_the_lines_give_exactly_the_walks(race):
    for name in race.pictures:
        race.controls.function.value = name
        race.controls.start[0].value, race.controls.step.value = 1.0, 7
        race.controls.switches[1].value = name == "ravine"
        lines, seen = re.sub(r"print\((.*)\)", r"seen.append((path, \1))", race.code()), []
        exec(lines, {"seen": seen})
        walks = [each for each in race.walks if each is not None]
        for (path, point, height), each in zip(seen, walks, strict=True):
            np.testing.assert_allclose(path, each.path, rtol=1e-12)
            np.testing.assert_allclose(point, each.path[7], rtol=1e-12)
            np.testing.assert_allclose(height, race.pictures[name].function(each.path[7]), rtol=1e-12)


# Several optimizers. ---


def test_a_race_ranks_the_heights_and_keeps_the_ratio_of_the_rates(race):
    bowl = Bowl(25)
    race.controls.step.value = 50
    for factor in (1, 2):
        race.controls.lr.value = 0.03 * factor
        text, _ = look(race)
        walks = {type(each): walk(bowl, replace(each, lr=factor * each.lr), (-9, 2), 50) for each in SIX}
        ends = sorted((bowl(path[-1]), kind.__name__) for kind, path in walks.items())
        found = re.findall(r"(\d)\. (.*?) <b>(.*?)</b>", race.beside.value)
        assert found == [(f"{n}", name, number(end, 3)) for n, (end, name) in enumerate(ends, start=1)]
        end, name = ends[0]
        assert plain(text).startswith(f"Lowest: {name}. Step 50 of 50: f is {end:.3g} above")
        assert "Stable below 0.08" in race.controls.rate.mark.value


def test_each_can_be_switched_off(race):
    for n, switch in enumerate(race.controls.switches):
        switch.value = False
        assert type(SIX[n]).__name__ not in race.beside.value
        assert race.walks[n] is None
        switch.value = True
    for switch in race.controls.switches:
        switch.value = False
    assert "every optimizer is switched off" in look(race)[0]


def test_beta_belongs_to_momentum_and_nesterov(race):
    race.controls.beta.value = 0.99
    kinds = {type(each): each for each in race.descent.optimizers}
    assert kinds[Momentum].beta == kinds[Nesterov].beta == 0.99
    assert kinds[RMSprop].beta == 0.9


def test_several_rates_of_one_optimizer(one):
    panel = DescentPanel(one.pictures, [SGD(0.1), SGD(0.3), SGD(0.9)])
    assert panel.controls.switches[2].description == "9 × learning rate"
    panel.controls.lr.value = 0.2
    assert "lr=1.8 " in panel.beside.value


def test_a_function_of_the_lessons_own():
    class Line:
        limits = ((-3.0, 3.0), (-2.0, 2.0))
        minima = np.array([[1.0, 0.5]])
        names = ("w, slope", "b, intercept")
        curvature = 4.0

        def __call__(self, points):
            return 2 * np.sum((np.asarray(points) - self.minima[0]) ** 2, axis=-1) + 7

        def gradient(self, points):
            return 4 * (np.asarray(points) - self.minima[0])

    panel = DescentPanel(MapPicture(Line(), start=(-2, 1), steps=10), SGD(lr=0.1))
    w, b = 1 - 3 * 0.6, 0.5 + 0.5 * 0.6
    assert f"Step 1 of 10: w = {w:.4g}, b = {b:.4g}, f = " in plain(look(panel)[0])
    assert panel.descent.start == (-2.0, 1.0)
    assert "Learning rates below 0.5 are stable" in look(panel)[0]
    assert "# function is that of the lesson." in panel.code()


# Arrows. ---


def test_arrows_have_their_lengths_in_pixels_and_their_directions_on_the_axes():
    figure = Figure(figsize=(3, 3), layout="none")
    canvas = FigureCanvasAgg(figure)
    ax = figure.add_subplot(xlim=(-4, 6), ylim=(-3, 5))
    starts = np.array([[2.0, 0.5], [5.0, 0.0], [1.0, 0.0]])
    directions = np.array([[1.0, 0.1], [-1e-9, 0.0], [0.0, -1e9]])
    (arrows,) = plot_arrows(starts, directions, ax, lengths=[20, 30, 40])
    np.testing.assert_array_equal(arrows.get_offsets(), starts)
    origin = ax.transData.transform([0.0, 0.0])
    on_screen = ax.transData.transform(directions) - origin
    unit = on_screen / np.linalg.norm(on_screen, axis=1, keepdims=True)
    np.testing.assert_allclose(np.transpose([arrows.U, arrows.V]), [[20], [30], [40]] * unit, atol=1e-6)

    def drawn():
        canvas.draw()
        return np.array(canvas.buffer_rgba())

    some = drawn()
    nowhere = np.array([[0.0, 0.0], [np.nan, 1.0], [np.inf, 1.0]])
    plot_arrows(starts, nowhere, ax, lengths=20, artists=[arrows])  # no direction: not drawn
    none = drawn()
    assert (none != some).any()
    arrows.remove()
    assert (drawn() == none).all()
