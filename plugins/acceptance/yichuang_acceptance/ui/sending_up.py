"""Cases that an organ outside the hall decides: asked where one goes, and afterwards which decision came back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PyQt6.QtWidgets import QWidget

from yichuang.api.ui import FormField, PageContext
from yichuang_acceptance.ui.asking import ActDialog
from yichuang_acceptance.ui.life_questions import offer_preview
from yichuang_acceptance.words import words

_ = words.text
Values = dict[str, Any]


def ask_sending(
    owner: QWidget, context: PageContext, task: Any, content: Values, done: Callable[[Any], None]
) -> ActDialog:
    """Give the opinion at a node that sends up, with the organ that the case goes to."""
    fields = [
        FormField("organ", _("Organ that decides"), required=True, span=2),
        FormField("on", _("Sent up on"), kind="date", required=True, value=context.now().date()),
        FormField("number", _("Number of the letter"), hint=_("Empty: a letter is made, with a number of its own")),
    ]  # fmt: skip

    def act(values: Values, refused: Any, finished: Any) -> None:
        sent = {**values, "on": values["on"].isoformat()}
        asked = {"task_id": task.id, "row_version": task.row_version, **content, "sent_to": sent}
        context.run("acceptance.give_opinion", asked, done=finished, failed=refused)

    def sent_up(acted: Any) -> None:
        context.run("acceptance.render", {"case_id": task.case_id}, failed=lambda _error: None)
        done(acted)

    body = f"{task.short_no}　{task.item_name}　{task.name}"
    return ActDialog(
        _("Send this case up?"), body, primary=_("Send up"), fields=fields, act=act, done=sent_up
    ).over(owner)


def upper_fields(context: PageContext, case: Any) -> list[FormField]:
    """What is asked of the decision of the organ above; nothing where the case is decided here."""
    if case.forwarded is None:
        return []
    return [
        FormField("upper_number", _("Number of the decision above"), required=True),
        FormField("upper_on", _("Decided on"), kind="date", required=True, value=context.now().date()),
    ]


def with_upper(values: Values) -> Values:
    """The values of a form, those of `upper_fields` as the decision takes them."""
    if "upper_number" not in values:
        return values
    rest = {name: value for name, value in values.items() if not name.startswith("upper_")}
    return {**rest, "upper": {"number": values["upper_number"], "on": values["upper_on"].isoformat()}}


def upper_said(values: Values) -> Values:
    """The same for a preview, which may be asked for while something is missing: the hall says what."""
    if values.get("upper_number") and values["upper_on"] is not None:
        return with_upper(values)
    return {name: value for name, value in values.items() if not name.startswith("upper_")}


def grant_said(request: Values) -> Values:
    """What the paper of a grant says, from what is asked of `acceptance.grant`."""
    return {
        "opinion": request["opinion"], "content": request["content"], "valid_to": request["valid_to"] or "",
        "conditions": "\n".join(request["conditions"]), "public": "" if request["public"] else "no",
        "public_note": request["public_note"],
    }  # fmt: skip


def ask_granting(
    owner: QWidget, context: PageContext, case: Any, request: Values, done: Callable[[Any], None]
) -> ActDialog:
    """Grant what the organ above has granted, by its decision."""

    def act(values: Values, refused: Any, finished: Any) -> None:
        context.run("acceptance.grant", {**request, **with_upper(values)}, done=finished, failed=refused)

    dialog = ActDialog(
        _("Enter the decision of {organ}?", organ=case.forwarded.organ), f"{case.row.short_no}　{case.row.item_name}",
        primary=_("Grant"), fields=upper_fields(context, case), act=act, done=done,
    )  # fmt: skip
    offer_preview(dialog, context, case, "D10", lambda values: {**grant_said(request), **upper_said(values)})
    return dialog.over(owner)
