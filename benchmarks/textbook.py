"""The six reference runs as plain NumPy loops, the way a textbook prints them: what ours is measured against.

Each takes the data, starting parameters where they are drawn, the settings, and a generator for the order of
the rows; each returns the loss on all rows after each epoch, the start first, as our runs do. Nothing is
checked, nothing is kept, and one function knows one model and one optimizer.
"""

import numpy as np


def linear_regression(X, y, lr, epochs):
    n, d = X.shape
    w, b = np.zeros(d), 0.0
    losses = [np.mean((X @ w + b - y) ** 2) / 2]
    for _ in range(epochs):
        error = X @ w + b - y
        w = w - lr * X.T @ error / n
        b = b - lr * np.mean(error)
        losses.append(np.mean((X @ w + b - y) ** 2) / 2)
    return np.array(losses)


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def cross_entropy(p, y):
    return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))


def logistic_regression(X, y, lr, epochs):
    n, d = X.shape
    w, b = np.zeros(d), 0.0
    losses = [cross_entropy(sigmoid(X @ w + b), y)]
    for _ in range(epochs):
        error = sigmoid(X @ w + b) - y
        w = w - lr * X.T @ error / n
        b = b - lr * np.mean(error)
        losses.append(cross_entropy(sigmoid(X @ w + b), y))
    return np.array(losses)


def softmax(Z):
    exp = np.exp(Z - Z.max(axis=1, keepdims=True))
    return exp / exp.sum(axis=1, keepdims=True)


def categorical_cross_entropy(P, Y):
    return -np.mean(np.sum(Y * np.log(P), axis=1))


def softmax_regression(X, y, lr, epochs):
    n, d = X.shape
    Y = np.eye(y.max() + 1)[y]
    W, b = np.zeros((d, Y.shape[1])), np.zeros(Y.shape[1])
    losses = [categorical_cross_entropy(softmax(X @ W + b), Y)]
    for _ in range(epochs):
        dZ = (softmax(X @ W + b) - Y) / n
        W = W - lr * X.T @ dZ
        b = b - lr * np.sum(dZ, axis=0)
        losses.append(categorical_cross_entropy(softmax(X @ W + b), Y))
    return np.array(losses)


def forward(X, W1, b1, W2, b2):
    Z1 = X @ W1 + b1
    A1 = np.maximum(0, Z1)
    return Z1, A1, softmax(A1 @ W2 + b2)


def neural_network(X, y, params, lr, epochs, batch_size, rng):
    n = len(X)
    Y = np.eye(y.max() + 1)[y]
    W1, b1, W2, b2 = params["W1"], params["b1"], params["W2"], params["b2"]
    losses = [categorical_cross_entropy(forward(X, W1, b1, W2, b2)[-1], Y)]
    for _ in range(epochs):
        order = rng.permutation(n)
        for start in range(0, n, batch_size):
            rows = order[start : start + batch_size]
            X_batch, Y_batch = X[rows], Y[rows]
            Z1, A1, P = forward(X_batch, W1, b1, W2, b2)
            dZ2 = (P - Y_batch) / len(rows)
            dW2, db2 = A1.T @ dZ2, np.sum(dZ2, axis=0)
            dZ1 = dZ2 @ W2.T * (Z1 > 0)
            dW1, db1 = X_batch.T @ dZ1, np.sum(dZ1, axis=0)
            W1, b1 = W1 - lr * dW1, b1 - lr * db1
            W2, b2 = W2 - lr * dW2, b2 - lr * db2
        losses.append(categorical_cross_entropy(forward(X, W1, b1, W2, b2)[-1], Y))
    return np.array(losses)


def svm_loss(w, b, X, y, C):
    return 0.5 * np.dot(w, w) + C * np.mean(np.maximum(0, 1 - y * (X @ w + b)))


def linear_svm(X, y, C, lr, epochs):
    n, d = X.shape
    w, b = np.zeros(d), 0.0
    losses = [svm_loss(w, b, X, y, C)]
    for _ in range(epochs):
        violated = y * (X @ w + b) < 1
        dw = w - C * X[violated].T @ y[violated] / n
        db = -C * np.sum(y[violated]) / n
        w, b = w - lr * dw, b - lr * db
        losses.append(svm_loss(w, b, X, y, C))
    return np.array(losses)


def factorization_loss(P, Q, X, y, reg):
    users, items = X.T
    error = y - np.sum(P[users] * Q[items], axis=1)
    return np.mean(error**2 + reg * (np.sum(P[users] ** 2, axis=1) + np.sum(Q[items] ** 2, axis=1)))


def matrix_factorization(X, y, params, reg, lr, epochs, batch_size, rng):
    P, Q = params["P"].copy(), params["Q"].copy()
    losses = [factorization_loss(P, Q, X, y, reg)]
    for _ in range(epochs):
        for k in rng.permutation(len(y)):
            i, j = X[k]
            error = y[k] - P[i] @ Q[j]
            old = P[i].copy()
            P[i] += lr * 2 * (error * Q[j] - reg * P[i])
            Q[j] += lr * 2 * (error * old - reg * Q[j])
        losses.append(factorization_loss(P, Q, X, y, reg))
    return np.array(losses)
