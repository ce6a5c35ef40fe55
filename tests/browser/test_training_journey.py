"""A training panel in JupyterLab, with the first model: every kind of control, and a cell that runs."""

import re

import pytest
from playwright.sync_api import expect

from gdutils.datasets import make_line
from gdutils.models import LinearRegression
from gdutils.optimizers import SGD, Momentum
from gdutils.panel import LinePicture
from gdutils.training import train
from tests.browser.lab import (
    Panel,
    a_cell_runs,
    assert_nothing_is_wider_than_its_page,
    assert_ran_without_error,
    bring,
    new_page,
    open_notebook,
    run_all,
    wait_for,
)


def said(optimizer, epoch=20, **settings):
    """Return what the sentence begins with, from a run apart from the panel."""
    run = train(LinearRegression(n_features=1), *make_line(), optimizer, epochs=epoch, **settings)
    return f"Epoch {epoch} of 200: loss {run.losses[-1]:.4g} "


START = said(SGD(0.05))


@pytest.fixture(scope="module")
def opened(page, lab):
    open_notebook(page, lab.format("05_linear_regression.ipynb"))
    run_all(page)
    return Panel(page)


@pytest.fixture
def panel(opened):
    """Each test begins with the settings of the lesson."""
    opened.bring()
    opened.reset(START)
    yield opened
    assert_ran_without_error(opened.page)


@pytest.mark.parametrize(
    ("label", "key", "words"),
    [
        ("learning rate", "ArrowRight", said(SGD(0.0562))),
        ("batch size", "ArrowLeft", said(SGD(0.05), batch_size=199)),
        ("epochs", "ArrowLeft", said(SGD(0.05), 19)),
    ],
)
def test_sliders_by_keyboard(panel, label, key, words):
    before = panel.look()
    panel.press(label, key)
    panel.expect_change(before, words)


@pytest.mark.parametrize(
    ("label", "to", "words"),
    [
        ("learning rate", 1.0, "Diverged at epoch 1"),
        ("batch size", 0.0, said(SGD(0.05), batch_size=1)),
        ("epochs", 0.0, "Epoch 0 of 200"),
    ],
)
def test_sliders_by_mouse(panel, label, to, words):
    before = panel.look()
    panel.drag(label, to)
    panel.expect_change(before, words)
    assert_nothing_is_wider_than_its_page(panel)


def test_learning_rate_as_a_number(panel):
    field = panel.output.locator("input[type=number]").first
    before = panel.look()
    field.fill("0.123")
    field.press("Enter")
    panel.expect_change(before, said(SGD(0.123)))
    field.fill("0")
    field.press("Enter")
    expect(panel.sentence).to_contain_text("Not possible: lr must be a positive")


def test_an_optimizer_brings_its_momentum(panel):
    beta = panel.output.get_by_text("momentum β")
    expect(beta).not_to_be_visible()
    before = panel.look()
    panel.output.locator("select", has_text="Momentum").select_option("Momentum")
    panel.expect_change(before, said(Momentum(0.05)))
    panel.open_more()
    expect(beta).to_be_visible()


def test_play_runs_from_the_start_to_the_end(panel):
    panel.press("epochs", "Home")
    expect(panel.sentence).to_contain_text("Epoch 0 of 200")
    panel.button("Play").click()
    expect(panel.sentence).to_contain_text("Epoch 200 of 200")
    expect(panel.button("Play")).to_be_visible()
    panel.button("Step").click()
    panel.button("Rewind").click()
    expect(panel.sentence).to_contain_text("Epoch 0 of 200")
    panel.button("Step").click()
    expect(panel.sentence).to_contain_text("Epoch 1 of 200")


def test_a_newer_setting_replaces_a_long_run(panel):
    panel.drag("batch size", 0.0)
    panel.press("learning rate", "ArrowLeft")
    expect(panel.sentence).to_contain_text(said(SGD(0.0447), batch_size=1))
    panel.rest()


def test_the_panel_answers_while_a_cell_runs(panel):
    before = panel.look()
    with a_cell_runs(panel.page):
        for lr in (0.0562, 0.0631):
            panel.press("learning rate", "ArrowRight")
            panel.expect_change(before, said(SGD(lr)))
            before = panel.look()
        with panel.pointer(0.86, 0.3):
            panel.expect_change(before, "Epoch 20 of 200")


def test_a_click_on_the_loss_surface_sets_the_start(panel):
    before = panel.look()
    with panel.pointer(0.95, 0.2):
        panel.expect_change(before, "Epoch 20 of 200")
    panel.press("epochs", "Home")
    panel.open_more()
    start = [panel.output.get_by_label(f"start {name}").input_value() for name in "wb"]
    w, b = (f"{float(value):g}".replace("-", "−") for value in start)
    expect(panel.sentence).to_contain_text(f"ŷ = {w} x {'−' if b[0] == '−' else '+'} {b.lstrip('−')}.")
    panel.reset(START)


def test_a_point_follows_the_pointer(panel):
    before = panel.look()
    # The leftmost points are the closest together, so there is one wherever the pointer comes down on them.
    with panel.pointer(*place_of_a_point()) as move:
        for height in (0.6, 0.2):
            move(0.15, height)
        panel.expect_change(before, "Epoch 20 of 200")
    panel.page.wait_for_function(
        "([output, best]) => /best possible ([\\d.]+)/.exec(output.innerText)?.[1] > 1.05 * best",
        # Not of the sentence: each new one is an element of its own.
        arg=[panel.output.element_handle(), float(re.search(r"best possible ([\d.]+)", before[0])[1])],
    )
    panel.rest()
    panel.reset(START)
    assert panel.look()[0] == before[0]


def place_of_a_point():
    """Return where in the picture a point of the lesson lies, as parts of its width and height."""
    picture = LinePicture(LinearRegression(n_features=1), *make_line(), epochs=200)
    x, y = picture.data_ax.transData.transform(picture.points(picture.X, picture.y)[100])
    width, height = picture.live.canvas.get_width_height()
    return x / width, 1 - y / height


def test_a_question_is_asked_and_answered_on_the_picture(panel):
    panel.button("Ask me").click()
    expect(panel.image).not_to_be_visible()
    card = panel.output.locator(".gdutils-card")
    area, bar = card.bounding_box(), panel.button("Play").bounding_box()
    assert area["y"] - bar["y"] < 120  # question and answers where the picture was
    expect(panel.button("Show me")).to_be_disabled()
    card.locator("input[type=radio]").first.click()
    panel.button("Show me").click()
    expect(panel.sentence).to_contain_text(re.compile("^(✔ Right|✘ You said)"))
    expect(card).not_to_be_visible()
    expect(panel.image).to_be_visible()


def test_run_saved_and_opened_again_the_lesson_shows_its_picture(panel, browser, lab):
    page = panel.page
    wait_for(page, "jupyterapp.commands.execute('docmanager:save')")
    wait_for(page, "jupyterapp.serviceManager.sessions.shutdownAll()")
    with new_page(browser) as again:
        open_notebook(again, lab.format("05_linear_regression.ipynb"))
        picture = again.locator(".jp-OutputArea-output.jp-RenderedImage img").first
        bring(again, picture)
        expect(picture).to_be_visible()
        expect(again.locator(".gdutils-still").first).to_contain_text("Epoch 20 of 200")
        lost = again.get_by_text("Error displaying widget")
        lost.first.wait_for(state="attached")
        expect(lost.filter(visible=True)).to_have_count(0)
