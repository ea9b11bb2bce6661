"""What the seal plugin answers when others ask: it takes papers, shows what waits, finds what was sealed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from yichuang.api import (
    Figure,
    Finding,
    Read,
    SearchHit,
    ShownFile,
    StampRequest,
    StampTicket,
    Todo,
    Work,
    hookimpl,
    or_,
    select,
)
from yichuang_seal.operations import ofd
from yichuang_seal.operations.papers import CountPapers, ListPapers, badge, waiting
from yichuang_seal.rules.lifecycle import State
from yichuang_seal.tables import request as paper_table
from yichuang_seal.tables import seal
from yichuang_seal.words import _

PAGE = "seal.stamping"
_WARN_DAYS = 30


class Hooks:
    """Hook implementations of the seal plugin."""

    @hookimpl
    def stamp_document(self, work: Work, request: StampRequest) -> StampTicket | None:
        """Take a document into the keepers' list, in the asker's transaction."""
        ticket: StampTicket | None = work.call("seal.request", asdict(request), trusted=True)
        return ticket

    @hookimpl
    def file_as_pdf(self, read: Read, media_type: str, data: bytes) -> ShownFile | None:  # noqa: ARG002 - the hook's
        """An OFD file, its pages with the seals that are set on them; nothing is verified."""
        return ofd.shown(data) if media_type == ofd.MEDIA_TYPE else None

    @hookimpl
    def withdraw_document(self, work: Work, subject: str, paper: str, reason: str) -> None:
        """Give up a document that its owner no longer wants sealed, in the owner's transaction."""
        work.call("seal.withdraw", {"subject": subject, "paper": paper, "reason": reason}, trusted=True)

    @hookimpl
    def todos(self, read: Read) -> Sequence[Todo]:
        """Each paper that the actor could seal."""
        if not read.actor.may("seal.stamp"):
            return []
        return [
            Todo(
                id=f"seal.paper:{paper.id}",
                number=paper.number or paper.subject.partition(":")[2],
                title=paper.title,
                applicant=paper.addressee,
                step=_("Waiting for seal"),
                light="overdue" if paper.due and paper.due < read.now else "normal",
                time_left="",
                due=paper.due,
                action=_("Stamp"),
                page=PAGE,
                tab=_("To seal"),
                args={"request_id": paper.id},
            )
            for paper in waiting(read, ListPapers()).papers
            if paper.state == "waiting"
        ]

    @hookimpl
    def figures(self, read: Read) -> Sequence[Figure]:
        """How many papers wait for the actor's seal."""
        if not read.actor.may("seal.stamp"):
            return []
        return [Figure("seal.waiting", _("Waiting for seal"), str(badge(read, CountPapers())), _("copies"))]

    @hookimpl
    def search(self, read: Read, text: str, limit: int) -> Sequence[SearchHit]:
        """Papers by title, document number or addressee."""
        if not read.actor.may("seal.view") or len(text) < 2:
            return []
        columns = (paper_table.c.title, paper_table.c.number, paper_table.c.addressee)
        found = (
            select(paper_table)
            .where(or_(*(column.contains(text, autoescape=True) for column in columns)))
            .order_by(paper_table.c.id.desc())
            .limit(limit)
        )
        if not read.actor.hall_wide:
            found = found.where(paper_table.c.agency == read.actor.agency)
        return [
            SearchHit(
                "seal",
                row.title,
                f"{row.number} {row.addressee}".strip(),
                PAGE,
                {"request_id": row.id},
                "stamp",
            )
            for row in read.all(found)
        ]

    @hookimpl
    def health(self, read: Read) -> Sequence[Finding]:
        """Seals in use whose certificate ends soon or has ended."""
        rows = read.all(
            select(seal).where(seal.c.state == State.IN_USE).order_by(seal.c.valid_until).limit(200)
        )
        ending = [row for row in rows if (row.valid_until - read.now).days <= _WARN_DAYS]
        if not ending:
            return [Finding("seal.certificates", "ok", _("{count} seals in use.", count=len(rows)))]
        first = ending[0]
        return [
            Finding(
                "seal.certificates",
                "fail" if first.valid_until <= read.now else "warn",
                _(
                    "The certificate of “{seal}” of {owner} ends on {day}.",
                    seal=first.name,
                    owner=first.owner,
                    day=f"{first.valid_until:%Y-%m-%d}",
                ),
                _("Apply for a new seal in place of this one."),
            )
        ]
