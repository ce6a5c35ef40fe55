"""Memory stays flat over 1,000 moves of a slider, and a panel that is closed goes, with its threads."""

import gc
import os
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

WARM_UP, MOVES = 100, 1_000
TOLERANCE = 0.05
PANELS = {name: lambda each=each: each.panel(epochs=3) for name, each in PROBLEMS.items()} | {
    "curve": lambda: DescentPanel(CurvePicture(Parabola(), start=10, steps=10), SGD(lr=0.1)),
    "map": lambda: DescentPanel(
        MapPicture(Rosenbrock(), start=(-1.2, 1), steps=20), [SGD(lr=1e-3), Momentum(lr=1e-3), Adam(lr=1e-2)]
    ),
}


def resident():
    """Return how many bytes of memory the process holds, what waits to be collected not counted."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


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
@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="only Linux tells of its memory this way")
def test_memory_stays_flat_over_a_thousand_moves(name):
    panel = PANELS[name]()
    lr = panel.controls.lr
    rates = cycle([0.9 * lr.value, lr.value, 0.8 * lr.value])
    held = []
    for moves in (WARM_UP, MOVES):
        for _ in range(moves):
            lr.value = next(rates)
        panel.wait()
        held.append(resident())
    panel.close()
    assert held[1] <= (1 + TOLERANCE) * held[0]


def test_the_look_at_memory_sees_what_is_kept():
    before, kept = resident(), np.ones(5_000_000)
    assert resident() - before > 0.9 * kept.nbytes


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
