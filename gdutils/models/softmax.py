"""Softmax regression: a weighted sum of the features per class, turned into probabilities of the classes."""

from dataclasses import dataclass

import numpy as np

from gdutils.models.base import Model, largest_eigenvalue
from gdutils.models.probabilities import log_softmax, one_hot, softmax


@dataclass(frozen=True)
class SoftmaxRegression(Model):
    """P̂ = softmax(XW + b), with the loss −mean ln p̂ of the true class, for y in 0..K−1.

    ``n_features`` is the number d of columns of X, ``n_classes`` is K; the parameters are W, of shape (d,
    K), and b, of shape (K,). With Y one-hot, of shape (n, K), the derivative with respect to Z = XW + b is
    (P̂ − Y)/n.
    Source: Bishop, Pattern Recognition and Machine Learning, section 4.3.4.
    """

    n_features: int
    n_classes: int
    labels = property(lambda self: tuple(range(self.n_classes)))
    shapes = property(lambda self: {"W": (self.n_features, self.n_classes), "b": (self.n_classes,)})

    def predict(self, params, X):
        """Return the probabilities softmax(XW + b), of shape (n, K)."""
        return softmax(X @ params["W"] + params["b"])

    def loss(self, params, X, y):
        """Return −mean ln p̂ of the true class over the n rows."""
        log_P = log_softmax(X @ params["W"] + params["b"])
        return float(-log_P[np.arange(len(y)), y].sum() / len(y))

    def gradient(self, params, X, y):
        """Return ∂L/∂W = Xᵀ(P̂ − Y)/n, of shape (d, K), and ∂L/∂b, the mean row of P̂ − Y, of shape (K,)."""
        error = softmax(X @ params["W"] + params["b"]) - one_hot(y, self.n_classes)
        return {"W": X.T @ error / len(y), "b": error.sum(axis=0) / len(y)}

    def curvature_bound(self, X):
        """Return half the largest eigenvalue of [X 1]ᵀ[X 1]/n: the curvature of ln Σeᶻ is at most ½."""
        return largest_eigenvalue(self.with_ones(X)) / 2
