"""Messages to applicants (短信) as they arise: written in the transaction of the event that they tell, once per occasion.

`cases.move` tells of every event, `alerts.settle` of every reminder to collect, `matter_life` of a matter whose results are all
there. What is written here is sent later by a process of its own, see `operations.messages`. While no gateway is chosen in
the settings nothing is written: messages that nobody will send are no record of anything.
"""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from yichuang.api import HALL_ZONE, Read, Work, or_, select, update
from yichuang_acceptance import notice_tables as n
from yichuang_acceptance.rules import notices as rules
from yichuang_acceptance.rules.machine import Event
from yichuang_acceptance.rules.matter_graph import MatterState
from yichuang_acceptance.rules.names import LICENCE_TYPE
from yichuang_acceptance.rules.notices import Kind

GATEWAY = "acceptance.message_gateway"
HOURS = "acceptance.pickup_hours"
TEXT = "acceptance.message_text."
"""Settings of the texts, one for each kind."""
OFFICE_HOURS = "工作日8:30至12:00、14:30至17:30"
WHOLE = "matter"
"""Occasion of what is told about a whole matter."""


def about_event(work: Work, row: Any, event: Event, seq: int, values: dict[str, Any]) -> None:
    """Tell the applicant what has just happened to a case.

    Args:
        work: The transaction of the event.
        row: The case before it.
        event: What happened.
        seq: Number of the event in the case.
        values: What it changed.
    """
    kind = rules.OF_EVENT.get(event)
    if kind is None or not _is_on(work, row) or _is_told_with_the_matter(work, row, kind):
        return
    due = {
        Kind.CORRECT: "correction_due_at", Kind.ACCEPT: "promise_due_at", Kind.EXTEND: "legal_due_at",
    }.get(kind)  # fmt: skip
    moment = values.get(due, getattr(row, due)) if due else None
    facts = {"item": row.item_name, "number": row.case_no, "day": _day(moment), "query": row.query_code}
    if kind is Kind.REFUSE:
        facts["granting"] = "许可" if row.item_type == LICENCE_TYPE else "办理"
    _write(work, row, kind, str(seq), facts)


def remind(work: Work, row: Any, days: str) -> None:
    """Remind the applicant of a result that waits since so many days (T11); of a matter's results together."""
    if not _is_on(work, row):
        return
    facts = {"item": row.item_name, "number": row.case_no, "days": days}
    if "-" not in row.case_no:
        _write(work, row, Kind.REMIND, days, facts)
        return
    from yichuang_acceptance.operations import cases, matter_life

    matter = matter_life.matter_of(work, row.id)
    if matter is not None and matter.row.state == MatterState.READY:
        first = cases.load(work, matter.first_case)
        facts |= {"item": matter.row.name, "number": matter.row.case_no}
        _write(work, first, Kind.REMIND, days, facts)


def about_matter(work: Work, matter_id: int, kind: Kind) -> None:
    """Tell once what is so of a whole matter: it was taken in, all its results are there."""
    from yichuang_acceptance.operations import cases, matter_life

    matter = matter_life.load(work, matter_id)
    if not _is_on(work, matter):
        return
    rows = matter_life.rows_of(work, matter_id)
    first = cases.load(work, next(row.case_id for row in rows if row.case_id is not None))
    facts = {
        "item": matter.name, "number": matter.case_no, "query": matter.query_code, "day": _day(matter.promise_due_at),
    }  # fmt: skip
    _write(work, first, kind, WHOLE, facts)


def _is_on(read: Read, row: Any) -> bool:
    return rules.is_mobile(row.phone) and bool(read.setting(GATEWAY, ""))


def _is_told_with_the_matter(work: Work, row: Any, kind: Kind) -> bool:
    """What many items of a matter meet at once is told once, for the whole."""
    if "-" not in row.case_no or kind not in (Kind.ACCEPT, Kind.COLLECT):
        return False
    from yichuang_acceptance.operations import matter_life

    matter = matter_life.matter_of(work, row.id)
    return matter is None or kind is Kind.COLLECT or matter.row.received_at == work.now


def _write(work: Work, row: Any, kind: Kind, occasion: str, facts: dict[str, str]) -> None:
    """Enter a message, unless the same occasion was told before."""
    same = n.message.c.case_id == row.id, n.message.c.kind == kind, n.message.c.occasion == occasion
    if work.scalar(select(n.message.c.id).where(*same)) is not None:
        return
    if kind in rules.NEEDS_RESULT:
        facts |= _pickup(work, row)
    hall, phone = work.setting("hall.name", "政务服务大厅"), work.setting("hall.phone", "")
    told = rules.tell(kind, hall, phone, facts, str(work.setting(TEXT + kind, "")))
    declined = is_declined(work, row.applicant_id)
    work.insert(
        n.message, key=secrets.token_hex(16), case_id=row.id, kind=kind, occasion=occasion, number=facts["number"],
        item_name=facts["item"], agency=row.agency, applicant_id=row.applicant_id, phone=row.phone,
        params=dict(told.params), text=told.text, state="declined" if declined else "waiting",
        next_at=rules.next_allowed(work.now), created_at=work.now, ended_at=work.now if declined else None,
    )  # fmt: skip


def _pickup(read: Read, row: Any) -> dict[str, str]:
    """Where and when the result is handed out, and what to bring (D13)."""
    from yichuang_acceptance.operations import points

    code = points.places_of(read, row.id).issue
    address = read.setting("hall.address", "") if code == points.HALL else ""
    return {
        "place": f"{points.name_of(read, code)}{f'（{address}）' if address else ''}",
        "hours": str(read.setting(HOURS, OFFICE_HOURS)), "bring": rules.bring(row.applicant_kind),
    }  # fmt: skip


def readdress(work: Work, case_id: int, phone: str) -> None:
    """The telephone number of a case was wrong: what has not gone out goes to the right one. What a sender has in hand stays."""
    m = n.message.c
    unsent = or_((m.state == "waiting") & (m.claim == ""), m.state == "gave_up")
    work.execute(update(n.message).where(m.case_id == case_id, unsent).values(phone=phone))


def is_declined(read: Read, applicant_id: int) -> bool:
    """Whether an applicant wants no messages."""
    wants_none = n.no_messages.c.applicant_id == applicant_id
    return read.scalar(select(n.no_messages.c.applicant_id).where(wants_none)) is not None


def _day(moment: datetime | None) -> str:
    if moment is None:
        return ""
    day = moment.astimezone(HALL_ZONE).date()
    return f"{day.year}年{day.month}月{day.day}日"


def check_setting(key: str, value: object) -> None:
    """Refuse a text that lacks a place or has one that nothing fills. Raises MESSAGE_TEXT_BAD."""
    if key.startswith(TEXT) and key.removeprefix(TEXT) in list(Kind):
        rules.check_text(Kind(key.removeprefix(TEXT)), value)
