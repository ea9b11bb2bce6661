"""Putting a "no" at the window on record: why, what was said, where else to go."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PyQt6.QtWidgets import QWidget

from yichuang.api import in_language
from yichuang.api.ui import FormField, PageContext
from yichuang_acceptance.rules.refusals import NEEDS_PLACE, REASONS
from yichuang_acceptance.ui.applicant import check_phone
from yichuang_acceptance.ui.asking import ActDialog
from yichuang_acceptance.words import words

_ = words.text


def ask_cannot_do(
    owner: QWidget,
    context: PageContext,
    item: Any,
    person: dict[str, str],
    ticket: str,
    done: Callable[[Any], None],
) -> ActDialog:
    """Ask what the applicant was told. `person` fills in what stands on the page already."""
    reasons = [(code, in_language(text)) for code, text in REASONS.items()]
    fields = [
        FormField("person", _("Name"), required=True, value=person["name"]),
        FormField("phone", _("Telephone"), check=check_phone, value=person["phone"]),
        FormField("reason", _("Why it cannot be done"), kind="choice", choices=reasons, required=True),
        FormField("proper_place", _("Where to go instead")),
        FormField("said", _("What the applicant was told"), kind="area", required=True, span=2),
    ]

    def act(values: dict[str, Any], refused: Any, finished: Any) -> str | None:
        if values["reason"] in NEEDS_PLACE and not values["proper_place"]:
            return _("Write where the applicant should go instead.")
        request = {"item": item.code, "ticket": ticket, **values}
        context.run("acceptance.cannot_do", request, done=finished, failed=refused)
        return None

    return ActDialog(
        _("Put on record that this cannot be done?"), item.name, primary=_("Put on record"), fields=fields, act=act, done=done,
    ).over(owner)  # fmt: skip
