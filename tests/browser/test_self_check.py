"""The quiz in JupyterLab: by keyboard alone, with mathematics, and with links that lead to lessons."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.lab import assert_ran_without_error, bring, into_view, open_notebook, run_all
from tests.test_question_files import QUIZ

LESSON = "15_self_check.ipynb"


@pytest.fixture(scope="module")
def opened(page, lab):
    """The lesson, and nothing run; the tests below share the page."""
    open_notebook(page, lab.format(LESSON))
    return page


@pytest.fixture(scope="module")
def run(opened):
    run_all(opened)
    quiz = opened.locator(".jp-OutputArea-output", has=opened.locator("div[role=status]")).first
    bring(opened, quiz.get_by_role("button", name="Score"))
    return quiz


@pytest.fixture
def quiz(run):
    """Each test begins with the first question, and no answer."""
    run.locator("select").select_option("all topics")
    run.get_by_role("button", name="Restart").click()
    expect(run).to_contain_text(re.compile(r"Question 1 of \d+ · Descent · 0 of 0 answered right"))
    expect(verdict_of(run)).to_have_text("")
    return run


def verdict_of(quiz):
    return quiz.locator("div[role=status]")


def tab_to(page, words):
    """Press the Tab key until the focus is on the button with these words."""
    for _ in range(12):
        if page.evaluate("document.activeElement.innerText.trim()") == words:
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the Tab key does not come to {words!r}")


# The first of all, for the others run the lesson.
def test_without_a_kernel_the_questions_can_be_read(opened):
    cell = opened.locator(".jp-CodeCell", has_text="Quiz(").first
    into_view(cell)
    expect(cell).to_contain_text("questions on 14 topics. Run this cell to answer.")
    cell.locator("summary", has_text="Descent").click()
    expect(cell.get_by_text("Which line is one step of gradient descent?")).to_be_visible()
    expect(cell.locator("mjx-container").first).to_be_visible()
    reason = cell.get_by_text("The gradient points uphill, so its negative leads down")
    expect(reason).not_to_be_visible()
    cell.locator("summary", has_text="Answer").first.click()
    expect(reason).to_be_visible()


def test_three_questions_by_keyboard_alone(opened, quiz):
    page, verdict = opened, verdict_of(quiz)
    assert_ran_without_error(page)
    height = quiz.bounding_box()["height"]

    tab_to(page, "A")
    page.keyboard.press("Enter")
    expect(verdict).to_have_text("✘ Not A: the answer is D.")
    expect(quiz).to_contain_text("The gradient points uphill, so its negative leads down")
    expect(quiz).to_contain_text("The gradient points uphill, so adding it climbs")
    expect(quiz.get_by_role("button", name="✘ A")).to_be_visible()
    expect(quiz.get_by_role("button", name="✔ D")).to_be_visible()
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

    page.wait_for_function("document.activeElement.innerText.trim() == 'Next'")
    page.keyboard.press("Enter")
    expect(quiz).to_contain_text("Question 3 of")
    tab_to(page, "B")
    page.keyboard.press("Space")
    expect(verdict).to_have_text("✔ Right: B.")
    expect(quiz).to_contain_text("2 of 3 answered right")

    page.wait_for_function("document.activeElement.innerText.trim() == 'Next'")
    tab_to(page, "Score")
    page.keyboard.press("Enter")
    expect(verdict).to_contain_text("2 of 3 answered questions right.")
    expect(quiz.locator("tr", has_text="Descent")).to_contain_text("The five steps")
    assert quiz.bounding_box()["height"] == height


def test_mathematics_is_typeset_and_the_reason_fits(quiz):
    """In the choices and in the reason; no dollar sign and no backslash is left."""
    expect(quiz.locator("mjx-container")).to_have_count(4)
    quiz.locator("select").select_option("Softmax regression")
    expect(quiz).to_contain_text(re.compile(r"Question 1 of \d+ · Softmax regression"))
    quiz.locator("input[type=text]").fill("1.61")
    quiz.get_by_role("button", name="Check").click()
    expect(verdict_of(quiz)).to_contain_text("✔ Right")
    expect(quiz.locator("mjx-container")).to_have_count(2)
    assert not set("$\\") & set(quiz.inner_text())
    frame = quiz.locator(".widget-vbox .widget-vbox")
    assert frame.evaluate("e => e.scrollHeight <= e.clientHeight")


def test_a_picture_is_shown_in_the_quiz(quiz):
    quiz.locator("select").select_option("Learning rate")
    asked = [question.id for question in QUIZ if question.topic == "Learning rate"]
    for number in range(1, asked.index("zigzag") + 1):
        quiz.get_by_role("button", name="Next").click()
        expect(quiz).to_contain_text(f"Question {number + 1} of {len(asked)} · Learning rate")
    picture = quiz.get_by_alt_text("x jumps from 10 to −7", exact=False)
    expect(picture).to_be_visible()
    assert picture.evaluate("async e => { await e.decode(); return e.naturalWidth; }") == 520


def test_a_link_opens_its_lesson_and_nothing_is_lost(opened, quiz):
    quiz.locator("select").select_option("Learning rate")
    expect(quiz).to_contain_text(re.compile(r"Question 1 of \d+ · Learning rate"))
    quiz.locator("input[type=text]").fill("1/3")
    quiz.get_by_role("button", name="Check").click()
    quiz.get_by_role("link", name="lesson 02: Where is the limit, and why?").click()
    lesson = opened.locator(".jp-NotebookPanel:not(.lm-mod-hidden)")
    expect(lesson.get_by_role("heading", name="The learning rate", exact=False)).to_be_visible()
    opened.get_by_role("tab", name=LESSON).click()
    expect(verdict_of(quiz)).to_have_text("✔ Right: 0.3333.")
