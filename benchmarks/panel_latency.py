"""How long a slider takes to change the pixels, for the panels of lessons, beside the usual way.

    python -m benchmarks.panel_latency [--lessons 05 08 10] [--moves 40]

Each lesson runs in a real JupyterLab and Chromium. Right below its first panel stand two more cells, see
`benchmarks.usual`: an `interact` that trains and draws the same with pyplot, and ready pictures. The three
are measured by turns in one run, because a shared machine is now fast, now slow: the ratios are worth more
than the milliseconds.

The clock is the page's own, in `clock.js`: from the keydown on the handle of the learning rate, or from the
move of the mouse that holds a point, until another picture is in the page, decoded and painted.
"""

import argparse
import ast
import os
import tempfile
from pathlib import Path

import nbformat
import numpy as np

from benchmarks.training_speed import machine
from tests.browser.lab import (
    CELLS,
    bring,
    chromium,
    handle,
    into_view,
    jupyter_lab,
    new_page,
    open_notebook,
    run_all,
)

ROOT = Path(__file__).parent.parent
CLOCK = (ROOT / "benchmarks" / "clock.js").read_text(encoding="utf-8")
BESIDE = (
    "from benchmarks import usual\n\nusual.usual_way(usual.newest_panel(Out))",
    "usual.ready_pictures(usual.newest_panel(Out))",
    "usual.place_of_a_point(usual.newest_panel(Out))",
)
WIDGET = "application/vnd.jupyter.widget-view+json"
NAMES = ("panel", "usual way", "ready pictures", "dragged point")
BLOCK = 10  # moves of one slider, until it is another one's turn


def copy_with_comparisons(lesson, folder):
    """Copy a lesson, with two more cells below its first training panel; return the panel's cell number."""
    notebook = nbformat.read(lesson, as_version=4)
    shown = [
        number
        for number, cell in enumerate(notebook.cells)
        if "TrainingPanel(" in cell.source
        and any(WIDGET in output.get("data", {}) for output in cell.outputs)
    ]
    beside = [nbformat.v4.new_code_cell(source) for source in BESIDE]
    notebook.cells[shown[0] + 1 : shown[0] + 1] = beside
    nbformat.write(notebook, folder / lesson.name)
    return shown[0]


def move(page, area, moves):
    """Move the learning rate by one step and back, each time from rest; return the milliseconds of each."""
    times = []
    for number in range(moves):
        area.evaluate("rest")
        handle(area, "learning rate").focus()
        area.evaluate("watchPicture", "keydown")
        page.keyboard.press(("ArrowLeft", "ArrowRight")[number % 2])
        times.append(page.evaluate("measured"))
    return times


def drag(page, area, place, moves):
    """Drag a point of the picture to and fro by some pixels, each time from rest; return the milliseconds."""
    times, picture = [], area.locator("img").first
    into_view(picture)
    box = picture.bounding_box()
    x, y = box["x"] + place[0] * box["width"], box["y"] + place[1] * box["height"]
    page.mouse.move(x, y)
    page.mouse.down()
    for number in range(moves):
        area.evaluate("rest")
        area.evaluate("watchPicture", "mousemove")
        page.mouse.move(x, y - 10 * (1 - number % 2))  # it ends where it began
        times.append(page.evaluate("measured"))
    page.mouse.up()
    return times


def measure(page, url, number, moves):
    """Return the milliseconds of a lesson's panel and of what stands below it, by turns."""
    open_notebook(page, url)
    page.evaluate(CLOCK)
    run_all(page)
    cell = ".jp-Notebook-cell[data-windowed-list-index='{}'] .jp-Cell-outputArea"
    areas = [page.locator(cell.format(number + k)) for k in (0, 1, 2, 0)]
    # It may come after the reply to its cell.
    shown = page.wait_for_function(f"{CELLS}[{number + 3}].outputs[0]?.data['text/plain']").json_value()
    place = ast.literal_eval("".join(shown))
    times = {name: [] for name in NAMES[: 4 if place else 3]}
    for turn in range(1 + moves // BLOCK):
        for name, area in zip(times, areas, strict=False):
            bring(page, area)
            found = drag(page, area, place, BLOCK) if name == NAMES[3] else move(page, area, BLOCK)
            times[name] += found if turn else []  # the first turn warms up
    return times


def main():
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument(
        "--lessons", nargs="*", default=["05", "06", "08", "09", "10"], help="numbers of lessons"
    )
    parser.add_argument("--moves", type=int, default=40, help=f"of each slider, a multiple of {BLOCK}")
    arguments = parser.parse_args()
    os.environ["PYTHONPATH"] = str(ROOT)  # for the kernels
    lessons = [next(ROOT.glob(f"notebooks/{number}_*.ipynb")) for number in arguments.lessons]
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        notebooks, home = Path(folder, "notebooks"), Path(folder, "home")
        notebooks.mkdir()
        (notebooks / "data").symlink_to(ROOT / "notebooks" / "data")
        panels = {lesson: copy_with_comparisons(lesson, notebooks) for lesson in lessons}
        print(f"| lesson | {', ms | '.join(NAMES)}, ms | panel ÷ ready | drag ÷ ready | usual ÷ panel |")
        print("| --- | --- | --- | --- | --- | --- | --- | --- |")
        with jupyter_lab(notebooks, home) as url:
            for lesson, number in panels.items():
                with new_page(browser, height=2200) as page:
                    times = measure(page, url.format(lesson.name), number, arguments.moves)
                panel, usual, ready, *dragged = (np.median(found) for found in times.values())
                ends = [np.percentile(found, (50, 95)) for found in times.values()]
                cells = [f"{median:.0f} / {slow:.0f}" for median, slow in ends]
                cells += [] if dragged else [""]
                cells += [f"{panel / ready:.2f}", *(f"{each / ready:.2f}" for each in dragged or ())]
                cells += [f"{usual / panel:.1f}"] if dragged else ["", f"{usual / panel:.1f}"]
                print(f"| {lesson.stem[:2]} | {' | '.join(cells)} |", flush=True)
        print(f"\nMedian / 95th percentile of {arguments.moves} moves, Chromium {browser.version};")
        print(machine("matplotlib", "ipywidgets", "jupyterlab", "ipykernel"))


if __name__ == "__main__":
    main()
