"""Which learning rates are stable, how sure that is, and what it says of a run.

How a panel uses it::

    curvature = loss_curvature(model, X)                          # once per model and data
    rate = largest_stable_lr(curvature, optimizer, batch_size)    # at each change of a setting: microseconds
    position, words = mark(rate, run, optimizer)                  # beside the slider; (None, "") shows nothing
    sentence = verdict(rate, run, optimizer)                      # under the picture; "" says nothing

A loss with kinks (``model.smooth`` is False), a loss whose curvature has no known bound (neural network, matrix
factorization) and an adaptive optimizer have no stable rate: all four calls work, and nothing is called stable.
"""

from typing import NamedTuple

import numpy as np

__all__ = [
    "Curvature",
    "StableRate",
    "above_start_since",
    "largest_stable_lr",
    "loss_curvature",
    "mark",
    "round_down",
    "verdict",
]


class Curvature(NamedTuple):
    """The largest curvature of a loss, of all rows and of the single row where it is largest."""

    all_rows: float
    one_row: float
    n_samples: int
    exact: bool  # or only a bound


class StableRate(NamedTuple):
    """A learning rate below which a run is stable, and how that is known.

    Attributes
    ----------
    lr : float or None
        None where the kind is "none".
    kind : {"exact", "guaranteed", "estimate", "none"}
        "exact": stable below and unstable above (a quadratic loss, full batch). "guaranteed": stable below, and
        perhaps above too (plain descent, full batch, a bound on the curvature). "estimate": momentum on a loss
        that is not quadratic, or mini-batches. "none": nothing is known.
    """

    lr: float | None
    kind: str


def loss_curvature(model, X):
    """Return the `Curvature` of a model's loss on the rows X, or None where it is not known."""


def largest_stable_lr(curvature, optimizer, batch_size=None):
    """Return the `StableRate` of an optimizer.

    Parameters
    ----------
    curvature : Curvature or None
    optimizer : Optimizer
    batch_size : int, optional
        Rows per step; None is the full batch.
    """


def mark(rate, run, optimizer):
    """Return where a slider is to be marked, and the words beside the mark.

    Returns
    -------
    tuple of (float or None, str)
        (None, "") where there is nothing to show: no rate is known, or it is an estimate that this run refutes,
        because the run spiked or diverged below it. The words: "Stable below 0.91", "Guaranteed below 0.10",
        "Estimate: stable below 0.5".
    """


def verdict(rate, run, optimizer):
    """Return a sentence about the learning rate of a run, and what came of it; "" where there is nothing to say.

    Examples: "The learning rate 0.05 is below the largest stable one, 0.51." "Every learning rate below 0.10 is
    stable; 0.2 is above that." "Diverged at epoch 3: from there on the loss stays above its start, and at epoch
    9 it overflows. Try a smaller learning rate."
    """


def above_start_since(run):
    """Return the epoch from which on the loss stays above its start, or None if it ends at or below it."""


def round_down(value, digits):
    """Return the first significant digits of a positive number as text, never above it."""
