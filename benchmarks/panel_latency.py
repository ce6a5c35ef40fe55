"""How long a slider takes to change the pixels: the live panel beside the same picture drawn the usual way.

    python -m benchmarks.panel_latency [--moves 60] [--lessons 20]

One notebook in a real JupyterLab and Chromium holds two cells: the panel, and an `interact` that trains the
same model and draws the same axes with pyplot. They are measured by turns in one run, because a shared
machine is now fast, now slow: the ratios are worth more than the milliseconds. Then the panel of each lesson
is measured where it stands, at its default settings.

The clock is the page's own. It starts at the keydown on a slider's handle. It ends when another picture is
in the page, decoded and painted: the browser paints right after the callbacks of `requestAnimationFrame`,
and a message posted from one of them arrives after that. The browser's own Element Timing gave the same
time to 2 ms; a second `requestAnimationFrame` would only add the wait for a frame in which nothing changes.
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import shutil
import tempfile
import time
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

import nbformat
import numpy as np
from playwright.sync_api import Locator, Page

from tests.browser.lab import PATIENCE, chromium, handle, jupyter_lab, open_notebook, run_all

LESSONS = Path(__file__).parent.parent / "notebooks"

PANEL = """\
from gdutils.datasets import make_line
from gdutils.models import LinearRegression
from gdutils.optimizers import SGD
from gdutils.panels import TrainingPanel
from gdutils.pictures import LinePicture

TrainingPanel(LinePicture(LinearRegression(n_features=1), *make_line(), epochs=200), SGD(lr=0.05))"""

USUAL = """\
import matplotlib.pyplot as plt
from ipywidgets import FloatLogSlider, IntSlider, interact
from gdutils import plots
from gdutils.training import train

plt.style.use("gdutils.lesson")
X, y = make_line()
model = LinearRegression(n_features=1)

def show(lr, batch_size, epochs):
    run = train(model, X, y, SGD(lr=lr), epochs=epochs, batch_size=batch_size)
    figure, (data_ax, loss_ax, surface_ax) = plt.subplots(1, 3, figsize=(8.4, 3.0))
    plots.plot_data(X, y, data_ax)
    plots.plot_line(run.params, data_ax)
    data_ax.set(title="Does the line fit?", xlabel="x, feature", ylabel="y, target")
    plots.label_loss(loss_ax)
    plots.plot_loss(run.losses, loss_ax)
    loss_ax.set_title("Does the loss fall?")
    plots.plot_surface(model, X, y, surface_ax, start=run.path[0])
    plots.plot_path(run.path, surface_ax)
    surface_ax.set_title("Is the star reached?")
    plt.show()

interact(
    show,
    lr=FloatLogSlider(value=0.05, min=-3, max=0.5, step=0.05, description="learning rate"),
    batch_size=IntSlider(value=200, min=1, max=200, description="batch size"),
    epochs=IntSlider(value=200, min=0, max=200, description="epochs"),
);"""

# What no panel can beat: the same slider and picture, with nothing to train and nothing to draw.
FLOOR = """\
from itertools import cycle
from ipywidgets import Image, VBox

live = TrainingPanel(LinePicture(model, X, y, epochs=200), SGD(lr=0.05))
ready = [live.image.value]
live.controls.lr.value = 0.3
ready.append(live.image.value)
next_picture = cycle(ready).__next__

slider = FloatLogSlider(value=0.05, min=-3, max=0.5, step=0.05, description="learning rate")
image = Image(value=next_picture(), layout={"width": "840px"})
slider.observe(lambda change: setattr(image, "value", next_picture()), "value")
VBox([slider, image])"""

# In the page. What is watched for is set up before the key goes down, and left in `window`.
CLOCK = """() => {
    const keydown = () => new Promise(found => document.addEventListener(
        "keydown", () => found(performance.now()), {capture: true, once: true}));
    const watch = (area, see) => {
        const watcher = new MutationObserver(() => see(watcher));
        watcher.observe(area, {subtree: true, childList: true, characterData: true, attributes: true});
    };
    const until = (area, check) => new Promise((found, failed) => {
        watch(area, watcher => { if (check()) { watcher.disconnect(); found(); } });
        setTimeout(() => failed(new Error("nothing changed for 20 seconds")), 20000);
    });
    // A picture that a newer one replaces before it is decoded was never seen: then the newer one counts.
    const decoded = area => area.querySelector("img").decode().catch(() => decoded(area));
    const painted = () => new Promise(found => requestAnimationFrame(() => {
        const {port1, port2} = new MessageChannel();
        port1.onmessage = () => found(performance.now());
        port2.postMessage(null);
    }));
    const src = area => area.querySelector("img")?.src;
    const pixels = area => {
        const image = area.querySelector("img"), canvas = document.createElement("canvas");
        [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
        canvas.getContext("2d").drawImage(image, 0, 0);
        return canvas.toDataURL();
    };
    const status = area => area.querySelector("[role=status]").textContent;
    const rate = area => status(area).match(/lr=[^,)]*/)[0];

    const timePicture = async area => {
        const before = src(area), old = pixels(area);
        const changed = until(area, () => src(area) && src(area) !== before);
        const start = await keydown();
        await changed;
        await decoded(area);
        const end = await painted();
        if (pixels(area) === old) throw new Error("another picture came, with the same pixels");
        return end - start;
    };
    const timeWords = async area => {
        const before = rate(area), changed = until(area, () => rate(area) !== before);
        const start = await keydown(), training = status(area).includes("trained so far");
        await changed;
        return training ? performance.now() - start : null;
    };
    window.watchPicture = area => { window.measured = timePicture(area); };
    window.watchWords = area => { window.measured = timeWords(area); };
    window.countPictures = area => {
        const seen = window.pictures = new Set([src(area)]);
        watch(area, () => { if (src(area)) seen.add(src(area)); });
    };
    window.quiet = area => new Promise(found => {
        let timer = setTimeout(found, 150);
        watch(area, () => { clearTimeout(timer); timer = setTimeout(found, 150); });
    });
}"""


def write_notebook(path: Path) -> None:
    """The three cells, their code folded away so that all pictures are on the screen."""
    folded = {"jupyter": {"source_hidden": True}}
    cells = [nbformat.v4.new_code_cell(source, metadata=folded) for source in (PANEL, USUAL, FLOOR)]
    kernel = {"name": "python3", "display_name": "Python 3"}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel}), path)


def press(page: Page, area: Locator, label: str, key: str, watch: str = "watchPicture") -> float | None:
    """Press a key on a slider's handle; return the milliseconds until what is watched has changed."""
    handle(area, label).focus()
    area.evaluate(watch)
    page.keyboard.press(key)
    return page.evaluate("measured")


def move(page: Page, area: Locator, label: str, moves: int) -> list[float]:
    """Move a slider by one step of its arrow keys and back, `moves` times in all, each from rest."""
    times, keys = [], ["ArrowLeft", "ArrowRight"]
    if handle(area, label).get_attribute("aria-valuenow") == handle(area, label).get_attribute(
        "aria-valuemin"
    ):
        keys.reverse()  # at its left end
    for number in range(moves):
        area.evaluate("quiet")
        times.append(press(page, area, label, keys[number % 2]))
    return times


def replace_run(page: Page, area: Locator, key: str) -> float | None:
    """Move the learning rate while batches of one row are trained; None if that had already ended."""
    sentence = area.get_by_role("status")
    handle(area, "batch size").press("End")
    sentence.filter(has_text="full batch").wait_for()
    handle(area, "batch size").press("Home")
    sentence.filter(has_text=re.compile("batches of 1[:,]")).filter(has_text="trained so far").wait_for()
    return press(page, area, "learning rate", key, "watchWords")


def drag(page: Page, area: Locator, seconds: float = 3) -> float:
    """Drag the learning rate to and fro, a move each 20 ms; return the pictures a second."""
    area.evaluate("quiet")
    knob = handle(area, "learning rate").bounding_box()
    x, y = knob["x"] + knob["width"] / 2, knob["y"] + knob["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    area.evaluate("countPictures")
    began = time.perf_counter()
    while (elapsed := time.perf_counter() - began) < seconds:
        way = 2 * elapsed % 1  # 50 pixels there and back in half a second, at rates that are all stable
        page.mouse.move(x - 100 * min(way, 1 - way), y)
        time.sleep(max(0.0, 0.02 - (time.perf_counter() - began - elapsed)))
    pictures = page.evaluate("pictures.size") - 1
    page.mouse.move(x, y)
    page.mouse.up()
    return pictures / elapsed


def measure(page: Page, moves: int) -> None:
    """Measure by turns, in blocks of 10 moves, and print a table."""
    cells = page.locator(".jp-CodeCell .jp-Cell-outputArea")
    panel, usual, floor = cells.nth(0), cells.nth(1), cells.nth(2)
    sliders = [(area, "learning rate") for area in (panel, usual, floor)]
    sliders += [(panel, "batch size"), (panel, "epochs")]
    blocks = [[move(page, *slider, 10) for slider in sliders] for _ in range(moves // 10 + 1)]
    # The first block only warms up.
    fast, slow, nothing, batch_size, epochs = (
        np.concatenate(times) for times in zip(*blocks[1:], strict=True)
    )
    drags = [(drag(page, panel), drag(page, usual)) for _ in range(3)]
    keys = ["ArrowRight", "ArrowLeft"] * (moves // 8)
    replaced = [time for key in keys if (time := replace_run(page, panel, key)) is not None]

    fast, slow, nothing, batch_size, epochs, amid = (
        np.percentile(times, (50, 95)) for times in (fast, slow, nothing, batch_size, epochs, replaced)
    )
    fast_frames, slow_frames = np.mean(drags, axis=0)
    print("| slider to pixels | median, ms | 95th percentile, ms | frames/s in a drag |\n|---|---|---|---|")
    print_row("learning rate, live panel", *fast, fast_frames)
    print_row("learning rate, usual way", *slow, slow_frames)
    print_row("**the panel is better by a factor of**", *(slow / fast), fast_frames / slow_frames)
    print_row("learning rate, two ready pictures, nothing trained or drawn", *nothing)
    print_row("batch size, live panel", *batch_size)
    print_row("epochs, live panel", *epochs)
    print_row(f"words of a new rate amid 40,000 steps ({len(replaced)} times)", *amid)


def measure_lesson(page: Page, moves: int) -> list[Sequence[float]]:
    """Measure the panel of the lesson on the page: three sliders, and how soon a long run gives way.

    A panel for functions has no batches: its start stands in their place, and no run of it is long.
    """
    area = page.locator(".jp-OutputArea-output", has=page.locator("div[role=status]"))
    area.scroll_into_view_if_needed(timeout=PATIENCE)
    trains = handle(area, "batch size").count() > 0
    labels = ("learning rate", "batch size", "epochs") if trains else ("learning rate", "start", "steps")
    blocks = [[move(page, area, label, 10) for label in labels] for _ in range(moves // 10 + 1)]
    keys = ["ArrowRight", "ArrowLeft"] * max(1, moves // 4)
    replaced = [t for key in keys if trains and (t := replace_run(page, area, key)) is not None]
    return [*(np.concatenate(times) for times in zip(*blocks[1:], strict=True)), replaced]


def measure_lessons(page: Page, url: str, lessons: list[Path], moves: int) -> None:
    """Measure the panel of every lesson, and print a table."""
    print(
        "\n| slider to pixels: median / 95th percentile, ms | learning rate | batch size, or start | "
        "epochs, or steps |",
        end="",
    )
    print(" words of a new rate amid batches of 1 |\n|---|---|---|---|---|")
    for lesson in lessons:
        open_notebook(page, url.format(lesson.name))
        run_all(page)
        page.evaluate(CLOCK)
        shown = [
            " / ".join(f"{figure:.0f}" for figure in np.percentile(times, (50, 95))) if len(times) else "–"
            for times in measure_lesson(page, moves)
        ]
        print(f"| {lesson.stem} | {' | '.join(shown)} |", flush=True)


def print_row(what: str, *figures: float) -> None:
    shown = [f"{figure:.0f}" if figure >= 20 else f"{figure:.1f}" for figure in figures]
    print(f"| {what} | {' | '.join(shown + ['–'] * (3 - len(shown)))} |")


def print_versions(browser: str) -> None:
    packages = ("matplotlib", "ipywidgets", "jupyterlab", "ipykernel")
    print(
        f"\n{platform.system()} {platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f};"
    )
    print(f"Python {platform.python_version()},", *(f"{name} {version(name)}," for name in packages))
    print(f"Chromium {browser}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--moves", type=int, default=60, help="of each slider, a multiple of 10")
    parser.add_argument("--lessons", type=int, default=20, help="moves in each lesson, a multiple of 10")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        notebooks = Path(folder, "notebooks")
        notebooks.mkdir()
        write_notebook(notebooks / "bench.ipynb")
        lessons = [Path(shutil.copy(path, notebooks)) for path in sorted(LESSONS.glob("*.ipynb"))]
        with jupyter_lab(notebooks, Path(folder, "home")) as url:
            page = browser.new_page(viewport={"width": 1280, "height": 1500})
            open_notebook(page, url.format("bench.ipynb"))
            run_all(page)
            page.evaluate(CLOCK)
            measure(page, arguments.moves)
            if arguments.lessons:
                measure_lessons(page, url, lessons, arguments.lessons)
        print_versions(browser.version)


if __name__ == "__main__":
    main()
