"""Several panels on a page, one of them shown twice, and a kernel that is gone. Run each week."""

import nbformat
import pytest
from playwright.sync_api import expect

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


@pytest.mark.weekly
def test_a_panel_moves_wherever_it_is_shown_and_says_what_to_do_after_a_restart(page, lab, tmp_path_factory):
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    cells = [nbformat.v4.new_code_cell(cell.strip()) for cell in CELLS]
    home = tmp_path_factory.getbasetemp() / "lab0" / "notebooks"
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=kernel), home / "several.ipynb")
    page.set_viewport_size({"width": 1280, "height": 2600})  # so that all three panels are on the page
    run_lesson(page, lab.format("several.ipynb"))
    first, again, other = (Panel(page, number) for number in range(3))

    untouched = other.look()
    for moved, twin in ((again, first), (first, again)):
        before = moved.look(), twin.look()
        moved.press("learning rate", "ArrowRight")
        for panel, (words, _) in zip((moved, twin), before, strict=True):
            expect(panel.sentence).not_to_have_text(words)
        moved.expect_change(before[0], "Epoch 5 of 50")
        twin.expect_change(before[1], moved.sentence.inner_text())
    assert other.look() == untouched
    other.press("epochs", "Home")
    other.expect_change(untouched, "Epoch 0 of 50")
    expect(first.sentence).to_contain_text("Epoch 5 of 50")

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
