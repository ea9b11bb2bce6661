"""The hall's own data: loading agencies, desks, staff and items from files; the catalogue; settings."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pydantic import Field
from sqlalchemy import (
    BindParameter,
    Date,
    Table,
    bindparam,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)

from yichuang.hall.errors import UserError
from yichuang.hall.model import HallData, Item, ItemVersion, Limit, Material
from yichuang.hall.pinyin import PinyinForm
from yichuang.hall.terms import Term
from yichuang.hall.words import core as words
from yichuang.identity.away_sign_in import DAYS_KEY
from yichuang.operations import item_terms as terms
from yichuang.operations.away import check_days
from yichuang.operations.model import Request, operation, query
from yichuang.operations.work import Read, Work
from yichuang.storage import hall_tables as t
from yichuang.storage.prepared import prepare

if TYPE_CHECKING:
    from yichuang.hall.importing import Known

L = words.lazy
NO_PASSWORD = "!"

_ITEM = prepare(select(t.item).where(t.item.c.code == bindparam("code")))
_VERSION = prepare(
    select(t.item_version).where(
        t.item_version.c.item == bindparam("item"), t.item_version.c.version == bindparam("version")
    )
)
_AGENCY_NAME = prepare(select(t.agency.c.name).where(t.agency.c.code == bindparam("code")))
_TERM_NAME = prepare(
    select(t.item_term.c.name).where(
        t.item_term.c.item == bindparam("item"), t.item_term.c.version == bindparam("version")
    )
)
_MATERIALS = prepare(
    select(t.item_material)
    .where(t.item_material.c.item == bindparam("item"), t.item_material.c.version == bindparam("version"))
    .order_by(t.item_material.c.position)
)


@dataclass(frozen=True)
class Loaded:
    """How many rows of each kind an import brought."""

    agencies: int
    zones: int
    desks: int
    staff: int
    items: int
    materials: int
    themes: int


class LoadHall(Request):
    """Files of a hall, by name (`agencies.tsv`, `items.xlsx`, …), base64 in JSON."""

    files: dict[str, bytes] = Field(json_schema_extra={"journal": False})


@operation("hall.load", permission="hall.manage", title="Load the hall's data")
def load(work: Work, request: LoadHall) -> Loaded:
    """Load a hall from files: known rows are updated, new ones entered, nothing if any row is wrong.

    Errors: HALL_FILES_BAD with every bad row and its reason.
    """
    from yichuang.hall.importing import parse_hall  # reads files: not needed to open a hall

    data = parse_hall(request.files, _known(work))
    work.subject = "hall:data"
    loaded = store_hall(work, data)
    work.detail = {"loaded": vars(loaded), "files": sorted(request.files)}
    return loaded


def _known(work: Work) -> Known:
    """What the files may refer to besides their own rows, so that one table alone can be loaded."""
    from yichuang.hall.importing import Known

    tables = {
        "agencies": t.agency, "zones": t.zone, "desks": t.desk, "roles": t.role, "licence_types": t.licence_type,
        "materials": t.material, "items": t.item, "themes": t.theme,
    }  # fmt: skip
    codes = {
        name: frozenset(row.code for row in work.all(select(table.c.code))) for name, table in tables.items()
    }
    materials = {
        row.code: Material(row.code, row.name, tuple(row.licence_types))
        for row in work.all(select(t.material))
    }
    return Known(codes, materials)


def store_hall(work: Work, data: HallData) -> Loaded:
    """Write parsed hall data into the tables."""
    put = upserter(work)
    put(t.agency, [
        {"code": a.code, "name": a.name, "short_name": a.short_name, "name_mn": a.name_mn, "kind": a.kind, "position": i}
        for i, a in enumerate(data.agencies)
    ])  # fmt: skip
    put(
        t.zone,
        [
            {"code": z.code, "name": z.name, "name_mn": z.name_mn, "position": i}
            for i, z in enumerate(data.zones)
        ],
    )
    put(t.desk, [
        {"code": d.number, "zone": d.zone, "kind": d.kind, "business": d.business, "agency": d.agency or None}
        for d in data.desks
    ])  # fmt: skip
    _store_staff(work, data, put)
    put(t.licence_type, [
        {"code": x.code, "name": x.name, "issuer": x.issuer, "issuer_name": x.issuer_name, "holder": x.holder,
         "validity_months": x.validity_months}
        for x in data.licence_types
    ])  # fmt: skip
    put(
        t.material,
        [{"code": m.code, "name": m.name, "licence_types": list(m.licence_types)} for m in data.materials],
    )
    materials = _store_items(work, data, put)
    put(t.theme, [
        {"code": x.code, "name": x.name, "lead": x.lead or None, "promise_amount": x.promise.amount,
         "promise_unit": x.promise.unit, "body": _theme_body(x)}
        for x in data.themes
    ])  # fmt: skip
    return Loaded(
        len(data.agencies),
        len(data.zones),
        len(data.desks),
        len(data.staff),
        len(data.items),
        materials,
        len(data.themes),
    )


def upserter(work: Work) -> Callable[[Table, list[dict[str, Any]]], None]:
    """Gives what enters rows of a table, changing those that are there, on either database."""
    kind = importlib.import_module(f"sqlalchemy.dialects.{work.writer.dialect.name}")

    def put(table: Table, rows: list[dict[str, Any]]) -> None:
        if not rows:
            return
        statement = kind.insert(table)
        keys = [c.name for c in table.primary_key.columns]
        changes = {name: statement.excluded[name] for name in rows[0] if name not in keys}
        work.execute_many(statement.on_conflict_do_update(index_elements=keys, set_=changes), rows)

    return put


def _store_staff(work: Work, data: HallData, put: Callable[[Table, list[dict[str, Any]]], None]) -> None:
    put(t.role, [{"code": r.code, "name": r.title, "hall_wide": r.scope == "hall"} for r in data.roles])
    if data.roles:
        work.execute(
            delete(t.role_permission).where(t.role_permission.c.role.in_([r.code for r in data.roles]))
        )
        work.execute_many(
            insert(t.role_permission),
            [{"role": r.code, "permission": p} for r in data.roles for p in r.permissions],
        )
    known = {row.name: row.staff_id for row in work.all(select(t.account.c.name, t.account.c.staff_id))}
    for person in data.staff:
        values = {
            "name": person.name,
            "agency": person.agency,
            "post": person.post,
            "desk": person.desk or None,
            "phone": person.phone,
        }
        staff_id = known.get(person.account)
        if staff_id is None:
            staff_id = work.insert(t.staff, **values)
            work.execute(
                insert(t.account).values(name=person.account, staff_id=staff_id, password_hash=NO_PASSWORD)
            )
        else:
            work.execute(update(t.staff).where(t.staff.c.id == staff_id).values(**values))
            work.execute(delete(t.staff_role).where(t.staff_role.c.staff_id == staff_id))
        work.execute_many(
            insert(t.staff_role), [{"staff_id": staff_id, "role": code} for code in person.roles]
        )


def _store_items(work: Work, data: HallData, put: Callable[[Table, list[dict[str, Any]]], None]) -> int:
    """Items keep their published versions: only a version that is not there yet is entered."""
    newest: dict[str, int] = {}
    for version in data.versions:
        newest[version.item] = max(version.version, newest.get(version.item, 0))
    put(t.item, [_item_row(x, newest.get(x.code, 1)) for x in data.items])
    there = {
        (row.item, row.version) for row in work.all(select(t.item_version.c.item, t.item_version.c.version))
    }
    fresh = [v for v in data.versions if (v.item, v.version) not in there]
    work.execute_many(insert(t.item_version), [version_row(v) for v in fresh])
    rows = [row for v in fresh for row in material_rows(v)]
    work.execute_many(insert(t.item_material), rows)
    _enter_terms(work, data, fresh)
    return len(rows)


def _enter_terms(work: Work, data: HallData, fresh: list[ItemVersion]) -> None:
    """A version that a file brings to an item whose versions hold on stated days holds from today on."""
    dated = {row.item for row in work.all(select(t.item_term.c.item).distinct())}
    items = {item.code: item for item in data.items}
    for version in fresh:
        if version.item in dated:
            item = items[version.item]
            names = terms.Names(item.name, item.aliases, PinyinForm(item.initials, item.pinyin))
            row = terms.lock_item(work, version.item)
            terms.enter_term(work, row, Term(version.version, work.today), names)


def material_rows(version: ItemVersion) -> list[dict[str, Any]]:
    """The material list of a version as the table keeps it."""
    return [
        {"item": version.item, "version": version.version, "position": m.position, "material": m.material, "name": m.name,
         "need": m.need, "original": m.original, "replaceable": m.replaceable, "licence_types": list(m.licence_types)}
        for m in version.materials
    ]  # fmt: skip


def _item_row(item: Item, newest: int) -> dict[str, Any]:
    return {
        "code": item.code, "basic_code": item.basic_code, "name": item.name, "name_mn": item.name_mn, "type": item.type,
        "agency": item.agency, "aliases": list(item.aliases), "initials": item.initials, "pinyin": item.pinyin,
        "current_version": newest,
    }  # fmt: skip


def version_row(version: ItemVersion) -> dict[str, Any]:
    """A version as the table keeps it."""

    def limit(name: str, value: Limit | None) -> dict[str, Any]:
        return {
            f"{name}_amount": value.amount if value else None,
            f"{name}_unit": value.unit if value else "",
        }

    return {
        "item": version.item, "version": version.version, "kind": version.kind, **limit("legal", version.legal),
        **limit("promise", version.promise), "counterparts": list(version.counterparts), "result": version.result,
        "result_licence": version.result_licence, "special": list(version.special), "basis": version.basis,
    }  # fmt: skip


def _theme_body(theme: Any) -> dict[str, Any]:
    items = [
        {"name": i.name, "item": i.code, "after": list(i.after), "optional": i.optional, "situation_expr": i.situation_expr}
        for i in theme.items
    ]  # fmt: skip
    situations = [
        {"code": q.code, "question": q.question, "options": list(q.options)} for q in theme.situations
    ]
    return {
        "mode": theme.mode, "items": items, "shared": list(theme.shared), "fields": list(theme.fields),
        "situations": situations,
    }  # fmt: skip


@dataclass(frozen=True)
class ItemRow:
    """An item as search lists show it."""

    code: str
    name: str
    type: str
    agency: str
    agency_name: str
    kind: str
    initials: str
    pinyin: str
    aliases: list[str]


_TODAY: BindParameter[date] = bindparam("today", type_=Date)
_HELD = func.coalesce(t.item_term.c.version, t.item.c.current_version)
_STATE_NOW = (
    select(t.item_state.c.state)
    .where(t.item_state.c.item == t.item.c.code, t.item_state.c.first_day <= _TODAY)
    .order_by(t.item_state.c.first_day.desc(), t.item_state.c.id.desc())
    .limit(1)
    .scalar_subquery()
)
_ANY_TERM = t.item_term.alias("any_term")
_ITEM_ROWS = prepare(
    select(
        t.item.c.code, func.coalesce(t.item_term.c.name, t.item.c.name).label("name"), t.item.c.type, t.item.c.agency,
        t.agency.c.short_name.label("agency_name"), t.item_version.c.kind,
        func.coalesce(t.item_term.c.initials, t.item.c.initials).label("initials"),
        func.coalesce(t.item_term.c.pinyin, t.item.c.pinyin).label("pinyin"),
        func.coalesce(t.item_term.c.aliases, t.item.c.aliases).label("aliases"),
    )
    .join(t.agency, t.agency.c.code == t.item.c.agency)
    .outerjoin(t.item_term, (t.item_term.c.item == t.item.c.code) & terms.on_day(_TODAY))
    .join(t.item_version, (t.item_version.c.item == t.item.c.code) & (t.item_version.c.version == _HELD))
    .where(t.item.c.active, t.item.c.code > bindparam("after"), func.coalesce(_STATE_NOW, "1") == "1")
    .where(or_(t.item_term.c.version.is_not(None), ~exists().where(_ANY_TERM.c.item == t.item.c.code)))
    .order_by(t.item.c.code)
    .limit(bindparam("limit"))
)  # fmt: skip


class ListItems(Request):
    """A page of the catalogue: the items behind a code."""

    after: str = ""
    limit: int = Field(500, ge=1, le=2000)


@query("hall.items", permission=None, title="Service items")
def items(read: Read, request: ListItems) -> list[ItemRow]:
    """Items in use, by code; ask again behind the last one until none comes. The local search index is made of these."""
    return [
        ItemRow(*row)
        for row in read.all(_ITEM_ROWS, after=request.after, limit=request.limit, today=read.today)
    ]


@dataclass(frozen=True)
class MaterialRow:
    """A material that an item asks for."""

    position: int
    code: str
    name: str
    need: str
    original: bool
    replaceable: bool
    licence_types: list[str]


@dataclass(frozen=True)
class ItemDetail:
    """An item with the version of today (or the asked one): the one-time notice in data.

    Attributes:
        state: What the item is today: 1 in use, 2 suspended, 3 cancelled.
        holds: Whether this version is the one that holds today.
    """

    code: str
    version: int
    name: str
    type: str
    agency: str
    agency_name: str
    kind: str
    legal_amount: Decimal | None
    legal_unit: str
    promise_amount: Decimal | None
    promise_unit: str
    result: str
    result_licence: str
    special: list[str]
    basis: str
    materials: list[MaterialRow]
    state: str = "1"
    holds: bool = True


class AskItem(Request):
    """An item, in the version that holds today unless another is named."""

    code: str
    version: int | None = None


@query("hall.item", permission=None, title="A service item")
def item(read: Read, request: AskItem) -> ItemDetail:
    """One item with its limits and materials. Errors: UNKNOWN_ITEM."""
    row = read.one(_ITEM, code=request.code)
    if row is None:
        raise unknown_item(request.code)
    today = terms.version_on(read, row, read.today)
    version = read.one(_VERSION, item=row.code, version=request.version or today or row.current_version)
    if version is None:
        raise unknown_item(request.code)
    agency_name = read.scalar(_AGENCY_NAME, code=row.agency)
    name = read.scalar(_TERM_NAME, item=row.code, version=version.version)
    materials = [
        MaterialRow(m.position, m.material, m.name, m.need, m.original, m.replaceable, m.licence_types)
        for m in read.all(_MATERIALS, item=row.code, version=version.version)
    ]
    return ItemDetail(
        row.code, version.version, name or row.name, row.type, row.agency, agency_name, version.kind,
        version.legal_amount, version.legal_unit, version.promise_amount, version.promise_unit,
        version.result, version.result_licence, version.special, version.basis, materials,
        terms.state_on(read, row.code, read.today), version.version == today,
    )  # fmt: skip


def unknown_item(code: str) -> UserError:
    """The error for an item that is not there."""
    return UserError(
        "UNKNOWN_ITEM", L("There is no service item {code}.", code=code), do=L("Search for the item by name.")
    )


@dataclass(frozen=True)
class AgencyRow:
    """An agency of the hall."""

    code: str
    name: str
    short_name: str
    kind: str
    items: int


@query("hall.agencies", permission=None, title="Agencies")
def agencies(read: Read) -> list[AgencyRow]:
    """The agencies, in the hall's order, with how many items each offers."""
    count = select(t.item.c.agency, func.count().label("n")).group_by(t.item.c.agency).subquery()
    statement = (
        select(t.agency, func.coalesce(count.c.n, 0).label("items"))
        .outerjoin(count, count.c.agency == t.agency.c.code)
        .order_by(t.agency.c.position)
        .limit(500)
    )
    return [AgencyRow(r.code, r.name, r.short_name, r.kind, r.items) for r in read.all(statement)]


class Setting(Request):
    """A setting's key and its JSON value."""

    key: str
    value: Any


@operation("hall.set", permission="hall.manage", title="Change a setting")
def set_setting(work: Work, request: Setting) -> None:
    """Change a setting of the hall; the plugin that it belongs to may refuse the value. Errors: AWAY_DAYS_WRONG."""
    if request.key == DAYS_KEY:
        check_days(request.value)
    work.hooks.setting_changes(work=work, key=request.key, value=request.value)
    upserter(work)(t.setting, [{"key": request.key, "value": request.value}])
    work.subject = f"setting:{request.key}"
