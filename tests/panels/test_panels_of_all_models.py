"""The panel of every model: each control to both ends and its middle, other data, long runs, broken ones."""

import html
import re
import threading
import time
from copy import deepcopy
from dataclasses import replace
from functools import cache

import ipywidgets as widgets
import numpy as np
import pytest

from gdutils import panels
from gdutils.models import LinearRegression, LinearSVM, NeuralNetwork
from gdutils.optimizers import SGD, Momentum
from gdutils.panels import TrainingPanel
from gdutils.training import Run, train
from tests.panels.test_panels import until
from tests.problems import PROBLEMS, cost

EPOCHS = 10
every_problem = pytest.mark.parametrize("name", PROBLEMS)
with_own_settings = pytest.mark.parametrize("name", [n for n, p in PROBLEMS.items() if p.of_model()])


@pytest.fixture(autouse=True)
def at_rest():
    """See to it that all threads of a test have ended."""
    before = set(threading.enumerate())
    yield
    until(lambda: set(threading.enumerate()) <= before)


@cache
def shared_panel(name):
    panel = PROBLEMS[name].panel(EPOCHS)
    panel.wait()
    return panel


@cache
def pictures_apart(name, data):
    """The panel's pictures, made again, for what is trained apart from it."""
    return PROBLEMS[name].pictures(EPOCHS)[data]


@pytest.fixture
def panel(name, widgets_made):
    panel = shared_panel(name)
    widgets_made.clear()  # the panel outlives the test
    panel.controls.reset.click()
    panel.wait()
    return panel


def expected(name, data="first", optimizer=None, batch_size=None, epoch=-1, **of_model):
    """Return the words and the picture of a run that is trained apart from the panel."""
    problem, picture = PROBLEMS[name], pictures_apart(name, data)
    model = replace(picture.model, **of_model)
    batch_size = batch_size or problem.batch_size
    settings = {"epochs": EPOCHS, "batch_size": batch_size, "random_state": 3}
    run = train(model, picture.X, picture.y, optimizer or SGD(problem.lr), **settings)
    epoch = len(run.losses) - 1 if epoch == -1 else epoch
    picture.update(model, run, epoch)
    return picture.words(model, run, epoch), picture.live.png()


def look(panel):
    panel.wait()
    assert panel.error is None
    assert panel.text in html.unescape(panel.sentence.value)
    return panel.text, panel.image.value


def assert_shows(panel, words, image):
    text, shown = look(panel)
    assert f": {words}." in text
    assert shown == image


@every_problem
def test_first_look(name, panel):
    assert_shows(panel, *expected(name))
    assert panel.text.startswith(f"Epoch {EPOCHS} of {EPOCHS} with SGD(lr={PROBLEMS[name].lr})")


@every_problem
def test_learning_rate(name, panel):
    slider = panel.controls.lr_slider
    for power in (slider.min, -1.25, slider.max):
        slider.value = 10**power
        lr = float(f"{10**power:.3g}")
        assert_shows(panel, *expected(name, optimizer=SGD(lr)))
        assert f"SGD(lr={lr})" in panel.text


@every_problem
def test_batch_size(name, panel):
    slider = panel.controls.batch_size
    assert (slider.min, slider.max) == (1, len(PROBLEMS[name].data[1]))
    for batch_size in (1, slider.max // 2, slider.max):
        slider.value = batch_size
        assert_shows(panel, *expected(name, batch_size=batch_size))
        assert ("full batch" if batch_size == slider.max else f"batches of {batch_size}") in panel.text


@every_problem
def test_epochs_scrub_through_one_run(name, panel):
    run = panel.run
    for epoch in (0, EPOCHS // 2, EPOCHS):
        panel.controls.epoch.value = epoch
        assert_shows(panel, *expected(name, epoch=epoch))
        assert panel.text.startswith(f"Epoch {epoch} of {EPOCHS} ")
    assert panel.run is run


@every_problem
def test_optimizer_and_its_momentum(name, panel):
    panel.controls.optimizer.value = Momentum
    for beta in (0.0, 0.5, 0.99):
        panel.controls.beta.value = beta
        optimizer = Momentum(PROBLEMS[name].lr, beta)
        assert_shows(panel, *expected(name, optimizer=optimizer))
        assert repr(optimizer) in panel.text


@with_own_settings
def test_settings_of_the_model(name, panel):
    for setting, slider in panel.controls.of_model.items():
        assert slider.description
        low, high = (
            (10**slider.min, 10**slider.max) if "Log" in slider._model_name else (slider.min, slider.max)
        )
        start = slider.value
        for value in (low, (low + high) // 2 or 0.5, high):
            slider.value = value
            assert_shows(panel, *expected(name, **{setting: value}))
            assert f", {slider.description} {value:.3g}" in panel.text
        slider.value = start
    assert_shows(panel, *expected(name))


def test_the_setting_that_is_told_is_the_one_that_is_trained(widgets_made):
    panel = shared_panel("margin")
    widgets_made.clear()  # the panel outlives the test
    panel.controls.of_model["C"].value = 10**0.1  # 1.2589…
    assert_shows(panel, *expected("margin", C=1.26))
    assert ", C 1.26:" in panel.text


@every_problem
def test_other_data(name, panel):
    controls, other = panel.controls, PROBLEMS[name].other_data
    n_samples, full = len(other[1]), PROBLEMS[name].batch_size is None
    first = look(panel)
    controls.data.value = "second"
    assert_shows(panel, *expected(name, data="second"))
    assert controls.batch_size.max == n_samples
    assert controls.batch_size.value == (n_samples if full else PROBLEMS[name].batch_size)
    assert ("full batch" in panel.text) == full
    controls.batch_size.value = 1  # and it can be trained on like the first
    controls.data.value = "first"
    assert_shows(panel, *expected(name, batch_size=1))
    controls.reset.click()
    assert look(panel) == first


@every_problem
def test_other_data_are_trained_once(name, panel, monkeypatch):
    calls, descend = [], panels.descend
    monkeypatch.setattr(panels, "descend", lambda *a, **k: calls.append(a) or descend(*a, **k))
    for choice in ("second", "first"):
        panel.controls.data.value = choice
        look(panel)
    assert len(calls) == 2


@every_problem
def test_reset_brings_everything_back(name, panel):
    first, controls = look(panel), panel.controls
    controls.data.value = "second"
    controls.optimizer.value = Momentum
    controls.beta.value = 0.3
    controls.lr.value = 0.5
    controls.batch_size.value = 3
    controls.epoch.value = 2
    for slider in controls.of_model.values():
        slider.value = slider.min
    assert look(panel) != first
    controls.reset.click()
    assert look(panel) == first
    assert controls.data.value == "first"
    assert {n: s.value for n, s in controls.of_model.items()} == controls.defaults.of_model


@every_problem
def test_a_rate_out_of_all_bounds_is_a_result(name, panel):
    for lr in (1e3, 1e300):
        panel.controls.lr.value = lr
        text, _ = look(panel)
        assert re.search("Diverged at epoch|Lost since epoch|Overshooting", text), text
        assert re.search(
            r"A learning rate below (about )?[\d.e-]+ is stable|Try a smaller learning rate", text
        )
        for epoch in (0, EPOCHS):
            panel.controls.epoch.value = epoch
            look(panel)
    panel.controls.lr.value = PROBLEMS[name].lr
    assert_shows(panel, *expected(name))


def test_a_run_that_stays_bounded_has_not_diverged():
    # Below a rate of 2 the penalty keeps w bounded, far off as it may be.
    panel = PROBLEMS["margin"].panel(60)
    panel.controls.lr.value = 1.9
    text, _ = look(panel)
    losses = panel.run.snapshots[20].loss, panel.run.snapshots[60].loss
    assert losses[1] < 2 * losses[0]
    assert "Lost since epoch 1: " in text
    panel.controls.lr.value = 2.5
    assert "Diverged at epoch 1: " in look(panel)[0]


# Which learning rates are stable. ---


def bound_by_hand(X, factor):
    """2/λ, with λ the largest eigenvalue of the second derivatives where they are largest."""
    X1 = np.column_stack([X, np.ones(len(X))])
    return 2 / (factor * np.linalg.svd(X1, compute_uv=False)[0] ** 2 / len(X))


@pytest.mark.parametrize(("name", "factor"), [("probability", 0.25), ("regions", 0.5)])
def test_a_bound_is_told_as_a_guarantee(name, factor, panel):
    limit = bound_by_hand(PROBLEMS[name].data[0], factor)
    panel.controls.lr.value = float(f"{0.9 * limit:.3g}")
    (told,) = re.findall(
        r"Every learning rate below ([\d.]+) is stable; [\d.]+ is below that", look(panel)[0]
    )
    assert 0.9 * limit <= float(told) <= limit
    panel.controls.lr.value = float(f"{1.1 * limit:.3g}")
    assert re.search(r"is stable; [\d.]+ is above that\.$", look(panel)[0])
    panel.controls.optimizer.value = Momentum  # whose limit holds for quadratic losses
    assert re.search(r"Up to about [\d.]+, momentum should stay stable; ", look(panel)[0])
    panel.controls.batch_size.value = 5
    assert re.search(r"Up to about [\d.]+, batches of 5 should stay stable; ", look(panel)[0])


@pytest.mark.parametrize("name", ["regions of a network", "ratings"])
def test_nothing_is_promised_without_a_bound(panel):
    assert "stable" not in look(panel)[0]
    panel.controls.optimizer.value = Momentum
    assert "stable" not in look(panel)[0]


def test_a_swing_below_the_limit_is_not_blamed_on_the_rate():
    panel = PROBLEMS["line"].panel(41)
    panel.controls.optimizer.value = Momentum
    panel.controls.beta.value = 0.99
    panel.controls.lr.value = 1.25
    text, _ = look(panel)
    assert re.search("Overshooting|Lost since", text)
    assert re.search(r"Yet 1.25 is below the largest stable rate, [\d.]+: train longer", text)
    long_run = train(PROBLEMS["line"].model, *PROBLEMS["line"].data, Momentum(1.25, 0.99), epochs=3000)
    assert long_run.losses[-1] < long_run.losses[0]  # and so it is


def test_the_models_value_is_trained_as_it_is():
    problem = PROBLEMS["margin"]
    panel = TrainingPanel(
        problem.draw(EPOCHS, model=LinearSVM(2, C=1.2345)),
        SGD(0.01),
        of_model={"C": widgets.FloatLogSlider()},
    )
    assert panel.run.model.C == 1.2345
    assert ", C 1.234" in panel.text  # without a description the setting has its own name
    panel.controls.of_model["C"].value = 2.34567
    assert panel.run.model.C == 2.35


def test_one_picture_in_two_panels():
    problem = PROBLEMS["probability"]
    picture = problem.draw(60, held_out=problem.other_data)
    first, second = (TrainingPanel(picture, optimizer) for optimizer in (SGD(0.05), Momentum(0.01)))
    for size in (5, 6, 7, 8):
        for panel in (first, second):
            panel.controls.batch_size.value = size
        for panel in (first, second):
            panel.wait()
            run = panel.run
            apart = problem.draw(60, held_out=problem.other_data)
            apart.update(run.model, Run.of(list(run.snapshots)), 60)
            assert panel.image.value == apart.live.png()


def test_a_complaint_is_not_overwritten_by_a_run_that_still_trains(monkeypatch):
    panel = PROBLEMS["line"].panel(600)
    words, in_words = type(panel.run.picture).words, threading.Event()

    def slow_words(*args):
        in_words.set()
        time.sleep(0.05)
        return words(*args)

    monkeypatch.setattr(type(panel.run.picture), "words", slow_words)
    panel.controls.batch_size.value = 1
    in_words.clear()
    assert in_words.wait(30)
    panel.controls.lr.value = -1.0
    panel.wait()
    assert panel.text.startswith("Not trained: lr")


# Long runs. ---


@every_problem
def test_a_long_run_draws_as_it_trains_and_the_newest_setting_wins(name, monkeypatch):
    monkeypatch.setattr(panels, "FRAME", 0.0)
    panel = PROBLEMS[name].panel(300)
    images, controls = [], panel.controls
    panel.wait(60)
    panel.image.observe(lambda change: images.append(change["new"]), "value")
    controls.batch_size.value = 1 if PROBLEMS[name].batch_size != 1 else 2  # 7,500 steps and more
    old = panel.run
    assert not old.finished
    until(lambda: len(images) > 3)
    controls.data.value = "second"
    newer = panel.run
    assert not newer.finished
    for slider in controls.of_model.values():
        slider.value = slider.max
    controls.batch_size.value = controls.batch_size.max
    panel.wait(60)
    assert panel.error is None
    assert not old.finished
    assert not newer.finished
    assert len(panel.run.snapshots) > 1
    assert "full batch" in panel.text
    assert panel.run.picture is panel.pictures["second"]


# Where a run begins. ---


def test_every_run_begins_alike_and_the_generator_is_left_alone():
    problem = PROBLEMS["regions of a network"]
    rng = np.random.RandomState(7)
    rng.standard_normal(100)
    before = deepcopy(rng)
    panel = TrainingPanel(problem.draw(EPOCHS), SGD(problem.lr), batch_size=16, random_state=rng)
    panel.wait()
    starts = [panel.run.snapshots]
    panel.controls.lr.value = 0.3
    panel.controls.lr.value = problem.lr
    panel.wait()
    starts.append(panel.run.snapshots)
    apart = train(
        problem.model, *problem.data, SGD(problem.lr), epochs=EPOCHS, batch_size=16, random_state=before
    )
    for snapshots in starts:
        for snapshot, params in zip(snapshots, apart.path, strict=True):
            for key in params:
                np.testing.assert_array_equal(snapshot.params[key], params[key])
    fresh = np.random.RandomState(7)
    fresh.standard_normal(100)
    assert rng.standard_normal() == fresh.standard_normal()


# What cannot be made a panel. ---


def line(model=None):
    problem = PROBLEMS["line"]
    return problem.draw(EPOCHS, model=model or LinearRegression(1))


BAD = {
    "no picture": (lambda: TrainingPanel({}, SGD()), "picture must name at least one"),
    "no such setting": (
        lambda: TrainingPanel(line(), SGD(), of_model={"C": widgets.IntSlider()}),
        r"of_model must name settings of LinearRegression\(n_features=1\).*, got 'C'",
    ),
    "beyond its slider": (
        lambda: TrainingPanel(
            PROBLEMS["regions"].draw(EPOCHS, model=NeuralNetwork(2, 90, 3)),
            SGD(),
            of_model={"n_hidden": widgets.IntSlider(min=1, max=64)},
        ),
        "n_hidden must be in the range of its slider, from 1 to 64, got 90",
    ),
    "beyond a logarithmic one": (
        lambda: TrainingPanel(
            PROBLEMS["margin"].draw(EPOCHS, model=LinearSVM(2, C=1000.0)), SGD(), of_model=cost()
        ),
        "C must be in the range of its slider, from 0.01 to 100, got 1000",
    ),
    "what the data decide": (
        lambda: TrainingPanel(
            PROBLEMS["regions"].draw(EPOCHS), SGD(), of_model={"n_classes": widgets.IntSlider(min=2, max=5)}
        ),
        r"of_model must name settings of SoftmaxRegression\(.*got 'n_classes'",
    ),
    "a list of settings": (
        lambda: TrainingPanel(line(), SGD(), of_model=["C"]),
        "of_model must be a mapping",
    ),
    "no slider": (
        lambda: TrainingPanel(PROBLEMS["margin"].draw(EPOCHS), SGD(), of_model={"C": (0.1, 10)}),
        r"of_model\['C'\] must be a slider",
    ),
    "a number for a picture": (
        lambda: TrainingPanel(42, SGD()),
        "picture must be one of gdutils.pictures.*42",
    ),
    "a list of pictures": (lambda: TrainingPanel([line()], SGD()), "picture must be one of"),
    "random state": (lambda: TrainingPanel(line(), SGD(), random_state="x"), "random_state"),
}


@pytest.mark.parametrize(("call", "words"), BAD.values(), ids=BAD)
def test_bad_arguments_are_named(call, words):
    with pytest.raises((ValueError, TypeError), match=words):
        call()


def test_a_slider_of_the_wrong_kind_is_a_sentence():
    sliders = {"rank": widgets.FloatSlider(min=1, max=6, description="rank")}
    panel = TrainingPanel(PROBLEMS["ratings"].draw(EPOCHS), SGD(0.02), of_model=sliders)
    first = look(panel)
    sliders["rank"].value = 2.5
    assert look(panel)[0].startswith("Not trained: rank must be a whole number of at least 1, got 2.5")
    panel.controls.reset.click()
    assert look(panel) == first


@pytest.mark.parametrize("name", ["regions of a network", "ratings"])
def test_a_setting_the_model_refuses_is_a_sentence(name, panel):
    (setting, slider), *_ = panel.controls.of_model.items()
    image = panel.image.value
    slider.min = -1
    try:
        slider.value = -1
        assert panel.text.startswith(f"Not trained: {setting} must be a")
        assert panel.image.value == image
    finally:
        panel.controls.reset.click()
        slider.min = 1
    assert_shows(panel, *expected(name))
