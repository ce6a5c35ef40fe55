"""Every model in `gdutils.models`: its gradient against the numerical one, and what it refuses.

The models are found by themselves. A new one is tested as soon as it is in `gdutils.models.__all__`, unless
it has a setting that `SETTINGS` does not know.
"""

import re
from dataclasses import FrozenInstanceError, fields

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import linear_model

from gdutils import models
from gdutils.gradient_check import numerical_gradient
from gdutils.models import LinearRegression
from gdutils.optimizers import SGD, Momentum
from gdutils.training import train

KINDS = [getattr(models, name) for name in models.__all__]

# A random value for each setting a model may have.
SETTINGS = {
    "n_features": lambda rng: rng.randint(1, 5),
    "n_classes": lambda rng: rng.randint(2, 5),
    "n_hidden": lambda rng: rng.randint(1, 6),
    "n_users": lambda rng: rng.randint(1, 5),
    "n_items": lambda rng: rng.randint(1, 5),
    "rank": lambda rng: rng.randint(1, 4),
    "C": lambda rng: rng.uniform(0.1, 3),
    "reg": lambda rng: rng.uniform(0, 1),
}
# Two classes are written in two ways; all other targets follow from the settings.
TWO_CLASSES = {"LogisticRegression": (0, 1), "LinearSVM": (-1, 1)}


def draw(kind, seed, scale=1.0, n_samples=None):
    """Return a model, parameters and data, all drawn at random."""
    rng = np.random.RandomState(seed)
    model = kind(**{setting.name: SETTINGS[setting.name](rng) for setting in fields(kind)})
    n = n_samples or rng.randint(1, 13)
    if hasattr(model, "n_users"):
        X = np.column_stack([rng.randint(model.n_users, size=n), rng.randint(model.n_items, size=n)])
    else:
        X = scale * rng.randn(n, model.n_features)
    if hasattr(model, "n_classes"):
        y = rng.randint(model.n_classes, size=n)
    elif kind.__name__ in TWO_CLASSES:
        y = rng.choice(TWO_CLASSES[kind.__name__], size=n)
    else:
        y = scale * rng.randn(n)
    params = {k: np.asarray(scale * rng.randn(*np.shape(v))) for k, v in model.init(rng).items()}
    return model, params, X, y


def every_model(test):
    return pytest.mark.parametrize("kind", KINDS)(test)


@every_model
@settings(deadline=None, derandomize=True, database=None, max_examples=60)
@given(seed=st.integers(0, 2**32 - 1), scale=st.sampled_from([0.01, 1.0, 30.0]))
def test_gradient_is_the_slope_of_the_loss(kind, seed, scale):
    model, params, X, y = draw(kind, seed, scale)
    gradient = model.gradient(params, X, y)
    assert gradient.keys() == params.keys()
    for name, theta in params.items():
        slope = numerical_gradient(lambda t, name=name: model.loss(params | {name: t}, X, y), theta)
        assert np.shape(gradient[name]) == theta.shape
        # Relative to the loss too: its rounding errors are all that the difference quotient can see.
        size = max(1.0, np.abs(slope).max(), model.loss(params, X, y))
        np.testing.assert_allclose(gradient[name], slope, rtol=0, atol=1e-7 * size, err_msg=name)


@every_model
@pytest.mark.parametrize("seed", range(10))
def test_loss_and_gradient_are_means_over_the_rows(kind, seed):
    # So the batches' values, weighted by their rows, average to the full ones.
    model, params, X, y = draw(kind, seed, n_samples=11)
    batches = [slice(0, 1), slice(1, 5), slice(5, 11)]
    loss = sum(len(y[rows]) * model.loss(params, X[rows], y[rows]) for rows in batches) / len(y)
    assert loss == pytest.approx(model.loss(params, X, y), rel=1e-12)
    for name, full in model.gradient(params, X, y).items():
        parts = sum(len(y[rows]) * model.gradient(params, X[rows], y[rows])[name] for rows in batches)
        np.testing.assert_allclose(parts / len(y), full, rtol=1e-10, atol=1e-12, err_msg=name)


@every_model
@pytest.mark.parametrize("method", ["predict", "loss", "gradient"])
def test_no_input_is_modified(kind, method):
    model, params, X, y = draw(kind, 0)
    for array in (X, y, *params.values()):
        array.flags.writeable = False  # writing would raise
    keys = list(params)
    getattr(model, method)(*((params, X) if method == "predict" else (params, X, y)))
    assert list(params) == keys


@every_model
def test_init_is_a_fresh_start_from_the_generator(kind):
    model, *_ = draw(kind, 0)
    first, second = model.init(np.random.RandomState(5)), model.init(np.random.RandomState(5))
    for name in first:
        np.testing.assert_array_equal(first[name], second[name])
        assert not np.shares_memory(first[name], second[name])


# What replaces X or y, and what the message must say of it besides the argument's name.
WRONG_DATA = {
    "y a column": ("y", lambda X, y: (X, y[:, np.newaxis]), "(7, 1)"),
    "y a row": ("y", lambda X, y: (X, y[np.newaxis]), "(1, 7)"),
    "y a number": ("y", lambda X, y: (X, y[0]), "()"),
    "y too short": ("y", lambda X, y: (X, y[:-1]), "6 in y"),
    "y of one": ("y", lambda X, y: (X, y[:1]), "1 in y"),
    "y empty": ("y", lambda X, y: (X, y[:0]), "0 in y"),
    "y strings": ("y", lambda X, y: (X, y.astype(str)), "dtype <U"),
    "y objects": ("y", lambda X, y: (X, y.astype(object)), "dtype object"),
    "y complex": ("y", lambda X, y: (X, y + 1j), "dtype complex"),
    "y None": ("y", lambda X, y: (X, None), "dtype object"),
    "X flat": ("X", lambda X, y: (X[:, 0], y), "(7,)"),
    "X a cube": ("X", lambda X, y: (X[:, :, np.newaxis], y), ", 1)"),
    "X too wide": ("X", lambda X, y: (np.column_stack([X, X]), y), "(7, "),
    "X too short": ("X", lambda X, y: (X[:-1], y), "6 rows in X"),
    "X empty": ("X", lambda X, y: (X[:0], y[:0]), "(0, "),
    "X strings": ("X", lambda X, y: (X.astype(str), y), "dtype <U"),
    "X objects": ("X", lambda X, y: (X.astype(object), y), "dtype object"),
    "X ragged": ("X", lambda X, y: ([[1.0], [1.0, 2.0]], y), "rows of one length"),
}


@every_model
@pytest.mark.parametrize("method", ["loss", "gradient"])
@pytest.mark.parametrize(("argument", "spoil", "found"), WRONG_DATA.values(), ids=WRONG_DATA)
def test_wrong_data_never_broadcasts(kind, method, argument, spoil, found):
    model, params, X, y = draw(kind, 1, n_samples=7)
    with pytest.raises((ValueError, TypeError), match=rf"\b{argument}\b.*{re.escape(found)}"):
        getattr(model, method)(params, *spoil(X, y))


@every_model
@pytest.mark.parametrize(
    "case", [case for case in WRONG_DATA if case.startswith("X") and "short" not in case]
)
def test_predict_refuses_wrong_data_too(kind, case):
    model, params, X, y = draw(kind, 1, n_samples=7)
    argument, spoil, found = WRONG_DATA[case]
    with pytest.raises((ValueError, TypeError), match=rf"\b{argument}\b.*{re.escape(found)}"):
        model.predict(params, spoil(X, y)[0])


@every_model
@pytest.mark.parametrize("method", ["predict", "loss", "gradient"])
def test_wrong_params_never_broadcast(kind, method):
    model, params, X, y = draw(kind, 2)
    data = (X,) if method == "predict" else (X, y)
    for name, theta in params.items():
        column = theta[..., np.newaxis]  # (d,) becomes (d, 1), and () becomes (1,)
        with pytest.raises(ValueError, match=rf"params\['{name}'\].*{re.escape(str(column.shape))}"):
            getattr(model, method)(params | {name: column}, *data)
        with pytest.raises(ValueError, match=rf"params.*'{name}'"):
            getattr(model, method)({k: v for k, v in params.items() if k != name}, *data)
    with pytest.raises(ValueError, match=r"params.*'extra'"):
        getattr(model, method)(params | {"extra": np.zeros(1)}, *data)


@every_model
def test_model_is_frozen(kind):
    model, *_ = draw(kind, 0)
    for setting in fields(kind):
        with pytest.raises(FrozenInstanceError):
            setattr(model, setting.name, 3)


@every_model
@pytest.mark.parametrize("value", [0, -1, 1.5, float("nan"), "2", None, True])
def test_bad_sizes_are_named(kind, value):
    model, *_ = draw(kind, 0)
    good = {setting.name: getattr(model, setting.name) for setting in fields(kind)}
    for name in good.keys() - {"C", "reg"}:
        with pytest.raises((ValueError, TypeError), match=f"{name}.*{value!r}"):
            kind(**good | {name: value})


# Linear regression. ---


def test_linear_loss_is_the_formula():
    model, params = LinearRegression(n_features=2), {"w": np.array([2.0, -1.0]), "b": np.array(0.5)}
    X, y = [[1.0, 2.0], [3.0, 4.0], [0.0, 1.0]], [1.0, 2.0, -2.0]
    # Predictions 0.5, 2.5, −0.5; errors −0.5, 0.5, 1.5.
    np.testing.assert_allclose(model.predict(params, X), [0.5, 2.5, -0.5])
    assert model.loss(params, X, y) == pytest.approx(0.5 * (0.25 + 0.25 + 2.25) / 3, rel=1e-15)
    gradient = model.gradient(params, X, y)
    np.testing.assert_allclose(gradient["w"], [(-0.5 + 1.5) / 3, (-1.0 + 2.0 + 1.5) / 3])
    assert gradient["b"] == pytest.approx(1.5 / 3)


@pytest.mark.parametrize("shape", [(300, 4), (5, 300), (1, 300)])
def test_of_a_wide_table_the_curvature_costs_what_its_rows_do(shape, monkeypatch):
    """Tables of genes have thousands of columns; the eigenvalues of a matrix of that size take minutes."""
    X, sizes, eigvalsh = np.random.RandomState(0).randn(*shape), [], np.linalg.eigvalsh
    wanted = np.linalg.norm(np.column_stack([X, np.ones(len(X))]), 2) ** 2 / len(X)
    monkeypatch.setattr(np.linalg, "eigvalsh", lambda matrix: sizes.append(len(matrix)) or eigvalsh(matrix))
    assert LinearRegression(shape[1]).curvature(X) == pytest.approx(wanted)
    assert models.LogisticRegression(shape[1]).curvature_bound(X) == pytest.approx(wanted / 4)
    assert models.SoftmaxRegression(shape[1], 3).curvature_bound(X) == pytest.approx(wanted / 2)
    assert max(sizes) <= 5


@pytest.mark.parametrize("seed", range(8))
def test_linear_curvature_is_the_largest_eigenvalue_of_the_hessian(seed):
    model, params, X, y = draw(LinearRegression, seed)
    X = X + 1.5  # off center, so that w and b pull on each other
    d = model.n_features

    def slope(theta):
        gradient = model.gradient({"w": theta[:d], "b": theta[d]}, X, y)
        return np.append(gradient["w"], gradient["b"])

    theta = np.append(params["w"], params["b"])
    hessian = [numerical_gradient(lambda t, i=i: slope(t)[i], theta) for i in range(d + 1)]
    assert model.curvature(X) == pytest.approx(np.linalg.eigvals(hessian).real.max(), rel=1e-6)


@pytest.mark.parametrize("seed", range(8))
def test_linear_minimum_is_scikit_learns(seed):
    model, _, X, y = draw(LinearRegression, seed, n_samples=20)
    best, theirs = model.minimum(X, y), linear_model.LinearRegression().fit(X, y)
    np.testing.assert_allclose(best["w"], theirs.coef_, rtol=1e-9, atol=1e-12)
    assert best["b"] == pytest.approx(theirs.intercept_, rel=1e-9, abs=1e-12)
    assert {name: np.shape(value) for name, value in best.items()} == {"w": (model.n_features,), "b": ()}


@pytest.mark.parametrize("optimizer", [SGD(), Momentum(beta=0.5), Momentum(beta=0.9)], ids=repr)
@pytest.mark.parametrize("shift", [0.0, 2.0])
def test_a_real_run_agrees_about_the_largest_stable_lr(optimizer, shift):
    model, rng = LinearRegression(n_features=2), np.random.RandomState(0)
    X = rng.randn(40, 2) * [1.0, 2.0] + shift
    y = X @ [1.0, -2.0] + 3 + 0.1 * rng.randn(40)
    edge = optimizer.largest_stable_lr(model.curvature(X))
    lowest = model.loss(model.minimum(X, y), X, y)
    settings = {setting.name: getattr(optimizer, setting.name) for setting in fields(optimizer)}
    below, above = (
        train(model, X, y, type(optimizer)(**settings | {"lr": factor * edge}), epochs=3000)
        for factor in (0.99, 1.01)
    )
    assert below.losses[-1] == pytest.approx(lowest, rel=1e-6)
    assert not above.losses[-1] < 1e6 * above.losses[0]
