"""Lesson 11: its estimators pass scikit-learn's checks; its table of translation holds for other numbers."""

import ast
import re
import sys
import types
from collections import Counter
from pathlib import Path

import nbformat
import numpy as np
import pytest
from sklearn.datasets import load_breast_cancer, load_iris, load_wine, make_blobs
from sklearn.exceptions import ConvergenceWarning, NotFittedError
from sklearn.linear_model import LogisticRegression, Ridge, SGDClassifier
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import check_estimator

from gdutils import datasets
from gdutils.models import LinearRegression, LinearSVM, NeuralNetwork
from gdutils.models import LogisticRegression as LogisticRegressionOfOurs
from gdutils.optimizers import SGD, Adam, Momentum, Nesterov
from gdutils.training import train

LESSON = Path(__file__).parent.parent / "notebooks" / "11_scikit_learn.ipynb"
ALL_CELLS = nbformat.read(LESSON, as_version=4).cells
CELLS = [cell for cell in ALL_CELLS if cell.cell_type == "code"]
MARKDOWN = [cell for cell in ALL_CELLS if cell.cell_type == "markdown"]
PRINTED = "".join(output.get("text", "") for cell in CELLS for output in cell.outputs)
ESTIMATORS = ["GradientDescentRegressor", "GradientDescentClassifier"]


@pytest.fixture(scope="module")
def lesson():
    """What the lesson imports and defines, and nothing of what it runs, as a module, so that it pickles."""
    module = types.ModuleType("lesson_11")
    sys.modules["lesson_11"] = module
    definitions = (ast.Import, ast.ImportFrom, ast.ClassDef, ast.FunctionDef)
    for cell in CELLS:
        tree = ast.parse(cell.source)
        tree.body = [node for node in tree.body if isinstance(node, definitions)]
        exec(compile(tree, str(LESSON), "exec"), module.__dict__)
    yield module
    del sys.modules["lesson_11"]


@pytest.fixture(scope="module")
def blobs():
    """Two classes that overlap, of uneven size and not centered."""
    X, y = make_blobs([70, 50], centers=[[0, 1, 0], [1, 0, 2]], cluster_std=1.5, random_state=5)
    order = np.random.RandomState(0).permutation(len(y))
    return X[order] + 0.3, y[order]


# The estimators


@pytest.mark.parametrize("name", ESTIMATORS)
def test_scikit_learns_own_checks(lesson, name):
    results = check_estimator(getattr(lesson, name)(), on_skip=None, on_fail=None)
    count = Counter(result["status"] for result in results)
    assert count["failed"] == 0, [result for result in results if result["status"] == "failed"]
    assert count["passed"] > 40
    assert f"{name:26s} {count['passed']} passed, 0 failed" in PRINTED


def test_regressor_arrives_at_least_squares(lesson):
    rng = np.random.RandomState(3)
    X, noise = rng.standard_normal((80, 4)) * [1, 2, 0.5, 1] + 2, 0.1 * rng.standard_normal(80)
    y = X @ [1.0, -2.0, 3.0, 0.5] + 4 + noise
    fitted = make_pipeline(StandardScaler(), lesson.GradientDescentRegressor()).fit(X, y)
    X1 = np.column_stack([X, np.ones(80)])
    np.testing.assert_allclose(fitted.predict(X), X1 @ np.linalg.lstsq(X1, y)[0], atol=1e-8)


def test_classifier_agrees_with_logistic_regression_and_takes_text(lesson):
    X, species = load_iris(return_X_y=True)
    X, y = X[:, :2], np.array(["setosa", "versicolor", "virginica"])[species]
    kept = y != "setosa"  # the other two overlap, so there is a minimum
    X, y = StandardScaler().fit_transform(X[kept]), y[kept]
    ours = lesson.GradientDescentClassifier(epochs=3000).fit(X, y)
    theirs = LogisticRegression(C=np.inf, tol=1e-10).fit(X, y)
    assert list(ours.classes_) == ["versicolor", "virginica"]
    np.testing.assert_allclose(ours.predict_proba(X), theirs.predict_proba(X), atol=1e-4)
    assert set(ours.predict(X)) <= set(y)


@pytest.mark.parametrize("name", ESTIMATORS)
def test_a_run_that_rises_is_a_warning_and_predicts(lesson, name):
    X, y = load_wine(return_X_y=True)
    estimator = getattr(lesson, name)(optimizer=SGD(lr=0.1), epochs=3)
    with pytest.warns(ConvergenceWarning, match="above its start: scale X, or lower the learning rate"):
        estimator.fit(X, y)
    assert estimator.run_.losses[-1] > estimator.run_.losses[0]
    assert estimator.predict(X).shape == y.shape


@pytest.mark.parametrize("name", ESTIMATORS)
def test_a_run_without_a_number_is_an_error_and_leaves_nothing_behind(lesson, name):
    X, y = load_wine(return_X_y=True)
    estimator = getattr(lesson, name)(optimizer=SGD(lr=1e307))
    with pytest.raises(ValueError, match=r"no number at epoch \d+: scale X, or lower the learning rate"):
        estimator.fit(X, y)
    with pytest.raises(NotFittedError):
        estimator.predict(X)


# The table of translation, with other data and other numbers than the lesson's


def one_row_a_step(X, z, slope, rate, alpha, epochs):
    """Descend on slope(score, z) + ½ alpha ‖w‖² by hand, neither with gdutils nor with scikit-learn."""
    w, b, t, path = np.zeros(X.shape[1]), 0.0, 0, []
    for _ in range(epochs):
        for x, target in zip(X, z, strict=True):
            t += 1
            s, eta = slope(x @ w + b, target), rate(t)
            w, b = w - eta * (s * x + alpha * w), b - eta * s
            path.append((w, b))
    return path


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


def assert_same(estimator, w, b, atol=1e-11):
    np.testing.assert_allclose(np.ravel(estimator.coef_), w, atol=atol)
    np.testing.assert_allclose(np.ravel(estimator.intercept_)[0], b, atol=atol)


IN_ORDER = {"shuffle": False, "tol": None, "max_iter": 3, "eta0": 0.05, "power_t": 0.4}


@pytest.mark.parametrize("alpha", [0.003, 0.2])
@pytest.mark.parametrize("name", ["constant", "invscaling", "optimal"])
def test_steps_of_the_log_loss(lesson, blobs, name, alpha):
    """Rows 2, 3, 5, 6 and 8: the library, the lesson's loop, and the formulas by hand."""
    X, y = blobs
    rate = schedule(name, alpha)
    by_hand = one_row_a_step(X, y, of_log_loss, rate, alpha, 3)
    ours = lesson.row_by_row(lesson.Penalized(3, alpha=alpha), X, y, rate, 3)
    for (w, b), params in zip(by_hand, ours, strict=True):
        np.testing.assert_allclose(params["w"], w, atol=1e-11)
        np.testing.assert_allclose(params["b"], b, atol=1e-11)
    settings = IN_ORDER | {"loss": "log_loss", "alpha": alpha, "learning_rate": name}
    assert_same(SGDClassifier(**settings).fit(X, y), *by_hand[-1])
    means = [np.mean([step[i] for step in by_hand], axis=0) for i in (0, 1)]
    assert_same(SGDClassifier(average=True, **settings).fit(X, y), *means)


@pytest.mark.parametrize("C", [2.0, 300.0])
@pytest.mark.parametrize("name", ["constant", "optimal"])
def test_steps_of_the_hinge(lesson, blobs, name, C):
    """Rows 4 and 7: alpha = 1/C, and our rate is theirs divided by C."""
    X, y = blobs
    rate = schedule(name, 1 / C)
    by_hand = one_row_a_step(X, 2 * y - 1, of_hinge, rate, 1 / C, 3)
    ours = lesson.row_by_row(LinearSVM(3, C=C), X, 2 * y - 1, lambda t: rate(t) / C, 3)[-1]
    theirs = SGDClassifier(loss="hinge", alpha=1 / C, learning_rate=name, **IN_ORDER).fit(X, y)
    assert_same(theirs, *by_hand[-1])
    assert_same(theirs, ours["w"], ours["b"])


def test_minimum_of_logistic_regression_and_ridge(lesson, blobs):
    """Rows 9 and 10: at the library's minimum our gradient vanishes."""
    X, y = blobs
    for alpha in (0.003, 0.2):
        exact = LogisticRegression(C=1 / (len(y) * alpha), tol=1e-12, max_iter=10_000).fit(X, y)
        params = {"w": exact.coef_[0], "b": exact.intercept_[0]}
        grads = lesson.Penalized(3, alpha=alpha).gradient(params, X, y)
        assert max(np.abs(grad).max() for grad in grads.values()) < 1e-6

        target = X @ [1.0, 2.0, 3.0] + y
        ridge = Ridge(alpha=len(y) * alpha).fit(X, target)
        params = {"w": ridge.coef_, "b": ridge.intercept_}
        grads = LinearRegression(3).gradient(params, X, target)
        np.testing.assert_allclose(grads["w"] + alpha * ridge.coef_, 0, atol=1e-12)
        np.testing.assert_allclose(grads["b"], 0, atol=1e-12)


def test_every_row_of_the_table_agrees_in_the_lesson():
    rows = re.findall(r"^ ?(\d+)  (.+?)  +(equal to within \S+|differs)$", PRINTED, re.MULTILINE)
    assert [int(number) for number, *_ in rows] == list(range(1, 14))
    assert all(result.startswith("equal") for *_, result in rows)
    assert PRINTED.count("differs") == 2  # the rate that is not translated, and the shifted loss curve


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
    lesson.F, lesson.species = StandardScaler().fit_transform(X), y
    network = NeuralNetwork(4, 8, 3)
    lesson.start = network.init(np.random.RandomState(9))
    mlp = lesson.library_network(40, batch_size=60, learning_rate_init=optimizer.lr, **settings)
    run = train(network, lesson.F, y, optimizer, epochs=40, params=lesson.start)
    for theirs, name in zip([*mlp.coefs_, *mlp.intercepts_], ("W1", "W2", "b1", "b2"), strict=True):
        np.testing.assert_allclose(theirs, run.params[name], atol=atol)
    np.testing.assert_allclose(mlp.loss_curve_, run.losses[:-1], atol=atol)
    assert abs(mlp.loss_curve_[0] - run.losses[1]) > 1e-3


def test_what_there_was_to_see_in_the_panel():
    """The losses that the fold under the panel tells, each from its own run."""
    scaled, _, y, _ = datasets.load("breast_cancer", features=["mean radius", "mean texture"])
    cancer = load_breast_cancer(as_frame=True)
    columns = cancer.data[["mean radius", "mean texture"]].to_numpy()
    measured, _ = train_test_split(columns, random_state=0)
    model = LogisticRegressionOfOurs(n_features=2)

    def losses(X, optimizer, batch_size=None):
        return train(model, X, y, optimizer, epochs=300, batch_size=batch_size).losses

    large, small = losses(scaled, SGD(0.1), 1), losses(scaled, SGD(0.005), 1)
    told = [large[300], small[300], small[10], large[10]]
    told += [losses(measured, SGD(0.01))[300], losses(scaled, SGD(3.16))[50]]
    told += [losses(measured, Adam(0.1))[300], losses(scaled, Adam(0.1))[300]]
    (fold,) = [cell.source for cell in MARKDOWN if "What there was to see" in cell.source]
    assert re.findall(r"0\.\d{4}", fold) == [f"{loss:.4f}" for loss in told]
    mark = SGD().largest_stable_lr(model.curvature_bound(measured))
    assert f"The mark is at {np.floor(1000 * mark) / 1000:.3f}," in fold  # the panel rounds down
