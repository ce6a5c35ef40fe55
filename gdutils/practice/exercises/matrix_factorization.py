"""The exercises of lesson 10: one step for one rating, and the loop for row and column biases."""

import numpy as np

from gdutils.practice.checker import exercise, wrong_rate

PAIRS = np.array([[0, 0], [0, 3], [1, 1], [1, 2], [2, 0], [2, 2], [2, 3]])


@exercise((np.array([1.0, -0.5, 2.0]), np.array([0.5, 1.5, -1.0]), 1.2, 0.1, 0.3))
def rating_step(p, q, rating, lr, reg):
    """Return p and q after a step on (p·q − R)² + λ(‖p‖² + ‖q‖²)."""
    error = p @ q - rating
    return np.array([p - 2 * lr * (error * q + reg * p), q - 2 * lr * (error * p + reg * q)])


rating_step.mistakes = wrong_rate(0.1) | {
    "q was stepped with the new p. Use the old p for both.": lambda p, q, *others: np.array(
        [new := rating_step(p, q, *others)[0], rating_step(new, q, *others)[1]]
    ),
    "Where is the penalty? It pulls p and q toward zero.": {"reg": 0},
}


@exercise((PAIRS, np.array([1.5, -0.5, 2.0, 1.0, -1.0, 0.5, 2.5]), 0.1, 0.3, 3, 5, 0))
def bias_losses(X, y, lr, reg, batch_size, epochs, seed, mean=True, late=False, shuffle=True):
    """Return the mean of e² + λ(b² + c²) for the predictions b_i + c_j, at zeros and after each epoch."""
    b, c, rng, losses = np.zeros(3), np.zeros(4), np.random.RandomState(seed), []
    for _ in range(epochs + 1):
        i, j = X.T
        losses.append(np.mean((b[i] + c[j] - y) ** 2 + reg * (b[i] ** 2 + c[j] ** 2)))
        order = rng.permutation(len(y)) if shuffle else np.arange(len(y))
        for rows in np.split(order, range(batch_size, len(y), batch_size)):
            (i, j), rate = X[rows].T, 2 * lr / (len(rows) if mean else 1)
            error = b[i] + c[j] - y[rows]
            np.add.at(b, i, -rate * (error + reg * b[i]))
            np.add.at(c, j, -rate * ((b[i] + c[j] - y[rows] if late else error) + reg * c[j]))
    return np.array(losses)


bias_losses.mistakes = wrong_rate(0.1) | {
    "Each step is a mean over its batch. Is the 1/n of the batch missing?": {"mean": False},
    "Compute both gradients first: c was stepped with the new b.": {"late": True},
    "Shuffle: rng.permutation(len(y)), once per epoch.": {"shuffle": False},
}
