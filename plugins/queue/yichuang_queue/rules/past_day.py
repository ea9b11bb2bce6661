"""Rebuilds the hall at any moment of a day from its events alone: desks, the tickets at them, who waits in which line.

The events are the record (queue_event, queue_desk_event); the tables of desks and tickets only say how it is now. So a
past day can be looked at as it was, and a test can ask whether the replay of this moment is this moment.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from yichuang_queue.rules.floor import DayFigures, DeskNow, LineNow, Standing
from yichuang_queue.rules.tickets import AT_DESK, Act, State

FREEING = frozenset({Act.FINISH, Act.PASS, Act.HOLD, Act.TRANSFER})
"""Acts after which nobody stands at the desk."""
TREND_STEP = timedelta(minutes=10)
TREND_POINTS = 7
RECENT = timedelta(minutes=30)
# What an act leaves a ticket as, whatever it was before.
LEAVES: dict[Act, State] = {
    Act.ISSUE: State.WAITING, Act.CALL: State.CALLED, Act.RECALL: State.CALLED, Act.ARRIVE: State.SERVING,
    Act.HOLD: State.HELD, Act.RESUME: State.WAITING, Act.PASS: State.PASSED, Act.UNDO_PASS: State.CALLED,
    Act.RESTORE: State.WAITING, Act.TRANSFER: State.WAITING, Act.FINISH: State.DONE, Act.END: State.ENDED,
}  # fmt: skip
_JOINS = frozenset(
    {Act.ISSUE, Act.TRANSFER, Act.RESTORE}
)  # a resumed ticket keeps the moment at which it joined


@dataclass(frozen=True, slots=True)
class TicketEvent:
    """One step of a ticket.

    Attributes:
        number: Said at the first step of a ticket.
        business: Said where the step changes what the ticket is for; else empty.
        joined: Since when it counts as waiting, where that was before the step (taken at a kiosk without a connection).
    """

    ticket_id: int
    at: datetime
    act: Act
    line: str
    desk: str = ""
    number: str = ""
    business: str = ""
    joined: datetime | None = None


@dataclass(frozen=True, slots=True)
class DeskEvent:
    """One change of a desk, with all that is so after it."""

    desk: str
    at: datetime
    state: str
    staff_id: int | None
    staff_name: str
    lines: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Scene:
    """The hall at one moment of a past day; lines are without a predicted wait."""

    moment: datetime
    desks: list[DeskNow]
    lines: list[LineNow]
    figures: DayFigures


@dataclass(slots=True)
class _Ticket:
    state: State
    line: str
    number: str
    business: str
    queued_at: datetime
    desk: str = ""
    called_at: datetime | None = None
    arrived_at: datetime | None = None
    calls: int = 0


class PastDay:
    """A day that can be wound to any of its moments; forwards is cheap, backwards begins anew.

    Args:
        desks: The hall's desks, closed.
        lines: Its lines, empty.
        tickets: Steps of tickets in the order in which they were entered.
        changes: Changes of desks likewise; the last one of each desk from before the day comes first.
        means: Line -> usual service time in seconds.
    """

    def __init__(
        self,
        desks: Sequence[DeskNow],
        lines: Sequence[LineNow],
        tickets: Sequence[TicketEvent],
        changes: Sequence[DeskEvent],
        means: dict[str, int],
    ) -> None:
        self._plan = {desk.code: desk for desk in desks}
        self._lines, self._means = list(lines), means
        self._steps = _in_order(tickets, changes)
        self._moment = datetime.min.replace(tzinfo=UTC)
        self._rewind()

    def first_of(self, begins: datetime) -> datetime | None:
        """When the first thing happened after the beginning of the day; what came before only says how desks began."""
        return next((at for at, _ in self._steps if at >= begins), None)

    @property
    def last(self) -> datetime | None:
        """When the last thing happened."""
        return self._steps[-1][0] if self._steps else None

    def at(self, moment: datetime) -> Scene:
        """The hall at a moment: everything up to it, and at it, has happened."""
        if moment < self._moment:
            self._rewind()
        while self._next < len(self._steps) and self._steps[self._next][0] <= moment:
            event = self._steps[self._next][1]
            if isinstance(event, TicketEvent):
                self._step(event)
            else:
                self._change(event)
            self._next += 1
        self._moment = moment
        desks = self._desks_now()
        queued = [each.queued_at for each in self._tickets.values() if each.state is State.WAITING]
        return Scene(moment, desks, self._lines_now(), figures_of(moment, queued, desks, self._acts))

    def _desks_now(self) -> list[DeskNow]:
        standing = {
            ticket.desk: Standing(
                key, ticket.number, ticket.line, ticket.business, ticket.calls, ticket.called_at or self._moment,
                ticket.arrived_at,
            )
            for key, ticket in self._tickets.items()
            if ticket.state in AT_DESK
        }  # fmt: skip
        found = []
        for code in sorted(self._desks):
            ticket = standing.get(code)
            mean = self._means.get(ticket.line, 0) if ticket is not None else 0
            found.append(
                replace(self._desks[code], free_since=self._free.get(code), ticket=ticket, mean_seconds=mean)
            )
        return found

    def _lines_now(self) -> list[LineNow]:
        waiting: dict[str, list[datetime]] = {}
        for ticket in self._tickets.values():
            if ticket.state is State.WAITING:
                waiting.setdefault(ticket.line, []).append(ticket.queued_at)
        serving = Counter(
            code for desk in self._desks.values() if desk.state == "open" for code in desk.lines
        )
        trends = line_trends(self._past, self._moment, {code: len(each) for code, each in waiting.items()})
        recent = recent_counts(self._past, self._moment)
        return [
            replace(
                line, waiting=len(waiting.get(line.code, ())), oldest=min(waiting.get(line.code, ()), default=None),
                desks=serving[line.code], mean_seconds=self._means.get(line.code, 0),
                trend=trends.get(line.code, (0,) * TREND_POINTS), arrived=recent[line.code, Act.ISSUE],
                finished=recent[line.code, Act.FINISH],
            )
            for line in self._lines
        ]  # fmt: skip

    def _rewind(self) -> None:
        self._next = 0
        self._moment = datetime.min.replace(tzinfo=UTC)
        self._tickets: dict[int, _Ticket] = {}
        self._desks = dict(self._plan)
        self._free: dict[str, datetime] = {}
        self._acts: Counter[Act] = Counter()
        self._past: list[TicketEvent] = []

    def _step(self, event: TicketEvent) -> None:
        self._past.append(event)
        self._acts[event.act] += 1
        ticket = self._tickets.get(event.ticket_id)
        if ticket is None:
            ticket = self._tickets[event.ticket_id] = _Ticket(
                State.WAITING, event.line, event.number, event.business, event.at
            )  # of a ticket of another day the first that is seen may be any step
        ticket.state, ticket.line = LEAVES[event.act], event.line
        ticket.business = event.business or ticket.business
        if event.act in _JOINS:
            ticket.queued_at = event.joined or event.at
        if ticket.state is State.WAITING:
            ticket.desk, ticket.calls, ticket.called_at, ticket.arrived_at = "", 0, None, None
        if event.act in FREEING and event.desk:
            self._free[event.desk] = event.at
        if event.act is Act.CALL:
            ticket.desk, ticket.called_at, ticket.arrived_at = event.desk, event.at, None
        if event.act in (Act.CALL, Act.RECALL):
            ticket.calls += 1
        if event.act is Act.ARRIVE:
            ticket.arrived_at = event.at

    def _change(self, event: DeskEvent) -> None:
        before = self._desks.get(event.desk) or DeskNow(event.desk, "", "")
        if event.state == "closed":
            plan = DeskNow(before.code, before.zone, before.group)
            self._desks[event.desk] = replace(plan, since=event.at)
            return
        same = (before.state, before.staff_id, before.reason) == (event.state, event.staff_id, event.reason)
        self._desks[event.desk] = replace(
            before, state=event.state, staff_id=event.staff_id, staff_name=event.staff_name, lines=event.lines,
            reason=event.reason, since=before.since if same and before.since else event.at,
        )  # fmt: skip


def _in_order(
    tickets: Sequence[TicketEvent], changes: Sequence[DeskEvent]
) -> list[tuple[datetime, TicketEvent | DeskEvent]]:
    """All that happened, in the order of time; what has the same moment in the order in which it was entered."""
    steps: list[tuple[datetime, TicketEvent | DeskEvent]] = [(each.at, each) for each in changes]
    steps += [(each.at, each) for each in tickets]
    return sorted(steps, key=lambda step: step[0])


def line_trends(
    events: Sequence[TicketEvent], now: datetime, waiting: dict[str, int]
) -> dict[str, tuple[int, ...]]:
    """How many waited in each line at the last ten-minute marks, counted backwards from how many wait now.

    Args:
        events: At least the last hour's, in order; of a ticket whose first one here is a call it is taken that it waited.
        now: The last mark.
        waiting: Line -> how many wait now.
    """
    first = now - TREND_STEP * (TREND_POINTS - 1)
    states: dict[int, tuple[State, str]] = {}
    flows: Counter[tuple[str, int]] = (
        Counter()
    )  # (line, mark before which it happened) -> more people waiting
    for event in events:
        before = states.get(event.ticket_id)
        if before is None and event.act is Act.CALL:
            before = (State.WAITING, event.line)
        after = (LEAVES[event.act], event.line)
        states[event.ticket_id] = after
        if not first < event.at <= now:
            continue
        mark = -((event.at - first) // -TREND_STEP)
        if before is not None and before[0] is State.WAITING:
            flows[before[1], mark] -= 1
        if after[0] is State.WAITING:
            flows[after[1], mark] += 1
    found = {}
    for line in {*waiting, *(code for code, _ in flows)}:
        count, marks = waiting.get(line, 0), []
        for mark in range(TREND_POINTS - 1, -1, -1):
            marks.append(max(0, count))
            count -= flows[line, mark]
        found[line] = tuple(reversed(marks))
    return found


def recent_counts(events: Sequence[TicketEvent], now: datetime) -> Counter[tuple[str, Act]]:
    """How many tickets of each line were taken and finished in the last half hour."""
    since = now - RECENT
    return Counter(
        (event.line, event.act)
        for event in reversed(events)
        if event.at > since and event.act in (Act.ISSUE, Act.FINISH)
    )


def figures_of(
    now: datetime, queued: Iterable[datetime], desks: Iterable[DeskNow], acts: Counter[Act]
) -> DayFigures:
    """The numbers of the head strip.

    Args:
        now: The moment.
        queued: When each of those who wait joined.
        desks: All desks.
        acts: How often each act happened today.
    """
    waited = [(now - each).total_seconds() for each in queued]
    states = [desk.state for desk in desks]
    calls = acts[Act.CALL]
    return DayFigures(
        len(waited), int(sum(waited) / len(waited)) if waited else 0, int(max(waited, default=0)),
        sum(state == "open" for state in states), len(states), acts[Act.ISSUE], acts[Act.FINISH],
        (acts[Act.PASS] - acts[Act.UNDO_PASS]) / calls if calls else None,
    )  # fmt: skip
