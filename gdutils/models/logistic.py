"""Logistic regression: a weighted sum of the features, turned into a probability."""

from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from gdutils.models.base import Model, largest_eigenvalue


@dataclass(frozen=True)
class LogisticRegression(Model):
    """p̂ = σ(Xw + b), with the loss −mean [y ln p̂ + (1 − y) ln(1 − p̂)], for y in {0, 1}.

    ``n_features`` is the number d of columns of X; the parameters are w, of shape (d,), and b, of shape ().
    With z = Xw + b a row's loss is ln(1 + e⁻ᶻ) if y = 1, ln(1 + eᶻ) if y = 0; its derivative with respect
    to z is p̂ − y.
    On separable data the loss has no minimum: it falls towards 0 while ‖w‖ grows without bound.
    Source: Hastie, Tibshirani and Friedman, The Elements of Statistical Learning, section 4.4.
    """

    n_features: int
    labels = (0, 1)
    shapes = property(lambda self: {"w": (self.n_features,), "b": ()})

    def predict(self, params, X):
        """Return the probability of class 1, σ(Xw + b), of shape (n,)."""
        return expit(X @ params["w"] + params["b"])

    def loss(self, params, X, y):
        """Return mean ln(1 + e⁻ᶻ) for y = 1, ln(1 + eᶻ) for y = 0; logaddexp(0, z) is ln(1 + eᶻ)."""
        z = X @ params["w"] + params["b"]
        return float(np.logaddexp(0, (1 - 2 * y) * z).sum() / len(y))

    def gradient(self, params, X, y):
        """Return ∂L/∂w = Xᵀ(p̂ − y)/n, of shape (d,), and ∂L/∂b = mean (p̂ − y), of shape ()."""
        error = expit(X @ params["w"] + params["b"]) - y
        return {"w": X.T @ error / len(y), "b": error.sum() / len(y)}

    def curvature_bound(self, X):
        """Return a quarter of the largest eigenvalue of [X 1]ᵀ[X 1]/n: the derivative of σ is at most ¼."""
        return largest_eigenvalue(self.with_ones(X)) / 4
