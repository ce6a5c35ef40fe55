"""A lesson of each kind of panel, in JupyterLab: every kind of control, and a cell that runs."""

import re
from contextlib import ExitStack

import pytest
from playwright.sync_api import expect

from gdutils.datasets import make_line
from gdutils.landscapes import Parabola
from gdutils.models import LinearRegression
from gdutils.optimizers import SGD
from gdutils.panel import CurvePicture, LinePicture
from gdutils.training import train
from tests.browser.lab import (
    TIME,
    Panel,
    a_cell_runs,
    assert_ran_without_error,
    bring,
    handle,
    new_page,
    open_notebook,
    run_lesson,
    wait_for,
)


def trained(optimizer, epoch=20, **settings):
    """Return what the sentence says of a run apart from the panel."""
    run = train(LinearRegression(n_features=1), *make_line(), optimizer, epochs=epoch, **settings)
    return f"Epoch {epoch} of 200: loss {run.losses[-1]:.4g} "


def walked(lr=0.1, start=10.0, step=3):
    """Return what the sentence says of a walk on x²."""
    x = start * (1 - 2 * lr) ** step
    return f"Step {step} of 30: x = {x:.4g}, ".replace("= -", "= −")


LESSONS = {
    "training": ("05_linear_regression.ipynb", trained(SGD(0.05))),
    "descent": ("01_what_is_gradient_descent.ipynb", walked()),
}


@pytest.fixture(scope="module")
def opened(browser, lab):
    """The panels of both lessons, each on a page of its own."""
    with ExitStack() as pages:
        yield {
            kind: run_lesson(pages.enter_context(new_page(browser)), lab.format(lesson))
            for kind, (lesson, _) in LESSONS.items()
        }


@pytest.fixture(params=LESSONS)
def panel(request, opened):
    """Each test begins with the settings of the lesson."""
    panel, (_, start) = opened[request.param], LESSONS[request.param]
    panel.bring()
    panel.reset(start)
    yield panel
    assert_ran_without_error(panel.page)


def only(kind):
    return pytest.mark.parametrize("panel", [kind], indirect=True)


@pytest.mark.parametrize(
    ("panel", "act", "label", "how", "words"),
    [
        ("training", Panel.press, "learning rate", "ArrowRight", trained(SGD(0.0562))),
        ("training", Panel.press, "batch size", "ArrowLeft", trained(SGD(0.05), batch_size=199)),
        ("training", Panel.press, "epochs", "ArrowLeft", trained(SGD(0.05), 19)),
        ("training", Panel.drag, "learning rate", 1.0, "Diverged at epoch 1"),
        ("training", Panel.drag, "batch size", 0.0, trained(SGD(0.05), batch_size=1)),
        ("training", Panel.drag, "epochs", 0.0, "Epoch 0 of 200"),
        ("descent", Panel.press, "learning rate", "ArrowRight", walked(0.112)),
        ("descent", Panel.press, "steps", "ArrowLeft", walked(step=2)),
        ("descent", Panel.drag, "learning rate", 1.0, re.compile("[Dd]iverge")),
    ],
    indirect=["panel"],
)
def test_sliders_by_keyboard_and_by_mouse(panel, act, label, how, words):
    before = panel.look()
    act(panel, label, how)
    panel.expect_change(before, words)
    panel.assert_nothing_is_wider_than_its_page()


def test_play_runs_from_the_start_to_the_end(panel):
    panel.press(TIME, "Home")
    expect(panel.sentence).to_contain_text(re.compile("(Epoch|Step) 0 of"))
    panel.button("Play").click()
    expect(panel.sentence).to_contain_text(re.compile(r"(Epoch|Step) (\d+) of \2:"))
    expect(panel.button("Play")).to_be_visible()
    panel.button("Step").click()
    panel.button("Rewind").click()
    expect(panel.sentence).to_contain_text(re.compile("(Epoch|Step) 0 of"))
    panel.button("Step").click()
    expect(panel.sentence).to_contain_text(re.compile("(Epoch|Step) 1 of"))


@pytest.mark.parametrize(
    ("panel", "said"),
    [
        ("training", [trained(SGD(0.0562)), trained(SGD(0.0631))]),
        ("descent", [walked(0.112), walked(0.126)]),
    ],
    indirect=["panel"],
)
def test_the_panel_answers_while_a_cell_runs(panel, said):
    before = panel.look()
    with a_cell_runs(panel.page):
        for words in said:
            panel.press("learning rate", "ArrowRight")
            panel.expect_change(before, words)
            before = panel.look()
        with panel.pointer(0.86, 0.3):
            panel.expect_change(before, re.compile("Epoch 20 of 200|Step 3 of 30"))


# Functions. ---


@only("descent")
def test_the_start_by_keyboard(panel):
    panel.open_more()
    before = panel.look()
    panel.output.get_by_label("start").press("ArrowDown")
    panel.expect_change(before, walked(start=9.9))


@only("descent")
def test_the_mark_points_at_its_rate(panel):
    """The handle, set to the rate that is marked, stands where the track begins to be shaded."""
    panel.type_rate("1")
    knob = handle(panel.output, "learning rate")
    expect(knob).to_have_attribute("aria-valuenow", "0.0")  # the logarithm of the largest stable rate, 1
    knob, shade = knob.bounding_box(), panel.output.locator(".gdutils-mark i").bounding_box()
    assert abs(knob["x"] + knob["width"] / 2 - shade["x"]) < 4


@only("descent")
def test_a_click_on_the_curve_sets_the_start(panel):
    picture = CurvePicture(Parabola(), start=10, steps=30)
    picture.compose([SGD(0.1)])
    before = panel.look()
    with panel.pointer(*place(picture, picture.ax, (-6.0, 60))) as move:
        panel.expect_change(before, walked(start=-6.0))
        move(*place(picture, picture.ax, (7.0, 60)))
        panel.expect_change(before, walked(start=7.0))
    expect(panel.output.get_by_label("start")).to_have_value("7")


def place(picture, ax, point):
    """Return where in a picture a point of its axes lies, as parts of its width and height."""
    x, y = ax.transData.transform(point) / picture.live.size
    return x, 1 - y


# Training. ---


@only("training")
def test_learning_rate_as_a_number(panel):
    before = panel.look()
    panel.type_rate("0.123")
    panel.expect_change(before, trained(SGD(0.123)))
    panel.type_rate("0")
    expect(panel.sentence).to_contain_text("Not possible: lr must be a positive")


@only("training")
def test_a_newer_setting_replaces_a_long_run(panel):
    panel.drag("batch size", 0.0)
    panel.press("learning rate", "ArrowLeft")
    expect(panel.sentence).to_contain_text(trained(SGD(0.0447), batch_size=1))
    panel.rest()


@only("training")
def test_a_click_on_the_loss_surface_sets_the_start(panel):
    before = panel.look()
    with panel.pointer(0.95, 0.2):
        panel.expect_change(before, "Epoch 20 of 200")
    panel.press("epochs", "Home")
    panel.open_more()
    expect(panel.output.get_by_text("momentum β")).not_to_be_visible()  # this optimizer has none
    start = [panel.output.get_by_label(f"start {name}").input_value() for name in "wb"]
    w, b = (f"{float(value):g}".replace("-", "−") for value in start)
    expect(panel.sentence).to_contain_text(f"ŷ = {w} x {'−' if b[0] == '−' else '+'} {b.lstrip('−')}.")


@only("training")
def test_a_point_follows_the_pointer(panel):
    picture = LinePicture(LinearRegression(n_features=1), *make_line(), epochs=200)
    point = picture.points(picture.X, picture.y)[100]
    before = panel.look()
    # The leftmost points are the closest together, so there is one wherever the pointer comes down on them.
    with panel.pointer(*place(picture, picture.data_ax, point)) as move:
        for height in (0.6, 0.2):
            move(0.15, height)
        panel.expect_change(before, "Epoch 20 of 200")
    panel.page.wait_for_function(
        "([output, best]) => /best possible ([\\d.]+)/.exec(output.innerText)?.[1] > 1.05 * best",
        # Not of the sentence: each new one is an element of its own.
        arg=[panel.output.element_handle(), float(re.search(r"best possible ([\d.]+)", before[0])[1])],
    )
    panel.rest()
    panel.reset(trained(SGD(0.05)))
    assert panel.look()[0] == before[0]


@only("training")
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


@only("training")
def test_run_saved_and_opened_again_the_lesson_shows_its_picture(panel, browser, lab):
    wait_for(panel.page, "jupyterapp.commands.execute('docmanager:save')")
    wait_for(panel.page, "jupyterapp.serviceManager.sessions.shutdownAll()")
    with new_page(browser) as again:
        open_notebook(again, lab.format("05_linear_regression.ipynb"))
        picture = again.locator(".jp-OutputArea-output.jp-RenderedImage img").first
        bring(again, picture)
        expect(picture).to_be_visible()
        expect(again.locator(".gdutils-still").first).to_contain_text("Epoch 20 of 200")
        lost = again.get_by_text("Error displaying widget")
        lost.first.wait_for(state="attached")
        expect(lost.filter(visible=True)).to_have_count(0)
