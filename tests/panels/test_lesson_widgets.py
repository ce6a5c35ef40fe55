"""The slider of the start page."""

import base64

from gdutils.panel import InteractiveFigure, SliderTest, live_panel


def test_the_sentence_answers_the_slider():
    test = SliderTest()
    test.slider.value = 3
    assert "You set 3, and Python answered." in test.answer.value


def test_a_saved_page_says_what_to_do():
    shown = SliderTest()._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in shown
    assert shown["text/html"] == shown["text/plain"] == "No slider here? Run this cell."


def test_a_figure_follows_its_sliders_and_says_what_they_are(monkeypatch):
    def draw(figure, slope):
        seen.append(slope)
        figure.subplots().plot([0, 1], [0, slope])

    seen, shown = [], []
    live = InteractiveFigure(draw, slope=(0.0, 2.0, 0.1))
    first = live.image.value
    live.controls["slope"].value = 0.3
    assert seen == [1.0, 0.3]
    assert live.image.value != first
    monkeypatch.setattr(live_panel, "display", lambda data, raw: shown.append(data))
    live._ipython_display_()
    assert shown[-1]["text/plain"] == "The figure at slope = 0.3."
    assert base64.b64decode(shown[1]["image/png"]) == live.image.value
