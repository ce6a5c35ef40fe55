"""A small problem for each picture, with its panel: what the tests of both go through."""

import threading
import time
from dataclasses import dataclass, field

import ipywidgets as widgets
import numpy as np
import pytest
from sklearn.datasets import make_blobs

from gdutils import models, panel
from gdutils.datasets import make_line, make_ratings
from gdutils.optimizers import SGD


def blobs(centers, n_samples=60, random_state=1):
    return make_blobs(n_samples, centers=centers, cluster_std=2.5, random_state=random_state)


def signed(X, y):
    return X, 2 * y - 1


@dataclass(frozen=True)
class Problem:
    """A model, its data, and how they are shown."""

    model: object
    data: tuple
    picture: type
    lr: float
    other_data: tuple
    batch_size: int | None = None
    held_out: bool = True  # whether the other data may be held out
    settings: dict = field(default_factory=dict)  # of the picture
    of_model: object = dict

    def draw(self, epochs, **changes):
        arguments = {"model": self.model, "X": self.data[0], "y": self.data[1]} | self.settings | changes
        return self.picture(epochs=epochs, **arguments)

    def pictures(self, epochs):
        X, y = self.other_data
        others = {"held_out": self.data} if self.held_out else {}
        return {"first": self.draw(epochs), "second": self.draw(epochs, X=X, y=y, **others)}

    def panel(self, epochs, **settings):
        settings = {"batch_size": self.batch_size, "of_model": self.of_model(), "random_state": 3} | settings
        return panel.TrainingPanel(self.pictures(epochs), SGD(self.lr), **settings)


def hidden_units():
    return {"n_hidden": widgets.IntSlider(min=1, max=12, description="hidden units")}


def cost():
    return {"C": widgets.FloatLogSlider(min=-2, max=2, step=0.1, description="C")}


def rank_and_penalty():
    rank = widgets.IntSlider(min=1, max=6, description="rank")
    return {"rank": rank, "reg": widgets.FloatSlider(min=0, max=1, step=0.01, description="penalty λ")}


RATINGS = make_ratings(12, 9, density=0.5, random_state=0)
TWO, THREE = (blobs(2), blobs(2, 80, 2)), (blobs(3), blobs(3, 80, 2))
PROBLEMS = {
    "line": Problem(
        models.LinearRegression(1), make_line(50), panel.LinePicture, 0.05, make_line(40, slope=-1.0)
    ),
    "probability": Problem(models.LogisticRegression(2), TWO[0], panel.ProbabilityPicture, 0.05, TWO[1]),
    "regions": Problem(models.SoftmaxRegression(2, 3), THREE[0], panel.RegionsPicture, 0.05, THREE[1]),
    "network": Problem(
        models.NeuralNetwork(2, 5, 3), THREE[0], panel.RegionsPicture, 0.02, THREE[1], 16,
        of_model=hidden_units,
    ),
    "margin": Problem(
        models.LinearSVM(2), signed(*TWO[0]), panel.MarginPicture, 0.01, signed(*TWO[1]), of_model=cost
    ),
    "ratings": Problem(
        models.MatrixFactorization(12, 9, 2, 0.1), RATINGS[:2], panel.RatingsPicture, 0.02,
        make_ratings(12, 9, density=0.3, random_state=1)[:2], 1, held_out=False,
        settings={"truth": RATINGS[2]}, of_model=rank_and_penalty,
    ),
    "loss alone": Problem(models.SoftmaxRegression(2, 3), THREE[0], panel.LossPicture, 0.05, THREE[1]),
}  # fmt: skip
every_problem = pytest.mark.parametrize("problem", PROBLEMS.values(), ids=PROBLEMS)


def until(condition):
    """Wait for what another thread does; the limit only ends a test that has failed."""
    end = time.monotonic() + 300
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.002)


def at_rest(before):
    """Return whether the threads of panels since then have ended; a kernel may have begun others."""
    return all(thread.name != "gdutils-panel" for thread in set(threading.enumerate()) - before)


def assert_same_pixels(live):
    """Compare a frame with the pixels of a full drawing of a live figure as it stands."""
    frame = np.asarray(live.frame())
    animated = live.canvas.figure.findobj(lambda artist: artist.get_animated())
    assert animated
    for artist in animated:
        artist.set_animated(False)
    live.canvas.draw()
    full = np.array(live.canvas.buffer_rgba())[..., :3]
    for artist in animated:
        artist.set_animated(True)
    assert frame.shape == full.shape
    assert not (frame != full).any()
