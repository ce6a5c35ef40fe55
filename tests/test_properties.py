"""What holds of every model and every optimizer, whatever the data, the parameters and the settings."""

from copy import deepcopy
from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes

from gdutils import models, optimizers
from gdutils.gradient_check import numerical_gradient
from gdutils.optimizers import SGD, Momentum, Nesterov
from gdutils.training import minibatches, train
from tests.draws import KINDS, draw, every_model, labels_of

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
    assert gradient.keys() == params.keys()
    for name, theta in params.items():
        assert np.shape(gradient[name]) == theta.shape
        assert gradient[name].dtype == float
        assert np.isfinite(gradient[name]).all()
    assert predicted.shape == ((len(y), model.n_classes) if hasattr(model, "n_classes") else y.shape)
    assert np.isfinite(predicted).all()
    if labels_of(model) not in (None, (-1, 1)):  # what else has labels gives probabilities
        assert predicted.min() >= 0
        assert predicted.max() <= 1
    if predicted.ndim == 2:
        np.testing.assert_allclose(predicted.sum(axis=1), 1, rtol=1e-14)


def differences(Z):
    """Return what one column has more than another, for all pairs of them."""
    return (Z[:, :, np.newaxis] - Z[:, np.newaxis, :])[:, *np.triu_indices(Z.shape[1], 1)].ravel()


def bends(model, params, X, y):
    """Return what a loss is straight but for: the numbers with a kink at 0, those in an exp, those squared.

    Each is a linear function of every single parameter.
    """
    match type(model).__name__:
        case "LinearRegression":
            return [], [], X @ params["w"] + params["b"] - y
        case "LogisticRegression":
            return [], X @ params["w"] + params["b"], []
        case "SoftmaxRegression":
            return [], differences(X @ params["W"] + params["b"]), []
        case "LinearSVM":
            return 1 - y * (X @ params["w"] + params["b"]), [], params["w"]
        case "NeuralNetwork":
            Z1 = X @ params["W1"] + params["b1"]
            return Z1.ravel(), differences(np.maximum(0, Z1) @ params["W2"] + params["b2"]), []
        case "MatrixFactorization":
            P, Q = params["P"][X[:, 0]], params["Q"][X[:, 1]]
            penalized = np.sqrt(model.reg) * np.ravel([P, Q])
            return [], [], np.append(np.sum(P * Q, axis=1) - y, penalized)
    raise NotImplementedError(f"say here where the loss of {model} bends")


def slope(model, params, X, y, name, index):
    """Return ∂L/∂θᵢ by the numerical gradient, and how far it may be off by rounding and by its step.

    A step of 1e-5 is blind where θᵢ or the data are tiny or huge. This one goes halfway to the next kink,
    moves what is squared by as much as there is of it, and what exp is taken of by 1e-4 of its size, or 1e-4.
    """

    def moved(step):
        theta = params[name].copy()
        theta[index] += step
        return params | {name: theta}

    def bent(step):
        return [np.asarray(part) for part in bends(model, moved(step), X, y)]

    def f(t):
        return model.loss(moved(float(t)), X, y)

    def longest(step, part, sizes, share):
        """Return the step that moves one of the numbers by that share of its size; `step` is one to try."""
        change = np.abs(bent(step)[part] - here[part])
        return np.min(step * share * sizes[change > 0] / change[change > 0], initial=np.inf)

    here = kinked, curved, squared = bent(0)
    unit = max(1.0, abs(params[name][index]))
    step = min(
        longest(unit, 0, np.abs(kinked), 0.5),
        longest(unit, 2, np.full(squared.shape, np.abs(squared).max(initial=0)), 1),
    )
    # Only up to the kink is what follows it linear, too.
    step = min(step, longest(min(step, unit), 1, np.maximum(1, np.abs(curved)), 1e-4))
    step = unit if np.isinf(step) else step  # nothing moves with this parameter
    there = bent(step)
    # The loss is a sum of a few numbers of this size, each of them rounded.
    size = max(f(step), f(-step), *(np.abs(part).max(initial=0) for part in there[:2]))
    # A sixth of the third derivative of ln Σ eᶻ, times the larger of 1 and z², is below 1.
    turned = 1e-8 * np.abs(there[1] - curved).max(initial=0)
    return float(numerical_gradient(f, 0.0, step)), (100 * EPS * size + turned) / step


@every_model
@for_all_data(60)
def test_gradient_is_the_slope_of_the_loss(kind, seed, scale, params_scale):
    model, params, X, y = draw(kind, seed, scale, params_scale=params_scale)
    for name, gradient in model.gradient(params, X, y).items():
        for index in np.ndindex(np.shape(gradient)):
            numerical, off = slope(model, params, X, y, name, index)
            assert gradient[index] == pytest.approx(numerical, rel=0, abs=off), (name, index)


@every_model
def test_that_slope_sees_nearly_every_gradient_to_three_digits(kind):
    seen = []
    for seed in range(20):
        scale, params_scale = 10.0 ** np.random.RandomState(seed).randint(-6, 7, size=2)
        model, params, X, y = draw(kind, seed, scale, params_scale=params_scale)
        for name, gradient in model.gradient(params, X, y).items():
            off = [slope(model, params, X, y, name, index)[1] for index in np.ndindex(np.shape(gradient))]
            seen += [each <= 1e-3 * np.abs(gradient).max() for each in off]
    assert np.mean(seen) > 0.9


def largest_gradients(model, params, X, y):
    """Return the largest entry of each gradient, were every row the only one, and of any label.

    A probability is rounded relative to 1, not to its distance from a label: where a model is sure and right,
    the gradient is the rounding of a larger one.
    """
    labels = labels_of(model)
    targets = [y] if labels is None else [np.full(len(y), label) for label in labels]
    rows = [model.gradient(params, X[[i]], target[[i]]) for target in targets for i in range(len(y))]
    return {name: max(np.abs(row[name]).max() for row in rows) for name in params}


@every_model
@for_all_data(60)
def test_loss_and_gradient_are_means_over_the_rows(kind, seed, scale, params_scale):
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


@every_model
@for_all_data(60)
def test_the_order_of_the_rows_changes_nothing(kind, seed, scale, params_scale):
    model, params, X, y = draw(kind, seed, scale, params_scale=params_scale)
    order = np.random.RandomState(seed).permutation(len(y))
    assert model.loss(params, X[order], y[order]) == pytest.approx(
        model.loss(params, X, y), rel=1e-12, abs=1e-14
    )
    largest, there = largest_gradients(model, params, X, y), model.gradient(params, X[order], y[order])
    for name, here in model.gradient(params, X, y).items():
        np.testing.assert_allclose(there[name], here, rtol=0, atol=1e-11 * largest[name], err_msg=name)
    here = model.predict(params, X)
    np.testing.assert_allclose(
        model.predict(params, X[order]), here[order], rtol=0, atol=1e-11 * np.abs(here).max()
    )


# The SVM is convex, too, but its curvature is that of the penalty alone: across a kink of the hinge, a step
# of any rate may raise the loss.
BOUNDED = [kind for kind in KINDS if {"curvature", "curvature_bound"} & set(dir(kind))]


@pytest.mark.parametrize("kind", [kind for kind in BOUNDED if kind is not models.LinearSVM])
@for_all_data(100)
def test_below_2_by_the_curvature_no_step_raises_the_loss(kind, seed, scale, params_scale):
    model, params, X, y = draw(kind, seed, scale, params_scale=params_scale)
    curvature = model.curvature if hasattr(model, "curvature") else model.curvature_bound
    # Half of the rates are at or below 1/λ, the other half up to 2/λ.
    lr = (1 + np.random.RandomState(seed).uniform(-0.999, 0.999)) / curvature(X)
    run = train(model, X, y, SGD(lr), epochs=12, params=params)
    # A score s is off by EPS of the largest number in it, and so is what the loss takes of it: s, or s²/2.
    weights, bias = list(params)
    terms = max(np.max(np.abs(X) @ np.abs(at[weights]) + np.abs(at[bias])) for at in run.path)
    off = 20 * EPS * max(1, terms + np.abs(y).max())
    rises = off * (np.sqrt(2 * run.losses[:-1]) + off) if kind is models.LinearRegression else off
    assert np.all(np.diff(run.losses) <= rises)


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

every_optimizer = pytest.mark.parametrize("kind", [getattr(optimizers, name) for name in optimizers.__all__])


def for_all_gradients(max_examples):
    shapes = array_shapes(min_dims=0, max_dims=3, max_side=3)
    return holds_for(max_examples, seed=SEEDS, shape=shapes, n_steps=st.integers(0, 6))


def optimizer_and_gradients(kind, seed, shape, n_steps):
    """Return an optimizer, a start and gradients, all drawn at random, over many scales."""
    rng = np.random.RandomState(seed)
    of_setting = {
        "lr": lambda: 10 ** rng.uniform(-6, 3),
        "beta": lambda: rng.choice([0, rng.uniform(0, 0.999)]),
        "eps": lambda: 10 ** rng.uniform(-10, 0),
    }
    optimizer = kind(**{setting.name: of_setting[setting.name.rstrip("12")]() for setting in fields(kind)})
    grads = [np.asarray(10 ** rng.uniform(-6, 6) * rng.randn(*shape)) for _ in range(n_steps)]
    return optimizer, np.asarray(10 ** rng.uniform(-6, 6) * rng.randn(*shape)), grads


def steps(optimizer, theta, grads, state=None):
    """Return the point and the state after each gradient, the start first."""
    at = [(theta, optimizer.init(theta) if state is None else state)]
    for grad in grads:
        at.append(optimizer.step(at[-1][0], grad, at[-1][1]))
    return at


def arrays_of(state):
    """Return the arrays of a state: none, one, or those of Adam beside its count."""
    parts = state if isinstance(state, tuple) else (state,)
    return [part for part in parts if not isinstance(part, int)]


@every_optimizer
@for_all_gradients(60)
def test_steps_keep_shapes_and_precision_and_modify_nothing(kind, seed, shape, n_steps):
    optimizer, theta, grads = optimizer_and_gradients(kind, seed, shape, n_steps)
    at = theta, optimizer.init(theta)
    for grad in grads:
        before = deepcopy((at, grad))
        new = optimizer.step(at[0], grad, at[1])
        np.testing.assert_equal((at, grad), before)
        held = [at[0], grad, *arrays_of(at[1])]
        for array in (new[0], *arrays_of(new[1])):
            assert np.shape(array) == shape
            assert array.dtype == float
            assert not any(np.shares_memory(array, other) for other in held)
        at = new


@every_optimizer
@for_all_gradients(60)
def test_every_coordinate_moves_alone(kind, seed, shape, n_steps):
    """In another order they move the same, and so do the parts of an array, to the last digit."""
    optimizer, theta, grads = optimizer_and_gradients(kind, seed, (sum(shape) + 1,), n_steps)
    whole = steps(optimizer, theta, grads)
    order = np.random.RandomState(seed).permutation(len(theta))
    cut = np.random.RandomState(seed).randint(len(theta) + 1)
    for rows in (order, slice(cut), slice(cut, None)):
        part = steps(optimizer, theta[rows], [grad[rows] for grad in grads])
        for (theta_here, state_here), (theta_there, state_there) in zip(whole, part, strict=True):
            np.testing.assert_array_equal(theta_there, theta_here[rows])
            for here, there in zip(arrays_of(state_here), arrays_of(state_there), strict=True):
                np.testing.assert_array_equal(there, here[rows])


def coasting_adam(optimizer, state, k):
    m, v, t = state
    m_hat = m * optimizer.beta1**k / (1 - optimizer.beta1 ** (t + k))
    v_hat = v * optimizer.beta2**k / (1 - optimizer.beta2 ** (t + k))
    return optimizer.lr * m_hat / (np.sqrt(v_hat) + optimizer.eps)


# How far the k-th step goes after the slope has ended. Memory of squares alone moves nothing; a velocity
# fades by β a step, so that the rest of the way is αvβ/(1 − β), or β times that; Adam's m fades by β₁.
COASTING = {
    "SGD": lambda optimizer, state, k: 0.0,
    "AdaGrad": lambda optimizer, state, k: 0.0,
    "RMSprop": lambda optimizer, state, k: 0.0,
    "Momentum": lambda optimizer, state, k: optimizer.lr * state * optimizer.beta**k,
    "Nesterov": lambda optimizer, state, k: optimizer.lr * state * optimizer.beta ** (k + 1),
    "Adam": coasting_adam,
}


@every_optimizer
@for_all_gradients(60)
def test_where_the_slope_has_ended_the_point_comes_to_rest(kind, seed, shape, n_steps):
    optimizer, theta, grads = optimizer_and_gradients(kind, seed, shape, n_steps)
    theta, state = steps(optimizer, theta, grads)[-1]
    flat = steps(optimizer, theta, [np.zeros(shape)] * 20, state)
    for k in range(1, 21):
        step = COASTING[kind.__name__](optimizer, state, k)
        moved = flat[k - 1][0] - flat[k][0]
        if kind.__name__ in ("SGD", "AdaGrad", "RMSprop"):
            np.testing.assert_array_equal(moved, 0)
        # The difference of two points is off by the rounding of each.
        away = 2 * EPS * np.abs(flat[k - 1][0]).max(initial=0)
        np.testing.assert_allclose(moved, step, rtol=1e-10, atol=away + 2 * EPS * np.abs(step).max(initial=0))


@pytest.mark.parametrize(("kind", "ahead"), [(Momentum, 1), (Nesterov, 2)])
@for_all_gradients(60)
def test_momentum_coasts_no_farther_than_a_geometric_series(kind, ahead, seed, shape, n_steps):
    optimizer, theta, grads = optimizer_and_gradients(kind, seed, shape, n_steps)
    theta, velocity = steps(optimizer, theta, grads)[-1]
    beta = optimizer.beta
    far = optimizer.lr * np.abs(velocity) * beta**ahead / (1 - beta)
    for at, _ in steps(optimizer, theta, [np.zeros(shape)] * 50, velocity):
        assert np.all(np.abs(at - theta) <= far * (1 + 1e-12) + 50 * EPS * np.abs(theta))
