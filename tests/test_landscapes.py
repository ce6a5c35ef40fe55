"""The landscapes: exact gradients, known minima, and points one at a time or many."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from gdutils import landscapes
from gdutils.gradient_check import numerical_gradient
from gdutils.landscapes import (
    Bowl,
    DoubleWell,
    Himmelblau,
    Landscape,
    Parabola,
    Rosenbrock,
    Saddle,
    TwoBasins,
    walk,
)
from gdutils.optimizers import SGD, AdaGrad, Adam, Momentum, Nesterov, RMSprop

FUNCTIONS = [
    Parabola(),
    Parabola(3, 1),
    DoubleWell(),
    DoubleWell(0),
    DoubleWell(1.2),
    Bowl(),
    Bowl(1),
    Bowl(1000),
    Saddle(),
    TwoBasins(),
    Rosenbrock(),
    Rosenbrock(3),
    Himmelblau(),
]
every_function = pytest.mark.parametrize("function", FUNCTIONS, ids=repr)
OF_TWO = [function for function in FUNCTIONS if len(function.limits) == 2]


def n_variables(function):
    return len(function.limits)


def some_points(function, n, seed=0):
    low, high = np.transpose(function.limits)
    points = np.random.RandomState(seed).uniform(low, high, size=(n, n_variables(function)))
    return points if n_variables(function) > 1 else points[:, 0]


def test_every_function_is_tested():
    kinds = {type(function).__name__ for function in FUNCTIONS}
    assert kinds == set(landscapes.__all__) - {"Landscape", "walk"}


@every_function
def test_is_a_landscape(function):
    assert isinstance(function, Landscape)


@every_function
def test_gradient_is_the_numerical_one(function):
    for point in some_points(function, 20):
        measured = numerical_gradient(lambda p: float(function(p)), np.asarray(point))
        np.testing.assert_allclose(function.gradient(point), measured, rtol=1e-6, atol=1e-5)


@every_function
@settings(max_examples=50, deadline=None)
@given(st.data())
def test_slope_along_any_line_is_the_gradient_times_its_direction(function, data):
    numbers = st.floats(-2, 2)
    if n_variables(function) == 1:
        point, way = np.asarray(data.draw(numbers)), np.asarray(1.0)
    else:
        point = np.array([data.draw(numbers), data.draw(numbers)])
        angle = data.draw(st.floats(0, 6.3))
        way = np.array([np.cos(angle), np.sin(angle)])
    h = 1e-5
    measured = (function(point + h * way) - function(point - h * way)) / (2 * h)
    assert np.sum(function.gradient(point) * way) == pytest.approx(measured, rel=1e-5, abs=1e-4)


@every_function
def test_many_points_at_once_are_the_points_one_by_one(function):
    points = some_points(function, 6)
    grid = points.reshape((2, 3) if points.ndim == 1 else (2, 3, 2))
    assert function(grid).shape == (2, 3)
    assert function.gradient(grid).shape == grid.shape
    np.testing.assert_allclose(function(grid).ravel(), [function(p) for p in points], rtol=1e-12)
    alone = np.array([function.gradient(p) for p in points])
    np.testing.assert_allclose(function.gradient(grid).reshape(alone.shape), alone, rtol=1e-12)


@every_function
def test_minima_are_where_a_library_finds_them(function):
    """From many starts, scipy's minimizer ends at one of them each time, and at each of them some time."""
    found = set()
    minima = np.reshape(function.minima, (-1, n_variables(function)))
    for start in some_points(function, 40):
        with np.errstate(all="ignore"):
            result = minimize(
                lambda p: float(function(p if n_variables(function) > 1 else p[0])),
                np.atleast_1d(start),
                tol=1e-12,
            )
        distances = np.linalg.norm(minima - result.x, axis=1)
        if distances.min() < 1e-3:
            found.add(int(np.argmin(distances)))
        else:  # it stopped on flat ground that is no minimum, or left for another valley outside
            assert not result.success or np.abs(result.jac).max() < 1e-4
    assert found == set(range(len(minima)))


@every_function
def test_at_a_minimum_the_gradient_is_zero_and_the_first_is_a_lowest(function):
    np.testing.assert_allclose(function.gradient(function.minima), 0, atol=1e-12)
    values = function(function.minima)
    assert values[0] == pytest.approx(values.min(), abs=1e-12)
    low, high = np.transpose(function.limits)
    minima = np.reshape(function.minima, (-1, n_variables(function)))
    assert ((low <= minima) & (minima <= high)).all()


def test_values_by_hand():
    assert Parabola()(10) == 100
    assert Parabola(3, 1)(10) == 50
    assert DoubleWell(0.3)(2) == pytest.approx(9.6)
    assert Bowl(25)([2, 1]) == 14.5
    assert Saddle()([2, 2]) == 4
    assert TwoBasins(0.3)([2, 3]) == pytest.approx(18.6)
    assert Rosenbrock()([-1.2, 1]) == pytest.approx(24.2)
    assert Himmelblau()([0, 0]) == 170


@pytest.mark.parametrize("function", [Parabola(), Parabola(3, 1), Bowl(1), Bowl(400)], ids=repr)
def test_curvature_is_the_largest_eigenvalue_of_measured_second_derivatives(function):
    n = n_variables(function)
    at, h = np.zeros(n), 1e-4
    unit = np.eye(n)

    def f(p):
        return float(function(p if n > 1 else p[0]))

    H = [
        [
            (f(at + h * (a + b)) - f(at + h * (a - b)) - f(at - h * (a - b)) + f(at - h * (a + b)))
            / (4 * h * h)
            for b in unit
        ]
        for a in unit
    ]
    assert function.curvature == pytest.approx(np.linalg.eigvalsh(H)[-1], rel=1e-4)


@pytest.mark.parametrize("function", OF_TWO, ids=repr)
@pytest.mark.parametrize("points", [1.0, [1.0], [1.0, 2.0, 3.0], np.zeros((2, 3))])
def test_points_of_a_wrong_shape_are_named(function, points):
    for method in (function, function.gradient):
        with pytest.raises(ValueError, match=r"points must have shape \(\.\.\., 2\), got"):
            method(points)


@pytest.mark.parametrize(
    ("make", "name"),
    [
        (lambda: Bowl(0.5), "condition"),
        (lambda: Bowl(np.nan), "condition"),
        (lambda: Bowl("25"), "condition"),
        (lambda: DoubleWell(1.6), "tilt"),
        (lambda: TwoBasins(-0.1), "tilt"),
        (lambda: DoubleWell(None), "tilt"),
        (lambda: Rosenbrock(0), "steepness"),
        (lambda: Parabola(np.inf), "center"),
        (lambda: Parabola(0, "1"), "height"),
    ],
)
def test_a_bad_setting_is_named(make, name):
    with pytest.raises((TypeError, ValueError), match=f"^{name} must be"):
        make()


# Walking


def test_walk_is_the_loop_by_hand():
    x, by_hand = 10.0, [10.0]
    for _ in range(30):
        x = x - 0.1 * 2 * (x - 3)
        by_hand.append(x)
    path = walk(Parabola(3, 1), SGD(lr=0.1), start=10, steps=30)
    np.testing.assert_allclose(path, by_hand, rtol=1e-12)


@every_function
def test_walk_has_one_shape(function):
    start = some_points(function, 1)[0]
    for steps in (0, 1, 7):
        path = walk(function, Adam(lr=0.1), start, steps)
        assert path.shape == ((steps + 1,) if n_variables(function) == 1 else (steps + 1, 2))
        np.testing.assert_array_equal(path[0], start)


def test_walk_leaves_the_start_alone():
    start = np.array([-9.0, 2.0])
    walk(Bowl(), Momentum(lr=0.03), start, 5)
    np.testing.assert_array_equal(start, [-9.0, 2.0])


def test_a_diverging_walk_ends_without_a_warning():
    path = walk(Rosenbrock(), SGD(lr=1.0), [-1.2, 1.0], 50)
    assert path.shape == (51, 2)
    assert not np.isfinite(path[-1]).all()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((Parabola(), SGD(), [1.0, 2.0], 5), r"start must be a number for Parabola.*got shape \(2,\)"),
        ((Bowl(), SGD(), 1.0, 5), r"start must be a point of shape \(2,\).*got shape \(\)"),
        ((Bowl(), SGD(), [1.0, 2.0, 3.0], 5), r"start must be a point of shape \(2,\).*got shape \(3,\)"),
        ((Bowl(), SGD(), [1.0, np.nan], 5), "start must be finite"),
        ((Bowl(), SGD(), ["a", "b"], 5), "start must hold real numbers"),
        ((Bowl(), SGD(), [1.0, 2.0], -1), "steps must be a whole number of at least 0, got -1"),
        ((Bowl(), SGD(), [1.0, 2.0], 2.5), "steps must be"),
        (("bowl", SGD(), [1.0, 2.0], 5), "function must be one of gdutils.landscapes.*got 'bowl'"),
        ((Bowl(), "sgd", [1.0, 2.0], 5), "optimizer must be one of gdutils.optimizers.*got 'sgd'"),
    ],
)
def test_bad_arguments_of_walk_are_named(arguments, message):
    with pytest.raises((TypeError, ValueError), match=message):
        walk(*arguments)


# To a known minimum, each in its own time.
TO_MINIMUM = [
    (Bowl(25), (-9.0, 2.0), SGD(lr=0.07), 400),
    (Bowl(25), (-9.0, 2.0), Momentum(lr=0.03, beta=0.8), 400),
    (Bowl(25), (-9.0, 2.0), Nesterov(lr=0.03, beta=0.8), 400),
    (Bowl(25), (-9.0, 2.0), AdaGrad(lr=2.0), 400),
    (Bowl(25), (-9.0, 2.0), RMSprop(lr=0.001, beta=0.9), 12_000),
    (Bowl(25), (-9.0, 2.0), Adam(lr=0.3), 1_500),
    (Rosenbrock(), (-1.2, 1.0), SGD(lr=0.001), 25_000),
    (Rosenbrock(), (-1.2, 1.0), Momentum(lr=0.0005, beta=0.9), 8_000),
    (Rosenbrock(), (-1.2, 1.0), Nesterov(lr=0.0005, beta=0.9), 8_000),
    (Rosenbrock(), (-1.2, 1.0), AdaGrad(lr=1.0), 20_000),
    (Rosenbrock(), (-1.2, 1.0), RMSprop(lr=0.0005, beta=0.9), 12_000),
    (Rosenbrock(), (-1.2, 1.0), Adam(lr=0.05), 4_000),
]


@pytest.mark.parametrize(
    ("function", "start", "optimizer", "steps"), TO_MINIMUM, ids=lambda value: repr(value)
)
def test_every_optimizer_reaches_the_minimum(function, start, optimizer, steps):
    path = walk(function, optimizer, start, steps)
    # RMSprop's steps stay about as long as its rate: it ends within them.
    within = 2e-3 if isinstance(optimizer, RMSprop) else 1e-4
    np.testing.assert_allclose(path[-1], function.minima[0], atol=within)
