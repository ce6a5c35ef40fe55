"""Every answer of the quiz, computed anew from what its question says."""

import io
import itertools
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pytest
from scipy.special import expit, log_softmax, logit, softmax
from scipy.stats import binom
from sklearn.base import BaseEstimator, clone
from sklearn.datasets import make_blobs
from sklearn.dummy import DummyClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import SGDClassifier, SGDRegressor
from sklearn.metrics import accuracy_score, r2_score
from sklearn.model_selection import train_test_split
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from gdutils import datasets, models
from gdutils.gradient_check import numerical_gradient
from gdutils.landscapes import Bowl, Parabola, Saddle, walk
from gdutils.optimizers import SGD, AdaGrad, Adam, Momentum, RMSprop
from gdutils.practice import Choice, Number, load_questions
from gdutils.training import minibatches, train
from tests import quiz_curves
from tests.quiz_curves import LINE, LINE_X, LINE_Y, RATINGS, overlapping

QUESTIONS = load_questions(Path(__file__).parent.parent / "notebooks" / "data" / "questions.toml")
BY_ID = {question.id: question for question in QUESTIONS}
NUMBERS = [question for question in QUESTIONS if isinstance(question, Number)]
CHOICES = [question for question in QUESTIONS if isinstance(question, Choice)]
HOURS, SCORES = np.arange(1.0, 6.0), np.array([2.0, 4.0, 5.0, 4.0, 5.0])
BLOBS = make_blobs(300, centers=2, cluster_std=1.2, random_state=1)
FACTORS = models.MatrixFactorization(30, 25, rank=4, reg=0.1)


# --------------------------------------------------------------------------- every number, computed anew


def one_step(function, optimizer, start):
    return walk(function, optimizer, start, steps=1)[1]


def limit_by_trying(slope):
    """The largest of 10,000 rates at which 200 steps down this slope come nearer to 0."""
    rates = np.linspace(0, 1, 10_001)[1:]
    x = np.ones_like(rates)
    for _ in range(200):
        x = x - rates * slope(x)
    return rates[np.abs(x) < 1].max()


def noise(batch_size):
    """The standard deviation of a mean of draws from the rows 0 and 1, by the exact distribution."""
    return binom(batch_size, 0.5).std() / batch_size


def long_run_gain(beta):
    optimizer, velocity = Momentum(lr=0.1, beta=beta), 0.0
    for _ in range(500):
        theta, velocity = optimizer.step(0.0, 1.0, velocity)
    return -theta / 0.1


def same_steps_as_logistic():
    """The rate of softmax regression that moves the difference of its columns as 0.2 moves w."""
    X, y = np.random.RandomState(0).randn(50, 2), np.arange(50) % 2
    logistic, pair = models.LogisticRegression(2), models.SoftmaxRegression(2, 2)
    moved = 0.2 * logistic.gradient(logistic.init(), X, y)["w"]
    (per_rate,) = np.diff(pair.gradient(pair.init(), X, y)["W"]).T
    (rate,) = np.unique(np.round(moved / per_rate, 12))
    return rate


def ratings_step():
    model = models.MatrixFactorization(n_users=1, n_items=1, rank=1, reg=0)
    params = {"P": np.array([[1.0]]), "Q": np.array([[2.0]])}
    return 2.0 - 0.1 * model.gradient(params, np.array([[0, 0]]), np.array([5.0]))["Q"].item()


def added_with_repeats():
    dP = np.zeros(3)
    dP[[0, 2, 0]] += [1, 10, 100]
    return dP[0]


def their_c():
    """What the sum of hinges must be weighed with to count as the mean does with C = 1."""
    rng = np.random.RandomState(0)
    X, y = rng.randn(250, 2), np.where(rng.rand(250) < 0.5, -1, 1)
    params = {"w": rng.randn(2), "b": np.array(0.3)}
    model = models.LinearSVM(n_features=2, C=1.0)
    hinges = np.maximum(0, 1 - y * model.predict(params, X))
    return (model.loss(params, X, y) - 0.5 * params["w"] @ params["w"]) / hinges.sum()


def alpha_for(C):
    """The weight of ½‖w‖² beside the mean hinge, when our gradient is a multiple of theirs."""
    X, y, w = np.array([[1.0], [2.0]]), np.array([-1, 1]), np.array([0.1])
    ours = models.LinearSVM(1, C=C).gradient({"w": w, "b": np.array(0.0)}, X, y)["w"]
    hinge_alone = np.mean(-y * X[:, 0])  # both rows are within their margins
    (alpha,) = (ours / C - hinge_alone) / w
    return alpha


def rate_of_last_call(calls, **settings):
    """The learning rate of the last of these calls of partial_fit, each with one row, from how b moves."""
    sgd = SGDRegressor(eta0=settings.pop("eta0"), alpha=0, **settings)
    for _ in range(calls - 1):
        sgd.partial_fit([[0.0]], [1.0])
    before = sgd.intercept_.item()
    return (sgd.partial_fit([[0.0]], [2.0]).intercept_.item() - before) / (2 - before)


def gradient_at_zero(targets):
    """Return ∂L/∂b of a line at zero: of each row alone it is minus its target."""
    return LINE.gradient(LINE.init(), np.zeros((len(targets), 1)), targets)["b"]


def encoded_columns():
    encoder = OneHotEncoder().fit([[f"island {i % 3}", f"color {i % 5}"] for i in range(15)])
    return 2 + len(encoder.get_feature_names_out())


COMPUTED = {
    "first-step": lambda: one_step(Parabola(), SGD(0.1), 10),
    "hours-loss": lambda: np.mean(SCORES**2),
    "limit-3x2": lambda: limit_by_trying(lambda x: 6 * x),
    "factor-0.9": lambda: one_step(Parabola(), SGD(0.9), 10) / 10,
    "steps-per-epoch": lambda: len(list(minibatches(*[np.arange(100)] * 2, 16, np.random.RandomState(0)))),
    "noise": lambda: noise(4) / noise(64),
    "momentum-gain": lambda: long_run_gain(0.9),
    "adam-first": lambda: 10 - one_step(Parabola(), Adam(0.1, 0.9, 0.999), 10),
    "gradient-b": lambda: gradient_at_zero([-1.0, 2.0, -4.0]),
    "logit-of-0.8": lambda: logit(0.8),
    "equal-logits": lambda: -log_softmax(np.full(5, 3.7))[2],
    "true-class": lambda: numerical_gradient(lambda z: -log_softmax(z)[2], np.zeros(4))[2],
    "two-columns": same_steps_as_logistic,
    "four-classes": lambda: np.exp(quiz_curves.four_classes()["loss"][0]),
    "invscaling": lambda: rate_of_last_call(100, learning_rate="invscaling", eta0=0.1, power_t=0.5),
    "one-hot": encoded_columns,
    "network-size": lambda: sum(map(np.prod, models.NeuralNetwork(2, 32, 3).shapes.values())),
    "hinge": lambda: models.LinearSVM(1, C=1).loss({"w": [0.0], "b": 0.5}, [[0.0]], [-1]),
    "margin": lambda: 1 / np.linalg.norm([3, 4]),
    "svc-c": their_c,
    "both-at-once": ratings_step,
    "add-at": added_with_repeats,
    "alpha": lambda: alpha_for(4),
    "mean-r2": lambda: r2_score(SCORES, np.full(5, SCORES.mean())),
    "one-row": lambda: np.diff([accuracy_score(np.ones(40), np.arange(40) < k) for k in (36, 37)]).item(),
    "majority": lambda: accuracy_score(
        np.arange(200) >= 190, DummyClassifier().fit([[0]], [False]).predict([[0]] * 200)
    ),
    "unequal-parts": lambda: gradient_at_zero(np.repeat([-1.0, -5.0], [300, 100])),
    "bytes-per-step": lambda: 8 * (np.zeros(1000).nbytes + np.zeros(1000).nbytes) / 1000,
}  # fmt: skip


@pytest.mark.parametrize("question", NUMBERS, ids=lambda question: question.id)
def test_the_number_is_right(question):
    found = float(COMPUTED[question.id]())
    assert question.judge(repr(found))
    assert abs(found - question.answer) <= 0.001 * max(abs(found), 0.01)  # not just within the tolerance
    assert not question.judge(repr(found + 3 * question.tolerance))
    assert question.tolerance <= 0.05 * max(abs(found), 0.1)


# ------- choices: each of them as a claim, true or false, by a function with the name of the question


def rule():
    f, x = Parabola(), 10.0
    right = one_step(f, SGD(0.1), x)
    slope, height = f.gradient(x), f(x)
    return [next_x == right for next_x in (x + 0.1 * slope, x - 0.1 * height, x - 0.1 * slope, -0.1 * slope)]


def shorter_steps():
    f, path = Parabola(), walk(Parabola(), SGD(0.1), 10, 10)
    steps, here = np.abs(np.diff(path))[1:], path[1:-1]
    before = np.abs(np.diff(f(path)))[:-1]
    candidates = (np.abs(f.gradient(here)), f(here), 1 / np.arange(1, 10), before)
    return [np.allclose(steps / candidate, steps[0] / candidate[0]) for candidate in candidates]


def saddle():
    end = walk(Saddle(), SGD(0.1), (1.8, 0.0), 300)[-1]
    up, down, on_the_pass = (np.allclose(end, (0, y), atol=1e-6) for y in (1, -1, 0))
    return [up, down, not np.isfinite(end).all(), on_the_pass]


def rate_one():
    path = walk(Parabola(), SGD(1.0), 10, 200)
    moved, swings = np.diff(np.abs(path)), np.all(path[1:] * path[:-1] < 0)
    return [swings and np.all(moved == 0), path[1] == 0, swings and np.all(moved > 0), np.all(moved < 0)]


def bowl_slow():
    x, y = np.abs(walk(Bowl(100), SGD(0.01), (1.0, 1.0), 200)[-1])
    return [np.isclose(x, y), y > 10 * x, 0.1 < x < 0.15 and x > 10 * y, max(x, y) > 1]


def standardize():
    x = np.linspace(1000, 2000, 10_001)[:, np.newaxis]
    centering, dividing = np.mean(x**2) / x.var(), x.var()  # as the reason says
    assert (round(centering), round(dividing, -3)) == (28, 83_000)
    gain = LINE.curvature(x) / LINE.curvature((x - x.mean()) / x.std())
    return [np.isclose(gain, 1), gain < 1, 900 < gain < 1100, 1.8e6 < gain < 2.5e6]


def unbiased():
    X, y = np.random.RandomState(0).randn(10, 1), np.random.RandomState(1).randn(10)
    params = {"w": np.ones(1), "b": np.array(0.2)}
    full = LINE.gradient(params, X, y)["w"].item()
    batches = map(list, itertools.combinations(range(10), 3))
    mean = np.mean([LINE.gradient(params, X[rows], y[rows])["w"].item() for rows in batches])
    exact, about = (np.isclose(mean, full, rtol) for rtol in (1e-12, 0.3))
    return [np.isclose(mean, 0.3 * full), about and not exact, exact, np.isclose(mean, 0)]


def fixed_order():
    w, path = 0.0, []
    for x, y in [*zip(HOURS, SCORES, strict=True)] * 1000:
        w -= 0.01 * (w * x - y) * x
        path.append(w)
    path = np.array(path[4::5])  # after each epoch
    best = HOURS @ SCORES / (HOURS @ HOURS)
    assert np.isclose(best, 1.2)
    assert np.isclose(path[99], 1.1455, atol=5e-5)
    assert len(set(path[79:100])) == 1  # all digits are the same, and so nothing can change any more
    moved, away = np.abs(np.diff(path[99:])), np.abs(path[99:] - best)
    return [moved.max() < 1e-12, away[-1] < 1e-3, moved.min() > 1e-6, away[-1] > away[0] + 1e-3]


def start_at_minimum():
    best = LINE.minimum(LINE_X, LINE_Y)
    losses = quiz_curves.hovering(0.05, 100, best, random_state=0).losses
    above = losses - losses[0]
    late = above[51:]
    hovers = late.min() > 1e-6 and late.max() < 20 * np.median(late)
    return [above.max() < 1e-9, above.max() > 1e-6 and late[-1] < 1e-9, late[-1] > 100 * above[1], hovers]


def momentum_overshoots():
    plain, end = (walk(Parabola(), optimizer, 10, 20)[-1] for optimizer in (SGD(0.1), Momentum(0.1, 0.9)))
    assert np.isclose(plain, 0.115, atol=5e-4)
    later = np.abs(walk(Parabola(), Momentum(0.1, 0.9), 10, 300)[-1])
    return [abs(end) < plain, end < -plain, np.isclose(end, plain), later > 10]


def rmsprop_settles():
    path = walk(Parabola(), RMSprop(0.3, beta=0.9), 10, 400)
    late, steps = path[300:], np.abs(np.diff(path[300:]))
    swings = np.all(late[1:] * late[:-1] < 0)
    there, stands = np.abs(late).max() < 1e-3, steps.max() < 1e-3
    jumps = swings and steps.min() > 0.25 and steps.max() < 0.35
    return [there, stands and not there, jumps, np.abs(late).min() > 2]


class Turned(Bowl):
    """The ravine, turned by 45 degrees."""

    turn = np.array([[1.0, -1.0], [1.0, 1.0]]) / np.sqrt(2)

    def gradient(self, points):
        return super().gradient(np.asarray(points) @ self.turn) @ self.turn.T


def turned():
    def is_the_same(optimizer):
        start = np.array([-9.0, 2.0])
        along = walk(Bowl(25), optimizer, start, 50)
        across = walk(Turned(25), optimizer, Turned.turn @ start, 50)
        return np.allclose(along @ Turned.turn.T, across, atol=1e-6)

    return map(is_the_same, (Adam(0.5), AdaGrad(1.0), RMSprop(0.1), Momentum(0.02, 0.9)))


def no_mean():
    """The sum over 200 rows, at a tenth of the limit, is the mean with 200 times the rate."""
    right, wrong = (quiz_curves.rising(0.1 * factor).params["w"].item() for factor in (1, len(LINE_Y)))
    diverged, near = not abs(wrong) < 1e6, np.isclose(wrong, right, atol=0.1)
    return [diverged, near, not diverged and not near, wrong == right]


def broadcast():
    shape = (np.zeros((200, 1)) @ np.zeros(1) - np.zeros((200, 1))).shape
    return [shape == (200,), shape == (200, 1), shape == (200, 200), False]


def larger_targets():
    """By trying: the last of many rates at which the loss ends below its start."""

    def largest(targets):
        rates = (2 / LINE.curvature(LINE_X)) * np.geomspace(1e-5, 1e3, 81)
        losses = [train(LINE, LINE_X, targets, SGD(lr), epochs=50).losses for lr in rates]
        return max(lr for lr, each in zip(rates, losses, strict=True) if each[-1] < each[0])

    ratio = largest(100 * LINE_Y) / largest(LINE_Y)
    return [np.isclose(ratio, wanted) for wanted in (0.01, 0.0001, 100, 1)]


def tol_trap():
    rng = np.random.RandomState(42)
    X = rng.randn(100, 2)
    y = X @ [3, -2] + 5 + 0.5 * rng.randn(100)
    model, rates = models.LinearRegression(2), (0.2, 0.0002, 0.02, 0.002)
    slope = np.hstack(list(model.gradient(model.init(), X, y).values()))
    for said in (model.loss(model.init(), X, y), slope @ slope):  # without them any rate might be the first
        assert f"{said:.3g}" in BY_ID["tol-trap"].text

    def ends_of(targets):
        return [train(model, X, targets, SGD(lr), epochs=20_000, tol=1e-2).converged_at for lr in rates]

    assert np.argmin(ends_of(10 * y)) == 0
    ends = ends_of(y)
    return [*(ends[i] == min(ends) and ends.count(min(ends)) == 1 for i in range(3)), len(set(ends)) == 1]


def separable():
    run = train(models.LogisticRegression(2), *BLOBS, SGD(0.2), epochs=3000)
    before, after = run.losses[300], run.losses[3000]
    grown = np.linalg.norm(run.path[3000]["w"]) / np.linalg.norm(run.path[300]["w"])
    falls = after < 0.2 * before
    return [falls and grown > 1.2, not falls, falls and grown < 1, after > before]


def logistic_error():
    z, y = 0.7, 1
    p = expit(z)
    found = numerical_gradient(lambda z: np.logaddexp(0, z).item() - y * z.item(), np.array([z])).item()
    candidates = (p * (1 - p), (p - y) * p * (1 - p), y - p, p - y)
    return [np.isclose(found, candidate, atol=1e-6) for candidate in candidates]


def doubled():
    model = models.LogisticRegression(2)
    params = train(model, *BLOBS, SGD(0.2), epochs=20).params
    p, q = (model.predict({k: f * v for k, v in params.items()}, BLOBS[0]) for f in (1, 2))
    moved, surer = np.any((p > 0.5) != (q > 0.5)), np.all(np.abs(q - 0.5) >= np.abs(p - 0.5))
    return [moved, not moved and surer and not np.allclose(p, q), not moved and not surer, np.allclose(p, q)]


def shifted_logits():
    z = np.array([0.3, -1.0, 2.0])
    p, q = softmax(z), softmax(z + 10)
    same = np.allclose(p, q)
    return [q.sum() > 1.01, not same and q.max() > p.max(), same, not same and q.max() < p.max()]


def overflow():
    z = np.array([1000.0, 0.0])
    with np.errstate(over="ignore", invalid="ignore"):
        first = (np.exp(z[0]) / np.exp(z).sum()).item()
    return [first == 1, np.isnan(first), first == np.inf, first == 0]


def all_zeros():
    X, y = np.random.RandomState(0).randn(30, 2), np.repeat([0, 1, 2], [5, 10, 15])
    model = models.NeuralNetwork(2, 4, 3)
    end = train(model, X, y, SGD(0.5), epochs=50, params=quiz_curves.all_zeros(model)).params
    moving = {name for name, theta in end.items() if np.any(theta != 0)}
    return [moving == wanted for wanted in ({"W1", "b1", "W2", "b2"}, {"W2", "b2"}, set(), {"b2"})]


def dead_unit():
    X, y = np.random.RandomState(0).randn(40, 2), np.arange(40) % 2
    model = models.NeuralNetwork(2, 3, 2)
    params = model.init(np.random.RandomState(1))
    params["b1"] = params["b1"] + np.array([-50.0, 0.0, 0.0])
    end = train(model, X, y, SGD(0.5), epochs=200, params=params).params
    before, after = (np.append(each["W1"][:, 0], each["b1"][0]) for each in (params, end))
    moved, shorter = np.any(before != after), np.linalg.norm(after) < np.linalg.norm(before)
    revived = np.any(X @ after[:2] + after[2] > 0)
    return [not moved, revived, moved and shorter, moved and not shorter]


def mask():
    rng = np.random.RandomState(0)
    X, y, model = rng.randn(40, 2), np.arange(40) % 3, models.NeuralNetwork(2, 5, 3)
    params = model.init(rng)
    W1, b1, W2, b2 = params.values()
    Z1 = X @ W1 + b1
    dA = (softmax(np.maximum(0, Z1) @ W2 + b2, axis=1) - np.eye(3)[y]) / len(y) @ W2.T
    true = numerical_gradient(lambda W: model.loss(params | {"W1": W}, X, y), W1)
    found = (X.T @ (dA * mask) for mask in (dA > 0, Z1 != 0, Z1 > 0, np.abs(Z1)))
    return [np.allclose(dW1, true, atol=1e-7) for dW1 in found]


def beyond_margin():
    """The first of these rows is moved from ys = 2 to ys = 5."""
    rows = [[[ys], [0.5], [-0.3]] for ys in (2.0, 5.0)]
    two, five = (models.LinearSVM(1).gradient({"w": [1.0], "b": 0.0}, X, [1, 1, -1]) for X in rows)
    shorter = abs(five["w"]) < abs(two["w"])
    same_w, same_b = two["w"] == five["w"], two["b"] == five["b"]
    return [shorter, same_w and same_b, not same_w and not shorter, same_w and not same_b]


def larger_c():
    X, y = overlapping()
    margins, counts = [], []
    for C in (0.3, 10.0):
        model, params = models.LinearSVM(2, C=C), None
        for lr in (0.03, 0.01, 0.003, 0.001):
            params = train(model, X, y, SGD(lr), epochs=300, params=params).params
        margins.append(1 / np.linalg.norm(params["w"]))
        counts.append(np.sum(y * model.predict(params, X) <= 1))
    wider, more = margins[1] > margins[0], counts[1] > counts[0]
    return [wider and more, wider and not more, not wider and more, not wider and not more]


def zero_factors():
    zeros = quiz_curves.all_zeros(FACTORS)
    run = train(FACTORS, *RATINGS, SGD(0.01), epochs=5, batch_size=1, params=zeros)
    moved = {name for name, theta in run.params.items() if np.any(theta != 0)}
    return [moved == {"P", "Q"}, moved == set(), moved == {"Q"}, run.diverged_at is not None]


def rising_curve():
    X, y = RATINGS
    run = train(FACTORS, X, y, SGD(0.01), epochs=80, batch_size=1)
    first, last = ([np.sum(theta**2) for theta in params.values()] for params in (run.path[0], run.params))
    before, after = (np.mean((FACTORS.predict(each, X) - y) ** 2) for each in (run.path[0], run.params))
    assert after + 0.1 * sum(last) > before + 0.1 * sum(first)  # the curve that is plotted
    assert after < 0.2 * before
    there = run.path[40]
    slope = numerical_gradient(lambda P: FACTORS.loss(there | {"P": P}, X, y), there["P"])
    right = np.allclose(FACTORS.gradient(there, X, y)["P"], slope, atol=1e-6)
    # Overfitting is no explanation: the error that is measured here is the one on the known ratings.
    return [run.losses[-1] < 0.5 * run.losses[0], run.diverged_at is not None, not right, after > before]


def partial_fit():
    X, y = np.random.RandomState(0).randn(32, 2), np.arange(32) % 2
    sgd = SGDClassifier(random_state=0, max_iter=500).partial_fit(X, y, classes=[0, 1])
    steps = sgd.t_ - 1
    return [steps == 1, steps == 32, steps == 500 * 32, steps not in (1, 32, 500 * 32)]


def unscaled_sgd():
    rng = np.random.RandomState(42)
    X = rng.randn(1000, 5)
    y = X @ np.arange(1, 6) + 0.5 * rng.randn(1000)
    columns = X, X * [1, 1, 1, 1, 1000]
    before, score = (SGDRegressor(random_state=42).fit(each, y).score(each, y) for each in columns)
    assert before > 0.99
    return [score > 0.98, 0.5 < score < 0.98, abs(score) < 0.1, score < -1]


def constant_column():
    x = np.full(10, 7.0)
    with np.errstate(invalid="ignore"):
        z = (x - x.mean()) / x.std()
    return [np.all(z == 0), np.all(z == 7), np.isnan(z).all(), np.all(z == 1)]


# ------------------------------------------------------------------ curves: what they show, as claims


def over_the_pass():
    path = walk(Saddle(), SGD(0.1), (1.8, 1e-4), 150)
    flat, end = path[30:71], path[-1]
    assert np.abs(Saddle()(flat)).max() < 0.005
    slopes = np.array([Saddle().gradient(flat[20] + shift) for shift in 1e-4 * np.eye(2)])
    low, high = np.linalg.eigvalsh((slopes - Saddle().gradient(flat[20])) / 1e-4)
    return [low > 0, low < 0 < high, high < 0, np.abs(flat - end).max() < 0.5]


def zigzag():
    x = quiz_curves.zigzag()["x"]
    (factor,) = np.unique(np.round(x[1:] / x[:-1], 9))
    return [0 < factor < 1, factor == 0, -1 < factor < 0, factor < -1]


def slow_fall():
    def fits(lr):
        return np.allclose(quiz_curves.slow_fall(lr)["height"], quiz_curves.slow_fall()["height"])

    small, large, half = map(fits, (0.02, 0.98, 0.5))
    return [small and large, small and not large, large and not small, half]


def three_batch_sizes():
    lines = quiz_curves.three_batch_sizes()
    rises = [np.maximum(0, np.diff(losses[5:])).sum() for losses in lines.values()]
    assert list(lines) == ["solid", "dashed", "dash-dotted"]
    assert rises[1] < 1e-9 < 10 * rises[0] < rises[2]
    return [*(rise == max(rises) for rise in rises), False]


def hovering():
    best, start = LINE.minimum(LINE_X, LINE_Y), quiz_curves.hovering().params
    before, lowest = np.mean(quiz_curves.hovering_above()["loss"][10:]), LINE.loss(best, LINE_X, LINE_Y)

    def comes_closer(lr, params):
        runs = (quiz_curves.hovering(lr, 100, params, seed) for seed in range(3))
        return all(np.mean(run.losses[50:]) - lowest < before / 3 for run in runs)

    return itertools.starmap(comes_closer, [(0.1, start), (0.2, start), (0.1, best), (0.01, start)])


def swinging():
    x = quiz_curves.swinging()["x"]
    swings, steps = np.sum(x[1:] * x[:-1] < 0), np.abs(np.diff(x))
    shrinking = bool(np.all(np.diff(steps) <= 0))
    for optimizer, crossings in ((SGD(0.02), 0), (SGD(0.95), 80)):
        plain = walk(Parabola(), optimizer, 10, 80)
        assert np.sum(plain[1:] * plain[:-1] < 0) == crossings
    assert np.all(np.diff(np.abs(np.diff(walk(Parabola(), AdaGrad(1.0), 10, 80)))) <= 0)
    return [swings == 0, 3 <= swings <= 10 and not shrinking, swings == 80, shrinking]


def hopping():
    def run(kind):
        x, mean, path = kind(10), kind(0), []
        for _ in range(600):
            mean = kind("0.9") * mean + kind("0.1") * (2 * x) ** 2
            rate = kind("0.3") / (np.sqrt(mean) + kind("1e-8"))
            x = x - rate * 2 * x
            path.append((x, rate))
        return np.array(path, dtype=float).T

    (x, rates), (precise, _) = run(np.float64), run(np.longdouble)
    assert np.allclose(x[:100], quiz_curves.hopping()["x"][1:101])
    first, again = (81 + np.argmax(np.abs(each[81:]) > 0.1) for each in (x, precise))
    lengths = np.abs(np.diff(x))
    grow = lengths[-100:].mean() > 1.1 * lengths[300:400].mean()
    assert np.allclose(lengths[-100:], 0.3, atol=0.03)
    beyond = rates[first - 5 : first].min() > 1 > rates[:40].max()  # 2 / curvature
    return [abs(first - again) > 5, False, grow, beyond]


def rising():
    def ends_lower(factor):
        losses = quiz_curves.rising(factor).losses
        return bool(losses[-1] < losses[0])

    growth = np.diff(np.log(quiz_curves.rising().losses))[5:]
    assert np.ptp(growth) < 0.01  # a straight line
    return [ends_lower(1.05 / 2), growth.min() < 0, ends_lower(2.1), ends_lower(1.05)]


def overfitting():
    lines = quiz_curves.overfitting()
    best, last = np.argmin(lines["validation"]), len(lines["training"]) - 1
    assert np.isclose(lines["training"][0], np.log(2))
    rises = np.any(np.diff(lines["training"]) > 0)
    return [best == last == 150, best == 0, 35 <= best <= 45, rises]


def unequal_classes():
    losses, other = (quiz_curves.unequal_classes(zeros)["loss"] for zeros in (True, False))
    shares = np.array([1, 2, 3]) / 6
    is_entropy = np.isclose(losses[-1], -shares @ np.log(shares), atol=1e-3)
    assert other[-1] < 0.03
    return [np.any(np.diff(losses) > 0), losses[-1] < 0.1, other[-1] > 0.9 * losses[-1], is_entropy]


def kinks():
    start = quiz_curves.kinks()
    before = start.losses[-50:].mean()
    ways = [{"epochs": 1000}, {"lr": 0.05}, {"batch_size": 30}, {"lr": 1.0}]
    after = [quiz_curves.kinks(params=start.params, **way).losses[-50:].mean() for way in ways]
    assert min(after) > 0.43583
    return [loss - 0.43583 < 0.5 * (before - 0.43583) for loss in after]


def slow_beginning():
    def epochs_until(height, **way):
        below = quiz_curves.slow_beginning(**way).losses < height
        return np.argmax(below) if below.any() else np.inf

    before = epochs_until(3.5)
    assert 2.5 < epochs_until(4, lr=0.1) / epochs_until(4) < 3.5
    ways = [{"lr": 0.1}, {"scale": 0.0}, {"reg": 0.1}, {"scale": 3.0}]
    return [epochs_until(3.5, **way) < before for way in ways]


# --------------------------------------------------- the library, and tables with holes, twins and words


def adaptive():
    rate = rate_of_last_call(200, learning_rate="adaptive", eta0=0.01)
    X, y = np.random.RandomState(0).randn(50, 1), np.random.RandomState(1).randn(50)
    long_fit = SGDRegressor(learning_rate="adaptive", eta0=0.01, max_iter=5000, random_state=0).fit(X, y)
    assert long_fit.n_iter_ < 5000  # it stops once the rate is below 1e-6
    return [np.isclose(rate, wanted) for wanted in (0.01, 0.002, 0, 0.01 / np.sqrt(200))]


def fit_returns():
    model = SGDRegressor().fit([[0.0], [1.0]], [0.0, 1.0])
    return [hasattr(returned, "predict") for returned in (None, 0.5, model.coef_, model)]


def renamed():
    class Model(BaseEstimator):
        def __init__(self, lr=0.1):
            self.rate = lr

    with pytest.raises(AttributeError, match="lr") as told:
        clone(Model(0.5))
    return [False, "has no attribute 'lr'" in str(told.value), False, "fitted" in str(told.value)]


def grid_name():
    known = make_pipeline(StandardScaler(), SGDClassifier()).get_params()
    return [name.strip("`") in known for name, _ in BY_ID["grid-name"].choices]


def holes():
    ages = np.random.RandomState(0).lognormal(3.5, 0.5, (41, 1))
    (filled,) = SimpleImputer(strategy="median").fit(ages[:30]).transform([[np.nan]]).ravel()
    return [filled == np.median(part) for part in (ages[:30], ages[30:], ages)] + [np.isnan(filled)]


def twins():
    scores = []
    for seed in range(20):
        rng = np.random.RandomState(seed)
        X, y = np.repeat(rng.randn(200, 3), 2, axis=0), np.repeat(rng.randint(2, size=200), 2)
        X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.25, random_state=seed)
        scores.append(KNeighborsClassifier(1).fit(X_train, y_train).score(X_test, y_test))
    mean = np.mean(scores)
    assert 0.86 < mean < 0.9
    return [abs(mean - 0.5) < 0.1, min(scores) == 1, mean < 0.35, min(scores) > 0.8]


def unseen_word():
    encoder = OneHotEncoder(handle_unknown="ignore").fit([["red"], ["green"], ["blue"]])
    row = encoder.transform([["violet"]]).toarray().ravel()
    with pytest.raises(ValueError, match="unknown categories"):
        OneHotEncoder().fit([["red"]]).transform([["violet"]])
    return [row.size == 4, row.size == 3 and not row.any(), np.allclose(row, 1 / 3), False]


# ------------------------------------------------------------------------------- many machines


def unequal_parts():
    """Rows of a line in three parts that differ, as slices, and the numbers of their rows."""
    X, y = datasets.make_line(100)
    order = np.argsort(X[:, 0])
    return X[order], y[order], [slice(0, 60), slice(60, 90), slice(90, 100)], [60, 30, 10]


def parts_at_minimum():
    X, y, parts, rows = unequal_parts()
    pulls = [LINE.gradient(LINE.minimum(X, y), X[part], y[part])["w"].item() for part in parts]
    all_zero, equal = np.allclose(pulls, 0, atol=1e-6), np.ptp(pulls) < 1e-6
    weighted, plain = (abs(np.average(pulls, weights=weights)) < 1e-9 for weights in (rows, None))
    return [all_zero, weighted, equal and not all_zero, plain]


def local_steps():
    X, y, parts, rows = unequal_parts()
    start = {"w": np.array([0.5]), "b": np.array(1.0)}

    def is_descent(steps):
        settings = {"epochs": steps, "params": start}
        whole = train(LINE, X, y, SGD(0.02), **settings).params
        ends = [train(LINE, X[part], y[part], SGD(0.02), **settings).params for part in parts]
        means = {name: np.average([end[name] for end in ends], axis=0, weights=rows) for name in start}
        return all(np.allclose(means[name], whole[name], 1e-9) for name in start)

    one, few, many = map(is_descent, (1, 5, 500))
    return [one and not few and not many, one and few and many, not one, many]


BY_JUDGMENT = {"flat-loss", "flattered", "one-rate-for-all", "scaler-leak", "leakage"}


@pytest.mark.parametrize(
    "question", [each for each in CHOICES if each.id not in BY_JUDGMENT], ids=lambda question: question.id
)
def test_one_choice_is_true_and_it_is_the_right_one(question):
    """A function with the question's name says of each choice whether it is true."""
    claims = [*globals()[question.id.replace("-", "_")]()]
    assert len(claims) == len(question.choices)
    assert [letter for letter, true in zip("ABCDEF", claims, strict=False) if true] == [question.right]


@pytest.mark.parametrize("name", quiz_curves.CURVES)
def test_a_picture_is_the_curve_that_is_tested(name):
    """It belongs to the question with its name, and is what `quiz_curves` draws today."""
    assert f"](data/curves/{name}.png)" in BY_ID[name].text
    file = io.BytesIO()
    quiz_curves.draw(name).savefig(file, dpi=100)
    plt.close("all")
    file.seek(0)
    drawn, stored = (plt.imread(each) for each in (file, quiz_curves.FOLDER / f"{name}.png"))
    assert drawn.shape == stored.shape
    assert np.mean(np.abs(drawn - stored)) < 0.005


def test_every_picture_is_drawn_here():
    names = {path.stem for path in quiz_curves.FOLDER.iterdir()}
    assert names == set(quiz_curves.CURVES) == {each.id for each in QUESTIONS if "![" in each.text}
