"""A kernel that knows of panels answers every message, also those that arrive while it sends."""

import time

import numpy as np
from jupyter_client.manager import start_new_kernel

LIMIT = 60  # seconds


def test_no_message_is_overlooked():
    """Without `keep_awake`, ipykernel 7.3 is deaf within some hundred of these rounds."""
    manager, client = start_new_kernel()
    try:
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
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
