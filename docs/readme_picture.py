"""The moving picture of the README and of the book's first page: `make pictures` draws it again.

The panel of lesson 05 lives in a real JupyterLab; the mouse drags the epochs, the learning rate, and a point.
Each frame is a screenshot of the panel, with an arrow where the mouse is.
"""

import io
import shutil
import tempfile
from itertools import pairwise
from pathlib import Path

import nbformat
import numpy as np
from PIL import Image
from playwright.sync_api import expect

from gdutils import datasets, models
from gdutils.optimizers import SGD
from gdutils.panel import LinePicture, TrainingPanel
from tests.browser.lab import (
    Panel,
    chromium,
    into_view,
    jupyter_lab,
    new_page,
    on_slider,
    open_notebook,
    run_all,
)

ROOT = Path(__file__).parent.parent
LESSON = "05_linear_regression.ipynb"
CELLS = 4  # up to the panel
WIDTH = 1290  # pixels of the window: the panel is 860 wide
ARROW = """() => {
    const arrow = document.createElement("div");
    arrow.style = "position: fixed; z-index: 10000; pointer-events: none; width: 18px; height: 26px;"
        + "background: black; clip-path: polygon(0 0, 0 80%, 30% 62%, 48% 100%, 66% 92%, 48% 56%, 90% 56%)";
    document.body.append(arrow);
    document.addEventListener("mousemove", event => {
        arrow.style.left = event.clientX + "px";
        arrow.style.top = event.clientY + "px";
    }, true);
}"""


class Film:
    """The frames of a panel, and for how many milliseconds each stays."""

    def __init__(self, panel):
        self.panel, self.frames, self.stays = panel, [], []

    def shoot(self, stays):
        """Take a picture once the run is trained and drawn."""
        self.panel.page.wait_for_timeout(200)
        self.panel.rest()
        shot = self.panel.output.locator(".gdutils-panel").screenshot()
        self.frames.append(Image.open(io.BytesIO(shot)).convert("RGB"))
        self.stays.append(stays)

    def drag(self, *stops, frames=7, pause=1400):
        """Drag from the first place to the others, with a picture at each step of the way."""
        mouse, parts = self.panel.page.mouse, (1 - np.cos(np.linspace(0, np.pi, frames))) / 2
        mouse.move(*stops[0])
        self.shoot(500)
        mouse.down()
        for start, end in pairwise(stops):
            for part in parts[1:]:
                mouse.move(*(np.array(start) * (1 - part) + np.array(end) * part), steps=3)
                self.shoot(140)
            self.stays[-1] = pause
        mouse.up()

    def save(self, path):
        """Write it as a WebP that starts over at its end."""
        first, *others = self.frames
        first.save(path, save_all=True, append_images=others, duration=self.stays, quality=75, method=6)


def last_point(image):
    """Return where on the page the rightmost of the twenty points is."""
    X, y = datasets.make_line(20)
    panel = TrainingPanel(LinePicture(models.LinearRegression(n_features=1), X, y, epochs=200), SGD(lr=0.05))
    parts = panel.picture.data_ax.transData.transform((X[-1, 0], y[-1]))
    parts = parts / panel.picture.live.canvas.get_width_height()
    return image["x"] + parts[0] * image["width"], image["y"] + (1 - parts[1]) * image["height"]


def film(page):
    """Train, raise the learning rate until the run diverges, lower it, and pull a point away."""
    panel = Panel(page)
    panel.bring()
    panel.open_more()
    panel.output.locator("select", has_text="twenty points").select_option("twenty points")
    panel.button("More").click()
    panel.button("Rewind").click()
    expect(panel.sentence).to_contain_text("Epoch 0 of")
    page.evaluate(ARROW)
    into_view(panel.output.locator(".gdutils-panel"))
    taken = Film(panel)
    taken.drag(*on_slider(panel.output, "epochs", 0.2), frames=9)
    taken.drag(*on_slider(panel.output, "learning rate", 0.785, 0.812, 0.6))
    image = panel.image.bounding_box()
    x, y = last_point(image)
    taken.drag((x, y), (x, y + 0.62 * image["height"]), (x, y), frames=9)
    return taken


def main():
    """Draw it."""
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        lessons = Path(folder, "notebooks")
        shutil.copytree(ROOT / "notebooks" / "data", lessons / "data")
        lesson = nbformat.read(ROOT / "notebooks" / LESSON, as_version=4)
        lesson.cells = lesson.cells[:CELLS]
        nbformat.write(lesson, lessons / LESSON)
        with jupyter_lab(lessons, Path(folder)) as url, new_page(browser, WIDTH) as page:
            open_notebook(page, url.format(LESSON))
            run_all(page)
            film(page).save(ROOT / "docs" / "panel.webp")


if __name__ == "__main__":
    main()
