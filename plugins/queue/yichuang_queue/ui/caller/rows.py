"""The rows of the caller's three lists (waiting, on hold, passed), made from the desk's view; no window."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from yichuang.api import HALL_ZONE, in_language
from yichuang_queue.rules.tickets import PRIORITY_NAMES, REENTRY_NAMES, PassRule, Priority, Reentry
from yichuang_queue.words import words

_ = words.text
MINUTE = 60
ICONS = {
    Priority.ELDERLY: "accessibility",
    Priority.DISABLED: "accessibility",
    Priority.SOLDIER: "shield",
    Priority.PREGNANT: "baby",
}


@dataclass(frozen=True, slots=True)
class Row:
    """A ticket in a list.

    Attributes:
        mark, icon, tone: Why it is special: priority (amber), appointment or directed here (teal).
        right: At the right end: how long it waits, when it was passed.
        late: Longer than its line promises.
        tip: The whole of it, for the tooltip and the screen reader.
    """

    id: int
    number: str
    business: str
    mark: str
    icon: str
    tone: str
    right: str
    late: bool
    tip: str


def waiting_rows(view: Any, targets: Mapping[str, int], now: datetime) -> list[Row]:
    """Who waits, in the order of the view.

    Args:
        view: The desk's view.
        targets: Code of a line to the minutes that it promises.
        now: For how long they have waited.
    """
    return [_waiting(ticket, targets, now) for ticket in view.waiting]


def _waiting(ticket: Any, targets: Mapping[str, int], now: datetime) -> Row:
    minutes = minutes_since(ticket.queued_at, now)
    mark, icon, tone = _mark(ticket)
    right = _("{n} min", n=minutes)
    if ticket.due_at is not None:
        right = _("booked {time}", time=wall_time(ticket.due_at))
    late = minutes > targets.get(ticket.line, 24 * 60)
    tip = " ".join(filter(None, (ticket.number, ticket.business, mark, _("waits {n} min", n=minutes))))
    return Row(ticket.id, ticket.number, ticket.business, mark, icon, tone, right, late, tip)


def _mark(ticket: Any) -> tuple[str, str, str]:
    priority = Priority(ticket.priority)
    if priority is not Priority.NONE:
        return in_language(PRIORITY_NAMES[priority]), ICONS[priority], "amb"
    if ticket.for_desk or ticket.for_staff is not None:
        return _("for you"), "corner-down-right", "acct"
    if ticket.due_at is not None:
        return _("appointment"), "calendar-check", "acct"
    return "", "", ""


def held_rows(view: Any) -> list[Row]:
    """Who is on hold at this desk, with the reason."""
    return [
        Row(t.id, t.number, t.business, "", "", "", t.hold_reason, False, f"{t.number} {t.business} {t.hold_reason}")
        for t in view.held
    ]  # fmt: skip


def passed_rows(view: Any, rules: Mapping[str, PassRule], now: datetime) -> list[Row]:
    """Whose number was passed, and where the line's rule lets them in again."""
    return [_passed(ticket, rules.get(ticket.line, PassRule()), now) for ticket in view.passed]


def _passed(ticket: Any, rule: PassRule, now: datetime) -> Row:
    passed = ticket.ended_at or now
    back = reentry_text(rule) if rule.may_return(passed, now) else _("too late")
    at = wall_time(passed)
    tip = " ".join((ticket.number, ticket.business, _("passed {time}", time=at), back))
    return Row(
        ticket.id, ticket.number, ticket.business, back, "undo-2" if rule.may_return(passed, now) else "ban", "t3", at,
        False, tip,
    )  # fmt: skip


def reentry_text(rule: PassRule) -> str:
    """Where somebody who comes back stands."""
    if rule.reentry is Reentry.AFTER:
        return _("behind {n} others", n=rule.after)
    return in_language(REENTRY_NAMES[rule.reentry])


def wall_time(moment: datetime) -> str:
    """Hour and minute on the hall's wall."""
    return f"{moment.astimezone(HALL_ZONE):%H:%M}"


def minutes_since(moment: datetime, now: datetime) -> int:
    """Whole minutes, never below 0."""
    return max(0, int((now - moment).total_seconds()) // MINUTE)


def clock_text(seconds: int) -> str:
    """Minutes and seconds, such as 06:12; hours before them from an hour on."""
    hours, rest = divmod(max(0, seconds), 3600)
    text = f"{rest // MINUTE:02d}:{rest % MINUTE:02d}"
    return f"{hours}:{text}" if hours else text
