"""The book builds without a warning, and holds what it promises, on a phone and without a network."""

import subprocess
import sys
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urldefrag

import pytest
from playwright.sync_api import expect

from tests.browser.lab import new_page, wait_for

ROOT = Path(__file__).parent.parent.parent
PHONE = {"width": 390, "height": 844}
# What a page holds, once its formulas are set.
LOOK = """(async () => {
    await globalThis.MathJax?.startup.promise;
    const all = selector => [...document.querySelectorAll(selector)];
    const images = all("img");
    images.forEach(image => { image.loading = "eager"; });
    await Promise.allSettled(images.map(image => image.decode()));
    return {
        ids: all("[id]").map(node => node.id),
        links: all("a[href]").map(link => link.href),
        width: document.documentElement.scrollWidth,
        wrong: [
            images.filter(image => !image.naturalWidth).map(image => image.src),
            all(".math").filter(math => !math.querySelector("mjx-container")).map(math => math.textContent),
            all("mjx-merror, [data-mjx-error]").map(math => math.textContent),
            all(".gdutils-still").filter(still => !still.getClientRects().length),
        ].flat(),
    };
})()"""


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *args):
        """Say nothing."""


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    """Build the book, and serve it; yield its address and the paths of its pages."""
    folder = tmp_path_factory.mktemp("book")
    command = [sys.executable, "-m", "sphinx", "--quiet", "--fail-on-warning", "-c", "docs", ".", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True)
    pages = [path.relative_to(folder).as_posix() for path in sorted(folder.glob("[dn]*/**/*.html"))]
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=folder)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/", pages
        server.shutdown()


@pytest.fixture
def reader(browser, book):
    """A page as wide as a phone; it complains of all that it asks the network for."""
    with new_page(browser, **PHONE) as page:
        page.route(
            lambda url: not url.startswith((book[0], "data:")),
            lambda route: (page.complaints.append(route.request.url), route.abort()),
        )
        yield page
        assert page.complaints == []


def test_pages_show_all_they_have_and_links_lead_somewhere(reader, book):
    address, paths = book
    found = {}
    for path in paths:
        reader.goto(address + path)
        found[reader.url] = wait_for(reader, LOOK)
    assert len(found) >= len(list(ROOT.glob("notebooks/*.ipynb"))) + len(list(ROOT.glob("docs/*.md")))
    for url, page in found.items():
        assert (page["wrong"], page["width"] <= PHONE["width"]) == ([], True), url
    links = {(target, url) for url, page in found.items() for target in page["links"]}
    for target, url in links:
        there, anchor = urldefrag(target)
        if there in found:
            assert not anchor or unquote(anchor) in found[there]["ids"], f"{url} links to {target}"
        elif there.startswith(address):
            assert reader.request.head(there).ok, f"{url} links to {target}"


def test_the_first_page_is_found_and_a_lesson_by_search(reader, book):
    reader.goto(book[0])
    reader.wait_for_url(f"{book[0]}docs/index.html")
    reader.goto(f"{book[0]}search.html?q=backpropagation")
    expect(reader.locator("#search-results a", has_text="A neural network").first).to_be_visible()
