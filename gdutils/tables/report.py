"""What a learner's file holds, as HTML for the widget."""

import html

from gdutils.tables.columns import describe
from gdutils.tables.words import counted

__all__ = ["of_notes", "of_ratings", "of_table"]

LINES = "line-height: 1.5"
CELL = "text-align: left; padding: 1px 10px 1px 0; white-space: nowrap"


def of_notes(notes):
    """Return what was left out of a table."""
    items = "".join(f"<li>{html.escape(note)}</li>" for note in notes)
    return f'<ul style="margin: 0 0 4px 18px; padding: 0; max-width: 450px; {LINES}">{items}</ul>'


def of_table(table):
    """Return what each column of a table holds."""
    found = describe(table)
    head = "".join(f'<th style="{CELL}">{name}</th>' for name in ("column", *found.columns))
    body = "".join(
        "<tr>" + "".join(f'<td style="{CELL}">{html.escape(str(cell))}</td>' for cell in row) + "</tr>"
        for row in found.reset_index().itertuples(index=False)
    )
    return (
        f'<div style="{LINES}"><b>{counted(len(table), "row")}, {counted(len(table.columns), "column")}</b>'
        f'<table style="border-collapse: collapse; font-size: 12px"><tr>{head}</tr>{body}</table></div>'
    )


def of_ratings(n_users, n_items, ratings):
    """Return what a file of ratings holds."""
    known = len(ratings) / (n_users * n_items)
    return (
        f'<div style="{LINES}"><b>{counted(len(ratings), "rating")} of {n_items:,} items by {n_users:,} users'
        f"</b><br>from {ratings.min():g} to {ratings.max():g}, with mean {ratings.mean():.3g} and standard "
        f"deviation {ratings.std():.3g}<br>{100 * known:.3g} % of the table is known</div>"
    )
