"""Linear regression: a weighted sum of the features, fitted by half the mean squared error."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gdutils.checks import check_count, check_params, check_X, check_X_y, checked

Params = dict[str, NDArray[Any]]


@checked
@dataclass(frozen=True)
class LinearRegression:
    """ŷ = Xw + b, with the loss ½ mean (ŷ − y)².

    Parameters
    ----------
    n_features : int
        Number of columns of X, d below. The parameters are ``w`` of shape (d,) and ``b`` of shape ().

    Notes
    -----
    The ½ cancels the 2 of the derivative: ∂L/∂w = Xᵀ(ŷ − y)/n and ∂L/∂b = mean(ŷ − y). The loss is
    quadratic, so one curvature matrix, the same everywhere, decides which learning rates are stable.

    References
    ----------
    Hastie, Tibshirani and Friedman, The Elements of Statistical Learning, 2nd ed., section 3.2.
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
        return self.shaped(params), *check_X_y(X, y, self.n_features)

    def predict(self, params: Params, X: ArrayLike) -> NDArray[Any]:
        """Return ŷ = Xw + b, of shape (n_samples,)."""
        X, params = check_X(X, self.n_features), self.shaped(params)
        return X @ params["w"] + params["b"]  # (n, d) @ (d,) + () -> (n,)

    def loss(self, params: Params, X: NDArray[Any], y: NDArray[Any]) -> float:
        """Return ½ mean (ŷ − y)² over the rows given."""
        error = X @ params["w"] + params["b"] - y  # (n,)
        return float(0.5 * (error @ error) / len(y))

    def gradient(self, params: Params, X: NDArray[Any], y: NDArray[Any]) -> Params:
        """Return ∂L/∂w = Xᵀ(ŷ − y)/n, of shape (d,), and ∂L/∂b = mean(ŷ − y), of shape ()."""
        error = X @ params["w"] + params["b"] - y  # (n,)
        return {"w": X.T @ error / len(y), "b": error.sum() / len(y)}

    def second_derivatives(self, X: ArrayLike) -> NDArray[Any]:
        """Return [X 1]ᵀ[X 1]/n, of shape (d + 1, d + 1), the intercept last; they are constant."""
        X1 = with_ones(check_X(X, self.n_features))
        return np.asarray(X1.T @ X1 / len(X1))

    def curvature(self, X: ArrayLike) -> float:
        """Return the largest curvature of the loss, which an optimizer's ``largest_stable_lr`` takes.

        It is the largest eigenvalue of the second derivatives.
        """
        return largest_eigenvalue(with_ones(check_X(X, self.n_features)))

    def minimum(self, X: ArrayLike, y: ArrayLike) -> Params:
        """Return the parameters of least loss, by least squares: what descent is on its way to."""
        X, y = check_X_y(X, y, self.n_features)
        *w, b = np.linalg.lstsq(with_ones(X), y)[0]
        return {"w": np.array(w), "b": np.array(b)}


def with_ones(X: NDArray[Any]) -> NDArray[Any]:
    """Return [X 1]: a column of ones makes the intercept one more weight."""
    return np.column_stack([X, np.ones(len(X))])


def largest_eigenvalue(X: NDArray[Any]) -> float:
    """Return that of XᵀX/n; XXᵀ/n has the same one, and is the smaller matrix of a wide table."""
    n, d = X.shape
    return float(np.linalg.eigvalsh((X @ X.T if n < d else X.T @ X) / n)[-1])
