"""The optimizers: their settings, and what is each one's own; `test_trajectories.py` follows PyTorch.

What must hold of every step is in `test_properties.py`.
"""

from dataclasses import FrozenInstanceError, fields, replace

import numpy as np
import pytest

from gdutils import optimizers
from gdutils.optimizers import SGD, AdaGrad, Adam, Momentum, Nesterov, RMSprop

KINDS = [getattr(optimizers, name) for name in optimizers.__all__]
every_optimizer = pytest.mark.parametrize("kind", KINDS)


def walk(optimizer, theta, grads):
    """Take one step for each gradient; a function is one of theta."""
    state = optimizer.init(theta)
    for grad in grads:
        theta, state = optimizer.step(theta, grad(theta) if callable(grad) else grad, state)
    return theta


# Settings. ---

LEGENDS = {
    "SGD(lr=2.0)": SGD(2),
    "Momentum(lr=0.03, beta=0.0)": Momentum(np.float64(0.03), beta=0),
    "Adam(lr=0.001, beta1=0.9, beta2=0.999, eps=1e-08)": Adam(),
}


@pytest.mark.parametrize(("legend", "optimizer"), LEGENDS.items(), ids=LEGENDS)
def test_repr_is_the_legend(legend, optimizer):
    assert repr(optimizer) == legend


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


@every_optimizer
def test_shape_mismatch_never_broadcasts(kind):
    optimizer, theta = kind(), np.zeros(2)
    with pytest.raises(ValueError, match=r"^theta and grad must have one shape, got \(2,\) and \(2, 1\)$"):
        optimizer.step(theta, np.ones((2, 1)), optimizer.init(theta))


# Numbers known from elsewhere. ---


def test_nesterov_is_the_gradient_at_the_point_ahead():
    """The textbook form, on x²: the gradient is taken at θ − αβv. Its points ahead are the points of ours."""
    lr, beta, theta, velocity, ahead = 0.1, 0.9, 10.0, 0.0, []
    for _ in range(20):
        velocity = beta * velocity + 2 * (theta - lr * beta * velocity)
        theta = theta - lr * velocity
        ahead.append(theta - lr * beta * velocity)
    ours = [walk(Nesterov(lr, beta), 10.0, [lambda x: 2 * x] * n) for n in range(1, 21)]
    np.testing.assert_allclose(ours, ahead, rtol=1e-12)


@every_optimizer
def test_gradients_of_zero_from_the_start_move_nothing(kind):
    # 0/0 without ε.
    np.testing.assert_array_equal(walk(kind(), np.array([1.5, -2.0]), [np.zeros(2)] * 3), [1.5, -2.0])


ROLLING = [SGD(), Momentum(beta=0), Momentum(beta=0.5), Nesterov(beta=0.5), Nesterov(beta=0.9)]


@pytest.mark.parametrize("optimizer", ROLLING, ids=repr)
@pytest.mark.parametrize("curvature", [0.5, 30.0])
def test_largest_stable_lr_parts_converging_from_diverging(optimizer, curvature):
    # On ½λx² the gradient is λx.
    edge = optimizer.largest_stable_lr(curvature)
    below, above = (
        abs(walk(replace(optimizer, lr=factor * edge), 1.0, [lambda x: curvature * x] * 2000))
        for factor in (0.98, 1.02)
    )
    assert below < 1e-6
    assert above > 1e6


def test_the_adaptive_optimizers_have_no_stable_rate():
    assert [kind().largest_stable_lr(2.0) for kind in (AdaGrad, RMSprop, Adam)] == [None] * 3
