"""A table with notes, an operation that adds one and a query that lists them."""

from __future__ import annotations

from yichuang.api import Read, Request, Work, operation, query, select
from yichuang_neighbour.tables import note as table


class Note(Request):
    """A text to keep."""

    text: str


class Notes(Request):
    """All of them."""


@operation("neighbour.note", permission="neighbour.use")
def note(work: Work, request: Note) -> int:
    """Keep a text and ask everybody how they are, in the same transaction."""
    key = work.insert(table, text=request.text)
    work.subject = f"note:{key}"
    work.hooks.health(read=work)
    return int(key)


@query("neighbour.notes", permission="neighbour.use")
def notes(read: Read, request: Notes) -> list[str]:
    """The texts that were kept."""
    return [row.text for row in read.all(select(table.c.text).order_by(table.c.id).limit(100))]
