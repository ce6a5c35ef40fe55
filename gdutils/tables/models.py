"""The models that fit a problem: how to begin with each, the labels it wants, the classes it predicts."""

import numpy as np

from gdutils.models import (
    LinearRegression,
    LinearSVM,
    LogisticRegression,
    NeuralNetwork,
    SoftmaxRegression,
)
from gdutils.optimizers import SGD, Adam
from gdutils.stability import round_down


def suited(problem):
    """Return the models that fit a problem, by name, each with an optimizer to begin with.

    Parameters
    ----------
    problem : Problem
        As `gdutils.tables.prepare` returns it.

    Returns
    -------
    dict of str to (model, optimizer)
        Linear regression for a number; for two classes logistic regression and the linear SVM; for any
        number of classes softmax regression and the neural network. The rate of plain descent is a quarter
        of the largest that is guaranteed to be stable.
    """
    d, n_classes = problem.X_train.shape[1], len(problem.labels)
    if problem.task == "regression":
        return {"linear regression": gently(LinearRegression(d), problem)}
    models = {}
    if n_classes == 2:
        models["logistic regression"] = gently(LogisticRegression(d), problem)
        models["linear SVM"] = LinearSVM(d, C=10.0), SGD(0.01)
    models["softmax regression"] = gently(SoftmaxRegression(d, n_classes), problem)
    models["neural network"] = NeuralNetwork(d, 16, n_classes), Adam(0.01)
    return models


def gently(model, problem):
    """Return a model with a quarter of the largest rate that is guaranteed to be stable, 2/λ."""
    return model, SGD(float(round_down(0.5 / model.curvature_bound(problem.X_train), 2)))


def encode(model, y):
    """Return the labels that a model wants for the classes 0, 1, …: the SVM takes −1 and +1."""
    return np.take(model.labels, y) if model.labels else y


def predict_classes(model, params, X):
    """Return the number of the class, from 0, that a model gives to each row, an array of shape (n,)."""
    predicted = model.predict(params, X)
    if predicted.ndim == 2:  # a probability per class
        return predicted.argmax(axis=1)
    return (predicted >= np.mean(model.labels)).astype(int)
