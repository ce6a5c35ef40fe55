"""The widget for a learner's own file, in JupyterLab: by keyboard, and with a path that does not exist."""

import pytest
from playwright.sync_api import expect

from tests.browser.lab import (
    Panel,
    assert_nothing_is_wider_than_its_page,
    assert_ran_without_error,
    open_notebook,
    run_all,
)


class Widget(Panel):
    """The first of the lesson's two, as a learner sees it."""

    def __init__(self, page):
        super().__init__(page)
        self.told = self.output.locator(".widget-html [aria-live=polite]")

    def choice(self, label):
        return self.output.locator(".widget-dropdown", has_text=label).locator("select").first

    def read(self, path):
        """Type a path, and press Enter."""
        field = self.output.locator(".widget-text", has_text="file").locator("input")
        field.fill(path)
        field.press("Enter")


@pytest.fixture(scope="module")
def opened(page, lab):
    open_notebook(page, lab.format("13_your_own_data.ipynb"))
    run_all(page)
    return Widget(page)


@pytest.fixture
def widget(opened):
    """Each test begins with the wines."""
    opened.bring()
    opened.read("no such file")
    expect(opened.told).to_contain_text("Not read: ")
    opened.read("data/wine.csv")
    expect(opened.told).to_contain_text("for 'cultivar', 3 classes, from 13 columns")
    expect(opened.sentence).to_contain_text("Epoch 20 of 200")
    opened.rest()
    yield opened
    assert_ran_without_error(opened.page)


def test_target_and_model_by_keyboard(widget):
    keyboard = widget.page.keyboard
    before = widget.look()
    widget.choice("target").focus()
    for key in ("Enter", "ArrowUp", "Enter"):
        keyboard.press(key)
    widget.expect_change(before, "R²")
    expect(widget.told).to_contain_text("Linear regression for 'proline' from 12 columns")
    before = widget.look()
    widget.choice("target").select_option("cultivar")
    widget.expect_change(before, "accuracy")
    before = widget.look()
    widget.choice("model").select_option("neural\N{NO-BREAK SPACE}network")
    widget.expect_change(before, "Epoch 20 of 200")
    expect(widget.told).to_contain_text("Neural network for 'cultivar'")


def test_columns_by_keyboard(widget):
    before = widget.look()
    alcohol = widget.output.locator(".widget-checkbox", has_text="alcohol").locator("input").first
    alcohol.press("Space")
    widget.expect_change(before, "accuracy")
    expect(widget.told).to_contain_text("from 12 columns")
    widget.output.get_by_role("button", name="none", exact=True).press("Space")
    expect(widget.told).to_contain_text("choose at least one column")
    alcohol.press("Space")
    expect(widget.told).to_contain_text("from 1 column,")
    widget.output.get_by_role("button", name="all", exact=True).press("Space")
    expect(widget.told).to_contain_text("from 13 columns")


def test_a_path_that_does_not_exist_then_a_table_of_ratings(widget):
    before = widget.look()
    widget.read("data/nothing.csv")
    expect(widget.told).to_contain_text("Not read: there is no file data/nothing.csv")
    expect(widget.told).to_contain_text("The panel below still shows 'cultivar' of wine.csv")
    assert widget.look() == before
    widget.press("learning rate", "ArrowRight")
    widget.expect_change(before, "Epoch 20 of 200")
    widget.read("data/ratings.csv")
    expect(widget.told).to_contain_text("Matrix factorization of data/ratings.csv")
    expect(widget.sentence).to_contain_text("on hidden ones")
    expect(widget.choice("target")).to_be_disabled()


def test_a_diverged_run_fits_its_place(widget):
    widget.choice("target").select_option("proline")
    expect(widget.told).to_contain_text("Linear regression for 'proline'")
    expect(widget.sentence).to_contain_text("R²")
    widget.rest()
    before = widget.look()
    widget.drag("learning rate", 1.0)
    widget.expect_change(before, "Diverged at epoch 1")
    assert_nothing_is_wider_than_its_page(widget)
