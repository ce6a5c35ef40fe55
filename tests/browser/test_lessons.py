"""The panels that train, in a real JupyterLab: each shows what is saved, and each control moves it."""

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
)

LESSONS = lessons_with("TrainingPanel")


pytestmark = pytest.mark.usefixtures("reset")


def number(pattern: str, text: str) -> float:
    return float(re.search(pattern, text)[1])


def test_runs_without_error(panel):
    assert_ran_without_error(panel.page)


def test_learning_rate_by_keyboard(panel):
    before = panel.look()
    lr = number(r"lr=([\d.]+)", before[0])
    panel.press("learning rate", "ArrowRight")
    panel.expect_change(before, re.compile(rf"lr=(?!{re.escape(str(lr))}\b)"))
    assert number(r"lr=([\d.]+)", panel.look()[0]) > lr


def test_batch_size_one_draws_as_it_trains_and_yields(panel):
    panel.press("batch size", "End")
    expect(panel.sentence).to_contain_text("full batch", timeout=PATIENCE)
    before, said = panel.look(), panel.listen()
    panel.press("batch size", "Home")
    panel.expect_change(before, re.compile("batches of 1[:,]"))
    assert any("trained so far" in sentence for sentence in said())
    before = panel.look()
    panel.press("learning rate", "ArrowLeft")
    lr = re.search(r"lr=([\d.]+)", before[0])[0]
    panel.expect_change(before, re.compile(rf"^(?!.*{re.escape(lr)}\b)"))
    expect(panel.sentence).not_to_contain_text("trained so far", timeout=PATIENCE)


def test_epochs_to_the_start_and_play(panel):
    before = panel.look()
    last = number(r"of (\d+) ", before[0])
    panel.press("epochs", "Home")
    panel.expect_change(before, "Epoch 0 of")
    panel.page.get_by_role("button", name="Play").click()
    expect(panel.sentence).to_contain_text(f"Epoch {last:.0f} of {last:.0f}", timeout=PATIENCE)
    expect(panel.page.get_by_role("button", name="Play")).to_be_visible(timeout=PATIENCE)


def test_rate_at_its_right_end_is_told_and_leaves_the_panel_alive(panel):
    before = panel.look()
    panel.drag("learning rate", 1.0)
    panel.expect_change(before, "lr=3.16")
    before = panel.look()
    panel.drag("learning rate", 0.0)
    panel.expect_change(before, "lr=0.001")


def test_every_choice_of_data_and_the_models_own_sliders(panel):
    choices = panel.page.locator(".widget-dropdown", has_text="data").locator("option").all_text_contents()
    own = panel.output.locator(".widget-inline-hbox:has(.noUi-handle) .widget-label").all_text_contents()
    own = [label for label in own if label not in ("learning rate", "batch size", "epochs", "momentum β")]
    height = panel.height()
    for choice in choices[1:]:
        before = panel.look()
        panel.page.locator(".widget-dropdown", has_text="data").locator("select").select_option(choice)
        panel.expect_change(before, "Epoch")
    for label in own:
        for key in ("Home", "End"):
            before = panel.look()
            panel.press(label, key)
            panel.expect_change(before, re.compile(rf", {re.escape(label)} [\d.e-]+"))
    assert panel.height() == height
    expect(panel.sentence).not_to_contain_text("failed")
    if not re.search("0[05]_", panel.page.url):  # the two on a single line
        assert len(choices) >= 2


def test_nothing_is_wider_than_its_page(panel):
    assert_nothing_is_wider_than_its_page(panel)


def test_saved_lesson_shows_the_panel_without_a_kernel(panel, browser):
    assert_saved_picture_is_shown(browser, panel.url, "TrainingPanel(")
