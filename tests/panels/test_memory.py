"""Memory stays flat however often a slider is moved or a cell is run, and a panel that is closed goes."""

import ast
import ctypes
import gc
import os
import sys
import threading
import weakref
from itertools import cycle
from pathlib import Path

import numpy as np
import pytest
from ipywidgets.widgets.widget import _instances
from jupyter_client.manager import start_new_kernel

from gdutils.landscapes import Parabola, Rosenbrock
from gdutils.optimizers import SGD, Adam, Momentum
from gdutils.panel import CurvePicture, DescentPanel, MapPicture
from tests.panels.problems import PROBLEMS, at_rest, until

STRETCH = 30  # moves
# What may be kept of each: 10 KB would be 5 % of a kernel's 200 MB in 1,000 moves. A block is at most 512 B.
BYTES, BLOCKS = 8_000, 16
RACE = [SGD(lr=1e-3), Momentum(lr=1e-3), Adam(lr=1e-2)]
PANELS = {name: lambda each=each: each.panel(epochs=3) for name, each in PROBLEMS.items()} | {
    "curve": lambda: DescentPanel(CurvePicture(Parabola(), start=10, steps=10), SGD(lr=0.1)),
    "map": lambda: DescentPanel(MapPicture(Rosenbrock(), start=(-1.2, 1), steps=20), RACE),
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


@pytest.mark.parametrize("name", ["line", "ratings", "map"])
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


# A panel that is closed. ---


@pytest.mark.parametrize("name", PANELS)
def test_a_closed_panel_goes_with_all_its_widgets(name):
    before = set(_instances)
    panel = PANELS[name]()
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


# A cell that is run again. ---


SETUP = """
from gdutils.landscapes import Parabola
from gdutils.optimizers import SGD
from gdutils.panel import CurvePicture, DescentPanel
from gdutils.practice import Challenges, height_under
from ipywidgets.widgets.widget import _instances
goals = Challenges([height_under(1, steps=5)])
"""
CELL = """
for _ in range(2):
    DescentPanel(CurvePicture(Parabola(), start=10, steps=10), SGD(lr=0.1), extras=[goals])
"""


def test_a_cell_that_is_run_again_closes_what_it_made_before():
    """In a real kernel, with the ids that JupyterLab sends."""
    manager, client = start_new_kernel(kernel_name="python3")
    try:
        shared, _ = widgets_after(client, SETUP, {"cellId": "setup"})
        ids = [*({"cellId": cell} for cell in "aaab"), {}, {}]  # some front ends have none
        counts, open_extras = zip(*(widgets_after(client, CELL, each) for each in ids), strict=True)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    made = counts[0] - shared
    assert made > 100
    assert counts == tuple(shared + runs * made for runs in (1, 1, 1, 2, 3, 4))
    assert all(open_extras)  # an extra belongs to the lesson, and goes on in the new panels


def widgets_after(client, code, metadata):
    """Run a cell as JupyterLab does; return how many widgets there are, and whether the extra is open."""
    content = {"code": code, "silent": False, "store_history": True, "allow_stdin": False}
    content["user_expressions"] = {"seen": "len(_instances), goals.chip.comm is not None"}
    message = client.session.msg("execute_request", content, metadata=metadata)
    client.shell_channel.send(message)
    while True:
        answer = client.get_shell_msg(timeout=300)
        if answer["parent_header"].get("msg_id") == message["header"]["msg_id"]:
            return ast.literal_eval(answer["content"]["user_expressions"]["seen"]["data"]["text/plain"])
