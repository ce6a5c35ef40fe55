"""The book: every lesson with its saved outputs, and a few pages around them. `make book` builds it.

The sources are the whole repository, so a link from a page to a lesson is the same here and on a code host.
Nothing is run, and nothing is loaded from the network, neither by the build nor by a page.
"""

import json
import re
from functools import partial
from pathlib import Path

ROOT = Path(__file__).parent.parent

project = "Gradient descent, live"
author = "the gdutils developers"
copyright = f"2026, {author}, BSD-3-Clause"
language = "en"

extensions = ["myst_nb", "sphinx-mathjax-offline"]
root_doc = "docs/index"
include_patterns = ["docs/*.md", "notebooks/*.ipynb", "notebooks/data/README.md"]
exclude_patterns = [".*", "**/.*"]

nb_execution_mode = "off"
nb_ipywidgets_js = {}
nb_render_markdown_format = "myst"  # formulas and links in an output, too
# A widget last: what is saved beside it is what can be seen without Python.
nb_mime_priority_overrides = [("html", "application/vnd.jupyter.widget-view+json", 99)]
myst_enable_extensions = ["amsmath", "dollarmath", "html_image"]
myst_heading_anchors = 6
myst_heading_slug_func = partial(re.sub, " ", "-")  # how JupyterLab names a heading

html_theme = "sphinx_book_theme"
html_title = project
html_static_path = ["book.css"]
html_css_files = ["book.css"]
html_extra_path = ["index.html"]
html_use_index = False
html_sourcelink_suffix = ""  # the download is a notebook
html_context = {"default_mode": "auto"}
html_theme_options = {"navbar_persistent": [], "show_toc_level": 1, "use_fullscreen_button": False}


def list_lessons(app, page, source):
    """Put the lessons into the contents, with their numbers."""
    if page != root_doc:
        return
    lines = ["```{toctree}", ":caption: Lessons", ":hidden:", ""]
    for lesson in sorted(ROOT.glob("notebooks/*.ipynb")):
        cells = json.loads(lesson.read_text(encoding="utf-8"))["cells"]
        title = "".join(cells[0]["source"]).partition("\n")[0].lstrip("# ")
        lines.append(f"{lesson.stem[:2]} {title} <../notebooks/{lesson.stem}>")
    source[0] = source[0].replace("LESSONS", "\n".join([*lines, "```"]))


def setup(app):
    """Tell Sphinx."""
    app.connect("source-read", list_lessons)
