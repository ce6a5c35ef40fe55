"""The linear support vector machine: a line with as wide a margin as the data allow."""

from dataclasses import dataclass

import numpy as np

from gdutils.models.base import Model


@dataclass(frozen=True)
class LinearSVM(Model):
    """s = Xw + b, with the loss ½‖w‖² + C · mean max(0, 1 − ys), for y in {−1, +1}.

    ``n_features`` is the number d of columns of X; the parameters are w, of shape (d,), and b, of shape ().
    ``C``, positive, is the cost of a margin violation. It multiplies a mean, scikit-learn's C a sum, so it
    is n times as large. The hinge has a kink at ys = 1, where the subgradient 0 is used.
    Source: Cortes and Vapnik, Support-Vector Networks, Machine Learning 20, 1995.
    """

    n_features: int
    C: float = 1.0
    labels = (-1, 1)
    smooth = False
    shapes = property(lambda self: {"w": (self.n_features,), "b": ()})

    def predict(self, params, X):
        """Return the scores s = Xw + b, of shape (n,); their signs are the classes."""
        return X @ params["w"] + params["b"]

    def loss(self, params, X, y):
        """Return ½‖w‖² + C · mean max(0, 1 − ys) over the n rows."""
        w, s = params["w"], X @ params["w"] + params["b"]
        return float(0.5 * (w @ w) + self.C * np.maximum(0, 1 - y * s).sum() / len(y))

    def gradient(self, params, X, y):
        """Return ∂L/∂w = w − C · Xᵀv/n and ∂L/∂b = −C · mean v; v is y where ys < 1, 0 elsewhere."""
        w, s = params["w"], X @ params["w"] + params["b"]
        v = y * (y * s < 1)
        return {"w": w - self.C * (X.T @ v) / len(y), "b": -self.C * v.sum() / len(y)}
