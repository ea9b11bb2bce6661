"""What a desk keeps of the hall for the time in which its database is away: the catalogue, and what papers print."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from types import SimpleNamespace
from typing import Any

from pydantic import Field

from yichuang.api import (
    ItemDetail,
    ItemRow,
    MaterialRow,
    Read,
    Request,
    func,
    hall,
    item_terms,
    query,
    select,
)
from yichuang_acceptance import offline_tables as o
from yichuang_acceptance.guide_tables import item_form
from yichuang_acceptance.operations.clocks import days_of
from yichuang_acceptance.operations.paper_parts import office
from yichuang_acceptance.operations.paper_sizes import page_at
from yichuang_acceptance.operations.situations import Situation, situation_of

PAGE = 200


class AskItems(Request):
    """A page of the catalogue: the items behind a code."""

    after: str = ""
    limit: int = Field(PAGE, ge=1, le=500)


@dataclass(frozen=True)
class KeptItem:
    """An item as the window needs it: how it is found, what it asks for, and on which answers that depends.

    Attributes:
        schema: Its application form as JSON Schema; None where it asks only for what every application does.
    """

    row: ItemRow
    detail: ItemDetail
    situation: Situation
    schema: dict[str, Any] | None = None


@query("acceptance.offline_items", permission="acceptance.accept", title="Catalogue for desks offline")
def offline_items(read: Read, request: AskItems) -> list[KeptItem]:
    """Items in use with everything that the window asks, by code; ask again behind the last one until none comes."""
    rows = {
        row.code: row for row in read.query("hall.items", {"after": request.after, "limit": request.limit})
    }
    versions = {row.item: row for row in _versions(read, list(rows))}
    forms = read.all(select(item_form).where(item_form.c.item.in_(list(rows))))
    schemas = {(form.item, form.version): form.schema for form in forms}
    materials: dict[tuple[str, int], list[MaterialRow]] = {}
    for m in _materials(read, list(rows)):
        row = MaterialRow(m.position, m.material, m.name, m.need, m.original, m.replaceable, m.licence_types)
        materials.setdefault((m.item, m.version), []).append(row)
    return [
        KeptItem(
            row,
            _detail(row, versions[code], materials.get((code, versions[code].version), [])),
            situation_of(read, code, versions[code].version),
            schemas.get((code, versions[code].version)),
        )
        for code, row in rows.items()
    ]


def _versions(read: Read, codes: list[str]) -> list[Any]:
    """The versions that hold today."""
    held = func.coalesce(hall.item_term.c.version, hall.item.c.current_version)
    term = (hall.item_term.c.item == hall.item.c.code) & item_terms.on_day(read.today)
    return read.all(
        select(hall.item_version, hall.agency.c.name.label("agency_name"))
        .join(hall.item, hall.item.c.code == hall.item_version.c.item)
        .join(hall.agency, hall.agency.c.code == hall.item.c.agency)
        .outerjoin(hall.item_term, term)
        .where(hall.item.c.code.in_(codes), hall.item_version.c.version == held)
    )


def _materials(read: Read, codes: list[str]) -> list[Any]:
    m = hall.item_material
    return read.all(select(m).where(m.c.item.in_(codes)).order_by(m.c.item, m.c.position))


def _detail(row: ItemRow, version: Any, materials: list[MaterialRow]) -> ItemDetail:
    return ItemDetail(
        row.code, version.version, row.name, row.type, row.agency, version.agency_name, version.kind,
        version.legal_amount, version.legal_unit, version.promise_amount, version.promise_unit,
        version.result, version.result_licence, version.special, version.basis, materials,
    )  # fmt: skip


class AskDesk(Request):
    """A desk that gets ready for going on alone."""

    desk: str = Field(min_length=1, max_length=20)


@dataclass(frozen=True)
class DeskLook:
    """What a desk must know besides the catalogue.

    Attributes:
        next_day: The next working day, for which numbers are taken in hand as well.
        offices: Who issues a paper, as papers print it, by agency.
        open_blocks: Ids of blocks of days gone by that this desk has not given back.
        page: The sheet of its receipts.
    """

    next_day: date
    offices: dict[str, dict[str, str]]
    open_blocks: list[int]
    page: str = "A4"


@query("acceptance.offline_desk", permission="acceptance.accept", title="A desk's share for going offline")
def offline_desk(read: Read, request: AskDesk) -> DeskLook:
    """The next working day, what papers print of the hall, and this desk's blocks that are still to be given back."""
    late = (o.num_block.c.desk == request.desk) & (o.num_block.c.day < read.today)
    blocks = read.all(
        select(o.num_block.c.id)
        .where(late, o.num_block.c.state == "leased")
        .order_by(o.num_block.c.id)
        .limit(50)
    )
    codes = [row.code for row in read.all(select(hall.agency.c.code).limit(500))]
    offices = {code: asdict(office(read, SimpleNamespace(agency=code, desk=request.desk))) for code in codes}
    return DeskLook(
        days_of(read).add_workdays(read.today, 1),
        offices,
        [row.id for row in blocks],
        page_at(read, "D1", request.desk),
    )
