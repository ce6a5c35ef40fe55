"""Every model in `gdutils.models`: what it starts from, and what it refuses; linear regression in full.

What must hold of loss and gradient for all data is in `test_properties.py`.
"""

import re
from dataclasses import FrozenInstanceError, fields, replace

import numpy as np
import pytest
from sklearn import linear_model

from gdutils import models
from gdutils.gradient_check import numerical_gradient
from gdutils.models import LinearRegression, LinearSVM, NeuralNetwork
from gdutils.optimizers import SGD, Momentum
from gdutils.training import train
from tests.draws import draw, every_model


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


SIZES = [0, -1, 1.5, float("nan"), "2", None, True]
BAD_SETTINGS = {
    "n_classes": [*SIZES, 1],
    "C": [0, -1, float("nan"), float("inf"), "2", None, True],
    "reg": [-1, float("nan"), float("inf"), "2", None, True],
}


@every_model
def test_bad_settings_are_named(kind):
    model, *_ = draw(kind, 0)
    for setting in fields(kind):
        for value in BAD_SETTINGS.get(setting.name, SIZES):
            with pytest.raises((ValueError, TypeError), match=f"^{setting.name} must be .*{value!r}"):
                replace(model, **{setting.name: value})


@every_model
def test_a_numpy_number_is_shown_as_the_number(kind):
    model, *_ = draw(kind, 0)
    for name in {"C", "reg"} & {setting.name for setting in fields(kind)}:
        assert repr(replace(model, **{name: np.float64(0.5)})) == repr(replace(model, **{name: 0.5}))


def test_a_network_starts_from_weights_of_the_scale_its_inputs_need():
    rng, start = np.random.RandomState(3), NeuralNetwork(8, 50, 4).init(np.random.RandomState(3))
    np.testing.assert_allclose(start["W1"], 0.5 * rng.standard_normal((8, 50)), rtol=1e-15)  # √(2/8)
    np.testing.assert_allclose(start["W2"], 0.2 * rng.standard_normal((50, 4)), rtol=1e-15)  # √(2/50)


def test_a_row_on_the_margin_does_not_pull():
    model, on_it = LinearSVM(n_features=1), {"w": np.array([2.0]), "b": np.array(0.0)}
    assert model.gradient(on_it, np.array([[0.5]]), np.array([1])) == {"w": 2, "b": 0}
    assert model.gradient(on_it, np.array([[0.4]]), np.array([1])) == {"w": 2 - 0.4, "b": -1}


def test_of_an_svm_the_penalty_alone_is_curved():
    assert LinearSVM(n_features=2).curvature_bound(np.full((5, 2), 30.0)) == 1
    with pytest.raises(ValueError, match=r"X must have shape \(n_samples, 2\)"):
        LinearSVM(n_features=2).curvature_bound(np.zeros((5, 3)))


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
    np.testing.assert_allclose(model.second_derivatives(X), hessian, rtol=1e-6, atol=1e-8)
    with pytest.raises(ValueError, match=r"X must have shape"):
        model.second_derivatives(np.column_stack([X, X]))


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
