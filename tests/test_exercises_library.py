"""The checkers of lesson 11: the right answer passes, and each usual mistake gets its own hint."""

import numpy as np
import pytest

from gdutils import exercises


def translation(alpha=lambda C, n: 1 / C, eta0=lambda C, lr: C * lr, svc=lambda C, n: C / n):
    def translate(C, lr, n_samples):
        return {"alpha": alpha(C, n_samples), "eta0": eta0(C, lr), "C": svc(C, n_samples)}

    return translate


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def step(sign=-1, target=0, penalty=1.0, of_b=0.0, link=sigmoid, scaled=True, share=1):
    """One step as the lesson writes it, or with a mistake."""

    def answer(w, b, x, y, eta, alpha):
        error = (link(x @ w + b) - (y if target == 0 else target)) / share
        rate = eta if scaled else 1
        new_w = w + sign * rate * (error * x + penalty * alpha * w)
        return {"w": new_w, "b": b + sign * rate * (share * error + of_b * alpha * b)}

    return answer


def w_first(w, b, x, y, eta, alpha):
    w = w - eta * ((sigmoid(x @ w + b) - y) * x + alpha * w)
    return {"w": w, "b": b - eta * (sigmoid(x @ w + b) - y)}


def b_first(w, b, x, y, eta, alpha):
    b = b - eta * (sigmoid(x @ w + b) - y)
    return {"w": w - eta * ((sigmoid(x @ w + b) - y) * x + alpha * w), "b": b}


def penalty_first(w, b, x, y, eta, alpha):
    w = (1 - eta * alpha) * w
    error = sigmoid(x @ w + b) - y
    return {"w": w - eta * error * x, "b": b - eta * error}


def penalty_without_eta(w, b, x, y, eta, alpha):
    error = sigmoid(x @ w + b) - y
    return {"w": w - eta * error * x - alpha * w, "b": b - eta * error}


def error_turned(w, b, x, y, eta, alpha):
    error = y - sigmoid(x @ w + b)
    return {"w": w - eta * (error * x + alpha * w), "b": b - eta * error}


def without_b(w, b, x, y, eta, alpha):
    error = sigmoid(x @ w) - y
    return {"w": w - eta * (error * x + alpha * w), "b": b - eta * error}


def gradient_itself(w, b, x, y, eta, alpha):
    error = sigmoid(x @ w + b) - y
    return {"w": error * x + alpha * w, "b": error}


def transposed_step(w, b, x, y, eta, alpha):
    new = step()(w, b, x, y, eta, alpha)
    return new | {"w": new["w"].reshape(-1, 1)}


def in_place(w, b, x, y, eta, alpha):
    error = sigmoid(x @ w + b) - y
    w -= eta * (error * x + alpha * w)
    return {"w": w, "b": b - eta * error}


def scale(mean=lambda X, new: X.mean(axis=0), std=lambda X, new: X.std(axis=0), sign=-1):
    return lambda X, new: (new + sign * mean(X, new)) / std(X, new)


def own_mean(X, new):
    return new.mean(axis=0)


def own_std(X, new):
    return new.std(axis=0)


def both(X, new):
    return np.vstack([X, new])


CASES = {
    "check_translation": [
        (translation(), True, "Right"),
        (translation(alpha=lambda C, n: 1 / (n * C)), False, "alpha has no 1/n"),
        (translation(alpha=lambda C, n: C), False, "upside down"),
        (translation(alpha=lambda C, n: -1 / C), False, "sign of alpha"),
        (translation(alpha=lambda C, n: 0.5 / C), False, "no ½ of its own"),
        (translation(eta0=lambda C, lr: lr), False, "eta0 is not lr"),
        (translation(eta0=lambda C, lr: lr / C), False, "the rate is larger"),
        (translation(svc=lambda C, n: C), False, "Is the 1/n missing?"),
        (translation(svc=lambda C, n: C * n), False, "smaller by n"),
        (translation(svc=lambda C, n: 1 / (C * n)), False, "not turned over"),
        (translation(alpha=lambda C, n: n / C), False, "alpha has no n"),
        (translation(eta0=lambda C, lr: 50 * C * lr), False, "eta0 has no n"),
        (translation(alpha=lambda C, n: C + 1), False, '"alpha" should be'),
        (lambda C, lr, n_samples: (1 / C, C * lr, C / n_samples), False, '{"alpha": …, "eta0": …, "C": …}'),
    ],
    "check_sgd_step": [
        (step(), True, "Right"),
        (step(penalty=0), False, "Where is the penalty?"),
        (step(penalty=-1), False, "sign of the penalty"),
        (step(penalty=2), False, "Twice the penalty"),
        (step(penalty=0.5), False, "Half the penalty"),
        (step(of_b=1), False, "does not see b"),
        (step(sign=1), False, "uphill"),
        (step(link=lambda z: z), False, "sigmoid is missing"),
        (step(scaled=False), False, "eta is missing"),
        (step(share=3), False, "nothing is divided"),
        (penalty_without_eta, False, "eta scales it too"),
        (error_turned, False, "it is p − y"),
        (w_first, False, "old w and b for both"),
        (b_first, False, "old w and b for both"),
        (penalty_first, False, "The penalty came first"),
        (gradient_itself, False, "That is the gradient"),
        (transposed_step, False, "Is it transposed"),
        (in_place, False, "changed the arrays"),
        (lambda w, b, x, y, eta, alpha: {"w": w, "b": b}, False, "Nothing moved"),
        (lambda w, b, x, y, eta, alpha: step()(w, b, x, y, eta, alpha) | {"b": b}, False, "b did not move"),
        (lambda w, b, x, y, eta, alpha: step()(w, b, x, y, eta, alpha) | {"w": w}, False, "w did not move"),
        (without_b, False, "p sees b too"),
        (step(penalty=7), False, '"w" should be'),
    ],
    "check_scaling": [
        (scale(), True, "Right"),
        (scale(own_mean, own_std), False, "own mean and deviation"),
        (
            scale(lambda X, new: both(X, new).mean(axis=0), lambda X, new: both(X, new).std(axis=0)),
            False,
            "had a say in the mean",
        ),
        (scale(sign=0), False, "mean is missing"),
        (scale(sign=1), False, "subtract the mean"),
        (scale(std=lambda X, new: 1), False, "standard deviation too"),
        (scale(std=lambda X, new: X.var(axis=0)), False, "variance"),
        (scale(std=lambda X, new: X.std(axis=0, ddof=1)), False, "1/(n − 1)"),
        (
            scale(std=lambda X, new: np.sqrt(np.sum((X - X.mean(axis=0)) ** 2, axis=0))),
            False,
            "lacks its 1/n",
        ),
        (scale(lambda X, new: X.mean(), lambda X, new: X.std()), False, "axis=0"),
        (lambda X, new: new / X.std(axis=0) - X.mean(axis=0), False, "subtract first"),
        (
            scale(lambda X, new: X.min(axis=0), lambda X, new: np.ptp(X, axis=0)),
            False,
            "least and the largest",
        ),
        (lambda X, new: scale()(X, new).T, False, "Is it transposed"),
        (lambda X, new: scale()(X, X), False, "must have shape (5, 3), got (8, 3)"),
        (lambda X, new: new, False, "should be"),
    ],
}
USUAL_MISTAKES = {
    "check_translation": {
        "right": [translation()],
        "missing 1/n": (translation(svc=lambda C, n: C), "Is the 1/n missing?"),
        "wrong sign": (translation(alpha=lambda C, n: -1 / C), "sign of alpha"),
        "wrong order": "settings are translated, and nothing is updated",
        "transposed": (translation(svc=lambda C, n: C * n), "the wrong way round"),
    },
    "check_sgd_step": {
        "right": [step()],
        "missing 1/n": (step(share=3), "nothing is divided"),  # there is one row: here it is one too many
        "wrong sign": (step(sign=1), "uphill"),
        "wrong order": (w_first, "old w and b for both"),
        "transposed": (transposed_step, "Is it transposed"),
    },
    "check_scaling": {
        "right": [scale()],
        "missing 1/n": (
            scale(std=lambda X, new: np.sqrt(np.sum((X - X.mean(axis=0)) ** 2, axis=0))),
            "lacks its 1/n",
        ),
        "wrong sign": (scale(sign=1), "subtract the mean"),
        "wrong order": (lambda X, new: new / X.std(axis=0) - X.mean(axis=0), "subtract first"),
        "transposed": (lambda X, new: scale()(X, new).T, "Is it transposed"),
    },
}
NOT_BEGUN = {
    "check_translation": lambda C, lr, n_samples: None,
    "check_sgd_step": lambda w, b, x, y, eta, alpha: None,
    "check_scaling": lambda X_train, X_new: None,
}


@pytest.mark.parametrize(
    ("checker", "answer", "correct", "hint"),
    [(name, *case) for name, cases in CASES.items() for case in cases],
    ids=[f"{name}-{hint}" for name, cases in CASES.items() for _, _, hint in cases],
)
def test_answers(checker, answer, correct, hint):
    verdict = getattr(exercises, checker)(answer)
    assert verdict.correct is correct
    assert hint in verdict.text


@pytest.mark.parametrize("checker", CASES)
def test_not_begun_is_no_mistake(checker):
    verdict = getattr(exercises, checker)(NOT_BEGUN[checker])
    assert verdict.correct is None
    assert "Not answered yet" in verdict.text


@pytest.mark.parametrize("checker", CASES)
def test_each_mistake_has_a_hint_of_its_own(checker):
    texts = [getattr(exercises, checker)(answer).text for answer, correct, _ in CASES[checker] if not correct]
    assert len(set(texts)) >= len(texts) - 1  # the two orders of one mistake share a hint


def test_of_two_mistakes_at_once_the_first_is_told():
    twice = translation(eta0=lambda C, lr: lr, svc=lambda C, n: C)
    assert "eta0 is not lr" in exercises.check_translation(twice).text
    thrice = translation(lambda C, n: 1 / (n * C), lambda C, lr: lr, lambda C, n: C)
    assert "alpha has no 1/n" in exercises.check_translation(thrice).text


def test_scaling_agrees_with_scikit_learn():
    from sklearn.preprocessing import StandardScaler

    def library(X_train, X_new):
        return StandardScaler().fit(X_train).transform(X_new)

    assert exercises.check_scaling(library).correct


def test_step_agrees_with_scikit_learn():
    """The library's own step, taken from the w and b of the trial."""
    from sklearn.linear_model import SGDClassifier

    def library(w, b, x, y, eta, alpha):
        sgd = SGDClassifier(
            loss="log_loss", alpha=alpha, learning_rate="constant", eta0=eta, max_iter=1, tol=None
        )
        row, label = x[np.newaxis], [y]
        sgd.partial_fit(row, label, classes=[0, 1])  # makes the arrays
        sgd.coef_[:], sgd.intercept_[:] = w, b
        sgd.partial_fit(row, label)
        return {"w": sgd.coef_[0], "b": sgd.intercept_[0]}

    verdict = exercises.check_sgd_step(library)
    assert verdict.correct, verdict
