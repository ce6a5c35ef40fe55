"""The checkers: the right answer passes, each usual mistake gets its hint, and nothing else slips through."""

from __future__ import annotations

import numpy as np
import pytest

from gdutils.exercises import (
    check_border,
    check_function,
    check_largest_stable_lr,
    check_model_gradient,
    check_step,
)
from gdutils.models import LinearRegression

MODEL = LinearRegression(n_features=2)
RNG = np.random.RandomState(7)
X, Y = RNG.standard_normal((30, 2)), RNG.standard_normal(30)


def error(params, X, y):
    return X @ params["w"] + params["b"] - y


def gradient(factor):
    def answer(params, X, y):
        e = error(params, X, y)
        return {"w": factor * (X.T @ e) / len(y), "b": factor * e.sum() / len(y)}

    return answer


def in_place(params, X, y):
    X -= X.mean()
    return gradient(1)(params, X, y)


def transposed(params, X, y):
    return {"w": (X.T @ error(params, X, y)).reshape(1, -1) / len(y), "b": error(params, X, y).mean()}


def only_b_is_a_sum(params, X, y):
    return gradient(1)(params, X, y) | {"b": error(params, X, y).sum()}


GRADIENTS = {
    "right": (gradient(1), True, "Right"),
    "not begun": (lambda params, X, y: None, None, "Not answered yet"),
    "missing 1/n": (gradient(30), False, "Is the 1/n missing?"),
    "wrong sign": (gradient(-1), False, "sign is wrong"),
    "twice": (gradient(2), False, "twice too long"),
    "half": (gradient(0.5), False, "half as long"),
    "sum of the wrong sign": (gradient(-30), False, "Wrong sign, and a sum"),
    "only b is a sum": (only_b_is_a_sum, False, "Is the 1/n missing?"),
    "transposed": (transposed, False, "must have shape (2,), got (1, 2)"),
    "changes its input": (in_place, False, "changed the arrays"),
    "a list": (lambda params, X, y: [1, 2], False, '{"w": …, "b": …}'),
    "b forgotten": (lambda params, X, y: {"w": params["w"]}, False, '{"w": …, "b": …}'),
    "text": (lambda params, X, y: {"w": "up", "b": 0.0}, False, "must hold numbers"),
    "raises": (lambda params, X, y: params["v"], False, "raised KeyError"),
    "something else": (gradient(1.1), False, '"w" should be'),
    "not a number": (gradient(np.nan), False, '"w" should be'),
}


@pytest.mark.parametrize(("answer", "correct", "hint"), GRADIENTS.values(), ids=GRADIENTS)
def test_gradient(answer, correct, hint):
    verdict = check_model_gradient(MODEL, answer, X, Y)
    assert verdict.correct is correct
    assert hint in verdict.text


def step(sign=-1, scale=None):
    def answer(params, X, y, lr):
        grads = gradient(1)(params, X, y)
        return {name: params[name] + sign * (scale or lr) * grads[name] for name in params}

    return answer


def in_order(first, second):
    def answer(params, X, y, lr):
        new = dict(params)
        for name in (first, second):
            new[name] = new[name] - lr * gradient(1)(new, X, y)[name]
        return new

    return answer


STEPS = {
    "right": (step(), True, "Right"),
    "not begun": (lambda params, X, y, lr: None, None, "Not answered yet"),
    "uphill": (step(sign=1), False, "uphill"),
    "no learning rate": (step(scale=1), False, "learning rate is missing"),
    "the gradient itself": (
        lambda params, X, y, lr: gradient(1)(params, X, y),
        False,
        "That is the gradient",
    ),
    "nothing moved": (lambda params, X, y, lr: params, False, "Nothing moved"),
    "w first, then b": (in_order("w", "b"), False, "Take all gradients first"),
    "b first, then w": (in_order("b", "w"), False, "Take all gradients first"),
}


@pytest.mark.parametrize(("answer", "correct", "hint"), STEPS.values(), ids=STEPS)
def test_step(answer, correct, hint):
    verdict = check_step(MODEL, answer, X, Y)
    assert verdict.correct is correct
    assert hint in verdict.text


def limit(matrix, which=-1):
    return 2 / np.linalg.eigvalsh(matrix)[which]


def with_ones(X):
    return np.column_stack([X, np.ones(len(X))])


LIMITS = {
    "right": (lambda X: limit(with_ones(X).T @ with_ones(X) / len(X)), True, "Right"),
    "not begun": (lambda X: None, None, "Not answered yet"),
    "no intercept": (lambda X: limit(X.T @ X / len(X)), False, "column of ones"),
    "missing 1/n": (lambda X: limit(with_ones(X).T @ with_ones(X)), False, "1/n"),
    "1/λ": (lambda X: limit(with_ones(X).T @ with_ones(X) / len(X)) / 2, False, "2/λ, not 1/λ"),
    "smallest": (lambda X: limit(with_ones(X).T @ with_ones(X) / len(X), 0), False, "largest eigenvalue"),
    "λ itself": (lambda X: 2 / limit(with_ones(X).T @ with_ones(X) / len(X)), False, "curvature λ itself"),
    "all eigenvalues": (lambda X: np.ones(4), False, "must have shape (), got (4,)"),
}


@pytest.mark.parametrize(("answer", "correct", "hint"), LIMITS.values(), ids=LIMITS)
def test_largest_stable_lr(answer, correct, hint):
    verdict = check_largest_stable_lr(answer)
    assert verdict.correct is correct
    assert hint in verdict.text


def test_the_mark_stands_first():
    marks = [
        repr(check_model_gradient(MODEL, GRADIENTS[k][0], X, Y))[0] for k in ("right", "not begun", "half")
    ]
    assert marks == ["✅", "⬜", "❌"]


def test_an_unanswered_function_is_called_by_its_name():
    def my_gradient(params, X, y):
        return None

    assert "my_gradient returns None" in check_model_gradient(MODEL, my_gradient, X, Y).text


FUNCTIONS = {
    "right": (lambda Z: np.exp(Z) / np.exp(Z).sum(), True, "Right"),
    "not begun": (lambda Z: None, None, "Not answered yet"),
    "known mistake": (np.exp, False, "Divide by the sum"),
    "overflow": (lambda Z: np.full(3, np.nan), False, "It overflows"),
    "unknown mistake": (lambda Z: Z, False, "should be"),
    "wrong shape": (lambda Z: Z[0], False, "must have shape (3,), got ()"),
    "raises": (lambda Z: Z["x"], False, "raised IndexError"),
    "changes its input": (lambda Z: Z.sort() or Z, False, "changed the arrays"),
}


@pytest.mark.parametrize(("answer", "correct", "words"), FUNCTIONS.values(), ids=FUNCTIONS)
def test_check_function(answer, correct, words):
    trial = np.array([3.0, 1.0, 2.0])
    hints = [("Divide by the sum.", np.exp), ("It overflows.", lambda Z: np.exp(1e9 * Z) / np.exp(1e9 * Z))]
    verdict = check_function(answer, FUNCTIONS["right"][0], trial, hints=hints)
    assert verdict.correct is correct
    assert words in repr(verdict)
    np.testing.assert_array_equal(trial, [3, 1, 2])


def border(x1, w, b):
    return np.array([np.roots([w[1], w[0] * x + b])[0] for x in x1])  # of w₂ x₂ + (w₁ x₁ + b) = 0


BORDERS = {
    "right": (lambda p, x: border(x, p["w"], p["b"]), True, "Right"),
    "not begun": (lambda p, x: None, None, "Not answered yet"),
    "no intercept": (lambda p, x: border(x, p["w"], 0), False, "intercept b is missing"),
    "b undivided": (lambda p, x: border(x, p["w"], 0) - p["b"], False, "left out of the division"),
    "sign": (lambda p, x: -border(x, p["w"], p["b"]), False, "sign is wrong"),
    "swapped": (lambda p, x: border(x, p["w"][::-1], p["b"]), False, "swapped"),
    "z": (lambda p, x: x * p["w"][0] + p["b"], False, "That is z"),
}


@pytest.mark.parametrize(("answer", "correct", "words"), BORDERS.values(), ids=BORDERS)
def test_check_border(answer, correct, words):
    verdict = check_border(answer)
    assert verdict.correct is correct
    assert words in repr(verdict)


def test_a_gradient_may_bring_hints_of_its_own():
    def without_targets(params, X, y):
        return gradient(1)(params, X, 0 * y)

    hints = [("Where is y?", without_targets)]
    assert "Where is y?" in repr(check_model_gradient(MODEL, without_targets, X, Y, hints=hints))
    assert check_model_gradient(MODEL, gradient(1), X, Y, hints=hints).correct
