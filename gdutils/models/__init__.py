"""The models: each is a prediction, a loss and its gradient, written as pure functions.

A model holds its frozen settings and nothing else. `loss` is a mean over the rows it is given, and
`gradient` is the exact gradient of that loss, so a mini-batch gives an unbiased estimate of both.
"""

from gdutils.models.linear import LinearRegression
from gdutils.models.logistic import LogisticRegression
from gdutils.models.matrix_factorization import MatrixFactorization
from gdutils.models.neural_network import NeuralNetwork
from gdutils.models.softmax import SoftmaxRegression
from gdutils.models.svm import LinearSVM

__all__ = [
    "LinearRegression",
    "LinearSVM",
    "LogisticRegression",
    "MatrixFactorization",
    "NeuralNetwork",
    "SoftmaxRegression",
]
