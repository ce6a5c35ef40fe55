"""One JupyterLab and one Chromium for all browser tests."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tests.browser.lab import chromium, find_browser, jupyter_lab

NOTEBOOKS = Path(__file__).parent.parent.parent / "notebooks"


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
def lab(tmp_path_factory):
    """Serve a copy of the lessons, so that a test's runs do not change them."""
    folder = tmp_path_factory.mktemp("lab")
    shutil.copytree(NOTEBOOKS, folder / "notebooks", ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    with jupyter_lab(folder / "notebooks", folder) as address:
        yield address
