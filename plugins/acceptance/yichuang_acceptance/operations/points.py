"""Points of township and village intake: which desk stands where, where a case came in, where its result is handed out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from pydantic import Field

from yichuang.api import (
    CleanText,
    Read,
    Request,
    UserError,
    Work,
    bindparam,
    hall,
    operation,
    prepare,
    query,
    select,
)
from yichuang_acceptance import handover_tables as h
from yichuang_acceptance.operations import cases, watching
from yichuang_acceptance.rules.machine import OPEN, State
from yichuang_acceptance.words import words

L = words.lazy
HALL = ""
"""The point that has no row: the hall itself."""
_POINTS = prepare(select(h.point).order_by(h.point.c.code).limit(1000))
_PLACES = prepare(select(h.case_point).where(h.case_point.c.case_id == bindparam("case_id")))


@dataclass(frozen=True)
class PointRow:
    """A point; the hall is the first of them, with an empty code."""

    code: str
    name: str
    kind: str
    desks: list[str]
    here: bool
    area: str = ""


class Point(Request):
    """A point outside the hall and the desks that stand there.

    Attributes:
        area: Code of the township or village; the items whose guides name it may be accepted there.
    """

    code: str = Field(pattern=r"[A-Z0-9]{2,12}")
    name: CleanText = Field(min_length=1, max_length=100)
    kind: Literal["town", "village"]
    desks: tuple[str, ...] = Field((), max_length=60)
    active: bool = True
    area: str = Field("", pattern=r"^([0-9]{9}|[0-9]{12})?$")


@operation("acceptance.set_point", permission="acceptance.points", title="Enter a point of intake")
def set_point(work: Work, request: Point) -> None:
    """Enter or change a point. Errors: UNKNOWN_DESK, DESK_ELSEWHERE."""
    known = {
        row.code for row in work.all(select(hall.desk.c.code).where(hall.desk.c.code.in_(request.desks)))
    }
    missing = sorted(set(request.desks) - known)
    if missing:
        raise UserError("UNKNOWN_DESK", L("There is no desk {desk}.", desk=missing[0]))
    for other in _rows(work):
        taken = sorted(set(other.desks) & set(request.desks))
        if other.code != request.code and other.active and taken:
            raise UserError(
                "DESK_ELSEWHERE", L("Desk {desk} stands at {point}.", desk=taken[0], point=other.name)
            )
    values: dict[str, Any] = request.model_dump() | {"desks": list(request.desks)}
    if work.update(h.point, {"code": request.code}, **values) is None:
        work.insert(h.point, **values)
    work.subject = f"point:{request.code}"


@query("acceptance.points", permission="acceptance.view", title="Points of intake")
def points(read: Read) -> list[PointRow]:
    """The hall and the points outside it that are in use."""
    here = point_here(read)
    name = read.setting("hall.name", "") or str(L("the hall"))
    rows = [PointRow(HALL, name, "hall", [], here == HALL)]
    return rows + [
        PointRow(r.code, r.name, r.kind, r.desks, here == r.code, r.area) for r in _rows(read) if r.active
    ]


def _rows(read: Read) -> list[Any]:
    return read.all(_POINTS)


def point_here(read: Read) -> str:
    """The point where the actor's desk stands; empty in the hall."""
    desk = read.actor.desk
    return next((row.code for row in _rows(read) if row.active and desk in row.desks), HALL) if desk else HALL


def name_of(read: Read, code: str) -> str:
    """What a point is called."""
    if code == HALL:
        return read.setting("hall.name", "") or str(L("the hall"))
    return str(read.scalar(select(h.point.c.name).where(h.point.c.code == code)) or code)


@dataclass(frozen=True)
class Places:
    """Where a case came in and goes out, and where its papers lie now; codes of points, empty for the hall."""

    origin: str = HALL
    issue: str = HALL
    materials_at: str = HALL
    result_at: str = HALL


def places_of(read: Read, case_id: int) -> Places:
    """The places of a case; all the hall where nothing else was said."""
    row = read.one(_PLACES, case_id=case_id)
    return Places() if row is None else Places(row.origin, row.issue, row.materials_at, row.result_at)


def place(work: Work, case_id: int, **values: str) -> None:
    """Change where a case or its papers are."""
    if work.update(h.case_point, {"case_id": case_id}, **values) is None:
        work.insert(h.case_point, case_id=case_id, **values)


def came_in(work: Work, case_id: int) -> None:
    """A case was taken in at the actor's desk: its papers lie there, and its result goes out there unless said otherwise."""
    here = point_here(work)
    if here != HALL:
        place(work, case_id, origin=here, issue=here, materials_at=here)
        if any(m.given == "paper" and m.originals + m.copies for m in cases.materials(work, case_id)):
            watching.expect_sending(work, case_id, work.now)


class IssueAt(Request):
    """Where the result of a case is handed out; an empty code means the hall."""

    case_id: int
    point: str = Field("", max_length=12)


@operation(
    "acceptance.issue_at", permission="acceptance.hand_over", title="Choose where the result is handed out"
)
def issue_at(work: Work, request: IssueAt) -> None:
    """Choose the point where the result of an open case is handed out. Errors: UNKNOWN_POINT, CASE_ENDED, NOT_YOUR_AGENCY."""
    row = cases.at_window(work, request.case_id)
    require_point(work, request.point)
    if State(row.state) not in OPEN:
        raise UserError("CASE_ENDED", L("Case {number} has ended.", number=row.case_no))
    place(work, row.id, issue=request.point)
    work.subject = cases.subject(row.case_no)


def require_point(read: Read, code: str) -> None:
    """Let only points that are in use go on. Raises UNKNOWN_POINT."""
    if code != HALL and read.one(select(h.point).where(h.point.c.code == code, h.point.c.active)) is None:
        raise UserError("UNKNOWN_POINT", L("There is no point {code}.", code=code))


def require_result_here(read: Read, row: Any) -> None:
    """A result is handed out where it lies. Raises RESULT_ELSEWHERE."""
    at = places_of(read, row.id).result_at
    if at != point_here(read):
        raise UserError(
            "RESULT_ELSEWHERE",
            L("The result of case {number} lies at {point}.", number=row.case_no, point=name_of(read, at)),
            do=L("Let it be handed over to you first."),
        )
