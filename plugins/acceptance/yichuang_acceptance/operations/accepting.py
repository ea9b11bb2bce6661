"""Accepting: both clocks start, the notice is drafted, the agency gets the case. At the window, or because time was up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from yichuang.api import HALL_ZONE, MaterialRow, Work, select, update
from yichuang_acceptance import tables as t
from yichuang_acceptance.operations import cases, renewals
from yichuang_acceptance.operations.clocks import clock_values, days_of, with_renewal
from yichuang_acceptance.operations.papers import draft_paper
from yichuang_acceptance.operations.review import dispatch
from yichuang_acceptance.promise_tables import promise
from yichuang_acceptance.rules import intake as rules
from yichuang_acceptance.rules.calendars import is_provisional
from yichuang_acceptance.rules.clocks import LEGAL_WORKING_DAYS, Limit, tolerance_due
from yichuang_acceptance.rules.intake import Asked, Given, Handed
from yichuang_acceptance.rules.machine import Event
from yichuang_acceptance.rules.names import LICENCE_TYPE

APPLICATION_FORM = "申请书"


def materials_of(item: Any) -> list[MaterialRow]:
    """What the item asks for; where the catalogue lists nothing yet, the written application itself (art. 29)."""
    return item.materials or [MaterialRow(1, "", APPLICATION_FORM, "required", True, False, [])]


def has_guide(item: Any) -> bool:
    """Whether the catalogue says what an item asks for, or how long it takes; of many it knows no more than the name."""
    limits = item.legal_amount, item.promise_amount
    return bool(item.materials) or item.kind == "instant" or any(amount is not None for amount in limits)


def asked_as(materials: Sequence[MaterialRow]) -> list[Asked]:
    """Materials as the rules take them."""
    return [Asked(m.position, m.name, m.need, m.replaceable) for m in materials]


def limits_of(item: Any) -> tuple[Limit | None, Limit | None]:
    """Statutory and promised limit of an item's version; None where the catalogue names none."""
    legal = None if item.legal_amount is None else Limit(Decimal(str(item.legal_amount)), item.legal_unit)
    if legal is None and item.type == LICENCE_TYPE:
        legal = Limit(Decimal(LEGAL_WORKING_DAYS), "W")
    if item.kind == "instant":
        return legal, Limit(Decimal(0), "W")
    return legal, None if item.promise_amount is None else Limit(
        Decimal(str(item.promise_amount)), item.promise_unit
    )


def handed_in(work: Work, row: Any) -> dict[int, Handed]:
    """What was handed in of what the item asks for, as it stands in the tables."""
    return {
        m.position: Handed(m.position, Given(m.given), m.originals, m.copies, tuple(m.pages), m.licence)
        for m in cases.materials(work, row.id)
        if m.need != rules.VOLUNTARY
    }


def asked_of(item: Any, handed: dict[int, Handed]) -> list[Asked]:
    """What an item asks for of a case: the materials that the answers at the window chose have a row each."""
    return asked_as([m for m in materials_of(item) if m.position in handed])


def require_complete(work: Work, row: Any, item: Any) -> None:
    """Let only a complete application on, as it stands in the tables. Raises MATERIAL_MISSING."""
    handed = handed_in(work, row)
    asked = asked_of(item, handed)
    made = work.one(select(promise).where(promise.c.case_id == row.id))
    promised = set(made.positions) if made is not None else set()
    rules.require_complete([replace(a, promised=a.position in promised) for a in asked], handed)


def accept(work: Work, row: Any, item: Any, event: Event = Event.ACCEPT) -> Any:
    """Accept and pass the case to its agency; DEEMED_ACCEPT lets the clocks start at receipt (art. 32 (4)).

    Returns:
        Its row as it is now.

    Raises:
        UserError: ILLEGAL_STEP.
    """
    return dispatch(work, accept_only(work, row, item, event))


def accept_only(work: Work, row: Any, item: Any, event: Event, **more: Any) -> Any:
    """Accept without passing the case on: both clocks, tolerance, notice. Returns its row as it is now."""
    start = row.received_at if event is Event.DEEMED_ACCEPT else work.now
    legal, promise = limits_of(item)
    owed = [m for m in cases.materials(work, row.id) if m.given == Given.TOLERATED]
    tolerance_due = _tolerate(work, row, start) if owed else None
    renews = renewals.silence_ends(work, row, start)
    clocks = with_renewal(clock_values(work, start, legal, promise, (), 0), renews)
    moved = cases.move(
        work, row, event, accepted_at=start, renewal_due_at=renews, legal_amount=legal and legal.amount,
        legal_unit=legal.unit if legal else "",
        promise_amount=promise and promise.amount, promise_unit=promise.unit if promise else "",
        tolerance_due=tolerance_due, telling_due_at=None,
        **{**clocks, **more},
    )  # fmt: skip
    fresh = moved.row
    due = fresh.promise_due_at or fresh.legal_due_at
    until = due.astimezone(HALL_ZONE).date().isoformat() if due is not None else ""
    provisional = is_provisional(due, work.calendar)
    facts = {"deemed": event is Event.DEEMED_ACCEPT, "finish_by": until, "provisional": provisional}
    draft_paper(work, row, "D3", facts)
    if owed:
        draft_paper(work, row, "D5", {})
    return fresh


def _tolerate(work: Work, row: Any, start: datetime) -> datetime:
    """The day by which promised materials must come."""
    due = tolerance_due(start, days_of(work))
    work.execute(
        update(t.material)
        .where(t.material.c.case_id == row.id, t.material.c.given == Given.TOLERATED)
        .values(due=due)
    )
    return due
