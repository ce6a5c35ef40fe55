"""Synthetic data in a panel: their size and their noise get sliders, and each move makes them anew.

`Made` says how data are made; a panel takes it in place of a picture. `Source` is what a panel shows under
one name, made or not.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import ipywidgets as widgets
import numpy as np

from gdutils.as_code import source_of
from gdutils.canvas import DRAWING, like
from gdutils.checks import check_count, check_fraction, check_function, check_positive
from gdutils.limits import Limits
from gdutils.live import set_range
from gdutils.pictures import Picture
from gdutils.randomness import fixed

__all__ = ["Made", "Source", "fit_sliders", "make_sliders", "read_sliders"]

REMEMBERED = 4  # pictures, the newest ones, of each kind of data
FEWEST = 10  # rows
NOISES = 30  # steps of a slider at least


@dataclass(frozen=True)
class Made:
    """Synthetic data for a panel, which the learner can make larger, smaller, or more noisy.

    Parameters
    ----------
    make : callable
        Called with those of the settings below that are given, by name; returns X, y, and what else `show`
        asks for. With the same settings, it returns the same data. If it returns its generator behind them,
        runs begin where the data have left it; otherwise they begin in the panel's random state. It asks for
        no name but of `numpy` as np and of what is imported, so that it can be shown as code.
    show : callable
        Called with the data, returns their picture.
    n_samples : int, optional
        Rows to begin with.
    density : float, optional
        For a table: the share of its entries that are known, to begin with.
    noise : float, optional
        To begin with.

    Raises
    ------
    TypeError, ValueError
        If an argument is of the wrong kind or range.

    Examples
    --------
    >>> from gdutils.datasets import make_line
    >>> from gdutils.models import LinearRegression
    >>> from gdutils.pictures import LinePicture
    >>> def show(X, y):
    ...     return LinePicture(LinearRegression(n_features=1), X, y, epochs=200)
    >>> made = Made(make_line, show, n_samples=200, noise=0.7)  # in a panel, in place of a picture
    """

    make: Callable[..., tuple[Any, ...]]
    show: Callable[..., Picture]
    n_samples: int | None = None
    density: float | None = None
    noise: float | None = None

    def __post_init__(self) -> None:
        for name in ("make", "show"):
            check_function(name, getattr(self, name))
        # Plain numbers, so that they can be shown as code.
        if self.n_samples is not None:
            object.__setattr__(self, "n_samples", check_count("n_samples", self.n_samples, minimum=FEWEST))
        if self.density is not None:
            object.__setattr__(self, "density", check_fraction("density", self.density))
        if self.noise is not None:
            object.__setattr__(self, "noise", check_positive("noise", self.noise))
        if not self.settings:
            raise ValueError("one of n_samples, density and noise must be given, and none is")

    @property
    def settings(self) -> dict[str, float]:
        """The settings that are given."""
        every = {"n_samples": self.n_samples, "density": self.density, "noise": self.noise}
        return {name: value for name, value in every.items() if value is not None}

    def stage(self, settings: Mapping[str, float], random_state: Any) -> Stage:
        """Make the data, and their picture."""
        made = self.make(**settings)
        rng = made[-1] if isinstance(made[-1], np.random.RandomState) else None
        data = made if rng is None else made[:-1]
        names = ["X", "y", *["_"] * (len(data) - 2), *([] if rng is None else ["rng"])]
        given = ", ".join(f"{name}={value!r}" for name, value in settings.items())
        code = f"{', '.join(names)} = {self.make.__name__}({given})"
        return Stage.of(self.show(*data), random_state if rng is None else rng, source_of(self.make) + code)

    def range(self, name: str) -> tuple[float, float, float]:
        """Return the least and the greatest value of a setting, and the step between values."""
        if name == "n_samples":
            return FEWEST, 3 * self.settings[name], FEWEST
        if name == "density":
            return 0.1, 0.9, 0.05
        most = float(f"{3 * self.settings[name]:.6g}")
        power = 10.0 ** np.floor(np.log10(most / NOISES))
        digit = max(digit for digit in (1, 2, 5) if digit * power <= most / NOISES * (1 + 1e-9))
        return 0.0, most, float(digit * power)


class Stage(NamedTuple):
    """A picture, the random state in which its runs begin, and what is known of it."""

    picture: Picture
    random_state: int | np.random.RandomState  # of the latter, only copies are drawn from
    limits: Limits | None
    code: str  # the lines that make X and y; empty if they are not known

    @classmethod
    def of(cls, picture: Picture, random_state: Any, code: str) -> Stage:
        """Look up what is known of stable learning rates."""
        return cls(picture, fixed(random_state), Limits.of(picture.model, picture.X), code)


class Source:
    """What a panel shows under one name: a picture that stays, or one that is made anew.

    Parameters
    ----------
    given : Picture or Made
    random_state : int, numpy.random.RandomState or None
        Where runs begin, unless the data bring their own generator.
    code : str
        The lines that make X and y of a picture that stays.

    Attributes
    ----------
    first : dict of str to float
        The settings of the data to begin with; a picture that stays has none.
    settings : dict of str to float
        As they are now.
    stage : Stage
        What is shown now.
    """

    def __init__(self, given: Picture | Made, random_state: Any, code: str = "") -> None:
        self.made = given if isinstance(given, Made) else None
        self.random_state = fixed(random_state)
        self.first = self.settings = {} if self.made is None else self.made.settings
        self._stages: dict[tuple[float, ...], Stage] = {}
        if isinstance(given, Made):
            self.stage = self._first = self._made(given, self.first)
        else:
            self.stage = Stage.of(given, random_state, code)

    def make(self, settings: dict[str, float]) -> None:
        """Make data and picture anew, unless they are among the last few.

        Raises
        ------
        TypeError, ValueError
            If there are no such data; those before stay.
        """
        if self.made is not None and settings != self.settings:
            with like(self._first.picture.live):
                self.stage = self._made(self.made, settings)
            self.settings = settings

    def _made(self, made: Made, settings: Mapping[str, float]) -> Stage:
        key = tuple(settings.values())
        stage = self._stages.pop(key, None)
        if stage is None:
            with DRAWING:
                stage = made.stage(settings, self.random_state)
        self._stages[key] = stage  # as the newest
        while len(self._stages) > REMEMBERED:
            del self._stages[next(iter(self._stages))]
        return stage

    @property
    def changed(self) -> dict[str, float]:
        """The settings that are not as in the beginning."""
        return {name: value for name, value in self.settings.items() if value != self.first[name]}


NAMES = {"n_samples": "rows", "density": "known share", "noise": "noise"}


def make_sliders(sources: Mapping[str, Source]) -> dict[str, widgets.Widget]:
    """Return a slider for each setting that some of the data have, without a range yet."""
    look: dict[str, Any] = {"style": {"description_width": "96px"}, "layout": {"width": "400px"}}
    kinds = {"n_samples": widgets.IntSlider, "density": widgets.FloatSlider, "noise": widgets.FloatSlider}
    used = {name for source in sources.values() for name in source.first}
    return {name: kind(description=NAMES[name], **look) for name, kind in kinds.items() if name in used}


def fit_sliders(own: Mapping[str, Any], source: Source) -> None:
    """Give the sliders range and value of some data; one that these do not have is hidden."""
    for name, slider in own.items():
        # Hidden, not removed, so that nothing below it jumps.
        slider.layout.visibility = "visible" if name in source.first else "hidden"
        if source.made is not None and name in source.first:
            set_range(slider, *source.made.range(name), source.settings[name])


def read_sliders(own: Mapping[str, Any], source: Source) -> dict[str, float]:
    """Return the settings for which the sliders stand."""
    found = {}
    for name, first in source.first.items():
        slider = own[name]
        # In the browser a slider comes to rest on a step, beside the first value: that is no move.
        value = slider.value if isinstance(slider.value, int) else float(f"{slider.value:.6g}")
        found[name] = first if abs(value - first) < 0.51 * slider.step else value
    return found
