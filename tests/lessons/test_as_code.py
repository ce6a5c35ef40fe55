"""The runs of the lessons' panels as code, with each of their controls moved."""

import contextlib
import re

import numpy as np
import pytest

from gdutils import optimizers
from gdutils.optimizers import Momentum
from tests.lessons.cells import NOTEBOOKS, panel_of
from tests.panels.test_as_code import assert_same, code_of

TRAINING = ("00", "03", "05", "06", "07", "08", "09", "10", "11")
DESCENT = ("01", "02", "04")


@pytest.fixture(scope="module", params=TRAINING)
def lesson(request):
    panel, _ = panel_of(request.param)
    with contextlib.chdir(NOTEBOOKS):
        panel.more.value = True
        yield panel
    panel.more.value = False
    panel.controls.reset.click()
    panel.wait()


@pytest.fixture
def panel(lesson):
    lesson.controls.reset.click()
    return lesson


def test_every_data_of_a_lesson(panel):
    for name in panel.controls.data.options:
        panel.controls.data.value = name
        assert_same(panel)


def take_batches(panel):
    """Single rows would take long, with each setting anew."""
    panel.controls.batch_size.value = max(panel.controls.batch_size.value, 16)


def test_every_optimizer(panel):
    take_batches(panel)
    for name in ("Momentum", "Nesterov", "AdaGrad", "RMSprop", "Adam", "SGD"):
        panel.controls.optimizer.value = getattr(optimizers, name)
        assert_same(panel)


def test_batches_seeds_rates_and_epochs(panel):
    controls = panel.controls
    controls.batch_size.value = 37 if controls.batch_size.max > 37 else 2
    controls.lr.value = 0.017
    assert_same(panel)
    controls.optimizer.value, controls.beta.value = Momentum, 0.63
    controls.reseed.value, controls.seed.value = True, 7
    controls.epoch.value = 3
    assert "random_state=7" in code_of(panel)
    assert code_of(panel).endswith("run.losses[3]")
    assert_same(panel)
    controls.lr.value = 1e5  # most runs end early
    assert_same(panel)


def test_the_sliders_of_the_model(panel):
    take_batches(panel)
    for slider in panel.controls.of_model.values():
        for share in (0.1, 0.35):
            step = slider.step or 1
            value = slider.min + round(share * (slider.max - slider.min) / step) * step
            slider.value = getattr(slider, "base", None) ** value if hasattr(slider, "base") else value
            assert_same(panel)


def test_data_made_anew(panel):
    controls = panel.controls
    for name in controls.data.options:
        controls.data.value = name
        for key, first in panel.sources[name].first.items():
            slider = controls.of_data[key]
            slider.value = slider.min + 3 * slider.step
            assert panel.sources[name].settings[key] != first
            assert_same(panel)


@pytest.fixture(scope="module", params=DESCENT)
def descent(request):
    panel, _ = panel_of(request.param)
    panel.more.value = True
    yield panel
    panel.more.value = False
    panel.controls.reset.click()


def test_every_walk(descent):
    controls = descent.controls
    for name in controls.function.options:
        controls.function.value = name
        assert_same_walks(descent)
        for start in controls.start:
            start.value = start.min + 0.3 * (start.max - start.min)
        controls.lr.value *= 0.9
        controls.step.value = 2
        assert_same_walks(descent)
        for switch in controls.switches[1:]:
            switch.value = False
        assert_same_walks(descent)
        for switch in controls.switches:
            switch.value = True


def assert_same_walks(panel):
    """Compare each walk, and what is printed of it: the point and its height."""
    function = panel.pictures[panel.descent.function].function
    code, seen = code_of(panel), []
    own = "# function is that of the lesson" in code  # of a class that a cell defines
    assert own == (type(function).__module__ == "__main__")
    code = re.sub(r"print\((.*)\)", r"seen.append((\1, path))", code)
    exec(code, {"seen": seen} | ({"function": function} if own else {}))
    walks = [each for each in panel.walks if each is not None]
    assert len(seen) == len(walks)
    step = panel.controls.step.value
    for (point, height, path), walk in zip(seen, walks, strict=True):
        np.testing.assert_allclose(path, walk.path, rtol=1e-12)
        np.testing.assert_allclose(point, walk.path[step], rtol=1e-12)
        np.testing.assert_allclose(height, function(walk.path[step]), rtol=1e-12)
