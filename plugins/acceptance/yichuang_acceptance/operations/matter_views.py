"""What the windows show of matters (一件事): lists, one matter with its items, the line that names a case's matter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

from pydantic import Field

from yichuang.api import Read, Request, and_, func, hall, identifiers, not_, or_, query, select
from yichuang_acceptance import matter_tables as mt
from yichuang_acceptance import tables as t
from yichuang_acceptance.operations import cases, matter_life
from yichuang_acceptance.operations.clocks import days_of
from yichuang_acceptance.operations.containing import containing
from yichuang_acceptance.operations.intake import OneCase
from yichuang_acceptance.operations.papers import PaperRow, paper_row
from yichuang_acceptance.rules import matter_graph as rules
from yichuang_acceptance.rules.clocks import Limit, warn_moment
from yichuang_acceptance.rules.lights import light, shown_due, time_left, used_share
from yichuang_acceptance.rules.machine import State, state_name
from yichuang_acceptance.rules.matter_graph import MatterState, Part, Standing
from yichuang_acceptance.rules.matter_ones import ONES, ones
from yichuang_acceptance.words import words

L = words.lazy
LABELS = "acceptance.matter_ones"
STOP_THEMES = "acceptance.stop_themes"
STATE_NAMES = {
    MatterState.RECEIVED: L("received"),
    MatterState.ACCEPTED: L("accepted"),
    MatterState.REVIEW: L("under review"),
    MatterState.READY: L("ready for one pick-up"),
    MatterState.DONE: L("finished"),
}
STANDING_NAMES = {
    Standing.WAITING: L("waits"),
    Standing.OPEN: L("to be done elsewhere"),
    Standing.DONE: L("done"),
    Standing.ENDED: L("ended"),
}
"""Of a step of another body; an item has the state of its case."""
_m = mt.matter.c


@dataclass(frozen=True)
class MatterRow:
    """A matter as lists show it; names masked.

    Attributes:
        done: How many of its `parts` are decided or have ended.
        asked: The clerk has to say what becomes of the rest.
        listed_by: The moment that its place in a list comes from.
    """

    id: int
    case_no: str
    short_no: str
    name: str
    lead_name: str
    applicant: str
    state: str
    state_name: str
    light: str
    time_left: str
    used: float
    due_at: datetime | None
    received_at: datetime
    parts: int
    done: int
    asked: bool
    listed_by: datetime | None


class AskMatters(Request):
    """A list of matters: open ones, those ready for one pick-up, or finished ones; at the window's own or every one seen.

    Attributes:
        after_id, after_due, after_asked: Of the last row of the page before: its id, its `listed_by` and its `asked`.
    """

    tab: Literal["open", "ready", "done"] = "open"
    text: str = Field("", max_length=60)
    after_id: int | None = None
    after_due: datetime | None = None
    after_asked: bool = False
    limit: int = Field(200, ge=1, le=1000)


@query("acceptance.matters", permission="acceptance.view", title="Matters at once")
def matters(read: Read, request: AskMatters) -> list[MatterRow]:
    """Matters that the actor took in, leads, or may see as hall-wide staff; those with a question first, then by due moment."""
    conditions = [*condition_of(request.tab), *visible(read)]
    conditions += containing(request.text, _m.case_no, _m.name, _m.applicant_name)
    rows = (_last_done if request.tab == "done" else _first_asked)(read, request, conditions)
    parts = _parts_of_all(read, [row.id for row in rows])
    return [_row(read, row, parts.get(row.id, [])) for row in rows]


def condition_of(tab: str) -> list[Any]:
    """Which matters a list holds."""
    states: dict[str, list[MatterState]] = {
        "open": [state for state in MatterState if state is not MatterState.DONE],
        "ready": [MatterState.READY],
    }
    return [_m.state.in_(states.get(tab, [MatterState.DONE]))]


def _first_asked(read: Read, request: AskMatters, conditions: list[Any]) -> list[Any]:
    """Those with a question, then the others; each by due moment, those without one last."""
    asked, due = _m.id.in_(select(mt.part.c.matter_id).where(mt.part.c.answer == "asked")), _m.promise_due_at
    rows: list[Any] = []
    first = request.after_id is None
    for group in (True, False) if first or request.after_asked else (False,):
        wanted = select(mt.matter).where(asked if group else not_(asked), *conditions)
        here = not first and group == request.after_asked
        for has_due in (True, False):
            part = wanted.where(due.is_not(None) if has_due else due.is_(None))
            if here and (request.after_due is not None) == has_due:
                later = request.after_id < _m.id
                if has_due:
                    later = or_(due > request.after_due, and_(due == request.after_due, later))
                part = part.where(later)
            elif here and has_due:
                continue  # the page before ended among those without a moment
            rows += read.all(part.order_by(due, _m.id).limit(request.limit - len(rows)))
    return rows


def _last_done(read: Read, request: AskMatters, conditions: list[Any]) -> list[Any]:
    """Finished ones, the newest first."""
    wanted = select(mt.matter).where(_m.done_at.is_not(None), *conditions)
    if request.after_id is not None:
        same = and_(_m.done_at == request.after_due, request.after_id > _m.id)
        wanted = wanted.where(_m.done_at <= request.after_due, or_(_m.done_at < request.after_due, same))
    return read.all(wanted.order_by(_m.done_at.desc(), _m.id.desc()).limit(request.limit))


def visible(read: Read) -> list[Any]:
    """Matters that the actor took in or leads; every one for people who serve or see the whole hall."""
    if read.actor.hall_wide or read.may("acceptance.see_all"):
        return []
    return [or_(_m.lead == read.actor.agency, _m.acceptor_id == read.actor.staff_id)]


def _parts_of_all(read: Read, ids: Sequence[int]) -> dict[int, list[Any]]:
    p, c = mt.part.c, t.case.c
    found: dict[int, list[Any]] = {}
    if not ids:
        return found
    joined = select(p.matter_id, p.outcome, p.answer, c.state).outerjoin(t.case, c.id == p.case_id)
    for row in read.all(joined.where(p.matter_id.in_(ids)).limit(len(ids) * rules.MOST_PARTS)):
        found.setdefault(row.matter_id, []).append(row)
    return found


def _row(read: Read, row: Any, parts: Sequence[Any]) -> MatterRow:
    state = MatterState(row.state)
    due = matter_life.due_of(row)
    undecided = (State.RECEIVED, State.CORRECTING, State.ACCEPTED, State.REVIEW, State.SUSPENDED)
    shown, left = _light(read, row, due)
    name = identifiers.mask_name(row.applicant_name) if row.applicant_kind == "person" else row.applicant_name
    return MatterRow(
        row.id, row.case_no, identifiers.short_case_number(row.case_no), row.name, row.lead_name, name, row.state,
        str(STATE_NAMES[state]), shown, left, used_share(row.received_at, read.now, due), due, row.received_at, len(parts),
        sum(bool(p.outcome) or (p.state is not None and p.state not in undecided) for p in parts),
        any(p.answer == "asked" for p in parts), row.done_at if state is MatterState.DONE else row.promise_due_at,
    )  # fmt: skip


def _light(read: Read, row: Any, due: datetime | None) -> tuple[str, str]:
    """The light of the whole by its joint promise, and the time that is left."""
    if row.state == MatterState.DONE:
        return "done", ""
    if due is None:
        return "pending", str(time_left(State.REVIEW, read.now, None, days_of(read)))
    amount, unit = (row.promise_amount, row.promise_unit) if row.promise_amount is not None else (20, "W")
    warn = warn_moment(row.received_at, due, Limit(Decimal(str(amount)), unit), days_of(read))
    return light(State.REVIEW, read.now, warn, due), str(
        time_left(State.REVIEW, read.now, due, days_of(read))
    )


@dataclass(frozen=True)
class PartView:
    """One item of a matter.

    Attributes:
        case_id: None for a step of another body.
        after: Positions of what has to be granted first.
        stage: From 1.
    """

    position: int
    name: str
    agency_name: str
    optional: bool
    after: list[int]
    stage: int
    case_id: int | None
    case_no: str
    state: str
    state_name: str
    standing: str
    light: str
    time_left: str
    due_at: datetime | None
    note: str
    answer: str


@dataclass(frozen=True)
class OneView:
    """One of the eight “ones”; `applies` is None where the suite cannot tell."""

    label: str
    applies: bool | None


@dataclass(frozen=True)
class MatterDetail:
    """A matter with its items.

    Attributes:
        question: Position of the item after whose end the clerk has to say what becomes of the rest.
        lost: Names of items that can no longer begin when the rest goes on.
        proposal: What the theme proposes then: stop or go_on.
        collect: How many results wait to be collected.
        may_withdraw: Something is undecided.
        unmade: Cases with papers that are still to be made.
    """

    row: MatterRow
    lead: str
    query_code: str
    applicant_masked: str
    agent_name: str
    phone: str
    form: dict[str, str]
    joint: bool
    promise_due_at: datetime | None
    legal_due_at: datetime | None
    acceptor: str
    parts: list[PartView]
    ones: list[OneView]
    papers: list[PaperRow]
    question: int | None
    lost: list[str]
    proposal: str
    collect: int
    may_withdraw: bool
    unmade: list[int]


class AskMatter(Request):
    """A matter."""

    matter_id: int


@query("acceptance.matter", permission="acceptance.view", title="One matter")
def one_matter(read: Read, request: AskMatter) -> MatterDetail:
    """One matter with its items, labels and papers. Errors: UNKNOWN_MATTER, NOT_YOUR_AGENCY."""
    row = matter_life.at_window(read, request.matter_id)
    rows = matter_life.rows_of(read, row.id)
    parts = matter_life.parts_of(rows)
    stage_of = {p: n for n, stage in enumerate(rules.stages(parts), 1) for p in stage}
    views = [_part(read, r, p, stage_of[p.position]) for r, p in zip(rows, parts, strict=True)]
    ids = [r.case_id for r in rows if r.case_id is not None]
    papers = read.all(select(t.paper).where(t.paper.c.case_id.in_(ids)).order_by(t.paper.c.id).limit(1000))
    together = [p for p in papers if p.kind in matter_life.TOGETHER and "matter" in p.facts]
    question = next((r.position for r in rows if r.answer == "asked"), None)
    names = {p.position: p.name for p in parts}
    waits = {p.position for p in parts if p.standing is Standing.WAITING}
    behind = set(rules.behind(parts, question)) & waits if question is not None else set()
    stops = str(read.setting(STOP_THEMES, "")).replace("；", ";").split(";")
    labels = ones(str(read.setting(LABELS, ONES)), _facts(read, row, rows, views, together))
    return MatterDetail(
        _row(read, row, rows), row.lead, row.query_code, row.applicant_masked,
        identifiers.mask_name(row.agent_name) if row.agent_name else "",
        identifiers.mask_phone(row.phone) if row.phone else "", row.form, row.joint, row.promise_due_at,
        _legal_due(row, rows, parts),
        row.acceptor_name, views, [OneView(one.label, one.applies) for one in labels], [paper_row(p) for p in together],
        question, [names[n] for n in sorted(behind)], "stop" if row.theme in stops else "go_on",
        sum(p.standing in rules.TO_COLLECT for p in parts), any(p.standing in rules.UNDECIDED for p in parts),
        sorted({p.case_id for p in papers if p.state == "drafted"}),
    )  # fmt: skip


def _part(read: Read, row: Any, part: Part, stage: int) -> PartView:
    if row.case_id is None:
        name = L("refused elsewhere") if row.outcome == "refused" else STANDING_NAMES[part.standing]
        shown = "done" if row.outcome else "pending"
        return PartView(
            row.position, row.name, "", row.optional, row.after, stage, None, "", row.outcome, str(name), part.standing,
            shown, "", None, row.note, row.answer,
        )  # fmt: skip
    state = State(row.state)
    due = shown_due(state, row.promise_due_at, row.legal_due_at, row.telling_due_at)
    waits = part.standing is Standing.WAITING
    left = (
        "" if waits or part.standing in rules.SETTLED else str(time_left(state, read.now, due, days_of(read)))
    )
    return PartView(
        row.position, row.name, row.agency_name, row.optional, row.after, stage, row.case_id, row.case_no, row.state,
        str(STANDING_NAMES[Standing.WAITING] if waits else state_name(state)), part.standing,
        "pending" if waits else light(state, read.now, row.warn_at, due, row.alarm_at), left, due, row.note, row.answer,
    )  # fmt: skip


def _legal_due(row: Any, rows: Sequence[Any], parts: Sequence[Part]) -> datetime | None:
    """The statutory end: fixed where handled jointly, else that of the last item as the clocks stand now."""
    known = [r.legal_due_at for r in rows if r.case_id is not None and r.legal_due_at is not None]
    waiting = any(p.standing is Standing.WAITING for p in parts)
    found: datetime | None = row.legal_due_at if row.joint or waiting or not known else max(known)
    return found


def _facts(
    read: Read, row: Any, rows: Sequence[Any], views: Sequence[PartView], papers: Sequence[Any]
) -> set[str]:
    """Which of the features behind the eight “ones” this matter has."""
    agencies = {r.agency for r in rows if r.case_id is not None}
    side_by_side = max(
        sum(v.stage == stage and v.case_id is not None for v in views) for stage in {v.stage for v in views}
    )
    zone = read.scalar(select(func.count()).select_from(hall.desk).where(hall.desk.c.code == row.desk))
    together = row.state == MatterState.READY or any(p.kind in ("D14", "D15") for p in papers)
    found = {
        "zone": bool(zone),  # taken in at a desk of one of the hall's zones
        "team": len(agencies) > 1,  # several agencies work on it
        "notice": any(p.kind == "D17" for p in papers),
        "form": len([r for r in rows if r.case_id is not None]) > 1,  # filled in once for several items
        "flow": any(r.after for r in rows),  # one order that opens items by itself
        "standard": all(r.case_id is not None for r in rows),  # every step is an item of the catalogue
        "joint": side_by_side > 1,
        "pickup": together,
    }
    return {name for name, is_so in found.items() if is_so}


@dataclass(frozen=True)
class MatterLine:
    """To which matter a case belongs, in one line.

    Attributes:
        number: Of how many items the case is which.
        waits_for: Names of what has to be granted before it opens.
    """

    matter_id: int
    case_no: str
    short_no: str
    name: str
    lead_name: str
    number: int
    parts: int
    waits_for: list[str]


@query("acceptance.matter_of_case", permission="acceptance.view", title="The matter of a case")
def matter_of_case(read: Read, request: OneCase) -> MatterLine | None:
    """The matter that a case is an item of; None where it is a case by itself. Errors: UNKNOWN_CASE, NOT_YOUR_AGENCY."""
    row = cases.at_window(read, request.case_id)
    if not cases.is_child(row):
        return None
    found = read.one(select(mt.part.c.matter_id, mt.part.c.position).where(mt.part.c.case_id == row.id))
    if found is None:
        return None
    matter = matter_life.load(read, found.matter_id)
    parts = matter_life.parts_of(matter_life.rows_of(read, matter.id))
    mine = next(p for p in parts if p.position == found.position)
    waits = [
        p.name
        for p in parts
        if mine.standing is Standing.WAITING and p.position in mine.after and p.standing not in rules.GRANTS
    ]
    at = [p.position for p in parts].index(mine.position) + 1
    return MatterLine(
        matter.id, matter.case_no, identifiers.short_case_number(matter.case_no), matter.name, matter.lead_name, at,
        len(parts), waits,
    )  # fmt: skip
