"""Every lesson as a learner meets it: opened, run from the first cell to the last, and its panel asked."""

import re

from playwright.sync_api import expect

from tests.browser.lab import TIME, assert_ran_without_error, into_view, new_page, open_notebook, run_lesson
from tests.test_notebooks import NOTEBOOKS, every_lesson

PANEL = re.compile(r"(Training|Descent)Panel\(")


@every_lesson
def test_run_all_shows_no_error_and_the_panel_answers(path, browser, lab):
    with new_page(browser) as page:
        panel = run_lesson(page, lab.format(path.name))
        if PANEL.search(path.read_text("utf-8")):
            panel.bring()
            panel.press(TIME, "Home")
            expect(panel.sentence).to_contain_text(re.compile(r"(Epoch|Step) 0 of"))
        assert_ran_without_error(page)


def test_a_saved_lesson_shows_its_panel_before_anything_runs(browser, lab):
    (path,) = [path for path in NOTEBOOKS if path.stem.startswith("05")]
    with new_page(browser) as page:
        open_notebook(page, lab.format(path.name))
        picture = page.locator(".jp-CodeCell", has_text="TrainingPanel(").last.locator(".jp-OutputArea img")
        into_view(picture)
        assert picture.evaluate("e => e.naturalWidth") >= 840
        assert page.complaints == []
