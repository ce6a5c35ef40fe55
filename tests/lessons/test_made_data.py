"""The data that the panels of the lessons make anew."""

import pytest

from tests.lessons.cells import panel_of

MADE_ANEW = ("03", "05", "06", "07", "08", "09", "10")


@pytest.mark.parametrize("lesson", MADE_ANEW)
def test_every_made_data_of_a_lesson_bear_both_ends_of_their_sliders(lesson):
    panel, _ = panel_of(lesson)
    controls = panel.controls
    made = [name for name, source in panel.sources.items() if source.first]
    assert made
    try:
        for name in made:
            controls.data.value = name
            for key in panel.sources[name].first:
                slider, first = controls.of_data[key], panel.image.value
                for value in (slider.min, slider.max):
                    slider.value = value
                    panel.wait()
                    assert panel.sources[name].settings[key] == value
                    assert panel.image.value != first
                    assert "Not trained" not in panel.text
    finally:
        controls.reset.click()
        panel.wait()
