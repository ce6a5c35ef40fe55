"""Which learning rates are stable, exactly, by a bound or by an estimate, and what that says of a run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gdutils.optimizers import SGD
from gdutils.runs import Abandoned, Settings
from gdutils.training import Params, Run

__all__ = [
    "Limits",
    "judge",
    "largest_curvature",
    "lost_at",
    "point_out",
    "point_out_here",
    "round_down",
    "stable_lr",
]

Array = NDArray[Any]

BATCHES = 5  # that an estimate for small batches looks at


@dataclass(frozen=True)
class Limits:
    """The largest curvature of a loss: of all rows, and of a single one."""

    rows: float
    row: float
    exact: bool  # or only a bound

    @classmethod
    def of(cls, model: Any, X: Array) -> Limits | None:
        """Ask the model; one whose curvature has no bound knows of none."""
        exact = hasattr(model, "curvature")
        curvature = model.curvature if exact else getattr(model, "curvature_bound", None)
        if curvature is None:
            return None
        # Of a single row, the curvature grows with its length: the longest row has the largest.
        longest = np.argmax(np.einsum("ij,ij->i", X, X, dtype=float))
        return cls(curvature(X), curvature(X[[longest]]), exact)

    def sure(self, settings: Settings, n_samples: int) -> bool:
        """Return whether the limit is more than an estimate."""
        return settings.batch_size == n_samples and (self.exact or type(settings.optimizer) is SGD)

    def stable_lr(self, settings: Settings, n_samples: int) -> float | None:
        """Return the largest stable learning rate; the adaptive optimizers know of none."""
        if not hasattr(settings.optimizer, "largest_stable_lr"):
            return None
        return stable_lr(settings.optimizer, self.rows, self.row, n_samples, settings.batch_size)


def point_out(limits: Limits | None, settings: Settings, n_samples: int) -> tuple[float | None, str]:
    """Return where on the slider the limit is, and the words beside its mark."""
    limit = None if limits is None else limits.stable_lr(settings, n_samples)
    if limits is None or limit is None:
        return None, ""
    sure = limits.sure(settings, n_samples)
    how = "stable below" if sure and limits.exact else "surely stable below" if sure else "stable below about"
    return limit, f"{how} {round_down(limit, 2)}"


def point_out_here(
    settings: Settings, model: Any, params: Params, data: Any, wanted: Callable[[], bool]
) -> tuple[float | None, str]:
    """Return the same for a loss without a bound: an estimate from the curvature at this very point.

    The batches that are looked at are the same at each epoch, so that the mark moves with the point alone.
    `data` has X and y; `wanted`, and what is raised where it is not, are those of `largest_curvature`.
    """
    if not hasattr(settings.optimizer, "largest_stable_lr"):
        return None, ""
    X, y, size, rng = data.X, data.y, settings.batch_size, np.random.RandomState(0)
    draws: list[Any] = [slice(None)]
    if size < len(y):
        draws = [rng.choice(len(y), size, replace=False) for _ in range(BATCHES)]
    curvature = max(largest_curvature(model, params, X[rows], y[rows], wanted) for rows in draws)
    if not 0 < curvature < np.inf:  # also where it is no number
        return None, ""
    limit = settings.optimizer.largest_stable_lr(curvature)
    return limit, f"estimate: stable below {round_down(limit, 2)}"


def largest_curvature(
    model: Any, params: Params, X: Array, y: Array, wanted: Callable[[], bool] = lambda: True
) -> float:
    """Estimate the largest curvature of a loss at a point: the largest eigenvalue of its second derivatives.

    Their product with a vector v is (∇L(θ + hv) − ∇L(θ − hv))/2h, so no matrix is formed. At a kink, such as
    that of a ReLU, it is a mean over both sides.

    Parameters
    ----------
    model : Model
    params : dict
        The point.
    X, y : ndarray
        The rows of the loss.
    wanted : callable, optional
        Asked time and again: of many rows, the estimate may take seconds.

    Returns
    -------
    float
        NaN where the gradient is not finite, or the estimate does not settle.

    Raises
    ------
    Abandoned
        If it is no longer wanted.

    References
    ----------
    Pearlmutter, Fast Exact Multiplication by the Hessian, 1994, on such products.
    """
    from scipy.sparse.linalg import ArpackError, LinearOperator, eigsh  # slow to import, and rarely asked for

    shapes = {name: np.shape(theta) for name, theta in params.items()}
    ends = np.cumsum([int(np.prod(shape)) for shape in shapes.values()])
    flat = np.concatenate([np.ravel(theta) for theta in params.values()])
    # As small as rounding allows: the fewer rows pass a kink on the way, the better.
    h = 1e-7 * max(1.0, float(np.abs(flat).max()))

    def gradient(point: Array) -> Array:
        if not wanted():
            raise Abandoned
        parts = np.split(point, ends[:-1])
        moved = {name: part.reshape(shapes[name]) for name, part in zip(shapes, parts, strict=True)}
        return np.concatenate([np.ravel(g) for g in model.gradient(moved, X, y).values()])

    def times(v: Array) -> Array:
        v = np.ravel(v)
        step = h * v / max(float(np.linalg.norm(v)), 1e-300)
        ahead, behind = gradient(flat + step), gradient(flat - step)
        return np.asarray((ahead - behind) * (np.linalg.norm(v) / (2 * h)))

    with np.errstate(all="ignore"):
        if not (np.isfinite(flat).all() and np.isfinite(gradient(flat)).all()):
            return float("nan")
        size = len(flat)
        operator = LinearOperator((size, size), matvec=times, dtype=float)
        start = np.random.RandomState(0).standard_normal(size)
        try:
            settings: dict[str, Any] = {"v0": start, "maxiter": 20, "return_eigenvectors": False}
            settings["ncv"] = min(10, size)  # half as many products as eigsh would begin with
            (value,) = eigsh(operator, k=1, which="LA", tol=1e-2, **settings)
        except (ArpackError, ValueError):  # not settled, or no number on the way
            return float("nan")
    return float(value)


def judge(settings: Settings, limits: Limits | None, n_samples: int, run: Run) -> str:
    """Say whether the learning rate is a stable one, and if not, what came of it."""
    lr = settings.optimizer.lr
    limit = None if limits is None else limits.stable_lr(settings, n_samples)
    sure = limits is not None and limits.sure(settings, n_samples)
    advice, stable = "Try a smaller learning rate.", ""
    if limit is not None:
        # Two digits, or more where the rate is just below the limit, so that the sentence stays true.
        stable = next(
            (text for digits in range(2, 9) if float(text := round_down(limit, digits)) > lr),
            round_down(limit, 2),
        )
        about = "" if sure else "about "
        advice = f"A learning rate below {about}{stable} is stable."
        if lr < limit:
            advice = f"Yet {lr:.6g} is below the largest stable rate, {about}{stable}: train longer."
    lost, last = lost_at(run), len(run.losses) - 1
    if lost is not None and run.losses[-1] < 100 * run.losses[0]:
        return (
            f"Overshooting: after epoch {last} the loss is {run.losses[-1]:.3g}, above its start of "
            f"{run.losses[0]:.3g}. {advice}"
        )
    if lost is not None:
        grows = run.diverged_at is not None or run.losses[-1] > 2 * run.losses[last // 2]
        end = f"is {run.losses[-1]:.3g}" if run.diverged_at is None else "overflows"
        what = "Diverged at" if grows else "Lost since"
        return (
            f"{what} epoch {lost}: from there on the loss stays above "
            f"its start, and at epoch {last} it {end}. {advice}"
        )
    if limits is None or limit is None:
        return ""
    side = "below" if lr < limit else "above"
    if sure and limits.exact:
        return f"The learning rate {lr:.6g} is {side} the largest stable one, {stable}."
    if sure:
        return f"Every learning rate below {stable} is stable; {lr:.6g} is {side} that."
    what = "momentum" if settings.batch_size == n_samples else f"batches of {settings.batch_size}"
    return f"Up to about {stable}, {what} should stay stable; the learning rate {lr:.6g} is {side} that."


def lost_at(run: Run) -> int | None:
    """Return the epoch from which on the loss stays above its start, or None if it ends below."""
    above = ~(run.losses <= run.losses[0])  # a NaN counts as above
    return None if not above[-1] else int(np.flatnonzero(~above)[-1]) + 1


def stable_lr(
    optimizer: Any, curvature: float, row_curvature: float, n_samples: int, batch_size: int
) -> float:
    """Return a stable learning rate: the largest for the full batch, a cautious estimate for smaller ones.

    A batch of m of n rows is between all rows and a single one. The expected smoothness of Gower et al.
    weighs the two, n(m − 1) : n − m; the batches of an epoch count alike, the last, shorter one included.

    References
    ----------
    Gower et al., SGD: General Analysis and Improved Rates, ICML 2019.
    """
    all_rows = 1 / optimizer.largest_stable_lr(curvature)
    # A single row's gradient may last for several steps; momentum makes them 1/(1 − β) times as long.
    single_row = row_curvature / (2 * (1 - getattr(optimizer, "beta", 0.0)))
    n = n_samples
    m, count = np.array([[batch_size, n // batch_size], [n % batch_size or 1, n % batch_size > 0]]).T
    weight = (n - m) / (m * max(n - 1, 1))  # 0 for all rows, 1 for a single one
    return float(1 / np.average((1 - weight) * all_rows + weight * single_row, weights=count))


def round_down(value: float, digits: int) -> str:
    """Return the first significant digits of a bound, never above it."""
    unit = 10.0 ** (np.floor(np.log10(value)) + 1 - digits)
    return f"{np.floor(value / unit + 1e-9) * unit:.{digits}g}"
