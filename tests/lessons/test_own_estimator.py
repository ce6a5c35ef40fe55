"""Lesson 12: its estimators pass scikit-learn's checks and arrive; broken ones fail as the lesson says."""

import ast
import re
import sys
import types
from collections import Counter
from pathlib import Path

import nbformat
import numpy as np
import pytest
from sklearn.base import clone
from sklearn.datasets import load_iris, load_wine
from sklearn.exceptions import ConvergenceWarning, NotFittedError
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import check_estimator

from gdutils.models import SoftmaxRegression
from gdutils.optimizers import SGD

LESSON = Path(__file__).parent.parent.parent / "notebooks" / "12_your_own_estimator.ipynb"
CELLS = nbformat.read(LESSON, as_version=4).cells
CODE = [cell for cell in CELLS if cell.cell_type == "code"]
PRINTED = "".join(output.get("text", "") for cell in CODE for output in cell.outputs)
ESTIMATORS = ["GradientDescentRegressor", "GradientDescentClassifier"]
DEFINITIONS = (ast.Import, ast.ImportFrom, ast.ClassDef, ast.FunctionDef)


@pytest.fixture(scope="module")
def lesson():
    """What the lesson imports and defines, and nothing of what it runs, as a module, so that it pickles."""
    module = types.ModuleType("lesson_12")
    sys.modules["lesson_12"] = module
    solution = next(cell.source for cell in CELLS if "class MySVM" in cell.source and cell not in CODE)
    sources = [cell.source for cell in CODE] + [re.search(r"```python\n(.*?)```", solution, re.DOTALL)[1]]
    for source in sources:
        tree = ast.parse(source)
        tree.body = [node for node in tree.body if isinstance(node, DEFINITIONS)]
        exec(compile(tree, str(LESSON), "exec"), module.__dict__)
    yield module
    del sys.modules["lesson_12"]


def statuses(estimator):
    """Return what the checks say, and the names of those that fail."""
    results = check_estimator(estimator, on_skip=None, on_fail=None)
    failed = {result["check_name"] for result in results if result["status"] == "failed"}
    return Counter(result["status"] for result in results), failed


@pytest.mark.parametrize("name", [*ESTIMATORS, "Forgetful"])
def test_scikit_learns_own_checks(lesson, name):
    count, failed = statuses(getattr(lesson, name)())
    assert not failed
    assert count["passed"] > 40
    assert f"{name}: {count['passed']} passed, 0 failed" in PRINTED


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
def test_the_solution_passes_them_too(lesson):
    assert not statuses(lesson.MySVM(SGD(lr=0.01)))[1]


def test_the_first_try_fails_many(lesson):
    count, failed = statuses(lesson.FirstTry())
    assert "check_no_attributes_set_in_init" in failed
    assert 0.4 < count["failed"] / (count["failed"] + count["passed"]) < 0.5


def test_the_broken_habits_are_noticed(lesson):
    """What the fold under Forgetful says."""

    class Silent(lesson.Forgetful):
        def fit(self, X, y):
            super().fit(X, y)

    class Meddling(lesson.Forgetful):
        def fit(self, X, y):
            self.epochs = 2 * self.epochs
            return super().fit(X, y)

    assert "check_estimators_fit_returns_self" in statuses(Silent(epochs=20))[1]
    assert {"check_estimators_overwrite_params", "check_fit_idempotent"} <= statuses(Meddling(epochs=20))[1]


def test_a_search_does_not_reach_the_optimizer_of_the_first_try(lesson):
    copy = clone(lesson.FirstTry()).set_params(lr=1.0)
    assert (copy.lr, copy.optimizer.lr) == (1.0, 0.1)
    by_search, by_hand = re.split("accuracy on the", PRINTED)[:2]
    assert len(set(re.findall(r"validation loss (\S+)", by_search))) == 1
    assert len(set(re.findall(r"validation loss (\S+)", by_hand))) == 4


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
    with pytest.raises(ValueError, match=r"not finite at epoch \d+: scale X, or lower the learning rate"):
        estimator.fit(X, y)
    with pytest.raises(NotFittedError):
        estimator.predict(X)


def test_default_rate_is_at_most_half_of_the_largest_stable_one(lesson):
    X, y = load_wine(return_X_y=True)
    run = lesson.GradientDescentClassifier(epochs=1).fit(X, y).run_
    stable = SGD().largest_stable_lr(SoftmaxRegression(13, 3).curvature_bound(X))
    assert run.optimizer.lr == pytest.approx(stable / 2)
