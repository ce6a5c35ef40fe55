"""What is done after a drawing: the newest wins, nothing piles up, and a failure ends nothing."""

import threading

from gdutils.errands import Errands


class Threads:
    """Starts threads and remembers them; guards as a panel does."""

    def __init__(self):
        self.started, self.errors = [], []

    def start(self, action):
        thread = threading.Thread(target=action)
        self.started.append(thread)
        thread.start()
        return thread

    def guard(self, action, *args):
        try:
            action(*args)
        except Exception as error:
            self.errors.append(error)


def blocked(errands, done):
    """Have something done that lasts until the event returned is set."""
    began, end = threading.Event(), threading.Event()

    def action():
        began.set()
        assert end.wait(30)
        done.append("first")

    errands.ask("look", action)
    assert began.wait(30)
    return end


def test_of_those_under_one_name_only_the_newest_is_done():
    threads, done = Threads(), []
    errands = Errands(threads.start, threads.guard)
    end = blocked(errands, done)
    assert not errands.asked("look")
    for number in range(100):
        errands.ask("look", done.append, number)
    errands.ask("mark", done.append, "mark")
    assert errands.asked("look")
    end.set()
    errands.wait(30)
    assert done == ["first", 99, "mark"]
    assert len(threads.started) == 1


def test_the_thread_ends_with_the_work_and_another_begins():
    threads, done = Threads(), []
    errands = Errands(threads.start, threads.guard)
    errands.wait(30)  # for nothing
    for number in range(3):
        errands.ask("look", done.append, number)
        errands.wait(30)
    assert done == [0, 1, 2]
    assert not any(thread.is_alive() for thread in threads.started)


def test_what_fails_ends_nothing():
    threads, done = Threads(), []
    errands = Errands(threads.start, threads.guard)
    end = blocked(errands, done)
    errands.ask("mark", lambda: 1 / 0)
    errands.ask("look", done.append, "last")
    end.set()
    errands.wait(30)
    assert done == ["first", "last"]
    assert [type(error) for error in threads.errors] == [ZeroDivisionError]
