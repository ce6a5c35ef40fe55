"""What a panel is compared with, in the kernel of its lesson.

`usual_way` is what most notebooks do: an `interact` that trains the same model from the same settings and
draws the same axes again with pyplot. `ready_pictures` is what no panel can beat: the same slider and
picture, with nothing to train and nothing to draw.
"""

from dataclasses import replace
from itertools import cycle

import ipywidgets as widgets
import matplotlib.pyplot as plt
import numpy as np

from gdutils import plots
from gdutils.training import train


def newest_panel(outputs):
    """Return the training panel that a cell has shown last."""
    return next(each for each in reversed(outputs.values()) if type(each).__name__ == "TrainingPanel")


def slider(panel):
    """Return a learning rate like that of a panel."""
    own = panel.controls.lr_slider
    limits = {"min": own.min, "max": own.max, "step": own.step}
    return widgets.FloatLogSlider(value=own.value, description="learning rate", **limits)


def usual_way(panel):
    """Show an `interact` that does what a panel does with its learning rate."""
    plt.style.use("gdutils.lesson")
    picture = next(iter(panel.pictures.values()))
    draw = DRAW[type(picture).__name__]
    panel.wait()
    _, settings = panel.finished()

    def show(lr):
        optimizer = replace(settings.optimizer, lr=lr)
        how = {"epochs": picture.epochs, "batch_size": settings.batch_size}
        run = train(picture.model, picture.X, picture.y, optimizer, **how)
        draw(picture, run)
        plt.show()
        print(f"lr={lr:.3g}: loss {run.losses[-1]:.4g}")

    widgets.interact(show, lr=slider(panel))


def ready_pictures(panel):
    """Return a slider that turns from one of two ready pictures of a panel to the other."""
    rate, found = panel.controls.lr, []
    first = rate.value
    for lr in (first / 2, first):
        rate.value = lr
        panel.wait()
        found.append(bytes(panel.image.value))
    pictures, handle = cycle(found), slider(panel)
    image = widgets.Image(format="png", value=next(pictures), layout={"width": "100%"})
    handle.observe(lambda _: setattr(image, "value", next(pictures)), "value")
    return widgets.VBox([handle, image])


def place_of_a_point(panel):
    """Return where in the picture a point can be dragged, as parts of its width and height, or ()."""
    picture = panel.picture
    for ax, kind in picture.grips.items():
        if kind == "point":
            x, y = ax.transData.transform(picture.points(panel.X, panel.y)[len(panel.y) // 2])
            width, height = picture.live.size
            return float(x / width), float(1 - y / height)
    return ()


def draw_losses(ax, losses):
    plots.label_loss(ax)
    plots.plot_loss(losses, ax)


def draw_line(picture, run):
    _, (data_ax, loss_ax, surface_ax) = plt.subplots(1, 3, figsize=(8.4, 3.4))
    plots.plot_data(picture.X, picture.y, data_ax)
    plots.plot_line(run.params, data_ax)
    draw_losses(loss_ax, run.losses)
    plots.plot_surface(picture.model, picture.X, picture.y, surface_ax, start=run.path[0])
    plots.plot_path(run.path, surface_ax)


def draw_classes(picture, run):
    figure, (map_ax, loss_ax) = plt.subplots(1, 2, figsize=(8.4, 3.8))
    plots.plot_classes(picture.X, picture.y, map_ax)
    kind = type(picture).__name__
    if kind == "MarginPicture":
        plots.plot_margins(run.params, picture.X, picture.y, map_ax)
    elif kind == "ProbabilityPicture":
        plots.plot_probability(picture.model, run.params, map_ax)
    else:
        plots.plot_regions(picture.model, run.params, map_ax)
    if "W1" in run.params:
        plots.plot_kinks(run.params, map_ax)
    figure.legend(handles=map_ax.get_legend_handles_labels()[0], loc="outside lower left", ncols=5)
    draw_losses(loss_ax, run.losses)


def draw_ratings(picture, run):
    figure, (known_ax, table_ax, error_ax) = plt.subplots(1, 3, figsize=(8.4, 3.8))
    low, high = np.percentile(picture.y, [2, 98])
    table = run.params["P"] @ run.params["Q"].T
    known = np.full(table.shape, np.nan)
    known[tuple(picture.X.T)] = picture.y
    (image,) = plots.plot_table(known, known_ax, limits=(low, high))
    plots.plot_table(table, table_ax, limits=(low, high))
    figure.colorbar(image, ax=[known_ax, table_ax], location="bottom", aspect=50)
    for X, y in picture.parts:
        errors = [np.sqrt(np.mean((y - picture.model.predict(params, X)) ** 2)) for params in run.path]
        plots.plot_loss(errors, error_ax)
    error_ax.set(title="Do hidden ones follow?", xlabel="epoch", ylabel="RMSE")


DRAW = {
    "LinePicture": draw_line,
    "MarginPicture": draw_classes,
    "ProbabilityPicture": draw_classes,
    "RegionsPicture": draw_classes,
    "RatingsPicture": draw_ratings,
}
