"""Challenges: a number to beat, met when a run of the learner's beats it.

`Challenge` is what there is to do, and how to know that it is done; `loss_under` and its neighbors make the
usual ones. `Challenges` show one after another above the picture of a panel, as goals.
"""

import html
from collections.abc import Callable
from dataclasses import dataclass

import ipywidgets as widgets
import numpy as np

from gdutils.practice.parts import count


def always(*_):
    """Ask for nothing else."""
    return True


@dataclass(frozen=True)
class Challenge:
    """Something to reach in a panel.

    Attributes
    ----------
    text : str
        What, with the number to beat.
    met : callable
        Takes what a panel has `finished`: a `Run` and its settings, or the walks of a `DescentPanel` and
        theirs. It returns whether that is it.
    also : callable
        Takes a walk and what it depends on, and returns whether the challenge is about it: about every walk
        that is shown, if not given.
    """

    text: str
    met: Callable
    also: Callable = always

    def reached(self, result, settings):
        """Return whether the challenge is met, and by nothing that diverged: that ends above its start."""
        walks = isinstance(result, list)
        curves = [walk.heights for walk in result if self.also(walk, settings)] if walks else [result.losses]
        converged = all(curve[-1] <= curve[0] for curve in curves)  # a NaN is not
        return bool(curves and converged and self.met(result, settings))


def loss_under(bound, *, epochs, **asked):
    """Return the challenge to bring the loss under a bound within some epochs.

    Parameters
    ----------
    bound : float
        Positive.
    epochs : int
        At least 1.
    **asked
        What else `challenge_of_a_run` takes.

    Returns
    -------
    Challenge
    """
    text = f"Bring the loss under {bound:g} within {count(epochs, 'epoch')}"
    return challenge_of_a_run(text, lambda losses: np.any(losses[1 : epochs + 1] < bound), **asked)


def stays_under(bound, *, since, **asked):
    """Return the challenge to keep the loss under a bound, from an epoch to the end; else as `loss_under`."""
    text = f"From epoch {since} on, keep the loss under {bound:g}"
    return challenge_of_a_run(text, lambda losses: max(losses[since:], default=np.inf) < bound, **asked)


def challenge_of_a_run(text, low, data="", also=always, where=""):
    """Return a challenge for the losses of a run.

    Parameters
    ----------
    text : str
    low : callable
        Takes the losses, and returns whether they are low enough.
    data : str, optional
        The name of the data in their panel; any, if empty.
    also : callable, optional
        Takes the settings, and returns whether they are such as the challenge asks for.
    where : str, optional
        What `also` asks for, in words, such as "with single rows".

    Returns
    -------
    Challenge
    """

    def met(run, settings):
        return low(run.losses) and data in ("", settings.data) and also(settings)

    return Challenge(phrase(text, data, where), met)


def height_under(bound, *, steps, function="", also=always, where=""):
    """Return the challenge that every walk comes closer to the lowest height than a bound within some steps.

    Parameters
    ----------
    bound : float
        Positive.
    steps : int
        At least 1.
    function : str, optional
        The name of the function in its panel; any, if empty.
    also : callable, optional
        Takes a walk and what it depends on, and returns whether the challenge is about it; it is about every
        walk that is shown, if not given.
    where : str, optional
        What `also` asks for, in words.

    Returns
    -------
    Challenge
    """

    def met(walks, descent):
        lowest = [np.min(walk.heights[: steps + 1]) for walk in walks if also(walk, descent)]
        return function in ("", descent.function) and max(lowest) < bound

    text = f"Get within {bound:g} of the lowest value in {count(steps, 'step')}"
    return Challenge(phrase(text, function, where), met, also)


def phrase(text, place, where):
    """Add what else is asked for."""
    return text + (f" on “{place}”" if place else "") + (f", {where}" if where else "")


class Challenges:
    """The goals of a panel, one at a time; each turns green when it is met, and the next one follows.

    What counts is a run that was trained to its end with settings of the learner's own, while its goal is
    shown, from the lesson's start and on its rows: elsewhere it may be easy. Reset takes no goal away that
    was met.

    Parameters
    ----------
    challenges : list of Challenge

    Attributes
    ----------
    how : list
        The settings that met each, or None.
    """

    def __init__(self, challenges):
        if not challenges or not all(isinstance(each, Challenge) for each in challenges):
            raise TypeError(f"challenges must be a list of Challenge, at least one, got {challenges!r}")
        self.challenges = list(challenges)
        self.how = [None] * len(self.challenges)
        self.place = 0  # of the one that is shown
        self.chip = widgets.HTML()
        self._write()

    def update(self, panel):
        """Look whether a finished run of the learner's meets the goal, and show the next one after that."""
        found = panel.finished()
        if panel.own and found is not None:
            if self.how[self.place] not in (None, found[1]) and self.place + 1 < len(self.how):
                self.place += 1
            if not self.how[self.place] and not panel.moved and self.challenges[self.place].reached(*found):
                self.how[self.place] = found[1]
        self._write(" Reset first: you have moved the start or a point." if panel.moved else "")

    def reset(self):
        """Keep what has been reached."""

    def _write(self, hint=""):
        met, text = self.how[self.place], self.challenges[self.place].text
        name = f"Goal {self.place + 1} of {len(self.how)}"
        state, words = (" met", f"✔ {name}, met") if met else ("", name)
        self.chip.value = (
            f'<div role="status" class="gdutils-goal{state}"><b>{words}:</b> {html.escape(text)}.{hint}</div>'
        )
