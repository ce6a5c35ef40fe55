"""A lesson's panel, for a test that sets something in it."""

import pytest

from tests.lessons.cells import panel_of


@pytest.fixture
def panel(lesson):
    """The panel of a lesson; Reset takes back what the test has set."""
    panel, _ = panel_of(lesson)
    yield panel
    panel.controls.reset.click()
    panel.wait()
