"""The training loop: batches, epochs, and a record of what happened.

`descend` hands out one snapshot an epoch, so that a panel can draw while it runs and drop a run that is no
longer wanted; `train` runs it to its end. Nothing here prints or plots, and every model and optimizer
goes through the same loop.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol, runtime_checkable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gdutils.checks import bare, check_count, check_finite, check_numeric, check_positive
from gdutils.randomness import make_rng

__all__ = ["Run", "Snapshot", "descend", "minibatches", "train"]

Array = NDArray[Any]
Params = dict[str, Array]  # a parameter without dimensions may be a NumPy scalar


class Model(Protocol):
    """What the loop asks of a model."""

    def init(self, rng: np.random.RandomState) -> Params: ...
    def loss(self, params: Params, X: Array, y: Array) -> float: ...
    def gradient(self, params: Params, X: Array, y: Array) -> Params: ...


@runtime_checkable
class Optimizer(Protocol):
    """What the loop asks of an optimizer."""

    def init(self, theta: Array) -> Any:
        """Return the state before the first step."""

    def step(self, theta: Array, grad: Array, state: Any) -> tuple[Array, Any]:
        """Return the parameters and the state after a step."""
        ...


def check_optimizer(optimizer: Any) -> None:
    """Raise unless this is an object with `init` and `step`, and not, say, the name of one."""
    if isinstance(optimizer, type) or not isinstance(optimizer, Optimizer):
        right = "one of gdutils.optimizers with its settings, such as SGD(lr=0.1)"
        raise TypeError(f"optimizer must be {right}, got {optimizer!r}")


class Snapshot(NamedTuple):
    """The parameters after an epoch, their loss on all rows, and what the optimizer remembers of each.

    Epoch 0 is the start.
    """

    epoch: int
    params: Params
    loss: float
    state: dict[str, Any]


@dataclass(frozen=True)
class Run:
    """What happened in a run.

    Parameters
    ----------
    path : list of dict
        The parameters after each epoch, the start first.
    losses : ndarray of shape (epochs + 1,)
        Their loss on all rows. A run that stops early has fewer.
    diverged_at : int or None
        The epoch whose loss is no longer a finite number; the run ends there.
    converged_at : int or None
        The epoch at which the loss changed by less than ``tol``; the run ends there.
    states : list of dict
        What the optimizer remembers of each parameter after each epoch, such as its velocity.
    optimizer : optimizer or None
        Whose states these are, where that is known.
    """

    path: list[Params]
    losses: Array
    diverged_at: int | None = None
    converged_at: int | None = None
    states: list[dict[str, Any]] = field(default_factory=list)
    optimizer: Any = None

    @property
    def params(self) -> Params:
        """The parameters at the end."""
        return self.path[-1]

    @classmethod
    def of(cls, snapshots: Sequence[Snapshot], tol: float | None = None, optimizer: Any = None) -> Run:
        """Put the snapshots of one run together."""
        losses = np.array([snapshot.loss for snapshot in snapshots])
        last = len(losses) - 1
        return cls(
            path=[snapshot.params for snapshot in snapshots],
            losses=losses,
            diverged_at=None if np.isfinite(losses[-1]) else last,
            converged_at=last if settled(losses, tol) else None,
            states=[snapshot.state for snapshot in snapshots],
            optimizer=optimizer,
        )


def settled(losses: Sequence[float] | Array, tol: float | None) -> bool:
    """Return whether the last epoch changed the loss by less than `tol`."""
    return tol is not None and len(losses) > 1 and abs(losses[-2] - losses[-1]) < tol


def minibatches(
    X: Array, y: Array, batch_size: int, rng: np.random.RandomState
) -> Iterator[tuple[Array, Array]]:
    """Yield the rows of one epoch in random order, `batch_size` at a time; the last batch may be shorter.

    One permutation is drawn an epoch, except for the full batch, which is handed out as it is: the order
    of its rows does not matter to a mean.
    """
    n_samples = len(y)
    if batch_size == n_samples:
        yield X, y
        return
    check_count("batch_size", batch_size, minimum=1, maximum=n_samples)
    order = rng.permutation(n_samples)
    for start in range(0, n_samples, batch_size):
        rows = order[start : start + batch_size]
        yield X.take(rows, axis=0), y.take(rows)


def descend(
    model: Model,
    X: ArrayLike,
    y: ArrayLike,
    optimizer: Optimizer,
    *,
    epochs: int,
    batch_size: int | None = None,
    random_state: Any = 0,
    params: Params | None = None,
    tol: float | None = None,
) -> Iterator[Snapshot]:
    """Train a model by θ ← step(θ, ∇L(θ)), one snapshot an epoch.

    Parameters
    ----------
    model, optimizer
        Any of `gdutils.models` and of `gdutils.optimizers`.
    X : array-like of shape (n_samples, n_features)
    y : array-like of shape (n_samples,)
    epochs : int
        Passes over all rows; 0 gives the starting point alone.
    batch_size : int, optional
        Rows a step, from 1 to n_samples; None is all of them, the full batch.
    random_state : int, numpy.random.RandomState or None, default 0
        Where the model's start and the order of the rows are drawn from, in this order.
    params : dict, optional
        Parameters to start from instead of ``model.init``.
    tol : float, optional
        Stop after the first epoch that changes the loss by less than this.

    Returns
    -------
    iterator of Snapshot
        Epoch 0 first. It ends early at a loss that is not finite, or by `tol`. The snapshots do not share
        arrays with each other.

    Raises
    ------
    TypeError, ValueError
        Before the first step, if an argument is of the wrong kind, shape or range.
    """
    check_optimizer(optimizer)
    rows, targets = check_numeric("X", X), check_numeric("y", y)
    rng = make_rng(random_state)
    start = model.init(rng) if params is None else {k: np.array(v) for k, v in params.items()}
    with np.errstate(over="ignore", invalid="ignore"):
        loss = model.loss(start, rows, targets)  # the model knows which shapes are right
    if hasattr(model, "check"):
        start, rows, targets = model.check(start, rows, targets)  # once, and not with each batch
    check_finite("X", rows)
    check_finite("y", targets)
    check_count("epochs", epochs, minimum=0)
    if batch_size is not None:
        check_count("batch_size", batch_size, minimum=1, maximum=len(targets))
    if tol is not None:
        check_positive("tol", tol)
    first = Snapshot(0, start, loss, {name: optimizer.init(theta) for name, theta in start.items()})
    return _epochs(model, rows, targets, optimizer, epochs, batch_size or len(targets), rng, first, tol)


def _epochs(
    model: Model,
    X: Array,
    y: Array,
    optimizer: Optimizer,
    epochs: int,
    batch_size: int,
    rng: np.random.RandomState,
    first: Snapshot,
    tol: float | None,
) -> Iterator[Snapshot]:
    """Yield the snapshots; apart from `descend`, so that a bad argument raises before the first one."""
    yield first
    params, losses, state = first.params, [first.loss], first.state
    loss, gradient = bare(model.loss), bare(model.gradient)
    for epoch in range(1, epochs + 1):
        if not math.isfinite(losses[-1]) or settled(losses, tol):
            return
        # A diverging run overflows: that is a result, told by its losses, and no reason to warn.
        with np.errstate(over="ignore", invalid="ignore"):
            for X_batch, y_batch in minibatches(X, y, batch_size, rng):
                params, state = _step(optimizer, params, gradient(params, X_batch, y_batch), state)
            losses.append(loss(params, X, y))
        yield Snapshot(epoch, params, losses[-1], state)


def _step(
    optimizer: Optimizer, params: Params, grads: Params, state: dict[str, Any]
) -> tuple[Params, dict[str, Any]]:
    """Take one step in every parameter; the gradients are all from before it."""
    new_params, new_state = {}, {}
    for name, theta in params.items():
        stepped, new_state[name] = optimizer.step(theta, grads[name], state[name])
        if getattr(stepped, "shape", ()) != getattr(theta, "shape", ()):  # it would broadcast
            right = f"must give {name!r} the shape {np.shape(theta)}"
            raise ValueError(f"the optimizer's step {right}, got {np.shape(stepped)}")
        new_params[name] = stepped
    return new_params, new_state


def train(
    model: Model,
    X: ArrayLike,
    y: ArrayLike,
    optimizer: Optimizer,
    *,
    epochs: int,
    batch_size: int | None = None,
    random_state: Any = 0,
    params: Params | None = None,
    tol: float | None = None,
) -> Run:
    """Train a model to the end and return what happened.

    The arguments are those of `descend`.

    Examples
    --------
    >>> from gdutils.datasets import make_line
    >>> from gdutils.models import LinearRegression
    >>> from gdutils.optimizers import SGD
    >>> X, y = make_line()
    >>> run = train(LinearRegression(n_features=1), X, y, SGD(lr=0.05), epochs=200)
    >>> print(f"{run.losses[0]:.3f} -> {run.losses[-1]:.3f}")
    6.215 -> 0.255
    """
    snapshots = descend(
        model,
        X,
        y,
        optimizer,
        epochs=epochs,
        batch_size=batch_size,
        random_state=random_state,
        params=params,
        tol=tol,
    )
    return Run.of(list(snapshots), tol, optimizer)
