"""The models that fit a problem: how to begin with each, the labels it wants, and the classes it predicts."""

from dataclasses import fields

import ipywidgets as widgets
import numpy as np

from gdutils.models import (
    LinearRegression,
    LinearSVM,
    LogisticRegression,
    NeuralNetwork,
    SoftmaxRegression,
)
from gdutils.optimizers import SGD, Adam
from gdutils.tables.preparing import check_problem

__all__ = ["encode", "predict_classes", "sliders", "suited"]

SLIDERS = {  # by the name of a setting: what makes its slider
    "n_hidden": lambda: widgets.IntSlider(min=1, max=64, description="hidden units"),
    "C": lambda: widgets.FloatLogSlider(min=-2, max=2, step=0.1, description="C"),
    "rank": lambda: widgets.IntSlider(min=1, max=20, description="rank"),
    "reg": lambda: widgets.FloatSlider(min=0, max=1, step=0.01, description="penalty λ"),
}


def suited(problem):
    """Return the models that fit a problem, by name, each with an optimizer to begin with.

    Linear regression predicts a number. Logistic regression and the SVM tell two classes apart, softmax
    regression and the network any number of them. Where a model knows which learning rates are stable, the
    optimizer's is one of them.

    Parameters
    ----------
    problem : Problem
        As `prepare` returns it.

    Returns
    -------
    dict of str to (model, optimizer)

    Raises
    ------
    TypeError
        If it is no problem.
    """
    check_problem(problem)
    X, d, K = problem.X_train, len(problem.features), len(problem.labels)
    if problem.task == "regression":
        linear = LinearRegression(d)
        return {"linear regression": (linear, SGD(quarter(linear.curvature(X))))}
    softmax, logistic = SoftmaxRegression(d, K), LogisticRegression(d)
    of_two = {
        "logistic regression": (logistic, SGD(quarter(logistic.curvature_bound(X)))),
        "linear SVM": (LinearSVM(d, C=10.0), SGD(0.01)),
    }
    return (of_two if K == 2 else {}) | {
        "softmax regression": (softmax, SGD(quarter(softmax.curvature_bound(X)))),
        "neural network": (NeuralNetwork(d, 16, K), Adam(0.01)),
    }


def quarter(curvature):
    """Return a quarter of the largest stable rate, 2/λ, rounded down to two digits."""
    rate = 0.5 / curvature
    unit = 10.0 ** (np.floor(np.log10(rate)) - 1)
    return float(f"{np.floor(rate / unit + 1e-9) * unit:.2g}")


def sliders(model):
    """Return sliders for the settings that a model has of its own, by name."""
    names = [setting.name for setting in fields(model)]
    return {name: make() for name, make in SLIDERS.items() if name in names}


def encode(model, y):
    """Return the labels that a model wants for the classes 0, 1, …: the SVM takes −1 and +1."""
    return np.take(model.labels, y) if model.labels else y


def predict_classes(model, params, X):
    """Return the number of the class, from 0, that a model gives to each row.

    Where the model predicts one number per row, it is compared with the middle between its two labels.
    """
    predicted = model.predict(params, X)
    if predicted.ndim == 2:  # a probability per class
        return np.argmax(predicted, axis=1)
    return (predicted >= np.mean(model.labels)).astype(int)
