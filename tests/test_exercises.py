"""The checkers: the right answer passes, each usual mistake gets its hint, and nothing else slips through."""

from __future__ import annotations

import numpy as np
import pytest

from gdutils.exercises import (
    check_border,
    check_dead_units,
    check_function,
    check_largest_stable_lr,
    check_leaky_gradient,
    check_log_softmax,
    check_model_gradient,
    check_rating_step,
    check_softmax_gradient,
    check_squared_hinge,
    check_step,
    check_sum_form,
    check_support_vectors,
    check_svm_step,
    check_two_columns,
)
from gdutils.exercises.models import SquaredHinge
from gdutils.gradient_check import check_gradient
from gdutils.models import LinearRegression, NeuralNetwork

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
    "sum": (step(scale=3.0), False, "Is the 1/n missing"),
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
    assert marks == ["✔", "☐", "✘"]


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
    "sign of w": (lambda p, x: border(-x, p["w"], p["b"]), False, "one sign is wrong"),
    "sign of b": (lambda p, x: border(x, p["w"], -p["b"]), False, "one sign is wrong"),
    "undivided": (lambda p, x: -(x * p["w"][0] + p["b"]), False, "Divide by w₂"),
    "z is a half": (lambda p, x: border(x, p["w"], p["b"] - 0.5), False, "z is 0, not ½"),
    "something else": (
        lambda p, x: x,
        False,
        "what <lambda> returns should be [-1.   0.5  3.5] on x₁ = −1, 0, 2",
    ),
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


def row_sums(E):
    return np.array([[sum(row)] for row in E])


def row_maxima(Z):
    return np.array([[max(row)] for row in Z])


def stable(Z):
    D = Z - row_maxima(Z)
    return D - np.log(row_sums(np.exp(D)))


LOG_SOFTMAXES = {
    "right": (stable, True, "Right"),
    "not begun": (lambda Z: None, None, "Not answered yet"),
    "probabilities": (lambda Z: np.exp(stable(Z)), False, "That is P̂"),
    "negative": (lambda Z: -stable(Z), False, "−ln p̂"),
    "per column": (lambda Z: stable(Z.T).T, False, "per column"),
    "of the table": (lambda Z: stable(Z.reshape(1, -1)).reshape(Z.shape), False, "whole table"),
    "logarithm of P": (lambda Z: np.log(np.exp(stable(Z))), False, "small p̂ became 0"),
    "no maximum": (lambda Z: Z - np.log(row_sums(np.exp(Z))), False, "overflows"),
    "as in the book": (lambda Z: np.log(np.exp(Z) / row_sums(np.exp(Z))), False, "overflows"),
    "not put back": (lambda Z: Z - np.log(row_sums(np.exp(Z - row_maxima(Z)))), False, "not put back"),
    "maximum of the table": (
        lambda Z: Z - Z.max() - np.log(row_sums(np.exp(Z - Z.max()))),
        False,
        "maximum of the table",
    ),
}


@pytest.mark.parametrize(("answer", "correct", "words"), LOG_SOFTMAXES.values(), ids=LOG_SOFTMAXES)
def test_check_log_softmax(answer, correct, words):
    verdict = check_log_softmax(answer)
    assert verdict.correct is correct
    assert words in repr(verdict)


LABELS = np.arange(30) % 3


def softmax_gradient(error, factor=1):
    def answer(params, X, y):
        Y = np.array([[float(k == label) for k in range(3)] for label in y])
        e = error(X @ params["W"] + params["b"], Y)
        return {"W": factor * X.T @ e / len(y), "b": factor * e.mean(axis=0)}

    return answer


def probabilities(Z):
    return np.exp(stable(Z))


SOFTMAX_GRADIENTS = {
    "right": (softmax_gradient(lambda Z, Y: probabilities(Z) - Y), True, "Right"),
    "not begun": (lambda params, X, y: None, None, "Not answered yet"),
    "sum": (softmax_gradient(lambda Z, Y: probabilities(Z) - Y, 30), False, "1/n"),
    "no Y": (softmax_gradient(lambda Z, Y: probabilities(Z)), False, "Where is Y?"),
    "no softmax": (softmax_gradient(lambda Z, Y: Z - Y), False, "softmax is missing"),
    "columns": (softmax_gradient(lambda Z, Y: probabilities(Z.T).T - Y), False, "along the columns"),
    "table": (
        softmax_gradient(lambda Z, Y: probabilities(Z.reshape(1, -1)).reshape(Z.shape) - Y),
        False,
        "whole table",
    ),
    "mean of all entries": (softmax_gradient(lambda Z, Y: probabilities(Z) - Y, 1 / 3), False, "nK"),
    "squared error": (
        softmax_gradient(lambda Z, Y: (probabilities(Z) - Y) * probabilities(Z) * (1 - probabilities(Z))),
        False,
        "squared error",
    ),
}


@pytest.mark.parametrize(("answer", "correct", "words"), SOFTMAX_GRADIENTS.values(), ids=SOFTMAX_GRADIENTS)
def test_check_softmax_gradient(answer, correct, words):
    verdict = check_softmax_gradient(answer, X, LABELS)
    assert verdict.correct is correct
    assert words in repr(verdict)


COLUMNS = {
    "right": (lambda w: np.outer(w, [-0.5, 0.5]), True, "Right"),
    "not begun": (lambda w: None, None, "Not answered yet"),
    "swapped": (lambda w: np.outer(w, [0.5, -0.5]), False, "swapped"),
    "twice": (lambda w: np.outer(w, [-1, 1]), False, "2w"),
    "one column": (lambda w: np.outer(w, [0, 1]), False, "not where descent goes"),
    "other column": (lambda w: np.outer(w, [-1, 0]), False, "not where descent goes"),
    "rows": (lambda w: np.outer([-0.5, 0.5], w), False, "Is it transposed"),
}


@pytest.mark.parametrize(("answer", "correct", "words"), COLUMNS.values(), ids=COLUMNS)
def test_check_two_columns(answer, correct, words):
    verdict = check_two_columns(answer)
    assert verdict.correct is correct
    assert words in repr(verdict)


def test_an_answer_that_overflows_brings_no_warning(recwarn):
    assert check_log_softmax(lambda Z: np.log(np.exp(Z) / row_sums(np.exp(Z)))).correct is False
    assert not recwarn.list


def rating_step(order="pq", errors=2, penalties=2, old_error=False):
    def answer(p, q, rating, lr, reg):
        error = p @ q - rating
        new_p = p - lr * (errors * error * q + penalties * reg * p)
        old_p = p if order == "pq" else new_p
        if order == "late" and not old_error:
            error = new_p @ q - rating
        return new_p, q - lr * (errors * error * old_p + penalties * reg * q)

    return answer


RATING_STEPS = {
    "right": (rating_step(), True, "Right"),
    "not begun": (lambda p, q, rating, lr, reg: None, None, "Not answered yet"),
    "q late": (rating_step("late"), False, "already moved"),
    "q late, old error": (rating_step("late", old_error=True), False, "already moved"),
    "half": (rating_step(errors=1, penalties=1), False, "Half a step"),
    "half and late": (rating_step("late", errors=1, penalties=1), False, "And half a step"),
    "half, late, old error": (rating_step("late", 1, 1, old_error=True), False, "And half a step"),
    "no penalty": (rating_step(penalties=0), False, "Where is the penalty?"),
    "no penalty and half": (rating_step(errors=1, penalties=0), False, "And half a step"),
    "penalty without 2": (rating_step(penalties=1), False, "penalty is a square too"),
    "error without 2": (rating_step(errors=1), False, "squared error has a 2"),
    "uphill": (rating_step(errors=-2, penalties=-2), False, "uphill"),
    "sign of the error": (rating_step(errors=-2), False, "prediction − rating"),
    "something else": (rating_step(errors=3), False, "should be"),
}


@pytest.mark.parametrize(("answer", "correct", "words"), RATING_STEPS.values(), ids=RATING_STEPS)
def test_check_rating_step(answer, correct, words):
    verdict = check_rating_step(answer)
    assert verdict.correct is correct
    assert words in repr(verdict)


def sum_form(errors=2.0, penalties=2.0, per_rating=0.0, mean=False, repeats=True):
    def answer(P, Q, X, y, reg):
        gradient = penalties * reg * P
        for i in range(len(P)):
            rows = [k for k in range(len(y)) if X[k, 0] == i]
            for k in rows if repeats else rows[-1:]:
                gradient[i] += errors * (P[i] @ Q[X[k, 1]] - y[k]) * Q[X[k, 1]] + per_rating * reg * P[i]
        return gradient / len(y) if mean else gradient

    return answer


SUM_FORMS = {
    "right": (sum_form(), True, "Right"),
    "not begun": (lambda P, Q, X, y, reg: None, None, "Not answered yet"),
    "repeated rows dropped": (sum_form(repeats=False), False, "drop the repeated rows"),
    "once a rating": (sum_form(penalties=0, per_rating=2), False, "once for each rating"),
    "this lesson's loss": (sum_form(penalties=0, per_rating=2, mean=True), False, "this lesson's loss"),
    "mixture": (sum_form(errors=2 / 6), False, "mixture: 1/n belongs to neither part"),
    "mean": (sum_form(mean=True), False, "no 1/n"),
    "no penalty": (sum_form(penalties=0), False, "Where is the penalty?"),
    "half": (sum_form(errors=1, penalties=1), False, "Half as long"),
    "penalty without 2": (sum_form(penalties=1), False, "penalty is a square too"),
    "error without 2": (sum_form(errors=1), False, "squared error has a 2"),
    "sign of the error": (sum_form(errors=-2), False, "prediction − rating"),
    "sign of all": (sum_form(errors=-2, penalties=-2), False, "points uphill"),
    "something else": (sum_form(errors=3), False, "should be"),
}


@pytest.mark.parametrize(("answer", "correct", "words"), SUM_FORMS.values(), ids=SUM_FORMS)
def test_check_sum_form(answer, correct, words):
    verdict = check_sum_form(answer)
    assert verdict.correct is correct
    assert words in repr(verdict)


def by_twins(params, X, y):
    """Twice as many ReLU units stand in for leaky ones, as a = ReLU(z) − ReLU(−z)/10."""
    W1, b1, W2, b2 = (params[name] for name in ("W1", "b1", "W2", "b2"))
    twins = {"W1": np.hstack([W1, -W1]), "b1": np.hstack([b1, -b1])}
    twins |= {"W2": np.vstack([W2, -W2 / 10]), "b2": b2}
    g = NeuralNetwork(2, 10, 3).gradient(twins, X, y)
    dW1, db1 = g["W1"][:, :5] - g["W1"][:, 5:], g["b1"][:5] - g["b1"][5:]
    return {"W1": dW1, "b1": db1, "W2": g["W2"][:5] - g["W2"][5:] / 10, "b2": g["b2"]}


def leaky_gradient(mask, leak=0.1):
    def answer(params, X, y):
        Z1 = X @ params["W1"] + params["b1"]
        A = np.maximum(0, Z1) + leak * np.minimum(0, Z1)
        E = np.exp(A @ params["W2"] + params["b2"])
        dZ2 = E / E.sum(axis=1, keepdims=True)
        dZ2[range(len(y)), y] -= 1
        dA = dZ2 @ params["W2"].T / len(y)
        dZ1 = dA * mask(Z1, dA)
        return {"W1": X.T @ dZ1, "b1": dZ1.sum(axis=0), "W2": A.T @ dZ2 / len(y), "b2": dZ2.mean(axis=0)}

    return answer


def tenth(on):
    return 0.1 + 0.9 * on


LEAKY_GRADIENTS = {
    "right": (by_twins, True, "Right"),
    "right, line by line": (leaky_gradient(lambda Z1, dA: tenth(Z1 > 0)), True, "Right"),
    "not begun": (lambda params, X, y: None, None, "Not answered yet"),
    "sign of dA": (leaky_gradient(lambda Z1, dA: tenth(dA > 0)), False, "not the sign of dA"),
    "sign of dA, no leak": (leaky_gradient(lambda Z1, dA: dA > 0), False, "not the sign of dA"),
    "mask of the ReLU": (leaky_gradient(lambda Z1, dA: Z1 > 0), False, "pass a tenth back"),
    "no mask": (leaky_gradient(lambda Z1, dA: 1), False, "mask is missing"),
    "no leak forward": (leaky_gradient(lambda Z1, dA: tenth(Z1 > 0), 0), False, "a tenth forward"),
    "ReLU": (leaky_gradient(lambda Z1, dA: Z1 > 0, 0), False, "gradient of ReLU units"),
    "something else": (leaky_gradient(lambda Z1, dA: tenth(Z1 > 1)), False, '"W1" should be'),
}


@pytest.mark.parametrize(("answer", "correct", "words"), LEAKY_GRADIENTS.values(), ids=LEAKY_GRADIENTS)
def test_check_leaky_gradient(answer, correct, words):
    verdict = check_leaky_gradient(answer)
    assert verdict.correct is correct
    assert words in repr(verdict)


def times_on(params, X):
    return sum(params["W1"].T @ x + params["b1"] > 0 for x in X)


DEAD_UNITS = {
    "right": (lambda p, X: times_on(p, X) == 0, True, "Right"),
    "not begun": (lambda p, X: None, None, "Not answered yet"),
    "no bias": (lambda p, X: times_on(p | {"b1": 0}, X) == 0, False, "b₁ is part of its sum"),
    "off for some rows": (lambda p, X: times_on(p, X) < len(X), False, "not dead yet"),
    "inverted": (lambda p, X: times_on(p, X) > 0, False, "living ones"),
    "never off": (lambda p, X: times_on(p, X) == len(X), False, "never off"),
    "a value for each row": (
        lambda p, X: np.array([not any(p["W1"].T @ x + p["b1"] > 0) for x in X]),
        False,
        "one value for each unit",
    ),
    "numbers of the units": (lambda p, X: np.flatnonzero(times_on(p, X) == 0), False, "numbers of the units"),
    "something else": (lambda p, X: np.full(5, True), False, "[False  True False  True False]"),
}


@pytest.mark.parametrize(("answer", "correct", "words"), DEAD_UNITS.values(), ids=DEAD_UNITS)
def test_check_dead_units(answer, correct, words):
    verdict = check_dead_units(answer)
    assert verdict.correct is correct
    assert words in repr(verdict)


def label_times_score(params, X, y):
    return np.array([c * (np.dot(row, params["w"]) + params["b"]) for row, c in zip(X, y, strict=True)])


SUPPORT_VECTORS = {
    "right": (lambda p, X, y: label_times_score(p, X, y) <= 1, True, "Right"),
    "a list": (lambda p, X, y: [bool(v <= 1) for v in label_times_score(p, X, y)], True, "Right"),
    "not begun": (lambda p, X, y: None, None, "Not answered yet"),
    "no y": (lambda p, X, y: X @ p["w"] + p["b"] <= 1, False, "y is missing"),
    "sign of y": (lambda p, X, y: -label_times_score(p, X, y) <= 1, False, "sign is turned"),
    "strip": (lambda p, X, y: abs(X @ p["w"] + p["b"]) <= 1, False, "wrong side, far off"),
    "strict": (lambda p, X, y: label_times_score(p, X, y) < 1, False, "exactly on its margin"),
    "others": (lambda p, X, y: label_times_score(p, X, y) > 1, False, "Those are the others"),
    "wrong side": (lambda p, X, y: label_times_score(p, X, y) <= 0, False, "only the rows on the wrong side"),
    "on the margin": (lambda p, X, y: label_times_score(p, X, y) == 1, False, "exactly on their margin"),
    "no b": (lambda p, X, y: y * (X @ p["w"]) <= 1, False, "b is missing"),
    "b outside": (lambda p, X, y: y * (X @ p["w"]) + p["b"] <= 1, False, "not multiplied by y"),
    "numbers": (
        lambda p, X, y: np.flatnonzero(label_times_score(p, X, y) <= 1),
        False,
        "numbers of the rows",
    ),
    "all": (lambda p, X, y: y == y, False, "rows with ys = 3, 2.5, 1"),
}


@pytest.mark.parametrize(("answer", "correct", "words"), SUPPORT_VECTORS.values(), ids=SUPPORT_VECTORS)
def test_check_support_vectors(answer, correct, words):
    verdict = check_support_vectors(answer)
    assert verdict.correct is correct
    assert words in repr(verdict)


def svm_step(C=3, shrink=0.9, shrink_b=1.0, pulls=lambda v: v < 1, only_inside=False):
    def answer(params, X, y, lr):
        weights = [pulls(v) for v in label_times_score(params, X, y)]
        n = np.count_nonzero(weights) if only_inside else len(y)
        w, b = shrink * params["w"], shrink_b * params["b"]
        for weight, row, c in zip(weights, X, y, strict=True):
            w, b = w + lr * C / n * weight * c * row, b + lr * C / n * weight * c
        return {"w": w, "b": b}

    return answer


def step_in_order(first, second):
    def answer(params, X, y, lr):
        moved = params | {first: svm_step()(params, X, y, lr)[first]}
        return moved | {second: svm_step()(moved, X, y, lr)[second]}

    return answer


SVM_STEPS = {
    "right": (svm_step(), True, "Right"),
    "not begun": (lambda params, X, y, lr: None, None, "Not answered yet"),
    "C is 1": (svm_step(C=1), False, "C is 3"),
    "no shrinking": (svm_step(shrink=1), False, "penalty shrinks w"),
    "growing": (svm_step(shrink=1.1), False, "w grows"),
    "b shrunk": (svm_step(shrink_b=0.9), False, "does not see b"),
    "a sum": (svm_step(C=90), False, "1/n missing"),
    "no learning rate": (svm_step(C=30), False, "scales the pull"),
    "subtracted": (svm_step(C=-3), False, "pull is added"),
    "uphill": (svm_step(C=-3, shrink=1.1), False, "uphill"),
    "mean of those inside": (svm_step(only_inside=True), False, "number of all rows"),
    "all rows": (svm_step(pulls=lambda v: 1), False, "beyond its margin does not pull"),
    "other rows": (svm_step(pulls=lambda v: v > 1), False, "wrong rows pull"),
    "w first": (step_in_order("w", "b"), False, "already moved"),
    "b first": (step_in_order("b", "w"), False, "already moved"),
    "something else": (svm_step(C=2), False, '"w" should be'),
}


@pytest.mark.parametrize(("answer", "correct", "words"), SVM_STEPS.values(), ids=SVM_STEPS)
def test_check_svm_step(answer, correct, words):
    verdict = check_svm_step(answer)
    assert verdict.correct is correct
    assert words in repr(verdict)


def squared_hinge(pull, penalty=1, penalty_b=0):
    def answer(params, X, y):
        w, b = penalty * params["w"], penalty_b * params["b"]
        for v, row, c in zip(label_times_score(params, X, y), X, y, strict=True):
            w, b = w - pull(c, 1 - v) * row / len(y), b - pull(c, 1 - v) / len(y)
        return {"w": w, "b": b}

    return answer


def twice_hinge(c, z):
    return 2 * c * max(0, z)


SQUARED_HINGES = {
    "right": (squared_hinge(twice_hinge), True, "Right"),
    "not begun": (lambda params, X, y: None, None, "Not answered yet"),
    "no 2": (squared_hinge(lambda c, z: c * max(0, z)), False, "the 2 of the derivative"),
    "no penalty": (squared_hinge(twice_hinge, penalty=0), False, "penalty is missing"),
    "sign of the penalty": (squared_hinge(twice_hinge, penalty=-1), False, "sign of the penalty"),
    "b penalized": (squared_hinge(twice_hinge, penalty_b=1), False, "does not see b"),
    "still squared": (squared_hinge(lambda c, z: c * max(0, z) ** 2), False, "still squared"),
    "twice, and squared": (squared_hinge(lambda c, z: 2 * c * max(0, z) ** 2), False, "still squared"),
    "plain hinge": (squared_hinge(lambda c, z: c * (z > 0)), False, "hinge itself is missing"),
    "twice the plain hinge": (squared_hinge(lambda c, z: 2 * c * (z > 0)), False, "hinge itself is missing"),
    "a sum": (squared_hinge(lambda c, z: 30 * twice_hinge(c, z)), False, "1/n missing"),
    "sign of the hinge": (squared_hinge(lambda c, z: -twice_hinge(c, z)), False, "hinge part is wrong"),
    "no y": (squared_hinge(lambda c, z: twice_hinge(1, z)), False, "y is missing"),
    "no max": (squared_hinge(lambda c, z: 2 * c * z), False, "max is missing"),
    "all of it turned": (squared_hinge(lambda c, z: -twice_hinge(c, z), penalty=-1), False, "sign is wrong"),
    "something else": (squared_hinge(lambda c, z: 3 * c * max(0, z)), False, '"w" should be'),
}


@pytest.mark.parametrize(("answer", "correct", "words"), SQUARED_HINGES.values(), ids=SQUARED_HINGES)
def test_check_squared_hinge(answer, correct, words):
    verdict = check_squared_hinge(answer)
    assert verdict.correct is correct
    assert words in repr(verdict)


def test_the_squared_hinge_has_the_gradient_of_its_loss():
    params = {"w": np.array([0.3, -0.7]), "b": np.array(0.2)}
    assert check_gradient(SquaredHinge(2, C=3), params, X, np.where(Y > 0, 1, -1)) < 1e-8


def turned(answer):
    """Transpose what an answer returns; a vector becomes a column, a row of shape (1, n)."""

    def other(*arguments):
        found = answer(*arguments)
        if not isinstance(found, dict):
            return np.atleast_2d(found).T
        tables = {name: np.atleast_2d(value) for name, value in found.items() if np.ndim(value)}
        return found | {name: table.T if min(table.shape) > 1 else table for name, table in tables.items()}

    return other


def negative(answer):
    def other(*arguments):
        return {name: -value for name, value in answer(*arguments).items()}

    return other


def summed(answer):
    def other(params, X, y):
        return {name: len(y) * value for name, value in answer(params, X, y).items()}

    return other


NO_STEP = "nothing is updated"
NO_MEAN = "there is no mean over rows in it"
TRANSPOSED = "Is it transposed, or is a product the wrong way round?"
leaky = leaky_gradient(lambda Z1, dA: tenth(Z1 > 0))
softmax_right = softmax_gradient(lambda Z, Y: probabilities(Z) - Y)
USUAL_MISTAKES = {
    "check_model_gradient": {
        "call": lambda answer: check_model_gradient(MODEL, answer, X, Y),
        "right": [gradient(1)],
        "missing 1/n": (gradient(30), "Is the 1/n missing?"),
        "wrong sign": (gradient(-1), "prediction − target"),
        "wrong order": NO_STEP,
        "transposed": (transposed, TRANSPOSED),
    },
    "check_step": {
        "call": lambda answer: check_step(MODEL, answer, X, Y),
        "right": [step()],
        "missing 1/n": (step(scale=3.0), "Is the 1/n missing"),  # 30 rows times lr = 0.1
        "wrong sign": (step(sign=1), "uphill"),
        "wrong order": (in_order("w", "b"), "Take all gradients first"),
        "transposed": (turned(step()), TRANSPOSED),
    },
    "check_largest_stable_lr": {
        "right": [
            lambda X: limit(with_ones(X).T @ with_ones(X) / len(X)),
            lambda X: limit(with_ones(X) @ with_ones(X).T / len(X)),
        ],
        "missing 1/n": (lambda X: limit(with_ones(X).T @ with_ones(X)), "1/n"),
        "wrong sign": "a limit has no step in it, which could go the wrong way",
        "wrong order": NO_STEP,
        "transposed": "the product the other way round has the same largest eigenvalue, and is right",
    },
    "check_border": {
        "right": [lambda p, x: border(x, p["w"], p["b"])],
        "missing 1/n": NO_MEAN,
        "wrong sign": (lambda p, x: -border(x, p["w"], p["b"]), "sign is wrong"),
        "wrong order": NO_STEP,
        "transposed": (turned(lambda p, x: border(x, p["w"], p["b"])), TRANSPOSED),
    },
    "check_log_softmax": {
        "right": [stable],
        "missing 1/n": NO_MEAN,
        "wrong sign": (lambda Z: -stable(Z), "−ln p̂"),
        "wrong order": NO_STEP,
        "transposed": (lambda Z: stable(Z).T, TRANSPOSED),
    },
    "check_softmax_gradient": {
        "call": lambda answer: check_softmax_gradient(answer, X, LABELS),
        "right": [softmax_right],
        "missing 1/n": (summed(softmax_right), "Is the 1/n missing?"),
        "wrong sign": (negative(softmax_right), "prediction − target"),
        "wrong order": NO_STEP,
        "transposed": (turned(softmax_right), TRANSPOSED),
    },
    "check_two_columns": {
        "right": [lambda w: np.outer(w, [-0.5, 0.5])],
        "missing 1/n": NO_MEAN,
        "wrong sign": (lambda w: np.outer(w, [0.5, -0.5]), "swapped"),
        "wrong order": NO_STEP,
        "transposed": (lambda w: np.outer([-0.5, 0.5], w), TRANSPOSED),
    },
    "check_leaky_gradient": {
        "right": [by_twins, leaky],
        "missing 1/n": (summed(leaky), "Is the 1/n missing?"),
        "wrong sign": (negative(leaky), "prediction − target"),
        "wrong order": NO_STEP,
        "transposed": (turned(leaky), TRANSPOSED),
    },
    "check_dead_units": {
        "right": [lambda p, X: times_on(p, X) == 0],
        "missing 1/n": NO_MEAN,
        "wrong sign": (lambda p, X: times_on(p, X) == len(X), "never off"),
        "wrong order": NO_STEP,
        "transposed": (
            lambda p, X: np.array([not any(p["W1"].T @ x + p["b1"] > 0) for x in X]),
            "one value for each unit",
        ),
    },
    "check_support_vectors": {
        "right": [lambda p, X, y: label_times_score(p, X, y) <= 1],
        "missing 1/n": NO_MEAN,
        "wrong sign": (lambda p, X, y: -label_times_score(p, X, y) <= 1, "sign is turned"),
        "wrong order": NO_STEP,
        "transposed": (lambda p, X, y: y * (X.T @ p["w"] + p["b"]) <= 1, "Is something transposed"),
    },
    "check_svm_step": {
        "right": [svm_step()],
        "missing 1/n": (svm_step(C=90), "1/n missing"),
        "wrong sign": (svm_step(C=-3), "pull is added"),
        "wrong order": (step_in_order("w", "b"), "already moved"),
        "transposed": (turned(svm_step()), TRANSPOSED),
    },
    "check_squared_hinge": {
        "right": [squared_hinge(twice_hinge)],
        "missing 1/n": (squared_hinge(lambda c, z: 30 * twice_hinge(c, z)), "1/n missing"),
        "wrong sign": (squared_hinge(lambda c, z: -twice_hinge(c, z)), "hinge part is wrong"),
        "wrong order": NO_STEP,
        "transposed": (turned(squared_hinge(twice_hinge)), TRANSPOSED),
    },
    "check_rating_step": {
        "right": [rating_step()],
        "missing 1/n": "the step sees one rating, so n is 1",
        "wrong sign": (rating_step(errors=-2, penalties=-2), "uphill"),
        "wrong order": (rating_step("late"), "already moved"),
        "transposed": (turned(rating_step()), TRANSPOSED),
    },
    "check_sum_form": {
        "right": [sum_form()],
        "missing 1/n": (sum_form(mean=True), "The sum form has no 1/n"),  # here it is one too many
        "wrong sign": (sum_form(errors=-2, penalties=-2), "points uphill"),
        "wrong order": NO_STEP,
        "transposed": (turned(sum_form()), TRANSPOSED),
    },
}
