"""Every lesson's panel in a real JupyterLab: at rest it shows what is saved, and each control moves it."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import expect

from tests.browser.conftest import NOTEBOOKS
from tests.browser.lab import PATIENCE, Panel, assert_ran_without_error, open_notebook, run_all

LESSONS = sorted(NOTEBOOKS.glob("*.ipynb"))


def saved_sentence(path: Path) -> str:
    """The sentence that the saved panel has."""
    (found,) = (
        output.data["text/plain"]
        for cell in nbformat.read(path, as_version=4).cells
        for output in cell.get("outputs", [])
        if "application/vnd.jupyter.widget-view+json" in output.get("data", {})
    )
    return found


@pytest.fixture(scope="module", params=LESSONS, ids=[path.stem for path in LESSONS])
def panel(request, browser, lab):
    """A lesson after Run All; the tests below share the page."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    open_notebook(page, lab.format(request.param.name))
    run_all(page)
    panel = Panel(page)
    panel.sentence.scroll_into_view_if_needed()
    panel.url, panel.at_rest = lab.format(request.param.name), saved_sentence(request.param)
    yield panel
    page.close()


@pytest.fixture(autouse=True)
def reset(panel):
    """Each test begins with the settings of the lesson, and with the sentence that the saved lesson has."""
    panel.page.get_by_role("button", name="Reset").click()
    expect(panel.sentence).to_have_text(re.compile(re.escape(panel.at_rest)), timeout=PATIENCE)


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
    before = panel.look()
    panel.press("batch size", "Home")
    panel.expect_change(before, re.compile("batches of 1[:,]"))
    expect(panel.sentence).to_contain_text("trained so far", timeout=PATIENCE)
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
    if "05" not in panel.page.url:
        assert len(choices) >= 2


def test_nothing_is_wider_than_its_page(panel):
    room = panel.page.locator(".jp-WindowedPanel-outer").bounding_box()
    box = panel.image.bounding_box()
    assert box["x"] + box["width"] <= room["x"] + room["width"]
    assert panel.sentence.evaluate("e => e.scrollHeight <= e.closest('.widget-html').clientHeight + 1")


def test_saved_lesson_shows_the_panel_without_a_kernel(panel, browser):
    """Opened anew, and nothing run: the picture stands where the panel will be."""
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    open_notebook(page, panel.url)
    cell = page.locator(".jp-CodeCell", has_text="TrainingPanel(").last
    cell.scroll_into_view_if_needed(timeout=PATIENCE)
    expect(cell.locator(".jp-OutputArea img")).to_be_visible(timeout=PATIENCE)
    page.close()
