"""Guides in the tables: reading one of any version, also of those the hall's files brought; the version that desks read."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, cast

from yichuang.api import Read, UserError, bindparam, func, hall, hall_model, prepare, select
from yichuang_acceptance import guide_tables as g
from yichuang_acceptance.rules.form_fields import rows_of
from yichuang_acceptance.rules.form_schema import fields_of
from yichuang_acceptance.rules.guide import Guide, Known, Row, of_body
from yichuang_acceptance.words import words

L = words.lazy
KINDS = {"instant": "1", "committed": "2"}
SERVED = {
    "person": "1", "enterprise": "2", "institution": "3", "association": "4", "authority": "5", "other": "6",
}  # fmt: skip
NEEDS = {"required": "1", "optional": "2", "tolerant": "3"}
SHARED_DATA = "数据共享"
_GUIDE = prepare(
    select(g.guide).where(g.guide.c.item == bindparam("item"), g.guide.c.version == bindparam("version"))
)
_OPEN = prepare(select(g.guide).where(g.guide.c.item == bindparam("item"), g.guide.c.state != "published"))
_VERSION = prepare(
    select(hall.item_version).where(
        hall.item_version.c.item == bindparam("item"), hall.item_version.c.version == bindparam("version")
    )
)
_MATERIALS = prepare(
    select(hall.item_material)
    .where(
        hall.item_material.c.item == bindparam("item"), hall.item_material.c.version == bindparam("version")
    )
    .order_by(hall.item_material.c.position)
)
_FORM = prepare(
    select(g.item_form.c.schema).where(
        g.item_form.c.item == bindparam("item"), g.item_form.c.version == bindparam("version")
    )
)


def item_row(read: Read, code: str) -> Any:
    """The row of an item of the reader's own agency.

    Raises:
        UserError: UNKNOWN_ITEM, NOT_YOUR_AGENCY.
    """
    row = read.one(select(hall.item).where(hall.item.c.code == code))
    if row is None:
        raise UserError(
            "UNKNOWN_ITEM",
            L("There is no service item {code}.", code=code),
            do=L("Search for the item by name."),
        )
    read.require_agency(row.agency)
    return row


def open_row(read: Read, code: str) -> Any:
    """The draft of an item, or the version that waits for publishing; None where there is neither."""
    return read.one(_OPEN, item=code)


def row_of(read: Read, code: str, version: int) -> Any:
    """The row of a version that was made here; None for one that the hall's files brought."""
    return read.one(_GUIDE, item=code, version=version)


def guide_of(read: Read, item: Any, version: int) -> Guide:
    """What a version of an item says.

    Raises:
        UserError: UNKNOWN_VERSION.
    """
    row = row_of(read, item.code, version)
    if row is not None:
        return of_body(row.body)
    loaded = read.one(_VERSION, item=item.code, version=version)
    if loaded is None:
        raise UserError("UNKNOWN_VERSION", L("The item has no version {n}.", n=version))
    schema = form_schema(read, item.code, version)
    form = rows_of(fields_of(schema)) if schema is not None else ()
    return loaded_guide(item, loaded, read.all(_MATERIALS, item=item.code, version=version), form)


def form_schema(read: Read, code: str, version: int) -> dict[str, Any] | None:
    """The JSON Schema of a published version's application form; None where it has none."""
    found: dict[str, Any] | None = read.scalar(_FORM, item=code, version=version)
    return found


def loaded_guide(item: Any, version: Any, materials: Sequence[Any], form: tuple[Row, ...] = ()) -> Guide:
    """The guide of a version that the hall's files brought: as much as they say."""
    elements = {
        "task_name": item.name, "name_mn": item.name_mn, "aliases": ";".join(item.aliases),
        "project_type": KINDS.get(version.kind, ""), "use_level": _level(item.code),
        "anticipate_day": _number(version.legal_amount), "anticipate_type": version.legal_unit,
        "promise_day": _number(version.promise_amount), "promise_type": version.promise_unit,
        "server_type": ";".join(sorted(SERVED[each] for each in version.counterparts)),
        "result_name": version.result, "result_licence": version.result_licence,
    }  # fmt: skip
    lists: dict[str, tuple[Row, ...]] = {
        "laws": ({"name": version.basis},) if version.basis else (),
        "materials": tuple(_loaded_material(row) for row in materials),
        "form": form,
        "special": tuple({"name": name} for name in version.special),
    }
    return Guide(_filled(elements), {name: rows for name, rows in lists.items() if rows})


def _filled(values: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in values.items() if value}


def _level(code: str) -> str:
    """The level of exercise stands in an implementation code behind the organ's 18 characters."""
    parts = len(code) in (31, 33)
    return code[18] if parts and code[18] in "1234567" else ""


def _number(value: Any) -> str:
    return "" if value is None else f"{Decimal(str(value)).normalize():f}"


def _loaded_material(row: Any) -> Row:
    return _filled({
        "material_code": row.material, "material_name": row.name, "is_need": NEEDS[row.need],
        "page_num": "1" if row.original else "", "licence_type": ";".join(row.licence_types),
        "share_api": SHARED_DATA if row.replaceable and not row.licence_types else "",
    })  # fmt: skip


def version_of(code: str, version: int, guide: Guide) -> hall_model.ItemVersion:
    """The version as the hall's desks read it."""
    kinds = {national: ours for ours, national in KINDS.items()}
    served = {national: ours for ours, national in SERVED.items()}
    counterparts = tuple(served[each] for each in guide.get("server_type").split(";") if each)
    return hall_model.ItemVersion(
        item=code, version=version, kind=cast("hall_model.ItemKind", kinds.get(guide.get("project_type"), "")),
        legal=_limit(guide, "anticipate"), promise=_limit(guide, "promise"),
        counterparts=cast("tuple[hall_model.Counterpart, ...]", counterparts), result=guide.get("result_name"),
        result_licence=guide.get("result_licence"), special=tuple(row["name"] for row in guide.rows("special")),
        basis="；".join(law_text(row) for row in guide.rows("laws")),
        materials=tuple(_material(code, n, row) for n, row in enumerate(guide.rows("materials"), 1)),
    )  # fmt: skip


def law_text(row: Row) -> str:
    """A law with its article, in one line."""
    return f"{row['name']}{row.get('article', '')}"


def _limit(guide: Guide, name: str) -> hall_model.Limit | None:
    amount, unit = guide.get(f"{name}_day"), guide.get(f"{name}_type")
    return hall_model.Limit(Decimal(amount), cast("hall_model.Unit", unit)) if amount and unit else None


def _material(code: str, position: int, row: Row) -> hall_model.ItemMaterial:
    needs = {national: ours for ours, national in NEEDS.items()}
    licences = tuple(filter(None, row.get("licence_type", "").split(";")))
    return hall_model.ItemMaterial(
        item=code, position=position, material=row["material_code"], name=row["material_name"],
        need=cast("hall_model.Need", needs[row["is_need"]]), original=row.get("page_num", "0") != "0",
        replaceable=bool(licences or row.get("share_api")), licence_types=licences,
    )  # fmt: skip


def agency_codes(read: Read, own: str) -> dict[str, str]:
    """The codes of the hall's agencies other than one's own, by all that people call them: code, name, short name."""
    found: dict[str, str] = {}
    for row in read.all(select(hall.agency).where(hall.agency.c.code != own).order_by(hall.agency.c.code)):
        for called in (row.code, row.name, row.short_name):
            found.setdefault(called, row.code)
    return found


def known(read: Read, own: str) -> Known:
    """What guides of an agency's items may refer to."""

    def codes(table: Any) -> frozenset[str]:
        return frozenset(row.code for row in read.all(select(table.c.code)))

    return Known(codes(hall.material), codes(hall.licence_type), codes(hall.item), agency_codes(read, own))


def newest_version(read: Read, code: str) -> int:
    """The highest number that a version of an item has, published or not; 0 for none."""
    made = read.scalar(select(func.max(g.guide.c.version)).where(g.guide.c.item == code))
    loaded = read.scalar(
        select(func.max(hall.item_version.c.version)).where(hall.item_version.c.item == code)
    )
    return max(int(made or 0), int(loaded or 0))


def newest_published(read: Read, code: str) -> int:
    """The highest number that a published version of an item has; 0 for none."""
    loaded = read.scalar(
        select(func.max(hall.item_version.c.version)).where(hall.item_version.c.item == code)
    )
    return int(loaded or 0)
