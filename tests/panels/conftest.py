"""What each test of panels leaves behind: nothing."""

import weakref

import pytest
from ipywidgets import Widget


@pytest.fixture(autouse=True)
def widgets_made():
    """The widgets that a test makes; ipywidgets would keep them, and their panels, until they are closed."""
    made = weakref.WeakSet()
    Widget.on_widget_constructed(made.add)
    yield made
    Widget.on_widget_constructed(None)
    for widget in made:
        widget.close()
