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
from collections import deque
from pathlib import Path
from types import SimpleNamespace
from weakref import WeakKeyDictionary

import ipywidgets as widgets
import numpy as np
from IPython import get_ipython
from IPython.display import display

from gdutils import plots
from gdutils.panel.controls import box, button, close_whole
from gdutils.panel.pictures import quiet
from gdutils.training import one_blas_thread

try:
    from ipyevents import Event
except ImportError:  # then the picture does not answer the mouse
    Event = None

FRAME = 0.06  # seconds, longer than a browser needs for a picture: faster ones would queue up there
PLAYING = 4.0  # seconds to play a run
SLOWEST = 0.25  # seconds per step of a short run, so that each can be seen
END = 10**9  # beyond the end of every slider, where it comes to rest
MADE = WeakKeyDictionary()  # the cell that made each panel, and the message that ran it
STYLE = f"<style>{Path(__file__).with_name('panel.css').read_text(encoding='utf-8')}</style>"
# Jupyter's shortcuts would take arrows and Enter away from all that cannot be typed in, so what has the focus
# asks for its own keys; the animation starts whenever the panel comes onto the page.
KEYS = """<i class="gdutils-keys" onanimationstart="this.closest('.gdutils-panel').addEventListener('focusin',
event => event.target.setAttribute('data-lm-suppress-shortcuts', 'true'))"></i>"""
# A page keeps the widgets of a kernel that is gone, and marks them so: then this takes the sentence's place.
LOST = """<div class="gdutils-lost" role="alert">⚠ This panel has lost its Python: the kernel was restarted,
or has ended. To play on, choose <b>Run → Run All Cells</b>.</div>"""
# In a page that is opened again, the picture and the text take the place of a widget that is not found.
STILL = """<style>.jp-OutputArea-child:has(.gdutils-panel) + .jp-OutputArea-child,
.jp-OutputArea-child:has(.gdutils-panel) + * + .jp-OutputArea-child:has(.gdutils-still),
.jp-OutputArea-child:not(:has(.gdutils-panel)):has(+ * + * .gdutils-still) { display: none; }</style>"""
CODE = """<details><summary>Show code: these lines give exactly this run</summary><textarea readonly rows="16"
spellcheck="false" aria-label="code">{}</textarea></details>"""


class LivePanel(widgets.VBox):
    """A picture that follows its controls, and a sentence that says what it shows.

    It can be covered: a question takes the place of both until it is answered. The controls stay alive, but
    what they do is not shown. When a cell makes a panel, those of its run before are closed.

    A panel that derives from it has `fit()`, which gives the controls the ranges of the picture chosen;
    `begin()`, which begins what they ask for, raises a TypeError or a ValueError where they are wrong, and
    returns whether that is still wanted; `advance(first)`, which does a part of it and draws; `render()`,
    which returns a PNG file, a headline, a sentence, and the arguments of `RateControl.point_at`;
    `follow(grip, pixel)`, which does what a pointer asks for; `code()`, which returns lines of Python;
    `finished()`, which returns what came of the settings, and these; and `moved`, whether the start or a row
    is not the lesson's own.

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
        What is always seen, beside the learning rate and the position in time.
    more : sequence of ipywidgets.Widget
        What is folded under the sentence.
    extras : sequence
        What asks something of the learner, such as `Challenges`. Each may have widgets: a `chip` above the
        picture, a `button` beside Play, a `card` to cover the picture with. It has `update(panel)`, called
        after each drawing, and `reset()`, called by Reset.

    Attributes
    ----------
    controls : SimpleNamespace
        The widgets, for use from Python: ``panel.controls.lr.value = 0.1``.
    text : str
        The sentence under the picture.
    covered : bool
        Whether a question covers the panel.
    own : bool
        Whether the learner has chosen the settings, and neither the lesson nor a question has.
    error : Exception or None
        What went wrong since the learner last moved a control; bad input is not meant.
    """

    def __init__(self, pictures, named, first, rate, front, more, extras):
        self.pictures, self.named, self.extras = pictures, named, list(extras)
        self.text = self.complaint = self.answer = ""
        self.covered, self.own, self.error = False, False, None
        self.setting = False  # several controls are being set at once
        self.lock = threading.RLock()  # what threads bring to the screen, they bring one after another
        self.worker, self.starting = None, threading.Lock()  # the thread
        self.due, self.drawn = 0.0, 0.0  # when play moves on, and when the last picture was drawn
        # What the pointer holds, whether it has moved since, and where it has last been with it.
        self.grip, self.dragged, self.pressed, self.pointer = None, False, 0.0, deque(maxlen=1)
        self.first, self.position, self.run, self.kept = first, list(named.values())[-1], None, None
        c = self.controls = SimpleNamespace(**named, named=named, rate=rate, lr_slider=rate.slider)
        c.rewind = button("Rewind", "fast-backward", "Back to the start of the same run")
        c.play = button("Play", "play", "Play the run", widgets.ToggleButton, button_style="primary")
        c.forward = button("Step", "step-forward", "One step on")
        c.reset = button("Reset", "undo", "Back to the first settings")
        self.more = button("More", "chevron-right", "Show all other controls", widgets.ToggleButton)
        self.image, self.beside, self.sentence = widgets.Image(format="png"), widgets.HTML(), widgets.HTML()
        self.code_area = widgets.HTML()
        chips, buttons, cards = (
            [getattr(each, place) for each in self.extras if hasattr(each, place)]
            for place in ("chip", "button", "card")
        )
        self.of_extras = {*chips, *buttons, *cards}
        bar = box("bar", c.rewind, c.play, c.forward, c.reset, *buttons, self.more)
        self.folded = box("more", box("grid", *more), self.code_area, kind=widgets.VBox)
        self.folded.layout.display = "none"
        self.stage = box("stage", self.image, self.beside, *cards)
        parts = [box("grid", rate.box, *front[:1], self.position, *front[1:]), bar, *chips, self.stage]
        super().__init__([*parts, self.sentence, self.folded, widgets.HTML(STYLE + KEYS + LOST)])
        self.add_class("gdutils-panel")
        self._set(self._restore, {})
        self.begin()  # what is wrong here is wrong in the lesson, and raises
        self._go()
        for widget in named.values():
            widget.observe(self._on_change, "value")
        c.play.observe(self._on_play, "value")
        c.rewind.on_click(lambda _: self._move(-END))
        c.forward.on_click(lambda _: self._move(1))
        c.reset.on_click(lambda _: self.reset())
        self.more.observe(self._on_more, "value")
        self.mouse = None
        if Event is not None:
            watched = {
                "watched_events": ["mousedown", "mousemove", "mouseup"],
                "prevent_default_action": True,
            }
            self.mouse = Event(source=self.image, wait=30, throttle_or_debounce="throttle", **watched)
            self.mouse.on_dom_event(self._on_mouse)
        close_former(self)

    @property
    def picture(self):
        """The picture that is chosen."""
        return self.pictures[next(iter(self.named.values())).value]

    def is_busy(self):
        """Return whether something is left to do that takes long."""
        return False

    def stop(self):
        """End what takes long."""

    # What the learner does

    def _on_change(self, change):
        if self.setting:
            return
        self.answer = ""
        if change["owner"] is self.position:
            self._respond(self._draw)
            return
        if change["owner"] is next(iter(self.named.values())):
            self._set(self.fit)
        self.own = True
        self._respond(self._start)

    def _on_mouse(self, event):
        """Note where the pointer is, for the worker: events queue up, and a drawing takes longer than one."""
        width, height = self.picture.live.size
        # Not dataX and dataY: they are 0 while the page takes in a new picture.
        scale = width / (event.get("boundingRectWidth") or np.nan)
        right, down = (scale * event.get(name, np.nan) for name in ("relativeX", "relativeY"))
        pixel = right, height - down
        if not np.isfinite(pixel).all():
            return
        stamp = event.get("timeStamp", np.inf)
        if event["type"] == "mousedown":
            self.pressed = stamp
            self.grip = None if self.covered else self.picture.grip(pixel)
            self.dragged = self.grip is not None and self.grip.kind != "point"
        elif stamp < self.pressed:  # a move from before, that the page has held back
            return
        elif event["type"] == "mousemove":
            self.dragged = True
            if not event.get("buttons"):  # let go outside of the picture
                self.grip = None
        if self.grip is not None and self.dragged:
            self.pointer.append((self.grip, pixel))
            self._wake()
        if event["type"] == "mouseup":
            self.grip = None

    def _move(self, by):
        self.controls.play.value = False
        with self.lock:
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
        for extra in self.extras:
            extra.reset()
        self.uncover({})

    # What questions ask for

    def cover(self):
        """Hide picture and sentence until `uncover` or Reset."""
        self.controls.play.value = False
        with self.lock:
            self.covered, self.answer = True, ""
            self.image.layout.visibility = self.beside.layout.visibility = "hidden"
            self.controls.rate.point_at(None, "")  # the mark of the largest stable rate may tell the answer
            self._say("", "Decide first, then look.")

    def uncover(self, values=None, answer=""):
        """Show picture and sentence again, the first settings but for some, or those that there are.

        An answer takes the sentence's place until a control is moved.
        """
        self.controls.play.value = False
        self.covered, self.answer = False, answer
        self.image.layout.visibility = self.beside.layout.visibility = "visible"
        if values is None:
            self._respond(self._draw)
            return
        self.own = False
        if answer:  # what is asked is what comes in the end
            values = {list(self.named)[-1]: END} | values
        self._respond(lambda: (self._set(self._restore, values), self._start()))

    # How it answers

    @quiet
    def _respond(self, action):
        """Act; if that fails, say so under the picture and leave the controls alive."""
        self.error = None
        try:
            action()
        except Exception as error:
            self.error = error  # the learner reads of it, and `wait` raises it
            self.controls.play.value, self.answer = False, ""
            self.pointer.clear()
            self.stop()
            self._say("⚠ The panel failed:", f"{error!r}. Reset brings back the start.")

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
            self.complaint = f"{error}. The picture shows what was there before."
            self._say("⚠ Not possible:", self.complaint)
            return
        if wanted:
            self._go()

    def _go(self):
        """Do what is quickly done, and leave the rest to the worker."""
        self.complaint = ""
        self.advance(first=True)
        self._wake()

    def _is_at_work(self):
        return bool(self.pointer) or self.is_busy() or self.controls.play.value

    def _wake(self):
        with self.starting:  # not `lock`, which is held while a picture is drawn
            if self.worker is None and self._is_at_work():
                self.worker = threading.Thread(target=self._work, name="gdutils-panel", daemon=True)
                self.worker.start()

    def _work(self):
        while True:
            with self.starting:
                if not self._is_at_work():
                    self.worker = None
                    return
            self._respond(self._take_turn)

    def _take_turn(self):
        """Follow the pointer, do a part of what takes long, and play a step when it is due."""
        play, position = self.controls.play, self.position
        if self.pointer:
            time.sleep(max(self.drawn + FRAME - time.perf_counter(), 0))
            self.answer, self.own = "", True
            self.follow(*self.pointer.pop())
        elif self.is_busy():
            self.advance(first=False)
        else:
            time.sleep(min(max(self.due - time.perf_counter(), 0), FRAME))
        if play.value and time.perf_counter() >= self.due:
            self.due = time.perf_counter() + np.clip(PLAYING / position.max, FRAME, SLOWEST)
            with self.lock:
                position.value += 1
            if position.value == position.max:  # else it may have been let go meanwhile
                play.value = False

    def _draw(self):
        """Bring the present state to the screen, and let the extras look at it.

        They would tell what is covered; and what is out of sight is not computed.
        """
        with self.lock:
            with plots.DRAWING, one_blas_thread:  # a picture may be shown by two panels
                png, headline, text, mark = self.render()
            if self.covered:
                return
            if not self.complaint:
                self._say(headline, text)
            self.image.value, self.drawn = png, time.perf_counter()
            self.controls.rate.point_at(*mark)
            if self.more.value:
                self.code_area.value = CODE.format(html.escape(self.code()))
            for extra in self.extras:
                extra.update(self)

    def _say(self, headline, text):
        """Bring a headline, in bold, and a sentence to the screen, or what answers a question."""
        with self.lock:
            self.text = f"{headline} {text}".strip()
            words = f"<b>{html.escape(headline)}</b> {html.escape(text)}"
            alarm = " gdutils-alarm" * headline.startswith(("Diverged", "⚠"))
            state = f'aria-busy="{str(self.is_busy()).lower()}" class="gdutils-sentence{alarm}"'
            words = html.escape(self.answer) if self.answer else words
            self.sentence.value = f'<div role="status" {state}>{words}</div>'

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
            not_on_the_page = [*self.named.values(), self.layout, *([self.mouse] if self.mouse else [])]
            for widget in {*self.children, *not_on_the_page} - self.of_extras:
                close_whole(widget, self.of_extras)
            self.pictures, self.extras, self.run, self.kept = {}, [], None, None
        super().close()

    def _ipython_display_(self):
        """Show the panel; and, for a page without its kernel, the picture and the sentence."""
        if (worker := self.worker) is not None:
            worker.join(10)
        display_with_still(self, bytes(self.image.value), self.text)


def keep_awake():
    """Let the kernel look for messages 20 times a second, since ipykernel 7 may not notice one.

    Its shell channel sends on the very socket that it listens to. If a message arrives at that moment, the
    notice of it is lost, and the kernel is deaf to all later ones.
    """
    kernel = getattr(get_ipython(), "kernel", None)
    thread = getattr(kernel, "shell_channel_thread", None)

    def look():
        kernel.shell_stream.flush()
        thread.io_loop.call_later(0.05, look)

    if thread is not None:
        thread.io_loop.add_callback(look)


keep_awake()  # from the first cell of a lesson on


def display_with_still(widget, png, text):
    """Show a widget that holds a panel, and what takes its place where it does not live."""
    view = widget._repr_mimebundle_()
    display({mime: data for mime, data in view.items() if mime != "text/plain"}, raw=True)
    if png:
        display({"image/png": base64.b64encode(png).decode("ascii"), "text/plain": "the picture"}, raw=True)
    still = f'{STILL}<div class="gdutils-still">{html.escape(text)}</div>'
    display({"text/html": still, "text/plain": text}, raw=True)


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
