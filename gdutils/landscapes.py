"""Functions of one and two variables to descend, with exact gradients and known minima.

Each is called like the function it is: ``f(x)`` and ``f.gradient(x)``. A function of one variable works
entry by entry, one of two variables takes points of shape (..., 2), so that a single point can be descended
and a whole grid of them drawn. `walk` is gradient descent itself, without any data.

A function of your own needs the same four attributes: the call, ``gradient``, ``limits`` (the range to draw,
a pair for each variable, which holds all minima) and ``minima`` (a lowest one first). A function whose
largest second derivative is the same everywhere may give it as ``curvature``.
"""

from dataclasses import dataclass
from numbers import Integral, Real

import numpy as np

__all__ = ["Bowl", "DoubleWell", "Himmelblau", "Parabola", "Rosenbrock", "Saddle", "TwoBasins", "walk"]

# Far away from its minima a function may overflow. That is a height like any other, and no reason to warn.
silent = np.errstate(all="ignore")


def fixed(points):
    """Return points as an array that cannot be changed, since all functions of a class share it."""
    points = np.array(points)
    points.flags.writeable = False
    return points


@dataclass(frozen=True)
class Landscape:
    """What all functions share. A subclass gives its `value` and `slopes` in terms of x, or of x and y."""

    def __post_init__(self):
        for name, value in vars(self).items():
            low, high = 1 if name == "condition" else -1e9, 1e9
            if not isinstance(value, Real) or not low <= value <= high:
                raise ValueError(f"{name} must be a number from {low:g} to {high:g}, got {value!r}")
            object.__setattr__(self, name, float(value))

    @silent
    def __call__(self, points):
        """Return the value at each point."""
        return self.value(*self.coordinates(points))

    @silent
    def gradient(self, points):
        """Return the gradient at each point, an array of the shape of the points."""
        slopes = self.slopes(*self.coordinates(points))
        return np.stack(slopes, axis=-1) if len(self.limits) == 2 else slopes

    def coordinates(self, points):
        """Return x, or x and y, of points of any shape, or of shape (..., 2)."""
        points = np.asarray(points)
        two = len(self.limits) == 2
        if points.dtype.kind not in "iuf" or (two and points.shape[-1:] != (2,)):
            right = "numbers of shape (..., 2)" if two else "numbers"
            raise ValueError(f"points must be {right}, got {points.dtype} of shape {points.shape}")
        points = points.astype(float)
        return (points[..., 0], points[..., 1]) if two else (points,)


@dataclass(frozen=True)
class Parabola(Landscape):
    """f(x) = (x − c)² + h, with its minimum h at x = c. Its second derivative is 2 everywhere.

    Parameters
    ----------
    center : float, default 0
    height : float, default 0
    """

    center: float = 0.0
    height: float = 0.0
    curvature = 2.0

    def value(self, x):
        """Return (x − c)² + h."""
        return (x - self.center) ** 2 + self.height

    def slopes(self, x):
        """Return f′ = 2(x − c)."""
        return 2 * (x - self.center)

    @property
    def limits(self):
        """12 to each side of the minimum."""
        return ((self.center - 12, self.center + 12),)

    @property
    def minima(self):
        """The center."""
        return np.array([self.center])


class DoubleWell(Landscape):
    """f(x) = (x² − 1)² + 0.3x, two wells near x = −1 and x = 1, of which the left one is deeper."""

    limits = ((-1.8, 1.8),)
    # The outer two of the three roots of f′; the third is the maximum between them.
    minima = fixed(np.sort(np.roots([4, 0, -4, 0.3]).real)[[0, 2]])

    def value(self, x):
        """Return (x² − 1)² + 0.3x."""
        return (x**2 - 1) ** 2 + 0.3 * x

    def slopes(self, x):
        """Return f′ = 4x(x² − 1) + 0.3."""
        return 4 * x * (x**2 - 1) + 0.3


@dataclass(frozen=True)
class Bowl(Landscape):
    """f(x, y) = ½(x² + κy²), a valley whose curvature along y is κ times that along x.

    Parameters
    ----------
    condition : float, default 25
        The condition number κ, the ratio of the two curvatures, at least 1.
    """

    condition: float = 25.0
    limits = ((-10.0, 10.0), (-4.0, 4.0))
    minima = fixed([[0.0, 0.0]])

    def value(self, x, y):
        """Return ½(x² + κy²)."""
        return 0.5 * (x**2 + self.condition * y**2)

    def slopes(self, x, y):
        """Return x and κy."""
        return x, self.condition * y

    @property
    def curvature(self):
        """The largest eigenvalue of the second derivatives, κ."""
        return self.condition


class Saddle(Landscape):
    """f(x, y) = ½x² − ½y² + ¼y⁴, a saddle point at the origin between two valleys, at y = ±1.

    On the line y = 0 the gradient leads to the saddle point, and the walk stays there.
    """

    limits = ((-2.0, 2.0), (-1.6, 1.6))
    minima = fixed([[0.0, -1.0], [0.0, 1.0]])

    def value(self, x, y):
        """Return ½x² − ½y² + ¼y⁴."""
        return 0.5 * x**2 - 0.5 * y**2 + 0.25 * y**4

    def slopes(self, x, y):
        """Return x and y³ − y."""
        return x, y**3 - y


class TwoBasins(Landscape):
    """f(x, y) = (x² − 1)² + 0.3x + y², the double well with a second variable."""

    limits = ((-1.8, 1.8), (-1.4, 1.4))
    minima = fixed([[x, 0.0] for x in DoubleWell.minima])

    def value(self, x, y):
        """Return (x² − 1)² + 0.3x + y²."""
        return DoubleWell().value(x) + y**2

    def slopes(self, x, y):
        """Return 4x(x² − 1) + 0.3 and 2y."""
        return DoubleWell().slopes(x), 2 * y


class Rosenbrock(Landscape):
    """f(x, y) = (1 − x)² + 100(y − x²)², a curved, flat valley between steep walls.

    References
    ----------
    Rosenbrock, An Automatic Method for Finding the Greatest or Least Value of a Function, 1960.
    """

    limits = ((-2.0, 2.0), (-1.0, 3.0))
    minima = fixed([[1.0, 1.0]])

    def value(self, x, y):
        """Return (1 − x)² + 100(y − x²)²."""
        return (1 - x) ** 2 + 100 * (y - x**2) ** 2

    def slopes(self, x, y):
        """Return −2(1 − x) − 400x(y − x²) and 200(y − x²)."""
        wall = 200 * (y - x**2)
        return -2 * (1 - x) - 2 * x * wall, wall


class Himmelblau(Landscape):
    """f(x, y) = (x² + y − 11)² + (x + y² − 7)², with four minima of the same height, 0.

    References
    ----------
    Himmelblau, Applied Nonlinear Programming, 1972.
    """

    limits = ((-5.0, 5.0), (-5.0, 5.0))
    # Where both squares are 0. All but the first are rounded.
    minima = fixed([[3, 2], [-2.80511809, 3.13131252], [-3.77931025, -3.28318599], [3.58442834, -1.84812653]])

    def value(self, x, y):
        """Return (x² + y − 11)² + (x + y² − 7)²."""
        return (x**2 + y - 11) ** 2 + (x + y**2 - 7) ** 2

    def slopes(self, x, y):
        """Return 4x(x² + y − 11) + 2(x + y² − 7) and 2(x² + y − 11) + 4y(x + y² − 7)."""
        first, second = x**2 + y - 11, x + y**2 - 7
        return 4 * x * first + 2 * second, 2 * first + 4 * y * second


@silent
def walk(function, optimizer, start, steps):
    """Descend from a start: θ ← step(θ, ∇f(θ)), `steps` times.

    Parameters
    ----------
    function : Parabola, Bowl or another function of this module
        Or one of your own with the same attributes.
    optimizer
        Any of `gdutils.optimizers`, or an object with ``init(theta)`` and ``step(theta, grad, state)``.
    start : float or array-like of shape (2,)
        A number for a function of one variable, a point for one of two.
    steps : int
        0 or more.

    Returns
    -------
    ndarray of shape (steps + 1,) or (steps + 1, 2)
        The start and the point after each step. A walk that diverges ends in infinities or NaN.

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong kind, shape or range.

    Examples
    --------
    >>> from gdutils.optimizers import SGD
    >>> print(walk(Parabola(), SGD(lr=0.1), start=10, steps=3).round(2))
    [10.    8.    6.4   5.12]
    """
    theta = check_walk(function, optimizer, start, steps)
    path, state = np.empty((steps + 1, *theta.shape)), optimizer.init(theta)
    path[0] = theta
    for k in range(steps):
        theta, state = optimizer.step(theta, function.gradient(theta), state)
        path[k + 1] = theta  # a copy, so that a step in place cannot change what is recorded
    return path


def check_walk(function, optimizer, start, steps):
    """Return the start as an array of floats, or raise an error that names the argument that is wrong."""
    if isinstance(function, type) or not hasattr(function, "gradient"):
        raise TypeError(f"function must be a function to descend, such as Parabola(), got {function!r}")
    if isinstance(optimizer, type) or not hasattr(optimizer, "step"):
        raise TypeError(f"optimizer must be an optimizer, such as SGD(lr=0.1), got {optimizer!r}")
    if not isinstance(steps, Integral) or steps < 0:
        raise ValueError(f"steps must be a whole number of at least 0, got {steps!r}")
    theta, two = np.array(start), len(function.limits) == 2
    if theta.shape != (2,) * two or theta.dtype.kind not in "iuf" or not np.isfinite(theta).all():
        right = "a point of two finite numbers" if two else "a finite number"
        raise ValueError(f"start must be {right} for {function!r}, got {start!r}")
    return theta.astype(float)
