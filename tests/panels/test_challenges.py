"""Challenges: what meets them, and what does not."""

from types import SimpleNamespace

import numpy as np
import pytest

from gdutils.practice import Challenges, height_under, loss_under, stays_under
from tests.panels.fake_panel import FakePanel

SETTINGS = SimpleNamespace(data="blobs", function="x²")


def run_of(*losses):
    return SimpleNamespace(losses=np.array(losses, dtype=float))


def walks_of(*curves):
    return [SimpleNamespace(heights=np.array(curve, dtype=float), name=n) for n, curve in enumerate(curves)]


@pytest.mark.parametrize(
    ("losses", "under", "stays"),
    [
        ((4, 3, 0.29), True, True),
        ((4, 3, 0.3), False, False),  # under, and not at
        ((4, 3, 2, 0.1), False, False),  # an epoch too late
        ((0.2, 0.19), True, False),  # it has not come as far as epoch 2
        ((4, 0.1, 0.2, 5), False, False),  # diverged
    ],
)
def test_runs(losses, under, stays):
    assert loss_under(0.3, epochs=2).reached(run_of(*losses), SETTINGS) is under
    assert stays_under(0.3, since=2).reached(run_of(*losses), SETTINGS) is stays


@pytest.mark.parametrize(
    ("curves", "met"),
    [
        ([(4, 1, 0.2, 2), (4, 0.1, 2, 3)], True),
        ([(4, 1, 0.2), (4, 2, 1, 0.2)], False),  # every walk must meet it, and in time
        ([(4, 1, 0.2), (4, 0.1, 5)], False),  # the second diverged
        ([], False),  # all are switched off
    ],
)
def test_every_walk_meets_it(curves, met):
    assert height_under(0.3, steps=2).reached(walks_of(*curves), SETTINGS) is met


def test_the_data_asked_for_count_and_are_named():
    for data in ("blobs", "rings"):
        challenge = stays_under(9, since=1, data=data, where="with luck")
        assert challenge.reached(run_of(4, 1), SETTINGS) is (data == "blobs")
    assert challenge.text == "From epoch 1 on, keep the loss under 9 on rings, with luck"
    assert not height_under(9, steps=2, function="bowl").reached(walks_of((4, 0)), SETTINGS)


def test_one_goal_at_a_time_turns_green_and_stays_met():
    panel, challenges = FakePanel(), Challenges([loss_under(0.3, epochs=2), stays_under(0.1, since=2)])
    first, good = (run_of(4, 0.2, 0.2), SETTINGS), (run_of(4, 0.05, 0.05), SETTINGS)
    # The panel's own first run; one that is not trained to its end; and three of the learner's.
    seen = (
        (first, 0, "Goal 1 of 2:"), (None, 1, "Goal 1 of 2:"), (good, 1, "Goal 1 of 2, met:"),
        (good, 1, "Goal 1 of 2, met:"),  # the second one was not shown: it is not met by accident
        (first, 1, "Goal 2 of 2:"), (good, 1, "Goal 2 of 2, met:"), (first, 1, "Goal 2 of 2, met:"),
    )  # fmt: skip
    for lr, (panel.result, own, words) in enumerate(seen):
        panel.own = bool(own)
        panel.values["lr"] = 0 if lr == 3 else lr if lr != 2 else 0
        challenges.update(panel)
        assert words in challenges.chip.value
    challenges.reset()
    assert all(challenges.how)


def test_from_another_start_or_with_other_rows_no_goal_is_met():
    panel, challenges = FakePanel(), Challenges([loss_under(0.3, epochs=2)])
    panel.result, panel.own, panel.moved = (run_of(4, 0.2), SETTINGS), True, True
    challenges.update(panel)
    assert "Goal 1 of 1:" in challenges.chip.value
    assert "Reset first" in challenges.chip.value
    panel.moved = False
    challenges.update(panel)
    assert "Goal 1 of 1, met:" in challenges.chip.value
