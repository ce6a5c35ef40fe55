"""The promises of the repository: commands that exist, and lessons that they open."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent


def test_every_make_target_that_is_written_about_exists():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(" ".join(re.findall(r"^([a-z][a-z -]*):", makefile, re.MULTILINE)).split())
    for page in ("README.md", "CONTRIBUTING.md"):
        named = re.findall(r"(?:`|^)make ([a-z-]+)", (ROOT / page).read_text(encoding="utf-8"), re.MULTILINE)
        assert set(named) <= targets


def test_every_way_to_start_opens_a_notebook_that_exists():
    readme, makefile = ((ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "Makefile"))
    opened = re.findall(r"jupyter lab (notebooks[/\\]\S+?)`", readme)
    assert len(opened) == 2  # Windows and conda
    opened += ["notebooks/" + name for name in re.findall(r"default_url=/lab/tree/(\S+)", makefile)]
    assert len(opened) == 3
    assert {path.replace("\\", "/") for path in opened} == {"notebooks/00_start_here.ipynb"}
