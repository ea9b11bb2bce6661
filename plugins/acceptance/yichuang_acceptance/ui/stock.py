"""The stock of blank certificates: what is left of each kind, new ones from the printer's, spoilt ones with a second person."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PyQt6.QtWidgets import QWidget

from yichuang.api.ui import Button, FormField, PageContext
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
                     void=row.void) + (_("; {n} spoilt, to be confirmed", n=row.spoilt) if row.spoilt else ""))
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

    dialog = ActDialog(
        _("Blank certificates"), _("A granted case of such an item waits until its certificate is printed on a blank."),
        primary=_("Enter the blanks"), fields=fields, facts=facts, act=act, done=entered,
    )  # fmt: skip
    _offer(dialog, _("Report a spoilt one"), "file-x", lambda: ask_spoiling(owner, context, stock),
           fits=context.can("acceptance.make") and any(row.left for row in stock))  # fmt: skip
    _offer(dialog, _("Confirm spoilt ones"), "circle-check", lambda: ask_confirming(owner, context),
           fits=context.can("acceptance.stock"))  # fmt: skip
    dialog.over(owner)


def _offer(dialog: ActDialog, text: str, icon: str, then: Callable[[], Any], *, fits: bool) -> None:
    """Another way out of the dialog, at its left."""
    if fits:
        button = Button(text, kind="link", icon=icon)
        button.clicked.connect(dialog.reject)
        button.clicked.connect(lambda _on: then())
        dialog.buttons.insertWidget(0, button)


def ask_spoiling(owner: QWidget, context: PageContext, stock: list[Any]) -> ActDialog:
    """Report a blank that cannot be used."""
    kinds = [row.kind for row in stock if row.left]
    first = next(row for row in stock if row.left)
    fields = [
        FormField(
            "kind", _("Certificate"), kind="choice", choices=kinds, value=first.kind, required=True, span=2
        ),
        FormField("number", _("Number of the blank"), value=first.next, required=True),
        FormField("reason", _("What is wrong with it"), kind="area", required=True, span=2),
    ]

    def act(values: dict[str, Any], refused: Any, finished: Any) -> None:
        context.run(
            "acceptance.void_blank", {"agency": first.agency, **values}, done=finished, failed=refused
        )

    return ActDialog(
        _("Report a spoilt blank?"), _("It is not used any more; a second person confirms that it is void."),
        primary=_("Report"), fields=fields, act=act,
        done=lambda _none: context.status(_("The blank waits for a second person")),
    ).over(owner)  # fmt: skip


def ask_confirming(owner: QWidget, context: PageContext) -> None:
    """Spoilt blanks that colleagues reported, one at a time."""

    def came(rows: list[Any]) -> None:
        others = [row for row in rows if not row.mine]
        if others:
            _confirm(owner, context, others)
        else:
            context.notify(_("No spoilt blank waits for you."), kind="info")

    context.query("acceptance.spoilt_blanks", done=came)


def _confirm(owner: QWidget, context: PageContext, rows: list[Any]) -> None:
    named = [
        (str(n), f"{row.kind} {row.number}：{row.reason}（{row.reported_by}）") for n, row in enumerate(rows)
    ]
    ways = [("confirm_void", _("void")), ("keep_blank", _("in order after all"))]
    fields = [
        FormField("which", _("Spoilt blank"), kind="choice", choices=named, value="0", required=True, span=2),
        FormField(
            "way",
            _("Conclusion"),
            kind="segmented",
            choices=ways,
            value="confirm_void",
            required=True,
            span=2,
        ),
    ]

    def act(values: dict[str, Any], refused: Any, finished: Any) -> None:
        row = rows[int(values["which"])]
        request = {"agency": row.agency, "kind": row.kind, "number": row.number}
        context.run(f"acceptance.{values['way']}", request, done=finished, failed=refused)

    ActDialog(
        _("Is this blank spoilt?"), _("Look at it before you confirm: a void number is never used again."),
        primary=_("Enter it"), kind="danger", fields=fields, act=act,
        done=lambda _none: context.status(_("The blank was settled")),
    ).over(owner)  # fmt: skip


def _check_count(value: Any) -> str | None:
    return (
        None if 1 <= value <= MOST and value == int(value) else _("Write a whole number up to {n}.", n=MOST)
    )
