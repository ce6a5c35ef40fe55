"""The live panel for functions: a start, a learning rate, and the ways that optimizers take from there.

`DescentControls` are the widgets, `Descent` what they stand for, and `DescentPanel` walks and draws. A walk
takes a few milliseconds, so every move of a control is answered at once, and no thread is needed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from typing import Any

import ipywidgets as widgets
import numpy as np

from gdutils.as_code import AsCode, of_descent
from gdutils.canvas import DRAWING
from gdutils.descent_pictures import DescentPicture, Walk, labels
from gdutils.limits import round_down
from gdutils.live import (
    Extra,
    LivePanel,
    Player,
    RateControl,
    button,
    by_name,
    check_extras,
    row,
    set_named,
    set_range,
)
from gdutils.optimizers import SGD, Momentum, Nesterov
from gdutils.training import check_optimizer

__all__ = ["DescentPanel"]

ROLLING = (Momentum, Nesterov)  # whose beta is the one of the momentum slider


@dataclass(frozen=True)
class Descent:
    """What the walks depend on; None stands for an optimizer that is switched off."""

    function: str
    start: tuple[float, ...]
    optimizers: tuple[Any, ...]


class DescentControls:
    """The widgets of a panel, and the descent they stand for."""

    def __init__(self, pictures: Mapping[str, DescentPicture], optimizers: Sequence[Any]) -> None:
        self.pictures, self.optimizers = pictures, optimizers
        wide = {"style": {"description_width": "96px"}, "layout": {"width": "400px"}}
        self.rate = RateControl()
        self.lr_slider, self.lr = self.rate.slider, self.rate.number
        # The ends come later, with the function.
        self.start = [widgets.FloatSlider(min=-1e9, max=1e9, readout_format=".2f", **wide) for _ in range(2)]
        self.step = widgets.IntSlider(min=0, max=1, description="steps", **wide)
        self.beta = widgets.FloatSlider(min=0, max=0.99, step=0.01, description="momentum β", **wide)
        self.function = widgets.Dropdown(options=list(pictures), description="function", **wide)
        narrow = {"indent": False, "layout": {"width": "auto", "margin": "0 14px 0 0"}}
        self.switches = [
            widgets.Checkbox(value=True, description=name, **narrow) for name in labels(optimizers)
        ]
        if len(optimizers) == 1:
            self.switches = []  # nothing to choose
        self.player = Player(self.step)
        # By the names that a question uses; those with a range of the function's come after it.
        self.named: dict[str, Any] = {
            "function": self.function,
            **dict(zip(("x", "y"), self.start, strict=True)),
            "lr": self.lr,
            "beta": self.beta,
            **{switch.description: switch for switch in self.switches},
            "step": self.step,
        }
        self.play, self.reset = self.player.play, button("Reset", "undo", "Back to the first settings")
        self.busy = False  # several widgets are being set at once
        self.restore()

    @property
    def picture(self) -> DescentPicture:
        """The picture of the function chosen."""
        return self.pictures[self.function.value]

    def restore(self) -> None:
        """Bring back the first settings."""
        self.busy = True
        try:
            self.function.value = next(iter(self.pictures))
            self.beta.value = next((each.beta for each in self.optimizers if type(each) in ROLLING), 0.9)
            for switch in self.switches:
                switch.value = True
        finally:
            self.busy = False
        self.fit()

    def show(self, values: Mapping[str, Any]) -> None:
        """Set some of the widgets, by their names; a ValueError says what is wrong."""
        self.busy = True
        try:
            set_named(self.named, {name: value for name, value in values.items() if name == "function"})
            self.fit()
            self.busy = True
            set_named(self.named, values)
        finally:
            self.busy = False

    def fit(self) -> None:
        """Give the sliders the start, the range and the length that suit the function."""
        picture = self.picture
        self.busy = True
        try:
            for slider, (low, high), value in zip(
                self.start, picture.function.limits, picture.start, strict=False
            ):
                set_range(slider, low, high, round_step(high - low), value)
            one = picture.n_variables == 1
            self.start[0].description = "start" if one else f"start {picture.names[0]}"
            self.start[1].description = f"start {picture.names[-1]}"
            self.start[1].layout.visibility = "hidden" if one else "visible"  # nothing below it jumps
            set_range(self.step, 0, picture.steps, 1, picture.steps)
            self.lr.value = self.optimizers[0].lr if picture.lr is None else picture.lr
        finally:
            self.busy = False

    def read(self) -> Descent:
        """Return the descent the widgets stand for; a ValueError says what is wrong with one."""
        lr, first = self.lr.value, self.optimizers[0].lr
        SGD(lr=lr)  # says what is wrong with a rate
        chosen = []
        on = [switch.value for switch in self.switches] or [True]
        for shown, optimizer in zip(on, self.optimizers, strict=True):
            changes = {"lr": float(f"{lr * (optimizer.lr / first):.6g}")}
            if type(optimizer) in ROLLING:
                changes["beta"] = round(self.beta.value, 6)  # a browser may give 0.9000000000000001
            chosen.append(replace(optimizer, **changes) if shown else None)
        # In the browser a slider comes to rest on a step, beside the picture's own start: that is no move.
        start = tuple(
            float(own) if abs(slider.value - own) < 0.51 * slider.step else slider.value
            for slider, own in zip(self.start, self.picture.start, strict=False)
        )
        return Descent(self.function.value, start, tuple(chosen))

    def front(self) -> widgets.Box:
        """Return what is always seen, in the order in which the Tab key visits it."""
        rate = widgets.VBox([widgets.HBox([self.lr_slider, self.lr]), self.rate.mark])
        has_y = any(picture.n_variables > 1 for picture in self.pictures.values())
        starts = widgets.VBox(self.start if has_y else self.start[:1])
        return widgets.VBox([row(rate, starts), row(self.step, self.play)])

    def more(self) -> list[widgets.Box]:
        """Return the rows of all else."""
        has_beta = any(type(each) in ROLLING for each in self.optimizers)
        own = [*([self.function] if len(self.pictures) > 1 else []), *([self.beta] if has_beta else [])]
        rows = [row(self.player.rewind, self.player.step, self.player.speed, self.reset)]
        rows += [row(*own)] if own else []
        margin = {"flex_flow": "row wrap", "margin": "0 0 0 12px"}
        rows += [widgets.Box(self.switches, layout=margin)] if self.switches else []
        return rows


class DescentPanel(LivePanel):
    """Sliders for walks on a function, their picture, and a sentence that says what it shows.

    Parameters
    ----------
    picture : CurvePicture or MapPicture, or mapping of str to them
        What to descend. Of several, the learner chooses one by its name; the first is shown at the start.
    optimizers : optimizer, or sequence of them
        Any of `gdutils.optimizers`, at most 7. The slider sets the learning rate of the first; the others
        keep their ratio to it. Of several, each can be switched off.
    extras : sequence of Extra, optional
        What is folded below the other controls, such as `Predictions` and `Challenges`; this panel's alone.

    Attributes
    ----------
    controls : DescentControls
        The widgets, for use from Python: ``panel.controls.lr.value = 0.3``.
    walks : list of Walk or None
        The newest walks; None where an optimizer is switched off.
    text : str
        The sentence under the picture.
    error : Exception or None
        What went wrong since the learner last moved a control; bad input is not meant.

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong kind or range.

    Examples
    --------
    >>> from gdutils.landscapes import Parabola
    >>> panel = DescentPanel(CurvePicture(Parabola(), start=10, steps=30), SGD(lr=0.1))
    >>> print(panel.text[:50])
    Step 30 of 30 from x = 10 with SGD(lr=0.1): x = 0.
    """

    walks: list[Walk | None]

    def __init__(
        self,
        picture: DescentPicture | Mapping[str, DescentPicture],
        optimizers: Any | Sequence[Any],
        *,
        extras: Sequence[Extra] = (),
    ) -> None:
        pictures = by_name(picture, DescentPicture, "a CurvePicture or a MapPicture")
        extras = check_extras(extras)
        self.optimizers = list(optimizers) if isinstance(optimizers, Sequence) else [optimizers]
        if not self.optimizers:
            raise ValueError("optimizers must hold at least one, got []")
        for each in self.optimizers:
            check_optimizer(each)
        self.pictures = {name: copy(each) for name, each in pictures.items()}  # another panel may show them
        for each in self.pictures.values():
            each.compose(self.optimizers)
        controls = self.controls = DescentControls(self.pictures, self.optimizers)
        extras = [*extras, AsCode(of_descent)]
        super().__init__(controls.front(), controls.more(), extras, controls.player, controls.reset)
        self._complaint = ""
        self._walk()
        for widget in (controls.lr, controls.beta, *controls.start, *controls.switches):
            widget.observe(self._on_settings, "value")
        controls.function.observe(self._on_function, "value")
        controls.step.observe(self._on_step, "value")

    # What the learner does

    def _on_settings(self, _: Any) -> None:
        if not self.controls.busy:
            self.own = True
            self._respond(self._walk)

    def _on_function(self, _: Any) -> None:
        if not self.controls.busy:
            self.own = True
            self._respond(self._choose)

    def _on_step(self, _: Any) -> None:
        if not self.controls.busy:
            self._respond(self._draw)

    def _choose(self) -> None:
        self.controls.fit()
        self._walk()

    def _set(self, values: Mapping[str, Any]) -> None:
        self.controls.restore()
        self.controls.show(values)
        self._walk()

    def finished(self) -> tuple[list[Walk], Descent]:
        """Return the newest walks that are switched on, and what they depend on."""
        return [each for each in self.walks if each is not None], self.descent

    # Walking and drawing

    def _walk(self) -> None:
        """Walk anew from the present settings, and draw it."""
        with self._lock:
            try:
                descent = self.controls.read()
            except (TypeError, ValueError) as error:
                self._complaint = f"Not walked: {error}. The picture shows the walk before."
                self._say(self._complaint, warning=True)
                return
            picture = self.pictures[descent.function]
            start = picture.point(descent.start)
            self.walks = [
                None if each is None else Walk.of(picture.function, each, start, picture.steps)
                for each in descent.optimizers
            ]
            self.descent, self._complaint = descent, ""
            self._mark()
            self._draw()

    def _draw(self) -> None:
        """Bring the newest walks to the screen, at the step chosen."""
        with self._lock:
            picture, step = self.pictures[self.descent.function], self.controls.step.value
            step = min(step, picture.steps)
            with DRAWING:
                picture.update(self.walks, step)
                self._show(picture.live.png())
            if not self._complaint:
                self._say(self._describe(picture, step))
            self._look()

    # Words

    def _limit(self, optimizer: Any) -> float | None:
        """Return the largest stable learning rate, where function and optimizer know of one."""
        curvature = getattr(self.pictures[self.descent.function].function, "curvature", None)
        if curvature is None or not hasattr(optimizer, "largest_stable_lr"):
            return None
        return float(optimizer.largest_stable_lr(curvature))

    def _mark(self) -> None:
        """Mark the limit of the optimizer whose rate the slider shows."""
        first = None if self.question else self.descent.optimizers[0]
        limit = None if first is None else self._limit(first)
        name = labels(self.optimizers)[0] if len({type(each) for each in self.optimizers}) > 1 else ""
        words = "" if limit is None else f"{name} stable below {round_down(limit, 3)}".strip()
        self.controls.rate.point_at(limit, words)

    def name_settings(self) -> str:
        """Say what `finished` was reached with."""
        descent = self.descent
        rate = f"learning rate {self.controls.lr.value:.6g}"
        rolls = any(type(each) in ROLLING for each in descent.optimizers if each is not None)
        beta = f", β {self.controls.beta.value:.2g}" if rolls else ""
        function = f" on {descent.function}" if len(self.pictures) > 1 else ""
        return f"{rate}{beta}, from {self._start(self.pictures[descent.function])}{function}"

    def _start(self, picture: DescentPicture) -> str:
        at = [f"{value:.4g}".replace("-", "−") for value in self.descent.start]
        return f"{picture.names[0]} = {at[0]}" if len(at) == 1 else f"({at[0]}, {at[1]})"

    def _describe(self, picture: DescentPicture, step: int) -> str:
        shown = [each for each in self.descent.optimizers if each is not None]
        alone = len(self.optimizers) == 1
        how = f" with {shown[0]!r}" if alone else f", learning rate {self.controls.lr.value:.6g}"
        if not alone and any(type(each) in ROLLING for each in shown):
            how += f", β {self.controls.beta.value:.2g}"
        at = f"Step {step} of {picture.steps} from {self._start(picture)}"
        return f"{at}{how}: {picture.words(self.walks, step)}. {self._judge(alone)}".rstrip()

    def _judge(self, alone: bool) -> str:
        """Say which walks were lost, and whether the learning rate is a stable one."""
        picture = self.pictures[self.descent.function]
        walks = [each for each in self.walks if each is not None]
        if not walks:
            return ""
        lost = {picture.name(each.optimizer): each.lost_at(picture.ceiling) for each in walks}
        lost = {name: step for name, step in lost.items() if step is not None}
        words = []
        if lost and alone:
            (step,), end = lost.values(), walks[0].heights[-1]
            what = f"is {end:.3g} above its minimum" if np.isfinite(end) else "overflows"
            words.append(
                f"Diverged: from step {step} on f is higher than all that is drawn; in the end it {what}."
            )
        elif lost:
            steps = ", ".join(f"{name} from step {step} on" for name, step in lost.items())
            words.append(f"Diverged: {steps}.")
        first = walks[0].optimizer
        limit = self._limit(first)
        if limit is not None and alone:
            side = "below" if first.lr < limit else "at" if first.lr == limit else "above"
            stable = round_down(limit, 3)
            words.append(f"The learning rate {first.lr:.6g} is {side} the largest stable one, {stable}.")
        elif limit is not None:
            words.append(f"{type(first).__name__} is stable below a learning rate of {round_down(limit, 3)}.")
        return " ".join(words)


def round_step(span: float) -> float:
    """Return a step of 1, 2 or 5 times a power of ten, at least 200 of them to a span."""
    power = 10.0 ** np.floor(np.log10(span / 200))
    return float(power * max(digit for digit in (1, 2, 5) if digit * power <= span / 200 * (1 + 1e-9)))
