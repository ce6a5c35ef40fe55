"""The live panels: sliders, a picture that follows them, and a sentence that says what it shows.

Four pieces, in the order in which a move of a slider meets them: `Controls` are the widgets, `Settings` what
they stand for, `LiveRun` the training under way, and `TrainingPanel` brings a picture of it to the screen, as
any `LivePanel` does.

Why it is built so. In JupyterLab a callback runs beside the cells, on another thread, so nothing here
touches pyplot. The newest setting wins: a run that takes long is trained in slices, on a thread that ends
with it, and each slice first asks whether its run is still the one wanted. Long runs are drawn as they
train.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field, fields, replace
from typing import Any

import ipywidgets as widgets
import numpy as np
from numpy.typing import NDArray

from gdutils.canvas import DRAWING
from gdutils.checks import check_count
from gdutils.live import FRAME, LivePanel, RateControl, by_name, play_button, reset_button
from gdutils.optimizers import SGD, AdaGrad, Adam, Momentum, Nesterov, RMSprop
from gdutils.pictures import Picture
from gdutils.randomness import make_rng
from gdutils.training import Run, Snapshot, descend

__all__ = ["TrainingPanel"]

# Seconds. A run as short as the first slice is drawn once. The slices of a longer one pause for a breath now
# and then, enough for another thread to take over, and a frame is longer than a browser needs for a picture:
# faster ones would queue up there, and keep a newer setting waiting behind them.
FIRST_SLICE = 0.012
SLICE = 0.012
BETWEEN_BREATHS = 0.002
BREATH = 0.0005

# Of more rows, an epoch may take longer than the first slice, and it cannot be cut short for a drawing.
FEW_ROWS = 2_000
PATIENCE = 0.3  # seconds until a bar tells how far a run is: after less, it would only flash
PROGRESS = 100  # parts of the bar, and so the messages it takes

OPTIMIZERS = (SGD, Momentum, Nesterov, AdaGrad, RMSprop, Adam)
OF_DATA = ("n_features", "n_classes", "n_users", "n_items")  # what the data decide, and no slider


@dataclass(frozen=True)
class Settings:
    """What a run depends on. The number of epochs shown is none of it."""

    data: str
    optimizer: Any
    batch_size: int
    of_model: Mapping[str, float]  # the model's own settings that have a slider


class Controls:
    """The widgets of a panel, and the settings they stand for."""

    def __init__(
        self, defaults: Settings, pictures: Mapping[str, Picture], of_model: Mapping[str, widgets.Widget]
    ) -> None:
        self.defaults, self.pictures, self.of_model = defaults, pictures, of_model
        n_samples, epochs = len(pictures[defaults.data].y), pictures[defaults.data].epochs
        wide = {"style": {"description_width": "96px"}, "layout": {"width": "400px"}}
        self.rate = RateControl()
        self.lr_slider, self.lr = self.rate.slider, self.rate.number
        self.batch_size = widgets.IntSlider(min=1, max=n_samples, description="batch size", **wide)
        self.epoch = widgets.IntSlider(min=0, max=epochs, description="epochs", **wide)
        self.optimizer = widgets.Dropdown(
            options=[(kind.__name__, kind) for kind in OPTIMIZERS],
            description="optimizer",
            style=wide["style"],
            layout={"width": "230px"},
        )
        self.beta = widgets.FloatSlider(
            min=0, max=0.99, step=0.01, description="momentum β",
            style={"description_width": "110px"}, layout={"width": "330px"},
        )  # fmt: skip
        self.data = widgets.Dropdown(options=list(pictures), description="data", **wide)
        for slider in of_model.values():
            slider.style.description_width, slider.layout.width = "96px", "400px"
        self.play, self.reset = play_button(), reset_button()
        self.optimizer.observe(lambda change: self._show_beta(change["new"]), "value")
        self.data.observe(lambda change: self._fit(pictures[change["new"]]), "value")
        self.fitting = False  # the ranges are being changed to those of other data
        self.show(defaults)

    def _show_beta(self, kind: type) -> None:
        has_beta = "beta" in {setting.name for setting in fields(kind)}
        self.beta.description = "decay β" if kind is RMSprop else "momentum β"
        # Hidden, not removed, so that nothing below it jumps.
        self.beta.layout.visibility = "visible" if has_beta else "hidden"

    def _fit(self, picture: Picture) -> None:
        """Give the sliders the range that other data need; full stays full."""
        full, at_end = self.batch_size.value == self.batch_size.max, self.epoch.value == self.epoch.max
        self.fitting = True
        try:
            self.batch_size.max, self.epoch.max = len(picture.y), picture.epochs
            if full:
                self.batch_size.value = self.batch_size.max
            if at_end:
                self.epoch.value = self.epoch.max
        finally:
            self.fitting = False

    def show(self, settings: Settings) -> None:
        """Set the widgets to some settings, at the last epoch."""
        self.data.value = settings.data
        for name, slider in self.of_model.items():
            slider.value = settings.of_model[name]
        optimizer = settings.optimizer
        self.optimizer.value = type(optimizer)
        self._show_beta(type(optimizer))
        self.beta.value = getattr(optimizer, "beta", Momentum.beta)
        self.lr.value = optimizer.lr
        self.batch_size.value = settings.batch_size
        self.epoch.value = self.epoch.max

    def read(self) -> Settings:
        """Return the settings the widgets stand for; a ValueError says what is wrong with one."""
        kind = self.optimizer.value
        first = self.defaults.optimizer
        optimizer = first if kind is type(first) else kind()  # settings without a control stay as they are
        shown = {"lr": self.lr.value, "beta": self.beta.value}
        values = {setting.name: shown[setting.name] for setting in fields(kind) if setting.name in shown}
        of_model = {}
        for name, slider in self.of_model.items():
            start, value = self.defaults.of_model[name], slider.value
            # What the sentence says is what is trained: a logarithmic slider's numbers have no end of digits.
            rounded = value if isinstance(value, int) else float(f"{value:.3g}")
            of_model[name] = start if np.isclose(value, start, rtol=1e-9) else rounded
        return Settings(self.data.value, replace(optimizer, **values), self.batch_size.value, of_model)

    def observe_settings(self, callback: Callable[[Any], None]) -> None:
        """Call back when a run has to be trained again."""
        for widget in (
            self.data,
            self.lr,
            self.batch_size,
            self.optimizer,
            self.beta,
            *self.of_model.values(),
        ):
            widget.observe(callback, "value")

    def box(self) -> widgets.Box:
        """Return the widgets in rows, in the order in which the Tab key visits them."""
        row = {"flex_flow": "row wrap", "grid_gap": "2px 16px"}
        rows = [
            [widgets.HBox([self.lr_slider, self.lr]), self.batch_size],
            [self.epoch, widgets.HBox([self.play, self.reset])],
            [self.optimizer, self.beta],
            [*([self.data] if len(self.pictures) > 1 else []), *self.of_model.values()],
        ]
        return widgets.VBox([widgets.Box(members, layout=row) for members in rows if members])


class Abandoned(Exception):  # noqa: N818 (nothing went wrong)
    """A newer run has replaced this one."""


class Paced:
    """An optimizer that pauses for a breath now and then, and gives up when its run is abandoned.

    So a long run yields in the midst of an epoch, too: one of single rows may take 50 ms, or minutes.
    """

    def __init__(self, optimizer: Any) -> None:
        self.optimizer, self.init = optimizer, optimizer.init
        self.on_breath: Callable[[], None] | None = None  # a run that is waited for takes no breath
        self.abandoned = False
        self.next_breath = 0.0
        self.steps = 0  # one for each parameter, w and b alike

    def step(self, theta: Any, grad: Any, state: Any) -> tuple[Any, Any]:
        """Take the optimizer's step."""
        if self.abandoned:
            raise Abandoned
        self.steps += 1
        if self.on_breath is not None and time.perf_counter() > self.next_breath:
            time.sleep(BREATH)  # lets the threads run that bring and send messages
            self.on_breath()
            self.next_breath = time.perf_counter() + BETWEEN_BREATHS
        return self.optimizer.step(theta, grad, state)  # type: ignore[no-any-return]


@dataclass
class LiveRun:
    """A run under way: its settings, the snapshots so far, and where the next ones come from."""

    settings: Settings
    model: Any
    picture: Picture
    pace: Paced
    source: Iterator[Snapshot]
    snapshots: list[Snapshot] = field(default_factory=list)
    finished: bool = False
    began: float = field(default_factory=time.perf_counter)

    @property
    def share(self) -> float:
        """How much of the run is trained, from 0 to 1, in the midst of an epoch too."""
        batches = -(-len(self.picture.y) // self.settings.batch_size)
        return self.pace.steps / (self.picture.epochs * batches * len(self.snapshots[0].params))

    def advance(self, seconds: float) -> None:
        """Train for a slice of time, by at least one epoch, unless the run is abandoned."""
        end = time.perf_counter() + seconds
        try:
            for snapshot in self.source:
                self.snapshots.append(snapshot)
                if time.perf_counter() > end:
                    return
        except Abandoned:
            return
        self.finished = True


class TrainingPanel(LivePanel):
    """Sliders for a model's training, its picture, and a sentence that says what it shows.

    Parameters
    ----------
    picture : Picture, or mapping of str to Picture
        What to train and how to show it, any of `gdutils.pictures`. Of several, the learner chooses one by
        its name; the first is shown at the start.
    optimizer
        Any of `gdutils.optimizers`, with the settings to begin with.
    batch_size : int, optional
        To begin with; None is the full batch.
    of_model : mapping of str to ipywidgets slider, optional
        Sliders for settings of the model's own, under the name of the setting, which begin at the value of
        the first model. They are this panel's: another one needs others.
    random_state : int, numpy.random.RandomState or None, default 0
        Every run starts from it anew, so that runs differ by their settings alone.

    Attributes
    ----------
    controls : Controls
        The widgets, for use from Python: ``panel.controls.lr.value = 0.1``.
    run : LiveRun
        The newest run.
    text : str
        The sentence under the picture.
    error : Exception or None
        What went wrong since the learner last moved a control; bad input is not meant.

    Raises
    ------
    TypeError, ValueError
        If a setting is of the wrong kind or range.

    Examples
    --------
    >>> from gdutils.datasets import make_line
    >>> from gdutils.models import LinearRegression
    >>> from gdutils.pictures import LinePicture
    >>> picture = LinePicture(LinearRegression(n_features=1), *make_line(), epochs=200)
    >>> panel = TrainingPanel(picture, SGD(lr=0.05))  # as the last line of a cell it is shown
    """

    run: LiveRun

    def __init__(
        self,
        picture: Picture | Mapping[str, Picture],
        optimizer: Any,
        *,
        batch_size: int | None = None,
        of_model: Mapping[str, widgets.Widget] | None = None,
        random_state: Any = 0,
    ) -> None:
        if type(optimizer) not in OPTIMIZERS:
            right = f"one of gdutils.optimizers, such as {SGD(lr=0.05)!r}"
            raise TypeError(f"optimizer must be {right}, got {optimizer!r}")
        self.pictures = by_name(picture, Picture, "one of gdutils.pictures")
        data, first = next(iter(self.pictures.items()))
        batch_size = len(first.y) if batch_size is None else batch_size
        check_count("batch_size", batch_size, minimum=1, maximum=len(first.y))
        of_model = of_model or {}
        for each in self.pictures.values():
            check_sliders(of_model, each.model)
        settings = Settings(
            data, optimizer, batch_size, {name: getattr(first.model, name) for name in of_model}
        )
        self.rng = make_rng(random_state)
        self.limits = {name: Limits.of(each.model, each.X) for name, each in self.pictures.items()}
        self.controls = Controls(settings, self.pictures, of_model)
        controls = self.controls
        # Hidden, not removed, while nothing is under way, so that nothing below it jumps.
        # As thin as it can be: 8 of the 14 pixels are padding.
        thin = {"width": "840px", "max_width": "100%", "height": "14px", "margin": "0 2px"}
        self.progress = widgets.IntProgress(
            max=PROGRESS, tooltip="how much of the run is trained", layout={"visibility": "hidden"} | thin
        )
        top = widgets.VBox([controls.box(), self.progress])
        super().__init__(top, controls.epoch, controls.play, controls.reset)
        self._lock = threading.RLock()
        self._setting = False  # several widgets are being set at once
        self._newest = object()  # stands for the newest settings asked for
        self._complaint = ""  # about settings that could not be trained
        self._trainer: threading.Thread | None = None

        self._train()
        self.controls.observe_settings(self._on_settings)
        self.controls.epoch.observe(self._on_epoch, "value")

    # What the learner does

    def _on_settings(self, _: Any) -> None:
        if not self._setting and not self.controls.fitting:
            self._respond(self._train)

    def _on_epoch(self, _: Any) -> None:
        if not self._setting and not self.controls.fitting:
            self._respond(self._draw)

    def _restore(self) -> None:
        self._setting = True
        try:
            self.controls.show(self.controls.defaults)
        finally:
            self._setting = False
        self._train()

    # Training and drawing

    def _train(self) -> None:
        """Start the run of the present settings; it replaces the one before."""
        self._newest = ticket = object()
        try:
            run = self._begin()
        except (TypeError, ValueError) as error:
            with self._lock:
                self._complaint = f"Not trained: {error}. The picture shows the run before."
                self._say(self._complaint, warning=True)
            return
        run.advance(0)
        with self._lock:
            if self._newest is not ticket:
                return  # another thread was asked for newer settings meanwhile
            if hasattr(self, "run"):
                self.run.pace.abandoned = True
            self.run, self._complaint = run, ""
        if len(run.picture.y) <= FEW_ROWS:
            run.advance(FIRST_SLICE)
        self._draw()
        self._show_progress(run, over=run.finished)
        if not run.finished and self.run is run:
            self._trainer = self._in_background(self._finish, run)

    def _begin(self) -> LiveRun:
        """Return the run of the present settings, not yet trained."""
        settings = self.controls.read()
        picture = self.pictures[settings.data]
        model = replace(picture.model, **settings.of_model)
        pace = Paced(settings.optimizer)
        snapshots = descend(
            model,
            picture.X,
            picture.y,
            pace,
            epochs=picture.epochs,
            batch_size=settings.batch_size,
            random_state=deepcopy(self.rng),
        )
        return LiveRun(settings, model, picture, pace, snapshots)

    def _finish(self, run: LiveRun) -> None:
        """Train the rest of a long run, and draw it as often as a browser can show it."""
        drawn, run.pace.on_breath = time.perf_counter(), lambda: self._show_progress(run)
        try:
            while self.run is run and not run.finished:
                run.advance(SLICE)
                if self.run is run and (run.finished or time.perf_counter() - drawn > FRAME):
                    self._draw()
                    drawn = time.perf_counter()
        finally:
            self._show_progress(run, over=True)

    def _show_progress(self, run: LiveRun, *, over: bool = False) -> None:
        """Set the bar to where the newest run is; it shows when one takes long, until that is over."""
        with self._lock:
            if self.run is not run:
                return
            self.progress.value = int(run.share * PROGRESS)
            if over:
                self.progress.layout.visibility = "hidden"
            elif time.perf_counter() - run.began > PATIENCE:
                self.progress.layout.visibility = "visible"

    def _draw(self) -> None:
        """Bring the newest run to the screen, at the epoch chosen."""
        with self._lock:
            live = self.run
            run = Run.of(list(live.snapshots))
            epoch = min(self.controls.epoch.value, len(run.losses) - 1)
            with DRAWING:  # a picture may be shown by two panels
                live.picture.update(live.model, run, epoch)
                self.image.value = live.picture.live.png()
                said = self._describe(live, run, epoch)
            if not self._complaint:
                self._say(said)

    def wait(self, timeout: float = 60) -> None:
        """Wait until the newest run is trained and drawn; raise what went wrong in a callback."""
        if self._trainer is not None:
            self._trainer.join(timeout)
        super().wait()
        if not self.run.finished:
            raise TimeoutError(f"the run is not trained after {timeout} s")

    # Words

    def _describe(self, live: LiveRun, run: Run, epoch: int) -> str:
        settings, epochs = live.settings, live.picture.epochs
        n_samples, size = len(live.picture.y), settings.batch_size
        batches = "full batch" if size == n_samples else f"batches of {size}"
        if n_samples % size:
            batches += f" (the last of {n_samples % size})"
        own = "".join(
            f", {self.controls.of_model[name].description or name} {value:.4g}"
            for name, value in settings.of_model.items()
        )
        progress = "" if live.finished else f" ({len(run.losses) - 1} trained so far)"
        return (
            f"Epoch {epoch} of {epochs}{progress} with {settings.optimizer!r}, {batches}{own}: "
            f"{live.picture.words(live.model, run, epoch)}. {self._judge(live, run)}"
        ).rstrip()

    def _judge(self, live: LiveRun, run: Run) -> str:
        """Say whether the learning rate is a stable one, and if not, what came of it."""
        settings, limits = live.settings, self.limits[live.settings.data]
        if not hasattr(settings.optimizer, "largest_stable_lr"):
            limits = None  # the adaptive ones know of none
        lr, n_samples = settings.optimizer.lr, len(live.picture.y)
        advice = "Try a smaller learning rate."
        if limits is not None:
            limit = stable_lr(settings.optimizer, limits.rows, limits.row, n_samples, settings.batch_size)
            # Two digits, or more where the rate is just below the limit, so that the sentence stays true.
            stable = next(
                (text for digits in range(2, 9) if float(text := round_down(limit, digits)) > lr),
                round_down(limit, 2),
            )
            sure = settings.batch_size == n_samples and (limits.exact or type(settings.optimizer) is SGD)
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
        if limits is None:
            return ""
        side = "below" if lr < limit else "above"
        if sure and limits.exact:
            return f"The learning rate {lr:.6g} is {side} the largest stable one, {stable}."
        if sure:
            return f"Every learning rate below {stable} is stable; {lr:.6g} is {side} that."
        what = "momentum" if settings.batch_size == n_samples else f"batches of {settings.batch_size}"
        return f"Up to about {stable}, {what} should stay stable; the learning rate {lr:.6g} is {side} that."

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any]:
        """Save the picture of the whole run."""
        if self._trainer is not None:
            self._trainer.join(10)
        return super()._repr_mimebundle_(**kwargs)


@dataclass(frozen=True)
class Limits:
    """The largest curvature of a loss: of all rows, and of a single one."""

    rows: float
    row: float
    exact: bool  # or only a bound

    @classmethod
    def of(cls, model: Any, X: NDArray[Any]) -> Limits | None:
        """Ask the model; one that is neither quadratic nor smooth and convex knows of none."""
        exact = hasattr(model, "curvature")
        curvature = model.curvature if exact else getattr(model, "curvature_bound", None)
        if curvature is None:
            return None
        # Of a single row, the curvature grows with its length: the longest row has the largest.
        longest = np.argmax(np.einsum("ij,ij->i", X, X, dtype=float))
        return cls(curvature(X), curvature(X[[longest]]), exact)


def check_sliders(of_model: Any, model: Any) -> None:
    """Raise unless each slider is for a setting of the model, whose value it can show."""
    own = [setting.name for setting in fields(model) if setting.name not in OF_DATA]
    if not isinstance(of_model, Mapping):
        raise TypeError(f"of_model must be a mapping of settings to sliders, got {of_model!r}")
    for name, slider in of_model.items():
        if name not in own:
            raise ValueError(
                f"of_model must name settings of {model!r} that the data leave open, got {name!r}"
            )
        if not (hasattr(slider, "min") and hasattr(slider, "max")):
            raise TypeError(f"of_model[{name!r}] must be a slider of ipywidgets, got {slider!r}")
        low, high, value = slider.min, slider.max, getattr(model, name)
        if isinstance(slider, widgets.FloatLogSlider):
            low, high = slider.base**low, slider.base**high
        if not low <= value <= high:
            right = f"from {low:g} to {high:g}"
            raise ValueError(f"{name} must be in the range of its slider, {right}, got {value:g}")


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
