"""The widget for a learner's own file, in a real JupyterLab: by keyboard, with bad paths, of one height."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.lab import (
    PATIENCE,
    Panel,
    assert_nothing_is_wider_than_its_page,
    assert_ran_without_error,
    assert_saved_picture_is_shown,
    open_notebook,
    run_answering,
    shut_kernels_down,
)

LESSON = "13_your_own_data.ipynb"


class Widget(Panel):
    """The first of the lesson's two, as a learner sees it."""

    def __init__(self, page):
        super().__init__(page)
        self.sentence = page.locator("div[role=status]").first
        self.output = page.locator(".jp-OutputArea-output", has=page.locator("div[role=status]")).first
        self.image = self.output.locator(".widget-image, img.jupyter-widgets").first
        self.words = self.output.locator(".widget-html [aria-live=polite]")

    def choice(self, label):
        return self.output.locator(".widget-dropdown", has_text=label).locator("select").first

    def box(self, label):
        return self.output.locator(".widget-checkbox", has_text=label).locator("input").first

    def read(self, path):
        """Type a path, and press Enter."""
        field = self.output.locator(".widget-text", has_text="file").locator("input")
        field.fill(path)
        field.press("Enter")

    def scrolled(self):
        """Boxes about the panel that are too low for it."""
        return self.sentence.evaluate(
            "e => { const low = []; for (let box = e.closest('.widget-vbox'); box; box = "
            "box.parentElement.closest('.widget-vbox')) if (box.scrollHeight > box.clientHeight + 1) "
            "low.push(box.clientHeight); return low; }"
        )

    def settled(self):
        """What is shown once it stays; the sentence arrives before its picture."""
        seen = None
        while seen != (seen := self.look()):
            self.page.wait_for_timeout(1000)
        return seen

    def keys(self, *names):
        for name in names:
            self.page.keyboard.press(name)


@pytest.fixture(scope="module")
def address(lab):
    return lab.format(LESSON)


@pytest.fixture(scope="module")
def page(browser, address):
    """The lesson, and nothing run; the tests below share the page."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    shut_kernels_down(address)
    open_notebook(page, address)
    yield page
    page.close()


@pytest.fixture(scope="module")
def opened(page, address):
    """The lesson after Run All."""
    problems = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    widget = Widget(page)

    def ask():
        widget.sentence.scroll_into_view_if_needed()
        widget.press("epochs", "Home")
        expect(widget.sentence).to_contain_text("Epoch 0 of", timeout=PATIENCE / 3)

    run_answering(page, address, ask)
    widget.problems = problems
    return widget


@pytest.fixture
def widget(opened):
    """Each test begins with the wines, and ends at the height at which it began."""
    height = opened.height()
    opened.read("no such file")
    expect(opened.words).to_contain_text("Not read: ", timeout=PATIENCE)
    opened.read("data/wine.csv")
    expect(opened.words).to_contain_text("for 'cultivar', 3 classes, from 13 columns", timeout=PATIENCE)
    expect(opened.sentence).to_contain_text("Epoch 200 of 200", timeout=PATIENCE)
    yield opened
    assert opened.height() == height
    assert opened.problems == []


# The first of all, for the others run the lesson.
def test_saved_lesson_shows_the_panel_without_a_kernel(page):
    assert_saved_picture_is_shown(page, 'YourData("data/wine.csv")')


def test_runs_without_error(widget):
    assert_ran_without_error(widget.page)


def test_target_and_model_by_keyboard(widget):
    before = widget.look()
    widget.choice("target").focus()
    widget.keys("Enter", "ArrowUp", "Enter")
    widget.expect_change(before, "R²")
    expect(widget.words).to_contain_text("Linear regression for 'proline' from 12 columns")
    before = widget.look()
    widget.choice("target").focus()
    widget.keys("Enter", "ArrowDown", "Enter")
    widget.expect_change(before, "accuracy")
    before = widget.look()
    widget.keys("Tab", "Tab", "Space", "End", "Enter")  # by way of the task
    widget.expect_change(before, "hidden units 16")
    expect(widget.words).to_contain_text("Neural network for 'cultivar'")


def test_columns_by_keyboard(widget):
    before = widget.look()
    widget.choice("model").focus()
    widget.keys("Tab", "Space")
    widget.expect_change(before, "accuracy")
    expect(widget.words).to_contain_text("from 12 columns")
    expect(widget.box("alcohol")).not_to_be_checked()
    expect(widget.sentence).to_contain_text("Epoch 200 of 200", timeout=PATIENCE)
    before = widget.settled()
    widget.output.get_by_role("button", name="none", exact=True).press("Space")
    expect(widget.words).to_contain_text("choose at least one column", timeout=PATIENCE)
    assert widget.look() == before
    widget.box("alcohol").press("Space")
    expect(widget.words).to_contain_text("from 1 column,", timeout=PATIENCE)
    widget.box("malic_acid").press("Space")
    expect(widget.words).to_contain_text("from 2 columns", timeout=PATIENCE)
    widget.output.get_by_role("button", name="all", exact=True).press("Space")
    expect(widget.words).to_contain_text("from 13 columns", timeout=PATIENCE)


def test_a_path_that_does_not_exist_then_a_good_one(widget):
    before = widget.settled()
    widget.read("data/nothing.csv")
    expect(widget.words).to_contain_text(
        "Not read: there is no file data/nothing.csv; beside it there is ratings.csv, wine.csv",
        timeout=PATIENCE,
    )
    expect(widget.words).to_contain_text("The panel below still shows 'cultivar' of wine.csv")
    assert widget.look() == before
    widget.press("learning rate", "ArrowRight")
    widget.expect_change(before, "Epoch 200 of 200")
    widget.read("data/ratings.csv")
    expect(widget.words).to_contain_text("Matrix factorization of data/ratings.csv", timeout=PATIENCE)
    expect(widget.sentence).to_contain_text("on hidden ones", timeout=PATIENCE)
    expect(widget.choice("target")).to_be_disabled()


def test_learning_rate_moves_the_picture_of_each_kind(widget):
    for target in ("alcohol", "cultivar"):
        widget.choice("target").select_option(target)
        expect(widget.words).to_contain_text(f"for '{target}'", timeout=PATIENCE)
        expect(widget.sentence).to_contain_text("Epoch 200 of 200", timeout=PATIENCE)
        before = widget.look()
        widget.press("learning rate", "ArrowLeft")
        widget.expect_change(before, re.compile(r"lr=0\.\d+"))


def test_every_choice_fits_its_place(widget):
    """Also the longest sentence, that of a run that has diverged."""
    for target in ("proline", "cultivar"):
        widget.choice("target").select_option(target)
        expect(widget.words).to_contain_text(f"for '{target}'", timeout=PATIENCE)
        models = widget.choice("model").locator("option").all_text_contents()
        for model in models:
            widget.choice("model").select_option(model)
            named = re.compile(model.replace("\N{NO-BREAK SPACE}", " "), re.IGNORECASE)
            expect(widget.words).to_contain_text(named, timeout=PATIENCE)
            expect(widget.sentence).to_contain_text("Epoch 200 of 200", timeout=PATIENCE)
            assert_nothing_is_wider_than_its_page(widget)
            assert widget.scrolled() == []
            before = widget.look()
            widget.drag("learning rate", 1.0)
            widget.expect_change(before, "lr=3.16")
            assert_nothing_is_wider_than_its_page(widget)
