"""Which rates are stable: against second derivatives of the loss, differentiated twice by numbers."""

import re

import numpy as np
import pytest

from gdutils import panels
from gdutils.limits import Limits, largest_curvature, point_out, point_out_here
from gdutils.models import MatrixFactorization, NeuralNetwork
from gdutils.optimizers import SGD, AdaGrad, Adam, Momentum, Nesterov, RMSprop
from gdutils.runs import Abandoned, Settings
from gdutils.training import train
from tests.problems import PROBLEMS

ROLLING = [SGD(lr=0.1), Momentum(lr=0.1, beta=0.5), Nesterov(lr=0.1, beta=0.5)]
ADAPTIVE = [AdaGrad(lr=0.1), RMSprop(lr=0.1), Adam(lr=0.1)]
BOUNDED = {"line": "stable below", "probability": "surely stable below",
           "regions": "surely stable below", "margin": "surely stable below"}  # fmt: skip
ESTIMATED = ["regions of a network", "ratings"]
RNG = np.random.RandomState(0)


def second_derivatives(model, params, X, y, h=1e-4):
    """Return the Hessian of the loss, from differences of the loss alone."""
    shapes = {name: np.shape(theta) for name, theta in params.items()}
    flat = np.concatenate([np.ravel(theta) for theta in params.values()])

    def loss(point):
        moved, start = {}, 0
        for name, shape in shapes.items():
            size = int(np.prod(shape))
            moved[name], start = point[start : start + size].reshape(shape), start + size
        return model.loss(moved, X, y)

    steps = h * np.eye(len(flat))
    return np.array(
        [
            [
                (loss(flat + a + b) - loss(flat + a - b) - loss(flat - a + b) + loss(flat - a - b))
                / (4 * h**2)
                for b in steps
            ]
            for a in steps
        ]
    )


def largest(model, params, X, y):
    return np.linalg.eigvalsh(second_derivatives(model, params, X, y))[-1]


def settings(optimizer, batch_size):
    return Settings("data", optimizer, batch_size, {})


def limit_in(words):
    return float(re.search(r"([\d.e+-]+)$", words).group())


SMALL = {
    "network": (NeuralNetwork(2, 3, 2), RNG.standard_normal((20, 2)), RNG.randint(0, 2, 20)),
    "ratings": (
        MatrixFactorization(4, 3, 2, 0.1),
        np.array([[0, 0], [0, 1], [1, 1], [2, 0], [2, 2], [3, 2], [3, 0]]),
        np.array([3.0, -1.0, 2.0, 4.0, 0.5, -2.0, 1.0]),
    ),
}


@pytest.mark.parametrize("epochs", [0, 3, 100])
@pytest.mark.parametrize("name", SMALL)
def test_the_estimate_is_the_largest_eigenvalue(name, epochs):
    model, X, y = SMALL[name]
    params = train(model, X, y, SGD(lr=0.05), epochs=epochs).params
    if name == "network":  # at a kink there is no second derivative
        assert np.abs(X @ params["W1"] + params["b1"]).min() > 2e-4 * (1 + np.abs(X).max())
    right = largest(model, params, X, y)
    assert largest_curvature(model, params, X, y) == pytest.approx(right, rel=0.02)


@pytest.mark.parametrize("name", BOUNDED)
def test_the_curvature_known_is_exact_or_a_bound(name):
    problem = PROBLEMS[name]
    (X, y), model = problem.data, problem.model
    limits = Limits.of(model, X)
    assert limits.exact == (name == "line")
    rng = np.random.RandomState(1)
    start = model.init(rng)
    points = [start] + [
        {k: v + 0.3 * rng.standard_normal(np.shape(v)) for k, v in start.items()} for _ in "12"
    ]
    for params in points:
        found = largest(model, params, X, y)
        row = max(largest(model, params, X[[i]], y[[i]]) for i in range(0, len(y), 7))
        assert found <= limits.rows * (1 + 1e-4)
        assert row <= limits.row * (1 + 1e-4)
        if limits.exact:
            assert found == pytest.approx(limits.rows, rel=1e-5)
            assert largest_curvature(model, params, X, y) == pytest.approx(limits.rows, rel=1e-6)
    if name in ("probability", "regions"):  # their bound is reached where the model is undecided
        assert largest(model, start, X, y) > 0.5 * limits.rows


@pytest.mark.parametrize("optimizer", ROLLING, ids=repr)
def test_below_the_estimate_a_minimum_holds_and_above_it_does_not(optimizer):
    model, X, y = SMALL["ratings"]
    best = train(model, X, y, SGD(lr=0.3), epochs=20_000).params
    limit = optimizer.largest_stable_lr(largest_curvature(model, best, X, y))
    beside = {name: theta + 1e-4 * RNG.standard_normal(theta.shape) for name, theta in best.items()}
    for factor, holds in ((0.95, True), (1.05, False)):
        moving = type(optimizer)(**{**vars(optimizer), "lr": factor * limit})
        losses = train(model, X, y, moving, epochs=400, params=beside).losses
        assert (losses[-1] <= losses[0]) == holds


def test_a_diverged_point_has_no_curvature():
    model, X, y = SMALL["ratings"]
    broken = {name: np.full_like(theta, np.inf) for name, theta in model.init(RNG).items()}
    assert np.isnan(largest_curvature(model, broken, X, y))


def test_an_estimate_gives_up_when_it_is_no_longer_wanted():
    model, X, y = SMALL["network"]
    answers = iter([True] * 5 + [False])
    with pytest.raises(Abandoned):
        largest_curvature(model, model.init(RNG), X, y, lambda: next(answers))
    assert next(answers, None) is None  # asked in its midst


# The words at the mark. ---


@pytest.mark.parametrize("optimizer", ROLLING, ids=repr)
@pytest.mark.parametrize("name", BOUNDED)
def test_words_of_all_rows(name, optimizer):
    X, y = PROBLEMS[name].data
    limits = Limits.of(PROBLEMS[name].model, X)
    limit, words = point_out(limits, settings(optimizer, len(y)), len(y))
    assert limit == pytest.approx(optimizer.largest_stable_lr(limits.rows))
    # A bound on the curvature makes plain descent safe; with momentum nothing is proven.
    sure = name == "line" or type(optimizer) is SGD
    assert words.startswith(BOUNDED[name] + " " if sure else "stable below about ")
    assert 0.9 * limit <= limit_in(words) <= limit


@pytest.mark.parametrize("optimizer", ROLLING, ids=repr)
@pytest.mark.parametrize("batch_size", [1, 16])
@pytest.mark.parametrize("name", BOUNDED)
def test_words_of_batches(name, batch_size, optimizer):
    X, y = PROBLEMS[name].data
    limit, words = point_out(Limits.of(PROBLEMS[name].model, X), settings(optimizer, batch_size), len(y))
    assert words.startswith("stable below about ")
    assert 0.9 * limit <= limit_in(words) <= limit


@pytest.mark.parametrize("optimizer", ROLLING, ids=repr)
@pytest.mark.parametrize("batch_size", [1, 16, None])
@pytest.mark.parametrize("name", ESTIMATED)
def test_words_of_an_estimate(name, batch_size, optimizer):
    picture = PROBLEMS[name].draw(5)
    assert Limits.of(picture.model, picture.X) is None
    params = picture.model.init(np.random.RandomState(0))
    size = batch_size or len(picture.y)
    limit, words = point_out_here(settings(optimizer, size), picture.model, params, picture, lambda: True)
    assert words.startswith("estimate: stable below ")
    assert 0.9 * limit <= limit_in(words) <= limit
    if batch_size is None:
        curvature = largest_curvature(picture.model, params, picture.X, picture.y)
        assert limit == pytest.approx(optimizer.largest_stable_lr(curvature))


@pytest.mark.parametrize("optimizer", ADAPTIVE, ids=repr)
def test_the_adaptive_optimizers_have_no_mark(optimizer):
    X, y = PROBLEMS["line"].data
    nothing = (None, "")
    assert point_out(Limits.of(PROBLEMS["line"].model, X), settings(optimizer, len(y)), len(y)) == nothing
    model, *data = SMALL["network"]
    assert point_out_here(settings(optimizer, 20), model, model.init(RNG), data, lambda: True) == nothing


def test_a_diverged_run_has_no_mark():
    picture = PROBLEMS["ratings"].draw(5)
    broken = {name: np.full_like(theta, np.nan) for name, theta in picture.model.init(RNG).items()}
    for size in (1, len(picture.y)):
        found = point_out_here(settings(SGD(), size), picture.model, broken, picture, lambda: True)
        assert found == (None, "")


# The mark of a panel. ---


@pytest.mark.parametrize("name", ESTIMATED)
def test_an_estimate_is_made_only_while_it_is_seen(name, monkeypatch):
    calls = []

    def counted(*args):
        calls.append(args)
        return point_out_here(*args)

    monkeypatch.setattr(panels, "point_out_here", counted)
    panel = PROBLEMS[name].panel(20)
    mark = panel.controls.rate.mark
    panel.wait()
    panel.controls.epoch.value = 10
    panel.wait()
    assert (calls, mark.value) == ([], "")

    panel.more.value = True
    panel.wait()
    run = panel.run
    wanted = point_out_here(run.settings, run.model, run.snapshots[10].params, run.picture, lambda: True)
    assert wanted[1] in mark.value
    first = mark.value
    panel.controls.epoch.value = 20
    panel.wait()
    assert mark.value != first
    panel.controls.optimizer.value = Adam
    panel.wait()
    assert mark.value == ""

    panel.controls.optimizer.value = SGD
    panel.more.value = False
    panel.wait()
    count = len(calls)
    panel.controls.epoch.value = 3
    panel.wait()
    assert len(calls) == count


def test_the_newest_estimate_wins(monkeypatch):
    panel = PROBLEMS["regions of a network"].panel(20)
    panel.more.value = True
    panel.wait()
    for epoch in range(20):
        panel.controls.epoch.value = epoch
    panel.controls.lr.value = 0.011
    panel.wait()
    run = panel.run
    last = run.snapshots[panel.controls.epoch.value].params
    words = point_out_here(run.settings, run.model, last, run.picture, lambda: True)[1]
    assert words in panel.controls.rate.mark.value
