"""How the licence page says things: the state of a licence, its term, what a use came to, moments of the hall's day."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from yichuang.api import HALL_ZONE
from yichuang.api.ui import PageContext, TagSpec
from yichuang_licence.operations.lookup import HOLDER_CODE, HOLDER_NAME
from yichuang_licence.rules import STATUS_NAMES, VALIDITY_NAMES, Status, Validity
from yichuang_licence.words import words

_ = words.text
_LOOKS = {
    Validity.VALID: ("green", "on_time"),
    Validity.EXPIRING: ("amber", "warning"),
    Validity.NOT_YET: ("amber", "not_yet"),
    Validity.SUSPENDED: ("amber", "paused"),
    Validity.EXPIRED: ("red", "overdue"),
    Validity.CANCELLED: ("red", "overdue"),
    Validity.REVOKED: ("red", "overdue"),
    Validity.ANNULLED: ("red", "overdue"),
    Validity.REPLACED: ("grey", "not_yet"),
}


def today_of(context: PageContext) -> date:
    """The hall's day."""
    return context.now().astimezone(HALL_ZONE).date()


def day_time(moment: datetime) -> str:
    """A moment in full."""
    return f"{moment.astimezone(HALL_ZONE):%Y-%m-%d %H:%M}"


def short_time(moment: datetime, today: date) -> str:
    """A moment as short as it can be told: the time today, the day with it before."""
    local = moment.astimezone(HALL_ZONE)
    if local.date() == today:
        return f"{local:%H:%M}"
    return f"{local:%m-%d %H:%M}" if local.year == today.year else f"{local:%Y-%m-%d}"


def state_tag(row: Any, today: date) -> TagSpec:
    """The state of a licence as its card shows it. What this version does not know is unknown and never invalid."""
    try:
        state = Validity(row.validity)
    except ValueError:
        return TagSpec(_("State unknown"), "grey", "light:not_yet")
    tone, light = _LOOKS[state]
    text = str(VALIDITY_NAMES[state])
    if state is Validity.EXPIRING and row.valid_to is not None:
        left = (row.valid_to - today).days
        text = _("ends in {n} days", n=left) if left > 0 else _("ends today")
    return TagSpec(text, tone, f"light:{light}")


def term(row: Any) -> str:
    """How long a licence runs, or since when it does not any more."""
    if row.changed_on is not None:
        return _("{state} on {day}", state=STATUS_NAMES[Status(row.status)], day=row.changed_on.isoformat())
    return _("until {day}", day=row.valid_to.isoformat()) if row.valid_to else _("no end")


def whole_term(row: Any) -> str:
    """The first and the last day of a licence as it was issued."""
    start = row.valid_from.isoformat()
    if row.valid_to is None:
        return _("from {day}, no end", day=start)
    return _("{start} to {end}", start=start, end=row.valid_to.isoformat())


def months_text(months: int | None) -> str:
    """The usual term of a licence type."""
    if not months:
        return _("no end")
    return _("{n} years", n=months // 12) if months % 12 == 0 else _("{n} months", n=months)


def field_label(key: str) -> str:
    """A field of a licence as people call it; the two that every licence has are kept under code names."""
    return {HOLDER_NAME: _("Holder"), HOLDER_CODE: _("Identity number of the holder")}.get(key, key)


def result_text(use: Any) -> str:
    """What a use came to, in words."""
    if use.act == "search":
        return _("{n} licences", n=use.result) if use.name else _("nothing found")
    if use.act == "view":
        return {"ok": _("passed"), "fail": _("not passed"), "unknown": _("not complete")}.get(use.result, "")
    if use.act == "reveal":
        return field_label(use.result)
    if use.act == "change" and use.result in STATUS_NAMES:
        return str(STATUS_NAMES[Status(use.result)])
    return ""
