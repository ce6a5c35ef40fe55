"""A model, parameters and data drawn at random, for every model in `gdutils.models.__all__`.

A new model is tested as soon as its name is there. Only what X must hold beyond real numbers is said here.
"""

from dataclasses import fields

import numpy as np
import pytest

from gdutils import models

KINDS = [getattr(models, name) for name in models.__all__]


def pairs(model, rng, n):
    return np.column_stack([rng.randint(model.n_users, size=n), rng.randint(model.n_items, size=n)])


ROWS = {"MatrixFactorization": pairs}


def make(kind, rng):
    """Return a model with small random settings; two classes at least."""
    settings = {}
    for field in fields(kind):
        least = 2 if field.name == "n_classes" else 1
        settings[field.name] = rng.randint(least, 5) if field.type is int else rng.uniform(0.1, 2)
    return kind(**settings)


def draw(kind, seed, scale=1.0, n_samples=None, params_scale=None):
    """Return a model, parameters and data, all drawn at random."""
    rng = np.random.RandomState(seed)
    model, n = make(kind, rng), n_samples or rng.randint(1, 13)
    if kind.__name__ in ROWS:
        X = ROWS[kind.__name__](model, rng, n)
    else:
        X = scale * rng.standard_normal((n, model.n_features))
    y = rng.choice(model.labels, size=n) if model.labels else scale * rng.standard_normal(n)
    far = scale if params_scale is None else params_scale
    params = {name: np.asarray(far * rng.standard_normal(shape)) for name, shape in model.shapes.items()}
    return model, params, X, y


class InPlace:
    """Momentum that changes its arrays in place, as a learner may write it, without a base class."""

    def init(self, theta):
        return np.zeros_like(theta)

    def step(self, theta, grad, state):
        state *= 0.9
        state += grad
        theta -= 0.05 * state
        grad *= np.nan
        return theta, state


def every_model(test):
    return pytest.mark.parametrize("kind", KINDS)(test)
