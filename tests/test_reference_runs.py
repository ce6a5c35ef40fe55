"""The reference runs: with its default settings, every lesson's run gives these numbers."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest
from sklearn.datasets import make_blobs

from gdutils import models
from gdutils.datasets import make_line, make_ratings
from gdutils.optimizers import SGD
from gdutils.training import train


@dataclass(frozen=True)
class Reference:
    """A run and what it gives: the loss after some epochs, and parameters and accuracy at the end.

    Data, start and order of the rows are drawn from one generator, in this order.
    """

    model: Any
    data: Any
    seed: int
    lr: float
    epochs: int
    losses: dict[int, float]
    batch_size: int | None = None
    params: dict[str, Any] = field(default_factory=dict)
    accuracy: float | None = None


def blobs(n_samples, centers, cluster_std):
    return lambda rng: make_blobs(n_samples, centers=centers, cluster_std=cluster_std, random_state=rng)


def signed_blobs(rng):
    X, y = blobs(300, 2, 1.2)(rng)
    return X, 2 * y - 1


REFERENCES = {
    "LinearRegression": Reference(
        model=models.LinearRegression(n_features=1),
        data=lambda rng: make_line(random_state=rng),
        seed=0,
        lr=0.05,
        epochs=200,
        losses={
            0: 6.2151807562,
            1: 4.5516600933,
            2: 3.3534680739,
            10: 0.487913007,
            50: 0.2550760333,
            100: 0.2548911439,
            199: 0.2548900454,
        },
        params={"w": [1.9782071772], "b": -0.2503538789},
    ),
    "LogisticRegression": Reference(
        model=models.LogisticRegression(n_features=2),
        data=blobs(300, 2, 1.2),
        seed=1,
        lr=0.2,
        epochs=300,
        losses={
            0: 0.6931471806,
            1: 0.1516767843,
            2: 0.0976850215,
            10: 0.0302584755,
            50: 0.0091797389,
            100: 0.0054401485,
            299: 0.0023739787,
        },
        params={"w": [-0.3590830645, -1.6866304509], "b": -0.3231151608},
        accuracy=1.0,
    ),
    "SoftmaxRegression": Reference(
        model=models.SoftmaxRegression(n_features=2, n_classes=3),
        data=blobs(450, 3, 1.5),
        seed=2,
        lr=0.2,
        epochs=300,
        losses={
            0: 1.0986122887,
            1: 1.0617211589,
            2: 0.8892126477,
            10: 0.6647606366,
            50: 0.4714164977,
            100: 0.4029971675,
            299: 0.3136679,
        },
        params={
            "W": [[-0.1525016409, 0.6902189447, -0.5377173039], [-0.687317031, 0.5686781542, 0.1186388768]],
            "b": [-3.2474427702, 2.3258183767, 0.9216243935],
        },
        accuracy=0.8844444444,
    ),
    "NeuralNetwork": Reference(
        model=models.NeuralNetwork(n_features=2, n_hidden=32, n_classes=3),
        data=blobs(450, 3, 1.5),
        seed=3,
        lr=0.05,
        batch_size=64,
        epochs=200,
        losses={
            1: 0.2633001094,
            2: 0.2994782518,
            5: 0.5517612141,
            10: 0.3457335806,
            50: 0.1114491757,
            100: 0.0922151008,
            200: 3.3372132071,
        },
        accuracy=0.6577777778,
    ),
    "LinearSVM": Reference(
        model=models.LinearSVM(n_features=2, C=1.0),
        data=signed_blobs,
        seed=4,
        lr=0.01,
        epochs=500,
        losses={
            0: 1.0,
            1: 0.9709457957,
            2: 0.94246977,
            10: 0.7394620892,
            50: 0.4732173527,
            100: 0.4629592268,
            499: 0.4586427638,
        },
        params={"w": [-0.1186090972, 0.5011040307], "b": -0.1649333333},
        accuracy=0.92,
    ),
}


def right(prediction, y):
    """Return which rows are in the right class, of probabilities or of scores."""
    if prediction.ndim == 2:
        return prediction.argmax(axis=1) == y
    return (prediction > 0) == (y > 0) if y.min() < 0 else (prediction > 0.5) == y


@pytest.mark.parametrize("reference", REFERENCES.values(), ids=REFERENCES)
def test_default_settings_give_the_reference_run(reference):
    rng = np.random.RandomState(reference.seed)
    X, y = reference.data(rng)
    settings = {"epochs": reference.epochs, "batch_size": reference.batch_size, "random_state": rng}
    run = train(reference.model, X, y, SGD(reference.lr), **settings)
    assert len(run.losses) == reference.epochs + 1
    for epoch, loss in reference.losses.items():
        assert run.losses[epoch] == pytest.approx(loss, rel=1e-6), f"the loss after epoch {epoch}"
    for name, value in reference.params.items():
        np.testing.assert_allclose(run.params[name], value, rtol=1e-6, err_msg=name)
    if reference.accuracy is not None:
        accuracy = np.mean(right(reference.model.predict(run.params, X), y))
        assert accuracy == pytest.approx(reference.accuracy, rel=1e-9)


def test_matrix_factorization_gives_the_reference_run():
    """The order of the ratings is its own, so the figures agree to 5 percent, not to the digit."""
    rng = np.random.RandomState(5)
    X, y, truth = make_ratings(random_state=rng)
    assert len(y) == 301
    model = models.MatrixFactorization(n_users=30, n_items=25, rank=4, reg=0.1)
    run = train(model, X, y, SGD(0.01), epochs=80, batch_size=1, random_state=rng)
    P, Q = run.params["P"], run.params["Q"]
    hidden = np.ones(truth.shape, dtype=bool)
    hidden[X[:, 0], X[:, 1]] = False
    observed_rmse = np.sqrt(np.mean((model.predict(run.params, X) - y) ** 2))
    hidden_rmse = np.sqrt(np.mean((P @ Q.T - truth)[hidden] ** 2))
    assert observed_rmse == pytest.approx(0.4246576773, rel=0.05)
    assert hidden_rmse == pytest.approx(1.0514004629, rel=0.05)
    # The curve that is often plotted rises while the fit improves: it is not what the steps descend.
    curve = {1: 4.318098, 10: 6.829562, 40: 15.442142, 80: 16.752184}
    for epoch, value in curve.items():
        P, Q = run.path[epoch]["P"], run.path[epoch]["Q"]
        error = model.predict(run.path[epoch], X) - y
        plotted = np.mean(error**2) + 0.1 * (np.sum(P**2) + np.sum(Q**2))
        assert plotted == pytest.approx(value, rel=0.05)
    assert run.losses[-1] < run.losses[0]


def test_every_model_has_its_reference_run():
    assert {*REFERENCES, "MatrixFactorization"} == set(models.__all__)
