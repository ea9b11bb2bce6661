"""Papers that come after the intake: promised ones, and others that an applicant adds unasked; each with event and receipt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pydantic import Field

from yichuang.api import CleanText, Request, UserError, Work, func, operation, select, update
from yichuang_acceptance import tables as t
from yichuang_acceptance.operations import cases, figures, later
from yichuang_acceptance.operations.papers import draft_paper
from yichuang_acceptance.rules.intake import VOLUNTARY, Given
from yichuang_acceptance.rules.machine import UNDECIDED, Event, State
from yichuang_acceptance.rules.pages import MOST_FILES
from yichuang_acceptance.words import words

L = words.lazy
RECEIPT = "D1"
MOST_VOLUNTARY = 20
PREFIX = "其他（自愿提交）："
"""Before the name wherever it is shown or printed, so that nobody takes it for something that was asked for."""


@dataclass(frozen=True)
class TakenIn:
    """A case that more papers came in for."""

    case_id: int
    case_no: str
    state: str


class Bring(Request):
    """A promised material, brought."""

    case_id: int
    position: int = Field(ge=1, le=200)
    originals: int = Field(0, ge=0, le=999)
    copies: int = Field(1, ge=0, le=999)
    pages: tuple[str, ...] = ()


@operation("acceptance.bring", permission="acceptance.accept", title="Take in a promised material")
def bring(work: Work, request: Bring) -> TakenIn:
    """Take in a material that was tolerated as missing, with a receipt. Errors: NOT_OWED."""
    row = _held(work, request.case_id)
    owed = t.material.c.case_id == row.id, t.material.c.given == Given.TOLERATED
    mine = *owed, t.material.c.position == request.position
    name = work.scalar(select(t.material.c.name).where(*mine))
    if name is None:
        raise UserError("NOT_OWED", L("Material {n} is not owed.", n=request.position))
    work.execute(update(t.material).where(*mine).values(given=Given.PAPER, **_sheets(request)))
    left = work.scalar(select(func.count()).select_from(t.material).where(*owed))
    return _enter(work, row, name, {"position": request.position, **_sheets(request)},
                  tolerance_due=row.tolerance_due if left else None)  # fmt: skip


class Voluntary(Request):
    """A paper that the item does not ask for.

    Attributes:
        own_accord: The applicant adds it unasked; nothing beyond the item's list may be demanded (art. 31).
    """

    case_id: int
    name: CleanText = Field(min_length=1, max_length=80)
    originals: int = Field(0, ge=0, le=999)
    copies: int = Field(0, ge=0, le=999)
    pages: tuple[str, ...] = Field((), max_length=MOST_FILES)
    own_accord: bool = False


@operation(
    "acceptance.take_voluntary",
    permission="acceptance.accept",
    title="Take in a paper that was not asked for",
)
def take_voluntary(work: Work, request: Voluntary) -> TakenIn:
    """Take in what an applicant adds unasked, until the decision; the item's own list stays as it is (art. 31).

    Errors: NOT_OWN_ACCORD, NO_SHEETS, ASKED_FOR_ALREADY, TOO_MANY_PAPERS, CASE_DECIDED, FILE_MISSING, NOT_YOUR_AGENCY.
    """
    row = _held(work, request.case_id)
    there = cases.materials(work, row.id)
    _check(row, request, there)
    for digest in request.pages:
        work.get_blob(digest)
    position, name = max((m.position for m in there), default=0) + 1, PREFIX + request.name
    work.insert(
        t.material, case_id=row.id, position=position, code="", name=name, need=VOLUNTARY, given=Given.PAPER, licence="",
        due=None, **_sheets(request),
    )  # fmt: skip
    return _enter(work, row, name, {"position": position, **_sheets(request)})


def _check(row: Any, request: Voluntary, there: list[Any]) -> None:
    if not request.own_accord:
        raise UserError(
            "NOT_OWN_ACCORD",
            L("Nothing beyond the list of the item may be asked for (art. 31)."),
            do=L("Take the paper only if the applicant adds it unasked, and say so."),
        )
    if request.originals + request.copies < 1:
        raise UserError("NO_SHEETS", L("Say how many sheets were handed in."))
    if State(row.state) not in UNDECIDED:
        raise UserError(
            "CASE_DECIDED",
            L("Case {number} is decided, or has ended.", number=row.case_no),
            do=L("Give the paper back."),
        )
    if any(m.name == request.name for m in there):
        raise UserError(
            "ASKED_FOR_ALREADY",
            L("The item asks for “{name}” itself.", name=request.name),
            do=L("Take it in as that material."),
        )
    if sum(m.need == VOLUNTARY for m in there) >= MOST_VOLUNTARY:
        raise UserError("TOO_MANY_PAPERS", L("No more than {n} papers can be added.", n=MOST_VOLUNTARY))


def _held(work: Work, case_id: int) -> Any:
    """The case, which nobody else writes an event of before this transaction ends."""
    row = cases.at_window(work, case_id)
    later.lock(work, row.id)
    return cases.load(work, row.id)


def _sheets(request: Bring | Voluntary) -> dict[str, Any]:
    return {"originals": request.originals, "copies": request.copies, "pages": list(request.pages)}


def _enter(work: Work, row: Any, name: str, payload: dict[str, Any], **values: Any) -> TakenIn:
    """The event, and a new version of the case, so that nobody decides without having seen the paper; the receipt."""
    state = State(row.state)
    cases.record(work, row.id, Event.HAND_IN, state, state, name, payload)
    values |= figures.at_visit(work, row)
    work.update(t.case, {"id": row.id}, row_version=row.row_version + 1, **values)
    _receipt(work, row, name)
    work.subject = cases.subject(row.case_no)
    return TakenIn(row.id, row.case_no, state)


def _receipt(work: Work, row: Any, name: str) -> None:
    """One receipt for all that comes before it is made."""
    mine = t.paper.c.case_id == row.id, t.paper.c.kind == RECEIPT, t.paper.c.state == "drafted"
    for paper in work.all(select(t.paper).where(*mine)):
        if "later" in paper.facts:
            facts = {**paper.facts, "later": [*paper.facts["later"], name]}
            work.update(t.paper, {"id": paper.id}, facts=facts)
            return
    draft_paper(work, row, RECEIPT, {"later": [name]})
