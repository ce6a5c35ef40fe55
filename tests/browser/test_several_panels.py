"""Several panels on a page, one of them shown twice; a failure, and what is left of a kernel that is gone."""

from __future__ import annotations

import re

import nbformat
import pytest
from playwright.sync_api import expect

from tests.browser.lab import PATIENCE, Panel, handle, open_answering, run_all

CELLS = (
    """
import threading

from gdutils.datasets import make_line
from gdutils.descent_panel import DescentPanel
from gdutils.descent_pictures import CurvePicture
from gdutils.landscapes import Parabola
from gdutils.models import LinearRegression
from gdutils.optimizers import SGD
from gdutils.panels import TrainingPanel
from gdutils.pictures import LinePicture

picture = LinePicture(LinearRegression(n_features=1), *make_line(), epochs=50)
first = TrainingPanel(picture, SGD(lr=0.05))
first
""",
    "first",
    "second = TrainingPanel(picture, SGD(lr=0.05))\nsecond",
    "DescentPanel(CurvePicture(Parabola(), start=10, steps=30), SGD(lr=0.1))",
)
FAIL = """
def fail(*arguments):
    raise RuntimeError("on purpose")


second.pictures[""].words = fail
"""


class OneOf(Panel):
    """One of several panels on the page."""

    def __init__(self, page, number):
        super().__init__(page)
        self.output = page.locator(".jp-OutputArea-output", has=self.sentence).nth(number)
        self.sentence = self.output.locator(".gdutils-sentence")
        self.image = self.output.locator(".widget-image, img.jupyter-widgets").first

    def press(self, label, key):
        handle(self.output, label).focus()
        self.page.keyboard.press(key)


@pytest.fixture(scope="module")
def page(browser, lab, folder):
    """All panels near enough to each other that all of them are on the page."""
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    cells = [nbformat.v4.new_code_cell(cell.strip()) for cell in CELLS]
    notebook = nbformat.v4.new_notebook(cells=cells, metadata=kernel)
    nbformat.write(notebook, folder / "several.ipynb")
    page = browser.new_page(viewport={"width": 1280, "height": 2600})

    def ask():
        OneOf(page, 0).press("epochs", "Home")
        expect(OneOf(page, 0).sentence).to_contain_text("Epoch 0 of 50", timeout=PATIENCE / 3)

    open_answering(page, lab.format("several.ipynb"), ask)
    yield page
    page.close()


@pytest.fixture
def panels(page):
    panels = [OneOf(page, number) for number in range(4)]
    for panel in panels:
        panel.reset()
        panel.settle()
    return panels


def cell(page, source):
    """Run a cell at the end of the notebook."""
    page.locator(".jp-CodeCell .jp-InputPrompt").last.click()
    page.keyboard.press("b")
    page.keyboard.press("Enter")
    page.keyboard.insert_text(source.strip())
    page.keyboard.press("Control+Enter")
    expect(page.locator(".jp-CodeCell .jp-InputPrompt").last).to_have_text(
        re.compile(r"\[\d+\]"), timeout=PATIENCE
    )


def test_a_panel_shown_twice_moves_in_both_places(panels):
    first, again, *others = panels
    before = [panel.look() for panel in panels]
    again.press("learning rate", "ArrowRight")
    for panel, look in zip((first, again), before, strict=False):
        panel.expect_change(look, "SGD(lr=0.0562)")
    first.press("learning rate", "ArrowRight")
    for panel in (first, again):
        expect(panel.sentence).to_contain_text("SGD(lr=0.0631)", timeout=PATIENCE)
    assert [panel.look() for panel in others] == before[2:]


def test_panels_that_share_a_picture_do_not_share_their_run(panels):
    first, _, second, descent = panels
    before = [panel.look() for panel in panels]
    second.press("epochs", "Home")
    second.expect_change(before[2], "Epoch 0 of 50")
    descent.press("steps", "Home")
    descent.expect_change(before[3], "Step 0 of 30")
    assert first.look() == before[0]
    first.press("learning rate", "ArrowRight")
    first.expect_change(before[0], "Epoch 50 of 50 with SGD(lr=0.0562)")
    expect(second.sentence).to_contain_text("Epoch 0 of 50")


def test_a_failure_is_a_sentence_and_is_raised_by_wait(page, panels):
    first, _, second, _ = panels
    cell(page, FAIL)
    second.press("learning rate", "ArrowRight")
    expect(second.sentence).to_contain_text("The panel failed: RuntimeError('on purpose')", timeout=PATIENCE)
    cell(page, "second.wait()")
    expect(page.locator(".jp-CodeCell").last).to_contain_text("RuntimeError: on purpose", timeout=PATIENCE)
    cell(page, 'del second.pictures[""].words')
    second.reset()
    expect(second.sentence).to_contain_text("Epoch 50 of 50 with SGD(lr=0.05)", timeout=PATIENCE)
    before = first.look()
    first.press("learning rate", "ArrowRight")
    first.expect_change(before, "SGD(lr=0.0562)")


def test_after_a_restart_the_panel_says_what_to_do(page, panels):
    first = panels[0]
    said = first.output.get_by_role("alert")
    expect(said).not_to_be_visible()
    height = first.height()
    page.get_by_role("menuitem", name="Kernel", exact=True).click()
    page.get_by_role("menuitem", name=re.compile("^Restart Kernel…")).click()
    page.get_by_role("button", name="Confirm Kernel Restart").click()
    expect(said).to_be_visible(timeout=PATIENCE)
    expect(said).to_contain_text("Run → Run All Cells")
    expect(first.sentence).not_to_be_visible()
    assert first.height() == height
    run_all(page)
    panel = OneOf(page, 0)
    expect(panel.output.get_by_role("alert")).not_to_be_visible(timeout=PATIENCE)
    panel.press("epochs", "Home")
    expect(panel.sentence).to_contain_text("Epoch 0 of 50", timeout=PATIENCE)
