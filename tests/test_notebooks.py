"""The lessons as files: executed, free of errors and of what a run leaves behind."""

import base64
import html
import re
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parent.parent
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))

WITHOUT_A_PANEL = {"12", "14", "15"}  # 12 writes a class, 14 has a figure with sliders, 15 has questions
WITH_EXERCISES = [path for path in NOTEBOOKS if path.stem[:2] not in ("00", "15")]

every_lesson = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def read(path):
    notebook = nbformat.read(path, as_version=4)
    return notebook, [cell for cell in notebook.cells if cell.cell_type == "code"]


@every_lesson
def test_a_lesson_is_saved_as_a_run_leaves_it(path):
    """Strict nbval compares nothing in a cell without an execution count."""
    notebook, code = read(path)
    assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))
    assert "widgets" not in notebook.metadata
    assert not any("execution" in cell.metadata for cell in code)
    outputs = [output for cell in code for output in cell.outputs]
    assert not any(output.output_type == "error" or output.get("name") == "stderr" for output in outputs)
    assert any("image/png" in output.get("data", {}) for output in outputs)


@every_lesson
def test_a_widget_is_saved_as_a_picture_or_a_text_too(path):
    """A page without a kernel shows it; a panel's picture has its sentence for a text."""
    panels = 0
    for cell in read(path)[1]:
        shown = [output.get("data", {}) for output in cell.outputs]
        for number, data in enumerate(shown):
            is_widget = "application/vnd.jupyter.widget-view+json" in data
            if not is_widget or {"text/html", "text/markdown"} & data.keys():
                continue
            picture, sentence = shown[number + 1 : number + 3]
            assert base64.b64decode(picture["image/png"]).startswith(b"\x89PNG")
            assert html.escape(sentence["text/plain"]) in sentence["text/html"]
            panels += bool(re.search(r"(Epoch|Step) \d", sentence["text/plain"]))
    assert panels or path.stem[:2] in WITHOUT_A_PANEL


@pytest.mark.parametrize("path", WITH_EXERCISES, ids=lambda path: path.stem)
def test_a_challenge_has_a_number_to_beat_a_stub_and_a_way(path):
    cells = read(path)[0].cells
    (number,) = [n for n, cell in enumerate(cells) if "### Challenge" in cell.source]
    task = cells[number].source.partition("### Challenge")[2]
    assert re.search(r"\d", task)
    assert re.search(r"\*\*[^*]+\*\*", task)
    way = next(n for n in range(number + 1, len(cells)) if cells[n].cell_type == "markdown")
    stub = cells[number + 1 : way]
    assert any(re.search(r"# [Cc]hange th", cell.source) for cell in stub)
    assert re.search(r"<details>\s*<summary>.*?</details>", cells[way].source, re.DOTALL)


def test_pages_tell_what_each_lesson_says_of_itself():
    """The start page has a picture of each lesson, with the title and the minutes that stand at its top."""
    told = {}
    for path in NOTEBOOKS:
        top = read(path)[0].cells[0].source
        told[path] = re.match("# (.*)", top)[1], re.search(r"about (\d+)\s+minutes", top)[1]
    text = "\n".join(cell.source for cell in read(NOTEBOOKS[0])[0].cells)
    row = r'<img src="pictures/(\d\d)\.png"[^|]*?<br>\*\*\[\1 ([^]]*)\]\((.*?)\)\*\*<br>[^|]*; (\d+) minutes'
    shown = {file: (title, minutes) for _, title, file, minutes in re.findall(row, text)}
    assert shown == {path.name: told[path] for path in NOTEBOOKS[1:]}
    pages = ROOT / "README.md", ROOT / "docs" / "teaching.md"
    readme, teaching = (page.read_text(encoding="utf-8") for page in pages)
    for path, (title, minutes) in told.items():
        assert f"[{path.stem[:2]} {title}](notebooks/{path.name})" in readme
        assert f"[{path.stem[:2]} {title}](../notebooks/{path.name}) | {minutes} |" in teaching
