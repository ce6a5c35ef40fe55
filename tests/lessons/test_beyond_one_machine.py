"""Lesson 14: the descent on parts is that of one machine, for other parts, too, and when a worker is lost.

The lesson's own cells compare a logistic regression, and show what its checks say of wrong parts.
"""

import os

import numpy as np

from gdutils.models import LinearRegression
from gdutils.optimizers import SGD
from gdutils.training import train
from tests.lessons.cells import cells_of, run

CELLS = {cell.id: cell.source for cell in cells_of("14")[0]}
ROWS = (50, 7, 1, 23)


def rows_of(part):
    X = np.random.RandomState(part).standard_normal((ROWS[part], 3)) + part
    return X, X.sum(axis=1) + X[:, 0] ** 2


def test_the_loop_is_short():
    assert len([line for line in CELLS["loop"].splitlines() if line.strip()]) <= 15


def test_nothing_is_lost_with_a_worker_and_no_part_moves_without_need():
    lesson = {"__name__": "__main__"}  # so that functions travel to the workers by value
    for cell in ("imports", "parts", "cluster", "make-part", "loop"):
        run(CELLS[cell], lesson)
    model, found = LinearRegression(3), []
    with lesson["open_client"]() as client:
        client.wait_for_workers(2)
        parts = [client.submit(rows_of, k) for k in range(len(ROWS))]
        for each in lesson["descend_on"](client, model, parts, lr=0.05, steps=12):
            found.append(each)
            if len(found) == 6:
                count = client.run(lambda dask_worker: dask_worker.state.transfer_incoming_count_total)
                assert sum(count.values()) == 0
                home = client.who_has(parts)[parts[0].key][0]
                os.kill(client.run(os.getpid, workers=[home])[home], 9)
        assert lesson["open_client"]() is client
    X, y = map(np.concatenate, zip(*map(rows_of, range(len(ROWS))), strict=True))
    alone = train(model, X, y, SGD(lr=0.05), epochs=12)
    losses, path = zip(*found, strict=True)
    np.testing.assert_allclose(losses, alone.losses, rtol=0, atol=1e-12)
    np.testing.assert_allclose(path[-1]["w"], alone.params["w"], rtol=1e-12)
