"""A policy tried on a past day before it is switched on: the waits of each line and each kind of people, now and then."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from pydantic import Field

from yichuang.api import Read, Request, UserError, func, query, select
from yichuang_queue import tables as t
from yichuang_queue.operations.lines import MOST_LINES
from yichuang_queue.operations.policies import hall_policy, policies_in_force, require_desks
from yichuang_queue.operations.statistics import bounds, events_of
from yichuang_queue.rules.policy import from_data
from yichuang_queue.rules.preview import Arrival, Effect, Shift, arrivals, by_line, by_priority, play, shifts
from yichuang_queue.rules.statistics import read as services_of
from yichuang_queue.rules.tickets import PRIORITY_NAMES, Priority
from yichuang_queue.words import words

L = words.lazy
MOST_EVENTS = 20_000


@dataclass(frozen=True)
class Compared:
    """A line or a kind of people on the day that was played again.

    Attributes:
        now, then: The waits under the policies in force, and with the one that is tried.
    """

    kind: str  # line | priority
    code: str
    name: str
    now: Effect
    then: Effect


class Try(Request):
    """A policy that is not in force, and the day it is tried on; yesterday, or the last day with calls, by default."""

    desks: tuple[str, ...] = Field((), max_length=500)
    data: dict[str, Any]
    day: date | None = None


@dataclass(frozen=True)
class Preview:
    """What a policy would have done on a day."""

    day: date
    people: int
    compared: list[Compared]


@query("queue.preview_policy", permission="queue.manage", title="Try a policy on a past day")
def preview_policy(read: Read, request: Try) -> Preview:
    """Play a past day again with the policies in force and with another one. Errors: BAD_POLICY, UNKNOWN_DESK, NO_LOG."""
    names = {row.code: row.name for row in read.all(select(t.line.c.code, t.line.c.name).limit(MOST_LINES))}
    tried = from_data(request.data, set(names))
    require_desks(read, request.desks)
    day = request.day or _last_day(read)
    people, open_ = _log(read, day)
    of_desk, hall, wanted = policies_in_force(read), hall_policy(read), set(request.desks)
    now = play(people, open_, of_desk, hall)
    if wanted:
        then = play(people, open_, lambda desk: tried if desk in wanted else of_desk(desk), hall)
    else:
        then = play(people, open_, policies_in_force(read, tried), tried)
    pairs = [("line", by_line(now), by_line(then), names)]
    kinds = {str(priority): str(PRIORITY_NAMES[priority]) for priority in Priority}
    pairs.append(("priority", by_priority(now), by_priority(then), kinds))
    compared = [
        Compared(kind, code, title.get(code, code), before[code], after[code])
        for kind, before, after, title in pairs
        for code in before
    ]
    return Preview(day, len(people), compared)


def _last_day(read: Read) -> date:
    day = read.scalar(select(func.max(t.ticket.c.day)).where(t.ticket.c.day < read.today))
    if day is None:
        raise UserError("NO_LOG", L("There is no past day to try the policy on."), do=L("Try it tomorrow."))
    return day  # type: ignore[no-any-return]  # a date column


def _log(read: Read, day: date) -> tuple[list[Arrival], list[Shift]]:
    begin, end = bounds(day)
    _issued, services = services_of(events_of(read, day))
    due = {
        row.id: row.due_at
        for row in read.all(
            select(t.ticket.c.id, t.ticket.c.due_at).where(
                t.ticket.c.day == day, t.ticket.c.due_at.is_not(None)
            )
        )
    }
    d = t.desk_event.c
    desk_events = read.all(
        select(d.at, d.desk, d.state, d.lines)
        .where(d.at >= begin, d.at < end)
        .order_by(d.id)
        .limit(MOST_EVENTS)
    )
    people = arrivals(services, due)
    if not people or not desk_events:
        raise UserError(
            "NO_LOG", L("Nothing was called on {day}.", day=day.isoformat()), do=L("Choose another day.")
        )
    last = max(service.ended or service.called for service in services)
    return people, shifts([(row.at, row.desk, row.state, row.lines) for row in desk_events], last)
