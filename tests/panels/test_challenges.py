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
        ((4, 0.1, 0.4, 0.1), True, False),
        ((0.1, 0.09), True, False),  # it has not come as far as epoch 2
        ((0.2, 3, 2, 0.1), False, False),  # the start is none of the learner's work
        ((0.4, 0.1, 0.2, 5), False, False),  # diverged
        ((4, 0.1, 0.1, np.inf), False, False),
        ((4, 0.1, 0.1, np.nan), False, False),
    ],
)
def test_runs(losses, under, stays):
    assert loss_under(0.3, epochs=2).reached(run_of(*losses), SETTINGS) is under
    assert stays_under(0.3, since=2).reached(run_of(*losses), SETTINGS) is stays
    always = Challenge("Run", lambda run, settings: True)
    assert always.reached(run_of(*losses), SETTINGS) is bool(losses[-1] <= losses[0])


@pytest.mark.parametrize(
    ("curves", "met"),
    [
        ([(4, 1, 0.2)], True),
        ([(4, 1, 0.5, 0.2)], False),  # a step too late
        ([(4, 1, 0.2), (4, 0.1, 2)], True),
        ([(4, 1, 0.2), (4, 2, 1)], False),  # every walk must meet it
        ([(4, 1, 0.2), (4, 0.1, 5)], False),  # the second diverged
        ([(4, 0.1, np.nan)], False),
        ([], False),  # all are switched off
    ],
)
def test_every_walk_meets_it(curves, met):
    assert height_under(0.3, steps=2).reached(walks_of(*curves), SETTINGS) is met


def test_a_challenge_may_name_the_walks_that_count():
    named = height_under(0.3, steps=2, also=lambda walk, descent: walk.name == 0, where="by plain SGD")
    assert named.reached(walks_of((4, 1, 0.2), (4, 9, 99)), SETTINGS)
    assert not named.reached(walks_of((4, 9, 99), (4, 1, 0.2)), SETTINGS)
    assert not named.reached(walks_of((4, 1, 0.2))[1:], SETTINGS)


def test_data_function_and_what_else_is_asked_for():
    run, walks = run_of(4, 0.1), walks_of((4, 0.1))
    assert loss_under(9, epochs=1, data="blobs", also=lambda settings: True).reached(run, SETTINGS)
    assert not loss_under(9, epochs=1, data="rings").reached(run, SETTINGS)
    assert not stays_under(9, since=1, also=lambda settings: False).reached(run, SETTINGS)
    assert height_under(9, steps=1, function="x²").reached(walks, SETTINGS)
    assert not height_under(9, steps=1, function="bowl").reached(walks, SETTINGS)
    texts = [
        loss_under(9, epochs=1, data="ice").text,
        stays_under(9, since=5, where="with luck").text,
        height_under(1e-9, steps=2, function="x²").text,
    ]
    assert texts == [
        "Bring the loss under 9 within 1 epoch on ice",
        "From epoch 5 on, keep the loss under 9, with luck",
        "Come closer than 1e-09 to the lowest height within 2 steps on x²",
    ]


def test_they_tick_themselves_off_say_so_and_stay_ticked():
    panel, challenges = FakePanel(), Challenges([loss_under(0.3, epochs=2), stays_under(0.1, since=2)])
    first, good = (run_of(4, 0.2, 0.2), SETTINGS), (run_of(4, 0.05, 0.05), SETTINGS)
    for panel.result in (first, None):  # the panel's own first run, and one that is not trained to its end
        challenges.update(panel)
        assert challenges.how == ["", ""]
        panel.own = True
    panel.learner_sets(lr=0.4)
    for panel.result, ticks in ((first, 1), (good, 2), ((run_of(4, 5), SETTINGS), 2)):
        challenges.update(panel)
        assert challenges.widget.value.count("✔") == ticks
    assert panel.notice == "✔ Challenge met: From epoch 2 on, keep the loss under 0.1: by SGD(lr=0.4)."
    challenges.reset()
    assert challenges.how == ["SGD(lr=0.4)", "SGD(lr=0.4)"]


@pytest.mark.parametrize("given", [[], ["run"]])
def test_challenges_need_some(given):
    with pytest.raises(TypeError, match="challenges must be a list of Challenge, at least one"):
        Challenges(given)
