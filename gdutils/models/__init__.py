"""The models, one file each: a prediction, a loss and its gradient.

Another model is another file with a subclass of `gdutils.models.base.Model`, and its name below.
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
