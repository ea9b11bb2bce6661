"""Two operations of a test plugin."""

from __future__ import annotations

from yichuang.api import Read, Request, Work, operation, query


class Note(Request):
    """A text."""

    text: str


@operation("half_registered.note", permission="half_registered.use")
def note(work: Work, request: Note) -> str:
    """Give the text back."""
    work.subject = "note:1"
    return request.text


@query("half_registered.notes", permission="half_registered.use")
def notes(read: Read, request: Note) -> str:
    """Give the text back without writing."""
    return request.text
