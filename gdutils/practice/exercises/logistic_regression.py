"""The exercises of lesson 06: the gradient, and the decision boundary."""

import numpy as np

from gdutils.models import LinearRegression, LogisticRegression
from gdutils.practice.checker import Exercise, exercise
from gdutils.practice.exercises.trial_data import CLASSES, PARAMS, X

logistic_gradient = Exercise(LogisticRegression(n_features=2).gradient, [(PARAMS, X, CLASSES % 2)])
logistic_gradient.mistakes = {"Is the sigmoid missing? p̂ = σ(Xw + b).": LinearRegression(2).gradient}


@exercise((PARAMS, np.array([-1.0, 0.0, 2.0])))
def decision_boundary(params, x1, z=0):
    """Return the x₂ at which x₁w₁ + x₂w₂ + b = 0."""
    w, b = params["w"], params["b"]
    return (z - w[0] * x1 - b) / w[1]


decision_boundary.mistakes = {
    "The intercept b is missing.": {"params": PARAMS | {"b": 0}},
    "On the boundary p̂ is ½, so z is 0, not ½.": {"z": 0.5},
}
