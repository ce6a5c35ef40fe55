"""`make lab` serves the lessons on this machine alone, and to no one without its token."""

import contextlib
import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from urllib.error import HTTPError

import pytest

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """Run the Makefile's command, but for the window; yield what the server tells of itself."""
    home = tmp_path_factory.mktemp("server")
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    program, *options = re.search(r"^lab:.*\n\t(.*)", makefile, re.MULTILINE)[1].split()
    assert program == "$(BIN)/jupyter"
    options = ["--allow-root" if option == "$(AS_ROOT)" else option for option in options]
    folders = {f"JUPYTER_{each}_DIR": str(home / each) for each in ("CONFIG", "DATA", "RUNTIME")}
    command = [sys.executable, "-m", "jupyter", *options, "--no-browser", "--ServerApp.port=0"]
    with (home / "log").open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=os.environ | folders, stdout=log, stderr=log)
    try:
        end = time.monotonic() + 300
        while not (told := told_in(home / "RUNTIME")):
            assert process.poll() is None, (home / "log").read_text(errors="replace")
            assert time.monotonic() < end, "JupyterLab did not start"
            time.sleep(0.1)
        yield told
    finally:
        process.terminate()
        process.wait(300)


def told_in(folder):
    """Return what a server has written there, or nothing as long as it does not listen."""
    for path in folder.glob("jpserver-*.json"):
        with contextlib.suppress(ValueError, OSError):  # written in part, or not yet listening
            told = json.loads(path.read_text(encoding="utf-8"))
            socket.create_connection(("127.0.0.1", told["port"]), timeout=5).close()
            return told
    return None


def contents(server, token=None):
    """Ask for the list of the lessons; return the status and the answer."""
    request = urllib.request.Request(f"{server['url']}api/contents")
    if token is not None:
        request.add_header("Authorization", f"token {token}")
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, answer.read().decode("utf-8")
    except HTTPError as error:
        return error.code, ""


def test_it_listens_on_this_machine_alone(server):
    assert server["url"].startswith("http://127.0.0.1:")


@pytest.mark.parametrize("token", [None, "", "wrong"])
def test_it_answers_no_one_without_its_token(server, token):
    assert contents(server, token)[0] == 403


def test_it_answers_whoever_has_the_token(server):
    assert len(server["token"]) >= 40
    status, answer = contents(server, server["token"])
    assert status == 200
    assert "00_start_here.ipynb" in answer
