"""The lessons' own cells, run in this process: as far as the panel, or only what they define."""

import ast
import contextlib
import io
import linecache
import re
import types
from functools import cache
from pathlib import Path
from unittest import mock

import matplotlib.pyplot as plt
import nbformat

NOTEBOOKS = Path(__file__).parent.parent.parent / "notebooks"
WITH_QUESTIONS = tuple(f"{number:02d}" for number in range(1, 12))
PANEL = re.compile(r"^(?=((Training|Descent)Panel|YourData)\()", re.MULTILINE)
DEFINITIONS = ast.Import | ast.ImportFrom | ast.ClassDef | ast.FunctionDef


def cells_of(lesson):
    """Return the cells with code of a lesson, and all its cells."""
    (path,) = NOTEBOOKS.glob(f"{lesson}_*.ipynb")
    cells = nbformat.read(path, as_version=4).cells
    return [cell for cell in cells if cell.cell_type == "code"], cells


def run(source, namespace):
    """Run a cell as a kernel does: the lines of its functions can be looked up afterwards."""
    name = f"<cell {hash(source)}>"
    linecache.cache[name] = len(source), None, source.splitlines(keepends=True), name
    exec(compile(source, name, "exec"), namespace)


def definitions(sources, name):
    """Return a module of what cells import and define, and nothing of what they run."""
    module = types.ModuleType(name)
    for source in sources:
        tree = ast.parse(source)
        tree.body = [node for node in tree.body if isinstance(node, DEFINITIONS)]
        exec(compile(tree, name, "exec"), module.__dict__)
    return module


@cache
def panel_of(lesson):
    """Run a lesson as far as its panel; return the panel and the lesson's names."""
    names = {"__name__": "__main__"}
    with (
        mock.patch("matplotlib.pyplot.show"),
        contextlib.chdir(NOTEBOOKS),
        contextlib.redirect_stdout(io.StringIO()),
    ):
        for cell in cells_of(lesson)[0]:
            run(PANEL.sub("_panel = ", cell.source), names)
            if "_panel" in names:
                break
            plt.close("all")
    shown = names["_panel"]
    shown.wait()
    return getattr(shown, "panel", shown), names
