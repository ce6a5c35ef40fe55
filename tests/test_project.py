"""The promises of the repository: commands that exist, and lessons that they open."""

import re
import tomllib
from pathlib import Path

import yaml
from PIL import Image

ROOT = Path(__file__).parent.parent


def test_every_make_target_that_is_written_about_exists():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(" ".join(re.findall(r"^([a-z][a-z -]*):", makefile, re.MULTILINE)).split())
    for page in ("README.md", "CONTRIBUTING.md", "docs/sliders.md", "docs/teaching.md"):
        named = re.findall(r"(?:`|^)make ([a-z-]+)", (ROOT / page).read_text(encoding="utf-8"), re.MULTILINE)
        assert set(named) <= targets


def test_every_way_to_start_opens_a_notebook_that_exists():
    readme, makefile = ((ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "Makefile"))
    opened = re.findall(r"jupyter lab (notebooks[/\\]\S+?)`", readme)
    assert len(opened) == 2  # Windows and conda
    opened += ["notebooks/" + name for name in re.findall(r"default_url=/lab/tree/(\S+)", makefile)]
    assert len(opened) == 3
    assert {path.replace("\\", "/") for path in opened} == {"notebooks/00_start_here.ipynb"}


def test_the_readme_is_short_and_its_picture_moves():
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) <= 80
    picture = ROOT / "docs" / "panel.webp"
    assert picture.stat().st_size < 1_500_000
    with Image.open(picture) as image:
        assert image.n_frames > 20


def test_a_citation_names_what_the_package_does():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert citation.keys() >= {"cff-version", "message", "title", "authors"}
    assert (citation["version"], citation["license"]) == (project["version"], project["license"])
    (author,) = citation["authors"]
    assert author["name"] in (ROOT / "LICENSE").read_text(encoding="utf-8")
