"""Figures of calling for a span of days, on the screen and as a printed report; everything comes from the events."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

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
from yichuang_queue import tables as t
from yichuang_queue.rules.rating import GRADE_NAMES, Grade
from yichuang_queue.rules.statistics import (
    BY_NAMES,
    By,
    Figures,
    Happened,
    Issued,
    Service,
    figures,
    grouped,
    read,
)
from yichuang_queue.rules.tickets import PRIORITY_NAMES, Priority
from yichuang_queue.words import words

L = words.lazy
MOST_DAYS = 92
MOST_ON_PAPER = 60
_e = t.event.c
_OF_DAY = prepare(
    select(_e.ticket_id, _e.at, _e.act, _e.line, _e.desk, _e.staff_id, _e.detail)
    .where(_e.at >= bindparam("begin"), _e.at < bindparam("end"))
    .order_by(_e.id)
)


class Span(Request):
    """From a day to a day, both included, in one line or all, grouped."""

    first: date
    last: date
    by: By = By.LINE
    line: str = Field("", max_length=20)

    @model_validator(mode="after")
    def _in_order(self) -> Span:
        if self.last < self.first:
            raise ValueError("last before first")
        return self


@dataclass(frozen=True)
class Named:
    """A group with its name and figures."""

    name: str
    figures: Figures


@dataclass(frozen=True)
class Statistics:
    """The figures of a span of days.

    Attributes:
        total: Of everything.
        groups: Of each group, in order.
        half_hours: Tickets given out and calls in each half hour of the day, over all days.
        grades: How many ratings of each grade, 5 to 1, and how many services nobody rated (0).
    """

    first: date
    last: date
    by: str
    total: Figures
    groups: list[Named]
    half_hours: list[tuple[str, int, int]]
    grades: dict[int, int]


@query("queue.statistics", permission="queue.balance", title="Statistics of calling")
def statistics(read_: Read, request: Span) -> Statistics:
    """Waits, walks, service times, no-shows and ratings of at most 92 days. Errors: SPAN_TOO_LONG."""
    issued, services = _happened(read_, request)
    names = _names(read_, request.by)
    staff = _people(read_)
    groups = grouped(
        request.by,
        issued,
        services,
        HALL_ZONE,
        lambda service: staff.get(service.staff_id or 0, str(service.staff_id or "")),
    )
    hours = grouped(By.HALF_HOUR, issued, services, HALL_ZONE)
    return Statistics(
        request.first, request.last, request.by, figures("", issued, services),
        [Named(names.get(each.key, each.key) or "—", each) for each in groups],
        [(each.key, each.issued, each.called) for each in hours], _grades(read_, request),
    )  # fmt: skip


def _people(read_: Read) -> dict[int, str]:
    """Everybody's name; of several with the same one also the desk, else the staff number."""
    s = hall.staff.c
    rows = read_.all(select(s.id, s.name, s.desk).limit(5000))
    times = Counter(row.name for row in rows)
    desks = Counter((row.name, row.desk) for row in rows if row.desk)
    return {
        row.id: row.name
        if times[row.name] == 1
        else f"{row.name} {row.desk if desks[row.name, row.desk] == 1 else row.id}"
        for row in rows
    }


def _happened(read_: Read, request: Span) -> tuple[list[Issued], list[Service]]:
    if (request.last - request.first).days >= MOST_DAYS:
        raise UserError(
            "SPAN_TOO_LONG", L("At most {n} days at once.", n=MOST_DAYS), do=L("Choose fewer days.")
        )
    issued, services = read(_events(read_, request))
    if request.line:
        issued = [ticket for ticket in issued if ticket.line == request.line]
        services = [service for service in services if service.line == request.line]
    return issued, services


def _events(read_: Read, request: Span) -> Iterator[Happened]:
    """The events of the span, read day by day, so that a quarter of a year does not lie in memory at once."""
    for n in range((request.last - request.first).days + 1):
        yield from events_of(read_, request.first + timedelta(days=n))


def events_of(read_: Read, day: date) -> Iterator[Happened]:
    """The events of a day, in their order."""
    begin, end = bounds(day)
    for row in read_.all(_OF_DAY, begin=begin, end=end):
        yield Happened(row.ticket_id, row.at, row.act, row.line, row.desk, row.staff_id, row.detail)


def bounds(day: date) -> tuple[datetime, datetime]:
    """From when until when a day lasts in the hall."""
    begin = datetime.combine(day, time(), HALL_ZONE)
    return begin, begin + timedelta(days=1)


def _names(read_: Read, by: By) -> dict[str, str]:
    if by is By.LINE:
        return {row.code: f"{row.prefix} {row.name}" for row in read_.all(select(t.line).limit(200))}
    if by is By.PRIORITY:
        return {str(priority): str(PRIORITY_NAMES[priority]) for priority in Priority}
    return {}


def _grades(read_: Read, request: Span) -> dict[int, int]:
    r = t.rating.c
    rows = read_.all(
        select(r.grade, func.count().label("n"))
        .where(r.asked_at >= bounds(request.first)[0], r.asked_at < bounds(request.last)[1])
        .group_by(r.grade)
    )
    return {int(row.grade or 0): row.n for row in rows}


@query("queue.statistics_report", permission="queue.balance", title="Report of calling")
def statistics_report(read_: Read, request: Span) -> bytes:
    """The same as a printable PDF with charts. Errors: SPAN_TOO_LONG."""
    from yichuang.api.documents import Bars, Donut, Report, Section, Table, render_report
    from yichuang.api.documents import Figures as PaperFigures

    found = statistics(read_, request)
    total = found.total
    grades = tuple(
        (in_language(GRADE_NAMES[Grade(g)], "zh_CN") if g else "未评价", float(n))
        for g, n in sorted(found.grades.items(), reverse=True)
    )
    rows = tuple(_cells(each) for each in found.groups[:MOST_ON_PAPER])
    sections = [
        Section("概况", (
            PaperFigures((("取号", str(total.issued), "张"), ("呼叫", str(total.called), "次"),
                          ("办结", str(total.served), "件"), ("过号率", _share(total.pass_rate), "%"))),
            PaperFigures((("平均等候", minutes(total.wait_mean), "分"), ("九成等候不超过", minutes(total.wait_p90), "分"),
                          ("平均办理", minutes(total.service_mean), "分"), ("预计准时", _share(total.within_promise), "%"))),
        )),
        Section("时段", (
            Bars("每半小时取号", tuple(h for h, _, _ in found.half_hours), tuple(float(n) for _, n, _ in found.half_hours), "张"),
        ) if found.half_hours else ()),
        Section(f"按{in_language(BY_NAMES[request.by], 'zh_CN')}", (
            Table(_HEADS, rows, (46, 16, 16, 16, 18, 18, 18, 18), ("left", *("right",) * 7)),
        ) if rows else ()),
    ]  # fmt: skip
    if grades:
        sections.append(Section("好差评", (Donut("评价", grades),)))
    span = str(request.first) if request.first == request.last else f"{request.first} 至 {request.last}"
    return render_report(
        Report(
            title="排队叫号统计", organ=str(read_.setting("hall.name", "政务服务大厅")), date=read_.today,
            sections=tuple(section for section in sections if section.blocks), subtitle=span,
        )
    )  # fmt: skip


_HEADS = ("", "取号", "呼叫", "办结", "过号率%", "均等候分", "九成等候", "均办理分")


def _cells(each: Named) -> tuple[str, ...]:
    f = each.figures
    return (
        each.name, str(f.issued) if f.issued else "—", str(f.called), str(f.served), _share(f.pass_rate), minutes(f.wait_mean),
        minutes(f.wait_p90), minutes(f.service_mean),
    )  # fmt: skip


def minutes(seconds: float | None) -> str:
    """Seconds as minutes with one decimal, a dash for nothing."""
    return "—" if seconds is None else f"{seconds / 60:.1f}"


def _share(share: float | None) -> str:
    return "—" if share is None else f"{share * 100:.1f}"
