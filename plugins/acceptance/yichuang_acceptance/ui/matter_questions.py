"""The questions about a matter (一件事): what is missing, another body's outcome, the rest after a refusal, withdrawing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PyQt6.QtWidgets import QWidget

from yichuang.api import UserError
from yichuang.api.ui import FormField, PageContext
from yichuang_acceptance.ui.asking import ActDialog
from yichuang_acceptance.ui.questions import correction_day
from yichuang_acceptance.words import words

_ = words.text
Done = Callable[[Any], None]
Tell = Callable[[str, Callable[[UserError], None], Done], None]


def ask_telling(
    owner: QWidget, context: PageContext, missing: Sequence[str], send: Tell, done: Done
) -> ActDialog:
    """Take the matter in and tell once what is missing; `send` gets the day by which it is to be brought."""
    day = correction_day(context)
    fields = [FormField("deadline", _("To be corrected by"), kind="date", value=day, required=True)]

    def act(values: dict[str, Any], refused: Any, finished: Any) -> None:
        send(values["deadline"].isoformat(), refused, finished)

    body = _("Items that lack nothing are accepted; the applicant is told once what the others lack.")
    return ActDialog(
        _("Take the matter in and give the notice?"), body, primary=_("Give the notice"), fields=fields,
        facts=[(_("What is missing"), "\n".join(missing))], act=act, done=done,
    ).over(owner)  # fmt: skip


def ask_outcome(owner: QWidget, context: PageContext, matter: Any, part: Any, done: Done) -> ActDialog:
    """How another body's step ended."""
    fields = [
        FormField("outcome", _("Outcome elsewhere"), kind="segmented", value="granted",
                  choices=[("granted", _("done, in order")), ("refused", _("refused elsewhere"))]),
        FormField("note", _("What was seen: paper, number, day"), required=True, span=2),
    ]  # fmt: skip

    def act(values: dict[str, Any], refused: Any, finished: Any) -> None:
        request = {"matter_id": matter.row.id, "position": part.position, **values}
        context.run("acceptance.enter_outcome", request, done=finished, failed=refused)

    behind = [p.name for p in matter.parts if part.position in p.after]
    facts = [(_("Opens then"), "、".join(behind))] if behind else []
    return ActDialog(
        _("Enter another body's outcome?"),
        part.name,
        primary=_("Enter"),
        fields=fields,
        facts=facts,
        act=act,
        done=done,
    ).over(owner)


def ask_undo(owner: QWidget, context: PageContext, matter: Any, part: Any, done: Done) -> ActDialog:
    """Take back another body's outcome that was entered wrongly."""
    fields = [FormField("reason", _("What was wrong"), kind="area", required=True, span=2)]

    def act(values: dict[str, Any], refused: Any, finished: Any) -> None:
        request = {"matter_id": matter.row.id, "position": part.position, **values}
        context.run("acceptance.undo_outcome", request, done=finished, failed=refused)

    facts = [(_("Entered"), f"{part.state_name}　{part.note}")]
    return ActDialog(
        _("Take this outcome back?"), part.name, primary=_("Take it back"), kind="danger", fields=fields, facts=facts,
        act=act, done=done,
    ).over(owner)  # fmt: skip


def ask_rest(owner: QWidget, context: PageContext, matter: Any, answer: str, done: Done) -> ActDialog:
    """What becomes of the rest after one item ended without a grant: `answer` is stop or go_on."""
    refused_part = next(p for p in matter.parts if p.position == matter.question)
    request = {"matter_id": matter.row.id, "position": matter.question, "answer": answer}
    stop = answer == "stop"
    fields = [_signed()] if stop else []

    def act(values: dict[str, Any], refused: Any, finished: Any) -> None:
        context.run("acceptance.answer_refusal", {**request, **values}, done=finished, failed=refused)

    facts = [(_("Not granted"), refused_part.name)]
    if not stop and matter.lost:
        facts.append((_("Not accepted"), "、".join(matter.lost)))
    body = (
        _("Everything that is not decided yet is withdrawn at the applicant's request.")
        if stop
        else _("The other items go on. What waits for the refused one is not accepted, in writing.")
    )
    title = _("Stop the rest of the matter?") if stop else _("Go on with the rest of the matter?")
    return ActDialog(
        title, body, primary=_("Stop the rest") if stop else _("Go on"), kind="danger" if stop else "primary", fields=fields,
        facts=facts, act=act, done=done,
    ).over(owner)  # fmt: skip


def ask_matter_withdrawal(owner: QWidget, context: PageContext, matter: Any, done: Done) -> ActDialog:
    """End the whole matter at the applicant's request."""
    fields = [
        FormField("reason", _("Reason, as in the applicant's request"), kind="area", required=True, span=2),
        _signed(),
    ]

    def act(values: dict[str, Any], refused: Any, finished: Any) -> None:
        request = {"matter_id": matter.row.id, **values}
        context.run("acceptance.withdraw_matter", request, done=finished, failed=refused)

    body = _(
        "{number} {item}. What is decided stays decided.", number=matter.row.short_no, item=matter.row.name
    )
    return ActDialog(
        _("Withdraw the whole matter?"), body, primary=_("Withdraw the matter"), kind="danger", fields=fields, act=act,
        done=done,
    ).over(owner)  # fmt: skip


def _signed() -> FormField:
    return FormField(
        "signed", _("Signed request"), kind="check", required=True, span=2,
        placeholder=_("The applicant has signed the request"),
    )  # fmt: skip
