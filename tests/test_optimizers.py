"""The optimizers: their settings, and what is each one's own.

`test_trajectories.py` follows PyTorch, `test_stability.py` finds where they diverge, and
what must hold of every step is in `test_properties.py`.
"""

from dataclasses import FrozenInstanceError, fields

import numpy as np
import pytest

from gdutils import optimizers
from gdutils.landscapes import Bowl, Parabola, walk
from gdutils.optimizers import Nesterov

every_optimizer = pytest.mark.parametrize("kind", [getattr(optimizers, name) for name in optimizers.__all__])


@every_optimizer
def test_settings_are_frozen_and_checked(kind):
    for field in fields(kind):
        with pytest.raises(FrozenInstanceError):
            setattr(kind(), field.name, 0.5)
        for value in (-0.1, float("nan"), 1 if field.name.startswith("beta") else 0):
            with pytest.raises(ValueError, match=f"^{field.name} must be a .*, got {value}$"):
                kind(**{field.name: value})
        with pytest.raises(TypeError, match=f"^{field.name} must be a .*, got '0.1'$"):
            kind(**{field.name: "0.1"})
        # A plain float, as legends show it.
        assert f"{field.name}=0.5" in repr(kind(**{field.name: np.float64(0.5)}))
        if field.name.startswith("beta"):
            assert f"{field.name}=0.0" in repr(kind(**{field.name: 0}))


@every_optimizer
def test_shape_mismatch_never_broadcasts(kind):
    optimizer, theta = kind(), np.zeros(2)
    with pytest.raises(ValueError, match=r"^theta and grad must have one shape, got \(2,\) and \(2, 1\)$"):
        optimizer.step(theta, np.ones((2, 1)), optimizer.init(theta))


def test_nesterov_is_the_gradient_at_the_point_ahead():
    """The textbook form, on x²: the gradient is taken at θ − αβv. Its points ahead are the points of ours."""
    lr, beta, theta, velocity, ahead = 0.1, 0.9, 10.0, 0.0, [10.0]
    for _ in range(20):
        velocity = beta * velocity + 2 * (theta - lr * beta * velocity)
        theta = theta - lr * velocity
        ahead.append(theta - lr * beta * velocity)
    np.testing.assert_allclose(walk(Parabola(), Nesterov(lr, beta), 10, 20), ahead, rtol=1e-12)


@every_optimizer
def test_gradients_of_zero_from_the_start_move_nothing(kind):
    # 0/0 without ε.
    np.testing.assert_array_equal(walk(Bowl(), kind(), (0, 0), 3), 0)
