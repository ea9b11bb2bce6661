"""Papers that wait for a seal: taking them in, showing them, refusing them."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import datetime, time
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from yichuang.api import (
    HALL_ZONE,
    Read,
    Request,
    StampTicket,
    UserError,
    Work,
    and_,
    entries_about,
    func,
    identifiers,
    operation,
    or_,
    query,
    select,
    update,
)
from yichuang_seal.fields import Key
from yichuang_seal.rules.lifecycle import State
from yichuang_seal.tables import request as paper_table
from yichuang_seal.tables import seal
from yichuang_seal.tables import stamp as ledger_table
from yichuang_seal.words import L

if TYPE_CHECKING:
    from yichuang_seal.rules.paper import OpenPaper

PaperState = Literal["waiting", "stamped", "refused"]
MOST_PAPERS = 500


class AskForStamp(Request):
    """A finished document that needs a seal; the fields of the hook's `StampRequest`."""

    subject: str
    paper: str
    document: str
    title: str
    agency: str
    number: str = ""
    seal_kind: str = "approval"
    addressee: str = ""
    due: datetime | None = None


@operation("seal.request", permission="seal.request", title="Ask for a seal")
def ask(work: Work, request: AskForStamp) -> StampTicket | None:
    """Put a document into the keepers' list; None where no seal of that kind is in use.

    Asking again for the same paper gives the same ticket; a document that was made anew takes the place of
    the one that waits or was refused. Errors: FILE_MISSING, ALREADY_STAMPED.
    """
    work.subject = request.subject
    owner_seal = work.one(
        select(seal.c.name)
        .where(
            seal.c.agency == request.agency, seal.c.kind == request.seal_kind, seal.c.state == State.IN_USE
        )
        .order_by(seal.c.id.desc())
        .limit(1)
    )
    if owner_seal is None:
        return None
    work.get_blob(request.document)  # it must be kept already, whole
    known = work.one(
        select(paper_table)
        .where(paper_table.c.subject == request.subject, paper_table.c.paper == request.paper)
        .with_for_update()
    )
    if known is None:
        key = work.insert(
            paper_table,
            **request.model_dump(exclude={"seal_kind"}),
            kind=request.seal_kind,
            requester_id=work.actor.staff_id,
            requester=work.actor.name,
            requested_at=work.now,
            state="waiting",
        )
        return StampTicket(key, owner_seal.name)
    _renew(work, known, request)
    return StampTicket(known.id, owner_seal.name)


def _renew(work: Work, known: Any, request: AskForStamp) -> None:
    """The same paper once more: nothing to do, or a new document in place of an unsealed one."""
    if known.document == request.document and known.state != "refused":
        return
    if known.state == "stamped":
        raise UserError(
            "ALREADY_STAMPED",
            L("“{title}” was sealed already.", title=known.title),
            do=L("Issue a correction as a paper of its own."),
        )
    work.execute(
        update(paper_table)
        .where(paper_table.c.id == known.id)
        .values(
            document=request.document,
            title=request.title,
            number=request.number,
            addressee=request.addressee,
            due=request.due,
            requester_id=work.actor.staff_id,
            requester=work.actor.name,
            requested_at=work.now,
            state="waiting",
            reason="",
            decided_at=None,
        )
    )


class Refuse(Request):
    """Which paper is not to be sealed, and why."""

    request_id: Key
    reason: str


@operation("seal.refuse", permission="seal.stamp", title="Refuse to seal a paper")
def refuse(work: Work, request: Refuse) -> None:
    """Send a paper back unsealed; its owner is told in the same transaction.

    Errors: UNKNOWN_PAPER, NOT_YOUR_AGENCY, ALREADY_DECIDED, REASON_MISSING.
    """
    row = paper_row(work, request.request_id)
    if not request.reason:
        raise UserError("REASON_MISSING", L("Give the reason for this step."))
    work.subject = row.subject
    touched = work.execute(
        update(paper_table)
        .where(paper_table.c.id == row.id, paper_table.c.state == "waiting")
        .values(state="refused", reason=request.reason, decided_at=work.now)
    )
    if not touched:
        raise already_decided(row)
    work.hooks.document_refused(work=work, subject=row.subject, paper=row.paper, reason=request.reason)


class Withdrawal(Request):
    """Which paper its owner no longer wants sealed, and why; named as it was asked for."""

    subject: str
    paper: str
    reason: str


@operation("seal.withdraw", permission="seal.request", title="Take a paper back from the seal keepers")
def withdraw(work: Work, request: Withdrawal) -> bool:
    """Take a paper out of the keepers' list with the reason; False where it does not wait."""
    work.subject = request.subject
    named = paper_table.c.subject == request.subject, paper_table.c.paper == request.paper
    return bool(
        work.execute(
            update(paper_table)
            .where(*named, paper_table.c.state == "waiting")
            .values(state="refused", reason=request.reason, decided_at=work.now)
        )
    )


@dataclass(frozen=True)
class PaperCard:
    """A paper as the list shows it.

    Attributes:
        label: Short form of what it belongs to, such as a case's day and serial.
    """

    id: int
    subject: str
    label: str
    title: str
    number: str
    addressee: str
    agency: str
    kind: str
    state: PaperState
    reason: str
    requester: str
    requested_at: datetime
    due: datetime | None
    decided_at: datetime | None


@dataclass(frozen=True)
class Waiting:
    """The keeper's list: what waits, and what was done today.

    Attributes:
        papers: Done today first, in the order they were done, then what waits, oldest first; at most 500.
        waiting, stamped, refused: How many, also beyond the list.
    """

    papers: list[PaperCard]
    waiting: int
    stamped: int
    refused: int


class ListPapers(Request):
    """How many papers at most."""

    limit: int = Field(MOST_PAPERS, ge=1, le=MOST_PAPERS)


@query("seal.waiting", permission="seal.view", title="Papers that wait for a seal")
def waiting(read: Read, request: ListPapers) -> Waiting:
    """Papers of one's own agency, or with hall-wide rights of all."""
    midnight = datetime.combine(read.today, time.min, HALL_ZONE)
    shown = and_(
        or_(paper_table.c.state == "waiting", paper_table.c.decided_at >= midnight), _within_reach(read)
    )
    counts = read.all(
        select(paper_table.c.state, func.count().label("n")).where(shown).group_by(paper_table.c.state)
    )
    rows = read.all(
        select(paper_table)
        .where(shown)
        .order_by(paper_table.c.state == "waiting", paper_table.c.decided_at, paper_table.c.id)
        .limit(request.limit)
    )
    number = {row.state: row.n for row in counts}
    return Waiting(
        [_card(row) for row in rows],
        number.get("waiting", 0),
        number.get("stamped", 0),
        number.get("refused", 0),
    )


class CountPapers(Request):
    """Nothing to choose."""


@query("seal.badge", permission="seal.view", title="How many papers wait for a seal")
def badge(read: Read, _request: CountPapers) -> int:
    """Papers that the actor could seal now."""
    found = select(func.count()).where(paper_table.c.state == "waiting", _within_reach(read))
    return int(read.scalar(found))


class AskPaper(Request):
    """Which paper."""

    request_id: Key


@dataclass(frozen=True)
class Check:
    """One of the three conditions of sealing."""

    name: Literal["unchanged", "approved", "unsealed"]
    passed: bool
    detail: str = ""


@dataclass(frozen=True)
class Spot:
    """Middle of the date of signature: page from 0, millimetres from the top left."""

    page: int
    x: float
    y: float


@dataclass(frozen=True)
class PageFace:
    """Size of a page in millimetres."""

    width: float
    height: float


@dataclass(frozen=True)
class PaperDetail:
    """A paper ready to be looked at.

    Attributes:
        document: The PDF in base64; the sealed one once it was sealed. Empty if it is damaged.
        dates: Where the seal belongs; empty on papers that do not say.
        seal_id: The seal that was asked for, if the actor can use one of that kind.
    """

    card: PaperCard
    document: str
    digest: str
    pages: list[PageFace]
    dates: list[Spot]
    checks: list[Check]
    seal_id: int | None


@query("seal.paper", permission="seal.view", title="A paper that waits for a seal")
def paper(read: Read, request: AskPaper) -> PaperDetail:
    """The document, where its seal goes, and the three checks. Errors: UNKNOWN_PAPER, NOT_YOUR_AGENCY."""
    row = paper_row(read, request.request_id)
    sealed = read.scalar(select(ledger_table.c.after).where(ledger_table.c.request == row.id))
    checks, opened = examine(read, row)
    document, pages, dates = b"", [], []
    if opened is not None:
        document = read.get_blob(sealed) if sealed else opened.pdf
        pages = [PageFace(size.width, size.height) for size in opened.sizes]
        dates = date_spots(opened.pdf)
    return PaperDetail(
        card=_card(row),
        document=base64.b64encode(document).decode(),
        digest=sealed or row.document,
        pages=pages,
        dates=dates,
        checks=checks,
        seal_id=_seal_for(read, row),
    )


def examine(read: Read, row: Any) -> tuple[list[Check], OpenPaper | None]:
    """The three checks: is the document the one that was asked for, by an operation, and free of seals.

    Returns:
        The checks, and the opened document; None if it is damaged.
    """
    from yichuang_seal.rules.paper import open_paper

    asked = any(
        entry.event == "seal.request"
        and (entry.detail.get("paper"), entry.detail.get("document")) == (row.paper, row.document)
        for entry in entries_about(read.reader, row.subject)
    )
    approved = Check("approved", asked, row.requester)
    try:
        opened = open_paper(read.get_blob(row.document))
    except UserError as error:
        return [Check("unchanged", False, str(error)), approved, Check("unsealed", False)], None
    return [Check("unchanged", True), approved, Check("unsealed", opened.seals == 0)], opened


def date_spots(pdf: bytes) -> list[Spot]:
    """Where a paper of ours says its seals go; the last one is the applicant's copy."""
    from yichuang.api.documents import seal_places

    return [Spot(place.page, place.x, place.y) for place in seal_places(pdf)]


def paper_row(read: Read, request_id: int) -> Any:
    """A paper within the actor's reach.

    Raises:
        UserError: UNKNOWN_PAPER or NOT_YOUR_AGENCY.
    """
    row = read.one(select(paper_table).where(paper_table.c.id == request_id))
    if row is None:
        raise UserError("UNKNOWN_PAPER", L("There is no such paper."))
    read.require_agency(row.agency)
    return row


def already_decided(row: Any) -> UserError:
    """The error for a paper that no longer waits, or not in this form."""
    if row.state == "refused":
        return UserError(
            "ALREADY_DECIDED",
            L("“{title}” is not sealed any more: {reason}", title=row.title, reason=row.reason),
            do=L("Refresh the list."),
        )
    return UserError(
        "ALREADY_DECIDED",
        L("“{title}” no longer waits for a seal, or was made anew.", title=row.title),
        do=L("Refresh the list."),
    )


def _within_reach(read: Read) -> Any:
    return True if read.actor.hall_wide else paper_table.c.agency == read.actor.agency


def _seal_for(read: Read, row: Any) -> int | None:
    found: int | None = read.scalar(
        select(seal.c.id)
        .where(
            seal.c.agency == row.agency,
            seal.c.kind == row.kind,
            seal.c.state == State.IN_USE,
            seal.c.valid_until > read.now,
        )
        .order_by(seal.c.id.desc())
        .limit(1)
    )
    return found


def _short(subject: str) -> str:
    kind, _colon, key = subject.partition(":")
    if kind == "case" and len(key) == 19 and key.isdecimal():
        return identifiers.short_case_number(key)
    return key


def _card(row: Any) -> PaperCard:
    return PaperCard(
        id=row.id,
        subject=row.subject,
        label=_short(row.subject),
        title=row.title,
        number=row.number,
        addressee=row.addressee,
        agency=row.agency,
        kind=row.kind,
        state=row.state,
        reason=row.reason,
        requester=row.requester,
        requested_at=row.requested_at,
        due=row.due,
        decided_at=row.decided_at,
    )
