"""How cases, their materials and their events are written on the screens."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from yichuang.api import HALL_ZONE, in_language
from yichuang.api.ui import ListItem, Step, TagSpec
from yichuang_acceptance.operations.previews import TYPE_NAMES
from yichuang_acceptance.rules.machine import DECIDED, EVENT_NAMES, Event, State
from yichuang_acceptance.words import words

_ = words.text
MOST = 1000
"""As far as operations count."""
LIGHTS = {"normal": "on_time", "pending": "not_yet", "due_today": "warning", "double_red": "overdue"}
TONES = {"warning": "amber", "due_today": "amber", "overdue": "red", "double_red": "red"}
STATE_TONES = {
    State.REVIEW: "teal", State.CORRECTING: "amber", State.SUSPENDED: "amber", State.GRANTED: "green",
    State.MAKING: "green", State.READY: "green", State.REFUSED: "red", State.NOT_ACCEPTED: "red", State.TERMINATED: "red",
    State.RETURNED: "red",
}  # fmt: skip
GIVEN_LIGHTS = {
    "paper": "done",
    "licence": "done",
    "tolerated": "warning",
    "not_given": "not_yet",
    "promised": "done",
}


def light_of(row: Any) -> str:
    """The light of a case in the words of the widgets."""
    return LIGHTS.get(row.light, str(row.light))


def case_item(row: Any) -> ListItem:
    """A case as the two-line lists show it; with the node whose limit its time left is."""
    more = row.node if row.sent is None else _("{n} days at {organ}", organ=row.sent.organ, n=row.sent.days)
    second = f"{row.applicant}　{more}" if more else row.applicant
    return ListItem(
        str(row.id), row.item_name, second, right=row.time_left, right_second=row.short_no,
        state=light_of(row), tone=TONES.get(row.light, ""),
    )  # fmt: skip


def count_text(number: int) -> int | str:
    """A count beside a tab or at the foot of a list; operations count no further than 1,000."""
    return "1,000+" if number >= MOST else number


def state_tag(row: Any) -> TagSpec:
    """The state of a case as a tag."""
    return TagSpec(row.state_name, STATE_TONES.get(State(row.state), "grey"))


def kind_tag(kind: str) -> TagSpec | None:
    """即办件, 承诺件 or 一件事; nothing where it was not entered."""
    if kind == "instant":
        return TagSpec(_("immediate item"), "green")
    if kind == "matter":
        return TagSpec(_("one matter at once"), "teal")
    return TagSpec(_("committed item"), "grey") if kind == "committed" else None


def type_tag(item_type: str) -> TagSpec | None:
    """行政许可, 公共服务, and so on."""
    return TagSpec(TYPE_NAMES[item_type], "grey") if item_type in TYPE_NAMES else None


def given_text(given: str) -> str:
    """How a material stands, in words."""
    return {
        "paper": _("handed in"),
        "licence": _("no need to submit"),
        "tolerated": _("promised for later"),
        "not_given": _("not handed in"),
        "promised": _("promised to be so"),
    }[given]


def sheets_text(originals: int, copies: int) -> str:
    """原 1 复 2; empty where nothing was counted."""
    parts = [_("orig. {n}", n=originals) if originals else "", _("copy {n}", n=copies) if copies else ""]
    return " ".join(part for part in parts if part)


def month_day(moment: date | datetime | None) -> str:
    """3月24日, in the hall's time."""
    if moment is None:
        return ""
    day = moment.astimezone(HALL_ZONE) if isinstance(moment, datetime) else moment
    return _("{month}/{day}", month=day.month, day=day.day)


def stamp(moment: datetime | None) -> str:
    """03-24 09:15, in the hall's time."""
    return "" if moment is None else f"{moment.astimezone(HALL_ZONE):%m-%d %H:%M}"


def clock(moment: datetime | None) -> str:
    """14:25, in the hall's time."""
    return "" if moment is None else f"{moment.astimezone(HALL_ZONE):%H:%M}"


def day(moment: datetime | None) -> str:
    """2026-03-24, in the hall's time."""
    return "" if moment is None else f"{moment.astimezone(HALL_ZONE):%Y-%m-%d}"


def grouped(case_no: str) -> str:
    """A case number as it is read out: region, day, serial with check digit."""
    return f"{case_no[:6]} {case_no[6:12]} {case_no[12:]}"


# They happen with the event before and say nothing more, or the node of the review says it.
SILENT = frozenset(
    {
        Event.DISPATCH,
        Event.MAKE,
        Event.CLAIM,
        Event.ASSIGN,
        Event.TRANSFER,
        Event.CONSULT,
        Event.OPINION,
        Event.SILENCE,
    }
)


def pause_text(pause: Any) -> str:
    """A suspension in words: its kind, since when, until when it is planned."""
    until = (
        _("until {day} as planned", day=month_day(pause.planned_end))
        if pause.planned_end
        else _("no planned end")
    )
    return f"{pause.kind_name}　{_('since {day}', day=month_day(pause.began_at))}　{until}"


def steps_of(case: Any, nodes: Sequence[Any] = ()) -> list[Step]:
    """What happened to a case, its pauses among it, and what is still to come; `nodes` of its review, if it has one."""
    pauses = iter(case.pauses)
    done = [
        (e.at, _done(e, next(pauses, None) if e.event == Event.SUSPEND else None))
        for e in case.events
        if e.event not in SILENT
    ]
    done += [(n.done_at, _node_done(n)) for n in nodes if n.done_at is not None and n.kind != "decide"]
    ahead = [_node_ahead(n) for state in ("open", "ahead") for n in nodes if n.state == state]
    inside = case.row.state == State.REVIEW and bool(nodes)
    return [step for _at, step in sorted(done, key=lambda each: each[0])] + (
        ahead + _ahead(case)[1:] if inside else _ahead(case)
    )


def _node_done(node: Any) -> Step:
    """A node of the review that is behind: who, when, how long it took."""
    who = node.staff or _("by law")
    if node.instead_of:
        who = _("{name} for {absent}", name=node.staff, absent=node.instead_of)
    said = {
        "refuse": _("advised to refuse"), "silent": _("no answer: consent"), "return": _("returned"),
    }.get(node.outcome, "")  # fmt: skip
    return Step(
        node.name,
        who,
        stamp(node.done_at),
        said or took_text(node.took),
        state="done",
        tone="amber" if said else "",
    )


def forwarded_text(case: Any) -> str:
    """Where a case was sent up to, and what was decided there; empty for one that is decided here."""
    sent = case.forwarded
    if sent is None:
        return ""
    if sent.decided_on is None:
        return _(
            "sent up to {organ} on {day}, {number}", organ=sent.organ, day=sent.sent_on, number=sent.number
        )
    return _(
        "decided by {organ} on {day}, {number}",
        organ=sent.organ,
        day=sent.decided_on,
        number=sent.decision_number,
    )


def renewal_text(case: Any) -> str:
    """By when a renewal has to be decided, while it is not; empty for every other case."""
    if case.renewal_due_at is None or case.row.state not in (State.REVIEW, State.SUSPENDED):
        return ""
    return _("licence ends {day}", day=month_day(case.renewal_due_at))


def took_text(days: Decimal | None) -> str:
    """How long something took, in working days."""
    if days is None:
        return ""
    return _("took {n} days", n=f"{days.normalize():f}") if days else _("at once")


def spent_text(case: Any) -> str:
    """How much of its limit a case has used: 已用 4.2 / 5 天."""
    if case.spent is None or case.limit is None:
        return ""
    numbers = {"spent": f"{case.spent.normalize():f}", "limit": f"{case.limit.amount.normalize():f}"}
    if case.limit.unit == "H":
        return _("{spent} of {limit} hours used", **numbers)
    return _("{spent} of {limit} days used", **numbers)


def _node_ahead(node: Any) -> Step:
    """A node of the review that is being worked on, or comes later."""
    if node.state != "open":
        return Step(node.name, state="not_yet")
    until = _("by {when}", when=stamp(node.due_at)) if node.due_at else ""
    return Step(node.name, node.staff, until, state="current", tone=TONES.get(node.light, ""))


def _done(event: Any, pause: Any) -> Step:
    who = f"{event.staff} {event.desk}".strip() or _("by law")
    name = in_language(EVENT_NAMES[Event(event.event)])
    if pause is None:
        return Step(name, who, stamp(event.at), state="done")
    if pause.ended_at is None:
        return Step(
            _("{kind}: clocks stopped", kind=pause.kind_name),
            who,
            stamp(event.at),
            state="paused",
            tone="amber",
        )
    return Step(
        _("{kind}: clocks stopped", kind=pause.kind_name),
        who,
        stamp(event.at),
        days_text(pause),
        state="done",
    )


def days_text(pause: Any) -> str:
    """How many days a pause that has ended lasted."""
    days = (pause.ended_at.astimezone(HALL_ZONE).date() - pause.began_at.astimezone(HALL_ZONE).date()).days
    return _("{n} days", n=days)


def _ahead(case: Any) -> list[Step]:
    state, row = State(case.row.state), case.row
    steps: list[Step] = []
    if state is State.SUSPENDED:
        pause = case.pauses[-1]
        until = _("until {day} as planned", day=month_day(pause.planned_end)) if pause.planned_end else ""
        steps.append(Step(_("End of the special procedure"), "", until, state="current"))
    if state is State.REVIEW:
        tone = TONES.get(row.light, "")
        until = _("by {when}", when=stamp(row.due_at)) if row.due_at else ""
        steps.append(Step(_("Decision"), "", until, state="current", tone=tone))
    if state in (State.REVIEW, State.GRANTED, State.MAKING):
        steps.append(
            Step(_("Sealing and making the result"), state="not_yet" if state is State.REVIEW else "current")
        )
    if state is State.REVIEW or (state in DECIDED and state is not State.DELIVERED):
        waits = state in (State.READY, State.REFUSED)
        steps.append(Step(_("Delivery"), state="current" if waits else "not_yet"))
    return steps
