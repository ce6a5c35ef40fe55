"""The exercises of lesson 08: backpropagation through leaky units, and dead units."""

import numpy as np
from scipy.special import softmax

from gdutils.practice.checker import exercise
from gdutils.practice.exercises.trial_data import CLASSES, NUMBERS, X

PARAMS = {"W1": X[:5].T, "b1": X[5:10, 0], "W2": NUMBERS[:15].reshape(5, 3), "b2": NUMBERS[:3]}
DEAD = PARAMS | {"b1": np.array([0.5, -9.0, 9.0, -9.0, 0.0])}  # the second and the fourth


@exercise((PARAMS, X, CLASSES))
def leaky_gradient(params, X, y, leak=0.1, slope=lambda Z1, dA: np.where(Z1 > 0, 1, 0.1)):
    """Return ∂L/∂W₁, ∂L/∂b₁, ∂L/∂W₂ and ∂L/∂b₂ for units with a = z for z > 0, else z/10."""
    Z1 = X @ params["W1"] + params["b1"]
    A = np.where(Z1 > 0, Z1, leak * Z1)
    dZ2 = (softmax(A @ params["W2"] + params["b2"], axis=1) - np.eye(3)[y]) / len(y)
    dA = dZ2 @ params["W2"].T
    dZ1 = dA * slope(Z1, dA)
    return {"W1": X.T @ dZ1, "b1": dZ1.sum(axis=0), "W2": A.T @ dZ2, "b2": dZ2.sum(axis=0)}


leaky_gradient.mistakes = {
    "The mask is the slope at Z1, not the sign of dA.": {"slope": lambda Z1, dA: np.where(dA > 0, 1, 0.1)},
    "Units that are off still pass a tenth back.": {"slope": lambda Z1, dA: Z1 > 0},
    "Units that are off still pass a tenth forward.": {"leak": 0},
}


@exercise((DEAD, X))
def dead_units(params, X, over=np.all):
    """Return for each unit whether it is on for no row."""
    return over(X @ params["W1"] + params["b1"] <= 0, axis=0)


dead_units.mistakes = {
    "The bias b₁ is missing.": {"params": DEAD | {"b1": 0}},
    "A unit that is off for only some rows is not dead.": {"over": np.any},
}
