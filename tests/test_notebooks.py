"""The lessons as files: executed, free of errors and of what a run leaves behind, and solvable."""

from __future__ import annotations

import base64
import re
from pathlib import Path

import matplotlib.pyplot as plt
import nbformat
import pytest

NOTEBOOKS = sorted((Path(__file__).parent.parent / "notebooks").glob("*.ipynb"))

every_lesson = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def read(path):
    notebook = nbformat.read(path, as_version=4)
    return notebook, [cell for cell in notebook.cells if cell.cell_type == "code"]


def test_there_are_lessons():
    assert NOTEBOOKS


@every_lesson
def test_every_code_cell_has_been_executed_in_order(path):
    """Strict nbval compares nothing in a cell without an execution count."""
    _, code = read(path)
    assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))


@every_lesson
def test_outputs_hold_no_error_and_no_warning(path):
    for cell in read(path)[1]:
        for output in cell.outputs:
            assert output.output_type != "error"
            assert output.get("name") != "stderr"


@every_lesson
def test_no_trace_of_the_run_is_saved(path):
    notebook, code = read(path)
    assert "widgets" not in notebook.metadata
    assert not any("execution" in cell.metadata for cell in code)


@every_lesson
def test_a_panel_is_saved_as_a_picture_too(path):
    """A page without a kernel shows it, with the sentence as its text."""
    panels = [
        output.data
        for cell in read(path)[1]
        for output in cell.outputs
        if "application/vnd.jupyter.widget-view+json" in output.get("data", {})
    ]
    assert panels
    for data in panels:
        assert base64.b64decode(data["image/png"]).startswith(b"\x89PNG")
        assert re.match(r"(Epoch|Step) \d", data["text/plain"])


@every_lesson
def test_code_fits_the_page(path):
    for cell in read(path)[1]:
        lines = cell.source.splitlines()
        assert len(lines) <= 18
        assert max(map(len, lines)) <= 100  # wider than this scrolls at 1280 pixels


@every_lesson
def test_exercises_wait_for_an_answer_and_accept_the_solution(path, monkeypatch):
    """Run the lesson's code in this process; each folded solution goes where its stub is."""
    monkeypatch.setattr("matplotlib.pyplot.show", lambda: None)
    notebook, _ = read(path)
    namespace = {"__name__": "__main__"}
    exercises = 0
    for cell, after in zip(notebook.cells, [*notebook.cells[1:], None], strict=True):
        if cell.cell_type != "code":
            continue
        exec(cell.source, namespace)
        last = cell.source.strip().splitlines()[-1]
        if last.startswith("exercises.check"):
            assert eval(last, namespace).correct is None
            solution = re.search(r"<summary>Solution.*?```python\n(.*?)```", after.source, re.DOTALL)
            exec(solution[1], namespace)
            verdict = eval(last, namespace)
            assert verdict.correct, verdict
            exercises += 1
    plt.close("all")
    assert exercises >= 2
