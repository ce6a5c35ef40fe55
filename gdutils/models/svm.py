"""The linear support vector machine: a line with as wide a margin as the data allow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gdutils.checks import (
    check_count,
    check_labels,
    check_params,
    check_positive,
    check_X,
    check_X_y,
    checked,
)

Params = dict[str, NDArray[Any]]


@checked
@dataclass(frozen=True)
class LinearSVM:
    """s = Xw + b, with the loss ½‖w‖² + C · mean max(0, 1 − ys), for y in {−1, +1}.

    Parameters
    ----------
    n_features : int
        Number of columns of X, d below. The parameters are ``w`` of shape (d,) and ``b`` of shape ().
    C : float, default 1.0
        What a violation of the margin costs, positive. It weighs a mean: scikit-learn's C, which weighs a
        sum, is this one divided by the number of rows.

    Notes
    -----
    The hinge has a kink at ys = 1, where the subgradient 0 is used: a row on the margin does not pull.

    References
    ----------
    Cortes and Vapnik, Support-Vector Networks, Machine Learning 20, 1995.
    """

    n_features: int
    C: float = 1.0

    def __post_init__(self) -> None:
        check_count("n_features", self.n_features, minimum=1)
        object.__setattr__(self, "C", check_positive("C", self.C))

    def init(self, rng: np.random.RandomState | None = None) -> Params:
        """Start from zeros; nothing is drawn from `rng`."""
        return {"w": np.zeros(self.n_features), "b": np.zeros(())}

    def shaped(self, params: Params) -> Params:
        """Return w and b, each of its shape, or raise."""
        return check_params(params, w=(self.n_features,), b=())

    def check(self, params: Params, X: ArrayLike, y: ArrayLike) -> tuple[Params, NDArray[Any], NDArray[Any]]:
        """Return params, X and y as arrays that `loss` and `gradient` can take, or raise."""
        X, y = check_X_y(X, y, self.n_features)
        check_labels(y, (-1, 1))
        return self.shaped(params), X, y

    def predict(self, params: Params, X: ArrayLike) -> NDArray[Any]:
        """Return the scores s = Xw + b, of shape (n_samples,); their signs are the classes."""
        X, params = check_X(X, self.n_features), self.shaped(params)
        return X @ params["w"] + params["b"]  # (n,)

    def loss(self, params: Params, X: NDArray[Any], y: NDArray[Any]) -> float:
        """Return ½‖w‖² + C · mean max(0, 1 − ys) over the rows given."""
        w, s = params["w"], X @ params["w"] + params["b"]  # (d,), (n,)
        return float(0.5 * w @ w + self.C * np.mean(np.maximum(0, 1 - y * s)))

    def gradient(self, params: Params, X: NDArray[Any], y: NDArray[Any]) -> Params:
        """Return ∂L/∂w = w − C · Xᵀ(y · [ys < 1])/n, of shape (d,), and ∂L/∂b = −C · mean(y · [ys < 1])."""
        w, s = params["w"], X @ params["w"] + params["b"]  # (d,), (n,)
        pull = y * (y * s < 1) / len(y)  # (n,), 0 for rows beyond the margin
        return {"w": w - self.C * (X.T @ pull), "b": -self.C * pull.sum()}

    def curvature_bound(self, X: ArrayLike) -> float:
        """Return 1, the curvature of the penalty, which alone is curved: the hinge has straight pieces.

        Below the learning rate 2, w stays bounded. It need not settle, since a row's pull jumps at its kink.
        """
        check_X(X, self.n_features)
        return 1.0
