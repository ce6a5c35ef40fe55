"""A neural network with one hidden layer: features that are learned, then softmax regression on them."""

from dataclasses import dataclass

import numpy as np

from gdutils.models.base import Model
from gdutils.models.probabilities import log_softmax, one_hot, softmax


@dataclass(frozen=True)
class NeuralNetwork(Model):
    """A = ReLU(XW₁ + b₁), P̂ = softmax(AW₂ + b₂), with the loss −mean ln p̂ of the true class, y in 0..K−1.

    Parameters
    ----------
    n_features : int
        Number d of columns of X.
    n_hidden : int
        Number h of hidden units.
    n_classes : int
        Number K of classes. The parameters are W1 (d, h), b1 (h,), W2 (h, K) and b2 (K,).

    Notes
    -----
    Backpropagation is the chain rule from the loss back to the first layer; dZ below is ∂L/∂Z. At the kink of
    the ReLU, 0, the derivative 0 is used. The start is that of He et al., Delving Deep into Rectifiers, 2015.
    Source: Rumelhart, Hinton and Williams, Learning representations by back-propagating errors, 1986.
    """

    n_features: int
    n_hidden: int
    n_classes: int
    labels = property(lambda self: tuple(range(self.n_classes)))

    @property
    def shapes(self):
        """The shapes of W1, b1, W2 and b2."""
        d, h, K = self.n_features, self.n_hidden, self.n_classes
        return {"W1": (d, h), "b1": (h,), "W2": (h, K), "b2": (K,)}

    def init(self, rng):
        """Draw W₁ from N(0, 2/d), then W₂ from N(0, 2/h); the intercepts start at zero."""
        d, h, K = self.n_features, self.n_hidden, self.n_classes
        W1 = rng.standard_normal((d, h)) * np.sqrt(2 / d)
        W2 = rng.standard_normal((h, K)) * np.sqrt(2 / h)
        return {"W1": W1, "b1": np.zeros(h), "W2": W2, "b2": np.zeros(K)}

    def predict(self, params, X):
        """Return the probabilities P̂, of shape (n, K)."""
        A = np.maximum(X @ params["W1"] + params["b1"], 0)
        return softmax(A @ params["W2"] + params["b2"])

    def loss(self, params, X, y):
        """Return −mean ln p̂ of the true class over the n rows."""
        A = np.maximum(X @ params["W1"] + params["b1"], 0)
        log_P = log_softmax(A @ params["W2"] + params["b2"])
        return float(-log_P[np.arange(len(y)), y].sum() / len(y))

    def gradient(self, params, X, y):
        """Return ∂L/∂W₁, ∂L/∂b₁, ∂L/∂W₂ and ∂L/∂b₂, each of its parameter's shape, by backpropagation."""
        A = np.maximum(X @ params["W1"] + params["b1"], 0)
        P = softmax(A @ params["W2"] + params["b2"])
        dZ2 = (P - one_hot(y, self.n_classes)) / len(y)
        dZ1 = (dZ2 @ params["W2"].T) * (A > 0)
        return {"W1": X.T @ dZ1, "b1": dZ1.sum(axis=0), "W2": A.T @ dZ2, "b2": dZ2.sum(axis=0)}
