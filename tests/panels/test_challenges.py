"""Challenges: what ticks them off, and what does not."""

from types import SimpleNamespace

import numpy as np
import pytest

from gdutils.practice import Challenge, Challenges, height_under, loss_under, stays_under
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
        ((0.4, 0.1, 0.2, 5), False, False),  # diverged
        ((4, 0.1, 0.1, np.nan), False, False),
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
        ([(4, 0.1, np.nan)], False),
        ([], False),  # all are switched off
    ],
)
def test_every_walk_meets_it(curves, met):
    assert height_under(0.3, steps=2).reached(walks_of(*curves), SETTINGS) is met


def test_a_challenge_may_name_the_walks_that_count():
    named = height_under(0.3, steps=2, also=lambda walk, descent: walk.name == 0)
    assert named.reached(walks_of((4, 1, 0.2), (4, 9, 99)), SETTINGS)
    assert not named.reached(walks_of((4, 9, 99), (4, 1, 0.2)), SETTINGS)


def test_a_run_that_diverged_meets_no_challenge():
    anything = Challenge("Run", lambda run, settings: True)
    assert anything.reached(run_of(4, 9, 4), SETTINGS)
    assert not anything.reached(run_of(4, 1, 5), SETTINGS)
    assert not anything.reached(walks_of((4, 1), (4, 5)), SETTINGS)


def test_data_function_and_what_else_is_asked_for():
    for also in (True, False):
        asked = {"also": lambda *_, also=also: also, "where": "with luck"}
        for data in ("blobs", "rings"):
            challenge = stays_under(9, since=1, data=data, **asked)
            assert challenge.reached(run_of(4, 1), SETTINGS) is (also and data == "blobs")
    assert challenge.text == "From epoch 1 on, keep the loss under 9 on rings, with luck"
    assert loss_under(9, epochs=1).text == "Bring the loss under 9 within 1 epoch"
    bowl = height_under(1e-9, steps=2, function="bowl")
    assert bowl.text == "Come closer than 1e-09 to the lowest height within 2 steps on bowl"
    assert not bowl.reached(walks_of((4, 0)), SETTINGS)


def test_they_tick_themselves_off_say_so_and_stay_ticked():
    panel, challenges = FakePanel(), Challenges([loss_under(0.3, epochs=2), stays_under(0.1, since=2)])
    first, good = (run_of(4, 0.2, 0.2), SETTINGS), (run_of(4, 0.05, 0.05), SETTINGS)
    # The panel's own first run; one that is not trained to its end; and three of the learner's.
    for panel.result, own, ticks in ((first, 0, 0), (None, 1, 0), (first, 1, 1), (good, 1, 2), (first, 1, 2)):
        panel.own = bool(own)
        challenges.update(panel)
        assert challenges.widget.value.count("✔") == ticks
    assert panel.notice == "✔ Challenge met: From epoch 2 on, keep the loss under 0.1: by SGD(lr=0.05)."
    challenges.reset()
    assert all(challenges.how)


def test_challenges_need_some():
    with pytest.raises(TypeError, match="challenges must be a list of Challenge, at least one, got"):
        Challenges(["run"])
