"""The three main sliders of each lesson's panel, moved from Python: to both ends, and between."""

import pytest

from tests.test_notebooks import NOTEBOOKS, WITHOUT_A_PANEL

RATES = (0.001, 0.03, 3.0)


@pytest.mark.parametrize("lesson", sorted({path.stem[:2] for path in NOTEBOOKS} - WITHOUT_A_PANEL))
def test_three_sliders_move_the_panel(panel):
    named = panel.controls.named
    *_, position = named
    for name in ("lr", "batch_size" if "batch_size" in named else "x", position):
        control, said = named[name], set()
        places = RATES if name == "lr" else (control.min, (control.min + control.max) // 2, control.max)
        for value in places:
            control.value = value
            panel.wait(timeout=300)  # single rows take long
            said.add(panel.text)
        assert len(said) > 1, f"{name} changes nothing"
        panel.reset()
        panel.wait()
