"""Lesson 12: its estimators pass scikit-learn's checks and arrive; broken ones fail as the lesson says.

What its cells print is compared by nbval.
"""

import re
import sys

import numpy as np
import pytest
from sklearn.datasets import load_iris, load_wine
from sklearn.exceptions import ConvergenceWarning, NotFittedError
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import check_estimator

from gdutils.models import SoftmaxRegression
from gdutils.optimizers import SGD
from tests.lessons.cells import cells_of, definitions


@pytest.fixture(scope="module")
def lesson():
    """What the lesson imports and defines, and its solution, as a module, so that it pickles."""
    code, cells = cells_of("12")
    folded = next(cell.source for cell in cells if "class MySVM" in cell.source and cell not in code)
    solution = re.search(r"```python\n(.*?)```", folded, re.DOTALL)[1]
    module = sys.modules["lesson_12"] = definitions([*(cell.source for cell in code), solution], "lesson_12")
    yield module
    del sys.modules["lesson_12"]


def failed_checks(estimator):
    results = check_estimator(estimator, on_skip=None, on_fail=None)
    return {result["check_name"] for result in results if result["status"] == "failed"}


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
def test_scikit_learns_own_checks(lesson):
    assert not failed_checks(lesson.GradientDescentRegressor())
    assert not failed_checks(lesson.GradientDescentClassifier())
    assert not failed_checks(lesson.MySVM(SGD(lr=0.01)))  # the solution


def test_the_broken_habits_are_noticed(lesson):
    """What the fold under Forgetful says."""

    class Silent(lesson.Forgetful):
        def fit(self, X, y):
            super().fit(X, y)

    class Meddling(lesson.Forgetful):
        def fit(self, X, y):
            self.epochs = 2 * self.epochs
            return super().fit(X, y)

    assert "check_estimators_fit_returns_self" in failed_checks(Silent(epochs=20))
    assert {"check_estimators_overwrite_params", "check_fit_idempotent"} <= failed_checks(Meddling(epochs=20))


def test_classifier_agrees_with_logistic_regression_and_takes_text(lesson):
    X, species = load_iris(return_X_y=True)
    X, y = X[:, :2], np.array(["setosa", "versicolor", "virginica"])[species]
    kept = y != "setosa"  # the other two overlap, so there is a minimum
    X, y = StandardScaler().fit_transform(X[kept]), y[kept]
    ours = lesson.GradientDescentClassifier(epochs=3000).fit(X, y)
    theirs = LogisticRegression(C=np.inf, tol=1e-10).fit(X, y)
    np.testing.assert_allclose(ours.predict_proba(X), theirs.predict_proba(X), atol=1e-4)
    np.testing.assert_array_equal(ours.predict(X), theirs.predict(X))


def test_a_run_that_rises_predicts_and_one_without_a_number_leaves_nothing_behind(lesson):
    X, y = load_wine(return_X_y=True)
    rising = lesson.GradientDescentRegressor(SGD(lr=1e-4), epochs=3)
    with pytest.warns(ConvergenceWarning, match="above its start: scale X, or lower the learning rate"):
        rising.fit(X, y)
    assert rising.predict(X).shape == y.shape
    failing = lesson.GradientDescentClassifier(SGD(lr=1e307))
    with pytest.raises(ValueError, match=r"not finite at epoch \d+: scale X, or lower the learning rate"):
        failing.fit(X, y)
    with pytest.raises(NotFittedError):
        failing.predict(X)


def test_default_rate_is_at_most_half_of_the_largest_stable_one(lesson):
    X, y = load_wine(return_X_y=True)
    run = lesson.GradientDescentClassifier(epochs=1).fit(X, y).run_
    stable = SGD().largest_stable_lr(SoftmaxRegression(13, 3).curvature_bound(X))
    assert run.optimizer.lr == pytest.approx(stable / 2)
