"""The models against what others compute for the same: scikit-learn's solvers and network, SciPy."""

import warnings

import numpy as np
import pytest
from scipy import special
from sklearn import linear_model, svm
from sklearn.datasets import make_blobs, make_moons
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier

from gdutils.models import LinearSVM, LogisticRegression, NeuralNetwork, SoftmaxRegression
from gdutils.models.probabilities import log_softmax, softmax
from gdutils.optimizers import Momentum
from gdutils.training import train

# Overlapping classes, so that the logistic losses have a minimum.
X2, Y2 = make_blobs(200, centers=[[0, 0], [2, 1]], cluster_std=1.5, random_state=0)
X3, Y3 = make_blobs(240, centers=[[0, 0], [2, 1], [-1, 2]], cluster_std=1.5, random_state=0)


@pytest.mark.parametrize("scale", [1e-6, 1.0, 30.0, 1e4, 1e6])
@pytest.mark.parametrize("n_classes", [2, 3, 10])
def test_softmax_and_its_logarithm_are_scipys(scale, n_classes):
    Z = scale * np.random.RandomState(0).randn(50, n_classes)
    before = Z.copy()
    np.testing.assert_allclose(softmax(Z), special.softmax(Z, axis=1), rtol=1e-14)
    np.testing.assert_allclose(log_softmax(Z), special.log_softmax(Z, axis=1), rtol=1e-13, atol=1e-15)
    np.testing.assert_array_equal(Z, before)


def solution_of(model, fitted):
    """Return what scikit-learn found as parameters of this model."""
    found = zip(model.shapes, (fitted.coef_.T, fitted.intercept_), strict=True)
    return {name: np.reshape(theta, model.shapes[name]) for name, theta in found}


@pytest.mark.parametrize(
    ("model", "X", "y"), [(LogisticRegression(2), X2, Y2), (SoftmaxRegression(2, 3), X3, Y3)]
)
def test_descent_ends_at_scikit_learns_solution(model, X, y):
    fitted = linear_model.LogisticRegression(C=np.inf, tol=1e-10, max_iter=10_000).fit(X, y)
    solution = solution_of(model, fitted)
    for slope in model.gradient(solution, X, y).values():
        np.testing.assert_allclose(slope, 0, atol=1e-5)
    run = train(model, X, y, Momentum(lr=0.2, beta=0.9), epochs=3000)
    assert run.losses[-1] == pytest.approx(model.loss(solution, X, y), rel=1e-8)
    np.testing.assert_allclose(model.predict(run.params, X), model.predict(solution, X), atol=1e-4)


@pytest.mark.parametrize("C", [0.3, 1.0, 5.0])
def test_svm_comes_near_scikit_learns_solution_from_above(C):
    model, y = LinearSVM(n_features=2, C=C), 2 * Y2 - 1
    # scikit-learn weighs a sum, this package a mean.
    fitted = svm.SVC(kernel="linear", C=C / len(y), tol=1e-8).fit(X2, y)
    optimum = model.loss(solution_of(model, fitted), X2, y)
    losses = train(model, X2, y, Momentum(lr=0.001, beta=0.9), epochs=6000).losses
    assert optimum <= losses.min() <= 1.001 * optimum


def test_network_gradient_is_the_step_that_scikit_learns_takes():
    X, y = make_moons(50, noise=0.2, random_state=0)
    lr = 0.1
    network = MLPClassifier(
        (6,), solver="sgd", alpha=0, learning_rate_init=lr, momentum=0, batch_size=len(y), random_state=0
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        network.partial_fit(X, y, classes=[0, 1])
        (W1, w2), (b1, b2) = ([a.copy() for a in arrays] for arrays in (network.coefs_, network.intercepts_))
        network.partial_fit(X, y)
    # Its two classes share one output z; ours have one each, and only the difference matters.
    params = {"W1": W1, "b1": b1, "W2": np.hstack([0 * w2, w2]), "b2": np.array([0, b2[0]])}
    gradient = NeuralNetwork(n_features=2, n_hidden=6, n_classes=2).gradient(params, X, y)
    np.testing.assert_allclose(gradient["W1"], (W1 - network.coefs_[0]) / lr, atol=1e-12)
    np.testing.assert_allclose(gradient["b1"], (b1 - network.intercepts_[0]) / lr, atol=1e-12)
    np.testing.assert_allclose(gradient["W2"][:, 1:], (w2 - network.coefs_[1]) / lr, atol=1e-12)
    np.testing.assert_allclose(gradient["W2"][:, 0], -gradient["W2"][:, 1], atol=1e-12)
    np.testing.assert_allclose(gradient["b2"][1:], (b2 - network.intercepts_[1]) / lr, atol=1e-12)
