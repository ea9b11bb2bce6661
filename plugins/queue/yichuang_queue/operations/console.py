"""What the queue manager's page shows, in one snapshot: desks, lines, figures, alarms, the suggestion, the day's curve."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from yichuang.api import (
    HALL_ZONE,
    Read,
    Request,
    bindparam,
    case,
    func,
    hall,
    or_,
    prepare,
    query,
    select,
)
from yichuang_queue import tables as t
from yichuang_queue.operations.advice import Loan, standing
from yichuang_queue.operations.estimates import in_seconds, waits
from yichuang_queue.operations.messages import Message, recent_messages
from yichuang_queue.rules import alarms, balance
from yichuang_queue.rules.floor import DayFigures, DeskNow, LineNow, Standing
from yichuang_queue.rules.forecast import Forecast, forecast
from yichuang_queue.rules.past_day import (
    TREND_POINTS,
    TREND_STEP,
    TicketEvent,
    figures_of,
    line_trends,
    recent_counts,
)
from yichuang_queue.rules.tickets import Act

MOST_DESKS = 1000
HISTORY_WEEKS = 8
REST_MINUTES = 15
"""A desk that was moved is not moved again for so long."""
OPENS = time(8, 0)
HALF_HOURS = 20
"""The curve runs from 8:00 to 18:00; what lies outside is counted into its first and last half hour."""
_c, _e, _d = t.ticket.c, t.event.c, t.desk.c
_DESKS = prepare(
    select(
        hall.desk.c.code, hall.desk.c.zone, hall.desk.c.business, _d.state, _d.staff_id, _d.staff_name, _d.lines,
        _d.reason, _d.since,
    )
    .select_from(hall.desk.outerjoin(t.desk, _d.code == hall.desk.c.code))
    .where(or_(hall.desk.c.kind != "back_office", _d.state != "closed"))
    .order_by(hall.desk.c.code)
    .limit(MOST_DESKS)
)  # fmt: skip
_STANDING = prepare(
    select(_c.id, _c.number, _c.line, _c.business, _c.calls, _c.called_at, _c.arrived_at, _c.desk)
    .where(t.at_desk)
    .limit(MOST_DESKS)
)
_WAITING = prepare(select(_c.line, _c.queued_at).where(_c.day == bindparam("day"), _c.state == "waiting"))
_RECENT = prepare(
    select(_e.ticket_id, _e.at, _e.act, _e.line).where(_e.at > bindparam("since")).order_by(_e.id)
)
_FREED = prepare(
    select(_e.desk, func.max(_e.at).label("at"))
    .where(
        _e.at >= bindparam("begins"),
        or_(_e.act == "finish", _e.act == "pass", _e.act == "hold", _e.act == "transfer"),
    )
    .group_by(_e.desk)
)
_ACTS = prepare(select(_e.act, func.count().label("n")).where(_e.at >= bindparam("begins")).group_by(_e.act))
_MOVED = prepare(
    select(t.desk_event.c.desk, t.desk_event.c.at).where(
        t.desk_event.c.at > bindparam("since"), t.desk_event.c.state == "open"
    )
)
_ZONES = prepare(select(hall.zone.c.code, hall.zone.c.name).order_by(hall.zone.c.code).limit(200))
_SKILLS = prepare(select(t.skill.c.staff_id, t.skill.c.lines).limit(5000))


def _half_hours(moment: Any, where: Any) -> Any:
    """Counts by half hour; the bounds are the parameters b1 to b19."""
    bounds = [(moment >= bindparam(f"b{slot}"), slot) for slot in range(HALF_HOURS - 1, 0, -1)]
    slots = select(case(*bounds, else_=0).label("slot")).where(where).subquery()
    return select(slots.c.slot, func.count().label("n")).group_by(slots.c.slot)


_TAKEN = prepare(_half_hours(_c.issued_at, _c.day == bindparam("day")))
_FINISHED = prepare(
    _half_hours(_e.at, (_e.act == "finish") & (_e.at >= bindparam("begins")) & (_e.at < bindparam("ends")))
)


class AskConsole(Request):
    """Whether the forecast is wanted too: it changes slowly and asks about eight earlier days."""

    forecast: bool = False


@dataclass(frozen=True)
class Curve:
    """Tickets taken and services finished in every half hour from 8:00 on; there are 20.

    Attributes:
        labels: When each half hour begins.
        now: How many of them are over; those behind are still empty.
        position: The moment, in half hours since 8:00.
        taken_lately, finished_lately: Of the last 30 minutes.
    """

    labels: list[str]
    taken: list[int]
    finished: list[int]
    now: int
    position: float
    taken_lately: int
    finished_lately: int


@dataclass(frozen=True)
class Console:
    """The hall at this moment.

    Attributes:
        calls: Calls for help that stand open, notices and broadcasts of today, newest first.
        advice: The move that would help most.
        loans: Desks lent to lines.
        skills: Staff id -> lines; who is not in it serves every line.
        zones: Code to name of every zone.
        forecast: None where it was not asked for, and where there is no history.
        away_minutes: A pause of so many minutes counts as away.
    """

    now: datetime
    desks: list[DeskNow]
    lines: list[LineNow]
    figures: DayFigures
    alarms: list[alarms.Alarm]
    advice: balance.Suggestion | None
    loans: list[Loan]
    messages: list[Message]
    skills: dict[int, list[str]]
    zones: dict[str, str]
    curve: Curve
    forecast: Forecast | None
    away_minutes: int


@query("queue.console", permission="queue.balance", title="The hall now")
def console(read: Read, request: AskConsole) -> Console:
    """Everything that the manager's page shows about the present."""
    begins = day_begins(read.today)
    estimated = waits(read)
    means = {line.code: round(mean) for line, _, mean, _ in estimated}
    desks = _desks(read, begins, means)
    queued = read.all(_WAITING, day=read.today)
    lines = _lines(read, estimated, queued)
    acts = Counter({Act(row.act): row.n for row in read.all(_ACTS, begins=begins)})
    skills = {row.staff_id: row.lines for row in read.all(_SKILLS) if row.lines}
    messages = recent_messages(read)
    limits = thresholds(read)
    loans, ignored = standing(read)
    curve = _curve(read, lines)
    return Console(
        read.now, desks, lines, figures_of(read.now, [row.queued_at for row in queued], desks, acts),
        alarms.find(desks, lines, _help_calls(messages), skills, read.now, limits),
        _advice(read, desks, lines, skills, loans, ignored), list(loans), messages, skills,
        {row.code: row.name for row in read.all(_ZONES)}, curve,
        _forecast(read, curve) if request.forecast else None, limits.pause_minutes,
    )  # fmt: skip


def day_begins(day: date) -> datetime:
    """Midnight in the hall."""
    return datetime.combine(day, time(), HALL_ZONE)


def thresholds(read: Read) -> alarms.Limits:
    """When something becomes an alarm, as the hall has set it."""
    usual = alarms.Limits()
    return alarms.Limits(
        int(read.setting("queue.alarm_line", usual.line_length)),
        int(read.setting("queue.alarm_idle", usual.idle_minutes)),
        float(read.setting("queue.alarm_service", usual.service_factor)),
        int(read.setting("queue.alarm_pause", usual.pause_minutes)),
    )


def hall_desks(read: Read) -> list[DeskNow]:
    """The desks that call, as they are signed in to now, without their tickets."""
    found = []
    for row in read.all(_DESKS):
        desk = DeskNow(row.code, row.zone, row.business, since=row.since)
        if row.state not in (None, "closed"):
            desk = replace(
                desk, state=row.state, staff_id=row.staff_id, staff_name=row.staff_name, lines=tuple(row.lines),
                reason=row.reason,
            )  # fmt: skip
        found.append(desk)
    return found


def _desks(read: Read, begins: datetime, means: dict[str, int]) -> list[DeskNow]:
    standing_ = {
        row.desk: Standing(
            row.id, row.number, row.line, row.business, row.calls, row.called_at, row.arrived_at
        )
        for row in read.all(_STANDING)
    }
    freed = {row.desk: row.at for row in read.all(_FREED, begins=begins)}
    found = []
    for desk in hall_desks(read):
        ticket = standing_.get(desk.code)
        mean = means.get(ticket.line, 0) if ticket is not None else 0
        found.append(replace(desk, free_since=freed.get(desk.code), ticket=ticket, mean_seconds=mean))
    return found


def _lines(read: Read, estimated: Sequence[Any], queued: Sequence[Any]) -> list[LineNow]:
    waiting: dict[str, list[datetime]] = {}
    for row in queued:
        waiting.setdefault(row.line, []).append(row.queued_at)
    since = read.now - TREND_STEP * (TREND_POINTS - 1)
    events = [
        TicketEvent(row.ticket_id, row.at, Act(row.act), row.line) for row in read.all(_RECENT, since=since)
    ]
    trends = line_trends(events, read.now, {code: len(each) for code, each in waiting.items()})
    recent = recent_counts(events, read.now)
    return [
        LineNow(
            line.code, line.name, line.zone, line.target_minutes, len(waiting.get(line.code, ())),
            min(waiting.get(line.code, ()), default=None), desks, round(mean), *in_seconds(wait),
            trends.get(line.code, (0,) * TREND_POINTS), recent[line.code, Act.ISSUE], recent[line.code, Act.FINISH],
        )
        for line, desks, mean, wait in estimated
    ]  # fmt: skip


def _help_calls(messages: Sequence[Message]) -> list[alarms.HelpCall]:
    return [
        alarms.HelpCall(each.id, each.desk, each.text, each.at)
        for each in messages
        if each.kind == "emergency" and each.answered_at is None
    ]


def _advice(
    read: Read,
    desks: Sequence[DeskNow],
    lines: Sequence[LineNow],
    skills: dict[int, list[str]],
    loans: Sequence[Loan],
    ignored: frozenset[str],
) -> balance.Suggestion | None:
    """The suggestion of the moment; desks that were moved lately or are lent stay where they are."""
    rest = timedelta(minutes=REST_MINUTES)
    since = {desk.code: desk.since for desk in desks}
    # A change of lines does not begin the desk's state anew: an event behind its beginning is one.
    resting = {
        row.desk
        for row in read.all(_MOVED, since=read.now - rest)
        if (begun := since.get(row.desk)) is not None and row.at > begun
    }
    resting |= {code for loan in loans for code in loan.desks}
    loads = [
        balance.LineLoad(
            line.code, line.waiting, max(1.0, line.mean_seconds), line.predicted_seconds, line.target_minutes * 60.0
        )
        for line in lines
    ]  # fmt: skip
    able = [
        balance.DeskLoad(
            desk.code, desk.lines, _can(skills, desk), desk.ticket is None, settled=desk.code not in resting
        )
        for desk in desks
        if desk.state == "open"
    ]
    most = int(read.setting("queue.advice_desks", balance.Limits().desks))
    return balance.suggest(loads, able, balance.Limits(desks=most), ignored)


def _can(skills: dict[int, list[str]], desk: DeskNow) -> frozenset[str] | None:
    can = skills.get(desk.staff_id or 0)
    return None if can is None else frozenset(can)


def _bounds(day: date) -> dict[str, datetime]:
    opens = datetime.combine(day, OPENS, HALL_ZONE)
    return {f"b{slot}": opens + timedelta(minutes=30 * slot) for slot in range(1, HALF_HOURS)}


def _curve(read: Read, lines: Sequence[LineNow]) -> Curve:
    day = read.today
    bounds = _bounds(day)
    begins = day_begins(day)
    taken = _slots(read.all(_TAKEN, day=day, **bounds))
    finished = _slots(read.all(_FINISHED, begins=begins, ends=begins + timedelta(days=1), **bounds))
    opens = datetime.combine(day, OPENS, HALL_ZONE)
    begin = [opens + timedelta(minutes=30 * slot) for slot in range(HALF_HOURS)]
    labels = [f"{each.hour}:{each:%M}" for each in begin]
    position = min(float(HALF_HOURS), max(0.0, (read.now - opens) / timedelta(minutes=30)))
    return Curve(
        labels, taken, finished, int(position), position, sum(line.arrived for line in lines),
        sum(line.finished for line in lines),
    )  # fmt: skip


def _slots(rows: Sequence[Any]) -> list[int]:
    counts = {row.slot: row.n for row in rows}
    return [counts.get(slot, 0) for slot in range(HALF_HOURS)]


def _forecast(read: Read, curve: Curve) -> Forecast | None:
    """From the eight last days of the same weekday."""
    days = [read.today - timedelta(weeks=week) for week in range(1, HISTORY_WEEKS + 1)]
    history = [_slots(read.all(_TAKEN, day=day, **_bounds(day))) for day in days]
    return forecast(history, curve.taken[: curve.now])
