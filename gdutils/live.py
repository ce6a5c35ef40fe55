"""What all live panels share: a picture, a sentence, a play button, and controls that survive an error.

`LivePanel` brings a picture and a sentence to the screen, and folds all but the first controls under *More*;
what is computed and drawn is left to the panels that derive from it. `RateControl` is the one control that
each of them has, and `Player` moves through time.
"""

from __future__ import annotations

import base64
import html
import threading
import time
from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

import ipywidgets as widgets
import numpy as np
from traitlets import TraitError

from gdutils.canvas import placard
from gdutils.checks import brief, check_list
from gdutils.errands import Errands

__all__ = [
    "Extra",
    "LivePanel",
    "Player",
    "RateControl",
    "button",
    "by_name",
    "row",
    "set_named",
    "set_range",
]

FRAME = 0.06  # seconds, longer than a browser needs for a picture: faster ones would queue up there
PLAYING = 4.0  # seconds to play a run at the first speed
SLOWEST = 0.25  # seconds of a step of a short run, so that each can be seen
LABEL, TRACK, LETTER = 113, 191, 6  # pixels, of a slider and of the words at its mark
SPEEDS = {"slow": 0.25, "normal": 1.0, "fast": 4.0}


def by_name(picture: Any, kind: type | tuple[type, ...], right: str) -> dict[str, Any]:
    """Return a panel's pictures by their names; a single one has none. `right` says what is meant."""
    pictures = dict(picture) if isinstance(picture, Mapping) else {"": picture}
    if not pictures:
        raise ValueError("picture must name at least one, got {}")
    for each in pictures.values():
        if not isinstance(each, kind):
            right = f"{right}, or a mapping of names to some of them"
            raise TypeError(f"picture must be {right}, got {brief(each)}")
    return pictures


def check_extras(extras: Any) -> list[Extra]:
    """Return as a list what can be folded under *More*, and not, say, the class of it."""
    right = "what a panel folds under More, such as Challenges"
    for each in (found := check_list("extras", extras, object, right)):
        if isinstance(each, type) or not all(
            hasattr(each, name) for name in ("widget", "eager", "look", "restore")
        ):
            raise TypeError(f"extras must be a list of {right}, got {brief(each)} in it")
    return found


def button(words: str, icon: str, tooltip: str, kind: type = widgets.Button) -> Any:
    """Return a button with its words on it."""
    return kind(description=words, icon=icon, tooltip=tooltip, layout={"width": "100px"})


def row(*members: widgets.Widget) -> widgets.Box:
    """Return widgets side by side, which wrap where a window is narrow."""
    return widgets.Box(members, layout={"flex_flow": "row wrap", "grid_gap": "2px 16px"})


def set_named(named: Mapping[str, Any], values: Mapping[str, Any]) -> None:
    """Set some of the widgets that have these names, in the order of the widgets.

    Raises
    ------
    ValueError
        If a name is unknown, or a widget does not take its value.
    """
    unknown = values.keys() - named.keys()
    if unknown:
        raise ValueError(f"a control must be one of {', '.join(named)}, got {sorted(unknown)[0]!r}")
    for name in [name for name in named if name in values]:
        widget, value = named[name], values[name]
        chosen = hasattr(widget, "label")  # and not slid to
        try:
            try:
                widget.value = value
            except TraitError:
                if not chosen:
                    raise
                widget.label = value  # the words that stand there
        except TraitError:
            raise ValueError(f"{name} cannot be {value!r} here") from None
        if not chosen and widget.value != value:
            raise ValueError(f"{name} must be in the range of its control, got {value!r}")


def set_range(slider: Any, low: float, high: float, step: float, value: float) -> None:
    """Give a slider another range and a value in it, in one message."""
    with slider.hold_sync():
        slider.min, slider.max = min(slider.min, low), max(slider.max, high)
        slider.value, slider.step = value, step
        slider.min, slider.max = low, high
        # The range first: the page sets one after the other, would clip the value to the old range, and send
        # that back as if the learner had chosen it.
        slider.send_state(["min", "max", "step", "value"])


def close(widget: widgets.Widget) -> None:
    """Close a widget and all that is in it."""
    for child in getattr(widget, "children", ()):
        close(child)
    widget.close()


class RateControl:
    """The learning rate: a logarithmic slider, its number to read and to type, and a mark for a limit.

    Attributes
    ----------
    slider : FloatLogSlider
    number : FloatText
        What counts; it may lie outside of the slider's range.
    mark : HTML
        Points at a rate on the slider, see `point_at`.
    """

    def __init__(self) -> None:
        self.slider = widgets.FloatLogSlider(
            min=-3, max=0.5, step=0.05, readout=False, description="learning rate",
            style={"description_width": "96px"}, layout={"width": "310px"},
        )  # fmt: skip
        self.number = widgets.FloatText(
            layout={"width": "86px"}, step=0.01, tooltip="learning rate, as a number"
        )
        self.mark = widgets.HTML(layout={"width": "310px", "height": "16px", "margin": "-8px 2px 0 2px"})
        self.slider.observe(self._slider_to_number, "value")
        self.number.observe(self._number_to_slider, "value")

    def _slider_to_number(self, change: dict[str, Any]) -> None:
        lr = self.number.value
        # In the browser a slider comes to rest on a step, beside a number typed in: that is no move.
        if not (lr > 0 and abs(np.log10(change["new"] / lr)) < self.slider.step / 2):
            with self.number.hold_sync():  # the picture goes to the browser first, then the number
                self.number.value = float(f"{change['new']:.3g}")

    def _number_to_slider(self, change: dict[str, Any]) -> None:
        slider, lr = self.slider, change["new"]
        # A slider under the learner's hand is left alone: only its number was rounded.
        if 10**slider.min <= lr <= 10**slider.max and f"{slider.value:.3g}" != f"{lr:.3g}":
            slider.value = lr

    def point_at(self, limit: float | None, words: str = "") -> None:
        """Set a mark under the slider at a rate, and words beside it; None takes it away.

        A rate beyond the slider is pointed at with an arrow at its end.
        """
        if limit is None:
            self.mark.value = ""
            return
        low, high = self.slider.min, self.slider.max
        part = (np.log10(limit) - low) / (high - low)
        sign = "←" if part < 0 else "→" if part > 1 else "▲"
        at, text = float(np.clip(part, 0, 1)), html.escape(words)
        # The words stand to that side of the mark on which there is room: beside the number there is none.
        before, after = LABEL + at * TRACK, (1 - at) * TRACK
        left = after > LETTER * len(words) or after > before
        place = f"left:{100 * at:.1f}%" if left else f"right:{100 - 100 * at:.1f}%"
        text = f"{sign}&nbsp;{text}" if left else f"{text}&nbsp;{sign}"
        shift = "-0.4em" if left else "0.4em"
        # The margins are those of the slider's track within the slider.
        self.mark.value = (
            f'<div style="position:relative; margin:0 6px 0 {LABEL}px; height:16px">'
            f'<span style="position:absolute; {place}; transform:translateX({shift}); font-size:11px; '
            f'line-height:16px; white-space:nowrap">{text}</span></div>'
        )


# A page keeps the widgets of a kernel that is gone, and marks them so: then this takes the sentence's place.
LOST = """
<style>
  .gdutils-lost { display: none; }
  .jupyter-widgets-disconnected .gdutils-lost { display: block; max-width: 840px; line-height: 1.5; }
  .gdutils-panel.jupyter-widgets-disconnected [role="status"] { display: none; }
  .gdutils-panel.jupyter-widgets-disconnected::before,
  .gdutils-panel .jupyter-widgets-disconnected::before { content: none; }
  .gdutils-panel.jupyter-widgets-disconnected > :not(:has(.gdutils-lost)) { opacity: 0.5; }
</style>
<div class="gdutils-lost" role="alert">
  ⚠ This panel has lost its Python: the kernel was restarted, or has ended. To play on, choose
  <b>Run → Run All Cells</b>.
</div>
"""


class Player:
    """Moves a slider through time: play and pause, one step, back to the start, and how fast.

    Parameters
    ----------
    position : IntSlider
        What is moved.

    Attributes
    ----------
    in_background : callable
        Starts a function with arguments on a thread; the panel's own tells what goes wrong there.
    """

    in_background: Callable[..., threading.Thread]

    def __init__(self, position: widgets.IntSlider) -> None:
        self.position = position
        self.play = button("Play", "play", "Move through the run", widgets.ToggleButton)
        self.rewind = button("Rewind", "fast-backward", "Back to the start of the same run")
        self.step = button("Step", "step-forward", "One step on")
        self.speed = widgets.Dropdown(
            options=SPEEDS, value=1.0, description="speed",
            style={"description_width": "44px"}, layout={"width": "150px"},
        )  # fmt: skip
        self._newest = object()  # stands for the newest press of play; older ones end
        self.play.observe(self._on_play, "value")
        self.rewind.on_click(lambda _: self._move(-position.max))
        self.step.on_click(lambda _: self._move(1))

    def _move(self, by: int) -> None:
        self.play.value = False
        self.position.value = min(max(self.position.value + by, 0), self.position.max)

    def _on_play(self, change: dict[str, Any]) -> None:
        words = ("pause", "Pause") if change["new"] else ("play", "Play")
        self.play.icon, self.play.description = words
        if change["new"]:
            self._newest = object()
            self.in_background(self._run, self._newest)

    def _run(self, press: object) -> None:
        """Move on until the end, or until play is let go."""
        now, play = self.position, self.play
        if now.value == now.max:
            now.value = 0
        while play.value and self._newest is press and now.value < now.max:
            began, wanted = time.perf_counter(), np.clip(PLAYING / now.max, FRAME, SLOWEST) / self.speed.value
            # No faster than a browser shows pictures: a higher speed takes longer steps instead.
            pause = max(FRAME, wanted)
            steps = max(1, round(pause / wanted * max(1, now.max // 100)))
            now.value = min(now.value + steps, now.max)
            time.sleep(max(0.0, pause - (time.perf_counter() - began)))
        if self._newest is press:
            play.value = False


class Extra(Protocol):
    """What can be folded under *More* beside the controls: a widget that looks at its panel."""

    widget: widgets.Widget
    eager: bool  # looks also while it is out of sight

    def look(self, panel: Any) -> None:
        """Bring the widget up to date with what the panel shows; called on the thread that has drawn it."""

    def restore(self) -> None:
        """Forget what the learner did with it; called by Reset."""


class LivePanel(widgets.VBox):
    """A picture that follows its controls, and a sentence that says what it shows.

    It can be covered: a question takes the place of both until it is answered. The controls stay alive, but
    what they do is not shown.

    Parameters
    ----------
    controls : ipywidgets.Widget
        What is always seen, in the order in which the Tab key visits it.
    more : sequence of ipywidgets.Widget
        What is folded under the sentence, in rows.
    extras : sequence of Extra
        What is folded below these.
    player : Player
        Its play button is among the controls.
    reset : Button
        Brings back the first settings.

    Attributes
    ----------
    text : str
        The sentence under the picture.
    notice : HTML
        Beside *More*: what is to be noticed though it happened out of sight, see `announce`.
    question : str
        What covers the panel; empty while nothing does.
    errands : Errands
        What takes too long to be done with each drawing.
    own : bool
        Whether the learner has chosen the settings, and neither the lesson nor a question has.
    error : Exception or None
        What went wrong since the learner last moved a control; bad input is not meant.
    """

    controls: Any  # of the panels that derive from it: `named` holds the widgets by their names

    def __init__(
        self,
        controls: widgets.Widget,
        more: Sequence[widgets.Widget],
        extras: Sequence[Extra],
        player: Player,
        reset: widgets.Button,
    ) -> None:
        self.image = widgets.Image(format="png", layout={"width": "840px", "max_width": "100%"})
        # Of one height, with room for the longest sentence, so that the page below never moves.
        self.sentence = widgets.HTML(layout={"height": "80px", "max_width": "840px"})
        self.more = button("More", "chevron-right", "Show all other controls", widgets.ToggleButton)
        self.extras = list(extras)
        below = [extra.widget for extra in extras]
        self.folded = widgets.VBox([*more, *below], layout={"display": "none"})
        self.notice = widgets.HTML(layout={"height": "36px", "max_width": "700px", "margin": "0"})
        self.text = self.question = ""
        self.own = False
        self.error: Exception | None = None
        self._lock = threading.RLock()  # what threads bring to the screen, they bring one after another
        self.errands = Errands(self._in_background, self._guard)
        self.player, player.in_background = player, self._in_background
        foot = widgets.HBox([self.more, self.notice], layout={"grid_gap": "12px"})
        lost = widgets.HTML(LOST, layout={"height": "0", "margin": "0", "overflow": "visible"})
        super().__init__([controls, self.image, lost, self.sentence, foot, self.folded])
        self.add_class("gdutils-panel")
        reset.on_click(self._on_reset)
        self.more.observe(self._on_more, "value")

    def settings(self) -> dict[str, Any]:
        """Return the value of each control that can be set, by its name; what is hidden has none."""
        named = self.controls.named.items()
        return {name: widget.value for name, widget in named if widget.layout.visibility != "hidden"}

    @abstractmethod
    def finished(self) -> tuple[Any, Any] | None:
        """Return what came of the present settings, and these settings; None while that is under way."""

    @abstractmethod
    def name_settings(self) -> str:
        """Say what `finished` was reached with."""

    @abstractmethod
    def _set(self, values: Mapping[str, Any]) -> None:
        """Set the controls to the first settings but for some values, by name, and show what comes of it."""

    def _restore(self) -> None:
        """Bring back the first settings."""
        self._set({})

    def cover(self, question: str) -> None:
        """Show a question in place of picture and sentence, of the same size, until `uncover` or Reset."""
        self.player.play.value = False
        with self._lock:
            self.question = question
            self.image.value = placard(self.image.value, "Decide first", question)
            self._say("")
        self.controls.rate.point_at(None)  # the mark of the largest stable rate may tell the answer

    def uncover(self, values: Mapping[str, Any]) -> None:
        """Take the question away, and show the first settings but for some values of `settings`."""
        self.question, self.own = "", False
        self._respond(lambda: self._set(values))

    def announce(self, words: str) -> None:
        """Say something beside *More*, until Reset."""
        said = f'<div role="status" style="line-height: 18px">{html.escape(words)}</div>'
        self.notice.value = said if words else ""

    @abstractmethod
    def _draw(self) -> None:
        """Bring the present state to the screen, and then let the extras look."""

    def _look(self) -> None:
        """Let the extras look at what is drawn; while they are out of sight, nothing is computed for most.

        They would tell what is covered.
        """
        for extra in [] if self.question else self.extras:
            if extra.eager or self.more.value:
                extra.look(self)

    def _on_reset(self, _: Any) -> None:
        self.player.play.value = False
        self.question, self.own = "", False
        self.announce("")
        for extra in self.extras:
            extra.restore()
        self._respond(self._restore)

    def _on_more(self, change: dict[str, Any]) -> None:
        is_open = change["new"]
        self.folded.layout.display = "" if is_open else "none"
        self.more.icon = "chevron-down" if is_open else "chevron-right"
        if is_open:
            self._respond(self._draw)

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

    def _show(self, png: bytes) -> None:
        """Bring a picture to the screen, unless it is covered."""
        with self._lock:
            if not self.question:
                self.image.value = png

    def _say(self, text: str, *, warning: bool = False) -> None:
        """Bring a sentence to the screen; of a panel that is covered, only what went wrong is told."""
        with self._lock:
            if self.question:
                decide = f"Decide first: {self.question} Choose your answer under More."
                text = f"{text} {decide}" if warning else decide
            self.text = text
            mark = "⚠ " if warning else ""
            busy = "true" if "trained so far" in text else "false"
            look = f'class="gdutils-sentence" aria-busy="{busy}" style="line-height: 1.5"'
            opening = f'<div role="status" {look}>'
            self.sentence.value = f"{opening}{mark}{html.escape(text)}</div>"

    def wait(self, timeout: float = 60) -> None:
        """Raise what went wrong in a callback; what is computed in the background is waited for first."""
        self.errands.wait(timeout)
        if self.error is not None:
            raise self.error

    def close(self) -> None:
        """End what is under way, and take the panel off the page and out of memory.

        ipywidgets keeps a widget that nobody else knows of until it is closed.
        """
        if self.comm is not None:  # not closed before, nor made in part only
            self.player.play.value = False
            for each in (*self.children, *self.controls.named.values()):  # some have no place on the page
                close(each)
        super().close()

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any]:
        """Add the picture and the sentence, for a saved notebook whose kernel no longer runs."""
        bundle: dict[str, Any] = super()._repr_mimebundle_(**kwargs)
        picture = base64.b64encode(self.image.value).decode("ascii")
        return bundle | {"text/plain": self.text, "image/png": picture}
