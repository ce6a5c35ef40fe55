"""How long a slider takes to change the pixels, for the panel of every lesson, beside the usual way.

    python -m benchmarks.panel_latency [--moves 10] [--lessons 05 08]

Each lesson runs in a real JupyterLab and Chromium. Right below its panel stand two more cells, see
`benchmarks.usual`: an `interact` that trains and draws the same with pyplot, and ready pictures, which
nothing can beat. All three are measured by turns, because a shared machine is now fast, now slow: the ratios
are worth more than the milliseconds.

The clock is the page's own, in `clock.js`. It starts at the keydown on a slider's handle. It ends when
another picture is in the page, decoded and painted; the browser's own Element Timing agreed to 2 ms.
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from itertools import chain
from pathlib import Path

import nbformat
import numpy as np
from playwright.sync_api import Error, Locator, Page, TimeoutError

from tests.browser.lab import (
    PATIENCE,
    bring,
    chromium,
    handle,
    jupyter_lab,
    open_notebook,
    run_all,
    shut_kernels_down,
)

ROOT = Path(__file__).parent.parent
CLOCK = (ROOT / "benchmarks" / "clock.js").read_text(encoding="utf-8")
BESIDE = (
    "from benchmarks import usual\n\nusual.usual_way(usual.newest_panel(Out))",
    "usual.ready_pictures(usual.newest_panel(Out))",
)
WIDGET = "application/vnd.jupyter.widget-view+json"
BLOCK = 10  # moves of one slider, until it is another one's turn
WARM_UP = 2
ATTEMPTS = 3
REPLACED = 3  # times that a long run is
DRAGGED = 2.0  # seconds
KEPT_MOVES = 1_000  # after which the kernel's memory is looked at again
TOLERANCE = 0.05


def copy_with_comparisons(lesson: Path, folder: Path) -> list[int]:
    """Copy a lesson, with two more cells below each of its panels; return the numbers of their cells."""
    notebook = nbformat.read(lesson, as_version=4)
    cells, panels = [], []
    for cell in notebook.cells:
        cells.append(cell)
        shown = [output.get("data", {}) for output in cell.get("outputs", [])]
        if re.search(r"Panel\(|^YourData\(", cell.source, re.M) and any(WIDGET in data for data in shown):
            panels.append(len(cells) - 1)
            folded = {"jupyter": {"source_hidden": True}}
            cells += [nbformat.v4.new_code_cell(source, metadata=folded) for source in BESIDE]
    notebook.cells = cells
    nbformat.write(notebook, folder / lesson.name)
    return panels


def press(page: Page, area: Locator, label: str, key: str, watch: str = "watchPicture") -> float | None:
    """Press a key on a slider's handle; return the milliseconds until what is watched has changed."""
    handle(area, label).focus()
    area.evaluate(watch)
    page.keyboard.press(key)
    return page.evaluate("measured")


def move(page: Page, area: Locator, label: str, moves: int) -> list[float]:
    """Move a slider by one step of its arrow keys and back, `moves` times in all, each from rest."""
    times, keys, knob = [], ["ArrowLeft", "ArrowRight"], handle(area, label)
    if knob.get_attribute("aria-valuenow") == knob.get_attribute("aria-valuemin"):
        keys.reverse()  # at its left end
    for number in range(moves):
        area.evaluate("quiet")
        times.append(press(page, area, label, keys[number % 2]))
    return times


def replace_run(page: Page, area: Locator, key: str) -> float | None:
    """Move the learning rate while batches of one row are trained; None if that had already ended."""
    sentence = area.get_by_role("status").first
    handle(area, "batch size").press("End")
    sentence.filter(has_text="full batch").wait_for()
    handle(area, "batch size").press("Home")
    single = sentence.filter(has_text=re.compile("batches of 1[:,]"))
    single.wait_for()
    try:
        single.filter(has_text="trained so far").wait_for(timeout=500)
    except TimeoutError:
        return None
    return press(page, area, "learning rate", key, "watchWords")


def drag(page: Page, area: Locator) -> tuple[float, list[float]]:
    """Drag the learning rate to and fro, a move each 20 ms; return pictures a second and ages."""
    area.evaluate("quiet")
    knob = handle(area, "learning rate")
    knob.scroll_into_view_if_needed()
    box = knob.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    area.evaluate("(area, knob) => watchDrag(area, knob)", knob.element_handle())
    began = time.perf_counter()
    while (elapsed := time.perf_counter() - began) < DRAGGED:
        way = 2 * elapsed % 1  # 50 pixels there and back in half a second, at rates that are all stable
        page.mouse.move(x - 100 * min(way, 1 - way), y)
        time.sleep(max(0.0, 0.02 - (time.perf_counter() - began - elapsed)))
    seen = page.evaluate("endDrag()")
    page.mouse.move(x, y)
    page.mouse.up()
    return seen["pictures"] / elapsed, seen["ages"]


@dataclass
class Measured:
    """What was measured of one panel, in milliseconds and frames a second."""

    name: str
    sliders: list[list[float]] = field(default_factory=lambda: [[], [], []])
    usual: list[float] = field(default_factory=list)
    ready: list[float] = field(default_factory=list)
    frames: tuple[float, float] = (0.0, 0.0)
    ages: tuple[list[float], list[float]] = ((), ())
    replaced: list[float] = field(default_factory=list)

    @property
    def worst(self) -> tuple[float, float]:
        """The largest median and 95th percentile of the three sliders."""
        return tuple(np.percentile(self.sliders, (50, 95), axis=1).max(axis=1))

    @property
    def faster(self) -> float:
        """How many times as fast as the usual way the learning rate is."""
        return float(np.median(self.usual) / np.median(self.sliders[0]))

    def row(self) -> str:
        times = [*self.sliders, self.usual, self.ready]
        sliders = [" / ".join(f"{part:.0f}" for part in np.percentile(each, (50, 95))) for each in times]
        floor = np.median(self.sliders[0]) / np.median(self.ready)
        frames = " / ".join(f"{rate:.0f}" for rate in self.frames)
        ages = " / ".join(f"{np.median(each):.0f}" if len(each) else "–" for each in self.ages)
        replaced = f"{np.median(self.replaced):.0f} / {max(self.replaced):.0f}" if self.replaced else "–"
        shown = [self.name, *sliders, f"{self.faster:.1f}", f"{floor:.2f}", frames, ages, replaced]
        return f"| {' | '.join(shown)} |"


def measure(page: Page, name: str, areas: Sequence[Locator], moves: int) -> Measured:
    """Measure a panel, and the two cells below it, by turns.

    A panel for functions has no batches: its start stands in their place, and no run of it is long.
    """
    panel, usual, ready = areas
    measured = Measured(name)
    trains = handle(panel, "batch size").count() > 0
    labels = ("learning rate", "batch size", "epochs") if trains else ("learning rate", "start", "steps")
    turns = [(panel, label, times) for label, times in zip(labels, measured.sliders, strict=True)]
    turns += [(usual, "learning rate", measured.usual), (ready, "learning rate", measured.ready)]
    for number in range(moves // BLOCK + 1):
        for area, label, times in turns:
            area.scroll_into_view_if_needed()
            found = move(page, area, label, BLOCK if number else WARM_UP)
            times += found if number else []
    drags = [drag(page, area) for area in (panel, usual)]
    measured.frames, measured.ages = zip(*drags, strict=True)
    if trains:
        times = [replace_run(page, panel, key) for key in ["ArrowRight", "ArrowLeft"] * REPLACED]
        measured.replaced = [time for time in times[: 2 * REPLACED] if time is not None]
    return measured


def open_and_run(page: Page, url: str, panels: Sequence[int]) -> list[list[Locator]]:
    """Run a lesson in a kernel of its own; return, for each panel, where it and the two cells below it are.

    Now and then, on a busy machine, the messages of a page's widgets never arrive, see `tests.browser.lab`.
    So each slider is moved first, and all is begun anew if one does not answer.
    """
    for _ in range(ATTEMPTS):
        shut_kernels_down(url)
        open_notebook(page, url)
        run_all(page)
        page.evaluate(CLOCK)
        try:
            areas = [areas_of(page, number) for number in panels]
            for area in chain(*areas):
                bring(page, area)
                move(page, area, "learning rate", 2)
            return areas
        except (AssertionError, Error):
            page.goto("about:blank")
    raise RuntimeError(f"a panel of {url} does not answer")


def areas_of(page: Page, number: int) -> list[Locator]:
    """Return the outputs of a panel's cell and of the two below it."""
    cells = [page.locator(f".jp-Notebook-cell[data-windowed-list-index='{number + k}']") for k in range(3)]
    return [cell.locator(".jp-Cell-outputArea") for cell in cells]


def measure_lessons(page: Page, url: str, found: dict[Path, list[int]], moves: int) -> Iterator[Measured]:
    """Measure the panels of all lessons, each in a kernel of its own."""
    for lesson, panels in found.items():
        for number, areas in enumerate(open_and_run(page, url.format(lesson.name), panels)):
            name = f"{lesson.stem[:2]}{'' if len(panels) == 1 else 'abc'[number]}"
            bring(page, areas[0])
            yield measure(page, name, areas, moves)


def print_table(rows: Iterator[Measured]) -> list[Measured]:
    """Print a row for each panel as soon as it is measured."""
    print(
        "Slider to pixels, median / 95th percentile in ms; frames a second and age of the value in ms in a "
        "drag, panel / usual way;\nms until a newer setting replaced batches of 1, median / slowest.\n"
    )
    heads = [
        "lesson",
        "learning rate",
        "batch size, or start",
        "epochs, or steps",
        "usual way",
        "ready pictures",
    ]
    heads += ["usual ÷ panel", "panel ÷ ready", "frames/s", "age", "replaced, ms"]
    print(f"| {' | '.join(heads)} |\n|{'---|' * len(heads)}", flush=True)
    found = []
    for row in rows:
        found.append(row)
        print(row.row(), flush=True)
    return found


def measure_memory(page: Page, url: str, lesson: str) -> None:
    """Print how much memory a lesson's kernel holds before and after many moves of a slider."""
    shut_kernels_down(url)
    open_notebook(page, url.format(lesson))
    run_all(page)
    page.evaluate(CLOCK)
    area = page.locator(".jp-OutputArea-output", has=page.locator("div[role=status]")).first
    area.scroll_into_view_if_needed(timeout=PATIENCE)
    knob = handle(area, "learning rate")
    held = []
    for moves in (KEPT_MOVES // 10, KEPT_MOVES):  # the first ones only warm up
        knob.focus()
        for number in range(moves):
            page.keyboard.press(("ArrowLeft", "ArrowRight")[number % 2], delay=15)
        area.evaluate("quiet")
        held.append(memory_of_kernels())
    growth = held[1] / held[0] - 1
    print(
        f"\nMemory of the kernel of lesson {lesson[:2]}: {held[0] / 2**20:.0f} MiB, and after {KEPT_MOVES:,} "
        f"moves {held[1] / 2**20:.0f} MiB ({growth:+.1%}; at most {TOLERANCE:.0%} is wanted)."
    )


def memory_of_kernels() -> int:
    """Return the bytes that the kernels started from here hold; Linux tells."""
    found = 0
    for status in Path("/proc").glob("[0-9]*/statm"):
        try:
            command = (status.parent / "cmdline").read_bytes()
            environment = (status.parent / "environ").read_bytes()
            pages = int(status.read_text().split()[1])
        except OSError:  # ended meanwhile, or another user's
            continue
        if b"ipykernel" in command and f"BENCHMARK={os.getpid()}".encode() in environment:
            found += pages * os.sysconf("SC_PAGE_SIZE")
    return found


def print_verdict(rows: Sequence[Measured]) -> None:
    """Print the worst of all panels beside what is wanted."""
    median, p95 = np.max([row.worst for row in rows], axis=0)
    replaced = max((np.median(row.replaced) for row in rows if row.replaced), default=0.0)
    print(
        f"\nWorst of {len(rows)} panels: median {median:.0f} ms (wanted: at most 50), 95th percentile "
        f"{p95:.0f} ms (100), {min(row.faster for row in rows):.1f} times as fast as the usual way (3), "
        f"long run replaced in {replaced:.0f} ms (100)."
    )


def print_versions(browser: str) -> None:
    packages = ("matplotlib", "ipywidgets", "jupyterlab", "ipykernel")
    print(f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f};")
    print(f"Python {platform.python_version()},", *(f"{name} {version(name)}," for name in packages))
    print(f"Chromium {browser}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--moves", type=int, default=10, help="of each slider, a multiple of 10")
    parser.add_argument("--lessons", nargs="*", default=[""], help="numbers such as 05; without, all of them")
    arguments = parser.parse_args()
    os.environ |= {"PYTHONPATH": str(ROOT), "BENCHMARK": str(os.getpid())}  # for the kernels
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        notebooks = Path(folder, "notebooks")
        notebooks.mkdir()
        (notebooks / "data").symlink_to(ROOT / "notebooks" / "data")
        lessons = sorted(ROOT.glob("notebooks/*.ipynb"))
        chosen = [each for each in lessons if each.name.startswith(tuple(arguments.lessons))]
        found = {each: n for each in chosen if (n := copy_with_comparisons(each, notebooks))}
        with jupyter_lab(notebooks, Path(folder, "home")) as url:
            page = browser.new_page(viewport={"width": 1280, "height": 2200})
            rows = print_table(measure_lessons(page, url, found, arguments.moves))
            print_verdict(rows)
            measure_memory(page, url, next(iter(found)).name)
        print_versions(browser.version)


if __name__ == "__main__":
    main()
