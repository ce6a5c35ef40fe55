"""How the sentences about a table write its values and names."""

from itertools import islice

__all__ = ["SHOWN", "brief", "counted", "listed", "quoted"]

SHOWN = 5  # values that a sentence lists


def listed(items, total=None):
    """List the first few of some things, and say how many more there are, of `total` in all."""
    shown = [str(item) for item in islice(items, SHOWN)]
    more = (len(items) if total is None else total) - len(shown)
    return ", ".join(shown) + (f" and {more:,} more" if more else "")


def quoted(value):
    """Return the beginning of a value, in quotation marks."""
    return repr(str(value)[:30])


def counted(number, noun):
    """Return a number with its noun."""
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


def brief(value):
    """Return a value as one short line."""
    text = " ".join(repr(value).split())
    return text if len(text) <= 80 else f"{text[:79]}…"
