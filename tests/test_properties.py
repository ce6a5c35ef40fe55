"""What holds of every model and every optimizer, whatever the data, the parameters and the settings."""

from copy import deepcopy

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gdutils import optimizers
from gdutils.optimizers import SGD
from gdutils.training import minibatches, train
from tests.draws import draw, every_model

EPS = np.finfo(float).eps
SEEDS = st.integers(0, 2**32 - 1)
SCALES = st.integers(-6, 6).map(lambda power: 10.0**power)  # of the data, and of the parameters


def holds_for(max_examples, **drawn):
    """Return a test's decorator: these examples are the same in every run."""
    same = settings(deadline=None, derandomize=True, database=None, max_examples=max_examples)
    return lambda test: same(given(**drawn)(test))


def for_all_data(max_examples):
    return holds_for(max_examples, seed=SEEDS, scale=SCALES, params_scale=SCALES)


# Models. ---


@every_model
@for_all_data(100)
def test_loss_gradient_and_prediction_are_finite_and_of_their_shapes(kind, seed, scale, params_scale):
    model, params, X, y = draw(kind, seed, scale, params_scale=params_scale)
    with np.errstate(all="raise", under="ignore"):
        loss, gradient = model.loss(params, X, y), model.gradient(params, X, y)
        predicted = model.predict(params, X)
    assert type(loss) is float
    assert np.isfinite(loss)
    assert {name: np.shape(slope) for name, slope in gradient.items()} == model.shapes
    for slope in gradient.values():
        assert slope.dtype == float
        assert np.isfinite(slope).all()
    assert np.isfinite(predicted).all()
    if predicted.ndim == 2:  # probabilities
        assert predicted.shape == (len(y), len(model.labels))
        assert predicted.min() >= 0
        np.testing.assert_allclose(predicted.sum(axis=1), 1, rtol=1e-14)
    else:
        assert predicted.shape == y.shape


def slope(model, params, X, y, name, index):
    """Return ∂L/∂θᵢ by differences of the loss, and how far it may be off.

    The slopes to either side differ where the loss bends, and a loss is rounded, relative to 1 or more.
    """

    def f(step):
        theta = params[name].copy()
        theta[index] += step
        return model.loss(params | {name: theta}, X, y)

    h = 1e-5 * max(0.1, abs(params[name][index]))
    behind, here, ahead = f(-h), f(0), f(h)
    right, left = (ahead - here) / h, (here - behind) / h
    return (right + left) / 2, abs(right - left) + 20 * EPS * max(1, abs(here)) / h


@every_model
@holds_for(60, seed=SEEDS, power=st.integers(-1, 1))
def test_gradient_is_the_slope_of_the_loss(kind, seed, power):
    model, params, X, y = draw(kind, seed, 10.0**power, params_scale=10.0**-power)
    for name, gradient in model.gradient(params, X, y).items():
        for index in np.ndindex(np.shape(gradient)):
            numerical, off = slope(model, params, X, y, name, index)
            assert gradient[index] == pytest.approx(numerical, rel=0, abs=off), (name, index)


def largest_gradients(model, params, X, y):
    """Return the largest entry of each gradient, were every row the only one, and of any label.

    A probability is rounded relative to 1, not to its distance from a label: where a model is sure and right,
    the gradient is the rounding of a larger one.
    """
    targets = [np.full(len(y), label) for label in model.labels] or [y]
    rows = [model.gradient(params, X[[i]], target[[i]]) for target in targets for i in range(len(y))]
    return {name: max(np.abs(row[name]).max() for row in rows) for name in params}


@every_model
@for_all_data(60)
def test_loss_and_gradient_are_means_over_the_rows_and_predictions_row_by_row(
    kind, seed, scale, params_scale
):
    # So the batches' values, weighted by their rows, average to the full ones.
    model, params, X, y = draw(kind, seed, scale, params_scale=params_scale)
    rows = [slice(i, i + 1) for i in range(len(y))]
    losses = [model.loss(params, X[row], y[row]) for row in rows]
    assert model.loss(params, X, y) == pytest.approx(np.mean(losses), rel=1e-12, abs=1e-14)
    gradients = [model.gradient(params, X[row], y[row]) for row in rows]
    largest = largest_gradients(model, params, X, y)
    for name, full in model.gradient(params, X, y).items():
        mean = np.mean([gradient[name] for gradient in gradients], axis=0)
        np.testing.assert_allclose(full, mean, rtol=0, atol=1e-11 * largest[name], err_msg=name)
    alone = np.concatenate([model.predict(params, X[row]) for row in rows])
    np.testing.assert_allclose(model.predict(params, X), alone, rtol=0, atol=1e-11 * np.abs(alone).max())


@every_model
@for_all_data(60)
def test_below_2_by_the_curvature_no_step_raises_the_loss(kind, seed, scale, params_scale):
    model, params, X, y = draw(kind, seed, scale, params_scale=params_scale)
    if model.curvature_bound(X) is None:
        return
    # Half of the rates are at or below 1/λ, the other half up to 2/λ.
    lr = (1 + np.random.RandomState(seed).uniform(-0.999, 0.999)) / model.curvature_bound(X)
    run = train(model, X, y, SGD(lr), epochs=12, params=params)
    # A loss is off by the rounding of the largest numbers in it: terms of a score, or their squares.
    terms = max(np.abs(X).max() * sum(np.abs(theta).sum() for theta in at.values()) for at in run.path)
    terms = max(1, terms, np.abs(y).max())
    off = 50 * EPS * (terms**2 if model.curvature(X) is not None else terms)
    assert np.all(np.diff(run.losses) <= off)


# Batches. ---


@holds_for(100, data=st.data(), n=st.integers(1, 40), seed=SEEDS)
def test_the_batches_of_an_epoch_are_one_permutation_cut_in_pieces(data, n, seed):
    batch_size = data.draw(st.integers(1, n))
    X, y = np.arange(2.0 * n).reshape(n, 2), np.arange(n)
    ours, theirs = np.random.RandomState(seed), np.random.RandomState(seed)
    batches = list(minibatches(X, y, batch_size, ours))
    order = np.arange(n) if batch_size == n else theirs.permutation(n)  # all rows at once stay as they are
    sizes = [len(rows) for _, rows in batches]
    assert sizes[:-1] == [batch_size] * (len(sizes) - 1)  # only the last may be shorter
    assert 0 < sizes[-1] <= batch_size
    np.testing.assert_array_equal(np.concatenate([rows for _, rows in batches]), order)
    np.testing.assert_array_equal(np.concatenate([rows for rows, _ in batches]), X[order])
    assert ours.randint(2**31) == theirs.randint(2**31)  # nothing else was drawn


# Optimizers. ---


def arrays_of(state):
    """Return the arrays of a state: none, one, or those of Adam beside its count."""
    parts = state if isinstance(state, tuple) else (state,)
    return [part for part in parts if isinstance(part, np.ndarray | np.generic)]


@pytest.mark.parametrize("kind", [getattr(optimizers, name) for name in optimizers.__all__])
@pytest.mark.parametrize("shape", [(), (3,), (2, 1, 3)])
def test_steps_keep_shapes_and_precision_and_modify_nothing(kind, shape):
    rng, optimizer = np.random.RandomState(0), kind()
    theta = np.asarray(rng.randn(*shape))
    at = theta, optimizer.init(theta)
    for scale in (1.0, 1e-6, 1e6):
        grad = np.asarray(scale * rng.randn(*shape))
        before = deepcopy((at, grad))
        new = optimizer.step(at[0], grad, at[1])
        np.testing.assert_equal((at, grad), before)
        held = [at[0], grad, *arrays_of(at[1])]
        for array in (new[0], *arrays_of(new[1])):
            assert np.shape(array) == shape
            assert array.dtype == float
            assert not any(np.shares_memory(array, other) for other in held)
        at = new
