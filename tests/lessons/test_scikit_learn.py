"""Lesson 11: its steps, minima and penalties are the library's, also for other numbers.

Its own cells compare the network, and what the schedules do, with the library.
"""

import re

import numpy as np
import pytest
from sklearn.datasets import load_breast_cancer, make_blobs
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.model_selection import train_test_split

from gdutils import datasets
from gdutils.models import LinearRegression, LinearSVM, NeuralNetwork
from gdutils.models import LogisticRegression as LogisticRegressionOfOurs
from gdutils.optimizers import SGD, Adam
from gdutils.training import train
from tests.lessons.cells import cells_of, definitions

CODE, CELLS = cells_of("11")
PRINTED = "".join(output.get("text", "") for cell in CODE for output in cell.outputs)
SCHEDULES = {
    "constant": lambda t: 0.05,
    "invscaling": lambda t: 0.05 / t**0.4,
    "optimal": lambda t: 1 / (0.2 * (0.2**-0.75 + t - 1)),
}


@pytest.fixture(scope="module")
def lesson():
    return definitions([cell.source for cell in CODE], "lesson_11")


@pytest.fixture(scope="module")
def blobs():
    """Two classes that overlap, of uneven size and not centered."""
    return make_blobs([70, 50], centers=[[0.3, 1.3, 0.3], [1.3, 0.3, 2.3]], cluster_std=1.5, random_state=5)


@pytest.mark.parametrize("name", SCHEDULES)
def test_steps_of_the_log_loss(lesson, blobs, name):
    settings = {"alpha": 0.2, "learning_rate": name, "eta0": 0.05, "power_t": 0.4}
    theirs = lesson.steps_of_library(*blobs, 3, **settings)
    ours = lesson.one_row_per_step(*blobs, SCHEDULES[name], 0.2, 3)
    np.testing.assert_allclose(ours, theirs, atol=1e-11)


@pytest.mark.parametrize("C", [2.0, 300.0])
def test_steps_of_the_hinge(lesson, blobs, C):
    """alpha = 1/C and eta0 = C · lr give the steps of our SVM."""
    X, y = blobs
    how = {"alpha": 1 / C, "learning_rate": "constant", "eta0": 0.05}
    run = train(LinearSVM(3, C=C), X, 2 * y - 1, SGD(0.05 / C), epochs=3, batch_size=1)
    ours = [[*params["w"], params["b"]] for params in run.path[1:]]
    np.testing.assert_allclose(ours, lesson.steps_of_library(X, y, 3, "hinge", **how), atol=1e-11)


@pytest.mark.parametrize("reg", [0.003, 0.2])
def test_minimum_of_logistic_regression_and_ridge(blobs, reg):
    """C = 1/(n λ) and alpha = n λ: at the library's minimum the gradient of J vanishes."""
    X, y = blobs
    exact = LogisticRegression(C=1 / (len(y) * reg), tol=1e-12, max_iter=10_000)
    for ours, theirs, target in (
        (LogisticRegressionOfOurs(3), exact, y),
        (LinearRegression(3), Ridge(alpha=len(y) * reg), X @ [1.0, 2.0, 3.0] + y),
    ):
        theirs.fit(X, target)
        w, b = np.ravel(theirs.coef_), np.ravel(theirs.intercept_)[0]
        slope = ours.gradient({"w": w, "b": b}, X, target)
        np.testing.assert_allclose([*(slope["w"] + reg * w), slope["b"]], 0, atol=1e-6)


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
def test_the_network_divides_its_penalty_by_the_rows_of_a_batch(lesson):
    """A first step with alpha = m λ shortens W by lr · λ · W."""
    lesson.flowers, lesson.species = make_blobs(20, n_features=4, centers=3, random_state=8)
    lesson.start = NeuralNetwork(4, 8, 3).init(np.random.RandomState(9))
    how = {"solver": "sgd", "momentum": 0, "learning_rate_init": 0.1, "batch_size": 20}
    bare, penalized = (lesson.library_network(1, alpha=20 * reg, **how) for reg in (0, 0.3))
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
    (fold,) = [cell.source for cell in CELLS if "What there was to see" in cell.source]
    assert re.findall(r"0\.\d{4}", fold.split("<details>")[1]) == [f"{loss:.4f}" for loss in told]
    assert losses(measured, SGD(0.1))[1:].min() > np.log(2)


def test_what_the_schedules_are_said_to_do():
    rows = re.findall(r"^(\S.*?) +(5|50) epochs:((?: +\S+){4})$", PRINTED, re.MULTILINE)
    found = {(name, epochs): [float(each) for each in gaps.split()] for name, epochs, gaps in rows}
    constant = found["constant", "50"]
    assert (np.argmin(found["constant", "5"]), np.argmin(constant)) == (2, 1)
    for epochs in ("5", "50"):
        assert found["invscaling", epochs][3] < min(found["constant", epochs])
    assert found["adaptive", "5"] == found["constant", "5"]
    for name in ("adaptive", "constant, average"):  # higher at small rates, lower at large ones
        assert np.sign(np.subtract(found[name, "50"], constant)).tolist() == [1, 1, -1, -1]
