"""What the lessons and the panels draw, on axes that the caller gives.

A `plot_*` whose picture changes returns the artists it made and takes them back as ``artists=`` to update
them in place, so a panel redraws with the code that drew the lesson's figure. Nothing here shows a figure or
changes a setting; a color means the same thing everywhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib as mpl
import numpy as np
from contourpy import contour_generator
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.colors import ListedColormap, to_rgb
from matplotlib.image import AxesImage
from matplotlib.lines import Line2D
from matplotlib.quiver import Quiver
from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator
from numpy.typing import ArrayLike, NDArray

from gdutils.checks import (
    NUMERIC,
    brief,
    check_count,
    check_finite,
    check_floats,
    check_labels,
    check_list,
    check_model,
    check_positive,
    check_small,
    check_text,
    check_X_y,
)
from gdutils.models import LinearRegression

__all__ = [
    "CLASSES",
    "DATA",
    "HELD_OUT",
    "MODEL",
    "PATH",
    "in_pixels",
    "label_loss",
    "pale_grays",
    "plot_arrows",
    "plot_classes",
    "plot_data",
    "plot_kinks",
    "plot_line",
    "plot_loss",
    "plot_margins",
    "plot_path",
    "plot_probability",
    "plot_regions",
    "plot_surface",
    "plot_table",
]

# Okabe and Ito's colors, told apart under the common color-vision deficiencies.
DATA = "#0072B2"
MODEL = "#D55E00"
PATH = "#000000"
HELD_OUT = "#009E73"
# A class is told by its marker as well.
CLASSES = ("#0072B2", "#E69F00", "#CC79A7", "#009E73", "#56B4E9", "#D55E00", "#F0E442")
MARKERS = "os^Dvp*"
UNKNOWN = "#efd5e5"

GRID = 80  # points to a side of a map: each covers less than four pixels
SHADES = 16  # of a class's color, from undecided to sure

Params = dict[str, NDArray[Any]]


def plot_data(X: ArrayLike, y: ArrayLike, ax: Axes, *, color: str = DATA, label: str | None = None) -> Artist:
    """Draw the points of one feature X of shape (n_samples, 1) and a target y."""
    X, y = check_X_y(X, y, 1)
    check_axes(ax)
    return ax.scatter(X[:, 0], y, s=14, color=color, alpha=0.5, linewidths=0, label=label)


def plot_line(
    params: Params,
    ax: Axes,
    *,
    artists: Sequence[Line2D] = (),
    color: str = MODEL,
    linestyle: str = "-",
    label: str | None = None,
) -> Sequence[Line2D]:
    """Draw, or move, the line ŷ = wx + b from one side of the axes to the other."""
    check_axes(ax)
    w, b = line_of("params", params)
    if not artists:
        limits = ax.get_xlim()
        artists = ax.plot([], [], color=color, linestyle=linestyle, linewidth=2.5, label=label)
        ax.set_xlim(limits)
    x = np.array(ax.get_xlim())
    with np.errstate(over="ignore", invalid="ignore"):
        artists[0].set_data(x, w * x + b)
    return artists


def plot_loss(
    losses: ArrayLike,
    ax: Axes,
    *,
    epoch: int | None = None,
    artists: Sequence[Line2D] = (),
    color: str = PATH,
    linestyle: str = "-",
    label: str | None = None,
) -> Sequence[Line2D]:
    """Draw, or update, a loss after each epoch; up to `epoch` in full, the rest faintly."""
    check_axes(ax)
    losses = check_floats("losses", losses)
    if losses.ndim != 1 or not len(losses):
        raise ValueError(f"losses must have shape (epochs + 1,), got {losses.shape}")
    epoch = check_epoch(epoch, len(losses))
    new = not artists
    if new:
        (rest,) = ax.plot([], [], color=color, linestyle=linestyle, linewidth=1, alpha=0.4)
        (done,) = ax.plot([], [], color=color, linestyle=linestyle, label=label)
        dot = MODEL if color == PATH else color
        (now,) = ax.plot([], [], "o", color=dot, markeredgecolor="white", markersize=8)
        artists = [rest, done, now]
    epochs = np.arange(len(losses))
    shown = np.nan_to_num(losses, nan=np.finfo(float).max)  # what overflows leaves at the top
    if not new and ax.get_yscale() == "linear":
        shown = np.minimum(shown, 1e3 * ax.get_ylim()[1])  # farther out, the way to it would not be drawn
    artists[0].set_data(epochs, shown)
    artists[1].set_data(epochs[: epoch + 1], shown[: epoch + 1])
    artists[2].set_data(epochs[epoch : epoch + 1], shown[epoch : epoch + 1])
    if new:  # limits that the caller has set stay as they are
        ax.relim()
        ax.autoscale_view()
    return artists


def label_loss(ax: Axes) -> None:
    """Name the axes of a loss curve, with a logarithmic scale whose ticks are plain numbers."""
    check_axes(ax)
    ax.set(xlabel="epoch", ylabel="loss (log scale)", yscale="log")
    # Matplotlib's own labels, such as 10⁰, need mathtext, which is not safe to draw beside a cell.
    ax.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    ax.yaxis.set_minor_locator(NullLocator())


def plot_surface(model: LinearRegression, X: ArrayLike, y: ArrayLike, ax: Axes, *, start: Params) -> None:
    """Draw the loss over w and b as contours about its minimum, wide enough to hold the start.

    The loss is quadratic, so the surface follows from the minimum and the second derivatives: no loss is
    computed at any of the grid's points.
    """
    check_axes(ax)
    check_model(model, "minimum", "second_derivatives")
    X, y = check_X_y(X, y, 1)
    begin = line_of("start", start)
    for name, values in (("X", X), ("y", y), ("start", begin)):
        check_finite(name, values)
        check_small(name, values)
    center, H = line_of("minimum", model.minimum(X, y)), model.second_derivatives(X)
    reach = 1.5 * max(*abs(begin - center), 1e-3)
    w, b = (np.linspace(c - reach, c + reach, 81) for c in center)
    dw, db = np.meshgrid(w - center[0], b - center[1])
    rise = 0.5 * (H[0, 0] * dw**2 + 2 * H[0, 1] * dw * db + H[1, 1] * db**2)
    levels = np.linspace(0, 1, 13) ** 2 * rise.max()
    ax.contourf(w, b, rise, levels, cmap="viridis_r", alpha=0.6)
    ax.contour(w, b, rise, levels, colors="white", linewidths=0.8)
    ax.plot(*center, marker="*", markersize=16, color="white", markeredgecolor=PATH)
    ax.set(xlim=w[[0, -1]], ylim=b[[0, -1]], xlabel="w, slope", ylabel="b, intercept")
    ax.grid(visible=False)


def plot_path(
    path: Sequence[Params],
    ax: Axes,
    *,
    epoch: int | None = None,
    artists: Sequence[Line2D] = (),
    color: str = PATH,
    label: str | None = None,
) -> Sequence[Line2D]:
    """Draw, or update, the way of (w, b) over the surface; up to `epoch` in full, the rest faintly."""
    check_axes(ax)
    points = points_of(path)
    epoch = check_epoch(epoch, len(points))
    if not artists:
        (rest,) = ax.plot([], [], color=color, linewidth=1, alpha=0.3)
        (done,) = ax.plot([], [], ".-", color=color, linewidth=1.2, markersize=4, alpha=0.7, label=label)
        (now,) = ax.plot([], [], "o", color=MODEL, markeredgecolor="white", markersize=8, zorder=2.3)
        artists = [rest, done, now]
    # A diverged path ends at its first point far outside the axes: what lies beyond cannot be seen.
    far = np.flatnonzero(~(np.abs(points).max(axis=1) < 1e3 * np.abs(ax.axis()).max()))
    visible = points[: far[0] + 1] if len(far) else points
    for artist, chosen in zip(
        artists, (visible, visible[: epoch + 1], points[epoch : epoch + 1]), strict=True
    ):
        artist.set_data(*chosen.T)
    return artists


def plot_arrows(
    points: ArrayLike,
    ways: ArrayLike,
    ax: Axes,
    *,
    lengths: ArrayLike,
    artists: Sequence[Any] = (),
    **look: Any,
) -> Sequence[Quiver]:
    """Draw, or turn, arrows from points of shape (n, 2) into directions of the axes, such as −∇L.

    Their lengths are fixed, in pixels, since gradients differ by orders of magnitude. An arrow of no
    direction, or from a point that is no number, is not drawn. `look` is what `Axes.quiver` takes.
    """
    check_axes(ax)
    points, ways = check_floats("points", points), check_floats("ways", ways)
    if points.ndim != 2 or points.shape[1] != 2:
        raise ValueError(f"points must have shape (n, 2), got {points.shape}")
    if ways.shape != points.shape:
        raise ValueError(f"points and ways must have one shape, got {points.shape} and {ways.shape}")
    lengths = check_floats("lengths", lengths)
    if lengths.shape not in ((), (len(points),)) or not ((lengths > 0) & (lengths < np.inf)).all():
        right = f"a positive number of pixels, or {len(points)} of them"
        raise ValueError(f"lengths must be {right}, got {brief(lengths.tolist())} of shape {lengths.shape}")
    arrows = in_pixels(ways, ax)
    if not artists:
        shape: dict[str, Any] = {"width": 2.4, "headwidth": 4.5, "headlength": 5, "headaxislength": 4.5}
        pixels: dict[str, Any] = {"units": "dots", "angles": "uv", "scale_units": "dots", "scale": 1}
        nowhere = np.zeros(len(points))
        artists = [ax.quiver(nowhere, nowhere, nowhere, nowhere, zorder=2.2, **pixels, **shape | look)]
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        arrows = arrows / np.hypot(*arrows.T)[:, np.newaxis] * np.reshape(lengths, (-1, 1))
    drawn = np.isfinite(arrows).all(axis=1) & np.isfinite(points).all(axis=1) & arrows.any(axis=1)
    # Masked, so that an arrow of no length leaves no dot.
    u, v = np.where(drawn[:, np.newaxis], arrows, 0).T
    artists[0].set_UVC(*np.ma.array([u, v], mask=[~drawn, ~drawn]))
    artists[0].set_offsets(np.where(drawn[:, np.newaxis], points, 0))
    return artists


def in_pixels(ways: ArrayLike, ax: Axes) -> NDArray[Any]:
    """Return how many pixels ways of shape (..., 2) lead to the right and up, on linear axes."""
    check_axes(ax)
    ways = check_floats("ways", ways)
    if not ways.ndim or ways.shape[-1] != 2:
        raise ValueError(f"ways must have shape (..., 2), got {ways.shape}")
    box, (left, right), (bottom, top) = ax.get_window_extent(), ax.get_xlim(), ax.get_ylim()
    scale = np.array([box.width / (right - left), box.height / (top - bottom)])
    with np.errstate(invalid="ignore", over="ignore"):
        return np.asarray(ways * scale)


def plot_classes(
    X: ArrayLike, y: ArrayLike, ax: Axes, *, labels: Sequence[str] = (), size: float = 5
) -> list[Line2D]:
    """Draw the points of two features, a color and a marker for each class, and fix the axes about them."""
    check_axes(ax)
    X, y = check_X_y(X, y, 2)
    X = X.astype(float)
    check_finite("X", X)
    size, labels = check_positive("size", size), check_list("labels", labels, str, "names")
    classes = np.unique(y)
    if not np.array_equal(classes, np.round(classes)) or not np.isfinite(classes).all():
        raise ValueError(f"y must hold the numbers of classes, got {brief(classes.tolist())}")
    # Class k has color k, also where another class has no points; −1 and +1 have the first two.
    numbers = classes if classes[0] >= 0 else np.arange(len(classes))
    check_drawable(numbers[-1] + 1)
    numbers = numbers.astype(int)
    if labels and len(labels) <= numbers[-1]:
        raise ValueError(f"labels must name {numbers[-1] + 1} classes, got {brief(labels)}")
    artists = []
    look: dict[str, Any] = {
        "markersize": size,
        "alpha": 0.9,
        "markeredgecolor": "white",
        "markeredgewidth": 0.5,
    }
    for k, c in zip(numbers, classes, strict=True):
        name = labels[k] if labels else f"class {c:g}".replace("-", "−")
        artists += ax.plot(*X[y == c].T, MARKERS[k], color=CLASSES[k], label=name, **look)
    low, high = X.min(axis=0), X.max(axis=0)
    room = 0.08 * np.where(high > low, high - low, 1)
    ax.set(xlim=(low[0] - room[0], high[0] + room[0]), ylim=(low[1] - room[1], high[1] + room[1]))
    ax.set(xlabel="x₁, feature 1", ylabel="x₂, feature 2")
    ax.locator_params(nbins=6)
    ax.grid(visible=False)
    return artists


def plot_probability(
    model: Any, params: Params, ax: Axes, *, artists: Sequence[Any] = ()
) -> tuple[AxesImage, Line2D]:
    """Draw, or update, the probability of class 1 over two features, and the line on which it is ½.

    The axes keep their limits. For a model whose probability is σ(Xw + b); the first artist is what a color
    bar describes.
    """
    check_axes(ax)
    check_model(model, "predict")
    with np.errstate(over="ignore", invalid="ignore"):
        p = model.predict(params, _grid(ax))  # (GRID²,)
    if p.ndim != 1:
        right = "predict the probability of class 1, as LogisticRegression"
        raise TypeError(f"model must {right}, got {brief(model)}")
    image, line = artists or (
        _map(ax, ListedColormap(_lighter("cividis", 0.35)), 0, 1),
        ax.plot([], [], color=PATH, linewidth=2, label="probability ½")[0],
    )
    set_pixels(image, p.reshape(GRID, GRID))
    line.set_data(*_level_line(*plane_of("params", params), 0.0, ax))
    return image, line


def plot_regions(
    model: Any, params: Params, ax: Axes, *, artists: Sequence[Any] = ()
) -> tuple[AxesImage, LineCollection]:
    """Draw, or update, the most probable class over two features, paler where less sure, and its borders.

    The axes keep their limits. For a model that predicts a column of probabilities for each class.
    """
    check_axes(ax)
    check_model(model, "predict")
    with np.errstate(over="ignore", invalid="ignore"):
        P = model.predict(params, _grid(ax))  # (GRID², K)
    if P.ndim != 2:
        right = "predict a probability for each class, as SoftmaxRegression"
        raise TypeError(f"model must {right}, got {brief(model)}")
    K = P.shape[1]
    if not artists:
        check_drawable(K)
        pale = [
            tuple(1 - s * (1 - np.array(to_rgb(c))))
            for c in CLASSES[:K]
            for s in np.linspace(0.08, 0.55, SHADES)
        ]
        borders = LineCollection([], colors=PATH, linewidths=1.5)
        ax.add_collection(borders, autolim=False)
        artists = _map(ax, ListedColormap(pale), -0.5, K * SHADES - 0.5), borders
    image, borders = artists
    sure = (P.max(axis=1) * K - 1) / (K - 1)  # from 0, all alike, to 1
    shade = np.argmax(P, axis=1) * SHADES + np.round(sure * (SHADES - 1))
    set_pixels(image, shade.reshape(GRID, GRID))  # NaN where P is
    # Logarithms, since between two grid points they change evenly, and probabilities jump.
    Z = np.log(np.maximum(P, 1e-300)).reshape(GRID, GRID, K)
    x, y = (np.linspace(*limits, GRID) for limits in (ax.get_xlim(), ax.get_ylim()))
    segments: list[Any] = []
    if np.isfinite(Z).all():
        for k in range(K - 1):
            ahead = Z[..., k] - np.delete(Z, k, axis=2).max(axis=2)
            segments += contour_generator(x, y, ahead).lines(0.0)
    borders.set_segments(segments)
    return image, borders


def plot_kinks(params: Params, ax: Axes, *, artists: Sequence[Any] = ()) -> Sequence[LineCollection]:
    """Draw, or update, the lines on which the hidden units of a network switch on: XW₁ + b₁ = 0."""
    check_axes(ax)
    W, b = numbers_of("params", params, "W1", "b1")
    if W.shape != (2, *b.shape) or b.ndim != 1:
        raise ValueError(
            f"params must have W1 of shape (2, h) and b1 of shape (h,), got {W.shape} and {b.shape}"
        )
    if not artists:
        artists = [LineCollection([], colors=PATH, linewidths=0.7, alpha=0.3, label="kinks of hidden units")]
        ax.add_collection(artists[0], autolim=False)
    x, y = _level_line(W, b, 0.0, ax)
    artists[0].set_segments(np.stack([x, y], axis=-1).swapaxes(0, 1))
    return artists


def plot_margins(
    params: Params, X: ArrayLike, y: ArrayLike, ax: Axes, *, artists: Sequence[Any] = ()
) -> Sequence[Line2D]:
    """Draw, or update, the line s = 0, the margins s = ±1, and rings about the rows on or inside them."""
    check_axes(ax)
    w, b = plane_of("params", params)
    X, y = check_X_y(X, y, 2)
    y = check_labels(y, (-1, 1))
    if not artists:
        (border,) = ax.plot([], [], color=MODEL, linewidth=2.5, label="s = 0, the border")
        (above,) = ax.plot([], [], color=MODEL, linewidth=1.2, linestyle="--", label="s = ±1, the margins")
        (below,) = ax.plot([], [], color=MODEL, linewidth=1.2, linestyle="--")
        (rings,) = ax.plot(
            [],
            [],
            "o",
            color=PATH,
            fillstyle="none",
            markersize=8,
            markeredgewidth=0.8,
            alpha=0.6,
            label="support vectors",
        )
        artists = [border, above, below, rings]
    for line, level in zip(artists[:3], (0.0, 1.0, -1.0), strict=True):
        line.set_data(*_level_line(w, b, level, ax))
    with np.errstate(over="ignore", invalid="ignore"):
        support = y * (X @ w + b) <= 1
    artists[3].set_data(*X[support].T)
    return artists


def plot_table(
    values: ArrayLike,
    ax: Axes,
    *,
    limits: tuple[float, float] = (0, 1),
    cmap: str = "cividis",
    artists: Sequence[Any] = (),
) -> Sequence[AxesImage]:
    """Draw, or update, a table of numbers as colors; a NaN is pale pink, unlike any of them."""
    check_axes(ax)
    values = check_floats("values", values)
    if values.ndim != 2 or not values.size:
        raise ValueError(f"values must be a table of at least one row and column, got shape {values.shape}")
    if not artists:
        check_text("cmap", cmap)
        colors = mpl.colormaps.get_cmap(cmap).with_extremes(bad=UNKNOWN)
        vmin, vmax = check_limits("limits", limits)
        artists = [
            ax.imshow(
                values, vmin=vmin, vmax=vmax, cmap=colors, interpolation="nearest", aspect="auto", zorder=1
            )
        ]
        ax.grid(visible=False)
    set_pixels(artists[0], np.clip(values, -1e30, 1e30))  # a diverged run's would overflow in the color map
    return artists


def check_axes(ax: Any) -> None:
    """Raise unless these are axes to draw on, and not, say, an array of them."""
    if not isinstance(ax, Axes):
        raise TypeError(f"ax must be axes of matplotlib, such as those of plt.subplots(), got {brief(ax)}")


def check_epoch(epoch: int | None, count: int) -> int:
    """Return the epoch, of so many, up to which a run is drawn in full; None is the last."""
    return count - 1 if epoch is None else check_count("epoch", epoch, minimum=0, maximum=count - 1)


def check_limits(name: str, limits: Any) -> tuple[float, float]:
    """Return the numbers at both ends of a scale."""
    found = check_floats(name, limits)
    if found.shape != (2,) or not np.isfinite(found).all() or found[0] > found[1]:
        raise ValueError(f"{name} must be two numbers, the smaller one first, got {brief(limits)}")
    return float(found[0]), float(found[1])


def numbers_of(name: str, params: Any, *keys: str) -> list[NDArray[Any]]:
    """Return some of the parameters as arrays."""
    if not isinstance(params, Mapping):
        raise TypeError(f"{name} must be a dict of parameters, got {brief(params)}")
    missing = [key for key in keys if key not in params]
    if missing:
        raise ValueError(f"{name} must have {' and '.join(keys)}, got {sorted(params)}")
    return [check_floats(f"{name}[{key!r}]", params[key]) for key in keys]


def line_of(name: str, params: Any) -> NDArray[Any]:
    """Return the parameters of a line with one feature as a point (w, b)."""
    w, b = numbers_of(name, params, "w", "b")
    if w.shape != (1,) or b.shape != ():
        raise ValueError(f"{name} must have w of shape (1,) and b of shape (), got {w.shape} and {b.shape}")
    return np.array([w[0], b])


def plane_of(name: str, params: Any) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return the parameters w and b of a model with two features."""
    w, b = numbers_of(name, params, "w", "b")
    if w.shape != (2,) or b.shape != ():
        raise ValueError(f"{name} must have w of shape (2,) and b of shape (), got {w.shape} and {b.shape}")
    return w, b


def points_of(path: Any) -> NDArray[Any]:
    """Return the points (w, b) of a path, of shape (n, 2)."""
    path = check_list("path", path, Mapping, "parameters, such as run.path")
    if not path:
        raise ValueError("path must hold the parameters of at least one epoch, got []")
    line_of("path[0]", path[0])
    try:  # most have no fault, and thousands of checks take long
        points = np.array([[params["w"][0], params["b"]] for params in path])
    except (TypeError, LookupError, ValueError):
        points = np.array(None)
    if points.shape != (len(path), 2) or points.dtype.kind not in NUMERIC:
        points = np.array([line_of(f"path[{k}]", params) for k, params in enumerate(path)])
    return points


def set_pixels(image: AxesImage, values: NDArray[Any]) -> None:
    """Give an image other values; Matplotlib draws single precision three times as fast as double."""
    image.set_data(values.astype(np.float32))


def decades() -> LogLocator:
    """Return the ticks of an axis over many powers of ten."""
    return LogLocator(numticks=7)


def pale_grays() -> ListedColormap:
    """Return grays for heights, pale enough for lines in color to stand out on them."""
    return ListedColormap(mpl.colormaps["Greys"](np.linspace(0.04, 0.5, 64)))


def check_drawable(n_classes: int) -> None:
    """Raise a ValueError if there are more classes than colors."""
    if n_classes > len(CLASSES):
        raise ValueError(f"y must have at most {len(CLASSES)} classes to be drawn, got {n_classes}")


def _map(ax: Axes, cmap: ListedColormap, vmin: float, vmax: float) -> AxesImage:
    """Make an image that fills the axes, below the points and above ticks and grid, which it leaves alone."""
    limits = ax.get_xlim(), ax.get_ylim()
    # The centers of the outermost cells lie on the edges, as the points of the grid do.
    (left, right), (bottom, top) = limits
    dx, dy = (right - left) / (GRID - 1) / 2, (top - bottom) / (GRID - 1) / 2
    image = ax.imshow(
        np.zeros((GRID, GRID)),
        cmap=cmap,
        vmin=vmin,
        vmax=vmax,
        extent=(left - dx, right + dx, bottom - dy, top + dy),
        origin="lower",
        aspect="auto",
        interpolation="nearest",
        zorder=1,
    )
    ax.set(xlim=limits[0], ylim=limits[1])
    return image


def _grid(ax: Axes) -> NDArray[Any]:
    """Return the points of a grid over the axes, of shape (GRID², 2)."""
    x1, x2 = np.meshgrid(np.linspace(*ax.get_xlim(), GRID), np.linspace(*ax.get_ylim(), GRID))
    return np.column_stack([x1.ravel(), x2.ravel()])


def _level_line(
    w: NDArray[Any], b: NDArray[Any], level: float, ax: Axes
) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return both ends of the line wx + b = level, beyond the axes; NaN where there is none to see.

    For `w` of shape (2, ...) and `b` of shape (...), x and y are of shape (2, ...).
    """
    (left, right), (bottom, top) = ax.get_xlim(), ax.get_ylim()
    center, reach = np.array([left + right, bottom + top]) / 2, np.hypot(right - left, top - bottom)
    with np.errstate(all="ignore"):
        length = np.hypot(*w)
        unit = w / length
        distance = (level - b - center @ w) / length  # from the center of the axes
        distance = np.where(abs(distance) < reach, distance, np.nan)
        x, y = np.multiply.outer(center, np.ones_like(distance)) + distance * unit
        dx, dy = -reach * unit[1], reach * unit[0]
        return np.array([x - dx, x + dx]), np.array([y - dy, y + dy])


def _lighter(name: str, share: float) -> NDArray[Any]:
    """Return the colors of a color map, mixed with a share of white, so that points stand out on it."""
    colors = mpl.colormaps[name](np.linspace(0, 1, 64))[:, :3]
    return np.asarray(share + (1 - share) * colors)
