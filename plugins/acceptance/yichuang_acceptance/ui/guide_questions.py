"""The questions the catalogue asks: a new item, sending back, publishing, suspending, files that cannot be taken."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PyQt6.QtWidgets import QWidget

from yichuang.api import HALL_ZONE, UserError, identifiers, in_language
from yichuang.api.ui import Column, DataTable, Dialog, FormField, PageContext
from yichuang_acceptance.ui.asking import ActDialog
from yichuang_acceptance.words import words

_ = words.text
Done = Callable[[Any], None]
LIST_HEIGHT = 280


def ask_new_item(
    owner: QWidget, context: PageContext, agencies: Sequence[tuple[str, str]], done: Done
) -> ActDialog:
    """Enter an item that the hall does not have yet."""
    types = [(code, name) for code, name in identifiers.ITEM_TYPES.items()]
    fields = [
        FormField("name", _("Item name"), span=2, required=True),
        FormField("agency", _("Agency"), kind="choice", choices=agencies, required=True),
        FormField("type", _("Item type"), kind="choice", choices=types, required=True),
        FormField("code", _("Implementation code"), span=2, required=True,
                  hint=_("31 characters: organ 18, level 1, basic code 12")),
    ]  # fmt: skip

    def act(values: dict[str, Any], refused: Any, finished: Any) -> None:
        context.run("acceptance.new_item", values, done=finished, failed=refused)

    body = _("It begins as a draft. Desks see it when its first version is published.")
    return ActDialog(
        _("Enter a new item?"), body, primary=_("Enter the item"), fields=fields, act=act, done=done
    ).over(owner)


def ask_submit(owner: QWidget, context: PageContext, detail: Any, row_version: int, done: Done) -> ActDialog:
    """Hand a draft to whoever publishes it, with a word on what was changed; closes where the draft is not whole."""
    note = FormField(
        "note", _("What was changed and why"), kind="area", required=True, span=2, value=detail.note
    )

    def act(values: dict[str, Any], refused: Any, finished: Any) -> None:
        def failed(error: UserError) -> None:
            refused(error)
            if "problems" in error.detail:
                dialog.reject()

        request = {"item": detail.item, "row_version": row_version, **values}
        context.run("acceptance.submit_guide", request, done=finished, failed=failed)

    dialog = ActDialog(
        _("Submit this version?"), _named(detail) + _("Somebody else has to look at it and publish it."),
        primary=_("Submit"), fields=[note], act=act, done=done,
    )  # fmt: skip
    return dialog.over(owner)


def ask_return(owner: QWidget, context: PageContext, detail: Any, done: Done) -> ActDialog:
    """Send a submitted version back with the reason."""

    def act(values: dict[str, Any], refused: Any, finished: Any) -> None:
        request = {"item": detail.item, "row_version": detail.row_version, **values}
        context.run("acceptance.return_guide", request, done=finished, failed=refused)

    return ActDialog(
        _("Send this version back?"), _named(detail), primary=_("Send to its author"),
        fields=[FormField("reason", _("What has to be changed"), kind="area", required=True, span=2)], act=act, done=done,
    ).over(owner)  # fmt: skip


def ask_publish(
    owner: QWidget, context: PageContext, detail: Any, changes: Mapping[str, int], done: Done
) -> ActDialog:
    """Publish a version that somebody else wrote."""
    first = detail.elements.get("plan_effective_date") or _("today")
    facts = (
        (_("Holds from"), first),
        (_("Written by"), detail.author_name),
        (_("Differences"), _("{added} added, {removed} removed, {changed} changed", **changes)),
    )

    def act(_values: dict[str, Any], refused: Any, finished: Any) -> None:
        request = {"item": detail.item, "row_version": detail.row_version}
        context.run("acceptance.publish_guide", request, done=finished, failed=refused)

    body = _named(detail) + _("It can never be changed again; cases that were accepted keep their version.")
    return ActDialog(
        _("Publish this version?"), body, primary=_("Publish"), facts=facts, act=act, done=done
    ).over(owner)


def ask_state(owner: QWidget, context: PageContext, detail: Any, done: Done) -> ActDialog:
    """Suspend an item, take it up again, or cancel it for good."""
    choices = [("2", _("Suspend")), ("3", _("Cancel for good"))]
    if detail.item_state == "2":
        choices[0] = ("1", _("Take up again"))
    fields = [
        FormField("state", _("What becomes of it"), kind="choice", choices=choices, required=True),
        FormField("first_day", _("From"), kind="date", value=context.now().astimezone(HALL_ZONE).date(), required=True),
        FormField("reason", _("Reason"), kind="area", required=True, span=2),
    ]  # fmt: skip

    def act(values: dict[str, Any], refused: Any, finished: Any) -> None:
        request = {"item": detail.item, **values, "first_day": values["first_day"].isoformat()}
        context.run("acceptance.set_item_state", request, done=finished, failed=refused)

    body = _("{name}. Cases that were taken in go on.", name=detail.name)
    return ActDialog(
        _("Suspend or cancel this item?"),
        body,
        primary=_("Do it"),
        kind="danger",
        fields=fields,
        act=act,
        done=done,
    ).over(owner)


def ask_drop(owner: QWidget, context: PageContext, detail: Any, done: Done) -> ActDialog:
    """Throw a draft away."""

    def act(_values: dict[str, Any], refused: Any, finished: Any) -> None:
        request = {"item": detail.item, "row_version": detail.row_version}
        context.run("acceptance.drop_guide", request, done=finished, failed=refused)

    return ActDialog(
        _("Drop this draft?"), _named(detail) + _("What was written is lost; published versions stay."),
        primary=_("Drop the draft"), kind="danger", act=act, done=done,
    ).over(owner)  # fmt: skip


def ask_leave(owner: QWidget, leave: Callable[[], None]) -> Dialog:
    """Whether changes that were not kept may be lost."""

    def answered(answer: Any) -> None:
        if answer is not None:
            leave()

    return Dialog.ask(
        owner, _("Leave without keeping the changes?"), _("What was typed since the last save is lost."),
        primary=_("Leave"), kind="danger", cancel=_("Stay"), done=answered,
    )  # fmt: skip


def show_bad_rows(owner: QWidget, error: UserError) -> Dialog:
    """Every row of a file that cannot be taken, with its reason."""
    dialog = Dialog(
        _("The files were not imported"), in_language(error.sentence), primary=_("Close"), wide=True
    )
    dialog.cancel_button.hide()
    rows = error.detail.get("rows", [])
    if isinstance(rows, list) and rows:
        table = DataTable(
            [
                Column("file", _("File"), 150),
                Column("row", _("Row"), 52),
                Column("column", _("Column"), 110),
                Column("reason", _("Reason"), stretch=1, tip=lambda row: str(row["reason"])),
            ],
            footer=False,
        )
        table.setFixedHeight(LIST_HEIGHT)
        table.set_rows([{"id": n, **row, "row": str(row["row"] or "")} for n, row in enumerate(rows)])
        dialog.body.addWidget(table)
    dialog.open_in(owner.window())
    return dialog


def _named(detail: Any) -> str:
    return _("{name}, version {n}. ", name=detail.name, n=detail.version)
