"""A real JupyterLab on 127.0.0.1, and Chromium to open it: for the browser tests and the benchmarks.

Everything here waits for an event: the kernel's answer, the end of a cell, a changed sentence. `LIMIT` only
ends a test that waits for something that never comes.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import textwrap
import time
import urllib.request
import uuid
from contextlib import contextmanager, suppress
from pathlib import Path

from playwright.sync_api import expect, sync_playwright

ROOT = Path(__file__).parent.parent.parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
LIMIT = 300_000  # milliseconds
TIME = re.compile("epochs|steps")  # the label of the slider that moves through time
expect.set_options(timeout=LIMIT)

CELLS = "jupyterapp.shell.currentWidget.content.model.sharedModel.toJSON().cells"
LAB = "jupyterlab", "LabApp", "lab/tree"
FOLDERS = (
    "IPYTHONDIR", "JUPYTERLAB_SETTINGS_DIR", "JUPYTERLAB_WORKSPACES_DIR",
    "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR",
)  # fmt: skip
SETTINGS = {
    "apputils-extension/notification": {"fetchNews": "false"},
    # Nothing is saved: a lesson that was, is trusted, and shows the widgets of a kernel that is gone.
    "docmanager-extension/plugin": {"autosave": False},
}


def find_browser():
    """Return the path of a Chromium: CHROMIUM names one, else the system's, else Playwright's own."""
    named = os.environ.get("CHROMIUM")
    found = [named] if named else [path for name in BROWSERS if (path := shutil.which(name))]
    if not found:
        with sync_playwright() as playwright:
            found = [playwright.chromium.executable_path]
    return found[0] if Path(found[0]).exists() else None


@contextmanager
def jupyter_lab(folder, home, notebook=False):
    """Serve `folder`, with settings of its own under `home`; yield the address with a {} for the path.

    With `notebook` it is Jupyter Notebook, in place of JupyterLab.
    """
    for name, values in SETTINGS.items():
        file = home / "JUPYTERLAB_SETTINGS_DIR" / "@jupyterlab" / f"{name}.jupyterlab-settings"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(values))
    module, app, path = ("notebook", "JupyterNotebookApp", "notebooks") if notebook else LAB
    options = ["--allow-root", "--ServerApp.ip=127.0.0.1"]
    options += [f"--{app}.expose_app_in_browser=True"]  # as `jupyterapp`, which tells when cells have run
    # Else the server hangs up on a page that a busy machine keeps from answering, and a cell's reply is lost.
    options += ["--ServerApp.tornado_settings={'ws_ping_interval': 0}"]
    with server([module, *options, str(folder)], home) as told:
        yield f"{told['url']}{path}/{{}}?token={told['token']}"


@contextmanager
def server(command, home):
    """Run a module of Python's that is a Jupyter server; yield what it tells of itself once it answers.

    All that it writes is under `home`.
    """
    environment = os.environ | {name: str(home / name) for name in FOLDERS}
    command = [sys.executable, "-m", *command, "--no-browser", "--ServerApp.port=0"]
    with (home / "log").open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
    try:
        end = time.monotonic() + LIMIT / 1000
        while (told := told_in(home / "JUPYTER_RUNTIME_DIR")) is None:
            assert process.poll() is None, (home / "log").read_text(errors="replace")
            assert time.monotonic() < end, "Jupyter did not start"
            time.sleep(0.1)
        yield told
    finally:
        process.terminate()
        process.wait(LIMIT / 1000)


def told_in(folder):
    """Return what a server has written there, or None as long as it does not answer."""
    for path in folder.glob("jpserver-*.json"):
        with suppress(OSError, ValueError):  # not yet written, or not yet listening
            told = json.loads(path.read_text(encoding="utf-8"))
            urllib.request.urlopen(f"{told['url']}api/status?token={told['token']}", timeout=60).close()
            return told
    return None


@contextmanager
def chromium():
    """Start Chromium without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_browser(), args=["--disable-gpu"], timeout=LIMIT
        )
        yield browser
        browser.close()


@contextmanager
def new_page(browser, width=1280, height=900):
    """A page whose kernels end with it; `complaints` are the errors that it has written to its console."""
    page = browser.new_page(viewport={"width": width, "height": height})
    page.set_default_timeout(LIMIT)
    page.complaints = []
    page.on("console", lambda said: page.complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    yield page
    wait_for(page, "globalThis.jupyterapp?.serviceManager.sessions.shutdownAll()")
    page.close()


def wait_for(page, promise):
    """Return what a promise of the page gives."""
    return page.evaluate(
        """([promise, limit]) => Promise.race([
            eval(promise),
            new Promise((_, fail) => setTimeout(fail, limit, `no answer to ${promise}`)),
        ])""",
        [promise, LIMIT],
    )


def open_notebook(page, url):
    """Open a notebook in a workspace of its own, and wait until its kernel has answered."""
    page.goto(url.replace("/lab/tree/", f"/lab/workspaces/{uuid.uuid4().hex}/tree/"))
    page.wait_for_function("globalThis.jupyterapp?.shell.currentWidget?.context?.isReady")
    wait_for(page, "jupyterapp.shell.currentWidget.sessionContext.ready")
    wait_for(page, "jupyterapp.shell.currentWidget.sessionContext.session.kernel.info")
    page.locator(".jp-Notebook .jp-Cell").first.wait_for()
    # As for a learner, the page is done with all that it asks by itself: until a lesson keeps it awake,
    # ipykernel may overlook a message that arrives while it answers another.
    page.wait_for_function(
        """() => {
            const kernel = jupyterapp.shell.currentWidget.sessionContext.session.kernel;
            return kernel.status === "idle" && !kernel._futures?.size;
        }"""
    )


def run_all(page):
    """Run All Cells, and wait until the last cell has run."""
    wait_for(page, "jupyterapp.commands.execute('notebook:run-all-cells').then(() => null)")


def run_lesson(page, url):
    """Open a notebook, run it from the first cell to the last without an error, and return its panel."""
    open_notebook(page, url)
    run_all(page)
    assert_ran_without_error(page)
    return Panel(page)


@contextmanager
def a_cell_runs(page):
    """Within, a cell at the end of the notebook runs: it waits for a file, on and off the event loop."""
    source = """
        import asyncio, pathlib, time
        while not pathlib.Path("done").exists():
            time.sleep(0.02)
            await asyncio.sleep(0.02)
    """
    wait_for(
        page,
        f"""(async () => {{
            const content = jupyterapp.shell.currentWidget.content;
            content.activeCellIndex = content.widgets.length - 1;
            await jupyterapp.commands.execute("notebook:insert-cell-below");
            content.activeCell.model.sharedModel.setSource({json.dumps(textwrap.dedent(source))});
            globalThis.cellRuns = jupyterapp.commands.execute("notebook:run-cell");
        }})()""",
    )
    yield
    # Through the server: the kernel is busy with the cell.
    done = "{type: 'file', format: 'text', content: ''}"
    wait_for(page, f"jupyterapp.serviceManager.contents.save('done', {done}).then(() => null)")
    wait_for(page, "cellRuns.then(() => jupyterapp.serviceManager.contents.delete('done'))")


def assert_ran_without_error(page):
    """Every code cell has run, none shows an error or a warning, and the page has written none."""
    cells = page.evaluate(CELLS)
    for number, cell in enumerate(cells):
        if cell["cell_type"] == "code":
            assert cell["execution_count"], f"cell {number} has not run"
            for output in cell["outputs"]:
                assert output["output_type"] != "error", (number, output["evalue"])
                assert output.get("name") != "stderr", (number, output["text"])
    assert page.complaints == []


# Whether a part of the page has come to rest in sight; not if another has replaced it meanwhile.
AT_REST = """async node => {
    node.scrollIntoView({block: "nearest"});
    for (let calm = 0, before; calm < 5; ) {
        await new Promise(requestAnimationFrame);
        if (!node.isConnected) return false;
        const now = JSON.stringify(node.getBoundingClientRect());
        calm = now === before ? calm + 1 : 0;
        before = now;
    }
    return true;
}"""


def into_view(wanted):
    """Scroll a part of the page into view, and wait until it stands still."""
    while not wanted.evaluate(AT_REST):
        pass


def bring(page, wanted):
    """Scroll to a part of the notebook; JupyterLab takes cells that are far away off the page."""
    count = page.evaluate("jupyterapp.shell.currentWidget.content.widgets.length")
    for number in range(count):
        if wanted.is_visible():
            break
        wait_for(page, f"jupyterapp.shell.currentWidget.content.scrollToItem({number}, 'start')")
    into_view(wanted)


def button(area, name):
    """Return the button with these words."""
    words = re.compile(rf"^\W*{re.escape(name)}$")  # an icon counts as a letter
    return area.get_by_role("button", name=words)


def handle(area, label):
    """Return the handle of the slider with this label."""
    return area.locator(".widget-inline-hbox", has_text=label).locator(".noUi-handle").first


def on_slider(area, label, *parts):
    """Return where on the page the handle of a slider is, and places at parts of its length."""
    knob = handle(area, label)
    into_view(knob)
    box = knob.bounding_box()
    track = knob.locator("xpath=ancestor::*[contains(@class,'noUi-base')]").bounding_box()
    y = box["y"] + box["height"] / 2
    return [(box["x"] + box["width"] / 2, y), *((track["x"] + part * track["width"], y) for part in parts)]


class Panel:
    """The panel on the page, as a learner sees it."""

    def __init__(self, page, number=0):
        self.page = page
        everything = page.locator(".gdutils-sentence")
        self.output = page.locator(".jp-OutputArea-output", has=everything).nth(number)
        self.sentence = self.output.locator(".gdutils-sentence")
        self.image = self.output.locator(".widget-image, img.jupyter-widgets").first

    def look(self):
        return self.sentence.inner_text(), self.image.get_attribute("src")

    def bring(self):
        """Scroll to the panel."""
        bring(self.page, self.sentence)

    def expect_change(self, before, words):
        """Wait until the sentence has the words, the picture is another one, and the run is trained."""
        expect(self.sentence).to_contain_text(words)
        expect(self.image).not_to_have_attribute("src", before[1])
        self.rest()

    def rest(self):
        """Wait until nothing is being trained."""
        expect(self.sentence).to_have_attribute("aria-busy", "false")

    def button(self, name):
        """Return the button with these words."""
        return button(self.output, name)

    def open_more(self):
        """Unfold what is under More."""
        folded = self.output.locator(".gdutils-more")
        if not folded.is_visible():
            self.button("More").click()
        expect(folded).to_be_visible()

    def reset(self, words):
        """Bring back the first settings, and wait for the sentence that goes with them."""
        self.button("Reset").click()
        expect(self.sentence).to_contain_text(words)
        self.rest()

    def type_rate(self, text):
        """Type a learning rate, and press Enter."""
        field = self.output.locator("input[type=number]").first
        field.fill(text)
        field.press("Enter")

    def press(self, label, key):
        """Press a key on the handle of a slider."""
        handle(self.output, label).press(key)

    def drag(self, label, to):
        """Drag a slider's handle to a fraction of its length."""
        (start, end), mouse = on_slider(self.output, label, to), self.page.mouse
        mouse.move(*start)
        mouse.down()
        mouse.move(*end, steps=8)
        mouse.up()

    @contextmanager
    def pointer(self, x, y):
        """Press the mouse at a part of the picture's width and height; within, `move` takes other parts."""
        into_view(self.image)
        box, mouse = self.image.bounding_box(), self.page.mouse

        def move(x, y):
            mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"], steps=10)

        move(x, y)
        mouse.down()
        yield move
        mouse.up()

    def assert_nothing_is_wider_than_its_page(self):
        """The picture fits into the cell, and the sentence into its lines."""
        assert self.output.evaluate(
            """area => {
                const image = area.querySelector("img").getBoundingClientRect();
                const sentence = area.querySelector(".gdutils-sentence");
                return image.right <= area.closest(".jp-WindowedPanel-outer").getBoundingClientRect().right
                    && sentence.scrollHeight <= sentence.closest(".widget-html").clientHeight + 1;
            }"""
        )
