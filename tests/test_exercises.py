"""The exercises: right answers pass, each mistake gets its own hint, and no answer can break the checker."""

import inspect

import numpy as np
import pytest
from scipy.special import expit, logsumexp

from gdutils.gradient_check import numerical_gradient
from gdutils.models import LinearRegression, LinearSVM, LogisticRegression
from gdutils.optimizers import SGD, Momentum
from gdutils.practice import check
from gdutils.practice.exercises import EXERCISES

every_exercise = pytest.mark.parametrize("name", EXERCISES)


# --------------------------------- right answers, found in another way; the lessons' solutions are others


def by_measuring(loss):
    """Return the gradient of a loss of params, X and y, measured and not derived."""

    def gradient(params, X, y):
        return {
            name: numerical_gradient(
                lambda theta, name=name: loss(params | {name: theta}, X, y), params[name]
            )
            for name in params
        }

    return gradient


def half_mean_square(params, X, y):
    return np.mean((X @ params["w"] + params["b"] - y) ** 2) / 2


def cross_entropy(params, X, y):
    return -np.mean(np.log(np.where(y == 1, *(expit(s * (X @ params["w"] + params["b"])) for s in (1, -1)))))


def softmax_loss(params, X, y):
    Z = X @ params["W"] + params["b"]
    return np.mean(logsumexp(Z, axis=1) - Z[range(len(y)), y])


def leaky_loss(params, X, y):
    Z = X @ params["W1"] + params["b1"]
    return softmax_loss({"W": params["W2"], "b": params["b2"]}, np.maximum(Z, Z / 10), y)


def squared_hinge(params, X, y):
    ys = y * (X @ params["w"] + params["b"])
    return params["w"] @ params["w"] / 2 + np.mean(np.maximum(0, 1 - ys) ** 2)


def line_gradient(m, b, x, y):
    def loss(theta):
        return np.mean((theta[0] * x + theta[1] - y) ** 2)

    return numerical_gradient(loss, np.array([m, b]))


def rating_step(p, q, rating, lr, reg):
    def loss(pair):
        return (pair[0] @ pair[1] - rating) ** 2 + reg * np.sum(pair**2)

    pair = np.array([p, q])
    return pair - lr * numerical_gradient(loss, pair)


def sum_form_gradient(P, Q, X, y, reg):
    def loss(P):
        fit = sum((P[i] @ Q[j] - rating) ** 2 for (i, j), rating in zip(X, y, strict=True))
        return fit + reg * np.sum(P**2)

    return numerical_gradient(loss, P)


def sgd_step(w, b, x, y, eta, alpha):
    def loss(params, X, y):
        return cross_entropy(params, X, y) + alpha / 2 * params["w"] @ params["w"]

    grads = by_measuring(loss)({"w": w, "b": np.array(b)}, x[np.newaxis], np.array([y]))
    return {"w": w - eta * grads["w"], "b": b - eta * grads["b"]}


def step_of(model):
    def step(params, X, y, lr):
        grads = model.gradient(params, X, y)
        return {name: SGD(lr).step(theta, grads[name], None)[0] for name, theta in params.items()}

    return step


def steps_needed(lr, curvature, ratio):
    distance, steps = 1.0, 0
    while distance > ratio:
        distance, steps = distance * abs(1 - lr * curvature), steps + 1
    return steps


def adam_step(theta, grad, m, v, t, lr, beta1, beta2, eps):
    """Write it as PyTorch does, with one factor for both corrections."""
    m, v = (
        np.average([m, grad], weights=[beta1, 1 - beta1]),
        np.average([v, grad**2], weights=[beta2, 1 - beta2]),
    )
    root = np.sqrt(1 - beta2**t)
    return theta - lr * root / (1 - beta1**t) * m / (np.sqrt(v) + eps * root)


RIGHT = {
    "descend": lambda slope, x, lr, steps: 3 + (x - 3) * (1 - 2 * lr) ** steps,
    "line_gradient": line_gradient,
    "steps_needed": steps_needed,
    "momentum_step": lambda theta, grad, v, lr, beta: Momentum(lr, beta).step(theta, grad, v),
    "adam_step": adam_step,
    "linear_gradient": by_measuring(half_mean_square),
    "linear_step": step_of(LinearRegression(2)),
    "largest_stable_lr": lambda X: SGD().largest_stable_lr(LinearRegression(2).curvature(X)),
    "logistic_gradient": by_measuring(cross_entropy),
    "softmax_gradient": by_measuring(softmax_loss),
    "leaky_gradient": by_measuring(leaky_loss),
    "svm_step": step_of(LinearSVM(2, C=3)),
    "squared_hinge_gradient": by_measuring(squared_hinge),
    "rating_step": rating_step,
    "sum_form_gradient": sum_form_gradient,
    "sgd_step": sgd_step,
}


@pytest.mark.parametrize("name", RIGHT)
def test_a_right_answer_found_in_another_way_is_accepted(name):
    verdict = check(name, RIGHT[name])
    assert verdict.correct, verdict
    assert repr(verdict).startswith("✔ Right: ")


def test_the_decision_boundary_is_where_both_classes_are_as_probable():
    ((params, x1),) = EXERCISES["decision_boundary"].trials
    X = np.column_stack([x1, EXERCISES["decision_boundary"](params, x1)])
    np.testing.assert_allclose(LogisticRegression(2).predict(params, X), 0.5)


def test_the_trial_of_the_support_vectors_has_rows_of_all_kinds():
    ((params, X, y),) = EXERCISES["support_vectors"].trials
    ys = y * LinearSVM(2).predict(params, X)
    np.testing.assert_allclose(ys, [3, 2.5, 1, 1, 0.5, -0.25, -3, -2], atol=1e-15)
    assert EXERCISES["support_vectors"](params, X, y).tolist() == [False, False] + 6 * [True]


def test_the_translation_gives_the_same_steps():
    """SVC weighs the sum of the hinges, n times their mean."""
    ((C, lr, n),) = EXERCISES["translation"].trials
    found = EXERCISES["translation"](C, lr, n)
    w, hinge = 0.7, -1.3  # the penalty's and the hinge's part of a slope
    assert lr * (w + C * hinge) == pytest.approx(found["eta0"] * (found["alpha"] * w + hinge))
    assert w + C * hinge == pytest.approx(w + found["C"] * n * hinge)


# --------------------------------------------------------------- wrong answers

OWN_MISTAKES = [(name, hint) for name, exercise in EXERCISES.items() for hint in exercise.mistakes]


def making(exercise, hint):
    """Return an answer that makes one of an exercise's mistakes."""
    mistake = exercise.mistakes[hint]
    if callable(mistake):
        return mistake

    def answer(*arguments):
        given = inspect.signature(exercise.reference).bind(*arguments).arguments
        return exercise(**given | mistake)

    return answer


@every_exercise
def test_the_right_answer_passes_and_the_stub_is_not_answered_yet(name):
    def my_answer(*arguments):
        """Return something."""
        ...

    assert check(name, EXERCISES[name].reference).correct
    assert repr(check(name, my_answer)) == "☐ Not answered yet: my_answer returns None."
    assert len(EXERCISES[name].mistakes) <= 5


@pytest.mark.parametrize(("name", "hint"), OWN_MISTAKES)
def test_each_mistake_gets_its_own_hint(name, hint):
    """So it differs from the right answer, and from the mistakes before it, on the trial data."""
    verdict = check(name, making(EXERCISES[name], hint))
    assert verdict.correct is False
    assert verdict.hint == hint
    assert repr(verdict) == f"✘ Not quite right. {hint}"


def times(factor, only=("w", "b")):
    def my_gradient(params, X, y):
        grads = LinearRegression(2).gradient(params, X, y)
        return grads | {name: factor * grads[name] for name in only}

    return my_gradient


@pytest.mark.parametrize(
    ("factor", "words"),
    [(30, "Is the 1/n missing?"), (-1, "The sign is wrong"), (2, "Twice"), (0.5, "Half")],
)
@pytest.mark.parametrize("only", [("w", "b"), ("w",), ("b",)])
def test_a_wrong_factor_is_named_in_every_exercise(factor, words, only):
    verdict = check("linear_gradient", times(factor, only))
    assert verdict.correct is False
    assert words in verdict.hint


# --------------------------------------------------------------- any answer


def in_place(params, X, y):
    X -= X.mean(axis=0)
    return times(1)(params, X, y)


def update_in_place(params, X, y):
    params["b"] += 1
    return times(1)(params, X, y)


def not_begun(params, X, y):
    raise NotImplementedError


class Proxy:
    """Something that NumPy can make nothing of."""

    def __array__(self, *_, **__):
        raise RuntimeError("no")


HOSTILE = {
    "Ellipsis": (lambda params, X, y: ..., None, "Not answered yet: <lambda> returns Ellipsis."),
    "NotImplementedError": (not_begun, None, "not_begun raises NotImplementedError."),
    "called": (3.5, False, "Pass the function without calling it; got 3.5."),
    "raises": (lambda params, X, y: params["v"], False, "<lambda> raised KeyError: 'v'."),
    "shapes": (lambda params, X, y: X @ y, False, "raised ValueError: matmul: "),
    "a number": (lambda params, X, y: 3, False, 'must return {"w": …, "b": …}, it returned 3.'),
    "a key too few": (lambda params, X, y: {"w": y}, False, 'must return {"w": …, "b": …}, it returned {'),
    "text": (lambda params, X, y: {"w": "up", "b": 1}, False, "\"w\" must hold numbers, got 'up'."),
    "ragged": (lambda params, X, y: {"w": [1, [2]], "b": 1}, False, '"w" must hold numbers, got [1, [2]].'),
    "complex": (lambda params, X, y: {"w": [1j, 1], "b": 1}, False, '"w" must hold numbers, got [1j, 1].'),
    "no array": (lambda params, X, y: {"w": Proxy(), "b": 1}, False, '"w" must hold numbers, got <'),
    "wrong shape": (lambda params, X, y: {"w": y, "b": 1}, False, '"w" must have shape (2,), got (30,).'),
    "a row": (lambda p, X, y: {"w": [[1.0, 2.0]], "b": 1}, False, "got (1, 2). Is something transposed"),
    "nan": (lambda params, X, y: {"w": [np.nan, 1], "b": 1}, False, "got [nan  1.]. Something overflows"),
    "something else": (times(1.1), False, '"w" should be ['),
    "in place": (in_place, False, "in_place changed what it was given; return new values instead."),
    "update in place": (update_in_place, False, "changed what it was given"),
    "single precision": (
        lambda *a: {name: np.float32(slope) for name, slope in times(1)(*a).items()}, True, "Right",
    ),
    "lists": (lambda *a: {name: slope.tolist() for name, slope in times(1)(*a).items()}, True, "Right"),
}  # fmt: skip


@pytest.mark.parametrize(("answer", "correct", "words"), HOSTILE.values(), ids=HOSTILE)
def test_any_answer_gets_a_sentence_and_leaves_the_trial_data_alone(answer, correct, words):
    before = repr(EXERCISES["linear_gradient"].trials)
    verdict = check("linear_gradient", answer)
    assert verdict.correct is correct
    assert words in repr(verdict)
    assert repr(EXERCISES["linear_gradient"].trials) == before


def test_an_answer_that_overflows_brings_no_warning(recwarn):
    assert check("log_softmax", lambda Z: Z - np.log(np.exp(Z).sum(axis=1, keepdims=True))).correct is False
    assert not recwarn.list


def test_an_exercise_that_does_not_exist():
    with pytest.raises(ValueError, match=r"name must be one of .*descend.*; got 'descent'"):
        check("descent", len)
