"""The live panels: sliders, a picture that follows them at once, and a sentence that says what it shows."""

from gdutils.panel.descent_panel import DescentPanel
from gdutils.panel.descent_pictures import CurvePicture, MapPicture
from gdutils.panel.lesson_widgets import InteractiveFigure, SliderTest
from gdutils.panel.pictures import (
    LinePicture,
    LossPicture,
    MarginPicture,
    ProbabilityPicture,
    RatingsPicture,
    RegionsPicture,
)
from gdutils.panel.training_panel import TrainingPanel

__all__ = [
    "CurvePicture", "DescentPanel", "InteractiveFigure", "LinePicture", "LossPicture", "MapPicture",
    "MarginPicture", "ProbabilityPicture", "RatingsPicture", "RegionsPicture", "SliderTest", "TrainingPanel",
]  # fmt: skip
