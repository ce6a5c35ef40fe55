"""Colors that are used side by side can be told apart, also with a color-vision deficiency.

Simulated after Machado, Oliveira and Fernandes (2009) at full severity; distances in the CAM02 uniform color
space, in which two just differ at about 1. Beside each color stands a line style or a marker of its own.
"""

import warnings
from itertools import combinations

import numpy as np
import pytest
from matplotlib.colors import to_rgb

from gdutils import plots
from gdutils.panel.descent_pictures import LOOKS
from gdutils.panel.live_figure import KEPT

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # where it is not compiled yet
    from colorspacious import cspace_convert, deltaE

TOLD_APART = 10
WHITE = "#ffffff"
TOGETHER = {
    "lines of a panel": [plots.DATA, plots.MODEL, plots.PATH, plots.HELD_OUT, KEPT["color"], WHITE],
    "classes": list(plots.CLASSES),
    "walks of a race": [color for color, _, _ in LOOKS],
}


def seen(color, deficiency):
    space = {"name": "sRGB1+CVD", "cvd_type": deficiency, "severity": 100}
    seen_so = to_rgb(color) if deficiency == "none" else cspace_convert(to_rgb(color), space, "sRGB1")
    return np.clip(seen_so, 0, 1)


@pytest.mark.parametrize("deficiency", ["none", "protanomaly", "deuteranomaly", "tritanomaly"])
@pytest.mark.parametrize("group", TOGETHER)
def test_colors_are_told_apart(group, deficiency):
    for one, other in combinations(TOGETHER[group], 2):
        distance = deltaE(seen(one, deficiency), seen(other, deficiency), input_space="sRGB1")
        assert distance > TOLD_APART, f"{one} and {other} look alike: {distance:.1f}"


def test_no_two_walks_and_no_two_classes_have_one_style():
    assert len({mark for _, _, mark in LOOKS}) == len(LOOKS)
    assert len(set(plots.MARKERS[: len(plots.CLASSES)])) == len(plots.CLASSES)
