"""The start page: its self-test answers, its map leads to the lessons, and a saved page says what to do."""

import re

from playwright.sync_api import expect

from tests.browser.lab import assert_ran_without_error, bring, handle, into_view, open_notebook, run_all
from tests.test_notebooks import NOTEBOOKS


def test_a_journey_through_the_start_page(page, lab):
    open_notebook(page, lab.format("00_start_here.ipynb"))
    expect(page.get_by_text("No slider here? Run this cell.").last).to_be_visible()

    for path in NOTEBOOKS[1:]:
        picture = page.locator(f'.jp-MarkdownOutput img[src*="pictures/{path.stem[:2]}.png"]')
        into_view(picture)
        expect(picture).to_have_js_property("complete", True)
        assert picture.evaluate("e => e.naturalWidth") > 100

    # A saved lesson shows its panel before anything runs.
    panel = page.locator(".jp-CodeCell", has_text="TrainingPanel(").last.locator(".jp-OutputArea img")
    bring(page, panel)
    assert panel.evaluate("e => e.naturalWidth") >= 840

    run_all(page)
    bring(page, handle(page, "move me"))
    handle(page, "move me").press("ArrowRight")
    expect(page.get_by_text("Sliders work. You set 1, and Python answered.")).to_be_visible()
    assert_ran_without_error(page)

    page.get_by_role("link", name=re.compile("^01 What gradient descent is")).first.click()
    expect(page.get_by_role("heading", name=re.compile("^What gradient descent is"))).to_be_visible()
