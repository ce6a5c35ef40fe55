"""The checkers of lessons 01 to 04: the right answer passes, and each usual mistake gets its own hint."""

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


def adam(corrected=True, inside=False, square=True, sign=-1, late=0):
    def step(theta, grad, m, v, t, lr, beta1, beta2, eps):
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
        (lambda *a: momentum(*a)[::-1], False, "theta first"),
    ],
    "check_adam_step": [
        (adam(), True, "Right"),
        (adam(corrected=False), False, "bias correction is missing"),
        (adam(inside=True), False, "outside of the root"),
        (adam(square=False), False, "squared gradients"),
        (adam(sign=1), False, "uphill"),
        (adam(late=1), False, "the number before it"),
    ],
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
