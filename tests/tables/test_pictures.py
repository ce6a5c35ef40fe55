"""The pictures for tables: what they draw and say agrees with scikit-learn, for any number of columns."""

import re

import numpy as np
import pandas as pd
import pytest
from sklearn.datasets import make_blobs
from sklearn.metrics import accuracy_score, confusion_matrix, r2_score, root_mean_squared_error

from gdutils.models import LinearRegression, LinearSVM, LogisticRegression, NeuralNetwork, SoftmaxRegression
from gdutils.optimizers import SGD
from gdutils.tables import encode, picture_of, predict_classes, prepare
from gdutils.training import train

EPOCHS = 15


def problem_of(n_classes=0, n_features=4, n_samples=120):
    """Return a problem with names or numbers for a target, and names that the font lacks letters for."""
    if n_classes:
        X, y = make_blobs(n_samples, n_features, centers=n_classes, cluster_std=4.0, random_state=3)
        target = [f"kind {k} of 红" for k in y]
    else:
        rng = np.random.RandomState(3)
        X = rng.standard_normal((n_samples, n_features))
        target = 50 + X @ np.arange(1, n_features + 1) + rng.standard_normal(n_samples)
    table = pd.DataFrame(X, columns=[f"column {k} $x$\n糖" for k in range(n_features)])
    return prepare(table.assign(target=target), "target")


CASES = {
    "regression": (problem_of(), LinearRegression(4), "FitPicture"),
    "one column": (problem_of(0, 1), LinearRegression(1), "PlainLinePicture"),
    "logistic": (problem_of(2), LogisticRegression(4), "ConfusionPicture"),
    "svm": (problem_of(2), LinearSVM(4), "ConfusionPicture"),
    "network": (problem_of(3), NeuralNetwork(4, 5, 3), "ConfusionPicture"),
    "plane, logistic": (problem_of(2, 2), LogisticRegression(2), "ProbabilityPicture"),
    "plane, svm": (problem_of(2, 2), LinearSVM(2), "MarginPicture"),
    "plane, softmax": (problem_of(3, 2), SoftmaxRegression(2, 3), "RegionsPicture"),
    "more classes than colors": (problem_of(9, 2), SoftmaxRegression(2, 9), "ConfusionPicture"),
    "more classes than cells": (problem_of(14), SoftmaxRegression(4, 14), "ConfusionPicture"),
}
every_case = pytest.mark.parametrize(("problem", "model", "kind"), CASES.values(), ids=CASES)


def trained(problem, model, lr=0.1, epochs=EPOCHS):
    return train(model, problem.X_train, encode(model, problem.y_train), SGD(lr), epochs=epochs)


@every_case
def test_a_picture_for_each_problem_that_follows_the_run(problem, model, kind):
    picture, frames = picture_of(problem, model, 100), set()
    assert type(picture).__name__ == kind
    for run in (trained(problem, model), trained(problem, model, lr=1e5, epochs=100)):  # it diverges
        for epoch in (0, len(run.losses) - 1):
            picture.update(model, run, epoch)
            frames.add(picture.live.png())
            assert picture.caption(model, run, epoch).startswith("loss ")
    assert len(frames) > 2


@every_case
def test_the_caption_has_scores_of_both_parts_and_of_the_guess(problem, model, kind):
    run = trained(problem, model)
    text = picture_of(problem, model, EPOCHS).caption(model, run, EPOCHS).replace("−", "-")
    assert f"loss {run.losses[-1]:.4g}" in text
    parts = ((problem.X_train, problem.y_train), (problem.X_test, problem.y_test))
    if problem.task == "regression":
        pattern = r"R² (\S+), RMSE (\S+), on held-out rows (\S+) and ([^;]+); .* the mean would score (\S+)"
        answers = [(y, model.predict(run.params, X)) for X, y in parts]
        expected = [score(*each) for each in answers for score in (r2_score, root_mean_squared_error)]
        guess = r2_score(problem.y_test, np.full(len(problem.y_test), problem.y_train.mean()))
    else:
        pattern = r"accuracy (\S+), on held-out rows ([\d.]+).* would score (\S+)$"
        expected = [accuracy_score(y, predict_classes(model, run.params, X)) for X, y in parts]
        guess = np.mean(problem.y_test == np.bincount(problem.y_train).argmax())
    found = [float(number) for number in re.search(pattern, text).groups()]
    np.testing.assert_allclose(found, [*expected, guess], rtol=6e-3, atol=6e-4)


@pytest.mark.parametrize("case", ["svm", "network", "more classes than cells"])
def test_confusion_counts_the_held_out_rows(case):
    problem, model, _ = CASES[case]
    picture, run = picture_of(problem, model, EPOCHS), trained(problem, model)
    picture.update(model, run, EPOCHS)
    predicted, K = predict_classes(model, run.params, problem.X_test), len(problem.labels)
    expected = confusion_matrix(problem.y_test, predicted, labels=range(K))
    drawn = [int(text.get_text().replace("·", "0")) for text in picture.counts]
    assert drawn == (expected.ravel().tolist() if K <= 12 else [])


def test_of_many_rows_2000_are_drawn_and_all_are_scored():
    problem, model = problem_of(0, 5, 20_000), LinearRegression(5)
    picture, run = picture_of(problem, model, EPOCHS), trained(problem, model)
    picture.update(model, run, EPOCHS)
    assert "(drawn: 2,000 of the 15,000 rows)" in picture.caption(model, run, EPOCHS)
    assert sum(len(artist.get_xdata()) for artist in picture.artists) <= 2_000
