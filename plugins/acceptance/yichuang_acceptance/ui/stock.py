"""The stock of blank certificates: what is left of each kind, and new ones that came from the printer's."""

from __future__ import annotations

from typing import Any

from PyQt6.QtWidgets import QWidget

from yichuang.api.ui import FormField, PageContext
from yichuang_acceptance.ui.asking import ActDialog
from yichuang_acceptance.words import words

_ = words.text
MOST = 10_000


def ask_stock(owner: QWidget, context: PageContext) -> None:
    """Show the stock and enter new blanks; whoever works for every agency chooses whose they are."""

    def came(agencies: list[Any]) -> None:
        own = context.actor.agency
        shown = [(a.code, a.short_name) for a in agencies if context.actor.hall_wide or a.code == own]
        shown.sort(key=lambda pair: pair[0] != own)
        context.query("acceptance.blanks", {}, done=lambda stock: _open(owner, context, shown, stock))

    context.query("hall.agencies", done=came)


def _open(owner: QWidget, context: PageContext, agencies: list[tuple[str, str]], stock: list[Any]) -> None:
    facts = [
        (row.kind, _("{left} left, next {next}; {used} used, {void} void", left=row.left, next=row.next or "—", used=row.used,
                     void=row.void))
        for row in stock
    ]  # fmt: skip
    fields = [
        FormField("agency", _("Agency"), kind="choice", choices=agencies, required=True, span=2),
        FormField("kind", _("Certificate, as the item's result is called"), required=True, span=2),
        FormField("first", _("First number"), required=True, placeholder="JY000001"),
        FormField("count", _("How many"), kind="number", required=True, check=_check_count),
    ]

    def act(values: dict[str, Any], refused: Any, finished: Any) -> None:
        request = {**values, "count": int(values["count"])}
        context.run("acceptance.add_blanks", request, done=finished, failed=refused)

    def entered(count: int) -> None:
        context.notify(_("{n} blanks were entered", n=count), kind="success")

    ActDialog(
        _("Blank certificates"), _("A granted case of such an item waits until its certificate is printed on a blank."),
        primary=_("Enter the blanks"), fields=fields, facts=facts, act=act, done=entered,
    ).over(owner)  # fmt: skip


def _check_count(value: Any) -> str | None:
    return (
        None if 1 <= value <= MOST and value == int(value) else _("Write a whole number up to {n}.", n=MOST)
    )
