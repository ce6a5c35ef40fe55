"""A panel that walks on functions, in JupyterLab: every kind of control, and a cell that runs."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.lab import (
    Panel,
    a_cell_runs,
    assert_nothing_is_wider_than_its_page,
    assert_ran_without_error,
    handle,
    open_notebook,
    run_all,
)

START = "Step 30 of 30 with learning rate 0.1, from x = 10 on x²"


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
        ("learning rate", "ArrowRight", "with learning rate 0.112"),
        ("start", "ArrowLeft", "from x = 9.9"),
        ("steps", "ArrowLeft", "Step 29 of 30"),
    ],
)
def test_sliders_by_keyboard(panel, label, key, words):
    before = panel.look()
    panel.press(label, key)
    panel.expect_change(before, words)


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
    """The handle, set to the rate that is marked, stands over the mark."""
    mark = panel.output.locator("span", has_text="▲").first
    words = mark.inner_text()
    number = panel.output.locator("input[type=number]").first
    number.fill(re.search(r"below ([\d.]+)", words)[1])
    number.press("Enter")
    knob, box = handle(panel.output, "learning rate"), mark.bounding_box()
    expect(knob).to_have_attribute("aria-valuenow", "0.0")  # the logarithm of the largest stable rate, 1
    knob = knob.bounding_box()
    tip = box["x"] + 6 if words.startswith("▲") else box["x"] + box["width"] - 6
    assert abs(knob["x"] + knob["width"] / 2 - tip) < 6


def test_the_panel_answers_while_a_cell_runs(panel):
    before = panel.look()
    with a_cell_runs(panel.page):
        panel.press("learning rate", "ArrowRight")
        panel.expect_change(before, "with learning rate 0.112")
