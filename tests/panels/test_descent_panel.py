"""The panel for functions: every control moved from Python, its words checked against walks by hand."""

from __future__ import annotations

import base64
import io
import re
import subprocess
import sys
import time

import ipywidgets as widgets
import numpy as np
import pytest
from matplotlib.text import Text
from PIL import Image

from gdutils import live
from gdutils.descent_panel import DescentPanel, round_step
from gdutils.descent_pictures import LOOKS, CurvePicture, MapPicture, Walk
from gdutils.landscapes import Bowl, DoubleWell, Himmelblau, Parabola, Rosenbrock, Saddle, TwoBasins, walk
from gdutils.live import RateControl
from gdutils.optimizers import SGD, AdaGrad, Adam, Momentum, Nesterov, RMSprop

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
        "double well": MapPicture(TwoBasins(), start=(1.5, 1), steps=60),
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
    assert f">{after[0]}</div>".replace("&", "&amp;") in panel.sentence.value
    return after


def test_first_look(one):
    text, image = look(one)
    x = 10 * 0.8**30
    assert text.startswith(f"Step 30 of 30 from x = 10 with SGD(lr=0.1): x = {x:.4g}, f = {x * x:.4g}, ")
    assert text.endswith("The learning rate 0.1 is below the largest stable one, 1.")
    assert Image.open(io.BytesIO(image)).size == (840, 350)


def test_step_scrubs_and_walks_nothing(one, monkeypatch):
    monkeypatch.setattr(Walk, "of", None)
    for step in (0, 1, 3, 10):
        text, _ = move(one, one.controls.step, step)
        x = 10 * 0.8**step
        assert f"Step {step} of 30 from x = 10 with SGD(lr=0.1): x = {x:.4g}, f = {x * x:.4g}" in text
        assert f"slope {2 * x:.4g}" in text


@pytest.mark.parametrize("lr", [0.01, 0.5, 0.9])
def test_learning_rate(one, lr):
    text, _ = move(one, one.controls.lr, lr)
    assert f"SGD(lr={lr})" in text
    assert f"x = {10 * (1 - 2 * lr) ** 30:.4g}".replace("-", "−") in text
    assert one.controls.lr_slider.value == pytest.approx(lr, rel=0.01)


def test_learning_rate_slider(one):
    slider = one.controls.lr_slider
    for value in (10**slider.min, 0.02, 10**slider.max):
        move(one, slider, value)
        assert one.controls.lr.value == pytest.approx(value, rel=0.01)


def test_start(one):
    slider = one.controls.start[0]
    for value in (slider.min, -3.0, 0.6, slider.max):
        text, _ = move(one, slider, value)
        assert f"from x = {value:.4g} ".replace("-", "−") in text
        assert f"x = {value * 0.8**30:.4g}".replace("-", "−") in text


def test_a_diverged_walk_is_told_with_its_step(one):
    text, _ = move(one, one.controls.lr, 1.1)
    path = walk(Parabola(), SGD(1.1), 10.0, 30)
    first = int(np.flatnonzero(path**2 > 12**2)[-1])  # 12² is the highest that is drawn
    while path[first - 1] ** 2 > 12**2:
        first -= 1
    assert f"Diverged: from step {first} on" in text
    assert "The learning rate 1.1 is above the largest stable one, 1." in text
    move(one, one.controls.step, 2)
    move(one, one.controls.lr, 3.16)
    assert look(one)[0].startswith("Step 2 of 30")


def test_at_the_limit(one):
    assert "The learning rate 1 is at the largest stable one, 1." in move(one, one.controls.lr, 1.0)[0]


@pytest.mark.parametrize("lr", [0, -1, float("nan"), float("inf")])
def test_a_bad_learning_rate_is_a_sentence(one, lr):
    before = one.image.value
    one.controls.lr.value = lr
    text, image = look(one)
    assert text.startswith(f"Not walked: lr must be a positive, finite number, got {float(lr)!r}")
    assert image == before
    one.controls.step.value = 4  # the picture still follows, and the sentence still warns
    assert one.image.value != before
    assert one.text == text
    one.controls.lr.value = 0.2
    assert one.text.startswith("Step 4 of 30 from x = 10 with SGD(lr=0.2)")


def test_function(one):
    text, _ = move(one, one.controls.function, "double well")
    end = walk(DoubleWell(), SGD(0.02), 1.6, 40)[-1]
    assert text.startswith(f"Step 40 of 40 from x = 1.6 with SGD(lr=0.02): x = {end:.4g}")
    higher = np.subtract(*DoubleWell()(DoubleWell().minima)[::-1])
    assert f"at a local minimum, {higher:.3g} above the lowest" in text
    assert "stable" not in text  # the curvature is not the same everywhere
    assert one.controls.rate.mark.value == ""
    assert (one.controls.start[0].min, one.controls.start[0].max) == (-1.8, 1.8)
    text, _ = move(one, one.controls.start[0], -1.6)
    assert "at a lowest minimum" in text
    text, _ = move(one, one.controls.function, "x²")
    assert text.startswith("Step 30 of 30 from x = 10 with SGD(lr=0.1)")  # its own rate is back, too


@pytest.mark.parametrize("panel", ["one", "race"])
def test_reset_brings_back_the_start(panel, request):
    panel = request.getfixturevalue(panel)
    first = look(panel)
    controls = panel.controls
    controls.function.value = list(panel.pictures)[1]
    controls.lr.value, controls.beta.value = 0.3, 0.5
    controls.start[0].value = 0.5
    controls.step.value = 3
    for switch in controls.switches[:2]:
        switch.value = False
    assert look(panel) != first
    controls.reset.click()
    assert look(panel) == first


def test_a_page_is_told_a_range_before_the_value_in_it(one, monkeypatch):
    """The page sets one after the other, clips the value to the range it knows, and sends that back."""
    sent = []
    monkeypatch.setattr(widgets.Widget, "_send", lambda self, msg, buffers=None: sent.append((self, msg)))
    one.controls.function.value = "double well"
    one.controls.reset.click()
    for slider in (one.controls.start[0], one.controls.step):
        told = [list(msg["state"]) for widget, msg in sent if widget is slider and msg["method"] == "update"]
        with_range = [names for names in told if {"max", "value"} <= set(names)]
        assert with_range
        assert with_range[0].index("value") == 3
        # Nothing is left to be changed by a message that has another order.
        assert told[0] == with_range[0]


def test_play_goes_to_the_end_and_stops(one, monkeypatch):
    monkeypatch.setattr(live, "PLAYING", 0.0)
    monkeypatch.setattr(live, "FRAME", 0.001)
    steps = []
    one.controls.step.observe(lambda change: steps.append(change["new"]), "value")
    one.controls.play.value = True
    end = time.monotonic() + 20
    while one.controls.play.value and time.monotonic() < end:
        time.sleep(0.01)
    assert steps == list(range(31))
    assert look(one)[0].startswith("Step 30 of 30")


# Several optimizers


def test_race_tells_the_height_of_each(race):
    text, _ = look(race)
    heights = [Bowl(25)(walk(Bowl(25), optimizer, (-9, 2), 100)[-1]) for optimizer in SIX]
    for optimizer, height in zip(SIX, heights, strict=True):
        assert f"{type(optimizer).__name__} {height:.3g}".replace("e-", "e−") in text
    assert f"Lowest: {type(SIX[int(np.argmin(heights))]).__name__}." in text
    assert "SGD is stable below a learning rate of 0.08." in text


def test_the_others_keep_their_ratio_to_the_first(race):
    move(race, race.controls.lr, 0.06)
    rates = [each.lr for each in race.descent.optimizers]
    assert rates == pytest.approx([0.06, 0.06, 0.06, 0.6, 0.06, 0.6])


@pytest.mark.parametrize("number", range(6))
def test_each_can_be_switched_off(race, number):
    name = type(SIX[number]).__name__
    assert race.controls.switches[number].description == name
    text, _ = move(race, race.controls.switches[number], False)
    assert f"{name} " not in text.split("SGD is stable")[0].replace("Lowest: ", "")
    assert race.walks[number] is None
    assert sum(each is not None for each in race.walks) == 5
    assert f"{name} " in move(race, race.controls.switches[number], True)[0]


def test_one_left_on_keeps_its_name(race):
    for switch in race.controls.switches[1:]:
        switch.value = False
    assert "f above its minimum: SGD 0.0916. SGD is stable" in look(race)[0]


def test_one_left_on_of_several_rates_keeps_its_rate():
    panel = DescentPanel(curves(), [SGD(0.1), SGD(0.3)])
    panel.controls.switches[0].value = False
    assert "f above its minimum: lr=0.3 " in look(panel)[0]


def test_rates_of_several_kinds_are_told_apart():
    panel = DescentPanel(curves(), [SGD(0.1), SGD(0.2), Adam(0.1)])
    names = [switch.description for switch in panel.controls.switches]
    assert names == ["SGD, learning rate", "SGD, 2 × learning rate", "Adam, learning rate"]
    assert re.search(r"SGD lr=0.1 \S+, SGD lr=0.2 \S+, Adam lr=0.1 ", look(panel)[0])


def test_a_walk_that_begins_at_the_minimum_and_dances_about_it_is_not_lost():
    panel = DescentPanel(MapPicture(Bowl(25), start=(0.001, 0.0), steps=50), [RMSprop(0.3), SGD(0.01)])
    heights = panel.walks[0].heights
    assert heights.max() > 10 * heights[0]
    assert heights[-1] > 10 * heights[0]
    assert "Diverged" not in look(panel)[0]


def test_all_switched_off_is_a_sentence(race):
    for switch in race.controls.switches:
        switch.value = False
    assert "every optimizer is switched off" in look(race)[0]
    assert "SGD" in move(race, race.controls.switches[0], True)[0]


def test_beta_belongs_to_momentum_and_nesterov(race):
    for beta in (0.0, 0.5, 0.99):
        text, _ = move(race, race.controls.beta, beta)
        assert f"β {beta:.2g}" in text
    kinds = {type(each): each for each in race.descent.optimizers}
    assert kinds[Momentum].beta == kinds[Nesterov].beta == 0.99
    assert kinds[RMSprop].beta == 0.9
    assert kinds[Adam].beta1 == 0.9


def test_start_of_two_variables(race):
    for slider, words in zip(race.controls.start, (r"from \(5, 2\)", r"from \(5, −3\)"), strict=True):
        text, _ = move(race, slider, 5.0 if slider is race.controls.start[0] else -3.0)
        assert re.search(words, text)


@pytest.mark.parametrize("name", list(maps())[1:])
def test_every_function_of_the_race(race, name):
    move(race, race.controls.function, name)
    picture = race.pictures[name]
    assert race.controls.step.max == picture.steps
    for slider, (low, high), value in zip(
        race.controls.start, picture.function.limits, picture.start, strict=True
    ):
        assert (slider.min, slider.max, slider.value) == (low, high, value)
    for step in (0, 1, picture.steps // 2):
        move(race, race.controls.step, step)
    for slider in race.controls.start:
        for end in (slider.min, slider.max):
            slider.value = end
            look(race)
    move(race, race.controls.lr, 3.0)
    assert "Diverged" in race.text or name == "saddle"


def test_several_rates_of_one_optimizer():
    panel = DescentPanel(curves(), [SGD(0.1), SGD(0.3), SGD(0.9)])
    names = [switch.description for switch in panel.controls.switches]
    assert names == ["learning rate", "3 × learning rate", "9 × learning rate"]
    text, _ = look(panel)
    for lr in (0.1, 0.3, 0.9):
        assert f"lr={lr} {(10 * (1 - 2 * lr) ** 30) ** 2:.3g}".replace("e-", "e−") in text
    text, _ = move(panel, panel.controls.lr, 0.2)
    assert "Diverged: lr=1.8 from step" in text
    text, _ = move(panel, panel.controls.switches[2], False)
    assert "Diverged" not in text
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
    text, _ = look(panel)
    w, b = 1 - 3 * 0.6**10, 0.5 + 0.5 * 0.6**10
    assert f"from (−2, 1) with SGD(lr=0.1): w = {w:.4g}, b = {b:.4g}, f = 7" in text
    assert "below the largest stable one, 0.5" in text


# What a learner, or a lesson, gets wrong


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: DescentPanel({}, SGD()), "picture must name at least one"),
        (lambda: DescentPanel(Parabola(), SGD()), "picture must be a CurvePicture or a MapPicture"),
        (lambda: DescentPanel(curves(), []), "optimizers must hold at least one"),
        (lambda: DescentPanel(curves(), "SGD"), "optimizer must be one of gdutils.optimizers.*got 'S'"),
        (lambda: DescentPanel(curves(), [SGD]), "optimizer must be one of gdutils.optimizers"),
        (lambda: DescentPanel(curves(), [SGD(0.1 * k) for k in range(1, 9)]), "optimizers must be at most 7"),
        (
            lambda: CurvePicture(Parabola(), start=12.5, steps=3),
            "start must lie in the drawn range.*got 12.5",
        ),
        (
            lambda: MapPicture(Bowl(), start=(0, 5), steps=3),
            "start must lie in the drawn range, from -4 to 4, got 5",
        ),
        (lambda: CurvePicture(Parabola(), start=(1, 2), steps=3), "start must be a number"),
        (lambda: CurvePicture(Parabola(), start=1, steps=0), "steps must be a whole number of at least 1"),
        (lambda: CurvePicture(Parabola(), start=1, steps=3, lr=-1), "lr must be a positive"),
        (
            lambda: CurvePicture(Bowl(), start=(1, 1), steps=3),
            "function of a CurvePicture must have 1 variable",
        ),
        (
            lambda: MapPicture("bowl", start=(1, 1), steps=3),
            "function must be one of gdutils.landscapes.*'bowl'",
        ),
    ],
)
def test_bad_arguments_are_named(make, message):
    with pytest.raises((TypeError, ValueError), match=message):
        make()


def test_an_unknown_function_is_refused_and_the_panel_lives(one):
    with pytest.raises(Exception, match=r"[Ii]nvalid selection"):
        one.controls.function.value = "x³"
    move(one, one.controls.lr, 0.2)


def test_a_start_outside_the_range_comes_to_rest_at_its_end(one):
    one.controls.start[0].value = 1000
    assert "from x = 12 " in look(one)[0]


def test_a_start_between_the_slider_s_steps_is_kept():
    panel = DescentPanel(MapPicture(Saddle(), start=(1.5, 0.001), steps=20), SGD(0.1))
    slider = panel.controls.start[1]
    assert slider.step == 0.01
    slider.value = 0.0  # where a browser puts the handle
    assert "from (1.5, 0.001)" in look(panel)[0]
    slider.value = 0.01
    assert "from (1.5, 0.01)" in look(panel)[0]


@pytest.mark.parametrize(
    ("span", "step"), [(24, 0.1), (20, 0.1), (3.6, 0.01), (4, 0.02), (0.9, 0.002), (2000, 10)]
)
def test_steps_of_the_start_are_round(span, step):
    assert round_step(span) == pytest.approx(step)


def test_a_failing_function_is_a_sentence_and_reset_revives(one, monkeypatch):
    first = look(one)
    with monkeypatch.context() as patch:
        patch.setattr(Parabola, "gradient", lambda self, points: 1 / 0)
        one.controls.lr.value = 0.2
        assert "The panel failed: ZeroDivisionError" in one.text
        with pytest.raises(ZeroDivisionError):
            one.wait()
    one.controls.reset.click()
    assert look(one) == first


# Pictures


@pytest.mark.parametrize("panel", ["one", "race"])
def test_frames_are_full_drawings(panel, request):
    """What is drawn over the kept background is what matplotlib draws of the whole figure."""
    panel = request.getfixturevalue(panel)
    for name in panel.pictures:
        panel.controls.function.value = name
        panel.controls.step.value = 5
        live_figure = panel.pictures[name].live
        frame = np.asarray(live_figure.frame()).astype(int)
        figure = live_figure.canvas.figure
        for artist in live_figure.moving:
            artist.set_animated(False)
        live_figure.canvas.draw()
        whole = np.asarray(live_figure.canvas.buffer_rgba())[..., :3].astype(int)
        assert np.abs(frame - whole).max() == 0, name
        assert figure.get_size_inches()[0] == 8.4


def test_nothing_drawn_needs_mathtext(race, one):
    """It is not safe to draw beside a cell."""
    for panel in (race, one):
        for picture in panel.pictures.values():
            texts = picture.live.canvas.figure.findobj(Text)
            assert texts
            assert not [text.get_text() for text in texts if "$" in text.get_text()]


def test_every_optimizer_has_a_color_a_line_and_a_marker_of_its_own():
    assert len({color for color, _, _ in LOOKS}) == len(LOOKS)
    assert len({str(line) for _, line, _ in LOOKS}) == len(LOOKS)
    assert len({marker for _, _, marker in LOOKS}) == len(LOOKS)


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
def test_the_mark_stands_where_the_slider_has_its_rate(lr):
    control = RateControl()
    control.point_at(lr, "stable below it")
    sign = "←" if lr < 0.001 else "→" if lr > 3.163 else "▲"  # beyond the slider, it points there
    assert re.findall("[←→▲]", control.mark.value) == [sign]
    part = np.clip(100 * (np.log10(lr) + 3) / 3.5, 0, 100)
    side, place = re.search(r"(left|right):([\d.]+)%", control.mark.value).groups()
    assert (float(place) if side == "left" else 100 - float(place)) == pytest.approx(part, abs=0.1)
    assert "stable below it" in control.mark.value


def test_live_figures_are_made_without_pyplot():
    code = """
import sys
from gdutils.descent_panel import DescentPanel
from gdutils.descent_pictures import CurvePicture
from gdutils.landscapes import Parabola
from gdutils.optimizers import SGD
panel = DescentPanel(CurvePicture(Parabola(), start=10, steps=30), SGD(lr=0.1))
panel.controls.lr.value = 0.3
assert "matplotlib.pyplot" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", code], check=True)
