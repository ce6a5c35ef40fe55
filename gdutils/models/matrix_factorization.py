"""Matrix factorization: a table of ratings as the product of two thin ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gdutils.checks import check_count, check_nonnegative, check_pairs, check_params, check_X_y, checked

Params = dict[str, NDArray[Any]]


@checked
@dataclass(frozen=True)
class MatrixFactorization:
    """R̂ᵢⱼ = Pᵢ · Qⱼ, with the loss mean over the ratings of (Rᵢⱼ − Pᵢ · Qⱼ)² + λ(‖Pᵢ‖² + ‖Qⱼ‖²).

    X holds the integer pairs (user i, item j), of shape (n_ratings, 2), and y the ratings.

    Parameters
    ----------
    n_users, n_items : int
        Size of the table.
    rank : int
        Length of the vectors. The parameters are ``P`` (n_users, rank) and ``Q`` (n_items, rank).
    reg : float
        The λ above, 0 or more.

    Notes
    -----
    The penalty stands inside the sum, so a user is penalized once for each rating given. The loss is not
    convex. At P = Q = 0 its gradient is zero, a saddle point unless λ is large: so the start is random.

    References
    ----------
    Koren, Bell and Volinsky, Matrix Factorization Techniques for Recommender Systems, IEEE Computer 42, 2009.
    """

    n_users: int
    n_items: int
    rank: int
    reg: float

    def __post_init__(self) -> None:
        check_count("n_users", self.n_users, minimum=1)
        check_count("n_items", self.n_items, minimum=1)
        check_count("rank", self.rank, minimum=1)
        object.__setattr__(self, "reg", check_nonnegative("reg", self.reg))

    def init(self, rng: np.random.RandomState) -> Params:
        """Draw P, then Q, from N(0, 0.1²)."""
        P = 0.1 * rng.standard_normal((self.n_users, self.rank))
        Q = 0.1 * rng.standard_normal((self.n_items, self.rank))
        return {"P": P, "Q": Q}

    def shaped(self, params: Params) -> Params:
        """Return P and Q, each of its shape, or raise."""
        return check_params(params, P=(self.n_users, self.rank), Q=(self.n_items, self.rank))

    def check(self, params: Params, X: ArrayLike, y: ArrayLike) -> tuple[Params, NDArray[Any], NDArray[Any]]:
        """Return params, X and y as arrays that `loss` and `gradient` can take, or raise."""
        X, y = check_X_y(X, y, 2)
        return self.shaped(params), check_pairs(X, self.n_users, self.n_items), y

    def predict(self, params: Params, X: ArrayLike) -> NDArray[Any]:
        """Return R̂ᵢⱼ = Pᵢ · Qⱼ for each pair, of shape (n_ratings,)."""
        X, params = check_pairs(X, self.n_users, self.n_items), self.shaped(params)
        P_i, Q_j = params["P"].take(X[:, 0], axis=0), params["Q"].take(X[:, 1], axis=0)  # (n, rank)
        return np.asarray(np.vecdot(P_i, Q_j))  # (n,)

    def loss(self, params: Params, X: NDArray[Any], y: NDArray[Any]) -> float:
        """Return the mean of (Rᵢⱼ − Pᵢ · Qⱼ)² + λ(‖Pᵢ‖² + ‖Qⱼ‖²) over the ratings given."""
        P_i, Q_j = params["P"].take(X[:, 0], axis=0), params["Q"].take(X[:, 1], axis=0)  # (n, rank)
        error = np.vecdot(P_i, Q_j) - y  # (n,)
        penalty = np.vecdot(P_i, P_i) + np.vecdot(Q_j, Q_j)  # (n,)
        return float(np.mean(error**2 + self.reg * penalty))

    def gradient(self, params: Params, X: NDArray[Any], y: NDArray[Any]) -> Params:
        """Return ∂L/∂P (n_users, rank) and ∂L/∂Q (n_items, rank); rows of who is in no pair are zero."""
        P, Q, i, j = params["P"], params["Q"], X[:, 0], X[:, 1]
        P_i, Q_j = P.take(i, axis=0), Q.take(j, axis=0)  # (n, rank)
        error = (np.vecdot(P_i, Q_j) - y)[:, np.newaxis]  # (n, 1)
        pull, shrink = 2 * error / len(y), 2 * self.reg / len(y)
        dP, dQ = np.zeros(P.shape), np.zeros(Q.shape)
        # A user or an item may stand in several pairs; += would count but one of them.
        np.add.at(dP, i, pull * Q_j + shrink * P_i)
        np.add.at(dQ, j, pull * P_i + shrink * Q_j)
        return {"P": dP, "Q": dQ}
