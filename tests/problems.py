"""A small problem for each model, with its picture and its panel: what the tests of both go through."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import ipywidgets as widgets
from sklearn.datasets import make_blobs

from gdutils import models, pictures
from gdutils.datasets import make_line, make_ratings
from gdutils.optimizers import SGD
from gdutils.panels import TrainingPanel


def blobs(centers, n_samples=60, random_state=1):
    return make_blobs(n_samples, centers=centers, cluster_std=2.5, random_state=random_state)


def signed(X, y):
    return X, 2 * y - 1


def hidden_units():
    return {"n_hidden": widgets.IntSlider(min=1, max=12, description="hidden units")}


def cost():
    return {"C": widgets.FloatLogSlider(min=-2, max=2, step=0.1, description="C")}


def rank_and_penalty():
    return {
        "rank": widgets.IntSlider(min=1, max=6, description="rank"),
        "reg": widgets.FloatSlider(min=0, max=1, step=0.01, description="penalty λ"),
    }


@dataclass(frozen=True)
class Problem:
    """A model, its data, and how they are shown."""

    model: Any
    data: tuple[Any, Any]
    picture: Callable[..., Any]
    lr: float
    other_data: tuple[Any, Any]
    batch_size: int | None = None
    extras: dict[str, Any] = field(default_factory=dict)  # for the picture
    of_model: Callable[[], dict[str, Any]] = dict

    def draw(self, epochs: int, **changes: Any) -> Any:
        arguments = {"model": self.model, "X": self.data[0], "y": self.data[1]} | self.extras | changes
        return self.picture(epochs=epochs, **arguments)

    def pictures(self, epochs: int) -> dict[str, Any]:
        X, y = self.other_data
        others = {"held_out": self.data} if issubclass(self.picture, pictures.ClassPicture) else {}
        return {"first": self.draw(epochs), "second": self.draw(epochs, X=X, y=y, **others)}

    def panel(self, epochs: int) -> TrainingPanel:
        settings = {"batch_size": self.batch_size, "of_model": self.of_model(), "random_state": 3}
        return TrainingPanel(self.pictures(epochs), SGD(self.lr), **settings)


RATINGS = make_ratings(12, 9, density=0.5, random_state=0)
OTHER_RATINGS = make_ratings(12, 9, density=0.3, random_state=1)

PROBLEMS = {
    "line": Problem(
        models.LinearRegression(1), make_line(50), pictures.LinePicture, 0.05, make_line(40, slope=-1.0)
    ),
    "probability": Problem(
        models.LogisticRegression(2), blobs(2), pictures.ProbabilityPicture, 0.05, blobs(2, 80, 2)
    ),
    "regions": Problem(
        models.SoftmaxRegression(2, 3), blobs(3), pictures.RegionsPicture, 0.05, blobs(3, 80, 2)
    ),
    "regions of a network": Problem(
        models.NeuralNetwork(2, 5, 3),
        blobs(3),
        pictures.RegionsPicture,
        0.02,
        blobs(3, 80, 2),
        batch_size=16,
        of_model=hidden_units,
    ),
    "margin": Problem(
        models.LinearSVM(2),
        signed(*blobs(2)),
        pictures.MarginPicture,
        0.01,
        signed(*blobs(2, 80, 2)),
        of_model=cost,
    ),
    "ratings": Problem(
        models.MatrixFactorization(12, 9, 2, 0.1),
        RATINGS[:2],
        pictures.RatingsPicture,
        0.02,
        OTHER_RATINGS[:2],
        batch_size=1,
        extras={"truth": RATINGS[2]},
        of_model=rank_and_penalty,
    ),
}
