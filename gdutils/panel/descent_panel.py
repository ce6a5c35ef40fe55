"""The live panel for functions: a start, a learning rate, and the walks that optimizers take from there.

A walk takes a few milliseconds, so every move of a control is answered at once.
"""

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from types import SimpleNamespace

import ipywidgets as widgets
import numpy as np

from gdutils.optimizers import Momentum, Nesterov
from gdutils.panel.controls import STRETCHED, RateControl, box, set_range
from gdutils.panel.descent_pictures import Walk, labels, lowest
from gdutils.panel.live_panel import LivePanel
from gdutils.stability import StableRate, mark, verdict


@dataclass(frozen=True)
class Descent:
    """What the walks depend on; None stands for an optimizer that is switched off."""

    function: str
    start: tuple
    optimizers: tuple


class DescentPanel(LivePanel):
    """Sliders for walks on a function, their picture, and a sentence that says what it shows.

    Parameters
    ----------
    picture : CurvePicture or MapPicture, or mapping of str to them
        What to descend. Of several, the learner chooses one by its name; the first is shown at the start.
    optimizers : optimizer, or sequence of them
        Any of `gdutils.optimizers`, at most 7. The slider sets the learning rate of the first; the others
        keep their ratio to it. Of several, each can be switched off.
    front : sequence of str, default ("function",)
        Which controls are always seen beside learning rate and steps, by their names: "function" or "beta".
    extras : sequence, optional
        What asks something of the learner, see `LivePanel`.

    Attributes
    ----------
    walks : list of Walk or None
        The newest walks; None where an optimizer is switched off.
    descent : Descent
        What they depend on.

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong kind or range.

    Examples
    --------
    >>> from gdutils.landscapes import Parabola
    >>> from gdutils.optimizers import SGD
    >>> from gdutils.panel import CurvePicture, DescentPanel
    >>> panel = DescentPanel(CurvePicture(Parabola(), start=10, steps=30), SGD(lr=0.1))
    >>> print(panel.text[:41])
    Stable. Step 3 of 30: x = 5.12, f(x) = 26
    """

    def __init__(self, picture, optimizers, *, front=("function",), extras=()):
        given = dict(picture) if isinstance(picture, Mapping) else {"": picture}
        self.optimizers = list(optimizers) if isinstance(optimizers, Sequence) else [optimizers]
        pictures = {name: copy(each) for name, each in given.items()}  # another panel may show them, too
        for each in pictures.values():
            each.compose(self.optimizers)
        function = widgets.Dropdown(options=list(pictures), description="function", **STRETCHED)
        # Numbers, not sliders: a slider's page sends back the step that it rests on, and after a newer click.
        starts = [widgets.BoundedFloatText(min=-1e9, max=1e9, **STRETCHED) for _ in range(2)]
        beta = widgets.FloatSlider(max=0.99, step=0.01, description="momentum β", **STRETCHED)
        step = widgets.IntSlider(max=1, description="steps", **STRETCHED)
        names = labels(self.optimizers) if len(self.optimizers) > 1 else []  # else there is nothing to choose
        self.switches = {name: widgets.Checkbox(description=name, indent=False) for name in names}
        self.rolling = [each for each in self.optimizers if isinstance(each, Momentum | Nesterov)]
        rate = RateControl()
        named = {"function": function, "x": starts[0], "y": starts[1], "lr": rate.number, "beta": beta}
        usable = ["function"] * (len(pictures) > 1) + ["beta"] * bool(self.rolling) + ["x"]
        usable += ["y"] * any(len(each.names) > 1 for each in pictures.values())
        shown, more = ([named[n] for n in usable if (n in front) == first] for first in (True, False))
        more.append(box("switches", *self.switches.values()))
        first = dict.fromkeys(self.switches, True) | {"beta": self.rolling[0].beta if self.rolling else 0.9}
        super().__init__(pictures, named | self.switches | {"step": step}, first, rate, shown, more, extras)
        self.controls.start, self.controls.switches = starts, [*self.switches.values()]

    def fit(self):
        """Give the controls the start, the range and the length that suit the function."""
        picture = self.picture
        one = len(picture.names) == 1
        self.named["y"].layout.display = "none" if one else ""
        for name, axis, limits, value in zip(
            "xy", picture.names, picture.function.limits, picture.start, strict=False
        ):
            self.named[name].description = "start" if one else f"start {axis}"
            set_range(self.named[name], *limits, 10.0 ** np.floor(np.log10(np.ptp(limits) / 100)), value)
        set_range(self.position, 0, picture.steps, 1, -(-picture.steps // 10))
        self.named["lr"].value = picture.lr or self.optimizers[0].lr

    def follow(self, grip, pixel):
        """Begin where the pointer is, rounded as its number is."""
        for name, value in zip("xy"[: len(self.picture.names)], grip.at(pixel), strict=False):
            step = self.named[name].step
            self._set(setattr, self.named[name], "value", round(step * round(value / step), 9))
        self._start()

    def begin(self):
        """Walk as the controls ask for; a ValueError says what is wrong with one."""
        values, optimizers = {name: each.value for name, each in self.named.items()}, []
        for each in self.optimizers:
            changes = {"lr": float(f"{values['lr'] * (each.lr / self.optimizers[0].lr):.6g}")}
            if each in self.rolling:
                changes["beta"] = round(values["beta"], 6)  # a browser may give 0.9000000000000001
            optimizers.append(replace(each, **changes))
        for number, name in enumerate(self.switches):
            optimizers[number] = optimizers[number] if values[name] else None
        picture = self.pictures[values["function"]]
        start = [values[name] for name in "xy"[: len(picture.names)]]
        where = start if len(start) > 1 else start[0]
        walks = [each and Walk.of(picture.function, each, where, picture.steps) for each in optimizers]
        with self.lock:
            self.descent, self.walks = Descent(values["function"], tuple(start), tuple(optimizers)), walks
        return True

    def advance(self, *, first=False):
        """Draw: the walks are done."""
        self._draw()

    @property
    def moved(self):
        """Whether the start is not the lesson's own."""
        return self.descent.start != tuple(self.pictures[self.descent.function].start)

    def finished(self):
        """Return the newest walks that are switched on, and what they depend on."""
        return [each for each in self.walks if each is not None], self.descent

    def render(self):
        """Return the picture of the newest walks, their headline and sentence, and the mark of the rate."""
        picture, (walks, _) = self.pictures[self.descent.function], self.finished()
        step = min(self.position.value, picture.steps)
        picture.update(self.walks, step)
        self.beside.value = picture.table(self.walks, step)
        text = f"Step {step} of {picture.steps}: {picture.caption(self.walks, step)}."
        if not walks:
            return picture.live.png(), "", text, (None, "")
        # The first walk as a run; where the curvature differs from place to place, no rate is known.
        run, optimizer = SimpleNamespace(losses=walks[0].heights), walks[0].optimizer
        curvature = getattr(picture.function, "curvature", None)
        limit = None if curvature is None else optimizer.largest_stable_lr(curvature)
        rate = StableRate(limit, "none" if limit is None else "exact")
        if picture.alone:
            what = "f − its minimum" if lowest(picture.function) else "f"  # heights are above the minimum
            headline, advice = verdict(rate, run, optimizer, unit="step", what=what)
            text = f"{text} {advice}".rstrip()
        else:
            headline = f"Lowest: {picture.ranked(self.walks, step)[0][1]}."
        return picture.live.png(), headline, text, mark(rate, run, optimizer)

    def code(self):
        """Return the lines that walk as the newest walks do."""
        walks, descent = self.finished()
        function, step = repr(self.pictures[descent.function].function), self.position.value
        known = not function.startswith("<")  # one of the lesson's own may not say how it is made
        lines = [f"function = landscapes.{function}" if known else "# function is that of the lesson."]
        start = descent.start if len(descent.start) > 1 else descent.start[0]
        for each in walks:
            how = f"start={start!r}, steps={len(each.path) - 1}"
            lines.append(f"path = landscapes.walk(function, optimizers.{each.optimizer!r}, {how})")
            lines.append(f"print(path[{step}], function(path[{step}]))")
        return "\n".join(["from gdutils import landscapes, optimizers\n", *lines])
