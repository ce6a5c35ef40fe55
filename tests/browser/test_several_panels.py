"""Several panels on a page, one of them shown twice, and a kernel that is gone. Run each week."""

import nbformat
import pytest
from playwright.sync_api import expect

from gdutils.datasets import make_line
from gdutils.models import LinearRegression
from gdutils.optimizers import SGD
from gdutils.training import train
from tests.browser.lab import Panel, run_all, run_lesson, wait_for

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


def said(lr):
    """Return what the sentence begins with, from a run apart from the panel."""
    loss = train(LinearRegression(n_features=1), *make_line(), SGD(lr), epochs=5).losses[-1]
    return f"Epoch 5 of 50: loss {loss:.4g} "


@pytest.mark.weekly
def test_a_panel_moves_wherever_it_is_shown_and_says_what_to_do_after_a_restart(page, lab, tmp_path_factory):
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    cells = [nbformat.v4.new_code_cell(cell.strip()) for cell in CELLS]
    (home,) = tmp_path_factory.getbasetemp().glob("lab*/notebooks")
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=kernel), home / "several.ipynb")
    page.set_viewport_size({"width": 1280, "height": 2600})  # so that all three panels are on the page
    run_lesson(page, lab.format("several.ipynb"))
    first, again, other = (Panel(page, number) for number in range(3))

    before = [panel.look() for panel in (first, again, other)]
    again.press("learning rate", "ArrowRight")
    first.expect_change(before[0], said(0.0562))
    again.expect_change(before[1], said(0.0562))
    first.press("learning rate", "ArrowRight")
    for panel in (first, again):
        expect(panel.sentence).to_contain_text(said(0.0631))
    assert other.look() == before[2]
    other.press("epochs", "Home")
    other.expect_change(before[2], "Epoch 0 of 50")
    expect(first.sentence).to_contain_text(said(0.0631))

    alert = first.output.get_by_role("alert")
    expect(alert).not_to_be_visible()
    height = first.output.bounding_box()["height"]
    wait_for(page, "jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart()")
    expect(alert).to_be_visible()
    expect(alert).to_contain_text("Run → Run All Cells")
    expect(first.sentence).not_to_be_visible()
    assert first.output.bounding_box()["height"] == height
    run_all(page)
    expect(first.sentence).to_contain_text("Epoch 5 of 50")
    first.press("epochs", "Home")
    expect(first.sentence).to_contain_text("Epoch 0 of 50")
