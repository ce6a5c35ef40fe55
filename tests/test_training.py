"""The loop: batches, snapshots, stopping, random states, and what it refuses.

That an epoch's batches hold every row once is in `test_properties.py`.
"""

import functools
import re
from collections.abc import Iterator

import numpy as np
import pytest

from gdutils.datasets import load_diabetes, make_line
from gdutils.models import LinearRegression
from gdutils.optimizers import SGD, AdaGrad, Adam, Momentum, Nesterov, RMSprop
from gdutils.training import Run, Snapshot, descend, minibatches, train
from tests.draws import draw, every_model

MODEL = LinearRegression(n_features=1)
X, Y = make_line()
LR = SGD(lr=0.05)
every_optimizer = pytest.mark.parametrize("kind", [SGD, Momentum, Nesterov, AdaGrad, RMSprop, Adam])
GLOBAL = np.random.mtrand._rand  # behind np.random.seed and its like


def same_run(one, other):
    """Return whether two runs agree to the last bit."""
    return np.array_equal(one.losses, other.losses) and all(
        np.array_equal(a[name], b[name]) for a, b in zip(one.path, other.path, strict=True) for name in a
    )


def global_state():
    kind, keys, *rest = GLOBAL.get_state()
    return kind, keys.tolist(), rest


@pytest.fixture(autouse=True)
def global_generator_is_never_used():
    before = global_state()
    yield
    assert global_state() == before


# Batches. ---


def test_one_permutation_is_drawn_an_epoch():
    ours, theirs = np.random.RandomState(3), np.random.RandomState(3)
    train(MODEL, X, Y, LR, epochs=4, batch_size=50, random_state=ours)
    for _ in range(4):
        theirs.permutation(len(Y))
    assert ours.randint(2**31) == theirs.randint(2**31)


@pytest.mark.parametrize("batch_size", [1, 64])
def test_mini_batch_steps_are_the_formula_on_the_permuted_rows(batch_size):
    run = train(MODEL, X, Y, LR, epochs=2, batch_size=batch_size, random_state=9)
    rng, w, b = np.random.RandomState(9), 0.0, 0.0
    for epoch in (1, 2):
        order = rng.permutation(len(Y))
        for start in range(0, len(Y), batch_size):
            x, y = X[order[start : start + batch_size], 0], Y[order[start : start + batch_size]]
            error = w * x + b - y
            w, b = w - 0.05 * np.mean(error * x), b - 0.05 * np.mean(error)
        assert run.path[epoch]["w"][0] == pytest.approx(w, rel=1e-10)
        assert run.path[epoch]["b"] == pytest.approx(b, rel=1e-10)


def test_every_parameter_keeps_its_own_velocity():
    run = train(MODEL, X, Y, Momentum(lr=0.05, beta=0.8), epochs=3)
    w = b = v_w = v_b = 0.0
    for _ in range(3):
        error = w * X[:, 0] + b - Y
        v_w, v_b = 0.8 * v_w + np.mean(error * X[:, 0]), 0.8 * v_b + np.mean(error)
        w, b = w - 0.05 * v_w, b - 0.05 * v_b
    assert (run.params["w"][0], run.params["b"]) == pytest.approx((w, b), rel=1e-12)


# Full batch. ---


def test_full_batch_ends_at_least_squares():
    run = train(MODEL, X, Y, SGD(lr=0.3), epochs=500)
    slope, intercept = np.polyfit(X[:, 0], Y, 1)
    assert (run.params["w"][0], run.params["b"]) == pytest.approx((slope, intercept), rel=1e-10)


def test_full_batch_ends_at_least_squares_on_real_data():
    X, _, y, _ = load_diabetes(features=["bmi", "bp", "s5"])
    run = train(LinearRegression(n_features=3), X, y, SGD(lr=0.5), epochs=500)
    theta = np.linalg.solve(
        *(np.column_stack([X, np.ones(len(X))]).T @ m for m in (np.c_[X, np.ones(len(X))], y))
    )
    np.testing.assert_allclose(run.params["w"], theta[:3], rtol=1e-8)
    assert run.params["b"] == pytest.approx(theta[3], rel=1e-8)


def test_full_batch_does_not_depend_on_the_order_of_rows():
    order = np.random.RandomState(1).permutation(len(Y))
    one, other = (train(MODEL, X[i], Y[i], LR, epochs=50) for i in (slice(None), order))
    np.testing.assert_allclose(one.losses, other.losses, rtol=1e-12)


def test_no_batch_size_is_all_rows():
    one, other = (train(MODEL, X, Y, LR, epochs=10, batch_size=size) for size in (None, len(Y)))
    assert same_run(one, other)


# Snapshots. ---


def test_descend_hands_out_the_start_and_then_every_epoch():
    snapshots = list(descend(MODEL, X, Y, LR, epochs=5, batch_size=20))
    assert [snapshot.epoch for snapshot in snapshots] == [0, 1, 2, 3, 4, 5]
    assert snapshots[0].params["w"] == [0.0]
    for snapshot in snapshots:
        assert snapshot.loss == MODEL.loss(snapshot.params, X, Y)


def test_descend_is_lazy():
    class Counting(LinearRegression):
        calls = 0

        def gradient(self, params, X, y):
            Counting.calls += 1
            return super().gradient(params, X, y)

    snapshots = descend(Counting(1), X, Y, LR, epochs=10**9)
    assert isinstance(snapshots, Iterator)
    next(snapshots)
    assert Counting.calls == 0
    next(snapshots)
    next(snapshots)
    assert Counting.calls == 2


@pytest.mark.parametrize("batch_size", [1, 7, 1000, 4096, 5000, 9999])
def test_many_rows_are_shuffled_as_few_are(batch_size):
    rows = np.arange(10_000)
    batches = list(minibatches(rows[:, np.newaxis], -rows, batch_size, np.random.RandomState(3)))
    sizes = [len(y) for _, y in batches]
    assert sizes[:-1] == [batch_size] * (len(sizes) - 1)
    order = np.random.RandomState(3).permutation(10_000)
    np.testing.assert_array_equal(np.concatenate([X[:, 0] for X, _ in batches]), order)
    np.testing.assert_array_equal(np.concatenate([y for _, y in batches]), -order)


def test_snapshots_share_no_memory():
    path = train(MODEL, X, Y, LR, epochs=4, batch_size=50).path
    arrays = [array for params in path for array in params.values()]
    for i, one in enumerate(arrays):
        assert not any(np.shares_memory(one, other) for other in arrays[:i])


def arrays_in(state):
    """Return the arrays of what an optimizer remembers of a parameter: none, one, or several and a count."""
    parts = state if isinstance(state, tuple) else (state,)
    return [part for part in parts if isinstance(part, np.ndarray)]


@every_optimizer
@pytest.mark.parametrize("batch_size", [None, 50])
def test_states_are_those_of_a_replay(kind, batch_size):
    optimizer = kind(lr=0.05)
    run = train(MODEL, X, Y, optimizer, epochs=3, batch_size=batch_size, random_state=5)
    rng = np.random.RandomState(5)
    params = MODEL.init(rng)
    states = {name: optimizer.init(theta) for name, theta in params.items()}
    assert len(run.states) == 4
    assert repr(run.states[0]) == repr(states)
    for epoch in (1, 2, 3):
        for X_batch, y_batch in minibatches(X, Y, batch_size or len(Y), rng):
            grads = MODEL.gradient(params, X_batch, y_batch)
            for name, grad in grads.items():
                params[name], states[name] = optimizer.step(params[name], grad, states[name])
        assert list(run.states[epoch]) == list(states)
        for name, state in states.items():
            assert type(run.states[epoch][name]) is type(state)
            for one, other in zip(arrays_in(run.states[epoch][name]), arrays_in(state), strict=True):
                np.testing.assert_array_equal(one, other)
            if kind is Adam:
                assert run.states[epoch][name].t == state.t == epoch * (4 if batch_size else 1)


@every_optimizer
def test_states_share_no_memory_with_each_other_nor_with_the_path(kind):
    run = train(MODEL, X, Y, kind(lr=0.05), epochs=4, batch_size=50)
    arrays = [array for params in run.path for array in params.values()]
    arrays += [array for states in run.states for state in states.values() for array in arrays_in(state)]
    for i, one in enumerate(arrays):
        assert not any(np.shares_memory(one, other) for other in arrays[:i])


def test_snapshots_and_run_hold_the_same_states_and_the_run_its_optimizer():
    optimizer = Momentum(lr=0.05)
    snapshots = list(descend(MODEL, X, Y, optimizer, epochs=3))
    run = Run.of(snapshots, optimizer=optimizer)
    assert all(one is other.state for one, other in zip(run.states, snapshots, strict=True))
    assert run.optimizer is optimizer
    assert train(MODEL, X, Y, optimizer, epochs=1).optimizer is optimizer
    assert Run.of(snapshots).optimizer is None


def test_no_epochs_is_the_start():
    run = train(MODEL, X, Y, LR, epochs=0)
    assert len(run.losses) == len(run.path) == 1
    assert run.params == {"w": [0.0], "b": 0.0}
    assert (run.diverged_at, run.converged_at) == (None, None)


def test_run_holds_what_happened():
    run = train(MODEL, X, Y, LR, epochs=7)
    assert run.losses.shape == (8,)
    assert len(run.path) == 8
    assert run.params is run.path[-1]
    assert (run.diverged_at, run.converged_at) == (None, None)
    assert same_run(run, Run.of(list(descend(MODEL, X, Y, LR, epochs=7))))


@pytest.mark.parametrize("as_lists", [False, True])
def test_training_starts_from_the_params_given(as_lists):
    start = {"w": [1.0], "b": 2.0} if as_lists else {"w": np.array([1.0]), "b": np.array(2.0)}
    run = train(MODEL, X, Y, Momentum(lr=0.05), epochs=3, params=start)
    assert run.path[0] == {"w": [1.0], "b": 2.0}
    assert run.losses[0] == pytest.approx(0.5 * np.mean((X[:, 0] + 2 - Y) ** 2))
    assert start == {"w": [1.0], "b": 2.0}
    assert run.path[0]["w"] is not start["w"]


def test_a_run_continues_where_another_ended():
    first = train(MODEL, X, Y, LR, epochs=3)
    second = train(MODEL, X, Y, LR, epochs=4, params=first.params)
    whole = train(MODEL, X, Y, LR, epochs=7)
    np.testing.assert_array_equal(np.append(first.losses, second.losses[1:]), whole.losses)


# Random states. ---


def test_random_state_decides_the_run():
    runs = [train(MODEL, X, Y, LR, epochs=2, batch_size=1, random_state=seed) for seed in (4, 4, 5)]
    assert same_run(runs[0], runs[1])
    assert not same_run(runs[0], runs[2])


def test_without_a_random_state_the_seed_is_0():
    settings = {"epochs": 1, "batch_size": 1}
    seeded = train(MODEL, X, Y, LR, **settings, random_state=0)
    assert same_run(train(MODEL, X, Y, LR, **settings), seeded)
    assert same_run(Run.of(list(descend(MODEL, X, Y, LR, **settings))), seeded)


def test_a_shared_generator_goes_from_data_to_batches():
    def run(rng):
        data = make_line(random_state=rng)
        return train(MODEL, *data, LR, epochs=2, batch_size=10, random_state=rng)

    one, same = run(np.random.RandomState(0)), run(np.random.RandomState(0))
    assert same_run(one, same)
    # The data used up the first draws, so a run with a generator of its own sees other batches.
    assert not same_run(one, train(MODEL, *make_line(), LR, epochs=2, batch_size=10, random_state=0))


def test_no_random_state_is_a_new_one_each_time():
    runs = [train(MODEL, X, Y, LR, epochs=1, batch_size=1, random_state=None) for _ in range(2)]
    assert not same_run(*runs)


def test_no_random_state_does_not_follow_the_global_seed():
    state = GLOBAL.get_state()
    try:
        runs = []
        for _ in range(2):
            GLOBAL.seed(0)  # what np.random.seed in a learner's cell does
            seeded = global_state()
            runs.append(train(MODEL, X, Y, LR, epochs=1, batch_size=1, random_state=None))
            assert global_state() == seeded
    finally:
        GLOBAL.set_state(state)
    assert not same_run(*runs)


# Stopping. ---


def test_tol_stops_at_the_first_small_change():
    run, whole = (train(MODEL, X, Y, LR, epochs=200, tol=tol) for tol in (1e-3, None))
    changes = np.abs(np.diff(whole.losses))
    first = int(np.flatnonzero(changes < 1e-3)[0]) + 1
    assert 1 < first < 200
    assert run.converged_at == first == len(run.losses) - 1
    np.testing.assert_array_equal(run.losses, whole.losses[: first + 1])
    assert run.diverged_at is None


def test_tol_may_be_reached_in_the_first_epoch():
    assert train(MODEL, X, Y, LR, epochs=5, tol=1e6).converged_at == 1


def test_a_change_by_tol_itself_is_not_yet_less():
    start, end = (Snapshot(epoch, {}, loss, {}) for epoch, loss in enumerate([1.0, 0.5]))
    assert Run.of([start, end], tol=0.5).converged_at is None
    assert Run.of([start, end], tol=0.51).converged_at == 1


def test_tol_not_reached_is_not_convergence():
    run = train(MODEL, X, Y, LR, epochs=5, tol=1e-12)
    assert len(run.losses) == 6
    assert run.converged_at is None


def test_tol_reached_in_the_last_epoch_is_convergence():
    full = train(MODEL, X, Y, LR, epochs=200, tol=1e-3)
    assert train(MODEL, X, Y, LR, epochs=full.converged_at, tol=1e-3).converged_at == full.converged_at
    assert train(MODEL, X, Y, LR, epochs=full.converged_at - 1, tol=1e-3).converged_at is None


@pytest.mark.parametrize("batch_size", [None, 1, 64])
@pytest.mark.parametrize("optimizer", [SGD(lr=10), Momentum(lr=10), SGD(lr=1e300)], ids=repr)
def test_a_huge_rate_ends_the_run_as_diverged(batch_size, optimizer):
    run = train(MODEL, X, Y, optimizer, epochs=1000, batch_size=batch_size, tol=1e-3)
    assert run.diverged_at == len(run.losses) - 1 == len(run.path) - 1
    assert 0 < run.diverged_at < 1000
    assert np.isfinite(run.losses[:-1]).all()
    assert not np.isfinite(run.losses[-1])
    assert run.converged_at is None


HUGE = {
    "y": (X, Y * 1e200, 0),
    "X": (X * 1e200, Y, 1),
    "X to the end of the scale": (X * 5e307, Y, 1),
    "both": (X * 1e200, Y * 1e200, 0),
}


@pytest.mark.parametrize(("X", "y", "diverged_at"), HUGE.values(), ids=HUGE)
def test_huge_data_ends_the_run_as_diverged(X, y, diverged_at):
    run = train(MODEL, X, y, LR, epochs=10)
    assert run.diverged_at == diverged_at == len(run.losses) - 1


# Bad input. ---

NAN_Y, INF_X = Y.copy(), X.copy()
NAN_Y[17], INF_X[5, 0] = np.nan, -np.inf

# What is wrong, and the words that the message must hold: the argument, and what was found.
BAD = {
    "lengths differ": ({"y": Y[:-1]}, ["X and y", "200", "199"]),
    "lengths differ, with batches": ({"y": Y[:-1], "batch_size": 200}, ["X and y", "200", "199"]),
    "y a column": ({"y": Y[:, np.newaxis]}, ["y", "(200, 1)"]),
    "y a column, with batches": ({"y": Y[:, np.newaxis], "batch_size": 20}, ["y", "(200, 1)"]),
    "y a number": ({"y": 3.0}, ["y", "()"]),
    "y a number, with batches": ({"y": 3.0, "batch_size": 1}, ["y", "()"]),
    "y not even a number": ({"y": np.nan}, ["y", "()"]),
    "X flat": ({"X": X[:, 0]}, ["X", "(200,)", "reshape"]),
    "X of two features": ({"X": np.column_stack([X, X])}, ["X", "(200, 2)"]),
    "empty": ({"X": X[:0], "y": Y[:0]}, ["X", "(0, 1)"]),
    "empty, with batches": ({"X": X[:0], "y": Y[:0], "batch_size": 1}, ["X", "(0, 1)"]),
    "empty lists": ({"X": [], "y": []}, ["X", "(0,)"]),
    "X None": ({"X": None}, ["X", "object"]),
    "X strings": ({"X": X.astype(str)}, ["X", "<U"]),
    "y strings": ({"y": Y.astype(str)}, ["y", "<U"]),
    "y dates": ({"y": np.arange(200).astype("M8[D]")}, ["y", "datetime64"]),
    "NaN in y": ({"y": NAN_Y}, ["y", "nan", "row 17"]),
    "infinity in X": ({"X": INF_X}, ["X", "-inf", "row 5", "column 0"]),
    "batch_size 0": ({"batch_size": 0}, ["batch_size", "0", "from 1 to 200"]),
    "batch_size negative": ({"batch_size": -3}, ["batch_size", "-3"]),
    "batch_size fractional": ({"batch_size": 2.5}, ["batch_size", "2.5"]),
    "batch_size too large": ({"batch_size": 201}, ["batch_size", "201", "from 1 to 200"]),
    "batch_size a string": ({"batch_size": "32"}, ["batch_size", "'32'"]),
    "batch_size True": ({"batch_size": True}, ["batch_size", "True"]),
    "epochs negative": ({"epochs": -1}, ["epochs", "-1"]),
    "epochs fractional": ({"epochs": 1.5}, ["epochs", "1.5"]),
    "epochs NaN": ({"epochs": np.nan}, ["epochs", "nan"]),
    "epochs a string": ({"epochs": "3"}, ["epochs", "'3'"]),
    "epochs None": ({"epochs": None}, ["epochs", "None"]),
    "random_state a string": ({"random_state": "zero"}, ["random_state", "'zero'"]),
    "random_state negative": ({"random_state": -1}, ["random_state", "-1"]),
    "random_state fractional": ({"random_state": 0.5}, ["random_state", "0.5"]),
    "tol 0": ({"tol": 0}, ["tol", "0"]),
    "tol NaN": ({"tol": np.nan}, ["tol", "nan"]),
    "tol a string": ({"tol": "small"}, ["tol", "'small'"]),
    "params of wrong shape": ({"params": {"w": [[0.0]], "b": 0.0}}, ["params", "'w'", "(1, 1)"]),
    "params with a missing key": ({"params": {"w": [0.0]}}, ["params", "['w']"]),
    "optimizer a name": (
        {"optimizer": "sgd"},
        ["optimizer", "must be one of gdutils.optimizers", "SGD(lr=0.1), got 'sgd'"],
    ),
    "optimizer a class": ({"optimizer": SGD}, ["optimizer", "SGD"]),
    "optimizer None": ({"optimizer": None}, ["optimizer", "None"]),
    "params of strings": ({"params": {"w": ["a"], "b": 0.0}}, ["params", "'w'"]),
}


@pytest.mark.parametrize(("change", "words"), BAD.values(), ids=BAD)
def test_bad_input_raises_before_the_first_step_and_names_it(change, words):
    arguments = {"X": X, "y": Y, "optimizer": LR, "epochs": 3} | change
    with pytest.raises((ValueError, TypeError)) as caught:
        descend(MODEL, **arguments)  # without a next()
    message = str(caught.value)
    assert re.match(rf"{re.escape(words[0])}\b", message), message  # the argument comes first
    for word in words[1:]:
        assert word in message


# Models and optimizers of one's own. ---


@pytest.mark.parametrize(("name", "was", "got"), [("b", r"\(\)", r"\(1,\)"), ("w", r"\(1,\)", r"\(1, 1\)")])
def test_an_optimizer_that_changes_a_shape_is_told(name, was, got):
    class Growing(SGD):
        def step(self, theta, grad, state):
            theta, state = super().step(theta, grad, state)
            grown = np.shape(theta) == np.shape(MODEL.init()[name])
            return (theta[np.newaxis] if grown else theta), state

    with pytest.raises(ValueError, match=rf"'{name}' the shape {was}, got {got}"):
        train(MODEL, X, Y, Growing(0.1), epochs=3)


def test_an_optimizer_may_return_a_plain_number():
    class Plain(SGD):
        def step(self, theta, grad, state):
            theta, state = super().step(theta, grad, state)
            return (float(theta) if np.ndim(theta) == 0 else theta), state

    assert same_run(train(MODEL, X, Y, Plain(0.1), epochs=3), train(MODEL, X, Y, SGD(0.1), epochs=3))


def test_a_decorator_of_ones_own_is_not_passed_by():
    calls = []

    def counted(method):
        @functools.wraps(method)
        def counting(*args):
            calls.append(args)
            return method(*args)

        return counting

    class Counted(LinearRegression):
        gradient = counted(LinearRegression.gradient)

    train(Counted(1), X, Y, LR, epochs=5)
    assert len(calls) == 5


@pytest.mark.parametrize("lr", [0, -0.1, float("nan"), float("inf"), "0.1"])
def test_bad_lr_raises_when_the_optimizer_is_made(lr):
    with pytest.raises((ValueError, TypeError), match=f"lr.*{lr!r}"):
        train(MODEL, X, Y, SGD(lr=lr), epochs=1)


# Good input of other kinds. ---


class Frame:
    """What a data frame is to NumPy: something that turns into an array."""

    def __init__(self, values):
        self.values = values

    def __array__(self, dtype=None, copy=None):
        return np.array(self.values, dtype=dtype)


def read_only(array):
    array = array.copy()
    array.flags.writeable = False
    return array


KINDS = {
    "frame": (Frame, Frame),
    "lists": (np.ndarray.tolist, np.ndarray.tolist),
    "float32": (lambda X: X.astype(np.float32), lambda y: y.astype(np.float32)),
    "float16": (lambda X: X.astype(np.float16), lambda y: y.astype(np.float16)),
    "int64": (lambda X: X.astype(np.int64), lambda y: y.astype(np.int64)),
    "int8": (lambda X: X.astype(np.int8), lambda y: y.astype(np.int8)),
    "read-only": (read_only, read_only),
    "every second row": (lambda X: np.repeat(X, 2, axis=0)[::2], lambda y: np.repeat(y, 2)[::2]),
    "column of a wider table": (lambda X: np.hstack([X, X])[:, 1:], lambda y: np.c_[y, y][:, 0]),
    "Fortran order": (np.asfortranarray, np.asfortranarray),
    "reversed twice": (lambda X: X[::-1].copy()[::-1], lambda y: y[::-1].copy()[::-1]),
}


@pytest.mark.parametrize("batch_size", [None, 7])
@pytest.mark.parametrize(("to_X", "to_y"), KINDS.values(), ids=KINDS)
def test_other_kinds_of_arrays_give_the_same_run(to_X, to_y, batch_size):
    # Whole numbers up to 100, which every type above holds exactly; int8 would overflow if squared.
    rows = np.arange(-40, 41, 2.0)
    X, y = rows[:, np.newaxis], np.round(2.4 * rows) + 3
    optimizer = Momentum(lr=1e-4, beta=0.5)
    usual, other = (
        train(MODEL, *data, optimizer, epochs=5, batch_size=batch_size)
        for data in ((X, y), (to_X(X), to_y(y)))
    )
    np.testing.assert_allclose(other.losses, usual.losses, rtol=1e-12)
    for name in usual.params:
        np.testing.assert_allclose(other.params[name], usual.params[name], rtol=1e-12)


def test_whole_number_params_are_a_start_like_any_other():
    whole, real = (
        train(MODEL, X, Y, Momentum(lr=0.05), epochs=3, params={"w": np.array([w]), "b": np.array(w)})
        for w in (1, 1.0)
    )
    np.testing.assert_array_equal(whole.losses, real.losses)


@every_model
@pytest.mark.parametrize("batch_size", [None, 2])
def test_lists_and_labels_written_as_floats_give_the_same_run(kind, batch_size):
    model, params, X, y = draw(kind, 5, n_samples=7)
    settings = {"epochs": 3, "batch_size": batch_size, "params": params}
    usual = train(model, X, y, LR, **settings)
    assert same_run(train(model, X.tolist(), y.astype(float).tolist(), LR, **settings), usual)


@pytest.mark.parametrize("batch_size", [0, -1, 2.5, 11])
def test_minibatches_refuse_a_bad_batch_size(batch_size):
    rng = np.random.RandomState(0)
    with pytest.raises(ValueError, match=f"batch_size .*{batch_size}"):
        next(minibatches(np.zeros((10, 1)), np.zeros(10), batch_size, rng))
