"""The panels that walk on functions, in a real JupyterLab: bad rates, play, and the mark on the slider."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import lessons_with
from tests.browser.lab import (
    PATIENCE,
    handle,
)

LESSONS = lessons_with("DescentPanel")


pytestmark = pytest.mark.usefixtures("reset")


def test_a_bad_learning_rate_is_a_sentence(panel):
    before = panel.sentence.inner_text()
    number = panel.output.locator("input[type=number]").first
    number.fill("-1")
    number.press("Enter")
    expect(panel.sentence).to_contain_text(
        "Not walked: lr must be a positive, finite number", timeout=PATIENCE
    )
    panel.reset()
    expect(panel.sentence).to_have_text(before, timeout=PATIENCE)


def test_steps_to_the_start_and_play(panel):
    before = panel.look()
    last = re.search(r"of (\d+) ", before[0])[1]
    panel.press("steps", "Home")
    panel.expect_change(before, "Step 0 of")
    panel.page.get_by_role("button", name="Play").click()
    expect(panel.sentence).to_contain_text(f"Step {last} of {last}", timeout=PATIENCE)
    expect(panel.page.get_by_role("button", name="Play")).to_be_visible(timeout=PATIENCE)


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
