"""The exercises of lesson 02: the largest stable rate of a parabola, and how many steps it takes."""

import numpy as np

from gdutils.practice.checker import Exercise, exercise

parabola_limit = Exercise(lambda a: 1 / a, [(3.7,)])
parabola_limit.mistakes = {
    "The second derivative of ax² is 2a, not a.": lambda a: 2 / a,
    "That is the best rate, 1/f″. The limit is twice that.": lambda a: 1 / (2 * a),
}


@exercise((0.8, 2.0, 1e-3), (0.5, 2.0, 1e-3))
def steps_needed(lr, curvature, ratio):
    """Return the smallest number of steps that brings the distance to at most `ratio` of its start."""
    factor = abs(1 - lr * curvature)
    return max(1, np.ceil(np.log(ratio) / np.log(factor)))


steps_needed.mistakes = {
    "Round up: one step fewer is not enough.": lambda *a: steps_needed(*a) - 1,
    "Each step leaves the factor |1 − lr · curvature|.": {"curvature": 1},
}
