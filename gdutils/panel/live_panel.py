"""What all live panels share: a picture, a sentence, a play button, and controls that survive an error.

`LivePanel` brings a picture and a sentence to the screen, and folds all but the first controls under *More*;
what is computed and drawn is left to the panels that derive from it. A callback answers at once what is
quickly done. One worker, a thread that ends when nothing is left to do, does the rest, and newer settings
replace older ones.
"""

import base64
import html
import threading
import time
from types import SimpleNamespace
from weakref import WeakKeyDictionary

import ipywidgets as widgets
import numpy as np
from IPython import get_ipython

from gdutils import plots
from gdutils.panel.pictures import quiet
from gdutils.training import one_blas_thread

FRAME = 0.06  # seconds, longer than a browser needs for a picture: faster ones would queue up there
PLAYING = 4.0  # seconds to play a run
SLOWEST = 0.25  # seconds per step of a short run, so that each can be seen
LABEL = 113  # pixels, before the track of a slider
WIDE = {"style": {"description_width": "96px"}, "layout": {"width": "400px"}}
MADE = WeakKeyDictionary()  # the cell that made each panel, and the message that ran it

# A page keeps the widgets of a kernel that is gone, and marks them so: then this takes the sentence's place.
LOST = """<style>.gdutils-lost, .gdutils-panel.jupyter-widgets-disconnected [role="status"] { display: none; }
.jupyter-widgets-disconnected .gdutils-lost { display: block; max-width: 840px; line-height: 1.5; }
.gdutils-panel.jupyter-widgets-disconnected > :not(:has(.gdutils-lost)) { opacity: 0.5; }
.gdutils-panel .jupyter-widgets-disconnected::before { content: none; }</style>
<div class="gdutils-lost" role="alert">⚠ This panel has lost its Python: the kernel was restarted, or has
ended. To play on, choose <b>Run → Run All Cells</b>.</div>"""
# JupyterLab would take the keys for its own while an area that cannot be written in has the focus.
CODE = """<details><summary>Show code: these lines give exactly this run</summary><textarea readonly rows="16"
spellcheck="false" data-lm-suppress-shortcuts="true" aria-label="code" style="width: 100%; box-sizing:
border-box; white-space: pre; font: 12px/17px var(--jp-code-font-family, monospace); color: inherit;
background: inherit">{}</textarea></details>"""


class LivePanel(widgets.VBox):
    """A picture that follows its controls, and a sentence that says what it shows.

    It can be covered: a question takes the place of both until it is answered. The controls stay alive, but
    what they do is not shown. When a cell makes a panel, those of its run before are closed.

    A panel that derives from it has `fit()`, which gives the controls the ranges of the picture chosen;
    `begin()`, which begins what they ask for, raises a TypeError or a ValueError where they are wrong, and
    returns whether that is still wanted; `advance(first)`, which does a part of it and draws; `render()`,
    which returns a PNG file, a sentence, and the arguments of `RateControl.point_at`; `code()`, which returns
    lines of Python; `finished()`, which returns what came of the settings, and these; and `name_settings()`.

    Parameters
    ----------
    pictures : dict
        By their names.
    named : dict of str to ipywidgets.Widget
        The controls that can be set, by their names. The one that chooses the picture comes first, and the
        position in time last.
    first : dict
        The values to begin with of those that do not depend on the picture alone.
    rate : RateControl
        Its number is among the controls.
    front : sequence of ipywidgets.Widget
        What is always seen, beside the learning rate.
    more : sequence of sequences of ipywidgets.Widget
        The rows folded under the sentence; what moves through time is in the first.
    extras : sequence
        What is folded below these, such as `Challenges`. Each has a `widget`; `update(panel)`, called after
        each drawing; `reset()`, called by Reset; and `eager`: whether it is updated while out of sight.

    Attributes
    ----------
    controls : SimpleNamespace
        The widgets, for use from Python: ``panel.controls.lr.value = 0.1``.
    text : str
        The sentence under the picture.
    notice : HTML
        Beside *More*: what is to be noticed though it happened out of sight, see `announce`.
    question : str
        What covers the panel; empty while nothing does.
    own : bool
        Whether the learner has chosen the settings, and neither the lesson nor a question has.
    error : Exception or None
        What went wrong since the learner last moved a control; bad input is not meant.
    """

    def __init__(self, pictures, named, first, rate, front, more, extras):
        self.pictures, self.named, self.extras = pictures, named, list(extras)
        self.text = self.question = self.complaint = ""
        self.own, self.error = False, None
        self.setting = False  # several controls are being set at once
        self.lock = threading.RLock()  # what threads bring to the screen, they bring one after another
        self.worker, self.due = None, 0.0  # the thread; when play moves on
        self.first, self.position, self.run, self.kept = first, list(named.values())[-1], None, None
        c = self.controls = SimpleNamespace(**named, named=named, rate=rate, lr_slider=rate.slider)
        c.play = button("Play", "play", "Move through the run", widgets.ToggleButton)
        c.rewind = button("Rewind", "fast-backward", "Back to the start of the same run")
        c.forward = button("Step", "step-forward", "One step on")
        c.reset = button("Reset", "undo", "Back to the first settings")
        self.image = widgets.Image(format="png", layout={"max_width": "100%"})
        self.beside = widgets.HTML()
        # Of one height, with room for the longest sentence, so that the page below never moves.
        self.sentence = widgets.HTML(layout={"height": "80px", "max_width": "840px"})
        self.more = button("More", "chevron-right", "Show all other controls", widgets.ToggleButton)
        self.notice = widgets.HTML(layout={"height": "36px", "max_width": "700px", "margin": "0"})
        self.code_area = widgets.HTML(layout={"max_width": "840px"})
        rows = [row(c.rewind, c.forward, c.reset, *more[0]), *(row(*each) for each in more[1:])]
        self.folded = widgets.VBox([*rows, self.code_area, *(each.widget for each in self.extras)])
        self.folded.layout.display = "none"
        front = widgets.VBox([row(rate.box, *front), row(self.position, c.play)])
        picture = widgets.HBox([self.image, self.beside], layout={"max_width": "840px"})
        lost = widgets.HTML(LOST, layout={"height": "0", "margin": "0", "overflow": "visible"})
        foot = widgets.HBox([self.more, self.notice], layout={"grid_gap": "12px"})
        super().__init__([front, picture, lost, self.sentence, foot, self.folded])
        self.add_class("gdutils-panel")
        self._set(self._restore, {})
        self.begin()  # what is wrong here is wrong in the lesson, and raises
        self._go()
        for widget in named.values():
            widget.observe(self._on_change, "value")
        c.play.observe(self._on_play, "value")
        c.rewind.on_click(lambda _: self._move(-self.position.max))
        c.forward.on_click(lambda _: self._move(1))
        c.reset.on_click(lambda _: self.reset())
        self.more.observe(self._on_more, "value")
        close_former(self)

    def is_busy(self):
        """Return whether something is left to do that takes long."""
        return False

    def stop(self):
        """End what takes long."""

    # What the learner does

    def _on_change(self, change):
        if self.setting:
            return
        if change["owner"] is self.position:
            self._respond(self._draw)
            return
        if change["owner"] is next(iter(self.named.values())):
            self._set(self.fit)
        self.own = True
        self._respond(self._start)

    def _move(self, by):
        self.controls.play.value = False
        self.position.value = min(max(self.position.value + by, 0), self.position.max)

    def _on_play(self, change):
        play, position = self.controls.play, self.position
        play.icon, play.description = ("pause", "Pause") if change["new"] else ("play", "Play")
        if change["new"] and position.value == position.max:
            position.value = 0
        self._wake()

    def _on_more(self, change):
        self.folded.layout.display = "" if change["new"] else "none"
        self.more.icon = "chevron-down" if change["new"] else "chevron-right"
        self._respond(self._draw)

    def reset(self):
        """Bring back the first settings, and take away what covers them."""
        self.announce("")
        for extra in self.extras:
            extra.reset()
        self.uncover({})

    # What questions and challenges ask for

    def settings(self):
        """Return the value of each control that can be set, by its name; what is hidden has none."""
        shown = {name: each for name, each in self.named.items() if each.layout.visibility != "hidden"}
        return {name: widget.value for name, widget in shown.items()}

    def cover(self, question):
        """Show a question in place of picture and sentence, until `uncover` or Reset."""
        self.controls.play.value = False
        with self.lock:
            self.question = question
            self.image.layout.visibility = self.beside.layout.visibility = "hidden"
            self.controls.rate.point_at(None, "")  # the mark of the largest stable rate may tell the answer
            self._say("")

    def uncover(self, values):
        """Take the question away, and show the first settings but for some values of `settings`."""
        self.controls.play.value = False
        self.question, self.own = "", False
        self.image.layout.visibility = self.beside.layout.visibility = "visible"
        self._respond(lambda: (self._set(self._restore, values), self._start()))

    def announce(self, words):
        """Say something beside *More*, until Reset."""
        said = f'<div role="status" style="line-height: 18px">{html.escape(words)}</div>'
        self.notice.value = said if words else ""

    # How it answers

    @quiet
    def _respond(self, action):
        """Act; if that fails, say so under the picture and leave the controls alive."""
        self.error = None
        try:
            action()
        except Exception as error:
            self.error = error  # the learner reads of it, and `wait` raises it
            self.controls.play.value = False
            self.stop()
            self._say(f"The panel failed: {error!r}. Reset brings back the start.", warning=True)

    def _restore(self, values):
        """Set the controls to the first settings but for some values, by their names."""
        chosen = next(iter(self.named))
        self.named[chosen].value = values.get(chosen, next(iter(self.pictures)))
        self.fit()
        for name, value in (self.first | values).items():
            self.named[name].value = value

    def _set(self, action, *args):
        """Set several controls at once."""
        self.setting = True
        try:
            action(*args)
        finally:
            self.setting = False

    def _start(self):
        """Begin what the settings ask for; what is wrong with one becomes a sentence."""
        try:
            wanted = self.begin()
        except (TypeError, ValueError) as error:
            self.complaint = f"Not possible: {error}. The picture shows what was there before."
            self._say(self.complaint, warning=True)
            return
        if wanted:
            self._go()

    def _go(self):
        """Do what is quickly done, and leave the rest to the worker."""
        self.complaint = ""
        self.advance(first=True)
        self._wake()

    def _is_at_work(self):
        return self.is_busy() or self.controls.play.value

    def _wake(self):
        with self.lock:
            if self.worker is None and self._is_at_work():
                self.worker = threading.Thread(target=self._work, name="gdutils-panel", daemon=True)
                self.worker.start()

    def _work(self):
        while True:
            with self.lock:
                if not self._is_at_work():
                    self.worker = None
                    return
            self._respond(self._take_turn)

    def _take_turn(self):
        """Do a part of what takes long, and play a step when it is due."""
        play, position = self.controls.play, self.position
        if self.is_busy():
            self.advance(first=False)
        else:
            time.sleep(min(max(self.due - time.perf_counter(), 0), FRAME))
        if play.value and time.perf_counter() >= self.due:
            self.due = time.perf_counter() + np.clip(PLAYING / position.max, FRAME, SLOWEST)
            position.value += 1
            if position.value == position.max:  # else it may have been let go meanwhile
                play.value = False

    def _draw(self):
        """Bring the present state to the screen, and let the extras look at it.

        They would tell what is covered; and what is out of sight is not computed.
        """
        with self.lock:
            with plots.DRAWING, one_blas_thread:  # a picture may be shown by two panels
                png, text, mark = self.render()
            if not self.complaint:
                self._say(text)
            if self.question:
                return
            self.image.value = png
            self.controls.rate.point_at(*mark)
            if self.more.value:
                self.code_area.value = CODE.format(html.escape(self.code()))
            for extra in self.extras:
                if extra.eager or self.more.value:
                    extra.update(self)

    def _say(self, text, *, warning=False):
        """Bring a sentence to the screen; of a panel that is covered, only what went wrong is told."""
        with self.lock:
            if self.question:
                told = f"{text} " if warning else ""
                text = f"{told}Decide first: {self.question} Choose your answer under More."
            self.text, mark = text, "⚠ " if warning else ""
            look = (
                f'aria-busy="{str(self.is_busy()).lower()}" class="gdutils-sentence" style="line-height: 1.5"'
            )
            self.sentence.value = f'<div role="status" {look}>{mark}{html.escape(text)}</div>'

    def wait(self, timeout=60):
        """Wait until there is nothing left to do, and raise what went wrong."""
        if (worker := self.worker) is not None:
            worker.join(timeout)
        if self.error is not None:
            raise self.error
        if self._is_at_work():
            raise TimeoutError(f"the panel is still at work after {timeout} s")

    def close(self):
        """End what is under way, and take the panel off the page and out of memory.

        ipywidgets keeps a widget until it is closed, and IPython what a cell returned: so the panel lets go
        of all that is large. The widgets of its extras belong to the lesson, and stay.
        """
        if self.comm is not None:
            self.controls.play.value = False
            self.stop()
            kept = {extra.widget for extra in self.extras}
            for widget in (*self.children, *self.named.values(), self.layout):  # some are not on the page
                close_whole(widget, kept)
            self.pictures, self.extras, self.run, self.kept = {}, [], None, None
        super().close()

    def _repr_mimebundle_(self, **kwargs):
        """Add the picture and the sentence, for a saved notebook whose kernel no longer runs."""
        if (worker := self.worker) is not None:
            worker.join(10)
        picture = base64.b64encode(self.image.value).decode("ascii")
        return super()._repr_mimebundle_(**kwargs) | {"text/plain": self.text, "image/png": picture}


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
        look = WIDE | {"description": "learning rate", "layout": {"width": "310px"}}
        self.slider = widgets.FloatLogSlider(min=-3, max=0.5, step=0.05, readout=False, **look)
        look = {"tooltip": "learning rate, as a number", "layout": {"width": "86px"}}
        self.number = widgets.FloatText(step=0.01, **look)
        self.mark = widgets.HTML(layout={"width": "310px", "height": "16px", "margin": "-8px 2px 0 2px"})
        self.box = widgets.VBox([widgets.HBox([self.slider, self.number]), self.mark])
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
        """Set a mark under the slider at a rate, and a text where there is room for it; None takes it away.

        A rate beyond the slider is pointed at with an arrow at its end.
        """
        if limit is None:
            self.mark.value = ""
            return
        low, high = self.slider.min, self.slider.max
        part = (np.log10(limit) - low) / (high - low)
        sign = "←" if part < 0 else "→" if part > 1 else "▲"
        at = 100 * float(np.clip(part, 0, 1))
        left = f"left:{at:.1f}%; transform:translateX(-0.4em)", f"{sign}&nbsp;{html.escape(text)}"
        right = f"right:{100 - at:.1f}%; transform:translateX(0.4em)", f"{html.escape(text)}&nbsp;{sign}"
        place, words = left if at < 20 else right
        # The margins are those of the slider's track within the slider.
        self.mark.value = (
            f'<div style="position:relative; margin:0 6px 0 {LABEL}px; height:16px"><span style="position:'
            f'absolute; {place}; font-size:11px; line-height:16px; white-space:nowrap">{words}</span></div>'
        )


def button(text, icon, tooltip, kind=widgets.Button):
    """Return a button with a text on it."""
    return kind(description=text, icon=icon, tooltip=tooltip, layout={"width": "100px"})


def row(*members):
    """Return widgets side by side, which wrap where a window is narrow."""
    return widgets.Box(members, layout={"flex_flow": "row wrap", "grid_gap": "2px 16px"})


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


def close_former(panel):
    """Close what the same cell had made when it was run before; where cells have no ids, all stays."""
    kernel = getattr(get_ipython(), "kernel", None)
    message = {} if kernel is None else kernel.get_parent()
    cell = message.get("metadata", {}).get("cellId")
    if cell is None:
        return
    run = message["header"]["msg_id"]
    for each in [each for each, made in MADE.items() if made[0] == cell and made[1] != run]:
        each.close()
    MADE[panel] = cell, run
