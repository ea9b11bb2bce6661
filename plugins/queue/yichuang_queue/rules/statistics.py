"""Statistics of calling, from the events alone: what happened to each ticket at each desk, and its figures in groups.

A service is what lies between a call and the end of it at one desk. A ticket that is transferred, or that has several
businesses, makes several; each counts for its own desk and line. Waiting is from joining the line to the call, walking
from the call to the arrival, service from the arrival to the end.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from enum import StrEnum
from statistics import fmean, median
from typing import Any

from yichuang_queue.rules.tickets import Act
from yichuang_queue.words import words

L = words.lazy
HALF_HOUR = timedelta(minutes=30)


@dataclass(frozen=True)
class Happened:
    """An event as the statistics read it."""

    ticket_id: int
    at: datetime
    act: str
    line: str
    desk: str = ""
    staff_id: int | None = None
    detail: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Service:
    """One call of one ticket to one desk.

    Attributes:
        queued: When the ticket joined the line.
        arrived: When the person came; None if nobody did or the desk finished without saying so.
        outcome: finish, pass, hold, transfer or end; empty while it is going on.
        promised: Seconds of waiting printed on the ticket, for its first call only.
    """

    ticket_id: int
    line: str
    business: str
    priority: str
    desk: str
    staff_id: int | None
    queued: datetime
    called: datetime
    arrived: datetime | None
    ended: datetime | None
    outcome: str
    calls: int
    promised: int | None

    @property
    def waited(self) -> float:
        """Seconds in the line."""
        return max(0.0, (self.called - self.queued).total_seconds())

    @property
    def walked(self) -> float | None:
        """Seconds from the call to the arrival."""
        return None if self.arrived is None else (self.arrived - self.called).total_seconds()

    @property
    def served(self) -> float | None:
        """Seconds of service; None where nobody was served."""
        if (
            self.ended is None
            or self.outcome == Act.PASS
            or (self.arrived is None and self.outcome != Act.FINISH)
        ):
            return None
        return (self.ended - (self.arrived or self.called)).total_seconds()


@dataclass(frozen=True)
class Issued:
    """A ticket that was given out."""

    ticket_id: int
    line: str
    business: str
    priority: str
    at: datetime


_ENDS = {Act.FINISH, Act.PASS, Act.HOLD, Act.TRANSFER, Act.END}


@dataclass
class _Open:
    """What is known of a ticket while its events are read."""

    line: str
    business: str
    priority: str
    queued: datetime
    promised: int | None
    first: bool = True
    call: Happened | None = None
    arrived: datetime | None = None
    calls: int = 0


def read(events: Iterable[Happened]) -> tuple[list[Issued], list[Service]]:
    """Tickets and services out of events in their order.

    Args:
        events: All events of the tickets in question, oldest first; a ticket whose issue is missing is left out.
    """
    issued: list[Issued] = []
    services: list[Service] = []
    known: dict[int, _Open] = {}
    for event in events:
        if event.act == Act.ISSUE:
            business = str(event.detail.get("business", ""))
            priority = str(event.detail.get("priority", "none"))
            known[event.ticket_id] = _Open(
                event.line, business, priority, event.at, event.detail.get("promised")
            )
            issued.append(Issued(event.ticket_id, event.line, business, priority, event.at))
        elif (ticket := known.get(event.ticket_id)) is not None:
            _follow(ticket, event, services)
    services += [_service(i, ticket, None, "") for i, ticket in known.items() if ticket.call is not None]
    return issued, services


def _follow(ticket: _Open, event: Happened, services: list[Service]) -> None:
    act = event.act
    if act == Act.CALL:
        ticket.call, ticket.arrived, ticket.calls = event, None, 1
    elif act == Act.RECALL:
        ticket.calls += 1
    elif act == Act.ARRIVE:
        ticket.arrived = event.at
    elif act == Act.UNDO_PASS:
        _undo_pass(ticket, event, services)
    elif act in _ENDS and ticket.call is not None:
        services.append(_service(event.ticket_id, ticket, event.at, act))
        ticket.call, ticket.first = None, False
    if act in (Act.TRANSFER, Act.RESTORE):
        ticket.line, ticket.queued = event.line, event.at
        ticket.business = str(event.detail.get("business") or ticket.business)
    elif act == Act.HOLD:
        ticket.queued = event.at  # its time on hold is no waiting in the line, and none of the line's fault
    elif act == Act.RESUME:
        ticket.queued = event.at


def _undo_pass(ticket: _Open, event: Happened, services: list[Service]) -> None:
    """Passing was a slip: the call goes on as if it had not been."""
    for place in range(len(services) - 1, -1, -1):
        passed = services[place]
        if passed.ticket_id == event.ticket_id and passed.outcome == Act.PASS:
            del services[place]
            ticket.call = Happened(
                event.ticket_id, passed.called, Act.CALL, passed.line, passed.desk, passed.staff_id
            )
            ticket.queued, ticket.calls, ticket.first = (
                passed.queued,
                passed.calls,
                passed.promised is not None,
            )
            return


def _service(ticket_id: int, ticket: _Open, ended: datetime | None, outcome: str) -> Service:
    call = ticket.call
    assert call is not None  # the callers look
    promised = ticket.promised if ticket.first else None
    return Service(
        ticket_id, call.line, ticket.business, ticket.priority, call.desk, call.staff_id, ticket.queued, call.at,
        ticket.arrived, ended, outcome, ticket.calls, promised,
    )  # fmt: skip


class By(StrEnum):
    """What figures are grouped by."""

    LINE = "line"
    BUSINESS = "business"
    DESK = "desk"
    PERSON = "person"
    HALF_HOUR = "half_hour"
    DAY = "day"
    PRIORITY = "priority"


BY_NAMES = {
    By.LINE: L("Line"),
    By.BUSINESS: L("Business"),
    By.DESK: L("Desk"),
    By.PERSON: L("Person"),
    By.HALF_HOUR: L("Half hour"),
    By.DAY: L("Day"),
    By.PRIORITY: L("Priority"),
}


@dataclass(frozen=True)
class Figures:
    """The figures of a group; times are seconds, None where nothing was measured.

    Attributes:
        issued: Tickets given out; 0 in groups of desks and people, who give none out.
        called, served, passed: Calls, those that were served, those to which nobody came.
        within_promise: Share of first calls that came no later than was printed on the ticket.
    """

    key: str
    issued: int
    called: int
    served: int
    passed: int
    wait_mean: float | None
    wait_median: float | None
    wait_p90: float | None
    wait_longest: float | None
    walk_mean: float | None
    service_mean: float | None
    service_p90: float | None
    within_promise: float | None

    @property
    def pass_rate(self) -> float | None:
        """Share of calls to which nobody came."""
        return self.passed / self.called if self.called else None


def figures(key: str, issued: Sequence[Issued], services: Sequence[Service]) -> Figures:
    """The figures of one group."""
    waits = sorted(service.waited for service in services)
    walks = [walked for service in services if (walked := service.walked) is not None]
    times = sorted(served for service in services if (served := service.served) is not None)
    promised = [service.waited <= service.promised for service in services if service.promised is not None]
    return Figures(
        key, len(issued), len(services), len(times), sum(service.outcome == Act.PASS for service in services),
        fmean(waits) if waits else None, median(waits) if waits else None, quantile(waits, 0.9),
        waits[-1] if waits else None, fmean(walks) if walks else None, fmean(times) if times else None,
        quantile(times, 0.9), fmean(promised) if promised else None,
    )  # fmt: skip


def quantile(ordered: Sequence[float], share: float) -> float | None:
    """The value below which so large a share of an ordered list lies, between neighbours in proportion."""
    if not ordered:
        return None
    place = share * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def grouped(
    by: By,
    issued: Sequence[Issued],
    services: Sequence[Service],
    zone: tzinfo,
    name: Callable[[Service], str] | None = None,
) -> list[Figures]:
    """Figures of every group, in the order of their keys.

    Args:
        by: What is grouped by.
        issued: Tickets given out.
        services: Calls.
        zone: The hall's; half hours and days are those on its clock.
        name: The key of a service's person, for `By.PERSON`.
    """
    of_service: dict[By, Callable[[Service], str]] = {
        By.LINE: lambda s: s.line,
        By.BUSINESS: lambda s: s.business,
        By.DESK: lambda s: s.desk,
        By.PERSON: name or (lambda s: str(s.staff_id or "")),
        By.HALF_HOUR: lambda s: half_hour(s.called, zone),
        By.DAY: lambda s: s.called.astimezone(zone).date().isoformat(),
        By.PRIORITY: lambda s: s.priority,
    }
    of_ticket: dict[By, Callable[[Issued], str]] = {
        By.LINE: lambda i: i.line,
        By.BUSINESS: lambda i: i.business,
        By.HALF_HOUR: lambda i: half_hour(i.at, zone),
        By.DAY: lambda i: i.at.astimezone(zone).date().isoformat(),
        By.PRIORITY: lambda i: i.priority,
    }
    calls: dict[str, list[Service]] = defaultdict(list)
    for service in services:
        calls[of_service[by](service)].append(service)
    tickets: dict[str, list[Issued]] = defaultdict(list)
    if by in of_ticket:
        for ticket in issued:
            tickets[of_ticket[by](ticket)].append(ticket)
    return [figures(key, tickets[key], calls[key]) for key in sorted({*calls, *tickets})]


def half_hour(at: datetime, zone: tzinfo) -> str:
    """The half hour in which a moment lies, such as 09:30."""
    local = at.astimezone(zone)
    return f"{local.hour:02d}:{local.minute // 30 * 30:02d}"
