"""With its default settings, every lesson's run gives the numbers in reference/reference_runs.json."""

import json
from pathlib import Path

import numpy as np
import pytest
from sklearn.datasets import make_blobs

from gdutils import models
from gdutils.datasets import make_line, make_ratings
from gdutils.optimizers import SGD
from gdutils.training import train

REFERENCES = json.loads((Path(__file__).parent / "reference" / "reference_runs.json").read_text())


def blobs(rng, n_samples, centers, cluster_std, signed=False):
    X, y = make_blobs(n_samples, centers=centers, cluster_std=cluster_std, random_state=rng)
    return X, 2 * y - 1 if signed else y


# Seed, model, data, learning rate, batch size, epochs. Data, start and order of the rows are drawn from one
# generator, in this order.
RUNS = [
    (0, models.LinearRegression(1), lambda rng: make_line(random_state=rng), 0.05, None, 200),
    (1, models.LogisticRegression(2), lambda rng: blobs(rng, 300, 2, 1.2), 0.2, None, 300),
    (2, models.SoftmaxRegression(2, 3), lambda rng: blobs(rng, 450, 3, 1.5), 0.2, None, 300),
    (3, models.NeuralNetwork(2, 32, 3), lambda rng: blobs(rng, 450, 3, 1.5), 0.05, 64, 200),
    (4, models.LinearSVM(2, C=1.0), lambda rng: blobs(rng, 300, 2, 1.2, signed=True), 0.01, None, 500),
]


def right(prediction, y):
    """Return which rows are in the right class, of probabilities or of scores."""
    if prediction.ndim == 2:
        return prediction.argmax(axis=1) == y
    return (prediction > 0) == (y > 0) if y.min() < 0 else (prediction > 0.5) == y


@pytest.mark.parametrize(("seed", "model", "data", "lr", "batch_size", "epochs"), RUNS)
def test_default_settings_give_the_reference_run(seed, model, data, lr, batch_size, epochs):
    reference, rng = REFERENCES[type(model).__name__], np.random.RandomState(seed)
    X, y = data(rng)
    run = train(model, X, y, SGD(lr), epochs=epochs, batch_size=batch_size, random_state=rng)
    losses = {epoch: run.losses[int(epoch)] for epoch in reference["losses"]}
    assert losses == pytest.approx(reference["losses"], rel=1e-6)
    for name, value in reference["params"].items():
        np.testing.assert_allclose(run.params[name], value, rtol=1e-6, err_msg=name)
    if reference["accuracy"] is not None:
        accuracy = np.mean(right(model.predict(run.params, X), y))
        assert accuracy == pytest.approx(reference["accuracy"], rel=1e-9)


def test_matrix_factorization_gives_the_reference_run():
    """The order of the ratings is its own, so the figures agree to 5 percent, not to the digit."""
    reference, rng = REFERENCES["MatrixFactorization"], np.random.RandomState(5)
    X, y, truth = make_ratings(random_state=rng)
    assert len(y) == 301
    model = models.MatrixFactorization(n_users=30, n_items=25, rank=4, reg=0.1)
    run = train(model, X, y, SGD(0.01), epochs=80, batch_size=1, random_state=rng)
    assert run.losses[-1] < run.losses[0]
    hidden = np.ones(truth.shape, dtype=bool)
    hidden[X[:, 0], X[:, 1]] = False
    error = (run.params["P"] @ run.params["Q"].T - truth)[hidden]
    assert np.sqrt(np.mean(error**2)) == pytest.approx(reference["rmse_hidden"], rel=0.05)
    # The curve that is often plotted rises while the fit improves: it is not what the steps descend.
    errors = [model.predict(params, X) - y for params in run.path]
    assert np.sqrt(np.mean(errors[-1] ** 2)) == pytest.approx(reference["rmse_observed"], rel=0.05)
    for epoch, value in reference["plotted_curve"].items():
        P, Q = run.path[int(epoch)].values()
        plotted = np.mean(errors[int(epoch)] ** 2) + 0.1 * (np.sum(P**2) + np.sum(Q**2))
        assert plotted == pytest.approx(value, rel=0.05)
