"""The exercises of lesson 12: the scaling inside a cross-validation, and an estimator for the linear SVM."""

import numpy as np

from gdutils.models import LinearSVM
from gdutils.optimizers import SGD
from gdutils.practice.checker import exercise
from gdutils.training import train

ROWS = np.random.RandomState(0).standard_normal((20, 2)) * [1, 3] + np.arange(20)[:, np.newaxis] / 5


@exercise((ROWS[:7], 3))
def scaled_folds(X, n_folds, fitted_on=np.setdiff1d):
    """Return X, each part scaled by the rows that `fitted_on` takes from all rows and the part."""
    rows = np.arange(len(X))
    parts = [(X[part], X[fitted_on(rows, part)]) for part in np.array_split(rows, n_folds)]
    return np.concatenate([(part - others.mean(axis=0)) / others.std(axis=0) for part, others in parts])


scaled_folds.mistakes = {
    "That is scaled by all rows: what is held out has leaked in.": {"fitted_on": np.union1d},
    "Each part is scaled by its own rows. Use the rows outside of it.": {"fitted_on": np.intersect1d},
}


@exercise((ROWS, np.where(ROWS[:, 0] > 2, 7, 3), ROWS[::-3]))
def svm_estimator(X, y, X_new, answer=lambda classes, scores: classes[(scores >= 0).astype(int)]):
    """Return the labels that a linear SVM predicts, or another answer made of its classes and scores."""
    classes, numbers = np.unique(y, return_inverse=True)
    model = LinearSVM(X.shape[1])
    run = train(model, X, 2 * numbers - 1, SGD(lr=0.01), epochs=300)
    return answer(classes, model.predict(run.params, X_new))


svm_estimator.mistakes = {
    "Those are the scores: their signs are the classes.": {"answer": lambda _, scores: scores},
    "Those are the signs: turn them into labels.": {"answer": lambda _, scores: np.sign(scores)},
    "0 and 1 are places in classes_: return what is there.": {"answer": lambda _, scores: 1 * (scores >= 0)},
    "The two labels are swapped.": {"answer": lambda classes, scores: classes[(scores < 0).astype(int)]},
}
