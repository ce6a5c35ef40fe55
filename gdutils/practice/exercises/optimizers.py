"""The exercises of lesson 04: a step of damped momentum, and one of RMSprop whose rates never grow."""

import numpy as np

from gdutils.practice.checker import exercise, wrong_rate


@exercise((2.0, 3.0, -1.0, 0.1, 0.9))
def damped_step(theta, g, v, lr, beta):
    """Return θ and v after a step."""
    v = beta * v + (1 - beta) * g
    return np.array([theta - lr * v, v])


damped_step.mistakes = wrong_rate(0.1) | {
    "That is the velocity of the lesson, with all of g. Here only the part 1 − β of g is added.": {"g": 30.0},
    "Update v first, then step with the new v.": lambda t, g, v, lr, b: [t - lr * v, b * v + (1 - b) * g],
}


@exercise((2.0, 3.0, 1.0, 4.0, 0.1, 0.9, 0.1), (2.0, 3.0, 9.0, 4.0, 0.1, 0.9, 0.1))
def largest_step(theta, g, E, M, lr, beta, eps):
    """Return θ, E and M, the largest E so far, after a step."""
    E = beta * E + (1 - beta) * g**2
    M = np.maximum(M, E)
    return np.array([theta - lr * g / (np.sqrt(M) + eps), E, M])


def divided_by_root_of_E(theta, g, E, M, lr, beta, eps):
    """Return what a step of plain RMSprop gives."""
    _, E, M = largest_step(theta, g, E, M, lr, beta, eps)
    return [theta - lr * g / (np.sqrt(E) + eps), E, M]


largest_step.mistakes = wrong_rate(0.1) | {
    "Divide by √M, not by √E: that would be RMSprop itself.": divided_by_root_of_E
}
