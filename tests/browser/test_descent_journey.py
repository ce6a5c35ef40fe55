"""A panel that walks on functions, in JupyterLab: every kind of control, and a cell that runs."""

import re

import pytest
from playwright.sync_api import expect

from gdutils.landscapes import Parabola
from gdutils.optimizers import SGD
from gdutils.panel import CurvePicture
from tests.browser.lab import (
    Panel,
    a_cell_runs,
    assert_nothing_is_wider_than_its_page,
    assert_ran_without_error,
    handle,
    open_notebook,
    run_all,
)

START = "Step 3 of 30: x = 5.12, "


@pytest.fixture(scope="module")
def opened(page, lab):
    open_notebook(page, lab.format("01_what_is_gradient_descent.ipynb"))
    run_all(page)
    return Panel(page)


@pytest.fixture
def panel(opened):
    """Each test begins with the settings of the lesson."""
    opened.bring()
    opened.reset(START)
    yield opened
    assert_ran_without_error(opened.page)


@pytest.mark.parametrize(
    ("label", "key", "words"),
    [
        ("learning rate", "ArrowRight", f"Step 3 of 30: x = {10 * (1 - 2 * 0.112) ** 3:.4g}, "),
        ("steps", "ArrowLeft", "Step 2 of 30: x = 6.4, "),
    ],
)
def test_sliders_by_keyboard(panel, label, key, words):
    before = panel.look()
    panel.press(label, key)
    panel.expect_change(before, words)


def test_the_start_by_keyboard(panel):
    panel.open_more()
    before = panel.look()
    panel.output.get_by_label("start").press("ArrowDown")
    panel.expect_change(before, f"Step 3 of 30: x = {9.9 * 0.8**3:.4g}, ")


def test_a_slider_by_mouse(panel):
    before = panel.look()
    panel.drag("learning rate", 1.0)
    panel.expect_change(before, re.compile("[Dd]iverge"))
    assert_nothing_is_wider_than_its_page(panel)


def test_a_bad_learning_rate_is_a_sentence(panel):
    number = panel.output.locator("input[type=number]").first
    number.fill("-1")
    number.press("Enter")
    expect(panel.sentence).to_contain_text("Not possible: lr must be a positive")


def test_steps_to_the_start_and_play(panel):
    before = panel.look()
    panel.press("steps", "Home")
    panel.expect_change(before, "Step 0 of 30")
    panel.button("Play").click()
    expect(panel.sentence).to_contain_text("Step 30 of 30")
    expect(panel.button("Play")).to_be_visible()


def test_the_mark_points_at_its_rate(panel):
    """The handle, set to the rate that is marked, stands where the track begins to be shaded."""
    number = panel.output.locator("input[type=number]").first
    number.fill("1")
    number.press("Enter")
    knob = handle(panel.output, "learning rate")
    expect(knob).to_have_attribute("aria-valuenow", "0.0")  # the logarithm of the largest stable rate, 1
    knob, shade = knob.bounding_box(), panel.output.locator(".gdutils-mark i").bounding_box()
    assert abs(knob["x"] + knob["width"] / 2 - shade["x"]) < 4


def test_the_panel_answers_while_a_cell_runs(panel):
    before = panel.look()
    with a_cell_runs(panel.page):
        panel.press("learning rate", "ArrowRight")
        panel.expect_change(before, f"x = {10 * (1 - 2 * 0.112) ** 3:.4g}, ")


def test_a_click_on_the_curve_sets_the_start(panel):
    picture = CurvePicture(Parabola(), start=10, steps=30)
    picture.compose([SGD(0.1)])
    width, height = picture.live.canvas.get_width_height()

    def place(x):
        left, bottom = picture.ax.transData.transform((x, 60))
        return left / width, 1 - bottom / height

    before = panel.look()
    with panel.pointer(*place(-6.0)) as move:
        panel.expect_change(before, f"x = {-6 * 0.8**3:.4g}, ".replace("-", "−"))
        move(*place(7.0))
        panel.expect_change(before, f"x = {7 * 0.8**3:.4g}, ")
    expect(panel.output.get_by_label("start")).to_have_value("7")
