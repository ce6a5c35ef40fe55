"""The live panel for training: sliders, a picture that follows them, and a sentence that says what it shows.

Newer settings replace older ones: a long run is trained in slices, drawn as it grows, and cancelled amid an
epoch as soon as other settings are asked for.
"""

import threading
import time
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, fields, replace

import ipywidgets as widgets
import numpy as np

from gdutils.optimizers import SGD, AdaGrad, Adam, Momentum, Nesterov, RMSprop
from gdutils.panel.controls import STRETCHED, RateControl, button, set_range
from gdutils.panel.live_panel import END, FRAME, LivePanel
from gdutils.stability import largest_stable_lr, mark, verdict
from gdutils.training import Run, descend, one_blas_thread

OPTIMIZERS = {kind.__name__: kind for kind in (SGD, Momentum, Nesterov, AdaGrad, RMSprop, Adam)}
# Seconds. A run as short as the first slice is drawn once. The slices of a long run pause for a breath now
# and then, enough for another thread to take over.
FIRST_SLICE, SLICE, BETWEEN_BREATHS, BREATH = 0.008, 0.012, 0.002, 0.0005
# Of more rows, an epoch may take longer than the first slice, and it cannot be cut short for a drawing.
FEW_ROWS = 2_000
IMPORTS = "from gdutils import datasets, models, optimizers\nfrom gdutils.training import train\n"


@dataclass(frozen=True)
class Settings:
    """What a run depends on. The number of epochs shown is none of it."""

    data: str
    optimizer: object
    batch_size: int
    of_model: Mapping  # the model's own settings that have a slider
    seed: int | None = None  # of the start and the batches; None is the lesson's own
    start: tuple | None = None  # chosen by the learner; None is the model's own


class Cancelled(Exception):  # noqa: N818 (nothing went wrong)
    """A newer run has replaced this one."""


class LiveRun:
    """A run under way: its settings, and the snapshots so far.

    Parameters
    ----------
    settings : Settings
    picture : LossPicture
        What is trained, and shows it.
    X, y : ndarray
        The rows, of which some may have been moved.
    random_state : int or numpy.random.RandomState
        What it draws from.
    """

    def __init__(self, settings, picture, X, y, random_state):
        self.settings, self.picture, self.random_state = settings, picture, random_state
        self.X, self.y, self.model = X, y, replace(picture.model, **settings.of_model)
        self.snapshots, self.finished, self.cancelled = [], False, False
        self.lock = threading.Lock()
        self.next_breath = np.inf  # a run that is waited for takes none
        self.params = picture.params_at(settings.start)
        how = {"epochs": picture.epochs, "batch_size": settings.batch_size, "on_step": self.on_step}
        how |= {"params": self.params, "random_state": deepcopy(random_state)}
        self.source = descend(self.model, X, y, settings.optimizer, **how)

    def on_step(self):
        """Let other threads take over now and then; end the run if it is no longer wanted."""
        if self.cancelled:
            raise Cancelled
        if time.perf_counter() > self.next_breath:
            time.sleep(BREATH)  # lets the threads run that bring and send messages
            self.next_breath = time.perf_counter() + BETWEEN_BREATHS

    def advance(self, seconds):
        """Train for a slice of time, by at least one epoch, unless the run is cancelled."""
        end = time.perf_counter() + seconds
        try:
            with self.lock, one_blas_thread:
                for snapshot in self.source:
                    self.snapshots.append(snapshot)
                    if time.perf_counter() > end:
                        return
        except Cancelled:
            return
        self.finished = True

    def has_moved_rows(self):
        """Return whether rows are not where the lesson has put them."""
        return self.X is not self.picture.given[0] or self.y is not self.picture.given[1]

    def so_far(self):
        """Return what is trained by now."""
        return Run(list(self.snapshots), optimizer=self.settings.optimizer)


class TrainingPanel(LivePanel):
    """Sliders for a model's training, its picture, and a sentence that says what it shows.

    Parameters
    ----------
    picture : LossPicture, or mapping of str to them
        What to train and how to show it, any of `gdutils.panel`. Of several, the learner chooses one by its
        name; the first is shown at the start.
    optimizer
        Any of `gdutils.optimizers`, with the settings to begin with.
    batch_size : int, optional
        To begin with; None is the full batch.
    of_model : mapping of str to ipywidgets slider, optional
        Sliders for settings of the model's own, under the name of the setting, which begin at the value of
        the first model. They are this panel's: another one needs others.
    front : sequence of str, default ("optimizer",)
        Which controls are always seen beside learning rate, batch size and epochs, by their names: "data",
        "optimizer", "beta", or a setting of the model's own. The others are under More.
    random_state : int or numpy.random.RandomState, or mapping of names of data to them, default 0
        Every run starts from it again, so that runs differ by their settings alone. The generator that data
        were drawn from lets runs begin where the data have left it.
    code : str, or mapping of names of data to str, optional
        The lines that make X and y; one text alone is for the first data. With them, the lines shown as code
        give exactly the run. A generator in `random_state` is called `rng` there.
    extras : sequence, optional
        What asks something of the learner, see `LivePanel`.

    Attributes
    ----------
    run : LiveRun
        The newest run.

    Raises
    ------
    TypeError, ValueError
        If a setting is of the wrong kind or range.

    Examples
    --------
    >>> from gdutils.datasets import make_line
    >>> from gdutils.models import LinearRegression
    >>> from gdutils.panel import LinePicture
    >>> picture = LinePicture(LinearRegression(n_features=1), *make_line(), epochs=200)
    >>> panel = TrainingPanel(picture, SGD(lr=0.05))  # as the last line of a cell it is shown
    """

    def __init__(
        self,
        picture,
        optimizer,
        *,
        batch_size=None,
        of_model=None,
        front=("optimizer",),
        random_state=0,
        code="",
        extras=(),
    ):
        pictures = dict(picture) if isinstance(picture, Mapping) else {"": picture}
        states = random_state if isinstance(random_state, Mapping) else dict.fromkeys(pictures, random_state)
        self.starts = {name: deepcopy(states.get(name, 0)) for name in pictures}
        self.lines = code if isinstance(code, Mapping) else {next(iter(pictures)): code}
        self.optimizer, self.of_model = optimizer, dict(of_model or {})
        self.optimizers = OPTIMIZERS | {type(optimizer).__name__: type(optimizer)}
        self.newest = None
        several = len(pictures) > 1
        kinds = {type(each.model) for each in pictures.values()}
        what = "data" if len(kinds) == 1 else "model"
        data = widgets.Dropdown(options=list(pictures), description=what, **STRETCHED)
        kind = widgets.Dropdown(options=list(self.optimizers), description="optimizer", **STRETCHED)
        beta = widgets.FloatSlider(max=0.99, step=0.01, description="momentum β", **STRETCHED)
        size = widgets.IntSlider(min=1, description="batch size", **STRETCHED)
        seed = widgets.BoundedIntText(max=9_999, description="seed", **STRETCHED)
        epoch = widgets.IntSlider(description="epochs", **STRETCHED)
        for slider in self.of_model.values():
            slider.layout.width = "auto"
        rate, model = RateControl(), next(iter(pictures.values())).model
        named = {"data": data, **self.of_model, "optimizer": kind, "beta": beta, "lr": rate.number}
        named |= {"batch_size": size, "seed": seed}
        for name in dict.fromkeys(name for each in pictures.values() for name in each.start_names):
            named[f"start_{name}"] = widgets.FloatText(description=f"start {name}", step=0.1, **STRETCHED)
        named["epoch"] = epoch
        self.compare = button("Compare", "clone", "Draw others over this run", widgets.ToggleButton)
        others = [name for name in named if name not in {*front, "lr", "batch_size", "epoch"}]
        more = [self.compare, *(named[name] for name in others if name != "data" or several)]
        first = {name: getattr(model, name) for name in self.of_model}
        first |= {"optimizer": type(optimizer).__name__, "beta": getattr(optimizer, "beta", 0.9)}
        first |= {name: 0.0 for name in named if name.startswith("start_")}
        first |= {"lr": optimizer.lr, "batch_size": batch_size or END}
        super().__init__(pictures, named, first, rate, [size, *(named[name] for name in front)], more, extras)
        self.controls.of_model, self.controls.compare = self.of_model, self.compare
        self.compare.observe(self._on_compare, "value")

    def fit(self):
        """Take the rows of the picture, and let the sliders go to their number and to that of the epochs.

        Full stays full; a run opens where something is left to see.
        """
        picture, state = self.picture, self.starts[self.named["data"].value]
        self.X, self.y = picture.given
        picture.choose(None)
        size, n_samples = self.named["batch_size"], len(self.y)
        set_range(size, 1, n_samples, 1, n_samples if size.value == size.max else min(size.value, n_samples))
        set_range(self.position, 0, picture.epochs, 1, -(-picture.epochs // 10))
        self.named["seed"].value = self.own_seed = state if isinstance(state, int) else 0

    def follow(self, grip, pixel):
        """Do what a pointer asks for: begin elsewhere, move a row, or choose a cell."""
        point = grip.at(pixel)
        if grip.kind == "cell":
            self.picture.choose(point)
            self._draw()
            return
        if grip.kind == "start":
            starts = {f"start_{name}": v for name, v in zip(self.picture.start_names, point, strict=True)}
            self._set(
                lambda: [self.named[name].set_trait("value", float(f"{v:.3g}")) for name, v in starts.items()]
            )
        else:
            with self.lock:
                self.picture.use(self.X, self.y)
                self.X, self.y = self.picture.moved(grip.row, point)
        self._start()

    def read(self):
        """Return the settings that the controls ask for; a ValueError says what is wrong with one."""
        values = {name: widget.value for name, widget in self.named.items()}
        kind = self.optimizers[values["optimizer"]]
        # Settings without a control stay as they are; a browser may give 0.9 back as 0.9000000000000001.
        optimizer = self.optimizer if kind is type(self.optimizer) else kind()
        shown = {"lr": values["lr"], "beta": round(values["beta"], 6)}
        optimizer = replace(optimizer, **{f.name: shown[f.name] for f in fields(kind) if f.name in shown})
        # What the sentence says is what is trained: a logarithmic slider's numbers have no end of digits.
        of_model = {name: values[name] for name in self.of_model}
        of_model |= {name: float(f"{v:.4g}") for name, v in of_model.items() if not isinstance(v, int)}
        seed = None if values["seed"] == self.own_seed else values["seed"]
        start = tuple(value for name, value in values.items() if name.startswith("start_"))
        return Settings(
            values["data"], optimizer, values["batch_size"], of_model, seed, start if any(start) else None
        )

    def begin(self):
        """Begin the run that the controls ask for; return whether it is still wanted."""
        self.newest = ticket = object()
        settings = self.read()
        has_beta, beta = "beta" in vars(settings.optimizer), self.named["beta"]
        beta.layout.display = "" if has_beta else "none"
        beta.description = "decay β" if self.named["optimizer"].value == "RMSprop" else "momentum β"
        start = self.starts[settings.data] if settings.seed is None else settings.seed
        run = LiveRun(settings, self.pictures[settings.data], self.X, self.y, start)
        run.rate = largest_stable_lr(run.model, run.X, settings.optimizer, settings.batch_size)
        with self.lock:
            if self.newest is ticket:  # no other thread was asked for newer settings meanwhile
                self.stop()
                self.run = run
            return self.newest is ticket

    def advance(self, *, first):
        """Train for a slice of time, and draw what is trained as often as a browser can show it."""
        run = self.run
        few = len(run.y) <= FEW_ROWS
        run.advance((FIRST_SLICE if few else 0) if first else SLICE)
        run.next_breath = 0.0
        due = first or not self.is_busy() or time.perf_counter() > self.drawn + FRAME
        if due and self.run is run:
            self._draw()

    def is_busy(self):
        """Return whether a run is under way."""
        return self.run is not None and not (self.run.finished or self.run.cancelled)

    def stop(self):
        """Cancel the run that is under way."""
        if self.run is not None:
            self.run.cancelled = True

    @property
    def moved(self):
        """Whether the start or a row is not the lesson's own."""
        return self.run.settings.start is not None or self.run.has_moved_rows()

    def finished(self):
        """Return the newest run and its settings, once it is trained to its end."""
        return (self.run.so_far(), self.run.settings) if self.run.finished else None

    def render(self):
        """Return the picture of the newest run, its headline, its sentence, and the mark of the rate."""
        live, run, picture = self.run, self.run.so_far(), self.run.picture
        optimizer, last = live.settings.optimizer, len(run.losses) - 1
        epoch, lines, beside = min(self.position.value, last), None, ""
        if self.kept is not None and self.kept[0].picture is picture:
            kept, losses, lines = self.kept
            beside = f"In gray: {self.name(kept)}, loss {losses[min(epoch, len(losses) - 1)]:.4g}."
        picture.live.compare(lines)
        picture.use(live.X, live.y)
        picture.update(live.model, run, epoch)
        training = f" (training, epoch {last} of {picture.epochs})" if self.is_busy() else ""
        text = f"Epoch {epoch} of {picture.epochs}{training}: {picture.caption(live.model, run, epoch)}."
        headline, advice = verdict(live.rate, run, optimizer)
        sentences = filter(None, [text, advice, beside])
        return picture.live.png(), headline, " ".join(sentences), mark(live.rate, run, optimizer)

    def name(self, run):
        """Name the settings of a run."""
        settings, n_samples = run.settings, len(run.y)
        size = settings.batch_size
        last = f" (the last of {n_samples % size})" if n_samples % size else ""
        words = [repr(settings.optimizer), "full batch" if size == n_samples else f"batches of {size}{last}"]
        if settings.seed is not None:
            words.append(f"seed {settings.seed}")
        if settings.start is not None:
            words.append(f"from {settings.start}".replace("-", "−"))
        for name, value in settings.of_model.items():
            words.append(f"{self.of_model[name].description or name} {value:.4g}")
        return ", ".join(words)

    def code(self):
        """Return the lines that make the data and train as the newest run."""
        run, settings, epochs = self.run, self.run.settings, self.run.picture.epochs
        lines = [self.lines.get(settings.data) or "# X and y (and rng) are those of the lesson."]
        if run.has_moved_rows():
            lines.append("X, y = panel.X, panel.y  # rows were moved; `panel` is what you call this panel")
        state = run.random_state
        if not isinstance(state, int):
            state = "rng"
            lines.append("# The start is drawn from rng, too, where the data have left it.")
        how = f"epochs={epochs}, batch_size={settings.batch_size}, random_state={state}"
        how += f", params={run.params}" if run.params else ""
        lines += [f"model = models.{run.model!r}", f"optimizer = optimizers.{settings.optimizer!r}"]
        lines += [f"run = train(model, X, y, optimizer, {how})"]
        lines += [f"run.losses[{self.position.value if self.position.value < epochs else -1}]"]
        return "\n".join([IMPORTS, *lines])

    def _on_compare(self, change):
        """Let the newest run stay in the picture, as far as it is trained, or take it away."""
        with self.lock:
            self.kept = None
            self._respond(self._draw)  # another panel may have drawn in this picture since
            if change["new"]:
                self.kept = self.run, self.run.so_far().losses, self.run.picture.live.shown()
        self._respond(self._draw)

    def reset(self):
        """Bring back the first settings; no run stays in the picture."""
        self.compare.value = False
        super().reset()
