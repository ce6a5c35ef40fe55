"""The six reference runs in PyTorch, eager and on the CPU, as its own tutorials write a training loop.

The same numbers of the same precision in the same order, so that the losses agree; autograd finds the
gradients.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import nn
from torch.nn import functional


def descend(module, loss_of, X, y, lr, epochs, batch_size=None, rng=None):
    """Return the loss on all rows after each epoch, the start first."""
    X, y = torch.from_numpy(X), torch.from_numpy(y)
    optimizer = torch.optim.SGD(module.parameters(), lr=lr)
    losses = [loss_of(module(X), y).item()]
    for _ in range(epochs):
        if batch_size is None:
            batches = [(X, y)]
        else:
            rows = torch.from_numpy(rng.permutation(len(y))).split(batch_size)
            batches = ((X[each], y[each]) for each in rows)
        for X_batch, y_batch in batches:
            optimizer.zero_grad()
            loss_of(module(X_batch), y_batch).backward()
            optimizer.step()
        with torch.no_grad():
            losses.append(loss_of(module(X), y).item())
    return np.array(losses)


def linear(n_features, n_outputs):
    layer = nn.Linear(n_features, n_outputs, dtype=torch.float64)
    nn.init.zeros_(layer.weight)
    nn.init.zeros_(layer.bias)
    return layer


def score(n_features):
    return nn.Sequential(linear(n_features, 1), nn.Flatten(0))


def linear_regression(X, y, lr, epochs):
    return descend(score(X.shape[1]), lambda z, y: functional.mse_loss(z, y) / 2, X, y, lr, epochs)


def logistic_regression(X, y, lr, epochs):
    loss_of = functional.binary_cross_entropy_with_logits
    return descend(score(X.shape[1]), loss_of, X, y.astype(float), lr, epochs)


def softmax_regression(X, y, lr, epochs):
    return descend(linear(X.shape[1], y.max() + 1), functional.cross_entropy, X, y, lr, epochs)


def neural_network(X, y, params, lr, epochs, batch_size, rng):
    d, h = params["W1"].shape
    network = nn.Sequential(linear(d, h), nn.ReLU(), linear(h, params["W2"].shape[1]))
    with torch.no_grad():
        network[0].weight.copy_(torch.from_numpy(params["W1"].T))
        network[2].weight.copy_(torch.from_numpy(params["W2"].T))
    return descend(network, functional.cross_entropy, X, y, lr, epochs, batch_size, rng)


def linear_svm(X, y, C, lr, epochs):
    module = score(X.shape[1])
    w = module[0].weight

    def loss_of(s, y):
        return 0.5 * (w * w).sum() + C * torch.clamp(1 - y * s, min=0).mean()

    return descend(module, loss_of, X, y, lr, epochs)


class Factors(nn.Module):
    """The rows of P and of Q for each pair."""

    def __init__(self, params):
        super().__init__()
        self.P = nn.Parameter(torch.from_numpy(params["P"].copy()))
        self.Q = nn.Parameter(torch.from_numpy(params["Q"].copy()))

    def forward(self, X):
        return self.P[X[:, 0]], self.Q[X[:, 1]]


def matrix_factorization(X, y, params, reg, lr, epochs, rng):
    def loss_of(rows, y):
        P, Q = rows
        return ((y - (P * Q).sum(1)) ** 2 + reg * ((P * P).sum(1) + (Q * Q).sum(1))).mean()

    return descend(Factors(params), loss_of, X, y, lr, epochs, 1, rng)
