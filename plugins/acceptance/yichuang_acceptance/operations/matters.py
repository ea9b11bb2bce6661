"""One matter at once (一件事) at the window: every item of it is taken in, and what may begin is accepted, in one transaction.

The matter gets a case number, its items become cases <number>-01, -02 and so on. They live like any other case: the same
states, clocks, papers and workbenches. An item that waits for another one is entered as a received case whose five days to
tell (T1) do not run: it can be seen, found and withdrawn, but nothing may accept it before `matter_life` opens it. Two other
ways were left: entering it only when it may begin would leave the applicant without a number and the agency without sight of
what comes; accepting it with a flag would let both clocks of the law run while nobody may work on it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from pydantic import Field

from yichuang.api import Read, Request, UserError, Work, insert, operation
from yichuang_acceptance import matter_tables as mt
from yichuang_acceptance.operations import (
    accepting,
    cases,
    drafts,
    matter_life,
    matter_shown,
    matter_time,
    notices,
    search_index,
)
from yichuang_acceptance.operations.intake import (
    Applying,
    Child,
    Hand,
    Intake,
    Person,
    Source,
    claim_licences,
    enter,
    forget_draft,
    handed_of,
    keep_person,
    new_number,
    new_query_code,
)
from yichuang_acceptance.operations.matter_papers import draft_notice
from yichuang_acceptance.operations.matter_plan import Planned, dues_of, plan
from yichuang_acceptance.operations.papers import draft_paper
from yichuang_acceptance.operations.window import Correction, tell
from yichuang_acceptance.rules import form_values, matter_form, matter_materials
from yichuang_acceptance.rules import intake as intake_rules
from yichuang_acceptance.rules.form_schema import schema_of
from yichuang_acceptance.rules.form_values import FormValue
from yichuang_acceptance.rules.intake import Asked, Given, Handed
from yichuang_acceptance.rules.matter_graph import MOST_PARTS, MatterState, Standing
from yichuang_acceptance.rules.notices import Kind
from yichuang_acceptance.words import words

L = words.lazy
MISSING = "未提交或者不符合要求"  # as the correction notice says it


class MatterIntake(Request):
    """A matter as it lies on the window's desk.

    Attributes:
        chosen: Positions of the optional items that are wanted.
        versions: Versions of the items that the window looked at, by code.
        verified: Steps of another body that are done already: position to what the window saw.
        materials: By position in the one list.
        form: By key of the one form.
        sources: From where its values were brought in, likewise.
        answers: To the questions of the matter (情形), by key.
    """

    theme: str
    chosen: tuple[int, ...] = Field((), max_length=MOST_PARTS)
    versions: dict[str, int] = Field(default_factory=dict)
    verified: dict[int, str] = Field(default_factory=dict)
    applicant: Applying
    agent: Person | None = None
    materials: tuple[Hand, ...] = ()
    form: dict[str, FormValue] = Field(default_factory=dict, json_schema_extra={"journal": False})
    sources: dict[str, Source] = Field(default_factory=dict)
    answers: dict[str, str] = Field(default_factory=dict)
    project: str = Field("", max_length=200)
    ticket: str = ""
    draft_id: int | None = None
    showing_id: int | None = None  # what the applicant confirmed on the second screen


class MatterTelling(MatterIntake):
    """A matter in which something is missing, and by when it is to be brought."""

    deadline: date | None = None


@dataclass(frozen=True)
class Taken:
    """The matter that came out of an intake, with what the window is told about it.

    Attributes:
        case_id: The first item's case; the papers of the whole lie with it.
        cases: Numbers of the items' cases, in their order.
        case_ids: Their ids.
        waiting: How many items wait for others.
    """

    matter_id: int
    case_id: int
    case_no: str
    query_code: str
    state: str
    promise_due_at: datetime | None
    legal_due_at: datetime | None
    tolerated: int
    cases: list[str]
    case_ids: list[int]
    waiting: int
    told: int


def spell_matter(_read: Read, request: MatterIntake) -> search_index.Spelled:
    """The names that the cases will be found by, in pinyin; worked out before the transaction."""
    agent = request.agent.name if request.agent else ""
    return search_index.spell((request.applicant.name, agent, request.project))


@operation(
    "acceptance.accept_matter", permission="acceptance.accept", title="Accept a matter", prepare=spell_matter
)
def accept_matter(work: Work, request: MatterIntake) -> Taken:
    """Receive all items of a complete matter, and accept those that wait for nothing (art. 32 (5)).

    Errors: UNKNOWN_THEME, NO_ITEMS_HERE, ANSWER_MISSING, ANSWER_UNKNOWN, MATERIAL_MISSING, FORM_INCOMPLETE,
    UNKNOWN_FIELD, LICENCE_REFUSED, NOT_ANOTHER_BODY, CALENDAR_ENDS, NOT_CONFIRMED, SHOWN_DATA_CHANGED.
    """
    planned = answered_plan(work, request)
    asked = [Asked(m.position, m.name, m.need, m.replaceable) for m in planned.materials]
    intake_rules.require_complete(asked, {hand.position: handed_of(hand) for hand in request.materials})
    _check_form(planned, request.form)
    return _take_in(work, request, planned)


@operation(
    "acceptance.receive_matter", permission="acceptance.accept", title="Receive a matter and tell what is missing",
    prepare=spell_matter,
)  # fmt: skip
def receive_matter(work: Work, request: MatterTelling) -> Taken:
    """Receive all items; accept those that are complete and wait for nothing, tell once what the others lack (art. 32 (4)).

    Errors: as `acceptance.accept_matter` but for MATERIAL_MISSING; DEADLINE_PAST.
    """
    planned = answered_plan(work, request)
    _check_form(planned, request.form)
    return _take_in(work, request, planned, request.deadline)


def answered_plan(read: Read, request: MatterIntake) -> Planned:
    """What is to be taken in, with every question answered.

    Raises:
        UserError: those of `plan`; ANSWER_MISSING, ANSWER_UNKNOWN; NO_ITEMS_HERE where the answers leave no item.
    """
    planned = plan(read, request.theme, request.chosen, request.versions, request.answers)
    planned.situation.require(request.answers)
    if not planned.items:
        raise UserError(
            "NO_ITEMS_HERE",
            L("With these answers no item of “{name}” is needed.", name=planned.theme.name),
            do=L("Check the answers with the applicant."),
        )
    return planned


def _check_form(planned: Planned, answers: Mapping[str, FormValue]) -> None:
    keys = {asked.field.key for asked in planned.form.fields}
    unknown = [key for key in answers if key not in keys]
    if unknown:
        raise UserError("UNKNOWN_FIELD", L("The form has no field {names}.", names="、".join(unknown)))
    form_values.taken(schema_of([asked.field for asked in planned.form.fields]), answers)


def _said(planned: Planned, answers: Mapping[str, FormValue]) -> dict[str, str]:
    """The one form as it was filled in, by what was asked."""
    fields = [asked.field for asked in planned.form.fields]
    return form_values.labelled(fields, form_values.typed(schema_of(fields), answers))


def _take_in(work: Work, request: MatterIntake, planned: Planned, deadline: date | None = None) -> Taken:
    """Enter the matter, its items and their cases; accept what may begin, tell what is missing."""
    case_no, query_code = new_number(work), new_query_code()
    matter_id = _enter_matter(work, request, planned, case_no, query_code)
    rows = _enter_parts(work, request, planned, matter_id, case_no, query_code)
    matter_shown.attach_matter(work, request, planned, next(iter(rows.values())).id)
    told = 0
    for position, row in rows.items():
        standing = matter_life.standing_in(work, matter_id, position)
        if standing is Standing.WAITING:
            if any(m.given in (Given.PAPER, Given.LICENCE) for m in cases.materials(work, row.id)):
                draft_paper(work, row, "D1", {})
            continue
        told += _begin(work, row, planned.items[position], deadline)
    matter_life.refresh(work, matter_id)
    if matter_life.load(work, matter_id).state != MatterState.RECEIVED:
        notices.about_matter(work, matter_id, Kind.ACCEPT)
    draft_notice(work, matter_id)
    matter_time.expect(work, matter_id)
    forget_draft(work, request.draft_id)
    work.subject = f"matter:{case_no}"
    work.detail = {
        "theme": request.theme,
        "cases": len(rows),
        "ticket": request.ticket,
        "answers": request.answers,
    }
    return taken(work, matter_id, told)


def _enter_matter(work: Work, request: MatterIntake, planned: Planned, case_no: str, query_code: str) -> int:
    person = keep_person(work, request.applicant)
    dues, promise, agent = dues_of(work, planned), planned.promise, request.agent
    given = {hand.position: hand.given for hand in request.materials}
    materials = [
        {"name": m.name, "need": m.need, "original": m.original, "copies": m.copies,
         "given": given.get(m.position, Given.NOT_GIVEN), "parts": list(m.wanted_by)}
        for m in planned.materials
    ]  # fmt: skip
    key = work.insert(
        mt.matter, case_no=case_no, query_code=query_code, theme=planned.theme.code, name=planned.theme.name,
        lead=planned.lead, lead_name=planned.lead_name, state=MatterState.RECEIVED, row_version=1, applicant_id=person.id,
        applicant_kind=person.kind, applicant_name=person.name, applicant_masked=person.code_masked,
        agent_name=agent.name if agent else "", phone=person.phone or (agent.phone if agent else ""),
        project=request.project, form=_said(planned, request.form) | request.answers, materials=materials,
        joint=planned.joint,
        promise_amount=promise and promise.amount, promise_unit=promise.unit if promise else "", received_at=work.now,
        promise_due_at=dues.promise, legal_due_at=dues.legal, acceptor_id=work.actor.staff_id,
        acceptor_name=work.actor.name, desk=work.actor.desk or "",
    )  # fmt: skip
    return int(key)


def _enter_parts(
    work: Work, request: MatterIntake, planned: Planned, matter_id: int, case_no: str, query_code: str
) -> dict[int, Any]:
    """The items with their cases; returns the cases by position."""
    elsewhere = {part.position for part in planned.parts} - planned.items.keys()
    wrong = [n for n in request.verified if n not in elsewhere]
    if wrong:
        raise UserError(
            "NOT_ANOTHER_BODY", L("Step {n} is not one of another body.", n=wrong[0]),
            do=L("Its case says how it ends."),
        )  # fmt: skip
    handed = {hand.position: handed_of(hand) for hand in request.materials}
    shares = matter_materials.fan_out(planned.materials, planned.lists, handed)
    answers = matter_form.give_to_each(planned.form, request.form)
    sources = matter_form.give_to_each(planned.form, request.sources)
    done = set(request.verified)
    rows: dict[int, Any] = {}
    values = []
    first = drafts.first_contact(work, request.draft_id)
    for part in planned.parts:
        if part.position in planned.items:
            child = Child(
                f"{case_no}-{len(rows) + 1:02d}",
                query_code,
                waits=not done.issuperset(part.after),
                joint=planned.joint,
                first_contact=first,
            )
            item = planned.items[part.position]
            one = _intake_of(request, item, shares[part.position], answers.get(part.position, {}))
            brought = {"sources": sources.get(part.position, {})}
            one = one.model_copy(update={"answers": planned.situation.of(part.position), **brought})
            rows[part.position], _, _, hands = enter(work, one, child)
            claim_licences(work, rows[part.position], hands)
            work.record(
                "acceptance.receive_item", cases.subject(child.case_no), matter=case_no, item=item.code
            )
        row = rows.get(part.position)
        verified = part.position in done
        values.append({
            "matter_id": matter_id, "position": part.position, "name": part.name, "optional": part.optional,
            "after": list(part.after), "case_id": row.id if row is not None else None,
            "outcome": "granted" if verified else "", "note": request.verified.get(part.position, ""), "answer": "",
            "at": work.now if verified else None, "staff_name": work.actor.name if verified else "",
        })  # fmt: skip
    work.execute_many(insert(mt.part), values)
    return rows


def _intake_of(
    request: MatterIntake, item: Any, share: Mapping[int, Handed], form: dict[str, FormValue]
) -> Intake:
    """What one item gets of what was handed in once and typed once."""
    hands = tuple(
        Hand(position=h.position, given=h.given, originals=h.originals, copies=h.copies, pages=h.pages, licence=h.licence)
        for h in share.values()
    )  # fmt: skip
    return Intake(
        item=item.code, item_version=item.version, applicant=request.applicant, agent=request.agent, materials=hands,
        form=form, project=request.project, ticket=request.ticket,
    )  # fmt: skip


def _begin(work: Work, row: Any, item: Any, deadline: date | None) -> int:
    """Accept a case that is complete; tell what the other lacks. Returns how many were told."""
    handed = accepting.handed_in(work, row)
    asked = accepting.asked_of(item, handed)
    lacks = intake_rules.defects(asked, handed)
    if not lacks:
        accepting.accept(work, row, item)
        return 0
    if any(hand.given in (Given.PAPER, Given.LICENCE) for hand in handed.values()):
        draft_paper(work, row, "D1", {})
    defects = tuple(f"{defect.name}：{MISSING}" for defect in lacks)
    tell(work, row, Correction(case_id=row.id, defects=defects, deadline=deadline))
    return 1


def taken(work: Work, matter_id: int, told: int) -> Taken:
    """What the window is told about a matter."""
    row = matter_life.load(work, matter_id)
    parts = matter_life.rows_of(work, matter_id)
    own = [p for p in parts if p.case_id is not None]
    waiting = sum(p.standing is Standing.WAITING for p in matter_life.parts_of(parts))
    tolerated = sum(m["given"] == Given.TOLERATED for m in row.materials)
    return Taken(
        row.id, own[0].case_id, row.case_no, row.query_code, row.state, row.promise_due_at, row.legal_due_at, tolerated,
        [p.case_no for p in own], [p.case_id for p in own], waiting, told,
    )  # fmt: skip
