"""The panel that trains, on a line: each control, play, long runs, what goes wrong, and what is shown as code."""

import base64
import html
import re
import subprocess
import sys
import threading
import time

import numpy as np
import pytest

from gdutils.datasets import make_line
from gdutils.models import LinearRegression
from gdutils.optimizers import SGD, Adam, Momentum
from gdutils.panel import LinePicture, TrainingPanel, live_panel, training_panel
from gdutils.panel.training_panel import OptimizerRun
from gdutils.training import train
from tests.panels.problems import at_rest, until

MODEL = LinearRegression(n_features=1)
X, Y = make_line()


def line_panel(optimizer=SGD(lr=0.05), epochs=200, y=Y, **settings):  # noqa: B008
    panel = TrainingPanel(LinePicture(MODEL, X, y, epochs), optimizer, **settings)
    panel.wait()
    return panel


@pytest.fixture
def panel():
    return line_panel()


def look(panel):
    panel.wait()
    return panel.text, panel.image.value


def expected(optimizer, *, epochs=200, epoch=None, **settings):
    """Return the caption and the picture that a run trained apart from the panel gives."""
    run = train(MODEL, X, Y, optimizer, epochs=epochs, **settings)
    run, picture = OptimizerRun(run.snapshots, optimizer=optimizer), LinePicture(MODEL, X, Y, epochs)
    epoch = len(run.losses) - 1 if epoch is None else epoch
    picture.update(MODEL, run, epoch)
    return picture.caption(MODEL, run, epoch), picture.live.png()


# The controls. ---


def test_first_look(panel):
    caption, image = expected(SGD(0.05))
    assert panel.text.startswith(f"Epoch 200 of 200 with SGD(lr=0.05), full batch: {caption}. ")
    assert panel.image.value == image
    assert re.search(r"<div role=.status. aria-busy=.false. class=.gdutils-sentence", panel.sentence.value)
    assert "Stable below 0.66" in html.unescape(panel.controls.rate.mark.value)


@pytest.mark.parametrize("lr", [0.001, 0.123, 3.16, 1e-6, 50.0])  # the last two are beyond the slider's ends
def test_a_number_typed_in_is_trained_as_it_is(panel, lr):
    panel.controls.lr.value = lr
    assert f"SGD(lr={lr})" in look(panel)[0]
    assert panel.controls.lr.value == lr
    if 0.001 <= lr <= 3.16:
        assert panel.controls.lr_slider.value == pytest.approx(lr)


def test_the_slider_rests_beside_a_number_between_its_steps(panel):
    panel.controls.lr.value = 0.123
    run = panel.run
    panel.controls.lr_slider.value = 10**-0.9  # as the browser does: the step nearest to 0.123
    assert panel.controls.lr.value == 0.123
    assert panel.run is run
    panel.controls.lr_slider.value = 10**-0.85  # but the next step is a move
    assert panel.controls.lr.value == 0.141
    assert "SGD(lr=0.141)" in look(panel)[0]


def test_the_epoch_looks_at_the_run_and_trains_nothing(panel, monkeypatch):
    monkeypatch.setattr(training_panel, "descend", None)
    run = panel.run
    for epoch in (0, 7, 200):
        panel.controls.epoch.value = epoch
        caption, image = expected(SGD(0.05), epoch=epoch)
        assert panel.text.startswith(f"Epoch {epoch} of 200 with SGD(lr=0.05), full batch: {caption}.")
        assert panel.image.value == image
    assert panel.run is run


@pytest.mark.parametrize("name", ["Nesterov", "AdaGrad", "RMSprop", "Adam"])
def test_every_optimizer(panel, name):
    first = look(panel)
    panel.controls.optimizer.value = name
    beta = panel.controls.beta
    assert f"with {name}(lr=0.05" in look(panel)[0]
    assert beta.layout.visibility == ("visible" if name in ("Nesterov", "RMSprop") else "hidden")
    assert beta.description == ("decay β" if name == "RMSprop" else "momentum β")
    assert ("beta" in panel.settings()) == (beta.layout.visibility == "visible")
    assert ("stable" in panel.text) == (name == "Nesterov")  # nothing is claimed of the adaptive ones
    panel.controls.optimizer.value = "SGD"
    assert look(panel) == first


def test_settings_without_a_control_stay_as_they_were_given():
    panel = line_panel(Adam(lr=0.05, beta1=0.5), epochs=20)
    panel.controls.lr.value = 0.1
    assert panel.run.settings.optimizer == Adam(lr=0.1, beta1=0.5)


def test_reset_brings_everything_back_and_trains_once(panel, monkeypatch):
    first, controls, before = look(panel), panel.controls, panel.settings()
    values = {"optimizer": "Momentum", "beta": 0.5, "lr": 0.3, "batch_size": 50, "seed": 4, "epoch": 20}
    for name, value in values.items():
        getattr(controls, name).value = value
    controls.compare.value = True
    assert look(panel) != first
    calls, descend = [], training_panel.descend
    monkeypatch.setattr(training_panel, "descend", lambda *a, **k: calls.append(a) or descend(*a, **k))
    controls.reset.click()
    assert look(panel) == first
    assert panel.settings() == before
    assert controls.lr_slider.value == pytest.approx(0.05)
    assert len(calls) == 1
    assert not panel.own


def test_compare_leaves_the_run_in_the_picture(panel):
    first = look(panel)
    panel.controls.compare.value = True
    panel.controls.lr.value = 0.2
    panel.controls.epoch.value = 5
    loss = train(MODEL, X, Y, SGD(0.05), epochs=5).losses[-1]
    assert look(panel)[0].endswith(f"In gray: SGD(lr=0.05), full batch, loss {loss:.4g}.")
    assert panel.image.value != expected(SGD(0.2), epoch=5)[1]
    panel.uncover({"lr": 0.3})  # as a question does, after which it stays
    assert "In gray" in look(panel)[0]
    panel.controls.compare.value = False
    assert look(panel) == (panel.text, expected(SGD(0.3))[1])
    panel.controls.reset.click()
    assert look(panel) == first


def test_more_is_folded_and_labeled(panel):
    controls = panel.controls
    for name in ("lr_slider", "batch_size", "epoch", "optimizer", "beta", "seed", "play", "reset", "compare"):
        assert getattr(controls, name).description
    assert panel.folded.layout.display == "none"
    assert panel.code_area.value == ""  # nothing is written while it is out of sight
    panel.more.value = True
    assert panel.folded.layout.display == ""
    assert html.escape(panel.code()) in panel.code_area.value


# Play. ---


def test_play_goes_to_the_end_and_begins_again(monkeypatch):
    monkeypatch.setattr(live_panel, "FRAME", 0.001)
    monkeypatch.setattr(live_panel, "PLAYING", 0.0)
    panel, epochs = line_panel(epochs=8), []
    panel.controls.epoch.observe(lambda change: epochs.append(change["new"]), "value")
    for _ in range(2):
        panel.controls.play.value = True
        panel.wait()
        assert not panel.controls.play.value
        assert panel.text.startswith("Epoch 8 of 8")
    assert epochs == [*range(9), *range(9)]


def test_step_and_rewind_stop_play():
    panel = line_panel(epochs=8)
    panel.controls.play.value = True
    assert panel.controls.play.description == "Pause"
    panel.controls.rewind.click()
    assert not panel.controls.play.value
    panel.controls.epoch.value = 3
    panel.controls.forward.click()
    assert panel.controls.epoch.value == 4
    panel.controls.rewind.click()
    assert look(panel)[0].startswith("Epoch 0 of 8")


def test_play_goes_on_when_a_setting_moves():
    panel = line_panel(epochs=100)
    panel.controls.play.value = True
    panel.controls.lr.value = 0.2
    assert panel.controls.play.value
    until(lambda: panel.text.startswith("Epoch 3 of 100 with SGD(lr=0.2)"))
    panel.controls.play.value = False


# Long runs. ---


def test_a_long_run_is_drawn_as_it_grows(panel):
    texts, images = [], []
    panel.sentence.observe(lambda change: texts.append(change["new"]), "value")
    panel.image.observe(lambda change: images.append(change["new"]), "value")
    panel.controls.batch_size.value = 1  # 40,000 steps
    assert not panel.run.finished  # the callback is back before the run has ended
    assert panel.finished() is None
    panel.wait()
    assert len(set(images)) > 3
    so_far = [int(found[1]) for text in texts if (found := re.search(r"training, epoch (\d+) of 200", text))]
    assert so_far == sorted(so_far)
    assert len(so_far) > 3
    assert "training" not in panel.text
    assert panel.image.value == images[-1] == expected(SGD(0.05), batch_size=1)[1]


def test_the_newest_setting_wins_and_older_runs_end_at_once(panel, monkeypatch):
    rates, step = [], SGD.step

    def slow_step(optimizer, *args):
        rates.append(optimizer.lr)
        time.sleep(0.001)
        return step(optimizer, *args)

    before = set(threading.enumerate())
    monkeypatch.setattr(SGD, "step", slow_step)
    panel.controls.batch_size.value = 1  # 400 steps an epoch, for w and b
    until(lambda: not at_rest(before))
    panel.controls.lr.value = 0.2
    steps = rates.count(0.05)
    panel.controls.batch_size.value = 200
    panel.wait()
    assert rates.count(0.05) <= steps + 1
    assert look(panel)[1] == expected(SGD(0.2))[1]
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
    assert panel.controls.lr.value == 0.2
    assert "SGD(lr=0.2)" in panel.text


def test_many_rows_are_left_to_the_worker(monkeypatch):
    threads, descend = set(), training_panel.descend

    def noted(*args, on_step, **settings):
        return descend(
            *args, on_step=lambda: threads.add(threading.current_thread()) or on_step(), **settings
        )

    monkeypatch.setattr(training_panel, "descend", noted)
    picture = LinePicture(MODEL, *make_line(training_panel.FEW_ROWS + 1), epochs=3)
    panel = TrainingPanel(picture, SGD(0.01))
    panel.controls.lr.value = 0.1
    panel.wait()
    assert threads
    assert threading.current_thread() not in threads
    with pytest.raises(TimeoutError):
        panel.controls.batch_size.value = 1
        panel.wait(timeout=0)
    panel.wait()


# What goes wrong. ---


@pytest.mark.parametrize("lr", [0.0, -1.0, np.nan, np.inf])
def test_a_bad_learning_rate_is_a_sentence(panel, lr):
    image = panel.image.value
    panel.controls.lr.value = lr
    text, same = look(panel)
    assert re.match(r"Not possible: lr must be .*got ", text)
    assert "⚠" in panel.sentence.value
    assert same == image
    panel.controls.epoch.value = 3  # the picture still follows, and the sentence still warns
    assert panel.image.value != image
    assert panel.text == text
    panel.controls.lr.value = 0.2
    assert look(panel)[0].startswith("Epoch 3 of 200 with SGD(lr=0.2)")
    assert "⚠" not in panel.sentence.value


def test_a_bad_learning_rate_is_still_told_when_a_long_run_has_ended(panel):
    panel.controls.batch_size.value = 1
    panel.controls.lr.value = 0.0
    panel.wait()
    assert panel.text.startswith("Not possible: lr")


def broken(*args, **kwargs):
    raise RuntimeError("the slope is <missing>")


@pytest.mark.parametrize("batch_size", [200, 1])
def test_a_model_that_fails_is_a_sentence_and_reset_revives(panel, monkeypatch, batch_size):
    first, descend, steps = look(panel), training_panel.descend, []

    def later():
        steps.append(1)
        return broken() if len(steps) > 100 else None

    with monkeypatch.context() as patch:
        patch.setattr(training_panel, "descend", lambda *a, **k: descend(*a, **k | {"on_step": later}))
        panel.controls.batch_size.value = batch_size
        panel.controls.lr.value = 0.1
        with pytest.raises(RuntimeError, match="the slope is"):
            panel.wait()
    assert "failed" in panel.text
    assert "the slope is <missing>" in panel.text
    assert "<missing>" not in panel.sentence.value  # escaped: it is text, and no tag
    assert 'aria-busy="false"' in panel.sentence.value
    panel.controls.reset.click()
    assert look(panel) == first
    assert panel.error is None


def test_a_picture_that_fails_is_a_sentence(panel, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(LinePicture, "draw", broken)
        panel.controls.epoch.value = 3
        with pytest.raises(RuntimeError, match="the slope is"):
            panel.wait()
    panel.controls.epoch.value = 4
    assert look(panel)[0].startswith("Epoch 4 of 200")


@pytest.mark.parametrize("optimizer", ["SGD", SGD])
def test_what_is_no_optimizer_is_refused_at_once(optimizer):
    with pytest.raises((TypeError, AttributeError), match=r"lr|optimizer|dataclass"):
        line_panel(optimizer)


# Beside other panels, cells and notebooks. ---


def test_two_panels_of_one_picture_do_not_disturb_each_other():
    picture = LinePicture(MODEL, X, Y, 60)
    first, second = TrainingPanel(picture, SGD(0.05)), TrainingPanel(picture, Momentum(0.01))
    first.controls.compare.value = True
    first.controls.lr.value = 0.01
    kept = look(first)
    second.controls.lr.value = 0.02
    assert look(second)[1] == expected(Momentum(0.02), epochs=60)[1]
    first.controls.epoch.value = 3
    first.controls.epoch.value = 60
    assert look(first) == kept
    picture_of_other = first.pictures[""].live.shown()
    second.controls.epoch.value = 2
    first.controls.compare.value = False
    first.controls.compare.value = True  # what it shows stays, and not what the other has drawn since
    np.testing.assert_array_equal(first.kept[2][0], picture_of_other[0])


def test_a_saved_notebook_shows_the_picture_and_the_sentence():
    panel = TrainingPanel(LinePicture(MODEL, X, Y, 40), SGD(0.05), batch_size=1)
    bundle = panel._repr_mimebundle_()  # waits for the run
    caption, image = expected(SGD(0.05), epochs=40, batch_size=1)
    assert base64.b64decode(bundle["image/png"]) == image
    assert bundle["text/plain"].startswith(f"Epoch 40 of 40 with SGD(lr=0.05), batches of 1: {caption}.")
    assert bundle["application/vnd.jupyter.widget-view+json"]["model_id"] == panel.model_id


def test_no_pyplot_comes_in_with_a_panel():
    code = """
import sys
from gdutils.datasets import make_line
from gdutils.landscapes import Parabola
from gdutils.models import LinearRegression
from gdutils.optimizers import SGD
from gdutils.panel import CurvePicture, DescentPanel, LinePicture, TrainingPanel
panel = TrainingPanel(LinePicture(LinearRegression(n_features=1), *make_line(), 5), SGD(lr=0.05))
panel.controls.batch_size.value = 10
panel.controls.reset.click()
panel.wait()
panel._repr_mimebundle_()
DescentPanel(CurvePicture(Parabola(), start=10, steps=30), SGD(lr=0.1)).controls.lr.value = 0.3
print([name for name in ("matplotlib.pyplot", "jupyterlab") if name in sys.modules])
"""
    result = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True)
    assert (result.stdout.strip(), result.stderr) == ("[]", "")


# Shown as code. ---


def losses_of(code):
    names = {}
    exec(code, names)
    return names["run"].losses, eval(code.splitlines()[-1], names)


def test_the_lines_give_exactly_the_run():
    panel = line_panel(code="X, y = datasets.make_line()", batch_size=7, epochs=5)
    assert panel.code() == (
        "from gdutils import datasets, models, optimizers\n"
        "from gdutils.training import train\n"
        "\n"
        "X, y = datasets.make_line()\n"
        "model = models.LinearRegression(n_features=1)\n"
        "optimizer = optimizers.SGD(lr=0.05)\n"
        "run = train(model, X, y, optimizer, epochs=5, batch_size=7, random_state=0)\n"
        "run.losses[-1]"
    )
    panel.controls.optimizer.value, panel.controls.seed.value = "Adam", 3
    panel.controls.epoch.value = 2
    panel.wait()
    losses, shown = losses_of(panel.code())
    np.testing.assert_allclose(losses, panel.run.so_far().losses, rtol=1e-12)
    assert shown == losses[2]


def test_the_lines_say_so_where_a_generator_goes_on():
    rng = np.random.RandomState(8)
    panel = line_panel(
        code="import numpy as np\n\nrng = np.random.RandomState(8)\nX, y = datasets.make_line()",
        random_state=rng, batch_size=4, epochs=5,
    )  # fmt: skip
    rng.rand(5)  # what the lesson draws later changes no run
    assert "# The start is drawn from rng, too" in panel.code()
    np.testing.assert_allclose(losses_of(panel.code())[0], panel.run.so_far().losses, rtol=1e-12)
    assert "are those of the lesson" in line_panel(epochs=5).code()
