"""What a learner is asked: exercises, predictions, challenges and the quiz."""

from gdutils.practice.challenges import Challenge, Challenges, height_under, loss_under, stays_under
from gdutils.practice.exercises import check
from gdutils.practice.predictions import Prediction, Predictions, load_predictions
from gdutils.practice.quiz import Choice, Number, Quiz, load_questions

__all__ = [
    "Challenge", "Challenges", "Choice", "Number", "Prediction", "Predictions", "Quiz", "check",
    "height_under", "load_predictions", "load_questions", "loss_under", "stays_under",
]  # fmt: skip
