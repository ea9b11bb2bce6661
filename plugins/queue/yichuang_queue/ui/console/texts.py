"""How the manager's page words moments, spans and desks."""

from __future__ import annotations

from datetime import datetime

from yichuang.api import HALL_ZONE, in_language
from yichuang_queue.rules.floor import KIND_NAMES, DeskNow, Kind
from yichuang_queue.words import words

_ = words.text
TONES = {
    Kind.SERVING: "green",
    Kind.OVER: "amber",
    Kind.CALLED: "teal",
    Kind.IDLE: "grey",
    Kind.PAUSED: "amber",
    Kind.AWAY: "red",
    Kind.CLOSED: "grey",
}


def clock(seconds: int) -> str:
    """A span as 03:40, from an hour on as 1:03:40."""
    minutes, rest = divmod(max(0, seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes:02d}:{rest:02d}"


def minutes(seconds: float | None) -> str:
    """A span in whole minutes, rounded up; a dash where it is not known."""
    return "—" if seconds is None else _("{n} min", n=-(-round(seconds) // 60))


def at(moment: datetime | None) -> str:
    """A moment as 14:25 in the hall; empty for none."""
    return f"{moment.astimezone(HALL_ZONE):%H:%M}" if moment is not None else ""


def kind_name(kind: Kind) -> str:
    """The word for what a desk does."""
    return in_language(KIND_NAMES[kind])


def middle(desk: DeskNow, kind: Kind, now: datetime) -> str:
    """What stands in the middle of a desk at which nobody stands."""
    if kind is Kind.CLOSED:
        return _("Not open")
    if kind is Kind.AWAY:
        return _("Away since {time}", time=at(desk.since))
    spent = clock(desk.seconds(now))
    if kind is Kind.PAUSED:
        return _("Break · {reason} {spent}", reason=desk.reason, spent=spent)
    return _("Idle {spent}", spent=spent)


def spoken(desk: DeskNow, kind: Kind, now: datetime) -> str:
    """A desk in one sentence, for screen readers and tool tips."""
    parts = [desk.code, desk.staff_name, kind_name(kind)]
    if desk.ticket is not None:
        parts += [desk.ticket.number, desk.ticket.business, clock(desk.seconds(now))]
    elif kind is not Kind.CLOSED:
        parts.append(middle(desk, kind, now))
    return " ".join(filter(None, parts))
