"""The panel in Jupyter Notebook 7. Run each week."""

import shutil

import pytest
from playwright.sync_api import expect

from gdutils.optimizers import SGD
from tests.browser.lab import (
    Panel,
    assert_ran_without_error,
    handle,
    jupyter_lab,
    new_page,
    open_notebook,
    run_all,
)
from tests.browser.test_training_journey import said
from tests.test_notebooks import NOTEBOOKS

pytestmark = pytest.mark.weekly


@pytest.fixture(scope="module")
def panel(browser, tmp_path_factory):
    home = tmp_path_factory.mktemp("notebook7")
    shutil.copytree(NOTEBOOKS[0].parent, home / "notebooks")
    with (
        jupyter_lab(home / "notebooks", home, notebook=True) as address,
        new_page(browser) as page,
    ):
        open_notebook(page, address.format("05_linear_regression.ipynb"))
        page.complaints.clear()  # Notebook 7.6 misses a schema as it opens, whatever it opens
        run_all(page)
        assert_ran_without_error(page)
        panel = Panel(page)
        panel.bring()
        yield panel


def test_keys_are_the_panels_own_after_another_cell_was_active(panel):
    panel.page.locator(".jp-Cell").first.click()
    panel.bring()
    before = panel.look()
    handle(panel.output, "learning rate").focus()
    for lr in (0.0562, 0.0631):
        panel.page.keyboard.press("ArrowRight")
        panel.expect_change(before, said(SGD(lr)))
        before = panel.look()
    panel.button("Step").focus()
    panel.page.keyboard.press("Enter")
    panel.expect_change(before, "Epoch 21 of 200")


def test_the_picture_answers_the_mouse(panel):
    panel.reset("Epoch 20 of 200")
    before = panel.look()
    with panel.pointer(0.95, 0.2):
        panel.expect_change(before, "Epoch 20 of 200")
    panel.open_more()
    expect(panel.output.locator("textarea")).to_contain_text("params=")
