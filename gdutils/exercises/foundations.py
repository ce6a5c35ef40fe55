"""The checkers of the lessons on descent itself, 01 to 04."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gdutils.exercises.verdict import Verdict, check_function

__all__ = [
    "check_adam_step",
    "check_epoch",
    "check_loop",
    "check_momentum_step",
    "check_mse_gradient",
    "check_parabola_limit",
    "check_steps_needed",
    "check_steps_per_epoch",
]


def check_loop(answer: Callable[..., Any]) -> Verdict:
    """Check a learner's ``descend(slope, x, lr, steps)``, which returns where the walk ends."""

    def loop(update: Callable[[float, float, float], float], more: int = 0) -> Callable[..., float]:
        def walk(slope: Callable[[float], float], x: float, lr: float, steps: int) -> float:
            for _ in range(steps + more):
                x = update(x, lr, slope(x))
            return x

        return walk

    def frozen(slope: Callable[[float], float], x: float, lr: float, steps: int) -> float:
        return x - steps * lr * slope(x)

    hints = [
        (
            "That goes uphill: the step is against the slope, so it is subtracted.",
            loop(lambda x, a, g: x + a * g),
        ),
        ("The learning rate is missing: it scales the slope.", loop(lambda x, a, g: x - g)),
        ("That is one step too many: start with x, then step as often as steps says.", loop(downhill, 1)),
        ("One step is missing: range(steps) runs as often as steps says.", loop(downhill, -1)),
        ("Every step took the slope at the start. Take it anew at each point.", frozen),
        ("That is a single step. Repeat it.", lambda slope, x, lr, steps: downhill(x, lr, slope(x))),
    ]
    return check_function(answer, loop(downhill), lambda x: 2 * (x - 3), 10.0, 0.1, 7, hints=hints)


def downhill(x: float, lr: float, slope: float) -> float:
    """Take one step of gradient descent."""
    return x - lr * slope


def check_mse_gradient(answer: Callable[..., Any]) -> Verdict:
    """Check a learner's ``gradient(m, b, x, y)`` of the mean squared error of y = mx + b, without a ½."""
    x, y = np.array([1.0, 2.0, 3.0, 4.0, 5.0]), np.array([2.0, 4.0, 5.0, 4.0, 5.0])
    m, b = 0.3, -0.5

    def gradient(m: float, b: float, x: NDArray[Any], y: NDArray[Any]) -> NDArray[Any]:
        error = m * x + b - y
        return np.array([2 * np.mean(error * x), 2 * np.mean(error)])

    hints = [
        ("Almost: the sign is wrong. The error is prediction − target.", lambda *a: -gradient(*a)),
        (
            "Almost: the 2 of the derivative of a square is missing; this loss has no ½.",
            lambda *a: gradient(*a) / 2,
        ),
        ("Almost: a sum where the mean should be. Is the 1/n missing?", lambda *a: gradient(*a) * len(x)),
        ("Almost: the other way round. Return the derivative for m first.", lambda *a: gradient(*a)[::-1]),
        (
            "The derivative for m is the error times its x, then the mean.",
            lambda m, b, x, y: np.full(2, 2 * np.mean(m * x + b - y)),
        ),
    ]
    return check_function(answer, gradient, m, b, x, y, hints=hints)


def check_parabola_limit(answer: Callable[..., Any]) -> Verdict:
    """Check a learner's ``limit(a)``: the largest stable learning rate of f(x) = ax²."""
    hints = [
        ("Almost: f″ of ax² is 2a, so 2/f″ has no 2 left.", lambda a: 2 / a),
        (
            "That is the best rate, 1/f″: it lands in one step. The limit is twice that.",
            lambda a: 1 / (2 * a),
        ),
        ("That is the curvature f″; the limit is 2/f″.", lambda a: 2 * a),
        ("Upside down: a steeper parabola needs a smaller rate.", lambda a: a),
    ]
    return check_function(answer, lambda a: 1 / a, 4.0, hints=hints)


def check_steps_needed(answer: Callable[..., Any]) -> Verdict:
    """Check a learner's ``steps_needed(lr, curvature, ratio)``: until the distance is at most that part."""

    def count(lr: float, curvature: float, ratio: float) -> int:
        return int(np.ceil(np.log(ratio) / np.log(abs(1 - lr * curvature)) - 1e-12))

    positive = "A number of steps is positive: both logarithms are negative, and their quotient is not."
    hints = [
        ("Almost: round up, since after one step fewer it is not there yet.", lambda *a: count(*a) - 1),
        (
            "Almost: the factor of a step is 1 − lr·curvature, its size without the sign.",
            lambda lr, curvature, ratio: np.ceil(np.log(ratio) / np.log(1 - lr)),
        ),
        (
            "Almost: f falls with the square of the distance; the question is about the distance.",
            lambda lr, curvature, ratio: np.ceil(np.log(ratio) / np.log(abs(1 - lr * curvature)) / 2),
        ),
        (
            "The factor 1 − lr·curvature is negative here, and has no logarithm. Take its size: abs(…).",
            lambda *a: np.nan,
        ),
        (positive, lambda *a: -count(*a)),
        (positive, lambda *a: 1 - count(*a)),  # rounded up after the sign was turned
    ]
    return check_function(answer, count, 0.8, 2.0, 1e-3, hints=hints)


def check_steps_per_epoch(answer: Callable[..., Any]) -> Verdict:
    """Check a learner's ``steps(n_samples, batch_size, epochs)``, the number of steps in so many epochs."""
    hints = [
        (
            "Almost: the last, shorter batch of each epoch is a step too. Round up.",
            lambda n, m, epochs: epochs * (n // m),
        ),
        ("Almost: round up in each epoch, not once at the end.", lambda n, m, epochs: -(-n * epochs // m)),
        ("That is one epoch. How many are there in all of them?", lambda n, m, epochs: -(-n // m)),
        (
            "Almost: n/m is no whole number here, and there is no part of a step.",
            lambda n, m, epochs: epochs * n / m,
        ),
    ]
    return check_function(answer, lambda n, m, epochs: epochs * -(-n // m), 100, 16, 10, hints=hints)


def check_epoch(answer: Callable[..., Any]) -> Verdict:
    """Check a learner's ``epoch(w, x, y, lr, batch_size)`` for ŷ = wx and half the mean squared error.

    The rows are taken in their order; what is returned is w after the last batch.
    """
    x, y = np.array([1.0, 2.0, 3.0, 4.0, 5.0]), np.array([2.0, 4.0, 5.0, 4.0, 5.0])

    def epoch(
        w: float,
        x: NDArray[Any],
        y: NDArray[Any],
        lr: float,
        size: int,
        *,
        whole: bool = False,
        scale: float = 1.0,
    ) -> float:
        for start in range(0, len(y) - (size - 1 if whole else 0), size):
            rows = slice(start, start + size)
            mean = np.sum if scale < 0 else np.mean
            w = w - abs(scale) * lr * float(mean((w * x[rows] - y[rows]) * x[rows]))
        return w

    def stale(w: float, x: NDArray[Any], y: NDArray[Any], lr: float, size: int) -> float:
        starts = range(0, len(y), size)
        error = w * x - y
        return w - lr * sum(float(np.mean((error * x)[k : k + size])) for k in starts)

    hints = [
        ("Almost: the last, shorter batch was left out. Keep it.", lambda *a: epoch(*a, whole=True)),
        ("Almost: a sum where the mean over the batch should be.", lambda *a: epoch(*a, scale=-1)),
        ("Almost: twice too long. The ½ of the loss cancels the 2.", lambda *a: epoch(*a, scale=2)),
        ("Every batch took its gradient at the first w. Step after each batch.", stale),
        (
            "That is one full-batch step. Go through the batches.",
            lambda w, x, y, lr, size: epoch(w, x, y, lr, len(y)),
        ),
        (
            "That goes uphill: the step is against the gradient of the batch, so it is subtracted.",
            lambda w, x, y, lr, size: epoch(w, x, y, -lr, size),
        ),
    ]
    return check_function(answer, epoch, 0.5, x, y, 0.01, 2, hints=hints)


def check_momentum_step(answer: Callable[..., Any]) -> Verdict:
    """Check a learner's ``step(theta, grad, v, lr, beta)``, which returns theta and v after it."""

    def step(theta: float, grad: float, v: float, lr: float, beta: float) -> NDArray[Any]:
        v = beta * v + grad
        return np.array([theta - lr * v, v])

    hints = [
        (
            "Almost: the step took the old velocity. Renew v first, then step with it.",
            lambda theta, grad, v, lr, beta: [theta - lr * v, beta * v + grad],
        ),
        (
            "That is the damped variant, with (1 − β)g. Here the gradient counts in full.",
            lambda theta, grad, v, lr, beta: step(theta, (1 - beta) * grad, v, lr, beta),
        ),
        (
            "That is Nesterov's step, which looks ahead.",
            lambda theta, grad, v, lr, beta: [
                theta - lr * (grad + beta * (beta * v + grad)),
                beta * v + grad,
            ],
        ),
        (
            "The learning rate belongs to the step, not into the velocity.",
            lambda theta, grad, v, lr, beta: [theta - (beta * v + lr * grad), beta * v + lr * grad],
        ),
        (
            "That goes uphill: the velocity gathers gradients, so it is subtracted.",
            lambda theta, grad, v, lr, beta: [theta + lr * (beta * v + grad), beta * v + grad],
        ),
        (
            "That goes uphill: v gathers the gradients as they are, and the step subtracts it.",
            lambda theta, grad, v, lr, beta: step(theta, -grad, v, lr, beta),
        ),
        (
            "That form keeps −lr times the gradients in v, and adds it. Here v holds gradients alone.",
            lambda theta, grad, v, lr, beta: [theta + beta * v - lr * grad, beta * v - lr * grad],
        ),
        (
            "β is missing: it says how much of the old velocity is kept.",
            lambda t, g, v, lr, b: step(t, g, v, lr, 1.0),
        ),
        ("Almost: the other way round. Return theta first, then v.", lambda *a: step(*a)[::-1]),
    ]
    return check_function(answer, step, 2.0, 3.0, -1.0, 0.1, 0.9, hints=hints)


def check_adam_step(answer: Callable[..., Any]) -> Verdict:
    """Check a learner's ``adam_step(theta, grad, m, v, t, lr, beta1, beta2, eps)``: theta after step t."""

    def step(
        theta: float,
        grad: float,
        m: float,
        v: float,
        t: int,
        lr: float,
        beta1: float,
        beta2: float,
        eps: float,
        *,
        corrected: bool = True,
        inside: bool = False,
        square: bool = True,
        renewed: bool = True,
    ) -> float:
        if renewed:
            m = beta1 * m + (1 - beta1) * grad
            v = beta2 * v + (1 - beta2) * (grad**2 if square else grad)
        if corrected:
            m, v = m / (1 - beta1**t), v / (1 - beta2**t)
        return float(theta - lr * m / (np.sqrt(v + eps) if inside else np.sqrt(v) + eps))

    hints = [
        (
            "Almost: the bias correction is missing: m/(1 − β₁ᵗ) and v/(1 − β₂ᵗ).",
            lambda *a: step(*a, corrected=False),
        ),
        ("Almost: ε stands outside of the root.", lambda *a: step(*a, inside=True)),
        ("Almost: v is the mean of squared gradients.", lambda *a: step(*a, square=False)),
        (
            "The step took the old m and v. Renew both with this gradient first, then step.",
            lambda *a: step(*a, renewed=False),
        ),
        ("That goes uphill: the step is subtracted.", lambda theta, *a: 2 * theta - step(theta, *a)),
        (
            "Almost: step number t is corrected with βᵗ, and you used the number before it.",
            lambda theta, grad, m, v, t, *a: step(theta, grad, m, v, t - 1, *a),
        ),
    ]
    arguments = (1.0, 2.0, 0.5, 3.0, 3, 0.1, 0.9, 0.99, 0.1)
    return check_function(answer, step, *arguments, hints=hints)
