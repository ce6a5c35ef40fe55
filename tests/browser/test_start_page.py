"""The start page: its self-test answers, its map leads to the lessons, and a saved page says what to do."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.lab import assert_ran_without_error, bring, handle, into_view, open_notebook, run_all
from tests.test_notebooks import NOTEBOOKS


@pytest.fixture(scope="module")
def opened(page, lab):
    open_notebook(page, lab.format("00_start_here.ipynb"))
    return page


def test_before_it_is_run_the_page_says_what_to_do(opened):
    expect(opened.get_by_text("No slider here? Run this cell.").last).to_be_visible()


def test_the_map_shows_a_picture_of_each_lesson(opened):
    for path in NOTEBOOKS[1:]:
        picture = opened.locator(f'.jp-MarkdownOutput img[src*="pictures/{path.stem[:2]}.png"]')
        into_view(picture)
        expect(picture).to_have_js_property("complete", True)
        assert picture.evaluate("e => e.naturalWidth") > 100


def test_the_self_test_answers_a_key(opened):
    run_all(opened)
    assert_ran_without_error(opened)
    bring(opened, handle(opened, "move me"))
    handle(opened, "move me").focus()
    opened.keyboard.press("ArrowRight")
    expect(opened.get_by_text("Sliders work. You set 1, and Python answered.")).to_be_visible()


def test_a_link_of_the_map_opens_the_lesson(opened):
    opened.get_by_role("link", name=re.compile("^01 What gradient descent is")).first.click()
    expect(opened.get_by_role("heading", name=re.compile("^What gradient descent is"))).to_be_visible()
