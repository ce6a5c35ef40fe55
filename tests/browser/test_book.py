"""The book: it builds without a warning, and its pages hold what they promise, on a phone and without a network."""

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
LOOK = """async () => {
    await globalThis.MathJax?.startup.promise;
    const all = selector => [...document.querySelectorAll(selector)];
    const images = all("img:not([src^='data:'])");
    images.forEach(image => { image.loading = "eager"; });
    await Promise.allSettled(images.map(image => image.decode()));
    return {
        ids: all("[id]").map(node => node.id),
        links: all("a[href]").map(link => link.href),
        missing: images.filter(image => !image.naturalWidth).map(image => image.src),
        bare: all(".math").filter(math => !math.querySelector("mjx-container")).map(math => math.textContent),
        broken: all("mjx-merror, [data-mjx-error]").map(math => math.textContent),
        width: document.documentElement.scrollWidth,
        stills: all(".gdutils-still").filter(still => !still.getClientRects().length).length,
    };
}"""


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *args):
        """Say nothing."""


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    """Build the book; yield the address that serves it, and its pages."""
    folder = tmp_path_factory.mktemp("book")
    command = [sys.executable, "-m", "sphinx", "--quiet", "--fail-on-warning", "-c", "docs", ".", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True)
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=folder)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        paths = [path.relative_to(folder).as_posix() for path in sorted(folder.rglob("*.html"))]
        pages = [path for path in paths if not path.startswith(("_static/", "index"))]
        yield f"http://127.0.0.1:{server.server_port}/", pages
        server.shutdown()


@pytest.fixture
def reader(browser, book):
    """A page as wide as a phone, without a network: `page.complaints` tells what it asked for."""
    with new_page(browser, **PHONE) as page:
        page.route(
            lambda url: not url.startswith((book[0], "data:")),
            lambda route: (page.complaints.append(route.request.url), route.abort()),
        )
        yield page


def test_every_page_shows_all_it_has(reader, book):
    address, pages = book
    found = {}
    for path in pages:
        reader.goto(address + path)
        reader.wait_for_load_state()
        found[reader.url] = wait_for(reader, f"({LOOK})()")
    assert len(found) >= len(list(ROOT.glob("notebooks/*.ipynb"))) + 6
    for url, page in found.items():
        assert page["width"] <= PHONE["width"], url
        assert not any(page[kind] for kind in ("missing", "bare", "broken", "stills")), (url, page)
        for target in filter(lambda link: link.startswith(address), page["links"]):
            there, anchor = urldefrag(target)
            if there in found:
                assert not anchor or unquote(anchor) in found[there]["ids"], f"{url} links to {target}"
            else:
                assert reader.request.get(there).ok, f"{url} links to {target}"
    assert reader.complaints == []


def test_the_address_alone_leads_to_the_first_page(reader, book):
    reader.goto(book[0])
    reader.wait_for_url(f"{book[0]}docs/index.html")


def test_search_finds_a_lesson(reader, book):
    reader.goto(book[0] + "search.html?q=backpropagation")
    expect(reader.locator("#search-results a", has_text="A neural network").first).to_be_visible()
    assert reader.complaints == []
