"""What the licence register answers to the suite and the other plugins."""

from __future__ import annotations

from yichuang.api import (
    Fact,
    FactQuery,
    LicenceDraft,
    LicenceQuery,
    LicenceRef,
    LicenceSummary,
    MaterialClaim,
    MaterialFinding,
    Read,
    SearchHit,
    Work,
    hookimpl,
    or_,
    select,
)
from yichuang_licence import tables as t
from yichuang_licence.operations.register import end, enter
from yichuang_licence.operations.uses import facts, stand_in, summaries
from yichuang_licence.rules import Status

SHORTEST_NUMBER = 6


class Hooks:
    """The register's side of the hooks."""

    @hookimpl
    def issue_licence(self, work: Work, draft: LicenceDraft) -> LicenceRef | None:
        """Enter the licence of a granted case."""
        return enter(work, draft)

    @hookimpl
    def end_licence(self, work: Work, code: str, kind: str, reason: str) -> None:
        """End the licence of a case whose grant holds no more."""
        end(work, code, Status(kind), reason)

    @hookimpl
    def find_licences(self, read: Read, query: LicenceQuery) -> list[LicenceSummary]:
        """A holder's licences."""
        return summaries(read, query)

    @hookimpl
    def check_material(self, work: Work, claim: MaterialClaim) -> MaterialFinding | None:
        """Check a licence that stands for a paper."""
        return stand_in(work, claim)

    @hookimpl
    def check_facts(self, read: Read, asked: FactQuery) -> list[Fact]:
        """Whether the licences that stand for papers are still in force."""
        return facts(read, asked)

    @hookimpl
    def search(self, read: Read, text: str, limit: int) -> list[SearchHit]:
        """Licences by their printed number or their whole identifier; names stay hidden until a purpose is given."""
        if not read.may("licence.view") or len(text) < SHORTEST_NUMBER:
            return []
        licence = t.licence.c
        found = or_(licence.number.startswith(text, autoescape=True), licence.code == text.strip().upper())
        rows = read.all(select(t.licence).where(found).limit(limit))
        return [
            SearchHit("licence", row.name, row.number, "licence.lookup", {"number": row.number}, "id-card")
            for row in rows
        ]
