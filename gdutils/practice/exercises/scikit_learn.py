"""The exercises of lesson 11: a linear SVM translated, and one step of SGDClassifier with the hinge."""

import numpy as np

from gdutils.practice.checker import Exercise, exercise, wrong_rate

translation = Exercise(lambda C, lr, n: {"alpha": 1 / C, "eta0": C * lr, "C": C / n}, [(20.0, 0.005, 50)])
translation.mistakes = {
    "alpha is upside down: a large C is a small penalty.": lambda *a: translation(*a) | {"alpha": 20},
    "eta0 is not lr: their loss is ours divided by C.": lambda *a: translation(*a) | {"eta0": 0.005},
    "SVC's C multiplies a sum. Is the 1/n missing?": lambda *a: translation(*a) | {"C": 20},
}

W, ROW = np.array([0.8, -1.5, 0.4]), np.array([1.2, 0.5, -2.0])


@exercise(*((w, 0.3, ROW, y, 0.3, 0.2) for w, y in ((W, 1), (W, 0), (W - [0, 0, 1.3], 1))))
def sgd_step(w, b, x, y, lr, reg, low=-1, margin=1):
    """Return w and b after a step for one row, on its hinge plus ½ reg ‖w‖²."""
    s = 1 if y == 1 else low
    pull = s if s * (x @ w + b) < margin else 0
    return {"w": w - lr * (reg * w - pull * x), "b": b + lr * pull}


sgd_step.mistakes = wrong_rate(0.3) | {
    "Where is the penalty? It adds reg · w to the gradient of w.": {"reg": 0},
    "The label 0 stands for s = −1.": {"low": 0},
    "A row beyond its margin, s · score ≥ 1, does not pull.": {"margin": np.inf},
}
