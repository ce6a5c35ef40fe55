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


def fit_line(x, y, lr, steps):
    """Descend the mean squared error, without a ½, from zeros."""
    w = b = 0.0
    for _ in range(steps):
        error = w * x + b - y
        w, b = w - lr * 2 * np.mean(error * x), b - lr * 2 * np.mean(error)
    return w, b


def mse(x, y, w, b):
    return np.mean((w * x + b - y) ** 2)


def test_parabolas():
    assert [descend(10, lambda x: 2 * x, 0.1, n) for n in (1, 2, 3)] == pytest.approx([8.0, 6.4, 5.12])
    ends = [descend(10, lambda x: 2 * x, 0.1, n) for n in (10, 50)]
    shifted = descend(10, lambda x: 2 * (x - 3), 0.1, 30)
    numbers = (f"{ends[0]:.4f}", f"{ends[1]:.4e}", f"{shifted:.6f}", f"{(shifted - 3) ** 2 + 1:.6f}")
    assert numbers == ("1.0737", "1.4272e-04", "3.008666", "1.000075")
    assert_printed("01", "5.12", *numbers)


def test_five_rates():
    ends = [descend(10, lambda x: 2 * x, lr, 20) for lr in (0.01, 0.1, 0.5, 0.9, 1.1)]
    assert [f"{abs(x):.5g}" for x in ends] == ["6.6761", "0.11529", "0", "0.11529", "383.38"]
    assert_printed("02", "6.6761", "0.11529", "383.38")


def test_momentum_overshoots():
    x, v = 10.0, 0.0
    for _ in range(20):
        v = 0.9 * v + 2 * x
        x = x - 0.1 * v
    assert f"{x:.4f}" == "-3.4925"
    assert_printed("04", "-3.4925", "0.11529")


def test_hours_and_scores():
    assert mse(HOURS, SCORES, 0, 0) == pytest.approx(17.2)
    w, b = fit_line(HOURS, SCORES, 0.01, 1000)
    assert (f"{w:.4f}", f"{b:.4f}", f"{mse(HOURS, SCORES, w, b):.4f}") == ("0.6177", "2.1361", "0.4807")
    assert f"{w * 6 + b:.3f}" == "5.842"
    exact = linregress(HOURS, SCORES)
    assert (exact.slope, exact.intercept) == pytest.approx((0.6, 2.2))
    assert exact.slope * 6 + exact.intercept == pytest.approx(5.8)
    assert_printed("01", "17.2", "0.6177", "2.1361", "0.4807", "5.842", "0.6", "2.2", "5.8")


def descend_until(small, x, y, lr=0.01):
    """Descend the mean squared error of a line; return epoch, gradient and distance when it is small."""
    exact, w, b = linregress(x, y), 0.0, 0.0
    for epoch in range(10_000):
        error = w * x + b - y
        dw, db = 2 * np.mean(error * x), 2 * np.mean(error)
        if small(np.hypot(dw, db)):
            return epoch, np.hypot(dw, db), np.hypot(w - exact.slope, b - exact.intercept)
        w, b = w - lr * dw, b - lr * db
    raise AssertionError("the gradient never becomes small")


def test_what_a_small_gradient_proves():
    """The bounds of lesson 01, where the curvatures are not measured: here they are eigenvalues."""
    petals = load_iris().data[:, 2:].T
    smallest = []
    for x in (HOURS, petals[0]):
        A = np.column_stack([x, np.ones(len(x))])
        smallest.append(np.floor(1000 * np.linalg.eigvalsh(2 * A.T @ A / len(x))[0]) / 1000)
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
    w, b = fit_line(x, y, 0.01, 1000)
    exact = linregress(x, y)
    assert (f"{w:.3g}", f"{b:.3g}") == (f"{exact.slope:.3g}", f"{exact.intercept:.3g}")
    for number in (exact.slope, exact.intercept):
        assert printed("02").count(f"{number:.3f}"[:4]) >= 2, number


def test_three_kinds_on_a_line():
    rng = np.random.RandomState(42)
    x = 2 * rng.rand(100)
    y = 4 + 3 * x + 0.5 * rng.randn(100)
    w, b = fit_line(x, y, 0.1, 100)
    assert (f"{w:.4f}", f"{b:.4f}", f"{mse(x, y, w, b):.5f}") == ("2.9096", "4.0798", "0.20188")
    exact = linregress(x, y)
    assert f"{mse(x, y, exact.slope, exact.intercept):.5f}" == "0.20165"
    assert_printed("03", "2.9096", "4.0798", "0.20188", "0.20165")


def test_three_kinds_through_the_origin():
    def fit(batches, epochs=100, lr=0.01):
        w = 0.0
        for _ in range(epochs):
            for i in batches:
                w = w - lr * np.mean((w * HOURS[i] - SCORES[i]) * HOURS[i])
        return w

    assert f"{fit([slice(None)]):.5f}" == "1.19999"
    assert f"{fit([[i] for i in range(5)]):.5f}" == "1.14553"
    assert np.sum(HOURS * SCORES) / np.sum(HOURS**2) == pytest.approx(1.2)
    assert_printed("03", "1.19999", "1.14553", f"{fit([[0, 1], [2, 3], [4]]):.5f}")


def test_a_line_and_one_outlier():
    x = np.linspace(-3, 3, 200)
    y = 2 * x - 0.3 + 0.7 * np.random.RandomState(0).randn(200)
    w = b = 0.0
    seen = {0: np.mean(y**2) / 2}
    for epoch in range(1, 201):
        error = w * x + b - y
        w, b = w - 0.05 * np.mean(error * x), b - 0.05 * np.mean(error)
        seen[epoch] = mse(x, y, w, b) / 2
    assert_printed("05", f"{w:.5f}", f"{b:.5f}", *(f"{seen[k]:.5f}" for k in (0, 1, 2, 10, 50, 100, 200)))
    x = np.linspace(-3, 3, 20)
    y = 2 * x - 0.3 + 0.7 * np.random.RandomState(0).randn(20)
    for row in (19, 9):
        fits = [linregress(x, y - down * (np.arange(20) == row)) for down in (0, 4, 8, 12)]
        assert_printed("05", *(f"{fit.slope:.3f}" for fit in fits), *(f"{fit.intercept:.3f}" for fit in fits))


def test_two_features():
    rng = np.random.RandomState(42)
    X = rng.randn(100, 2)
    y = X @ [3, -2] + 5 + 0.5 * rng.randn(100)
    w, b, losses = np.zeros(2), 0.0, []
    for _ in range(501):
        error = X @ w + b - y
        losses.append(np.mean(error**2))
        w, b = w - 0.1 * 2 * X.T @ error / 100, b - 0.1 * 2 * np.mean(error)
    assert [f"{value:.4f}" for value in (*w, b)] == ["3.0954", "-2.0861", "5.0464"]
    assert (f"{losses[0]:.2f}", f"{losses[-1]:.5f}") == ("32.50", "0.27751")
    assert_printed("05", "3.0954", "-2.0861", "5.0464", "32.50", "0.27751")


def test_scikit_learn_finds_the_weights():
    """What the lesson prints of SGDRegressor is near what least squares gives, and both near 1 to 5."""
    rng = np.random.RandomState(42)
    X = rng.randn(1000, 5)
    y = X @ np.arange(1, 6) + 0.5 * rng.randn(1000)
    exact = LeastSquares().fit(X, y).coef_
    np.testing.assert_allclose(exact, np.arange(1, 6), atol=0.05)
    rows = [[float(n) for n in re.findall(r"-?\d+\.\d+", line)] for line in printed("02").splitlines()]
    assert any(np.allclose(row[-5:], exact, atol=0.1) for row in rows if len(row) >= 5)
