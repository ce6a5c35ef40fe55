"""The checkers of lesson 11, on gradient descent in scikit-learn."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from gdutils.exercises.verdict import Verdict, check_function, judge

__all__ = ["check_scaling", "check_sgd_step", "check_translation"]


def check_translation(answer: Callable[[float, float, int], Any]) -> Verdict:
    """Check a learner's ``translate(C, lr, n_samples)`` of a `LinearSVM` and its rate into scikit-learn's.

    It returns ``alpha`` and ``eta0`` of ``SGDClassifier(loss="hinge")`` and ``C`` of ``SVC``.
    """
    C, lr, n = 20.0, 0.005, 50
    right = {"alpha": 1 / C, "eta0": C * lr, "C": C / n}
    wrong = {
        "alpha": [
            ("alpha has no 1/n: SGDClassifier's loss is a mean already, as ours is.", 1 / (n * C)),
            ("alpha has no n: SGDClassifier's loss is a mean already, as ours is.", n / C),
            ("alpha is upside down: a large C is a small penalty.", C),
            ("The sign of alpha is wrong: a penalty is positive.", -1 / C),
            ("alpha has no ½ of its own: both losses write their penalty with the ½.", 1 / (2 * C)),
        ],
        "eta0": [
            ("eta0 is not lr: their loss is ours divided by C, and so is its gradient.", lr),
            ("eta0 is the wrong way round: their gradient is shorter, so the rate is larger.", lr / C),
            ("eta0 has no n: both take one row a step.", n * C * lr),
            ("eta0 has no n: both take one row a step.", C * lr / n),
        ],
        "C": [
            ("SVC's C is not ours: it weighs a sum over the rows. Is the 1/n missing?", C),
            ("SVC's C is the wrong way round: a sum is n times a mean, so C is smaller by n.", C * n),
            ("SVC's C weighs the rows, as ours does: it is not turned over as alpha is.", 1 / (C * n)),
        ],
    }
    # Two mistakes come together easily. The hint is that of the first; the second is told once it is mended.
    choices = [[("", right[name]), *wrong[name]] for name in right]
    mistakes = [
        (next(hint for hint, _ in several if hint), dict(zip(right, (v for _, v in several), strict=True)))
        for several in product(*choices)
        if any(hint for hint, _ in several)
    ]
    return judge(answer, (C, lr, n), right, mistakes, "C = 20, lr = 0.005 and 50 rows")


def check_sgd_step(answer: Callable[..., Any]) -> Verdict:
    """Check a learner's ``step(w, b, x, y, eta, alpha)``: w and b after one row of penalized log-loss.

    The loss of the row x of shape (n_features,) with the label y, 0 or 1, is its cross-entropy plus
    ½ alpha ‖w‖².
    """
    w, b, x = np.array([0.8, -1.5, 0.4]), 0.3, np.array([1.2, 0.5, -2.0])
    y, eta, alpha = 1, 0.3, 0.2

    def after(
        w: NDArray[Any] = w,
        b: float = b,
        *,
        p: float | None = None,
        p_of_b: float | None = None,
        rate: float = eta,
        penalty: float = alpha,
        on_b: float = 0.0,
        target: float = y,
    ) -> dict[str, Any]:
        """Return w and b after the step, or after one that makes a mistake."""
        p = float(expit(x @ w + b)) if p is None else p
        p_of_b = p if p_of_b is None else p_of_b
        return {
            "w": w - rate * ((p - target) * x + penalty * w),
            "b": b - rate * (p_of_b - target + on_b * b),
        }

    right, bare = after(), after(penalty=0)
    p = float(expit(x @ w + b))
    moved, shrunk = right["w"], (1 - eta * alpha) * w
    order = "One was stepped with the other already moved. Take p from the old w and b for both."
    penalty_first = "The penalty came first, and p saw the shorter w. Take p from the old w and b."
    mistakes = [
        ("Where is the penalty? It adds alpha · w to the gradient of w.", bare),
        ("The sign of the penalty is wrong: it makes w shorter.", after(penalty=-alpha)),
        (
            "The penalty is a part of the gradient, so eta scales it too.",
            {"w": bare["w"] - alpha * w, "b": right["b"]},
        ),
        ("Twice the penalty: the ½ of ½ alpha ‖w‖² cancels the 2.", after(penalty=2 * alpha)),
        (
            "Half the penalty: the ½ of ½ alpha ‖w‖² is used up by the 2 of the derivative.",
            after(penalty=alpha / 2),
        ),
        ("The penalty does not see b.", after(on_b=alpha)),
        ("That goes uphill: the step is against the gradient, so it is subtracted.", after(rate=-eta)),
        (
            "The sign of the error: it is p − y.",
            {"w": w - eta * ((y - p) * x + alpha * w), "b": b - eta * (y - p)},
        ),
        ("The sigmoid is missing: p is expit(x @ w + b).", after(p=float(x @ w + b))),
        ("The learning rate eta is missing: it scales the gradient.", after(rate=1.0)),
        (order, {"w": moved, "b": after(p_of_b=float(expit(x @ moved + b)))["b"]}),
        (order, {"w": after(p=float(expit(x @ w + right["b"])))["w"], "b": right["b"]}),
        (
            penalty_first,
            {
                "w": shrunk - eta * (float(expit(x @ shrunk + b)) - y) * x,
                "b": b - eta * (float(expit(x @ shrunk + b)) - y),
            },
        ),
        (
            "There is one row, so nothing is divided: len(x) is the number of features.",
            {"w": w - eta * ((p - y) * x / len(x) + alpha * w), "b": right["b"]},
        ),
        ("p sees b too: it is expit(x @ w + b).", after(p=float(expit(x @ w)))),
        ("b did not move: it has a step of its own.", right | {"b": b}),
        ("w did not move: it has a step of its own.", right | {"w": w}),
        ("That is the gradient, not w and b after the step.", {"w": (p - y) * x + alpha * w, "b": p - y}),
        ("Nothing moved: return the new values.", {"w": w, "b": b}),
    ]
    return judge(answer, (w, b, x, y, eta, alpha), right, mistakes, "the trial row")


def check_scaling(answer: Callable[[NDArray[Any], NDArray[Any]], Any]) -> Verdict:
    """Check a learner's ``scale(X_train, X_new)``: X_new scaled by what the training rows tell."""
    rng = np.random.RandomState(11)
    X_train = rng.standard_normal((8, 3)) * [1.0, 20.0, 0.3] + [5.0, -40.0, 1.0]
    X_new = rng.standard_normal((5, 3)) * [1.0, 20.0, 0.3] + [6.0, -10.0, 1.0]

    def scale(X_train: NDArray[Any], X_new: NDArray[Any]) -> NDArray[Any]:
        return np.asarray((X_new - X_train.mean(axis=0)) / X_train.std(axis=0))

    def by_one_number(X_train: NDArray[Any], X_new: NDArray[Any]) -> NDArray[Any]:
        return np.asarray((X_new - X_train.mean()) / X_train.std())

    hints = [
        (
            "That is scaled by the new rows' own mean and deviation. Use the training rows' ones.",
            lambda X, new: scale(new, new),
        ),
        (
            "The new rows had a say in the mean. Only the training rows may: the new ones come later.",
            lambda X, new: scale(np.vstack([X, new]), new),
        ),
        ("The training mean is missing: subtract it first.", lambda X, new: new / X.std(axis=0)),
        ("Divide by the training standard deviation too.", lambda X, new: new - X.mean(axis=0)),
        ("The sign: subtract the mean.", lambda X, new: (new + X.mean(axis=0)) / X.std(axis=0)),
        (
            "That divides by the variance. Take its root.",
            lambda X, new: (new - X.mean(axis=0)) / X.var(axis=0),
        ),
        (
            "Almost: the deviation has 1/(n − 1). StandardScaler's has 1/n, NumPy's default.",
            lambda X, new: (new - X.mean(axis=0)) / X.std(axis=0, ddof=1),
        ),
        (
            "Almost: the deviation lacks its 1/n: it is the root of a mean.",
            lambda X, new: scale(X, new) / np.sqrt(len(X)),
        ),
        ("One mean for all features. Each has its own: axis=0.", by_one_number),
        (
            "That takes the least and the largest value. StandardScaler takes mean and standard deviation.",
            lambda X, new: (new - X.min(axis=0)) / (X.max(axis=0) - X.min(axis=0)),
        ),
        ("The order: subtract first, then divide.", lambda X, new: new / X.std(axis=0) - X.mean(axis=0)),
    ]
    return check_function(answer, scale, X_train, X_new, hints=hints)
