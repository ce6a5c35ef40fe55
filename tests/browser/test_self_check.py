"""The quiz in JupyterLab: by keyboard alone, with mathematics, and with links that lead to lessons."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.lab import assert_ran_without_error, bring, button, into_view, open_notebook, run_all
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
    bring(opened, button(quiz, "Score"))
    return quiz


@pytest.fixture
def quiz(run):
    """Each test begins with the first question, and no answer."""
    run.locator("select").select_option("all topics")
    button(run, "Restart").click()
    expect(run).to_contain_text(re.compile(r"Question 1 of \d+ · Descent · 0 of 0 answered right"))
    expect(verdict_of(run)).to_have_text("")
    return run


def verdict_of(quiz):
    return quiz.locator("div[role=status]")


def choose(quiz, topic):
    quiz.locator("select").select_option(topic)
    expect(quiz).to_contain_text(re.compile(rf"Question 1 of \d+ · {topic}"))


def tab_to(wanted):
    """Press the Tab key until the focus is there."""
    presses = 0
    while not wanted.evaluate("node => node === document.activeElement"):
        wanted.page.keyboard.press("Tab")
        presses += 1
        assert presses < 12, "the Tab key does not come there"


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
    keyboard, verdict, further = opened.keyboard, verdict_of(quiz), button(quiz, "Next")
    assert_ran_without_error(opened)
    height = quiz.bounding_box()["height"]

    tab_to(button(quiz, "A"))
    keyboard.press("Enter")
    expect(verdict).to_have_text("✘ Not A: the answer is D.")
    expect(quiz).to_contain_text("The gradient points uphill, so its negative leads down")
    expect(quiz).to_contain_text("The gradient points uphill, so adding it climbs")
    expect(button(quiz, "✘ A")).to_be_visible()
    expect(button(quiz, "✔ D")).to_be_visible()
    assert quiz.bounding_box()["height"] == height

    expect(further).to_be_focused()
    keyboard.press("Enter")
    expect(quiz).to_contain_text("Question 2 of")
    expect(verdict).to_have_text("")
    tab_to(quiz.locator("input[type=text]"))
    keyboard.type("ten")
    keyboard.press("Enter")
    expect(verdict).to_contain_text("“ten” cannot be read as a number.")
    keyboard.press("Control+a")
    keyboard.type("16/2")
    keyboard.press("Enter")
    expect(verdict).to_have_text("✔ Right: 8.")
    expect(quiz).to_contain_text("An answer of 9 forgets the 2 of the derivative")

    expect(further).to_be_focused()
    keyboard.press("Enter")
    expect(quiz).to_contain_text("Question 3 of")
    tab_to(button(quiz, "B"))
    keyboard.press("Space")
    expect(verdict).to_have_text("✔ Right: B.")
    expect(quiz).to_contain_text("2 of 3 answered right")

    expect(further).to_be_focused()
    tab_to(button(quiz, "Score"))
    keyboard.press("Enter")
    expect(verdict).to_contain_text("2 of 3 answered questions right.")
    expect(quiz.locator("tr", has_text="Descent")).to_contain_text("The five steps")
    assert quiz.bounding_box()["height"] == height


def test_mathematics_is_typeset_and_the_reason_fits(quiz):
    """In the choices and in the reason; no dollar sign and no backslash is left."""
    expect(quiz.locator("mjx-container")).to_have_count(4)
    choose(quiz, "Softmax regression")
    quiz.locator("input[type=text]").fill("1.61")
    button(quiz, "Check").click()
    expect(verdict_of(quiz)).to_contain_text("✔ Right")
    expect(quiz.locator("mjx-container")).to_have_count(2)
    assert not set("$\\") & set(quiz.inner_text())
    frame = quiz.locator(".widget-vbox .widget-vbox")
    assert frame.evaluate("e => e.scrollHeight <= e.clientHeight")


def test_a_link_opens_its_lesson_and_nothing_is_lost_and_a_picture_is_shown(opened, quiz):
    choose(quiz, "Learning rate")
    quiz.locator("input[type=text]").fill("1/3")
    button(quiz, "Check").click()
    quiz.get_by_role("link", name="lesson 02: Where is the limit, and why?").click()
    lesson = opened.locator(".jp-NotebookPanel:not(.lm-mod-hidden)")
    expect(lesson.get_by_role("heading", name="The learning rate", exact=False)).to_be_visible()
    opened.get_by_role("tab", name=LESSON).click()
    expect(verdict_of(quiz)).to_have_text("✔ Right: 0.3333.")

    asked = [question.id for question in QUIZ if question.topic == "Learning rate"]
    for number in range(1, asked.index("zigzag") + 1):
        button(quiz, "Next").click()
        expect(quiz).to_contain_text(f"Question {number + 1} of {len(asked)} · Learning rate")
    picture = quiz.get_by_alt_text("x jumps from 10 to −7", exact=False)
    expect(picture).to_be_visible()
    assert picture.evaluate("async e => { await e.decode(); return e.naturalWidth; }") == 520
