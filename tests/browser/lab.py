"""A real JupyterLab on 127.0.0.1, and Chromium to open it: for the browser tests and the benchmarks."""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from playwright.sync_api import Browser, Error, Locator, Page, expect, sync_playwright

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# Starting a kernel and running a lesson, on a slow and shared machine.
PATIENCE = 60_000
expect.set_options(timeout=PATIENCE / 2)  # where a test names none


def find_browser() -> str | None:
    """Return the path of a Chromium: CHROMIUM names one, else the system's, else Playwright's own."""
    named = os.environ.get("CHROMIUM")
    found = [named] if named else [path for name in BROWSERS if (path := shutil.which(name))]
    if not found:
        with sync_playwright() as playwright:
            found = [playwright.chromium.executable_path]
    return found[0] if Path(found[0]).exists() else None


@contextmanager
def jupyter_lab(folder: Path, home: Path) -> Iterator[str]:
    """Serve `folder`, with settings of its own under `home`; yield the address with a {} for the path."""
    token = secrets.token_hex(16)
    settings = home / "settings" / "@jupyterlab" / "apputils-extension"
    settings.mkdir(parents=True)
    # No offer of news over the page.
    (settings / "notification.jupyterlab-settings").write_text('{"fetchNews": "false"}')
    runtime = home / "runtime"
    environment = os.environ | {
        "JUPYTER_CONFIG_DIR": str(home / "config"),
        "JUPYTER_DATA_DIR": str(home / "data"),
        "JUPYTER_RUNTIME_DIR": str(runtime),
        "JUPYTERLAB_SETTINGS_DIR": str(home / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(home / "workspaces"),
        "IPYTHONDIR": str(home / "ipython"),
    }
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"]
    command += ["--ServerApp.ip=127.0.0.1", "--ServerApp.port=0", f"--IdentityProvider.token={token}"]
    command += ["--LabApp.expose_app_in_browser=True"]  # for `hear_the_kernel`
    with (home / "jupyterlab.log").open("wb") as log:
        server = subprocess.Popen([*command, str(folder)], env=environment, stdout=log, stderr=log)
    try:
        address = _wait_for_server(server, runtime, token)
        yield f"{address}lab/tree/{{}}?reset&token={token}"
    finally:
        server.terminate()
        server.wait(30)


def _wait_for_server(server: subprocess.Popen[bytes], runtime: Path, token: str) -> str:
    for _ in range(600):
        if server.poll() is not None:
            raise RuntimeError("JupyterLab ended before it served a page; see jupyterlab.log")
        for found in runtime.glob("jpserver-*.json"):
            try:
                address = json.loads(found.read_text())["url"]
                urllib.request.urlopen(f"{address}api/status?token={token}", timeout=5).close()
                return str(address)
            except (OSError, ValueError):
                pass  # not yet written, or not yet listening
        time.sleep(0.1)
    raise RuntimeError("JupyterLab did not start within a minute")


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start Chromium without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=FLAGS)
        yield browser
        browser.close()


def open_notebook(page: Page, url: str) -> None:
    """Open a notebook and wait until its kernel is ready."""
    page.goto(url)
    # Now and then, on a busy machine, the page calls a kernel that has started "Unknown" for good; a learner
    # would load it again.
    for _ in range(3):
        expect(page.locator(".jp-Notebook .jp-Cell").first).to_be_visible(timeout=PATIENCE)
        try:
            return wait_until_idle(page, PATIENCE / 3)
        except AssertionError:
            page.reload()
    wait_until_idle(page)


def open_from_the_list(page: Page, address: str, name: str) -> None:
    """Open a notebook by a double click in JupyterLab's list of files, and wait until its kernel is ready."""
    page.goto(address.replace("/tree/{}", ""))
    item = page.locator(".jp-DirListing-item", has_text=name)
    item.dblclick(timeout=PATIENCE)
    expect(page.locator(".jp-Notebook .jp-Cell").first).to_be_visible(timeout=PATIENCE)
    try:
        wait_until_idle(page, PATIENCE / 3)
    except AssertionError:  # now and then the page calls a started kernel "Unknown" for good
        page.reload()
        wait_until_idle(page)


def open_answering(
    page: Page, url: str, ask: Callable[[], None], begin: Callable[[Page, str], None] = open_notebook
) -> None:
    """Open a notebook with a kernel of its own, run it, and see to it that its widgets answer."""
    shut_kernels_down(url)
    begin(page, url)
    run_answering(page, url, ask, begin)


def run_answering(
    page: Page, url: str, ask: Callable[[], None], begin: Callable[[Page, str], None] = open_notebook
) -> None:
    """Run the notebook that is open, and see to it that its widgets answer.

    Now and then, on a busy machine, the messages of a page or of its widgets never arrive at its kernel. Seen
    where the page had joined a kernel that ran already; the cause is not known. A learner would start anew.
    """
    for attempt in range(3):
        if attempt:
            page.goto("about:blank")
            shut_kernels_down(url)
            begin(page, url)
        with suppress(AssertionError):
            run_all(page)
            return ask()
    raise AssertionError(f"the widgets of {url} do not answer")


def open_lesson(page: Page, url: str) -> Panel:
    """Open a notebook, run it, and return its panel once it answers."""
    panel = Panel(page)
    open_answering(page, url, panel.ask)
    return panel


def shut_kernels_down(url: str) -> None:
    """End the kernels of the server, so that the next page begins its own."""
    address, token = re.match(r"(.*/)lab/tree/.*token=(\w+)", url).groups()
    headers = {"Authorization": f"token {token}"}
    with urllib.request.urlopen(urllib.request.Request(f"{address}api/sessions", headers=headers)) as found:
        sessions = json.load(found)
    for session in sessions:
        end = urllib.request.Request(
            f"{address}api/sessions/{session['id']}", headers=headers, method="DELETE"
        )
        urllib.request.urlopen(end).close()


def wait_until_idle(page: Page, patience: float = PATIENCE) -> None:
    """Wait until the kernel has nothing to do; the toolbar calls it idle before it has even started."""
    expect(page.get_by_text(re.compile(r"\| Idle$")).first).to_be_visible(timeout=patience)


def hear_the_kernel(page: Page) -> None:
    """Wait until the kernel has answered all that the page has sent it, also what a slider has held back.

    A slider sends its next value when the kernel is done with the one before.
    """
    page.evaluate(
        """async patience => {
            const kernel = jupyterapp.shell.currentWidget.sessionContext.session.kernel;
            const late = new Promise((_, fail) => setTimeout(fail, patience, "the kernel does not answer"));
            for (let turn = 0; turn < 2; turn++)
                await Promise.race([kernel.requestKernelInfo(), late]);
        }""",
        PATIENCE,
    )


def run_all(page: Page) -> None:
    """Press Run All Cells, and wait until the last cell has run."""
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    page.wait_for_timeout(500)  # the prompts of an earlier run stay until their cells are queued
    prompts = page.locator(".jp-CodeCell .jp-InputPrompt")
    expect(prompts.filter(has_text="*")).to_have_count(0, timeout=PATIENCE)
    wait_until_idle(page)


def handle(page: Page, label: str) -> Locator:
    """Return the handle of the slider with this label."""
    return page.locator(".widget-inline-hbox", has_text=label).locator(".noUi-handle").first


def assert_ran_without_error(page: Page) -> None:
    """Every code cell has run, and none shows an error or a warning."""
    expect(page.locator('[data-mime-type="application/vnd.jupyter.error"]')).to_have_count(0)
    expect(page.locator('[data-mime-type="application/vnd.jupyter.stderr"]')).to_have_count(0)
    prompts = page.locator(".jp-CodeCell .jp-InputPrompt").all_text_contents()
    assert prompts
    assert [prompt for prompt in prompts if not re.fullmatch(r"\[\d+\]:", prompt)] == []


def bring(page: Page, wanted: Locator) -> None:
    """Scroll to a part of the notebook; JupyterLab takes cells that are far away off the page."""
    outer = page.locator(".jp-WindowedPanel-outer")
    for _ in range(200):
        if wanted.is_visible():
            with suppress(Error):  # it has just been replaced
                return wanted.scroll_into_view_if_needed()
        at_end = outer.evaluate(
            "e => { const y = e.scrollTop; e.scrollBy(0, 500); return e.scrollTop === y; }"
        )
        if at_end:
            outer.evaluate("e => e.scrollTo(0, 0)")
        page.wait_for_timeout(150)
    raise AssertionError(f"{wanted} is nowhere on the page")


class Panel:
    """The panel on the page, as a learner sees it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.sentence = page.locator(".gdutils-sentence")
        self.output = page.locator(".jp-OutputArea-output", has=self.sentence)
        self.image = self.output.locator(".widget-image, img.jupyter-widgets").first

    @property
    def position(self) -> str:
        """The label of the slider that moves through time."""
        return "epochs" if handle(self.page, "epochs").count() else "steps"

    def look(self) -> tuple[str, str | None]:
        return self.sentence.inner_text(), self.image.get_attribute("src")

    def expect_change(self, before: tuple[str, str | None], words: str | re.Pattern[str]) -> None:
        """Wait until the sentence has the words, and the picture is another one."""
        expect(self.sentence).to_contain_text(words, timeout=PATIENCE)
        expect(self.image).not_to_have_attribute("src", before[1] or "", timeout=PATIENCE)

    def bring(self) -> None:
        """Scroll to the panel."""
        bring(self.page, self.sentence)

    def ask(self) -> None:
        """Move the panel to its start, and fail if it does not answer."""
        self.bring()
        self.press(self.position, "Home")
        expect(self.sentence).to_contain_text(re.compile(r"^\S*\s?(Epoch|Step) 0 of"), timeout=PATIENCE / 3)

    def button(self, name: str) -> Locator:
        """Return the button with these words."""
        words = re.compile(rf"^\W*{re.escape(name)}$")  # an icon counts as a letter
        return self.output.get_by_role("button", name=words)

    def open_more(self) -> None:
        """Unfold what is under More."""
        if not self.button("Reset").is_visible():
            self.button("More").click()
        expect(self.button("Reset")).to_be_visible(timeout=PATIENCE)

    def reset(self) -> None:
        """Bring back the first settings; a slider just let go may have a last value under way."""
        self.settle()
        self.open_more()
        self.button("Reset").click()

    def settle(self) -> None:
        """Wait until the newest run is trained and the picture stands still."""
        before = None
        for _ in range(PATIENCE // 120):
            self.page.wait_for_timeout(120)
            hear_the_kernel(self.page)
            now = self.look()
            if now == before and "trained so far" not in now[0]:
                return
            before = now
        raise AssertionError(f"the panel does not come to rest: {now[0]}")

    def listen(self) -> Callable[[], list[str]]:
        """Return a function that tells each sentence from now on, also one that stood for a moment alone."""
        self.output.evaluate(
            "area => { const said = window.said = []; new MutationObserver(() => "
            "said.push(area.querySelector('[role=status]').textContent))"
            ".observe(area, {subtree: true, childList: true, characterData: true}); }"
        )
        return lambda: self.page.evaluate("window.said")

    def press(self, label: str, key: str) -> None:
        """Press a key on the handle of a slider."""
        handle(self.page, label).focus()
        self.page.keyboard.press(key)

    def drag(self, label: str, to: float) -> None:
        """Drag a slider's handle to a fraction of its length."""
        knob = handle(self.page, label)
        knob.scroll_into_view_if_needed()
        box = knob.bounding_box()
        track = knob.locator("xpath=ancestor::*[contains(@class,'noUi-base')]").bounding_box()
        y = box["y"] + box["height"] / 2
        mouse = self.page.mouse
        mouse.move(box["x"] + box["width"] / 2, y)
        mouse.down()
        mouse.move(track["x"] + to * track["width"], y, steps=8)
        mouse.up()

    def height(self) -> float:
        return self.output.bounding_box()["height"]

    def above(self) -> float:
        """How much stands above the picture."""
        return self.image.bounding_box()["y"] - self.output.bounding_box()["y"]


def assert_nothing_is_wider_than_its_page(panel: Panel) -> None:
    """The picture fits into the cell, and the sentence into its lines."""
    room = panel.page.locator(".jp-WindowedPanel-outer").bounding_box()
    box = panel.image.bounding_box()
    assert box["x"] + box["width"] <= room["x"] + room["width"]
    # Asked of the cell: the sentence may be replaced at any time, and is then on no page.
    assert panel.output.evaluate(
        "area => { const e = area.querySelector('.gdutils-sentence'); "
        "return e.scrollHeight <= e.closest('.widget-html').clientHeight + 1; }"
    )


def assert_saved_picture_is_shown(page: Page, code: str) -> None:
    """Opened, and nothing run: the picture stands where the panel will be."""
    bring(page, page.locator(".jp-CodeCell", has_text=code).last.locator(".jp-OutputArea img"))
