"""One matter at once (一件事): the items bundled for one event of a life or a business, as the hall's files name them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from yichuang.operations.model import query
from yichuang.operations.work import Read
from yichuang.storage import hall_tables as t

MOST = 500


@dataclass(frozen=True)
class MatterStep:
    """One item of a matter.

    Attributes:
        name: As the matter names it.
        item: Code in the catalogue; empty for a step of another body.
        agency: Short name of whoever is responsible; empty for another body.
        optional: Only for some applicants.
        after: Names of the steps that have to be decided first.
    """

    name: str
    item: str
    agency: str
    optional: bool
    after: list[str]


@dataclass(frozen=True)
class Matter:
    """Items that are handed in together.

    Attributes:
        promise_amount: Joint promised limit in `promise_unit` (W working days, D days, H hours), None if there is none.
        shared: Materials that are handed in once for all items.
    """

    code: str
    name: str
    lead: str
    promise_amount: Decimal | None
    promise_unit: str
    steps: list[MatterStep]
    shared: list[str]


@query("hall.matters", permission=None, title="Matters at once")
def matters(read: Read) -> list[Matter]:
    """Every matter of the hall, by code, with its items in their order."""
    rows = read.all(
        select(t.theme, t.agency.c.short_name.label("lead_name"))
        .outerjoin(t.agency, t.agency.c.code == t.theme.c.lead)
        .order_by(t.theme.c.code)
        .limit(MOST)
    )
    codes = {step["item"] for row in rows for step in row.body["items"] if step["item"]}
    agency_of = {
        row.code: row.short_name
        for row in read.all(
            select(t.item.c.code, t.agency.c.short_name)
            .join(t.agency, t.agency.c.code == t.item.c.agency)
            .where(t.item.c.code.in_(sorted(codes)))
        )
    }

    def step_of(step: dict[str, Any]) -> MatterStep:
        agency = agency_of.get(step["item"], "")
        return MatterStep(step["name"], step["item"], agency, step["optional"], step["after"])

    return [
        Matter(
            row.code, row.name, row.lead_name or "", row.promise_amount, row.promise_unit,
            [step_of(step) for step in row.body["items"]], row.body["shared"],
        )
        for row in rows
    ]  # fmt: skip
