"""Logistic regression: a weighted sum of the features, turned into a probability."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit

from gdutils.checks import check_count, check_labels, check_params, check_X, check_X_y, checked
from gdutils.models.linear import largest_eigenvalue, with_ones

Params = dict[str, NDArray[Any]]


@checked
@dataclass(frozen=True)
class LogisticRegression:
    """p̂ = σ(Xw + b), with the loss −mean [y ln p̂ + (1 − y) ln(1 − p̂)], for y in {0, 1}.

    Parameters
    ----------
    n_features : int
        Number of columns of X, d below. The parameters are ``w`` of shape (d,) and ``b`` of shape ().

    Notes
    -----
    With z = Xw + b a row's loss is ln(1 + eᶻ) − yz, which `numpy.logaddexp` gives without overflow. The
    derivative by z is p̂ − y, so the gradient has the form of linear regression's. On separable data the
    loss has no minimum: it falls towards 0 while ‖w‖ grows without bound.

    References
    ----------
    Hastie, Tibshirani and Friedman, The Elements of Statistical Learning, 2nd ed., section 4.4.
    """

    n_features: int

    def __post_init__(self) -> None:
        check_count("n_features", self.n_features, minimum=1)

    def init(self, rng: np.random.RandomState | None = None) -> Params:
        """Start from zeros; nothing is drawn from `rng`."""
        return {"w": np.zeros(self.n_features), "b": np.zeros(())}

    def shaped(self, params: Params) -> Params:
        """Return w and b, each of its shape, or raise."""
        return check_params(params, w=(self.n_features,), b=())

    def check(self, params: Params, X: ArrayLike, y: ArrayLike) -> tuple[Params, NDArray[Any], NDArray[Any]]:
        """Return params, X and y as arrays that `loss` and `gradient` can take, or raise."""
        X, y = check_X_y(X, y, self.n_features)
        check_labels(y, (0, 1))
        return self.shaped(params), X, y

    def predict(self, params: Params, X: ArrayLike) -> NDArray[Any]:
        """Return the probability of class 1, σ(Xw + b), of shape (n_samples,)."""
        X, params = check_X(X, self.n_features), self.shaped(params)
        return np.asarray(expit(X @ params["w"] + params["b"]))  # (n,)

    def loss(self, params: Params, X: NDArray[Any], y: NDArray[Any]) -> float:
        """Return −mean [y ln p̂ + (1 − y) ln(1 − p̂)] over the rows given."""
        z = X @ params["w"] + params["b"]  # (n,)
        return float(np.mean(np.logaddexp(0, z) - y * z))

    def gradient(self, params: Params, X: NDArray[Any], y: NDArray[Any]) -> Params:
        """Return ∂L/∂w = Xᵀ(p̂ − y)/n, of shape (d,), and ∂L/∂b = mean(p̂ − y), of shape ()."""
        error = expit(X @ params["w"] + params["b"]) - y  # (n,)
        return {"w": X.T @ error / len(y), "b": error.sum() / len(y)}

    def curvature_bound(self, X: ArrayLike) -> float:
        """Return a bound on the curvature of the loss: a quarter of the largest eigenvalue of [X 1]ᵀ[X 1]/n.

        The derivative of σ is at most ¼, and is that where the model is undecided.
        """
        return largest_eigenvalue(with_ones(check_X(X, self.n_features))) / 4
