"""Files that a learner brings: found, and read as text, or refused in a sentence."""

from __future__ import annotations

import os
import re
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
        if "://" in str(path):
            hint = "; download it, and name the file that you have got"
        raise FileNotFoundError(f"there is no file {path}{hint}")
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
        raise ValueError(
            f"line {line} of {path} is not text: a CSV file is needed, in UTF-8 (a spreadsheet program "
            "writes one with “Save as”)"
        )
    if not text.strip():
        raise ValueError(f"{path} is empty: it must hold rows of values")
    return text


def listed(items: Collection[Any], total: int | None = None) -> str:
    """Count up the first few of some things, and say how many more there are, of `total` in all."""
    shown = [str(item) for item in islice(items, SHOWN)]
    more = (len(items) if total is None else total) - len(shown)
    return ", ".join(shown) + (f" and {more:,} more" if more else "")
