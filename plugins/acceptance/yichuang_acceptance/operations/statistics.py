"""Figures of cases by agency: states now, durations, promises kept and trips of a span of days, on screen and on paper.

All of it is counted from indexes that hold nothing but what is counted; decisions carry their working days and whether
the promise was kept, worked out once, in the transaction of the decision.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from pydantic import Field, model_validator

from yichuang.api import (
    HALL_ZONE,
    Read,
    Request,
    UserError,
    bindparam,
    func,
    hall,
    in_language,
    prepare,
    query,
    select,
)
from yichuang_acceptance import tables as t
from yichuang_acceptance.operations.search import scope_of
from yichuang_acceptance.rules.machine import OPEN, State, state_name
from yichuang_acceptance.rules.statistics import Counted, Figures, periods, total_of
from yichuang_acceptance.words import words

L = words.lazy
MOST_DAYS = 1830
MOST_ON_PAPER = 60
_c = t.case.c
_RECEIVED = prepare(
    select(func.count()).where(
        _c.agency == bindparam("agency"),
        _c.received_at >= bindparam("begin"),
        _c.received_at < bindparam("end"),
    )
)
_RECEIVED_IN_ALL = prepare(
    select(func.count()).where(_c.received_at >= bindparam("begin"), _c.received_at < bindparam("end"))
)


class Span(Request):
    """From a day to a day, both included; one agency or all that the actor may see."""

    first: date
    last: date
    agency: str = Field("", max_length=40)

    @model_validator(mode="after")
    def _in_order(self) -> Span:
        if self.last < self.first:
            raise ValueError("last before first")
        return self


@dataclass(frozen=True)
class AgencyFigures:
    """An agency with its figures."""

    code: str
    name: str
    figures: Figures


@dataclass(frozen=True)
class Statistics:
    """The figures of a span.

    Attributes:
        total: Of all agencies that the actor may see.
        agencies: Those that have cases, the busiest first.
        course: Received and decided in each day, or month where the span is long.
    """

    first: date
    last: date
    total: Figures
    agencies: list[AgencyFigures]
    course: list[tuple[str, int, int]]


@query("acceptance.statistics", permission="acceptance.statistics", title="Statistics of cases")
def statistics(read: Read, request: Span) -> Statistics:
    """States, durations in working days, promises kept and trips, by agency. Errors: SPAN_TOO_LONG, NOT_YOUR_AGENCY."""
    if (request.last - request.first).days >= MOST_DAYS:
        raise UserError(
            "SPAN_TOO_LONG", L("At most {n} days at once.", n=MOST_DAYS), do=L("Choose fewer days.")
        )
    agency = agency_of(read, request)
    begin, end = _morning(request.first), _morning(request.last + timedelta(days=1))
    names = {
        row.code: row.name for row in read.all(select(hall.agency.c.code, hall.agency.c.name).limit(500))
    }
    counted = _count(read, agency, begin, end, set(names))
    agencies = [AgencyFigures(code, names.get(code, code), each.figures()) for code, each in counted.items()]
    agencies.sort(key=lambda each: (-each.figures.received, -each.figures.decided.count, each.code))
    course = [
        (label, *_happened(read, agency, _morning(first), _morning(after)))
        for label, first, after in periods(request.first, request.last)
    ]
    return Statistics(request.first, request.last, total_of(counted.values()).figures(), agencies, course)


def agency_of(read: Read, request: Span) -> str:
    """Which agency alone is counted; "" for the whole hall, which only people who see all may ask for."""
    if scope_of(read) is None:
        return request.agency
    if request.agency:
        read.require_agency(request.agency)
    return read.actor.agency


def _morning(day: date) -> datetime:
    return datetime.combine(day, time(), HALL_ZONE)


def _count(read: Read, agency: str, begin: datetime, end: datetime, known: set[str]) -> dict[str, Counted]:
    # Said by agency and state the open cases are found in their index; by state alone, all cases were read.
    here = _c.agency == agency if agency else _c.agency.in_(sorted(known))
    open_now = _c.state.in_(sorted(OPEN))
    counted: dict[str, Counted] = {}

    def of(code: str) -> Counted:
        return counted.setdefault(code, Counted.nothing())

    number = func.count().label("number")
    for row in read.all(
        select(_c.agency, _c.state, number).where(here, open_now).group_by(_c.agency, _c.state)
    ):
        of(row.agency).states[row.state] = row.number
    only = _only(agency)
    decided = [_c.decided_at >= begin, _c.decided_at < end, *only]
    by = (_c.agency, _c.decided_days, _c.kept)
    for row in read.all(select(*by, number).where(*decided).group_by(*by)):
        if row.decided_days is not None:
            of(row.agency).days[row.decided_days] += row.number
        if row.kept is not None:
            of(row.agency).kept[bool(row.kept)] += row.number
    delivered = [_c.delivered_at >= begin, _c.delivered_at < end, *only]
    for row in read.all(select(_c.agency, _c.trips, number).where(*delivered).group_by(_c.agency, _c.trips)):
        of(row.agency).trips[row.trips] = row.number
    # Each agency by itself runs along an index; grouping all of them would look at every case of the span.
    for code in [agency] if agency else sorted(known | counted.keys()):
        received = int(read.scalar(_RECEIVED, agency=code, begin=begin, end=end))
        if received:
            of(code).received = received
    return counted


def _only(agency: str) -> list[Any]:
    """One agency, said so that SQLite runs along the days and not along all cases of the agency."""
    return [func.coalesce(_c.agency, "") == agency] if agency else []


def _happened(read: Read, agency: str, begin: datetime, end: datetime) -> tuple[int, int]:
    span = {"begin": begin, "end": end}
    received = (
        read.scalar(_RECEIVED, agency=agency, **span) if agency else read.scalar(_RECEIVED_IN_ALL, **span)
    )
    decided = [_c.decided_at >= begin, _c.decided_at < end, *_only(agency)]
    return int(received), int(read.scalar(select(func.count()).where(*decided)))


# ---- on paper ----


@query("acceptance.statistics_report", permission="acceptance.statistics", title="Report of cases")
def statistics_report(read: Read, request: Span) -> bytes:
    """The same as a printable PDF with charts. Errors: SPAN_TOO_LONG, NOT_YOUR_AGENCY."""
    from yichuang.api.documents import Bars, Donut, Report, Section, Table, render_report
    from yichuang.api.documents import Figures as PaperFigures

    found = statistics(read, request)
    total = found.total
    still = open_states(total.states)
    sections = [
        Section("概况", (
            PaperFigures((("收件", f"{total.received}", "件"), ("作出决定", f"{total.decided.count}", "件"),
                          ("在办", f"{sum(still.values())}", "件"), ("承诺兑现率", _percent(total.kept), "%"))),
            PaperFigures((("平均办理", _days(total.decided.mean), "工作日"), ("中位数", _days(total.decided.median), "工作日"),
                          ("九成不超过", _days(total.decided.p90), "工作日"), ("平均跑动", _days(total.trips), "次"))),
        )),
        Section("走势", (
            Bars("收件", tuple(label for label, _, _ in found.course), tuple(float(n) for _, n, _ in found.course), "件"),
            Bars("决定", tuple(label for label, _, _ in found.course), tuple(float(n) for _, _, n in found.course), "件"),
        )),
        Section("在办状态", (
            Donut("在办", tuple((_in_chinese(state), float(n)) for state, n in still.items())),
        ) if still else ()),
        Section("按部门", (
            Table(_HEADS, tuple(_cells(each) for each in found.agencies[:MOST_ON_PAPER]), (52, 16, 16, 16, 18, 18, 18, 18, 16),
                  ("left", *("right",) * 8)),
        ) if found.agencies else ()),
    ]  # fmt: skip
    return render_report(
        Report(
            title="办件统计", organ=str(read.setting("hall.name", "政务服务大厅")), date=read.today,
            sections=tuple(section for section in sections if section.blocks),
            subtitle=f"{found.first} 至 {found.last}",
        )
    )  # fmt: skip


_HEADS = ("部门", "收件", "决定", "在办", "平均天", "中位天", "九成天", "兑现率%", "跑动")


def _cells(each: AgencyFigures) -> tuple[str, ...]:
    f = each.figures
    return (
        each.name, str(f.received), str(f.decided.count), str(sum(open_states(f.states).values())), _days(f.decided.mean),
        _days(f.decided.median), _days(f.decided.p90), _percent(f.kept), _days(f.trips),
    )  # fmt: skip


def open_states(states: Mapping[str, int]) -> dict[str, int]:
    """The states in which cases wait for somebody, in the order of a case's life."""
    return {str(s): states[str(s)] for s in State if states.get(str(s))}


def _in_chinese(state: str) -> str:
    return in_language(state_name(State(state)), "zh_CN")


def _days(value: float | None) -> str:
    return "—" if value is None else f"{value:.1f}"


def _percent(share: float | None) -> str:
    return "—" if share is None else f"{share * 100:.1f}"
