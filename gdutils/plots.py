"""What the lessons and the panels draw, on axes that the caller gives.

A `plot_*` whose picture changes returns the artists it made and takes them back as ``artists=`` to update
them in place, so a panel redraws with the code that drew the lesson's figure. Nothing here shows a figure,
uses pyplot or needs mathtext, neither of which is safe to use on another thread than a cell's. Arguments are
not checked. A color means the same thing everywhere.
"""

import threading
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import matplotlib as mpl
import numpy as np
from contourpy import contour_generator
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.colors import ListedColormap, to_rgb
from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator

# Okabe and Ito's colors, told apart under the common color-vision deficiencies.
DATA = "#0072B2"
MODEL = "#D55E00"
PATH = "#000000"
HELD_OUT = "#009E73"
# A class has a marker of its own, too.
CLASSES = ("#0072B2", "#E69F00", "#CC79A7", "#009E73", "#56B4E9", "#D55E00", "#F0E442")
MARKERS = "os^Dvp*"
UNKNOWN = "#efd5e5"

GRID = 80  # points to a side of a map: each covers less than four pixels
LEVELS = 12  # of a loss surface
SHADES = 16  # of a class's color, from undecided to confident

# Matplotlib shares its font caches between figures, so no two of them may be drawn at once.
DRAWING = threading.RLock()
OF_THE_PROCESS = ("backend", "date.", "docstring.", "interactive", "timezone", "tk.", "toolbar", "webagg.")
READ_WHILE_DRAWING = (
    "agg.path.chunksize",
    "path.simplify",
    "path.simplify_threshold",
    "path.snap",
    "text.hinting",
    "text.kerning_factor",
)

silent = np.errstate(all="ignore")  # a diverged run overflows, and that is no reason to warn


@contextmanager
def lesson_style():
    """Make figures look the same whatever style the caller has set.

    It sets Matplotlib's defaults and lesson.mplstyle. Use it where a figure is created and where it is drawn
    in full. Matplotlib's settings are global: until the block ends, a cell that makes a figure on another
    thread gets this style, and a setting that the cell changes is lost. So keep the block short, and draw
    frames within `frame_style`.
    """
    with DRAWING, np.errstate(all="ignore"), mpl.rc_context(lesson_settings()):
        yield


@contextmanager
def frame_style():
    """Draw a figure made in `lesson_style` again: set the few things that Matplotlib reads while drawing.

    A figure that a cell makes in the meantime does not show them. This takes a fraction of a millisecond, and
    can be done 20 times a second.
    """
    settings = lesson_settings()
    with DRAWING, np.errstate(all="ignore"):
        before = {key: mpl.rcParams[key] for key in READ_WHILE_DRAWING}
        mpl.rcParams.update({key: settings[key] for key in READ_WHILE_DRAWING})
        try:
            yield
        finally:
            mpl.rcParams.update(before)


@cache
def lesson_settings():
    """Return Matplotlib's default settings, but for those of the process, with the lessons' own."""
    defaults = {key: mpl.rcParamsDefault[key] for key in mpl.rcParamsDefault}
    settings = {key: value for key, value in defaults.items() if not key.startswith(OF_THE_PROCESS)}
    file = Path(__file__).with_name("lesson.mplstyle")
    settings |= mpl.rc_params_from_file(file, use_default_template=False)
    # A font by its name is found without a look at the settings, and a $ in a column's name stays a dollar.
    return settings | {"font.family": ["DejaVu Sans"], "text.parse_math": False}


def plot_data(X, y, ax, *, color=DATA, label=None):
    """Draw the points of one feature X of shape (n_samples, 1) and a target y."""
    return ax.scatter(X[:, 0], y, s=14, color=color, alpha=0.5, linewidths=0, label=label)


@silent
def plot_line(params, ax, *, artists=(), color=MODEL, linestyle="-", label=None):
    """Draw, or move, the line ŷ = wx + b from one side of the axes to the other."""
    if not artists:
        limits = ax.get_xlim()
        artists = ax.plot([], [], color=color, linestyle=linestyle, linewidth=2.5, label=label)
        ax.set_xlim(limits)
    x = np.array(ax.get_xlim())
    artists[0].set_data(x, params["w"] * x + params["b"])
    return artists


def plot_loss(losses, ax, *, epoch=None, artists=(), color=PATH, linestyle="-", label=None):
    """Draw, or update, a loss after each epoch; up to `epoch` in full, the rest faintly.

    An arrow shows where it leaves the axes through the top.
    """
    new = not artists
    if new:
        (rest,) = ax.plot([], [], color=color, linestyle=linestyle, linewidth=1, alpha=0.4)
        (done,) = ax.plot([], [], color=color, linestyle=linestyle, label=label)
        dot = MODEL if color == PATH else color
        (now,) = ax.plot([], [], "o", color=dot, markeredgecolor="white", markersize=8)
        (exit_arrow,) = ax.plot([], [], "^", color=MODEL, markersize=11, clip_on=False, in_layout=False)
        artists = [rest, done, now, exit_arrow]
    shown = np.nan_to_num(losses, nan=np.finfo(float).max)  # what overflows leaves through the top
    top = np.inf if new else ax.get_ylim()[1]
    outside = np.flatnonzero(shown > top)[:1]
    if not new and ax.get_yscale() == "linear":
        shown = np.minimum(shown, 1e3 * top)  # farther out, the way to it would not be drawn
    curve = np.column_stack([np.arange(len(shown)), shown])
    epoch = len(curve) - 1 if epoch is None else epoch
    parts = [curve, curve[: epoch + 1], curve[epoch : epoch + 1], np.minimum(curve[outside], [np.inf, top])]
    for artist, part in zip(artists, parts, strict=True):
        artist.set_data(*part.T)
    if new:  # limits that the caller has set stay as they are
        ax.relim()
        ax.autoscale_view()
    return artists


def label_loss(ax):
    """Name the axes of a loss curve, with a logarithmic scale whose ticks are plain numbers."""
    ax.set(xlabel="epoch", ylabel="loss (log scale)", yscale="log")
    # Matplotlib's own labels, such as 10⁰, need mathtext.
    ax.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    ax.yaxis.set_minor_locator(NullLocator())


@silent
def plot_surface(model, X, y, ax, *, start=None, artists=()):
    """Draw, or update, the loss of linear regression over w and b, with room for the start.

    The loss is quadratic: its level lines are ellipses about the minimum, and follow from its second
    derivatives H = [x 1]ᵀ[x 1]/n.
    """
    X1 = np.column_stack([X, np.ones(len(X))])
    H, center = X1.T @ X1 / len(X1), point_of(model.minimum(X, y))
    if not artists:
        reach = 1.5 * max(*abs(point_of(start) - center), 1e-3)
        (left, bottom), (right, top) = center - reach, center + reach
        ax.set(xlim=(left, right), ylim=(bottom, top), xlabel="w, slope", ylabel="b, intercept")
        ax.grid(visible=False)
        pale = 0.4 + 0.6 * mpl.colormaps["viridis"](np.linspace(0, 1, LEVELS))[:, :3]
        ellipses = PolyCollection([], facecolors=pale, edgecolors="white", linewidths=0.8, zorder=0.9)
        ax.add_collection(ellipses, autolim=False)
        look = {"marker": "*", "markersize": 16, "color": "white", "markeredgecolor": PATH, "linestyle": ""}
        artists = ellipses, *ax.plot([], [], **look)
    corners = np.stack(np.meshgrid(ax.get_xlim(), ax.get_ylim()), axis=-1).reshape(-1, 2) - center
    highest = np.vecdot(corners @ H, corners).max()
    angle = np.linspace(0, 2 * np.pi, 90)
    # Where all x are alike, H is singular, and the ellipses have no end.
    upper = np.linalg.cholesky(H + 1e-12 * np.eye(2) * H.max()).T
    unit = np.linalg.solve(upper, [np.cos(angle), np.sin(angle)]).T
    sizes = np.linspace(1, 0, LEVELS, endpoint=False) * np.sqrt(highest)
    artists[0].set_verts([center + size * unit for size in sizes])
    artists[1].set_data(*center[:, np.newaxis])
    return artists


@silent
def plot_path(path, ax, *, epoch=None, artists=(), color=PATH, label=None):
    """Draw, or update, the path of (w, b) over the surface; up to `epoch` in full, the rest faintly."""
    if not artists:
        (rest,) = ax.plot([], [], color=color, linewidth=1, alpha=0.3)
        (done,) = ax.plot([], [], ".-", color=color, linewidth=1.2, markersize=4, alpha=0.7, label=label)
        (now,) = ax.plot([], [], "o", color=MODEL, markeredgecolor="white", markersize=8, zorder=2.3)
        artists = [rest, done, now]
    points = np.array([[params["w"][0], params["b"]] for params in path])
    epoch = len(points) - 1 if epoch is None else epoch
    # A diverged path ends at its first point far outside the axes: what lies beyond cannot be seen.
    far = np.flatnonzero(~(np.abs(points).max(axis=1) < 1e3 * np.abs(ax.axis()).max()))
    seen = points[: far[0] + 1] if len(far) else points
    for artist, part in zip(artists, (seen, seen[: epoch + 1], points[epoch : epoch + 1]), strict=True):
        artist.set_data(*part.T)
    return artists


def plot_classes(X, y, ax, *, labels=(), size=5, artists=()):
    """Draw, or move, the points of two features, a color and a marker for each class, in axes about them.

    Class k has color k, also where another class has no points; −1 and +1 have the first two.
    """
    classes = np.unique(y)
    if not artists:
        look = {"markersize": size, "alpha": 0.9, "markeredgecolor": "white", "markeredgewidth": 0.5}
        for c in classes:
            k = int(c > 0 if np.min(y) < 0 else c)
            name = labels[k] if labels else f"class {c:g}".replace("-", "−")
            artists = [*artists, *ax.plot([], [], MARKERS[k], color=CLASSES[k], label=name, **look)]
        low, high = X.min(axis=0), X.max(axis=0)
        room = 0.08 * np.where(high > low, high - low, 1.0)
        ax.set(xlim=(low[0] - room[0], high[0] + room[0]), ylim=(low[1] - room[1], high[1] + room[1]))
        ax.set(xlabel="x₁, feature 1", ylabel="x₂, feature 2")
        ax.locator_params(nbins=6)
        ax.grid(visible=False)
    for artist, c in zip(artists, classes, strict=True):
        artist.set_data(*X[y == c].T)
    return artists


@silent
def plot_probability(model, params, ax, *, artists=()):
    """Draw, or update, the probability of class 1 over two features, and the line on which it is ½.

    The axes keep their limits. For a model whose probability is σ(Xw + b); the first artist is what a color
    bar describes.
    """
    if not artists:
        pale = 0.35 + 0.65 * mpl.colormaps["cividis"](np.linspace(0, 1, 64))[:, :3]  # points stand out on it
        image = make_map(ax, ListedColormap(pale), 0, 1)
        artists = image, *ax.plot([], [], color=PATH, linewidth=2, label="probability ½")
    image, line = artists
    set_pixels(image, model.predict(params, map_points(ax)).reshape(GRID, GRID))
    line.set_data(*level_line(params["w"], params["b"], 0.0, ax))
    return image, line


@silent
def plot_regions(model, params, ax, *, artists=()):
    """Draw, or update, the most probable class over two features, paler where less so, and the boundaries.

    The axes keep their limits. For a model that predicts a column of probabilities for each class.
    """
    P = model.predict(params, map_points(ax))  # (GRID², K)
    K = P.shape[1]
    if not artists:
        strengths = np.linspace(0.08, 0.55, SHADES)[:, np.newaxis]
        pale = np.concatenate([1 - strengths * (1 - np.array(to_rgb(color))) for color in CLASSES[:K]])
        boundaries = LineCollection([], colors=PATH, linewidths=1.5)
        ax.add_collection(boundaries, autolim=False)
        artists = make_map(ax, ListedColormap(pale), -0.5, K * SHADES - 0.5), boundaries
    image, boundaries = artists
    sure = (P.max(axis=1) * K - 1) / (K - 1)  # from 0, all classes alike, to 1
    shade = np.argmax(P, axis=1) * SHADES + np.round(sure * (SHADES - 1))
    set_pixels(image, shade.reshape(GRID, GRID))  # NaN where P is
    # Logarithms, since between two grid points they change evenly, and probabilities jump.
    Z = np.log(np.maximum(P, 1e-300)).reshape(GRID, GRID, K)
    x, y = (np.linspace(*limits, GRID) for limits in (ax.get_xlim(), ax.get_ylim()))
    segments = []
    if np.isfinite(Z).all():
        for k in range(K - 1):
            ahead = Z[..., k] - np.delete(Z, k, axis=2).max(axis=2)
            segments += contour_generator(x, y, ahead).lines(0.0)
    boundaries.set_segments(segments)
    return image, boundaries


def plot_kinks(params, ax, *, artists=()):
    """Draw, or update, the lines on which the hidden units of a network switch on: XW₁ + b₁ = 0."""
    if not artists:
        artists = [LineCollection([], colors=PATH, linewidths=0.7, alpha=0.3, label="kinks of hidden units")]
        ax.add_collection(artists[0], autolim=False)
    x, y = level_line(params["W1"], params["b1"], 0.0, ax)
    artists[0].set_segments(np.stack([x, y], axis=-1).swapaxes(0, 1))
    return artists


@silent
def plot_margins(params, X, y, ax, *, artists=()):
    """Draw, or update, the line s = 0, the margins s = ±1, and rings about the rows on or inside them."""
    w, b = params["w"], params["b"]
    if not artists:
        (boundary,) = ax.plot([], [], color=MODEL, linewidth=2.5, label="decision boundary")
        thin = {"color": MODEL, "linewidth": 1.2, "linestyle": "--"}
        (above,) = ax.plot([], [], label="margins, s = ±1", **thin)
        (below,) = ax.plot([], [], **thin)
        ring = {"fillstyle": "none", "markersize": 8, "markeredgewidth": 0.8, "alpha": 0.6}
        (rings,) = ax.plot([], [], "o", color=PATH, label="support vectors", **ring)
        artists = [boundary, above, below, rings]
    for line, level in zip(artists[:3], (0.0, 1.0, -1.0), strict=True):
        line.set_data(*level_line(w, b, level, ax))
    artists[3].set_data(*X[y * (X @ w + b) <= 1].T)
    return artists


def plot_table(values, ax, *, limits=(0, 1), cmap="cividis", artists=()):
    """Draw, or update, a table of numbers as colors; a NaN is pale pink, unlike any of them."""
    if not artists:
        colors = mpl.colormaps.get_cmap(cmap).with_extremes(bad=UNKNOWN)
        scale = {"vmin": limits[0], "vmax": limits[1], "cmap": colors}
        artists = [ax.imshow(values, interpolation="nearest", aspect="auto", zorder=1, **scale)]
        ax.grid(visible=False)
    set_pixels(artists[0], np.clip(values, -1e30, 1e30))  # a diverged run's would overflow in the color map
    return artists


def pale_grays():
    """Return grays for heights, pale enough for lines in color to stand out on them."""
    return ListedColormap(mpl.colormaps["Greys"](np.linspace(0.04, 0.5, 64)))


def point_of(params):
    """Return the parameters of a line with one feature as a point (w, b)."""
    return np.array([params["w"][0], params["b"]])


def set_pixels(image, values):
    """Give an image other values; Matplotlib draws single precision three times as fast as double."""
    image.set_data(values.astype(np.float32))


def make_map(ax, cmap, vmin, vmax):
    """Make an image that fills the axes, below the points and above ticks and grid, which it leaves alone."""
    limits = (left, right), (bottom, top) = ax.get_xlim(), ax.get_ylim()
    # The centers of the outermost cells lie on the edges, as the points of the grid do.
    dx, dy = (right - left) / (GRID - 1) / 2, (top - bottom) / (GRID - 1) / 2
    look = {"cmap": cmap, "vmin": vmin, "vmax": vmax, "interpolation": "nearest", "zorder": 1}
    place = {"extent": (left - dx, right + dx, bottom - dy, top + dy), "origin": "lower", "aspect": "auto"}
    image = ax.imshow(np.zeros((GRID, GRID)), **look, **place)
    ax.set(xlim=limits[0], ylim=limits[1])
    return image


def map_points(ax):
    """Return the points of a grid over the axes, of shape (GRID², 2)."""
    x1, x2 = np.meshgrid(np.linspace(*ax.get_xlim(), GRID), np.linspace(*ax.get_ylim(), GRID))
    return np.column_stack([x1.ravel(), x2.ravel()])


@silent
def level_line(w, b, level, ax):
    """Return both ends of the line wx + b = level, beyond the axes; NaN where there is none to see.

    For `w` of shape (2, ...) and `b` of shape (...), x and y are of shape (2, ...).
    """
    (left, right), (bottom, top) = ax.get_xlim(), ax.get_ylim()
    center, reach = np.array([left + right, bottom + top]) / 2, np.hypot(right - left, top - bottom)
    length = np.hypot(*w)
    unit = w / length
    distance = (level - b - center @ w) / length  # from the center of the axes
    distance = np.where(abs(distance) < reach, distance, np.nan)
    x, y = np.multiply.outer(center, np.ones_like(distance)) + distance * unit
    dx, dy = -reach * unit[1], reach * unit[0]
    return np.array([x - dx, x + dx]), np.array([y - dy, y + dy])
