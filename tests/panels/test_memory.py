"""Memory stays flat however often a slider is moved, and a panel that is closed goes, with its threads."""

import ctypes
import gc
import os
import sys
import threading
import time
import weakref
from itertools import cycle
from pathlib import Path

import numpy as np
import pytest

from gdutils.descent_panel import DescentPanel
from gdutils.descent_pictures import CurvePicture, MapPicture
from gdutils.landscapes import Parabola, Rosenbrock
from gdutils.live import SPEEDS
from gdutils.optimizers import SGD, Adam, Momentum
from tests.problems import PROBLEMS

STRETCH = 30  # moves
# What may be kept of each: 10 KB would be 5 % of a kernel's 200 MB in 1,000 moves. A block is at most 512 B.
BYTES, BLOCKS = 8_000, 16
PANELS = {name: lambda each=each: each.panel(epochs=3) for name, each in PROBLEMS.items()} | {
    "curve": lambda: DescentPanel(CurvePicture(Parabola(), start=10, steps=10), SGD(lr=0.1)),
    "map": lambda: DescentPanel(
        MapPicture(Rosenbrock(), start=(-1.2, 1), steps=20), [SGD(lr=1e-3), Momentum(lr=1e-3), Adam(lr=1e-2)]
    ),
}


def held():
    """Return how many bytes the process holds, as Linux tells them, and how many blocks Python does."""
    gc.collect()
    if sys.platform != "linux":
        return 0, sys.getallocatedblocks()
    if hasattr(ctypes.CDLL(None), "malloc_trim"):
        ctypes.CDLL(None).malloc_trim(0)  # what is free, and would hide what is kept, goes back to Linux
    pages = int(Path("/proc/self/statm").read_text("utf-8").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE"), sys.getallocatedblocks()


def kept_of_each_move(panel, beside=lambda: None):
    """Move the learning rate, do something beside, and return the bytes and the blocks kept of each time.

    The median of three stretches after the first, for once in a while the process grows by a megabyte or two.
    """
    lr = panel.controls.lr
    rates, looks = cycle([0.9 * lr.value, lr.value, 0.8 * lr.value]), []
    for _ in range(4):
        for _ in range(STRETCH):
            lr.value = next(rates)
            beside()
        panel.wait()
        looks.append(held())
    return np.median(np.diff(looks, axis=0), axis=0) / STRETCH


def until(condition):
    """Wait for what another thread does; the limit only ends a test that has failed."""
    end = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.002)


@pytest.fixture(autouse=True)
def at_rest():
    """Tell whether all threads of the test have ended; at its end, see to it that they do."""
    before = threading.active_count()
    yield lambda: threading.active_count() == before
    until(lambda: threading.active_count() == before)


@pytest.mark.parametrize("name", PANELS)
def test_memory_stays_flat_however_often_a_slider_is_moved(name):
    size, blocks = kept_of_each_move(PANELS[name]())
    assert size < BYTES
    assert blocks < BLOCKS


on_linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells of its memory this way")


@pytest.mark.parametrize(
    "thing",
    [pytest.param(lambda: np.ones(1_375), marks=on_linux), lambda: [float(number) for number in range(340)]],
    ids=["an array", "a list"],
)
def test_a_thing_of_11_kb_that_is_kept_of_each_move_is_seen(thing):
    kept = []
    size, blocks = kept_of_each_move(PANELS["curve"](), lambda: kept.append(thing()))
    assert size > BYTES or blocks > BLOCKS


# A panel that is closed. ---


def closed(panel):
    """Close a panel; return a reference that does not keep it."""
    panel.close()
    return weakref.ref(panel)


def assert_gone(reference):
    gc.collect()
    assert reference() is None


@pytest.mark.parametrize("name", PANELS)
def test_a_closed_panel_is_collected(name, at_rest):
    reference = closed(PANELS[name]())
    until(at_rest)
    assert_gone(reference)


def test_a_panel_that_is_closed_amid_a_long_run_ends_it_and_is_collected(at_rest):
    def closed_amid_its_run():
        panel = PROBLEMS["line"].panel(epochs=200_000)  # an hour, were it trained to its end
        panel.controls.batch_size.value = 1
        assert not at_rest()
        return closed(panel)

    reference = closed_amid_its_run()
    until(at_rest)
    assert_gone(reference)


@pytest.mark.parametrize("name", ["line", "curve", "map"])
def test_a_panel_that_is_closed_while_it_plays_stops_and_is_collected(name, at_rest):
    def closed_while_playing():
        panel = PANELS[name]()
        panel.player.speed.value = min(SPEEDS.values())
        panel.controls.play.value = True
        assert not at_rest()
        return closed(panel)

    reference = closed_while_playing()
    until(at_rest)
    assert_gone(reference)


@pytest.mark.parametrize("name", ["line", "curve", "map"])
def test_no_thread_is_left_when_a_panel_has_played_to_its_end(name, at_rest):
    panel = PANELS[name]()
    panel.player.speed.value = max(SPEEDS.values())
    position = panel.player.position
    position.value = 0
    panel.controls.play.value = True
    until(at_rest)
    assert position.value == position.max
    assert not panel.controls.play.value
    panel.close()


def test_a_panel_can_be_closed_twice():
    panel = PANELS["curve"]()
    panel.close()
    panel.close()
    assert panel.comm is None
