"""What all models share: the start, and the checks of params, X and y that come before each formula."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from gdutils.checked import Checked


@dataclass(frozen=True)
class Model(Checked):
    """A prediction, a loss and its gradient as functions of params, X and y; the object holds its settings.

    A subclass is a frozen dataclass with ``n_features``, `shapes`, ``predict(params, X)``,
    ``loss(params, X, y)`` and ``gradient(params, X, y)``. The loss is a mean over the rows given, and the
    gradient is exactly that of the loss. The last two see only what `check` returns, and
    the first what `check_inputs` does.

    Attributes
    ----------
    labels : tuple of int
        What y may hold; empty for real numbers.
    smooth : bool
        False for a loss with kinks, for which no constant learning rate is stable.
    """

    labels = ()
    smooth = True
    guards: ClassVar = {"predict": "check_inputs", "loss": "check", "gradient": "check"}

    @property
    def shapes(self):
        """The shape of each parameter, by its name."""
        raise NotImplementedError(f"{type(self).__name__} does not say which shapes its parameters have")

    def init(self, rng=None):
        """Return the start: zeros. A model that starts at random draws from the RandomState `rng`."""
        return {name: np.zeros(shape) for name, shape in self.shapes.items()}

    def curvature(self, X):
        """Return the largest curvature of the loss where it is the same for all params, else None."""

    def curvature_bound(self, X):
        """Return a number that no curvature of the loss exceeds, or None where no such number is known."""
        return self.curvature(X)

    def check_X(self, X):
        """Return X as an array of shape (n_samples, n_features), not empty and finite, or raise."""
        X = check_array("X", X, (*np.shape(X)[:1], self.n_features))
        if len(X) == 0:
            raise ValueError(f"X must have at least one row, got shape {X.shape}")
        return check_finite("X", X)

    def check_inputs(self, params, X):
        """Return params and X as arrays, each of its shape, or raise; params may be infinite."""
        X, shapes = self.check_X(X), self.shapes
        if params.keys() != shapes.keys():
            raise ValueError(f"params must have the keys {list(shapes)}, got {list(params)}")
        return {name: check_array(f"params[{name!r}]", params[name], shapes[name]) for name in shapes}, X

    def check(self, params, X, y):
        """Return params, X and y as arrays, each of its shape; labels become integers.

        Raises
        ------
        TypeError, ValueError
            If they hold no numbers or have other shapes, if X or y is not finite, or if y holds other labels
            than `labels`. The message names the argument, what was found and what is right.
        """
        params, X = self.check_inputs(params, X)
        y = check_finite("y", check_array("y", y, (len(X),)))
        if self.labels and not np.isin(y, self.labels).all():
            found = ", ".join(f"{label:g}" for label in np.unique(y)[:6])
            raise ValueError(f"y must hold the labels {', '.join(map(str, self.labels))}, got {found}")
        return params, X, y.astype(int) if self.labels else y

    def with_ones(self, X):
        """Return [X 1]: with a column of ones the intercept is one more weight."""
        X = self.check_X(X)
        return np.column_stack([X, np.ones(len(X))])


def check_array(name, values, shape):
    """Return numbers as an array, if they have this shape."""
    array = np.asarray(values)
    if array.dtype.kind not in "fiub":
        raise TypeError(f"{name} must hold real numbers, got an array of dtype {array.dtype}")
    if array.shape != shape:
        flat = "; X.reshape(-1, 1) makes one column of it, X.reshape(1, -1) one row"
        hint = {("X", 1): flat, ("y", 2): "; y.ravel() flattens it"}.get((name, array.ndim), "")
        raise ValueError(f"{name} must have shape {shape}, got {array.shape}{hint}")
    return array


def check_finite(name, array):
    """Return the array if all its numbers are finite; the message names the first that is not."""
    bad = np.argwhere(~np.isfinite(array))
    if len(bad):
        found = f"{array[tuple(bad[0])]} in row {bad[0][0]} ({len(bad)} such values in all)"
        raise ValueError(f"{name} must be finite, got {found}; drop or fill them first")
    return array


def largest_eigenvalue(X):
    """Return the largest eigenvalue of XᵀX/n; that of XXᵀ/n, the smaller one for a wide table, is equal."""
    n, d = X.shape
    return float(np.linalg.eigvalsh((X @ X.T if n < d else X.T @ X) / n)[-1])
