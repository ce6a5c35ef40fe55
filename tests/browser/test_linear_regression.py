"""What all panels have in common, tried in the first lesson: every kind of control, and a cell that runs."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.lab import PATIENCE, handle, open_lesson

LESSON = "05_linear_regression.ipynb"


@pytest.fixture(scope="module")
def panel(browser, lab):
    """The lesson after Run All; the tests below share the page."""
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    yield open_lesson(page, lab.format(LESSON))
    page.close()


@pytest.fixture(autouse=True)
def at_rest(panel):
    """Each test begins with the settings of the lesson."""
    panel.reset()
    expect(panel.sentence).to_contain_text("Epoch 200 of 200 with SGD(lr=0.05), full batch", timeout=PATIENCE)


@pytest.mark.parametrize(
    ("label", "key", "words"),
    [
        ("learning rate", "ArrowRight", "SGD(lr=0.0562)"),
        ("batch size", "ArrowLeft", "batches of 199"),
        ("epochs", "ArrowLeft", "Epoch 199 of 200"),
    ],
)
def test_sliders_by_keyboard(panel, label, key, words):
    before = panel.look()
    handle(panel.page, label).focus()
    panel.page.keyboard.press(key)
    panel.expect_change(before, words)


@pytest.mark.parametrize(
    ("label", "to", "words"),
    [
        ("learning rate", 1.0, "Diverged at epoch 1"),
        ("learning rate", 0.0, "SGD(lr=0.001)"),
        ("batch size", 0.0, "batches of 1:"),
        ("epochs", 0.0, "Epoch 0 of 200"),
    ],
)
def test_sliders_by_mouse(panel, label, to, words):
    before = panel.look()
    panel.drag(label, to)
    panel.expect_change(before, words)


def test_learning_rate_as_a_number(panel):
    field = panel.page.locator(".widget-text input[type=number]").first
    before = panel.look()
    field.fill("0.123")
    field.press("Enter")
    panel.expect_change(before, "SGD(lr=0.123)")
    field.fill("0")
    field.press("Enter")
    expect(panel.sentence).to_contain_text("Not trained: lr must be a positive, finite number, got 0")


def test_optimizer_brings_its_momentum(panel):
    beta = panel.page.get_by_text("momentum β")
    expect(beta).not_to_be_visible()
    before = panel.look()
    panel.page.locator("select", has_text="Momentum").select_option("Momentum")
    panel.expect_change(before, "Momentum(lr=0.05, beta=0.9)")
    expect(beta).to_be_visible()


def test_a_newer_setting_replaces_a_long_run(panel):
    panel.drag("batch size", 0.0)
    expect(panel.sentence).to_contain_text("trained so far")
    handle(panel.page, "learning rate").focus()
    panel.page.keyboard.press("ArrowLeft")
    expect(panel.sentence).to_contain_text("SGD(lr=0.0447), batches of 1:", timeout=PATIENCE)
    expect(panel.sentence).not_to_contain_text("trained so far", timeout=PATIENCE)
    expect(panel.sentence).to_contain_text("Epoch 200 of 200 with SGD(lr=0.0447)")


def test_slider_stays_alive_while_a_cell_runs(panel):
    page = panel.page
    page.keyboard.press("Escape")
    page.locator(".jp-CodeCell").last.click()
    page.keyboard.press("Escape")
    page.keyboard.press("b")
    page.keyboard.press("Enter")
    page.keyboard.insert_text(
        "import asyncio, time\ntime.sleep(3)\nawait asyncio.sleep(3)\nprint('cell done')"
    )
    page.keyboard.press("Control+Enter")
    try:
        before = panel.look()
        for key, words in (("ArrowRight", "SGD(lr=0.0562)"), ("ArrowRight", "SGD(lr=0.0631)")):
            handle(page, "learning rate").focus()
            page.keyboard.press(key)
            panel.expect_change(before, words)
        expect(page.locator(".jp-InputPrompt", has_text="*")).to_have_count(1)  # the cell still runs
    finally:
        expect(page.get_by_text("cell done", exact=True)).to_be_visible(timeout=PATIENCE)
    handle(page, "learning rate").focus()
    page.keyboard.press("ArrowRight")
    expect(panel.sentence).to_contain_text("SGD(lr=0.0708)", timeout=PATIENCE)
