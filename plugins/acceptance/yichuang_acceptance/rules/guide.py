"""The guide of a service item (办事指南) as a value: reading it in, what is wrong with it, how two differ. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, TypeAlias

from yichuang.api import LazyText, UserError
from yichuang_acceptance.rules import form_fields, situations
from yichuang_acceptance.rules.clocks import LEGAL_WORKING_DAYS
from yichuang_acceptance.rules.guide_fields import BY_NAME, KEYS, LIST_TITLES, LISTS, MOST_ROWS, Field
from yichuang_acceptance.rules.modes import JOINT, organs
from yichuang_acceptance.words import words

L = words.lazy
Row: TypeAlias = Mapping[str, str]
LICENCE = "01"
HOURS_A_DAY = 24
MAY_FOLLOW = "3"


@dataclass(frozen=True)
class Guide:
    """Elements by column name and lists of rows, in canonical writing; what is empty is left out.

    Attributes:
        elements: Column name to value.
        lists: Name of a list to its rows, in order.
    """

    elements: Mapping[str, str] = field(default_factory=dict)
    lists: Mapping[str, tuple[Row, ...]] = field(default_factory=dict)

    def get(self, name: str) -> str:
        """The value of an element, "" for none."""
        return self.elements.get(name, "")

    def rows(self, name: str) -> tuple[Row, ...]:
        """The rows of a list."""
        return self.lists.get(name, ())

    def body(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "elements": dict(self.elements),
            "lists": {name: [dict(row) for row in rows] for name, rows in self.lists.items()},
        }


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with a guide.

    Attributes:
        code: Stable name such as PROMISE_TOO_LONG.
        place: `elements`, or the name of a list.
        row: Which row of the list, from 1; 0 for none.
        column: Which field; may be empty.
        reason: What is wrong.
    """

    code: str
    place: str
    row: int
    column: str
    reason: LazyText | str


@dataclass(frozen=True)
class Known:
    """What a guide may refer to.

    Attributes:
        materials: Codes of the hall's material dictionary.
        licence_types: Codes of known kinds of licences.
        items: Implementation codes of the hall's items.
        agencies: What the hall's other agencies are called.
    """

    materials: Collection[str] = ()
    licence_types: Collection[str] = ()
    items: Collection[str] = ()
    agencies: Collection[str] = ()


def of_body(body: Mapping[str, Any]) -> Guide:
    """A guide out of the JSON that `Guide.body` made."""
    lists = {name: tuple(dict(row) for row in rows) for name, rows in body["lists"].items()}
    return Guide(dict(body["elements"]), lists)


def read(
    elements: Mapping[str, str], lists: Mapping[str, Sequence[Mapping[str, str]]]
) -> tuple[Guide, list[Problem]]:
    """A guide of what somebody typed or sent, in canonical writing, and every value that cannot be taken."""
    problems: list[Problem] = []
    cleaned = _clean_row("elements", 0, BY_NAME, elements, problems)
    kept: dict[str, tuple[Row, ...]] = {}
    for name, rows in lists.items():
        if name not in LISTS:
            problems.append(Problem("LIST_UNKNOWN", name, 0, "", L("A guide has no list {name}.", name=name)))
            continue
        fields = {each.name: each for each in LISTS[name]}
        made = [_clean_row(name, n, fields, row, problems) for n, row in enumerate(rows, 1)]
        if len(made) > MOST_ROWS:
            problems.append(
                Problem("TOO_MANY_ROWS", name, 0, "", L("A list may have up to {n} rows.", n=MOST_ROWS))
            )
        problems += _repeated(name, made)
        if made:
            kept[name] = tuple(made)
    return Guide(cleaned, kept), problems


def _clean_row(
    place: str, number: int, fields: Mapping[str, Field], row: Mapping[str, str], problems: list[Problem]
) -> dict[str, str]:
    cleaned = {}
    for name, text in row.items():
        if name not in fields:
            reason = L("There is no element {name}.", name=name)
            problems.append(Problem("ELEMENT_UNKNOWN", place, number, name, reason))
            continue
        try:
            value = fields[name].clean(text)
        except UserError as error:
            problems.append(Problem(error.code, place, number, name, error.sentence))
            continue
        if value:
            cleaned[name] = value
    return cleaned


def key_of(name: str, row: Row) -> str:
    """What tells a row of a list from the others."""
    return " ".join(filter(None, (row.get(column, "") for column in KEYS[name])))


def _repeated(name: str, rows: Sequence[Row]) -> Iterable[Problem]:
    seen: set[str] = set()
    for number, row in enumerate(rows, 1):
        key = key_of(name, row)
        if key in seen:
            reason = L("The row repeats {key}.", key=key)
            yield Problem("ROW_REPEATED", name, number, KEYS[name][0], reason)
        seen.add(key)


def problems_of(guide: Guide, item_type: str, known: Known) -> list[Problem]:
    """Everything that keeps a guide from being published, all of it at once."""
    return [
        *_missing("elements", 0, BY_NAME.values(), guide.elements),
        *(
            problem
            for name, rows in guide.lists.items()
            for number, row in enumerate(rows, 1)
            for problem in _missing(name, number, LISTS[name], row)
        ),
        *_limit_problems(guide, item_type),
        *_term_problems(guide),
        *_material_problems(guide, known),
        *_situation_problems(guide),
        *_form_problems(guide, known),
        *_fee_problems(guide),
        *_handling_problems(guide),
        *_joint_problems(guide, known),
        *_companion_problems(guide, known),
    ]


def _missing(place: str, number: int, fields: Iterable[Field], row: Row) -> Iterable[Problem]:
    for each in fields:
        if each.required and not row.get(each.name):
            reason = L("{label} is missing.", label=each.label)
            yield Problem("ELEMENT_MISSING", place, number, each.name, reason)


def _limit_problems(guide: Guide, item_type: str) -> Iterable[Problem]:
    for name in ("anticipate", "promise"):
        if bool(guide.get(f"{name}_day")) != bool(guide.get(f"{name}_type")):
            reason = L("A limit needs both a number and a unit.")
            yield Problem("LIMIT_HALF", "elements", 0, f"{name}_type", reason)
    promise, unit = guide.get("promise_day"), guide.get("promise_type")
    legal, legal_unit = guide.get("anticipate_day"), guide.get("anticipate_type")
    if item_type == LICENCE and not legal:
        legal, legal_unit = str(LEGAL_WORKING_DAYS), "W"  # Administrative Licence Law, art. 42
    if promise and legal and unit and legal_unit and longer(promise, unit, legal, legal_unit):
        reason = L(
            "The promised limit is longer than the statutory one ({n} {unit}).",
            n=legal,
            unit=_unit(legal_unit),
        )
        yield Problem("PROMISE_TOO_LONG", "elements", 0, "promise_day", reason)
    if guide.get("project_type") == "2" and not promise:
        yield Problem(
            "LIMIT_MISSING", "elements", 0, "promise_day", L("A committed item needs a promised limit.")
        )


def _unit(code: str) -> str:
    return BY_NAME["anticipate_type"].meaning(code)


def longer(promise: str, unit: str, legal: str, legal_unit: str) -> bool:
    """Whether a promise surely ends after the statutory limit, whatever the calendar: a working day takes at least a day."""
    if unit == legal_unit:
        return Decimal(promise) > Decimal(legal)
    hours = {"D": HOURS_A_DAY, "W": HOURS_A_DAY, "H": 1}
    if legal_unit == "W":  # working days may be many more days than their number
        return False
    return Decimal(promise) * hours[unit] > Decimal(legal) * hours[legal_unit]


def _term_problems(guide: Guide) -> Iterable[Problem]:
    first, last = guide.get("plan_effective_date"), guide.get("plan_cancel_date")
    if first and last and last < first:
        reason = L("The last day {last} is before the first day {first}.", first=first, last=last)
        yield Problem("TERM_BACKWARDS", "elements", 0, "plan_cancel_date", reason)


def _material_problems(guide: Guide, known: Known) -> Iterable[Problem]:
    if not guide.rows("materials"):
        yield Problem("NO_MATERIAL", "materials", 0, "", L("The guide names no material."))
    for number, row in enumerate(guide.rows("materials"), 1):
        code = row.get("material_code", "")
        if code and code not in known.materials:
            reason = L("Material {code} is not in the hall's dictionary.", code=code)
            yield Problem("MATERIAL_UNKNOWN", "materials", number, "material_code", reason)
        for licence in filter(None, row.get("licence_type", "").split(";")):
            if licence not in known.licence_types:
                reason = L("Licence type {code} is not known here.", code=licence)
                yield Problem("LICENCE_TYPE_UNKNOWN", "materials", number, "licence_type", reason)
    result = guide.get("result_licence")
    if result and result not in known.licence_types:
        reason = L("Licence type {code} is not known here.", code=result)
        yield Problem("LICENCE_TYPE_UNKNOWN", "elements", 0, "result_licence", reason)


def _situation_problems(guide: Guide) -> Iterable[Problem]:
    questions = situations.questions_of(guide.rows("situations"))
    for number, row in enumerate(guide.rows("materials"), 1):
        for reason in situations.wrong(row.get("situation_expr", ""), questions):
            yield Problem("SITUATION_UNKNOWN", "materials", number, "situation_expr", reason)


def _form_problems(guide: Guide, known: Known) -> Iterable[Problem]:
    """What no form can be made of."""
    for number, row in enumerate(guide.rows("form"), 1):
        licence = row.get("from_licence", "")
        if licence and licence not in known.licence_types:
            reason = L("Licence type {code} is not known here.", code=licence)
            yield Problem("LICENCE_TYPE_UNKNOWN", "form", number, "from_licence", reason)
    fields = form_fields.of_rows(guide.rows("form"))
    for number, each in enumerate(fields, 1):
        for column, reason in form_fields.wrong_in(each):
            yield Problem("FORM_SCHEMA_BAD", "form", number, column, reason)
    for place in form_fields.repeated_labels(fields):
        yield Problem("FORM_SCHEMA_BAD", "form", place + 1, "label", L("Another field has this title."))
    if len(fields) > form_fields.MOST_FIELDS:
        reason = L("A form has up to {n} fields.", n=form_fields.MOST_FIELDS)
        yield Problem("FORM_SCHEMA_BAD", "form", 0, "", reason)


def _fee_problems(guide: Guide) -> Iterable[Problem]:
    charged = guide.get("is_fee")
    if charged == "1" and not guide.rows("fees"):
        yield Problem("FEE_MISSING", "fees", 0, "", L("A fee is charged, but none is listed."))
    if charged == "0" and guide.rows("fees"):
        yield Problem("FEE_NOT_CHARGED", "fees", 1, "name", L("Fees are listed, but none is charged."))


def _handling_problems(guide: Guide) -> Iterable[Problem]:
    """What contradicts itself about how the item is handled."""
    if bool(guide.get("quota")) != bool(guide.get("quota_period")):
        reason = L("A limit of number needs both a number and the time that it is counted in.")
        yield Problem("QUOTA_HALF", "elements", 0, "quota_period", reason)
    if guide.get("allow_tolerance") == "0":
        for number, row in enumerate(guide.rows("materials"), 1):
            if row.get("is_need") == MAY_FOLLOW:
                reason = L("The item lets no material follow, but this one may.")
                yield Problem("TOLERANCE_CONTRADICTS", "materials", number, "is_need", reason)


def _joint_problems(guide: Guide, known: Known) -> Iterable[Problem]:
    """Whom an item of joint handling names cannot be asked."""
    if guide.get("handle_mode") != JOINT:
        return
    named = organs(guide.get("other_dept"))
    if not named:
        reason = L("An item that is handled jointly names the joint organs.")
        yield Problem("JOINT_ORGANS_MISSING", "elements", 0, "other_dept", reason)
    for name in named:
        if name not in known.agencies:
            reason = L(
                "The hall has no other agency {name}; write joint organs as the hall calls them, with 、 between.",
                name=name,
            )
            yield Problem("JOINT_ORGAN_UNKNOWN", "elements", 0, "other_dept", reason)


def _companion_problems(guide: Guide, known: Known) -> Iterable[Problem]:
    for number, row in enumerate(guide.rows("companions"), 1):
        code = row.get("task_code", "")
        if code and code not in known.items:
            reason = L("There is no service item {code}.", code=code)
            yield Problem("ITEM_UNKNOWN", "companions", number, "task_code", reason)


def refuse(problems: Sequence[Problem]) -> None:
    """Let only a guide without problems go on.

    Raises:
        UserError: Code of the first problem; all of them in `detail`.
    """
    if not problems:
        return
    first = problems[0]
    place = "" if first.place == "elements" else LIST_TITLES.get(first.place, first.place)
    where = L("{list}, row {row}: ", list=place, row=first.row) if place and first.row else ""
    raise UserError(
        first.code,
        L("{where}{reason}", where=where, reason=first.reason)
        if len(problems) == 1
        else L(
            "{n} things are wrong with the guide. The first: {where}{reason}",
            n=len(problems),
            where=where,
            reason=first.reason,
        ),
        do=L("Correct what is marked and try again."),
        detail={
            "problems": [
                {"code": p.code, "place": p.place, "row": p.row, "column": p.column, "reason": str(p.reason)}
                for p in problems
            ]
        },
    )
