"""Which learning rates are called stable, how sure that is said to be, and whether real runs agree."""

from dataclasses import replace

import numpy as np
import pytest

from gdutils.models import LinearRegression, LinearSVM, LogisticRegression, NeuralNetwork, SoftmaxRegression
from gdutils.optimizers import SGD, Adam, Momentum, Nesterov
from gdutils.stability import StableRate, largest_stable_lr, mark, round_down, verdict
from gdutils.training import Run, Snapshot, train

RNG = np.random.RandomState(0)
X = RNG.standard_normal((40, 2)) * [1, 2] + 1
Y = X @ [1.0, -2.0] + 3 + 0.1 * RNG.standard_normal(40)
LINE = LinearRegression(2)
ROLLING = [SGD(), Momentum(beta=0.5), Nesterov(beta=0.5)]


def run_of(*losses):
    return Run([Snapshot(epoch, {}, loss, {}) for epoch, loss in enumerate(losses)])


CASES = [
    (LINE, SGD(), None, "exact"),
    (LINE, Momentum(), 40, "exact"),
    (LINE, SGD(), 39, "estimate"),
    (LogisticRegression(2), SGD(), None, "guaranteed"),
    (LogisticRegression(2), Momentum(beta=0), None, "guaranteed"),
    (LogisticRegression(2), Nesterov(), None, "estimate"),
    (SoftmaxRegression(2, 3), SGD(), 40, "guaranteed"),
    (SoftmaxRegression(2, 3), SGD(), 1, "estimate"),
    (NeuralNetwork(2, 3, 2), SGD(), None, "none"),
    (LinearSVM(2), SGD(), None, "none"),
    (LINE, Adam(), None, "none"),
]


@pytest.mark.parametrize(("model", "optimizer", "batch_size", "kind"), CASES)
def test_how_sure_a_rate_is(model, optimizer, batch_size, kind):
    rate = largest_stable_lr(model, X.tolist(), optimizer, batch_size)
    assert rate.kind == kind
    if batch_size in (None, 40) and kind != "none":
        assert rate.lr == optimizer.largest_stable_lr(model.curvature_bound(X))
    assert (rate.lr is None) == (kind == "none")


@pytest.mark.parametrize("optimizer", [*ROLLING, Momentum(beta=0), Nesterov(beta=0.9)], ids=repr)
def test_runs_below_an_exact_rate_converge_and_above_it_diverge(optimizer):
    edge = largest_stable_lr(LINE, X, optimizer)
    lowest = LINE.loss(LINE.minimum(X, Y), X, Y)
    below, above = (
        train(LINE, X, Y, replace(optimizer, lr=factor * edge.lr), epochs=3000) for factor in (0.99, 1.01)
    )
    assert below.losses[-1] == pytest.approx(lowest, rel=1e-6)
    assert not above.losses[-1] < 1e6 * above.losses[0]


@pytest.mark.parametrize("batch_size", [1, 16, 39])
@pytest.mark.parametrize("optimizer", ROLLING, ids=repr)
def test_the_estimate_for_batches_is_cautious_and_between_that_of_all_rows_and_of_one(optimizer, batch_size):
    rate = largest_stable_lr(LINE, X, optimizer, batch_size)
    one_row = min(2 / LINE.curvature(X[[i]]) for i in range(40)) * (1 - getattr(optimizer, "beta", 0))
    assert one_row * (1 - 1e-12) <= rate.lr < largest_stable_lr(LINE, X, optimizer).lr
    if batch_size == 1:
        assert rate.lr == pytest.approx(one_row)
    run = train(LINE, X, Y, replace(optimizer, lr=0.99 * rate.lr), epochs=100, batch_size=batch_size)
    assert run.losses[50:].max() < run.losses[0]


@pytest.mark.parametrize("sizes", [(16, 16, 8), (20, 20)])
def test_the_estimate_is_the_expected_smoothness_of_all_batches_of_an_epoch(sizes):
    n, one_row = 40, max(1 + np.sum(X**2, axis=1))
    of_batches = [
        n * (m - 1) / (m * (n - 1)) * LINE.curvature(X) + (n - m) / (m * (n - 1)) * one_row for m in sizes
    ]
    assert largest_stable_lr(LINE, X, SGD(), sizes[0]).lr == pytest.approx(2 / np.mean(of_batches), rel=1e-12)


# Words. ---


FALLS, RISES, SPIKES = run_of(8, 4, 2), run_of(1, 2, 3), run_of(8, 1, 3)
EXACT, SURE, ABOUT = (StableRate(0.5129, kind) for kind in ("exact", "guaranteed", "estimate"))
NONE = StableRate(None, "none")
RATES = "Learning rates below 0.51 are"
OVER = "After epoch 2 the loss is 3, above the initial 1."
ABOVE = "It stays above its start, and"
SMALLER = "Try a smaller learning rate."
SAID = {
    "exact, below": (EXACT, FALLS, 0.05, "Stable.", f"{RATES} stable."),
    "just below": (EXACT, FALLS, 0.5128, "Stable.", "Learning rates below 0.5129 are stable."),
    "exact, at": (EXACT, FALLS, 0.5129, "Not stable.", f"{RATES} stable."),
    "guaranteed": (SURE, FALLS, 1, "Lower than at the start.", f"{RATES} guaranteed to be stable."),
    "guaranteed, below": (SURE, FALLS, 0.1, "Stable.", f"{RATES} guaranteed to be stable."),
    "estimate": (ABOUT, FALLS, 0.1, "Lower than at the start.", f"{RATES} estimated to be stable."),
    "an estimate that a spike refutes": (ABOUT, SPIKES, 0.1, "Lower than at the start.", ""),
    "nothing known": (NONE, FALLS, 0.1, "Lower than at the start.", ""),
    "no move": (NONE, run_of(1, 1), 0.1, "No progress.", ""),
    "overshooting": (NONE, RISES, 0.1, "Overshooting.", f"{OVER} {SMALLER}"),
    "an estimate that it refutes": (ABOUT, RISES, 0.1, "Overshooting.", f"{OVER} {SMALLER}"),
    "not fallen yet": (EXACT, RISES, 0.1, "Overshooting.", f"{OVER} {RATES} stable. Train longer."),
    "diverged": (
        EXACT, run_of(1, 0.5, 3, 200), 0.6, "Diverged at epoch 2.",
        f"{ABOVE} at epoch 3 the loss is 200. {RATES} stable.",
    ),
    "overflow": (
        NONE, run_of(1, 3, 1e7, np.inf), 0.6, "Diverged at epoch 1.",
        f"{ABOVE} from epoch 2 on the loss is beyond 10⁶. {SMALLER}",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("rate", "run", "lr", "headline", "said"), SAID.values(), ids=SAID)
def test_the_verdict(rate, run, lr, headline, said):
    assert verdict(rate, run, SGD(lr)) == (headline, said)


def test_the_words_at_the_mark():
    assert mark(EXACT, RISES, SGD(0.1)) == (0.5129, "Stable below 0.51")
    assert mark(SURE, FALLS, SGD(0.1)) == (0.5129, "Guaranteed below 0.51")
    assert mark(ABOUT, FALLS, SGD(0.1)) == (0.5129, "Estimate: stable below 0.51")
    for run in (SPIKES, RISES, run_of(1, np.nan)):
        assert mark(ABOUT, run, SGD(0.1)) == (None, "")
        assert mark(ABOUT, run, SGD(0.6)) == (0.5129, "Estimate: stable below 0.51")
    assert mark(NONE, FALLS, SGD(0.1)) == (None, "")


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (0.5129, 2, "0.51"),
        (1.999, 2, "1.9"),
        (0.05, 2, "0.05"),
        (1234.5, 3, "1.23e+03"),
        (996e3, 2, "9.9e+05"),
    ],
)
def test_round_down_never_goes_above(value, digits, text):
    assert round_down(value, digits) == text
    assert float(text) <= value
