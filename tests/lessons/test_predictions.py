"""The questions of the lessons: each is shown, and its answer is worked out apart from the panel."""

from copy import deepcopy
from dataclasses import replace

import numpy as np
import pytest

from gdutils import optimizers
from gdutils.landscapes import walk
from gdutils.optimizers import SGD, Adam, Momentum, Nesterov, RMSprop
from gdutils.practice import Predictions, load_predictions
from gdutils.training import train
from tests.lessons.cells import NOTEBOOKS, WITH_QUESTIONS, panel_of

FILE = NOTEBOOKS / "data" / "predictions.toml"


class Apart:
    """A panel's own data, trained apart from it."""

    def __init__(self, panel, names):
        self.panel, self.names = panel, names
        self.first = next(iter(panel.pictures))
        self.start = {name: control.value for name, control in panel.named.items()}

    def picture(self, data=None):
        return self.panel.pictures[data or self.first]

    def run(self, *, data=None, optimizer=None, batch_size=None, lr=None, beta=None, **of_model):
        picture = self.picture(data)
        n_samples, own = len(picture.y), self.start["batch_size"]
        if own == len(self.picture().y):  # the full batch stays the full batch
            own = n_samples
        kind = getattr(optimizers, optimizer or self.start["optimizer"])
        settings = {"lr": self.start["lr"] if lr is None else lr} | ({} if beta is None else {"beta": beta})
        self.model = replace(picture.model, **of_model)
        return train(
            self.model, picture.X, picture.y, kind(**settings), epochs=picture.epochs,
            batch_size=batch_size or min(own, n_samples),
            random_state=deepcopy(self.panel.starts[data or self.first]),
        )  # fmt: skip

    def heights(self, function, optimizer, steps):
        """Return how high a walk is at each step."""
        picture = self.picture(function)
        return picture.function(walk(picture.function, optimizer, picture.start, steps))


def steps_down(slope, x, lr, steps):
    for _ in range(steps):
        x = x - lr * slope(x)
    return x


def best_line_loss(X, y):
    """Half the mean square that least squares leave."""
    A = np.c_[X, np.ones(len(y))]
    return 0.5 * np.mean((A @ np.linalg.lstsq(A, y)[0] - y) ** 2)


def first_true(*cases):
    """Return the number of the only case that holds."""
    (number,) = np.flatnonzero(cases)
    return int(number)


# Lesson 01: x², x² + 1 shifted, and a double well (x² − 1)² + 0.3x.


def one_step(apart):
    return [5, 0, -10].index(steps_down(lambda x: 2 * x, 10, 0.5, 1))


def at_the_limit(apart):
    x = steps_down(lambda x: 2 * x, 10.0, 1.0, 30)
    return first_true(abs(x) < 1, x == 10, abs(x) > 11)


def left_of_the_top(apart):
    x = steps_down(apart.panel.pictures["double well"].function.gradient, np.array([0.05]), 0.1, 40).item()
    return first_true(x < -0.9, x > 0.9, abs(x) < 0.2)


# Lesson 02


def two_of_three(apart):
    ends = [abs(steps_down(lambda x: 2 * x, 10.0, lr, 30)) for lr in (0.2, 0.6, 1.8)]
    return [3, 2, 1].index(sum(end < 0.1 for end in ends))


def out_along_y(apart):
    gradient = apart.panel.pictures["bowl"].function.gradient
    x, y = steps_down(gradient, np.array([-9.0, 2.0]), 0.27, 60)
    return first_true(abs(x) > 1e3 > abs(y), abs(y) > 1e3 > abs(x), min(abs(x), abs(y)) > 1e3)


def over_the_hump(apart):
    x = steps_down(lambda x: 4 * x * (x**2 - 1) + 0.3, 1.7, 0.18, 60)
    return first_true(abs(x - 0.96) < 0.01, abs(x + 1.036) < 0.01, min(abs(x - 0.96), abs(x + 1.036)) > 0.05)


# Lesson 03


def single_rows(apart):
    losses = apart.run(batch_size=1).losses
    above = losses[-20:] - best_line_loss(apart.picture().X, apart.picture().y)
    return first_true(above.max() < 1e-3, 1e-2 < above.max() < 1, not np.isfinite(losses[-1]))


def all_rows(apart):
    losses = apart.run(batch_size=100).losses
    over = losses[-1] / best_line_loss(apart.picture().X, apart.picture().y)
    falls = bool((np.diff(losses) < 0).all())
    return first_true(over < 1.01, 1.15 < over < 1.25 and falls, not falls)


def without_noise(apart):
    losses = apart.run(data="no noise", batch_size=1).losses
    return first_true(1e-3 < losses[-20:].max() < 1, losses[-20:].max() < 1e-20, not np.isfinite(losses[-1]))


# Lesson 04


def after_the_ravine(apart):
    of = [SGD(0.02), Momentum(0.02, beta=0.5), Nesterov(0.02, beta=0.5), Adam(0.5)]
    return int(np.argmin([apart.heights("ravine", each, 100)[-1] for each in of]))


def on_the_saddle(apart):
    of = [SGD(0.02), Momentum(0.02), RMSprop(0.1), Adam(0.5)]
    heights = np.array([apart.heights("saddle", each, 80)[-1] for each in of])
    above = heights + 0.25  # the valleys are at −0.25, the saddle point at 0
    return first_true(*(above > 0.2))


def valleys(apart):
    factor = apart.panel.pictures["Himmelblau"].lr / 0.02
    function = apart.panel.pictures["Himmelblau"].function
    known = np.array([(3, 2), (-2.805118, 3.131312), (-3.779310, -3.283186), (3.584428, -1.848126)])
    found = []
    for each in apart.panel.optimizers:
        end = walk(function, replace(each, lr=each.lr * factor), (0, 0), 100)[-1]
        found.append(int(np.argmin(np.linalg.norm(known - end, axis=1))))
    elsewhere = sum(each != max(set(found), key=found.count) for each in found)
    assert [type(each) for each, end in zip(apart.panel.optimizers, found, strict=True) if end] == [Momentum]
    return first_true(elsewhere == 0, elsewhere == 1, len(set(found)) > 2)


# Lesson 05


def zigzag(apart):
    run, X, y = apart.run(lr=0.6), apart.picture().X[:, 0], apart.picture().y
    off = np.array([params["w"].item() for params in run.path[:30]]) - np.polyfit(X, y, 1)[0]
    swings = bool((off[1:] * off[:-1] < 0).all())
    arrives = abs(off[-1]) < 0.1 * abs(off[0])
    return first_true(not swings, swings and arrives, swings and not arrives)


def after_ten(apart):
    plain, rolling = (apart.run(optimizer=name).losses[10] for name in ("SGD", "Momentum"))
    assert apart.run(optimizer="Momentum", beta=0.5).losses[10] < plain  # as the reason says
    return first_true(rolling < 0.9 * plain, 0.9 < rolling / plain < 1.1, rolling > 1.1 * plain)


def in_one_step(apart):
    run, picture = apart.run(data="body mass index", lr=1.0), apart.picture("body mass index")
    above = run.losses - best_line_loss(picture.X, picture.y)
    one, arrives = abs(above[1]) < 1e-9 * above[0], abs(above[-1]) < 1e-9 * above[0]
    return first_true(not arrives, arrives and not one, arrives and one)


# Lesson 06


def far_beyond(apart):
    usual, fast = apart.run().losses[-1], apart.run(lr=3.0).losses[-1]
    return first_true(not np.isfinite(fast), fast > usual, fast < usual)


def a_floor(apart):
    losses = apart.run(data="tumors", lr=1.0).losses
    return first_true(losses[-1] < 0.1, 0.26 < losses[-1] < 0.28, losses[-1] > losses[0])


def restless(apart):
    path = apart.run(data="tumors", lr=1.0, batch_size=1).path[-20:]
    borders = np.array([np.append(params["w"], params["b"]) for params in path])
    borders /= np.linalg.norm(borders, axis=1, keepdims=True)
    settled = np.ptp(borders, axis=0).max() < 0.01
    return first_true(settled, False, not settled)


# Lesson 07


def rings_resist(apart):
    picture, params = apart.picture("rings"), apart.run(data="rings").params
    share = np.mean((picture.X @ params["W"] + params["b"]).argmax(axis=1) == picture.y)
    return first_true(0.35 < share < 0.45, 0.65 < share < 0.75, share > 0.95)


def never_settles(apart):
    usual, fast = apart.run().losses, apart.run(lr=3.0).losses
    jumps = bool((np.diff(fast[-50:]) > 0).any())
    return first_true(
        not np.isfinite(fast[-1]), jumps and fast[-1] > usual[-1], not jumps and fast[-1] < usual[-1]
    )


def scaled_irises(apart):
    losses = apart.run(data="irises", lr=2.0).losses
    bumps, falls = bool((np.diff(losses) > 0).any()), losses[-1] < losses[0] / 2
    return first_true(bumps, not bumps and not falls, falls and not bumps)


# Lesson 08


def open_ring(apart):
    """Whether there are directions in which the inner class never ends, and how many of all."""
    run = apart.run(data="ring", lr=1.0, n_hidden=2)
    angles = np.linspace(0, 2 * np.pi, 3600, endpoint=False)
    far = 1e4 * np.c_[np.cos(angles), np.sin(angles)]
    picture = apart.picture("ring")
    inner = picture.y[np.argmin(np.linalg.norm(picture.X - picture.X.mean(axis=0), axis=1))]
    share = np.mean(apart.model.predict(run.params, far).argmax(axis=1) == inner)
    return first_true(share == 0, 0 < share < 0.45, share > 0.45)


def spikes(apart):
    losses = apart.run(data="blobs", lr=0.05, n_hidden=32, batch_size=64).losses
    jumps, calm = np.sum(losses[100:] > 1), np.median(losses[100:])
    return first_true(jumps == 0, jumps > 0 and calm < 0.1, not calm < losses[0])


def overfits(apart):
    run = apart.run(data="noisy moons", lr=1.0, n_hidden=32)
    held_out = [apart.model.loss(params, *apart.names["new"]["noisy moons"]) for params in run.path]
    low, falls = int(np.argmin(held_out)), run.losses[-1] < run.losses[0] / 2
    turns = 0 < low < 100 and min(held_out[150:]) > 1.1 * held_out[low]
    return first_true(falls and low > 190, falls and turns, low == 0)


# Lesson 09


def margins(apart):
    usual, dear = (1 / np.linalg.norm(apart.run(C=C).params["w"]) for C in (1.0, 10.0))
    return first_true(dear > 1.05 * usual, dear < usual / 1.05, 0.95 < dear / usual < 1.05)


def hops(apart):
    losses = apart.run(C=10.0, lr=0.3).losses
    settles = np.ptp(losses[-100:]) < 0.01 * losses[-1]
    return first_true(settles, not settles)


def pulls(apart):
    off_center = {"data": "300 points, off center"}
    losses, usual = apart.run(lr=0.1, **off_center).losses, apart.run(**off_center).losses[-1]
    return first_true(losses[-1] < 0.9 * usual, 0.9 < losses[-1] / usual < 1.1, losses[-1] > losses[0])


# Lesson 10


def stripes(apart):
    run = apart.run(rank=1)
    table = run.params["P"] @ run.params["Q"].T
    rank = np.linalg.matrix_rank(table)
    return first_true(rank > 1, rank == 1 and np.ptp(table) > 1, np.ptp(table) < 1)


def votes_errors(apart, params):
    """Return the errors on known and on hidden entries of the votes."""
    table = params["P"] @ params["Q"].T
    sides = (apart.picture().X, apart.picture().y), apart.names["validation"]
    return np.array([np.sqrt(np.mean((table[tuple(X.T)] - y) ** 2)) for X, y in sides])


def fits_the_noise(apart):
    path = apart.run(rank=12, reg=0.0).path
    known, hidden = votes_errors(apart, path[60]) < votes_errors(apart, path[15])
    return [(True, True), (True, False), (False, True)].index((known, hidden))


def few_steps(apart):
    usual, start = apart.run().losses[-1], apart.run().losses[0]
    losses = apart.run(batch_size=960).losses
    return first_true(losses[-1] < 1.1 * usual, losses[-1] > 0.95 * start, not np.isfinite(losses[-1]))


# Lesson 11


def ends_higher(apart):
    usual, fast = apart.run().losses[-10:], apart.run(lr=1.0).losses[-10:]
    return first_true(
        fast.max() < usual.min(), abs(fast.mean() / usual.mean() - 1) < 0.02, fast.min() > usual.max()
    )


def as_measured(apart):
    usual, losses = apart.run().losses, apart.run(data="as measured").losses
    return first_true(
        abs(losses[-1] - usual[-1]) < 0.01,
        usual[-1] + 0.01 < losses[-1] < losses[0],
        losses[1:].min() > losses[0],
    )


def adam_helps(apart):
    usual, losses = apart.run().losses, apart.run(data="as measured", optimizer="Adam", lr=0.01).losses
    return first_true(
        losses[-1] < usual[-1] + 0.01, usual[-1] + 0.03 < losses[-1] < losses[0] / 2, losses[-1] > losses[0]
    )


ANSWERS = {
    "01": [one_step, at_the_limit, left_of_the_top],
    "02": [two_of_three, out_along_y, over_the_hump],
    "03": [single_rows, all_rows, without_noise],
    "04": [after_the_ravine, on_the_saddle, valleys],
    "05": [zigzag, after_ten, in_one_step],
    "06": [far_beyond, a_floor, restless],
    "07": [rings_resist, never_settles, scaled_irises],
    "08": [open_ring, spikes, overfits],
    "09": [margins, hops, pulls],
    "10": [stripes, fits_the_noise, few_steps],
    "11": [ends_higher, as_measured, adam_helps],
}


@pytest.mark.parametrize("lesson", WITH_QUESTIONS)
def test_every_answer_of_a_lesson(lesson):
    apart = Apart(*panel_of(lesson))
    with np.errstate(over="ignore", invalid="ignore"):
        found = [answer(apart) for answer in ANSWERS[lesson]]
    assert found == [each.right for each in load_predictions(FILE, lesson)]


@pytest.mark.parametrize("lesson", WITH_QUESTIONS)
def test_every_question_of_a_lesson_is_shown_and_all_comes_back(lesson):
    panel, _ = panel_of(lesson)
    (asked,) = [extra for extra in panel.extras if isinstance(extra, Predictions)]
    assert asked.predictions == load_predictions(FILE, lesson)
    first = panel.text, panel.image.value
    for prediction in asked.predictions:
        asked.button.click()
        assert panel.covered
        asked.choice.index = prediction.right
        asked.reveal.click()
        panel.wait()
        assert "✔ Right" in panel.sentence.value
        assert not panel.covered
        assert panel.position.value == prediction.settings.get(list(panel.named)[-1], panel.position.max)
        for name, value in prediction.settings.items():
            shown = panel.named[name].value
            assert value in (shown, getattr(shown, "__name__", None))
    panel.controls.reset.click()
    panel.wait()
    assert (panel.text, panel.image.value) == first
