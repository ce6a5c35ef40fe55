"""A learner's own file: read, looked over, trained on and predicted with."""

from gdutils.tables.columns import describe, guess_task
from gdutils.tables.files import is_ratings
from gdutils.tables.pictures import picture_of
from gdutils.tables.preparing import prepare
from gdutils.tables.reading import read_table
from gdutils.tables.suited import encode, predict_classes, suited
from gdutils.tables.your_data import YourData

__all__ = [
    "YourData",
    "describe",
    "encode",
    "guess_task",
    "is_ratings",
    "picture_of",
    "predict_classes",
    "prepare",
    "read_table",
    "suited",
]
