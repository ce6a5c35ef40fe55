"""The panels that walk on functions, in a real JupyterLab: each control moves picture and sentence."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import lessons_with
from tests.browser.lab import (
    PATIENCE,
    assert_nothing_is_wider_than_its_page,
    assert_ran_without_error,
    assert_saved_picture_is_shown,
    handle,
)

LESSONS = lessons_with("DescentPanel")


pytestmark = pytest.mark.usefixtures("reset")


def labels_of_sliders(panel):
    labels = panel.output.locator(".widget-inline-hbox:has(.noUi-handle) .widget-label")
    return [label.text_content() for label in labels.all() if label.is_visible()]


def test_runs_without_error(panel):
    assert_ran_without_error(panel.page)


def test_every_slider_by_keyboard_to_both_ends_and_back(panel):
    height = panel.height()
    assert {"learning rate", "steps"} <= set(labels_of_sliders(panel))
    for label in labels_of_sliders(panel):
        for key in ("Home", "ArrowRight", "End", "ArrowLeft"):
            if handle(panel.page, label).get_attribute("aria-valuenow") == {
                "Home": handle(panel.page, label).get_attribute("aria-valuemin"),
                "End": handle(panel.page, label).get_attribute("aria-valuemax"),
            }.get(key):
                continue  # it stands there already
            before = panel.sentence.inner_text()
            panel.press(label, key)
            # The picture may stay: of walks that all diverge there is nothing to see.
            expect(panel.sentence).not_to_have_text(before, timeout=PATIENCE)
    assert panel.height() == height
    expect(panel.sentence).not_to_contain_text("failed")


def test_learning_rate_by_mouse(panel):
    for to in (1.0, 0.0, 0.5):
        before = panel.look()
        panel.drag("learning rate", to)
        panel.expect_change(before, re.compile(rf"^(?!{re.escape(before[0])}$)"))
    expect(panel.sentence).not_to_contain_text("failed")


def test_a_bad_learning_rate_is_a_sentence(panel):
    before = panel.sentence.inner_text()
    number = panel.output.locator("input[type=number]").first
    number.fill("-1")
    number.press("Enter")
    expect(panel.sentence).to_contain_text(
        "Not walked: lr must be a positive, finite number", timeout=PATIENCE
    )
    panel.settle()
    panel.page.get_by_role("button", name="Reset").click()
    expect(panel.sentence).to_have_text(before, timeout=PATIENCE)


def test_steps_to_the_start_and_play(panel):
    before = panel.look()
    last = re.search(r"of (\d+) ", before[0])[1]
    panel.press("steps", "Home")
    panel.expect_change(before, "Step 0 of")
    panel.page.get_by_role("button", name="Play").click()
    expect(panel.sentence).to_contain_text(f"Step {last} of {last}", timeout=PATIENCE)
    expect(panel.page.get_by_role("button", name="Play")).to_be_visible(timeout=PATIENCE)


def test_every_function_and_every_switch(panel):
    height = panel.height()
    dropdown = panel.page.locator(".widget-dropdown", has_text="function")
    for choice in dropdown.locator("option").all_text_contents()[1:]:
        before = panel.look()
        dropdown.locator("select").select_option(choice)
        panel.expect_change(before, re.compile(rf"^(?!{re.escape(before[0])}$)"))
        assert_nothing_is_wider_than_its_page(panel)
    panel.settle()
    panel.page.get_by_role("button", name="Reset").click()
    expect(panel.sentence).to_have_text(re.compile(re.escape(panel.at_rest)), timeout=PATIENCE)
    for switch in panel.output.locator("input[type=checkbox]").all():
        for _ in range(2):
            before = panel.look()
            switch.click()
            panel.expect_change(before, re.compile(rf"^(?!{re.escape(before[0])}$)"))
    assert panel.height() == height
    expect(panel.sentence).not_to_contain_text("failed")


def test_the_mark_points_at_its_rate(panel):
    """The handle, set to the rate that is marked, stands over the mark."""
    mark = panel.output.locator("span", has_text="▲").first
    words = mark.inner_text()
    limit = re.search(r"below ([\d.]+)", words)[1]
    number = panel.output.locator("input[type=number]").first
    number.fill(limit)
    number.press("Enter")
    rate = re.compile(rf"(lr=|learning rate ){re.escape(limit)}(\.0)?[,):]")
    expect(panel.sentence).to_contain_text(rate, timeout=PATIENCE)
    panel.page.wait_for_timeout(1000)  # the handle follows the number
    knob = handle(panel.page, "learning rate").bounding_box()
    box = mark.bounding_box()
    tip = box["x"] + 6 if words.startswith("▲") else box["x"] + box["width"] - 6
    assert abs(knob["x"] + knob["width"] / 2 - tip) < 6


def test_nothing_is_wider_than_its_page(panel):
    assert_nothing_is_wider_than_its_page(panel)


def test_saved_lesson_shows_the_panel_without_a_kernel(panel, browser):
    assert_saved_picture_is_shown(browser, panel.url, "DescentPanel(")
