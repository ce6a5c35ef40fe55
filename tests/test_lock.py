"""The lock: one source of truth for versions, complete, and what is installed here."""

from __future__ import annotations

import tomllib
from importlib.metadata import distribution, requires
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
LOCK = [
    line
    for line in (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.lstrip().startswith("#")
]
ALL_PINS = [Requirement(line) for line in LOCK[1:]]
# A package may be pinned more than once, for different platforms or versions of Python.
PINS = {canonicalize_name(pin.name): pin for pin in ALL_PINS if pin.marker is None or pin.marker.evaluate()}
DIRECT = [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["dev"]]


def version(pin: Requirement) -> str:
    (specifier,) = pin.specifier
    assert specifier.operator == "=="
    return specifier.version


def test_lock_installs_this_package():
    assert LOCK[0] == "-e ."


@pytest.mark.parametrize("dependency", DIRECT)
def test_lock_satisfies_pyproject(dependency):
    wanted = Requirement(dependency)
    pins = [pin for pin in ALL_PINS if canonicalize_name(pin.name) == canonicalize_name(wanted.name)]
    assert pins
    assert all(version(pin) in wanted.specifier for pin in pins)


def test_lock_is_complete_and_holds_nothing_else():
    """Walk from pyproject.toml through the installed packages' own requirements."""
    todo, reached = [Requirement(dependency) for dependency in DIRECT], set()
    while todo:
        wanted = todo.pop()
        name = canonicalize_name(wanted.name)
        assert name in PINS, f"{name} is needed, but not pinned: make lock"
        assert version(PINS[name]) in wanted.specifier
        for extra in ["", *wanted.extras]:
            if (name, extra) not in reached:
                reached.add((name, extra))
                todo += [
                    below
                    for below in map(Requirement, requires(name) or [])
                    if below.marker is None or below.marker.evaluate({"extra": extra})
                ]
    assert PINS.keys() == {name for name, _ in reached}


def test_installed_versions_are_the_pinned_ones():
    for name, pin in PINS.items():
        assert distribution(name).version == version(pin)


def test_conda_installs_the_same_lock_and_no_more():
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    python, pip, by_pip = environment["dependencies"]
    assert python == f"python{PROJECT['requires-python']}"
    assert pip == "pip"
    assert by_pip == {"pip": ["-r requirements.txt"]}


def test_pre_commit_runs_the_pinned_ruff():
    config = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    hooks = [hook for repo in config["repos"] for hook in repo["hooks"]]
    assert {hook["id"] for hook in hooks} == {"ruff-check", "ruff-format"}
    for hook in hooks:
        assert hook["additional_dependencies"] == [f"ruff=={version(PINS['ruff'])}"]
