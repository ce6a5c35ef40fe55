"""How tests are shared out among processes: a module to one of them, in the browser a lesson to one."""

from xdist.scheduler import LoadScopeScheduling


class ByLesson(LoadScopeScheduling):
    """Modules as a whole, since their tests share a page or a panel, but for the longest of all."""

    def _split_scope(self, nodeid):
        scope = super()._split_scope(nodeid)
        return scope + nodeid[nodeid.rindex("[") :] if scope.endswith("test_every_lesson.py") else scope


def pytest_xdist_make_scheduler(config, log):
    """Share them out so with ``--dist loadscope``."""
    return ByLesson(config, log)
