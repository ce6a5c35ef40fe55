"""A training panel in JupyterLab, with the first model: every kind of control, and a cell that runs."""

import pytest
from playwright.sync_api import expect

from tests.browser.lab import (
    Panel,
    a_cell_runs,
    assert_nothing_is_wider_than_its_page,
    assert_ran_without_error,
    open_notebook,
    run_all,
)

START = "Epoch 200 of 200 with SGD(lr=0.05), full batch"


@pytest.fixture(scope="module")
def opened(page, lab):
    open_notebook(page, lab.format("05_linear_regression.ipynb"))
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
        ("learning rate", "ArrowRight", "SGD(lr=0.0562)"),
        ("batch size", "ArrowLeft", "batches of 199"),
        ("epochs", "ArrowLeft", "Epoch 199 of 200"),
    ],
)
def test_sliders_by_keyboard(panel, label, key, words):
    before = panel.look()
    panel.press(label, key)
    panel.expect_change(before, words)


@pytest.mark.parametrize(
    ("label", "to", "words"),
    [
        ("learning rate", 1.0, "Diverged at epoch 1"),
        ("batch size", 0.0, "batches of 1:"),
        ("epochs", 0.0, "Epoch 0 of 200"),
    ],
)
def test_sliders_by_mouse(panel, label, to, words):
    before = panel.look()
    panel.drag(label, to)
    panel.expect_change(before, words)
    assert_nothing_is_wider_than_its_page(panel)


def test_learning_rate_as_a_number(panel):
    field = panel.output.locator("input[type=number]").first
    before = panel.look()
    field.fill("0.123")
    field.press("Enter")
    panel.expect_change(before, "SGD(lr=0.123)")
    field.fill("0")
    field.press("Enter")
    expect(panel.sentence).to_contain_text("Not possible: lr must be a positive")


def test_an_optimizer_brings_its_momentum(panel):
    beta = panel.output.get_by_text("momentum β")
    expect(beta).not_to_be_visible()
    before = panel.look()
    panel.output.locator("select", has_text="Momentum").select_option("Momentum")
    panel.expect_change(before, "Momentum(lr=0.05, beta=0.9)")
    expect(beta).to_be_visible()


def test_play_runs_from_the_start_to_the_end(panel):
    panel.press("epochs", "Home")
    expect(panel.sentence).to_contain_text("Epoch 0 of 200")
    panel.button("Play").click()
    expect(panel.sentence).to_contain_text("Epoch 200 of 200")
    expect(panel.button("Play")).to_be_visible()
    panel.button("Step").click()
    panel.button("Rewind").click()
    expect(panel.sentence).to_contain_text("Epoch 0 of 200")
    panel.button("Step").click()
    expect(panel.sentence).to_contain_text("Epoch 1 of 200")


def test_a_newer_setting_replaces_a_long_run(panel):
    panel.drag("batch size", 0.0)
    panel.press("learning rate", "ArrowLeft")
    expect(panel.sentence).to_contain_text("Epoch 200 of 200 with SGD(lr=0.0447), batches of 1:")
    panel.rest()


def test_the_panel_answers_while_a_cell_runs(panel):
    before = panel.look()
    with a_cell_runs(panel.page):
        for words in ("SGD(lr=0.0562)", "SGD(lr=0.0631)"):
            panel.press("learning rate", "ArrowRight")
            panel.expect_change(before, words)
            before = panel.look()
    panel.press("learning rate", "ArrowRight")
    panel.expect_change(before, "SGD(lr=0.0708)")
