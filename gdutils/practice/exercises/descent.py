"""The exercises of lesson 01: the walk, and how many steps prove that it has come close."""

import numpy as np

from gdutils.practice.checker import exercise, wrong_rate


@exercise((lambda x: 2 * (x - 3), 10.0, 0.1, 7), (lambda x: x * [2, 3], np.array([1.0, -2.0]), 0.1, 3))
def walk(slope, x, lr, steps):
    """Return the points that gradient descent passes, the start first."""
    path = [x]
    for _ in range(steps):
        x = x - lr * slope(x)
        path.append(x)
    return np.array(path)


walk.mistakes = wrong_rate(0.1) | {
    "Return all the points, not only the last one.": lambda *given: walk(*given)[-1],
    "The path begins with the start itself.": lambda *given: walk(*given)[1:],
    "Compute the slope again at each new point.": lambda slope, x, lr, steps: (
        x - np.multiply.outer(np.arange(steps + 1), lr * slope(x))
    ),
}


@exercise((lambda x: 3 * x + np.sin(x), -4.0, 0.2, 2.0, 1e-3), (lambda x: 2 * x, 1.0, 0.1, 2.0, 1.0))
def steps_to_proof(slope, x, lr, curvature, within):
    """Return after how many steps |slope| / curvature is at most a distance."""
    return np.argmax(abs(slope(walk(slope, x, lr, 10_000))) / curvature <= within)


steps_to_proof.mistakes = {
    "Divide the slope by the curvature.": {"curvature": 1},
    "A slope may be negative. Use its size, abs(slope(x)).": lambda *_: 0,
    "Check before each step: that is one too many.": lambda *given: steps_to_proof(*given) + 1,
}
