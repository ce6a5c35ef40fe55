"""Challenges: a number to beat, which ticks itself off when a run of the learner's beats it.

`Challenge` is what there is to do, and how to tell; `loss_under` and its neighbors make the usual ones.
`Challenges` are their lines in a panel.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import ipywidgets as widgets
import numpy as np

from gdutils.checks import check_count, check_function, check_list, check_positive, check_text
from gdutils.live import LivePanel

if TYPE_CHECKING:
    from gdutils.descent_panel import Descent
    from gdutils.descent_pictures import Walk
    from gdutils.runs import Settings
    from gdutils.training import Run

__all__ = ["Challenge", "Challenges", "height_under", "loss_under", "stays_under"]

Met = Callable[[Any, Any], bool]


@dataclass(frozen=True)
class Challenge:
    """Something to reach in a panel.

    Attributes
    ----------
    text : str
        What, with the number to beat.
    met : callable
        Takes what a panel has `finished`: a `Run` and its `Settings`, or the walks of a `DescentPanel` and
        its `Descent`. It returns whether that is it.
    """

    text: str
    met: Met

    def __post_init__(self) -> None:
        check_text("text", self.text)
        check_function("met", self.met)


def loss_under(
    bound: float, *, epochs: int, data: str = "", also: Callable[[Settings], bool] = lambda _: True,
    where: str = "",
) -> Challenge:  # fmt: skip
    """Return the challenge to bring the loss under a bound within some epochs.

    Parameters
    ----------
    bound : float
        Positive.
    epochs : int
        At least 1.
    data : str, optional
        The name of the data in their panel; any, if empty.
    also : callable, optional
        Takes the settings, and returns whether they are such as the challenge asks for.
    where : str, optional
        What `also` asks for, in words, such as "with single rows".
    """
    bound, epochs = check_positive("bound", bound), check_count("epochs", epochs, minimum=1)
    check_words(data=data, where=where)
    check_function("also", also)

    def met(run: Run, settings: Settings) -> bool:
        low = bool((run.losses[1 : epochs + 1] < bound).any())
        return low and data in ("", settings.data) and also(settings)

    text = f"Bring the loss under {bound:g} within {plural(epochs, 'epoch')}"
    return Challenge(phrase(text, data, where), met)


def stays_under(
    bound: float, *, since: int, data: str = "", also: Callable[[Settings], bool] = lambda _: True,
    where: str = "",
) -> Challenge:  # fmt: skip
    """Return the challenge to keep the loss under a bound, from an epoch to the end; else as `loss_under`."""
    bound, since = check_positive("bound", bound), check_count("since", since, minimum=1)
    check_words(data=data, where=where)
    check_function("also", also)

    def met(run: Run, settings: Settings) -> bool:
        rest = run.losses[since:]
        low = bool(rest.size and (rest < bound).all())
        return low and data in ("", settings.data) and also(settings)

    return Challenge(phrase(f"From epoch {since} on, keep the loss under {bound:g}", data, where), met)


def height_under(
    bound: float, *, steps: int, function: str = "", also: Callable[[Walk, Descent], bool] = lambda *_: True,
    where: str = "",
) -> Challenge:  # fmt: skip
    """Return the challenge to come nearer to the lowest height than a bound within some steps.

    Parameters
    ----------
    bound : float
        Positive.
    steps : int
        At least 1.
    function : str, optional
        The name of the function in its panel; any, if empty.
    also : callable, optional
        Takes a walk and what it depends on, and returns whether they are such as the challenge asks for.
    where : str, optional
        What `also` asks for, in words.
    """
    bound, steps = check_positive("bound", bound), check_count("steps", steps, minimum=1)
    check_words(function=function, where=where)
    check_function("also", also)

    def met(walks: Sequence[Walk], descent: Descent) -> bool:
        return function in ("", descent.function) and any(
            bool((walk.heights[: steps + 1] < bound).any()) and also(walk, descent) for walk in walks
        )

    text = f"Come closer than {bound:g} to the lowest height within {plural(steps, 'step')}"
    return Challenge(phrase(text, function, where), met)


def check_words(**words: Any) -> None:
    """Raise unless each is a text, which may be empty."""
    for name, value in words.items():
        check_text(name, value, may_be_empty=True)


def phrase(text: str, place: str, where: str) -> str:
    """Add what else is asked for."""
    return text + (f" on {place}" if place else "") + (f", {where}" if where else "")


def plural(number: int, thing: str) -> str:
    """Count some things."""
    return f"{number} {thing}{'' if number == 1 else 's'}"


class Challenges:
    """The lines of some challenges, folded under a panel's *More*; they tick themselves off there too.

    What counts is a run that was trained to its end with settings of the learner's own, but on the lesson's
    data: with less noise, each number would be beaten. Reset brings back the settings and takes no tick away.

    Parameters
    ----------
    challenges : sequence of Challenge

    Attributes
    ----------
    how : list of str
        The settings that met each, or "".
    """

    eager = True

    def __init__(self, challenges: Sequence[Challenge]) -> None:
        self.challenges = check_list("challenges", challenges, Challenge, least=1)
        self.how = [""] * len(self.challenges)
        self.seen: Any = None  # the settings that were looked at last
        # Room for two lines each, since a tick says how.
        height = f"{44 * len(self.challenges) + 28}px"
        self.widget = widgets.HTML(layout={"height": height, "max_width": "840px"})
        self._write()

    def look(self, panel: LivePanel) -> None:
        """Tick off what a finished run of the learner's meets."""
        if not panel.own or all(self.how):
            return
        found = panel.finished()
        if found is None or found[1] == self.seen or getattr(found[1], "of_data", None):
            return
        self.seen = found[1]
        with np.errstate(over="ignore", invalid="ignore"):  # a run that diverges is looked at, too
            new = [n for n, each in enumerate(self.challenges) if not self.how[n] and each.met(*found)]
        for n in new:
            self.how[n] = panel.name_settings()
        if new:
            texts = "; ".join(self.challenges[n].text for n in new)
            panel.announce(f"✔ Challenge met: {texts}: by {self.how[new[0]]}.")
            self._write()

    def restore(self) -> None:
        """Keep what has been reached; the first run is none of the learner's."""
        self.seen = None

    def _write(self) -> None:
        lines = ["Challenges, ticked off by a run of yours:"]
        for each, how in zip(self.challenges, self.how, strict=True):
            lines.append(f"✔ {each.text}: by {how}" if how else f"☐ {each.text}")
        rows = "".join(f"<div>{html.escape(line)}</div>" for line in lines)
        self.widget.value = f'<div style="line-height: 1.5">{rows}</div>'
