"""What holds for a panel of every kind: of each model, and of functions."""

import ctypes
import gc
import os
import sys
import threading
import weakref
from itertools import cycle
from pathlib import Path

import matplotlib.style
import numpy as np
import pytest
from ipywidgets import Checkbox, Dropdown
from ipywidgets.widgets.widget import _instances
from matplotlib.backends.backend_agg import RendererAgg

from tests.panels.problems import (
    PANELS,
    PROBLEMS,
    assert_same_pixels,
    at_rest,
    every_panel,
    look,
    pixels,
    until,
)

STRETCH = 30  # moves
# What may be kept of each: 10 KB would be 5 % of a kernel's 200 MB in 1,000 moves. A block is at most 512 B.
BYTES, BLOCKS = 8_000, 16


@every_panel
def test_reset_brings_everything_back(make):
    panel = make()
    first, settings = look(panel), {name: control.value for name, control in panel.named.items()}
    for control in panel.named.values():
        if isinstance(control, Dropdown):
            control.index = 1
        elif isinstance(control, Checkbox):
            control.value = False
        elif control.layout.display != "none":  # where there is no y, it does not count
            control.value += 1 if control.value < getattr(control, "max", np.inf) else -1
    assert look(panel) != first
    panel.controls.reset.click()
    assert look(panel) == first
    assert {name: control.value for name, control in panel.named.items()} == settings


@every_panel
def test_a_picture_does_not_depend_on_the_caller(make, monkeypatch):
    """Not on a style, nor on TeX, nor on how NumPy treats overflow; and it needs no mathtext."""
    monkeypatch.setattr(RendererAgg, "draw_mathtext", None)  # it is not safe beside a cell that draws too
    looks = []
    for strange in (False, True):
        styles = ["dark_background", "seaborn-v0_8-talk", {"text.usetex": True}] if strange else []
        with matplotlib.style.context(styles), np.errstate(all="raise" if strange else "warn"):
            panel = make()
            looks.append(look(panel))
            panel.controls.lr.value = 1e3
            looks.append(look(panel))
    assert looks[:2] == looks[2:]


@every_panel
def test_frames_are_full_drawings_and_files_keep_their_colors(make):
    panel = make()
    for name in panel.pictures:
        next(iter(panel.named.values())).value = name
        for lr, end in ((panel.controls.lr.value, "min"), (50.0, "max")):
            for start in getattr(panel.controls, "start", ()):
                start.value = getattr(start, end)
            panel.controls.lr.value = lr
            for position in (0, panel.position.max):
                panel.position.value = position
                panel.wait()
                assert_same_pixels(panel.picture.live)
        frame = np.asarray(panel.picture.live.frame()).astype(int)
        assert np.mean(np.abs(frame - pixels(panel.image.value)).max(axis=2) > 16) < 0.02


# Memory stays flat, and what is closed goes. ---


def held():
    """Return how many bytes the process holds, as Linux tells them, and how many blocks Python does."""
    gc.collect()
    if sys.platform != "linux":
        return 0, sys.getallocatedblocks()
    if hasattr(ctypes.CDLL(None), "malloc_trim"):
        ctypes.CDLL(None).malloc_trim(0)  # what is free, and would hide what is kept, goes back to Linux
    pages = int(Path("/proc/self/statm").read_text("utf-8").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE"), sys.getallocatedblocks()


@pytest.mark.parametrize("name", ["line", "ratings", "maps"])
def test_memory_stays_flat_however_often_a_slider_is_moved(name):
    """The median of three stretches after the first, for the process may grow by a megabyte or two."""
    panel, looks = PANELS[name](), []
    lr = panel.controls.lr
    rates = cycle([0.9 * lr.value, lr.value, 0.8 * lr.value])
    for _ in range(4):
        for _ in range(STRETCH):
            lr.value = next(rates)
        panel.wait()
        looks.append(held())
    size, blocks = np.median(np.diff(looks, axis=0), axis=0) / STRETCH
    assert size < BYTES
    assert blocks < BLOCKS


@every_panel
def test_a_closed_panel_goes_with_all_its_widgets(make):
    before = set(_instances)
    panel = make()
    panel.wait()
    picture = weakref.ref(next(iter(panel.pictures.values())))
    assert len(set(_instances) - before) > 50
    panel.close()
    assert set(_instances) == before
    gc.collect()
    assert picture() is None  # even while IPython keeps the panel that a cell returned
    gone = weakref.ref(panel)
    del panel
    gc.collect()
    assert gone() is None


def test_a_panel_that_is_closed_amid_its_work_ends_it():
    before = set(threading.enumerate())
    panel = PROBLEMS["line"].panel(epochs=200_000)  # an hour, were it trained to its end
    panel.controls.batch_size.value = 1
    panel.controls.play.value = True
    assert not at_rest(before)
    panel.close()
    until(lambda: at_rest(before))
    gone = weakref.ref(panel)
    del panel
    until(lambda: gc.collect() + 1 and gone() is None)
