"""The start page: its self-test answers, its map leads to the lessons, and a saved page says what to do."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import NOTEBOOKS
from tests.browser.lab import (
    PATIENCE,
    assert_ran_without_error,
    handle,
    open_notebook,
    run_answering,
    shut_kernels_down,
)

START = "00_start_here.ipynb"


@pytest.fixture(scope="module")
def page(browser, lab):
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    shut_kernels_down(lab.format(START))
    open_notebook(page, lab.format(START))
    yield page
    page.close()


def test_before_it_is_run_the_page_says_what_to_do(page):
    expect(page.get_by_text("No slider here? Run this cell.").last).to_be_visible(timeout=PATIENCE)


def test_the_map_shows_a_picture_of_each_lesson(page):
    numbers = [path.stem[:2] for path in sorted(NOTEBOOKS.glob("*.ipynb"))[1:]]
    for number in numbers:
        picture = page.locator(f'.jp-MarkdownOutput img[src*="pictures/{number}.png"]')
        picture.scroll_into_view_if_needed(timeout=PATIENCE)
        expect(picture).to_have_js_property("complete", True, timeout=PATIENCE)
        assert picture.evaluate("e => e.naturalWidth") > 100


def test_the_self_test_answers_a_key(page, lab):
    def ask():
        handle(page, "move me").focus()
        page.keyboard.press("ArrowRight")
        answer = page.get_by_text("Sliders work. You set 1, and Python answered.")
        expect(answer).to_be_visible(timeout=PATIENCE / 3)

    run_answering(page, lab.format(START), ask)
    assert_ran_without_error(page)
    handle(page, "move me").focus()
    page.keyboard.press("End")
    expect(page.get_by_text("You set 10,")).to_be_visible(timeout=PATIENCE)


def test_keys_do_what_the_page_says(page):
    epochs = handle(page, "epochs")
    sentence = page.locator("div[role=status]")
    epochs.focus()
    for key, epoch in (("Home", 0), ("ArrowRight", 1), ("PageUp", 6), ("PageDown", 1), ("End", 200)):
        page.keyboard.press(key)
        expect(sentence).to_have_text(re.compile(f"Epoch {epoch} of 200 "), timeout=PATIENCE)


def test_a_link_of_the_map_opens_the_lesson(page):
    link = page.get_by_role("link", name=re.compile("^01 What gradient descent is"))
    link.scroll_into_view_if_needed(timeout=PATIENCE)
    link.click()
    expect(page.get_by_role("heading", name=re.compile("^What gradient descent is"))).to_be_visible(
        timeout=PATIENCE
    )
