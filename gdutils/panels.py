"""The live panels: sliders, a picture that follows them, and a sentence that says what it shows.

Four pieces, in the order in which a move of a slider meets them: `Controls` are the widgets, `Settings` what
they stand for, `LiveRun` the training under way, and `TrainingPanel` brings a picture of it to the screen.

Why it is built so. In JupyterLab a callback runs beside the cells, on another thread, so nothing here
touches pyplot. The newest setting wins: a run that takes long is trained in slices, on a thread that ends
with it, and each slice first asks whether its run is still the one wanted. Long runs are drawn as they
train.
"""

from __future__ import annotations

import base64
import html
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, fields
from typing import Any, Protocol

import ipywidgets as widgets
import numpy as np
from numpy.typing import NDArray

from gdutils.canvas import LiveFigure
from gdutils.checks import check_count, check_finite, check_X_y
from gdutils.models import LinearRegression
from gdutils.optimizers import SGD, Momentum
from gdutils.pictures import LinePicture
from gdutils.training import Run, Snapshot, descend

__all__ = ["TrainingPanel", "linear_regression"]

# Seconds. A short run is trained in its first slice, and drawn once. The slices of a long one are shorter, a
# breath is enough for another thread to take over, and a frame is longer than a browser needs for a picture:
# faster ones would queue up there, and keep a newer setting waiting behind them.
FIRST_SLICE = 0.025
SLICE = 0.012
BREATH = 0.0005
FRAME = 0.06

OPTIMIZERS = (SGD, Momentum)
REFERENCE = SGD(lr=0.05)


@dataclass(frozen=True)
class Settings:
    """What a run depends on. The number of epochs shown is none of it."""

    optimizer: SGD | Momentum
    batch_size: int


class Controls:
    """The widgets of a panel, and the settings they stand for."""

    def __init__(self, defaults: Settings, n_samples: int, epochs: int) -> None:
        self.defaults, self.epochs = defaults, epochs
        wide = {"style": {"description_width": "96px"}, "layout": {"width": "400px"}}
        self.lr_slider = widgets.FloatLogSlider(
            min=-3, max=0.5, step=0.05, readout=False, description="learning rate",
            style=wide["style"], layout={"width": "310px"},
        )  # fmt: skip
        self.lr = widgets.FloatText(layout={"width": "86px"}, step=0.01, tooltip="learning rate, as a number")
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
        self.play = widgets.ToggleButton(
            description="Play",
            icon="play",
            tooltip="Move through the epochs",
            layout={"width": "90px"},
        )
        self.reset = widgets.Button(
            description="Reset",
            icon="undo",
            tooltip="Back to the first settings",
            layout={"width": "90px"},
        )
        self.lr_slider.observe(self._slider_to_number, "value")
        self.lr.observe(self._number_to_slider, "value")
        self.optimizer.observe(lambda change: self._show_beta(change["new"]), "value")
        self.show(defaults)

    def _slider_to_number(self, change: dict[str, Any]) -> None:
        lr = self.lr.value
        # In the browser a slider comes to rest on a step, beside a number typed in: that is no move.
        if not (lr > 0 and abs(np.log10(change["new"] / lr)) < self.lr_slider.step / 2):
            with self.lr.hold_sync():  # the picture goes to the browser first, then the number
                self.lr.value = float(f"{change['new']:.3g}")

    def _number_to_slider(self, change: dict[str, Any]) -> None:
        slider, lr = self.lr_slider, change["new"]
        # A slider under the learner's hand is left alone: only its number was rounded.
        if 10**slider.min <= lr <= 10**slider.max and f"{slider.value:.3g}" != f"{lr:.3g}":
            slider.value = lr

    def _show_beta(self, kind: type) -> None:
        has_beta = "beta" in {setting.name for setting in fields(kind)}
        # Hidden, not removed, so that nothing below it jumps.
        self.beta.layout.visibility = "visible" if has_beta else "hidden"

    def show(self, settings: Settings) -> None:
        """Set the widgets to some settings, at the last epoch."""
        optimizer = settings.optimizer
        self.optimizer.value = type(optimizer)
        self._show_beta(type(optimizer))
        self.beta.value = getattr(optimizer, "beta", Momentum.beta)
        self.lr.value = optimizer.lr
        self.batch_size.value = settings.batch_size
        self.epoch.value = self.epochs

    def read(self) -> Settings:
        """Return the settings the widgets stand for; a ValueError says what is wrong with one."""
        kind = self.optimizer.value
        values = {setting.name: getattr(self, setting.name).value for setting in fields(kind)}
        return Settings(kind(**values), self.batch_size.value)

    def observe_settings(self, callback: Callable[[Any], None]) -> None:
        """Call back when a run has to be trained again."""
        for widget in (self.lr, self.batch_size, self.optimizer, self.beta):
            widget.observe(callback, "value")

    def box(self) -> widgets.Box:
        """Return the widgets in rows, in the order in which the Tab key visits them."""
        row = {"flex_flow": "row wrap", "grid_gap": "2px 16px"}
        return widgets.VBox(
            [
                widgets.Box([widgets.HBox([self.lr_slider, self.lr]), self.batch_size], layout=row),
                widgets.Box([self.epoch, widgets.HBox([self.play, self.reset])], layout=row),
                widgets.Box([self.optimizer, self.beta], layout=row),
            ]
        )


@dataclass
class LiveRun:
    """A run under way: its settings, the snapshots so far, and where the next ones come from."""

    settings: Settings
    source: Iterator[Snapshot]
    snapshots: list[Snapshot] = field(default_factory=list)
    finished: bool = False

    def advance(self, seconds: float, breath: float = 0.0) -> None:
        """Train for a slice of time, by at least one epoch, with a breath after each."""
        end = time.perf_counter() + seconds
        for snapshot in self.source:
            self.snapshots.append(snapshot)
            if breath:
                time.sleep(breath)  # lets the threads run that bring and send messages
            if time.perf_counter() > end:
                return
        self.finished = True


class Picture(Protocol):
    """What a panel asks of a picture."""

    live: LiveFigure

    def update(self, run: Run, epoch: int) -> None: ...
    def words(self, run: Run, epoch: int) -> str: ...


class TrainingPanel(widgets.VBox):
    """Sliders for a model's training, its picture, and a sentence that says what it shows.

    Parameters
    ----------
    model
        Any of `gdutils.models` that knows its ``curvature``.
    X : ndarray of shape (n_samples, n_features)
    y : ndarray of shape (n_samples,)
    picture : Picture
        What to draw of a run.
    optimizer : SGD or Momentum
        The settings to begin with.
    epochs : int
        Length of every run. The slider of the same name looks at one of its epochs, and trains nothing.
    batch_size : int, optional
        To begin with; None is the full batch.

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
    """

    def __init__(
        self,
        model: Any,
        X: NDArray[Any],
        y: NDArray[Any],
        picture: Picture,
        *,
        optimizer: SGD | Momentum,
        epochs: int,
        batch_size: int | None = None,
    ) -> None:
        if type(optimizer) not in OPTIMIZERS:
            kinds = " or ".join(kind.__name__ for kind in OPTIMIZERS)
            raise TypeError(f"optimizer must be {kinds}, such as {REFERENCE!r}, got {optimizer!r}")
        check_count("epochs", epochs, minimum=1)
        batch_size = len(y) if batch_size is None else batch_size
        check_count("batch_size", batch_size, minimum=1, maximum=len(y))
        self.model, self.X, self.y, self.picture, self.epochs = model, X, y, picture, epochs
        self.curvature = model.curvature(X)
        self.row_curvature = max(model.curvature(row[np.newaxis]) for row in X)
        self.controls = Controls(Settings(optimizer, batch_size), len(y), epochs)
        self.image = widgets.Image(format="png", layout={"width": "840px", "max_width": "100%"})
        # Of one height, with room for the longest sentence, so that the page below never moves.
        self.sentence = widgets.HTML(layout={"height": "76px", "max_width": "840px"})
        self.error: Exception | None = None
        self._lock = threading.RLock()
        self._setting = False  # several widgets are being set at once
        self._newest = object()  # stands for the newest settings asked for
        self._complaint = ""  # about settings that could not be trained
        self._trainer: threading.Thread | None = None
        self._player = object()  # stands for the newest press of play; older ones end
        super().__init__([self.controls.box(), self.image, self.sentence])

        self._train()
        self.controls.observe_settings(self._on_settings)
        self.controls.epoch.observe(self._on_epoch, "value")
        self.controls.play.observe(self._on_play, "value")
        self.controls.reset.on_click(self._on_reset)

    # What the learner does

    def _on_settings(self, _: Any) -> None:
        if not self._setting:
            self._respond(self._train)

    def _on_epoch(self, _: Any) -> None:
        if not self._setting:
            self._respond(self._draw)

    def _on_reset(self, _: Any) -> None:
        self.controls.play.value = False
        self._setting = True
        try:
            self.controls.show(self.controls.defaults)
        finally:
            self._setting = False
        self._respond(self._train)

    def _on_play(self, change: dict[str, Any]) -> None:
        play = self.controls.play
        play.icon, play.description = ("pause", "Pause") if change["new"] else ("play", "Play")
        if change["new"]:
            self._player = object()
            self._in_background(self._play, self._player)

    def _respond(self, action: Callable[[], None]) -> None:
        """Act on what the learner did; what went wrong before is over."""
        self.error = None
        self._guard(action)

    def _guard(self, action: Callable[..., None], *args: Any) -> None:
        """Act; if that fails, say so under the picture and leave the controls alive."""
        try:
            action(*args)
        except Exception as error:
            self.error = error  # the learner reads of it, and `wait` raises it
            self._say(f"The panel failed: {error!r}. Reset brings back the start.", warning=True)

    def _in_background(self, action: Callable[..., None], *args: Any) -> threading.Thread:
        """Act on a thread that ends with the action."""
        thread = threading.Thread(target=self._guard, args=(action, *args), daemon=True)
        thread.start()
        return thread

    # Training and drawing

    def _train(self) -> None:
        """Start the run of the present settings; it replaces the one before."""
        self._newest = ticket = object()
        try:
            settings = self.controls.read()
        except (TypeError, ValueError) as error:
            self._complaint = f"Not trained: {error}. The picture shows the run before."
            self._say(self._complaint, warning=True)
            return
        snapshots = descend(
            self.model,
            self.X,
            self.y,
            settings.optimizer,
            epochs=self.epochs,
            batch_size=settings.batch_size,
        )
        run = LiveRun(settings, snapshots)
        run.advance(0)
        with self._lock:
            if self._newest is not ticket:
                return  # another thread was asked for newer settings meanwhile
            self.run, self._complaint = run, ""  # from here on, the run before is no longer wanted
        run.advance(FIRST_SLICE)
        self._draw()
        if not run.finished:
            self._trainer = self._in_background(self._finish, run)

    def _finish(self, run: LiveRun) -> None:
        """Train the rest of a long run, and draw it as often as a browser can show it."""
        drawn = time.perf_counter()
        while self.run is run and not run.finished:
            run.advance(SLICE, BREATH)
            if self.run is run and (run.finished or time.perf_counter() - drawn > FRAME):
                self._draw()
                drawn = time.perf_counter()

    def _play(self, player: object) -> None:
        """Move through the epochs until the end, or until play is let go."""
        epoch, play = self.controls.epoch, self.controls.play
        if epoch.value == epoch.max:
            epoch.value = 0
        while play.value and self._player is player and epoch.value < epoch.max:
            began = time.perf_counter()
            epoch.value = min(epoch.value + max(1, epoch.max // 100), epoch.max)
            time.sleep(max(0.0, FRAME - (time.perf_counter() - began)))
        if self._player is player:
            play.value = False

    def _draw(self) -> None:
        """Bring the newest run to the screen, at the epoch chosen."""
        with self._lock:
            live = self.run
            run = Run.of(list(live.snapshots))
            epoch = min(self.controls.epoch.value, len(run.losses) - 1)
            self.picture.update(run, epoch)
            self.image.value = self.picture.live.png()
            if not self._complaint:
                self._say(self._describe(live, run, epoch))

    def wait(self, timeout: float = 60) -> None:
        """Wait until the newest run is trained and drawn; raise what went wrong in a callback."""
        if self._trainer is not None:
            self._trainer.join(timeout)
        if self.error is not None:
            raise self.error
        if not self.run.finished:
            raise TimeoutError(f"the run is not trained after {timeout} s")

    # Words

    def _say(self, text: str, *, warning: bool = False) -> None:
        self.text = text
        mark = "⚠ " if warning else ""
        self.sentence.value = f'<div role="status" style="line-height: 1.5">{mark}{html.escape(text)}</div>'

    def _describe(self, live: LiveRun, run: Run, epoch: int) -> str:
        settings = live.settings
        full = settings.batch_size == len(self.y)
        batches = "full batch" if full else f"batches of {settings.batch_size}"
        progress = "" if live.finished else f" ({len(run.losses) - 1} trained so far)"
        return (
            f"Epoch {epoch} of {self.epochs}{progress} with {settings.optimizer!r}, {batches}: "
            f"{self.picture.words(run, epoch)}. {self._judge(settings.optimizer, run, settings.batch_size)}"
        )

    def _judge(self, optimizer: SGD | Momentum, run: Run, batch_size: int) -> str:
        """Say whether the learning rate is a stable one, and if not, what came of it."""
        full = batch_size == len(self.y)
        limit = stable_lr(optimizer, self.curvature, self.row_curvature, len(self.y), batch_size)
        # Two digits, or more where the rate is just below the limit, so that the sentence stays true.
        stable = next(
            (text for digits in range(2, 9) if float(text := round_down(limit, digits)) > optimizer.lr),
            round_down(limit, 2),
        )
        about = "" if full else "about "
        lost, last = lost_at(run), len(run.losses) - 1
        if lost is not None and run.losses[-1] < 100 * run.losses[0]:
            return (
                f"Overshooting: after epoch {last} the loss is {run.losses[-1]:.3g}, above its start of "
                f"{run.losses[0]:.3g}. A learning rate below {about}{stable} is stable."
            )
        if lost is not None:
            end = f"is {run.losses[-1]:.3g}" if run.diverged_at is None else "overflows"
            return (
                f"Diverged at epoch {lost}: from there on the loss stays above its start, and at "
                f"epoch {last} it {end}. A learning rate below {about}{stable} is stable."
            )
        side = "below" if optimizer.lr < limit else "above"
        if full:
            return f"The learning rate {optimizer.lr:.6g} is {side} the largest stable one, {stable}."
        return (
            f"Up to about {stable}, batches of {batch_size} should stay stable; the learning rate "
            f"{optimizer.lr:.6g} is {side} that."
        )

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any]:
        """Add the picture of the whole run, for a saved notebook whose kernel no longer runs."""
        if self._trainer is not None:
            self._trainer.join(10)
        bundle: dict[str, Any] = super()._repr_mimebundle_(**kwargs)
        picture = base64.b64encode(self.image.value).decode("ascii")
        return bundle | {"text/plain": self.text, "image/png": picture}


def lost_at(run: Run) -> int | None:
    """Return the epoch from which on the loss stays above its start, or None if it ends below."""
    above = ~(run.losses <= run.losses[0])  # a NaN counts as above
    return None if not above[-1] else int(np.flatnonzero(~above)[-1]) + 1


def stable_lr(
    optimizer: SGD | Momentum, curvature: float, row_curvature: float, n_samples: int, batch_size: int
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
    m = np.array([batch_size] * (n // batch_size) + [n % batch_size] * (n % batch_size > 0))
    weight = (n - m) / (m * max(n - 1, 1))  # 0 for all rows, 1 for a single one
    return float(1 / np.mean((1 - weight) * all_rows + weight * single_row))


def round_down(value: float, digits: int) -> str:
    """Return the first significant digits of a bound, never above it."""
    unit = 10.0 ** (np.floor(np.log10(value)) + 1 - digits)
    return f"{np.floor(value / unit + 1e-9) * unit:.{digits}g}"


def linear_regression(
    X: NDArray[Any],
    y: NDArray[Any],
    *,
    optimizer: SGD | Momentum = REFERENCE,
    epochs: int = 200,
    batch_size: int | None = None,
) -> TrainingPanel:
    """Show linear regression train, on data of one feature.

    Parameters
    ----------
    X : ndarray of shape (n_samples, 1)
    y : ndarray of shape (n_samples,)
    optimizer : SGD or Momentum, default SGD(lr=0.05)
        The settings to begin with.
    epochs : int, default 200
        Length of every run.
    batch_size : int, optional
        To begin with; None is the full batch.

    Returns
    -------
    TrainingPanel
        A widget: as the last line of a cell it is shown.

    Raises
    ------
    TypeError, ValueError
        If the data or a setting is of the wrong kind, shape or range.
    """
    model = LinearRegression(n_features=1)
    X, y = check_X_y(X, y, 1)
    check_finite("X", X)
    check_finite("y", y)
    picture = LinePicture(model, X, y, epochs)
    return TrainingPanel(model, X, y, picture, optimizer=optimizer, epochs=epochs, batch_size=batch_size)
