"""The panel that trains, on a line: each control, play, long runs, what goes wrong, and the run as code."""

import base64
import html
import re
import threading
import time

import numpy as np
import pytest

from gdutils.datasets import make_line
from gdutils.models import LinearRegression
from gdutils.optimizers import SGD, Adam
from gdutils.panel import InteractiveFigure, LinePicture, TrainingPanel, live_panel, training_panel
from gdutils.training import train
from tests.panels.problems import assert_shows, at_rest, look, pixels, until

MODEL = LinearRegression(n_features=1)
X, Y = make_line()


def line_panel(optimizer=SGD(lr=0.05), epochs=200, **settings):  # noqa: B008
    panel = TrainingPanel(LinePicture(MODEL, X, Y, epochs), optimizer, **settings)
    panel.wait()
    return panel


@pytest.fixture
def panel():
    return line_panel()


@pytest.fixture
def apart():
    return LinePicture(MODEL, X, Y, 200)


# The controls. ---


def test_a_number_typed_in_is_trained_as_it_is_and_the_slider_rests_beside_it(panel):
    rate, slider = panel.controls.lr, panel.controls.lr_slider
    for lr in (3.16, 1e-6, 50.0, 0.123):
        rate.value = lr
        assert f"SGD(lr={lr})" in panel.name(panel.run)
        if lr in (3.16, 0.123):  # the others are beyond the slider's ends
            assert slider.value == pytest.approx(lr)
    run = panel.run
    slider.value = 10**-0.9  # as the browser does: the step nearest to 0.123
    assert rate.value == 0.123
    assert panel.run is run
    slider.value = 10**-0.85  # but the next step is a move
    assert "SGD(lr=0.141)" in panel.name(panel.run)


def test_the_epoch_looks_at_the_run_and_trains_nothing(panel, apart, monkeypatch):
    monkeypatch.setattr(training_panel, "descend", None)
    assert "Stable below 0.66" in html.unescape(panel.controls.rate.mark.value)
    for epoch in (0, 7, 200):
        panel.controls.epoch.value = epoch
        assert_shows(panel, apart, SGD(0.05), epoch=epoch, state=0)
        assert re.match(r"Stable\. Epoch .*\. Learning rates below 0.66 ", panel.text)


def test_every_optimizer(panel):
    first, controls = look(panel), panel.controls
    for name in ("Nesterov", "AdaGrad", "RMSprop", "Adam"):
        controls.optimizer.value = name
        look(panel)
        assert f"{name}(lr=0.05" in panel.name(panel.run)
        assert (controls.beta.layout.display != "none") == (name in ("Nesterov", "RMSprop"))
        assert controls.beta.description == ("decay β" if name == "RMSprop" else "momentum β")
        assert ("table" in panel.text) == (name == "Nesterov")  # nothing is claimed of the adaptive ones
    controls.optimizer.value = "SGD"
    assert look(panel) == first


def test_compare_leaves_the_run_in_gray_in_the_picture(panel):
    first, other = look(panel), line_panel(SGD(0.2))
    panel.controls.compare.value = True
    panel.controls.lr.value = 0.2
    loss = train(MODEL, X, Y, SGD(0.05), epochs=20).losses[-1]
    text, image = look(panel)
    assert text.endswith(f"In gray: SGD(lr=0.05), full batch, loss {loss:.4g}.")
    former, alone, both = map(pixels, (first[1], other.image.value, image))
    changed = (both != alone).any(axis=2)
    assert (former[changed] != alone[changed]).any()  # it is where the line was
    assert (np.ptp(both[changed], axis=1) < 60).mean() > 0.5
    panel.controls.reset.click()
    assert look(panel) == first


# Play. ---


def test_play_goes_to_the_end_and_begins_again(monkeypatch):
    monkeypatch.setattr(live_panel, "FRAME", 0.001)
    monkeypatch.setattr(live_panel, "PLAYING", 0.0)
    panel, epochs = line_panel(epochs=8), []
    panel.controls.epoch.observe(lambda change: epochs.append(change["new"]), "value")
    for _ in range(2):
        panel.controls.play.value = True
        panel.wait()
        assert "Epoch 8 of 8" in panel.text
    assert epochs == [*range(2, 9), *range(9)]  # from where it opens, then from the start


def test_step_rewind_and_pause_hold_where_they_are_and_settings_do_not():
    panel = line_panel(epochs=100)
    controls = panel.controls
    controls.play.value = True
    controls.lr.value = 0.2
    assert controls.play.description == "Pause"
    until(lambda: controls.epoch.value >= 13)
    controls.play.value = False
    held = controls.epoch.value
    panel.wait()
    assert controls.epoch.value <= held + 1  # a step may have been under way
    assert f"Epoch {controls.epoch.value} of 100: " in panel.text
    assert "SGD(lr=0.2)" in panel.name(panel.run)
    controls.play.value = True
    controls.rewind.click()
    assert not controls.play.value
    panel.wait()
    for press, epoch in ((controls.rewind, 0), (controls.forward, 1)):
        press.click()
        assert f"Epoch {epoch} of 100: " in look(panel)[0]


# Long runs. ---


def test_the_newest_setting_wins_and_older_runs_end_at_once(panel, apart, monkeypatch):
    rates, step = [], SGD.step

    def slow_step(optimizer, *args):
        rates.append(optimizer.lr)
        time.sleep(0.001)
        return step(optimizer, *args)

    before = set(threading.enumerate())
    monkeypatch.setattr(SGD, "step", slow_step)
    panel.controls.batch_size.value = 1  # 400 steps an epoch, for w and b
    with pytest.raises(TimeoutError):
        panel.wait(timeout=0)
    assert panel.finished() is None
    until(lambda: not at_rest(before))
    panel.controls.lr.value = 0.2
    steps = rates.count(0.05)
    panel.controls.batch_size.value = 200
    panel.wait()
    assert rates.count(0.05) <= steps + 1
    assert_shows(panel, apart, SGD(0.2), state=0)
    assert at_rest(before)


def test_an_older_setting_of_another_thread_does_not_win(panel, monkeypatch):
    # A slider's callback runs beside the cells, so two settings may be at work at once.
    descend, newer_is_done, older_is_on = training_panel.descend, threading.Event(), threading.Event()

    def slow_for_the_older(model, X, y, optimizer, **kwargs):
        if optimizer.lr == 0.1:
            older_is_on.set()
            newer_is_done.wait(0.3)  # or less than that, should the newer one have to wait for the older
        return descend(model, X, y, optimizer, **kwargs)

    monkeypatch.setattr(training_panel, "descend", slow_for_the_older)
    older = threading.Thread(target=lambda: setattr(panel.controls.lr, "value", 0.1))
    older.start()
    assert older_is_on.wait(300)
    panel.controls.lr.value = 0.2
    newer_is_done.set()
    older.join()
    panel.wait()
    assert "SGD(lr=0.2)" in panel.name(panel.run)


# What goes wrong. ---


@pytest.mark.parametrize("lr", [0.0, -1.0, np.nan, np.inf])
def test_a_bad_learning_rate_is_a_sentence(panel, lr):
    image = panel.image.value
    panel.controls.lr.value = lr
    text, same = look(panel)
    assert re.match(r"⚠ Not possible: lr must be .*got ", text)
    assert same == image
    panel.controls.epoch.value = 3  # the picture still follows, and the sentence still warns
    assert panel.image.value != image
    assert panel.text == text
    panel.controls.batch_size.value = 1
    assert look(panel)[0] == text
    panel.controls.lr.value = 0.2
    assert "Epoch 3 of 200: " in look(panel)[0]


@pytest.mark.parametrize("batch_size", [200, 1])
def test_a_model_that_fails_is_a_sentence_and_reset_revives(panel, monkeypatch, batch_size):
    first, descend, steps = look(panel), training_panel.descend, []

    def later():
        steps.append(1)
        if len(steps) > 100:
            raise RuntimeError("the slope is <missing>")

    with monkeypatch.context() as patch:
        patch.setattr(training_panel, "descend", lambda *a, **k: descend(*a, **k | {"on_step": later}))
        panel.controls.batch_size.value = batch_size
        panel.controls.lr.value = 0.1
        with pytest.raises(RuntimeError, match="the slope is"):
            panel.wait()
    assert re.match("⚠ The panel failed: .*the slope is <missing>", panel.text)
    assert "<missing>" not in panel.sentence.value  # escaped: it is text, and no tag
    panel.controls.reset.click()
    assert look(panel) == first


# In a saved notebook. ---


def test_a_saved_notebook_shows_the_picture_and_the_sentence(monkeypatch):
    panel = TrainingPanel(LinePicture(MODEL, X, Y, 40), SGD(0.05), batch_size=1)
    shown = []
    monkeypatch.setattr(live_panel, "display", lambda data, raw: shown.append(data))
    panel._ipython_display_()  # waits for the run
    view, still, sentence = shown
    assert [*view] == ["application/vnd.jupyter.widget-view+json"]
    assert base64.b64decode(still["image/png"]) == panel.image.value
    assert sentence["text/plain"] == panel.text
    assert html.escape(panel.text) in sentence["text/html"]
    assert_shows(panel, LinePicture(MODEL, X, Y, 40), SGD(0.05), state=0, batch_size=1)


def test_a_figure_follows_its_sliders_and_a_saved_notebook_says_what_they_are(monkeypatch):
    def draw(figure, slope):
        seen.append(slope)
        figure.subplots().plot([0, 1], [0, slope])

    seen, shown = [], []
    live = InteractiveFigure(draw, slope=(0.0, 2.0, 0.1))
    first = live.image.value
    live.controls["slope"].value = 0.3
    assert seen == [1.0, 0.3]
    assert live.image.value != first
    monkeypatch.setattr(live_panel, "display", lambda data, raw: shown.append(data))
    live._ipython_display_()
    assert shown[-1]["text/plain"] == "The figure at slope = 0.3."
    assert base64.b64decode(shown[1]["image/png"]) == live.image.value


# Shown as code. ---


def assert_gives_the_run(code, panel, epoch):
    names = {}
    exec(code, names)
    np.testing.assert_allclose(names["run"].losses, panel.run.so_far().losses, rtol=1e-12)
    assert eval(code.splitlines()[-1], names) == names["run"].losses[epoch]


def test_the_lines_give_exactly_the_run():
    optimizer = Adam(lr=0.05, beta1=0.5)
    panel = line_panel(optimizer, code="X, y = datasets.make_line()", batch_size=7, epochs=5)
    assert_gives_the_run(panel.code(), panel, 1)
    panel.controls.lr.value, panel.controls.seed.value, panel.controls.epoch.value = 0.1, 3, 2
    panel.controls.start_b.value = -2.0
    panel.wait()
    assert f"optimizers.{Adam(lr=0.1, beta1=0.5)!r}" in panel.code()  # what has no control stays
    assert_gives_the_run(panel.code(), panel, 2)


def test_the_lines_say_so_where_a_generator_goes_on():
    rng = np.random.RandomState(8)
    code = "import numpy as np\n\nrng = np.random.RandomState(8)\nX, y = datasets.make_line()"
    panel = line_panel(code=code, random_state=rng, batch_size=4, epochs=5)
    rng.rand(5)  # what the lesson draws later changes no run
    assert "# The start is drawn from rng, too" in panel.code()
    assert_gives_the_run(panel.code(), panel, 1)
    assert "are those of the lesson" in line_panel(epochs=5).code()
