"""What people queue for: the lines of the hall, the tree of businesses at the kiosk, and who can serve what."""

from __future__ import annotations

from typing import Any

from pydantic import Field, model_validator

from yichuang.api import (
    Read,
    Request,
    UserError,
    Work,
    bindparam,
    delete,
    hall,
    insert,
    operation,
    prepare,
    query,
    select,
    update,
)
from yichuang_queue import tables as t
from yichuang_queue.rules.quota import Quota
from yichuang_queue.rules.tickets import PassRule, Reentry
from yichuang_queue.words import words

L = words.lazy
MOST_LINES = 200
MOST_BUSINESSES = 1000
_LINE = prepare(select(t.line).where(t.line.c.code == bindparam("code")))
_BUSINESS = prepare(select(t.business).where(t.business.c.code == bindparam("code")))


class LineRow(Request):
    """A line: what people queue for.

    Attributes:
        agencies: Codes of the agencies whose items are taken here; empty for every agency.
        target_minutes: The wait that the hall promises; an alarm says when it is exceeded.
        calls: Most calls of one ticket.
        gap_seconds: Least time between two calls of one ticket.
        reentry: Where a passed ticket comes back in: head, after (so many others), tail.
        passed_minutes: How long a passed ticket can come back; 0 until the day ends.
    """

    code: str = Field(min_length=1, max_length=20)
    name: str = Field(min_length=1, max_length=60)
    name_mn: str = Field("", max_length=120)
    prefix: str = Field(pattern=r"^[A-Z]{1,2}$")
    first: int = Field(1, ge=0)
    last: int = Field(999, ge=1, le=9999)
    zone: str = ""
    agencies: tuple[str, ...] = ()
    target_minutes: int = Field(30, ge=1, le=480)
    calls: int = Field(3, ge=1, le=9)
    gap_seconds: int = Field(5, ge=0, le=300)
    reentry: Reentry = Reentry.TAIL
    reentry_after: int = Field(3, ge=0, le=100)
    passed_minutes: int = Field(0, ge=0, le=600)

    @model_validator(mode="after")
    def _in_order(self) -> LineRow:
        if self.last < self.first:
            raise ValueError("last before first")
        return self


class SetLines(Request):
    """All lines of the hall, in the order of the kiosk."""

    lines: tuple[LineRow, ...] = Field(min_length=1, max_length=MOST_LINES)


@operation("queue.set_lines", permission="queue.manage", title="Set the lines")
def set_lines(work: Work, request: SetLines) -> int:
    """Replace the lines; one that has tickets or businesses stays. Errors: LINE_IN_USE, LINE_TWICE."""
    codes = [row.code for row in request.lines]
    if len(set(codes)) < len(codes) or len({row.prefix for row in request.lines}) < len(codes):
        raise UserError("LINE_TWICE", L("Two lines have the same code or prefix."))
    used = {row.line for row in work.all(select(t.ticket.c.line).distinct())}
    used |= {
        row.line
        for row in work.all(select(t.business.c.line).where(t.business.c.line.is_not(None)).distinct())
    }
    if used - set(codes):
        raise UserError(
            "LINE_IN_USE",
            L("Line {line} has tickets and must stay.", line="、".join(sorted(used - set(codes)))),
            do=L("Close its businesses instead."),
        )
    known = {row.code for row in work.all(select(t.line.c.code))}
    work.execute(delete(t.line).where(t.line.c.code.not_in(codes)))
    for position, row in enumerate(request.lines):
        values = {**row.model_dump(), "agencies": list(row.agencies), "position": position}
        if row.code in known:
            work.execute(update(t.line).where(t.line.c.code == row.code).values(**values))
        else:
            work.execute(insert(t.line).values(**values))
    work.subject = "queue:lines"
    return len(codes)


@query("queue.lines", permission="queue.view", title="Lines")
def lines(read: Read) -> list[LineRow]:
    """The lines, in the kiosk's order."""
    rows = read.all(select(t.line).order_by(t.line.c.position).limit(MOST_LINES))
    return [LineRow(**{name: getattr(row, name) for name in LineRow.model_fields}) for row in rows]


def line_of(read: Read, code: str) -> Any:
    """The row of a line.

    Raises:
        UserError: UNKNOWN_LINE.
    """
    row = read.one(_LINE, code=code)
    if row is None:
        raise UserError("UNKNOWN_LINE", L("There is no line {line}.", line=code))
    return row


def pass_rule(row: Any) -> PassRule:
    """What a line does with people who do not come."""
    return PassRule(row.calls, row.gap_seconds, Reentry(row.reentry), row.reentry_after, row.passed_minutes)


class BusinessRow(Request):
    """A node of the kiosk's tree.

    Attributes:
        parent: Code of the group it stands in; empty at the top.
        line: Where its people queue; empty for a group.
        item: Code of a service item, where it stands for one.
        quota_day, quota_half_day, quota_slot: Most tickets of a day, of a half day, of a slot; None for no limit.
        slot_minutes: Length of a slot of tickets and of appointments.
        seats: Appointments in one slot; 0 takes none.
        open: Whether tickets are given out for it.
    """

    code: str = Field(min_length=1, max_length=40)
    parent: str = ""
    name: str = Field(min_length=1, max_length=60)
    name_mn: str = Field("", max_length=120)
    icon: str = Field("", max_length=40)
    line: str = ""
    item: str = ""
    quota_day: int | None = Field(None, ge=0, le=9999)
    quota_half_day: int | None = Field(None, ge=0, le=9999)
    quota_slot: int | None = Field(None, ge=0, le=9999)
    slot_minutes: int = Field(60, ge=10, le=480)
    seats: int = Field(0, ge=0, le=500)
    open: bool = True

    @property
    def quota(self) -> Quota:
        """Its limits."""
        return Quota(self.quota_day, self.quota_half_day, self.quota_slot, self.slot_minutes)


class SetBusinesses(Request):
    """The whole tree of the kiosk; a node stands behind its parent, brothers in the order of the kiosk."""

    businesses: tuple[BusinessRow, ...] = Field(max_length=MOST_BUSINESSES)


@operation("queue.set_businesses", permission="queue.manage", title="Set the kiosk's tree")
def set_businesses(work: Work, request: SetBusinesses) -> int:
    """Replace the kiosk's tree. Errors: BUSINESS_TWICE, UNKNOWN_PARENT, UNKNOWN_LINE, LINE_MISSING, BUSINESS_IN_USE."""
    _check_tree(work, request.businesses)
    codes = [row.code for row in request.businesses]
    booked = work.all(
        select(t.appointment.c.business).distinct().where(t.appointment.c.business.not_in(codes))
    )
    if booked:
        raise UserError(
            "BUSINESS_IN_USE",
            L(
                "{business} has appointments and must stay.",
                business="、".join(sorted(r.business for r in booked)),
            ),
            do=L("Close it instead."),
        )
    known = {row.code for row in work.all(select(t.business.c.code))}
    for position, row in enumerate(request.businesses):
        values = {
            **row.model_dump(),
            "parent": row.parent or None,
            "line": row.line or None,
            "position": position,
        }
        if row.code in known:
            work.execute(update(t.business).where(t.business.c.code == row.code).values(**values))
        else:
            work.execute(insert(t.business).values(**values))
    gone = t.business.c.code.not_in(codes)
    work.execute(update(t.business).where(gone).values(parent=None))
    work.execute(delete(t.business).where(gone))
    work.subject = "queue:businesses"
    work.detail = {"businesses": len(codes)}
    return len(codes)


def _check_tree(work: Work, rows: tuple[BusinessRow, ...]) -> None:
    lines_ = {row.code for row in work.all(select(t.line.c.code).limit(MOST_LINES))}
    parents = {row.parent for row in rows}
    seen: set[str] = set()
    for row in rows:
        if row.code in seen:
            raise UserError("BUSINESS_TWICE", L("{business} stands twice in the tree.", business=row.code))
        if row.parent and row.parent not in seen:
            raise UserError("UNKNOWN_PARENT", L("{business} stands before its group.", business=row.name))
        if row.line and row.line not in lines_:
            raise UserError("UNKNOWN_LINE", L("There is no line {line}.", line=row.line))
        if not row.line and row.code not in parents:
            raise UserError("LINE_MISSING", L("{business} has no line to queue in.", business=row.name))
        seen.add(row.code)


@query("queue.businesses", permission=None, title="The kiosk's tree")
def businesses(read: Read) -> list[BusinessRow]:
    """The nodes of the tree, groups before what stands in them; for everybody to see."""
    rows = read.all(select(t.business).order_by(t.business.c.position).limit(MOST_BUSINESSES))
    return [
        BusinessRow(**{name: getattr(row, name) if getattr(row, name) is not None or name.startswith("quota") else ""
                       for name in BusinessRow.model_fields})
        for row in rows
    ]  # fmt: skip


def business_of(read: Read, code: str) -> Any:
    """The row of a business.

    Raises:
        UserError: UNKNOWN_BUSINESS, BUSINESS_CLOSED.
    """
    row = read.one(_BUSINESS, code=code)
    if row is None or row.line is None:
        raise UserError("UNKNOWN_BUSINESS", L("There is no business {code}.", code=code))
    if not row.open:
        raise UserError(
            "BUSINESS_CLOSED",
            L("{business} is not taken today.", business=row.name),
            do=L("Ask at the guide desk."),
        )
    return row


def line_for_item(read: Read, code: str) -> tuple[Any, str]:
    """Where an item's people queue (its agency's line, else the general one), and what the item is called.

    Raises:
        UserError: UNKNOWN_ITEM, UNKNOWN_LINE.
    """
    item = read.one(select(hall.item.c.name, hall.item.c.agency).where(hall.item.c.code == code))
    if item is None:
        raise UserError("UNKNOWN_ITEM", L("There is no service item {code}.", code=code))
    rows = read.all(select(t.line).order_by(t.line.c.position).limit(MOST_LINES))
    found = [row for row in rows if item.agency in row.agencies] or [row for row in rows if not row.agencies]
    if not found:
        raise UserError(
            "UNKNOWN_LINE", L("No line takes {item}.", item=item.name), do=L("Ask the queue manager.")
        )
    return found[0], item.name


class SetSkills(Request):
    """What a person can serve; no lines: everything."""

    staff_id: int
    lines: tuple[str, ...] = Field((), max_length=MOST_LINES)


@operation("queue.set_skills", permission="queue.manage", title="Set a person's lines")
def set_skills(work: Work, request: SetSkills) -> tuple[str, ...]:
    """Say which lines a person serves when signing in to a desk. Errors: UNKNOWN_STAFF, UNKNOWN_LINE."""
    if work.scalar(select(hall.staff.c.id).where(hall.staff.c.id == request.staff_id)) is None:
        raise UserError("UNKNOWN_STAFF", L("There is no such member of staff."))
    for code in request.lines:
        line_of(work, code)
    work.execute(delete(t.skill).where(t.skill.c.staff_id == request.staff_id))
    if request.lines:
        work.execute(insert(t.skill).values(staff_id=request.staff_id, lines=list(request.lines)))
    work.subject = f"staff:{request.staff_id}"
    return request.lines


class AskSkills(Request):
    """Whose lines; the actor's own by default."""

    staff_id: int | None = None


@query("queue.skills", permission="queue.view", title="A person's lines")
def skills(read: Read, request: AskSkills) -> tuple[str, ...]:
    """The lines that a person serves when signing in; empty for every line."""
    who = read.actor.staff_id if request.staff_id is None else request.staff_id
    return tuple(read.scalar(select(t.skill.c.lines).where(t.skill.c.staff_id == who)) or ())
