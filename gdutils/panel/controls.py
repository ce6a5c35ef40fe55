"""The controls of a panel: its buttons, its sliders, and the one for the learning rate."""

import html

import ipywidgets as widgets
import numpy as np

STRETCHED = {"layout": {"width": "auto"}}  # as wide as its column in the grid


class RateControl:
    """The learning rate: a logarithmic slider, its number to read and to type, and a mark for a limit.

    Attributes
    ----------
    slider : FloatLogSlider
    number : FloatText
        What counts; it may lie outside of the slider's range.
    mark : HTML
        Points at a rate on the slider, see `point_at`.
    box : VBox
        All three.
    """

    def __init__(self):
        look = {"description": "learning rate", "readout": False, "layout": {"flex": "1"}}
        self.slider = widgets.FloatLogSlider(min=-3, max=0.5, step=0.05, **look)
        self.number = widgets.FloatText(step=0.01, tooltip="learning rate, as a number")
        self.mark = widgets.HTML()
        self.box = widgets.VBox([widgets.HBox([self.slider, self.number]), self.mark])
        self.box.add_class("gdutils-rate")
        self.slider.observe(self._slider_to_number, "value")
        self.number.observe(self._number_to_slider, "value")

    def _slider_to_number(self, change):
        lr = self.number.value
        # In the browser a slider comes to rest on a step, beside a number typed in: that is no move.
        if not (lr > 0 and abs(np.log10(change["new"] / lr)) < self.slider.step / 2):
            with self.number.hold_sync():  # the picture goes to the browser first, then the number
                self.number.value = float(f"{change['new']:.3g}")

    def _number_to_slider(self, change):
        slider, lr = self.slider, change["new"]
        # A slider under the learner's hand is left alone: only its number was rounded.
        if 10**slider.min <= lr <= 10**slider.max and f"{slider.value:.3g}" != f"{lr:.3g}":
            slider.value = lr

    def point_at(self, limit, text):
        """Mark a rate under the slider, with a text, and shade the track beyond it; None takes that away.

        A rate beyond the slider is pointed at with an arrow at its end.
        """
        if limit is None:
            self.mark.value = ""
            return
        low, high = self.slider.min, self.slider.max
        part = (np.log10(limit) - low) / (high - low)
        sign = "←" if part < 0 else "→" if part > 1 else "▲"
        side, words = ("right", f"{sign} {text}") if part < 0.6 else ("left", f"{text} {sign}")
        self.mark.value = (
            f'<div class="gdutils-mark" style="--at: {100 * np.clip(part, 0, 1):.1f}%">'
            f'<i></i><span class="{side}">{html.escape(words)}</span></div>'
        )


def button(text, icon, tooltip, kind=widgets.Button, **look):
    """Return a button with a text on it."""
    return kind(description=text, icon=icon, tooltip=tooltip, layout={"width": "auto"}, **look)


def box(name, *members, kind=widgets.Box):
    """Return widgets in a box that panel.css arranges by its name."""
    found = kind(members)
    found.add_class(f"gdutils-{name}")
    return found


def set_range(slider, low, high, step, value):
    """Give a slider another range and a value in it, in one message."""
    with slider.hold_sync():
        slider.min, slider.max = min(slider.min, low), max(slider.max, high)
        slider.value, slider.step = value, step
        slider.min, slider.max = low, high
        # The range first: the page sets one after the other, would clip the value to the old range, and send
        # that back as if the learner had chosen it.
        slider.send_state(["min", "max", "step", "value"])


def close_whole(widget, kept):
    """Close a widget, all that is in it but for some, and what says how it looks."""
    look = getattr(widget, "layout", None), getattr(widget, "style", None)
    for part in {*getattr(widget, "children", ()), *look} - {None, *kept}:
        close_whole(part, kept)
    widget.close()
