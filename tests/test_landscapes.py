"""The functions to descend: exact gradients, known minima, and walks that record what the optimizer did."""

import re

import numpy as np
import pytest
from scipy.optimize import approx_fprime, minimize

from gdutils import landscapes
from gdutils.landscapes import Bowl, DoubleWell, Himmelblau, Parabola, Rosenbrock, Saddle, TwoBasins, walk
from gdutils.optimizers import SGD, Momentum
from tests.draws import InPlace

QUADRATIC = [Parabola(), Parabola(3, 1), Bowl(), Bowl(1), Bowl(1000)]
FUNCTIONS = [*QUADRATIC, DoubleWell(), Saddle(), TwoBasins(), Rosenbrock(), Himmelblau()]
every_function = pytest.mark.parametrize("function", FUNCTIONS, ids=repr)


def some_points(function, n):
    low, high = np.transpose(function.limits)
    points = np.random.RandomState(0).uniform(low, high, size=(n, len(low)))
    return points if len(low) == 2 else points[:, 0]


def of_vector(function):
    """Return the function as scipy takes it: of a vector, also for one variable."""
    return lambda p: function(p if len(p) == 2 else p[0])


def test_every_function_is_tested():
    assert {type(function).__name__ for function in FUNCTIONS} == set(landscapes.__all__) - {"walk"}


@every_function
def test_gradient_is_the_numerical_one(function):
    for point in some_points(function, 20):
        measured = approx_fprime(np.atleast_1d(point), of_vector(function), 1e-7)
        np.testing.assert_allclose(np.atleast_1d(function.gradient(point)), measured, rtol=1e-4, atol=1e-3)


@every_function
def test_many_points_at_once_are_the_points_one_by_one(function):
    points = some_points(function, 6)
    grid = points.reshape((2, 3) if points.ndim == 1 else (2, 3, 2))
    np.testing.assert_allclose(function(grid).ravel(), [function(p) for p in points], rtol=1e-12)
    alone = np.reshape([function.gradient(p) for p in points], grid.shape)
    np.testing.assert_allclose(function.gradient(grid), alone, rtol=1e-12)


@every_function
def test_minima_are_where_a_library_finds_them(function):
    """From many starts, scipy's minimizer ends at one of them each time, and at each one at least once."""
    found = set()
    minima = np.reshape(function.minima, (len(function.minima), -1))
    for start in some_points(function, 40):
        result = minimize(of_vector(function), np.atleast_1d(start), tol=1e-12)
        distances = np.linalg.norm(minima - result.x, axis=1)
        if distances.min() < 1e-3:
            found.add(int(np.argmin(distances)))
        else:  # it stopped where the function is flat, or left for another valley outside
            assert not result.success or np.abs(result.jac).max() < 1e-4
    assert found == set(range(len(minima)))
    np.testing.assert_allclose(function.gradient(function.minima), 0, atol=1e-6)
    assert np.argmin(function(function.minima).round(12)) == 0
    low, high = np.transpose(function.limits)
    assert ((low < minima) & (minima < high)).all()


def test_values_by_hand():
    assert Parabola()(10) == 100
    assert Parabola(3, 1)(10) == 50
    assert DoubleWell()(2) == pytest.approx(9.6)
    assert Bowl(25)([2, 1]) == 14.5
    assert Saddle()([2, 2]) == 4
    assert TwoBasins()([2, 3]) == pytest.approx(18.6)
    assert Rosenbrock()([-1.2, 1]) == pytest.approx(24.2)
    assert Himmelblau()([0, 0]) == 170


@pytest.mark.parametrize("function", QUADRATIC, ids=repr)
def test_curvature_is_the_largest_eigenvalue_of_the_second_derivatives(function):
    n = len(function.limits)
    columns = np.eye(2) if n == 2 else [1.0]
    H = [function.gradient(column) - function.gradient(np.zeros_like(column)) for column in columns]
    assert function.curvature == np.linalg.eigvalsh(np.reshape(H, (n, n)))[-1]


BAD_CALLS = {
    "condition must be a number from 1 to 1e+09, got 0.5": lambda: Bowl(0.5),
    "points must be numbers of shape (..., 2), got float64 of shape (3,)": lambda: Bowl()([1.0, 2.0, 3.0]),
    "function must be a function to descend, such as Parabola(), got <class": lambda: walk(Bowl, SGD(), 1, 5),
    "optimizer must be an optimizer, such as SGD(lr=0.1), got <class": lambda: walk(Bowl(), SGD, (1, 2), 5),
    "start must be a finite number for Parabola": lambda: walk(Parabola(), SGD(), (1, 2), 5),
    "start must be a point of two finite numbers for Bowl": lambda: walk(Bowl(), SGD(), 1, 5),
    "steps must be a whole number of at least 0, got 2.5": lambda: walk(Bowl(), SGD(), (1, 2), 2.5),
}


@pytest.mark.parametrize(("message", "call"), BAD_CALLS.items(), ids=BAD_CALLS)
def test_a_bad_argument_is_named(message, call):
    with pytest.raises((TypeError, ValueError), match=f"^{re.escape(message)}"):
        call()


# Walks. ---


@pytest.mark.parametrize(("function", "start"), [(Bowl(), np.array([-9.0, 2.0])), (Parabola(), 10)], ids=repr)
def test_a_step_in_place_changes_neither_the_path_nor_the_start(function, start):
    expected = walk(function, Momentum(lr=0.05), start, 40)
    np.testing.assert_array_equal(walk(function, InPlace(), start, 40), expected)
    np.testing.assert_array_equal(start, expected[0])


@every_function
def test_a_diverging_walk_is_silent_whatever_the_caller_has_set(function):
    start = some_points(function, 1)[0] + 0.5
    with np.errstate(all="raise"):
        path = walk(function, SGD(lr=1e3), start, 200)
        function(path)
    assert path.shape == (201, *np.shape(start))
    assert not np.isfinite(path[-1]).all()
