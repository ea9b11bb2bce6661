"""Notice and commitment (告知承诺): a promise in place of proofs, a grant at once where the item says so, the check afterwards.

国办发〔2020〕42号: the organ tells what must be so, the applicant promises that it is, the proofs are not asked for; whether
it is true is checked after the grant, and a promise that does not hold leads to revocation (行政许可法 art. 69).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from pydantic import Field

from yichuang.api import (
    CleanText,
    Read,
    Request,
    UserError,
    Work,
    bindparam,
    operation,
    prepare,
    query,
    select,
    update,
)
from yichuang_acceptance import promise_tables as p
from yichuang_acceptance import tables as t
from yichuang_acceptance.operations import cases, credit, later
from yichuang_acceptance.operations.catalogue_rules import NO, said_of
from yichuang_acceptance.operations.clocks import days_of
from yichuang_acceptance.operations.intake import OneCase
from yichuang_acceptance.operations.papers import draft_paper
from yichuang_acceptance.rules.intake import Given
from yichuang_acceptance.rules.machine import Event, State
from yichuang_acceptance.rules.violations import OTHER, POSTCHECK, RENEWAL
from yichuang_acceptance.words import words

L = words.lazy
CHECK_REMINDER = timedelta(days=10)
RENEWAL_REMINDER = timedelta(days=30)  # T13
CHECK_KEY = "postcheck"
_PROMISE = prepare(select(p.promise).where(p.promise.c.case_id == bindparam("case_id")))
_ALLOWED = prepare(select(p.promise_item).where(p.promise_item.c.item == bindparam("item")))


class AllowPromise(Request):
    """An item whose proofs a promise may stand for.

    Attributes:
        positions: Of the materials.
        conditions: What must be so, as the applicant reads it.
        days: Natural days after the grant within which the promise is checked; two months unless the item says otherwise.
        at_once: Granted on the spot.
    """

    item: str
    positions: tuple[int, ...] = Field(min_length=1, max_length=60)
    conditions: CleanText = Field(min_length=1, max_length=4000)
    days: int = Field(60, ge=1, le=730)
    at_once: bool = False


@operation(
    "acceptance.allow_promise", permission="acceptance.promises", title="Allow a promise in place of proofs"
)
def allow_promise(work: Work, request: AllowPromise) -> int:
    """Say that an item is handled by notice and commitment.

    Errors: UNKNOWN_ITEM, UNKNOWN_MATERIAL, NOT_YOUR_AGENCY, NO_PROMISE_ALLOWED.
    """
    item = work.query("hall.item", {"code": request.item})
    work.require_agency(item.agency)
    if said_of(work, item.code, item.version).get("allow_promise") == NO:
        raise _not_by_guide(item.name)
    missing = set(request.positions) - {m.position for m in item.materials}
    if missing:
        raise UserError("UNKNOWN_MATERIAL", L("The item does not ask for material {n}.", n=min(missing)))
    values = {
        "positions": sorted(set(request.positions)), "version": item.version,
        "conditions": request.conditions, "days": request.days,
        "at_once": request.at_once, "at": work.now, "staff_id": work.actor.staff_id, "staff_name": work.actor.name,
    }  # fmt: skip
    changed = work.update(p.promise_item, {"item": request.item}, **values)
    work.subject = f"item:{request.item}"
    return int(
        changed.id if changed is not None else work.insert(p.promise_item, item=request.item, **values)
    )


class AskPromiseItem(Request):
    """An item by its code."""

    item: str


@dataclass(frozen=True)
class AllowedPromise:
    """What an item lets a promise stand for."""

    positions: list[int]
    conditions: str
    days: int
    at_once: bool
    staff: str
    at: datetime


@query(
    "acceptance.promise_item", permission="acceptance.promises", title="What an item lets a promise stand for"
)
def promise_item(read: Read, request: AskPromiseItem) -> AllowedPromise | None:
    """How an item is handled by notice and commitment; None where it is not. Errors: UNKNOWN_ITEM, NOT_YOUR_AGENCY."""
    item = read.query("hall.item", {"code": request.item})
    read.require_agency(item.agency)
    row = read.one(_ALLOWED, item=request.item)
    if row is None:
        return None
    return AllowedPromise(
        _positions(read, row, item.version), row.conditions, row.days, row.at_once, row.staff_name, row.at
    )


@operation("acceptance.forbid_promise", permission="acceptance.promises", title="Allow no promise any more")
def forbid_promise(work: Work, request: AskPromiseItem) -> bool:
    """Say that an item is not handled by notice and commitment any more; promises that were given stay.

    Errors: UNKNOWN_ITEM, NOT_YOUR_AGENCY, NO_PROMISE_ALLOWED.
    """
    work.require_agency(work.query("hall.item", {"code": request.item}).agency)
    if not work.execute(p.promise_item.delete().where(p.promise_item.c.item == request.item)):
        raise UserError(
            "NO_PROMISE_ALLOWED", L("No promise is allowed for this item."), do=L("Refresh the page.")
        )
    work.subject = f"item:{request.item}"
    return True


@dataclass(frozen=True)
class PromiseView:
    """What may be promised for a case, or was.

    Attributes:
        made: The promise was given.
        check_due_at: By when it is checked; set with the grant.
        barred: A promise of the applicant's that did not hold: no other is taken.
    """

    positions: list[int]
    conditions: str
    days: int
    at_once: bool
    made: bool = False
    check_due_at: datetime | None = None
    checked_at: datetime | None = None
    outcome: str = ""
    findings: str = ""
    checked_by: str = ""
    barred: credit.Broken | None = None


@query("acceptance.promise", permission="acceptance.view", title="Promise in place of proofs")
def promise(read: Read, request: OneCase) -> PromiseView | None:
    """The promise of a case, or what its item allows to promise; None where neither is. Errors: NOT_YOUR_AGENCY."""
    return promise_view(read, cases.at_window(read, request.case_id))


def promise_view(read: Read, row: Any) -> PromiseView | None:
    """The promise of a case that the actor may see, or what its item allows to promise."""
    made = promise_of(read, row.id)
    if made is not None:
        return PromiseView(made.positions, made.conditions, made.days, made.at_once, True, made.check_due_at,
                           made.checked_at, made.outcome, made.findings, made.checked_by)  # fmt: skip
    allowed = read.one(_ALLOWED, item=row.item)
    if allowed is None:
        return None
    barred = credit.bars(read, row.applicant_id) if row.state == State.RECEIVED else None
    positions = _positions(read, allowed, row.item_version)
    return PromiseView(positions, allowed.conditions, allowed.days, allowed.at_once, barred=barred)


def _positions(read: Read, allowed: Any, version: int) -> list[int]:
    """The materials that a promise may stand for, where they stand in a version: another one may list them otherwise."""
    if allowed.version in (0, version):
        return list(allowed.positions)

    def materials(of: int) -> list[Any]:
        return list(read.query("hall.item", {"code": allowed.item, "version": of}).materials)

    named = {
        (m.code, m.name) if not m.code else m.code
        for m in materials(allowed.version)
        if m.position in allowed.positions
    }
    return [m.position for m in materials(version) if (m.code or (m.code, m.name)) in named]


def promise_of(read: Read, case_id: int) -> Any:
    """The row of a case's promise, None where none was given."""
    return read.one(_PROMISE, case_id=case_id)


class Promise(OneCase):
    """Materials that the applicant's promise stands for.

    Attributes:
        signed: The applicant has read the conditions and signs the promise (D6).
    """

    positions: tuple[int, ...] = Field(min_length=1, max_length=60)
    signed: bool = False


@operation(
    "acceptance.take_promise", permission="acceptance.accept", title="Take a promise in place of proofs"
)
def take_promise(work: Work, request: Promise) -> PromiseView:
    """Let the applicant's promise stand for proofs of a received case (D6).

    Errors: PROMISE_NOT_SIGNED, NO_PROMISE_ALLOWED, PROMISE_BROKEN_BEFORE, PROMISED_ALREADY, ILLEGAL_STEP, NOT_YOUR_AGENCY.
    """
    row = cases.at_window(work, request.case_id)
    if row.state != State.RECEIVED:
        raise UserError("ILLEGAL_STEP", L("A promise is taken before the application is accepted."))
    allowed = work.one(_ALLOWED, item=row.item)
    if allowed is None or set(request.positions) - set(_positions(work, allowed, row.item_version)):
        raise UserError(
            "NO_PROMISE_ALLOWED",
            L("No promise may stand for these materials of {item}.", item=row.item_name),
            do=L("Take the materials, or promise only what the item allows."),
        )
    if said_of(work, row.item, row.item_version).get("allow_promise") == NO:
        raise _not_by_guide(row.item_name)
    credit.require_clean(work, row)
    if not request.signed:
        raise UserError("PROMISE_NOT_SIGNED", L("The applicant has not signed the promise."),
                        do=L("Let the applicant read the conditions and sign."))  # fmt: skip
    if promise_of(work, row.id) is not None:
        raise UserError("PROMISED_ALREADY", L("The promise for this case was taken already."))
    positions = sorted(set(request.positions))
    work.insert(
        p.promise, case_id=row.id, positions=positions, conditions=allowed.conditions, days=allowed.days,
        at_once=allowed.at_once, at=work.now,
    )  # fmt: skip
    stand_for = t.material.c.case_id == row.id, t.material.c.position.in_(positions)
    work.execute(
        update(t.material).where(*stand_for).values(given=Given.PROMISED, originals=0, copies=0, licence="")
    )
    later.lock(work, row.id)
    cases.record(work, row.id, Event.COMMIT, State.RECEIVED, State.RECEIVED, payload={"positions": positions})
    names = [m.name for m in cases.materials(work, row.id) if m.position in positions]
    facts = {"conditions": allowed.conditions, "replaced": names, "days": allowed.days}
    draft_paper(work, row, "D6", facts)
    work.subject = cases.subject(row.case_no)
    seen = promise(work, OneCase(case_id=row.id))
    assert seen is not None
    return seen


def _not_by_guide(name: str) -> UserError:
    return UserError(
        "NO_PROMISE_ALLOWED",
        L("The guide of {item} says that no promise stands for proofs.", item=name),
        do=L("Take the materials; whoever keeps the catalogue can publish another version."),
    )


def begin_check(work: Work, row: Any) -> None:
    """The case was granted: from now on its promise waits to be checked (T12)."""
    made = promise_of(work, row.id)
    if made is None:
        return
    due = check_due(work, work.now, made.days)
    work.execute(update(p.promise).where(p.promise.c.id == made.id).values(check_due_at=due))
    for rule, key, at in check_moments(work.now, due):
        later.remind_at(work, row.id, rule, at, key)


def check_due(read: Read, granted: datetime, days: int) -> datetime:
    """Until when a promise is checked (T12)."""
    return days_of(read).due_moment(granted, days, "D")


def check_moments(granted: datetime, due: datetime) -> tuple[tuple[str, str, datetime], ...]:
    """When the check is reminded of, and when it is late: rule, key, moment."""
    return (POSTCHECK, "", max(granted, due - CHECK_REMINDER)), (OTHER, CHECK_KEY, due)


class Check(OneCase):
    """What the check of a promise found."""

    outcome: Literal["kept", "broken"]
    findings: CleanText = Field(min_length=1, max_length=2000)


@operation(
    "acceptance.check_promise", permission="acceptance.decide", title="Check a promise after the grant"
)
def check_promise(work: Work, request: Check) -> PromiseView:
    """Enter what the check found; a broken promise leads to revocation (art. 69) and to a credit record.

    Errors: NOTHING_TO_CHECK, NOT_YOUR_AGENCY.
    """
    row = cases.in_agency(work, request.case_id)
    found = (
        p.promise.c.case_id == row.id,
        p.promise.c.check_due_at.is_not(None),
        p.promise.c.checked_at.is_(None),
    )
    values = {
        "checked_at": work.now, "outcome": request.outcome, "findings": request.findings, "checked_by": work.actor.name,
    }  # fmt: skip
    if not work.execute(update(p.promise).where(*found).values(**values)):
        raise UserError(
            "NOTHING_TO_CHECK", L("No promise of case {number} waits to be checked.", number=row.case_no)
        )
    if request.outcome == "broken":
        credit.enter(work, row, request.findings)
    later.forget(work, row.id, POSTCHECK)
    later.forget(work, row.id, OTHER, key=CHECK_KEY)
    later.lock(work, row.id)
    state = State(row.state)
    cases.record(work, row.id, Event.CHECK, state, state, request.findings, {"outcome": request.outcome})
    work.subject = cases.subject(row.case_no)
    seen = promise(work, OneCase(case_id=row.id))
    assert seen is not None
    return seen


def remind_of_renewal(work: Work, row: Any, valid_to: str) -> None:
    """A licence with an end was given: 30 days before it, a reminder (T13)."""
    if valid_to:
        end = datetime.fromisoformat(f"{valid_to}T00:00:00+08:00")
        if end > work.now:
            later.remind_at(work, row.id, RENEWAL, end - RENEWAL_REMINDER)
