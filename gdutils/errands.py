"""What takes too long to be done with each drawing: it is done after it, on a thread that ends with it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

__all__ = ["Errands"]


class Errands:
    """Things to do after a drawing, one after the other; of those under one name, only the newest.

    So nothing piles up while a slider is dragged, and nothing holds up the picture.

    Parameters
    ----------
    in_background : callable
        Starts a function on a thread and returns the thread.
    guard : callable
        Calls a function with arguments, and deals with what goes wrong there.
    """

    def __init__(self, in_background: Callable[..., threading.Thread], guard: Callable[..., None]) -> None:
        self._in_background, self._guard = in_background, guard
        self._asked: dict[str, tuple[Any, ...]] = {}
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def ask(self, name: str, action: Callable[..., None], *args: Any) -> None:
        """Have something done; it replaces what was asked for under this name and is not yet begun."""
        with self._lock:
            self._asked[name] = (action, *args)
            if self._thread is None:
                self._thread = self._in_background(self._work)

    def asked(self, name: str) -> bool:
        """Return whether something newer waits under this name, so that the present one may give up."""
        return name in self._asked

    def _work(self) -> None:
        while True:
            with self._lock:
                if not self._asked:
                    self._thread = None
                    return
                what = self._asked.pop(next(iter(self._asked)))
            self._guard(*what)

    def wait(self, timeout: float) -> None:
        """Wait until all is done."""
        thread = self._thread
        if thread is not None:
            thread.join(timeout)
