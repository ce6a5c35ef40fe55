"""How fast training is: side by side with what a user would write, or pick, instead.

    python -m benchmarks.training_speed [runs] [growth] [rows]

`runs` are the six reference runs: ours, a plain NumPy loop as textbooks print it (`benchmarks.textbook`),
PyTorch (`benchmarks.in_torch`), and scikit-learn where it trains the same. `growth` has more and more rows,
beside the bare matrix products of the formulas. `rows` are steps on single rows, beside scikit-learn's
compiled loop.

All that is compared takes turns. The least time of several counts: what else a machine does only adds to it.
"""

from __future__ import annotations

import argparse
import platform
import time
import tracemalloc
import warnings
from collections.abc import Callable, Iterator
from functools import partial
from importlib.metadata import version
from typing import Any

import numpy as np
import torch
from sklearn.datasets import make_blobs
from sklearn.linear_model import SGDClassifier, SGDRegressor
from sklearn.neural_network import MLPClassifier

from benchmarks import in_torch, textbook
from gdutils import models
from gdutils.checks import bare
from gdutils.datasets import make_line, make_ratings
from gdutils.optimizers import SGD
from gdutils.training import descend, minibatches, train

ROUNDS = 7
SIZES = (10**3, 10**4, 10**5, 10**6)
N_FEATURES, N_HIDDEN, N_CLASSES = 20, 32, 3


def least(rivals: dict[str, Callable[[], Any]], rounds: int = ROUNDS) -> dict[str, float]:
    """Return the least time of each, in seconds; they take turns."""
    times: dict[str, list[float]] = {name: [] for name in rivals}
    for _ in range(rounds):
        for name, run in rivals.items():
            start = time.perf_counter()
            run()
            times[name].append(time.perf_counter() - start)
    return {name: min(taken) for name, taken in times.items()}


def table(*columns: str) -> Callable[..., None]:
    """Begin a table; return what prints a row of it."""

    def row(*cells: Any) -> None:
        print("|", " | ".join(map(str, cells)), "|", flush=True)

    row(*columns)
    row(*["---"] * len(columns))
    return row


# The six reference runs. ---


def copy_of(rng: np.random.RandomState) -> np.random.RandomState:
    """Return another generator that goes on in the same way."""
    copy = np.random.RandomState()
    copy.set_state(rng.get_state())
    return copy


def blobs(n_samples: int, centers: int, std: float, rng: np.random.RandomState) -> tuple[Any, Any]:
    return make_blobs(n_samples, centers=centers, cluster_std=std, random_state=rng)


def mlp(hidden: tuple[int, ...], lr: float, epochs: int, batch_size: int, X: Any, y: Any) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it stops where it is told to, not converged
        MLPClassifier(
            hidden, solver="sgd", learning_rate_init=lr, momentum=0, alpha=0, batch_size=batch_size,
            max_iter=epochs, tol=0, n_iter_no_change=epochs, random_state=0,
        ).fit(X, y)  # fmt: skip


def reference_runs() -> Iterator[tuple[str, int, dict[str, Callable[[], Any]]]]:
    """Yield the name of each model, the steps of its run, and who trains it."""

    def rivals(name: str, model: Any, X: Any, y: Any, lr: float, epochs: int, rng: Any, **given: Any) -> Any:
        batch_size = 1 if name == "matrix_factorization" else given.get("batch_size")

        def other(module: Any) -> Any:
            drawn = copy_of(rng)
            start = {"params": model.init(drawn)} if batch_size else {}
            order = {"rng": drawn} if batch_size else {}
            return getattr(module, name)(X, y, lr=lr, epochs=epochs, **start, **given, **order)

        def ours() -> Any:
            state = copy_of(rng) if batch_size else rng  # of which a full batch draws nothing
            settings = {"epochs": epochs, "batch_size": batch_size, "random_state": state}
            return train(model, X, y, SGD(lr), **settings).losses

        steps = epochs * -(-len(y) // (batch_size or len(y)))
        others = {"NumPy": partial(other, textbook), "PyTorch": partial(other, in_torch)}
        return name, steps, {"ours": ours} | others

    rng = np.random.RandomState(0)
    X, y = make_line(random_state=rng)
    yield rivals("linear_regression", models.LinearRegression(1), X, y, 0.05, 200, rng)

    rng = np.random.RandomState(1)
    X, y = blobs(300, 2, 1.2, rng)
    yield rivals("logistic_regression", models.LogisticRegression(2), X, y, 0.2, 300, rng)

    rng = np.random.RandomState(2)
    X, y = blobs(450, 3, 1.5, rng)
    name, steps, who = rivals("softmax_regression", models.SoftmaxRegression(2, 3), X, y, 0.2, 300, rng)
    yield name, steps, who | {"scikit-learn": partial(mlp, (), 0.2, 300, 450, X, y)}

    rng = np.random.RandomState(3)
    X, y = blobs(450, 3, 1.5, rng)
    network = models.NeuralNetwork(2, 32, 3)
    name, steps, who = rivals("neural_network", network, X, y, 0.05, 200, rng, batch_size=64)
    yield name, steps, who | {"scikit-learn": partial(mlp, (32,), 0.05, 200, 64, X, y)}

    rng = np.random.RandomState(4)
    X, y = blobs(300, 2, 1.2, rng)
    yield rivals("linear_svm", models.LinearSVM(2), X, 2 * y - 1, 0.01, 500, rng, C=1.0)

    rng = np.random.RandomState(5)
    R, ratings, _ = make_ratings(random_state=rng)
    factors = models.MatrixFactorization(30, 25, 4, 0.1)
    yield rivals("matrix_factorization", factors, R, ratings, 0.01, 80, rng, reg=0.1)


def runs() -> None:
    """Print the table of the reference runs."""
    others = ("NumPy", "PyTorch", "scikit-learn")
    row = table("run", "steps", "ours, ms", "µs a step", *[f"{other} ÷ ours" for other in others])
    for name, steps, who in reference_runs():
        ours = who["ours"]()
        for other in others[:2]:  # or it is not the same training
            np.testing.assert_allclose(who[other](), ours, rtol=1e-6)
        taken = least(who)
        mine = taken["ours"]
        ratios = [f"{taken[other] / mine:.2f}" if other in taken else "–" for other in others]
        row(name.replace("_", " "), f"{steps:,}", f"{1e3 * mine:.1f}", f"{1e6 * mine / steps:.1f}", *ratios)


# Growth. ---


def growing(n: int) -> Iterator[tuple[str, Any, Any, Any, Callable[[int], None]]]:
    """Yield name, model and data of n rows, and what does the bare matrix products of an epoch."""
    rng = np.random.RandomState(0)
    X, w = rng.standard_normal((n, N_FEATURES)), rng.standard_normal(N_FEATURES)
    W, W1 = rng.standard_normal((N_FEATURES, N_CLASSES)), rng.standard_normal((N_FEATURES, N_HIDDEN))
    W2, A = rng.standard_normal((N_HIDDEN, N_CLASSES)), rng.standard_normal((n, N_HIDDEN))
    z = X @ w + rng.standard_normal(n)
    error, errors = rng.standard_normal(n), rng.standard_normal((n, N_CLASSES))

    def of_scores(weights: Any, error: Any, batch_size: int) -> None:
        X @ weights  # the loss
        for start in range(0, n, batch_size):
            rows = slice(start, start + batch_size)
            X[rows] @ weights
            X[rows].T @ error[rows]

    def of_network(batch_size: int) -> None:
        X @ W1
        A @ W2
        for start in range(0, n, batch_size):
            rows = slice(start, start + batch_size)
            X[rows] @ W1
            A[rows] @ W2
            A[rows].T @ errors[rows]
            errors[rows] @ W2.T
            X[rows].T @ A[rows]

    y = rng.randint(N_CLASSES, size=n)
    for_one, for_each = partial(of_scores, w, error), partial(of_scores, W, errors)
    yield "linear", models.LinearRegression(N_FEATURES), X, z, for_one
    yield "logistic", models.LogisticRegression(N_FEATURES), X, (z > 0).astype(int), for_one
    yield "softmax", models.SoftmaxRegression(N_FEATURES, N_CLASSES), X, y, for_each
    yield "network", models.NeuralNetwork(N_FEATURES, N_HIDDEN, N_CLASSES), X, y, of_network
    yield "SVM", models.LinearSVM(N_FEATURES), X, np.where(z > 0, 1, -1), for_one


def growth() -> None:
    """Print the table of growing numbers of rows."""
    row = table("model", "batch size", "rows", "an epoch, ms", "÷ products", "peak memory ÷ data")
    for batch_size in (None, 256):
        for n in SIZES:
            for name, model, X, y, products in growing(n):
                epochs = descend(model, X, y, SGD(1e-3), epochs=10**9, batch_size=batch_size)
                next(epochs)
                who = {"ours": partial(next, epochs), "products": partial(products, batch_size or n)}
                taken = least(who, rounds=max(5, 10**5 // n))
                tracemalloc.start()
                next(epochs)
                peak = tracemalloc.get_traced_memory()[1]
                tracemalloc.stop()
                row(
                    name, batch_size or "full", f"{n:,}", f"{1e3 * taken['ours']:.3g}",
                    f"{taken['ours'] / taken['products']:.2f}", f"{peak / X.nbytes:.2f}",
                )  # fmt: skip


# Single rows. ---


def single_rows() -> None:
    """Print what a step on one row takes, and where the time goes."""
    rng = np.random.RandomState(0)
    n, epochs = 1_000, 5
    X = rng.standard_normal((n, N_FEATURES))
    z = X @ rng.standard_normal(N_FEATURES)
    labels = (z > 0).astype(int)
    fixed = {"learning_rate": "constant", "eta0": 1e-3, "max_iter": epochs, "tol": None, "random_state": 0}
    theirs = {
        "linear": SGDRegressor(penalty=None, **fixed),
        "logistic": SGDClassifier(loss="log_loss", penalty=None, **fixed),
        "SVM": SGDClassifier(loss="hinge", alpha=1, **fixed),
    }
    R, ratings, _ = make_ratings(random_state=5)
    problems = [
        ("linear", models.LinearRegression(N_FEATURES), X, z),
        ("logistic", models.LogisticRegression(N_FEATURES), X, labels),
        ("softmax", models.SoftmaxRegression(N_FEATURES, N_CLASSES), X, rng.randint(N_CLASSES, size=n)),
        ("network", models.NeuralNetwork(N_FEATURES, N_HIDDEN, N_CLASSES), X, labels),
        ("SVM", models.LinearSVM(N_FEATURES), X, 2 * labels - 1),
        ("matrix factorization", models.MatrixFactorization(30, 25, 4, 0.1), R, ratings),
    ]
    row = table("model", "a step, µs", "its batch", "gradient", "optimizer", "all else", "scikit-learn, µs")
    for name, model, X, y in problems:
        optimizer, params, n = SGD(1e-3), model.init(rng), len(y)
        x1, y1 = X[:1], model.check(params, X, y)[2][:1]
        gradient, slopes = bare(model.gradient), model.gradient(params, x1, y1)
        who = {
            "step": partial(train, model, X, y, optimizer, epochs=epochs, batch_size=1),
            "batch": lambda X=X, y=y: list(minibatches(X, y, 1, rng)),
            "gradient": partial(repeat, n, gradient, params, x1, y1),
            "optimizer": partial(repeat, n, update, optimizer, params, slopes),
        }
        if name in theirs:
            who["scikit-learn"] = partial(theirs[name].fit, X, y)
        micro = {each: 1e6 * taken / n for each, taken in least(who).items()}
        step, parts = micro["step"] / epochs, [micro[part] for part in ("batch", "gradient", "optimizer")]
        other = f"{micro['scikit-learn'] / epochs:.2f}" if name in theirs else "–"
        row(name, *[f"{part:.1f}" for part in (step, *parts, step - sum(parts))], other)


def update(optimizer: Any, params: Any, slopes: Any) -> None:
    for name, theta in params.items():
        optimizer.step(theta, slopes[name], ())


def repeat(times: int, function: Callable[..., Any], *args: Any) -> None:
    for _ in range(times):
        function(*args)


def main() -> None:
    """Print the tables that are asked for."""
    tables = {"runs": runs, "growth": growth, "rows": single_rows}
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("tables", nargs="*", default=list(tables), help=f"some of {', '.join(tables)}")
    torch.set_num_threads(1)  # as NumPy here; more are slower on so little data
    for name in parser.parse_args().tables:
        tables[name]()
        print()
    packages = ", ".join(f"{name} {version(name)}" for name in ("numpy", "scipy", "scikit-learn", "torch"))
    print(f"{platform.system()} {platform.machine()}; Python {platform.python_version()}, {packages}")


if __name__ == "__main__":
    main()
