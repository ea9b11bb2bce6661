"""What a kiosk asks: its tree with what is left and how long it takes, what somebody has today, and help from the guide."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from yichuang.api import (
    HALL_ZONE,
    Private,
    Read,
    Request,
    Work,
    func,
    hall,
    holder_digest,
    operation,
    query,
    select,
)
from yichuang_queue import tables as t
from yichuang_queue.operations.estimates import in_seconds, waits
from yichuang_queue.operations.issuing import QUOTA_SERIES, check_in_window
from yichuang_queue.operations.lines import MOST_BUSINESSES
from yichuang_queue.operations.messages import Message, enter_message, shown
from yichuang_queue.operations.policies import hall_policy
from yichuang_queue.rules.appointments import Booking
from yichuang_queue.rules.quota import Quota
from yichuang_queue.rules.tickets import Priority, State
from yichuang_queue.words import words

L = words.lazy
_c = t.ticket.c


@dataclass(frozen=True)
class KioskLine:
    """A line at a kiosk.

    Attributes:
        wait_low, wait_high: The interval of a ticket taken now, in seconds; None where no desk is open.
        desks: Open desks that serve it.
        calls, passed_minutes: Its rule for people who do not come.
    """

    code: str
    name: str
    name_mn: str
    waiting: int
    wait_low: int | None
    wait_high: int | None
    desks: list[str]
    calls: int
    passed_minutes: int


@dataclass(frozen=True)
class KioskNode:
    """A node of the kiosk's tree.

    Attributes:
        left: How many numbers its quotas leave, None where it has none.
        limit: The quota that leaves the fewest: day, half_day or slot.
    """

    code: str
    parent: str
    name: str
    name_mn: str
    icon: str
    line: str
    left: int | None
    limit: str
    open: bool


@dataclass(frozen=True)
class KioskView:
    """Everything the kiosk shows at its start.

    Attributes:
        credits: Priority to minutes of waiting that it is given in advance.
    """

    hall: str
    nodes: list[KioskNode]
    lines: list[KioskLine]
    credits: dict[str, int]


@query("queue.kiosk", permission=None, title="The kiosk")
def kiosk(read: Read) -> KioskView:
    """The kiosk's tree with quotas and waits; for everybody to see."""
    policy = hall_policy(read)
    credits_ = {str(each): policy.credit(each) for each in Priority if each is not Priority.NONE}
    return KioskView(str(read.setting("hall.name", "")), _nodes(read), _lines(read), credits_)


def _nodes(read: Read) -> list[KioskNode]:
    day = read.today.isoformat()
    counter = hall.counter.c
    taken = {
        row.scope: row.value
        for row in read.all(
            select(counter.scope, counter.value)
            .where(counter.series == QUOTA_SERIES, counter.scope.contains(f".{day}.", autoescape=True))
            .limit(10 * MOST_BUSINESSES)
        )
    }
    at = read.now.astimezone(HALL_ZONE).time()
    found = []
    for row in read.all(select(t.business).order_by(t.business.c.position).limit(MOST_BUSINESSES)):
        quota = Quota(row.quota_day, row.quota_half_day, row.quota_slot, row.slot_minutes)
        lefts = [
            (max(0, most - taken.get(f"{row.code}.{day}.{name}", 0)), kind)
            for name, most, kind in quota.counters(at)
        ]
        left, limit = min(lefts, default=(None, ""), key=lambda each: each[0])
        found.append(
            KioskNode(
                row.code,
                row.parent or "",
                row.name,
                row.name_mn,
                row.icon,
                row.line or "",
                left,
                limit,
                row.open,
            )
        )
    return found


def _lines(read: Read) -> list[KioskLine]:
    waiting = _waiting(read)
    desks = read.all(
        select(t.desk.c.code, t.desk.c.lines).where(t.desk.c.state == "open").order_by(t.desk.c.code)
    )
    found = []
    for line, _desks, _mean, wait in waits(read):
        _seconds, low, high = in_seconds(wait)
        serving = [desk.code for desk in desks if line.code in desk.lines]
        found.append(
            KioskLine(
                line.code, line.name, line.name_mn, waiting.get(line.code, 0), low, high, serving, line.calls,
                line.passed_minutes,
            )
        )  # fmt: skip
    return found


def _waiting(read: Read) -> dict[str, int]:
    rows = read.all(
        select(_c.line, func.count().label("n"))
        .where(_c.day == read.today, _c.state == State.WAITING)
        .group_by(_c.line)
    )
    return {row.line: row.n for row in rows}


class AskVisitor(Request):
    """Somebody's identity number."""

    code_kind: str = "111"
    code: Private


@dataclass(frozen=True)
class Due:
    """An appointment of today that was not taken up yet.

    Attributes:
        opens_at, closes_at: From when until when one may check in.
        priority: The one it was made with.
    """

    code: str
    business: str
    begins_at: datetime
    ends_at: datetime
    opens_at: datetime
    closes_at: datetime
    priority: str


@dataclass(frozen=True)
class Visitor:
    """What somebody has in the hall today.

    Attributes:
        appointments: By time.
        waiting: Number and business of tickets that still wait.
    """

    appointments: list[Due]
    waiting: list[tuple[str, str]]


@query("queue.visitor", permission="queue.issue", title="What somebody has today")
def visitor(read: Read, request: AskVisitor) -> Visitor:
    """Today's appointments and waiting tickets of an identity number. Errors: BAD_CITIZEN_ID, BAD_USCC."""
    holder = holder_digest(read, request.code_kind, request.code)
    a, b = t.appointment.c, t.business.c
    window = check_in_window(read)
    booked = read.all(
        select(a.code, b.name, a.begins_at, a.ends_at, a.priority)
        .join(t.business, b.code == a.business)
        .where(a.day == read.today, a.holder == holder, a.state == Booking.BOOKED)
        .order_by(a.begins_at)
        .limit(20)
    )
    waiting = read.all(
        select(_c.number, _c.business)
        .where(_c.day == read.today, _c.holder == holder, _c.state == State.WAITING)
        .order_by(_c.id)
        .limit(20)
    )
    return Visitor(
        [
            Due(
                row.code,
                row.name,
                row.begins_at,
                row.ends_at,
                *window.window(row.begins_at, row.ends_at),
                row.priority,
            )
            for row in booked
        ],
        [(row.number, row.business) for row in waiting],
    )


class CallGuide(Request):
    """A kiosk that needs somebody, and why."""

    kiosk: str = Field(min_length=1, max_length=20)
    reason: Literal["help", "paper", "printer", "refused"] = "help"


_REASONS: dict[str, Any] = {
    "help": L("Somebody asks for help at kiosk {kiosk}."),
    "paper": L("Kiosk {kiosk} has no paper."),
    "printer": L("The printer of kiosk {kiosk} does not print."),
    "refused": L("Tickets of kiosk {kiosk} that were given out offline could not be entered; see its log."),
}


@operation("queue.call_guide", permission="queue.issue", title="Call somebody to a kiosk")
def call_guide(work: Work, request: CallGuide) -> Message:
    """Call the staff to a kiosk; the same call again is the same until somebody has answered it."""
    text = words.text(_REASONS[request.reason].msgid, kiosk=request.kiosk)
    m = t.message.c
    same = (m.kind == "emergency") & (m.desk == "") & (m.text == text) & m.answered_at.is_(None)
    row = work.one(select(t.message).where(same).order_by(m.id.desc()).limit(1))
    if row is not None:
        work.subject = f"message:{row.id}"
        return shown(row)
    return enter_message(work, kind="emergency", text=text)  # of no desk: kiosk 2 is not desk 2
