"""The checkers of lessons 01 to 04: the right answer passes, and each usual mistake gets its own hint."""

import math

import numpy as np
import pytest

from gdutils import exercises


def loop(sign=-1.0, scaled=True, more=0):
    def descend(slope, x, lr, steps):
        for _ in range(steps + more):
            x = x + sign * (lr if scaled else 1) * slope(x)
        return x

    return descend


def mse_gradient(factor=2.0, mean=np.mean, order=1):
    def gradient(m, b, x, y):
        error = m * x + b - y
        return [factor * mean(error * x), factor * mean(error)][::order]

    return gradient


def steps_needed(lr, curvature, ratio):
    """By trying, not by logarithms."""
    distance, steps = 1.0, 0
    while distance > ratio * (1 + 1e-12):
        distance, steps = distance * abs(1 - lr * curvature), steps + 1
    return steps


def epoch(mean=np.mean, factor=1.0, last=True):
    def one(w, x, y, lr, size):
        ends = len(y) if last else len(y) - len(y) % size
        for start in range(0, ends, size):
            xs, ys = x[start : start + size], y[start : start + size]
            w = w - factor * lr * mean((w * xs - ys) * xs)
        return w

    return one


def at_first_w(w, x, y, lr, size):
    batches = [(x[k : k + size], y[k : k + size]) for k in range(0, len(y), size)]
    return w - lr * sum(np.mean((w * xs - ys) * xs) for xs, ys in batches)


def momentum(theta, grad, v, lr, beta):
    v = beta * v + grad
    return theta - lr * v, v


def adam(corrected=True, inside=False, square=True, sign=-1, late=0, renewed=True):
    def step(theta, grad, m, v, t, lr, beta1, beta2, eps):
        if renewed:
            m = beta1 * m + (1 - beta1) * grad
            v = beta2 * v + (1 - beta2) * (grad**2 if square else grad)
        if corrected:
            m, v = m / (1 - beta1 ** (t - late)), v / (1 - beta2 ** (t - late))
        return theta + sign * lr * m / (np.sqrt(v + eps) if inside else np.sqrt(v) + eps)

    return step


CASES = {
    "check_loop": [
        (loop(), True, "Right"),
        (loop(sign=1.0), False, "uphill"),
        (loop(scaled=False), False, "learning rate is missing"),
        (loop(more=1), False, "one step too many"),
        (loop(more=-1), False, "One step is missing"),
        (lambda slope, x, lr, steps: x - steps * lr * slope(x), False, "anew at each point"),
        (lambda slope, x, lr, steps: x - lr * slope(x), False, "single step"),
        (lambda slope, x, lr, steps: 42.0, False, "should be"),
    ],
    "check_mse_gradient": [
        (mse_gradient(), True, "Right"),
        (mse_gradient(-2.0), False, "sign is wrong"),
        (mse_gradient(1.0), False, "the 2 of the derivative"),
        (mse_gradient(mean=np.sum), False, "1/n missing"),
        (mse_gradient(order=-1), False, "derivative for m first"),
        (lambda m, b, x, y: [2 * np.mean(m * x + b - y)] * 2, False, "times its x"),
        (lambda m, b, x, y: 2 * np.mean(m * x + b - y), False, "must have shape (2,), got ()"),
    ],
    "check_parabola_limit": [
        (lambda a: 1 / a, True, "Right"),
        (lambda a: 2 / a, False, "f″ of ax² is 2a"),
        (lambda a: 0.5 / a, False, "best rate"),
        (lambda a: 2 * a, False, "curvature f″"),
        (lambda a: a, False, "Upside down"),
    ],
    "check_steps_needed": [
        (steps_needed, True, "Right"),
        (lambda *a: steps_needed(*a) - 1, False, "round up"),
        (lambda lr, c, r: np.ceil(np.log(r) / np.log(1 - lr)), False, "1 − lr·curvature"),
        (lambda lr, c, r: np.ceil(np.log(r) / np.log(abs(1 - lr * c)) / 2), False, "square of the distance"),
        (lambda lr, c, r: np.ceil(np.log(r) / np.log(1 - lr * c)), False, "Take its size: abs"),
        (lambda lr, c, r: int(np.ceil(np.log(r) / np.log(1 - lr * c))), False, "of a negative number"),
        (lambda lr, c, r: math.ceil(math.log(r) / math.log(1 - lr * c)), False, "of a negative number"),
        (lambda lr, c, r: np.floor(np.log(r) / -np.log(abs(1 - lr * c))), False, "quotient is not"),
        (lambda lr, c, r: np.ceil(np.log(r) / -np.log(abs(1 - lr * c))), False, "quotient is not"),
    ],
    "check_steps_per_epoch": [
        (lambda n, m, epochs: epochs * int(np.ceil(n / m)), True, "Right"),
        (lambda n, m, epochs: epochs * (n // m), False, "shorter batch"),
        (lambda n, m, epochs: int(np.ceil(epochs * n / m)), False, "in each epoch"),
        (lambda n, m, epochs: int(np.ceil(n / m)), False, "one epoch"),
        (lambda n, m, epochs: epochs * n / m, False, "no part of a step"),
    ],
    "check_epoch": [
        (epoch(), True, "Right"),
        (epoch(last=False), False, "left out"),
        (epoch(mean=np.sum), False, "a sum where the mean"),
        (epoch(factor=2.0), False, "twice too long"),
        (at_first_w, False, "Step after each batch"),
        (epoch(factor=-1.0), False, "uphill"),
        (lambda w, x, y, lr, size: epoch()(w, x, y, lr, len(y)), False, "full-batch step"),
    ],
    "check_momentum_step": [
        (momentum, True, "Right"),
        (lambda t, g, v, lr, b: (t - lr * v, b * v + g), False, "old velocity"),
        (lambda t, g, v, lr, b: momentum(t, (1 - b) * g, v, lr, b), False, "damped"),
        (lambda t, g, v, lr, b: (t - lr * (g + b * (b * v + g)), b * v + g), False, "Nesterov"),
        (lambda t, g, v, lr, b: (t - (b * v + lr * g), b * v + lr * g), False, "belongs to the step"),
        (lambda t, g, v, lr, b: (t + lr * (b * v + g), b * v + g), False, "uphill"),
        (lambda t, g, v, lr, b: momentum(t, g, v, lr, 1.0), False, "β is missing"),
        (lambda t, g, v, lr, b: momentum(t, -g, v, lr, b), False, "as they are"),
        (lambda t, g, v, lr, b: (t + b * v - lr * g, b * v - lr * g), False, "gradients alone"),
        (lambda *a: momentum(*a)[::-1], False, "theta first"),
    ],
    "check_adam_step": [
        (adam(), True, "Right"),
        (adam(corrected=False), False, "bias correction is missing"),
        (adam(inside=True), False, "outside of the root"),
        (adam(square=False), False, "squared gradients"),
        (adam(sign=1), False, "uphill"),
        (adam(late=1), False, "the number before it"),
        (adam(renewed=False), False, "Renew both with this gradient first"),
    ],
}


ONE_NUMBER = "what is returned is one number, which has no other shape"
NO_MEAN = "there is no mean over rows in it"
USUAL_MISTAKES = {
    "check_loop": {
        "right": [loop()],
        "missing 1/n": NO_MEAN,
        "wrong sign": (loop(sign=1.0), "uphill"),
        "wrong order": (lambda slope, x, lr, steps: x - steps * lr * slope(x), "anew at each point"),
        "transposed": ONE_NUMBER,
    },
    "check_mse_gradient": {
        "right": [mse_gradient()],
        "missing 1/n": (mse_gradient(mean=np.sum), "Is the 1/n missing?"),
        "wrong sign": (mse_gradient(-2.0), "sign is wrong"),
        "wrong order": "a gradient updates nothing; the order of its two numbers is the case below",
        "transposed": (mse_gradient(order=-1), "derivative for m first"),
    },
    "check_parabola_limit": {
        "right": [lambda a: 1 / a],
        "missing 1/n": NO_MEAN,
        "wrong sign": "a limit has no step in it, which could go the wrong way",
        "wrong order": "nothing is updated",
        "transposed": ONE_NUMBER,
    },
    "check_steps_needed": {
        "right": [steps_needed, lambda lr, c, r: int(np.ceil(np.log(r) / np.log(abs(1 - lr * c))))],
        "missing 1/n": NO_MEAN,
        "wrong sign": (lambda lr, c, r: np.ceil(np.log(r) / np.log(1 - lr * c)), "Take its size"),
        "wrong order": "the steps are counted, not taken",
        "transposed": ONE_NUMBER,
    },
    "check_steps_per_epoch": {
        "right": [lambda n, m, epochs: epochs * -(-n // m)],
        "missing 1/n": NO_MEAN,
        "wrong sign": "the steps are counted; none can go the wrong way",
        "wrong order": (lambda n, m, epochs: -(-n * epochs // m), "in each epoch, not once at the end"),
        "transposed": ONE_NUMBER,
    },
    "check_epoch": {
        "right": [epoch()],
        "missing 1/n": (epoch(mean=np.sum), "a sum where the mean"),
        "wrong sign": (epoch(factor=-1.0), "uphill"),
        "wrong order": (at_first_w, "Step after each batch"),
        "transposed": ONE_NUMBER,
    },
    "check_momentum_step": {
        "right": [momentum],
        "missing 1/n": "the gradient is handed in",
        "wrong sign": (lambda t, g, v, lr, b: (t + lr * (b * v + g), b * v + g), "uphill"),
        "wrong order": (lambda t, g, v, lr, b: (t - lr * v, b * v + g), "Renew v first"),
        "transposed": (lambda *a: momentum(*a)[::-1], "Return theta first, then v"),
    },
    "check_adam_step": {
        "right": [adam()],
        "missing 1/n": "the gradient is handed in",
        "wrong sign": (adam(sign=1), "uphill"),
        "wrong order": (adam(renewed=False), "Renew both with this gradient first"),
        "transposed": ONE_NUMBER,
    },
}


@pytest.mark.parametrize(
    ("checker", "answer", "correct", "hint"),
    [(name, *case) for name, cases in CASES.items() for case in cases],
    ids=[f"{name}-{case[2]}" for name, cases in CASES.items() for case in cases],
)
def test_verdict(checker, answer, correct, hint):
    verdict = getattr(exercises, checker)(answer)
    assert verdict.correct is correct
    assert hint in verdict.text


@pytest.mark.parametrize("checker", CASES)
def test_an_exercise_not_begun_is_no_mistake(checker):
    verdict = getattr(exercises, checker)(lambda *arguments: None)
    assert verdict.correct is None
    assert "Not answered yet" in verdict.text


@pytest.mark.parametrize("checker", CASES)
def test_an_answer_that_raises_is_told(checker):
    verdict = getattr(exercises, checker)(lambda *arguments: 1 / 0)
    assert verdict.correct is False
    assert "raised ZeroDivisionError" in verdict.text
