"""The optimizers against their formulas, written once more for plain numbers."""

from dataclasses import FrozenInstanceError, fields

import numpy as np
import pytest

from gdutils import optimizers
from gdutils.optimizers import SGD, Momentum

KINDS = [getattr(optimizers, name) for name in optimizers.__all__]
GRADS = [3.0, -1.0, 0.5, 4.0, -2.5]


def sgd_by_hand(theta, grads, lr):
    for grad in grads:
        theta = theta - lr * grad
    return theta


def momentum_by_hand(theta, grads, lr, beta):
    velocity = 0.0
    for grad in grads:
        velocity = beta * velocity + grad
        theta = theta - lr * velocity
    return theta


# Settings, their legend, and the same formula by hand.
TABLE = {
    "SGD": [
        ({"lr": 0.1}, "SGD(lr=0.1)", sgd_by_hand),
        ({"lr": 2}, "SGD(lr=2.0)", sgd_by_hand),
    ],
    "Momentum": [
        ({"lr": 0.1, "beta": 0.9}, "Momentum(lr=0.1, beta=0.9)", momentum_by_hand),
        ({"lr": 0.03, "beta": 0.5}, "Momentum(lr=0.03, beta=0.5)", momentum_by_hand),
        ({"lr": 0.1, "beta": 0}, "Momentum(lr=0.1, beta=0.0)", momentum_by_hand),
    ],
}
CASES = [(getattr(optimizers, name), *case) for name, cases in TABLE.items() for case in cases]


def walk(optimizer, theta, grads):
    """Take one step for each gradient."""
    state = optimizer.init(theta)
    for grad in grads:
        theta, state = optimizer.step(theta, grad, state)
    return theta


def descend_square(optimizer, steps):
    """Descend f(x) = x² from 10."""
    theta = np.array([10.0])
    state = optimizer.init(theta)
    for _ in range(steps):
        theta, state = optimizer.step(theta, 2 * theta, state)
    return theta[0]


def test_every_optimizer_is_in_the_table():
    assert set(TABLE) == set(optimizers.__all__)


@pytest.mark.parametrize(("kind", "settings", "legend", "by_hand"), CASES)
@pytest.mark.parametrize("n_steps", [1, 2, 5])
def test_steps_follow_the_formula(kind, settings, legend, by_hand, n_steps):
    theta = walk(kind(**settings), np.array([10.0]), [np.array([grad]) for grad in GRADS[:n_steps]])
    assert theta[0] == pytest.approx(by_hand(10.0, GRADS[:n_steps], **settings), rel=1e-12)


@pytest.mark.parametrize(("kind", "settings", "legend", "by_hand"), CASES)
@pytest.mark.parametrize("shape", [(), (2,), (3, 2)])
def test_every_entry_moves_alone(kind, settings, legend, by_hand, shape):
    rng = np.random.RandomState(0)
    theta, grads = np.asarray(rng.randn(*shape)), [np.asarray(rng.randn(*shape)) for _ in range(4)]
    moved = walk(kind(**settings), theta, grads)
    assert np.shape(moved) == shape
    for index in np.ndindex(shape):
        entry = by_hand(theta[index], [grad[index] for grad in grads], **settings)
        assert np.asarray(moved)[index] == pytest.approx(entry, rel=1e-12)


@pytest.mark.parametrize(("kind", "settings", "legend", "by_hand"), CASES)
def test_repr_is_the_legend(kind, settings, legend, by_hand):
    assert repr(kind(**settings)) == legend


@pytest.mark.parametrize("kind", KINDS)
def test_legend_of_a_numpy_number_is_the_number(kind):
    # np.logspace hands out np.float64; its own repr has no place in a legend.
    assert repr(kind(lr=np.float64(0.25))) == repr(kind(lr=0.25))


@pytest.mark.parametrize("kind", KINDS)
def test_settings_are_frozen(kind):
    for setting in fields(kind):
        with pytest.raises(FrozenInstanceError):
            setattr(kind(), setting.name, 0.5)


@pytest.mark.parametrize("kind", KINDS)
def test_step_modifies_nothing(kind):
    optimizer, theta, grad = kind(), np.array([1.0, 2.0]), np.array([3.0, -4.0])
    state = optimizer.init(theta)
    for _ in range(2):
        old = [np.copy(theta), np.copy(grad), np.copy(state)]
        new_theta, new_state = optimizer.step(theta, grad, state)
        for before, after in zip(old, (theta, grad, state), strict=True):
            np.testing.assert_array_equal(before, after)
        assert not np.shares_memory(new_theta, theta)
        theta, state = new_theta, new_state


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("grad_shape", [(1,), (3,), (2, 1), ()])
def test_shape_mismatch_never_broadcasts(kind, grad_shape):
    optimizer, theta = kind(), np.zeros(2)
    with pytest.raises(ValueError, match=r"theta.*grad.*\(2,\)") as caught:
        optimizer.step(theta, np.ones(grad_shape), optimizer.init(theta))
    assert str(grad_shape) in str(caught.value)


BAD = {
    "lr": [0, -1, -0.0, float("nan"), float("inf"), "0.1", None, True, 1j, [0.1]],
    "beta": [1, 1.5, -0.1, float("nan"), float("inf"), "x", None, True],
}


@pytest.mark.parametrize(
    ("kind", "setting", "value"),
    [(kind, f.name, value) for kind in KINDS for f in fields(kind) for value in BAD[f.name.rstrip("12")]],
)
def test_bad_setting_is_named_with_its_value(kind, setting, value):
    with pytest.raises((ValueError, TypeError)) as caught:
        kind(**{setting: value})
    assert str(caught.value).startswith(f"{setting} must be")
    assert repr(value) in str(caught.value)
    # A number out of range is a wrong value; what is no number is a wrong type.
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    assert caught.type is (ValueError if is_number else TypeError)


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


def test_a_point_on_a_landscape():
    # f(x, y) = x² + 10 y²: one bare array, no model and no training loop.
    x, y = walk(SGD(lr=0.05), np.array([2.0, 1.0]), [np.array([4.0, 20.0])])
    assert (x, y) == pytest.approx((1.8, 0.0))


def test_zero_gradient_leaves_plain_descent_where_it_is():
    theta = np.array([1.5, -2.0])
    np.testing.assert_array_equal(walk(SGD(lr=0.1), theta, [np.zeros(2)] * 3), theta)


def test_zero_gradient_lets_momentum_coast():
    # v = 1, then 0.5: the ball rolls on after the slope has ended.
    theta = walk(Momentum(lr=1.0, beta=0.5), np.array([0.0]), [np.array([1.0]), np.array([0.0])])
    assert theta[0] == pytest.approx(-1.5)


@pytest.mark.parametrize(("kind", "settings", "legend", "by_hand"), CASES)
@pytest.mark.parametrize("curvature", [0.5, 2.0, 30.0])
def test_largest_stable_lr_parts_converging_from_diverging(kind, settings, legend, by_hand, curvature):
    # On ½λx² the gradient is λx.
    edge = kind(**settings).largest_stable_lr(curvature)
    ends = []
    for factor in (0.98, 1.02):
        optimizer = kind(**settings | {"lr": factor * edge})
        theta = np.array([1.0])
        state = optimizer.init(theta)
        for _ in range(2000):
            theta, state = optimizer.step(theta, curvature * theta, state)
        ends.append(abs(theta[0]))
    assert ends[0] < 1e-6
    assert ends[1] > 1e6
