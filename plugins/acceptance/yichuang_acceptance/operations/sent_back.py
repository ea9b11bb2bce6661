"""Papers that the seal keeper sent back: the reason, and making them again, with better words where their decider has some."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from pydantic import Field

from yichuang.api import Read, UserError, Work, operation, or_, query, select, update
from yichuang_acceptance import tables as t
from yichuang_acceptance.operations import cases
from yichuang_acceptance.operations.papers import (
    AskPaper,
    PaperRow,
    holds_no_more,
    owner_of,
    paper_of,
    paper_row,
)
from yichuang_acceptance.words import words

L = words.lazy
SENT_BACK = "sent_back"
WORDED = ("opinion", "content", "reason", "law", "valid_to")
"""What a decider may word otherwise; days, places and materials are what they are."""
NEEDED = ("opinion", "reason")
DECISIONS = ("D10", "D11")
MOST = 2000


@dataclass(frozen=True)
class SentBack:
    """Why a paper is not sealed.

    Attributes:
        words: What it says and the reader may word otherwise, by name; none for whoever may not.
    """

    paper: PaperRow
    reason: str
    keeper: str
    at: datetime
    words: dict[str, str]


def paper_sent_back(work: Work, paper_id: int, reason: str) -> None:
    """The seal keeper does not seal a paper; it waits to be made again. Others' papers are left alone."""
    own = t.paper.c.id == paper_id
    row = work.one(select(t.paper).where(own).with_for_update())
    if row is None or row.state != "waiting_seal":
        return
    said = {"reason": reason, "keeper": work.actor.name, "at": work.now.isoformat()}
    work.execute(update(t.paper).where(own).values(state=SENT_BACK, facts={**row.facts, SENT_BACK: said}))


@query("acceptance.sent_back", permission="acceptance.view", title="Why a paper was sent back unsealed")
def sent_back(read: Read, request: AskPaper) -> SentBack:
    """Reason and keeper, and the words that may be changed. Errors: UNKNOWN_PAPER, NOT_SENT_BACK, NOT_YOUR_AGENCY."""
    row = _waits(paper_of(read, request.paper_id))
    said = row.facts[SENT_BACK]
    worded = _may_word(read, owner_of(read, row), row)
    return SentBack(
        paper_row(row), said["reason"], said["keeper"], datetime.fromisoformat(said["at"]),
        {name: row.facts.get(name) or "" for name in WORDED if worded and name in row.facts},
    )  # fmt: skip


class Again(AskPaper):
    """What a paper that was sent back is to say instead; what is not named stays."""

    words: dict[str, str] = Field(default_factory=dict)


@operation("acceptance.make_again", permission="acceptance.print", title="Make a paper again")
def make_again(work: Work, request: Again) -> PaperRow:
    """Let a paper be made again under its number and handed to the seal keeper once more.

    Errors: UNKNOWN_PAPER, NOT_SENT_BACK, NOT_YOUR_AGENCY, PAPER_HOLDS_NO_MORE, NOT_YOUR_WORDS, REASON_MISSING, BAD_REQUEST.
    """
    seen = paper_of(work, request.paper_id)
    row = _waits(work.one(select(t.paper).where(t.paper.c.id == seen.id).with_for_update()))
    case = owner_of(work, row)
    changed = {
        name: text.strip()
        for name, text in request.words.items()
        if text.strip() != (row.facts.get(name) or "")
    }
    if changed:
        _check(work, case, row, changed)
    facts = {name: value for name, value in row.facts.items() if name != SENT_BACK}
    work.execute(
        update(t.paper)
        .where(t.paper.c.id == row.id)
        .values(state="drafted", document="", facts={**facts, **changed})
    )
    work.subject = cases.subject(case.case_no)
    work.detail = {
        "paper": row.number,
        "before": {name: row.facts[name] for name in changed},
        "words": changed,
    }
    return paper_row(work.one(select(t.paper).where(t.paper.c.id == row.id)))


def _waits(row: Any) -> Any:
    if holds_no_more(row.facts):
        raise UserError("PAPER_HOLDS_NO_MORE", L("This paper holds no more."), do=L("Refresh the list."))
    if row.state != SENT_BACK:
        raise UserError("NOT_SENT_BACK", L("This paper was not sent back."), do=L("Refresh the list."))
    return row


def _may_word(read: Read, case: Any, row: Any) -> bool:
    """A decision is worded by whoever made it; what the agency tells, by people of the agency who decide."""
    if not read.may("acceptance.decide") or read.actor.agency != case.agency:
        return False
    return row.kind not in DECISIONS or case.decider_id == read.actor.staff_id


def _check(work: Work, case: Any, row: Any, changed: dict[str, str]) -> None:
    """Let only known words be changed, by whoever may, into something that a paper can say."""
    foreign = sorted(name for name in changed if name not in WORDED or name not in row.facts)
    if foreign or any(len(text) > MOST for text in changed.values()):
        raise UserError(
            "BAD_REQUEST",
            L("These particulars are not of this paper: {fields}.", fields=", ".join(foreign or changed)),
        )
    if not _may_word(work, case, row):
        raise UserError(
            "NOT_YOUR_WORDS", L("Only whoever decided may change the words of {title}.", title=row.title),
            do=L("Ask them; without changed words you can let it be made again."),
        )  # fmt: skip
    if any(not changed.get(name, "x") for name in NEEDED):
        raise UserError("REASON_MISSING", L("Say why."), do=L("Write the reason in a sentence."))
    if changed.get("valid_to"):
        try:
            date.fromisoformat(changed["valid_to"])
        except ValueError:
            raise UserError(
                "BAD_REQUEST", L("A day is written year-month-day, such as 2026-03-17.")
            ) from None


def papers_to_make_again(read: Read, limit: int = 50) -> list[Any]:
    """Papers that were sent back, with their cases, of those that the actor has to see to, oldest first."""
    mine = [t.case.c.acceptor_id == read.actor.staff_id]
    if read.may("acceptance.decide"):
        mine.append(t.case.c.agency == read.actor.agency)
    return read.all(
        select(t.paper.c.id, t.paper.c.title, t.paper.c.facts, t.case.c.id.label("case_id"), t.case.c.case_no,
               t.case.c.item_name, t.case.c.applicant_name, t.case.c.applicant_kind)
        .join(t.case, t.case.c.id == t.paper.c.case_id)
        .where(t.paper.c.state == SENT_BACK, or_(*mine))
        .order_by(t.paper.c.id)
        .limit(limit)
    )  # fmt: skip
