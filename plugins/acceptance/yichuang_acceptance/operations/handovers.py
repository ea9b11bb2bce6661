"""Lists handed over between points (交接单): packed and printed at one end, received by their number at the other, once.

The rows of the materials stay what they are while the papers travel: whoever works on the case next sees what the first
window took in and asks nobody for it again (行政许可法 art. 35).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from yichuang.api import (
    IntegrityError,
    Read,
    Request,
    UserError,
    Work,
    and_,
    operation,
    or_,
    query,
    select,
    update,
)
from yichuang_acceptance import handover_tables as h
from yichuang_acceptance import tables as t
from yichuang_acceptance.operations import cases, points, watching
from yichuang_acceptance.rules.machine import OPEN, State
from yichuang_acceptance.words import words

L = words.lazy
MOST_LINES = 200
"""Cases on one list."""
_h, _l = h.handover.c, h.handover_line.c
READY = (State.READY, State.REFUSED)
What = Literal["materials", "result"]


@dataclass(frozen=True)
class Line:
    """One envelope of a list. `arrived` is None while it is on the way."""

    position: int
    case_id: int
    case_no: str
    item_name: str
    what: str
    contents: str
    arrived: bool | None
    difference: str


@dataclass(frozen=True)
class HandoverRow:
    """A list.

    Attributes:
        here: The actor is at the point that it goes to.
    """

    id: int
    number: str
    source: str
    source_name: str
    target: str
    target_name: str
    state: str
    sent_at: datetime
    sent_by: str
    received_at: datetime | None
    received_by: str
    here: bool
    lines: list[Line]


class Packing(Request):
    """What goes into a list, and where to."""

    target: str = Field("", max_length=12)
    what: What = "materials"
    case_ids: tuple[int, ...] = Field(min_length=1, max_length=MOST_LINES)


@operation("acceptance.pack", permission="acceptance.hand_over", title="Pack a hand-over list")
def pack(work: Work, request: Packing) -> HandoverRow:
    """Pack the materials or results of cases that lie here into a list and send it off.

    Errors: UNKNOWN_POINT, SAME_POINT, UNKNOWN_CASE, NOT_YOUR_AGENCY, NOT_HERE, NOTHING_TO_HAND_OVER, ON_THE_WAY.
    """
    here = points.point_here(work)
    points.require_point(work, request.target)
    if here == request.target:
        raise UserError("SAME_POINT", L("A list goes to another point."), do=L("Choose where it goes."))
    number = f"JJ{work.today:%y%m%d}{work.number('handover', f'{work.today:%y%m%d}'):04d}"
    key = work.insert(
        h.handover, number=number, source=here, target=request.target, state="sent", sent_at=work.now,
        sent_by=work.actor.name,
    )  # fmt: skip
    for position, case_id in enumerate(dict.fromkeys(request.case_ids), 1):
        row = cases.at_window(work, case_id)
        _pack_one(work, row, here, request.what, key, position)
    work.subject = f"handover:{number}"
    return _handover(work, number)


def _pack_one(work: Work, row: Any, here: str, what: What, key: int, position: int) -> None:
    places = points.places_of(work, row.id)
    if (places.materials_at if what == "materials" else places.result_at) != here:
        raise UserError("NOT_HERE", L("The papers of case {number} are not here.", number=row.case_no))
    contents = _contents(work, row, what)
    if not contents:
        raise UserError(
            "NOTHING_TO_HAND_OVER",
            L("Case {number} has nothing to hand over yet.", number=row.case_no),
            do=L("Leave it off the list."),
        )
    try:
        with work.savepoint():
            work.insert(
                h.handover_line, handover_id=key, position=position, case_id=row.id, what=what, contents=contents,
            )  # fmt: skip
    except IntegrityError as error:
        raise UserError(
            "ON_THE_WAY", L("The papers of case {number} are on another list already.", number=row.case_no)
        ) from error
    if what == "materials":
        watching.sent_up(work, row.id)


def _contents(read: Read, row: Any, what: What) -> str:
    """What lies in the envelope, in words for the list."""
    if what == "result":
        if row.state not in READY:
            return ""
        papers = select(t.paper.c.title, t.paper.c.number).where(
            t.paper.c.case_id == row.id, t.paper.c.kind.in_(("D10", "D11"))
        )
        names = [f"{p.title}（{p.number}）" for p in read.all(papers)]
        return "、".join(names + ([f"证照 {row.certificate_no}"] if row.certificate_no else []))
    sheets = [
        f"{m.name}（原件{m.originals}、复印件{m.copies}）"
        for m in cases.materials(read, row.id)
        if m.given == "paper" and m.originals + m.copies
    ]
    return "、".join(sheets) if State(row.state) in OPEN else ""


class Received(Request):
    """What came of a list.

    Attributes:
        number: As scanned or typed.
        missing: What is wrong, by the line's position; every other line arrived as it was sent.
    """

    number: str = Field(min_length=1, max_length=40)
    missing: dict[int, str] = Field(default_factory=dict)


@operation("acceptance.receive_list", permission="acceptance.hand_over", title="Receive a hand-over list")
def receive_list(work: Work, request: Received) -> HandoverRow:
    """Receive a list at the point that it goes to, once, naming what did not arrive.

    Errors: UNKNOWN_LIST, NOT_YOUR_POINT, RECEIVED_ALREADY, DIFFERENCE_MISSING, UNKNOWN_LINE.
    """
    found = _by_number(work, request.number)
    if points.point_here(work) != found.target:
        raise UserError(
            "NOT_YOUR_POINT",
            L(
                "List {number} goes to {point}.",
                number=found.number,
                point=points.name_of(work, found.target),
            ),
        )
    mine = _h.id == found.id, _h.state == "sent"
    values = {"state": "received", "received_at": work.now, "received_by": work.actor.name}
    if not work.execute(update(h.handover).where(*mine).values(**values)):
        raise UserError("RECEIVED_ALREADY", L("List {number} was received already.", number=found.number))
    lines = work.all(select(h.handover_line).where(_l.handover_id == found.id).order_by(_l.position))
    unknown = sorted(request.missing.keys() - {line.position for line in lines})
    if unknown:
        raise UserError("UNKNOWN_LINE", L("The list has no line {n}.", n=unknown[0]))
    for line in lines:
        difference = request.missing.get(line.position)
        if difference is not None and not difference.strip():
            raise UserError("DIFFERENCE_MISSING", L("Say what is wrong with line {n}.", n=line.position))
        arrived = {"arrived": difference is None, "difference": (difference or "").strip()}
        work.execute(update(h.handover_line).where(_l.id == line.id).values(**arrived))
        if difference is None:
            points.place(work, line.case_id, **{f"{line.what}_at": found.target})
    work.subject = f"handover:{found.number}"
    work.detail = {"number": found.number, "lines": len(lines), "missing": sorted(request.missing)}
    return _handover(work, found.number)


class AskHandovers(Request):
    """Lists: to receive here, sent from here, or all of them; or the one of a number."""

    kind: Literal["coming", "sent", "all"] = "coming"
    number: str = Field("", max_length=40)
    before_id: int | None = None
    limit: int = Field(100, ge=1, le=1000)


@query("acceptance.handovers", permission="acceptance.hand_over", title="Hand-over lists")
def handovers(read: Read, request: AskHandovers) -> list[HandoverRow]:
    """Lists that come to the actor's point or went from it, newest first; people of the whole hall see all."""
    here = points.point_here(read)
    wanted: list[Any] = {
        "coming": [_h.target == here, _h.state == "sent"], "sent": [_h.source == here],
        "all": [] if read.actor.hall_wide else [or_(_h.source == here, _h.target == here)],
    }[request.kind]  # fmt: skip
    if not (
        read.actor.hall_wide or read.may("acceptance.see_all")
    ):  # of another agency's cases one sees nothing
        strange = select(_l.id).join(t.case, t.case.c.id == _l.case_id).where(
            and_(_l.handover_id == _h.id, t.case.c.agency != read.actor.agency, t.case.c.acceptor_id != read.actor.staff_id)
        )  # fmt: skip
        wanted.append(~strange.exists())
    if request.number:
        wanted.append(_h.number == _clean(request.number))
    if request.before_id is not None:
        wanted.append(_h.id < request.before_id)
    rows = read.all(select(h.handover).where(*wanted).order_by(_h.id.desc()).limit(request.limit))
    lines = _lines(read, [row.id for row in rows])
    return [_row(read, row, here, lines.get(row.id, [])) for row in rows]


@dataclass(frozen=True)
class Packable:
    """A case whose papers lie here and may go on a list."""

    case_id: int
    case_no: str
    item_name: str
    target: str


class AskPackable(Request):
    """What could be packed: materials to the hall, results to their issue points."""

    what: What = "materials"


@query("acceptance.packable", permission="acceptance.hand_over", title="What could be handed over")
def packable(read: Read, request: AskPackable) -> list[Packable]:
    """Cases whose papers lie at the actor's point and belong elsewhere, oldest first; no more than one list holds."""
    here, c = points.point_here(read), h.case_point.c
    on_the_way = (
        select(_l.id).where(_l.case_id == t.case.c.id, _l.what == request.what, _l.arrived.is_(None)).exists()
    )
    if request.what == "materials":
        wanted: list[Any] = [c.materials_at == here, here != points.HALL, t.case.c.state.in_(OPEN)]
    else:
        wanted = [c.result_at == here, c.issue != here, t.case.c.state.in_(READY)]
    if not (read.actor.hall_wide or read.may("acceptance.see_all")):
        wanted.append(or_(t.case.c.agency == read.actor.agency, t.case.c.acceptor_id == read.actor.staff_id))
    found = select(t.case, c.issue).join(h.case_point, c.case_id == t.case.c.id).where(*wanted, ~on_the_way)
    rows = read.all(found.order_by(t.case.c.id).limit(MOST_LINES))
    return [
        Packable(r.id, r.case_no, r.item_name, points.HALL if request.what == "materials" else r.issue)
        for r in rows
    ]


class AskList(Request):
    """A list by its number."""

    number: str = Field(min_length=1, max_length=40)


@query("acceptance.handover_file", permission="acceptance.hand_over", title="A hand-over list to print")
def handover_file(read: Read, request: AskList) -> bytes:
    """The list as a page with its bar code, for signatures at both ends. Errors: UNKNOWN_LIST."""
    from yichuang.api.documents import HandoverFacts, HandoverLine, handover_list, render

    found = _handover(read, request.number)
    lines = tuple(
        HandoverLine(
            x.case_no, x.item_name, x.contents, "" if x.arrived is not False else f"未到：{x.difference}"
        )
        for x in found.lines
    )
    facts = HandoverFacts(
        hall=read.setting("hall.name", "阿鲁科尔沁旗政务服务大厅"), number=found.number, source=found.source_name,
        target=found.target_name, sent_at=found.sent_at, sent_by=found.sent_by, lines=lines,
        received_at=found.received_at, received_by=found.received_by,
    )  # fmt: skip
    return render(handover_list(facts))


def _clean(number: str) -> str:
    return number.strip().upper().replace(" ", "")


def _by_number(read: Read, number: str) -> Any:
    found = read.one(select(h.handover).where(_h.number == _clean(number)))
    if found is None:
        raise UserError("UNKNOWN_LIST", L("There is no list {number}.", number=_clean(number)),
                        do=L("Scan the bar code again, or type it as printed."))  # fmt: skip
    return found


def _handover(read: Read, number: str) -> HandoverRow:
    """A list that the actor may see. Raises UNKNOWN_LIST."""
    found = _by_number(read, number)
    seen = handovers(read, AskHandovers(kind="all", number=found.number))
    if not seen:
        raise UserError("UNKNOWN_LIST", L("There is no list {number}.", number=found.number))
    return seen[0]


def _lines(read: Read, ids: list[int]) -> dict[int, list[Line]]:
    columns = (h.handover_line, t.case.c.case_no, t.case.c.item_name)
    found: dict[int, list[Line]] = {}
    joined = (
        select(*columns)
        .join(t.case, t.case.c.id == _l.case_id)
        .where(_l.handover_id.in_(ids))
        .order_by(_l.id)
    )
    for r in read.all(joined.limit(len(ids) * MOST_LINES)):
        line = Line(
            r.position, r.case_id, r.case_no, r.item_name, r.what, r.contents, r.arrived, r.difference
        )
        found.setdefault(r.handover_id, []).append(line)
    return found


def _row(read: Read, row: Any, here: str, lines: list[Line]) -> HandoverRow:
    return HandoverRow(
        row.id, row.number, row.source, points.name_of(read, row.source), row.target, points.name_of(read, row.target),
        row.state, row.sent_at, row.sent_by, row.received_at, row.received_by, here == row.target, lines,
    )  # fmt: skip
