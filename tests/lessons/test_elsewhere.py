"""The lessons elsewhere: in a folder with a strange name, with Windows' line ends, without JupyterLab."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
TEXT = {".py", ".ipynb", ".toml", ".csv", ".mplstyle"}

# What a kernel begins with: no JupyterLab, and no way out of the machine.
CUT_OFF = """
import sys

def refuse(event, args):
    if event == "import" and args[0].partition(".")[0] in ("jupyterlab", "jupyter_server", "notebook"):
        raise ImportError(f"{args[0]} is not here")
    if event == "socket.getaddrinfo" and args[0] not in ("localhost", "127.0.0.1", "::1", None):
        raise OSError(f"there is no network to find {args[0]} in")
    if event == "socket.connect" and isinstance(args[1], tuple) and args[1][0] not in ("127.0.0.1", "::1"):
        raise OSError(f"there is no network to reach {args[1]} by")

sys.addaudithook(refuse)
"""


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory):
    """Copy what a learner has; return the folder, and the environment of a process that works there."""
    folder = tmp_path_factory.mktemp("elsewhere") / "Übung 3, 梯度下降 (Kopie)"
    for part in ("gdutils", "notebooks"):
        shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__", ".*"))
    for path in folder.rglob("*"):
        if path.suffix in TEXT:
            path.write_bytes(path.read_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))
    (folder / "cut off").mkdir()
    (folder / "cut off" / "sitecustomize.py").write_text(CUT_OFF, encoding="utf-8")
    places = os.pathsep.join(map(str, (folder, folder / "cut off")))
    return folder, os.environ | {"PYTHONPATH": places, "PYTHONWARNINGS": "ignore"}


def run(elsewhere, *command):
    """Run Python there; return what it prints, and whether it failed."""
    folder, environment = elsewhere
    how = {"cwd": folder, "env": environment, "capture_output": True, "encoding": "utf-8"}
    done = subprocess.run([sys.executable, *command], **how)
    return done.stdout + done.stderr, done.returncode


def test_there_is_neither_jupyterlab_nor_a_network_there(elsewhere):
    assert "jupyterlab is not here" in run(elsewhere, "-c", "import jupyterlab")[0]
    ask = "import urllib.request; urllib.request.urlopen('http://{}')"
    assert "no network to find example.org" in run(elsewhere, "-c", ask.format("example.org"))[0]
    assert "no network to" in run(elsewhere, "-c", ask.format("93.184.215.14"))[0]


def test_jupyter_execute_runs_a_lesson(elsewhere):
    """This one reads a style, predictions, and a table; the package is that of the copy."""
    printed, failed = run(elsewhere, "-m", "jupyter", "execute", "notebooks/13_your_own_data.ipynb")
    assert not failed, printed
    find = "import gdutils.panel; print(gdutils.panel.__file__)"
    assert str(elsewhere[0]) in run(elsewhere, "-X", "utf8", "-c", find)[0]


def members(widget):
    """Yield a widget and all in it."""
    yield widget
    for child in getattr(widget, "children", ()):
        yield from members(child)


@pytest.mark.parametrize("lesson", ["01", "05"])
def test_panels_are_made_of_the_widgets_that_every_front_end_has(panel):
    """VS Code, too, brings those of ipywidgets' own modules, and no others."""
    modules = {module for each in members(panel) for module in (each._view_module, each._model_module)}
    assert modules <= {"@jupyter-widgets/base", "@jupyter-widgets/controls"}
