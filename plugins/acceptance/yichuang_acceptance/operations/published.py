"""Grants that the public may look up (行政许可法 art. 40): the list that an agency publishes, by the days of the decisions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from pydantic import Field

from yichuang.api import (
    HALL_ZONE,
    Read,
    and_,
    identifiers,
    or_,
    query,
    reveal_applicant_code,
    select,
)
from yichuang_acceptance import tables as t
from yichuang_acceptance.operations.lists import received_between
from yichuang_acceptance.operations.search import position_of
from yichuang_acceptance.operations.statistics import Span, agency_of
from yichuang_acceptance.rules.names import LICENCE_TYPE

_C, _P = t.case.c, t.paper.c


class AskGrants(Span):
    """Grants of these days.

    Attributes:
        after: `next` of the page before.
    """

    after: str = Field("", max_length=60)
    limit: int = Field(200, ge=1, le=1000)


@dataclass(frozen=True)
class GrantRow:
    """A grant as it is published.

    Attributes:
        holder: Of a natural person the name is masked.
        code: Of an organisation its 统一社会信用代码; a person's number is never published.
        valid_to: Last day, None without end.
        withdrawn: It was revoked, cancelled or annulled since (D18).
    """

    id: int
    case_no: str
    agency_name: str
    item_name: str
    decision_no: str
    holder: str
    code: str
    certificate: str
    content: str
    conditions: list[str]
    decided_on: date
    valid_to: date | None
    place: str
    withdrawn: bool


@dataclass(frozen=True)
class Grants:
    """A page of grants; `next` gives the page behind it, "" where there is none."""

    rows: list[GrantRow]
    next: str


@query("acceptance.published_grants", permission="acceptance.statistics", title="Grants to publish")
def published_grants(read: Read, request: AskGrants) -> Grants:
    """Licences granted in a span, the earliest first, without those whose decision says why they are not published.

    Errors: BAD_PAGE, NOT_YOUR_AGENCY.
    """
    agency = agency_of(read, request)
    where = [
        _C.item_type == LICENCE_TYPE, _P.kind == "D10", *received_between(_C.decided_at, request.first, request.last),
    ]  # fmt: skip
    if agency:
        where.append(_C.agency == agency)
    after = position_of(request.after)
    if after is not None:
        moment, key = after
        where += [
            _C.decided_at >= moment,
            or_(_C.decided_at > moment, and_(_C.decided_at == moment, _C.id > key)),
        ]
    rows = read.all(
        select(
            _C.id, _C.case_no, _C.agency_name, _C.item_name, _C.applicant_id, _C.applicant_kind, _C.applicant_name,
            _C.certificate_no, _C.decided_at, _P.number, _P.facts,
        )
        .join_from(t.case, t.paper, _P.case_id == _C.id)
        .where(*where)
        .order_by(_C.decided_at, _C.id)
        .limit(request.limit)
    )  # fmt: skip
    ended = _withdrawn(read, [row.id for row in rows])
    shown = [_row(read, row, row.id in ended) for row in rows if row.facts.get("public", True)]
    last = rows[-1] if len(rows) == request.limit else None
    return Grants(shown, f"{last.decided_at.isoformat()}|{last.id}" if last is not None else "")


def _row(read: Read, row: Any, withdrawn: bool) -> GrantRow:
    person = row.applicant_kind == "person"
    valid_to = row.facts.get("valid_to") or ""
    return GrantRow(
        row.id, row.case_no, row.agency_name, row.item_name, row.number,
        identifiers.mask_name(row.applicant_name) if person else row.applicant_name,
        "" if person else reveal_applicant_code(read, row.applicant_id), row.certificate_no,
        row.facts.get("content") or row.item_name, list(row.facts.get("conditions") or ()),
        row.decided_at.astimezone(HALL_ZONE).date(), date.fromisoformat(valid_to) if valid_to else None,
        row.facts.get("public_note") or "", withdrawn,
    )  # fmt: skip


def _withdrawn(read: Read, cases: list[int]) -> set[int]:
    """Which of the cases have a decision that ends their result."""
    if not cases:
        return set()
    found = read.all(select(_P.case_id).where(_P.kind == "D18", _P.case_id.in_(cases)).limit(len(cases)))
    return {row.case_id for row in found}
