"""The slider of the start page."""

from gdutils.panel import SliderTest


def test_the_sentence_answers_the_slider():
    test = SliderTest()
    test.slider.value = 3
    assert "You set 3, and Python answered." in test.answer.value


def test_a_saved_page_says_what_to_do():
    shown = SliderTest()._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in shown
    assert shown["text/html"] == shown["text/plain"] == "No slider here? Run this cell."
