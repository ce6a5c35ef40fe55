"""One JupyterLab and one Chromium for all browser tests, and a page for each lesson."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import expect

from tests.browser.lab import PATIENCE, chromium, find_browser, jupyter_lab, open_lesson

NOTEBOOKS = Path(__file__).parent.parent.parent / "notebooks"


def lessons_with(panel: str) -> list[Path]:
    """Return the lessons that have a panel of this kind."""
    return [path for path in sorted(NOTEBOOKS.glob("*.ipynb")) if f"{panel}(" in path.read_text("utf-8")]


def saved_sentence(path: Path) -> str:
    """The sentence that the saved panel has."""
    (found,) = (
        output.data["text/plain"]
        for cell in nbformat.read(path, as_version=4).cells
        for output in cell.get("outputs", [])
        if {"application/vnd.jupyter.widget-view+json", "image/png"} <= output.get("data", {}).keys()
    )
    return found


@pytest.fixture(scope="session")
def browser():
    if find_browser() is None:
        missing = "no Chromium or Chrome was found; CHROMIUM=/path/to/it names one"
        if os.environ.get("CI"):
            pytest.fail(missing)
        pytest.skip(missing)
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    """A copy of the lessons, so that a test's runs do not change them."""
    folder = tmp_path_factory.mktemp("lab") / "notebooks"
    shutil.copytree(NOTEBOOKS, folder, ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    return folder


@pytest.fixture(scope="session")
def lab(folder):
    """Serve the copy of the lessons."""
    with jupyter_lab(folder, folder.parent) as address:
        yield address


def pytest_generate_tests(metafunc):
    """A module's tests of a panel go through the module's lessons."""
    if "panel" in metafunc.fixturenames and hasattr(metafunc.module, "LESSONS"):
        lessons = metafunc.module.LESSONS
        ids = [path.stem for path in lessons]
        metafunc.parametrize("panel", lessons, ids=ids, indirect=True, scope="module")


@pytest.fixture(scope="module")
def panel(request, browser, lab):
    """A lesson after Run All; a module's tests share the page."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    panel = open_lesson(page, lab.format(request.param.name))
    panel.url, panel.at_rest = lab.format(request.param.name), saved_sentence(request.param)
    yield panel
    page.close()


@pytest.fixture
def reset(panel):
    """Each test begins with the settings of the lesson, and with the sentence that the saved lesson has."""
    panel.reset()
    expect(panel.sentence).to_have_text(re.compile(re.escape(panel.at_rest)), timeout=PATIENCE)
