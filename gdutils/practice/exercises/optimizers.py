"""The exercises of lesson 04: one step of momentum, and one of Adam."""

import numpy as np

from gdutils.practice.checker import exercise, wrong_rate


@exercise((2.0, 3.0, -1.0, 0.1, 0.9))
def momentum_step(theta, grad, v, lr, beta):
    """Return θ and v after a step."""
    v = beta * v + grad
    return np.array([theta - lr * v, v])


momentum_step.mistakes = wrong_rate(lr=0.1) | {
    "Update v first, then step with the new v.": lambda t, g, v, lr, beta: [t - lr * v, beta * v + g],
    "That is the damped variant, with (1 − β)g. Here g counts in full.": {"grad": 0.3},
}


@exercise((1.0, 2.0, 0.5, 3.0, 3, 0.1, 0.9, 0.99, 0.1))
def adam_step(theta, grad, m, v, t, lr, beta1, beta2, eps):
    """Return θ after step number t; m and v are from before it."""
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
    return theta - lr * m_hat / (np.sqrt(v_hat) + eps)


adam_step.mistakes = wrong_rate(lr=0.1) | {"The bias correction, 1 − βᵗ, is missing.": {"t": np.inf}}
