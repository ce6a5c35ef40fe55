"""Every lesson as a learner meets it: opened from the list of files, run, and each control tried.

Nothing that can be moved shows an error, writes one to the page's console, or moves what stands below.
"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import NOTEBOOKS, saved_sentence
from tests.browser.lab import (
    PATIENCE,
    Panel,
    assert_nothing_is_wider_than_its_page,
    assert_ran_without_error,
    assert_saved_picture_is_shown,
    handle,
    open_from_the_list,
    run_answering,
    shut_kernels_down,
)

FILES = sorted(NOTEBOOKS.glob("*.ipynb"))
PANELS = re.compile(r"(Training|Descent)Panel\(")
WITH_PANELS = [path for path in FILES if PANELS.search(path.read_text("utf-8"))]


class Lesson:
    """A lesson in the page, its panel, and the errors that the page has written to its console."""

    def __init__(self, page, path):
        self.page, self.path, self.panel = page, path, Panel(page)
        self.complaints = []
        page.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))


@pytest.fixture(scope="module")
def opened(request, browser, lab):
    """A lesson, and nothing run; its tests share the page."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    lesson = Lesson(page, request.param)
    shut_kernels_down(lab)
    open_from_the_list(page, lab, request.param.name)
    yield lesson
    page.close()


@pytest.fixture(scope="module")
def lesson(opened, lab):
    """The lesson after Run All."""

    def begin(page, url):
        opened.complaints.clear()
        open_from_the_list(page, lab, opened.path.name)

    ask = opened.panel.ask if opened.path in WITH_PANELS else lambda: None
    run_answering(opened.page, lab, ask, begin)
    return opened


@pytest.fixture
def panel(lesson):
    """The lesson's panel, at rest and with all of its controls unfolded; afterwards, it has not failed."""
    panel = lesson.panel
    panel.bring()
    panel.reset()
    expect(panel.sentence).to_have_text(saved_sentence(lesson.path), timeout=PATIENCE)
    yield panel
    expect(panel.sentence).not_to_contain_text("failed")
    assert lesson.complaints == []


every_lesson = pytest.mark.parametrize("opened", FILES, ids=lambda path: path.stem, indirect=True)
every_panel = pytest.mark.parametrize("opened", WITH_PANELS, ids=lambda path: path.stem, indirect=True)


def sliders(panel):
    """The label and the handle of each slider that can be seen."""
    boxes = panel.output.locator(".widget-inline-hbox:has(.noUi-handle)").all()
    return [
        (box.locator(".widget-label").inner_text(), box.locator(".noUi-handle"))
        for box in boxes
        if box.is_visible()
    ]


# The first of a lesson's tests, for the others run it.
@every_panel
def test_saved_lesson_shows_the_panel_without_a_kernel(opened):
    assert_saved_picture_is_shown(opened.page, PANELS.search(opened.path.read_text("utf-8"))[0])


@every_lesson
def test_runs_without_an_error(lesson):
    assert_ran_without_error(lesson.page)
    assert lesson.complaints == []


@every_panel
def test_every_slider_to_both_ends_and_between_by_keyboard(lesson, panel):
    height, found = panel.height(), dict(sliders(panel))
    assert "learning rate" in found
    for label, knob in found.items():
        said = set()
        for key, end in (("Home", "min"), ("PageUp", None), ("End", "max")):
            knob.focus()
            panel.page.keyboard.press(key)
            if end is not None:
                expect(knob).to_have_attribute("aria-valuenow", knob.get_attribute(f"aria-value{end}"))
            panel.settle()
            said.add(panel.look())
        assert len(said) > 1, f"{label} changes neither sentence nor picture"
        assert panel.height() == height, f"{label} moves what stands below"


@every_panel
def test_every_slider_by_mouse(lesson, panel):
    for label, _ in sliders(panel):
        said = set()
        for place in (0.0, 0.5, 1.0):
            panel.drag(label, place)
            panel.settle()
            said.add(panel.look())
        assert len(said) > 1, f"{label} changes neither sentence nor picture"
        assert_nothing_is_wider_than_its_page(panel)


@every_panel
def test_every_choice_box_and_button(lesson, panel):
    front = panel.above()
    if handle(panel.page, "batch size").count():
        panel.press("batch size", "End")  # batches of single rows would take long, with each choice anew
    for select in panel.output.locator("select").all():
        if select.is_visible():
            for option in select.locator("option").all_text_contents():
                select.select_option(option)
                panel.settle()
                expect(panel.sentence).not_to_contain_text("failed")
    for box in panel.output.locator("input[type=checkbox]").all():
        if box.is_visible():
            box.click()
            panel.settle()
            box.click()
    pressed = set()
    while to_press := [name for name in buttons(panel) if name not in pressed]:
        name = to_press[0]
        pressed.add(name)
        panel.button(name).first.click()
        if panel.button("Pause").count():
            panel.button("Pause").click()
        panel.settle()
        answer = panel.output.locator("input[type=radio]:enabled:visible").first
        if answer.count():
            answer.click()
            panel.settle()
        expect(panel.sentence).not_to_contain_text("failed")
    assert {"Play", "Rewind", "Step", "Reset"} <= pressed
    assert panel.above() == front


def buttons(panel):
    """The words of each button that can be pressed now."""
    return [
        button.inner_text().strip()
        for button in panel.output.locator("button:enabled").all()
        if button.is_visible() and button.inner_text().strip() not in ("", "More", "Pause")
    ]
