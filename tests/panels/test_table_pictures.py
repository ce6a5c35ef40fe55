"""The pictures for tables: what they draw and say agrees with scikit-learn, for any number of columns."""

from __future__ import annotations

import re
import warnings

import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.text import Text
from sklearn.datasets import make_blobs
from sklearn.metrics import accuracy_score, confusion_matrix, r2_score, root_mean_squared_error

from gdutils.models import LinearRegression, LinearSVM, LogisticRegression, NeuralNetwork, SoftmaxRegression
from gdutils.optimizers import SGD
from gdutils.pictures import MarginPicture, Picture, ProbabilityPicture, RegionsPicture
from gdutils.scores import accuracy, encode, predict_classes, r2, rmse
from gdutils.table_pictures import ConfusionPicture, FitPicture, PlainLinePicture, picture_of
from gdutils.tables import prepare
from gdutils.training import train
from tests.panels.test_canvas import assert_same_pixels

EPOCHS = 15


def table(n_classes=0, n_samples=120, n_features=4):
    """Return a table of numbers with a target of names, or of numbers."""
    rng = np.random.RandomState(3)
    if n_classes:
        X, y = make_blobs(n_samples, n_features, centers=n_classes, cluster_std=4.0, random_state=3)
        target = [f"kind {k}" for k in y]
    else:
        X = rng.standard_normal((n_samples, n_features))
        target = 50 + X @ np.arange(1, n_features + 1) + rng.standard_normal(n_samples)
    return pd.DataFrame(X, columns=[f"column {k}" for k in range(n_features)]).assign(target=target)


def problem_of(n_classes=0, n_samples=120, n_features=4):
    return prepare(table(n_classes, n_samples, n_features), "target")


CASES = {
    "regression": (problem_of(), LinearRegression(4), FitPicture),
    "one column": (problem_of(n_features=1), LinearRegression(1), PlainLinePicture),
    "logistic": (problem_of(2), LogisticRegression(4), ConfusionPicture),
    "svm": (problem_of(2), LinearSVM(4), ConfusionPicture),
    "softmax": (problem_of(3), SoftmaxRegression(4, 3), ConfusionPicture),
    "network": (problem_of(3), NeuralNetwork(4, 5, 3), ConfusionPicture),
    "one column of classes": (problem_of(3, n_features=1), SoftmaxRegression(1, 3), ConfusionPicture),
    "plane, logistic": (problem_of(2, n_features=2), LogisticRegression(2), ProbabilityPicture),
    "plane, svm": (problem_of(2, n_features=2), LinearSVM(2), MarginPicture),
    "plane, softmax": (problem_of(3, n_features=2), SoftmaxRegression(2, 3), RegionsPicture),
    "plane, network": (problem_of(3, n_features=2), NeuralNetwork(2, 5, 3), RegionsPicture),
    "more classes than colors": (problem_of(9, n_features=2), SoftmaxRegression(2, 9), ConfusionPicture),
    "more classes than cells have room": (problem_of(14), SoftmaxRegression(4, 14), ConfusionPicture),
}
every_case = pytest.mark.parametrize(("problem", "model", "kind"), CASES.values(), ids=CASES)


def trained(problem, model, lr=0.1, epochs=EPOCHS):
    return train(model, problem.X_train, encode(model, problem.y_train), SGD(lr), epochs=epochs)


def numbers(pattern, text):
    return [float(found) for found in re.search(pattern, text.replace("−", "-")).groups()]


@every_case
def test_the_picture_fits_the_problem(problem, model, kind):
    picture = picture_of(problem, model, EPOCHS)
    assert isinstance(picture, Picture)
    assert type(picture.picture) is kind
    assert picture.epochs == EPOCHS
    np.testing.assert_array_equal(picture.X, problem.X_train)


@every_case
def test_a_frame_is_what_matplotlib_draws_in_full(problem, model, kind):
    picture, run = picture_of(problem, model, EPOCHS), trained(problem, model)
    for epoch in (0, EPOCHS):
        picture.update(model, run, epoch)
        assert_same_pixels(picture.live)


@every_case
def test_words_tell_scores_of_both_parts_and_of_the_guess(problem, model, kind):
    run = trained(problem, model)
    text = picture_of(problem, model, EPOCHS).words(model, run, EPOCHS)
    assert f"loss {run.losses[-1]:.4g}" in text
    if problem.task == "regression":
        parts = ((problem.X_train, problem.y_train), (problem.X_test, problem.y_test))
        known, hidden = [
            (
                r2_score(y, model.predict(run.params, X)),
                root_mean_squared_error(y, model.predict(run.params, X)),
            )
            for X, y in parts
        ]
        told = numbers(r"R² (\S+), RMSE (\S+), on held-out rows (\S+) and ([^;]+);", text)
        np.testing.assert_allclose(told, [*known, *hidden], rtol=6e-3)
        mean = np.full(len(problem.y_test), problem.y_train.mean())
        told = numbers(r"always the mean would score (\S+) and (\S+)$", text)
        np.testing.assert_allclose(
            told,
            [r2_score(problem.y_test, mean), root_mean_squared_error(problem.y_test, mean)],
            atol=6e-4,
            rtol=6e-3,
        )
        return
    scores = [
        accuracy_score(y, predict_classes(model, run.params, X))
        for X, y in ((problem.X_train, problem.y_train), (problem.X_test, problem.y_test))
    ]
    told = numbers(r"accuracy (\S+), on held-out rows ([\d.]+)", text)
    np.testing.assert_allclose(told, scores, atol=6e-4)
    usual = np.bincount(problem.y_train).argmax()
    share = accuracy_score(problem.y_test, np.full(len(problem.y_test), usual))
    assert text.endswith(f"; always {problem.labels[usual]!r} would score {share:.3f}")


@pytest.mark.parametrize(
    "case", ["logistic", "svm", "softmax", "network", "more classes than cells have room"]
)
def test_confusion_counts_the_held_out_rows(case):
    problem, model, _ = CASES[case]
    picture, run = picture_of(problem, model, EPOCHS).picture, trained(problem, model)
    picture.update(model, run, EPOCHS)
    predicted, K = predict_classes(model, run.params, problem.X_test), len(problem.labels)
    expected = confusion_matrix(problem.y_test, predicted, labels=range(K))
    np.testing.assert_array_equal(picture.table(model, run.params), expected)
    if K <= 12:
        drawn = [int(text.get_text().replace("·", "0")) for text in picture.counts]
        np.testing.assert_array_equal(np.reshape(drawn, (K, K)), expected)
        places = [text.get_position() for text in picture.counts]  # classes given run to the right
        assert places == [(k, j) for j in range(K) for k in range(K)]
    else:
        assert picture.counts == []
    cell = picture.fine.shape[0]
    colors = picture.image.get_array()[::cell, ::cell]
    right = np.eye(K, dtype=bool)
    np.testing.assert_array_equal(colors > 0, right & (expected > 0))
    np.testing.assert_array_equal(colors < 0, ~right & (expected > 0))


def test_points_are_predicted_against_measured():
    problem, model, _ = CASES["regression"]
    picture, run = picture_of(problem, model, EPOCHS).picture, trained(problem, model, epochs=200)
    picture.update(model, run, 200)
    parts = ((problem.X_train, problem.y_train), (problem.X_test, problem.y_test))
    for artist, (X, y) in zip(picture.points, parts, strict=True):
        x, height = artist.get_data()
        np.testing.assert_array_equal(x, y)
        predicted = model.predict(run.params, X)
        inside = (predicted > picture.limits[0]) & (predicted < picture.limits[1])
        assert inside.mean() > 0.9
        np.testing.assert_allclose(height[inside], predicted[inside])
    assert len({artist.get_marker() for artist in picture.points}) == 2
    assert picture.ax.get_xlim() == picture.ax.get_ylim()


def test_points_far_off_stay_at_the_edge():
    problem, model, _ = CASES["regression"]
    picture, run = picture_of(problem, model, EPOCHS).picture, trained(problem, model, lr=3.0, epochs=40)
    picture.update(model, run, 40)
    low, high = picture.ax.get_ylim()
    for artist in picture.points:
        assert (low < artist.get_ydata()).all()
        assert (artist.get_ydata() < high).all()


def test_held_out_losses_are_drawn():
    for case in ("regression", "one column", "softmax", "svm"):
        problem, model, _ = CASES[case]
        picture, run = picture_of(problem, model, EPOCHS).picture, trained(problem, model)
        picture.update(model, run, EPOCHS)
        y = encode(model, problem.y_test)
        expected = [model.loss(params, problem.X_test, y) for params in run.path]
        held_out = getattr(picture, "held_curve", picture.curve[3:])
        np.testing.assert_allclose(held_out[1].get_ydata(), expected)
        assert held_out[1].get_linestyle() == "--"


@pytest.mark.parametrize("n_features", [1, 2, 5])
@pytest.mark.parametrize("n_classes", [0, 3])
def test_of_many_rows_2000_are_drawn_and_all_are_scored(n_features, n_classes, monkeypatch):
    problem = problem_of(n_classes, 20_000, n_features)
    model = SoftmaxRegression(n_features, 3) if n_classes else LinearRegression(n_features)
    picture, run = picture_of(problem, model, EPOCHS), trained(problem, model)
    picture.update(model, run, EPOCHS)
    assert "(drawn: 2,000 of the 15,000 rows)" in picture.words(model, run, EPOCHS)
    drawn = getattr(picture.picture, "points", ())
    assert sum(len(artist.get_xdata()) for artist in drawn) <= 2_000
    assert_same_pixels(picture.live)


def test_a_diverged_run_is_drawn_and_told_without_a_warning():
    for problem, model, _ in CASES.values():
        picture = picture_of(problem, model, 400)
        run = trained(problem, model, lr=1e5, epochs=400)
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            for epoch in (1, len(run.losses) - 1):
                picture.update(model, run, epoch)
                picture.live.png()
                assert picture.words(model, run, epoch).startswith("loss ")


def test_neither_mathtext_nor_pyplot_in_a_frame(monkeypatch):
    problem = prepare(
        table().rename(columns={"target": "price in $ or $", "column 1": "$x$"}), "price in $ or $"
    )
    model = LinearRegression(4)
    monkeypatch.setattr(RendererAgg, "draw_mathtext", lambda *_: pytest.fail("mathtext was drawn"))
    picture, run = picture_of(problem, model, EPOCHS), trained(problem, model)
    picture.update(model, run, EPOCHS)
    picture.live.png()
    for case in CASES.values():
        picture = picture_of(*case[:2], EPOCHS)
        picture.update(case[1], trained(*case[:2]), EPOCHS)
        picture.live.png()


@pytest.mark.parametrize("n_features", [1, 2, 3])
@pytest.mark.parametrize("n_classes", [0, 3])
def test_letters_that_the_font_lacks_are_boxes_and_no_warning(n_classes, n_features):
    """A warning would stand in red under the cell of whoever writes Chinese; warnings are errors here."""
    odd = table(n_classes, n_features=n_features).rename(columns=lambda name: f"{name[-1]} 糖\n\x0c")
    target = odd.columns[-1]
    if n_classes:
        odd[target] = odd[target].str.replace("kind", "红\u2028")
    problem = prepare(odd, target)
    model = SoftmaxRegression(n_features, 3) if n_classes else LinearRegression(n_features)
    picture = picture_of(problem, model, EPOCHS)
    run = train(model, problem.X_train, problem.y_train, SGD(0.1), epochs=EPOCHS)
    picture.update(model, run, EPOCHS)
    picture.live.png()
    texts = {text.get_text() for text in picture.live.canvas.figure.findobj(Text)}
    assert any("□" in text for text in texts)
    assert not any("糖" in text or "红" in text for text in texts)


def test_names_have_room():
    long = table(3).replace({f"kind {k}": f"{k}, a kind with a very long name indeed" for k in range(3)})
    picture = picture_of(prepare(long, "target"), SoftmaxRegression(4, 3), EPOCHS).picture
    assert all(len(label.get_text()) <= 14 for label in picture.ax.get_xticklabels())
    assert len({label.get_text() for label in picture.ax.get_xticklabels()}) == 3


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda p: FitPicture(LinearRegression(4), p.X_train, p.y_train, 5, 3), "held_out must be a pair"),
        (
            lambda p: FitPicture(LinearRegression(4), p.X_train, 1e200 * p.y_train, 5, (p.X_test, p.y_test)),
            "y must be small enough",
        ),
        (
            lambda p: FitPicture(LinearRegression(4), p.X_train, p.y_train, 0, (p.X_test, p.y_test)),
            "epochs must be",
        ),
        (
            lambda p: FitPicture(LinearRegression(4), p.X_train, p.y_train, 5, (p.X_test[:, :2], p.y_test)),
            "X must have shape",
        ),
    ],
)
def test_bad_arguments_are_named(call, words):
    with pytest.raises((TypeError, ValueError), match=words):
        call(problem_of())


# Scores. ---


def test_scores_agree_with_the_library():
    rng = np.random.RandomState(0)
    y, predicted = rng.standard_normal(40), rng.standard_normal(40)
    assert r2(y, predicted) == pytest.approx(r2_score(y, predicted), rel=1e-12)
    assert rmse(y, predicted) == pytest.approx(root_mean_squared_error(y, predicted), rel=1e-12)
    a, b = rng.randint(3, size=40), rng.randint(3, size=40)
    assert accuracy(a, b) == accuracy_score(a, b)


def test_classes_of_each_model():
    X = np.array([[-1.0], [1.0], [2.0]])
    params = {"w": np.array([1.0]), "b": np.array(-1.5)}
    for model in (LogisticRegression(1), LinearSVM(1)):
        assert predict_classes(model, params, X).tolist() == [0, 0, 1]
    params = {"W": np.array([[0.0, 1.0, 0.0]]), "b": np.array([0.0, -1.5, -9.0])}
    assert predict_classes(SoftmaxRegression(1, 3), params, X).tolist() == [0, 0, 1]
    assert encode(LinearSVM(1), np.array([0, 1])).tolist() == [-1, 1]
    assert encode(LogisticRegression(1), np.array([0, 1])).tolist() == [0, 1]
