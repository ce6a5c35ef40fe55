"""The widget for a learner's own file, in JupyterLab: by keyboard, with a wrong path, and with ratings."""

from playwright.sync_api import expect

from tests.browser.lab import assert_ran_without_error, run_lesson


def test_a_journey_through_files_targets_columns_and_models(page, lab):
    widget = run_lesson(page, lab.format("13_your_own_data.ipynb"))
    widget.bring()
    told = widget.output.locator(".widget-html [aria-live=polite]").first
    path = widget.output.locator(".widget-text", has_text="file").locator("input")

    def choice(label):
        return widget.output.locator(".widget-inline-hbox", has_text=label).locator("select").first

    expect(told).to_contain_text("Softmax regression for 'species': 258 rows to train on, 86 held out")
    before = widget.look()
    choice("model").focus()
    for key in ("Enter", "ArrowDown", "Enter"):
        page.keyboard.press(key)
    widget.expect_change(before, "Epoch 20 of 200")
    expect(told).to_contain_text("Neural network for 'species'")

    before = widget.look()
    choice("columns").select_option(["flipper_length_mm", "body_mass_g"])
    widget.expect_change(before, "accuracy")
    expect(told).to_contain_text("4 features")  # two say where there were holes

    before = widget.look()
    choice("target").select_option("body_mass_g")
    widget.expect_change(before, "RMSE")
    expect(told).to_contain_text("Linear regression for 'body_mass_g'")
    before = widget.look()
    widget.drag("learning rate", 1.0)
    widget.expect_change(before, "Diverged at epoch 1")
    widget.assert_nothing_is_wider_than_its_page()

    path.fill("data/nothing.csv")
    path.press("Enter")
    expect(told).to_contain_text("there is no file 'data/nothing.csv'")
    expect(widget.sentence).to_contain_text("Diverged at epoch 1")
    path.fill("data/ratings.csv")
    path.press("Enter")
    expect(told).to_contain_text("Matrix factorization for 'rating'")
    expect(widget.sentence).to_contain_text("on hidden ones")
    assert_ran_without_error(page)
