"""How long an epoch takes on data in parts, on two worker processes with Dask, beside one process without.

    python -m benchmarks.many_parts

Logistic regression with ten features, the full batch: an epoch is one step. It takes about a minute and 3 GB.
The losses of all ways agree, or the benchmark fails.
"""

import logging
import time

import dask
import numpy as np
from distributed import Client, wait

from benchmarks.training_speed import machine
from gdutils.checked import unguarded
from gdutils.models import LogisticRegression
from gdutils.training import one_blas_thread

FEATURES, LR, BLOCKS = 10, 1.0, 4
MODEL = LogisticRegression(FEATURES)
EPOCHS = {100_000: 30, 1_000_000: 10, 10_000_000: 4}
STAY = {"distributed.scheduler.work-stealing": False, "distributed.scheduler.rootish-taskgroup": 0}


def make_part(blocks, rows):
    """Make a part of these blocks of rows, so that all rows are the same however they are cut."""
    X, y = np.empty((len(blocks) * rows, FEATURES)), np.empty(len(blocks) * rows, dtype=int)
    for place, block in enumerate(blocks):
        rng, here = np.random.RandomState(block), slice(place * rows, (place + 1) * rows)
        X[here] = rng.standard_normal((rows, FEATURES))
        y[here] = X[here] @ np.linspace(-1, 1, FEATURES) + rng.standard_normal(rows) > 0
    return X, y


def gradient_of(params, part):
    """Return rows, loss and gradient of a part; nothing is checked, as in `train`."""
    X, y = part
    return len(y), unguarded(MODEL.loss)(params, X, y), unguarded(MODEL.gradient)(params, X, y)


def run(answers_to, epochs):
    """Return the losses of a descent, and the least time of an epoch in seconds."""
    params, losses, clock = MODEL.init(), [], [time.perf_counter()]
    for _ in range(epochs + 1):
        rows, part_losses, grads = zip(*answers_to(params), strict=True)
        losses.append(np.average(part_losses, weights=rows))
        for name in params:
            params[name] = params[name] - LR * np.average(
                [grad[name] for grad in grads], axis=0, weights=rows
            )
        clock.append(time.perf_counter())
    return losses, min(np.diff(clock))


def in_one_process(rows, epochs):
    """Descend here, on one BLAS thread, as each worker does."""
    part = make_part(range(BLOCKS), rows // BLOCKS)
    with one_blas_thread:
        return run(lambda params: [gradient_of(params, part)], epochs)


def on_workers(client, n_parts, rows, epochs):
    """Descend on parts that the workers have made and keep."""
    cuts = np.array_split(range(BLOCKS), n_parts)
    parts = [client.submit(make_part, blocks.tolist(), rows // BLOCKS, pure=False) for blocks in cuts]
    wait(parts)

    def answers_to(params):
        return client.gather([client.submit(gradient_of, params, part, pure=False) for part in parts])

    return run(answers_to, epochs)


def main():
    """Print the table."""
    dask.config.set(STAY)
    settings = {"n_workers": 2, "threads_per_worker": 1, "dashboard_address": None}
    print("| rows | one process, ms | 1 part, ms | 2 parts, ms | 4 parts, ms | one process ÷ 2 parts |")
    print("| --- | --- | --- | --- | --- | --- |")
    with Client(**settings, silence_logs=logging.CRITICAL) as client:
        for rows, epochs in EPOCHS.items():
            losses, alone = in_one_process(rows, epochs)
            taken = []
            for n_parts in (1, 2, 4):
                again, seconds = on_workers(client, n_parts, rows, epochs)
                np.testing.assert_allclose(again, losses, rtol=1e-12)
                taken.append(seconds)
            times = " | ".join(f"{1e3 * seconds:,.0f}" for seconds in (alone, *taken))
            print(f"| {rows:,} | {times} | {alone / taken[1]:.2f} |", flush=True)
    print(f"\n{machine('dask', 'numpy')}")


if __name__ == "__main__":
    main()
