"""The panel for functions: every control moved from Python, its words checked against walks by hand."""

import base64
import io
import re

import ipywidgets as widgets
import matplotlib.style
import numpy as np
import pytest
from matplotlib.backends.backend_agg import RendererAgg
from PIL import Image

from gdutils.landscapes import Bowl, DoubleWell, Himmelblau, Parabola, Rosenbrock, Saddle, TwoBasins, walk
from gdutils.optimizers import SGD, AdaGrad, Adam, Momentum, Nesterov, RMSprop
from gdutils.panel import CurvePicture, DescentPanel, MapPicture
from gdutils.panel.descent_pictures import LOOKS, Walk
from gdutils.panel.live_panel import RateControl
from tests.panels.problems import assert_same_pixels

SIX = [SGD(0.03), Momentum(0.03), Nesterov(0.03), AdaGrad(0.3), RMSprop(0.03), Adam(0.3)]


def curves():
    return {
        "x²": CurvePicture(Parabola(), start=10, steps=30),
        "double well": CurvePicture(DoubleWell(), start=1.6, steps=40, lr=0.02),
    }


def maps():
    return {
        "ravine": MapPicture(Bowl(25), start=(-9, 2), steps=100),
        "saddle": MapPicture(Saddle(), start=(1.5, 0.01), steps=60, lr=0.1),
        "two basins": MapPicture(TwoBasins(), start=(1.5, 1), steps=60),
        "Rosenbrock": MapPicture(Rosenbrock(), start=(-1.2, 1), steps=80, lr=0.001),
        "Himmelblau": MapPicture(Himmelblau(), start=(0, 0), steps=50, lr=0.01),
    }


@pytest.fixture
def one():
    """One optimizer on functions of one variable, as in the first lesson."""
    return DescentPanel(curves(), SGD(lr=0.1))


@pytest.fixture
def race():
    return DescentPanel(maps(), SIX)


def look(panel):
    panel.wait()
    return panel.text, panel.image.value


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


def test_first_look(one):
    text, image = look(one)
    x = 10 * 0.8**30
    assert text.startswith(f"Step 30 of 30 with learning rate 0.1, from x = 10 on x²: x = {x:.4g}, ")
    assert f"f(x) = {x * x:.4g}, slope f′ = {2 * x:.4g}. " in text
    assert text.endswith("Learning rates below 1 are stable; 0.1 is below that.")
    assert Image.open(io.BytesIO(image)).size == (490, 350)


def test_the_table_of_steps_stands_beside_the_picture(one):
    for step, shown in ((30, range(22, 31)), (2, range(9)), (15, range(11, 20))):
        one.controls.step.value = step
        rows = re.findall(r"<tr>(.*?)</tr>", one.beside.value)
        cells = [re.findall(r"<td[^>]*>(.*?)</td>", row) for row in rows]
        assert cells[0] == ["", "step", "x", "f(x)", "slope f′"]
        assert [int(cell[1]) for cell in cells[1:]] == [*shown]
        for mark, k, *numbers in cells[1:]:
            x = 10 * 0.8 ** int(k)
            assert numbers == [f"{x:.4g}", f"{x * x:.4g}", f"{2 * x:.4g}"]
            assert (mark == "▸") == (int(k) == step)
    one.cover("How far?")
    assert one.beside.layout.visibility == one.image.layout.visibility == "hidden"
    one.uncover({})
    assert one.beside.layout.visibility == one.image.layout.visibility == "visible"


def test_the_step_scrubs_and_walks_nothing(one, monkeypatch):
    monkeypatch.setattr(Walk, "of", None)
    for step in (0, 1, 3, 10):
        text, _ = move(one, one.controls.step, step)
        x = 10 * 0.8**step
        assert f"Step {step} of 30 with learning rate 0.1, from x = 10 on x²: x = {x:.4g}, " in text


@pytest.mark.parametrize("lr", [0.01, 0.5, 0.9])
def test_learning_rate(one, lr):
    text, _ = move(one, one.controls.lr, lr)
    assert f"x = {10 * (1 - 2 * lr) ** 30:.4g}" in plain(text)
    assert one.controls.lr_slider.value == pytest.approx(lr, rel=0.01)


def test_start(one):
    slider = one.controls.start[0]
    for value in (slider.min, -3.0, 0.6, slider.max):
        text, _ = move(one, slider, value)
        assert f"from x = {value:.4g} on x²: x = {value * 0.8**30:.4g}" in plain(text)


def test_a_diverged_walk_is_told_with_its_step(one):
    text, _ = move(one, one.controls.lr, 1.1)
    assert "Diverged at step 1: f stays above its start, and at step 30 it is" in text
    assert "Learning rates below 1 are stable; 1.1 is not below that." in text
    move(one, one.controls.step, 2)
    move(one, one.controls.lr, 3.16)
    assert look(one)[0].startswith("Step 2 of 30")


@pytest.mark.parametrize("lr", [0, -1, np.nan, np.inf])
def test_a_bad_learning_rate_is_a_sentence(one, lr):
    before = one.image.value
    one.controls.lr.value = lr
    text, image = look(one)
    assert re.match("Not possible: lr must be .*got ", text)
    assert image == before
    one.controls.step.value = 4  # the picture still follows, and the sentence still warns
    assert one.image.value != before
    assert one.text == text
    one.controls.lr.value = 0.2
    assert one.text.startswith("Step 4 of 30 with learning rate 0.2")


def test_another_function_brings_its_own_start_range_and_rate(one):
    text, _ = move(one, one.controls.function, "double well")
    end = walk(DoubleWell(), SGD(0.02), 1.6, 40)[-1]
    assert text.startswith(
        f"Step 40 of 40 with learning rate 0.02, from x = 1.6 on double well: x = {end:.4g}"
    )
    assert "stable" not in text  # the curvature is not the same everywhere
    assert one.controls.rate.mark.value == ""
    assert (one.controls.start[0].min, one.controls.start[0].max) == (-1.8, 1.8)
    text, _ = move(one, one.controls.function, "x²")
    assert text.startswith("Step 30 of 30 with learning rate 0.1, from x = 10")


@pytest.mark.parametrize("panel", ["one", "race"])
def test_reset_brings_back_the_start(panel, request):
    panel = request.getfixturevalue(panel)
    first, controls, settings = look(panel), panel.controls, panel.settings()
    controls.function.value = list(panel.pictures)[1]
    controls.lr.value, controls.beta.value, controls.start[0].value, controls.step.value = 0.3, 0.5, 0.5, 3
    for switch in controls.switches[:2]:
        switch.value = False
    assert look(panel) != first
    controls.reset.click()
    assert look(panel) == first
    assert panel.settings() == settings
    panel.uncover(settings | {"lr": 0.2})
    assert "learning rate 0.2" in look(panel)[0]


def test_a_page_is_told_a_range_before_the_value_in_it(one, monkeypatch):
    """The page sets one after the other, clips the value to the range it knows, and sends that back."""
    sent = []
    monkeypatch.setattr(widgets.Widget, "_send", lambda self, msg, buffers=None: sent.append((self, msg)))
    one.controls.function.value = "double well"
    one.controls.reset.click()
    for slider in (one.controls.start[0], one.controls.step):
        told = [list(msg["state"]) for widget, msg in sent if widget is slider and msg["method"] == "update"]
        with_range = [names for names in told if {"max", "value"} <= set(names)]
        assert with_range[0].index("value") == 3
        # Nothing is left to be changed by a message that has another order.
        assert told[0] == with_range[0]


def test_the_lines_give_exactly_the_walks(race):
    for name in race.pictures:
        race.controls.function.value = name
        race.controls.start[0].value, race.controls.step.value = 1.0, 7
        race.controls.switches[1].value = False
        lines, seen = re.sub(r"print\((.*)\)", r"seen.append((path, \1))", race.code()), []
        exec(lines, {"seen": seen})
        walks = [each for each in race.walks if each is not None]
        assert len(seen) == len(walks) == 5
        for (path, point, height), each in zip(seen, walks, strict=True):
            np.testing.assert_allclose(path, each.path, rtol=1e-12)
            np.testing.assert_allclose(point, each.path[7], rtol=1e-12)
            np.testing.assert_allclose(height, race.pictures[name].function(each.path[7]), rtol=1e-12)
        race.controls.switches[1].value = True


# Several optimizers. ---


def test_a_race_tells_the_height_of_each(race):
    text, _ = look(race)
    heights = [Bowl(25)(walk(Bowl(25), optimizer, (-9, 2), 100)[-1]) for optimizer in SIX]
    for optimizer, height in zip(SIX, heights, strict=True):
        assert f"{type(optimizer).__name__} {height:.3g}" in plain(text)
    assert f"Lowest: {type(SIX[int(np.argmin(heights))]).__name__}." in text
    assert "SGD: Learning rates below 0.08 are stable; 0.03 is below that." in text


def test_the_others_keep_their_ratio_to_the_first(race):
    move(race, race.controls.lr, 0.06)
    rates = [each.lr for each in race.descent.optimizers]
    assert rates == pytest.approx([0.06, 0.06, 0.06, 0.6, 0.06, 0.6])


def test_each_can_be_switched_off(race):
    for number, switch in enumerate(race.controls.switches):
        name = type(SIX[number]).__name__
        assert switch.description == name
        text, _ = move(race, switch, False)
        assert f"{name} " not in text.partition("minimum: ")[2].partition(". ")[0]
        assert race.walks[number] is None
        assert len(race.finished()[0]) == 5
        move(race, switch, True)
    for switch in race.controls.switches[1:]:
        switch.value = False
    assert "f above its minimum: SGD 0.0916. SGD: Learning rates" in look(race)[0]
    race.controls.switches[0].value = False
    assert "every optimizer is switched off" in look(race)[0]
    assert "SGD" in move(race, race.controls.switches[0], True)[0]


def test_beta_belongs_to_momentum_and_nesterov(race):
    for beta in (0.0, 0.5, 0.99):
        assert f"β {beta:.2g}" in move(race, race.controls.beta, beta)[0]
    kinds = {type(each): each for each in race.descent.optimizers}
    assert kinds[Momentum].beta == kinds[Nesterov].beta == 0.99
    assert kinds[RMSprop].beta == 0.9


def test_every_function_at_its_ends(race):
    for name, picture in list(race.pictures.items())[1:]:
        move(race, race.controls.function, name)
        assert race.controls.step.max == picture.steps
        for slider, limits, value in zip(
            race.controls.start, picture.function.limits, picture.start, strict=True
        ):
            assert ((slider.min, slider.max), slider.value) == (limits, value)
        for step in (0, 1, picture.steps // 2):
            move(race, race.controls.step, step)
        for slider in race.controls.start:
            for end in (slider.min, slider.max):
                slider.value = end
                look(race)
        move(race, race.controls.lr, 3.0)


def test_several_rates_of_one_optimizer():
    panel = DescentPanel(curves(), [SGD(0.1), SGD(0.3), SGD(0.9)])
    names = [switch.description for switch in panel.controls.switches]
    assert names == ["learning rate", "3 × learning rate", "9 × learning rate"]
    for lr in (0.1, 0.3, 0.9):
        assert f"lr={lr} {(10 * (1 - 2 * lr) ** 30) ** 2:.3g}" in plain(look(panel)[0])
    assert "lr=1.8 " in move(panel, panel.controls.lr, 0.2)[0]
    text, _ = move(panel, panel.controls.switches[2], False)
    assert "lr=1.8" not in text


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
    w, b = 1 - 3 * 0.6**10, 0.5 + 0.5 * 0.6**10
    assert f"from w = −2, b = 1: w = {w:.4g}, b = {b:.4g}, f = 7" in look(panel)[0]
    assert "Learning rates below 0.5 are stable" in look(panel)[0]
    assert "# function is that of the lesson." in panel.code()


def test_a_start_between_the_slider_s_steps_is_kept():
    panel = DescentPanel(MapPicture(Saddle(), start=(1.5, 0.001), steps=20), SGD(0.1))
    slider = panel.controls.start[1]
    assert slider.step == 0.01
    slider.value = 0.0  # where a browser puts the handle
    assert "y = 0.001:" in look(panel)[0]
    slider.value = 0.01
    assert "y = 0.01:" in look(panel)[0]


def test_a_function_that_fails_is_a_sentence_and_reset_revives(one, monkeypatch):
    first = look(one)
    with monkeypatch.context() as patch:
        patch.setattr(Parabola, "gradient", lambda self, points: 1 / 0)
        one.controls.lr.value = 0.2
        assert "The panel failed: ZeroDivisionError" in one.text
        with pytest.raises(ZeroDivisionError):
            one.wait()
    one.controls.reset.click()
    assert look(one) == first


@pytest.mark.parametrize(("picture", "start"), [(CurvePicture, (1, 2)), (MapPicture, 1)])
def test_a_start_of_the_wrong_shape_is_refused(picture, start):
    function = Parabola() if picture is CurvePicture else Bowl()
    with pytest.raises((ValueError, TypeError), match="start"):
        DescentPanel(picture(function, start=start, steps=3), SGD(0.1))


# Pictures. ---


@pytest.mark.parametrize("panel", ["one", "race"])
def test_frames_are_full_drawings(panel, request):
    panel = request.getfixturevalue(panel)
    for name in panel.pictures:
        panel.controls.function.value = name
        for lr in (panel.controls.lr.value, 3.0):
            panel.controls.lr.value, panel.controls.step.value = lr, 5
            assert_same_pixels(panel.pictures[name].live)


def test_a_picture_does_not_depend_on_the_caller(monkeypatch):
    def refuse(*args, **kwargs):
        raise AssertionError("mathtext was drawn: it is not safe beside a cell that draws too")

    monkeypatch.setattr(RendererAgg, "draw_mathtext", refuse)
    seen = []
    for styles in ([], ["dark_background", "seaborn-v0_8-talk", {"text.usetex": True, "font.size": 20}]):
        with matplotlib.style.context(styles), np.errstate(all="raise" if styles else "warn"):
            panels = DescentPanel(curves(), SGD(lr=0.1)), DescentPanel(maps(), SIX)
            for panel in panels:
                panel.controls.lr.value = 0.9
                seen.append(look(panel))
    assert seen[:2] == seen[2:]


def test_every_optimizer_has_a_color_a_line_and_a_marker_of_its_own():
    assert [len(set(map(str, looks))) for looks in zip(*LOOKS, strict=True)] == [7, 7, 7]


def test_two_panels_may_show_one_picture():
    shared = curves()
    first, second = DescentPanel(shared, SGD(0.1)), DescentPanel(shared, [SGD(0.1), Momentum(0.1)])
    before = look(second)
    move(first, first.controls.lr, 0.3)
    assert look(second) == before


def test_a_saved_notebook_shows_the_picture_and_the_sentence(race):
    bundle = race._repr_mimebundle_()
    assert base64.b64decode(bundle["image/png"]) == race.image.value
    assert bundle["text/plain"] == race.text
    assert "application/vnd.jupyter.widget-view+json" in bundle


@pytest.mark.parametrize("lr", [0.0001, 0.001, 0.01, 1.0, 3.16, 10.0])
def test_the_mark_is_where_the_slider_has_its_rate(lr):
    control = RateControl()
    control.point_at(lr, "stable below <it>")
    sign = "←" if lr < 0.001 else "→" if lr > 3.163 else "▲"  # beyond the slider, it points there
    assert re.findall("[←→▲]", control.mark.value) == [sign]
    part = np.clip(100 * (np.log10(lr) + 3) / 3.5, 0, 100)
    side, place = re.search(r"(left|right):([\d.]+)%", control.mark.value).groups()
    assert (float(place) if side == "left" else 100 - float(place)) == pytest.approx(part, abs=0.1)
    assert "stable below &lt;it&gt;" in control.mark.value
    control.point_at(None, "")
    assert control.mark.value == ""
