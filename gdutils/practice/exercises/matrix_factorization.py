"""The exercises of lesson 10: one step for one rating, and the gradient of the sum form."""

import numpy as np

from gdutils.practice.checker import exercise, wrong_rate

RNG = np.random.RandomState(0)
PAIRS = np.array([[0, 0], [0, 3], [1, 1], [1, 2], [2, 0], [2, 2]])  # two for each user


@exercise((np.array([1.0, -0.5, 2.0]), np.array([0.5, 1.5, -1.0]), 1.2, 0.1, 0.3))
def rating_step(p, q, rating, lr, reg):
    """Return p and q after a step on (p·q − R)² + λ(‖p‖² + ‖q‖²)."""
    error = p @ q - rating
    return np.array([p - 2 * lr * (error * q + reg * p), q - 2 * lr * (error * p + reg * q)])


def q_with_the_new_p(p, q, rating, lr, reg):
    """Step q with the p that has already moved."""
    p = rating_step(p, q, rating, lr, reg)[0]
    return np.array([p, rating_step(p, q, rating, lr, reg)[1]])


rating_step.mistakes = wrong_rate(lr=0.1) | {
    "q was stepped with the new p. Use the old p for both.": q_with_the_new_p,
    "Where is the penalty? It pulls p and q toward zero.": {"reg": 0},
}


@exercise((RNG.randn(3, 2), RNG.randn(4, 2), PAIRS, RNG.randn(6), 0.3))
def sum_form_gradient(P, Q, X, y, reg):
    """Return the gradient by P of Σ(P_i·Q_j − R_ij)² + λ(‖P‖² + ‖Q‖²)."""
    user, item = X.T
    slopes = 2 * reg * P
    np.add.at(slopes, user, 2 * (np.sum(P[user] * Q[item], axis=1) - y)[:, np.newaxis] * Q[item])
    return slopes


sum_form_gradient.mistakes = {
    "+= drops users who repeat.": lambda P, Q, X, y, reg: sum_form_gradient(P, Q, X[1::2], y[1::2], reg),
    "Here each user is penalized once, not once per rating.": {"reg": 2 * 0.3},
    "The sum form has no 1/n.": lambda *a: sum_form_gradient(*a) / 6,
}
