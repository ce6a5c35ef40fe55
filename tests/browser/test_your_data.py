"""The widget for a learner's own file, in JupyterLab: by keyboard, with a wrong path, and with ratings."""

from playwright.sync_api import expect

from tests.browser.lab import (
    Panel,
    assert_nothing_is_wider_than_its_page,
    assert_ran_without_error,
    open_notebook,
    run_all,
)


class Widget(Panel):
    """The widget, as a learner sees it."""

    def __init__(self, page):
        super().__init__(page)
        self.told = self.output.locator(".widget-html [aria-live=polite]").first

    def choice(self, label):
        return self.output.locator(".widget-inline-hbox", has_text=label).locator("select").first

    def read(self, path):
        """Type a path, and press Enter."""
        field = self.output.locator(".widget-text", has_text="file").locator("input")
        field.fill(path)
        field.press("Enter")


def test_a_journey_through_files_targets_columns_and_models(page, lab):
    open_notebook(page, lab.format("13_your_own_data.ipynb"))
    run_all(page)
    widget = Widget(page)
    widget.bring()
    expect(widget.told).to_contain_text("Softmax regression for 'species': 258 rows to train on, 86 held out")
    before = widget.look()

    widget.choice("model").focus()
    for key in ("Enter", "ArrowDown", "Enter"):
        page.keyboard.press(key)
    widget.expect_change(before, "Epoch 20 of 200")
    expect(widget.told).to_contain_text("Neural network for 'species'")

    before = widget.look()
    widget.choice("columns").select_option(["flipper_length_mm", "body_mass_g"])
    widget.expect_change(before, "accuracy")
    expect(widget.told).to_contain_text("4 features")  # two say where there were holes

    before = widget.look()
    widget.choice("target").select_option("body_mass_g")
    widget.expect_change(before, "RMSE")
    expect(widget.told).to_contain_text("Linear regression for 'body_mass_g'")
    before = widget.look()
    widget.drag("learning rate", 1.0)
    widget.expect_change(before, "Diverged at epoch 1")
    assert_nothing_is_wider_than_its_page(widget)

    widget.read("data/nothing.csv")
    expect(widget.told).to_contain_text("there is no file 'data/nothing.csv'")
    expect(widget.sentence).to_contain_text("Diverged at epoch 1")
    widget.read("data/ratings.csv")
    expect(widget.told).to_contain_text("Matrix factorization for 'rating'")
    expect(widget.sentence).to_contain_text("on hidden ones")
    assert_ran_without_error(page)
