"""Papers that are looked at: before they are given, as a draft; when they are printed again, with a mark; a form to sign."""

from __future__ import annotations

import hashlib
from types import SimpleNamespace
from typing import Any, Literal

from pydantic import Field

from yichuang.api import HALL_ZONE, Read, UserError, query
from yichuang_acceptance.operations import cases, forwarding, paper_sizes
from yichuang_acceptance.operations import paper_parts as parts
from yichuang_acceptance.operations.clocks import days_of
from yichuang_acceptance.operations.intake import OneCase
from yichuang_acceptance.operations.paper_texts import build
from yichuang_acceptance.operations.papers import SeePaper, digest_to_see, owner_of, paper_of
from yichuang_acceptance.rules.clocks import EXTENSION_WORKING_DAYS
from yichuang_acceptance.words import words

L = words.lazy
LATER = "（发出后编号）"
FACTS: dict[str, dict[str, str]] = {
    "D2": {"defects": "", "deadline": ""},
    "D4": {"kind": "not_in_form", "reason": "", "law": "", "proper_agency": ""},
    "D7": {"kind": "", "law": "", "reason": "", "planned_end": "", "officers": ""},
    "D8": {"reason": ""},
    "D9": {"reason": "", "at": "", "place": "", "presider": "", "replaces": ""},
    "D10": {"opinion": "", "content": "", "valid_to": "", "conditions": "", "public": "", "public_note": ""},
    "D11": {"reason": "", "law": ""},
    "D12": {"event": "terminate", "cause": "", "reason": "", "law": ""},
}
"""What may be said in the preview of a kind, and what stands there where nothing is said."""


class AskPreview(OneCase):
    """A paper that may be given, with what it would say beyond the case.

    Attributes:
        facts: By their names; several lines where there are several, `public` is "no" of a grant that is not published.
        upper: Of a case that was sent up, the decision of the organ above, on D10 and D11.
    """

    kind: Literal["D2", "D4", "D7", "D8", "D9", "D10", "D11", "D12"]
    facts: dict[str, str] = Field(default_factory=dict)
    upper: forwarding.UpperDecision | None = None


@query("acceptance.paper_preview", permission="acceptance.view", title="Preview of a paper")
def paper_preview(read: Read, request: AskPreview) -> bytes:
    """A paper as it would be, marked as a draft; nothing is written.

    Errors: MISSING_REASON, MISSING_FIELD, NOT_YOUR_AGENCY, UPPER_DECISION_MISSING, NOT_SENT_UP, DAY_WRONG.
    """
    from yichuang.api.documents import render

    row = cases.at_window(read, request.case_id)
    unknown = request.facts.keys() - FACTS[request.kind].keys()
    if unknown:
        raise UserError(
            "BAD_REQUEST",
            L("These particulars are not of this paper: {fields}.", fields=", ".join(sorted(unknown))),
        )
    facts: dict[str, Any] = {**FACTS[request.kind], **request.facts, **_worked_out(read, row, request)}
    facts |= paper_sizes.kept(read, request.kind, facts)
    paper = SimpleNamespace(kind=request.kind, number=LATER, at=read.now, facts=facts)
    return render(build(read, row, paper), draft=True)


def _worked_out(read: Read, row: Any, request: AskPreview) -> dict[str, Any]:
    """What the paper says without being told."""
    if request.kind == "D2":
        return {
            "defects": _lines(request, "defects"),
            "deadline": request.facts.get("deadline") or read.today.isoformat(),
        }
    if request.kind == "D7":
        return {"began": read.today.isoformat()}
    if request.kind in ("D10", "D11"):
        above = forwarding.said_above(read, row, request.upper)
        if request.kind == "D11":
            return above
        public = request.facts.get("public") != "no"
        return {"conditions": _lines(request, "conditions"), "public": public, **above}
    if request.kind != "D8":
        return {}
    if row.legal_due_at is None:
        raise UserError("NO_STATUTORY_LIMIT", L("No statutory limit was entered for this item."))
    approver = "joint" if row.joint else "organ"
    days = EXTENSION_WORKING_DAYS[approver]
    longer = days_of(read).due_moment(row.legal_due_at, days, "W")
    return {
        "approver": approver, "days": days, "signed": read.actor.name,
        "old_due": row.legal_due_at.astimezone(HALL_ZONE).date().isoformat(),
        "new_due": longer.astimezone(HALL_ZONE).date().isoformat(),
    }  # fmt: skip


def _lines(request: AskPreview, name: str) -> list[str]:
    return [line.strip() for line in request.facts.get(name, "").splitlines() if line.strip()]


@query("acceptance.withdrawal_form", permission="acceptance.accept", title="Form for a withdrawal")
def withdrawal_form(read: Read, request: OneCase) -> bytes:
    """The request that an applicant signs to take an application back, filled in. Errors: UNKNOWN_CASE, NOT_YOUR_AGENCY."""
    from yichuang.api.documents import PaperFacts, render
    from yichuang.api.documents import withdrawal_request as form

    row = cases.at_window(read, request.case_id)
    common = parts.common(read, row, SimpleNamespace(at=read.now, number=""))
    return render(form(PaperFacts(**common)))


@query("acceptance.print_file", permission="acceptance.print", title="A paper to print")
def print_file(read: Read, request: SeePaper) -> bytes:
    """What goes to the printer: the paper; from the second print on it is marked as a reprint (补打).

    A sealed paper stays as it was sealed, for a mark would break its signature. Nor is a paper marked that would not come out
    the same any more, because its case has gone on since. Who prints, and for what, is journalled.
    Errors: UNKNOWN_PAPER, PAPER_NOT_READY, NOT_YOUR_AGENCY, PURPOSE_MISSING.
    """
    from yichuang.api.documents import render

    row = paper_of(read, request.paper_id)
    kept = read.get_blob(digest_to_see(read, row, request))
    if row.sealed or not row.prints:
        return kept
    again = build(read, owner_of(read, row), row)
    if hashlib.sha256(render(again)).hexdigest() != row.document:
        return kept
    return render(again, reprint=row.prints)
