"""The models: each is a prediction, a loss and its gradient, written as pure functions.

A model holds its frozen settings and nothing else. `loss` is a mean over the rows it is given, and
`gradient` is the exact gradient of that loss, so a mini-batch gives an unbiased estimate of both.
"""

from gdutils.models.linear import LinearRegression

__all__ = ["LinearRegression"]
