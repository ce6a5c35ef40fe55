"""The quiz in a real JupyterLab: by keyboard alone, with mathematics, and with links that lead to lessons."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.lab import (
    PATIENCE,
    assert_ran_without_error,
    open_notebook,
    run_answering,
    shut_kernels_down,
)

LESSON = "15_self_check.ipynb"


@pytest.fixture(scope="module")
def address(lab):
    return lab.format(LESSON)


@pytest.fixture(scope="module")
def opened(browser, address):
    """The lesson, and nothing run; the tests below share the page."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    shut_kernels_down(address)
    open_notebook(page, address)
    yield page
    page.close()


@pytest.fixture(scope="module")
def page(opened, address):
    """The lesson after Run All."""
    page = opened

    def ask():
        quiz = quiz_on(page)
        quiz.scroll_into_view_if_needed()
        quiz.get_by_role("button", name="Score").click()
        expect(verdict_of(quiz)).to_contain_text("not answered yet", timeout=PATIENCE / 3)

    run_answering(page, address, ask)
    return page


def quiz_on(page):
    return page.locator(".jp-OutputArea-output", has=page.locator("div[role=status]")).first


def verdict_of(quiz):
    return quiz.locator("div[role=status]")


@pytest.fixture
def quiz(page):
    """Each test begins with the first question, and no answer."""
    quiz = quiz_on(page)
    quiz.locator("select").select_option("all topics")
    quiz.get_by_role("button", name="Restart").click()
    expect(quiz).to_contain_text(re.compile(r"Question 1 of \d+ · Descent · 0 of 0 answered right"))
    expect(verdict_of(quiz)).to_have_text("")
    return quiz


def focused(page):
    return page.evaluate("document.activeElement.innerText.trim()")


def tab_to(page, words):
    """Press the Tab key until the focus is on the button with these words."""
    for _ in range(12):
        if focused(page) == words:
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the Tab key does not come to {words!r}")


# The first of all, for the others run the lesson.
def test_without_a_kernel_the_questions_can_be_read(opened):
    cell = opened.locator(".jp-CodeCell", has_text="Quiz(").first
    cell.scroll_into_view_if_needed(timeout=PATIENCE)
    expect(cell).to_contain_text("questions on 12 topics. Run this cell to answer.", timeout=PATIENCE)
    cell.locator("summary", has_text="Descent").click()
    expect(cell.get_by_text("Which line is one step of gradient descent?")).to_be_visible()
    expect(cell.locator("mjx-container").first).to_be_visible()
    reason = cell.get_by_text("The gradient points uphill")
    expect(reason).not_to_be_visible()
    cell.locator("summary", has_text="Answer").first.click()
    expect(reason).to_be_visible()


def test_runs_without_error(page):
    assert_ran_without_error(page)


def test_three_questions_by_keyboard_alone(page, quiz):
    verdict = verdict_of(quiz)
    height = quiz.bounding_box()["height"]

    tab_to(page, "A")
    page.keyboard.press("Enter")
    expect(verdict).to_have_text("✘ Not A: the answer is C.")
    expect(quiz).to_contain_text("The gradient points uphill")
    expect(quiz.get_by_role("button", name="✘ A")).to_be_visible()
    expect(quiz.get_by_role("button", name="✔ C")).to_be_visible()
    assert quiz.bounding_box()["height"] == height

    page.wait_for_function("document.activeElement.innerText.trim() == 'Next'")
    page.keyboard.press("Enter")
    expect(quiz).to_contain_text("Question 2 of")
    expect(verdict).to_have_text("")
    field = quiz.locator("input[type=text]")
    for _ in range(6):  # Score, Restart, then the field
        page.keyboard.press("Tab")
        if field.evaluate("e => e === document.activeElement"):
            break
    page.keyboard.type("ten")
    page.keyboard.press("Enter")
    expect(verdict).to_contain_text("“ten” cannot be read as a number.")
    page.keyboard.press("Control+a")
    page.keyboard.type("16/2")
    page.keyboard.press("Enter")
    expect(verdict).to_have_text("✔ Right: 8.")
    expect(quiz).to_contain_text("An answer of 9 forgets the 2 of the derivative")
    assert quiz.bounding_box()["height"] == height

    page.wait_for_function("document.activeElement.innerText.trim() == 'Next'")
    page.keyboard.press("Enter")
    expect(quiz).to_contain_text("Question 3 of")
    tab_to(page, "A")
    page.keyboard.press("Space")
    expect(verdict).to_have_text("✔ Right: A.")
    expect(quiz).to_contain_text("2 of 3 answered right")
    assert quiz.bounding_box()["height"] == height

    page.wait_for_function("document.activeElement.innerText.trim() == 'Next'")
    tab_to(page, "Score")
    page.keyboard.press("Enter")
    expect(verdict).to_contain_text("2 of 3 answered questions right.")
    expect(quiz.locator("tr", has_text="Descent")).to_contain_text("The five steps")
    assert quiz.bounding_box()["height"] == height


def test_tab_out_of_the_field_answers_and_stays(page, quiz):
    """Number, Tab, Enter: the way through a form shows the reason and does not leap over it."""
    quiz.locator("select").select_option("Matrix factorization")
    # Question 1 of all topics was there before.
    expect(quiz).to_contain_text(re.compile(r"Question 1 of \d+ · Matrix factorization"))
    expect(quiz.locator("input[type=text]")).to_be_visible()
    quiz.locator("input[type=text]").focus()
    page.keyboard.type("2.264")
    page.keyboard.press("Tab")
    expect(verdict_of(quiz)).to_have_text("✘ Not 2.264: the answer is 2.6.")
    assert focused(page) == "Check"
    page.keyboard.press("Enter")
    page.wait_for_timeout(500)  # nothing comes of it
    expect(quiz).to_contain_text("Question 1 of")
    expect(verdict_of(quiz)).to_have_text("✘ Not 2.264: the answer is 2.6.")


def test_mathematics_is_typeset(page, quiz):
    """In the choices and in the reason; no dollar sign and no backslash is left."""
    expect(quiz.locator("mjx-container")).to_have_count(4)
    quiz.locator("select").select_option("Softmax regression")
    expect(quiz).to_contain_text("Question 1 of")
    quiz.locator("input[type=text]").fill("1.61")
    quiz.get_by_role("button", name="Check").click()
    expect(verdict_of(quiz)).to_contain_text("✔ Right")
    expect(quiz.locator("mjx-container")).to_have_count(2)
    assert not set("$\\") & set(quiz.inner_text())


def test_everything_fits_the_frame(page, quiz):
    """The longest reasons are shown without a scroll bar."""
    quiz.locator("select").select_option("scikit-learn")
    for number in (1, 2, 3, 4):
        expect(quiz).to_contain_text(f"Question {number} of 4 · scikit-learn")
        field = quiz.locator("input[type=text]")
        if field.is_visible():
            field.fill("0.25")
            field.press("Enter")
        else:
            quiz.get_by_role("button", name="A", exact=True).click()
        expect(verdict_of(quiz)).to_contain_text(re.compile("Right|Not"))
        expect(quiz.get_by_role("link")).to_be_visible()
        frame = quiz.locator(".widget-vbox .widget-vbox")
        assert frame.evaluate("e => e.scrollHeight <= e.clientHeight")
        quiz.get_by_role("button", name="Next").click()


def test_a_link_opens_its_lesson_at_the_section(page, quiz):
    quiz.locator("select").select_option("Learning rate")
    expect(quiz).to_contain_text("Question 1 of")
    quiz.locator("input[type=text]").fill("1/3")
    quiz.get_by_role("button", name="Check").click()
    link = quiz.get_by_role("link", name="lesson 02: Where is the limit, and why?")
    home = page.get_by_role("tab", name=LESSON)
    link.click()
    expect(page.get_by_role("tab", name="02_learning_rate.ipynb")).to_be_visible(timeout=PATIENCE)
    lesson = page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)")
    expect(lesson.get_by_role("heading", name="The learning rate", exact=False)).to_be_visible(
        timeout=PATIENCE
    )
    home.click()
    link.click()  # now that it is open, the section is found
    expect(lesson.get_by_role("heading", name="Where is the limit")).to_be_in_viewport(timeout=PATIENCE)
    home.click()
    expect(verdict_of(quiz)).to_have_text("✔ Right: 0.3333.")  # nothing is lost on the way
