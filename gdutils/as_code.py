"""A run of a panel as code: the lines that give exactly the same, ready to be copied.

`of_training` and `of_descent` write them, and `AsCode` shows them under *More*. What is imported follows from
the names in the code, so a panel is told no more than the lines that make its data.
"""

from __future__ import annotations

import ast
import builtins
import html
import importlib
import inspect
import textwrap
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

import ipywidgets as widgets

from gdutils import landscapes
from gdutils.checks import brief

__all__ = ["AsCode", "by_data", "of_descent", "of_training"]

Code = str | Callable[[], tuple[Any, ...]]  # lines that make X and y, or a function that returns them

WIDTH = 92  # letters in a line
ROWS = 16
WHOLE = {"np": "import numpy as np", "datasets": "from gdutils import datasets"}
# Where to look for other names, one after the other as long as there is need: the last take long to import.
MODULES = (
    *(f"gdutils.{name}" for name in ("landscapes", "models", "optimizers", "training", "tables")),
    "sklearn.datasets",
    "sklearn.model_selection",
)


class AsCode:
    """An extra of a panel: the lines that give what the panel shows.

    Parameters
    ----------
    write : callable
        Called with the panel, returns the lines.

    Attributes
    ----------
    code : str
        The lines, as they were when the panel last looked.
    """

    eager = False

    def __init__(self, write: Callable[[Any], str]) -> None:
        self._write, self.code = write, ""
        self.widget = widgets.HTML(layout={"max_width": "840px"})

    def look(self, panel: Any) -> None:
        """Write the lines for what the panel shows."""
        code = self._write(panel)
        if code != self.code:
            self.code, self.widget.value = code, area(code)

    def restore(self) -> None:
        """Nothing of it is the learner's."""


def area(code: str) -> str:
    """Return an area to read, select and copy from, with its label.

    JupyterLab would take the keys for its own while an area that cannot be written in has the focus.
    """
    look = (
        "display: block; width: 100%; box-sizing: border-box; resize: none; padding: 6px 8px; "
        "white-space: pre; font: 12px/17px var(--jp-code-font-family, monospace); "
        "color: var(--jp-content-font-color1, black); background: var(--jp-layout-color1, white); "
        "border: 1px solid var(--jp-border-color1, #757575)"
    )
    return (
        '<label style="display: block; line-height: 22px">as code: these lines give exactly this run'
        f'<textarea readonly rows="{ROWS}" spellcheck="false" data-lm-suppress-shortcuts="true" '
        f'style="{look}">{html.escape(code)}</textarea></label>'
    )


def by_data(code: Code | Mapping[str, Code] | None, names: Collection[str]) -> dict[str, str]:
    """Return the lines that make each of the data; a single text, or function, is that of the first.

    Raises
    ------
    TypeError, ValueError
        If it is no text, or for data that are not there.
    """
    given = dict(code or {}) if code is None or isinstance(code, Mapping) else {next(iter(names)): code}
    found = dict.fromkeys(names, "")
    for name, lines in given.items():
        if name not in names:
            raise ValueError(f"code must be for one of {', '.join(map(repr, names))}, got {name!r}")
        if not (isinstance(lines, str) or callable(lines)):
            raise TypeError(
                f"code must be lines of Python, or a function that returns X and y, got {lines!r}"
            )
        if isinstance(lines, str):
            check_python(lines)
        found[name] = lines if isinstance(lines, str) else source_of(lines) + f"X, y, *_ = {lines.__name__}()"
    return found


def check_python(lines: str) -> None:
    """Raise unless these are lines of Python; they are shown, and never run."""
    try:
        ast.parse(lines)
    except (SyntaxError, ValueError) as error:
        raise ValueError(f"code must be lines of Python, got {brief(lines)} ({error})") from None


def of_training(panel: Any) -> str:
    """Return the lines that train as the newest run of a `TrainingPanel`."""
    run, n_samples = panel.run, len(panel.run.picture.y)
    settings, last = run.settings, len(run.snapshots) - 1
    start = run.stage.random_state if settings.seed is None else settings.seed
    seeded, made = isinstance(start, int), run.stage.code
    if not made:
        made = "# X and y are those of the lesson." if seeded else "# X, y and rng are those of the lesson."
    arguments = ["model, X, y", repr(settings.optimizer), f"epochs={run.picture.epochs}"]
    if settings.batch_size != n_samples:
        arguments.append(f"batch_size={settings.batch_size}")
    arguments.append(f"random_state={start if seeded else 'rng'}")
    epoch = min(panel.controls.epoch.value, last)
    at = -1 if epoch == last and run.finished else epoch
    lines = [made, f"model = {run.model!r}", call("run = train", arguments), f"run.losses[{at}]"]
    return with_imports("\n".join(lines))


def of_descent(panel: Any) -> str:
    """Return the lines that walk as the newest walks of a `DescentPanel`."""
    walks = [each for each in panel.walks if each is not None]
    picture = panel.pictures[panel.descent.function]
    function, step = picture.function, panel.controls.step.value
    own = type(function).__module__ != landscapes.__name__
    what = f"# function is that of the lesson, of the class {type(function).__name__}."
    lines = [what if own else f"function = {function!r}"]
    start = panel.descent.start[0] if picture.n_variables == 1 else panel.descent.start
    for walk in walks:
        way = ["function", repr(walk.optimizer), f"start={start!r}", f"steps={picture.steps}"]
        lines += [call("path = walk", way), f"print(path[{step}], function(path[{step}]))"]
    return with_imports("\n".join(lines))


def source_of(function: Callable[..., Any]) -> str:
    """Return the lines that define a function, or import it; a comment if they are not known."""
    if function.__module__ != "__main__":
        return f"from {function.__module__} import {function.__name__}\n\n"
    try:
        return f"{textwrap.dedent(inspect.getsource(function)).strip()}\n\n\n"
    except OSError:
        return f"# {function.__name__} is that of the lesson.\n"


def call(function: str, arguments: Sequence[str]) -> str:
    """Return a call, in several lines where one would be too long."""
    inside = ", ".join(arguments)
    whole = f"{function}({inside})"
    return whole if len(whole) <= WIDTH else f"{function}(\n    {inside}\n)"


def with_imports(code: str) -> str:
    """Return code below the imports that its names ask for; for a name unknown here, a comment says so."""
    lines = code.split("\n")
    own = [line for line in lines if line.startswith(("from ", "import "))]
    code = "\n".join(line for line in lines if line not in own).strip()
    tree = ast.parse("\n".join([*own, code]))
    names = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
    made = {node.id for node in names if isinstance(node.ctx, ast.Store)}
    for node in ast.walk(tree):
        if isinstance(node, ast.arg):
            made.add(node.arg)
        elif isinstance(node, ast.FunctionDef | ast.alias):
            made.add(node.name)
    asked = sorted({node.id for node in names} - made - set(dir(builtins)))
    imports = [*[WHOLE[name] for name in WHOLE if name in asked], *own]
    sought, lines = [name for name in asked if name not in {*WHOLE, "X", "y", "rng", "function"}], []
    for module in MODULES:
        if sought:
            exported = importlib.import_module(module).__all__
            there = [name for name in sought if name in exported]
            lines += [f"from {module} import {', '.join(there)}"] if there else []
            sought = [name for name in sought if name not in exported]
    lines = sorted(lines) + ([f"# {', '.join(sought)}: as in the lesson"] if sought else [])
    return "\n".join([*imports, *lines, "", code])
