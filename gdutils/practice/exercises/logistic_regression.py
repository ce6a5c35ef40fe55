"""The exercises of lesson 06: what a weight does to a probability, and the loop with an L2 penalty."""

import numpy as np
from scipy.special import expit, logit

from gdutils.practice.checker import Exercise, exercise, wrong_rate
from gdutils.practice.exercises.trial_data import CLASSES, X

new_probability = Exercise(lambda p, w, step: expit(logit(p) + w * step), [(0.2, -1.5, 2.0)])
new_probability.mistakes = {
    "Turn the odds back: odds / (1 + odds).": lambda *a: np.exp(logit(new_probability(*a)))
}


@exercise((X, CLASSES % 2, 0.5, 0.1, 6))
def penalized_losses(X, y, lr, reg, epochs, n=30, pull=1, late=False):
    """Return the cross-entropy plus ½ reg ‖w‖², at zeros and after each of the full-batch steps."""
    w, b, losses = np.zeros(X.shape[1]), 0.0, []
    for _ in range(epochs + 1):
        z = X @ w + b
        losses.append(np.logaddexp(0, (1 - 2 * y) * z).mean() + reg / 2 * w @ w)
        w = w - lr * (X.T @ (expit(z) - y) / n + pull * reg * w)
        b = b - lr * np.sum(expit(X @ w + b if late else z) - y) / n
    return np.array(losses)


penalized_losses.mistakes = wrong_rate(0.5) | {
    "The loss is a mean. Is the 1/n missing in the gradient?": {"n": 1},
    "The gradient lacks the slope of the penalty, reg · w.": {"pull": 0},
    "Compute the whole gradient first: b was stepped with the new w.": {"late": True},
}
