"""The challenges of the lessons: none is met by the first run, and each is beaten once."""

import pytest

from gdutils.practice import Challenges
from tests.lessons.cells import WITH_QUESTIONS

BEATEN_BY = {
    "01": [{"function": "x²", "lr": 0.5}, {"function": "double well", "x": 1.6, "lr": 0.15}],
    "02": [
        {"function": "x²", "lr": 0.08},
        {"function": "bowl", "lr": 0.018},
        {"function": "double well", "lr": 0.018},
    ],
    "03": [{"batch_size": 1, "lr": 0.01}, {"batch_size": 100, "lr": 0.8}],
    "04": [{"lr": 0.04}, {"beta": 0.8}],
    "05": [{"lr": 0.4}, {"optimizer": "AdaGrad", "lr": 2.0}],
    "06": [{"data": "overlapping blobs", "optimizer": "Momentum"}, {"data": "tumors", "batch_size": 16}],
    "07": [{"optimizer": "Momentum"}, {"data": "irises", "lr": 2.0, "optimizer": "Nesterov"}],
    "08": [{"data": "blobs", "batch_size": 65}, {"data": "spirals", "n_hidden": 16, "lr": 0.5}],
    "09": [{"C": 10.0, "lr": 0.003}, {"data": "300 points, off center", "optimizer": "Momentum"}],
    "10": [{"lr": 0.3, "reg": 0.03}, {"batch_size": 960, "lr": 15.0}],
    "11": [{"lr": 0.02}, {"data": "as measured", "optimizer": "Adam", "lr": 0.01}],
}


@pytest.mark.parametrize("lesson", WITH_QUESTIONS)
def test_no_first_run_meets_a_challenge_and_some_settings_meet_each(lesson, panel):
    (asked,) = [extra for extra in panel.extras if isinstance(extra, Challenges)]
    first, control = next(iter(panel.controls.named.items()))  # the data, or the function
    for option in control.options:
        panel.uncover({first: option})
        panel.wait()
        for challenge in asked.challenges:
            assert not challenge.reached(*panel.finished()), challenge.text
    for challenge, settings in zip(asked.challenges, BEATEN_BY[lesson], strict=True):
        panel.reset()
        panel.wait()
        for name, value in settings.items():  # one after another, as a learner does
            panel.controls.named[name].value = value
        panel.wait()
        assert challenge.reached(*panel.finished()), challenge.text
    assert all(asked.how)
