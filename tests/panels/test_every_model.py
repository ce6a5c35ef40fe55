"""The panel of every model in `gdutils.models.__all__`: a new one is taken up by itself, with a picture."""

import numpy as np
import pytest

from gdutils import models
from gdutils.optimizers import SGD, Momentum
from gdutils.panel import LossPicture, TrainingPanel, training_panel
from tests.draws import draw, every_model
from tests.panels.problems import PROBLEMS, assert_shows, every_problem, look, until

EPOCHS = 6
SURE = models.LinearRegression, models.LogisticRegression, models.SoftmaxRegression  # a rate is known stable


@every_model
def test_any_model_has_a_panel_that_answers(kind):
    model, _, X, y = draw(kind, 0, n_samples=12)
    picture, apart = (LossPicture(model, X, y, EPOCHS) for _ in range(2))
    panel = TrainingPanel(picture, SGD(0.05))
    assert_shows(panel, apart, SGD(0.05), state=0)
    assert (panel.controls.rate.mark.value != "") == (kind in SURE)
    panel.controls.lr.value = 0.01
    panel.controls.batch_size.value = 5
    assert_shows(panel, apart, SGD(0.01), batch_size=5, state=0)
    panel.controls.epoch.value = 2
    assert_shows(panel, apart, SGD(0.01), batch_size=5, epoch=2, state=0)
    assert f"model = models.{model!r}" in panel.code()
    panel.controls.lr.value = 1e300  # out of all bounds: what comes of it is a result
    assert "loss" in look(panel)[0]


@every_problem
def test_every_control_to_both_ends_and_its_middle_and_other_data(problem):
    panel, pictures = problem.panel(EPOCHS), problem.pictures(EPOCHS)
    controls, apart = panel.controls, pictures["first"]
    start = {"batch_size": problem.batch_size}
    assert_shows(panel, apart, SGD(problem.lr), **start)
    for power in (-3, -1.25, 0.5):
        controls.lr_slider.value = 10**power
        assert_shows(panel, apart, SGD(float(f"{10**power:.3g}")), **start)  # what the number says is trained
    controls.optimizer.value, controls.lr.value = "Momentum", problem.lr
    for beta in (0.0, 0.99):
        controls.beta.value = beta
        assert_shows(panel, apart, Momentum(problem.lr, beta), **start)
    controls.optimizer.value = "SGD"
    for size in (1, controls.batch_size.max // 2, controls.batch_size.max):
        controls.batch_size.value = size
        assert_shows(panel, apart, SGD(problem.lr), batch_size=size)
    assert controls.batch_size.max == len(problem.data[1])
    controls.reset.click()
    for name, slider in controls.of_model.items():
        low, high = (0.01, 100.0) if name == "C" else (slider.min, slider.max)
        for value in (low, (low + high) // 2 or 0.5, high):
            slider.value = value
            assert_shows(panel, apart, SGD(problem.lr), **start, **{name: value})
            assert f", {slider.description} {value:.4g}" in panel.name(panel.run)
        slider.value = getattr(problem.model, name)
    for epoch in (0, EPOCHS // 2, EPOCHS):
        controls.epoch.value = epoch
        assert_shows(panel, apart, SGD(problem.lr), epoch=epoch, **start)
    controls.data.value = "second"
    assert_shows(panel, pictures["second"], SGD(problem.lr), **start)
    controls.batch_size.value = 3
    controls.data.value = "first"
    assert_shows(panel, apart, SGD(problem.lr), batch_size=3)


@pytest.mark.parametrize("problem", [PROBLEMS["line"], PROBLEMS["regions"], PROBLEMS["margin"]])
def test_a_long_run_is_drawn_as_it_trains_and_replaced_at_once(problem, monkeypatch):
    monkeypatch.setattr(training_panel, "FRAME", 0.0)
    panel, images = problem.panel(1500), []
    panel.wait()
    panel.image.observe(lambda change: images.append(change["new"]), "value")
    panel.controls.batch_size.value = 1 if problem.batch_size != 1 else 2  # 60,000 steps and more
    old = panel.run
    assert not old.finished
    assert 'aria-busy="true"' in panel.sentence.value
    until(lambda: len(images) > 3 and "(training, epoch " in panel.text)
    panel.controls.data.value = "second"
    panel.controls.batch_size.value = panel.controls.batch_size.max
    panel.wait()
    assert not old.finished
    assert 'aria-busy="false"' in panel.sentence.value
    assert "full batch" in panel.name(panel.run)


def test_every_run_begins_alike_and_the_generator_is_left_alone():
    problem, rng = PROBLEMS["network"], np.random.RandomState(7)
    panel = TrainingPanel(problem.draw(EPOCHS), SGD(problem.lr), batch_size=16, random_state=rng)
    for lr in (0.3, problem.lr):
        panel.controls.lr.value = lr
        panel.wait()
    apart = problem.draw(EPOCHS)
    assert_shows(panel, apart, SGD(problem.lr), state=np.random.RandomState(7), batch_size=16)
    panel.controls.seed.value = 5
    assert_shows(panel, apart, SGD(problem.lr), state=5, batch_size=16)
    assert rng.standard_normal() == np.random.RandomState(7).standard_normal()
