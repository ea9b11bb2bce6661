"""What the windows show: work lists, a page of a case, the day's figures. Lists page by key."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any, Literal

from pydantic import Field

from yichuang.api import (
    HALL_ZONE,
    LicenceQuery,
    LicenceSummary,
    Private,
    Read,
    Request,
    UserError,
    func,
    identifiers,
    or_,
    query,
    select,
)
from yichuang_acceptance import tables as t
from yichuang_acceptance.operations import case_lists, cases, looks, ordered, waiting
from yichuang_acceptance.operations.case_lists import OPEN_TABS, Tab
from yichuang_acceptance.operations.clocks import days_of
from yichuang_acceptance.operations.forwarding import SentUp
from yichuang_acceptance.operations.ordered import Order
from yichuang_acceptance.operations.search_ask import Seen, found_by
from yichuang_acceptance.operations.waiting import LightChoice
from yichuang_acceptance.rules.calendars import is_provisional
from yichuang_acceptance.rules.lights import light, shown_due, time_left, used_share
from yichuang_acceptance.rules.machine import State, state_name
from yichuang_acceptance.words import words

L = words.lazy


@dataclass(frozen=True)
class CaseRow:
    """A case as lists show it; names masked, light and time left worked out.

    Attributes:
        used: Share of the limit, of this moment: a row that was asked for again is the same row.
        provisional: The due moment lies beyond the end of the hall's calendar.
        node: The node of its review whose limit is shown, where that ends before the promise.
        listed_by: The moment that its place in a list comes from.
        sent: Where it was sent up to, in the list of cases that wait for an organ above.
    """

    id: int
    case_no: str
    short_no: str
    item: str
    item_name: str
    item_kind: str
    agency_name: str
    applicant: str
    state: str
    state_name: str
    light: str
    time_left: str
    used: float = field(compare=False)
    due_at: datetime | None
    received_at: datetime
    acceptor: str
    row_version: int
    provisional: bool = False
    node: str = ""
    listed_by: datetime | None = None
    sent: SentUp | None = None


_SHOWN = tuple(
    t.case.c[name]
    for name in (
        "id", "case_no", "item", "item_name", "item_kind", "agency_name", "applicant_name", "applicant_kind", "state",
        "promise_due_at", "legal_due_at", "telling_due_at", "accepted_at", "received_at", "warn_at", "alarm_at",
        "acceptor_name", "row_version",
    )
)  # fmt: skip
"""What `case_row` reads: decoding the other columns of 500 cases took as long as everything else about the list."""


class AskCases(Request):
    """A list of cases.

    Attributes:
        tab: mine (accepted by me, open), review (waits for me, by the limit of the node or the promise), forwarded (sent up and
            not decided there yet, the longest wait first), suspended (special procedures), correcting (told what is missing,
            or received and not accepted yet), tolerated, making (certificates to print), ready, closed (to archive), decided,
            all.
        text: What `acceptance.search` takes: numbers, names, items, pinyin.
        issue_point: Only cases whose result is handed out there; empty means the hall.
        item: Only of this item.
        light: Only with this light.
        first, last: Only received on these days.
        waited: Of the list forwarded, only what was sent up so many days ago or earlier.
        order: due (what ends first; decided ones the newest first), newest (the newest received first), or item (item by
            item, of open cases only). The lists forwarded and decided stand in one order.
        after_due, after_item, after_id: `listed_by`, item and id of the last row of the page before; lists run by them.
    """

    tab: Tab = "mine"
    text: str = Field("", max_length=60)
    issue_point: str | None = Field(None, max_length=12)
    item: str = Field("", max_length=80)
    light: LightChoice = ""
    first: date | None = None
    last: date | None = None
    waited: int = Field(0, ge=0, le=3650)
    order: Order = "due"
    after_due: datetime | None = None
    after_item: str = Field("", max_length=80)
    after_id: int | None = None
    limit: int = Field(200, ge=1, le=1000)


@query("acceptance.cases", permission="acceptance.view", title="Cases")
def list_cases(read: Read, request: AskCases) -> list[CaseRow]:
    """Cases of a list, nearest due moment first, decided ones the newest first; only those that the actor may see.

    Errors: NO_SUCH_ORDER.
    """
    narrowed = _narrowed(read, request)
    if request.order != "due":
        return [_listed(read, row) for row in _ordered(read, request, narrowed)]
    page = waiting.Page(request.after_due, request.after_id, request.limit)
    if request.tab == "review":
        rows = waiting.by_node(read, _SHOWN, narrowed, request.light, page)
    else:
        sight = case_lists.sight_of(read)
        if request.light:
            narrowed.append(waiting.of_light(request.light, read.now))
        if request.tab == "forwarded":
            rows = waiting.by_sending(read, _SHOWN, narrowed, request.waited, page)
            return [_sent_up(read, row) for row in rows]
        if request.tab == "decided":
            rows = waiting.by_decision(read, _SHOWN, case_lists.conditions("decided", sight) + narrowed, page)
        else:
            rows = waiting.by_promise(read, _SHOWN, case_lists.each_state(request.tab, sight), narrowed, page)
    return [_listed(read, row) for row in rows]


def _ordered(read: Read, request: AskCases, narrowed: list[Any]) -> list[Any]:
    """Rows of a list in another order than by what ends first."""
    what = read, _SHOWN, request.tab, narrowed, request.light
    key = request.after_id
    one_order = request.tab in ("decided", "forwarded")
    if request.order == "item" and request.tab in OPEN_TABS and not one_order:
        return ordered.by_item(*what, (request.after_item, key) if key is not None else None, request.limit)
    if request.order == "newest" and not one_order:
        moment = request.after_due
        return ordered.newest(
            *what, (moment, key) if moment is not None and key is not None else None, request.limit
        )
    raise UserError("NO_SUCH_ORDER", L("This list has no such order."), do=L("Choose another one."))


def _listed(read: Read, row: Any) -> CaseRow:
    """A row of a list; where the limit of a node ends first, with its light and its time left."""
    found = case_row(read, row)
    if not row.node:
        return replace(found, listed_by=row.listed_by)
    return replace(
        found, node=row.node, due_at=row.node_due_at, listed_by=row.listed_by,
        light=light(State.REVIEW, read.now, row.node_warn_at, row.node_due_at, row.alarm_at),
        time_left=str(time_left(State.REVIEW, read.now, row.node_due_at, days_of(read))), provisional=False,
    )  # fmt: skip


def _sent_up(read: Read, row: Any) -> CaseRow:
    """A row of a case that waits for the organ above, with how long it does."""
    sent = SentUp(row.organ, row.letter, row.sent_on, (read.today - row.sent_on).days)
    return replace(case_row(read, row), listed_by=_morning(row.sent_on), sent=sent)


def _narrowed(read: Read, request: AskCases) -> list[Any]:
    found = received_between(t.case.c.received_at, request.first, request.last)
    if request.item:
        found.append(t.case.c.item == request.item)
    if request.issue_point is not None:
        found.append(case_lists.issued_at(request.issue_point))
    if request.text:
        everywhere = case_lists.sight_of(read).everywhere
        seen = None if everywhere else Seen(read.actor.agency, read.actor.staff_id)
        found.append(found_by(read, request.text, seen, few=request.tab in OPEN_TABS))
    return found


def received_between(moment: Any, first: date | None, last: date | None) -> list[Any]:
    """Conditions of a moment on some of the hall's days."""
    found = [] if first is None else [moment >= _morning(first)]
    return found if last is None else [*found, moment < _morning(last + timedelta(days=1))]


def _morning(day: date) -> datetime:
    return datetime.combine(day, time(), HALL_ZONE)


def case_row(read: Read, row: Any) -> CaseRow:
    """A table row as lists show it."""
    state = State(row.state)
    due = shown_due(state, row.promise_due_at, row.legal_due_at, row.telling_due_at)
    start = row.received_at if state is State.RECEIVED else row.accepted_at
    name = identifiers.mask_name(row.applicant_name) if row.applicant_kind == "person" else row.applicant_name
    waits = state in (State.READY, State.REFUSED)
    provisional = is_provisional(due, read.calendar) and not waits
    left = str(state_name(state)) if waits else str(time_left(state, read.now, due, days_of(read)))
    if provisional:
        left = str(L("{left} (provisional)", left=left))
    if state is State.RECEIVED and row.telling_due_at is None:
        left = str(L("waits for another item"))
    return CaseRow(
        row.id, row.case_no, identifiers.short_case_number(row.case_no),
        row.item, row.item_name, row.item_kind, row.agency_name, name,
        row.state, str(state_name(state)), light(state, read.now, row.warn_at, due, row.alarm_at), left,
        used_share(start, read.now, due), due, row.received_at, row.acceptor_name, row.row_version,
        provisional,
    )  # fmt: skip


class AskPage(looks.Seeing):
    """A kept page of a case."""

    case_id: int
    digest: str


@query("acceptance.page_file", permission="acceptance.view", title="A kept page")
def page_file(read: Read, request: AskPage) -> bytes:
    """The bytes of a page that belongs to the case; who looks, and for what, is journalled.

    Errors: UNKNOWN_CASE, NOT_YOUR_AGENCY, PURPOSE_MISSING, FILE_MISSING.
    """
    row = cases.load(read, request.case_id)
    cases.require_sight(read, row)
    found = next((m for m in cases.materials(read, row.id) if request.digest in m.pages), None)
    if found is None:
        raise UserError("FILE_MISSING", L("This page does not belong to the case."))
    look = looks.Look(case_id=row.id, what="material", number=found.position)
    looks.before_showing(read, row, look, request)
    return read.get_blob(request.digest)


class AskLicences(Request):
    """Whose licences could stand for papers."""

    code_kind: Literal["111", "553", "001"]
    code: Private
    purpose: str = Field(min_length=1, max_length=200)
    types: tuple[str, ...] = ()


@query("acceptance.licences", permission="acceptance.accept", title="Licences of an applicant")
def licences(read: Read, request: AskLicences) -> list[LicenceSummary]:
    """Licences that other plugins know of the applicant."""
    asked = LicenceQuery(request.code_kind, request.code, request.purpose, request.types)
    return list(read.hooks.find_licences(read=read, query=asked))


@dataclass(frozen=True)
class DayFigures:
    """Numbers of the actor's day."""

    done_today: int
    days: list[str]
    per_day: list[int]
    lights: dict[str, int]


def day_figures(read: Read) -> DayFigures:
    """Finished today, received in the last seven working days, lights of the open cases."""
    days = [days_of(read).back(read.today, n) for n in range(6, 0, -1)] + [read.today]
    start = datetime(days[0].year, days[0].month, days[0].day, tzinfo=HALL_ZONE)
    mine = or_(t.case.c.acceptor_id == read.actor.staff_id, t.case.c.decider_id == read.actor.staff_id)
    received = read.all(select(t.case.c.received_at).where(mine, t.case.c.received_at >= start).limit(20000))
    per_day = [sum(1 for r in received if r.received_at.astimezone(HALL_ZONE).date() == day) for day in days]
    lights = ordered.count_lights(read, "review" if read.may("acceptance.decide") else "mine")
    done = read.scalar(
        select(func.count()).select_from(t.event).where(
            t.event.c.staff_id == read.actor.staff_id,
            t.event.c.at >= datetime.combine(read.today, datetime.min.time(), HALL_ZONE),
            t.event.c.event.in_(["accept", "grant", "refuse", "deliver"]),
        )
    )  # fmt: skip
    return DayFigures(int(done), [f"{day.day}日" for day in days], per_day, lights)
