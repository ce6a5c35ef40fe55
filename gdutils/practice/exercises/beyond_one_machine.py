"""The exercises of lesson 14: the scale of all rows, and a penalized descent, from what parts can send."""

import numpy as np

from gdutils.practice.checker import exercise

rng = np.random.RandomState(0)
X = rng.standard_normal((12, 2)) * [1, 3] + np.arange(12)[:, np.newaxis] / 2
PARTS = [(X[:7], X[:7, 0] - 1), (X[7:9], X[7:9, 1]), (X[9:], 2 - X[9:, 0])]
SUMMARIES = [(len(rows), rows.mean(axis=0), rows.std(axis=0)) for rows, _ in PARTS]


@exercise((SUMMARIES,))
def scale_of_parts(summaries, weights=lambda n: n, between=1, root=np.sqrt, within=lambda std: std**2):
    """Return mean and standard deviation of all rows; the other arguments make the mistakes."""
    n, means, stds = map(np.array, zip(*summaries, strict=True))
    mean = np.average(means, axis=0, weights=weights(n))
    spread = within(stds) + between * (means - mean) ** 2
    return {"mean": mean, "std": root(np.average(spread, axis=0, weights=weights(n)))}


scale_of_parts.mistakes = {
    "Weight each part by its number of rows.": {"weights": np.ones_like},
    "Variances can be averaged, standard deviations cannot. And the means of the parts differ.": {
        "within": lambda std: std, "between": 0, "root": lambda spread: spread,
    },
    "The means of the parts differ, and that spreads the rows, too.": {"between": 0},
    "That is the variance. Take its root.": {"root": lambda variance: variance},
}  # fmt: skip


@exercise((PARTS, 0.02, 0.5, 3))
def ridge_in_parts(parts, lr, lam, steps, weights=len, in_gradient=1, in_loss=1):
    """Return the losses of a ridge regression without intercept; the other arguments make the mistakes."""
    w, losses = np.zeros(parts[0][0].shape[1]), []
    rows = [weights(y) for _, y in parts]
    for _ in range(steps + 1):
        errors = [X @ w - y for X, y in parts]
        loss = np.average([np.mean(error**2) / 2 for error in errors], weights=rows)
        losses.append(loss + in_loss * lam / 2 * w @ w)
        gradients = [X.T @ error / len(y) for (X, y), error in zip(parts, errors, strict=True)]
        w = w - lr * (np.average(gradients, axis=0, weights=rows) + in_gradient * lam * w)
    return losses


ridge_in_parts.mistakes = {
    "Weight each part by its number of rows.": {"weights": lambda y: 1},
    "The penalty belongs in the gradient, too.": {"in_gradient": 0},
    "The penalty belongs in the losses, too.": {"in_loss": 0},
    "Count the penalty once, not once per part.": {"in_gradient": len(PARTS), "in_loss": len(PARTS)},
    "One value is missing: return the loss before the first step, too.": lambda *arguments: ridge_in_parts(
        *arguments
    )[1:],
}
