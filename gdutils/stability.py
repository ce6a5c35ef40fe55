"""Which learning rates are stable, how sure that is, and what it says of a run.

How a panel uses it::

    rate = largest_stable_lr(model, X, optimizer, batch_size)  # at each change of a setting
    position, words = mark(rate, run, optimizer)               # beside the slider; (None, "") shows nothing
    headline, sentence = verdict(rate, run, optimizer)         # under the picture; "" says nothing

For a loss with kinks (``model.smooth`` is False) no constant rate is stable; for one without a known bound
on its curvature (neural network, matrix factorization), or with an adaptive optimizer, none is known. Then
nothing is called stable.
"""

from typing import NamedTuple

import numpy as np

__all__ = ["StableRate", "largest_stable_lr", "mark", "round_down", "verdict"]

# How each kind of rate is marked, and what a sentence says of lower rates.
WORDS = {
    "exact": ("Stable", "are stable"),
    "guaranteed": ("Guaranteed", "are guaranteed to be stable"),
    "estimate": ("Estimate: stable", "are estimated to be stable"),
}


class StableRate(NamedTuple):
    """A learning rate below which a run is stable, and how that is known.

    Attributes
    ----------
    lr : float or None
        None where the kind is "none".
    kind : {"exact", "guaranteed", "estimate", "none"}
        "exact": stable below, unstable above (a quadratic loss, full batch). "guaranteed": stable below,
        perhaps above too (plain descent, full batch, a bound on the curvature). "estimate": momentum on a
        loss that is not quadratic, or mini-batches. "none": nothing is known.
    """

    lr: float | None
    kind: str


def largest_stable_lr(model, X, optimizer, batch_size=None):
    """Return the `StableRate` of an optimizer on the loss of a model.

    A batch of m of n rows is between all rows and a single one: the expected smoothness of Gower et al.
    weights the two by n(m − 1) : n − m. All batches of an epoch count, the last, shorter one too.

    Parameters
    ----------
    model : Model
    X : array-like of shape (n_samples, n_features)
    optimizer : Optimizer
    batch_size : int, optional
        Rows per step; None is the full batch.

    References
    ----------
    Gower et al., SGD: General Analysis and Improved Rates, ICML 2019.
    """
    curvature = model.curvature_bound(X) if model.smooth else None
    lr = None if curvature is None else optimizer.largest_stable_lr(curvature)
    if lr is None:
        return StableRate(None, "none")
    X, n, beta = np.asarray(X, dtype=float), len(X), getattr(optimizer, "beta", 0)
    size = batch_size or n
    if size == n and model.curvature(X) is not None:
        return StableRate(lr, "exact")
    if size == n:
        return StableRate(lr, "estimate" if beta else "guaranteed")
    longest = np.argmax(np.linalg.norm(X, axis=1))  # the curvature of a single row grows with its length
    # The gradient of a single row may last for several steps: momentum makes them 1/(1 − β) times as long.
    inverse_of_one_row = model.curvature_bound(X[[longest]]) / (2 * (1 - beta))
    sizes, counts = np.array([size, n % size or 1]), [n // size, n % size > 0]
    weights = (n - sizes) / (sizes * (n - 1))  # 1 for a single row, 0 for all rows
    inverse = np.average((1 - weights) / lr + weights * inverse_of_one_row, weights=counts)
    return StableRate(1 / float(inverse), "estimate")


def mark(rate, run, optimizer):
    """Return where a slider is to be marked, and the words beside the mark.

    Returns
    -------
    tuple of (float or None, str)
        The words: "Stable below 0.91", "Guaranteed below 0.1", "Estimate: stable below 0.5". (None, "") where
        no rate is known, or where it is an estimate that this run refutes: it spiked or diverged below it.
    """
    if rate.lr is None or refuted(rate, run, optimizer):
        return None, ""
    return rate.lr, f"{WORDS[rate.kind][0]} below {round_down(rate.lr, 2)}"


def verdict(rate, run, optimizer, unit="epoch", what="the loss"):
    """Return in a few words what came of a learning rate, and a sentence on it; "" where there is none.

    The first is "Stable.", only where that is certain, "Not stable.", "Overshooting.", "Diverged at epoch 3."
    or, where no more is known, "Lower than at the start." or "No progress.".
    """
    since, lr = above_start_since(run), optimizer.lr
    last, end, start = len(run.losses) - 1, run.losses[-1], run.losses[0]
    known = rate.lr is not None and not refuted(rate, run, optimizer)
    below = known and lr < rate.lr
    headline, said = "Lower than at the start." if end < start else "No progress.", []
    if since is not None and end < 100 * start:
        headline = "Overshooting."
        said.append(f"After {unit} {last} {what} is {end:.3g}, above the initial {start:.3g}.")
    elif since is not None:
        headline = f"Diverged at {unit} {since}."
        beyond = np.flatnonzero(np.append(True, run.losses < 1e6))[-1]
        when = f"at {unit} {last}" if end < 1e6 else f"from {unit} {beyond} on"
        size = f"{end:.3g}" if end < 1e6 else "beyond 10⁶"
        said.append(f"It stays above its start, and {when} {what} is {size}.")
    elif below and rate.kind != "estimate":
        headline = "Stable."
    elif known and rate.kind == "exact":
        headline = "Not stable."
    if known:
        # Two digits, or more where the rate is just below the limit, so that the sentence is true.
        texts = [round_down(rate.lr, digits) for digits in range(2, 9)]
        limit = next((text for text in texts if float(text) > lr), texts[0])
        said.append(f"Learning rates below {limit} {WORDS[rate.kind][1]}.")
        # Momentum may first rise, and on a quadratic loss surely falls in the end.
        said += ["Train longer."] * (since is not None and below and rate.kind == "exact")
    elif since is not None:
        said.append("Try a smaller learning rate.")
    return headline, " ".join(said)


def refuted(rate, run, optimizer):
    """Return whether a run below the estimate ended above its initial loss, or more than doubled it."""
    rose = above_start_since(run) is not None or np.any(run.losses[1:] > 2 * run.losses[:-1])
    return bool(rose and rate.kind == "estimate" and optimizer.lr < rate.lr)


def above_start_since(run):
    """Return the epoch from which on the loss is above its initial value, or None if it ends no higher."""
    below = run.losses <= run.losses[0]  # False for NaN
    return None if below[-1] else int(np.flatnonzero(np.append(True, below))[-1])


def round_down(value, digits):
    """Return the first significant digits of a positive number as text, rounded down."""
    unit = 10.0 ** (np.floor(np.log10(value)) + 1 - digits)
    return f"{np.floor(value / unit + 1e-9) * unit:.{digits}g}"
