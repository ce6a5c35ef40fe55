"""A learner's own file: read by pandas, prepared by scikit-learn, trained on, and predicted with."""

from gdutils.tables.models import encode, predict_classes, suited
from gdutils.tables.pictures import picture_of
from gdutils.tables.preparing import Problem, prepare, usual_target
from gdutils.tables.reading import read_ratings, read_table
from gdutils.tables.your_data import YourData

__all__ = [
    "Problem", "YourData", "encode", "picture_of", "predict_classes", "prepare", "read_ratings", "read_table",
    "suited", "usual_target",
]  # fmt: skip
