"""The pictures of all models: what they draw and say agrees with what is computed apart from them."""

import re

import numpy as np
import pytest
from sklearn.metrics import accuracy_score, root_mean_squared_error

from gdutils import models, panel
from gdutils.datasets import make_ratings
from gdutils.optimizers import SGD, Momentum
from gdutils.panel.pictures import number
from gdutils.tables.pictures import encode, predict_classes
from gdutils.training import Run, Snapshot, train
from tests.panels.problems import PROBLEMS, RATINGS, every_problem

EPOCHS = 12


def run_of(problem, optimizer=None, epochs=EPOCHS, **settings):
    settings = {"batch_size": problem.batch_size, "random_state": 3} | settings
    return train(problem.model, *problem.data, optimizer or SGD(problem.lr), epochs=epochs, **settings)


def plain(text):
    return text.replace("\N{NO-BREAK SPACE}", " ").replace("−", "-")


# What is drawn. ---


@every_problem
def test_a_run_that_broke_is_drawn_and_told(problem):
    picture, whole = problem.draw(EPOCHS), run_of(problem, epochs=2)
    for value in (np.inf, np.nan, 1e300):
        broken = {name: np.full_like(theta, value) for name, theta in whole.params.items()}
        run = Run([*whole.snapshots, Snapshot(3, broken, np.nan, whole.states[-1])])
        for epoch in (3, 0):
            picture.update(problem.model, run, epoch)
            picture.live.png()
        # Nothing is claimed of what is no number.
        assert picture.caption(problem.model, run, 3) == "loss > 10⁶"


# What is said, and what the curves show. ---


@pytest.mark.parametrize("name", ["probability", "regions", "network", "margin"])
def test_curves_and_words_of_a_classifier(name):
    problem, model = PROBLEMS[name], PROBLEMS[name].model
    picture, parts = problem.draw(EPOCHS, held_out=problem.other_data), (problem.data, problem.other_data)
    runs = run_of(problem), run_of(problem, Momentum(problem.lr, 0.5))
    # As a panel does it: a run that grows, then another one, then the first again.
    for run, known in ((runs[0], 5), (runs[0], EPOCHS), (runs[1], 3), (runs[0], EPOCHS)):
        part = Run(run.snapshots[: known + 1])
        picture.update(model, part, known)
        scores = []
        for (curve, *_), (X, y) in zip(picture.curves, parts, strict=True):
            np.testing.assert_allclose(curve.get_ydata(), [model.loss(params, X, y) for params in part.path])
            scores.append(accuracy_score(y, encode(model, predict_classes(model, part.params, X))))
        words = plain(picture.caption(model, part, known))
        assert words.startswith(f"loss {part.losses[-1]:.4g}")
        assert "accuracy {:.3f}, on held-out rows {:.3f}".format(*scores) in words


def test_words_tell_how_large_the_parameters_are():
    for name, words in (("probability", r"‖w‖ ([\d.]+)"), ("margin", r"margin ([\d.]+) to each side")):
        problem = PROBLEMS[name]
        run = run_of(problem)
        norm = np.sqrt(np.sum(run.params["w"] ** 2))
        (found,) = re.findall(words, plain(problem.draw(EPOCHS).caption(problem.model, run, EPOCHS)))
        assert float(found) == pytest.approx(norm if name == "probability" else 1 / norm, rel=5e-3)


@pytest.mark.parametrize(
    ("value", "written"),
    [(-0.0, "0"), (-1.23456, "−1.235"), (1e6, "1e+06"), (2e6, "> 10⁶"), (-2e6, "< −10⁶"), (np.nan, "> 10⁶")],
)
def test_numbers_have_a_minus_sign_and_an_end(value, written):
    assert number(value) == written


def test_words_tell_of_a_better_epoch_before_a_spike():
    problem = PROBLEMS["network"]
    snapshots = run_of(problem, epochs=3).snapshots
    spiked = Run([each._replace(loss=x) for each, x in zip(snapshots, (2.0, 0.25, 0.3, 1.5), strict=True)])
    picture = problem.draw(3)
    captions = [picture.caption(problem.model, spiked, epoch) for epoch in (2, 3)]
    assert "(after" not in captions[0]
    assert "loss 1.5 (after epoch 1 it was 0.25)" in captions[1]


def test_errors_on_known_and_hidden_entries():
    problem = PROBLEMS["ratings"]
    run, (X, y, truth) = run_of(problem), RATINGS
    hidden = np.ones(truth.shape, dtype=bool)
    hidden[X[:, 0], X[:, 1]] = False
    picture = problem.draw(EPOCHS)
    picture.update(problem.model, run, EPOCHS)
    for epoch in (0, EPOCHS):
        table = run.path[epoch]["P"] @ run.path[epoch]["Q"].T
        on_known = root_mean_squared_error(y, table[X[:, 0], X[:, 1]])
        on_hidden = root_mean_squared_error(truth[hidden], table[hidden])
        drawn = [curve[0].get_ydata()[epoch] for curve in picture.curves]
        assert drawn == pytest.approx([on_known, on_hidden])
        words = f"RMSE {on_known:.4g} on known entries and {on_hidden:.4g} on hidden ones"
        assert words in picture.caption(problem.model, run, epoch)
    np.testing.assert_allclose(picture.table[0].get_array(), table, rtol=1e-6)


def test_of_a_large_table_a_part_is_drawn_and_all_of_it_judged():
    X, y, _ = make_ratings(120, 110, random_state=0)
    model = models.MatrixFactorization(200_000, 150_000, 2, 0.1)  # the whole table would have 240 GB
    picture = panel.RatingsPicture(model, X, y, 1, held_out=(X[:9], y[:9]))
    assert np.isfinite(picture.known()).sum() == (X < 100).all(axis=1).sum()
    run = Run([Snapshot(0, model.init(np.random.RandomState(0)), 1.0, {})])
    picture.update(model, run, 0)
    assert "(drawn: the first 100)" in picture.caption(model, run, 0)
