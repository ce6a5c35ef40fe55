"""Several panels on a page, one of them shown twice, and a kernel that is gone. Run each week."""

import re

import nbformat
import pytest
from playwright.sync_api import expect

from gdutils.datasets import make_line
from gdutils.models import LinearRegression
from gdutils.optimizers import SGD
from gdutils.training import train
from tests.browser.lab import Panel, open_notebook, run_all, wait_for

pytestmark = pytest.mark.weekly
CELLS = (
    """
from gdutils.datasets import make_line
from gdutils.models import LinearRegression
from gdutils.optimizers import SGD
from gdutils.panel import LinePicture, TrainingPanel

picture = LinePicture(LinearRegression(n_features=1), *make_line(), epochs=50)
first = TrainingPanel(picture, SGD(lr=0.05))
first
""",
    "first",
    "second = TrainingPanel(picture, SGD(lr=0.05))\nsecond",
)


@pytest.fixture(scope="module")
def panels(page, lab, tmp_path_factory):
    """Three panels, near enough to each other that all of them are on the page."""
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    cells = [nbformat.v4.new_code_cell(cell.strip()) for cell in CELLS]
    notebook = nbformat.v4.new_notebook(cells=cells, metadata=kernel)
    (home,) = tmp_path_factory.getbasetemp().glob("lab*/notebooks")
    nbformat.write(notebook, home / "several.ipynb")
    page.set_viewport_size({"width": 1280, "height": 2600})
    open_notebook(page, lab.format("several.ipynb"))
    run_all(page)
    return [Panel(page, number) for number in range(3)]


def said(lr):
    """Return what the sentence begins with, from a run apart from the panel."""
    loss = train(LinearRegression(n_features=1), *make_line(), SGD(lr), epochs=5).losses[-1]
    return f"Epoch 5 of 50: loss {loss:.4g} "


def test_a_panel_shown_twice_moves_in_both_places(panels):
    first, again, other = panels
    before = [panel.look() for panel in panels]
    again.press("learning rate", "ArrowRight")
    for panel, look in zip((first, again), before, strict=False):
        panel.expect_change(look, said(0.0562))
    first.press("learning rate", "ArrowRight")
    for panel in (first, again):
        expect(panel.sentence).to_contain_text(said(0.0631))
    assert other.look() == before[2]


def test_panels_that_share_a_picture_do_not_share_their_run(panels):
    first, _, second = panels
    before = [panel.look() for panel in panels]
    second.press("epochs", "Home")
    second.expect_change(before[2], "Epoch 0 of 50")
    assert first.look() == before[0]
    first.press("learning rate", "ArrowRight")
    first.expect_change(before[0], said(0.0708))
    expect(second.sentence).to_contain_text("Epoch 0 of 50")


def test_after_a_restart_the_panel_says_what_to_do(panels):
    first = panels[0]
    said = first.output.get_by_role("alert")
    expect(said).not_to_be_visible()
    height = first.output.bounding_box()["height"]
    wait_for(first.page, "jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart()")
    expect(said).to_be_visible()
    expect(said).to_contain_text("Run → Run All Cells")
    expect(first.sentence).not_to_be_visible()
    assert first.output.bounding_box()["height"] == height
    run_all(first.page)
    panel = Panel(first.page)
    expect(panel.sentence).to_contain_text(re.compile("Epoch 5 of 50"))
    panel.press("epochs", "Home")
    expect(panel.sentence).to_contain_text("Epoch 0 of 50")
