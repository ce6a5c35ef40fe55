"""The exercises of lesson 11: a linear SVM translated, and one step of SGDClassifier."""

import numpy as np
from scipy.special import expit

from gdutils.practice.checker import Exercise, exercise, wrong_rate

translation = Exercise(lambda C, lr, n: {"alpha": 1 / C, "eta0": C * lr, "C": C / n}, [(20.0, 0.005, 50)])
translation.mistakes = {
    "alpha is upside down: a large C is a small penalty.": lambda *a: translation(*a) | {"alpha": 20},
    "eta0 is not lr: their loss is ours divided by C.": lambda *a: translation(*a) | {"eta0": 0.005},
    "SVC's C multiplies a sum. Is the 1/n missing?": lambda *a: translation(*a) | {"C": 20},
}


@exercise((np.array([0.8, -1.5, 0.4]), 0.3, np.array([1.2, 0.5, -2.0]), 1, 0.3, 0.2))
def sgd_step(w, b, x, y, eta, alpha, sigmoid=expit):
    """Return w and b after a step for one row, on its cross-entropy plus ½ alpha ‖w‖²."""
    error = sigmoid(x @ w + b) - y
    return {"w": w - eta * (error * x + alpha * w), "b": b - eta * error}


sgd_step.mistakes = wrong_rate(eta=0.3) | {
    "Where is the penalty? It adds alpha · w to the gradient of w.": {"alpha": 0},
    "The sigmoid is missing: p is expit(x @ w + b).": {"sigmoid": lambda z: z},
}
