"""Application forms of service items: which fields a version asks for, what of it is kept, where values come from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from pydantic import Field

from yichuang.api import (
    LicenceQuery,
    LicenceSummary,
    Private,
    Read,
    Request,
    UserError,
    Work,
    find_applicant,
    operation,
    query,
    select,
)
from yichuang_acceptance import guide_tables as g
from yichuang_acceptance import tables as t
from yichuang_acceptance.operations import cases
from yichuang_acceptance.operations.guide_rows import form_schema
from yichuang_acceptance.rules import form_fields, form_values
from yichuang_acceptance.rules.form_fields import FormField, Row, licence_source
from yichuang_acceptance.rules.form_schema import SchemaError, fields_of, schema_of
from yichuang_acceptance.rules.form_values import FormValue
from yichuang_acceptance.words import words

L = words.lazy
USABLE = ("valid", "expiring")
MOST_CASES = 20  # of one applicant, whose values are offered again
OWN_CONTENTS = {"number": "number", "holder": "holder_name", "issuer": "issuer", "valid_to": "valid_to"}
"""Contents that every licence has, by the name that a source calls them."""


class AskForm(Request):
    """A version of an item: the one of today unless another is named."""

    item: str
    version: int | None = None


@dataclass(frozen=True)
class ItemForm:
    """The application form of a version.

    Attributes:
        fields: In order; none where the version asks only for address and content, as every application does.
        json_schema: The same as JSON Schema.
    """

    fields: list[FormField]
    json_schema: dict[str, Any]


@query("acceptance.form", permission="acceptance.accept", title="Application form of an item")
def form(read: Read, request: AskForm) -> ItemForm:
    """The fields that a version asks for. Errors: UNKNOWN_ITEM."""
    version = read.query("hall.item", {"code": request.item, "version": request.version}).version
    schema = form_schema(read, request.item, version)
    if schema:
        form_values.get_ready()
    return ItemForm(list(fields_of(schema)) if schema else [], schema or {})


def fields_for(read: Read, item: str, version: int) -> tuple[FormField, ...]:
    """The fields of a version's form, in order; none where it has no form."""
    schema = form_schema(read, item, version)
    return fields_of(schema) if schema is not None else ()


def keep_schema(work: Work, item: str, version: int, rows: Iterable[Row]) -> None:
    """Keep the form of a version that is being published, if it has one."""
    fields = form_fields.of_rows(rows)
    if fields:
        _keep(work, item, version, schema_of(fields))


def _keep(work: Work, item: str, version: int, schema: Mapping[str, Any]) -> None:
    work.insert_row(
        g.item_form,
        item=item,
        version=version,
        schema=dict(schema),
        at=work.now,
        staff_id=work.actor.staff_id,
    )


class LoadForms(Request):
    """JSON Schemas by implementation code, for the versions that the hall was loaded with."""

    forms: dict[str, dict[str, Any]] = Field(
        min_length=1, max_length=2000, json_schema_extra={"journal": False}
    )


@operation("acceptance.load_forms", permission="acceptance.maintain", title="Load application forms")
def load_forms(work: Work, request: LoadForms) -> int:
    """Give the items that the hall's files brought their forms, all or none; returns how many are new.

    What was published here is not touched, nor a version that applications were taken in for: its form comes with the next
    version of its guide.

    Errors: UNKNOWN_ITEM, FORM_SCHEMA_BAD with the path in `detail`, FORM_FIXED.
    """
    new = 0
    for code, schema in request.forms.items():
        version = work.query("hall.item", {"code": code}).version
        fields = _readable(code, schema)
        there = form_schema(work, code, version)
        if there is not None and fields_of(there) == fields:
            continue
        used = select(t.case.c.id).where(t.case.c.item == code, t.case.c.item_version == version).limit(1)
        made = select(g.guide.c.item).where(g.guide.c.item == code, g.guide.c.version == version)
        if there is not None or work.one(used) is not None or work.one(made) is not None:
            raise UserError(
                "FORM_FIXED",
                L("Version {n} of {item} is in use; its form never changes.", n=version, item=code),
                do=L("Begin a new version of its guide."),
            )
        _keep(work, code, version, schema_of(fields))
        new += 1
    work.subject = "items:forms"
    work.detail = {"items": sorted(request.forms), "new": new}
    return new


def _readable(code: str, schema: Mapping[str, Any]) -> tuple[FormField, ...]:
    try:
        return fields_of(schema)
    except SchemaError as error:
        raise SchemaError(f"{code} {error.path}", error.reason) from None


# ---- what was filled in ----


def taken(read: Read, item: Any, given: Mapping[str, FormValue]) -> dict[str, Any]:
    """What a case keeps of what was filled in; an item without a form keeps it as it came.

    Raises:
        UserError: FORM_INCOMPLETE with the path of every field that is empty or wrong in `detail`.
    """
    schema = form_schema(read, item.code, item.version)
    return form_values.taken(schema, given) if schema is not None else dict(given)


def labelled(read: Read, item: str, version: int, values: Mapping[str, Any]) -> dict[str, str]:
    """What was filled in, by what was asked, in the form's order."""
    return form_values.labelled(fields_for(read, item, version), values)


def of_case(read: Read, row: Any) -> dict[str, str]:
    """What was filled in for a case, by what was asked."""
    return labelled(read, row.item, row.item_version, row.form)


def forms_of_matter(
    read: Read, items: Mapping[int, Any], common: Iterable[FormField]
) -> dict[int, list[FormField]]:
    """What each item of a matter asks, by position; 0 for the matter itself.

    Items without a form ask for what is common to all; a common field that a form asks for by its shared key is that field.
    """
    own = {n: fields_for(read, item.code, item.version) for n, item in items.items()}
    shared: dict[str, FormField] = {}
    for field in (field for fields in own.values() for field in fields if field.shared_key):
        shared.setdefault(field.shared_key, field)
    everyone = [replace(shared.get(f.key, f), key=f.key, shared_key=f.key, required=False) for f in common]
    forms = {0: everyone}
    for n, fields in own.items():
        forms[n] = [replace(f, shared_key=f.shared_key or f"{f.key}#{n}") for f in fields] or everyone
    return forms


# ---- where values come from ----


class AskValues(Request):
    """Whose values are wanted for the fields of which form: an item's, or the one form of a matter."""

    item: str = ""
    item_version: int | None = None
    theme: str = ""
    chosen: tuple[int, ...] = ()
    code_kind: Literal["111", "553", "001"]
    code: Private


@dataclass(frozen=True)
class FoundValue:
    """A value for a field, and where it stands.

    Attributes:
        source: licence or earlier.
        name: The licence's name, or the number of the case.
    """

    key: str
    value: FormValue
    source: str
    name: str


@operation("acceptance.find_values", permission="acceptance.accept", title="Values for an application form")
def find_values(work: Work, request: AskValues) -> list[FoundValue]:
    """What the applicant's licences and earlier cases say for the fields of a form; put on record, because contents are read.

    Errors: UNKNOWN_ITEM, UNKNOWN_THEME, BAD_CITIZEN_ID, BAD_USCC.
    """
    name, fields = _asked(work, request)
    licences = _licences(work, request, name, fields)
    found = [value for field in fields if (value := _of_licence(field, licences)) is not None]
    there = {each.key for each in found}
    found += [each for each in _of_cases(work, request, fields) if each.key not in there]
    work.subject = f"item:{request.item}" if request.item else f"theme:{request.theme}"
    work.detail = {"licences": [each.code for each in licences], "fields": [each.key for each in found]}
    return found


def _asked(read: Read, request: AskValues) -> tuple[str, tuple[FormField, ...]]:
    """What the form belongs to, and its fields."""
    if request.item:
        item = read.query("hall.item", {"code": request.item, "version": request.item_version})
        return item.name, fields_for(read, item.code, item.version)
    from yichuang_acceptance.operations.matter_plan import plan  # which reads forms of this module

    planned = plan(read, request.theme, request.chosen)
    return planned.theme.name, tuple(asked.field for asked in planned.form.fields)


def _licences(read: Read, request: AskValues, name: str, fields: Iterable[FormField]) -> list[LicenceSummary]:
    wanted = [source for field in fields if (source := licence_source(field.source)) is not None]
    if not wanted:
        return []
    purpose = str(L("filling in the form of {item}", item=name))[:200]
    types = () if any(kind == "*" for kind, _content in wanted) else tuple({kind for kind, _c in wanted})
    contents = tuple(sorted({content for _kind, content in wanted}))
    asked = LicenceQuery(request.code_kind, request.code, purpose, types, contents)
    return [each for each in read.hooks.find_licences(read=read, query=asked) if each.state in USABLE]


def _of_licence(field: FormField, licences: Iterable[LicenceSummary]) -> FoundValue | None:
    wanted = licence_source(field.source)
    if wanted is None:
        return None
    kind, content = wanted
    for licence in licences:
        own = getattr(licence, OWN_CONTENTS[content]) if content in OWN_CONTENTS else None
        value = licence.contents.get(content) or own
        if value and kind in ("*", licence.type):
            return FoundValue(field.key, str(value), "licence", licence.name)
    return None


def _of_cases(read: Read, request: AskValues, fields: Iterable[FormField]) -> list[FoundValue]:
    """The newest value that the applicant gave for each shared field, and each field of the same item, that asks for one."""
    person = find_applicant(read, request.code_kind, request.code)
    if person is None:
        return []
    rows = read.all(
        select(t.case)
        .where(t.case.c.applicant_id == person.id, *cases.seen_by(read))
        .order_by(t.case.c.id.desc())
        .limit(MOST_CASES)
    )
    said: dict[str, tuple[FormValue, str]] = {}
    for row in rows:
        for field in fields_for(read, row.item, row.item_version):
            if field.key in row.form:
                names = [field.shared_key] if field.shared_key else []
                names += [f"{row.item}.{field.key}"] if row.item == request.item else []
                for name in names:
                    said.setdefault(name, (row.form[field.key], row.case_no))
    found = []
    for field in fields:
        own = f"{request.item}.{field.key}" if field.source == "earlier" else ""
        value = said.get(field.shared_key) or said.get(own)
        if value is not None:
            found.append(FoundValue(field.key, value[0], "earlier", value[1]))
    return found
