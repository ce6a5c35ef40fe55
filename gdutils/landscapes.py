"""Functions of one and two variables to descend, with exact gradients and known minima.

Each is a frozen dataclass that is called like the function it is: ``f(x)``, and ``f.gradient(x)``. A function
of one variable works entry by entry, one of two takes points of shape (..., 2), so that a single point can be
descended and a whole grid of them drawn. `walk` is gradient descent itself, with no data in sight.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol, runtime_checkable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gdutils.checks import (
    brief,
    check_count,
    check_finite,
    check_floats,
    check_number,
    check_positive,
    check_real,
)
from gdutils.training import Optimizer, check_optimizer

__all__ = [
    "Bowl",
    "DoubleWell",
    "Himmelblau",
    "Landscape",
    "Parabola",
    "Rosenbrock",
    "Saddle",
    "TwoBasins",
    "walk",
]

Array = NDArray[np.float64]
Limits = tuple[tuple[float, float], ...]


@runtime_checkable
class Landscape(Protocol):
    """What `walk` and the panels ask of a function."""

    @property
    def limits(self) -> Limits:
        """The range to draw, a pair for each variable; it holds all minima."""

    @property
    def minima(self) -> Array:
        """The points of all local minima, of shape (n_minima,) or (n_minima, 2), a lowest one first."""

    def __call__(self, points: ArrayLike) -> Array:
        """Return the value at each point."""

    def gradient(self, points: ArrayLike) -> Array:
        """Return the gradient at each point, of the shape of the points."""


# Far away a function may overflow: that is a height like any other, and no reason to warn.
far_away = np.errstate(over="ignore", invalid="ignore")


@dataclass(frozen=True)
class Parabola:
    """f(x) = (x − c)² + h, the valley with its floor at height h above x = c.

    Its curvature f″ is 2 everywhere.

    Parameters
    ----------
    center : float, default 0
    height : float, default 0
    """

    center: float = 0.0
    height: float = 0.0

    def __post_init__(self) -> None:
        object.__setattr__(self, "center", check_number("center", self.center))
        object.__setattr__(self, "height", check_number("height", self.height))

    @far_away
    def __call__(self, points: ArrayLike) -> Array:
        """Return (x − c)² + h for each x."""
        return (check_floats("points", points) - self.center) ** 2 + self.height

    @far_away
    def gradient(self, points: ArrayLike) -> Array:
        """Return f′ = 2(x − c) for each x."""
        return 2 * (check_floats("points", points) - self.center)

    @property
    def limits(self) -> Limits:
        """12 to each side of the floor."""
        return ((self.center - 12, self.center + 12),)

    @property
    def minima(self) -> Array:
        """The floor."""
        return np.array([self.center])

    @property
    def curvature(self) -> float:
        """The largest second derivative."""
        return 2.0


@dataclass(frozen=True)
class DoubleWell:
    """f(x) = (x² − 1)² + tx, two wells near x = −1 and x = 1; the tilt t makes the left one deeper.

    Parameters
    ----------
    tilt : float, default 0.3
        From 0, two wells of one depth, up to, but not including, 8/√27 ≈ 1.54, where the right one ends.
    """

    tilt: float = 0.3
    limits: ClassVar[Limits] = ((-1.8, 1.8),)

    def __post_init__(self) -> None:
        object.__setattr__(self, "tilt", check_tilt(self.tilt))

    @far_away
    def __call__(self, points: ArrayLike) -> Array:
        """Return (x² − 1)² + tx for each x."""
        x = check_floats("points", points)
        return np.asarray((x**2 - 1) ** 2 + self.tilt * x)

    @far_away
    def gradient(self, points: ArrayLike) -> Array:
        """Return f′ = 4x(x² − 1) + t for each x."""
        x = check_floats("points", points)
        return np.asarray(4 * x * (x**2 - 1) + self.tilt)

    @property
    def minima(self) -> Array:
        """The outer two of the three roots of 4x³ − 4x + t; the third is the top between them."""
        roots = np.sort(np.roots([4, 0, -4, self.tilt]).real)
        return roots[[0, 2]]


@dataclass(frozen=True)
class Bowl:
    """f(x, y) = ½(x² + κy²), a valley κ times as steep along y as along x.

    Parameters
    ----------
    condition : float, default 25
        The condition number κ, the ratio of the two curvatures, at least 1.
    """

    condition: float = 25.0
    limits: ClassVar[Limits] = ((-10.0, 10.0), (-4.0, 4.0))

    def __post_init__(self) -> None:
        condition = check_positive("condition", self.condition)
        if condition < 1:
            raise ValueError(f"condition must be at least 1, got {self.condition!r}")
        object.__setattr__(self, "condition", condition)

    @far_away
    def __call__(self, points: ArrayLike) -> Array:
        """Return ½(x² + κy²) for each point."""
        x, y = coordinates(points)
        return 0.5 * (x**2 + self.condition * y**2)

    @far_away
    def gradient(self, points: ArrayLike) -> Array:
        """Return (x, κy) for each point."""
        x, y = coordinates(points)
        return np.stack([x, self.condition * y], axis=-1)

    @property
    def minima(self) -> Array:
        """The origin."""
        return np.zeros((1, 2))

    @property
    def curvature(self) -> float:
        """The largest eigenvalue of the second derivatives."""
        return self.condition


@dataclass(frozen=True)
class Saddle:
    """f(x, y) = ½x² − ½y² + ¼y⁴, a pass at the origin with a valley to either side, at y = ±1.

    On the line y = 0 the gradient leads to the pass and leaves it there.
    """

    limits: ClassVar[Limits] = ((-2.0, 2.0), (-1.6, 1.6))

    @far_away
    def __call__(self, points: ArrayLike) -> Array:
        """Return ½x² − ½y² + ¼y⁴ for each point."""
        x, y = coordinates(points)
        return 0.5 * x**2 - 0.5 * y**2 + 0.25 * y**4

    @far_away
    def gradient(self, points: ArrayLike) -> Array:
        """Return (x, y³ − y) for each point."""
        x, y = coordinates(points)
        return np.stack([x, y**3 - y], axis=-1)

    @property
    def minima(self) -> Array:
        """One to either side of the pass."""
        return np.array([[0.0, -1.0], [0.0, 1.0]])


@dataclass(frozen=True)
class TwoBasins:
    """f(x, y) = (x² − 1)² + tx + y², the double well with a second direction.

    Parameters
    ----------
    tilt : float, default 0.3
        As in `DoubleWell`; it makes the left basin the deeper one.
    """

    tilt: float = 0.3
    limits: ClassVar[Limits] = ((-1.8, 1.8), (-1.4, 1.4))

    def __post_init__(self) -> None:
        object.__setattr__(self, "tilt", check_tilt(self.tilt))

    @far_away
    def __call__(self, points: ArrayLike) -> Array:
        """Return (x² − 1)² + tx + y² for each point."""
        x, y = coordinates(points)
        return DoubleWell(self.tilt)(x) + y**2

    @far_away
    def gradient(self, points: ArrayLike) -> Array:
        """Return (4x(x² − 1) + t, 2y) for each point."""
        x, y = coordinates(points)
        return np.stack([DoubleWell(self.tilt).gradient(x), 2 * y], axis=-1)

    @property
    def minima(self) -> Array:
        """Those of the double well, at y = 0."""
        wells = DoubleWell(self.tilt).minima
        return np.stack([wells, np.zeros_like(wells)], axis=-1)


@dataclass(frozen=True)
class Rosenbrock:
    """f(x, y) = (1 − x)² + b(y − x²)², a bent, flat valley between steep walls.

    Parameters
    ----------
    steepness : float, default 100
        b, positive: how much steeper the walls are than the valley.

    References
    ----------
    Rosenbrock, An Automatic Method for Finding the Greatest or Least Value of a Function, 1960.
    """

    steepness: float = 100.0
    limits: ClassVar[Limits] = ((-2.0, 2.0), (-1.0, 3.0))

    def __post_init__(self) -> None:
        object.__setattr__(self, "steepness", check_positive("steepness", self.steepness))

    @far_away
    def __call__(self, points: ArrayLike) -> Array:
        """Return (1 − x)² + b(y − x²)² for each point."""
        x, y = coordinates(points)
        return (1 - x) ** 2 + self.steepness * (y - x**2) ** 2

    @far_away
    def gradient(self, points: ArrayLike) -> Array:
        """Return (−2(1 − x) − 4bx(y − x²), 2b(y − x²)) for each point."""
        x, y = coordinates(points)
        wall = 2 * self.steepness * (y - x**2)
        return np.stack([-2 * (1 - x) - 2 * x * wall, wall], axis=-1)

    @property
    def minima(self) -> Array:
        """The only one, (1, 1)."""
        return np.ones((1, 2))


@dataclass(frozen=True)
class Himmelblau:
    """f(x, y) = (x² + y − 11)² + (x + y² − 7)², four valleys of one depth, 0.

    References
    ----------
    Himmelblau, Applied Nonlinear Programming, 1972.
    """

    limits: ClassVar[Limits] = ((-5.0, 5.0), (-5.0, 5.0))

    @far_away
    def __call__(self, points: ArrayLike) -> Array:
        """Return (x² + y − 11)² + (x + y² − 7)² for each point."""
        x, y = coordinates(points)
        return (x**2 + y - 11) ** 2 + (x + y**2 - 7) ** 2

    @far_away
    def gradient(self, points: ArrayLike) -> Array:
        """Return (4x(x² + y − 11) + 2(x + y² − 7), 2(x² + y − 11) + 4y(x + y² − 7)) for each point."""
        x, y = coordinates(points)
        first, second = x**2 + y - 11, x + y**2 - 7
        return np.stack([4 * x * first + 2 * second, 2 * first + 4 * y * second], axis=-1)

    @property
    def minima(self) -> Array:
        """Where both squares are 0; all but the first are rounded."""
        return np.array(
            [
                [3.0, 2.0],
                [-2.805118086952745, 3.131312518250573],
                [-3.779310253377747, -3.283185991286170],
                [3.584428340330492, -1.848126526964404],
            ]
        )


def walk(function: Landscape, optimizer: Optimizer, start: ArrayLike, steps: int) -> Array:
    """Descend from a start: θ ← step(θ, ∇f(θ)), as often as `steps` says.

    Parameters
    ----------
    function : Landscape
    optimizer
        Any of `gdutils.optimizers`.
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
    check_landscape(function)
    check_optimizer(optimizer)
    check_count("steps", steps, minimum=0)
    theta = check_start(start, function)
    path, state = [theta], optimizer.init(theta)
    with np.errstate(over="ignore", invalid="ignore"):
        for _ in range(steps):
            theta, state = optimizer.step(theta, function.gradient(theta), state)
            path.append(theta)
    return np.array(path)


def check_landscape(function: Any) -> None:
    """Raise unless this is a function with all that a landscape has, and not, say, the class of one."""
    if isinstance(function, type) or not isinstance(function, Landscape):
        right = "one of gdutils.landscapes, such as Parabola()"
        raise TypeError(f"function must be {right}, got {brief(function)}")


def check_start(start: ArrayLike, function: Landscape) -> Array:
    """Return the start as an array of floats, if it is a point of the function."""
    theta = check_floats("start", start).copy()
    right: Sequence[int] = () if len(function.limits) == 1 else (2,)
    if theta.shape != tuple(right):
        wanted = "a number" if not right else "a point of shape (2,)"
        raise ValueError(f"start must be {wanted} for {function!r}, got shape {theta.shape}")
    check_finite("start", theta)
    return theta


def coordinates(points: ArrayLike) -> tuple[Array, Array]:
    """Return x and y of points of shape (..., 2)."""
    points = check_floats("points", points)
    if points.ndim == 0 or points.shape[-1] != 2:
        raise ValueError(f"points must have shape (..., 2), got {points.shape}")
    return points[..., 0], points[..., 1]


def check_tilt(value: Any) -> float:
    """Return a tilt that leaves the double well two minima."""
    right = "a number from 0 up to, but not including, 8/√27 ≈ 1.54"
    tilt = check_real("tilt", value, right)
    if not 0 <= tilt < 8 / np.sqrt(27):
        raise ValueError(f"tilt must be {right}, got {brief(value)}")
    return tilt
