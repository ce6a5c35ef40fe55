"""The optimizers: how a gradient becomes a step.

Each is a frozen dataclass of its settings with two pure functions. `init` gives the state for one array
of parameters, `step` takes one array, its gradient and its state, and returns new arrays. Written for one
array, they move a bare point on a landscape as well as every parameter of a model. The repr, such as
``Momentum(lr=0.1, beta=0.9)``, is made to be the legend of a plot.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gdutils.checks import check_fraction, check_positive, check_same_shape

__all__ = ["SGD", "Momentum"]

Array = NDArray[Any]


@dataclass(frozen=True)
class SGD:
    """Gradient descent: θ ← θ − αg.

    It is called stochastic when g comes from some of the rows; the step is the same.

    Parameters
    ----------
    lr : float, default 0.1
        The learning rate α, positive.

    Examples
    --------
    >>> import numpy as np
    >>> SGD(lr=0.1).step(np.array([10.0]), np.array([20.0]), ())
    (array([8.]), ())

    References
    ----------
    Cauchy, Méthode générale pour la résolution des systèmes d'équations simultanées, 1847; with
    gradients of samples: Robbins and Monro, A Stochastic Approximation Method, 1951.
    """

    lr: float = 0.1

    def __post_init__(self) -> None:
        # Plain floats, so that a learning rate out of np.logspace looks like any other in a legend.
        object.__setattr__(self, "lr", check_positive("lr", self.lr))

    def init(self, theta: Array) -> tuple[()]:
        """Return the state: plain descent remembers nothing."""
        return ()

    def step(self, theta: Array, grad: Array, state: tuple[()]) -> tuple[Array, tuple[()]]:
        """Return θ − αg and the state."""
        check_same_shape(theta, grad)
        return theta - self.lr * grad, state

    def largest_stable_lr(self, curvature: float) -> float:
        """Return 2/λ: on a quadratic of largest curvature λ, every smaller rate converges."""
        return 2 / curvature


@dataclass(frozen=True)
class Momentum:
    """Gradient descent with momentum: v ← βv + g, θ ← θ − αv.

    Under a steady gradient the velocity v grows to g/(1 − β), so the steps become up to 1/(1 − β)
    times as long. The damped variant v ← βv + (1 − β)g is a different method: its steps do not grow.

    Parameters
    ----------
    lr : float, default 0.1
        The learning rate α, positive.
    beta : float, default 0.9
        The momentum β in [0, 1): how much of the velocity is kept. With 0 it is plain descent.

    Examples
    --------
    >>> import numpy as np
    >>> Momentum(lr=0.1, beta=0.9).step(np.array([10.0]), np.array([20.0]), np.array([5.0]))
    (array([7.55]), array([24.5]))

    References
    ----------
    Polyak, Some Methods of Speeding up the Convergence of Iteration Methods, 1964; in this form, with
    the learning rate outside the velocity, ``torch.optim.SGD(momentum=beta)``.
    """

    lr: float = 0.1
    beta: float = 0.9

    def __post_init__(self) -> None:
        object.__setattr__(self, "lr", check_positive("lr", self.lr))
        object.__setattr__(self, "beta", check_fraction("beta", self.beta))

    def init(self, theta: Array) -> Array:
        """Return the state: the velocity v, at rest."""
        return np.zeros_like(theta)

    def step(self, theta: Array, grad: Array, state: Array) -> tuple[Array, Array]:
        """Return θ − αv and the velocity v = βv + g."""
        check_same_shape(theta, grad)
        velocity = self.beta * state + grad
        return theta - self.lr * velocity, velocity

    def largest_stable_lr(self, curvature: float) -> float:
        """Return 2(1 + β)/λ: on a quadratic of largest curvature λ, every smaller rate converges."""
        return 2 * (1 + self.beta) / curvature
