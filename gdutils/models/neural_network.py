"""A neural network with one hidden layer: features that are learned, then softmax regression on them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gdutils.checks import check_count, check_labels, check_params, check_X, check_X_y, checked
from gdutils.models.softmax import log_softmax, softmax

Params = dict[str, NDArray[Any]]


@checked
@dataclass(frozen=True)
class NeuralNetwork:
    """A = ReLU(XW₁ + b₁), P̂ = softmax(AW₂ + b₂), with the loss −mean ln p̂ of the true class, y in 0..K−1.

    Parameters
    ----------
    n_features : int
        Number of columns of X, d below.
    n_hidden : int
        Number of hidden units, h below.
    n_classes : int
        Number of classes, K below. The parameters are ``W1`` (d, h), ``b1`` (h,), ``W2`` (h, K) and
        ``b2`` (K,).

    Notes
    -----
    Backpropagation is the chain rule from the loss back to the first layer. At the kink of the ReLU, 0, the
    derivative 0 is used.

    References
    ----------
    Rumelhart, Hinton and Williams, Learning representations by back-propagating errors, Nature 323, 1986.
    The start is that of He et al., Delving Deep into Rectifiers, 2015.
    """

    n_features: int
    n_hidden: int
    n_classes: int

    def __post_init__(self) -> None:
        check_count("n_features", self.n_features, minimum=1)
        check_count("n_hidden", self.n_hidden, minimum=1)
        check_count("n_classes", self.n_classes, minimum=2)

    def init(self, rng: np.random.RandomState) -> Params:
        """Draw W₁ from N(0, 2/d), then W₂ from N(0, 2/h); the b start at zero."""
        d, h, K = self.n_features, self.n_hidden, self.n_classes
        W1 = rng.standard_normal((d, h)) * np.sqrt(2 / d)
        W2 = rng.standard_normal((h, K)) * np.sqrt(2 / h)
        return {"W1": W1, "b1": np.zeros(h), "W2": W2, "b2": np.zeros(K)}

    def shaped(self, params: Params) -> Params:
        """Return W₁, b₁, W₂ and b₂, each of its shape, or raise."""
        d, h, K = self.n_features, self.n_hidden, self.n_classes
        return check_params(params, W1=(d, h), b1=(h,), W2=(h, K), b2=(K,))

    def check(self, params: Params, X: ArrayLike, y: ArrayLike) -> tuple[Params, NDArray[Any], NDArray[Any]]:
        """Return params, X and y as arrays that `loss` and `gradient` can take, or raise."""
        X, y = check_X_y(X, y, self.n_features)
        return self.shaped(params), X, check_labels(y, range(self.n_classes))

    def predict(self, params: Params, X: ArrayLike) -> NDArray[Any]:
        """Return the probabilities P̂, of shape (n_samples, K); each row sums to 1."""
        X, params = check_X(X, self.n_features), self.shaped(params)
        A = np.maximum(X @ params["W1"] + params["b1"], 0)  # (n, h)
        Z2 = np.add(A @ params["W2"], params["b2"], order="F")  # (n, K), by columns for speed alone
        return softmax(Z2)

    def loss(self, params: Params, X: NDArray[Any], y: NDArray[Any]) -> float:
        """Return −mean ln p̂ of the true class over the rows given."""
        A = np.maximum(X @ params["W1"] + params["b1"], 0)  # (n, h)
        Z2 = np.add(A @ params["W2"], params["b2"], order="F")  # (n, K), by columns for speed alone
        log_P = log_softmax(Z2)  # (n, K)
        return float(-log_P[np.arange(len(y)), y].sum() / len(y))

    def gradient(self, params: Params, X: NDArray[Any], y: NDArray[Any]) -> Params:
        """Return ∂L/∂W₁ (d, h), ∂L/∂b₁ (h,), ∂L/∂W₂ (h, K) and ∂L/∂b₂ (K,), by backpropagation."""
        A = np.maximum(X @ params["W1"] + params["b1"], 0)  # (n, h)
        Z2 = np.add(A @ params["W2"], params["b2"], order="F")  # (n, K), by columns for speed alone
        dZ2 = softmax(Z2)  # (n, K), P̂
        dZ2[np.arange(len(y)), y] -= 1  # P̂ − Y
        dZ2 /= len(y)
        dZ1 = (dZ2 @ params["W2"].T) * (A > 0)  # (n, K) @ (K, h) -> (n, h), where the unit is on
        return {"W1": X.T @ dZ1, "b1": dZ1.sum(axis=0), "W2": A.T @ dZ2, "b2": dZ2.sum(axis=0)}
