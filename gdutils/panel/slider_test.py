"""A slider, and a sentence that answers it: they show whether anything can move here."""

import ipywidgets as widgets

UNRUN = "No slider here? Run this cell."


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
