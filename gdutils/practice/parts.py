"""What the widgets of this folder share."""


def count(number, thing):
    """Count some things."""
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"
