"""Every control of every lesson's panel, by keyboard and by mouse: none shows an error. Run each week."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.lab import assert_ran_without_error, new_page, run_lesson
from tests.browser.test_every_lesson import PANEL
from tests.test_notebooks import NOTEBOOKS

pytestmark = pytest.mark.weekly
WITH_PANELS = [path for path in NOTEBOOKS if PANEL.search(path.read_text("utf-8"))]
every_panel = pytest.mark.parametrize("panel", WITH_PANELS, ids=lambda path: path.stem, indirect=True)


@pytest.fixture(scope="module")
def panel(request, browser, lab):
    """The panel of a lesson after Run All, with all of its controls unfolded."""
    with new_page(browser) as page:
        panel = run_lesson(page, lab.format(request.param.name))
        panel.bring()
        panel.open_more()
        panel.start = re.match(r"\w+ \d+ of \d+", panel.sentence.inner_text())[0]
        yield panel


def sliders(panel):
    """The label and the handle of each slider that can be seen."""
    boxes = panel.output.locator(".widget-inline-hbox:has(.noUi-handle)").filter(visible=True).all()
    return {box.locator(".widget-label").inner_text(): box.locator(".noUi-handle") for box in boxes}


@every_panel
def test_every_slider_to_both_ends(panel):
    panel.reset(panel.start)
    found = sliders(panel)
    assert "learning rate" in found
    for label, knob in found.items():
        for act, to in ((panel.press, "Home"), (panel.press, "End"), (panel.drag, 0.5)):
            before, at = panel.look(), knob.get_attribute("aria-valuenow")
            act(label, to)
            if knob.get_attribute("aria-valuenow") != at:
                panel.page.wait_for_function(
                    "([sentence, image, before]) => sentence.isConnected === false || "
                    "sentence.innerText !== before[0] || image.src !== before[1]",
                    arg=[panel.sentence.element_handle(), panel.image.element_handle(), before],
                )
            panel.rest()
            expect(panel.sentence).not_to_contain_text("failed")
        panel.assert_nothing_is_wider_than_its_page()
        panel.reset(panel.start)
    assert_ran_without_error(panel.page)


@every_panel
def test_every_choice_box_and_button(panel):
    panel.reset(panel.start)
    if "batch size" in sliders(panel):
        panel.press("batch size", "End")  # batches of single rows would take long, with each choice again
    for select in panel.output.locator("select:visible").all():
        for option in select.locator("option").all_text_contents():
            select.select_option(option)
            panel.rest()
    for box in panel.output.locator("input[type=checkbox]:visible").all():
        box.click()
        panel.rest()
        box.click()
    names = panel.output.locator("button:enabled:visible").all_inner_texts()
    for name in {name.strip() for name in names} - {"", "More"}:
        panel.button(name).first.click()
        answer = panel.output.locator("input[type=radio]:enabled:visible").first
        if answer.count():
            answer.click()
        panel.rest()
        if panel.button("Pause").count():
            panel.button("Pause").click()
    expect(panel.sentence).not_to_contain_text("failed")
    panel.reset(panel.start)
    assert_ran_without_error(panel.page)
