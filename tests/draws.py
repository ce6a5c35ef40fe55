"""Every model, and a model, parameters and data drawn at random: what the tests of all models go through.

The models are found by themselves. A new one is tested as soon as it is in `gdutils.models.__all__`, unless
it has a setting that `SETTINGS` does not know.
"""

from dataclasses import fields

import numpy as np
import pytest

from gdutils import models

KINDS = [getattr(models, name) for name in models.__all__]

# A random value for each setting a model may have.
SETTINGS = {
    "n_features": lambda rng: rng.randint(1, 5),
    "n_classes": lambda rng: rng.randint(2, 5),
    "n_hidden": lambda rng: rng.randint(1, 6),
    "n_users": lambda rng: rng.randint(1, 5),
    "n_items": lambda rng: rng.randint(1, 5),
    "rank": lambda rng: rng.randint(1, 4),
    "C": lambda rng: rng.uniform(0.1, 3),
    "reg": lambda rng: rng.uniform(0, 1),
}
# Two classes are written in two ways; all other targets follow from the settings.
TWO_CLASSES = {"LogisticRegression": (0, 1), "LinearSVM": (-1, 1)}


def labels_of(model):
    """Return the labels of a model of classes, and None of any other."""
    if hasattr(model, "n_classes"):
        return tuple(range(model.n_classes))
    return TWO_CLASSES.get(type(model).__name__)


def draw(kind, seed, scale=1.0, n_samples=None, params_scale=None):
    """Return a model, parameters and data, all drawn at random."""
    rng = np.random.RandomState(seed)
    model = kind(**{setting.name: SETTINGS[setting.name](rng) for setting in fields(kind)})
    n = n_samples or rng.randint(1, 13)
    if hasattr(model, "n_users"):
        X = np.column_stack([rng.randint(model.n_users, size=n), rng.randint(model.n_items, size=n)])
    else:
        X = scale * rng.randn(n, model.n_features)
    labels = labels_of(model)
    y = scale * rng.randn(n) if labels is None else rng.choice(labels, size=n)
    far = scale if params_scale is None else params_scale
    params = {k: np.asarray(far * rng.randn(*np.shape(v))) for k, v in model.init(rng).items()}
    return model, params, X, y


def every_model(test):
    return pytest.mark.parametrize("kind", KINDS)(test)
