"""The locks: one source of truth for versions, complete, and what is installed here."""

import tomllib
from importlib.metadata import distribution, requires
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
LEARNER = PROJECT["dependencies"]
DEVELOPER = LEARNER + PROJECT["optional-dependencies"]["dev"]


def here(requirement, extra=""):
    return requirement.marker is None or requirement.marker.evaluate({"extra": extra})


def pins_of(file):
    """Return what a lock pins here; a package may be pinned more than once, for different platforms."""
    lines = (ROOT / file).read_text(encoding="utf-8").splitlines()
    package, *pins = [line for line in lines if line and not line.lstrip().startswith("#")]
    assert package == "-e ."
    return {canonicalize_name(pin.name): pin for pin in map(Requirement, pins) if here(pin)}


def version(pin):
    (specifier,) = pin.specifier
    assert specifier.operator == "=="
    return specifier.version


@pytest.mark.parametrize(
    ("file", "wanted"), [("requirements.txt", LEARNER), ("requirements-dev.txt", DEVELOPER)]
)
def test_a_lock_is_complete_and_holds_nothing_else(file, wanted):
    """Walk from pyproject.toml through the installed packages' own requirements."""
    pins = pins_of(file)
    todo, reached = [Requirement(each) for each in wanted], set()
    while todo:
        needed = todo.pop()
        name = canonicalize_name(needed.name)
        assert name in pins, f"{name} is needed, but not pinned: make lock"
        assert version(pins[name]) in needed.specifier
        for extra in ["", *needed.extras]:
            if (name, extra) not in reached:
                reached.add((name, extra))
                below = map(Requirement, requires(name) or [])
                todo += [each for each in below if here(each, extra)]
    assert pins.keys() == {name for name, _ in reached}


def test_the_locks_agree_and_are_what_is_installed():
    learner, developer = pins_of("requirements.txt"), pins_of("requirements-dev.txt")
    for name, pin in learner.items():  # for how many Pythons may differ
        assert version(pin) == version(developer[name])
    for name, pin in developer.items():
        assert distribution(name).version == version(pin)


def test_conda_installs_the_learners_lock_and_no_more():
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    python, pip, by_pip = environment["dependencies"]
    assert python == f"python{PROJECT['requires-python']}"
    assert pip == "pip"
    assert by_pip == {"pip": ["-r requirements.txt"]}
