"""The fields of an application form (申请表单): kinds, limits, where values come from, and their rows in a guide. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from yichuang.api import LazyText
from yichuang_acceptance.words import words

L = words.lazy
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
    "date": L("day"), "expiry": L("day on which the licence to be renewed ends"), "choice": L("one of several answers"),
    "many": L("several answers"), "flag": L("yes or no"),
    "phone": L("telephone number"), "uscc": L("credit code"),
}  # fmt: skip
Row: TypeAlias = Mapping[str, str]


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


# What limits are called in a schema, by kind of field.
BOUNDS = {
    "text": ("minLength", "maxLength"), "area": ("minLength", "maxLength"), "number": ("minimum", "maximum"),
    "whole": ("minimum", "maximum"),
}  # fmt: skip
LONGEST = {"text": MOST_TEXT, "area": MOST_AREA}


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
        if field.kind not in BOUNDS:
            yield column, L("Only numbers and texts have limits.")
        elif not BOUND.fullmatch(bound):
            yield column, L("A limit is a number of up to twelve digits.")
        elif field.kind in LONGEST and not (bound.isdecimal() and 1 <= int(bound) <= MOST_AREA):
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
