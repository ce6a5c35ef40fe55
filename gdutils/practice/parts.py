"""What the widgets of this folder share."""

import ipywidgets as widgets


def button(words, icon, tooltip, width="auto"):
    """Return a button with its words on it."""
    return widgets.Button(description=words, icon=icon, tooltip=tooltip, layout={"width": width})


def count(number, thing):
    """Count some things."""
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"
