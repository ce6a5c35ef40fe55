"""The exercises of lesson 05: gradient, step and largest stable rate of linear regression."""

import numpy as np

from gdutils.models import LinearRegression
from gdutils.practice.checker import Exercise, exercise, wrong_rate
from gdutils.practice.exercises.trial_data import NUMBERS, PARAMS, X

linear_gradient = Exercise(LinearRegression(n_features=2).gradient, [(PARAMS, X, NUMBERS)])


@exercise((PARAMS, X, NUMBERS, 0.1))
def linear_step(params, X, y, lr):
    """Return w and b after one full-batch step."""
    grads = linear_gradient(params, X, y)
    return {name: params[name] - lr * grads[name] for name in params}


def one_after_the_other(params, X, y, lr):
    """Step b with the gradient at the new w."""
    w = linear_step(params, X, y, lr)["w"]
    return linear_step(params | {"w": w}, X, y, lr) | {"w": w}


linear_step.mistakes = wrong_rate(lr=0.1) | {
    "Compute the whole gradient first: b was stepped with the new w.": one_after_the_other,
}


@exercise((X,))
def largest_stable_lr(X):
    """Return 2/λ, with the largest eigenvalue of [X 1]ᵀ[X 1]/n."""
    X1 = np.column_stack([X, np.ones(len(X))])
    return 2 / np.linalg.eigvalsh(X1.T @ X1 / len(X))[-1]


largest_stable_lr.mistakes = {
    "The intercept is a weight too. Add a column of ones.": lambda X: 2 / np.linalg.norm(X, 2) ** 2 * len(X),
    "The loss is a mean, so the matrix has a 1/n.": lambda X: largest_stable_lr(X) / len(X),
    "The limit is 2/λ, not 1/λ.": lambda X: largest_stable_lr(X) / 2,
}
