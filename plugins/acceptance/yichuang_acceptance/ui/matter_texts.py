"""How matters (一件事) are written on the screens: rows among the items, facts beside them, tones of their items."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from yichuang.api import pinyin
from yichuang_acceptance.operations.matter_plan import Plan
from yichuang_acceptance.rules.matter_graph import MatterState, Standing
from yichuang_acceptance.ui.case_texts import day
from yichuang_acceptance.words import words

_ = words.text
PREFIX = "theme:"
TONES = {
    Standing.WAITING: "grey", Standing.OPEN: "teal", Standing.GRANTED: "green", Standing.READY: "green",
    Standing.REFUSED: "red", Standing.DONE: "green", Standing.ENDED: "red",
}  # fmt: skip
STATE_TONES = {MatterState.REVIEW: "teal", MatterState.READY: "green", MatterState.ACCEPTED: "teal"}


@dataclass(frozen=True)
class ThemeRow:
    """A matter as it is found among the items.

    Attributes:
        code: `theme:` and the theme's code.
    """

    code: str
    name: str
    agency_name: str
    initials: str
    pinyin: str
    kind: str = "matter"
    type: str = ""
    aliases: tuple[str, ...] = ()


def theme_row(matter: Any) -> ThemeRow:
    """A matter of `hall.matters`; the first call reads the dictionary of readings, so not on the window's thread."""
    form = pinyin.pinyin_of(matter.name)
    return ThemeRow(PREFIX + matter.code, matter.name, matter.lead, form.initials, form.pinyin)


def limit_text(amount: Any, unit: str) -> str:
    """A limit in words; empty where there is none."""
    units = {"W": _("working days"), "D": _("days"), "H": _("hours")}
    return "" if amount is None else f"{float(amount):g} {units[unit]}"


def plan_pairs(plan: Plan) -> list[tuple[str, ...]]:
    """What the clerk tells about a matter."""
    optional = sum(part.optional for part in plan.parts)
    items = _("{n} items, {optional} where needed", n=len(plan.parts), optional=optional)
    pairs: list[tuple[str, ...]] = [
        (_("Item type"), _("one matter at once")),
        (_("Leading agency"), plan.lead_name),
        (_("Matter items"), items),
        (_("Committed"), limit_text(plan.promise_amount, plan.promise_unit)),
        (_("Done by then"), day(plan.promise_due_at), "green"),
        (_("Statutory"), day(plan.legal_due_at)),
        (_("Way of handling"), _("jointly (art. 26)") if plan.joint else _("side by side")),
    ]
    return [pair for pair in pairs if pair[1]]
