"""The live panel for training: sliders, a picture that follows them, and a sentence that says what it shows.

A move of a slider meets these pieces in turn: `Controls` are the widgets, `Settings` what they stand for,
`LiveRun` the training under way, a picture shows it, and `TrainingPanel` brings that to the screen, as any
`LivePanel` does.

Why it is built so. In JupyterLab a callback runs beside the cells, on another thread, so nothing here
touches pyplot. The newest setting wins: a run that takes long is trained in slices, on a thread that ends
with it, and each slice first asks whether its run is still the one wanted. Long runs are drawn as they
train.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from copy import deepcopy
from dataclasses import replace
from typing import Any, NamedTuple

import ipywidgets as widgets

from gdutils.as_code import AsCode, Code, by_data, of_training
from gdutils.canvas import DRAWING
from gdutils.checks import brief, check_count
from gdutils.closer import Closer
from gdutils.controls import OPTIMIZERS, Controls, check_sliders
from gdutils.figures import Data
from gdutils.limits import judge, point_out, point_out_here
from gdutils.live import FRAME, Extra, LivePanel, by_name, check_extras, set_named
from gdutils.made_data import NAMES, Made, Source
from gdutils.optimizers import SGD
from gdutils.pictures import Picture
from gdutils.runs import Abandoned, LiveRun, Paced, Settings
from gdutils.training import Params, Run, descend

__all__ = ["TrainingPanel"]

# Seconds. A run as short as the first slice is drawn once.
FIRST_SLICE = 0.008
SLICE = 0.012

# Of more rows, an epoch may take longer than the first slice, and it cannot be cut short for a drawing.
FEW_ROWS = 2_000
PATIENCE = 0.3  # seconds until a bar tells how far a run is: after less, it would only flash
PROGRESS = 100  # parts of the bar, and so the messages it takes


class Kept(NamedTuple):
    """A run that stays in the picture while others are drawn over it."""

    run: LiveRun
    losses: list[float]
    data: Data


class TrainingPanel(LivePanel):
    """Sliders for a model's training, its picture, and a sentence that says what it shows.

    Parameters
    ----------
    picture : Picture or Made, or mapping of str to them
        What to train and how to show it, any of `gdutils.pictures`, or `Made` of data that the learner can
        make anew. Of several, the learner chooses one by its name; the first is shown at the start.
    optimizer
        Any of `gdutils.optimizers`, with the settings to begin with.
    batch_size : int, optional
        To begin with; None is the full batch.
    of_model : mapping of str to ipywidgets slider, optional
        Sliders for settings of the model's own, under the name of the setting, which begin at the value of
        the first model. They are this panel's: another one needs others.
    random_state : int, numpy.random.RandomState or None, default 0
        Every run starts from it anew, so that runs differ by their settings alone; where the data come
        with the generator that they are drawn from, runs begin where it is left.
    code : str or function, or mapping of str to them, optional
        The lines that make X and y, or a function that returns them, by the names of the data; one alone is
        for the first. With them, the lines shown as code give exactly the run. A generator in `random_state`
        is called `rng` there.
    extras : sequence of Extra, optional
        What is folded below the other controls, such as `Predictions` and `Challenges`; this panel's alone.

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
        picture: Picture | Made | Mapping[str, Picture | Made],
        optimizer: Any,
        *,
        batch_size: int | None = None,
        of_model: Mapping[str, widgets.Widget] | None = None,
        random_state: Any = 0,
        code: Code | Mapping[str, Code] | None = None,
        extras: Sequence[Extra] = (),
    ) -> None:
        if type(optimizer) not in OPTIMIZERS:
            right = f"one of gdutils.optimizers, such as {SGD(lr=0.05)!r}"
            raise TypeError(f"optimizer must be {right}, got {brief(optimizer)}")
        given = by_name(picture, (Picture, Made), "one of gdutils.pictures, or Made of them")
        extras = check_extras(extras)
        lines = by_data(code, given)
        self.sources = {name: Source(each, random_state, lines[name]) for name, each in given.items()}
        data, first = next(iter(self.pictures.items()))
        batch_size = len(first.y) if batch_size is None else batch_size
        check_count("batch_size", batch_size, minimum=1, maximum=len(first.y))
        of_model = of_model or {}
        for each in self.pictures.values():
            check_sliders(of_model, each.model)
        settings = Settings(
            data, optimizer, batch_size, {name: getattr(first.model, name) for name in of_model}
        )
        self.kept: dict[str, Kept] = {}  # by the data
        controls = self.controls = Controls(settings, self.sources, of_model)
        # Hidden, not removed, while nothing is under way, so that nothing below it jumps.
        # As thin as it can be: 8 of the 14 pixels are padding.
        thin = {"width": "840px", "max_width": "100%", "height": "14px", "margin": "0 2px"}
        self.progress = widgets.IntProgress(
            max=PROGRESS, tooltip="how much of the run is trained", layout={"visibility": "hidden"} | thin
        )
        front = widgets.VBox([controls.front(), self.progress])
        extras = [Closer(), *extras, AsCode(of_training)]
        super().__init__(front, controls.more(), extras, controls.player, controls.reset)
        self._told = 0.0  # when the bar was last set
        self._setting = False  # several widgets are being set at once
        self._newest = object()  # stands for the newest settings asked for
        self._complaint = ""  # about settings that could not be trained
        self._trainer: threading.Thread | None = None

        self._train()
        controls.observe_settings(self._on_settings)
        for widget in (controls.epoch, controls.scale):
            widget.observe(self._on_look, "value")
        controls.keep.on_click(lambda _: self._respond(self._keep))
        controls.forget.on_click(lambda _: self._respond(self._forget))

    @property
    def pictures(self) -> dict[str, Picture]:
        """What the data look like now, by their names."""
        return {name: source.stage.picture for name, source in self.sources.items()}

    # What the learner does

    def _on_settings(self, _: Any) -> None:
        if not self._setting and not self.controls.fitting:
            self.own = True
            self._respond(self._train)

    def _on_look(self, _: Any) -> None:
        if not self._setting and not self.controls.fitting:
            self._respond(self._draw)

    def _keep(self) -> None:
        """Keep the newest run in the picture, as far as it is trained."""
        with self._lock, DRAWING:
            self._draw()  # another panel may have drawn in this picture since
            run, figure = self.run, self.run.picture.live
            self.kept[run.settings.data] = Kept(
                run, [snapshot.loss for snapshot in run.snapshots], figure.shown()
            )
        self._draw()

    def _forget(self) -> None:
        self.kept.pop(self.run.settings.data, None)
        self._draw()

    def _restore(self) -> None:
        self.kept.clear()
        super()._restore()

    def _set(self, values: Mapping[str, Any]) -> None:
        self._setting = True
        try:
            self.controls.show(self.controls.defaults)
            set_named(self.controls.named, values)
        finally:
            self._setting = False
        self._train()

    def finished(self) -> tuple[Run, Settings] | None:
        """Return the newest run and its settings, once it is trained to its end."""
        return (self.run.so_far(), self.run.settings) if self.run.finished else None

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
            kept = self.kept.get(run.settings.data)
            if kept is not None and kept.run.picture is not run.picture:  # a run on other data
                del self.kept[run.settings.data]
        if len(run.picture.y) <= FEW_ROWS:
            run.advance(FIRST_SLICE)
        self._draw()
        self._show_progress(run, over=run.finished)
        if not run.finished and self.run is run:
            self._trainer = self._in_background(self._finish, run)

    def _begin(self) -> LiveRun:
        """Return the run of the present settings, not yet trained."""
        settings = self.controls.read()
        stage = self.sources[settings.data].stage
        picture = stage.picture
        model = replace(picture.model, **settings.of_model)
        pace = Paced(settings.optimizer)
        snapshots = descend(
            model,
            picture.X,
            picture.y,
            pace,
            epochs=picture.epochs,
            batch_size=settings.batch_size,
            random_state=deepcopy(stage.random_state) if settings.seed is None else settings.seed,
        )
        return LiveRun(settings, model, stage, pace, snapshots)

    def _finish(self, run: LiveRun) -> None:
        """Train the rest of a long run, and draw it as often as a browser can show it."""
        drawn, run.pace.on_breath = time.perf_counter(), lambda: self._show_progress(run)
        try:
            while self.run is run and not (run.finished or run.pace.abandoned):
                run.advance(SLICE)
                if self.run is run and (run.finished or time.perf_counter() - drawn > FRAME):
                    self._draw()
                    drawn = time.perf_counter()
        finally:
            self._show_progress(run, over=True)

    def _show_progress(self, run: LiveRun, *, over: bool = False) -> None:
        """Set the bar to where the newest run is; it shows when one takes long, until that is over.

        Each message takes the page a few milliseconds, so none is sent for a bar that is out of sight, nor
        more often than there are pictures.
        """
        now, bar = time.perf_counter(), self.progress
        with self._lock:
            if self.run is not run:
                return
            seen = bar.layout.visibility == "visible"
            if over and seen:
                bar.value, bar.layout.visibility = int(run.share * PROGRESS), "hidden"
            elif not over and (seen or now - run.began > PATIENCE) and now - self._told > FRAME:
                bar.value, bar.layout.visibility, self._told = int(run.share * PROGRESS), "visible", now

    def _draw(self) -> None:
        """Bring the newest run to the screen, at the epoch chosen."""
        with self._lock:
            live, kept = self.run, self.kept.get(self.run.settings.data)
            run = live.so_far()
            epoch = min(self.controls.epoch.value, len(run.losses) - 1)
            with DRAWING:  # a picture may be shown by two panels
                figure = live.picture.live
                figure.rescale(self.controls.scale.value)
                if kept is None:
                    figure.keep(None)
                else:
                    names = [each.settings.name(len(live.picture.y)) for each in (kept.run, live)]
                    figure.keep(kept.data, (f"kept: {names[0]}", f"now: {names[1]}"))
                live.picture.update(live.model, run, epoch)
                self._show(figure.png())
                said = self._describe(live, run, epoch)
            if not self._complaint:
                self._say(said)
            self._mark(live, run, epoch)
            self._look()

    def _mark(self, live: LiveRun, run: Run, epoch: int) -> None:
        """Mark the largest stable learning rate; an estimate takes long, and waits until *More* is open."""
        limits = live.stage.limits
        if self.question:  # it would tell what is covered
            self.controls.rate.point_at(None)
        elif limits is not None:
            self.controls.rate.point_at(*point_out(limits, live.settings, len(live.picture.y)))
        elif not self.more.value:
            self.controls.rate.point_at(None)
        elif live.finished:  # until then, the estimate before stays
            self.errands.ask("limit", self._estimate, live, run.path[epoch])

    def _estimate(self, live: LiveRun, params: Params) -> None:
        """Mark the estimate of the largest stable learning rate, unless another is wanted by now."""

        def wanted() -> bool:
            outdated = self.question or self.errands.asked("limit")
            return self.run is live and self.more.value and not outdated

        with suppress(Abandoned):
            mark = point_out_here(live.settings, live.model, params, live.picture, wanted)
            if wanted():
                self.controls.rate.point_at(*mark)

    def wait(self, timeout: float = 60) -> None:
        """Wait until the newest run is trained and drawn; raise what went wrong in a callback."""
        if self._trainer is not None:
            self._trainer.join(timeout)
        super().wait()
        if not self.run.finished:
            raise TimeoutError(f"the run is not trained after {timeout} s")

    def close(self) -> None:
        """End the training too, see `LivePanel.close`."""
        if hasattr(self, "run"):
            self.run.pace.abandoned = True
        super().close()

    # Words

    def name_settings(self) -> str:
        """Say what `finished` was reached with."""
        data = f" on {self.run.settings.data}" if len(self.pictures) > 1 else ""
        return f"{self._name(self.run)}{data}"

    def _name(self, live: LiveRun) -> str:
        own = "".join(
            f", {self.controls.of_model[name].description or name} {value:.4g}"
            for name, value in live.settings.of_model.items()
        )
        made = "".join(f", {NAMES[name]} {value:.4g}" for name, value in live.settings.of_data.items())
        return f"{live.settings.name(len(live.picture.y))}{own}{made}"

    def _describe(self, live: LiveRun, run: Run, epoch: int) -> str:
        n_samples, last = len(live.picture.y), len(run.losses) - 1
        progress = "" if live.finished else f" ({last} trained so far)"
        kept = self.kept.get(live.settings.data)
        beside = ""
        if kept is not None:
            loss = kept.losses[min(epoch, len(kept.losses) - 1)]
            beside = f"Kept: {kept.run.settings.name(n_samples)}, loss {loss:.4g}."
        sentences = [
            f"Epoch {epoch} of {live.picture.epochs}{progress} with {self._name(live)}: "
            f"{live.picture.words(live.model, run, epoch)}.",
            judge(live.settings, live.stage.limits, n_samples, run),
            beside,
        ]
        return " ".join(sentence for sentence in sentences if sentence)

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any]:
        """Save the picture of the whole run."""
        if self._trainer is not None:
            self._trainer.join(10)
        return super()._repr_mimebundle_(**kwargs)
