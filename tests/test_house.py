"""How the package is built: imports go one way, and only `gdutils.models` knows one model from another."""

import ast
from graphlib import TopologicalSorter
from pathlib import Path

from gdutils import models

PACKAGE = Path(models.__file__).parent.parent
FILES = sorted(PACKAGE.rglob("*.py"))
# What each wing may use, beside itself; all else is mathematics, and uses no wing.
WINGS = {"panel": set(), "practice": {"panel"}, "tables": {"panel"}}


def name_of(path):
    return ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__")


TREES = {name_of(path): ast.parse(path.read_text(encoding="utf-8")) for path in FILES}


def imports_of(name):
    """Yield the modules of the package that a module imports, at its top or within a function."""
    for node in ast.walk(TREES[name]):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("gdutils"):
            for each in node.names:
                inner = f"{node.module}.{each.name}"
                yield inner if inner in TREES else node.module
        elif isinstance(node, ast.Import):
            yield from (each.name for each in node.names if each.name.startswith("gdutils"))


def test_there_is_no_import_circle():
    TopologicalSorter({name: set(imports_of(name)) - {name} for name in TREES}).prepare()


def test_imports_go_one_way():
    for name in TREES:
        wing = name.removeprefix("gdutils.").partition(".")[0]
        allowed = WINGS.get(wing, set()) | {wing}
        used = {module.split(".")[1] for module in imports_of(name) if "." in module}
        assert not used & WINGS.keys() - allowed, name


def test_nothing_hides_an_import_from_the_runtime():
    for name, tree in TREES.items():
        assert not any(getattr(node, "id", "") == "TYPE_CHECKING" for node in ast.walk(tree)), name


def test_only_the_models_know_one_model_from_another():
    """No `isinstance` of a concrete model, and no question of what attributes a model has."""
    for name, tree in TREES.items():
        if name.startswith("gdutils.models"):
            continue
        for node in ast.walk(tree):
            called = getattr(node.func, "id", "") if isinstance(node, ast.Call) else ""
            if called in ("isinstance", "issubclass"):
                named = {getattr(each, "id", getattr(each, "attr", "")) for each in ast.walk(node.args[1])}
                assert not named & set(models.__all__), f"{name}, line {node.lineno}"
            if called == "hasattr" or (called == "getattr" and len(node.args) == 3):
                asked = getattr(node.args[0], "id", getattr(node.args[0], "attr", ""))
                assert asked != "model", f"{name}, line {node.lineno}"
