"""The optimizers: how a gradient becomes a step.

Each is a frozen dataclass of its settings with two pure functions on one array: ``init(theta)`` returns
the state before the first step, ``step(theta, grad, state)`` the new theta and state. So they move a point
on a landscape as well as each parameter of a model. With equal settings each follows PyTorch's: the
learning rate α is outside the velocity, and ε outside the root. In the formulas g is the gradient at θ.
"""

from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import numpy as np

from gdutils.checked import Checked

__all__ = ["SGD", "AdaGrad", "Adam", "Momentum", "Nesterov", "RMSprop"]


@dataclass(frozen=True)
class Optimizer(Checked):
    """The base: a learning rate α and a state that begins as zeros.

    A subclass is a frozen dataclass with ``step(theta, grad, state)``. Its settings are checked by name: β
    must be in [0, 1), all others positive and finite.
    """

    lr: float = 0.1
    guards: ClassVar = {"step": "check_step"}

    def init(self, theta):
        """Return the state before the first step: zeros of the shape of theta."""
        return np.zeros_like(theta)

    def check_step(self, theta, grad, state):
        """Return the arguments of a step, or raise a ValueError if theta and grad differ in shape."""
        if np.shape(theta) != np.shape(grad):
            shapes = f"{np.shape(theta)} and {np.shape(grad)}"
            raise ValueError(f"theta and grad must have one shape, got {shapes}")
        return theta, grad, state

    def largest_stable_lr(self, curvature):
        """Return the rate below which it converges on a quadratic of this largest curvature, or None."""


@dataclass(frozen=True)
class SGD(Optimizer):
    """Gradient descent: θ ← θ − αg. It is called stochastic when g comes from some of the rows.

    Sources: Cauchy, Comptes rendus 25, 1847; with gradients of samples, Robbins and Monro, A Stochastic
    Approximation Method, 1951.

    Examples
    --------
    >>> SGD(lr=0.1).step(np.array([10.0]), np.array([20.0]), None)
    (array([8.]), None)
    """

    def init(self, theta):
        """Return None: plain descent remembers nothing."""

    def step(self, theta, grad, state):
        """Return θ − αg and the state."""
        return theta - self.lr * grad, state

    def largest_stable_lr(self, curvature):
        """Return 2/λ for the largest curvature λ of a quadratic."""
        return 2 / curvature


@dataclass(frozen=True)
class Momentum(Optimizer):
    """Gradient descent with momentum: v ← βv + g, θ ← θ − αv, with β in [0, 1).

    Under a steady gradient the velocity v grows to g/(1 − β). The damped variant v ← βv + (1 − β)g is
    different: under a steady gradient its v grows to g, so it needs a rate 1/(1 − β) times as large.
    Source: Polyak, Some Methods of Speeding up the Convergence of Iteration Methods, 1964.
    """

    beta: float = 0.9

    def step(self, theta, grad, state):
        """Return θ − αv and the velocity v = βv + g."""
        velocity = self.beta * state + grad
        return theta - self.lr * velocity, velocity

    def largest_stable_lr(self, curvature):
        """Return 2(1 + β)/λ for the largest curvature λ of a quadratic."""
        return 2 * (1 + self.beta) / curvature


@dataclass(frozen=True)
class Nesterov(Optimizer):
    """Nesterov's momentum: v ← βv + g, θ ← θ − α(g + βv), with β in [0, 1).

    The step goes where the velocity is about to carry θ. In this form g is taken at θ; in Nesterov's own
    it is taken at the point ahead, θ − αβv, and the points ahead are the points of this form.
    Sources: Nesterov, A method of solving a convex programming problem with convergence rate O(1/k²),
    1983; in this form Bengio, Boulanger-Lewandowski and Pascanu, Advances in Optimizing Recurrent Networks,
    2013.
    """

    beta: float = 0.9

    def step(self, theta, grad, state):
        """Return θ − α(g + βv) and the velocity v = βv + g."""
        velocity = self.beta * state + grad
        return theta - self.lr * (grad + self.beta * velocity), velocity

    def largest_stable_lr(self, curvature):
        """Return 2(1 + β)/((1 + 2β)λ) for the largest curvature λ of a quadratic."""
        return 2 * (1 + self.beta) / ((1 + 2 * self.beta) * curvature)


@dataclass(frozen=True)
class AdaGrad(Optimizer):
    """Steps that shrink as squared gradients accumulate: G ← G + g², θ ← θ − αg/(√G + ε).

    Each entry of θ has its own rate, large where gradients were small. G only grows, so the rates only
    shrink.
    Source: Duchi, Hazan and Singer, Adaptive Subgradient Methods for Online Learning, 2011, in diagonal
    form.
    """

    eps: float = 1e-10

    def step(self, theta, grad, state):
        """Return θ − αg/(√G + ε) and G = G + g²."""
        total = state + grad**2
        return theta - self.lr * grad / (np.sqrt(total) + self.eps), total


@dataclass(frozen=True)
class RMSprop(Optimizer):
    """Steps divided by the recent size of the gradient: E ← βE + (1 − β)g², θ ← θ − αg/(√E + ε).

    AdaGrad with a memory that fades; PyTorch calls β ``alpha``. E starts at 0 without a correction, so the
    first step is 1/√(1 − β) times as long as α.
    Source: Tieleman and Hinton, Lecture 6.5 of Neural Networks for Machine Learning, 2012.
    """

    lr: float = 0.01
    beta: float = 0.9
    eps: float = 1e-8

    def step(self, theta, grad, state):
        """Return θ − αg/(√E + ε) and E = βE + (1 − β)g²."""
        mean = self.beta * state + (1 - self.beta) * grad**2
        return theta - self.lr * grad / (np.sqrt(mean) + self.eps), mean


class Moments(NamedTuple):
    """What Adam remembers: the running means of g and g², and the number of steps taken."""

    m: np.ndarray
    v: np.ndarray
    t: int


@dataclass(frozen=True)
class Adam(Optimizer):
    """Momentum and RMSprop together: m ← β₁m + (1 − β₁)g, v ← β₂v + (1 − β₂)g², θ ← θ − α m̂/(√v̂ + ε).

    m̂ = m/(1 − β₁ᵗ) and v̂ = v/(1 − β₂ᵗ), with t the number of steps, correct for the start at 0.
    Source: Kingma and Ba, Adam: A Method for Stochastic Optimization, 2015, algorithm 1.
    """

    lr: float = 0.001
    beta1: float = 0.9
    beta2: float = 0.999
    eps: float = 1e-8

    def init(self, theta):
        """Return m and v at zero, and no step taken."""
        return Moments(np.zeros_like(theta), np.zeros_like(theta), 0)

    def step(self, theta, grad, state):
        """Return θ − α m̂/(√v̂ + ε) and the new means."""
        t = state.t + 1
        m = self.beta1 * state.m + (1 - self.beta1) * grad
        v = self.beta2 * state.v + (1 - self.beta2) * grad**2
        m_hat, v_hat = m / (1 - self.beta1**t), v / (1 - self.beta2**t)
        return theta - self.lr * m_hat / (np.sqrt(v_hat) + self.eps), Moments(m, v, t)
