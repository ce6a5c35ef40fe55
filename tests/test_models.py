"""Every model in `gdutils.models`: its start and settings, and what its formulas refuse; then each by itself.

What must hold of loss and gradient for all data is in `test_properties.py`.
"""

import re
from dataclasses import FrozenInstanceError, fields, replace
from functools import partial

import numpy as np
import pytest
from sklearn import linear_model

from gdutils import models
from gdutils.gradient_check import numerical_gradient
from gdutils.models import LinearRegression, LinearSVM, LogisticRegression, MatrixFactorization, NeuralNetwork
from tests.draws import draw, every_model


@every_model
def test_a_start_is_new_and_of_the_shapes(kind):
    model, *_ = draw(kind, 0)
    first, second = model.init(np.random.RandomState(5)), model.init(np.random.RandomState(5))
    assert {name: theta.shape for name, theta in first.items()} == model.shapes
    for name in first:
        np.testing.assert_array_equal(first[name], second[name])
        assert not np.shares_memory(first[name], second[name])


def calls(model, params, X, y):
    """Return predict, loss and gradient with these arguments, to be called."""
    with_y = [partial(method, params, X, y) for method in (model.loss, model.gradient)]
    return [partial(model.predict, params, X), *with_y]


@every_model
def test_no_input_is_modified(kind):
    model, params, X, y = draw(kind, 0)
    keys = list(params)
    for array in (X, y, *params.values()):
        array.flags.writeable = False  # writing would raise
    for call in calls(model, params, X, y):
        call()
    assert list(params) == keys


# What replaces X or y, and what the message must say of it besides the argument's name.
WRONG_DATA = {
    "y a column": ("y", lambda X, y: (X, y[:, np.newaxis]), "(7,), got (7, 1); y.ravel() flattens it"),
    "y too short": ("y", lambda X, y: (X, y[:-1]), "(7,), got (6,)"),
    "y not finite": ("y", lambda X, y: (X, np.append(y[:-1], np.nan)), "got nan in row 6"),
    "X flat": ("X", lambda X, y: (X[:, 0], y), "(7,)"),
    "X too wide": ("X", lambda X, y: (np.column_stack([X, X]), y), "(7, "),
    "X empty": ("X", lambda X, y: (X[:0], y[:0]), "(0, "),
    "X not finite": ("X", lambda X, y: (np.vstack([X[:-1], X[-1:] + np.inf]), y), "got inf in row 6"),
}


@every_model
@pytest.mark.parametrize(("argument", "spoil", "found"), WRONG_DATA.values(), ids=WRONG_DATA)
def test_wrong_data_never_broadcasts(kind, argument, spoil, found):
    model, params, X, y = draw(kind, 1, n_samples=7)
    for call in calls(model, params, *spoil(X, y))[argument == "y" :]:
        with pytest.raises((ValueError, TypeError)) as caught:
            call()
        assert str(caught.value).startswith(f"{argument} must ")
        assert found in str(caught.value)


@every_model
def test_wrong_params_never_broadcast(kind):
    model, params, X, y = draw(kind, 2)
    for name, theta in params.items():
        column = theta[..., np.newaxis]  # (d,) becomes (d, 1), and () becomes (1,)
        shape = rf"params\['{name}'\] must have shape .*{re.escape(str(column.shape))}"
        fewer = {other: params[other] for other in params if other != name}
        keys = f"params must have the keys .*'{name}'"
        for wrong, message in ((params | {name: column}, shape), (fewer, keys)):
            for call in calls(model, wrong, X, y):
                with pytest.raises((ValueError, TypeError), match=message):
                    call()


@every_model
def test_labels_found_are_named(kind):
    model, params, X, _ = draw(kind, 3, n_samples=3)
    if not model.labels:  # takes any numbers
        return
    right = ", ".join(map(str, model.labels))
    for method in (model.loss, model.gradient):
        with pytest.raises(ValueError, match=f"y must hold the labels {right}, got 0.5, 7$"):
            method(params, X, np.array([7, 0.5, 7]))


@every_model
def test_settings_are_frozen_and_checked(kind):
    model, *_ = draw(kind, 0)
    for field in fields(kind):
        with pytest.raises(FrozenInstanceError):
            setattr(model, field.name, 3)
        bad = [-1, float("nan"), *([0, 1.5] if field.type is int else [])]
        bad += {"n_classes": [1], "C": [0]}.get(field.name, [])
        for value in bad:
            with pytest.raises(ValueError, match=f"^{field.name} must be .*, got {value}$"):
                replace(model, **{field.name: value})
        with pytest.raises(TypeError, match=f"^{field.name} must be .*, got '2'$"):
            replace(model, **{field.name: "2"})
        given, shown = (np.int64(3), "3") if field.type is int else (np.float64(0.5), "0.5")
        assert f"{field.name}={shown}" in repr(replace(model, **{field.name: given}))


@pytest.mark.parametrize("kind", [LogisticRegression, models.SoftmaxRegression, NeuralNetwork])
def test_the_loss_is_minus_the_mean_logarithm_of_the_probability_predicted_for_the_class(kind):
    model, params, X, y = draw(kind, 0)
    predicted = model.predict(params, X)
    if predicted.ndim == 1:
        predicted = np.column_stack([1 - predicted, predicted])
    told = -np.mean(np.log(predicted[np.arange(len(y)), y.astype(int)]))
    assert model.loss(params, X, y) == pytest.approx(told, rel=1e-12)


def test_what_holds_no_numbers_is_named():
    with pytest.raises(TypeError, match=r"^X must hold real numbers, got an array of dtype <U1"):
        LogisticRegression(1).loss({"w": [0.0], "b": 0.0}, [["a"]], [1])


# Linear regression. ---


def test_linear_regression_is_the_formula():
    model, params = LinearRegression(n_features=2), {"w": np.array([2.0, -1.0]), "b": np.array(0.5)}
    X, y = [[1.0, 2.0], [3.0, 4.0], [0.0, 1.0]], [1.0, 2.0, -2.0]
    np.testing.assert_allclose(model.predict(params, X), [0.5, 2.5, -0.5])
    assert model.loss(params, X, y) == pytest.approx(0.5 * (0.25 + 0.25 + 2.25) / 3, rel=1e-15)


@pytest.mark.parametrize(("seed", "n_samples"), [(0, 1), (1, 2), (2, 8), (3, 9)])  # wide tables and long ones
def test_linear_second_derivatives_and_their_largest_eigenvalue(seed, n_samples):
    model, params, X, y = draw(LinearRegression, seed, n_samples=n_samples)
    X = X + 1.5  # off center, so that w and b depend on each other
    d = model.n_features

    def slope(theta):
        gradient = model.gradient({"w": theta[:d], "b": theta[d]}, X, y)
        return np.append(gradient["w"], gradient["b"])

    theta = np.append(params["w"], params["b"])
    hessian = [numerical_gradient(lambda t, i=i: slope(t)[i], theta) for i in range(d + 1)]
    np.testing.assert_allclose(model.second_derivatives(X), hessian, rtol=1e-6, atol=1e-8)
    largest = np.linalg.eigvals(hessian).real.max()
    assert model.curvature(X) == model.curvature_bound(X) == pytest.approx(largest, rel=1e-6)
    assert LogisticRegression(d).curvature_bound(X) == pytest.approx(largest / 4, rel=1e-6)
    assert models.SoftmaxRegression(d, 3).curvature_bound(X) == pytest.approx(largest / 2, rel=1e-6)
    assert LogisticRegression(d).curvature(X) is None
    for function in (model.second_derivatives, model.curvature, LogisticRegression(d).curvature_bound):
        with pytest.raises(ValueError, match=r"X must have shape"):
            function(np.column_stack([X, X]))


@pytest.mark.parametrize("seed", range(4))
def test_linear_minimum_is_scikit_learns(seed):
    model, _, X, y = draw(LinearRegression, seed, n_samples=20)
    best, theirs = model.minimum(X.tolist(), y.tolist()), linear_model.LinearRegression().fit(X, y)
    np.testing.assert_allclose(best["w"], theirs.coef_, rtol=1e-9, atol=1e-12)
    assert best["b"] == pytest.approx(theirs.intercept_, rel=1e-9, abs=1e-12)
    assert {name: np.shape(value) for name, value in best.items()} == model.shapes
    with pytest.raises(ValueError, match=r"y must have shape \(20,\), got \(20, 1\)"):
        model.minimum(X, y[:, np.newaxis])


# The others. ---


def test_logistic_loss_keeps_the_digits_of_confident_rows():
    model, params = LogisticRegression(1), {"w": np.array([1.0]), "b": np.array(0.0)}
    for z, loss in ((40, 4.248354255291589e-18), (-40, 40)):
        assert model.loss(params, [[z], [-z]], [1, 0]) == pytest.approx(loss, rel=1e-12, abs=0)


def test_a_network_starts_from_weights_of_the_scale_its_inputs_need():
    rng, start = np.random.RandomState(3), NeuralNetwork(8, 50, 4).init(np.random.RandomState(3))
    np.testing.assert_allclose(start["W1"], 0.5 * rng.standard_normal((8, 50)), rtol=1e-15)  # √(2/8)
    np.testing.assert_allclose(start["W2"], 0.2 * rng.standard_normal((50, 4)), rtol=1e-15)  # √(2/50)


def test_an_svm_row_on_the_margin_has_no_gradient_and_no_rate_is_stable():
    model, on_it = LinearSVM(n_features=1), {"w": np.array([2.0]), "b": np.array(0.0)}
    assert model.gradient(on_it, np.array([[0.5]]), np.array([1])) == {"w": 2, "b": 0}
    assert model.gradient(on_it, np.array([[0.4]]), np.array([1])) == {"w": 2 - 0.4, "b": -1}
    assert not model.smooth
    assert model.curvature_bound([[1.0]]) is None


@pytest.mark.parametrize(
    ("X", "found"),
    [
        ([[0.0, 1.0]], r"float64 from \(0.0, 1.0\)"),
        ([[3, 0]], r"int64 from \(3, 0\)"),
        ([[0, 2]], r"int64 from \(0, 2\)"),
        ([[0, -1], [2, 1]], r"int64 from \(0, -1\) to \(2, 1\)"),
    ],
)
def test_pairs_outside_the_table_are_named(X, found):
    model = MatrixFactorization(n_users=3, n_items=2, rank=2, reg=0)
    for call in calls(model, model.init(np.random.RandomState(0)), X, np.ones(len(X))):
        with pytest.raises(ValueError, match=rf"^X must hold integer pairs .* to \(2, 1\), got {found}"):
            call()
