"""What a lesson moves by itself: a figure with sliders, and a test whether sliders work at all."""

import io

import ipywidgets as widgets
from matplotlib.figure import Figure

from gdutils import plots
from gdutils.panel.live_figure import DPI
from gdutils.panel.live_panel import display_with_still

UNRUN = "No slider here? Run this cell."


class InteractiveFigure(widgets.VBox):
    """A figure that is drawn again whenever a slider moves.

    Parameters
    ----------
    draw : callable
        ``draw(figure, **values)`` draws on an empty figure.
    size : tuple of two floats, default (8.4, 3.4)
        In inches.
    **sliders
        What `ipywidgets.interactive` takes: a widget, or a tuple (min, max, step), for each value.

    Examples
    --------
    >>> import numpy as np
    >>> def draw(figure, slope):
    ...     figure.subplots().plot([0, 1], [0, slope])
    >>> live = InteractiveFigure(draw, slope=(0.0, 2.0, 0.1))  # as the last line of a cell it is shown
    """

    def __init__(self, draw, size=(8.4, 3.4), **sliders):
        self.image = widgets.Image(format="png")

        def redraw(**values):
            file = io.BytesIO()
            with plots.lesson_style():  # on a slider's own thread, whatever a cell draws meanwhile
                figure = Figure(figsize=size, dpi=DPI)
                draw(figure, **values)
                figure.savefig(file, dpi=DPI)
            self.image.value = file.getvalue()

        *controls, errors = widgets.interactive(redraw, **sliders).children
        self.controls = dict(zip(sliders, controls, strict=True))
        super().__init__([*controls, self.image, errors])
        self.add_class("gdutils-panel")

    def _ipython_display_(self):
        values = ", ".join(f"{name} = {control.value:.4g}" for name, control in self.controls.items())
        display_with_still(self, bytes(self.image.value), f"The figure at {values}.")


class SliderTest(widgets.VBox):
    """A slider that Python answers; where no kernel runs, a saved notebook says what to do instead.

    Examples
    --------
    >>> from gdutils.panel import SliderTest
    >>> test = SliderTest()  # as the last line of a cell it is shown
    """

    def __init__(self):
        self.slider = widgets.IntSlider(max=10, description="move me")
        self.answer = widgets.HTML("Waiting for the slider.")
        self.slider.observe(self._on_change, "value")
        super().__init__([self.slider, self.answer])

    def _on_change(self, change):
        self.answer.value = f"<b>Sliders work.</b> You set {change.new}, and Python answered."

    def _repr_mimebundle_(self, **kwargs):
        return super()._repr_mimebundle_(**kwargs) | {"text/plain": UNRUN, "text/html": UNRUN}
