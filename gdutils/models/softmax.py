"""Softmax regression: a weighted sum a class, turned into the probabilities of the classes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gdutils.checks import check_count, check_labels, check_params, check_X, check_X_y, checked
from gdutils.models.linear import largest_eigenvalue, with_ones

Params = dict[str, NDArray[Any]]


# Those of scipy.special are the same, and take up to twice as long on a mini-batch.
def softmax(Z: NDArray[Any]) -> NDArray[Any]:
    """Return P̂ = eᶻ/Σeᶻ of each row; without its largest z taken off, eᶻ would overflow."""
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    return np.asarray(E / E.sum(axis=1, keepdims=True))


def log_softmax(Z: NDArray[Any]) -> NDArray[Any]:
    """Return ln P̂ = z − ln Σeᶻ of each row; the logarithm of a P̂ that became 0 would be −∞."""
    Z = Z - Z.max(axis=1, keepdims=True)
    return np.asarray(Z - np.log(np.exp(Z).sum(axis=1, keepdims=True)))


@checked
@dataclass(frozen=True)
class SoftmaxRegression:
    """P̂ = softmax(XW + b), with the loss −mean ln p̂ of the true class, for y in 0..K−1.

    Parameters
    ----------
    n_features : int
        Number of columns of X, d below.
    n_classes : int
        Number of classes, K below. The parameters are ``W`` of shape (d, K) and ``b`` of shape (K,).

    Notes
    -----
    With one column of Y for each class, 1 where a row belongs to it and 0 elsewhere, the derivative of the
    loss by Z = XW + b is (P̂ − Y)/n. Adding one vector to all columns of W changes no probability, so only
    differences between the classes matter; with K = 2 the difference is logistic regression's w.

    References
    ----------
    Bishop, Pattern Recognition and Machine Learning, section 4.3.4.
    """

    n_features: int
    n_classes: int

    def __post_init__(self) -> None:
        check_count("n_features", self.n_features, minimum=1)
        check_count("n_classes", self.n_classes, minimum=2)

    def init(self, rng: np.random.RandomState | None = None) -> Params:
        """Start from zeros; nothing is drawn from `rng`."""
        return {"W": np.zeros((self.n_features, self.n_classes)), "b": np.zeros(self.n_classes)}

    def shaped(self, params: Params) -> Params:
        """Return W and b, each of its shape, or raise."""
        return check_params(params, W=(self.n_features, self.n_classes), b=(self.n_classes,))

    def check(self, params: Params, X: ArrayLike, y: ArrayLike) -> tuple[Params, NDArray[Any], NDArray[Any]]:
        """Return params, X and y as arrays that `loss` and `gradient` can take, or raise."""
        X, y = check_X_y(X, y, self.n_features)
        return self.shaped(params), X, check_labels(y, range(self.n_classes))

    def predict(self, params: Params, X: ArrayLike) -> NDArray[Any]:
        """Return the probabilities softmax(XW + b), of shape (n_samples, K); each row sums to 1."""
        X, params = check_X(X, self.n_features), self.shaped(params)
        Z = np.add(X @ params["W"], params["b"], order="F")  # (n, d) @ (d, K) + (K,) -> (n, K)
        return softmax(Z)

    def loss(self, params: Params, X: NDArray[Any], y: NDArray[Any]) -> float:
        """Return −mean ln p̂ of the true class over the rows given."""
        Z = np.add(X @ params["W"], params["b"], order="F")  # (n, K), by columns for speed alone
        log_P = log_softmax(Z)  # (n, K)
        return float(-log_P[np.arange(len(y)), y].sum() / len(y))

    def gradient(self, params: Params, X: NDArray[Any], y: NDArray[Any]) -> Params:
        """Return ∂L/∂W = Xᵀ(P̂ − Y)/n, (d, K), and ∂L/∂b, the mean of P̂ − Y over the rows, (K,)."""
        Z = np.add(X @ params["W"], params["b"], order="F")  # (n, K), by columns for speed alone
        error = softmax(Z)  # (n, K), P̂
        error[np.arange(len(y)), y] -= 1  # P̂ − Y
        return {"W": X.T @ error / len(y), "b": error.sum(axis=0) / len(y)}

    def curvature_bound(self, X: ArrayLike) -> float:
        """Return a bound on the curvature of the loss: half the largest eigenvalue of [X 1]ᵀ[X 1]/n.

        The second derivatives of ln Σ eᶻ have eigenvalues of at most ½.
        """
        return largest_eigenvalue(with_ones(check_X(X, self.n_features))) / 2
