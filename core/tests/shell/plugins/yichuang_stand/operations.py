"""Operations of the test plugin: notes kept in the journal only, open to everybody."""

from __future__ import annotations

from yichuang.api import Read, Request, UserError, Work, operation, query, select
from yichuang.api import hall as t


class Note(Request):
    text: str


class Nothing(Request):
    pass


@operation("stand.note", permission=None, title="Write a note")
def note(work: Work, request: Note) -> str:
    if request.text == "bad":
        raise UserError("BAD_NOTE", "这条记录不能保存。", do="换一种写法。")
    work.subject = f"note:{request.text}"
    return request.text


@query("stand.notes", permission=None)
def notes(read: Read, request: Nothing) -> list[str]:
    rows = read.all(
        select(t.journal.c.subject).where(t.journal.c.event == "stand.note").order_by(t.journal.c.id)
    )
    return [row.subject.partition(":")[2] for row in rows]
