"""How tests are shared out among processes: a module to one of them, and where lessons are run, a lesson."""

import re

import pytest
from xdist.scheduler import LoadScopeScheduling


class ByLesson(LoadScopeScheduling):
    """Modules as a whole, since their tests share a panel; what needs a lesson, with what needs it too."""

    def _split_scope(self, nodeid):
        lesson = re.match(r"(tests/(?:browser|lessons)/).*\[(\d\d)", nodeid)
        return "".join(lesson.groups()) if lesson else super()._split_scope(nodeid)


@pytest.hookimpl(optionalhook=True)  # pytest also runs without processes
def pytest_xdist_make_scheduler(config, log):
    """Share them out so with ``--dist loadscope``, in the order of the folders: the browser takes longest."""
    config.option.loadscopereorder = False
    return ByLesson(config, log)
