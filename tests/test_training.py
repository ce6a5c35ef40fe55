"""The loop: batches, snapshots, stopping, random states, and what it refuses.

That an epoch's batches hold every row once is in `test_properties.py`.
"""

import functools
import threading
from collections.abc import Iterator

import numpy as np
import pytest
from threadpoolctl import threadpool_info, threadpool_limits

from gdutils import optimizers
from gdutils.models import LinearRegression
from gdutils.optimizers import SGD, Adam, Momentum
from gdutils.training import Run, Snapshot, descend, minibatches, one_blas_thread, train
from tests.draws import draw, every_model

MODEL = LinearRegression(n_features=1)
X = np.linspace(-3, 3, 200)[:, np.newaxis]
Y = 2 * X[:, 0] - 0.3 + 0.7 * np.random.RandomState(0).randn(200)
LR = SGD(lr=0.05)
every_optimizer = pytest.mark.parametrize("kind", [getattr(optimizers, name) for name in optimizers.__all__])
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


# Full batch. ---


def test_full_batch_ends_at_least_squares():
    run = train(MODEL, X, Y, SGD(lr=0.3), epochs=500)
    slope, intercept = np.polyfit(X[:, 0], Y, 1)
    assert (run.params["w"][0], run.params["b"]) == pytest.approx((slope, intercept), rel=1e-10)


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


@every_optimizer
@pytest.mark.parametrize("batch_size", [None, 50])
def test_states_are_those_of_a_replay(kind, batch_size):
    optimizer = kind(lr=0.05)
    run = train(MODEL, X, Y, optimizer, epochs=3, batch_size=batch_size, random_state=5)
    rng = np.random.RandomState(5)
    params = MODEL.init(rng)
    states = {name: optimizer.init(theta) for name, theta in params.items()}
    np.testing.assert_equal(run.states[0], states)
    for epoch in (1, 2, 3):
        for X_batch, y_batch in minibatches(X, Y, batch_size or len(Y), rng):
            grads = MODEL.gradient(params, X_batch, y_batch)
            for name, grad in grads.items():
                params[name], states[name] = optimizer.step(params[name], grad, states[name])
        np.testing.assert_equal(run.states[epoch], states)
        np.testing.assert_equal(run.path[epoch], params)
    if kind is Adam:
        assert run.states[3]["w"].t == 3 * (4 if batch_size else 1)


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
    assert run.optimizer is LR
    assert same_run(run, Run(list(descend(MODEL, X, Y, LR, epochs=7))))
    assert run.states == [{"w": None, "b": None}] * 8  # plain descent remembers nothing


def test_a_part_of_a_run_is_a_run():
    snapshots = descend(MODEL, X, Y, LR, epochs=7)
    part = Run([next(snapshots) for _ in range(3)])
    assert (len(part.losses), part.diverged_at, part.converged_at) == (3, None, None)
    assert part.params is part.path[2]


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
    assert same_run(Run(list(descend(MODEL, X, Y, LR, **settings))), seeded)


def test_a_shared_generator_goes_from_data_to_batches():
    def run(rng):
        data = X, Y + rng.randn(200)
        return train(MODEL, *data, LR, epochs=2, batch_size=10, random_state=rng)

    one, same = run(np.random.RandomState(0)), run(np.random.RandomState(0))
    assert same_run(one, same)
    # The data used up the first draws, so a run with a generator of its own sees other batches.
    data = X, Y + np.random.RandomState(0).randn(200)
    assert not same_run(one, train(MODEL, *data, LR, epochs=2, batch_size=10, random_state=0))


def test_no_random_state_is_a_new_one_each_time_whatever_the_global_seed():
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


def test_a_change_by_tol_itself_is_not_yet_less():
    start, end = (Snapshot(epoch, {}, loss, {}) for epoch, loss in enumerate([1.0, 0.5]))
    assert Run([start, end], tol=0.5).converged_at is None
    assert Run([start, end], tol=0.51).converged_at == 1


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


@pytest.mark.parametrize(("factor", "diverged_at"), [((1, 1e200), 0), ((1e200, 1), 1), ((1e200, 1e200), 0)])
def test_huge_data_ends_the_run_as_diverged(factor, diverged_at):
    run = train(MODEL, X * factor[0], Y * factor[1], LR, epochs=10)
    assert run.diverged_at == diverged_at == len(run.losses) - 1


@every_model
def test_a_diverging_run_warns_of_nothing_whatever_the_caller_has_set(kind):
    model, params, rows, targets = draw(kind, 2, n_samples=9)
    with np.errstate(all="raise"):
        run = train(model, rows, targets, SGD(lr=1e30), epochs=20, batch_size=2, params=params)
        same = Run(list(descend(model, rows, targets, SGD(lr=1e30), epochs=20, batch_size=2, params=params)))
        assert np.geterr() == dict.fromkeys(("divide", "over", "under", "invalid"), "raise")
    np.testing.assert_array_equal(run.losses, same.losses)


# What the record is safe from. ---


class InPlace(Momentum):
    """An optimizer that changes its arrays in place, as a learner may write it."""

    def step(self, theta, grad, state):
        state *= self.beta
        state += grad
        theta -= self.lr * state
        return theta, state


@pytest.mark.parametrize("batch_size", [None, 50])
def test_an_optimizer_that_changes_its_arrays_in_place_changes_no_record(batch_size):
    start = {"w": np.array([1.0]), "b": np.array(2.0)}
    settings = {"epochs": 4, "batch_size": batch_size, "params": start}
    run, pure = (train(MODEL, X, Y, optimizer, **settings) for optimizer in (InPlace(0.05), Momentum(0.05)))
    assert same_run(run, pure)
    np.testing.assert_equal(run.states, pure.states)
    assert start == {"w": [1.0], "b": 2.0}


def test_an_in_place_optimizer_without_a_base_class_works_too():
    class Plain:
        def init(self, theta):
            return []

        def step(self, theta, grad, state):
            theta -= 0.05 * grad
            state.append(grad)
            return theta, state

    run = train(MODEL, X, Y, Plain(), epochs=3)
    assert same_run(run, train(MODEL, X, Y, LR, epochs=3))
    assert [len(state["w"]) for state in run.states] == [0, 1, 2, 3]


def test_changing_a_snapshot_does_not_change_the_run():
    losses = []
    for snapshot in descend(MODEL, X, Y, Momentum(0.05), epochs=5):
        losses.append(snapshot.loss)
        snapshot.params["w"] += 100
        snapshot.state["w"] += 100
    np.testing.assert_array_equal(losses, train(MODEL, X, Y, Momentum(0.05), epochs=5).losses)


# Steps and threads. ---


@pytest.mark.parametrize(("batch_size", "steps"), [(None, 3), (64, 12)])
def test_on_step_is_called_after_each_step(batch_size, steps):
    calls = []
    train(MODEL, X, Y, LR, epochs=3, batch_size=batch_size, on_step=lambda: calls.append(1))
    assert len(calls) == steps


def test_what_on_step_raises_ends_the_run_amid_an_epoch():
    def cancel():
        raise InterruptedError

    snapshots = descend(MODEL, X, Y, LR, epochs=3, batch_size=1, on_step=cancel)
    assert next(snapshots).epoch == 0
    with pytest.raises(InterruptedError):
        next(snapshots)
    assert list(snapshots) == []


def blas_threads():
    return {pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"}


@pytest.mark.parametrize("run", [train, lambda *args, **kwargs: list(descend(*args, **kwargs))])
def test_training_runs_on_one_blas_thread_and_restores_what_was_there(run):
    seen = []
    with threadpool_limits(2, "blas"):
        before = blas_threads()
        run(MODEL, X, Y, LR, epochs=2, on_step=lambda: seen.append(blas_threads()))
        assert seen == [{1}, {1}]
        assert blas_threads() == before
        with pytest.raises(ZeroDivisionError):
            run(MODEL, X, Y, LR, epochs=2, on_step=lambda: 1 / 0)
        assert blas_threads() == before


def test_no_thread_limit_is_held_between_two_snapshots():
    with threadpool_limits(2, "blas"):
        before = blas_threads()
        snapshots = descend(MODEL, X, Y, LR, epochs=2)
        next(snapshots)
        next(snapshots)
        assert blas_threads() == before


def test_two_python_threads_at_once_leave_what_was_there():
    inside, leave = threading.Event(), threading.Event()

    def other():
        with one_blas_thread:
            inside.set()
            leave.wait(60)

    with threadpool_limits(2, "blas"):
        before, thread = blas_threads(), threading.Thread(target=other)
        with one_blas_thread:
            thread.start()
            inside.wait(60)
            assert blas_threads() == {1}
        assert blas_threads() == before
        leave.set()
        thread.join()
        assert blas_threads() == before
        with one_blas_thread:
            assert blas_threads() == {1}


# Bad input. ---

# What is wrong, and how the message begins.
BAD = {
    "y a column": ({"y": Y[:, np.newaxis]}, "y must have shape (200,), got (200, 1)"),
    "lengths differ": ({"y": Y[:-1], "batch_size": 200}, "y must have shape (200,), got (199,)"),
    "X flat": ({"X": X[:, 0]}, "X must have shape (200, 1), got (200,); X.reshape(-1, 1)"),
    "X a number": ({"X": 3.0}, "X must have shape (1,), got ()"),
    "empty": ({"X": X[:0], "y": Y[:0]}, "X must have at least one row, got shape (0, 1)"),
    "y strings": ({"y": Y.astype(str)}, "y must hold real numbers, got an array of dtype <U"),
    "y dates": (
        {"y": np.arange(200).astype("M8[D]")},
        "y must hold real numbers, got an array of dtype date",
    ),
    "NaN in y": (
        {"y": np.where(np.arange(200) == 17, np.nan, Y)},
        "y must be finite, got nan in row 17 (1 such",
    ),
    "infinity in X": (
        {"X": np.where(np.arange(200)[:, None] == 5, -np.inf, X)},
        "X must be finite, got -inf in row 5 (1 such",
    ),
    "batch_size 0": ({"batch_size": 0}, "batch_size must be a whole number of at least 1, got 0"),
    "batch_size fractional": (
        {"batch_size": 2.5},
        "batch_size must be a whole number of at least 1, got 2.5",
    ),
    "batch_size too large": ({"batch_size": 201}, "batch_size must be from 1 to 200, got 201"),
    "batch_size a string": (
        {"batch_size": "32"},
        "batch_size must be a whole number of at least 1, got '32'",
    ),
    "epochs negative": ({"epochs": -1}, "epochs must be a whole number of at least 0, got -1"),
    "epochs fractional": ({"epochs": 1.5}, "epochs must be a whole number of at least 0, got 1.5"),
    "epochs None": ({"epochs": None}, "epochs must be a whole number of at least 0, got None"),
    "random_state a string": (
        {"random_state": "zero"},
        "random_state must be a whole number from 0 to 2**32",
    ),
    "random_state negative": ({"random_state": -1}, "random_state must be a whole number from 0 to 2**32"),
    "tol 0": ({"tol": 0}, "tol must be a positive, finite number, got 0"),
    "tol a string": ({"tol": "small"}, "tol must be a positive, finite number, got 'small'"),
    "params of wrong shape": (
        {"params": {"w": [[0.0]], "b": 0.0}},
        "params['w'] must have shape (1,), got (1, 1)",
    ),
    "params with a missing key": (
        {"params": {"w": [0.0]}},
        "params must have the keys ['w', 'b'], got ['w']",
    ),
    "optimizer a name": (
        {"optimizer": "sgd"},
        "optimizer must be one of gdutils.optimizers, such as SGD(lr=0.1), got",
    ),
    "optimizer a class": ({"optimizer": SGD}, "optimizer must be one of gdutils.optimizers"),
    "model a class": (
        {"model": LinearRegression},
        "model must be one of gdutils.models, such as LinearRegression(1)",
    ),
}


@pytest.mark.parametrize(("change", "message"), BAD.values(), ids=BAD)
def test_bad_input_raises_before_the_first_step_and_names_it(change, message):
    arguments = {"model": MODEL, "X": X, "y": Y, "optimizer": LR, "epochs": 3} | change
    with pytest.raises((ValueError, TypeError)) as caught:
        descend(**arguments)  # without a next()
    assert str(caught.value).startswith(message)


@pytest.mark.parametrize("batch_size", [0, -1, 11])
def test_minibatches_refuse_a_bad_batch_size(batch_size):
    rng = np.random.RandomState(0)
    with pytest.raises(ValueError, match=f"batch_size must be from 1 to 10, got {batch_size}"):
        next(minibatches(np.zeros((10, 1)), np.zeros(10), batch_size, rng))


# Models and optimizers of one's own, and good input of other kinds. ---


@pytest.mark.parametrize(("name", "was", "got"), [("b", r"\(\)", r"\(1,\)"), ("w", r"\(1,\)", r"\(1, 1\)")])
def test_an_optimizer_that_changes_a_shape_is_told(name, was, got):
    class Growing(SGD):
        def step(self, theta, grad, state):
            grown = np.shape(theta) == MODEL.shapes[name]
            return theta[np.newaxis] if grown else theta, state

    with pytest.raises(ValueError, match=rf"'{name}'\] must have shape {was}, got {got}"):
        train(MODEL, X, Y, Growing(0.1), epochs=3)


def test_an_optimizer_may_return_a_plain_number():
    class Plain(SGD):
        def step(self, theta, grad, state):
            theta, state = super().step(theta, grad, state)
            return (float(theta) if np.ndim(theta) == 0 else theta), state

    assert same_run(train(MODEL, X, Y, Plain(0.1), epochs=3), train(MODEL, X, Y, SGD(0.1), epochs=3))


def test_a_subclass_trains_by_its_own_gradient_and_a_decorator_is_not_passed_by():
    calls = []

    def counted(method):
        @functools.wraps(method)
        def counting(*args):
            calls.append(args)
            return {name: 2 * slope for name, slope in method(*args).items()}

        return counting

    class Doubled(LinearRegression):
        gradient = counted(LinearRegression.gradient)

    assert same_run(train(Doubled(1), X, Y, LR, epochs=5), train(MODEL, X, Y, SGD(lr=0.1), epochs=5))
    assert len(calls) == 5


KINDS = {
    "lists": (np.ndarray.tolist, np.ndarray.tolist),
    "float32": (lambda X: X.astype(np.float32), lambda y: y.astype(np.float32)),
    "int8": (lambda X: X.astype(np.int8), lambda y: y.astype(np.int8)),
    "column of a wider table": (lambda X: np.hstack([X, X])[:, 1:], lambda y: np.c_[y, y][:, 0]),
    "Fortran order": (np.asfortranarray, np.asfortranarray),
}


@pytest.mark.parametrize("batch_size", [None, 7])
@pytest.mark.parametrize(("to_X", "to_y"), KINDS.values(), ids=KINDS)
def test_other_kinds_of_arrays_give_the_same_run(to_X, to_y, batch_size):
    # Whole numbers up to 100, which every type above holds exactly; int8 would overflow if squared.
    rows = np.arange(-40, 41, 2.0)
    X, y = rows[:, np.newaxis], np.round(2.4 * rows) + 3
    usual, other = (
        train(MODEL, *data, Momentum(lr=1e-4, beta=0.5), epochs=5, batch_size=batch_size)
        for data in ((X, y), (to_X(X), to_y(y)))
    )
    np.testing.assert_allclose(other.losses, usual.losses, rtol=1e-12)


@every_model
@pytest.mark.parametrize("batch_size", [None, 2])
def test_lists_and_labels_written_as_floats_give_the_same_run(kind, batch_size):
    model, params, X, y = draw(kind, 5, n_samples=7)
    settings = {"epochs": 3, "batch_size": batch_size, "params": params}
    usual = train(model, X, y, LR, **settings)
    assert same_run(train(model, X.tolist(), y.astype(float).tolist(), LR, **settings), usual)
