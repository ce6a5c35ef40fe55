"""The exercises: right answers pass, each mistake gets its own hint, and no answer can break the checker."""

import inspect
from functools import partial

import numpy as np
import pytest
from scipy.special import logsumexp

from gdutils.gradient_check import numerical_gradient
from gdutils.models import LinearRegression
from gdutils.practice import check
from gdutils.practice.exercises import EXERCISES

# ------------------- right answers, measured; for the other exercises there are the lessons' own solutions


def slope(loss, params, name, X, y):
    """Return the gradient of a loss along one of its parameters, measured and not derived."""
    return numerical_gradient(lambda theta: loss(params | {name: theta}, X, y), params[name])


def losses_of(loss, params, X, y, lr, epochs, batch_size, random_state):
    """Return the loss at the start and after each epoch of mini-batch descent along measured slopes."""
    rng, losses = np.random.RandomState(random_state), [loss(params, X, y)]
    for _ in range(epochs):
        order = rng.permutation(len(y))
        for rows in np.split(order, range(batch_size, len(y), batch_size)):
            grads = {name: slope(loss, params, name, X[rows], y[rows]) for name in params}
            params = {name: params[name] - lr * grads[name] for name in params}
        losses.append(loss(params, X, y))
    return losses


def softmax_loss(params, X, y):
    Z = X @ params["W"] + params["b"]
    return np.mean(logsumexp(Z, axis=1) - Z[range(len(y)), y])


def softmax_descent(X, y, lr, lam, epochs, batch_size, random_state):
    def loss(params, X, y):
        return softmax_loss(params, X, y) + lam / 2 * np.sum(params["W"] ** 2)

    params = {"W": np.zeros((2, 3)), "b": np.zeros(3)}
    return losses_of(loss, params, X, y, lr, epochs, batch_size, random_state)


def leaky_loss(params, X, y):
    Z = X @ params["W1"] + params["b1"]
    return softmax_loss({"W": params["W2"], "b": params["b2"]}, np.maximum(Z, Z / 10), y)


def squared_hinge_losses(X, y, lr, C, epochs, batch_size, random_state):
    def loss(params, X, y):
        ys = y * (X @ params["w"] + params["b"])
        return params["w"] @ params["w"] / 2 + C * np.mean(np.maximum(0, 1 - ys) ** 2)

    params = {"w": np.zeros(2), "b": np.array(0.0)}
    return losses_of(loss, params, X, y, lr, epochs, batch_size, random_state)


def rating_step(p, q, rating, lr, reg):
    def loss(pair):
        return (pair[0] @ pair[1] - rating) ** 2 + reg * np.sum(pair**2)

    pair = np.array([p, q])
    return pair - lr * numerical_gradient(loss, pair)


def bias_losses(X, y, lr, reg, batch_size, epochs, seed):
    def loss(params, X, y):
        b, c = params["b"][X[:, 0]], params["c"][X[:, 1]]
        return np.mean((b + c - y) ** 2 + reg * (b**2 + c**2))

    users, items = X.max(axis=0) + 1
    params = {"b": np.zeros(users), "c": np.zeros(items)}
    return losses_of(loss, params, X, y, lr, epochs, batch_size, seed)


MEASURED = {
    "penalized_loop": softmax_descent,
    "leaky_loop": partial(losses_of, leaky_loss),
    "squared_hinge_loop": squared_hinge_losses,
    "rating_step": rating_step,
    "bias_losses": bias_losses,
}


@pytest.mark.parametrize("name", MEASURED)
def test_the_right_gradient_is_that_of_the_loss(name):
    verdict = check(name, MEASURED[name])
    assert verdict.correct, verdict


# --------------------------------------------------------------- wrong answers


@pytest.mark.parametrize("name", EXERCISES)
def test_the_right_answer_passes_and_the_stub_is_not_answered_yet(name):
    def my_answer(*arguments):
        """Return something."""
        ...

    assert check(name, EXERCISES[name].reference).correct
    assert repr(check(name, my_answer)) == "☐ Not answered yet: my_answer returns None."
    assert len(EXERCISES[name].mistakes) <= 5


@pytest.mark.parametrize(
    ("name", "hint"), [(name, hint) for name, exercise in EXERCISES.items() for hint in exercise.mistakes]
)
def test_each_mistake_gets_its_own_hint(name, hint):
    """So it differs from the right answer, and from the mistakes before it, on the trial data."""
    exercise, mistake = EXERCISES[name], EXERCISES[name].mistakes[hint]

    def answer(*arguments):
        if callable(mistake):
            return mistake(*arguments)
        return exercise(**inspect.signature(exercise.reference).bind(*arguments).arguments | mistake)

    assert repr(check(name, answer)) == f"✘ Not quite right. {hint}"


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


def not_begun(params, X, y):
    raise NotImplementedError


HOSTILE = {
    "Ellipsis": (lambda params, X, y: ..., None, "Not answered yet: <lambda> returns Ellipsis."),
    "NotImplementedError": (not_begun, None, "not_begun raises NotImplementedError."),
    "called": (3.5, False, "Pass the function without calling it; got 3.5."),
    "raises": (lambda params, X, y: params["v"], False, "<lambda> raised KeyError: 'v'."),
    "shapes": (lambda params, X, y: X @ y, False, "raised ValueError: matmul: "),
    "a number": (lambda params, X, y: 3, False, 'must return {"w": …, "b": …}, it returned 3.'),
    "text": (lambda params, X, y: {"w": "up", "b": 1}, False, "\"w\" must hold numbers, got 'up'."),
    "a row": (lambda p, X, y: {"w": [[1.0, 2.0]], "b": 1}, False, "got (1, 2). Is something transposed"),
    "something else": (times(1.1), False, '"w" should be ['),
    "an overflow": (lambda *_: {"w": np.exp([1e9, 0]), "b": 1}, False, "got [inf  1.]. Something overflows"),
    "lists": (lambda *a: {name: slope.tolist() for name, slope in times(1)(*a).items()}, True, "Right"),
    "in place": (in_place, False, "in_place changed what it was given; return new values instead."),
}  # fmt: skip


@pytest.mark.parametrize(("answer", "correct", "words"), HOSTILE.values(), ids=HOSTILE)
def test_any_answer_gets_a_sentence_and_leaves_the_trial_data_alone(answer, correct, words):
    """An overflow brings no warning: here it would be an error."""
    before = repr(EXERCISES["linear_gradient"].trials)
    verdict = check("linear_gradient", answer)
    assert verdict.correct is correct
    assert words in repr(verdict)
    assert repr(EXERCISES["linear_gradient"].trials) == before


def test_an_exercise_that_does_not_exist():
    with pytest.raises(ValueError, match=r"name must be one of .*walk.*; got 'wlk'"):
        check("wlk", len)
