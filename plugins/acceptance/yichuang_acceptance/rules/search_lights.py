"""The lights of cases as conditions of a database: `rules.lights` said once more, for a whole column at a time."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any, Literal

from yichuang.api import HALL_ZONE
from yichuang_acceptance.rules.lights import light, shown_due
from yichuang_acceptance.rules.machine import State

LightName = Literal["normal", "warning", "due_today", "overdue", "double_red", "paused", "pending", "done"]
_EARLY = datetime(2000, 1, 1, tzinfo=HALL_ZONE)
_PROMISE, _LEGAL, _TELLING = (_EARLY + timedelta(days=n) for n in range(3))


def light_conditions(c: Any, wanted: LightName, now: datetime) -> list[Any]:
    """Conditions of which one is enough, on columns named as those of a case; each names its state first."""
    found = []
    for state in State:
        due_names = _due_names(state)
        if not due_names:
            if _light_without_due(state) == wanted:
                found.append(c.state == state)
            continue
        # Where the promise counts, the law's limit counts only when nothing was promised.
        unset: list[Any] = []
        for name in due_names:
            due = getattr(c, name)
            condition = _running(c, due, wanted, now)
            if condition is not None:
                found.append((c.state == state) & _all([*unset, due.is_not(None)]) & condition)
            unset.append(due.is_(None))
        if _light_without_due(state) == wanted:
            found.append((c.state == state) & _all(unset))
    return found


def _light_without_due(state: State) -> str:
    return light(state, _EARLY, None, None)


def _due_names(state: State) -> tuple[str, ...]:
    """Which moments the light of a state looks at, the first that is there."""
    if light(state, _EARLY, None, _EARLY) in ("done", "paused"):
        return ()
    names = {_PROMISE: "promise_due_at", _LEGAL: "legal_due_at", _TELLING: "telling_due_at"}
    first = shown_due(state, _PROMISE, _LEGAL, _TELLING)
    second = shown_due(state, None, _LEGAL, _TELLING)
    return tuple(names[due] for due in dict.fromkeys((first, second)) if due is not None)


def _running(c: Any, due: Any, wanted: LightName, now: datetime) -> Any:
    """The condition of a light of a running clock; None for the others."""
    if wanted == "double_red":
        return c.alarm_at < now
    calm = c.alarm_at.is_(None) | (c.alarm_at >= now)
    found = running_light(due, c.warn_at, wanted, now)
    return None if found is None else found & calm


def running_light(due: Any, warn: Any, wanted: str, now: datetime) -> Any:
    """The condition of a light by the end of a clock and the moment from which it warns; None for the others."""
    local = now.astimezone(HALL_ZONE)
    tomorrow = datetime.combine(local.date() + timedelta(days=1), time(), HALL_ZONE)
    return {
        "overdue": due < now,
        "due_today": (due >= now) & (due < tomorrow),
        "warning": (due >= tomorrow) & (warn <= now),
        "normal": (due >= tomorrow) & (warn.is_(None) | (warn > now)),
    }.get(wanted)


def _all(conditions: list[Any]) -> Any:
    first, *others = conditions
    for other in others:
        first = first & other
    return first
