"""What the live panels are compared with, for the panel of any lesson.

`usual_way` is what most notebooks do: an `interact` that trains the same model from the same settings and
draws the same axes anew with pyplot. `ready_pictures` is what no panel can beat: the same slider and picture,
with nothing to train and nothing to draw.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy, deepcopy
from dataclasses import replace
from itertools import cycle
from typing import Any

import ipywidgets as widgets
import matplotlib.pyplot as plt
import numpy as np

from gdutils import plots
from gdutils.descent_panel import DescentPanel
from gdutils.descent_pictures import LOOKS, DescentPicture, Walk, labels
from gdutils.live import LivePanel
from gdutils.pictures import ClassPicture, LinePicture, RatingsPicture
from gdutils.table_pictures import Compared, TablePicture
from gdutils.training import Run, train
from gdutils.your_data import YourData

TABLE: dict[str, Any] = {
    "family": "monospace",
    "fontsize": 9.5,
    "linespacing": 1.8,
    "va": "top",
    "ha": "right",
}


def newest_panel(outputs: Mapping[int, Any]) -> Any:
    """Return the panel that a cell has shown last."""
    for value in reversed(list(outputs.values())):
        panel = value.panel if isinstance(value, YourData) else value
        if isinstance(panel, LivePanel):
            return panel
    raise ValueError("no cell has shown a panel")


def slider(panel: Any) -> widgets.FloatLogSlider:
    """Return a learning rate like that of a panel."""
    own = panel.controls.lr_slider
    return widgets.FloatLogSlider(
        value=own.value, min=own.min, max=own.max, step=own.step, description="learning rate"
    )


def usual_way(panel: Any) -> None:
    """Show an `interact` that does what a panel does with its learning rate."""
    plt.style.use("gdutils.lesson")
    show = walk_anew(panel) if isinstance(panel, DescentPanel) else train_anew(panel)
    widgets.interact(show, lr=slider(panel))


def ready_pictures(panel: Any) -> widgets.VBox:
    """Return a slider that turns from one of two ready pictures to the other."""
    first, own = bytes(panel.image.value), panel.controls.lr
    before = own.value
    own.value = before / 2
    panel.wait()
    next_picture = cycle([first, bytes(panel.image.value)]).__next__
    own.value = before
    panel.wait()
    handle = slider(panel)
    image = type(panel.image)(format=panel.image.format, value=next_picture(), layout={"width": "840px"})
    handle.observe(lambda change: setattr(image, "value", next_picture()), "value")
    return widgets.VBox([handle, image])


def train_anew(panel: Any) -> Any:
    """Return a function that trains from scratch and draws from scratch."""
    run = panel.run
    picture, settings = run.picture, run.settings
    drawn = picture.picture if isinstance(picture, Compared) else picture

    def show(lr: float) -> None:
        newest = train(
            run.model,
            picture.X,
            picture.y,
            replace(settings.optimizer, lr=lr),
            epochs=picture.epochs,
            batch_size=settings.batch_size,
            random_state=deepcopy(run.stage.random_state),
        )
        for kind, draw in DRAW.items():
            if isinstance(drawn, kind):
                draw(drawn, run.model, newest)
        plt.show()
        print(f"lr={lr:.3g}: {drawn.words(run.model, newest, picture.epochs)}")

    return show


def walk_anew(panel: Any) -> Any:
    """Return a function that walks from the start and draws from scratch."""
    picture, descent = panel.pictures[panel.descent.function], panel.descent
    first = panel.optimizers[0].lr

    def show(lr: float) -> None:
        chosen = [replace(each, lr=lr * each.lr / first) for each in panel.optimizers]
        start = picture.point(descent.start)
        walks = [Walk.of(picture.function, each, start, picture.steps) for each in chosen]
        draw_walks(picture, chosen, walks)
        plt.show()
        print(f"lr={lr:.3g}: {picture.words(walks, picture.steps)}")

    return show


def draw_line(picture: LinePicture, model: Any, run: Run) -> None:
    _, (data_ax, loss_ax, surface_ax) = plt.subplots(1, 3, figsize=(8.4, 3.0))
    plots.plot_data(picture.X, picture.y, data_ax)
    plots.plot_line(run.params, data_ax)
    data_ax.set(title="Does the line fit?", xlabel="x, feature", ylabel="y, target")
    draw_losses(loss_ax, run)
    plots.plot_surface(model, picture.X, picture.y, surface_ax, start=run.path[0])
    plots.plot_path(run.path, surface_ax)
    surface_ax.set_title("Is the star reached?")


def draw_classes(picture: ClassPicture, model: Any, run: Run) -> None:
    figure, (map_ax, loss_ax) = plt.subplots(1, 2, figsize=(8.4, 3.4))
    plots.plot_classes(picture.X, picture.y, map_ax)
    map_ax.set_title(picture.title)
    anew = copy(picture)
    anew.map_ax = map_ax
    anew.draw(model, run.params)
    figure.legend(handles=map_ax.get_legend_handles_labels()[0], loc="outside lower left", ncols=5)
    draw_losses(loss_ax, run, picture, model)


def draw_table(picture: TablePicture, model: Any, run: Run) -> None:
    _, (ax, loss_ax) = plt.subplots(1, 2, figsize=(8.4, 3.4))
    anew = copy(picture)
    anew.compose(ax)
    anew.show(model, run.params)
    draw_losses(loss_ax, run, picture, model)


def draw_ratings(picture: RatingsPicture, model: Any, run: Run) -> None:
    figure, (known_ax, table_ax, error_ax) = plt.subplots(1, 3, figsize=(8.4, 3.4))
    limits = tuple(np.percentile(picture.y, [2, 98]))
    (image,) = plots.plot_table(picture.known(), known_ax, limits=limits)
    plots.plot_table(picture.table_of(run.params), table_ax, limits=limits)
    figure.colorbar(image, ax=[known_ax, table_ax], location="bottom", aspect=50)
    known, hidden = np.transpose([picture.errors(model, params) for params in run.path])
    plots.plot_loss(known, error_ax, label="known")
    plots.plot_loss(hidden, error_ax, color=plots.HELD_OUT, linestyle="--", label="hidden")
    error_ax.set(title="Do hidden ones follow?", xlabel="epoch", ylabel="RMSE")
    error_ax.legend()


def draw_losses(ax: Any, run: Run, picture: Any = None, model: Any = None) -> None:
    plots.label_loss(ax)
    plots.plot_loss(run.losses, ax, label="training")
    ax.set_title("Does the loss fall?")
    if getattr(picture, "held_out", None) is not None:
        losses = [model.loss(params, *picture.held_out) for params in run.path]
        plots.plot_loss(losses, ax, color=plots.HELD_OUT, linestyle="--", label="held out")
        ax.legend()


def draw_walks(picture: DescentPicture, optimizers: list[Any], walks: list[Walk]) -> None:
    alone = len(walks) == 1
    figure, (ax, side) = plt.subplots(1, 2, figsize=(8.4, 3.5 if alone else 3.9), width_ratios=(1.25, 1))
    anew = copy(picture)
    anew.ax, anew.side = ax, side
    anew.draw_function()
    limits = ax.axis()
    for each, (color, line, mark) in zip(walks, LOOKS, strict=False):
        ax.plot(*anew.on_axes(each.path), linestyle=line, color=color, **picture.trail)
        ax.plot(*anew.on_axes(each.path[-1:]), mark, color=color, markeredgecolor="white", markersize=9)
    ax.axis(limits)
    if alone:
        anew._compose_table()
        for place, entries in zip(anew.table.places, anew.columns(walks[0], picture.steps), strict=True):
            side.text(*place, "\n".join(entries), **TABLE, transform=side.transAxes)
        return
    plots.label_loss(side)
    for each, (color, line, _), label in zip(walks, LOOKS, labels(optimizers), strict=False):
        side.plot(each.heights, linestyle=line, color=color, label=label)
    side.set(title="How high above the lowest point?", xlabel="step", ylim=(picture.floor / 3, None))
    figure.legend(loc="outside lower left", ncols=6)


DRAW: dict[type, Any] = {
    LinePicture: draw_line,
    ClassPicture: draw_classes,
    TablePicture: draw_table,
    RatingsPicture: draw_ratings,
}
