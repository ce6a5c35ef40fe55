"""Every link inside of the collection leads to a file, and to a heading in it, that exists."""

import re
from itertools import pairwise
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parent.parent
PAGES = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    ROOT / "benchmarks" / "README.md",
    *sorted((ROOT / "docs").glob("*.md")),
    *sorted((ROOT / "notebooks").glob("**/*.md")),
    *sorted((ROOT / "notebooks").glob("*.ipynb")),
]
# [text](target), ![text](target) and <img src="target">
LINK = re.compile(r"\]\(([^)\s]+)\)|src=\"([^\"]+)\"")


def text(path):
    """The words of a page, without the code in them."""
    if path.suffix == ".ipynb":
        cells = nbformat.read(path, as_version=4).cells
        words = "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    else:
        words = path.read_text(encoding="utf-8")
    return re.sub(r"```.*?```|\$\$.*?\$\$", "", words, flags=re.DOTALL)


def anchors(path):
    """The names by which JupyterLab, and a code host, find the headings of a lesson."""
    headings = re.findall(r"^#+ +(.*?) *$", text(path), re.MULTILINE)
    return {re.sub(r"[`*$]", "", heading).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page):
    for target in (markdown or html for markdown, html in LINK.findall(text(page))):
        if target.startswith(("http:", "https:")):
            continue
        file, _, anchor = target.partition("#")
        there = page.parent / file if file else page
        assert there.exists(), f"{page.name} links to {target}"
        assert not anchor or anchor in anchors(there), f"{page.name} links to {target}: no such heading"


def test_a_lesson_leads_to_the_next():
    lessons = sorted((ROOT / "notebooks").glob("*.ipynb"))
    for lesson, following in pairwise(lessons):
        _, heading, end = text(lesson).rpartition("**Where to go next**")
        assert heading, f"{lesson.name} does not say where to go next"
        assert f"]({following.name})" in end, f"{lesson.name} does not lead to {following.name}"
