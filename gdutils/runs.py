"""A run under way: the settings it depends on, its training in slices, and how much of it is done.

The newest setting wins: a run that takes long is trained in slices, and may be abandoned amid an epoch.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from gdutils.pictures import Picture
from gdutils.training import Run, Snapshot

if TYPE_CHECKING:
    from gdutils.made_data import Stage

__all__ = ["Abandoned", "LiveRun", "Paced", "Settings"]

# Seconds. The slices of a long run pause for a breath now and then, enough for another thread to take over.
BETWEEN_BREATHS = 0.002
BREATH = 0.0005


@dataclass(frozen=True)
class Settings:
    """What a run depends on. The number of epochs shown is none of it."""

    data: str
    optimizer: Any
    batch_size: int
    of_model: Mapping[str, float]  # the model's own settings that have a slider
    seed: int | None = None  # of the start and the batches; None is the lesson's own
    of_data: Mapping[str, float] = field(default_factory=dict)  # where made ones are not the lesson's

    def name(self, n_samples: int) -> str:
        """Name the optimizer, the batches and the seed, in words."""
        size = self.batch_size
        batches = "full batch" if size == n_samples else f"batches of {size}"
        if n_samples % size:
            batches += f" (the last of {n_samples % size})"
        return f"{self.optimizer!r}, {batches}{'' if self.seed is None else f', seed {self.seed}'}"


class Abandoned(Exception):  # noqa: N818 (nothing went wrong)
    """A newer run has replaced this one."""


class Paced:
    """An optimizer that pauses for a breath now and then, and gives up when its run is abandoned.

    So a long run yields in the midst of an epoch, too: one of single rows may take 50 ms, or minutes.
    """

    def __init__(self, optimizer: Any) -> None:
        self.optimizer, self.init = optimizer, optimizer.init
        self.on_breath: Callable[[], None] | None = None  # a run that is waited for takes no breath
        self.abandoned = False
        self.next_breath = 0.0
        self.steps = 0  # one for each parameter, w and b alike

    def step(self, theta: Any, grad: Any, state: Any) -> tuple[Any, Any]:
        """Take the optimizer's step."""
        if self.abandoned:
            raise Abandoned
        self.steps += 1
        if self.on_breath is not None and time.perf_counter() > self.next_breath:
            time.sleep(BREATH)  # lets the threads run that bring and send messages
            self.on_breath()
            self.next_breath = time.perf_counter() + BETWEEN_BREATHS
        return self.optimizer.step(theta, grad, state)  # type: ignore[no-any-return]


@dataclass
class LiveRun:
    """A run under way: its settings, the snapshots so far, and where the next ones come from."""

    settings: Settings
    model: Any
    stage: Stage
    pace: Paced
    source: Iterator[Snapshot]
    snapshots: list[Snapshot] = field(default_factory=list)
    finished: bool = False
    began: float = field(default_factory=time.perf_counter)

    @property
    def picture(self) -> Picture:
        """What it is shown by."""
        return self.stage.picture

    @property
    def share(self) -> float:
        """How much of the run is trained, from 0 to 1, in the midst of an epoch too."""
        batches = -(-len(self.picture.y) // self.settings.batch_size)
        return self.pace.steps / (self.picture.epochs * batches * len(self.snapshots[0].params))

    def so_far(self) -> Run:
        """Return what is trained by now."""
        return Run.of(list(self.snapshots), optimizer=self.settings.optimizer)

    def advance(self, seconds: float) -> None:
        """Train for a slice of time, by at least one epoch, unless the run is abandoned."""
        end = time.perf_counter() + seconds
        try:
            for snapshot in self.source:
                self.snapshots.append(snapshot)
                if time.perf_counter() > end:
                    return
        except Abandoned:
            return
        self.finished = True
