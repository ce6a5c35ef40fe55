"""The limits of the lessons: the panel comes early, and nothing is long."""

import re

import pytest

from tests.test_notebooks import NOTEBOOKS, WITHOUT_A_PANEL, every_lesson, read

WORDS = {"00": 900, "07": 2_200, "08": 2_400, "09": 2_200, "10": 2_400, "11": 2_200}
WORDS |= {"12": 2_200, "13": 2_200, "14": 2_200, "15": 2_200}
FOLDED_WORDS, CODE_CELLS, CODE_LINES, LINES_OF_A_CELL, IMPORT_LINES, OF_GDUTILS = 700, 25, 220, 15, 10, 5
FOLDED = re.compile(r"<details>.*?</details>", re.DOTALL)
WITH_A_PANEL = [path for path in NOTEBOOKS if path.stem[:2] not in WITHOUT_A_PANEL]


def lines(source):
    return [line for line in source.splitlines() if line.strip()]


@every_lesson
def test_a_lesson_is_short(path):
    cells = read(path)[0].cells
    text = "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    code = [lines(cell.source) for cell in cells if cell.cell_type == "code"]
    assert len(FOLDED.sub("", text).split()) <= WORDS.get(path.stem[:2], 1_800)
    assert sum(len(folded.split()) for folded in FOLDED.findall(text)) <= FOLDED_WORDS
    assert len(code) <= CODE_CELLS
    assert sum(map(len, code)) <= CODE_LINES
    # Forward, backward and the loop in one cell.
    assert max(map(len, code)) <= (20 if path.stem[:2] == "08" else LINES_OF_A_CELL)


@pytest.mark.parametrize("path", WITH_A_PANEL, ids=lambda path: path.stem)
def test_the_panel_comes_first(path):
    sources = [cell.source for cell in read(path)[0].cells]
    panel = next(
        n for n, source in enumerate(sources) if re.search(r"^(\w+Panel|YourData)\(", source, re.MULTILINE)
    )
    assert panel < (3 if path.stem[:2] == "00" else 5)


@every_lesson
def test_few_lines_are_imports(path):
    first = next(cell.source for cell in read(path)[0].cells if cell.cell_type == "code")
    imports = re.findall(r"^(?:import|from) .*", first, re.MULTILINE)
    assert len(imports) <= IMPORT_LINES
    assert sum("gdutils" in line for line in imports) <= OF_GDUTILS
