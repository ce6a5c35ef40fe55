"""The checkers that the lessons' exercises call, one file a part of the collection."""

from gdutils.exercises.foundations import (
    check_adam_step,
    check_epoch,
    check_loop,
    check_momentum_step,
    check_mse_gradient,
    check_parabola_limit,
    check_steps_needed,
    check_steps_per_epoch,
)
from gdutils.exercises.gradients import check_model_gradient, check_step
from gdutils.exercises.library import check_scaling, check_sgd_step, check_translation
from gdutils.exercises.models import (
    check_border,
    check_dead_units,
    check_largest_stable_lr,
    check_leaky_gradient,
    check_log_softmax,
    check_rating_step,
    check_softmax_gradient,
    check_squared_hinge,
    check_sum_form,
    check_support_vectors,
    check_svm_step,
    check_two_columns,
)
from gdutils.exercises.tables import check_guess_accuracy, check_r2, check_standardize
from gdutils.exercises.verdict import Verdict, check_function

__all__ = [
    "Verdict",
    "check_adam_step",
    "check_border",
    "check_dead_units",
    "check_epoch",
    "check_function",
    "check_guess_accuracy",
    "check_largest_stable_lr",
    "check_leaky_gradient",
    "check_log_softmax",
    "check_loop",
    "check_model_gradient",
    "check_momentum_step",
    "check_mse_gradient",
    "check_parabola_limit",
    "check_r2",
    "check_rating_step",
    "check_scaling",
    "check_sgd_step",
    "check_softmax_gradient",
    "check_squared_hinge",
    "check_standardize",
    "check_step",
    "check_steps_needed",
    "check_steps_per_epoch",
    "check_sum_form",
    "check_support_vectors",
    "check_svm_step",
    "check_translation",
    "check_two_columns",
]
