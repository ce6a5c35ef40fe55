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


def steps_down(slope, x, lr, steps):
    for _ in range(steps):
        x = x - lr * slope(x)
    return x


def best_line_loss(picture):
    """Half the mean square that least squares leave."""
    A = np.c_[picture.X, np.ones(len(picture.y))]
    return 0.5 * np.mean((A @ np.linalg.lstsq(A, picture.y)[0] - picture.y) ** 2)


def votes(params):
    return params["P"] @ params["Q"].T


def first_true(*cases):
    """Return the number of the only case that holds."""
    (number,) = np.flatnonzero(cases)
    return int(number)


class Answers:
    """The answers of each lesson, from a panel's own data and functions, apart from the panel."""

    def __init__(self, panel, names):
        self.panel, self.names, self.pictures = panel, names, panel.pictures

    def run(self, data=None, optimizer=None, batch_size=None, lr=None, beta=None, **of_model):
        """Return the run that a panel begins with, but for some settings."""
        first = {name: control.value for name, control in self.panel.named.items()}
        data = data or first["data"]
        picture = self.pictures[data]
        if batch_size is None and first["batch_size"] < len(self.panel.picture.y):  # else the full batch
            batch_size = min(first["batch_size"], len(picture.y))
        settings = {"lr": lr or first["lr"]} | ({"beta": beta} if beta else {})
        self.model = replace(picture.model, **of_model)
        optimizer = getattr(optimizers, optimizer or first["optimizer"])(**settings)
        how = {"batch_size": batch_size, "random_state": deepcopy(self.panel.starts[data])}
        return train(self.model, picture.X, picture.y, optimizer, epochs=picture.epochs, **how)

    def losses(self, **settings):
        return self.run(**settings).losses

    def last_heights(self, function, kinds, steps):
        """Return how high the walks of some optimizers end."""
        picture = self.pictures[function]
        return picture.function([walk(picture.function, kind, picture.start, steps)[-1] for kind in kinds])

    def lesson_01(self):
        yield [5, 0, -10].index(steps_down(lambda x: 2 * x, 10, 0.5, 1))
        x = steps_down(lambda x: 2 * x, 10.0, 1.0, 30)
        yield first_true(abs(x) < 1, x == 10, abs(x) > 11)
        x = steps_down(self.pictures["double well"].function.gradient, np.array([0.05]), 0.1, 40).item()
        yield first_true(x < -0.9, x > 0.9, abs(x) < 0.2)

    def lesson_02(self):
        ends = [abs(steps_down(lambda x: 2 * x, 10.0, lr, 30)) for lr in (0.2, 0.6, 1.8)]
        yield [3, 2, 1].index(sum(end < 0.1 for end in ends))
        x, y = np.abs(steps_down(self.pictures["bowl"].function.gradient, np.array([-9.0, 2.0]), 0.27, 60))
        yield first_true(x > 1e3 > y, y > 1e3 > x, min(x, y) > 1e3)
        x = steps_down(lambda x: 4 * x * (x**2 - 1) + 0.3, 1.7, 0.18, 60)
        right, left = abs(x - 0.96), abs(x + 1.036)
        yield first_true(right < 0.01, left < 0.01, min(left, right) > 0.05)

    def lesson_03(self):
        least = best_line_loss(self.panel.picture)
        above = self.losses(batch_size=1)[-20:].max() - least
        yield first_true(above < 1e-3, 1e-2 < above < 1, not np.isfinite(above))
        losses = self.losses(batch_size=100)
        falls, over = (np.diff(losses) < 0).all(), losses[-1] / least
        yield first_true(over < 1.01, 1.15 < over < 1.25 and falls, not falls)
        last = self.losses(data="no noise", batch_size=1)[-20:].max()
        yield first_true(1e-3 < last < 1, last < 1e-20, not np.isfinite(last))

    def lesson_04(self):
        kinds = [SGD(0.02), Momentum(0.02, beta=0.5), Nesterov(0.02, beta=0.5), Adam(0.5)]
        yield np.argmin(self.last_heights("ravine", kinds, 100))
        kinds = [SGD(0.02), Momentum(0.02), RMSprop(0.1), Adam(0.5)]
        # The valleys are at −0.25, the saddle point at 0.
        yield first_true(*(self.last_heights("saddle", kinds, 80) > -0.05))
        picture, kinds = self.pictures["Himmelblau"], self.panel.optimizers
        valleys = np.array([(3, 2), (-2.805118, 3.131312), (-3.779310, -3.283186), (3.584428, -1.848126)])
        kinds = [replace(each, lr=each.lr * picture.lr / 0.02) for each in kinds]
        ends = np.array([walk(picture.function, each, (0, 0), 100)[-1] for each in kinds])
        found = np.linalg.norm(ends[:, np.newaxis] - valleys, axis=2).argmin(axis=1)
        assert [type(each) for each, end in zip(kinds, found, strict=True) if end] == [Momentum]
        yield first_true(not found.any(), np.count_nonzero(found) == 1, len(set(found)) > 2)

    def lesson_05(self):
        path, picture = self.run(lr=0.6).path[:30], self.panel.picture
        off = np.ravel([params["w"] for params in path]) - np.polyfit(picture.X[:, 0], picture.y, 1)[0]
        swings, arrives = (off[1:] * off[:-1] < 0).all(), abs(off[-1]) < 0.1 * abs(off[0])
        yield first_true(not swings, swings and arrives, swings and not arrives)
        plain, rolling = (self.losses(optimizer=name)[10] for name in ("SGD", "Momentum"))
        assert self.losses(optimizer="Momentum", beta=0.5)[10] < plain  # as the reason says
        yield first_true(rolling < 0.9 * plain, 0.9 < rolling / plain < 1.1, rolling > 1.1 * plain)
        above = self.losses(data="body mass index", lr=1.0) - best_line_loss(self.pictures["body mass index"])
        in_one, arrives = (np.abs(above[[1, -1]]) < 1e-9 * above[0]).tolist()
        yield first_true(not arrives, arrives and not in_one, arrives and in_one)

    def lesson_06(self):
        usual, fast = self.losses()[-1], self.losses(lr=3.0)[-1]
        yield first_true(not np.isfinite(fast), fast > usual, fast < usual)
        losses = self.losses(data="tumors", lr=1.0)
        yield first_true(losses[-1] < 0.1, 0.26 < losses[-1] < 0.28, losses[-1] > losses[0])
        path = self.run(data="tumors", lr=1.0, batch_size=1).path[-20:]
        borders = np.array([np.append(params["w"], params["b"]) for params in path])
        borders /= np.linalg.norm(borders, axis=1, keepdims=True)
        settled = np.ptp(borders, axis=0).max() < 0.01
        yield first_true(settled, False, not settled)

    def lesson_07(self):
        picture, params = self.pictures["rings"], self.run(data="rings").params
        share = np.mean((picture.X @ params["W"] + params["b"]).argmax(axis=1) == picture.y)
        yield first_true(0.35 < share < 0.45, 0.65 < share < 0.75, share > 0.95)
        usual, fast = self.losses()[-1], self.losses(lr=3.0)
        jumps, end = (np.diff(fast[-50:]) > 0).any(), fast[-1]
        yield first_true(not np.isfinite(end), jumps and end > usual, not jumps and end < usual)
        losses = self.losses(data="irises", lr=2.0)
        bumps, falls = (np.diff(losses) > 0).any(), losses[-1] < losses[0] / 2
        yield first_true(bumps, not bumps and not falls, falls and not bumps)

    def lesson_08(self):
        """First, whether there are directions in which the inner class never ends, and how many of all."""
        params, picture = self.run(data="ring", lr=1.0, n_hidden=2).params, self.pictures["ring"]
        angles = np.linspace(0, 2 * np.pi, 3600, endpoint=False)
        far = 1e4 * np.c_[np.cos(angles), np.sin(angles)]
        inner = picture.y[np.argmin(np.linalg.norm(picture.X - picture.X.mean(axis=0), axis=1))]
        share = np.mean(self.model.predict(params, far).argmax(axis=1) == inner)
        yield first_true(share == 0, 0 < share < 0.45, share > 0.45)
        losses = self.losses(data="blobs", lr=0.05, n_hidden=32, batch_size=64)
        jumps, calm = (losses[100:] > 1).any(), np.median(losses[100:])
        yield first_true(not jumps, jumps and calm < 0.1, not calm < losses[0])
        run, new = self.run(data="noisy moons", lr=1.0, n_hidden=32), self.names["new"]["noisy moons"]
        held_out = [self.model.loss(params, *new) for params in run.path]
        low, falls = np.argmin(held_out), run.losses[-1] < run.losses[0] / 2
        turns = 0 < low < 100 and min(held_out[150:]) > 1.1 * held_out[low]
        yield first_true(falls and low > 190, falls and turns, low == 0)

    def lesson_09(self):
        usual, dear = (1 / np.linalg.norm(self.run(C=C).params["w"]) for C in (1.0, 10.0))
        yield first_true(dear > 1.05 * usual, dear < usual / 1.05, 0.95 < dear / usual < 1.05)
        losses = self.losses(C=10.0, lr=0.3)
        settles = np.ptp(losses[-100:]) < 0.01 * losses[-1]
        yield first_true(settles, not settles)
        losses, usual = (self.losses(data="300 points, off center", lr=lr) for lr in (0.1, 0.01))
        share = losses[-1] / usual[-1]
        yield first_true(share < 0.9, 0.9 < share < 1.1, losses[-1] > losses[0])

    def lesson_10(self):
        table = votes(self.run(rank=1).params)
        rank, spread = np.linalg.matrix_rank(table), np.ptp(table)
        yield first_true(rank > 1, rank == 1 and spread > 1, spread < 1)
        path, picture = self.run(rank=12, reg=0.0).path, self.panel.picture
        lower = []
        for X, y in ((picture.X, picture.y), self.names["validation"]):  # known and hidden entries
            late, early = (np.mean((votes(path[epoch])[tuple(X.T)] - y) ** 2) for epoch in (60, 15))
            lower.append(late < early)
        yield [[True, True], [True, False], [False, True]].index(lower)
        usual, losses = self.losses(), self.losses(batch_size=960)
        end = losses[-1]
        yield first_true(end < 1.1 * usual[-1], end > 0.95 * usual[0], not np.isfinite(end))

    def lesson_11(self):
        usual, fast = self.losses()[-10:], self.losses(lr=1.0)[-10:]
        alike = abs(fast.mean() / usual.mean() - 1) < 0.02
        yield first_true(fast.max() < usual.min(), alike, fast.min() > usual.max())
        end, losses = usual[-1] + 0.01, self.losses(data="as measured")
        jumps = losses[1:].min() > losses[0]
        yield first_true(abs(losses[-1] - usual[-1]) < 0.01, end < losses[-1] < losses[0], jumps)
        last = self.losses(data="as measured", optimizer="Adam", lr=0.01)[-1]
        yield first_true(last < end, end + 0.02 < last < losses[0] / 2, last > losses[0])


@pytest.mark.parametrize("lesson", WITH_QUESTIONS)
def test_every_answer_of_a_lesson(lesson):
    answers = getattr(Answers(*panel_of(lesson)), f"lesson_{lesson}")
    with np.errstate(over="ignore", invalid="ignore"):
        assert list(answers()) == [each.right for each in load_predictions(FILE, lesson)]


@pytest.mark.parametrize("lesson", WITH_QUESTIONS)
def test_every_question_of_a_lesson_is_shown_and_all_comes_back(lesson, panel):
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
    panel.reset()
    panel.wait()
    assert (panel.text, panel.image.value) == first
