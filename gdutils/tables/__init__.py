"""A learner's own file: read by pandas, prepared by scikit-learn, trained on, and predicted with."""

from gdutils.tables.pictures import suited
from gdutils.tables.preparing import prepare, read_ratings, usual_target
from gdutils.tables.reading import read_table
from gdutils.tables.your_data import YourData

__all__ = ["YourData", "prepare", "read_ratings", "read_table", "suited", "usual_target"]
