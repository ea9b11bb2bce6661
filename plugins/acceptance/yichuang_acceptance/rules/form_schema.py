"""An application form as JSON Schema, in which it is kept and exchanged. Pure.

A form is a JSON Schema of draft 2020-12, in the part of it that a form can show: one object of texts, numbers, days, choices
and yes-or-no, without references, patterns or conditions. What the schema does not say stands in hints beside it: `ui:order`,
`ui:widget`, `ui:span`, `ui:hint`, `ui:source` (where a value may come from) and `shared_key` (what it is called where several
items of one matter ask for it). A schema that says more is refused, so that schema and fields always say the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, TypeAlias

from yichuang.api import LazyText, UserError
from yichuang_acceptance.rules.form_fields import (
    BOUNDS,
    LONGEST,
    MOST_FIELDS,
    MOST_TEXT,
    FormField,
    repeated_labels,
    wrong_in,
)
from yichuang_acceptance.words import words

L = words.lazy
DRAFT = "https://json-schema.org/draft/2020-12/schema"
Schema: TypeAlias = Mapping[str, Any]


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


_TYPES: dict[str, dict[str, Any]] = {
    "text": {"type": "string"}, "area": {"type": "string", "ui:widget": "area"}, "number": {"type": "number"},
    "whole": {"type": "integer"}, "date": {"type": "string", "format": "date"},
    "expiry": {"type": "string", "format": "date", "ui:widget": "expiry"}, "choice": {"type": "string"},
    "many": {"type": "array", "uniqueItems": True}, "flag": {"type": "boolean"},
    "phone": {"type": "string", "format": "phone"}, "uscc": {"type": "string", "format": "uscc"},
}  # fmt: skip
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


def first_of_widget(schema: Schema, widget: str) -> str | None:
    """The key of the first field with a widget of its own, without making fields of a schema that was checked before."""
    properties = schema["properties"]
    return next((key for key in schema["ui:order"] if properties[key].get("ui:widget") == widget), None)


def _property(field: FormField) -> dict[str, Any]:
    made: dict[str, Any] = {"title": field.label, **_TYPES[field.kind]}
    if field.kind == "choice":
        made["enum"] = list(field.choices)
    if field.kind == "many":
        made["items"] = {"type": "string", "enum": list(field.choices)}
        made["minItems"] = int(field.required)
    for name, value in zip(BOUNDS.get(field.kind, ()), (field.least, field.most), strict=False):
        if value:
            made[name] = _number(value)
    if field.kind in LONGEST:
        made.setdefault("maxLength", LONGEST[field.kind])
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
    low, high = BOUNDS.get(kind, ("", ""))
    _only(
        path, prop, {"title", "ui:span", *BOUNDS.get(kind, ()), *_HINTS, *_TYPES[kind], *_MORE.get(kind, ())}
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
    if (name, value) in (("minLength", 1), ("maxLength", LONGEST.get(kind))):
        return ""
    return f"{Decimal(str(value)).normalize():f}"
