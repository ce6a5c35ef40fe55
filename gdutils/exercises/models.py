"""The checkers of the lessons on the six models, 05 to 10."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import log_softmax, softmax

from gdutils.checks import brief, check_numeric, check_X_y
from gdutils.exercises.gradients import check_model_gradient, check_step
from gdutils.exercises.verdict import Verdict, check_function, in_a_dict, judge
from gdutils.models import LinearRegression, LinearSVM, MatrixFactorization, NeuralNetwork, SoftmaxRegression
from gdutils.training import Params

__all__ = [
    "LeakyNetwork",
    "SquaredHinge",
    "check_border",
    "check_dead_units",
    "check_largest_stable_lr",
    "check_leaky_gradient",
    "check_log_softmax",
    "check_rating_step",
    "check_softmax_gradient",
    "check_squared_hinge",
    "check_sum_form",
    "check_support_vectors",
    "check_svm_step",
    "check_two_columns",
]


def check_largest_stable_lr(answer: Callable[[NDArray[Any]], float]) -> Verdict:
    """Check a learner's ``largest_stable_lr(X)`` of linear regression with an intercept."""
    X = np.random.RandomState(2).standard_normal((20, 3)) + 1
    X1 = np.column_stack([X, np.ones(len(X))])
    right = 2 / LinearRegression(3).curvature(X)

    def limit(matrix: NDArray[Any], which: int = -1) -> dict[str, float]:
        return {"": float(2 / np.linalg.eigvalsh(matrix)[which])}

    n = len(X)
    mistakes = [
        ("Almost: the intercept is a weight too. Add the column of ones.", limit(X.T @ X / n)),
        ("Almost: the loss is a mean, so the matrix has a 1/n.", limit(X1.T @ X1)),
        (
            "Almost: it is 2/λ, not 1/λ: a step may land as far beyond the minimum as it began before.",
            {"": right / 2},
        ),
        ("Almost: the steepest direction decides, so take the largest eigenvalue.", limit(X1.T @ X1 / n, 0)),
        ("That is the largest curvature λ itself; the limit is 2/λ.", {"": 2 / right}),
    ]

    return judge(in_a_dict(answer), (X,), {"": right}, mistakes)


def check_border(answer: Callable[[Params, NDArray[Any]], Any]) -> Verdict:
    """Check a learner's ``border(params, x1)``: the x₂ at which x₁w₁ + x₂w₂ + b = 0, of two features."""
    x1, w1, w2, b = np.array([-1.0, 0.0, 2.0]), 3.0, -2.0, 1.0
    missing = "Almost: the intercept b is missing, or left out of the division."
    one_sign = "Almost: one sign is wrong. Both terms change sides."
    mistakes = [
        (missing, {"": -x1 * w1 / w2}),
        (missing, {"": -x1 * w1 / w2 - b}),
        ("Almost: the sign is wrong. Bring w₂x₂ alone to one side.", {"": (x1 * w1 + b) / w2}),
        (one_sign, {"": (-x1 * w1 + b) / w2}),
        (one_sign, {"": (x1 * w1 - b) / w2}),
        ("Almost: that is w₂x₂. Divide by w₂.", {"": -(x1 * w1 + b)}),
        ("On the border p̂ is ½, so z is 0, not ½.", {"": (0.5 - x1 * w1 - b) / w2}),
        ("The two features are swapped: x₂ belongs to w₂.", {"": -(x1 * w2 + b) / w1}),
        ("That is z at x₂ = 0. On the border z is 0.", {"": x1 * w1 + b}),
    ]
    params = {"w": np.array([w1, w2]), "b": np.array(b)}
    right = {"": -(x1 * w1 + b) / w2}
    trial = "x₁ = −1, 0, 2 with w = (3, −2), b = 1"
    return judge(in_a_dict(answer), (params, x1), right, mistakes, trial)


def check_log_softmax(answer: Callable[[NDArray[Any]], Any]) -> Verdict:
    """Check a learner's ``log_softmax(Z)``: of each row, and without overflow."""
    Z = np.array([[2.0, 1.0, -1.0], [1e4, 0.0, -1e4], [-900.0, -901.0, -900.0], [0.0, 0.0, 0.0]])

    def of_rows(D: NDArray[Any]) -> NDArray[Any]:
        return np.asarray(np.log(np.exp(D).sum(axis=1, keepdims=True)))

    row, table = Z.max(axis=1, keepdims=True), Z.max()
    overflow = "eᶻ overflows, or becomes 0 in a whole row. Subtract each row's maximum first."
    hints = [
        ("That is P̂. Its logarithm is asked for.", lambda Z: softmax(Z, axis=1)),
        ("The sum runs over the whole table. Each row has its own.", log_softmax),
        ("That is per column. Each row has its own sum.", lambda Z: log_softmax(Z, axis=0)),
        ("Almost: that is −ln p̂.", lambda Z: -log_softmax(Z, axis=1)),
        ("A small p̂ became 0. Do not compute p̂.", lambda Z: np.log(softmax(Z, axis=1))),
        (overflow, lambda Z: Z - of_rows(Z)),
        (overflow, lambda Z: np.log(np.exp(Z) / np.exp(Z).sum(axis=1, keepdims=True))),
        ("The maximum was taken out, and not put back.", lambda Z: Z - of_rows(Z - row)),
        ("That is the maximum of the table. Each row has its own.", lambda Z: Z - table - of_rows(Z - table)),
    ]
    return check_function(answer, lambda Z: log_softmax(Z, axis=1), Z, hints=hints)


def check_softmax_gradient(
    answer: Callable[[Params, Any, Any], Params], X: NDArray[Any], y: NDArray[Any]
) -> Verdict:
    """Check a learner's ``gradient(params, X, y)`` of softmax regression."""
    X, y = check_numeric("X", X), check_numeric("y", y)
    if X.ndim != 2:
        raise ValueError(f"X must have shape (n_samples, n_features), got {X.shape}")
    X, y = check_X_y(X, y, X.shape[1])
    if not (np.array_equal(y, np.round(y)) and 0 <= y.min() <= y.max() < 100):
        raise ValueError(
            f"y must hold the numbers of the classes, from 0, got {brief(np.unique(y).tolist())}"
        )
    y, n_classes = y.astype(int), int(y.max()) + 1

    def with_error(error: Callable[..., NDArray[Any]]) -> Callable[[Params, Any, Any], Params]:
        def gradient(params: Params, X: NDArray[Any], y: NDArray[Any]) -> Params:
            e = error(X @ params["W"] + params["b"], np.eye(n_classes)[y])
            return {"W": X.T @ e / len(y), "b": e.mean(axis=0)}

        return gradient

    hints = [
        ("That is P̂ alone. Where is Y?", with_error(lambda Z, Y: softmax(Z, axis=1))),
        ("The softmax is missing: those are the logits minus Y.", with_error(lambda Z, Y: Z - Y)),
        (
            "Softmax along the columns. The classes of a row sum to 1.",
            with_error(lambda Z, Y: softmax(Z, 0) - Y),
        ),
        ("Softmax over the whole table. Each row sums to 1.", with_error(lambda Z, Y: softmax(Z) - Y)),
        (
            "Divided by nK: the loss is a mean over the rows, not over all entries.",
            with_error(lambda Z, Y: (softmax(Z, axis=1) - Y) / n_classes),
        ),
        (
            "That is the gradient of a squared error. The logarithm of the loss has canceled p̂(1 − p̂).",
            with_error(lambda Z, Y: (p := softmax(Z, axis=1)) * (1 - p) * (p - Y)),
        ),
    ]
    return check_model_gradient(SoftmaxRegression(X.shape[1], n_classes), answer, X, y, hints=hints)


def check_two_columns(answer: Callable[[NDArray[Any]], Any]) -> Verdict:
    """Check a learner's ``two_columns(w)``: the W of softmax regression for logistic regression's w."""
    w = np.array([2.0, -3.0, 0.5])
    hints = [
        ("The columns are swapped: class 1 is the second.", lambda w: np.column_stack([w / 2, -w / 2])),
        ("The difference of your columns is 2w.", lambda w: np.column_stack([-w, w])),
        ("Same P̂, but not where descent goes.", lambda w: np.column_stack([0 * w, w])),
        ("Same P̂, but not where descent goes.", lambda w: np.column_stack([-w, 0 * w])),
    ]
    return check_function(answer, lambda w: np.column_stack([-w / 2, w / 2]), w, hints=hints)


def check_support_vectors(answer: Callable[[Params, NDArray[Any], NDArray[Any]], Any]) -> Verdict:
    """Check a learner's ``support_vectors(params, X, y)``: for each row, whether ys ≤ 1."""
    ys = np.array([3.0, 2.5, 1.0, 1.0, 0.5, -0.25, -3.0, -2.0])  # beyond, on and inside the margin, and wrong
    y = np.array([1, -1, 1, -1, 1, -1, 1, -1])
    w, b = np.array([1.0, -1.0]), 0.5
    X = np.outer(ys * y - b, w) / 2 + np.arange(8.0)[:, None]  # ‖w‖² is 2, and (1, 1) runs along the border
    s = X @ w + b
    score = "Almost: b is missing, or not multiplied by y. The score is all of Xw + b."
    mistakes = [
        ("Almost: y is missing.", s <= 1),
        ("The sign is turned: it is y times the score, not minus that.", -ys <= 1),
        ("Those are the numbers of the rows. Return True or False for each row.", np.flatnonzero(ys <= 1)),
        ("Almost: a row on the wrong side, far off, holds the border too.", np.abs(s) <= 1),
        ("Almost: a row exactly on its margin is a support vector too.", ys < 1),
        ("Those are the others, the rows beyond their margin.", ys > 1),
        ("Those are only the rows on the wrong side. The ones inside their margin count, too.", ys < 0),
        ("Those are only the rows exactly on their margin.", ys == 1),
        (score, y * (s - b) <= 1),
        (score, y * (s - b) + b <= 1),
    ]
    arguments = {"w": w, "b": np.array(b)}, X, y
    trial = "rows with ys = 3, 2.5, 1, 1, 0.5, −0.25, −3, −2"
    hints = [(hint, {"": found}) for hint, found in mistakes]
    return judge(in_a_dict(answer), arguments, {"": ys <= 1}, hints, trial)


def check_svm_step(answer: Callable[[Params, Any, Any, float], Params]) -> Verdict:
    """Check a learner's ``step(params, X, y, lr)`` of the linear SVM with C = 3: shrink and pull."""
    X, y = signed_rows()

    def step(
        pulling: Callable[[Any], Any] = lambda ys: ys < 1,
        C: float = 3,
        shrink: float = 1,
        shrink_b: float = 0,
    ) -> Callable[[Params, Any, Any, float], Params]:
        def wrong(params: Params, X: NDArray[Any], y: NDArray[Any], lr: float) -> Params:
            pull = lr * C * y * pulling(y * (X @ params["w"] + params["b"])) / len(y)
            w = (1 - lr * shrink) * params["w"] + X.T @ pull
            return {"w": w, "b": (1 - lr * shrink_b) * params["b"] + pull.sum()}

        return wrong

    def pull_without_lr(params: Params, X: NDArray[Any], y: NDArray[Any], lr: float) -> Params:
        return step(C=3 / lr)(params, X, y, lr)

    hints = [
        ("Almost: C is 3 here, and each pull is multiplied by it.", step(C=1)),
        ("Almost: the penalty shrinks w, by the factor 1 − lr.", step(shrink=0)),
        ("Almost: w grows where it should shrink.", step(shrink=-1)),
        ("Almost: only w shrinks. The penalty does not see b.", step(shrink_b=1)),
        ("Almost: a row pulls with weight C/n. Is the 1/n missing?", step(C=3 * len(y))),
        ("Almost: the learning rate scales the pull, too.", pull_without_lr),
        ("Almost: the pull is added. It goes towards y times the row.", step(C=-3)),
        (
            "Almost: n is the number of all rows, not of those that pull.",
            step(lambda ys: (m := ys < 1) / m.mean()),
        ),
        ("Almost: a row beyond its margin does not pull.", step(lambda ys: 1)),
        ("The wrong rows pull: it is those with ys < 1.", step(lambda ys: ys > 1)),
    ]
    return check_step(LinearSVM(2, C=3), answer, X, y, hints=hints)


class SquaredHinge(LinearSVM):
    """The linear SVM with its hinge squared: ½‖w‖² + C · mean max(0, 1 − ys)²."""

    def loss(self, params: Params, X: Any, y: Any) -> float:
        """Return the loss over the rows given."""
        hinge = np.maximum(0, 1 - y * self.predict(params, X))
        return float(0.5 * params["w"] @ params["w"] + self.C * np.mean(hinge**2))

    def gradient(self, params: Params, X: Any, y: Any) -> Params:
        """Return ∂L/∂w = w − 2C · Xᵀ(y · max(0, 1 − ys))/n and ∂L/∂b = −2C · mean(y · max(0, 1 − ys))."""
        pull = 2 * self.C * y * np.maximum(0, 1 - y * self.predict(params, X)) / len(y)
        return {"w": params["w"] - X.T @ pull, "b": -pull.sum()}


def check_squared_hinge(answer: Callable[[Params, Any, Any], Params]) -> Verdict:
    """Check a learner's ``gradient(params, X, y)`` of the linear SVM with a squared hinge, for C = 1."""
    X, y = signed_rows()

    def gradient(
        pull_of: Callable[[Any, Any], Any] = lambda y, z: 2 * y * np.maximum(0, z),
        penalty: float = 1,
        penalty_b: float = 0,
    ) -> Callable[[Params, Any, Any], Params]:
        def wrong(params: Params, X: NDArray[Any], y: NDArray[Any]) -> Params:
            pull = pull_of(y, 1 - y * (X @ params["w"] + params["b"])) / len(y)
            return {"w": penalty * params["w"] - X.T @ pull, "b": penalty_b * params["b"] - pull.sum()}

        return wrong

    squared = "The hinge is still squared. The derivative of h² is 2h times that of h."
    plain = "The hinge itself is missing. The derivative of h² is 2h times that of h."
    hints = [
        ("Almost: the 2 of the derivative is missing.", gradient(lambda y, z: y * np.maximum(0, z))),
        ("Almost: the penalty is missing. Its derivative for w is w.", gradient(penalty=0)),
        ("Almost: the sign of the penalty is wrong.", gradient(penalty=-1)),
        ("Almost: the penalty does not see b.", gradient(penalty_b=1)),
        (squared, gradient(lambda y, z: y * np.maximum(0, z) ** 2)),
        (squared, gradient(lambda y, z: 2 * y * np.maximum(0, z) ** 2)),
        (plain, gradient(lambda y, z: y * (z > 0))),
        (plain, gradient(lambda y, z: 2 * y * (z > 0))),
        (
            "Almost: the mean over the rows. Is the 1/n missing?",
            gradient(lambda y, z: 2 * y * np.maximum(0, z) * len(y)),
        ),
        ("Almost: the sign of the hinge part is wrong.", gradient(lambda y, z: -2 * y * np.maximum(0, z))),
        (
            "Almost: y is missing. 1 − ys has the derivative −y for s.",
            gradient(lambda y, z: 2 * np.maximum(0, z)),
        ),
        (
            "Almost: the max is missing. Rows beyond their margin must not pull.",
            gradient(lambda y, z: 2 * y * z),
        ),
    ]
    return check_model_gradient(SquaredHinge(2), answer, X, y, hints=hints)


def signed_rows() -> tuple[NDArray[Any], NDArray[Any]]:
    """Return X and y with labels −1 and +1, on which the usual mistakes of an SVM tell apart."""
    return np.random.RandomState(49).standard_normal((30, 2)), np.repeat([-1, 1], [12, 18])


def check_rating_step(answer: Callable[..., Any]) -> Verdict:
    """Check a learner's ``step(p, q, rating, lr, reg)`` of matrix factorization: p and q after one rating."""

    def step(p: Any, q: Any, rating: float, lr: float, reg: float) -> NDArray[Any]:
        one = MatrixFactorization(1, 1, rank=len(p), reg=reg)
        pair, given = np.array([[0, 0]]), np.array([rating])
        grads = one.gradient({"P": p[np.newaxis], "Q": q[np.newaxis]}, pair, given)
        return np.vstack([p - lr * grads["P"], q - lr * grads["Q"]])

    def q_late(p: Any, q: Any, rating: float, lr: float, reg: float) -> NDArray[Any]:
        moved = step(p, q, rating, lr, reg)[0]
        return np.stack([moved, step(moved, q, rating, lr, reg)[1]])

    def q_late_old_error(p: Any, q: Any, rating: float, lr: float, reg: float) -> NDArray[Any]:
        moved = step(p, q, rating, lr, reg)[0]
        return np.stack([moved, step(moved, q, rating + (moved - p) @ q, lr, reg)[1]])

    late = "q was stepped with the p that had already moved. Use the old p for it."
    half = "Half a step: a square has a 2 in its derivative."
    no_penalty = "Where is the penalty? It pulls p and q toward zero."
    hints = [
        (late, q_late),
        (late, q_late_old_error),
        (half, lambda p, q, r, lr, reg: step(p, q, r, lr / 2, reg)),
        (f"{late} And half a step.", lambda p, q, r, lr, reg: q_late(p, q, r, lr / 2, reg)),
        (f"{late} And half a step.", lambda p, q, r, lr, reg: q_late_old_error(p, q, r, lr / 2, reg)),
        (no_penalty, lambda p, q, r, lr, reg: step(p, q, r, lr, 0)),
        (f"{no_penalty} And half a step.", lambda p, q, r, lr, reg: step(p, q, r, lr / 2, 0)),
        ("The penalty is a square too: it has a 2.", lambda p, q, r, lr, reg: step(p, q, r, lr, reg / 2)),
        ("The squared error has a 2 as well.", lambda p, q, r, lr, reg: step(p, q, r, lr / 2, 2 * reg)),
        ("That goes uphill: subtract the gradient.", lambda p, q, r, lr, reg: step(p, q, r, -lr, reg)),
        (
            "The sign of the error: it is prediction − rating.",
            lambda p, q, r, lr, reg: step(p, q, 2 * p @ q - r, lr, reg),
        ),
    ]
    p, q = np.array([1.0, -0.5, 2.0]), np.array([0.5, 1.5, -1.0])
    return check_function(answer, step, p, q, 1.2, 0.1, 0.3, hints=hints)


def check_sum_form(answer: Callable[..., Any]) -> Verdict:
    """Check a learner's ``gradient(P, Q, X, y, reg)`` by P: squared errors summed, plus λ(‖P‖² + ‖Q‖²)."""

    def errors_only(P: Any, Q: Any, X: Any, y: Any) -> Any:
        free = MatrixFactorization(len(P), len(Q), rank=P.shape[1], reg=0)
        return len(y) * free.gradient({"P": P, "Q": Q}, X, y)["P"]

    def sum_form(P: Any, Q: Any, X: Any, y: Any, reg: Any) -> Any:
        return errors_only(P, Q, X, y) + 2 * reg * P

    def once_a_rating(P: Any, Q: Any, X: Any, y: Any, reg: float) -> Any:
        return sum_form(P, Q, X, y, reg * np.bincount(X[:, 0])[:, np.newaxis])

    def last_rating_only(P: Any, Q: Any, X: Any, y: Any, reg: float) -> Any:
        last = [np.flatnonzero(X[:, 0] == i)[-1] for i in range(len(P))]
        return sum_form(P, Q, X[last], y[last], reg)

    hints = [
        ("Only one rating of each user counts. Does += drop the repeated rows?", last_rating_only),
        ("That penalizes a user once for each rating. Here it is once.", once_a_rating),
        (
            "That is the gradient of this lesson's loss. The sum form has no 1/n, and one penalty a user.",
            lambda P, Q, X, y, reg: once_a_rating(P, Q, X, y, reg) / len(y),
        ),
        (
            "That is the mixture: 1/n belongs to neither part.",
            lambda P, Q, X, y, reg: errors_only(P, Q, X, y) / len(y) + 2 * reg * P,
        ),
        ("That is the mean. The sum form has no 1/n.", lambda *given: sum_form(*given) / len(given[3])),
        ("Where is the penalty?", lambda P, Q, X, y, reg: errors_only(P, Q, X, y)),
        ("Half as long: a square has a 2 in its derivative.", lambda *given: sum_form(*given) / 2),
        (
            "The penalty is a square too: it has a 2.",
            lambda P, Q, X, y, reg: errors_only(P, Q, X, y) + reg * P,
        ),
        (
            "The squared error has a 2 as well.",
            lambda P, Q, X, y, reg: errors_only(P, Q, X, y) / 2 + 2 * reg * P,
        ),
        (
            "The sign of the error: it is prediction − rating.",
            lambda P, Q, X, y, reg: -errors_only(P, Q, X, y) + 2 * reg * P,
        ),
        ("The sign of all of it: the gradient points uphill.", lambda *given: -sum_form(*given)),
    ]
    rng = np.random.RandomState(0)
    P, Q, y = rng.standard_normal((3, 2)), rng.standard_normal((4, 2)), rng.standard_normal(6)
    X = np.array([[0, 0], [0, 1], [0, 3], [1, 1], [2, 0], [2, 2]])  # users repeat
    return check_function(answer, sum_form, P, Q, X, y, 0.3, hints=hints)


@dataclass(frozen=True)
class LeakyNetwork(NeuralNetwork):
    """A network whose hidden units let a tenth of what is negative through: a = z for z > 0, else z/10.

    Parameters
    ----------
    leak : float, default 0.1
        Which part of what is negative is passed on.
    slope : callable, optional
        Returns what dA is multiplied by, from Z1 and dA. Another one than the default makes a mistake.
    """

    leak: float = 0.1
    slope: Callable[[NDArray[Any], NDArray[Any]], Any] = lambda Z1, dA: np.where(Z1 > 0, 1, 0.1)

    def gradient(self, params: Params, X: Any, y: Any) -> Params:
        """Return ∂L/∂W₁, ∂L/∂b₁, ∂L/∂W₂ and ∂L/∂b₂, by backpropagation."""
        W1, b1, W2, b2 = self.shaped(params).values()
        Z1 = X @ W1 + b1
        A = np.where(Z1 > 0, Z1, self.leak * Z1)
        dZ2 = (softmax(A @ W2 + b2, axis=1) - np.eye(self.n_classes)[y]) / len(y)
        dA = dZ2 @ W2.T
        dZ1 = dA * self.slope(Z1, dA)
        return {"W1": X.T @ dZ1, "b1": dZ1.sum(axis=0), "W2": A.T @ dZ2, "b2": dZ2.sum(axis=0)}


def check_leaky_gradient(answer: Callable[[Params, Any, Any], Params]) -> Verdict:
    """Check a learner's ``gradient(params, X, y)`` of a network with leaky hidden units."""
    X, y = np.random.RandomState(0).standard_normal((30, 2)), np.arange(30) % 3

    def wrong(**mistake: Any) -> Callable[[Params, Any, Any], Params]:
        return LeakyNetwork(2, 5, 3, **mistake).gradient

    of_dA = "The mask is the slope of the unit at Z1, not the sign of dA."
    of_relu = "That is the gradient of ReLU units. Off units still pass a tenth, forward and back."
    hints = [
        (of_dA, wrong(slope=lambda Z1, dA: np.where(dA > 0, 1, 0.1))),
        (of_dA, wrong(slope=lambda Z1, dA: dA > 0)),
        ("Off units still pass a tenth back.", wrong(slope=lambda Z1, dA: Z1 > 0)),
        ("The mask is missing: dA times the slope of the unit is dZ1.", wrong(slope=lambda Z1, dA: 1)),
        ("Off units still pass a tenth forward, so A is not 0 there.", wrong(leak=0)),
        (of_relu, wrong(leak=0, slope=lambda Z1, dA: Z1 > 0)),
    ]
    return check_model_gradient(LeakyNetwork(2, 5, 3), answer, X, y, hints=hints)


def check_dead_units(answer: Callable[[Params, NDArray[Any]], Any]) -> Verdict:
    """Check a learner's ``dead_units(params, X)``: which units are on for no row, as truth values."""
    X = np.random.RandomState(2).standard_normal((40, 2))
    W1 = np.array([[1.0, 1.0, 0.0, -2.0, 0.5], [0.0, 1.0, 1.0, 0.0, -2.0]])
    params = {"W1": W1, "b1": np.array([0.5, -8.0, 9.0, -9.0, 0.0])}  # the second and the fourth are dead
    params |= {"W2": np.ones((5, 3)), "b2": np.zeros(3)}

    def sums(params: Params, X: NDArray[Any]) -> NDArray[Any]:
        return np.asarray(X @ params["W1"] + params["b1"])

    hints = [
        ("Almost: the unit's b₁ is part of its sum.", lambda p, X: (X @ p["W1"] <= 0).all(axis=0)),
        ("Almost: off for some rows is not dead yet.", lambda p, X: (sums(p, X) <= 0).any(axis=0)),
        ("That is True for the living ones.", lambda p, X: (sums(p, X) > 0).any(axis=0)),
        ("That is True for those that are never off.", lambda p, X: (sums(p, X) > 0).all(axis=0)),
        (
            "That is a value for each row. Go over the rows, along axis 0: one value for each unit.",
            lambda p, X: (sums(p, X) <= 0).all(axis=1),
        ),
        (
            "Those are the numbers of the units. Return True or False for each unit.",
            lambda p, X: np.flatnonzero((sums(p, X) <= 0).all(axis=0)),
        ),
    ]
    return check_function(answer, lambda p, X: (sums(p, X) <= 0).all(axis=0), params, X, hints=hints)
