"""The panels from Python: every control to both ends and its middle, long runs, and what goes wrong."""

import base64
import html
import io
import re
import subprocess
import sys
import threading
import time
from functools import cache

import numpy as np
import pytest
from PIL import Image

from gdutils import live, optimizers, panels
from gdutils.datasets import make_line
from gdutils.models import LinearRegression
from gdutils.optimizers import SGD, AdaGrad, Adam, Momentum, Nesterov, RMSprop
from gdutils.panels import TrainingPanel
from gdutils.pictures import LinePicture
from gdutils.training import train

MODEL = LinearRegression(n_features=1)
X, Y = make_line()
# What the largest curvature is by hand: with x about 0 the curvatures are mean x² and 1.
CURVATURE = np.mean(X**2)


def line_panel(X, y, *, optimizer=SGD(lr=0.05), epochs=200, batch_size=None):  # noqa: B008
    picture = LinePicture(LinearRegression(n_features=1), X, y, epochs)
    return TrainingPanel(picture, optimizer, batch_size=batch_size)


@pytest.fixture(autouse=True)
def at_rest():
    """Tell whether all threads of the test have ended; at its end, see to it that they do."""
    before = set(threading.enumerate())
    yield lambda: set(threading.enumerate()) <= before
    until(lambda: set(threading.enumerate()) <= before)


@cache
def shared_panel():
    """Return a panel and its first look; to make one takes longer than most tests."""
    panel = line_panel(X, Y)
    panel.wait()
    return panel, (panel.text, panel.image.value)


@pytest.fixture
def panel(at_rest, widgets_made):
    panel, first = shared_panel()
    widgets_made.clear()  # the panel outlives the test
    yield panel
    panel.controls.play.value = False
    until(at_rest)
    panel.controls.reset.click()
    until(at_rest)
    if (panel.text, panel.image.value) != first or panel.error is not None:
        shared_panel.cache_clear()  # a test that failed must not spoil the next one


def until(condition):
    """Wait for what another thread does; the limit only ends a test that has failed."""
    end = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.002)


def images_of(panel):
    """Return a list that every new image of the panel is added to."""
    images = []
    panel.image.observe(lambda change: images.append(change["new"]), "value")
    return images


@cache
def picture_of(epochs):
    return LinePicture(MODEL, X, Y, epochs)


@cache
def expected(optimizer, *, epochs=200, batch_size=None, epoch=-1):
    """Return the words and the picture that a run trained apart from the panel gives."""
    run = train(MODEL, X, Y, optimizer, epochs=epochs, batch_size=batch_size)
    epoch = len(run.losses) - 1 if epoch == -1 else epoch
    picture = picture_of(epochs)
    picture.update(MODEL, run, epoch)
    return picture.words(MODEL, run, epoch), picture.live.png()


# Every control to both ends and its middle. ---


def move_and_look(panel, control, value):
    """Set a control and return the sentence and the image."""
    getattr(panel.controls, control).value = value
    panel.wait()
    assert panel.error is None
    assert panel.text in html.unescape(panel.sentence.value)
    return panel.text, panel.image.value


def assert_all_differ(seen):
    texts, images = zip(*seen, strict=True)
    assert len(set(texts)) == len(texts)
    assert len(set(images)) == len(images)


def test_first_look(panel):
    words, image = expected(SGD(lr=0.05))
    assert panel.text.startswith(f"Epoch 200 of 200 with SGD(lr=0.05), full batch: {words}.")
    assert panel.image.value == image
    assert 'role="status"' in panel.sentence.value


def test_learning_rate_slider(panel):
    slider = panel.controls.lr_slider
    seen = [(panel.text, panel.image.value)]
    for power in (slider.min, -1.25, slider.max):
        seen.append(move_and_look(panel, "lr_slider", 10**power))
        lr = float(f"{10**power:.3g}")  # the number field shows three digits, and they are what is trained
        assert panel.controls.lr.value == lr
        words, image = expected(SGD(lr=lr))
        assert f"SGD(lr={lr}), full batch: {words}." in panel.text
        assert panel.image.value == image
    assert_all_differ(seen)


def test_learning_rate_number(panel):
    slider = panel.controls.lr_slider
    seen = [(panel.text, panel.image.value)]
    for lr in (10**slider.min, 0.123, 3.16, 1e-6, 50.0):  # the last two are beyond the slider's ends
        seen.append(move_and_look(panel, "lr", lr))
        assert f"SGD(lr={lr})" in panel.text
        assert panel.controls.lr.value == lr
        if 10**slider.min <= lr <= 10**slider.max:
            assert slider.value == pytest.approx(lr)
    assert_all_differ(seen)


def test_learning_rate_slider_rests_beside_a_number_between_its_steps(panel):
    move_and_look(panel, "lr", 0.123)
    run = panel.run
    # As the browser does: the step nearest to 0.123, in powers of ten.
    panel.controls.lr_slider.value = 10**-0.9
    assert panel.controls.lr.value == 0.123
    assert panel.run is run
    panel.controls.lr_slider.value = 10**-0.85  # but the next step is a move
    assert panel.controls.lr.value == 0.141


def test_batch_size(panel):
    slider = panel.controls.batch_size
    assert (slider.min, slider.max) == (1, 200)
    first = (panel.text, panel.image.value)
    seen = [first]
    for batch_size in (1, 100):
        seen.append(move_and_look(panel, "batch_size", batch_size))
        words, image = expected(SGD(lr=0.05), batch_size=batch_size)
        assert f"batches of {batch_size}: {words}." in panel.text
        assert panel.image.value == image
    assert_all_differ(seen)
    assert move_and_look(panel, "batch_size", 200) == first


def test_epoch_looks_at_the_run_and_trains_nothing(panel, monkeypatch):
    calls = []
    monkeypatch.setattr(panels, "descend", lambda *args, **kwargs: calls.append(args))
    run = panel.run
    assert (panel.controls.epoch.min, panel.controls.epoch.max) == (0, 200)
    seen = []
    for epoch in (0, 100, 200, 7):
        seen.append(move_and_look(panel, "epoch", epoch))
        words, image = expected(SGD(lr=0.05), epoch=epoch)
        assert panel.text.startswith(f"Epoch {epoch} of 200 with SGD(lr=0.05), full batch: {words}.")
        assert panel.image.value == image
    assert_all_differ(seen)
    assert not calls
    assert panel.run is run


def test_epoch_stays_when_a_setting_moves(panel):
    move_and_look(panel, "epoch", 3)
    text, image = move_and_look(panel, "lr", 0.2)
    words, expected_image = expected(SGD(lr=0.2), epoch=3)
    assert text.startswith(f"Epoch 3 of 200 with SGD(lr=0.2), full batch: {words}.")
    assert image == expected_image


def test_optimizer(panel):
    first = (panel.text, panel.image.value)
    kinds = dict(panel.controls.optimizer.options)
    assert kinds == {name: getattr(optimizers, name) for name in optimizers.__all__}
    assert panel.controls.beta.layout.visibility == "hidden"
    second = move_and_look(panel, "optimizer", Momentum)
    assert panel.controls.beta.layout.visibility == "visible"
    words, image = expected(Momentum(lr=0.05, beta=0.9))
    assert f"Momentum(lr=0.05, beta=0.9), full batch: {words}." in second[0]
    assert second[1] == image
    assert_all_differ([first, second])
    assert move_and_look(panel, "optimizer", SGD) == first


@pytest.mark.parametrize("kind", [Nesterov, AdaGrad, RMSprop, Adam])
def test_every_other_optimizer(panel, kind):
    first = (panel.text, panel.image.value)
    text, image = move_and_look(panel, "optimizer", kind)
    has_beta = kind in (Nesterov, RMSprop)
    optimizer = kind(lr=0.05, beta=0.9) if has_beta else kind(lr=0.05)
    words, expected_image = expected(optimizer)
    assert f"{optimizer!r}, full batch: {words}." in text
    assert image == expected_image
    assert panel.controls.beta.layout.visibility == ("visible" if has_beta else "hidden")
    assert panel.controls.beta.description == ("decay β" if kind is RMSprop else "momentum β")
    # The adaptive ones know of no limit, so nothing is claimed of one.
    assert ("stable" in text) == (kind is Nesterov)
    assert move_and_look(panel, "optimizer", SGD) == first


def test_settings_without_a_control_stay_as_they_were_given():
    given = Adam(lr=0.05, beta1=0.5, beta2=0.9)
    panel = TrainingPanel(LinePicture(MODEL, X, Y, epochs=20), given)
    assert panel.run.settings.optimizer == given
    panel.controls.lr.value = 0.1
    assert panel.run.settings.optimizer == Adam(lr=0.1, beta1=0.5, beta2=0.9)


def test_beta(panel):
    slider = panel.controls.beta
    seen = [move_and_look(panel, "optimizer", Momentum)]
    for beta in (slider.min, 0.5, slider.max):
        seen.append(move_and_look(panel, "beta", beta))
        words, image = expected(Momentum(lr=0.05, beta=beta))
        assert f"Momentum(lr=0.05, beta={beta}), full batch: {words}." in panel.text
        assert panel.image.value == image
    assert_all_differ(seen)


def test_reset_brings_back_the_start(panel):
    first = (panel.text, panel.image.value)
    controls = panel.controls
    values = {"optimizer": Momentum, "beta": 0.5, "lr": 0.3, "batch_size": 50, "epoch": 20}
    before = {name: getattr(controls, name).value for name in values}
    for name, value in values.items():
        assert move_and_look(panel, name, value) != first
    controls.reset.click()
    panel.wait()
    assert (panel.text, panel.image.value) == first
    assert {name: getattr(controls, name).value for name in values} == before
    assert controls.lr_slider.value == pytest.approx(0.05)
    assert controls.beta.layout.visibility == "hidden"


def test_reset_trains_once(panel, monkeypatch):
    move_and_look(panel, "optimizer", Momentum)
    move_and_look(panel, "batch_size", 50)
    calls = []
    descend = panels.descend
    monkeypatch.setattr(panels, "descend", lambda *a, **k: calls.append(a) or descend(*a, **k))
    panel.controls.reset.click()
    panel.wait()
    assert len(calls) == 1


def test_controls_are_labeled(panel):
    controls = panel.controls
    for name in ("lr_slider", "batch_size", "epoch", "optimizer", "beta"):
        assert getattr(controls, name).description
    for button in (controls.play, controls.reset):
        assert button.description
        assert button.tooltip


# Play. ---


@pytest.fixture
def short_panel(at_rest):
    panel = line_panel(X, Y, epochs=8)
    panel.wait()
    yield panel
    panel.controls.play.value = False


def test_play_goes_through_the_epochs_and_stops(short_panel, monkeypatch):
    monkeypatch.setattr(live, "FRAME", 0.001)
    panel, epochs = short_panel, []
    play, epoch = panel.controls.play, panel.controls.epoch
    epoch.observe(lambda change: epochs.append(change["new"]), "value")
    images = images_of(panel)
    play.value = True
    until(lambda: not play.value)
    assert epochs == [0, 1, 2, 3, 4, 5, 6, 7, 8]  # from the end it starts over
    assert len(set(images)) == 9
    assert panel.text.startswith("Epoch 8 of 8")
    assert play.description == "Play"
    panel.wait()


def test_play_starts_where_the_slider_is(short_panel, monkeypatch):
    monkeypatch.setattr(live, "FRAME", 0.001)
    panel, epochs = short_panel, []
    panel.controls.epoch.value = 5
    panel.controls.epoch.observe(lambda change: epochs.append(change["new"]), "value")
    panel.controls.play.value = True
    until(lambda: not panel.controls.play.value)
    assert epochs == [6, 7, 8]


def test_a_long_run_is_played_in_a_hundred_frames(panel, monkeypatch):
    monkeypatch.setattr(live, "FRAME", 0.0)
    epochs = []
    panel.controls.epoch.observe(lambda change: epochs.append(change["new"]), "value")
    panel.controls.play.value = True
    until(lambda: not panel.controls.play.value)
    assert epochs == list(range(0, 201, 2))


def test_pause_stops(panel, at_rest):
    play, epoch = panel.controls.play, panel.controls.epoch
    epoch.value = 0
    play.value = True
    assert play.description == "Pause"
    until(lambda: epoch.value > 0)
    play.value = False
    assert play.description == "Play"
    until(at_rest)
    assert 0 < epoch.value < 200
    assert panel.text.startswith(f"Epoch {epoch.value} of 200")


def test_settings_move_while_it_plays(panel, at_rest):
    play, epoch = panel.controls.play, panel.controls.epoch
    epoch.value = 0
    play.value = True
    until(lambda: epoch.value > 0)
    panel.controls.lr.value = 0.3
    at = epoch.value
    until(lambda: epoch.value > at)
    play.value = False
    until(at_rest)
    panel.wait()
    assert f"Epoch {epoch.value} of 200 with SGD(lr=0.3)" in panel.text


# Long runs. ---


def test_a_long_run_draws_as_it_trains(panel):
    images, texts = images_of(panel), []
    panel.sentence.observe(lambda change: texts.append(change["new"]), "value")
    panel.controls.batch_size.value = 1  # 40,000 steps
    assert not panel.run.finished  # the callback is back before the run has ended
    panel.wait()
    assert len(set(images)) > 3
    so_far = [int(found[1]) for text in texts if (found := re.search(r"\((\d+) trained so far\)", text))]
    assert len(so_far) > 3
    assert so_far == sorted(so_far)
    assert "so far" not in panel.text
    assert panel.image.value == images[-1] == expected(SGD(lr=0.05), batch_size=1)[1]


@pytest.mark.parametrize("batch_size", [1, 200])
def test_the_newest_setting_wins(batch_size, at_rest):
    panel = line_panel(X, Y, epochs=80)
    controls = panel.controls
    controls.batch_size.value = 1
    old = panel.run
    assert not old.finished
    controls.lr.value = 0.01
    controls.lr.value = 0.03
    controls.batch_size.value = batch_size
    panel.wait()
    until(at_rest)  # what is left of the older runs draws nothing any more
    assert not old.finished  # it was dropped, not trained to its end
    words, image = expected(SGD(lr=0.03), epochs=80, batch_size=batch_size)
    assert "SGD(lr=0.03)" in panel.text
    assert words in panel.text
    assert panel.image.value == image


def test_a_setting_from_another_thread_does_not_win_when_it_is_older(panel, monkeypatch, at_rest):
    # A slider's callback runs beside the cells, so two settings may be at work at once.
    descend, newer_is_done, older_is_on = panels.descend, threading.Event(), threading.Event()

    def slow_for_the_older(model, X, y, optimizer, **kwargs):
        if optimizer.optimizer.lr == 0.1:
            older_is_on.set()
            newer_is_done.wait(0.3)  # or less than that, should the newer one have to wait for the older
        return descend(model, X, y, optimizer, **kwargs)

    monkeypatch.setattr(panels, "descend", slow_for_the_older)
    older = threading.Thread(target=lambda: setattr(panel.controls.lr, "value", 0.1))
    older.start()
    assert older_is_on.wait(30)
    panel.controls.lr.value = 0.2
    newer_is_done.set()
    older.join()
    until(at_rest)
    assert panel.controls.lr.value == 0.2
    assert "SGD(lr=0.2)" in panel.text


def test_epoch_slider_moves_while_a_long_run_trains(panel):
    panel.controls.batch_size.value = 1
    panel.controls.epoch.value = 1
    assert panel.text.startswith("Epoch 1 of 200")
    panel.wait()
    assert panel.text.startswith("Epoch 1 of 200")
    assert expected(SGD(lr=0.05), batch_size=1, epoch=1)[0] in panel.text


def test_a_run_that_is_replaced_ends_in_the_midst_of_an_epoch(panel, at_rest, monkeypatch):
    rates, step = [], SGD.step

    def slow_step(optimizer, *args):
        rates.append(optimizer.lr)
        time.sleep(0.002)
        return step(optimizer, *args)

    monkeypatch.setattr(SGD, "step", slow_step)
    panel.controls.batch_size.value = 1  # 400 steps an epoch, for w and b
    until(lambda: not at_rest())
    panel.controls.lr.value = 0.2
    steps = rates.count(0.05)
    panel.controls.batch_size.value = 200
    until(at_rest)
    assert rates.count(0.05) <= steps + 1


@pytest.mark.parametrize("then", [1, 200])
def test_no_thread_is_left_after_wait(panel, at_rest, then):
    panel.controls.batch_size.value = 1
    assert not at_rest()
    with pytest.raises(TimeoutError):
        panel.wait(timeout=0)
    panel.controls.batch_size.value = then
    panel.wait()
    assert at_rest()


# What goes wrong. ---


@pytest.mark.parametrize("lr", [0.0, -1.0, float("nan"), float("inf")])
def test_a_bad_learning_rate_is_a_sentence(panel, lr):
    image = panel.image.value
    text, same_image = move_and_look(panel, "lr", lr)
    assert text.startswith(f"Not trained: lr must be a positive, finite number, got {lr}.")
    assert panel.sentence.value.count("⚠") == 1
    assert same_image == image
    text, _ = move_and_look(panel, "lr", 0.2)
    assert text.startswith("Epoch 200 of 200 with SGD(lr=0.2)")
    assert "⚠" not in panel.sentence.value


def test_a_bad_learning_rate_is_still_told_when_a_long_run_has_ended(panel, at_rest):
    panel.controls.batch_size.value = 1
    panel.controls.lr.value = 0.0
    until(at_rest)
    assert panel.text.startswith("Not trained: lr")


@pytest.mark.parametrize("optimizer", [SGD(lr=1.0), SGD(lr=0.8), Momentum(lr=2.0), SGD(lr=1e300)], ids=repr)
def test_a_diverged_run_says_when_and_what_would_be_stable(panel, optimizer):
    panel.controls.optimizer.value = type(optimizer)
    panel.controls.lr.value = optimizer.lr
    panel.wait()
    losses = train(MODEL, X, Y, optimizer, epochs=200).losses
    lost = max(epoch for epoch, loss in enumerate(losses) if loss <= losses[0]) + 1
    assert f"Diverged at epoch {lost}: " in panel.text
    if np.isinf(losses[-1]):
        assert f"at epoch {len(losses) - 1} it overflows" in panel.text
    factor = 1 + getattr(optimizer, "beta", 0)
    assert_rounded_down(panel.text, "A learning rate below", 2 * factor / CURVATURE)


def test_a_run_that_only_just_leaves_is_overshooting(panel):
    panel.controls.lr.value = 0.663
    panel.wait()
    losses = train(MODEL, X, Y, SGD(lr=0.663), epochs=200).losses
    assert losses[0] < losses[-1] < 100 * losses[0]
    assert f"Overshooting: after epoch 200 the loss is {losses[-1]:.3g}" in panel.text
    assert_rounded_down(panel.text, "A learning rate below", 2 / CURVATURE)


NUMBER = r"(\d(?:[\d.e-]*\d)?)"


def assert_rounded_down(text, words, limit):
    """The number after the words has two digits, and is the limit or a little less."""
    (found,) = re.findall(f"{words} {NUMBER}", text)
    digit = 10.0 ** (np.floor(np.log10(limit)) - 1)
    assert limit - digit < float(found) <= limit


@pytest.mark.parametrize("shift", [0.0, 2.0])
@pytest.mark.parametrize("optimizer", [SGD(lr=0.02), Momentum(lr=0.02, beta=0.5)], ids=repr)
def test_the_largest_stable_lr_is_the_formula(optimizer, shift):
    x = X[::5, 0] + shift
    panel = line_panel(x[:, np.newaxis], Y[::5], optimizer=optimizer, epochs=5)
    panel.wait()
    # The eigenvalues of the 2 by 2 matrix of second derivatives, by the quadratic formula.
    a, b = np.mean(x**2), np.mean(x)
    curvature = (a + 1) / 2 + np.sqrt((a - 1) ** 2 / 4 + b**2)
    limit = 2 * (1 + getattr(optimizer, "beta", 0)) / curvature
    assert_rounded_down(panel.text, "is below the largest stable one,", limit)


@pytest.mark.parametrize("optimizer", [SGD(lr=0.66), Momentum(lr=1.22, beta=0.9)], ids=repr)
def test_near_the_largest_stable_lr_the_sentence_is_true(panel, optimizer):
    # Stable, if only just: the limits are 0.66003 and 1.25406, which the sentence rounds.
    panel.controls.optimizer.value = type(optimizer)
    panel.controls.lr.value = optimizer.lr
    panel.wait()
    pattern = f"The learning rate {NUMBER} is (below|above) the largest stable one, {NUMBER}"
    lr, side, limit = re.search(pattern, panel.text).groups()
    assert (float(lr) < float(limit)) if side == "below" else (float(lr) > float(limit))


@pytest.mark.parametrize(
    ("optimizer", "batch_size", "limit"),
    [
        (SGD, 1, 0.2),  # a single row has the curvature x² + 1, and x reaches 3
        (Momentum, 1, 0.02),  # whose gradient, should it last, momentum makes ten times as long
        (SGD, 50, 2 / (CURVATURE + (10 - CURVATURE) * 150 / (50 * 199))),  # expected smoothness, Gower et al.
    ],
)
def test_with_batches_the_largest_stable_lr_is_an_estimate(panel, optimizer, batch_size, limit):
    panel.controls.optimizer.value = optimizer
    panel.controls.batch_size.value = batch_size
    panel.wait()
    assert_rounded_down(panel.text, "Up to about", limit)
    assert f"the learning rate 0.05 is {'below' if limit > 0.05 else 'above'} that" in panel.text


def broken(*args, **kwargs):
    raise RuntimeError("the slope is <missing>")


def test_a_failing_model_is_a_sentence_and_reset_revives(panel, monkeypatch):
    first = (panel.text, panel.image.value)
    with monkeypatch.context() as patch:
        patch.setattr(LinearRegression, "gradient", broken)
        panel.controls.lr.value = 0.1
        assert isinstance(panel.error, RuntimeError)
        assert "failed" in panel.text
        assert "the slope is <missing>" in panel.text
        assert "<missing>" not in panel.sentence.value  # escaped: it is text, and no tag
        with pytest.raises(RuntimeError, match="the slope is"):
            panel.wait()
    panel.controls.reset.click()
    panel.wait()
    assert panel.error is None
    assert (panel.text, panel.image.value) == first


def test_a_model_that_fails_in_a_long_run_is_a_sentence(panel, monkeypatch):
    steps, gradient = [], LinearRegression.gradient

    def breaks_later(self, *args):
        steps.append(1)
        return broken() if len(steps) > 20_000 else gradient(self, *args)

    with monkeypatch.context() as patch:
        patch.setattr(LinearRegression, "gradient", breaks_later)
        panel.controls.batch_size.value = 1
        with pytest.raises(RuntimeError, match="the slope is"):
            panel.wait()
    assert "the slope is <missing>" in panel.text
    text, _ = move_and_look(panel, "batch_size", 100)  # any other setting revives it too
    assert "batches of 100" in text


def test_a_failing_picture_is_a_sentence(panel, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(LinePicture, "update", broken)
        panel.controls.epoch.value = 3
        with pytest.raises(RuntimeError, match="the slope is"):
            panel.wait()
    assert move_and_look(panel, "epoch", 4)[0].startswith("Epoch 4 of 200")


BAD = {
    "y a column": ({"y": Y[:, np.newaxis]}, ["y", "(200, 1)"]),
    "lengths differ": ({"y": Y[:-1]}, ["X and y", "199"]),
    "X flat": ({"X": X[:, 0]}, ["X", "(200,)"]),
    "X of two features": ({"X": np.column_stack([X, X])}, ["X", "(200, 2)"]),
    "empty": ({"X": X[:0], "y": Y[:0]}, ["X", "(0, 1)"]),
    "NaN in y": ({"y": Y * np.nan}, ["y", "nan"]),
    "infinity in X": ({"X": np.full_like(X, np.inf)}, ["X", "inf"]),
    "X strings": ({"X": X.astype(str)}, ["X", "<U"]),
    "huge y": ({"y": Y * 1e200}, ["y", "small enough", "e+200"]),
    "epochs 0": ({"epochs": 0}, ["epochs", "0"]),
    "epochs fractional": ({"epochs": 2.5}, ["epochs", "2.5"]),
    "epochs a string": ({"epochs": "9"}, ["epochs", "'9'"]),
    "batch_size 0": ({"batch_size": 0}, ["batch_size", "0"]),
    "batch_size fractional": ({"batch_size": 1.5}, ["batch_size", "1.5"]),
    "batch_size too large": ({"batch_size": 201}, ["batch_size", "201"]),
    "optimizer a string": ({"optimizer": "SGD"}, ["optimizer", "'SGD'"]),
    "optimizer a class": ({"optimizer": SGD}, ["optimizer", "SGD"]),
}


@pytest.mark.parametrize(("change", "words"), BAD.values(), ids=BAD)
def test_bad_arguments_are_named(change, words):
    with pytest.raises((ValueError, TypeError)) as caught:
        line_panel(**{"X": X, "y": Y} | change)
    message = str(caught.value)
    assert re.match(rf"{re.escape(words[0])}\b", message), message
    for word in words[1:]:
        assert word in message


# Data of a learner's own, at the edges of what is sensible.
ODD_DATA = {
    "lists": ([[1], [2], [3]], [2, 1, 4]),
    "one row": (X[:1], Y[:1]),
    "on a line": (X, 2 * X[:, 0] + 1),
    "y all zero": (X, np.zeros(200)),
    "X all zero": (np.zeros_like(X), Y),
    "far from zero": (X * 1e3 + 5e4, Y),
    "small": (X, Y * 1e-9),
    "int8": (np.arange(-100, 100, dtype=np.int8)[:, np.newaxis], Y),
    "large y": (X, Y * 1e150),
}


@pytest.mark.parametrize(("X", "y"), ODD_DATA.values(), ids=ODD_DATA)
def test_odd_data_works(X, y):
    panel = line_panel(X, y, epochs=5)
    for lr in (1e-3, 3.16):
        text, _ = move_and_look(panel, "lr", lr)
        assert f"SGD(lr={lr})" in text


def test_huge_X_is_refused():
    # Its squares overflow, and with them the curvature.
    with pytest.raises(ValueError, match=r"^X\b.*small enough"):
        line_panel(X * 1e200, Y)


# Beside other panels, cells and notebooks. ---


def test_two_panels_do_not_disturb_each_other(panel):
    other = line_panel(X, -Y, optimizer=Momentum(lr=0.1, beta=0.5), epochs=30, batch_size=10)
    other.wait()
    first, others = (panel.text, panel.image.value), (other.text, other.image.value)
    panel.controls.batch_size.value = 1
    other.controls.lr.value = 0.01
    other.wait()
    panel.wait()
    assert "SGD(lr=0.05), batches of 1" in panel.text
    assert "Momentum(lr=0.01, beta=0.5), batches of 10" in other.text
    panel.controls.reset.click()
    other.controls.reset.click()
    other.wait()
    panel.wait()
    assert (panel.text, panel.image.value) == first
    assert (other.text, other.image.value) == others


def test_the_data_are_not_modified(panel):
    fresh_X, fresh_y = make_line()
    move_and_look(panel, "batch_size", 50)
    np.testing.assert_array_equal(X, fresh_X)
    np.testing.assert_array_equal(Y, fresh_y)


def test_a_saved_notebook_shows_the_picture_and_the_sentence(panel):
    bundle = panel._repr_mimebundle_()
    png = base64.b64decode(bundle["image/png"])
    assert png == panel.image.value
    image = Image.open(io.BytesIO(png))
    width, height = panel.run.picture.live.canvas.get_width_height()
    assert (image.format, image.size) == ("PNG", (width, height))
    assert bundle["application/vnd.jupyter.widget-view+json"]["model_id"] == panel.model_id
    # Every run of the notebook must print the same text: no ids, no addresses.
    assert bundle["text/plain"] == panel.text


def test_a_saved_notebook_shows_the_whole_run_on_a_slow_machine_too(monkeypatch):
    monkeypatch.setattr(panels, "SLICE", 0.0)  # as if no time were enough for more than an epoch
    bundle = line_panel(X, Y, epochs=8)._repr_mimebundle_()
    words, image = expected(SGD(lr=0.05), epochs=8)
    assert bundle["text/plain"].startswith(f"Epoch 8 of 8 with SGD(lr=0.05), full batch: {words}.")
    assert base64.b64decode(bundle["image/png"]) == image


def test_a_panel_whose_run_takes_too_long_to_wait_for_is_shown_all_the_same(panel, monkeypatch):
    monkeypatch.setattr(threading.Thread, "join", lambda thread, timeout: None)
    panel.controls.batch_size.value = 1
    bundle = panel._repr_mimebundle_()
    assert bundle["application/vnd.jupyter.widget-view+json"]["model_id"] == panel.model_id


def test_no_pyplot_comes_in_with_a_panel():
    code = """
import sys
from gdutils.datasets import make_line
from gdutils.models import LinearRegression
from gdutils.optimizers import SGD
from gdutils.panels import TrainingPanel
from gdutils.pictures import LinePicture
panel = TrainingPanel(LinePicture(LinearRegression(n_features=1), *make_line(), 5), SGD(lr=0.05))
panel.controls.lr.value = 0.5
panel.controls.batch_size.value = 10
panel.controls.reset.click()
panel.wait()
panel._repr_mimebundle_()
print([name for name in ("matplotlib.pyplot", "jupyterlab") if name in sys.modules])
"""
    result = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True)
    assert (result.stdout.strip(), result.stderr) == ("[]", "")
