"""The book builds without a warning, and holds what it promises, on a phone and without a network."""

import subprocess
import sys
from urllib.parse import unquote, urldefrag, urlsplit

import pytest
from playwright.sync_api import expect

from tests.browser.lab import ROOT, new_page, wait_for

PHONE = {"width": 390, "height": 844}
ADDRESS = "http://book.test/"
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


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    """Build the book; return its folder."""
    folder = tmp_path_factory.mktemp("book")
    command = [sys.executable, "-m", "sphinx", "--quiet", "--fail-on-warning", "-c", "docs", ".", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True)
    return folder


def file_of(book, url):
    """Return the file of the book at an address, or None."""
    path = book / unquote(urlsplit(url).path).lstrip("/")
    return path if url.startswith(ADDRESS) and path.is_file() else None


@pytest.fixture
def reader(browser, book):
    """A page as wide as a phone; it complains of all that is asked for and is not in the book."""

    def answer(route):
        if (path := file_of(book, route.request.url)) is not None:
            route.fulfill(path=path)
        else:
            page.complaints.append(route.request.url)
            route.abort()

    with new_page(browser, **PHONE) as page:
        page.route(lambda url: not url.startswith("data:"), answer)
        yield page
        assert page.complaints == []


def test_pages_show_all_they_have_and_links_lead_somewhere(reader, book):
    found = {}
    for path in sorted(book.glob("[dn]*/**/*.html")):
        reader.goto(ADDRESS + path.relative_to(book).as_posix())
        found[reader.url] = wait_for(reader, LOOK)
    assert len(found) >= len(list(ROOT.glob("notebooks/*.ipynb"))) + len(list(ROOT.glob("docs/*.md")))
    for url, page in found.items():
        assert (page["wrong"], page["width"] <= PHONE["width"]) == ([], True), url
    links = {(target, url) for url, page in found.items() for target in page["links"]}
    for target, url in links:
        there, anchor = urldefrag(target)
        if there in found:
            assert not anchor or unquote(anchor) in found[there]["ids"], f"{url} links to {target}"
        elif there.startswith(ADDRESS):
            assert file_of(book, there), f"{url} links to {target}"


def test_the_first_page_is_found_and_a_lesson_by_search(reader):
    reader.goto(f"{ADDRESS}index.html")
    reader.wait_for_url(f"{ADDRESS}docs/index.html")
    reader.goto(f"{ADDRESS}search.html?q=backpropagation")
    expect(reader.locator("#search-results a", has_text="A neural network").first).to_be_visible()
