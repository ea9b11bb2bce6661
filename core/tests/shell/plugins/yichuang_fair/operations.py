"""Operations of the test plugin: notes kept in the journal only."""

from __future__ import annotations

from yichuang.api import Read, Request, UserError, Work, operation, query, select
from yichuang.api import hall as t


class Note(Request):
    text: str


class Nothing(Request):
    pass


@operation("fair.note", permission="fair.use", title="Write a note")
def note(work: Work, request: Note) -> str:
    if request.text == "bad":
        raise UserError("BAD_NOTE", "这条记录不能保存。", do="换一种写法。")
    work.subject = f"note:{request.text}"
    return request.text


@operation("fair.break_down", permission="fair.use", title="Break down")
def break_down(work: Work, request: Nothing) -> None:
    raise ZeroDivisionError("the test asked for it")


@query("fair.notes", permission="fair.use")
def notes(read: Read, request: Nothing) -> list[str]:
    rows = read.all(
        select(t.journal.c.subject).where(t.journal.c.event == "fair.note").order_by(t.journal.c.id)
    )
    return [row.subject.partition(":")[2] for row in rows]


@query("fair.badge", permission="fair.use")
def badge(read: Read, request: Nothing) -> int:
    return 7 + len(notes(read, request))
