"""Files that a learner brings: found, and read as text, or refused in a sentence."""

from __future__ import annotations

import os
from collections.abc import Collection
from itertools import islice
from pathlib import Path
from typing import Any

__all__ = ["listed", "read_text"]

SHOWN = 5  # things that a sentence counts up


def read_text(path: str | os.PathLike[str]) -> str:
    r"""Return what a file says, its lines ended by ``\n``; if it is a file, is text, and says anything."""
    if not isinstance(path, str | os.PathLike):
        raise TypeError(f'path must be the name of a file, such as "data/wine.csv", got {path!r}')
    file = Path(os.path.expanduser(path))
    if os.path.isdir(file):
        raise ValueError(f"{path} is a folder: name a file in it")
    if not os.path.exists(file):
        near = sorted(other.name for other in file.parent.glob("*.csv"))
        hint = f"; beside it there is {listed(near)}" if near else f" (you are in {Path.cwd()})"
        raise FileNotFoundError(f"there is no file {path}{hint}")
    if not os.path.isfile(file):
        raise ValueError(f"{path} is a device: name a file")
    try:
        raw = file.read_bytes()
    except OSError as error:
        raise type(error)(f"{path} cannot be read: {error.strerror}. Copy it to a folder of yours") from None
    wide = raw.startswith((b"\xff\xfe", b"\xfe\xff"))  # as Excel's "Unicode text" is stored
    try:
        text = raw.decode("utf-16" if wide else "utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
        before = text.count("\n", 0, text.index("\0")) if "\0" in text else None
    except UnicodeDecodeError as error:
        before = raw.count(b"\n", 0, error.start)
    if before is not None:
        raise ValueError(
            f"line {before + 1} of {path} is not text: a CSV file is needed, in UTF-8 (a spreadsheet program "
            "writes one with “Save as”)"
        )
    if not text.strip():
        raise ValueError(f"{path} is empty: it must hold a line of names and rows of values")
    return text


def listed(items: Collection[Any], total: int | None = None) -> str:
    """Count up the first few of some things, and say how many more there are, of `total` in all."""
    shown = [str(item) for item in islice(items, SHOWN)]
    more = (len(items) if total is None else total) - len(shown)
    return ", ".join(shown) + (f" and {more:,} more" if more else "")
