"""In a kernel: no message is overlooked, and a cell that is run again closes what it made before."""

import ast
import time

import numpy as np
from jupyter_client.manager import run_kernel

LIMIT = 60  # seconds


def test_no_message_is_overlooked():
    """Without `keep_awake`, ipykernel 7.3 is deaf within some hundred of these rounds."""
    with run_kernel() as client:
        client.execute_interactive("import gdutils.panel", timeout=LIMIT)
        client.control_channel.send(client.session.msg("create_subshell_request"))
        subshell = client.control_channel.get_msg(timeout=LIMIT)["content"]["subshell_id"]
        code = {"code": "pass", "silent": True, "store_history": False, "user_expressions": {}}
        rng = np.random.RandomState(0)
        for _ in range(500):
            waiting = set()
            for to_subshell in rng.rand(rng.randint(1, 5)) < 0.5:
                kind, content = ("kernel_info_request", {}) if to_subshell else ("execute_request", code)
                message = client.session.msg(kind, content)
                message["header"] |= {"subshell_id": subshell} if to_subshell else {}
                client.shell_channel.send(message)
                waiting.add(message["header"]["msg_id"])
                time.sleep(rng.uniform(0, 0.004))  # so that some arrive while the kernel sends
            while waiting:
                reply = client.shell_channel.get_msg(timeout=LIMIT)
                waiting.discard(reply["parent_header"]["msg_id"])


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
    with run_kernel(kernel_name="python3") as client:
        shared, _ = widgets_after(client, SETUP, {"cellId": "setup"})
        ids = [*({"cellId": cell} for cell in "aaab"), {}, {}]  # some front ends have none
        counts, open_extras = zip(*(widgets_after(client, CELL, each) for each in ids), strict=True)
    made = counts[0] - shared
    assert made > 100
    assert counts == tuple(shared + runs * made for runs in (1, 1, 1, 2, 3, 4))
    assert all(open_extras)  # an extra belongs to the lesson, and goes on in the new panels


def widgets_after(client, code, metadata):
    """Run a cell as JupyterLab does; return how many widgets there are, and whether the extra is open."""
    client.session.metadata = metadata
    asked = {"seen": "len(_instances), goals.chip.comm is not None"}
    content = client.execute_interactive(code, user_expressions=asked, timeout=LIMIT)["content"]
    return ast.literal_eval(content["user_expressions"]["seen"]["data"]["text/plain"])
