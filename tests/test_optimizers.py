"""The optimizers: their settings, and what is each one's own; `test_trajectories.py` follows PyTorch.

What must hold of every step is in `test_properties.py`.
"""

import inspect
from dataclasses import FrozenInstanceError, fields

import numpy as np
import pytest

from gdutils import optimizers
from gdutils.models import LinearRegression
from gdutils.optimizers import SGD, AdaGrad, Adam, Momentum, Nesterov, RMSprop
from gdutils.training import train

KINDS = [getattr(optimizers, name) for name in optimizers.__all__]
every_optimizer = pytest.mark.parametrize("kind", KINDS)


def walk(optimizer, theta, grads):
    """Take one step for each gradient; a function is one of theta."""
    state = optimizer.init(theta)
    for grad in grads:
        theta, state = optimizer.step(theta, grad(theta) if callable(grad) else grad, state)
    return theta


def descend_square(optimizer, steps):
    """Descend f(x) = x² from 10."""
    return walk(optimizer, np.array([10.0]), [lambda x: 2 * x] * steps)[0]


# Settings. ---

LEGENDS = {
    "SGD(lr=0.1)": SGD(),
    "SGD(lr=2.0)": SGD(2),
    "Momentum(lr=0.03, beta=0.0)": Momentum(np.float64(0.03), beta=0),
    "Nesterov(lr=0.1, beta=0.9)": Nesterov(),
    "AdaGrad(lr=0.1, eps=1e-10)": AdaGrad(),
    "RMSprop(lr=0.01, beta=0.9, eps=1e-08)": RMSprop(),
    "Adam(lr=0.001, beta1=0.9, beta2=0.999, eps=1e-08)": Adam(),
}


@pytest.mark.parametrize(("legend", "optimizer"), LEGENDS.items(), ids=LEGENDS)
def test_repr_is_the_legend(legend, optimizer):
    assert repr(optimizer) == legend


def test_every_optimizer_has_a_legend():
    assert {type(optimizer) for optimizer in LEGENDS.values()} == set(KINDS)


@every_optimizer
def test_settings_are_frozen_and_checked(kind):
    for field in fields(kind):
        with pytest.raises(FrozenInstanceError):
            setattr(kind(), field.name, 0.5)
        for value in (-0.1, float("nan"), float("inf"), 1 if field.name.startswith("beta") else 0):
            with pytest.raises(ValueError, match=f"^{field.name} must be a .*, got {value}$"):
                kind(**{field.name: value})
        for value in ("0.1", None, True):
            with pytest.raises(TypeError, match=f"^{field.name} must be a .*, got {value!r}$"):
                kind(**{field.name: value})


@every_optimizer
@pytest.mark.parametrize("grad_shape", [(1,), (3,), (2, 1), ()])
def test_shape_mismatch_never_broadcasts(kind, grad_shape):
    optimizer, theta = kind(), np.zeros(2)
    with pytest.raises(ValueError, match=r"^theta and grad must have one shape, got \(2,\) and") as caught:
        optimizer.step(theta, np.ones(grad_shape), optimizer.init(theta))
    assert str(caught.value).endswith(str(grad_shape))


@every_optimizer
def test_what_a_lesson_prints_is_the_formula(kind):
    assert inspect.getsource(kind.step).lstrip().startswith("def step(self, theta, grad, state):\n")


# Numbers known from elsewhere. ---


def test_plain_descent_on_x_squared():
    assert [descend_square(SGD(lr=0.1), n) for n in (1, 2, 3)] == pytest.approx([8.0, 6.4, 5.12], rel=1e-12)
    assert descend_square(SGD(lr=0.1), 10) == pytest.approx(1.0737, abs=5e-5)
    assert descend_square(SGD(lr=0.1), 50) == pytest.approx(1.4272e-4, abs=5e-9)


@pytest.mark.parametrize(
    ("lr", "x"), [(0.01, 6.6761), (0.1, 0.11529), (0.5, 0.0), (0.9, 0.11529), (1.1, 383.38)]
)
def test_learning_rates_on_x_squared(lr, x):
    assert descend_square(SGD(lr=lr), 20) == pytest.approx(x, rel=1e-4, abs=1e-12)


def test_momentum_overshoots_on_x_squared():
    assert descend_square(Momentum(lr=0.1, beta=0.9), 20) == pytest.approx(-3.4925, abs=5e-5)
    assert descend_square(Momentum(lr=0.1, beta=0), 20) == descend_square(SGD(lr=0.1), 20)


def test_nesterov_is_the_gradient_at_the_point_ahead():
    """The textbook form, on x²: the gradient is taken at θ − αβv. Its points ahead are the points of ours."""
    lr, beta, theta, velocity, ahead = 0.1, 0.9, 10.0, 0.0, []
    for _ in range(20):
        velocity = beta * velocity + 2 * (theta - lr * beta * velocity)
        theta = theta - lr * velocity
        ahead.append(theta - lr * beta * velocity)
    ours = [descend_square(Nesterov(lr, beta), n) for n in range(1, 21)]
    np.testing.assert_allclose(ours, ahead, rtol=1e-12)


def test_first_steps_of_the_adaptive_ones():
    """Without ε and memory only the sign of the gradient is left, times a length of their own."""
    for grad in (1e-3, 5.0, -2e4):
        grads, sign = [np.array([grad])], np.sign(grad)
        assert walk(AdaGrad(lr=0.1), np.zeros(1), grads)[0] == pytest.approx(-0.1 * sign, rel=1e-6)
        assert walk(Adam(lr=0.1), np.zeros(1), grads)[0] == pytest.approx(-0.1 * sign, rel=1e-4)
        # No bias correction here: the first step is 1/√(1 − β) times as long.
        first = walk(RMSprop(lr=0.1, beta=0.9), np.zeros(1), grads)[0]
        assert first == pytest.approx(-0.1 * sign / np.sqrt(0.1), rel=1e-4)


def test_bias_correction_of_adam_fades():
    """Under a steady gradient every corrected step is as long as the first; without it, they would vary."""
    path = [walk(Adam(lr=0.1), np.zeros(1), [np.array([3.0])] * n)[0] for n in range(51)]
    np.testing.assert_allclose(np.diff(path), -0.1, rtol=1e-7)


# One step against g = 3 with ε = 1. Inside the root it would be √(9 + 1) and so on.
OUTSIDE = [
    (AdaGrad(lr=1, eps=1), 3 / (3 + 1)),
    (RMSprop(lr=1, beta=0.75, eps=1), 3 / (1.5 + 1)),
    (Adam(lr=1, eps=1), 3 / (3 + 1)),
]


@pytest.mark.parametrize(("optimizer", "wanted"), OUTSIDE, ids=repr)
def test_eps_stands_outside_of_the_root(optimizer, wanted):
    assert walk(optimizer, np.zeros(1), [np.array([3.0])])[0] == pytest.approx(-wanted, rel=1e-12)


# Two gradients, 1 then 0: what the second step does shows what was remembered, and when.
REMEMBERED = [
    (SGD(lr=1), 1),
    (Momentum(lr=1, beta=0.5), 1 + 0.5),
    (Nesterov(lr=1, beta=0.5), 1.5 + 0.25),
    (AdaGrad(lr=1), 1),
    (RMSprop(lr=1, beta=0.5), 2**0.5),
    (Adam(lr=1, beta1=0.5, beta2=0.5), 1 + (0.25 / 0.75) / (0.25 / 0.75) ** 0.5),
]


@pytest.mark.parametrize(("optimizer", "wanted"), REMEMBERED, ids=repr)
def test_the_new_gradient_is_remembered_before_the_step(optimizer, wanted):
    theta = walk(optimizer, np.zeros(1), [np.ones(1), np.zeros(1)])
    assert theta[0] == pytest.approx(-wanted, rel=1e-6)


@every_optimizer
def test_gradients_of_zero_from_the_start_move_nothing(kind):
    # 0/0 without ε.
    np.testing.assert_array_equal(walk(kind(), np.array([1.5, -2.0]), [np.zeros(2)] * 3), [1.5, -2.0])


RATES = {SGD: 0.05, Momentum: 0.05, Nesterov: 0.05, AdaGrad: 1.0, RMSprop: 0.01, Adam: 0.1}


@every_optimizer
def test_the_loop_trains_a_model_with_each(kind):
    X = np.random.RandomState(0).randn(60, 2)
    y = X @ [3.0, -2.0] + 5
    run = train(LinearRegression(n_features=2), X, y, kind(RATES[kind]), epochs=1500)
    np.testing.assert_allclose(run.params["w"], [3, -2], atol=0.02)
    assert run.params["b"] == pytest.approx(5, abs=0.02)


@pytest.mark.parametrize(
    "optimizer",
    [SGD(), Momentum(beta=0), Momentum(beta=0.5), Nesterov(beta=0.5), Nesterov(beta=0.9)],
    ids=repr,
)
@pytest.mark.parametrize("curvature", [0.5, 30.0])
def test_largest_stable_lr_parts_converging_from_diverging(optimizer, curvature):
    # On ½λx² the gradient is λx.
    edge = optimizer.largest_stable_lr(curvature)
    below, above = (
        abs(
            walk(
                type(optimizer)(**vars(optimizer) | {"lr": factor * edge}),
                1.0,
                [lambda x: curvature * x] * 2000,
            )
        )
        for factor in (0.98, 1.02)
    )
    assert below < 1e-6
    assert above > 1e6


def test_the_adaptive_optimizers_have_no_stable_rate():
    assert [kind().largest_stable_lr(2.0) for kind in (AdaGrad, RMSprop, Adam)] == [None] * 3
