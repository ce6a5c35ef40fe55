"""The reference runs: with its default settings, every lesson's run gives these numbers."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from gdutils.datasets import make_line
from gdutils.models import LinearRegression
from gdutils.optimizers import SGD
from gdutils.training import train


@dataclass(frozen=True)
class Reference:
    """A run and what it gives: the loss after some epochs, and the parameters at the end."""

    model: Any
    data: Any
    optimizer: Any
    epochs: int
    losses: dict[int, float]
    params: dict[str, Any]


REFERENCES = {
    "linear regression": Reference(
        model=LinearRegression(n_features=1),
        data=make_line,
        optimizer=SGD(lr=0.05),
        epochs=200,
        losses={
            0: 6.2151807562,
            1: 4.5516600933,
            2: 3.3534680739,
            10: 0.487913007,
            50: 0.2550760333,
            100: 0.2548911439,
            199: 0.2548900454,
        },
        params={"w": [1.9782071772], "b": -0.2503538789},
    ),
}


@pytest.mark.parametrize("reference", REFERENCES.values(), ids=REFERENCES)
def test_default_settings_give_the_reference_run(reference):
    run = train(reference.model, *reference.data(), reference.optimizer, epochs=reference.epochs)
    assert len(run.losses) == reference.epochs + 1
    for epoch, loss in reference.losses.items():
        assert run.losses[epoch] == pytest.approx(loss, rel=1e-6), f"the loss after epoch {epoch}"
    assert run.params.keys() == reference.params.keys()
    for name, value in reference.params.items():
        np.testing.assert_allclose(run.params[name], value, rtol=1e-6, err_msg=name)
