"""Appointments: free slots, booking, cancelling, importing, and who is barred for not having come."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Literal

from pydantic import Field

from yichuang.api import (
    HALL_ZONE,
    IntegrityError,
    Private,
    Read,
    Request,
    UserError,
    Work,
    func,
    holder_digest,
    identifiers,
    operation,
    query,
    read_rows,
    select,
    update,
)
from yichuang_queue import tables as t
from yichuang_queue.operations.lines import business_of
from yichuang_queue.rules.appointments import Bar, Booking, Timetable
from yichuang_queue.rules.tickets import Priority
from yichuang_queue.words import words

L = words.lazy
CODE_DIGITS = 8
MOST_IMPORTED = 2000
MOST_TOLD = 20
_a = t.appointment.c


@dataclass(frozen=True)
class Slot:
    """A slot of a business and how many appointments it still takes."""

    begins_at: datetime
    ends_at: datetime
    seats: int
    free: int


@dataclass(frozen=True)
class Appointment:
    """An appointment as desks see it, its holder masked."""

    id: int
    code: str
    business: str
    begins_at: datetime
    ends_at: datetime
    person: str
    phone: str
    priority: str
    state: str
    excused: bool
    source: str


def _shown(row: Any) -> Appointment:
    return Appointment(
        row.id, row.code, row.business, row.begins_at, row.ends_at, row.person, row.phone, row.priority, row.state,
        row.excused, row.source,
    )  # fmt: skip


def timetable(read: Read, row: Any) -> Timetable:
    """When a business takes appointments, by the hall's opening hours."""
    usual = Timetable()
    texts = str(read.setting("hall.opening_hours", "")).split()
    pairs = [text.split("-") for text in texts]
    hours = tuple((time.fromisoformat(a), time.fromisoformat(b)) for a, b in pairs) or usual.hours
    return Timetable(
        hours, row.slot_minutes, row.seats, int(read.setting("queue.book_days", usual.days_ahead))
    )


class AskSlots(Request):
    """A business and a day."""

    business: str
    day: date


@query("queue.slots", permission=None, title="Free appointments")
def slots(read: Read, request: AskSlots) -> list[Slot]:
    """The slots of a working day that have not begun, with their free seats. Errors: UNKNOWN_BUSINESS, BUSINESS_CLOSED."""
    row = business_of(read, request.business)
    if not row.seats or not read.calendar.is_workday(request.day):
        return []
    taken = {
        each.begins_at: each.n
        for each in read.all(
            select(_a.begins_at, func.count().label("n"))
            .where(_a.business == row.code, _a.day == request.day, _a.seat.is_not(None))
            .group_by(_a.begins_at)
        )
    }
    found = []
    for begin, end in timetable(read, row).slots(request.day):
        begins_at, ends_at = begin.replace(tzinfo=HALL_ZONE), end.replace(tzinfo=HALL_ZONE)
        if begins_at > read.now:
            free = row.seats - taken.get(begins_at, 0)
            found.append(Slot(begins_at, ends_at, row.seats, max(0, free)))
    return found


class Book(Request):
    """Whose appointment, for what and when.

    Attributes:
        begins_at: Begin of a slot, with its zone.
        code_kind, code: Identity number; only a keyed digest is kept.
    """

    business: str
    begins_at: datetime
    person: Private = Field(min_length=1, max_length=100)
    code_kind: str = "111"
    code: Private
    phone: Private = ""
    priority: Priority = Priority.NONE


@operation("queue.book", permission="queue.book", title="Make an appointment")
def book(work: Work, request: Book) -> Appointment:
    """Book a seat of a slot.

    Errors: UNKNOWN_BUSINESS, BUSINESS_CLOSED, NO_APPOINTMENTS, NO_SUCH_SLOT, TOO_FAR_AHEAD, SLOT_FULL, BOOKED_TWICE, BARRED,
        BAD_CITIZEN_ID, BAD_USCC.
    """
    return _book(work, request, "desk")


def _book(work: Work, request: Book, source: str) -> Appointment:
    row = business_of(work, request.business)
    begin, end = _slot(work, row, request.begins_at)
    holder = holder_digest(work, request.code_kind, request.code)
    _require_not_barred(work, holder)
    taken = {
        each.seat
        for each in work.all(
            select(_a.seat).where(_a.business == row.code, _a.begins_at == begin, _a.seat.is_not(None))
        )
    }
    seat = next((n for n in range(1, row.seats + 1) if n not in taken), None)
    if seat is None:
        raise _full(begin)
    values = {
        "business": row.code, "day": begin.astimezone(HALL_ZONE).date(), "begins_at": begin, "ends_at": end, "seat": seat,
        "holder": holder, "person": identifiers.mask_name(request.person),
        "phone": identifiers.mask_phone(request.phone) if request.phone else "", "priority": request.priority,
        "state": Booking.BOOKED, "source": source, "booked_at": work.now, "code": _new_code(),
    }  # fmt: skip
    twice = select(_a.id).where(
        _a.holder == holder, _a.business == row.code, _a.day == values["day"], _a.state == Booking.BOOKED
    )
    if work.scalar(twice) is not None:
        raise UserError(
            "BOOKED_TWICE", L("This person has an appointment for {business} on this day.", business=row.name)
        )
    try:
        key = work.insert(t.appointment, **values)
    except IntegrityError as error:  # another desk took the seat, or the same person, at the same moment
        raise _full(begin) from error
    work.subject = f"appointment:{key}"
    return _shown(work.one(select(t.appointment).where(_a.id == key)))


def _new_code() -> str:
    """Eight digits without a leading zero, not to be guessed; unique by the schema."""
    return str(secrets.randbelow(9 * 10 ** (CODE_DIGITS - 1)) + 10 ** (CODE_DIGITS - 1))


def _full(begin: datetime) -> UserError:
    when = f"{begin.astimezone(HALL_ZONE):%m-%d %H:%M}"
    return UserError(
        "SLOT_FULL", L("The appointments at {time} are taken.", time=when), do=L("Choose another time.")
    )


def _slot(work: Work, row: Any, begins_at: datetime) -> tuple[datetime, datetime]:
    if not row.seats:
        raise UserError("NO_APPOINTMENTS", L("{business} takes no appointments.", business=row.name))
    if begins_at.tzinfo is None:
        begins_at = begins_at.replace(tzinfo=HALL_ZONE)
    day = begins_at.astimezone(HALL_ZONE).date()
    table = timetable(work, row)
    if day > work.today + timedelta(days=table.days_ahead):
        raise UserError("TOO_FAR_AHEAD", L("One may book {n} days ahead.", n=table.days_ahead))
    for begin, end in table.slots(day) if work.calendar.is_workday(day) else []:
        if begin.replace(tzinfo=HALL_ZONE) == begins_at and begins_at > work.now:
            return begins_at, end.replace(tzinfo=HALL_ZONE)
    raise UserError(
        "NO_SUCH_SLOT", L("There is no appointment at this time."), do=L("Choose one of the free times.")
    )


def _require_not_barred(read: Read, holder: str) -> None:
    until = barred_until(read, holder)
    if until is not None and until >= read.today:
        raise UserError(
            "BARRED", L("Appointments were missed too often; the next one can be made after {day}.", day=until.isoformat()),
            do=L("Take an ordinary ticket; the queue manager can excuse a missed appointment."),
        )  # fmt: skip


def barred_until(read: Read, holder: str) -> date | None:
    """The last day of somebody's bar, None where nothing bars them."""
    usual = Bar()
    rule = Bar(
        int(read.setting("queue.bar_missed", usual.missed)), int(read.setting("queue.bar_within", usual.within_days)),
        int(read.setting("queue.bar_for", usual.for_days)),
    )  # fmt: skip
    missed = read.all(
        select(_a.day)
        .where(_a.holder == holder, _a.state == Booking.MISSED, _a.excused.is_(False))
        .order_by(_a.day)
        .limit(500)
    )
    return rule.until([row.day for row in missed])


class OneAppointment(Request):
    """An appointment."""

    appointment_id: int


@operation("queue.cancel_appointment", permission="queue.book", title="Cancel an appointment")
def cancel_appointment(work: Work, request: OneAppointment) -> Appointment:
    """Give a seat back. Errors: NO_APPOINTMENT, ILLEGAL_ACT."""
    row = _of(work, request.appointment_id)
    if row.state != Booking.BOOKED:
        raise UserError("ILLEGAL_ACT", L("This appointment cannot be cancelled any more."))
    work.execute(update(t.appointment).where(_a.id == row.id).values(state=Booking.CANCELLED, seat=None))
    work.subject = f"appointment:{row.id}"
    return _shown(_of(work, row.id))


@operation("queue.excuse", permission="queue.balance", title="Excuse a missed appointment")
def excuse(work: Work, request: OneAppointment) -> Appointment:
    """Let a missed appointment not count towards a bar. Errors: NO_APPOINTMENT, ILLEGAL_ACT."""
    row = _of(work, request.appointment_id)
    if row.state != Booking.MISSED:
        raise UserError("ILLEGAL_ACT", L("This appointment was not missed."))
    work.execute(update(t.appointment).where(_a.id == row.id).values(excused=True))
    work.subject = f"appointment:{row.id}"
    return _shown(_of(work, row.id))


def _of(work: Work, appointment_id: int) -> Any:
    row = work.one(select(t.appointment).where(_a.id == appointment_id))
    if row is None:
        raise UserError("NO_APPOINTMENT", L("There is no such appointment."))
    return row


class AskDay(Request):
    """A day's appointments, of one business if it is named."""

    day: date
    business: str = ""


@query("queue.appointments", permission="queue.view", title="Appointments of a day")
def appointments(read: Read, request: AskDay) -> list[Appointment]:
    """The appointments of a day by time, at most 2,000."""
    statement = select(t.appointment).where(_a.day == request.day)
    if request.business:
        statement = statement.where(_a.business == request.business)
    return [_shown(row) for row in read.all(statement.order_by(_a.begins_at, _a.id).limit(MOST_IMPORTED))]


class ImportAppointments(Request):
    """A file of appointments made elsewhere.

    Columns, in English or Chinese: business 业务, date 日期 (2026-03-17), time 时间 (09:30), name 姓名, id_number 证件号码; phone
    电话 and priority 优先 may be left out.
    """

    kind: Literal["tsv", "xlsx"]
    data: bytes = Field(max_length=5_000_000, json_schema_extra={"journal": False})


_HEADINGS = {
    "appointments": {
        "business": "business", "业务": "business", "date": "date", "日期": "date", "time": "time", "时间": "time",
        "name": "name", "姓名": "name", "id_number": "id_number", "证件号码": "id_number", "phone": "phone", "电话": "phone",
        "priority": "priority", "优先": "priority",
    }
}  # fmt: skip
_REQUIRED = {"appointments": ("business", "date", "time", "name", "id_number")}


def _asked(cells: Mapping[str, str]) -> Book:
    """A row of a file as a request.

    Raises:
        UserError: BAD_ROW where a date, a time or a priority cannot be read.
    """
    number = cells["id_number"]
    try:
        return Book(
            business=cells["business"], begins_at=datetime.fromisoformat(f"{cells['date']}T{cells['time']}"),
            person=cells["name"], code_kind="111" if number[:17].isdigit() else "001", code=number,
            phone=cells.get("phone", ""), priority=Priority(cells.get("priority") or "none"),
        )  # fmt: skip
    except ValueError as error:
        raise UserError("BAD_ROW", L("date, time, name or priority cannot be read")) from error


@operation("queue.import_appointments", permission="queue.book", title="Import appointments")
def import_appointments(work: Work, request: ImportAppointments) -> int:
    """Book all appointments of a file, or none: every bad row is named with its reason. Errors: BAD_ROWS, BAD_FILE."""
    rows, bad = read_rows({f"appointments.{request.kind}": request.data}, _HEADINGS, _REQUIRED)
    if len(rows) > MOST_IMPORTED:
        raise UserError("BAD_FILE", L("A file holds at most {n} appointments.", n=MOST_IMPORTED))
    problems = [f"{each.row} {each.column}: {each.reason}" for each in bad]
    for row in rows:
        try:
            with work.savepoint():
                _book(work, _asked(row.cells), "import")
        except UserError as error:
            problems.append(f"{row.number}: {error.sentence}")
    if problems:
        raise UserError(
            "BAD_ROWS",
            L("{n} rows cannot be imported: {rows}", n=len(problems), rows="; ".join(problems[:MOST_TOLD])),
            safe=L("Nothing was imported."),
            do=L("Correct the rows and import the file again."),
            detail={"problems": problems},
        )
    work.subject = "queue:appointments"
    work.detail = {"rows": len(rows)}
    return len(rows)
