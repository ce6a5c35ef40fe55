"""The loop: batches, snapshots, stopping, random states, and what it refuses.

That an epoch's batches hold every row once is in `test_properties.py`.
"""

import threading

import numpy as np
import pytest
from threadpoolctl import threadpool_info, threadpool_limits

from gdutils import optimizers
from gdutils.models import LinearRegression
from gdutils.optimizers import SGD, Momentum
from gdutils.training import Run, Snapshot, descend, minibatches, one_blas_thread, train
from tests.draws import InPlace, draw, every_model

MODEL = LinearRegression(n_features=1)
X = np.linspace(-3, 3, 200)[:, np.newaxis]
Y = 2 * X[:, 0] - 0.3 + 0.7 * np.random.RandomState(0).randn(200)
LR = SGD(lr=0.05)


def same_run(one, other):
    """Return whether two runs agree to the last bit."""
    return np.array_equal(one.losses, other.losses) and all(
        np.array_equal(a[name], b[name]) for a, b in zip(one.path, other.path, strict=True) for name in a
    )


@pytest.fixture(autouse=True)
def global_generator_is_never_used():
    before = str(np.random.get_state())  # noqa: NPY002
    yield
    assert str(np.random.get_state()) == before  # noqa: NPY002


# Steps and snapshots. ---


@pytest.mark.parametrize("name", optimizers.__all__)
@pytest.mark.parametrize("batch_size", [None, 50])
def test_path_and_states_are_those_of_a_replay(name, batch_size):
    optimizer = getattr(optimizers, name)(lr=0.05)
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


@pytest.mark.parametrize("epochs", [0, 5])
def test_run_holds_the_start_and_every_epoch(epochs):
    run, snapshots = (how(MODEL, X, Y, LR, epochs=epochs, batch_size=20) for how in (train, descend))
    assert [snapshot.epoch for snapshot in run.snapshots] == list(range(epochs + 1))
    assert run.path[0] == {"w": [0.0], "b": 0.0}
    assert run.losses.tolist() == [MODEL.loss(params, X, Y) for params in run.path]
    assert run.params is run.path[-1]
    assert (run.diverged_at, run.converged_at, run.optimizer) == (None, None, LR)
    part = Run([next(snapshots)])  # a part of a run is one too
    assert same_run(part, Run(run.snapshots[:1]))
    assert (part.diverged_at, part.converged_at) == (None, None)
    assert same_run(run, Run([*part.snapshots, *snapshots]))


def test_no_step_is_taken_before_its_snapshot_is_asked_for():
    steps = []
    snapshots = descend(MODEL, X, Y, LR, epochs=10**9, batch_size=64, on_step=lambda: steps.append(1))
    for count in (0, 4, 8):
        next(snapshots)
        assert len(steps) == count


def test_random_state_decides_the_run_and_is_0_by_default():
    settings = {"epochs": 1, "batch_size": 1}
    default = train(MODEL, X, Y, LR, **settings)
    assert same_run(train(MODEL, X, Y, LR, **settings, random_state=0), default)
    assert same_run(Run(list(descend(MODEL, X, Y, LR, **settings))), default)
    drawn = [train(MODEL, X, Y, LR, **settings, random_state=state) for state in (5, None, None)]
    assert len({run.losses[-1] for run in (default, *drawn)}) == 4


# Stopping. ---


def test_tol_stops_at_the_first_small_change():
    run, whole = (train(MODEL, X, Y, LR, epochs=200, tol=tol) for tol in (1e-3, None))
    changes = np.abs(np.diff(whole.losses))
    first = int(np.flatnonzero(changes < 1e-3)[0]) + 1
    assert 1 < first < 200
    assert run.converged_at == first == len(run.losses) - 1
    np.testing.assert_array_equal(run.losses, whole.losses[: first + 1])
    assert run.diverged_at is None
    # Also if that epoch is the last one; before it, a run is not converged.
    assert train(MODEL, X, Y, LR, epochs=first, tol=1e-3).converged_at == first
    assert train(MODEL, X, Y, LR, epochs=first - 1, tol=1e-3).converged_at is None


def test_a_change_by_tol_itself_is_not_yet_less():
    start, end = (Snapshot(epoch, {}, loss, {}) for epoch, loss in enumerate([1.0, 0.5]))
    assert Run([start, end], tol=0.5).converged_at is None
    assert Run([start, end], tol=0.51).converged_at == 1


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


@pytest.mark.parametrize("batch_size", [None, 50])
def test_an_optimizer_that_changes_its_arrays_in_place_changes_no_record(batch_size):
    start = {"w": np.array([1.0]), "b": np.array(2.0)}
    settings = {"epochs": 4, "batch_size": batch_size, "params": start}
    run, pure = (train(MODEL, X, Y, optimizer, **settings) for optimizer in (InPlace(), Momentum(0.05)))
    assert same_run(run, pure)
    np.testing.assert_equal(run.states, pure.states)
    assert start == run.path[0] == {"w": [1.0], "b": 2.0}


def test_changing_a_snapshot_does_not_change_the_run():
    losses = []
    for snapshot in descend(MODEL, X, Y, Momentum(0.05), epochs=5):
        losses.append(snapshot.loss)
        snapshot.params["w"] += 100
        snapshot.state["w"] += 100
    np.testing.assert_array_equal(losses, train(MODEL, X, Y, Momentum(0.05), epochs=5).losses)


# Threads. ---


def blas_threads():
    return {pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"}


def test_training_runs_on_one_blas_thread_and_restores_what_was_there():
    seen = []
    with threadpool_limits(2, "blas"):
        before = blas_threads()
        train(MODEL, X, Y, LR, epochs=2, on_step=lambda: seen.append(blas_threads()))
        assert blas_threads() == before
        for _ in descend(MODEL, X, Y, LR, epochs=2, on_step=lambda: seen.append(blas_threads())):
            assert blas_threads() == before  # no limit is held between two snapshots
        assert seen == [{1}] * 4
        for run in (train, lambda *args, **settings: list(descend(*args, **settings))):
            with pytest.raises(ZeroDivisionError):
                run(MODEL, X, Y, LR, epochs=2, on_step=lambda: 1 / 0)
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
        with one_blas_thread:
            assert blas_threads() == {1}
        assert blas_threads() == before


# Input. ---

# What is wrong, and how the message begins. `test_models.py` has more of X, y and params.
BAD = [
    ({"y": Y[:, np.newaxis]}, "y must have shape (200,), got (200, 1)"),
    ({"X": X[:, 0]}, "X must have shape (200, 1), got (200,); X.reshape(-1, 1)"),
    ({"X": np.where(X > 2.98, np.nan, X)}, "X must be finite, got nan in row 199 (1 such"),
    ({"batch_size": 0}, "batch_size must be a whole number of at least 1, got 0"),
    ({"batch_size": 201}, "batch_size must be from 1 to 200, got 201"),
    ({"batch_size": "32"}, "batch_size must be a whole number of at least 1, got '32'"),
    ({"epochs": -1}, "epochs must be a whole number of at least 0, got -1"),
    ({"epochs": 1.5}, "epochs must be a whole number of at least 0, got 1.5"),
    ({"random_state": -1}, "random_state must be a whole number from 0 to 2**32"),
    ({"tol": 0}, "tol must be a positive, finite number, got 0"),
    ({"params": {"w": [[0.0]], "b": 0.0}}, "params['w'] must have shape (1,), got (1, 1)"),
    ({"optimizer": "sgd"}, "optimizer must be one of gdutils.optimizers, such as SGD(lr=0.1), got"),
    ({"optimizer": SGD}, "optimizer must be one of gdutils.optimizers"),
    ({"model": LinearRegression}, "model must be one of gdutils.models, such as LinearRegression(1)"),
]


@pytest.mark.parametrize(("change", "message"), BAD)
def test_bad_input_raises_before_the_first_step_and_names_it(change, message):
    arguments = {"model": MODEL, "X": X, "y": Y, "optimizer": LR, "epochs": 3} | change
    with pytest.raises((ValueError, TypeError)) as caught:
        descend(**arguments)  # without a next()
    assert str(caught.value).startswith(message)


@pytest.mark.parametrize("batch_size", [0, 11])
def test_minibatches_refuse_a_bad_batch_size(batch_size):
    with pytest.raises(ValueError, match=f"batch_size must be from 1 to 10, got {batch_size}"):
        next(minibatches(np.zeros((10, 1)), np.zeros(10), batch_size, np.random.RandomState(0)))


@pytest.mark.parametrize(("name", "was", "got"), [("b", r"\(\)", r"\(1,\)"), ("w", r"\(1,\)", r"\(1, 1\)")])
def test_an_optimizer_that_changes_a_shape_is_told(name, was, got):
    class Growing(SGD):
        def step(self, theta, grad, state):
            grown = np.shape(theta) == MODEL.shapes[name]
            return theta[np.newaxis] if grown else theta, state

    with pytest.raises(ValueError, match=rf"'{name}'\] must have shape {was}, got {got}"):
        train(MODEL, X, Y, Growing(0.1), epochs=3)


def test_a_subclass_trains_by_its_own_gradient():
    class Doubled(LinearRegression):
        def gradient(self, params, X, y):
            return {name: 2 * slope for name, slope in super().gradient(params, X, y).items()}

    assert same_run(train(Doubled(1), X, Y, LR, epochs=5), train(MODEL, X, Y, SGD(lr=0.1), epochs=5))


@pytest.mark.parametrize("dtype", [np.float32, np.int8])
def test_smaller_types_give_the_same_run(dtype):
    # Whole numbers up to 100, which both types hold exactly; int8 would overflow if squared.
    rows = np.arange(-40, 41, 2.0)
    data = rows[:, np.newaxis], np.round(2.4 * rows) + 3
    usual, other = (
        train(MODEL, *arrays, Momentum(lr=1e-4, beta=0.5), epochs=5, batch_size=7)
        for arrays in (data, [array.astype(dtype) for array in data])
    )
    np.testing.assert_allclose(other.losses, usual.losses, rtol=1e-12)


@every_model
def test_lists_and_labels_written_as_floats_give_the_same_run(kind):
    model, params, X, y = draw(kind, 5, n_samples=7)
    lists = {name: theta.tolist() for name, theta in params.items()}
    usual = train(model, X, y, LR, epochs=3, batch_size=2, params=params)
    other = train(model, X.tolist(), y.astype(float).tolist(), LR, epochs=3, batch_size=2, params=lists)
    assert same_run(other, usual)
