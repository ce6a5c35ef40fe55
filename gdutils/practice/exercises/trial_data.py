"""What several exercises are tried on: 30 rows of two features, and targets for them."""

import numpy as np

RNG = np.random.RandomState(49)
X = RNG.randn(30, 2) + np.array([1.0, 0.5])
NUMBERS = RNG.randn(30)
CLASSES = np.arange(30) % 3
SIGNS = np.where(CLASSES == 0, -1, 1)
PARAMS = {"w": np.array([0.8, -1.1]), "b": np.array(0.4)}
