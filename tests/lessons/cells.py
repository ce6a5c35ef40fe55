"""The lessons' own cells, run in this process: as far as the panel, or to the end."""

import contextlib
import io
import linecache
import re
from functools import cache
from pathlib import Path

import matplotlib.pyplot as plt
import nbformat

NOTEBOOKS = Path(__file__).parent.parent.parent / "notebooks"
WITH_QUESTIONS = tuple(f"{number:02d}" for number in range(1, 12))


def run(source, namespace):
    """Run a cell as a kernel does: the lines of its functions can be looked up afterwards."""
    name = f"<cell {hash(source)}>"
    linecache.cache[name] = len(source), None, source.splitlines(keepends=True), name
    exec(compile(source, name, "exec"), namespace)


@cache
def panel_of(lesson):
    """Run a lesson as far as its panel; return the panel and the lesson's names."""
    (path,) = NOTEBOOKS.glob(f"{lesson}_*.ipynb")
    namespace = {"__name__": "__main__"}
    show, plt.show = plt.show, lambda: None
    try:
        with contextlib.chdir(NOTEBOOKS), contextlib.redirect_stdout(io.StringIO()):
            for cell in nbformat.read(path, as_version=4).cells:
                if cell.cell_type != "code":
                    continue
                made = re.search(r"^(?=(?:(?:Training|Descent)Panel|YourData)\()", cell.source, re.MULTILINE)
                if made:
                    source = f"{cell.source[: made.start()]}_panel = {cell.source[made.start() :]}"
                    run(source, namespace)
                    break
                run(cell.source, namespace)
                plt.close("all")
    finally:
        plt.show = show
    panel = namespace["_panel"]
    panel.wait()
    return panel, namespace
