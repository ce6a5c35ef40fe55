"""Files that a learner brings: found, and read as text, or refused in a sentence."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Collection
from itertools import islice
from pathlib import Path
from typing import Any

from gdutils.checks import brief

__all__ = ["listed", "read_tables", "read_text"]

SHOWN = 5  # things that a sentence counts up


def read_text(path: str | os.PathLike[str], kind: str = "CSV") -> str:
    r"""Return what a file says, its lines ended by ``\n``; if it is a file, is text, and says anything."""
    check_path(path, kind)
    file = Path(os.path.expanduser(path))
    if os.path.isdir(file):
        raise ValueError(f"{path} is a folder: name a file in it")
    if not os.path.exists(file):
        raise FileNotFoundError(f"there is no file {path}{instead(path, file, kind)}")
    if not os.path.isfile(file):
        raise ValueError(f"{path} is a device: name a file")
    try:
        raw = file.read_bytes()
    except OSError as error:
        raise type(error)(f"{path} cannot be read: {error.strerror}. Copy it to a folder of yours") from None
    wide = raw.startswith((b"\xff\xfe", b"\xfe\xff"))  # as Excel's "Unicode text" is stored
    # What is no letter becomes a code point that no text has.
    if wide:
        text = raw.decode("utf-16", "replace").replace("\ufffd", "\0")
    else:
        text = raw.decode("utf-8-sig", "surrogateescape")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if strange := re.search("[\0\ud800-\udfff]", text):
        line = text.count("\n", 0, strange.start()) + 1
        saved = " (a spreadsheet program writes one with “Save as”)" if kind == "CSV" else ""
        raise ValueError(f"line {line} of {path} is not text: a {kind} file is needed, in UTF-8{saved}")
    if not text.strip():
        raise ValueError(f"{path} is empty: it must hold {'rows of values' if kind == 'CSV' else 'tables'}")
    return text


def check_path(path: Any, kind: str = "CSV") -> None:
    """Raise unless this is a path, be there a file or not."""
    if not isinstance(path, str | os.PathLike):
        right = f'the name of a file, such as "my_data.{kind.lower()}"'
        raise TypeError(f"path must be {right}, got {brief(path)} ({type(path).__name__})")


def instead(path: str | os.PathLike[str], file: Path, kind: str) -> str:
    """Say where to look for a file that is not there."""
    if "://" in str(path):
        return "; download it, and name the file that you have got"
    try:
        near = sorted(other.name for other in file.parent.glob(f"*.{kind.lower()}"))
    except OSError:  # a name too long for one
        near = []
    return f"; beside it there is {listed(near)}" if near else f" (you are in {Path.cwd()})"


def read_tables(path: str | os.PathLike[str], name: str) -> list[dict[str, Any]]:
    """Return what the tables ``[[name]]`` of a TOML file hold, at least one."""
    text = read_text(path, "TOML")
    try:
        content = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # a number of too many digits is a mere ValueError
        fault = "it is nested too deeply" if isinstance(error, RecursionError) else error
        raise ValueError(
            f"{path} is not valid TOML: {fault}. Texts with a \\ belong between ' and '."
        ) from None
    tables = content.get(name)
    if not (isinstance(tables, list) and tables and all(isinstance(each, dict) for each in tables)):
        raise ValueError(f"{path} must have at least one table that begins with [[{name}]]")
    return tables


def listed(items: Collection[Any], total: int | None = None) -> str:
    """Count up the first few of some things, and say how many more there are, of `total` in all."""
    shown = [str(item) for item in islice(items, SHOWN)]
    more = (len(items) if total is None else total) - len(shown)
    return ", ".join(shown) + (f" and {more:,} more" if more else "")
