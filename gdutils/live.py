"""What all live panels share: a picture, a sentence, a play button, and controls that survive an error.

`LivePanel` brings a picture and a sentence to the screen and moves through time; what is computed and drawn
is left to the panels that derive from it. `RateControl` is the one control that each of them has.
"""

from __future__ import annotations

import base64
import html
import threading
import time
from abc import abstractmethod
from collections.abc import Callable, Mapping
from typing import Any

import ipywidgets as widgets
import numpy as np

__all__ = ["LivePanel", "RateControl", "by_name", "play_button", "reset_button"]

FRAME = 0.06  # seconds, longer than a browser needs for a picture: faster ones would queue up there
PLAYING = 4.0  # seconds to play a short run, so that each step can be seen
SLOWEST = 0.25


def by_name(picture: Any, kind: type, right: str) -> dict[str, Any]:
    """Return a panel's pictures by their names; a single one has none. `right` says what is meant."""
    pictures = dict(picture) if isinstance(picture, Mapping) else {"": picture}
    if not pictures:
        raise ValueError("picture must name at least one, got an empty mapping")
    for each in pictures.values():
        if not isinstance(each, kind):
            raise TypeError(f"picture must be {right}, or a mapping of names to some of them, got {each!r}")
    return pictures


def play_button() -> widgets.ToggleButton:
    """Return the button that moves through time while it is down."""
    tooltip = "Move through the steps"
    return widgets.ToggleButton(description="Play", icon="play", tooltip=tooltip, layout={"width": "90px"})


def reset_button() -> widgets.Button:
    """Return the button that brings back the first settings."""
    tooltip = "Back to the first settings"
    return widgets.Button(description="Reset", icon="undo", tooltip=tooltip, layout={"width": "90px"})


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
        """Set a mark under the slider at a rate; None, or a rate beyond the slider, takes it away."""
        low, high = self.slider.min, self.slider.max
        part = np.nan if limit is None else (np.log10(limit) - low) / (high - low)
        if not 0 <= part <= 1:
            self.mark.value = ""
            return
        # The words stand to that side of the mark on which there is room.
        place = f"left:{100 * part:.1f}%" if part < 0.5 else f"right:{100 - 100 * part:.1f}%"
        text = f"▲&nbsp;{html.escape(words)}" if part < 0.5 else f"{html.escape(words)}&nbsp;▲"
        shift = "-0.4em" if part < 0.5 else "0.4em"
        # The margins are those of the slider's track within the slider.
        self.mark.value = (
            '<div style="position:relative; margin:0 6px 0 113px; height:16px">'
            f'<span style="position:absolute; {place}; transform:translateX({shift}); font-size:11px; '
            f'line-height:16px; white-space:nowrap">{text}</span></div>'
        )


class LivePanel(widgets.VBox):
    """A picture that follows its controls, and a sentence that says what it shows.

    Parameters
    ----------
    controls : ipywidgets.Widget
        All controls, in the order in which the Tab key visits them.
    position : IntSlider
        Where in time the picture stands; *Play* moves it.
    play, reset : ToggleButton and Button
        Two of the controls.

    Attributes
    ----------
    text : str
        The sentence under the picture.
    error : Exception or None
        What went wrong since the learner last moved a control; bad input is not meant.
    """

    def __init__(
        self,
        controls: widgets.Widget,
        position: widgets.IntSlider,
        play: widgets.ToggleButton,
        reset: widgets.Button,
    ) -> None:
        self.image = widgets.Image(format="png", layout={"width": "840px", "max_width": "100%"})
        # Of one height, with room for the longest sentence, so that the page below never moves.
        self.sentence = widgets.HTML(layout={"height": "76px", "max_width": "840px"})
        self.text = ""
        self.error: Exception | None = None
        self._position, self._play_button = position, play
        self._player = object()  # stands for the newest press of play; older ones end
        super().__init__([controls, self.image, self.sentence])
        play.observe(self._on_play, "value")
        reset.on_click(self._on_reset)

    @abstractmethod
    def _restore(self) -> None:
        """Bring back the first settings."""

    def _on_reset(self, _: Any) -> None:
        self._play_button.value = False
        self._respond(self._restore)

    def _on_play(self, change: dict[str, Any]) -> None:
        play = self._play_button
        play.icon, play.description = ("pause", "Pause") if change["new"] else ("play", "Play")
        if change["new"]:
            self._player = object()
            self._in_background(self._play, self._player)

    def _play(self, player: object) -> None:
        """Move through time until the end, or until play is let go."""
        now, play = self._position, self._play_button
        if now.value == now.max:
            now.value = 0
        while play.value and self._player is player and now.value < now.max:
            began, pause = time.perf_counter(), np.clip(PLAYING / now.max, FRAME, SLOWEST)
            now.value = min(now.value + max(1, now.max // 100), now.max)
            time.sleep(max(0.0, pause - (time.perf_counter() - began)))
        if self._player is player:
            play.value = False

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

    def _say(self, text: str, *, warning: bool = False) -> None:
        self.text = text
        mark = "⚠ " if warning else ""
        self.sentence.value = f'<div role="status" style="line-height: 1.5">{mark}{html.escape(text)}</div>'

    def wait(self, timeout: float = 60) -> None:
        """Raise what went wrong in a callback; a panel that computes in the background waits for it first."""
        if self.error is not None:
            raise self.error

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any]:
        """Add the picture and the sentence, for a saved notebook whose kernel no longer runs."""
        bundle: dict[str, Any] = super()._repr_mimebundle_(**kwargs)
        picture = base64.b64encode(self.image.value).decode("ascii")
        return bundle | {"text/plain": self.text, "image/png": picture}
