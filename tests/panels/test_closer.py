"""A closer look: each row's gradient and each entry's step, against what is computed by hand."""

import io
import threading
from itertools import pairwise

import numpy as np
import pytest
from PIL import Image

from gdutils import closer, models
from gdutils.closer import BINS, GRADIENTS, NOTHING, STEPS, Closer, Pulls, effective_steps
from gdutils.datasets import make_line
from gdutils.models import LinearRegression
from gdutils.optimizers import SGD, AdaGrad, Adam, Momentum, Nesterov, RMSprop
from gdutils.panels import TrainingPanel
from gdutils.pictures import LinePicture
from gdutils.training import minibatches, train
from tests.problems import PROBLEMS, blobs

every_problem = pytest.mark.parametrize("name", PROBLEMS)


def look(panel):
    """Return the closer look of a panel."""
    return next(extra for extra in panel.extras if isinstance(extra, Closer))


def line_panel(optimizer=SGD(lr=0.05), n=50, **settings):  # noqa: B008
    picture = LinePicture(LinearRegression(1), *make_line(n), epochs=20)
    return TrainingPanel(picture, optimizer, **settings)


def choose(panel, choice, **controls):
    """Open *More*, choose what to look at, and return the sentence."""
    panel.more.value = True
    look(panel).choice.value = choice
    for name, value in controls.items():
        getattr(panel.controls, name).value = value
    panel.wait()
    assert panel.error is None
    return look(panel).text


def flat(grads):
    return np.concatenate([np.ravel(g) for g in grads.values()])


# How the rows pull. ---


@pytest.mark.parametrize("epochs", [0, 3])
def test_pulls_of_a_line_are_the_formula(epochs):
    X, y = make_line(30)
    model = LinearRegression(1)
    params = train(model, X, y, SGD(lr=0.05), epochs=epochs).params
    error = params["w"][0] * X[:, 0] + params["b"] - y
    each = np.column_stack([error * X[:, 0], error]) * 2  # the derivatives of (wx + b − y)²
    scale = flat(model.gradient(params, X, y)) / each.mean(axis=0)  # the loss may have a factor
    assert scale == pytest.approx(np.full(2, scale[0]))
    each, mean = each * scale, each.mean(axis=0) * scale
    pulls = Pulls.of(model, params, X, y)
    wanted = each @ mean / np.hypot(*mean)
    np.testing.assert_allclose(pulls.along, wanted, rtol=1e-9)
    assert pulls.mean == pytest.approx(np.hypot(*mean)) == pytest.approx(wanted.mean())
    assert pulls.spread == pytest.approx(wanted.std())
    assert pulls.against == np.mean(wanted < 0)


@every_problem
def test_pulls_of_every_model_have_the_mean_gradient_as_their_mean(name):
    problem = PROBLEMS[name]
    X, y = problem.data
    params = train(problem.model, X, y, SGD(problem.lr), epochs=4, batch_size=8).params
    pulls = Pulls.of(problem.model, params, X, y)
    assert len(pulls.along) == len(y)
    assert pulls.along.mean() == pytest.approx(pulls.mean)
    assert pulls.mean == pytest.approx(np.linalg.norm(flat(problem.model.gradient(params, X, y))))
    row = flat(problem.model.gradient(params, X[[5]], y[[5]]))
    way = flat(problem.model.gradient(params, X, y)) / pulls.mean
    assert pulls.along[5] == pytest.approx(row @ way)


def test_the_bins_hold_every_row_and_the_outermost_what_lies_beyond():
    along = np.array([-20.0, -0.1, -1e-12, 0.0, 0.2, 0.6, 1.4, 30.0])
    pulls = Pulls(along, 1.5, 8)
    shares = pulls.shares()
    in_deviations = along / along.std()
    wanted = [np.mean((low <= in_deviations) & (in_deviations < high)) for low, high in pairwise(BINS)]
    np.testing.assert_allclose(shares, wanted)
    narrow = Pulls(np.array([-100.0, *np.zeros(98), 100.0]), 1.0, 100)  # 7 standard deviations each
    assert narrow.shares()[[0, -1]] == pytest.approx([0.01, 0.01])
    assert narrow.shares().sum() == pytest.approx(1)


def test_of_many_rows_some_are_drawn_always_the_same():
    X, y = make_line(5_000)
    model = LinearRegression(1)
    best = model.minimum(X, y)
    pulls, again = (Pulls.of(model, best, X, y) for _ in range(2))
    assert len(pulls.along) == 200
    np.testing.assert_array_equal(pulls.along, again.along)
    # The direction and the mean are those of all rows: at the minimum it is 0 but for rounding.
    assert pulls.mean < 1e-9
    assert "(drawn: 200 of the 5,000 rows)" in pulls.words()
    assert 0.3 < pulls.against < 0.7


def test_as_training_proceeds_the_mean_moves_to_0_and_the_rows_still_pull_both_ways():
    panel = line_panel()
    texts = [choose(panel, GRADIENTS, epoch=epoch) for epoch in (0, 20)]
    assert [text[: text.index(":")] for text in texts] == ["Epoch 0", "Epoch 20"]
    first, last = (
        Pulls.of(panel.run.model, panel.run.snapshots[epoch].params, *make_line(50)) for epoch in (0, 20)
    )
    assert last.mean / last.spread < 0.5 * first.mean / first.spread
    assert last.against > 0.2
    for text, pulls in zip(texts, (first, last), strict=True):
        assert f"{pulls.mean:.3g} long" in text
        assert f"deviation of {pulls.spread:.3g}" in text
        assert f"the mean is {pulls.mean / pulls.spread:.2g} of these" in text
        assert f"{pulls.against:.0%} of the rows pull the other way" in text


NOT_DRAWN = {
    "diverged": (Pulls(np.full(3, np.nan), np.nan, 3), "this run has diverged"),
    "overflowing": (Pulls(np.array([1.0, np.inf]), np.inf, 2), "this run has diverged"),
    "flat": (Pulls(np.full(3, np.nan), 0.0, 3), "mean gradient is 0"),
    "one row": (Pulls(np.array([2.0]), 2.0, 1), "every row pulls alike"),
}


@pytest.mark.parametrize(("pulls", "words"), NOT_DRAWN.values(), ids=NOT_DRAWN)
def test_where_there_is_nothing_to_draw_the_words_say_why(pulls, words):
    assert not pulls.can_be_drawn
    assert words in pulls.words()


# Effective steps. ---


@pytest.mark.parametrize("batch_size", [None, 8])
@pytest.mark.parametrize("kind", [AdaGrad, RMSprop, Adam])
@every_problem
def test_effective_steps_by_replaying_the_optimizer(name, kind, batch_size):
    problem = PROBLEMS[name]
    (X, y), model, optimizer = problem.data, problem.model, kind(lr=0.02)
    run = train(model, X, y, optimizer, epochs=3, batch_size=batch_size, random_state=7)
    rng = np.random.RandomState(7)
    params, t = model.init(rng), 0
    squares = {key: np.zeros(np.shape(theta)) for key, theta in params.items()}
    state = {key: optimizer.init(theta) for key, theta in params.items()}
    for _ in range(3):
        for X_batch, y_batch in minibatches(X, y, batch_size or len(y), rng):
            grads, t = model.gradient(params, X_batch, y_batch), t + 1
            for key, g in grads.items():
                keep, add = {AdaGrad: (1, 1), RMSprop: (0.9, 0.1), Adam: (0.999, 0.001)}[kind]
                squares[key] = keep * squares[key] + add * g**2
                params[key], state[key] = optimizer.step(params[key], g, state[key])
    factors = effective_steps(optimizer, run.states[3])
    assert list(factors) == list(params)
    for key, v in squares.items():
        v = v / (1 - 0.999**t) if kind is Adam else v
        np.testing.assert_allclose(factors[key], np.ravel(1 / (np.sqrt(v) + optimizer.eps)), rtol=1e-9)


@pytest.mark.parametrize("kind", [SGD, Momentum, Nesterov])
def test_others_have_one_rate_and_the_sentence_says_what_to_choose(kind):
    assert effective_steps(kind(), {}) is None
    text = choose(line_panel(kind(lr=0.01)), STEPS)
    assert text.startswith(f"Epoch 20: {kind.__name__} has one learning rate for all entries.")
    assert "AdaGrad, RMSprop and Adam" in text
    assert "choose one of them" in text


@pytest.mark.parametrize("kind", [AdaGrad, RMSprop, Adam])
def test_words_tell_the_factors_of_each_parameter_and_the_ends(kind):
    panel = line_panel(kind(lr=0.05))
    text = choose(panel, STEPS, epoch=5)
    factors = effective_steps(panel.run.settings.optimizer, panel.run.snapshots[5].state)
    w, b = factors["w"][0], factors["b"][0]
    assert text.startswith(f"Epoch 5: {kind.__name__} multiplies its learning rate 0.05, in w by ")
    for value in (w, b):
        assert f"by {float(f'{value:.2g}'):g}" in text
    assert f"Smallest effective rate {0.05 * min(w, b):.3g}, largest {0.05 * max(w, b):.3g}." in text


def test_before_the_first_step_there_is_nothing_to_draw():
    assert "before the first step" in choose(line_panel(Adam(lr=0.05)), STEPS, epoch=0)


def test_entries_without_a_gradient_are_counted_apart():
    X = np.array([[0.0, 1.0], [0.0, -1.0], [0.0, 2.0]])  # the first feature says nothing
    run = train(LinearRegression(2), X, [1.0, -1.0, 2.5], AdaGrad(lr=0.1), epochs=2)
    text = closer.steps_in_words(AdaGrad(lr=0.1), effective_steps(AdaGrad(lr=0.1), run.states[2]))
    assert "Entries without a gradient so far: 1," in text
    assert "e+" not in text


# In a panel. ---


@every_problem
@pytest.mark.parametrize("choice", [GRADIENTS, STEPS])
def test_every_model_can_be_looked_at_at_every_epoch(name, choice):
    panel = PROBLEMS[name].panel(12)
    panel.controls.optimizer.value = RMSprop
    images = set()
    for epoch in (0, 1, 12):
        assert choose(panel, choice, epoch=epoch).startswith(f"Epoch {epoch}: ")
        images.add(look(panel).image.value)
        assert Image.open(io.BytesIO(look(panel).image.value)).size == (840, 220)
    assert len(images) == 3


@every_problem
@pytest.mark.parametrize("optimizer", [SGD, RMSprop])
@pytest.mark.parametrize("choice", [GRADIENTS, STEPS])
def test_a_rate_far_too_large_ends_in_a_sentence(name, optimizer, choice):
    panel = PROBLEMS[name].panel(12)
    panel.controls.optimizer.value = optimizer
    panel.controls.lr.value = 1e200
    assert choose(panel, choice).startswith("Epoch ")
    assert Image.open(io.BytesIO(look(panel).image.value)).size == (840, 220)


def test_nothing_is_computed_while_it_is_out_of_sight(monkeypatch):
    seen = []
    panel = line_panel(Adam(lr=0.05))
    extra = look(panel)
    monkeypatch.setattr(extra, "_show", lambda panel: seen.append(panel))
    panel.more.value = True  # open, and nothing chosen
    panel.controls.epoch.value = 3
    panel.wait()
    panel.more.value = False  # chosen, and folded
    extra.choice.value = GRADIENTS
    panel.controls.epoch.value = 4
    panel.controls.lr.value = 0.01
    panel.wait()
    assert (seen, extra.figures) == ([], {})
    panel.more.value = True
    panel.wait()
    assert seen == [panel]


def test_its_room_is_there_once_something_is_chosen_and_never_changes():
    panel = line_panel()
    extra = look(panel)
    assert extra.shown.layout.display == "none"
    sizes = set()
    for choice, kind in ((STEPS, SGD), (GRADIENTS, SGD), (STEPS, Adam), (GRADIENTS, Adam)):
        choose(panel, choice, optimizer=kind)
        assert extra.shown.layout.display == ""
        sizes.add((Image.open(io.BytesIO(extra.image.value)).size, extra.sentence.layout.height))
    assert len(sizes) == 1
    choose(panel, NOTHING)
    assert (extra.shown.layout.display, extra.text) == ("none", "")


def test_reset_chooses_nothing():
    panel = line_panel()
    choose(panel, GRADIENTS)
    panel.controls.reset.click()
    panel.wait()
    assert look(panel).choice.value == NOTHING


def test_the_newest_epoch_wins():
    panel = line_panel()
    choose(panel, GRADIENTS)
    for epoch in range(20):
        panel.controls.epoch.value = epoch
    panel.wait()
    assert look(panel).text.startswith("Epoch 19: ")


def test_a_failure_is_told_in_the_panel_and_raised_to_the_tests(monkeypatch):
    panel = line_panel()

    def fail(*_):
        raise RuntimeError("a gradient failed")

    monkeypatch.setattr(models.LinearRegression, "second_derivatives", fail)  # not used by the look
    choose(panel, GRADIENTS)
    monkeypatch.undo()
    monkeypatch.setattr(Pulls, "of", fail)
    panel.controls.epoch.value = 2
    with pytest.raises(RuntimeError, match="a gradient failed"):
        panel.wait()
    assert "a gradient failed" in panel.text


def test_no_thread_is_left():
    before = threading.active_count()
    panel = line_panel()
    for epoch in range(10):
        choose(panel, GRADIENTS, epoch=epoch)
    assert threading.active_count() == before


def test_large_data_are_looked_at():
    X, y = blobs(2, 30_000)
    problem = PROBLEMS["probability"]
    panel = TrainingPanel(problem.draw(2, X=X, y=y), SGD(0.05))
    assert "(drawn: 200 of the 30,000 rows)" in choose(panel, GRADIENTS)
