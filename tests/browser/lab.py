"""A real JupyterLab on 127.0.0.1, and Chromium to open it: for the browser tests and the benchmarks.

Everything here waits for an event: the kernel's answer, the end of a cell, a changed sentence. `LIMIT` only
ends a test that waits for something that never comes.
"""

import json
import os
import re
import secrets
import shutil
import subprocess
import sys
import textwrap
import time
import urllib.request
import uuid
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import expect, sync_playwright

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
LIMIT = 300_000  # milliseconds
expect.set_options(timeout=LIMIT)

LAB = "jupyterlab", "LabApp", "lab/tree"
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
    token = secrets.token_hex(16)
    for name, values in SETTINGS.items():
        file = home / "settings" / "@jupyterlab" / f"{name}.jupyterlab-settings"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(values))
    runtime = home / "runtime"
    environment = os.environ | {
        "JUPYTER_CONFIG_DIR": str(home / "config"),
        "JUPYTER_DATA_DIR": str(home / "data"),
        "JUPYTER_RUNTIME_DIR": str(runtime),
        "JUPYTERLAB_SETTINGS_DIR": str(home / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(home / "workspaces"),
        "IPYTHONDIR": str(home / "ipython"),
    }
    module, app, path = ("notebook", "JupyterNotebookApp", "notebooks") if notebook else LAB
    command = [sys.executable, "-m", module, "--no-browser", "--allow-root"]
    command += ["--ServerApp.ip=127.0.0.1", "--ServerApp.port=0", f"--IdentityProvider.token={token}"]
    command += [f"--{app}.expose_app_in_browser=True"]  # as `jupyterapp`, which tells when cells have run
    # Else the server hangs up on a page that a busy machine keeps from answering, and a cell's reply is lost.
    command += ["--ServerApp.tornado_settings={'ws_ping_interval': 0}"]
    with (home / "jupyterlab.log").open("wb") as log:
        server = subprocess.Popen([*command, str(folder)], env=environment, stdout=log, stderr=log)
    try:
        address = wait_for_server(server, runtime, token)
        yield f"{address}{path}/{{}}?token={token}"
    finally:
        server.terminate()
        server.wait(LIMIT / 1000)


def wait_for_server(server, runtime, token):
    """Return the address of the server once it answers."""
    end = time.monotonic() + LIMIT / 1000
    while time.monotonic() < end:
        if server.poll() is not None:
            raise RuntimeError("JupyterLab ended before it served a page; see jupyterlab.log")
        for found in runtime.glob("jpserver-*.json"):
            try:
                address = json.loads(found.read_text())["url"]
                urllib.request.urlopen(f"{address}api/status?token={token}", timeout=60).close()
                return address
            except (OSError, ValueError):
                pass  # not yet written, or not yet listening
        time.sleep(0.1)
    raise RuntimeError("JupyterLab did not start")


@contextmanager
def chromium():
    """Start Chromium without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=FLAGS, timeout=LIMIT)
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


def run_all(page):
    """Run All Cells, and wait until the last cell has run."""
    wait_for(page, "jupyterapp.commands.execute('notebook:run-all-cells').then(() => null)")


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


def cells_of(page):
    """Return the notebook's cells as they would be saved."""
    return page.evaluate("jupyterapp.shell.currentWidget.content.model.sharedModel.toJSON().cells")


def assert_ran_without_error(page):
    """Every code cell has run, none shows an error or a warning, and the page has written none."""
    for number, cell in enumerate(cells_of(page)):
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

    @property
    def position(self):
        """The label of the slider that moves through time."""
        return "epochs" if handle(self.output, "epochs").count() else "steps"

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
        words = re.compile(rf"^\W*{re.escape(name)}$")  # an icon counts as a letter
        return self.output.get_by_role("button", name=words)

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


def assert_nothing_is_wider_than_its_page(panel):
    """The picture fits into the cell, and the sentence into its lines."""
    assert panel.output.evaluate(
        """area => {
            const image = area.querySelector("img").getBoundingClientRect();
            const sentence = area.querySelector(".gdutils-sentence");
            return image.right <= area.closest(".jp-WindowedPanel-outer").getBoundingClientRect().right
                && sentence.scrollHeight <= sentence.closest(".widget-html").clientHeight + 1;
        }"""
    )
