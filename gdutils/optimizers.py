"""The optimizers: how a gradient becomes a step.

Each is a frozen dataclass of its settings with two pure functions. `init` gives the state for one array
of parameters, `step` takes one array, its gradient and its state, and returns new arrays. Written for one
array, they move a bare point on a landscape as well as every parameter of a model. The repr, such as
``Momentum(lr=0.1, beta=0.9)``, is made to be the legend of a plot.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gdutils.checks import check_fraction, check_positive, check_same_shape

__all__ = ["SGD", "AdaGrad", "Adam", "Momentum", "Nesterov", "RMSprop"]

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


@dataclass(frozen=True)
class Nesterov:
    """Nesterov's momentum: v ← βv + g, θ ← θ − α(g + βv).

    The step looks ahead: it goes where the velocity is about to carry θ, before the next gradient is known.
    This is the variant that takes g at θ itself. Nesterov's own takes it at the point ahead, θ − αβv, and
    gives the same sequence of such points.

    Parameters
    ----------
    lr : float, default 0.1
        The learning rate α, positive.
    beta : float, default 0.9
        The part of the velocity that is kept, in [0, 1); 0 is plain descent.

    Examples
    --------
    >>> import numpy as np
    >>> theta, velocity = Nesterov(lr=0.1).step(np.array([10.0]), np.array([20.0]), np.array([0.0]))
    >>> print(theta.round(6), velocity)
    [6.2] [20.]

    References
    ----------
    Nesterov, A method of solving a convex programming problem with convergence rate O(1/k²), 1983; in this
    form: Sutskever et al., On the importance of initialization and momentum in deep learning, 2013, with
    the learning rate outside the velocity, ``torch.optim.SGD(momentum=beta, nesterov=True)``.
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
        """Return θ − α(g + βv) and the velocity v = βv + g."""
        check_same_shape(theta, grad)
        velocity = self.beta * state + grad
        return theta - self.lr * (grad + self.beta * velocity), velocity

    def largest_stable_lr(self, curvature: float) -> float:
        """Return 2(1 + β)/((1 + 2β)λ), below which a quadratic of largest curvature λ converges."""
        return 2 * (1 + self.beta) / ((1 + 2 * self.beta) * curvature)


@dataclass(frozen=True)
class AdaGrad:
    """Steps that shrink with what has been walked: G ← G + g², θ ← θ − αg/(√G + ε).

    Each entry of θ has a rate of its own, large where gradients have been small. G only grows, so the steps
    only get smaller.

    Parameters
    ----------
    lr : float, default 0.1
        The learning rate α, positive; the length of the first step in every entry.
    eps : float, default 1e-10
        ε, positive, outside of the root; it keeps an entry whose gradients are all 0 from dividing by 0.

    Examples
    --------
    >>> import numpy as np
    >>> theta, G = AdaGrad(lr=0.1).step(np.array([10.0]), np.array([20.0]), np.array([0.0]))
    >>> print(theta.round(6), G)
    [9.9] [400.]

    References
    ----------
    Duchi, Hazan and Singer, Adaptive Subgradient Methods for Online Learning and Stochastic Optimization,
    2011, in its diagonal form, ``torch.optim.Adagrad``.
    """

    lr: float = 0.1
    eps: float = 1e-10

    def __post_init__(self) -> None:
        object.__setattr__(self, "lr", check_positive("lr", self.lr))
        object.__setattr__(self, "eps", check_positive("eps", self.eps))

    def init(self, theta: Array) -> Array:
        """Return the state: G, the sum of squared gradients, which is 0."""
        return np.zeros_like(theta)

    def step(self, theta: Array, grad: Array, state: Array) -> tuple[Array, Array]:
        """Return θ − αg/(√G + ε) and G = G + g²."""
        check_same_shape(theta, grad)
        total = state + grad**2
        return theta - self.lr * grad / (np.sqrt(total) + self.eps), total

    def effective_lr(self, state: Array) -> Array:
        """Return α/(√G + ε), by which each entry of the last gradient was multiplied."""
        return self.lr / (np.sqrt(state) + self.eps)


@dataclass(frozen=True)
class RMSprop:
    """Steps divided by the recent size of the gradient: E ← βE + (1 − β)g², θ ← θ − αg/(√E + ε).

    AdaGrad with a memory that fades, so that the steps do not die out. E starts at 0 and is not corrected
    for it, so the first step is 1/√(1 − β) times as long as α.

    Parameters
    ----------
    lr : float, default 0.01
        The learning rate α, positive.
    beta : float, default 0.9
        The part of E that is kept, in [0, 1). PyTorch calls it ``alpha`` and sets it to 0.99.
    eps : float, default 1e-8
        ε, positive, outside of the root.

    Examples
    --------
    >>> import numpy as np
    >>> theta, E = RMSprop(lr=0.1).step(np.array([10.0]), np.array([20.0]), np.array([0.0]))
    >>> print(theta.round(6), E.round(6))
    [9.683772] [40.]

    References
    ----------
    Tieleman and Hinton, Lecture 6.5 of Neural Networks for Machine Learning, 2012, without momentum and not
    centered, ``torch.optim.RMSprop(alpha=beta)``.
    """

    lr: float = 0.01
    beta: float = 0.9
    eps: float = 1e-8

    def __post_init__(self) -> None:
        object.__setattr__(self, "lr", check_positive("lr", self.lr))
        object.__setattr__(self, "beta", check_fraction("beta", self.beta))
        object.__setattr__(self, "eps", check_positive("eps", self.eps))

    def init(self, theta: Array) -> Array:
        """Return the state: E, the running mean of squared gradients, which is 0."""
        return np.zeros_like(theta)

    def step(self, theta: Array, grad: Array, state: Array) -> tuple[Array, Array]:
        """Return θ − αg/(√E + ε) and E = βE + (1 − β)g²."""
        check_same_shape(theta, grad)
        mean = self.beta * state + (1 - self.beta) * grad**2
        return theta - self.lr * grad / (np.sqrt(mean) + self.eps), mean

    def effective_lr(self, state: Array) -> Array:
        """Return α/(√E + ε), by which each entry of the last gradient was multiplied."""
        return self.lr / (np.sqrt(state) + self.eps)


class Moments(NamedTuple):
    """What Adam remembers: the running means of g and g², and the number of steps taken."""

    m: Array
    v: Array
    t: int


@dataclass(frozen=True)
class Adam:
    """Momentum and RMSprop together, with both running means corrected for their start at 0.

    m ← β₁m + (1 − β₁)g, v ← β₂v + (1 − β₂)g², and with t the number of steps

    θ ← θ − α m̂/(√v̂ + ε), where m̂ = m/(1 − β₁ᵗ) and v̂ = v/(1 − β₂ᵗ).

    Parameters
    ----------
    lr : float, default 0.001
        The learning rate α, positive; the length of the first step in every entry.
    beta1 : float, default 0.9
        The part of m that is kept, in [0, 1).
    beta2 : float, default 0.999
        The part of v that is kept, in [0, 1).
    eps : float, default 1e-8
        ε, positive, outside of the root of v̂.

    Examples
    --------
    >>> import numpy as np
    >>> optimizer, theta = Adam(lr=0.1), np.array([10.0])
    >>> theta, state = optimizer.step(theta, np.array([20.0]), optimizer.init(theta))
    >>> print(theta.round(6), state.t)
    [9.9] 1

    References
    ----------
    Kingma and Ba, Adam: A Method for Stochastic Optimization, 2015, algorithm 1, ``torch.optim.Adam``.
    """

    lr: float = 0.001
    beta1: float = 0.9
    beta2: float = 0.999
    eps: float = 1e-8

    def __post_init__(self) -> None:
        object.__setattr__(self, "lr", check_positive("lr", self.lr))
        object.__setattr__(self, "beta1", check_fraction("beta1", self.beta1))
        object.__setattr__(self, "beta2", check_fraction("beta2", self.beta2))
        object.__setattr__(self, "eps", check_positive("eps", self.eps))

    def init(self, theta: Array) -> Moments:
        """Return the state: m and v at 0, and no step taken."""
        return Moments(np.zeros_like(theta), np.zeros_like(theta), 0)

    def step(self, theta: Array, grad: Array, state: Moments) -> tuple[Array, Moments]:
        """Return θ − α m̂/(√v̂ + ε) and the new means."""
        check_same_shape(theta, grad)
        t = state.t + 1
        m = self.beta1 * state.m + (1 - self.beta1) * grad
        v = self.beta2 * state.v + (1 - self.beta2) * grad**2
        m_hat, v_hat = m / (1 - self.beta1**t), v / (1 - self.beta2**t)
        return theta - self.lr * m_hat / (np.sqrt(v_hat) + self.eps), Moments(m, v, t)

    def effective_lr(self, state: Moments) -> Array:
        """Return α/(√v̂ + ε), by which each entry of the last m̂ was multiplied; before a step, α/ε."""
        v_hat = state.v / (1 - self.beta2**state.t) if state.t else state.v
        return self.lr / (np.sqrt(v_hat) + self.eps)
