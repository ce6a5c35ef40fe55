"""Matrix factorization: a table of ratings as the product of two thin ones."""

from dataclasses import dataclass

import numpy as np

from gdutils.models.base import Model


@dataclass(frozen=True)
class MatrixFactorization(Model):
    """R̂ᵢⱼ = Pᵢ · Qⱼ, with the loss mean over the ratings of (Rᵢⱼ − Pᵢ · Qⱼ)² + λ(‖Pᵢ‖² + ‖Qⱼ‖²).

    X holds the integer pairs (user i, item j), of shape (n, 2), and y the ratings.

    Parameters
    ----------
    n_users, n_items, rank : int
        Size of the table, and length of the vectors. P is (n_users, rank), Q is (n_items, rank).
    reg : float
        The λ above, 0 or more; inside the mean, it counts once for each rating.

    Notes
    -----
    The loss is not convex. At P = Q = 0 its gradient is zero, so the start is random.
    Source: Koren, Bell and Volinsky, Matrix Factorization Techniques for Recommender Systems, 2009.
    """

    n_users: int
    n_items: int
    rank: int
    reg: float
    n_features = 2
    shapes = property(lambda self: {"P": (self.n_users, self.rank), "Q": (self.n_items, self.rank)})

    def init(self, rng):
        """Draw P, then Q, from N(0, 0.1²)."""
        return {name: 0.1 * rng.standard_normal(shape) for name, shape in self.shapes.items()}

    def check_inputs(self, params, X):
        """Return params and X as arrays; X must hold integers that are in the table."""
        params, X = super().check_inputs(params, X)
        (_, user), (_, item) = np.transpose([X.min(axis=0), X.max(axis=0)])
        if X.dtype.kind not in "iu" or X.min() < 0 or user >= self.n_users or item >= self.n_items:
            right = f"integer pairs (user, item) from (0, 0) to ({self.n_users - 1}, {self.n_items - 1})"
            found = f"{X.dtype} from {tuple(X.min(axis=0).tolist())} to {tuple(X.max(axis=0).tolist())}"
            raise ValueError(f"X must hold {right}, got {found}")
        return params, X

    def predict(self, params, X):
        """Return R̂ᵢⱼ = Pᵢ · Qⱼ for each pair, of shape (n,)."""
        P, Q = params["P"].take(X[:, 0], axis=0), params["Q"].take(X[:, 1], axis=0)
        return np.vecdot(P, Q)

    def loss(self, params, X, y):
        """Return the mean of (Rᵢⱼ − Pᵢ · Qⱼ)² + λ(‖Pᵢ‖² + ‖Qⱼ‖²) over the n ratings."""
        P, Q = params["P"].take(X[:, 0], axis=0), params["Q"].take(X[:, 1], axis=0)
        error = np.vecdot(P, Q) - y
        return float(np.mean(error**2 + self.reg * (np.vecdot(P, P) + np.vecdot(Q, Q))))

    def gradient(self, params, X, y):
        """Return ∂L/∂P and ∂L/∂Q. `np.add.at` also counts repeated users and items, which += would not."""
        P, Q = params["P"].take(X[:, 0], axis=0), params["Q"].take(X[:, 1], axis=0)
        error = 2 / len(y) * (np.vecdot(P, Q) - y)[:, np.newaxis]
        shrink = 2 / len(y) * self.reg
        dP, dQ = np.zeros(params["P"].shape), np.zeros(params["Q"].shape)
        np.add.at(dP, X[:, 0], error * Q + shrink * P)
        np.add.at(dQ, X[:, 1], error * P + shrink * Q)
        return {"P": dP, "Q": dQ}
