"""Papers of a case: drafted as rows in the transaction that causes them, rendered afterwards, sealed by the seal keepers.

A crash between drafting and rendering loses nothing: the row says what the paper must say, and rendering is repeated by
`acceptance.render` until it is done. One kind alone belongs to no case: the order on a violation that no case came of (S1);
what stands for its case is made from the violation, see `owner_of`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pydantic import Field

from yichuang.api import (
    Read,
    Request,
    StampRequest,
    UserError,
    Work,
    bindparam,
    hall,
    identifiers,
    in_language,
    operation,
    or_,
    prepare,
    query,
    select,
    update,
)
from yichuang_acceptance import tables as t
from yichuang_acceptance.matter_tables import part
from yichuang_acceptance.operations import cases, looks, paper_sizes
from yichuang_acceptance.operations.oversight_papers import in_place_of_case
from yichuang_acceptance.operations.paper_texts import build, title_of
from yichuang_acceptance.words import words

L = words.lazy
RENDER_AT_ONCE = 20
PAPERS_IN = "zh_CN"

# Papers that the law wants sealed, and the mark that stands in their number (文号).
SEALED = frozenset({"D2", "D3", "D4", "D7", "D8", "D9", "D10", "D11", "D12", "D16", "D18", "D19"})
MARKS = {
    "D1": "收字", "D2": "补字", "D3": "受字", "D4": "不受字", "D5": "容字", "D7": "特字", "D8": "延字", "D9": "听字",
    "D10": "许字", "D11": "不许字", "D12": "终字", "D13": "取字", "D14": "送字", "D15": "领字", "D16": "启字", "D18": "撤字",
    "D17": "告字",
    "D6": "诺字", "D19": "转字", "S1": "督字",
}  # fmt: skip

_own = part.alias("own")
_DRAFTED = select(t.paper).where(t.paper.c.state == "drafted").order_by(t.paper.c.id).limit(RENDER_AT_ONCE)
_DRAFTED_OF = prepare(
    select(t.paper)
    .where(t.paper.c.state == "drafted", t.paper.c.case_id == bindparam("case_id"))
    .order_by(t.paper.c.id)
)
_DRAFTED_ORDERS = prepare(
    select(t.paper)
    .where(t.paper.c.state == "drafted", t.paper.c.alert_id == bindparam("alert_id"))
    .order_by(t.paper.c.id)
)
_SHORT_NAME = prepare(select(hall.agency.c.short_name).where(hall.agency.c.code == bindparam("agency")))
_DRAFTED_BESIDE = (
    prepare(  # of the other items of its matter: an event of one drafts papers of those that it opens
        select(t.paper)
        .join(part, part.c.case_id == t.paper.c.case_id)
        .where(
            t.paper.c.state == "drafted",
            t.paper.c.kind != "D10",
            part.c.case_id != bindparam("case_id"),
            part.c.matter_id.in_(select(_own.c.matter_id).where(_own.c.case_id == bindparam("case_id"))),
        )
        .order_by(t.paper.c.id)
    )
)
_PAPER = prepare(select(t.paper).where(t.paper.c.id == bindparam("id")))

_UNSEALED = prepare(
    select(t.paper)
    .where(
        t.paper.c.case_id == bindparam("case_id"),
        or_(*(t.paper.c.state == state for state in ("drafted", "waiting_seal", "sent_back"))),
    )
    .order_by(t.paper.c.id)
    .with_for_update()
)
_PAPER_LOCKED = prepare(select(t.paper).where(t.paper.c.id == bindparam("id")).with_for_update())


def draft_paper(
    work: Work, row: Any, kind: str, facts: dict[str, Any], *, alert_id: int | None = None, number: str = ""
) -> int:
    """Enter a paper of a case with its number; returns its id. It is rendered after the transaction.

    `alert_id`: the violation that an order is about where `row` only stands for a case. `number`: of what the applicant says;
    it is no paper of the organ's and bears none of its numbers.
    """
    from yichuang.api.documents import document_number

    short_name = work.scalar(_SHORT_NAME, agency=row.agency)
    facts = {**facts, **paper_sizes.kept(work, kind, facts)}
    if kind in MARKS:
        year = work.today.year
        serial = work.number(f"paper.{kind}", f"{row.agency}.{year}")
        number = document_number(f"阿{short_name}{MARKS[kind]}", year, serial)
    paper_id = work.insert(
        t.paper,
        case_id=row.id,
        alert_id=alert_id,
        kind=kind,
        title=title_of(kind, facts, licence=cases.is_licence(row)),
        number=number,
        at=work.now,
        facts=facts,
        state="drafted",
    )
    return int(paper_id)


class Render(Request):
    """The papers of one case, the orders on one violation without one, or whatever waits that one may see, oldest first."""

    case_id: int | None = None
    alert_id: int | None = None


def _rendered(read: Read, request: Render) -> dict[int, bytes]:
    """Render outside the transaction: a page takes longer than a hall may be kept waiting."""
    from yichuang.api.documents import render

    if request.case_id is not None:
        case = cases.at_window(read, request.case_id)
        rows = read.all(_DRAFTED_OF, case_id=case.id)
        rows += read.all(_DRAFTED_BESIDE, case_id=case.id) if cases.is_child(case) else []
    elif request.alert_id is not None:
        rows = read.all(_DRAFTED_ORDERS, alert_id=request.alert_id)
        if rows:
            cases.require_sight(read, owner_of(read, rows[0]))
    else:
        rows = read.all(_of_what_is_seen(read))
    return {row.id: render(build(read, owner_of(read, row), row)) for row in rows}


def _of_what_is_seen(read: Read) -> Any:
    """Whatever is drafted for cases, and ordered about violations without one, that the actor may see."""
    if read.actor.hall_wide or read.may("acceptance.see_all"):
        return _DRAFTED
    own = or_(
        t.case.c.agency == read.actor.agency,
        t.case.c.acceptor_id == read.actor.staff_id,
        t.alert.c.agency == read.actor.agency,
    )
    return (
        _DRAFTED.outerjoin(t.case, t.case.c.id == t.paper.c.case_id)
        .outerjoin(t.alert, t.alert.c.id == t.paper.c.alert_id)
        .where(own)
    )


def owner_of(read: Read, paper: Any) -> Any:
    """The row of the case that a paper belongs to, or what stands for one."""
    if paper.case_id is None:
        return in_place_of_case(read, paper.alert_id)
    return cases.load(read, paper.case_id)


@dataclass(frozen=True)
class PaperRow:
    """A paper of a case.

    Attributes:
        case_id: None of an order on a violation without a case.
        state: drafted, rendered, waiting_seal, sealed or sent_back; void where its case ended before it was sealed.
        replaced: Number of the paper that holds in its place; empty while it holds itself.
    """

    id: int
    case_id: int | None
    kind: str
    title: str
    number: str
    state: str
    document: str
    sealed: str
    prints: int
    replaced: str = ""


def paper_row(row: Any) -> PaperRow:
    """A table row as callers see it."""
    return PaperRow(
        row.id, row.case_id, row.kind, row.title, row.number,
        "void" if row.facts.get("void") else row.state, row.document, row.sealed, row.prints,
        row.facts.get("replaced_by", ""),
    )  # fmt: skip


@operation("acceptance.render", permission="acceptance.print", title="Make papers", prepare=_rendered)
def render_papers(work: Work, request: Render) -> list[PaperRow]:
    """Render drafted papers and hand those that need a seal to the seal keepers. Repeating it does nothing."""
    done = []
    for paper_id, data in work.prepared.items():
        row = work.one(_PAPER_LOCKED, id=paper_id)
        if row is None or row.state != "drafted":
            continue  # somebody else rendered it meanwhile
        digest = work.put_blob(data, "application/pdf")
        state, facts = _ask_for_seal(work, row, digest)
        work.execute(
            update(t.paper).where(t.paper.c.id == row.id).values(document=digest, state=state, facts=facts)
        )
        if request.case_id in (
            None,
            row.case_id,
        ):  # those beside it are made, but are not this person's to see
            done.append(paper_row(work.one(_PAPER, id=paper_id)))
    if request.alert_id is not None and done:
        work.subject = f"finding:{in_place_of_case(work, request.alert_id).finding_no}"
    if request.case_id is not None and done:
        work.subject = cases.subject(cases.load(work, request.case_id).case_no)
    work.detail = {"papers": [row.number for row in done]}
    return done


def _ask_for_seal(work: Work, row: Any, digest: str) -> tuple[str, dict[str, Any]]:
    """The state after rendering. Where nobody can stamp, the paper is printed and stamped by hand (facts.no_seal)."""
    if row.kind not in SEALED or holds_no_more(row.facts):
        return "rendered", row.facts
    case_row = cases.load(work, row.case_id)
    request = StampRequest(
        subject=cases.subject(case_row.case_no), paper=str(row.id), document=digest, title=row.title, number=row.number,
        agency=case_row.agency, addressee=_addressee(case_row), due=case_row.promise_due_at,
    )  # fmt: skip
    ticket = work.hooks.stamp_document(work=work, request=request)
    if ticket is not None:
        return "waiting_seal", row.facts
    if row.kind == "D10":
        from yichuang_acceptance.operations.decide import make_result

        make_result(work, case_row, row)
    return "rendered", {**row.facts, "no_seal": True}


def holds_no_more(facts: dict[str, Any]) -> bool:
    """Whether a paper was replaced by another, or its case ended before it was sealed: it is not sealed any more."""
    return bool(facts.get("replaced_by") or facts.get("void"))


def replace_paper(work: Work, row: Any, paper: Any, number: str) -> None:
    """A new paper with this number holds in place of another, which is taken back from whoever is to seal it."""
    reason = in_language(L("replaced by {number}", number=number), PAPERS_IN)
    _take_back(work, row, work.one(_PAPER_LOCKED, id=paper.id), {"replaced_by": number}, reason)


def void_unsealed(work: Work, row: Any) -> None:
    """The case ended without a result: what was to be sealed for it until then is no longer given to anybody."""
    reason = in_language(L("the case has ended"), PAPERS_IN)
    for paper in work.all(_UNSEALED, case_id=row.id):
        if paper.kind in SEALED:
            _take_back(work, row, paper, {"void": True}, reason)


def _take_back(work: Work, row: Any, paper: Any, mark: dict[str, Any], reason: str) -> None:
    """Mark a paper, whose row is locked, that holds no more, also for a keeper who is sealing it at this moment."""
    if paper.state != "drafted":  # a draft was asked of nobody
        subject = cases.subject(row.case_no)
        work.hooks.withdraw_document(work=work, subject=subject, paper=str(paper.id), reason=reason)
    state = (
        "rendered" if paper.state in ("waiting_seal", "sent_back") else paper.state
    )  # a seal that came first stays
    work.update(t.paper, {"id": paper.id}, state=state, facts={**paper.facts, **mark})


def _addressee(row: Any) -> str:
    """For whom a paper is, as the seal keeper may see it."""
    return (
        identifiers.mask_name(row.applicant_name)
        if row.applicant_kind == "person"
        else str(row.applicant_name)
    )


def paper_sealed(work: Work, paper_id: int, sealed: str) -> None:
    """The seal keeper stamped a paper; a sealed grant makes the result."""
    from yichuang_acceptance.operations.decide import make_result

    row = work.one(_PAPER_LOCKED, id=paper_id)
    if row is not None and holds_no_more(row.facts):
        raise UserError(
            "PAPER_HOLDS_NO_MORE",
            L("{title} {number} holds no more and is not sealed.", title=row.title, number=row.number),
            do=L("Refresh the list."),
        )
    if row is None or row.state != "waiting_seal":
        raise UserError("PAPER_NOT_WAITING", L("This paper does not wait for a seal."))
    work.execute(update(t.paper).where(t.paper.c.id == paper_id).values(sealed=sealed, state="sealed"))
    if row.kind == "D10":
        make_result(work, cases.load(work, row.case_id), work.one(_PAPER, id=paper_id))


class AskPaper(Request):
    """A paper by its id."""

    paper_id: int


class SeePaper(AskPaper, looks.Seeing):
    """A paper to be seen."""


@query("acceptance.paper_file", permission="acceptance.view", title="The PDF of a paper")
def paper_file(read: Read, request: SeePaper) -> bytes:
    """The sealed PDF, or the unsealed one before that; who looks, and for what, is journalled.

    Errors: UNKNOWN_PAPER, PAPER_NOT_READY, NOT_YOUR_AGENCY, PURPOSE_MISSING.
    """
    return read.get_blob(digest_to_see(read, paper_of(read, request.paper_id), request))


def digest_to_see(read: Read, paper: Any, asked: SeePaper) -> str:
    """The file of a paper, seen for a purpose. Raises PAPER_NOT_READY, PURPOSE_MISSING."""
    if not paper.document:
        raise UserError(
            "PAPER_NOT_READY", L("The paper is still being made."), do=L("Try again in a moment.")
        )
    if paper.case_id is not None:  # an order on a violation without a case is nobody's application
        look = looks.Look(case_id=paper.case_id, what="paper", number=paper.id)
        looks.before_showing(read, cases.load(read, paper.case_id), look, asked, paper)
    return str(paper.sealed or paper.document)


@operation("acceptance.count_print", permission="acceptance.print", title="Print a paper")
def count_print(work: Work, request: AskPaper) -> int:
    """Count a print of a paper; returns which one it is. From the second on it is a reprint (补打)."""
    row = paper_of(work, request.paper_id)
    work.execute(update(t.paper).where(t.paper.c.id == row.id).values(prints=t.paper.c.prints + 1))
    work.subject = f"paper:{row.id}"
    return int(row.prints) + 1


def paper_of(read: Read, paper_id: int) -> Any:
    """The row of a paper of what the actor may see. Raises UNKNOWN_PAPER, NOT_YOUR_AGENCY."""
    row = read.one(_PAPER, id=paper_id)
    if row is None:
        raise UserError("UNKNOWN_PAPER", L("There is no such paper."))
    if row.facts.get("agency", "") != (read.actor.agency or "-"):  # an order goes to whom it names
        cases.require_sight(read, owner_of(read, row))
    return row


class AskPapers(Request):
    """Papers of one case."""

    case_id: int = Field(ge=1)


@query("acceptance.papers", permission="acceptance.view", title="Papers of a case")
def papers(read: Read, request: AskPapers) -> list[PaperRow]:
    """The papers of a case, oldest first."""
    cases.require_sight(read, cases.load(read, request.case_id))
    found = read.all(
        select(t.paper).where(t.paper.c.case_id == request.case_id).order_by(t.paper.c.id).limit(200)
    )
    return [paper_row(row) for row in found]
