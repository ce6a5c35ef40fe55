"""Memory stays flat however often a slider is moved or a cell is run, and a panel that is closed goes."""

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
from gdutils.panel import CurvePicture, DescentPanel, MapPicture, live_panel
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


@pytest.mark.parametrize("name", ["line", "network", "ratings", "curve", "map"])
def test_memory_stays_flat_however_often_a_slider_is_moved(name):
    size, blocks = kept_of_each_move(PANELS[name]())
    assert size < BYTES
    assert blocks < BLOCKS


def test_a_list_of_11_kb_that_is_kept_of_each_move_is_seen():
    kept = []
    beside = lambda: kept.append([float(number) for number in range(340)])  # noqa: E731
    size, blocks = kept_of_each_move(PANELS["curve"](), beside)
    assert size > BYTES or blocks > BLOCKS


# A panel that is closed. ---


@pytest.mark.parametrize("name", PANELS)
def test_a_closed_panel_goes_with_all_its_widgets(name):
    before = set(_instances)
    panel = PANELS[name]()
    panel.wait()
    picture = weakref.ref(next(iter(panel.pictures.values())))
    assert len(set(_instances) - before) > 50
    panel.close()
    panel.close()  # a second time does no harm
    assert set(_instances) == before
    gc.collect()
    assert picture() is None  # even while IPython keeps the panel that a cell returned
    gone = weakref.ref(panel)
    del panel
    gc.collect()
    assert gone() is None


@pytest.mark.parametrize("action", ["train", "play"])
def test_a_panel_that_is_closed_amid_its_work_ends_it(action):
    before = set(threading.enumerate())
    panel = PROBLEMS["line"].panel(epochs=200_000)  # an hour, were it trained to its end
    if action == "train":
        panel.controls.batch_size.value = 1
    else:
        panel.controls.play.value = True
    assert not at_rest(before)
    panel.close()
    until(lambda: at_rest(before))
    gone = weakref.ref(panel)
    del panel
    until(lambda: gc.collect() + 1 and gone() is None)


# A cell that is run again. ---


class Shell:
    """What IPython says of the cell that runs."""

    def __init__(self, cell, run):
        self.message = {"header": {"msg_id": run}, "metadata": {} if cell is None else {"cellId": cell}}
        self.kernel = self

    def get_parent(self):
        return self.message


@pytest.mark.parametrize(
    ("cells", "open_after"),
    [
        ([("a", "1"), ("a", "2")], [False, True]),  # run again
        ([("a", "1"), ("a", "1"), ("a", "2")], [False, False, True]),  # two panels in it at first
        ([("a", "1"), ("b", "2")], [True, True]),  # another cell
        ([(None, "1"), (None, "2")], [True, True]),  # a front end without ids
    ],
)
def test_a_cell_that_is_run_again_closes_what_it_made_before(cells, open_after, monkeypatch):
    panels, extra = [], Extra()
    for cell, run in cells:
        monkeypatch.setattr(live_panel, "get_ipython", lambda cell=cell, run=run: Shell(cell, run))
        panels.append(PROBLEMS["line"].panel(epochs=2, extras=[extra]))
    assert [panel.comm is not None for panel in panels] == open_after
    assert extra.widget.comm is not None  # it belongs to the lesson, and goes on in the new panel
    panels[-1].controls.reset.click()
    assert extra.seen[-1] == "reset"


class Extra:
    """What a lesson folds under More: made in a cell of its own, and used by each panel."""

    eager = True

    def __init__(self):
        self.seen, self.widget = [], live_panel.widgets.HTML()

    def update(self, panel):
        self.seen.append(panel)

    def reset(self):
        self.seen.append("reset")


def test_twenty_runs_of_a_cell_in_a_kernel_leave_one_panel():
    """In a real kernel, with the ids that JupyterLab sends."""
    manager, client = start_new_kernel(kernel_name="python3")
    cell = """
from gdutils.landscapes import Parabola
from gdutils.optimizers import SGD
from gdutils.panel import CurvePicture, DescentPanel
DescentPanel(CurvePicture(Parabola(), start=10, steps=10), SGD(lr=0.1))
"""
    count = "from ipywidgets.widgets.widget import _instances; print(len(_instances))"
    try:
        counts = []
        for _ in range(20):
            ask(client, cell, {"cellId": "a"})
            counts.append(ask(client, count, {"cellId": "b"}))
        assert int(counts[0]) > 50
        assert len(set(counts)) == 1
        assert int(ask(client, cell + count, {"cellId": "c"})) == 2 * int(counts[0])
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def ask(client, code, metadata):
    """Run a cell as JupyterLab does; return what it prints."""
    content = {"code": code, "silent": False, "store_history": True, "user_expressions": {}}
    message = client.session.msg("execute_request", content | {"allow_stdin": False}, metadata=metadata)
    client.shell_channel.send(message)
    printed = ""
    while True:
        answer = client.get_iopub_msg(timeout=300)
        if answer["parent_header"].get("msg_id") != message["header"]["msg_id"]:
            continue
        if answer["msg_type"] == "stream":
            printed += answer["content"]["text"]
        assert answer["msg_type"] != "error", answer["content"]
        if answer["msg_type"] == "status" and answer["content"]["execution_state"] == "idle":
            return printed
