"""The optimizers against their formulas, written once more for plain numbers.

What must hold of every step is in `test_properties.py`.
"""

from copy import deepcopy
from dataclasses import FrozenInstanceError, fields

import numpy as np
import pytest

from gdutils import optimizers
from gdutils.models import LinearRegression
from gdutils.optimizers import SGD, AdaGrad, Adam, Momentum, Nesterov, RMSprop
from gdutils.training import train

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


def nesterov_by_hand(theta, grads, lr, beta):
    velocity = 0.0
    for grad in grads:
        velocity = beta * velocity + grad
        theta = theta - lr * (grad + beta * velocity)
    return theta


def adagrad_by_hand(theta, grads, lr, eps=1e-10):
    total = 0.0
    for grad in grads:
        total = total + grad * grad
        theta = theta - lr * grad / (total**0.5 + eps)
    return theta


def rmsprop_by_hand(theta, grads, lr, beta=0.9, eps=1e-8):
    mean = 0.0
    for grad in grads:
        mean = beta * mean + (1 - beta) * grad * grad
        theta = theta - lr * grad / (mean**0.5 + eps)
    return theta


def adam_by_hand(theta, grads, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    """From the sums written out: the weights of all gradients so far add up to 1, which is the correction."""
    for t in range(1, len(grads) + 1):
        first = [(1 - beta1) * beta1 ** (t - i) for i in range(1, t + 1)]
        second = [(1 - beta2) * beta2 ** (t - i) for i in range(1, t + 1)]
        m = sum(w * g for w, g in zip(first, grads[:t], strict=True)) / sum(first)
        v = sum(w * g * g for w, g in zip(second, grads[:t], strict=True)) / sum(second)
        theta = theta - lr * m / (v**0.5 + eps)
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
    "Nesterov": [
        ({"lr": 0.1, "beta": 0.9}, "Nesterov(lr=0.1, beta=0.9)", nesterov_by_hand),
        ({"lr": 0.03, "beta": 0.5}, "Nesterov(lr=0.03, beta=0.5)", nesterov_by_hand),
    ],
    "AdaGrad": [
        ({"lr": 0.5}, "AdaGrad(lr=0.5, eps=1e-10)", adagrad_by_hand),
        ({"lr": 0.5, "eps": 2}, "AdaGrad(lr=0.5, eps=2.0)", adagrad_by_hand),
    ],
    "RMSprop": [
        ({"lr": 0.1}, "RMSprop(lr=0.1, beta=0.9, eps=1e-08)", rmsprop_by_hand),
        ({"lr": 0.1, "beta": 0.5, "eps": 2}, "RMSprop(lr=0.1, beta=0.5, eps=2.0)", rmsprop_by_hand),
    ],
    "Adam": [
        ({"lr": 0.1}, "Adam(lr=0.1, beta1=0.9, beta2=0.999, eps=1e-08)", adam_by_hand),
        (
            {"lr": 0.1, "beta1": 0.5, "beta2": 0.7, "eps": 2},
            "Adam(lr=0.1, beta1=0.5, beta2=0.7, eps=2.0)",
            adam_by_hand,
        ),
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
    for setting in fields(kind):
        assert repr(kind(**{setting.name: np.float64(0.25)})) == repr(kind(**{setting.name: 0.25}))


@pytest.mark.parametrize("kind", KINDS)
def test_settings_are_frozen(kind):
    for setting in fields(kind):
        with pytest.raises(FrozenInstanceError):
            setattr(kind(), setting.name, 0.5)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("grad_shape", [(1,), (3,), (2, 1), ()])
def test_shape_mismatch_never_broadcasts(kind, grad_shape):
    optimizer, theta = kind(), np.zeros(2)
    with pytest.raises(ValueError, match=r"theta.*grad.*\(2,\)") as caught:
        optimizer.step(theta, np.ones(grad_shape), optimizer.init(theta))
    assert str(grad_shape) in str(caught.value)


BAD = {
    "lr": [0, -1, -0.0, float("nan"), float("inf"), "0.1", None, True, 1j, [0.1]],
    "eps": [0, -1e-8, float("nan"), float("inf"), "x", None, True],
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


def test_zero_gradient_lets_momentum_coast():
    # v = 1, then 0.5: the ball rolls on after the slope has ended.
    theta = walk(Momentum(lr=1.0, beta=0.5), np.array([0.0]), [np.array([1.0]), np.array([0.0])])
    assert theta[0] == pytest.approx(-1.5)


def test_nesterov_is_the_gradient_at_the_point_ahead():
    """The textbook form, on x²: the gradient is taken at θ − αβv. Its points ahead are the points of ours."""
    lr, beta, theta, velocity, ahead = 0.1, 0.9, 10.0, 0.0, []
    for _ in range(20):
        velocity = beta * velocity + 2 * (theta - lr * beta * velocity)
        theta = theta - lr * velocity
        ahead.append(theta - lr * beta * velocity)
    optimizer, point = Nesterov(lr, beta), np.array([10.0])
    state, ours = optimizer.init(point), []
    for _ in range(20):
        point, state = optimizer.step(point, 2 * point, state)
        ours.append(point[0])
    np.testing.assert_allclose(ours, ahead, rtol=1e-12)


def test_first_steps_of_the_adaptive_ones():
    """Without ε and memory only the sign of the gradient is left, times a length that tells them apart."""
    for grad in (1e-3, 5.0, -2e4):
        grads, sign = [np.array([grad])], np.sign(grad)
        assert walk(AdaGrad(lr=0.1), np.zeros(1), grads)[0] == pytest.approx(-0.1 * sign, rel=1e-6)
        assert walk(Adam(lr=0.1), np.zeros(1), grads)[0] == pytest.approx(-0.1 * sign, rel=1e-4)
        # No bias correction here: the first step is 1/√(1 − β) times as long.
        first = walk(RMSprop(lr=0.1, beta=0.9), np.zeros(1), grads)[0]
        assert first == pytest.approx(-0.1 * sign / np.sqrt(0.1), rel=1e-4)


def test_bias_correction_of_adam_fades():
    """Under a steady gradient every corrected step is as long as the first; without it, they would vary."""
    optimizer, theta = Adam(lr=0.1), np.zeros(1)
    state, steps = optimizer.init(theta), []
    for _ in range(50):
        new, state = optimizer.step(theta, np.array([3.0]), state)
        steps.append(theta - new)
        theta = new
    np.testing.assert_allclose(steps, 0.1, rtol=1e-7)
    assert state.t == 50


@pytest.mark.parametrize(
    ("optimizer", "wanted"),
    [
        # One step against g = 3 with ε = 1. Inside of the root it would be √(9 + 1) and so on.
        (AdaGrad(lr=1, eps=1), 3 / (3 + 1)),
        (RMSprop(lr=1, beta=0.75, eps=1), 3 / (1.5 + 1)),
        (Adam(lr=1, eps=1), 3 / (3 + 1)),
    ],
    ids=repr,
)
def test_eps_stands_outside_of_the_root(optimizer, wanted):
    assert walk(optimizer, np.zeros(1), [np.array([3.0])])[0] == pytest.approx(-wanted, rel=1e-12)


@pytest.mark.parametrize(
    ("optimizer", "wanted"),
    [
        # Two gradients, 1 then 0: what the second step does shows what was remembered, and when.
        (Momentum(lr=1, beta=0.5), 1 + 0.5),
        (Nesterov(lr=1, beta=0.5), 1.5 + 0.25),
        (AdaGrad(lr=1), 1),
        (RMSprop(lr=1, beta=0.5), 2**0.5),
        (Adam(lr=1, beta1=0.5, beta2=0.5), 1 + (0.25 / 0.75) / (0.25 / 0.75) ** 0.5),
    ],
    ids=repr,
)
def test_the_new_gradient_is_remembered_before_the_step(optimizer, wanted):
    theta = walk(optimizer, np.zeros(1), [np.ones(1), np.zeros(1)])
    assert theta[0] == pytest.approx(-wanted, rel=1e-6)


@pytest.mark.parametrize("kind", KINDS)
def test_gradients_of_zero_from_the_start_move_nothing(kind):
    # 0/0 without ε.
    np.testing.assert_array_equal(walk(kind(), np.array([1.5, -2.0]), [np.zeros(2)] * 3), [1.5, -2.0])


@pytest.mark.parametrize("kind", KINDS)
def test_the_loop_trains_a_model_with_each(kind):
    X = np.random.RandomState(0).randn(60, 2)
    y = X @ [3.0, -2.0] + 5
    optimizer = {AdaGrad: AdaGrad(lr=1.0), RMSprop: RMSprop(lr=0.01), Adam: Adam(lr=0.1)}.get(
        kind, kind(lr=0.05)
    )
    run = train(LinearRegression(n_features=2), X, y, optimizer, epochs=1500, batch_size=60)
    np.testing.assert_allclose(run.params["w"], [3, -2], atol=0.02)
    assert run.params["b"] == pytest.approx(5, abs=0.02)


STABLE = [case for case in CASES if hasattr(case[0], "largest_stable_lr")]


@pytest.mark.parametrize(("kind", "settings", "legend", "by_hand"), STABLE)
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


ADAPTIVE = [case for case in CASES if hasattr(case[0], "effective_lr")]


def test_the_adaptive_optimizers_have_an_effective_lr_and_no_other():
    assert {case[0] for case in ADAPTIVE} == {AdaGrad, RMSprop, Adam}


@pytest.mark.parametrize(("kind", "settings", "legend", "by_hand"), ADAPTIVE)
@pytest.mark.parametrize("n_steps", [1, 2, 5])
def test_effective_lr_is_what_the_last_step_was_multiplied_by(kind, settings, legend, by_hand, n_steps):
    optimizer = kind(**settings)
    grads = np.array([[g, 2 * g + 0.3] for g in GRADS[:n_steps]])
    theta, state = np.array([10.0, -1.0]), optimizer.init(np.zeros(2))
    for grad in grads:
        before = theta
        theta, state = optimizer.step(theta, grad, state)
    multiplied = grads[-1]
    if kind is Adam:  # the mean of all gradients so far, by weights that fade and add up to 1
        weights = optimizer.beta1 ** np.arange(n_steps)[::-1]
        multiplied = weights @ grads / weights.sum()
    moved = before - theta
    np.testing.assert_allclose(optimizer.effective_lr(state), moved / multiplied, rtol=1e-9)


@pytest.mark.parametrize("optimizer", [AdaGrad(lr=0.5, eps=2), RMSprop(lr=0.5, eps=2), Adam(lr=0.5, eps=2)])
@pytest.mark.parametrize("shape", [(), (3,), (2, 2)])
def test_before_a_step_the_effective_lr_has_but_eps_to_divide_by(optimizer, shape):
    found = np.asarray(optimizer.effective_lr(optimizer.init(np.zeros(shape))))
    np.testing.assert_array_equal(found, np.full(shape, 0.25))


def test_effective_lr_changes_no_state():
    for optimizer in (AdaGrad(), RMSprop(), Adam()):
        _, state = optimizer.step(np.ones(2), np.array([1.0, -2.0]), optimizer.init(np.ones(2)))
        before = deepcopy(state)
        optimizer.effective_lr(state)
        assert repr(state) == repr(before)
