"""What an approver looks at beside the papers: what registers say, what was found on site, how like cases ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from yichuang.api import Fact, FactQuery, Read, func, identifiers, in_language, query, select
from yichuang_acceptance import review_tables as rt
from yichuang_acceptance import tables as t
from yichuang_acceptance.operations import cases, forms
from yichuang_acceptance.operations.intake import OneCase
from yichuang_acceptance.operations.review_lists import OpinionView, said_by
from yichuang_acceptance.rules.chain import first_break
from yichuang_acceptance.rules.intake import Given
from yichuang_acceptance.rules.machine import OPEN, State, state_name
from yichuang_acceptance.rules.review_graph import Kind
from yichuang_acceptance.words import words

L = words.lazy
MOST_ALIKE = 50
MOST_NAMED = 5
MOST_COUNTED = 1000
_C = t.case.c


@dataclass(frozen=True)
class Visit:
    """A verification on site.

    Attributes:
        said: What each officer found.
        checked: Review points that were ticked.
    """

    name: str
    round: int
    state: str
    outcome: str
    checked: list[str]
    said: list[OpinionView]
    opened_at: datetime
    done_at: datetime | None


@dataclass(frozen=True)
class AlikeCase:
    """A decided case of the same item; the applicant masked."""

    id: int
    short_no: str
    applicant: str
    project: str
    outcome: str
    outcome_name: str
    opinion: str
    decider: str
    decided_at: datetime
    days: int | None


@dataclass(frozen=True)
class CaseBeside:
    """What stands beside the papers of a case.

    Attributes:
        facts: What registers say; a plugin that could not answer is one that is unknown.
        alike: The newest decided cases of the item and agency; `alike_count` counts no further than 1,000.
    """

    case_id: int
    facts: list[Fact]
    visits: list[Visit]
    alike: list[AlikeCase]
    alike_count: int


@query("acceptance.case_beside", permission="acceptance.view", title="What stands beside a case's papers")
def case_beside(read: Read, request: OneCase) -> CaseBeside:
    """Checks against registers, visits on site and like cases. Errors: UNKNOWN_CASE, NOT_YOUR_AGENCY."""
    case = cases.load(read, request.case_id)
    cases.require_sight(read, case)
    return CaseBeside(case.id, _facts(read, case), _visits(read, case), *_alike(read, case))


def _facts(read: Read, case: Any) -> list[Fact]:
    licences = tuple(m.licence for m in cases.materials(read, case.id) if m.licence)
    asked = FactQuery(
        f"case:{case.id}", case.item, case.agency, case.applicant_id, forms.of_case(read, case), licences
    )
    answers = read.hooks.check_facts(read=read, asked=asked)
    away = [Fact(str(name), "unknown", str(L("did not answer"))) for name in answers.unavailable]
    return [*answers, *away]


def own_facts(read: Read, asked: FactQuery) -> list[Fact]:
    """What acceptance itself knows: whether the record is whole, what is still promised, whether a case is doubled."""
    kind, _colon, number = asked.subject.partition(":")
    if kind != "case":
        return []
    case = cases.load(read, int(number))
    return [_record(read, case), *_promised(read, case), _doubled(read, case)]


def _record(read: Read, case: Any) -> Fact:
    events = read.all(
        select(t.event).where(t.event.c.case_id == case.id).order_by(t.event.c.seq).limit(10_000)
    )
    broken, name, source = first_break(events), str(L("Record of the case")), str(L("chain of events"))
    if broken is not None:
        return Fact(name, "fail", str(L("entry {n} is not as it was written", n=broken)), source)
    return Fact(name, "ok", str(L("{n} entries, as they were written", n=len(events))), source)


def _promised(read: Read, case: Any) -> list[Fact]:
    if case.tolerance_due is None:
        return []
    owed = [m.name for m in cases.materials(read, case.id) if m.given == Given.TOLERATED]
    name, source = str(L("Materials promised for later")), str(L("materials of the case"))
    if owed:
        return [Fact(name, "warn", str(L("not yet here: {names}", names="、".join(owed))), source)]
    return [Fact(name, "ok", str(L("all of them are here")), source)]


def _doubled(read: Read, case: Any) -> Fact:
    rows = read.all(
        select(_C.case_no)
        .where(
            _C.applicant_id == case.applicant_id, _C.item == case.item, _C.id != case.id,
            _C.state.in_([str(state) for state in OPEN]), *cases.seen_by(read),
        )
        .limit(MOST_NAMED + 1)
    )  # fmt: skip
    name, source = str(L("Doubled application")), str(L("cases of the applicant"))
    if not rows:
        return Fact(name, "ok", str(L("no other open case for this item")), source)
    numbers = "、".join(identifiers.short_case_number(row.case_no) for row in rows[:MOST_NAMED])
    numbers += "…" if len(rows) > MOST_NAMED else ""
    return Fact(name, "warn", str(L("open as well: {numbers}", numbers=numbers)), source)


def _visits(read: Read, case: Any) -> list[Visit]:
    """Visits of every round, the last first."""
    task = rt.task.c
    rows = read.all(
        select(rt.task)
        .where(task.case_id == case.id, task.kind == Kind.SITE, task.state.in_(["open", "done"]))
        .order_by(task.id.desc())
        .limit(50)
    )
    return [
        Visit(
            row.name, row.round, row.state, row.outcome, list(row.checked), said_by(row), row.opened_at, row.done_at,
        )
        for row in rows
    ]  # fmt: skip


def _alike(read: Read, case: Any) -> tuple[list[AlikeCase], int]:
    wanted = (_C.item == case.item, _C.agency == case.agency, _C.decided_at.is_not(None), _C.id != case.id)
    rows = read.all(
        select(
            _C.id, _C.case_no, _C.applicant_kind, _C.applicant_name, _C.project, _C.state, _C.decider_name, _C.decided_at,
            _C.decided_days,
        )
        .where(*wanted, *cases.seen_by(read))
        .order_by(_C.received_at.desc(), _C.id.desc())
        .limit(MOST_ALIKE)
    )  # fmt: skip
    page = select(_C.id).where(*wanted, *cases.seen_by(read)).limit(MOST_COUNTED).subquery()
    count = int(read.scalar(select(func.count()).select_from(page)))
    said = _decisions(read, [row.id for row in rows])
    return [_alike_case(row, said.get(row.id)) for row in rows], count


def _decisions(read: Read, ids: list[int]) -> dict[int, Any]:
    """The deciding event of each case."""
    if not ids:
        return {}
    found = read.all(
        select(t.event.c.case_id, t.event.c.event, t.event.c.opinion)
        .where(
            t.event.c.case_id.in_(ids), t.event.c.event.in_(["grant", "deemed_grant", "instant", "refuse"])
        )
        .order_by(t.event.c.id)
    )
    return {row.case_id: row for row in found}


def _alike_case(row: Any, decision: Any) -> AlikeCase:
    person = row.applicant_kind == "person"
    outcome = "refuse" if decision is not None and decision.event == "refuse" else "grant"
    name = State.REFUSED if outcome == "refuse" else State.GRANTED
    return AlikeCase(
        row.id, identifiers.short_case_number(row.case_no),
        identifiers.mask_name(row.applicant_name) if person else row.applicant_name, row.project,
        outcome, in_language(state_name(name)), decision.opinion if decision is not None else "",
        row.decider_name, row.decided_at, row.decided_days,
    )  # fmt: skip
