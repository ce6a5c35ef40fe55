"""The panel in Jupyter Notebook 7. Run each week."""

import shutil

import pytest
from playwright.sync_api import expect

from gdutils.optimizers import SGD
from tests.browser.lab import Panel, assert_ran_without_error, handle, jupyter_lab, open_notebook, run_all
from tests.browser.test_journeys import trained
from tests.test_notebooks import NOTEBOOKS


@pytest.mark.weekly
def test_the_panel_answers_keys_and_the_mouse(page, tmp_path):
    shutil.copytree(NOTEBOOKS[0].parent, tmp_path / "notebooks")
    with jupyter_lab(tmp_path / "notebooks", tmp_path, notebook=True) as address:
        open_notebook(page, address.format("05_linear_regression.ipynb"))
        page.complaints.clear()  # Notebook 7.6 misses a schema as it opens, whatever it opens
        run_all(page)
        assert_ran_without_error(page)
        panel = Panel(page)

        # Keys are the panel's own, after another cell was active.
        page.locator(".jp-Cell").first.click()
        panel.bring()
        before = panel.look()
        handle(panel.output, "learning rate").focus()
        for lr in (0.0562, 0.0631):
            page.keyboard.press("ArrowRight")
            panel.expect_change(before, trained(SGD(lr)))
            before = panel.look()
        panel.button("Step").focus()
        page.keyboard.press("Enter")
        panel.expect_change(before, "Epoch 21 of 200")

        panel.reset("Epoch 20 of 200")
        before = panel.look()
        with panel.pointer(0.95, 0.2):
            panel.expect_change(before, "Epoch 20 of 200")
        panel.open_more()
        expect(panel.output.locator("textarea")).to_contain_text("params=")
        page.goto("about:blank")
