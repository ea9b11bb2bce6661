"""Entering what desks received while the database was away, under numbers of their blocks.

A receipt is known by the id that the desk gave it: entering it again answers with the same case, so a cut in the middle
loses nothing and doubles nothing. Number and time stay what the applicant's receipt says. Its pages come first, each by
`acceptance.keep_page`, which is harmless to repeat; a receipt is entered once all of them are there, or not at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic import AwareDatetime, Field

from yichuang.api import Read, Request, UserError, Work, hall, operation, query, select, update
from yichuang_acceptance import offline_tables as o
from yichuang_acceptance.operations import cases, search_index
from yichuang_acceptance.operations.drafts import SaveDraft, save_draft
from yichuang_acceptance.operations.intake import (
    Accepted,
    Intake,
    Offline,
    enter,
    give_receipt,
    outcome,
    spell_names,
)
from yichuang_acceptance.operations.num_blocks import not_leased
from yichuang_acceptance.operations.reuse import AskOpenCases, open_cases
from yichuang_acceptance.rules import offline as rules
from yichuang_acceptance.rules.offline import Ended
from yichuang_acceptance.rules.pages import pages_of
from yichuang_acceptance.words import words

L = words.lazy


MOST_ASKED = 500
"""Digests that are looked for at once; a desk asks in several goes."""


class AskPages(Request):
    """Pages that a desk has, by digest."""

    digests: tuple[str, ...] = Field(max_length=MOST_ASKED)


@query("acceptance.missing_pages", permission="acceptance.accept", title="Pages that are not kept yet")
def missing_pages(read: Read, request: AskPages) -> list[str]:
    """Which of these pages the hall does not have, in the order of asking: only those are sent, also after a cut."""
    return _missing(read, request.digests)


def _missing(read: Read, digests: Sequence[str]) -> list[str]:
    there: set[str] = set()
    for start in range(0, len(digests), MOST_ASKED):
        asked = hall.blob.c.digest.in_(digests[start : start + MOST_ASKED])
        there |= {row.digest for row in read.all(select(hall.blob.c.digest).where(asked))}
    return [digest for digest in dict.fromkeys(digests) if digest not in there]


class Kept(Request):
    """A receipt as the desk kept it.

    Attributes:
        local_id: The desk's own name for it; the same at every attempt.
    """

    local_id: str = Field(pattern=r"^[0-9a-f]{32}$")
    case_no: str = Field(max_length=19)
    desk: str = Field(min_length=1, max_length=20)
    received_at: AwareDatetime


class EnterOffline(Kept):
    """A receipt with the application that lay on the desk.

    Attributes:
        received_by: Who took it in; nobody else enters it, because whoever accepts never decides.
        first_at: What the paper says, where the desk's clock was wrong and the time was corrected; goes on record.
        beside: The clerk has seen the open case of the same applicant and enters this one beside it.
    """

    received_by: int
    query_code: str = Field(pattern=r"^[A-Z2-9]{6}$")
    intake: Intake
    first_at: AwareDatetime | None = None
    beside: bool = False


def _spell(read: Read, request: EnterOffline) -> search_index.Spelled:
    return spell_names(read, request.intake)


@operation(
    "acceptance.enter_offline", permission="acceptance.accept", title="Enter an application received offline",
    prepare=_spell,
)  # fmt: skip
def enter_offline(work: Work, request: EnterOffline) -> Accepted:
    """Enter a receipt as a received case under its number and time; one that was entered before is only answered.

    Errors: NOT_LEASED, NUMBER_USED, RECEIPT_ENDED, RECEIVED_BY_ANOTHER, RECEIVED_IN_FUTURE, RECEIVED_BEFORE_BLOCK,
    RECEIVED_ON_ANOTHER_DAY, PAGES_MISSING, DUPLICATE_OPEN_CASE, NOT_YOUR_AGENCY, UNKNOWN_ITEM, ITEM_NOT_IN_USE,
    VERSION_NOT_IN_FORCE, BAD_CITIZEN_ID, BAD_USCC.
    """
    block = _block(work, request)
    known = _known(work, request)
    if known is not None:
        if known.outcome != Ended.ENTERED:
            raise _ended(known)
        cases.require_sight(work, cases.load(work, known.case_id))
        return outcome(work, known.case_id)
    if request.received_by != work.actor.staff_id:
        raise UserError(
            "RECEIVED_BY_ANOTHER",
            L("Receipt {number} was taken in by somebody else.", number=request.case_no),
            do=L("Let that person sign in at this desk, or take it over as a draft of your own."),
        )
    rules.check_receipt(request.case_no, request.received_at, block.day, block.leased_at, work.now)
    _require_pages(work, request)
    _refuse_double(work, request)
    away = Offline(request.case_no, request.query_code, request.received_at, request.desk)
    row, _item, _asked, handed = enter(work, request.intake, offline=away)
    give_receipt(work, row, handed)
    _note(work, request, block, row.item_name, Ended.ENTERED, case_id=row.id)
    work.detail = {
        **(work.detail or {}),
        "offline": request.local_id,
        "desk": request.desk,
        "received_at": request.received_at.isoformat(),
        "first_at": request.first_at.isoformat() if request.first_at is not None else None,
    }
    return outcome(work, row.id)


class EndOffline(Kept):
    """A receipt that becomes no case under its number, and why."""

    item_name: str = Field("", max_length=200)
    reason: str = Field(min_length=1, max_length=1000)


class DraftOffline(EndOffline):
    """A receipt that is gone on with as a draft: what stood in the form, as `acceptance.save_draft` keeps it."""

    applicant_name: str = Field("", max_length=200, json_schema_extra={"journal": False})
    body: dict[str, Any] = Field(json_schema_extra={"journal": False})


@operation("acceptance.draft_offline", permission="acceptance.accept", title="Take a receipt over as a draft")
def draft_offline(work: Work, request: DraftOffline) -> int | None:
    """Go on with a receipt as an own draft, which gets a number of its own when it is entered; returns the draft's id.

    None where it was taken over before. Errors: NOT_LEASED, NUMBER_USED, RECEIPT_ENDED.
    """
    block = _block(work, request)
    known = _known(work, request)
    if known is not None:
        if known.outcome != Ended.DRAFT:
            raise _ended(known)
        return None
    kept = SaveDraft(
        item_name=request.item_name, applicant_name=request.applicant_name, body=request.body, parked=True
    )
    draft_id = save_draft(work, kept)
    _note(work, request, block, request.item_name, Ended.DRAFT, reason=request.reason)
    return draft_id


@operation("acceptance.cancel_offline", permission="acceptance.accept", title="Cancel an offline receipt")
def cancel_offline(work: Work, request: EndOffline) -> None:
    """Put on record that a receipt becomes no case, and why. Repeating it changes nothing.

    Errors: NOT_LEASED, NUMBER_USED, RECEIPT_ENDED.
    """
    block = _block(work, request)
    known = _known(work, request)
    if known is None:
        _note(work, request, block, request.item_name, Ended.CANCELLED, reason=request.reason)
    elif known.outcome != Ended.CANCELLED:
        raise _ended(known)


def _known(work: Work, request: Kept) -> Any:
    """What the hall knows of a receipt, None before the first time. Raises NUMBER_USED."""
    row = work.one(select(o.receipt).where(o.receipt.c.local_id == request.local_id))
    if row is not None:
        work.subject = f"case:{row.case_no}"
        return row
    if work.one(select(o.receipt.c.id).where(o.receipt.c.case_no == request.case_no)) is not None:
        raise UserError(
            "NUMBER_USED",
            L("Number {number} stands on another receipt of this desk already.", number=request.case_no),
            do=L("Take the receipt over as a draft; it then gets a number of its own."),
        )
    return None


def _ended(row: Any) -> UserError:
    what = {
        Ended.ENTERED: L("Receipt {number} was entered already.", number=row.case_no),
        Ended.DRAFT: L("Receipt {number} was taken over as a draft.", number=row.case_no),
        Ended.CANCELLED: L("Receipt {number} was cancelled.", number=row.case_no),
    }
    return UserError(
        "RECEIPT_ENDED", what[Ended(row.outcome)], do=L("Look at it in the list of cases or drafts.")
    )


def _block(work: Work, request: Kept) -> Any:
    """The block that a receipt's number is from, kept from others until the end. Raises BAD_CASE_NUMBER, NOT_LEASED."""
    place = rules.place_of(request.case_no)
    found = work.one(
        select(o.num_block).where(
            o.num_block.c.desk == request.desk, o.num_block.c.day == place.day,
            o.num_block.c.first <= place.serial, o.num_block.c.last >= place.serial,
        )
    )  # fmt: skip
    if found is None:
        raise not_leased(request.case_no, request.desk)
    # Two windows of one desk may send the same receipt at the same moment: the second waits, then finds it entered.
    same = o.num_block.c.id == found.id
    work.execute(update(o.num_block).where(same).values(state=o.num_block.c.state))
    return found


def _require_pages(read: Read, request: EnterOffline) -> None:
    """Let no case come into being without a page that its receipt counts. Raises PAGES_MISSING."""
    missing = _missing(read, sorted(pages_of(hand.model_dump() for hand in request.intake.materials)))
    if missing:
        raise UserError(
            "PAGES_MISSING",
            L(
                "{n} captured pages of receipt {number} are not there.",
                n=len(missing),
                number=request.case_no,
            ),
            do=L("Correct the receipt: capture them again or take them away."),
            detail={"pages": missing},
        )


def _refuse_double(work: Work, request: EnterOffline) -> None:
    """Nobody could look for open cases while the database was away: the clerk looks now. Raises DUPLICATE_OPEN_CASE."""
    person = request.intake.applicant
    asked = AskOpenCases(item=request.intake.item, code_kind=person.code_kind, code=person.code)
    found = [] if request.beside else open_cases(work, asked)
    if found:
        raise UserError(
            "DUPLICATE_OPEN_CASE",
            L("The applicant has an open case for the same item: {number}.", number=found[0].case_no),
            do=L("Compare the two; enter it beside the other one, or cancel the receipt."),
            detail={"cases": [each.case_no for each in found]},
        )


def _note(work: Work, request: Kept, block: Any, item_name: str, ended: Ended, **more: Any) -> None:
    """Keep what became of a receipt; a number that became no case is explained by this row and the journal's."""
    work.insert(
        o.receipt, local_id=request.local_id, block_id=block.id, case_no=request.case_no, desk=request.desk,
        item_name=item_name, staff_id=work.actor.staff_id, staff_name=work.actor.name, received_at=request.received_at,
        at=work.now, outcome=ended, **more,
    )  # fmt: skip
    work.subject = f"case:{request.case_no}"
    if ended is not Ended.ENTERED:
        work.detail = {"number": request.case_no, "outcome": str(ended), "reason": more["reason"]}
