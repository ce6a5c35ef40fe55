"""The small examples of the foundations: what each gives, from formulas written out here, and who prints it.

Each number is computed twice: by a bare loop in this file, and in a lesson, whose saved output must show it.
(Strict notebook tests see to it that the output is what a run prints.)
"""

import re
from pathlib import Path

import nbformat
import numpy as np
import pytest
from scipy.stats import linregress
from sklearn.datasets import load_iris
from sklearn.linear_model import LinearRegression as LeastSquares

NOTEBOOKS = Path(__file__).parent.parent / "notebooks"

HOURS, SCORES = np.arange(1.0, 6.0), np.array([2.0, 4.0, 5.0, 4.0, 5.0])


def printed(lesson):
    """All that a lesson's code prints, with numbers in one notation."""
    (path,) = NOTEBOOKS.glob(f"{lesson}_*.ipynb")
    outputs = [
        output.get("text", "")
        for cell in nbformat.read(path, as_version=4).cells
        for output in cell.get("outputs", [])
        if output.output_type == "stream"
    ]
    return "\n".join(outputs).replace("−", "-")


def assert_printed(lesson, *numbers):
    text = printed(lesson)
    for number in numbers:
        assert re.search(rf"(?<![\d.]){re.escape(str(number))}0*(?!\d)", text), number


def descend(x, slope, lr, steps):
    for _ in range(steps):
        x = x - lr * slope(x)
    return x


def with_ones(x):
    return np.column_stack([x, np.ones(len(x))])


def fit(x, y, lr, steps):
    """Descend the mean squared error, without a ½, from zeros; return all weights, the error at the end."""
    A = with_ones(x)
    theta = np.zeros(A.shape[1])
    for _ in range(steps):
        theta = theta - lr * 2 * A.T @ (A @ theta - y) / len(y)
    return *theta, np.mean((A @ theta - y) ** 2)


def test_parabolas():
    ends = [descend(10, lambda x: 2 * x, 0.1, n) for n in (3, 10, 50)]
    shifted = descend(10, lambda x: 2 * (x - 3), 0.1, 30)
    assert_printed("01", f"{ends[0]:.2f}", f"{ends[1]:.4f}", f"{ends[2]:.4e}")
    assert_printed("01", f"{shifted:.6f}", f"{(shifted - 3) ** 2 + 1:.6f}")


def test_five_rates_and_momentum():
    ends = [f"{abs(descend(10, lambda x: 2 * x, lr, 20)):.5g}" for lr in (0.01, 0.1, 0.5, 0.9, 1.1)]
    assert ends[1] == ends[3]
    assert ends[2] == "0"
    assert_printed("02", ends[0], ends[1], ends[4])
    x, v = 10.0, 0.0
    for _ in range(20):
        v = 0.9 * v + 2 * x
        x = x - 0.1 * v
    assert_printed("04", f"{x:.4f}", ends[1])


def test_hours_and_scores():
    w, b, error = fit(HOURS, SCORES, 0.01, 1000)
    numbers = (f"{w:.4f}", f"{b:.4f}", f"{error:.4f}", f"{w * 6 + b:.3f}")
    exact = linregress(HOURS, SCORES)
    theirs = (exact.slope, exact.intercept, exact.slope * 6 + exact.intercept)
    assert_printed("01", f"{np.mean(SCORES**2):.1f}", *numbers, *(f"{number:.1f}" for number in theirs))


def descend_until(small, x, y, lr=0.01):
    """Descend the mean squared error of a line; return epoch, gradient and distance when it is small."""
    A, exact, theta = with_ones(x), linregress(x, y), np.zeros(2)
    for epoch in range(10_000):
        gradient = 2 * A.T @ (A @ theta - y) / len(y)
        size = np.linalg.norm(gradient)
        if small(size):
            return epoch, size, np.linalg.norm(theta - [exact.slope, exact.intercept])
        theta = theta - lr * gradient
    raise AssertionError("the gradient never becomes small")


def test_what_a_small_gradient_proves():
    """The bounds of lesson 01, where the curvatures are not measured: here they are eigenvalues."""
    petals = load_iris().data[:, 2:].T
    smallest = []
    for A in map(with_ones, (HOURS, petals[0])):
        smallest.append(np.floor(1000 * np.linalg.eigvalsh(2 * A.T @ A / len(A))[0]) / 1000)
    epoch, gradient, distance = descend_until(lambda size: size < 0.03, HOURS, SCORES)
    assert distance < gradient / smallest[0]
    assert_printed("01", smallest[0], epoch, f"{gradient / smallest[0]:.4f}", f"{distance:.4f}")
    epoch, gradient, distance = descend_until(lambda size: size / smallest[1] <= 0.005, *petals)
    assert distance < gradient / smallest[1] <= 0.005
    assert_printed("01", epoch, f"{gradient / smallest[1]:.5f}", "0.343")


def test_line_through_a_hundred_points():
    """Whatever the noise, descent comes to least squares to 3 digits."""
    x = np.linspace(0, 10, 100)
    y = 2.5 * x + 2 * np.random.RandomState(0).randn(100)
    exact = linregress(x, y)
    for ours, theirs in zip(fit(x, y, 0.01, 1000)[:2], (exact.slope, exact.intercept), strict=True):
        assert f"{ours:.3g}" == f"{theirs:.3g}"
        assert printed("02").count(f"{theirs:.3f}"[:4]) >= 2, theirs


def test_three_kinds_on_a_line():
    rng = np.random.RandomState(42)
    x = 2 * rng.rand(100)
    y = 4 + 3 * x + 0.5 * rng.randn(100)
    w, b, error = fit(x, y, 0.1, 100)
    least = np.var(y) * (1 - linregress(x, y).rvalue ** 2)
    assert_printed("03", f"{w:.4f}", f"{b:.4f}", f"{error:.5f}", f"{least:.5f}")


def test_three_kinds_through_the_origin():
    def fit(batches):
        w = 0.0
        for _ in range(100):
            for i in batches:
                w = w - 0.01 * np.mean((w * HOURS[i] - SCORES[i]) * HOURS[i])
        return f"{w:.5f}"

    assert np.sum(HOURS * SCORES) / np.sum(HOURS**2) == pytest.approx(1.2)
    kinds = [slice(None)], [[i] for i in range(5)], [[0, 1], [2, 3], [4]]
    assert_printed("03", *map(fit, kinds))


def test_a_line_and_one_outlier():
    x = np.linspace(-3, 3, 200)
    y = 2 * x - 0.3 + 0.7 * np.random.RandomState(0).randn(200)
    w, b, _ = fit(x, y, 0.025, 200)
    losses = [fit(x, y, 0.025, epoch)[2] / 2 for epoch in (0, 1, 2, 10, 50, 100, 200)]
    assert_printed("05", *(f"{number:.5f}" for number in (w, b, *losses)))
    x = np.linspace(-3, 3, 20)
    y = 2 * x - 0.3 + 0.7 * np.random.RandomState(0).randn(20)
    for row in (19, 9):
        fits = [linregress(x, y - down * (np.arange(20) == row)) for down in (0, 4, 8, 12)]
        assert_printed("05", *(f"{each:.3f}" for line in fits for each in (line.slope, line.intercept)))


def test_two_features():
    rng = np.random.RandomState(42)
    X = rng.randn(100, 2)
    y = X @ [3, -2] + 5 + 0.5 * rng.randn(100)
    *theta, error = fit(X, y, 0.1, 500)
    assert_printed("05", *(f"{each:.4f}" for each in theta), f"{np.mean(y**2):.2f}", f"{error:.5f}")


def test_scikit_learn_finds_the_weights():
    """What the lesson prints of SGDRegressor is near what least squares gives, and both near 1 to 5."""
    rng = np.random.RandomState(42)
    X = rng.randn(1000, 5)
    y = X @ np.arange(1, 6) + 0.5 * rng.randn(1000)
    exact = LeastSquares().fit(X, y).coef_
    np.testing.assert_allclose(exact, np.arange(1, 6), atol=0.05)
    rows = [[float(n) for n in re.findall(r"-?\d+\.\d+", line)] for line in printed("02").splitlines()]
    assert any(np.allclose(row[-5:], exact, atol=0.1) for row in rows if len(row) >= 5)
