"""The training loop: batches, epochs, and a record of what happened.

`descend` hands out one snapshot per epoch, so that a panel can draw while it trains and cancel a run;
`train` goes on to the end. Every model and every optimizer goes through the same loop.
"""

import math
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from threading import Lock, get_ident
from typing import NamedTuple

import numpy as np
from threadpoolctl import ThreadpoolController

from gdutils.checked import check_number, make_rng, unguarded
from gdutils.models.base import Model

__all__ = ["Run", "Snapshot", "descend", "minibatches", "one_blas_thread", "train"]


class Snapshot(NamedTuple):
    """The parameters after an epoch, their loss on all rows, and the optimizer's state of each parameter."""

    epoch: int  # 0 is the start
    params: dict
    loss: float
    state: dict


@dataclass(frozen=True, eq=False)
class Run:
    """What happened in a run, or in the part of it that is trained.

    Parameters
    ----------
    snapshots : list of Snapshot
        The start first.
    tol : float, optional
        That of `descend`.
    optimizer : Optimizer, optional
        Whose states these are.

    Attributes
    ----------
    losses : ndarray of shape (epochs + 1,)
    path : list of dict
        The parameters after each epoch.
    states : list of dict
        The optimizer's state of each parameter after each epoch, such as its velocity.
    """

    snapshots: list = field(repr=False)
    tol: float | None = None
    optimizer: object = None

    def __post_init__(self):
        _, path, losses, states = zip(*self.snapshots, strict=True)
        for name, value in {"path": list(path), "losses": np.array(losses), "states": list(states)}.items():
            object.__setattr__(self, name, value)

    @property
    def params(self):
        """The parameters at the end."""
        return self.path[-1]

    @property
    def diverged_at(self):
        """The epoch whose loss is no longer a finite number, which ends the run; or None."""
        return None if math.isfinite(self.losses[-1]) else len(self.losses) - 1

    @property
    def converged_at(self):
        """The epoch that changed the loss by less than `tol`, which ends the run; or None."""
        return len(self.losses) - 1 if settled(self.losses, self.tol) else None


def settled(losses, tol):
    """Return whether the last epoch changed the loss by less than `tol`."""
    return tol is not None and len(losses) > 1 and abs(losses[-2] - losses[-1]) < tol


def minibatches(X, y, batch_size, rng):
    """Yield the rows of one epoch in random order, `batch_size` at a time; the last batch may be shorter.

    One permutation is drawn per epoch, but none for the full batch: a mean does not depend on the row order.
    """
    if not 1 <= batch_size <= len(y):
        raise ValueError(f"batch_size must be from 1 to {len(y)}, got {batch_size}")
    if batch_size == len(y):
        yield X, y
        return
    order = rng.permutation(len(y))
    X, y = X[order], y[order]
    for start in range(0, len(y), batch_size):
        yield X[start : start + batch_size], y[start : start + batch_size]


def descend(
    model, X, y, optimizer, *, epochs, batch_size=None, random_state=0, params=None, tol=None, on_step=None
):
    """Train a model by θ ← step(θ, ∇L(θ)), one snapshot per epoch.

    Parameters
    ----------
    model : Model
        Any of `gdutils.models`.
    X : array-like of shape (n_samples, n_features)
    y : array-like of shape (n_samples,)
    optimizer : Optimizer
        Any of `gdutils.optimizers`, or an object with their ``init`` and ``step``.
    epochs : int
        Passes over all rows; 0 gives the start alone.
    batch_size : int, optional
        Rows per step, from 1 to n_samples; None is all of them, the full batch.
    random_state : int, numpy.random.RandomState or None, default 0
        What the start and the order of the rows are drawn from, in this order; None is new each time.
    params : dict, optional
        Parameters to start from instead of ``model.init``.
    tol : float, optional
        Stop after the first epoch that changes the loss by less than this.
    on_step : callable, optional
        Called without arguments after each step; what it raises ends the run.

    Returns
    -------
    iterator of Snapshot
        Epoch 0, the start, first. It ends early at a loss that is not finite, or by `tol`. Snapshots share
        no memory with each other, with `params`, or with the arrays that the optimizer sees.

    Raises
    ------
    TypeError, ValueError
        Before the first step, if an argument is of the wrong kind, shape or range.
    """
    if not isinstance(model, Model):
        raise TypeError(f"model must be one of gdutils.models, such as LinearRegression(1), got {model!r}")
    is_optimizer = all(callable(getattr(optimizer, name, None)) for name in ("init", "step"))
    if isinstance(optimizer, type) or not is_optimizer:
        raise TypeError(
            f"optimizer must be one of gdutils.optimizers, such as SGD(lr=0.1), got {optimizer!r}"
        )
    rng = make_rng(random_state)
    params, X, y = model.check(model.init(rng) if params is None else params, X, y)
    batch_size = len(y) if batch_size is None else check_number("batch_size", batch_size, "int")
    if batch_size > len(y):
        raise ValueError(f"batch_size must be from 1 to {len(y)}, got {batch_size}")
    epochs = check_number("epochs", epochs, "int")
    if tol is not None:
        check_number("tol", tol, "float")
    return Descent(
        run_epochs(model, X, y, optimizer, epochs, batch_size, rng, deepcopy(params), tol, on_step)
    )


def run_epochs(model, X, y, optimizer, epochs, batch_size, rng, params, tol, on_step):
    """Yield the snapshots of a run whose arguments are checked."""
    loss, gradient, step = map(unguarded, (model.loss, model.gradient, optimizer.step))
    state, losses = {name: optimizer.init(theta) for name, theta in params.items()}, []
    for epoch in range(epochs + 1):
        for X_batch, y_batch in minibatches(X, y, batch_size, rng) if epoch > 0 else ():
            grads = gradient(params, X_batch, y_batch)
            for name, theta in params.items():
                params[name], state[name] = step(theta, grads[name], state[name])
            if on_step is not None:
                on_step()
        if epoch == 1:
            model.check_inputs(params, X)  # a gradient or a step of a wrong shape was broadcast
        losses.append(float(loss(params, X, y)))
        # Copies, so that an optimizer that changes its arrays in place cannot change the record.
        record = {name: np.array(theta) for name, theta in params.items()}
        yield Snapshot(epoch, record, losses[-1], {name: deepcopy(part) for name, part in state.items()})
        if not math.isfinite(losses[-1]) or settled(losses, tol):
            return


@dataclass
class Descent:
    """An iterator over the snapshots of a run: each epoch runs on one BLAS thread, and may overflow.

    A diverging run overflows: that is a result, and no reason to warn, whatever `numpy.seterr` says.
    """

    epochs: Iterator

    def __iter__(self):
        return self

    def __next__(self):
        with one_blas_thread, np.errstate(all="ignore"):
            return next(self.epochs)


def train(model, X, y, optimizer, **settings):
    """Train a model to the end and return the `Run`; the arguments and errors are those of `descend`.

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
    with one_blas_thread, np.errstate(all="ignore"):  # once, not per epoch
        snapshots = list(descend(model, X, y, optimizer, **settings).epochs)
    return Run(snapshots, settings.get("tol"), optimizer)


class OneBlasThread:
    """A context in which matrix products run on one thread: for small ones a second thread mostly waits.

    BLAS has one setting for the whole process, so one Python thread at a time has it: the first to enter sets
    and restores it; for another thread that enters meanwhile nothing changes. To hold the context around
    many epochs saves the 20 µs that this takes for each; a generator must not hold it across a yield.
    """

    def __init__(self):
        self.lock, self.owner, self.depth, self.blas, self.limit = Lock(), None, 0, None, None

    def __enter__(self):
        with self.lock:
            self.owner = self.owner or get_ident()
        if self.owner == get_ident():
            self.depth += 1
            if self.depth == 1:
                self.blas = self.blas or ThreadpoolController().select(user_api="blas")  # takes 2 ms, once
                self.limit = self.blas.limit(limits=1).__enter__()

    def __exit__(self, *error):
        if self.owner == get_ident():
            self.depth -= 1
            if self.depth == 0:
                self.limit.__exit__(*error)
                self.owner = None


one_blas_thread = OneBlasThread()
