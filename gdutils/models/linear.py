"""Linear regression: a weighted sum of the features, fitted by half the mean squared error."""

from dataclasses import dataclass

import numpy as np

from gdutils.models.base import Model, check_array, check_finite, largest_eigenvalue


@dataclass(frozen=True)
class LinearRegression(Model):
    """ŷ = Xw + b, with the loss ½ mean (ŷ − y)².

    ``n_features`` is the number d of columns of X; the parameters are w, of shape (d,), and b, of shape ().
    The ½ cancels the 2 of the derivative. The loss is quadratic: its curvature is the same everywhere.
    Source: Hastie, Tibshirani and Friedman, The Elements of Statistical Learning, section 3.2.
    """

    n_features: int
    shapes = property(lambda self: {"w": (self.n_features,), "b": ()})

    def predict(self, params, X):
        """Return ŷ = Xw + b, of shape (n,)."""
        return X @ params["w"] + params["b"]

    def loss(self, params, X, y):
        """Return ½ mean (ŷ − y)² over the n rows."""
        error = X @ params["w"] + params["b"] - y
        return float(0.5 * (error @ error) / len(y))

    def gradient(self, params, X, y):
        """Return ∂L/∂w = Xᵀ(ŷ − y)/n, of shape (d,), and ∂L/∂b = mean (ŷ − y), of shape ()."""
        error = X @ params["w"] + params["b"] - y
        return {"w": X.T @ error / len(y), "b": error.sum() / len(y)}

    def second_derivatives(self, X):
        """Return [X 1]ᵀ[X 1]/n, of shape (d + 1, d + 1), the intercept last."""
        return self.with_ones(X).T @ self.with_ones(X) / len(X)

    def curvature(self, X):
        """Return the largest eigenvalue of the second derivatives."""
        return largest_eigenvalue(self.with_ones(X))

    def minimum(self, X, y):
        """Return the parameters of least loss, by least squares."""
        *w, b = np.linalg.lstsq(self.with_ones(X), check_finite("y", check_array("y", y, (len(X),))))[0]
        return {"w": np.array(w), "b": np.array(b)}
