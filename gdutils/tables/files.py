"""Files that a learner brings: found and read as text, or refused in a sentence."""

import os
import re
from pathlib import Path

from gdutils.tables.words import brief, listed

__all__ = ["is_ratings", "read_text"]


def read_text(path):
    r"""Return what a CSV file says, with lines that end in ``\n``.

    Parameters
    ----------
    path : str or path-like

    Returns
    -------
    str

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    OSError
        If it may not be read.
    ValueError
        If it is no file, is not text, or is empty.
    TypeError
        If `path` is no path.
    """
    check_path(path)
    file = Path(os.path.expanduser(path))
    if os.path.isdir(file):
        raise ValueError(f"{path} is a folder: name a file in it")
    if not os.path.exists(file):
        raise FileNotFoundError(f"there is no file {path}{instead(path, file)}")
    if not os.path.isfile(file):
        raise ValueError(f"{path} is a device: name a file")
    try:
        raw = file.read_bytes()
    except OSError as error:
        raise type(error)(f"{path} cannot be read: {error.strerror}. Copy it to a folder of yours") from None
    # What cannot be decoded becomes a code point that no text has.
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):  # as Excel's "Unicode text" is stored
        text = raw.decode("utf-16", "replace").replace("\ufffd", "\0")
    else:
        text = raw.decode("utf-8-sig", "surrogateescape")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if strange := re.search("[\0\ud800-\udfff]", text):
        line = text.count("\n", 0, strange.start()) + 1
        saved = "a spreadsheet program writes one with “Save as”"
        raise ValueError(f"line {line} of {path} is not text: a CSV file is needed, in UTF-8 ({saved})")
    if not text.strip():
        raise ValueError(f"{path} is empty: it must hold rows of values")
    return text


def is_ratings(path):
    """Return whether a file looks like ratings in one of the forms of the MovieLens data."""
    check_path(path)
    path = os.path.expanduser(path)
    if not os.path.isfile(path):
        return False  # opening a pipe would wait for its writer
    try:
        with open(path, encoding="utf-8-sig") as file:
            first = file.readline(200).strip().lower()
    except (OSError, ValueError):
        return False  # reading it as a table will say why not
    fields = re.split(r"\t|::|,", first)
    if len(fields) in (3, 4) and fields[0] in ("user", "userid", "user_id") and fields[2] == "rating":
        return True
    return "," not in first and len(fields) == 4 and all(part.isdigit() for part in (*fields[:2], fields[3]))


def check_path(path):
    """Raise unless this is a path, whether there is a file or not."""
    if not isinstance(path, str | os.PathLike):
        right = 'the name of a file, such as "my_data.csv"'
        raise TypeError(f"path must be {right}, got {brief(path)} ({type(path).__name__})")


def instead(path, file):
    """Say where to look for a file that is not there."""
    if "://" in str(path):
        return "; download it, and name the file that you have got"
    try:
        near = sorted(other.name for other in file.parent.glob("*.csv"))
    except OSError:  # the name is too long
        near = []
    return f"; beside it there is {listed(near)}" if near else f" (you are in {Path.cwd()})"
