"""How sentences write the values and names of a table."""

SHOWN = 5  # values that a sentence lists


def listed(items):
    """List the first few of some things, and say how many more there are."""
    items = list(items)
    more = f" and {len(items) - SHOWN:,} more" if len(items) > SHOWN else ""
    return ", ".join(shortened(item, 30) for item in items[:SHOWN]) + more


def quoted(items):
    """List the first few of some words, in quotation marks."""
    return listed(repr(shortened(item, 26)) for item in items)


def counted(number, noun, plural=""):
    """Return a number with its noun."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def shortened(name, length):
    """Return a name on one line that has room."""
    name = " ".join(str(name).split())
    return name if len(name) <= length else name[: length - 1] + "…"
