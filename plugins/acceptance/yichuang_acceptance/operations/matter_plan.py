"""One matter at once (一件事) before it is taken in: its items, the one list of materials, the one form, the joint dues."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from pydantic import Field

from yichuang.api import MaterialRow, Read, Request, UserError, hall, query, select
from yichuang_acceptance.operations import matter_life
from yichuang_acceptance.operations.accepting import limits_of, materials_of
from yichuang_acceptance.operations.clocks import days_of
from yichuang_acceptance.operations.forms import forms_of_matter
from yichuang_acceptance.operations.matter_situations import (
    Situations,
    condition_text,
    needless,
    situations_of,
)
from yichuang_acceptance.operations.situations import AskedQuestion
from yichuang_acceptance.rules import form_values, matter_form, matter_graph, matter_materials
from yichuang_acceptance.rules.clocks import Limit
from yichuang_acceptance.rules.form_fields import FormField
from yichuang_acceptance.rules.matter_form import OneForm
from yichuang_acceptance.rules.matter_graph import JOINT_WORKING_DAYS, SERIAL, Part
from yichuang_acceptance.rules.matter_materials import Merged, Wanted
from yichuang_acceptance.rules.matter_situations import THEME
from yichuang_acceptance.words import words

L = words.lazy
JOINT_THEMES = "acceptance.joint_themes"
MOST_ANSWER = "500"
ASKED_BY_ALL = tuple(FormField(name, name, most=MOST_ANSWER) for name in ("联系地址", "申请内容"))
"""What every item without a form of its own asks beside the theme's fields."""


@dataclass(frozen=True)
class Planned:
    """A matter of one applicant, worked out from the theme and the catalogue.

    Attributes:
        theme: Row of the theme.
        lead: Code of the leading agency.
        every: All items of the theme, also the optional ones that are not wanted.
        parts: Those that are wanted, with what each waits for.
        items: Item of the catalogue by position; a step of another body has none.
        lists: What each item asks for.
        materials: The one list.
        form: The one form.
        joint: Handled jointly (art. 26).
        situation: What is asked before (情形), and the answers.
        needless: Positions of the steps that these answers leave out.
    """

    theme: Any
    lead: str
    lead_name: str
    every: tuple[Part, ...]
    parts: tuple[Part, ...]
    items: Mapping[int, Any]
    lists: Mapping[int, list[Wanted]]
    materials: tuple[Merged, ...]
    form: OneForm
    joint: bool
    situation: Situations
    needless: frozenset[int]

    @property
    def promise(self) -> Limit | None:
        """The promise for the whole, if the theme gives one."""
        amount = self.theme.promise_amount
        return None if amount is None else Limit(Decimal(str(amount)), self.theme.promise_unit)


def plan(
    read: Read,
    theme_code: str,
    chosen: Collection[int] = (),
    versions: Mapping[str, int] | None = None,
    answers: Mapping[str, str] | None = None,
    *,
    open_too: bool = False,
) -> Planned:
    """Work a matter out.

    Args:
        read: Where themes and items are read.
        theme_code: The theme.
        chosen: Positions of the optional items that are wanted.
        versions: Versions of items that the window looked at; the current one of those not named.
        answers: To the questions (情形), by key.
        open_too: What hangs on an open question is in; otherwise it is left out until the answer asks for it.

    Raises:
        UserError: UNKNOWN_THEME, NO_ITEMS_HERE, NOT_OPTIONAL, MATTER_CIRCLE, UNKNOWN_ITEM.
    """
    theme = _theme(read, theme_code)
    steps = theme.body["items"][: matter_graph.MOST_PARTS]
    every = _every_part(steps)
    left_out = {part.position for part in every if part.optional and part.position not in chosen}
    serial = str(theme.body.get("mode", "")).startswith(SERIAL)
    dropped = needless(theme, answers or {}, open_too=open_too)
    parts = tuple(matter_graph.chosen_parts(every, left_out, serial=serial, needless=dropped))
    codes = {part.position: steps[part.position - 1]["item"] for part in parts}
    known = versions or {}
    items = {n: read.query("hall.item", {"code": c, "version": known.get(c)}) for n, c in codes.items() if c}
    if not items and not any(step["item"] and n in dropped for n, step in enumerate(steps, 1)):
        raise UserError(
            "NO_ITEMS_HERE", L("None of the steps of “{name}” is handled in this hall.", name=theme.name)
        )
    situation = situations_of(read, theme, items, answers or {})
    lists = {
        n: [_wanted(m) for m in materials_of(item) if situation.asks(n, m.position, open_too=open_too)]
        for n, item in items.items()
    }
    lead = theme.lead or next((item.agency for item in items.values()), "")
    lead_name = read.scalar(select(hall.agency.c.name).where(hall.agency.c.code == lead))
    joint = theme.code in str(read.setting(JOINT_THEMES, "")).replace("；", ";").split(";")
    names = {n: item.name for n, item in items.items()}
    return Planned(
        theme,
        lead,
        lead_name or "",
        every,
        parts,
        items,
        lists,
        tuple(matter_materials.merge(lists, names)),
        _one_form(read, theme, items),
        joint,
        situation,
        dropped,
    )


def _theme(read: Read, code: str) -> Any:
    theme = read.one(select(hall.theme).where(hall.theme.c.code == code))
    if theme is None:
        raise UserError(
            "UNKNOWN_THEME",
            L("There is no matter {code}.", code=code),
            do=L("Search for it by its name."),
        )
    return theme


def _every_part(steps: Sequence[Mapping[str, Any]]) -> tuple[Part, ...]:
    position_of = {step["name"]: n for n, step in enumerate(steps, 1)}
    return tuple(
        Part(n, step["name"], tuple(position_of[name] for name in step["after"]), step["optional"])
        for n, step in enumerate(steps, 1)
    )


def _one_form(read: Read, theme: Any, items: Mapping[int, Any]) -> OneForm:
    asked = (*(FormField(name, name, most=MOST_ANSWER) for name in theme.body["fields"]), *ASKED_BY_ALL)
    names = {0: theme.name, **{n: item.name for n, item in items.items()}}
    return matter_form.merge_forms(forms_of_matter(read, items, asked), names)


def _wanted(m: MaterialRow) -> Wanted:
    return Wanted(m.position, m.code, m.name, m.need, m.original, m.replaceable, tuple(m.licence_types))


@dataclass(frozen=True)
class Dues:
    """When the whole is due; None where nothing is promised, or no limit was entered."""

    promise: datetime | None
    legal: datetime | None


def dues_of(read: Read, planned: Planned) -> Dues:
    """The joint dues of a matter that begins now.

    The promise is the theme's. The statutory end is 45 working days where the matter is handled jointly (art. 26, 42);
    otherwise it is that of the last item, each beginning when those before it are due. Raises CALENDAR_ENDS.
    """
    limits = {n: limits_of(item) for n, item in planned.items.items()}
    return _dues(read, read.now, planned.parts, limits, planned.promise, joint=planned.joint)


def dues_of_matter(read: Read, row: Any) -> dict[str, datetime | None]:
    """The joint dues of a matter that was taken in, from its beginning, as the days stand now."""
    rows = matter_life.rows_of(read, row.id)
    limits = {
        each.position: limits_of(read.query("hall.item", {"code": each.item, "version": each.item_version}))
        for each in rows
        if each.case_id is not None
    }
    promise = (
        None if row.promise_amount is None else Limit(Decimal(str(row.promise_amount)), row.promise_unit)
    )
    dues = _dues(read, row.received_at, matter_life.parts_of(rows), limits, promise, joint=row.joint)
    return {"promise_due_at": dues.promise, "legal_due_at": dues.legal}


def _dues(
    read: Read,
    start: datetime,
    parts: Sequence[Part],
    limits: dict[int, tuple[Limit | None, Limit | None]],
    promise: Limit | None,
    *,
    joint: bool,
) -> Dues:
    days = days_of(read)

    def last(which: int) -> datetime | None:
        named = {n: limit for n, pair in limits.items() if (limit := pair[which]) is not None}
        return matter_graph.joint_due(parts, named, {}, start, days)

    return Dues(
        days.due_moment(start, promise.amount, promise.unit) if promise else last(1),
        days.due_moment(start, JOINT_WORKING_DAYS, "W") if joint else last(0),
    )


@dataclass(frozen=True)
class PlanPart:
    """One item as the window sees it before the matter is taken in.

    Attributes:
        item: Code in the catalogue; empty for a step of another body, whose outcome the window enters.
        after: Names of what has to be granted first.
        stage: From 1; those of one stage run side by side. 0 for an optional item that is not wanted.
        needless: The applicant's answers leave it out, or its question is still open.
        condition: With which answers it is needed, in words; empty: always.
    """

    position: int
    name: str
    item: str
    version: int
    agency_name: str
    optional: bool
    chosen: bool
    after: list[str]
    stage: int
    needless: bool = False
    condition: str = ""


@dataclass(frozen=True)
class Plan:
    """A matter as the window takes it in; `materials` is the one list, as that of an item.

    Attributes:
        wanted_by: Names of the items that ask for each material, in the order of `materials`.
        conflicts: Where items mean different things by one field.
        questions: What is asked about the applicant's situation (情形), each question once.
        answers: Those given so far, by the question's code.
    """

    code: str
    name: str
    lead: str
    lead_name: str
    joint: bool
    promise_amount: Decimal | None
    promise_unit: str
    promise_due_at: datetime | None
    legal_due_at: datetime | None
    parts: list[PlanPart]
    materials: list[MaterialRow]
    wanted_by: list[list[str]]
    asked_in_all: int
    fields: list[FormField]
    conflicts: list[str]
    questions: list[AskedQuestion]
    answers: dict[str, str]


class AskPlan(Request):
    """A theme, the optional items that are wanted, and the answers to its questions so far."""

    theme: str
    chosen: tuple[int, ...] = Field((), max_length=matter_graph.MOST_PARTS)
    answers: dict[str, str] = Field(default_factory=dict)


@query("acceptance.matter_plan", permission="acceptance.accept", title="A matter before it is taken in")
def matter_plan(read: Read, request: AskPlan) -> Plan:
    """Items, materials and fields of a matter. Errors: UNKNOWN_THEME, NO_ITEMS_HERE, CALENDAR_ENDS."""
    planned = plan(read, request.theme, request.chosen, answers=request.answers)
    form_values.get_ready()
    dues = dues_of(read, planned)
    theme = planned.theme
    names = {part.position: part.name for part in planned.every}
    return Plan(
        theme.code, theme.name, planned.lead, planned.lead_name, planned.joint, theme.promise_amount, theme.promise_unit,
        dues.promise, dues.legal, _plan_parts(read, planned, names), material_rows(planned),
        [[names[n] for n in merged.wanted_by] for merged in planned.materials],
        sum(len(wanted) for wanted in planned.lists.values()),
        [asked.field for asked in planned.form.fields],
        [str(conflict.reason) for conflict in planned.form.conflicts], planned.situation.rows(),
        dict(planned.situation.answers),
    )  # fmt: skip


def _plan_parts(read: Read, planned: Planned, names: Mapping[int, str]) -> list[PlanPart]:
    stage_of = {p: n for n, stage in enumerate(matter_graph.stages(planned.parts), 1) for p in stage}
    after_of = {part.position: part.after for part in planned.parts}
    steps = planned.theme.body["items"]
    codes = [step["item"] for step in steps if step["item"]]
    agency_of = dict(
        read.all(
            select(hall.item.c.code, hall.agency.c.short_name)
            .join(hall.agency, hall.agency.c.code == hall.item.c.agency)
            .where(hall.item.c.code.in_(codes))
        )
    )
    found = []
    for part in planned.every:
        item = planned.items.get(part.position)
        found.append(
            PlanPart(
                part.position, part.name, steps[part.position - 1]["item"], item.version if item is not None else 0,
                agency_of.get(steps[part.position - 1]["item"], ""), part.optional, part.position in stage_of,
                [names[n] for n in after_of.get(part.position, part.after)], stage_of.get(part.position, 0),
                part.position in planned.needless,
                condition_text(steps[part.position - 1].get("situation_expr", ""), planned.situation.questions, {}, THEME),
            )
        )  # fmt: skip
    return found


def material_rows(planned: Planned) -> list[MaterialRow]:
    """The one list in the form of an item's list."""
    return [
        MaterialRow(m.position, _key_of(m), m.name, m.need, m.original,
                    m.replaceable, list(m.licence_types))
        for m in planned.materials
    ]  # fmt: skip


def _key_of(merged: Merged) -> str:
    """By which the window knows a paper again when other optional items are wanted; own forms have their item in the name."""
    name = matter_materials.same_name(merged.name)
    return f"{merged.code}:{name}" if merged.code else f"name:{name}"
