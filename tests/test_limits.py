"""The limits of the lessons: the panel comes early, and nothing is long."""

import itertools
import re

import pytest

from tests.test_notebooks import NOTEBOOKS, WITHOUT_A_PANEL, every_lesson, read

WORDS = {"00": 900, "07": 2_200, "08": 2_400, "09": 2_200, "10": 2_400, "11": 2_200}
WORDS |= {"12": 2_200, "13": 2_200, "14": 2_200, "15": 2_200}
FOLDED_WORDS, CODE_CELLS, CODE_LINES, LINES_OF_A_CELL, IMPORT_LINES, OF_GDUTILS = 700, 25, 220, 15, 10, 5
FOLDED = re.compile(r"<details>.*?</details>", re.DOTALL)
WITH_A_PANEL = [path for path in NOTEBOOKS if path.stem[:2] not in WITHOUT_A_PANEL]


@every_lesson
def test_a_lesson_is_short(path):
    cells = read(path)[0].cells
    text = "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    code = [re.findall(r".*\S.*", cell.source) for cell in cells if cell.cell_type == "code"]
    assert len(FOLDED.sub("", text).split()) <= WORDS.get(path.stem[:2], 1_800)
    assert sum(len(folded.split()) for folded in FOLDED.findall(text)) <= FOLDED_WORDS
    assert len(code) <= CODE_CELLS
    assert sum(map(len, code)) <= CODE_LINES
    # Forward, backward and the loop in one cell.
    assert max(map(len, code)) <= (20 if path.stem[:2] == "08" else LINES_OF_A_CELL)
    assert max(cell.source.count("\n") for cell in read(path)[1]) < (20 if path.stem[:2] == "08" else 18)
    assert max(map(len, itertools.chain(*code))) <= 100  # wider than this scrolls at 1280 pixels
    imports = [line for line in code[0] if line.startswith(("import ", "from "))]
    assert len(imports) <= IMPORT_LINES
    assert sum("gdutils" in line for line in imports) <= OF_GDUTILS


@pytest.mark.parametrize("path", WITH_A_PANEL, ids=lambda path: path.stem)
def test_the_panel_comes_first(path):
    sources = [cell.source for cell in read(path)[0].cells]
    early = sources[: 3 if path.stem[:2] == "00" else 5]
    assert re.search(r"^(\w+Panel|YourData)\(", "\n".join(early), re.MULTILINE)
