"""How fast training is: the six reference runs beside a plain NumPy loop, as textbooks print it.

    python -m benchmarks.training_speed

The two take turns, and the least time of several rounds counts: what else a machine does only adds to it.
Their losses agree after every epoch, or the benchmark fails.
"""

import os
import platform
import time
from functools import partial
from importlib.metadata import version

import numpy as np
from sklearn.datasets import make_blobs

from benchmarks import textbook
from gdutils import models
from gdutils.datasets import make_line, make_ratings
from gdutils.optimizers import SGD
from gdutils.training import train

ROUNDS = 30


def reference_runs():
    """Yield name, model, X, y, generator, the settings of both, and those of one of them alone."""
    rng = np.random.RandomState(0)
    X, y = make_line(random_state=rng)
    yield "linear regression", models.LinearRegression(1), X, y, rng, {"lr": 0.05, "epochs": 200}, {}

    rng = np.random.RandomState(1)
    X, y = make_blobs(300, centers=2, cluster_std=1.2, random_state=rng)
    yield "logistic regression", models.LogisticRegression(2), X, y, rng, {"lr": 0.2, "epochs": 300}, {}

    rng = np.random.RandomState(2)
    X, y = make_blobs(450, centers=3, cluster_std=1.5, random_state=rng)
    yield "softmax regression", models.SoftmaxRegression(2, 3), X, y, rng, {"lr": 0.2, "epochs": 300}, {}

    rng = np.random.RandomState(3)
    X, y = make_blobs(450, centers=3, cluster_std=1.5, random_state=rng)
    settings = {"lr": 0.05, "epochs": 200, "batch_size": 64}
    yield "neural network", models.NeuralNetwork(2, 32, 3), X, y, rng, settings, {}

    rng = np.random.RandomState(4)
    X, y = make_blobs(300, centers=2, cluster_std=1.2, random_state=rng)
    settings = {"lr": 0.01, "epochs": 500}
    yield "linear SVM", models.LinearSVM(2, C=1.0), X, 2 * y - 1, rng, settings, {"C": 1.0}

    rng = np.random.RandomState(5)
    X, y, _ = make_ratings(random_state=rng)
    settings = {"lr": 0.01, "epochs": 80, "batch_size": 1}
    yield (
        "matrix factorization",
        models.MatrixFactorization(30, 25, 4, 0.1),
        X,
        y,
        rng,
        settings,
        {"reg": 0.1},
    )


def machine(*packages):
    """Name what the figures hold for."""
    versions = ", ".join(f"{name} {version(name)}" for name in packages)
    load = f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"
    return f"{platform.system()} {platform.machine()}, {load}; Python {platform.python_version()}, {versions}"


def copy_of(rng):
    """Return another generator that goes on in the same way."""
    copy = np.random.RandomState()
    copy.set_state(rng.get_state())
    return copy


def ours(model, X, y, rng, *, lr, epochs, batch_size=None):
    """Train with the package, and return the losses."""
    run = train(model, X, y, SGD(lr), epochs=epochs, batch_size=batch_size, random_state=copy_of(rng))
    return run.losses


def plain(loop, model, X, y, rng, *, batch_size=None, **settings):
    """Train with a loop of the textbook, and return the losses; batches begin at the model's start."""
    if batch_size is not None:
        rng = copy_of(rng)
        settings |= {"params": model.init(rng), "rng": rng, "batch_size": batch_size}
    return loop(X, y, **settings)


def least(rivals, rounds=ROUNDS):
    """Return the least time of each, in seconds; they take turns."""
    times = {name: [] for name in rivals}
    for _ in range(rounds):
        for name, run in rivals.items():
            start = time.perf_counter()
            run()
            times[name].append(time.perf_counter() - start)
    return {name: min(taken) for name, taken in times.items()}


def main():
    """Print the table."""
    print("| run | steps | gdutils, ms | µs per step | plain loop, ms | gdutils ÷ plain |")
    print("| --- | --- | --- | --- | --- | --- |")
    for name, model, X, y, rng, settings, own in reference_runs():
        loop = getattr(textbook, name.lower().replace(" ", "_"))
        rivals = {
            "ours": partial(ours, model, X, y, rng, **settings),
            "plain": partial(plain, loop, model, X, y, rng, **settings, **own),
        }
        np.testing.assert_allclose(rivals["plain"](), rivals["ours"](), rtol=1e-6)
        taken = least(rivals)
        steps = settings["epochs"] * -(-len(y) // settings.get("batch_size", len(y)))
        mine, theirs = 1e3 * taken["ours"], 1e3 * taken["plain"]
        times = f"{mine:.1f} | {1e3 * mine / steps:.1f} | {theirs:.1f} | {mine / theirs:.2f}"
        print(f"| {name} | {steps:,} | {times} |", flush=True)
    print(f"\n{machine('numpy', 'scipy', 'scikit-learn')}")


if __name__ == "__main__":
    main()
