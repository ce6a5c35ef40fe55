"""Lesson 11: its steps, schedules, minima and network are the library's, also for other numbers."""

import ast
import re
import types
from pathlib import Path

import nbformat
import numpy as np
import pytest
from sklearn.datasets import load_breast_cancer, make_blobs
from sklearn.linear_model import LogisticRegression, Ridge, SGDClassifier
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

from gdutils import datasets
from gdutils.models import LinearRegression, LinearSVM, NeuralNetwork
from gdutils.models import LogisticRegression as LogisticRegressionOfOurs
from gdutils.optimizers import SGD, Adam, Momentum, Nesterov
from gdutils.training import train

LESSON = Path(__file__).parent.parent.parent / "notebooks" / "11_scikit_learn.ipynb"
ALL_CELLS = nbformat.read(LESSON, as_version=4).cells
CELLS = [cell for cell in ALL_CELLS if cell.cell_type == "code"]
MARKDOWN = [cell for cell in ALL_CELLS if cell.cell_type == "markdown"]
PRINTED = "".join(output.get("text", "") for cell in CELLS for output in cell.outputs)


@pytest.fixture(scope="module")
def lesson():
    """What the lesson imports and defines, and nothing of what it runs."""
    module = types.ModuleType("lesson_11")
    for cell in CELLS:
        tree = ast.parse(cell.source)
        tree.body = [
            node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom | ast.FunctionDef)
        ]
        exec(compile(tree, str(LESSON), "exec"), module.__dict__)
    return module


@pytest.fixture(scope="module")
def blobs():
    """Two classes that overlap, of uneven size and not centered."""
    X, y = make_blobs([70, 50], centers=[[0, 1, 0], [1, 0, 2]], cluster_std=1.5, random_state=5)
    order = np.random.RandomState(0).permutation(len(y))
    return X[order] + 0.3, y[order]


# The steps


def by_hand(X, z, slope, rate, alpha, epochs):
    """Descend on slope(score, z) + ½ alpha ‖w‖² by hand, neither with gdutils nor with scikit-learn."""
    w, b, t, path, rng = np.zeros(X.shape[1]), 0.0, 0, [], np.random.RandomState(0)
    for _ in range(epochs):
        for i in rng.permutation(len(z)):
            t += 1
            s, eta = slope(X[i] @ w + b, z[i]), rate(t)
            w, b = w - eta * (s * X[i] + alpha * w), b - eta * s
        path.append([*w, b])
    return np.array(path)


def of_log_loss(score, y):
    return 1 / (1 + np.exp(-score)) - y


def of_hinge(score, sign):
    return -sign if sign * score < 1 else 0.0


def schedule(name, alpha):
    return {
        "constant": lambda t: 0.05,
        "invscaling": lambda t: 0.05 / t**0.4,
        "optimal": lambda t: 1 / (alpha * (alpha**-0.75 + t - 1)),
    }[name]


@pytest.mark.parametrize("alpha", [0.003, 0.2])
@pytest.mark.parametrize("name", ["constant", "invscaling", "optimal"])
def test_steps_of_the_log_loss(lesson, blobs, name, alpha):
    X, y = blobs
    rate, how = schedule(name, alpha), {"learning_rate": name, "eta0": 0.05, "power_t": 0.4}
    wanted = by_hand(X, y, of_log_loss, rate, alpha, 3)
    np.testing.assert_allclose(lesson.one_row_per_step(X, y, rate, alpha, 3), wanted, atol=1e-11)
    np.testing.assert_allclose(lesson.steps_of_library(X, y, 3, alpha=alpha, **how), wanted, atol=1e-11)


@pytest.mark.parametrize("C", [2.0, 300.0])
def test_steps_of_the_hinge(lesson, blobs, C):
    """alpha = 1/C and eta0 = C · lr give the steps of our SVM."""
    X, y = blobs
    how = {"alpha": 1 / C, "learning_rate": "constant", "eta0": 0.05}
    wanted = by_hand(X, 2 * y - 1, of_hinge, lambda t: 0.05, 1 / C, 3)
    np.testing.assert_allclose(lesson.steps_of_library(X, y, 3, "hinge", **how), wanted, atol=1e-11)
    run = train(LinearSVM(3, C=C), X, 2 * y - 1, SGD(0.05 / C), epochs=3, batch_size=1)
    ours = [[*params["w"], params["b"]] for params in run.path[1:]]
    np.testing.assert_allclose(ours, wanted, atol=1e-11)


def test_adaptive_adapts_in_fit_alone(lesson, blobs):
    X, y = blobs
    how = [{"alpha": 0.01, "eta0": 0.1, "learning_rate": name} for name in ("adaptive", "constant")]
    pieces = [lesson.steps_of_library(X, y, 60, **each) for each in how]
    np.testing.assert_array_equal(*pieces)
    fits = [SGDClassifier(random_state=0, **each).fit(X, y).coef_ for each in how]
    assert np.abs(np.subtract(*fits)).max() > 1e-3


# The minima


def test_minimum_of_logistic_regression_and_ridge(blobs):
    """C = 1/(n λ) and alpha = n λ: at the library's minimum the gradient of J vanishes."""
    X, y = blobs
    for reg in (0.003, 0.2):
        exact = LogisticRegression(C=1 / (len(y) * reg), tol=1e-12, max_iter=10_000).fit(X, y)
        params = {"w": exact.coef_[0], "b": exact.intercept_[0]}
        grads = LogisticRegressionOfOurs(3).gradient(params, X, y)
        assert max(np.abs(grads["w"] + reg * params["w"]).max(), np.abs(grads["b"])) < 1e-6
        target = X @ [1.0, 2.0, 3.0] + y
        ridge = Ridge(alpha=len(y) * reg).fit(X, target)
        grads = LinearRegression(3).gradient({"w": ridge.coef_, "b": ridge.intercept_}, X, target)
        np.testing.assert_allclose(grads["w"] + reg * ridge.coef_, 0, atol=1e-12)
        np.testing.assert_allclose(grads["b"], 0, atol=1e-12)


# The network, and what the panel shows


@pytest.mark.parametrize(
    ("optimizer", "settings", "atol"),
    [
        (SGD(0.05), {"solver": "sgd", "momentum": 0}, 1e-11),
        (Momentum(0.05, 0.8), {"solver": "sgd", "momentum": 0.8, "nesterovs_momentum": False}, 1e-11),
        (Nesterov(0.05, 0.8), {"solver": "sgd", "momentum": 0.8}, 1e-11),
        (Adam(0.02, eps=1e-14), {"solver": "adam", "epsilon": 1e-14}, 1e-6),
    ],
    ids=lambda value: type(value).__name__,
)
@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
def test_network_from_the_same_start(lesson, optimizer, settings, atol):
    X, y = make_blobs(60, n_features=4, centers=3, cluster_std=2, random_state=8)
    lesson.flowers, lesson.species = StandardScaler().fit_transform(X), y
    network = NeuralNetwork(4, 8, 3)
    lesson.start = network.init(np.random.RandomState(9))
    mlp = lesson.library_network(40, batch_size=60, learning_rate_init=optimizer.lr, **settings)
    run = train(network, lesson.flowers, y, optimizer, epochs=40, params=lesson.start)
    for theirs, name in zip([*mlp.coefs_, *mlp.intercepts_], ("W1", "W2", "b1", "b2"), strict=True):
        np.testing.assert_allclose(theirs, run.params[name], atol=atol)
    np.testing.assert_allclose(mlp.loss_curve_, run.losses[:-1], atol=atol)
    assert abs(mlp.loss_curve_[0] - run.losses[1]) > 1e-3


@pytest.mark.parametrize("m", [60, 20])
@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
def test_the_network_divides_its_penalty_by_the_rows_of_a_batch(lesson, m):
    """A first step with alpha = m λ shortens W by lr · λ · W."""
    X, y = make_blobs(m, n_features=4, centers=3, cluster_std=2, random_state=8)
    lesson.flowers, lesson.species = X, y
    lesson.start = NeuralNetwork(4, 8, 3).init(np.random.RandomState(9))
    how = {"solver": "sgd", "momentum": 0, "learning_rate_init": 0.1, "batch_size": m}
    bare, penalized = (lesson.library_network(1, alpha=m * reg, **how) for reg in (0, 0.3))
    shorter = bare.coefs_[0] - penalized.coefs_[0]
    np.testing.assert_allclose(shorter, 0.1 * 0.3 * lesson.start["W1"], atol=1e-12)


def test_what_there_was_to_see_in_the_panel():
    """The losses in the fold under the panel, each from its own run."""
    scaled, _, y, _ = datasets.load("breast_cancer", features=["mean radius", "mean texture"])
    measured, _ = train_test_split(load_breast_cancer().data[:, :2], random_state=0)
    model = LogisticRegressionOfOurs(n_features=2)

    def losses(X, optimizer):
        return train(model, X, y, optimizer, epochs=30, batch_size=1).losses

    usual, slow = losses(scaled, SGD(0.1)), losses(scaled, SGD(0.01))
    told = [min(usual[-10:]), max(usual[-10:]), slow[1], usual[1], min(slow[-10:]), max(slow[-10:])]
    told += [losses(measured, Adam(0.01))[30], losses(scaled, Adam(0.01))[1]]
    (fold,) = [cell.source for cell in MARKDOWN if "What there was to see" in cell.source]
    assert re.findall(r"0\.\d{4}", fold.split("<details>")[1]) == [f"{loss:.4f}" for loss in told]
    assert losses(measured, SGD(0.1))[1:].min() > np.log(2)


def test_what_the_schedules_are_said_to_do():
    rows = re.findall(r"^(\S.*?) +(\d+) epochs:((?: +\S+){4})$", PRINTED, re.MULTILINE)
    found = {(name, int(epochs)): [float(each) for each in gaps.split()] for name, epochs, gaps in rows}
    assert len(found) == 10
    assert np.argmin(found["constant", 5]) == 2
    assert np.argmin(found["constant", 50]) == 1
    for epochs in (5, 50):
        assert found["invscaling", epochs][3] < min(found["constant", epochs])
    assert found["adaptive", 5] == found["constant", 5]
    signs = np.sign(np.subtract(found["adaptive", 50], found["constant", 50]))
    assert signs.tolist() == [1, 1, -1, -1]
    assert found["constant, average", 50][2] < found["constant", 50][2]
    assert all(np.greater(found["constant, average", 50][:2], found["constant", 50][:2]))
