"""Putting a "no" at the window, or what an applicant reports, on record: why, what was said, where else to go."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PyQt6.QtWidgets import QWidget

from yichuang.api import UserError, in_language
from yichuang.api.ui import FormField, PageContext
from yichuang_acceptance.rules.refusals import GRADES, NEEDS_PLACE, REASONS
from yichuang_acceptance.ui.applicant import check_phone
from yichuang_acceptance.ui.asking import ActDialog
from yichuang_acceptance.words import words

_ = words.text
OWN, REPORTED = "own", "reported"


def ask_cannot_do(
    owner: QWidget,
    context: PageContext,
    item: Any,
    person: dict[str, str],
    ticket: str,
    done: Callable[[Any], None],
) -> None:
    """Ask what the applicant was told. `person` fills in what stands on the page already."""

    def came(agencies: Sequence[Any]) -> None:
        _dialog(context, item, person, ticket, agencies, done).over(owner)

    def tell(error: UserError) -> None:
        context.notify(in_language(error.sentence), kind="warning")

    context.query("hall.agencies", done=came, failed=tell)


def _dialog(
    context: PageContext, item: Any, person: dict[str, str], ticket: str, agencies: Sequence[Any], done: Callable[[Any], None]
) -> ActDialog:  # fmt: skip
    def act(values: dict[str, Any], refused: Any, finished: Any) -> str | None:
        if values["reason"] in NEEDS_PLACE and not values["proper_place"]:
            return _("Write where the applicant should go instead.")
        request = {"item": item.code, "ticket": ticket, **values, "reported": values["reported"] == REPORTED}
        context.run("acceptance.cannot_do", request, done=finished, failed=refused)
        return None

    return ActDialog(
        _("Put on record that this cannot be done?"), item.name, primary=_("Put on record"),
        fields=_fields(item, person, agencies), act=act, done=done,
    )  # fmt: skip


def _fields(item: Any, person: dict[str, str], agencies: Sequence[Any]) -> list[FormField]:
    reasons = [(code, in_language(text)) for code, text in REASONS.items()]
    grades = [(code, in_language(text)) for code, text in GRADES.items()]
    who = [(OWN, _("said at this window")), (REPORTED, _("reported by the applicant"))]
    organs = [(each.code, each.short_name) for each in agencies]
    return [
        FormField("reported", _("How it came up"), kind="segmented", choices=who, value=OWN, span=2),
        FormField("person", _("Name"), required=True, value=person["name"]),
        FormField("phone", _("Telephone"), check=check_phone, value=person["phone"]),
        FormField("reason", _("Why it cannot be done"), kind="choice", choices=reasons, required=True),
        FormField("agency", _("Responsible organ"), kind="choice", choices=organs, value=item.agency),
        FormField("grade", _("How hard to settle"), kind="choice", choices=grades, value="complex"),
        FormField("case_no", _("Case number")),
        FormField("proper_place", _("Where to go instead")),
        FormField("receiver", _("Who takes over there")),
        FormField("said", _("What the applicant was told"), kind="area", required=True, span=2),
        FormField("attempts", _("What was tried before"), span=2),
    ]
