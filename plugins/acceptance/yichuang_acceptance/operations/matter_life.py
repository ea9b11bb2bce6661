"""One matter at once (一件事) while its items are decided: opening what waited, asking after a refusal, ending the rest.

`cases.move` calls `require_open` before and `follow` after every event of a case that belongs to a matter, in its transaction:
an item is opened by the very transaction in which the last one before it is granted. The matter's row is counted up first, so
that two grants at one moment come one after the other and neither overlooks the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

from pydantic import Field

from yichuang.api import Read, Request, UserError, Work, bindparam, operation, prepare, select, update
from yichuang_acceptance import matter_tables as mt
from yichuang_acceptance import tables as t
from yichuang_acceptance.operations import accepting, cases, endings, notices
from yichuang_acceptance.operations.clocks import days_of
from yichuang_acceptance.operations.papers import draft_paper
from yichuang_acceptance.rules import intake as intake_rules
from yichuang_acceptance.rules import matter_graph as rules
from yichuang_acceptance.rules.clocks import TELLING_WORKING_DAYS, Limit, telling_due, warn_moment
from yichuang_acceptance.rules.machine import Event, State
from yichuang_acceptance.rules.matter_graph import MatterState, Part, Standing
from yichuang_acceptance.rules.notices import Kind
from yichuang_acceptance.words import words

L = words.lazy
NOT_BEFORE_OPEN = frozenset({Event.ACCEPT, Event.DEEMED_ACCEPT, Event.INSTANT, Event.CORRECT})
TOGETHER = ("D14", "D15", "D17")
"""Kinds of papers that may be about the whole."""
NEGATIVE_ENDS = frozenset(
    {State.REFUSED, State.NOT_ACCEPTED, State.WITHDRAWN, State.RETURNED, State.TERMINATED}
)
_c, _p = t.case.c, mt.part.c
_MATTER = prepare(select(mt.matter).where(mt.matter.c.id == bindparam("id")))
_MATTER_OF_CASE = prepare(select(_p.matter_id, _p.position).where(_p.case_id == bindparam("case_id")))
_PARTS = prepare(
    select(
        mt.part, _c.case_no, _c.state, _c.ready_at, _c.telling_due_at, _c.item, _c.item_name, _c.item_kind, _c.item_version,
        _c.agency, _c.agency_name, _c.promise_due_at, _c.legal_due_at, _c.warn_at, _c.alarm_at, _c.tolerance_due,
        _c.decided_at,
    )
    .outerjoin(t.case, _c.id == _p.case_id)
    .where(_p.matter_id == bindparam("matter_id"))
    .order_by(_p.position)
)  # fmt: skip


def load(read: Read, matter_id: int) -> Any:
    """The row of a matter. Raises UNKNOWN_MATTER."""
    row = read.one(_MATTER, id=matter_id)
    if row is None:
        raise UserError("UNKNOWN_MATTER", L("There is no such matter."), do=L("Search for it by its number."))
    return row


def at_window(read: Read, matter_id: int) -> Any:
    """The row of a matter for whoever took it in, the leading agency, and those who serve every agency.

    Raises:
        UserError: UNKNOWN_MATTER, NOT_YOUR_AGENCY.
    """
    row = load(read, matter_id)
    if row.acceptor_id != read.actor.staff_id and not read.may("acceptance.see_all"):
        read.require_agency(row.lead)
    return row


def rows_of(read: Read, matter_id: int) -> list[Any]:
    """The items of a matter in their order, each with what is known of its case."""
    return read.all(_PARTS, matter_id=matter_id)


def parts_of(rows: Sequence[Any]) -> list[Part]:
    """The items as the rules take them."""
    plain = [Part(row.position, row.name, tuple(row.after), row.optional) for row in rows]
    by_position = {row.position: row for row in rows}
    standing: dict[int, Standing] = {}
    for stage in rules.stages(plain):
        for position in stage:
            row = by_position[position]
            free = all(standing[before] in rules.GRANTS for before in row.after)
            standing[position] = _standing(row, free=free)
    return [Part(p.position, p.name, p.after, p.optional, standing[p.position]) for p in plain]


def _standing(row: Any, *, free: bool) -> Standing:
    if row.case_id is not None:
        state = State(row.state)
        return rules.standing_of(
            state, granted=row.ready_at is not None, opened_=row.telling_due_at is not None
        )
    if row.outcome:
        return Standing.DONE if row.outcome == "granted" else Standing.ENDED
    return Standing.OPEN if free else Standing.WAITING


def standing_in(read: Read, matter_id: int, position: int) -> Standing:
    """How one item stands."""
    return next(p.standing for p in parts_of(rows_of(read, matter_id)) if p.position == position)


@dataclass(frozen=True)
class MatterOfCase:
    """The matter that a case belongs to.

    Attributes:
        row: Of the matter.
        first_case: Id of its first case, with which what concerns the whole lies: its papers, its signature, its rating.
    """

    row: Any
    first_case: int


def matter_of(read: Read, case_id: int) -> MatterOfCase | None:
    """The matter of a case, None where it stands by itself."""
    found = read.one(_MATTER_OF_CASE, case_id=case_id)
    if found is None:
        return None
    first = next(row.case_id for row in rows_of(read, found.matter_id) if row.case_id is not None)
    return MatterOfCase(load(read, found.matter_id), first)


def papers_beside(read: Read, case_id: int) -> list[Any]:
    """Papers of the whole matter that lie with another case than this one: the one notice, the one receipt."""
    found = read.one(_MATTER_OF_CASE, case_id=case_id)
    if found is None:
        return []
    ids = [row.case_id for row in rows_of(read, found.matter_id) if row.case_id not in (None, case_id)]
    papers = read.all(
        select(t.paper).where(t.paper.c.case_id.in_(ids), t.paper.c.kind.in_(TOGETHER)).order_by(t.paper.c.id)
    )
    return [paper for paper in papers if "matter" in paper.facts]


# ---- what follows from an event of a case ----


def require_open(work: Work, row: Any, event: Event) -> None:
    """Let nothing accept an item, or tell what it lacks, before everything before it is granted. Raises WAITS_FOR."""
    if event not in NOT_BEFORE_OPEN:
        return
    found = work.one(_MATTER_OF_CASE, case_id=row.id)
    if found is None:
        return
    parts = parts_of(rows_of(work, found.matter_id))
    mine = next(p for p in parts if p.position == found.position)
    if mine.standing is not Standing.WAITING or rules.may_open(parts, mine.position):
        return  # what was opened once stays open, whatever becomes of the grant
    names = [p.name for p in parts if p.position in mine.after and p.standing not in rules.GRANTS]
    raise UserError(
        "WAITS_FOR", L("{item} waits for {names}.", item=row.item_name, names="、".join(names)),
        do=L("It opens by itself when that is granted."),
    )  # fmt: skip


def follow(work: Work, row: Any, target: State) -> None:
    """What an event of a case means for its matter: opening others, a question to the clerk, another state of the whole."""
    found = work.one(_MATTER_OF_CASE, case_id=row.id)
    if found is None:  # while the matter is being entered its items are not there yet
        return
    _claim(work, found.matter_id)
    if target is State.GRANTED:
        open_next(work, found.matter_id)
    elif target in NEGATIVE_ENDS:
        _ask(work, found.matter_id, found.position)
    refresh(work, found.matter_id)


def _claim(work: Work, matter_id: int) -> None:
    """One event of a matter at a time."""
    matter = mt.matter.c
    work.execute(update(mt.matter).where(matter.id == matter_id).values(row_version=matter.row_version + 1))


def open_next(work: Work, matter_id: int) -> None:
    """Open what waited for nothing but what has just been granted."""
    rows = rows_of(work, matter_id)
    for position in rules.opened(parts_of(rows)):
        row = next(r for r in rows if r.position == position)
        if row.case_id is not None:
            _open(work, row)


def _open(work: Work, part: Any) -> None:
    """Accept a complete case; give the window five days to tell what an incomplete one lacks."""
    row = cases.load(work, part.case_id)
    item = work.query("hall.item", {"code": row.item, "version": row.item_version})
    work.record("acceptance.open_item", cases.subject(row.case_no), position=part.position)
    handed = accepting.handed_in(work, row)
    if not intake_rules.defects(accepting.asked_of(item, handed), handed):
        accepting.accept(work, row, item)
        return
    due = telling_due(work.now, days_of(work))
    warn = warn_moment(work.now, due, Limit(Decimal(TELLING_WORKING_DAYS), "W"), days_of(work))
    work.execute(
        update(t.case)
        .where(_c.id == row.id)
        .values(telling_due_at=due, timer_at=due, warn_at=warn, row_version=row.row_version + 1)
    )


def _ask(work: Work, matter_id: int, position: int) -> None:
    """An item ended without a grant: unless nothing is left to decide, the clerk is asked what becomes of the rest."""
    rows = rows_of(work, matter_id)
    row = next(r for r in rows if r.position == position)
    if row.answer or not rules.asks(parts_of(rows), position):
        return
    work.execute(update(mt.part).where(_p.id == row.id).values(answer="asked"))


def refresh(work: Work, matter_id: int) -> None:
    """The state of the whole, from those of its items."""
    rows = rows_of(work, matter_id)
    states = [State(row.state) for row in rows if row.case_id is not None]
    parts = parts_of(rows)
    if not any(
        part.standing in rules.UNDECIDED for part in parts
    ):  # decided meanwhile: nothing is left to ask
        work.execute(update(mt.part).where(_p.matter_id == matter_id, _p.answer == "asked").values(answer=""))
    state = rules.matter_state(parts, states)
    done = work.now if state is MatterState.DONE else None
    work.execute(update(mt.matter).where(mt.matter.c.id == matter_id).values(state=state, done_at=done))
    if state is MatterState.READY:
        notices.about_matter(work, matter_id, Kind.COLLECT)


# ---- what the clerk does ----


class Elsewhere(Request):
    """What another body decided on its step."""

    matter_id: int
    position: int = Field(ge=1, le=rules.MOST_PARTS)
    outcome: Literal["granted", "refused"]
    note: str = Field(min_length=1, max_length=500)


@operation("acceptance.enter_outcome", permission="acceptance.accept", title="Enter another body's outcome")
def enter_outcome(work: Work, request: Elsewhere) -> str:
    """Enter how a step of another body ended; what waited for it opens. Returns the matter's state.

    Errors: UNKNOWN_MATTER, NOT_YOUR_AGENCY, NOT_ANOTHER_BODY, OUTCOME_KNOWN, WAITS_FOR.
    """
    matter = at_window(work, request.matter_id)
    _claim(work, matter.id)
    rows = rows_of(work, matter.id)
    row = next((r for r in rows if r.position == request.position), None)
    if row is None or row.case_id is not None:
        raise UserError(
            "NOT_ANOTHER_BODY", L("Step {n} is not one of another body.", n=request.position),
            do=L("Its case says how it ends."),
        )  # fmt: skip
    if row.outcome:
        raise UserError("OUTCOME_KNOWN", L("The outcome of {name} was entered before.", name=row.name))
    parts = parts_of(rows)
    if not rules.may_open(parts, row.position):
        names = [p.name for p in parts if p.position in row.after and p.standing not in rules.GRANTS]
        raise UserError("WAITS_FOR", L("{item} waits for {names}.", item=row.name, names="、".join(names)))
    _settle_elsewhere(work, row, request.outcome, request.note)
    if request.outcome == "granted":
        open_next(work, matter.id)
    else:
        _ask(work, matter.id, row.position)
    return _ended(work, matter)


class Answer(Request):
    """What becomes of the rest after one item ended without a grant.

    Attributes:
        answer: stop (the applicant takes the rest back, by a signed request) or go_on.
        signed: The signed request lies with the file.
        page: Digest of that request where it was scanned.
    """

    matter_id: int
    position: int = Field(ge=1, le=rules.MOST_PARTS)
    answer: Literal["stop", "go_on"]
    signed: bool = False
    page: str = Field("", max_length=64)


@operation(
    "acceptance.answer_refusal",
    permission="acceptance.accept",
    title="Say what becomes of the rest of a matter",
)
def answer_refusal(work: Work, request: Answer) -> str:
    """After a refusal: withdraw the rest at the applicant's request, or go on without what can no longer begin.

    Going on, items that wait for the refused one get a written decision that they are not accepted (art. 32). Returns the
    matter's state. Errors: UNKNOWN_MATTER, NOT_YOUR_AGENCY, NOT_ASKED, REQUEST_NOT_SIGNED.
    """
    matter = at_window(work, request.matter_id)
    _claim(work, matter.id)
    rows = rows_of(work, matter.id)
    row = next((r for r in rows if r.position == request.position), None)
    if row is None or row.answer != "asked":
        raise UserError(
            "NOT_ASKED", L("There is no question about the rest of this matter."),
            do=L("Refresh: somebody else may have answered it."),
        )  # fmt: skip
    parts = parts_of(rows)
    work.execute(
        update(mt.part)
        .where(_p.matter_id == matter.id, _p.answer == "asked")
        .values(answer=request.answer, at=work.now, staff_name=work.actor.name)
    )
    if request.answer == "stop":
        endings.require_signed(work, request.page, signed=request.signed)
        _withdraw(work, rows, parts, f"“{row.name}”未获准予，申请人撤回其余事项。", request.page)
        return _ended(work, matter)
    asked = [r.position for r in rows if r.answer == "asked"]  # questions of one moment are answered together
    lost = {n for position in asked for n in rules.behind(parts, position)}
    waiting = {p.position for p in parts if p.standing is Standing.WAITING}
    for each in rows:
        if each.position in lost & waiting:
            _leave(work, each, row.name)
    return _ended(work, matter)


class MatterWithdrawal(Request):
    """The applicant's wish to take the whole matter back; `signed` or `page` as for one case."""

    matter_id: int
    reason: str = Field(min_length=1, max_length=500)
    signed: bool = False
    page: str = Field("", max_length=64)


@operation("acceptance.withdraw_matter", permission="acceptance.accept", title="Withdraw a matter")
def withdraw_matter(work: Work, request: MatterWithdrawal) -> str:
    """End every item that is not decided yet, at the applicant's signed request; what is decided stays decided.

    Returns the matter's state. Errors: UNKNOWN_MATTER, NOT_YOUR_AGENCY, REQUEST_NOT_SIGNED, NOTHING_TO_WITHDRAW.
    """
    matter = at_window(work, request.matter_id)
    endings.require_signed(work, request.page, signed=request.signed)
    _claim(work, matter.id)
    rows = rows_of(work, matter.id)
    parts = parts_of(rows)
    if not any(p.standing in rules.UNDECIDED for p in parts):
        raise UserError("NOTHING_TO_WITHDRAW", L("Every item of the matter is decided or has ended."))
    work.execute(
        update(mt.part)
        .where(_p.matter_id == matter.id, _p.answer == "asked")
        .values(answer="stop", at=work.now, staff_name=work.actor.name)
    )
    _withdraw(work, rows, parts, request.reason, request.page)
    return _ended(work, matter)


def _withdraw(work: Work, rows: Iterable[Any], parts: Sequence[Part], reason: str, page: str) -> None:
    undecided = {p.position for p in parts if p.standing in rules.UNDECIDED}
    ending = [row for row in rows if row.position in undecided]
    for row in ending:  # answered beforehand: the end of each of them is no new question
        work.execute(update(mt.part).where(_p.id == row.id, _p.answer == "").values(answer="stop"))
    for row in ending:
        if row.case_id is None:
            _settle_elsewhere(work, row, "dropped", reason)
        else:
            case = cases.load(work, row.case_id)
            endings.end(work, case, Event.WITHDRAW, "withdraw", reason, payload={"page": page})


def _leave(work: Work, row: Any, before: str) -> None:
    """An item that can no longer begin, because what it waits for was refused."""
    reason = f"前序事项“{before}”未获准予，本事项不具备受理条件。"
    work.execute(update(mt.part).where(_p.id == row.id, _p.answer == "").values(answer="go_on"))
    if row.case_id is None:
        _settle_elsewhere(work, row, "dropped", reason)
        return
    case = cases.load(work, row.case_id)
    cases.move(work, case, Event.REFUSE_ACCEPTANCE, opinion=reason, payload={"kind": "not_in_form"})
    draft_paper(work, case, "D4", {"kind": "not_in_form", "reason": reason, "law": "", "proper_agency": ""})


def _settle_elsewhere(work: Work, row: Any, outcome: str, note: str) -> None:
    touched = work.execute(
        update(mt.part)
        .where(_p.id == row.id, _p.outcome == "")
        .values(outcome=outcome, note=note, at=work.now, staff_name=work.actor.name)
    )
    if touched != 1:
        raise UserError("OUTCOME_KNOWN", L("The outcome of {name} was entered before.", name=row.name))


def _ended(work: Work, matter: Any) -> str:
    refresh(work, matter.id)
    work.subject = f"matter:{matter.case_no}"
    return str(load(work, matter.id).state)


def due_of(row: Any) -> datetime | None:
    """The moment that the light of a matter looks at."""
    found: datetime | None = row.promise_due_at or row.legal_due_at
    return found
