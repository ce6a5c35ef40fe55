"""In which order tests run, and how they are shared between two processes.

The browser's tests go to one process: two browsers on two cores would wait for each other. They take longest,
so they come first, then the notebooks, and then all else.
"""

import re

import pytest
from xdist.scheduler import LoadScopeScheduling


class ByLesson(LoadScopeScheduling):
    """Modules as a whole, since their tests share a panel; what runs a lesson's cells, by lessons."""

    def _split_scope(self, nodeid):
        if nodeid.startswith("tests/browser/"):
            return "browser"
        lesson = re.match(r"(tests/lessons/).*\[(\d\d)", nodeid)
        return "".join(lesson.groups()) if lesson else super()._split_scope(nodeid)


@pytest.hookimpl(optionalhook=True)  # pytest also runs without processes
def pytest_xdist_make_scheduler(config, log):
    config.option.loadscopereorder = False
    return ByLesson(config, log)


def pytest_collection_modifyitems(items):
    folders = ("tests/browser/", "notebooks/", "tests/lessons/", "tests/")
    items.sort(key=lambda item: next(n for n, each in enumerate(folders) if item.nodeid.startswith(each)))
