"""Challenges: what ticks them off, and what does not."""

from dataclasses import FrozenInstanceError

import numpy as np
import pytest

from gdutils.challenges import Challenge, Challenges, height_under, loss_under, stays_under
from gdutils.datasets import make_line
from gdutils.descent_panel import DescentPanel
from gdutils.descent_pictures import CurvePicture
from gdutils.landscapes import Parabola
from gdutils.made_data import Made
from gdutils.models import LinearRegression
from gdutils.optimizers import SGD
from gdutils.panels import TrainingPanel
from gdutils.pictures import LinePicture
from gdutils.predictions import Prediction, Predictions
from gdutils.runs import Settings
from gdutils.training import Run

X, Y = make_line()
SETTINGS = Settings("", SGD(), batch_size=1, of_model={})


def line_panel(*extras, epochs=60):
    picture = LinePicture(LinearRegression(n_features=1), X, Y, epochs)
    panel = TrainingPanel(picture, SGD(lr=0.01), extras=extras)
    panel.wait()
    return panel


def curve_panel(*extras):
    picture = CurvePicture(Parabola(), start=10, steps=30)
    return DescentPanel(picture, SGD(lr=0.05), extras=extras)


def run_of(*losses):
    return Run(path=[], losses=np.array(losses, dtype=float))


# --------------------------------------------------------------------------- what counts


@pytest.mark.parametrize(
    ("losses", "met"),
    [
        ((4, 3, 0.29), True),
        ((4, 3, 0.3), False),  # under, and not at
        ((4, 3, 2, 0.1), False),  # an epoch too late
        ((0.1, 3, 2, 1), False),  # the start is none of the learner's work
        ((4, 0.2), True),  # a run that ends early
        ((4, np.nan), False),
        ((4, np.inf), False),
    ],
)
def test_loss_under(losses, met):
    assert loss_under(0.3, epochs=2).met(run_of(*losses), SETTINGS) is met


@pytest.mark.parametrize(
    ("losses", "met"),
    [
        ((4, 3, 0.2, 0.1), True),
        ((4, 3, 0.2, 0.3), False),
        ((4, 0.1, 0.4, 0.1), False),
        ((4, 3), False),  # it has not come that far
        ((4, 3, 0.2, np.nan), False),
    ],
)
def test_stays_under(losses, met):
    assert stays_under(0.3, since=2).met(run_of(*losses), SETTINGS) is met


def test_data_and_what_else_is_asked_for():
    panel = line_panel()
    run, settings = panel.finished()
    assert loss_under(9, epochs=5).met(run, settings)
    assert loss_under(9, epochs=5, data="").met(run, settings)
    assert not loss_under(9, epochs=5, data="other").met(run, settings)
    assert not stays_under(9, since=5, data="other").met(run, settings)
    seen = []
    challenge = stays_under(9, since=5, also=lambda given: bool(seen.append(given)), where="with luck")
    assert not challenge.met(run, settings)
    assert seen == [settings]
    assert challenge.text == "From epoch 5 on, keep the loss under 9, with luck"
    assert loss_under(9, epochs=1, data="ice").text == "Bring the loss under 9 within 1 epoch on ice"


def test_height_under():
    panel = curve_panel()
    walks, descent = panel.finished()
    heights = (10 * 0.9 ** np.arange(31)) ** 2  # of x ← x − 0.05 · 2x
    for steps in (5, 30):
        assert height_under(heights[steps] * 1.01, steps=steps).met(walks, descent)
        assert not height_under(heights[steps] * 0.99, steps=steps).met(walks, descent)
    assert not height_under(99, steps=5, function="other").met(walks, descent)
    assert not height_under(99, steps=5, also=lambda walk, descent: False).met(walks, descent)


@pytest.mark.parametrize(
    ("make", "error", "words"),
    [
        (lambda: Challenge("", max), ValueError, "text must be"),
        (lambda: Challenge("Go", True), TypeError, "met must be a function"),
        (lambda: loss_under(0, epochs=3), ValueError, "bound must be"),
        (lambda: loss_under(0.3, epochs=0), ValueError, "epochs must be"),
        (lambda: stays_under(0.3, since=0), ValueError, "since must be"),
        (lambda: height_under(-1, steps=3), ValueError, "bound must be"),
        (lambda: height_under(1, steps=0), ValueError, "steps must be"),
        (lambda: Challenges([]), ValueError, "challenges must be a list of Challenge, 1 or more"),
        (lambda: Challenges(["run"]), TypeError, "challenges must be a list of Challenge, 1 or more"),
    ],
)
def test_bad_arguments_are_named(make, error, words):
    with pytest.raises(error, match=words):
        make()


def test_a_challenge_is_frozen():
    with pytest.raises(FrozenInstanceError):
        loss_under(1, epochs=1).text = "easy"


# --------------------------------------------------------------------------- ticking off


@pytest.fixture
def both():
    challenges = Challenges([loss_under(0.3, epochs=20), stays_under(0.256, since=50)])
    return line_panel(challenges), challenges


def test_it_ticks_itself_off_under_the_folded_more_and_says_so(both):
    panel, challenges = both
    assert not panel.more.value
    assert challenges.widget.value.count("☐") == 2
    assert panel.notice.value == ""
    panel.controls.lr.value = 0.08
    panel.wait()
    assert challenges.how == ["SGD(lr=0.08), full batch"] * 2
    assert challenges.widget.value.count("✔") == 2
    assert 'role="status"' in panel.notice.value
    assert "Bring the loss under 0.3 within 20 epochs" in panel.notice.value
    assert "SGD(lr=0.08), full batch" in panel.notice.value


def test_one_at_a_time_and_never_unticked(both):
    panel, challenges = both
    panel.controls.lr.value = 0.64  # zigzags for long
    panel.wait()
    assert challenges.how == ["", ""]
    panel.controls.lr.value = 0.045
    panel.wait()
    assert challenges.how == ["SGD(lr=0.045), full batch", "SGD(lr=0.045), full batch"]
    ticked = challenges.widget.value
    panel.controls.lr.value = 5.0
    panel.wait()
    assert challenges.widget.value == ticked


def test_reset_takes_the_words_and_leaves_the_ticks(both):
    panel, challenges = both
    panel.controls.lr.value = 0.08
    panel.wait()
    ticked = challenges.widget.value
    panel.controls.reset.click()
    panel.wait()
    assert panel.notice.value == ""
    assert challenges.widget.value == ticked


def test_the_panels_own_first_run_ticks_nothing_and_looking_neither():
    challenges = Challenges([loss_under(99, epochs=1)])
    panel = line_panel(challenges)
    panel.controls.epoch.value = 3
    panel.more.value = True
    panel.controls.reset.click()
    assert challenges.how == [""]
    panel.controls.batch_size.value = 100
    panel.wait()
    assert challenges.how[0]


def test_a_run_that_a_question_has_set_is_not_the_learners():
    easy = Prediction("Which?", ["this", "that"], {"lr": 0.08}, 0, "It is.")
    asked, challenges = Predictions([easy]), Challenges([loss_under(0.3, epochs=20)])
    panel = line_panel(asked, challenges)
    asked.ask.click()
    panel.controls.lr.value = 0.1  # nor is what is done under the cover shown
    panel.wait()
    asked.choice.index = 0
    asked.reveal.click()
    panel.wait()
    panel.controls.epoch.value = 20
    assert challenges.how == [""]
    panel.controls.lr.value = 0.1
    panel.wait()
    assert challenges.how == ["SGD(lr=0.1), full batch"]


def test_a_long_run_counts_when_it_has_ended():
    looks = []
    challenge = Challenge("Run", lambda run, settings: bool(looks.append(len(run.losses))))
    panel = line_panel(Challenges([challenge]), epochs=200)
    panel.controls.batch_size.value = 1
    panel.wait()
    assert looks == [201]


def test_data_made_anew_do_not_count():
    """With less noise, each number would be beaten."""
    model = LinearRegression(n_features=1)
    made = Made(make_line, lambda X, y: LinePicture(model, X, y, epochs=60), n_samples=200, noise=0.7)
    challenges = Challenges([loss_under(0.3, epochs=20)])
    panel = TrainingPanel(made, SGD(lr=0.01), extras=[challenges])
    panel.controls.of_data["noise"].value = 0.1
    panel.controls.lr.value = 0.08
    panel.wait()
    run, settings = panel.finished()
    assert run.losses[20] < 0.3
    assert settings.of_data
    assert challenges.how == [""]


def test_a_challenge_that_fails_is_a_sentence():
    panel = line_panel(Challenges([Challenge("Fail", lambda run, settings: 1 / 0)]))
    panel.controls.lr.value = 0.02
    assert isinstance(panel.error, ZeroDivisionError)
    assert panel.text.startswith("The panel failed")


def test_walks():
    challenges = Challenges([height_under(1e-9, steps=1)])
    panel = curve_panel(challenges)
    panel.controls.lr.value = 0.4
    assert challenges.how == [""]
    panel.controls.lr.value = 0.5
    assert challenges.how == ["learning rate 0.5, from x = 10"]
    assert "Come closer than 1e-09 to the lowest height within 1 step" in panel.notice.value
