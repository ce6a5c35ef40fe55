"""A small problem for each picture, with its panel: what the tests of both go through."""

import html
import re
import threading
import time
from dataclasses import dataclass, field, replace
from io import BytesIO

import ipywidgets as widgets
import numpy as np
import pytest
from PIL import Image
from sklearn.datasets import make_blobs

from gdutils import models, panel
from gdutils.datasets import make_line, make_ratings
from gdutils.landscapes import Bowl, DoubleWell, Parabola, Rosenbrock, Saddle
from gdutils.optimizers import SGD, AdaGrad, Adam, Momentum, Nesterov, RMSprop
from gdutils.training import Run, train


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


SIX = [SGD(0.03), Momentum(0.03), Nesterov(0.03), AdaGrad(0.3), RMSprop(0.03), Adam(0.3)]


def curves():
    """Return a panel with one optimizer on functions of one variable, as in the first lesson."""
    pictures = {
        "x²": panel.CurvePicture(Parabola(), start=10, steps=30),
        "double well": panel.CurvePicture(DoubleWell(), start=1.6, steps=40, lr=0.02),
    }
    return panel.DescentPanel(pictures, SGD(lr=0.1))


def maps():
    """Return a panel with six optimizers on functions of two variables."""
    pictures = {
        "ravine": panel.MapPicture(Bowl(25), start=(-9, 2), steps=50),
        "saddle": panel.MapPicture(Saddle(), start=(1.5, 0.01), steps=30, lr=0.1),
        "Rosenbrock": panel.MapPicture(Rosenbrock(), start=(-1.2, 1), steps=30, lr=0.001),
    }
    return panel.DescentPanel(pictures, SIX)


# Makes a panel of every kind.
PANELS = {name: lambda each=each: each.panel(epochs=3) for name, each in PROBLEMS.items()}
PANELS |= {"curves": curves, "maps": maps}
every_panel = pytest.mark.parametrize("make", PANELS.values(), ids=PANELS)


def look(panel):
    panel.wait()
    return panel.text, panel.image.value


def pixels(png):
    return np.asarray(Image.open(BytesIO(png)).convert("RGB")).astype(int)


def assert_shows(panel, apart, optimizer, *, epoch=None, state=3, **settings):
    """Compare a panel with a run that is trained apart from it, drawn by another picture of the same kind."""
    model = replace(apart.model, **{name: settings.pop(name) for name in [*settings] if name != "batch_size"})
    settings |= {"epochs": apart.epochs, "random_state": state}
    run = Run(train(model, apart.X, apart.y, optimizer, **settings).snapshots, optimizer=optimizer)
    text, image = look(panel)
    assert text in html.unescape(re.sub("<[^>]*>", "", panel.sentence.value))
    epoch = -(-apart.epochs // 10) if epoch is None else epoch  # where a panel opens
    epoch = min(epoch, len(run.losses) - 1)  # it may have diverged
    apart.update(model, run, epoch)
    assert f"Epoch {epoch} of {apart.epochs}: {apart.caption(model, run, epoch)}." in text
    assert f"{optimizer!r}, " in panel.name(panel.run)
    assert image == apart.live.png()


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
