"""Every lesson as a learner meets it: opened, run from the first cell to the last, and its panel asked."""

import re

from playwright.sync_api import expect

from tests.browser.lab import TIME, assert_ran_without_error, new_page, run_lesson
from tests.test_notebooks import every_lesson

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
