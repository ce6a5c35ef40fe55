"""The widgets of a panel that trains, and the settings they stand for.

In front are the three sliders that every run has, and play. All else is folded under *More*, and what a panel
does not use is not there at all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from typing import Any

import ipywidgets as widgets
import numpy as np

from gdutils.live import Player, RateControl, button, row
from gdutils.made_data import Source, fit_sliders, make_sliders, read_sliders
from gdutils.optimizers import SGD, AdaGrad, Adam, Momentum, Nesterov, RMSprop
from gdutils.pictures import Picture
from gdutils.runs import Settings

__all__ = ["OPTIMIZERS", "Controls"]

OPTIMIZERS = (SGD, Momentum, Nesterov, AdaGrad, RMSprop, Adam)
OF_DATA = ("n_features", "n_classes", "n_users", "n_items")  # what the data decide, and no slider
LARGEST_SEED = 9_999


class Controls:
    """The widgets of a panel, and the settings they stand for."""

    def __init__(
        self, defaults: Settings, sources: Mapping[str, Source], of_model: Mapping[str, widgets.Widget]
    ) -> None:
        self.defaults, self.sources, self.of_model = defaults, sources, of_model
        first = sources[defaults.data].stage.picture
        n_samples, epochs = len(first.y), first.epochs
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
        self.data = widgets.Dropdown(options=list(sources), description="data", **wide)
        self.of_data = make_sliders(sources)
        for slider in of_model.values():
            slider.style.description_width, slider.layout.width = "96px", "400px"
        self.player = Player(self.epoch)
        self.play = self.player.play
        self.reset = button("Reset", "undo", "Back to the first settings")
        # An own seed is a choice; without one, a run begins as the lesson's own.
        self.reseed = widgets.Checkbox(
            value=False, description="another start and order of the rows, seed", indent=False,
            layout={"width": "auto", "margin": "2px 2px 2px 12px"},
        )  # fmt: skip
        self.seed = widgets.BoundedIntText(
            value=0, min=0, max=LARGEST_SEED, disabled=True, tooltip="seed", layout={"width": "86px"}
        )
        self.scale = widgets.ToggleButtons(
            options=[("logarithmic", "log"), ("linear", "linear")],
            style={"button_width": "100px"}, layout={"width": "230px"},
        )  # fmt: skip
        self.keep = button("Keep", "thumb-tack", "Keep this run, and draw the next ones over it")
        self.forget = button("Forget", "times", "Take the run that was kept away")
        self.reseed.observe(lambda change: setattr(self.seed, "disabled", not change["new"]), "value")
        self.optimizer.observe(lambda change: self._show_beta(change["new"]), "value")
        self.data.observe(lambda _: self._fit(), "value")
        for slider in self.of_data.values():
            slider.observe(lambda _: self._make(), "value")
        # By the names that a question uses; those whose range the data decide come after them.
        self.named: dict[str, Any] = {
            "data": self.data,
            **self.of_data,
            **of_model,
            "optimizer": self.optimizer,
            "beta": self.beta,
            "lr": self.lr,
            "batch_size": self.batch_size,
            "reseed": self.reseed,
            "seed": self.seed,
            "scale": self.scale,
            "epoch": self.epoch,
        }
        self.fitting = False  # the ranges are being changed to those of other data
        self.refused: Exception | None = None  # why there are no data as the sliders want them
        self.show(defaults)

    def _show_beta(self, kind: type) -> None:
        has_beta = "beta" in {setting.name for setting in fields(kind)}
        self.beta.description = "decay β" if kind is RMSprop else "momentum β"
        # Hidden, not removed, so that nothing below it jumps.
        self.beta.layout.visibility = "visible" if has_beta else "hidden"

    @property
    def picture(self) -> Picture:
        """What the data chosen look like now."""
        return self.sources[self.data.value].stage.picture

    def _make(self) -> None:
        """Make the data anew as the sliders want them; if that fails, `read` will say so."""
        if self.fitting:
            return
        source = self.sources[self.data.value]
        try:
            source.make(read_sliders(self.of_data, source))
            self.refused = None
        except (TypeError, ValueError) as error:
            self.refused = error
        self._fit_rows()

    def _fit(self) -> None:
        """Give the sliders the range that other data need."""
        self.fitting, self.refused = True, None
        try:
            fit_sliders(self.of_data, self.sources[self.data.value])
        finally:
            self.fitting = False
        self._fit_rows()
        self.scale.value = self.picture.live.first_scale

    def _fit_rows(self) -> None:
        """Let the batch size go to the number of rows, and the epochs to theirs; full stays full."""
        full, at_end = self.batch_size.value == self.batch_size.max, self.epoch.value == self.epoch.max
        picture, self.fitting = self.picture, True
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
        for source in self.sources.values():
            source.make(source.first)
        self._fit()
        for name, slider in self.of_model.items():
            slider.value = settings.of_model[name]
        optimizer = settings.optimizer
        self.optimizer.value = type(optimizer)
        self._show_beta(type(optimizer))
        self.beta.value = getattr(optimizer, "beta", Momentum.beta)
        self.lr.value = optimizer.lr
        self.batch_size.value = settings.batch_size
        self.reseed.value = settings.seed is not None
        self.scale.value = self.picture.live.first_scale
        self.epoch.value = self.epoch.max

    def read(self) -> Settings:
        """Return the settings the widgets stand for; a ValueError says what is wrong with one."""
        if self.refused is not None:
            raise self.refused
        kind = self.optimizer.value
        first = self.defaults.optimizer
        optimizer = first if kind is type(first) else kind()  # settings without a control stay as they are
        # A browser may give 0.9 back as 0.9000000000000001.
        shown = {"lr": self.lr.value, "beta": round(self.beta.value, 6)}
        values = {setting.name: shown[setting.name] for setting in fields(kind) if setting.name in shown}
        of_model = {}
        for name, slider in self.of_model.items():
            start, value = self.defaults.of_model[name], slider.value
            # What the sentence says is what is trained: a logarithmic slider's numbers have no end of digits.
            rounded = value if isinstance(value, int) else float(f"{value:.3g}")
            of_model[name] = start if np.isclose(value, start, rtol=1e-9) else rounded
        seed = self.seed.value if self.reseed.value else None
        data, optimizer = self.data.value, replace(optimizer, **values)
        of_data = self.sources[data].changed
        return Settings(data, optimizer, self.batch_size.value, of_model, seed, of_data)

    def observe_settings(self, callback: Callable[[Any], None]) -> None:
        """Call back when a run has to be trained again."""
        for widget in (
            self.data,
            self.lr,
            self.batch_size,
            self.optimizer,
            self.beta,
            self.reseed,
            self.seed,
            *self.of_data.values(),
            *self.of_model.values(),
        ):
            widget.observe(callback, "value")

    def front(self) -> widgets.Box:
        """Return what is always seen, in the order in which the Tab key visits it."""
        rate = widgets.VBox([widgets.HBox([self.lr_slider, self.lr]), self.rate.mark])
        return widgets.VBox([row(rate, self.batch_size), row(self.epoch, self.play)])

    def more(self) -> list[widgets.Box]:
        """Return the rows of all else."""
        own = [*([self.data] if len(self.sources) > 1 else []), *self.of_model.values()]
        rows = [
            row(self.player.rewind, self.player.step, self.player.speed, self.reset),
            row(self.optimizer, self.beta),
            row(*own) if own else None,
            row(*self.of_data.values()) if self.of_data else None,
            row(widgets.HBox([self.reseed, self.seed])),
            # ipywidgets would set the label of toggle buttons above them.
            row(widgets.HBox([widgets.Label("loss axis"), self.scale]), self.keep, self.forget),
        ]
        return [each for each in rows if each is not None]


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
