"""What each test of panels leaves behind: nothing."""

import threading
import weakref

import pytest
from ipywidgets import Widget

from tests.panels.problems import at_rest, until


@pytest.fixture(autouse=True)
def widgets_made():
    """The widgets that a test makes; ipywidgets would keep them, and their panels, until they are closed."""
    made, before = weakref.WeakSet(), set(threading.enumerate())
    Widget.on_widget_constructed(made.add)
    yield made
    Widget.on_widget_constructed(None)
    for widget in list(made):
        widget.close()
    until(lambda: at_rest(before))
