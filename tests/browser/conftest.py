"""One JupyterLab and one Chromium for all browser tests."""

import os
import shutil

import pytest

from tests.browser.lab import chromium, find_browser, jupyter_lab, new_page
from tests.test_notebooks import NOTEBOOKS


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
    home = tmp_path_factory.mktemp("lab")
    folder = NOTEBOOKS[0].parent
    shutil.copytree(folder, home / "notebooks", ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    with jupyter_lab(home / "notebooks", home) as address:
        yield address


@pytest.fixture(scope="module")
def page(browser):
    """A page that a module's tests share."""
    with new_page(browser) as page:
        yield page
