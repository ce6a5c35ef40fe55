"""Lesson 14: the descent on parts is that of one machine, also on other parts and when a worker is lost."""

import os
from pathlib import Path

import nbformat
import numpy as np
import pytest

from gdutils.models import LinearRegression, LogisticRegression
from gdutils.optimizers import SGD
from gdutils.training import train
from tests.lessons.cells import run

LESSON = Path(__file__).parent.parent.parent / "notebooks" / "14_beyond_one_machine.ipynb"
CELLS = {cell.id: cell.source for cell in nbformat.read(LESSON, as_version=4).cells}
ROWS = (50, 7, 1, 23)


@pytest.fixture(scope="module")
def lesson():
    """The names of the cells that define something, with two workers running."""
    names = {"__name__": "__main__"}  # so that functions travel to the workers by value
    for cell in ("imports", "parts", "cluster", "make-part", "loop", "checks"):
        run(CELLS[cell], names)
    names["client"] = names["open_client"]()
    yield names
    names["client"].close()


def rows_of(part, columns=3):
    rng = np.random.RandomState(part)
    X = rng.standard_normal((ROWS[part], columns)) + part
    return X, (X.sum(axis=1) > part * columns).astype(int)


def everything():
    return map(np.concatenate, zip(*map(rows_of, range(len(ROWS))), strict=True))


def test_the_loop_is_short():
    assert len([line for line in CELLS["loop"].splitlines() if line.strip()]) <= 15


@pytest.mark.parametrize("model", [LinearRegression(3), LogisticRegression(3)], ids=["linear", "logistic"])
def test_losses_are_those_of_one_machine(lesson, model):
    client = lesson["client"]
    parts = [client.submit(rows_of, k) for k in range(len(ROWS))]
    steps = lesson["descend_on"](client, model, parts, lr=0.05, steps=20)
    losses, path = zip(*steps, strict=True)
    alone = train(model, *everything(), SGD(lr=0.05), epochs=20)
    np.testing.assert_allclose(losses, alone.losses, rtol=0, atol=1e-12)
    np.testing.assert_allclose(path[-1]["w"], alone.params["w"], rtol=1e-12)


def test_nothing_is_lost_with_a_worker_and_no_part_moves_without_need(lesson):
    client, model = lesson["client"], LogisticRegression(3)
    client.wait_for_workers(2)
    parts = [client.submit(rows_of, k) for k in range(len(ROWS))]
    losses = []
    for step, (loss, _) in enumerate(lesson["descend_on"](client, model, parts, lr=0.05, steps=12)):
        losses.append(loss)
        if step == 5:
            count = client.run(lambda dask_worker: dask_worker.state.transfer_incoming_count_total)
            assert sum(count.values()) == 0
            home = client.who_has(parts)[parts[0].key][0]
            os.kill(client.run(os.getpid, workers=[home])[home], 9)
    alone = train(model, *everything(), SGD(lr=0.05), epochs=12)
    np.testing.assert_allclose(losses, alone.losses, rtol=0, atol=1e-12)


def test_only_the_weighted_mean_is_the_gradient_of_all_rows(lesson):
    model, (X, y) = LogisticRegression(3), everything()
    params = {"w": np.array([0.3, -1.0, 0.5]), "b": np.array(0.2)}
    grads = [model.gradient(params, *rows_of(k)) for k in range(len(ROWS))]
    whole = model.gradient(params, X, y)
    weighted, plain = (lesson["mean_of"](grads, weights) for weights in (ROWS, None))
    for name in whole:
        np.testing.assert_allclose(weighted[name], whole[name], atol=1e-12)
    assert np.linalg.norm(plain["w"] - whole["w"]) > 0.1 * np.linalg.norm(whole["w"])


@pytest.mark.parametrize(
    ("shapes", "words"),
    [([(3, 2), (0, 2)], "part 1 has no rows"), ([(3, 2), (3, 1)], "part 1 has 1 columns, but part 0 has 2")],
)
def test_parts_that_do_not_fit_are_named(lesson, shapes, words):
    client = lesson["client"]
    parts = [client.submit(lambda shape: (np.zeros(shape), None), shape) for shape in shapes]
    with pytest.raises(ValueError, match=words):
        lesson["check_parts"](client, parts)


def test_an_address_without_a_scheduler_is_named_and_the_open_client_stays(lesson):
    with pytest.raises(ConnectionError, match=r"no scheduler answers at tcp://127\.0\.0\.1:1"):
        lesson["connect"]("tcp://127.0.0.1:1", seconds=1)
    assert lesson["open_client"]() is lesson["client"]
