"""The application form of a service item (申请表单): its fields, and the JSON Schema they are kept and exchanged as. Pure.

A form is a JSON Schema of draft 2020-12, in the part of it that a form can show: one object of texts, numbers, days, choices
and yes-or-no, without references, patterns or conditions. What the schema does not say stands in hints beside it: `ui:order`,
`ui:widget`, `ui:span`, `ui:hint`, `ui:source` (where a value may come from) and `shared_key` (what it is called where several
items of one matter ask for it). A schema that this part cannot say is refused, so schema and fields always say the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeAlias

from yichuang.api import LazyText, UserError
from yichuang_acceptance.words import words

L = words.lazy
DRAFT = "https://json-schema.org/draft/2020-12/schema"
MOST_TEXT, MOST_AREA = 200, 2000
MOST_FIELDS = 60
SOURCE = re.compile(
    r"idcard\.(name|sex|ethnic|birth|address|issuer|valid_to)|applicant\.(name|phone)|earlier"
    r"|licence\.([0-9A-Z]{21}|\*)\.[^.;；\s]{1,40}"
)
"""Where a value may come from: the card, the applicant, an earlier case, or a content of a licence of some type (* for any)."""
FORM_SOURCES: Mapping[str, LazyText] = {
    "idcard.name": L("identity card: name"), "idcard.sex": L("identity card: sex"),
    "idcard.ethnic": L("identity card: ethnic group"), "idcard.birth": L("identity card: birth"),
    "idcard.address": L("identity card: address"), "idcard.issuer": L("identity card: issuer"),
    "idcard.valid_to": L("identity card: valid to"), "applicant.name": L("applicant: name"),
    "applicant.phone": L("applicant: telephone"), "licence": L("e-licence"), "earlier": L("earlier case"),
}  # fmt: skip
"""The same for people; of a licence, type and content stand in columns of their own."""
ANY = "*"
KEY = re.compile(r"[^\W\d]\w{0,39}")
BOUND = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,4})?")
FORM_KINDS: Mapping[str, LazyText] = {
    "text": L("one line of text"), "area": L("several lines of text"), "number": L("number"), "whole": L("whole number"),
    "date": L("day"), "choice": L("one of several answers"), "many": L("several answers"), "flag": L("yes or no"),
    "phone": L("telephone number"), "uscc": L("credit code"),
}  # fmt: skip
Row: TypeAlias = Mapping[str, str]
Schema: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True)
class FormField:
    """A field as one item asks it.

    Attributes:
        key: The item's own name for it; conditions of its review say `form.key`.
        label: What is asked.
        kind: One of `FORM_KINDS`.
        required: Must be filled in.
        choices: For a choice, or for several of them.
        shared_key: Shared by all items that mean the same; empty where nobody else asks it.
        source: Where its value may come from, see `SOURCE`.
        span: How many of four columns it takes.
        least: Smallest number, or shortest text.
        most: Largest number, or longest text.
        hint: How to fill it in.
    """

    key: str
    label: str
    kind: str = "text"
    required: bool = False
    choices: tuple[str, ...] = ()
    shared_key: str = ""
    source: str = ""
    span: int = 1
    least: str = ""
    most: str = ""
    hint: str = ""


class SchemaError(UserError):
    """A schema that no form can be made of.

    Attributes:
        path: Where, as a JSON path such as `$.properties.area.type`.
    """

    def __init__(self, path: str, reason: LazyText) -> None:
        super().__init__(
            "FORM_SCHEMA_BAD",
            L("{path}: {reason}", path=path, reason=reason),
            do=L("Correct the schema there."),
            detail={"path": path},
        )
        self.path, self.reason = path, reason


# ---- rows of the guide ----


def of_rows(rows: Iterable[Row]) -> tuple[FormField, ...]:
    """The fields of a guide's list `form`."""
    return tuple(
        FormField(
            row.get("field", ""), row.get("label", ""), row.get("kind", "text"), row.get("needed") == "1",
            tuple(filter(None, row.get("options", "").split(";"))), row.get("shared_key", ""), _source_of(row),
            int(row.get("span") or 1), row.get("least", ""), row.get("most", ""), row.get("hint", ""),
        )
        for row in rows
    )  # fmt: skip


def _source_of(row: Row) -> str:
    source = row.get("source", "")
    kind, content = row.get("from_licence") or ANY, row.get("licence_content", "")
    return f"{source}.{kind}.{content}" if source == "licence" else source


def rows_of(fields: Iterable[FormField]) -> tuple[Row, ...]:
    """Fields as rows of a guide's list, in its canonical writing."""
    made = (
        {
            "field": f.key, "label": f.label, "kind": f.kind, "needed": "1" if f.required else "0",
            "options": ";".join(f.choices), **_source_columns(f.source), "shared_key": f.shared_key,
            "span": str(f.span) if f.span != 1 else "", "least": f.least, "most": f.most, "hint": f.hint,
        }
        for f in fields
    )  # fmt: skip
    return tuple({name: value for name, value in row.items() if value} for row in made)


def _source_columns(source: str) -> dict[str, str]:
    of_licence = licence_source(source)
    if of_licence is None:
        return {"source": source}
    kind, content = of_licence
    return {"source": "licence", "from_licence": "" if kind == ANY else kind, "licence_content": content}


def wrong_in(field: FormField) -> Iterable[tuple[str, LazyText]]:
    """What a field cannot be, each with the column it stands in."""
    if not KEY.fullmatch(field.key):
        yield "field", L("A field is called by letters, digits and _, beginning with a letter.")
    if field.kind not in FORM_KINDS:
        yield "kind", L("There is no kind of field {kind}.", kind=field.kind)
        return
    chooses = field.kind in ("choice", "many")
    if chooses and len(field.choices) < 2:
        yield "options", L("A choice needs two answers or more.")
    if not chooses and field.choices:
        yield "options", L("Only a choice has answers.")
    if field.source and not SOURCE.fullmatch(field.source):
        yield "source", L("There is no source {source}.", source=field.source)
    if not 1 <= field.span <= 4:
        yield "span", L("A field takes one to four columns.")
    yield from _wrong_bounds(field)


def _wrong_bounds(field: FormField) -> Iterable[tuple[str, LazyText]]:
    for column, bound in (("least", field.least), ("most", field.most)):
        if not bound:
            continue
        if field.kind not in _BOUNDS:
            yield column, L("Only numbers and texts have limits.")
        elif not BOUND.fullmatch(bound):
            yield column, L("A limit is a number of up to twelve digits.")
        elif field.kind in _LONGEST and not (bound.isdecimal() and 1 <= int(bound) <= MOST_AREA):
            yield column, L("A text has 1 to {n} characters.", n=MOST_AREA)
        elif column == "most" and BOUND.fullmatch(field.least) and Decimal(field.least) > Decimal(bound):
            yield column, L("The largest is smaller than the smallest.")


def repeated_labels(fields: Iterable[FormField]) -> Iterable[int]:
    """Places of fields that ask for what a field before them asks for."""
    seen: set[str] = set()
    for place, field in enumerate(fields):
        if field.label in seen:
            yield place
        seen.add(field.label)


# ---- JSON Schema ----

_TYPES: dict[str, dict[str, Any]] = {
    "text": {"type": "string"}, "area": {"type": "string", "ui:widget": "area"}, "number": {"type": "number"},
    "whole": {"type": "integer"}, "date": {"type": "string", "format": "date"}, "choice": {"type": "string"},
    "many": {"type": "array", "uniqueItems": True}, "flag": {"type": "boolean"},
    "phone": {"type": "string", "format": "phone"}, "uscc": {"type": "string", "format": "uscc"},
}  # fmt: skip
_BOUNDS = {
    "text": ("minLength", "maxLength"), "area": ("minLength", "maxLength"), "number": ("minimum", "maximum"),
    "whole": ("minimum", "maximum"),
}  # fmt: skip
_LONGEST = {"text": MOST_TEXT, "area": MOST_AREA}
_HINTS = {"ui:source": "source", "ui:hint": "hint", "shared_key": "shared_key"}


def schema_of(fields: Sequence[FormField]) -> dict[str, Any]:
    """The fields as a JSON Schema."""
    return {
        "$schema": DRAFT,
        "type": "object",
        "properties": {field.key: _property(field) for field in fields},
        "required": [field.key for field in fields if field.required],
        "additionalProperties": False,
        "ui:order": [field.key for field in fields],
    }


def _property(field: FormField) -> dict[str, Any]:
    made: dict[str, Any] = {"title": field.label, **_TYPES[field.kind]}
    if field.kind == "choice":
        made["enum"] = list(field.choices)
    if field.kind == "many":
        made["items"] = {"type": "string", "enum": list(field.choices)}
        made["minItems"] = int(field.required)
    for name, value in zip(_BOUNDS.get(field.kind, ()), (field.least, field.most), strict=False):
        if value:
            made[name] = _number(value)
    if field.kind in _LONGEST:
        made.setdefault("maxLength", _LONGEST[field.kind])
        made.setdefault("minLength", 1)
    made |= {hint: getattr(field, name) for hint, name in _HINTS.items() if getattr(field, name)}
    return made | ({"ui:span": field.span} if field.span != 1 else {})


def _number(text: str) -> int | float:
    value = Decimal(text)
    return int(value) if value == value.to_integral_value() else float(value)


def fields_of(schema: Schema) -> tuple[FormField, ...]:
    """The fields of a schema, in order.

    Raises:
        SchemaError: FORM_SCHEMA_BAD with the path of what no form can show.
    """
    allowed = {"$schema", "title", "type", "properties", "required", "additionalProperties", "ui:order"}
    _only("$", schema, allowed)
    _must("$.$schema", schema.get("$schema", DRAFT), DRAFT)
    _must("$.type", schema.get("type"), "object")
    _must("$.additionalProperties", schema.get("additionalProperties", False), False)
    properties = schema.get("properties")
    if not isinstance(properties, Mapping) or len(properties) > MOST_FIELDS:
        raise SchemaError("$.properties", L("A form has up to {n} fields.", n=MOST_FIELDS))
    needed = _names("$.required", schema.get("required", []), properties)
    order = _names("$['ui:order']", schema.get("ui:order", list(properties)), properties)
    if len(order) != len(properties):
        raise SchemaError("$['ui:order']", L("The order names every field once."))
    fields = tuple(_field(key, properties[key], key in needed) for key in order)
    for place in repeated_labels(fields):
        raise SchemaError(f"$.properties.{order[place]}.title", L("Another field has this title."))
    return fields


def _field(key: str, prop: Any, required: bool) -> FormField:
    path = f"$.properties.{key}"
    if not isinstance(prop, Mapping):
        raise SchemaError(path, L("A field is an object with title and type."))
    kind = _kind(path, prop)
    low, high = _BOUNDS.get(kind, ("", ""))
    _only(
        path, prop, {"title", "ui:span", *_BOUNDS.get(kind, ()), *_HINTS, *_TYPES[kind], *_MORE.get(kind, ())}
    )
    items = prop.get("items", {}) if kind == "many" else prop
    choices = items.get("enum", []) if isinstance(items, Mapping) else []
    if not isinstance(choices, list) or not all(isinstance(each, str) for each in choices):
        raise SchemaError(f"{path}.enum", L("The answers are a list of texts."))
    field = FormField(
        key, _text(path, prop, "title"), kind, required, tuple(choices), _text(path, prop, "shared_key"),
        _text(path, prop, "ui:source"), _span(path, prop), _bound(path, prop, low, kind), _bound(path, prop, high, kind),
        _text(path, prop, "ui:hint"),
    )  # fmt: skip
    for column, reason in wrong_in(field):
        raise SchemaError(f"{path}{_PLACES.get(column, '')}", reason)
    if not field.label:
        raise SchemaError(f"{path}.title", L("A field needs a title."))
    made = {"ui:span": 1, **_property(field)}
    for name, value in prop.items():
        if made.get(name, "") != value:
            _must(f"{path}.{name}", value, made.get(name, ""))
    return field


_MORE = {"choice": ("enum",), "many": ("items", "minItems")}
_PLACES = {
    "options": ".enum",
    "source": "['ui:source']",
    "span": "['ui:span']",
    "least": ".minimum",
    "most": ".maximum",
}


def _kind(path: str, prop: Mapping[str, Any]) -> str:
    """Which kind of field a property is: by its type, format and widget."""
    said = {name: prop[name] for name in ("type", "format", "ui:widget") if name in prop}
    if said == _TYPES["text"] and "enum" in prop:
        return "choice"
    for kind, shape in _TYPES.items():
        if kind != "choice" and said == {n: v for n, v in shape.items() if n != "uniqueItems"}:
            return kind
    place = next((n for n in ("format", "ui:widget") if n in prop), "type")
    raise SchemaError(f"{path}.{place}", L("There is no kind of field {kind}.", kind=str(prop.get(place))))


def _only(path: str, found: Mapping[str, Any], allowed: Iterable[str]) -> None:
    for name in found:
        if name not in allowed:
            raise SchemaError(f"{path}.{name}", L("A form knows nothing of “{name}”.", name=name))


def _must(path: str, found: object, wanted: object) -> None:
    if found != wanted:
        raise SchemaError(path, L("This must be {wanted}.", wanted=str(wanted).lower()))


def _names(path: str, found: Any, known: Mapping[str, Any]) -> list[str]:
    if not isinstance(found, list) or len(set(map(str, found))) != len(found):
        raise SchemaError(path, L("This is a list of different names."))
    for name in found:
        if name not in known:
            raise SchemaError(path, L("There is no field {name}.", name=str(name)))
    return found


def _text(path: str, prop: Mapping[str, Any], name: str) -> str:
    value = prop.get(name, "")
    if not isinstance(value, str) or len(value) > MOST_TEXT or "\n" in value:
        raise SchemaError(f"{path}.{name}", L("This must be one line of text."))
    return value.strip()


def _span(path: str, prop: Mapping[str, Any]) -> int:
    value = prop.get("ui:span", 1)
    if isinstance(value, bool) or not isinstance(value, int):
        raise SchemaError(f"{path}['ui:span']", L("A field takes one to four columns."))
    return value


def _bound(path: str, prop: Mapping[str, Any], name: str, kind: str) -> str:
    """A limit in canonical writing; what every text has anyway is none."""
    if not name or name not in prop:
        return ""
    value = prop[name]
    if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) >= 10**12:
        raise SchemaError(f"{path}.{name}", L("A limit is a number of up to twelve digits."))
    if (name, value) in (("minLength", 1), ("maxLength", _LONGEST.get(kind))):
        return ""
    return f"{Decimal(str(value)).normalize():f}"


# ---- where values come from ----


def source_name(source: str) -> LazyText | str:
    """What a source is called beside a field; empty for none."""
    return {
        "idcard": L("identity card"), "applicant": L("applicant"), "licence": L("e-licence"), "earlier": L("earlier case"),
    }.get(source.partition(".")[0], "")  # fmt: skip


def licence_source(source: str) -> tuple[str, str] | None:
    """Type (* for any) and content of the licence that a value is taken from; None where it comes from elsewhere."""
    parts = source.split(".", 2)
    return (parts[1], parts[2]) if parts[0] == "licence" and len(parts) == 3 else None
