"""The questions the window asks before an act that ends or interrupts an application, or hands a result out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

from PyQt6.QtWidgets import QWidget

from yichuang.api import HALL_ZONE, UserError
from yichuang.api.ui import Button, FormField, PageContext, Scroller, TextArea
from yichuang_acceptance.rules.clocks import CORRECTION_SETTING
from yichuang_acceptance.rules.intake import Asked, Given, Handed, defects
from yichuang_acceptance.ui.asking import ActDialog
from yichuang_acceptance.ui.documents import print_pdf
from yichuang_acceptance.ui.hand_list import HandList
from yichuang_acceptance.words import words

_ = words.text
LIST_HEIGHT = 300
LINES = 6
AT_WINDOW, AT_AGENCY = "acceptance.request_correction", "acceptance.correct_as_agency"
REFUSED_AT_WINDOW, REFUSED_AT_AGENCY = "acceptance.refuse_to_accept", "acceptance.refuse_as_agency"
Send = Callable[[str, dict[str, Any], Callable[[UserError], None], Callable[[Any], None]], None]


def correction_day(context: PageContext) -> date:
    """By when a notice of today asks for corrections unless another day is chosen."""
    days = int(context.setting(CORRECTION_SETTING))
    return context.now().astimezone(HALL_ZONE).date() + timedelta(days=days)


def ask_correction(
    owner: QWidget,
    context: PageContext,
    missing: Sequence[str],
    send: Send,
    done: Callable[[Any], None],
    operation: str = AT_WINDOW,
) -> ActDialog:
    """Tell once everything that is missing. `send` runs an operation on the case (and enters it first, if need be)."""
    fields = [
        FormField("defects", _("Everything that is missing or wrong, one a line"), required=True, span=2,
                  editor=TextArea(lines=LINES), value="\n".join(missing)),
        FormField("deadline", _("To be corrected by"), kind="date",
                  value=correction_day(context), required=True),
    ]  # fmt: skip

    def act(values: dict[str, Any], refused: Any, finished: Any) -> None:
        lines = [line.strip() for line in values["defects"].splitlines() if line.strip()]
        request = {"defects": lines, "deadline": values["deadline"].isoformat()}
        send(operation, request, refused, finished)

    body = _("The applicant can be told only once. The notice must list everything.")
    return ActDialog(
        _("Give the correction notice?"),
        body,
        primary=_("Give the notice"),
        fields=fields,
        act=act,
        done=done,
    ).over(owner)


def ask_refusal(
    owner: QWidget, send: Send, done: Callable[[Any], None], operation: str = REFUSED_AT_WINDOW
) -> ActDialog:
    """Refuse to accept, in writing and with the reason."""
    kinds = [
        ("not_needed", _("no licence is needed")),
        ("not_our_remit", _("another authority is responsible")),
        ("not_in_form", _("not in legal form")),
    ]
    fields = [
        FormField("kind", _("Ground"), kind="choice", choices=kinds, required=True),
        FormField(
            "proper_agency", _("Responsible authority"), hint=_("Where another authority is responsible")
        ),
        FormField("reason", _("Reason"), kind="area", required=True, span=2),
        FormField("law", _("Legal basis"), required=True, span=2),
    ]

    def act(values: dict[str, Any], refused: Any, finished: Any) -> None:
        send(operation, values, refused, finished)

    dialog = ActDialog(
        _("Refuse to accept?"), _("The applicant gets a written decision with the reason."),
        primary=_("Refuse to accept"), kind="danger", fields=fields, act=act, done=done,
    )  # fmt: skip
    return dialog.over(owner)


def ask_withdrawal(owner: QWidget, context: PageContext, case: Any, done: Callable[[Any], None]) -> ActDialog:
    """End a case at the applicant's request."""
    fields = [
        FormField("reason", _("Reason, as in the applicant's request"), kind="area", required=True, span=2),
        FormField(
            "signed",
            _("Signed request"),
            kind="check",
            required=True,
            span=2,
            placeholder=_("The applicant has signed the request"),
        ),
    ]

    def act(values: dict[str, Any], refused: Any, finished: Any) -> None:
        context.run("acceptance.withdraw", {"case_id": case.row.id, **values}, done=finished, failed=refused)

    body = _("{number} {item}. The case ends; the applicant may apply again.", **_named(case))
    dialog = ActDialog(
        _("Withdraw this application?"), body, primary=_("Withdraw the application"), kind="danger", fields=fields,
        act=act, done=done,
    )  # fmt: skip
    form = Button(_("Print the request to sign"), kind="link", icon="printer")
    form.clicked.connect(lambda: _print_form(context, case))
    dialog.buttons.insertWidget(0, form)
    return dialog.over(owner)


def _print_form(context: PageContext, case: Any) -> None:
    title = _("Request to withdraw")
    context.query(
        "acceptance.withdrawal_form",
        {"case_id": case.row.id},
        done=lambda pdf: print_pdf(context, title, pdf),
    )


def ask_resubmission(
    owner: QWidget, context: PageContext, case: Any, done: Callable[[Any], None]
) -> ActDialog:
    """Take in what was corrected, then accept; what is still missing is said before anything is written."""
    open_ones = [m for m in case.materials if m.given == "not_given"]
    ticks = HandList(open_ones, ticked=True)

    def act(_values: dict[str, Any], refused: Any, finished: Any) -> str | None:
        try:
            hands = [{"given": "paper", **hand} for hand in ticks.hands()]
        except ValueError:
            return _("Write the sheets as numbers.")
        missing = _still_missing(case, hands)
        if missing:
            return _(
                "Still missing: {names}. Accept only when everything is there.", names="、".join(missing)
            )

        def accept(_case: Any) -> None:
            context.run("acceptance.accept_case", {"case_id": case.row.id}, done=finished, failed=refused)

        if case.row.state == "correcting":
            request = {"case_id": case.row.id, "materials": hands}
            context.run("acceptance.resubmit", request, done=accept, failed=refused)
        else:
            accept(None)
        return None

    told = next((e.opinion for e in reversed(case.events) if e.event == "correct"), "")
    facts = [(_("Told"), told)] if told else []
    if case.unconfirmed:
        facts.append(
            (_("Not confirmed"), _("The applicant has not confirmed the corrected application yet."))
        )
    dialog = ActDialog(
        _("Take in the corrections and accept?"), _("{number} {item}", **_named(case)), facts=facts,
        primary=_("Take in and accept"), act=act, done=done,
    )  # fmt: skip
    if open_ones:
        _add_list(dialog, ticks)
    return dialog.over(owner)


def _still_missing(case: Any, hands: Sequence[dict[str, Any]]) -> list[str]:
    given = {
        m.position: Handed(m.position, Given(m.given), m.originals, m.copies, tuple(m.pages), m.licence)
        for m in case.materials
        if m.given != "not_given"
    }
    given |= {h["position"]: Handed(h["position"], Given.PAPER, h["originals"], h["copies"]) for h in hands}
    # Whether a licence may stand for a paper was checked when the papers were taken in.
    asked = [Asked(m.position, m.name, m.need, replaceable=True) for m in case.materials]
    return [defect.name for defect in defects(asked, given)]


def ask_promised(owner: QWidget, context: PageContext, case: Any, done: Callable[[Any], None]) -> ActDialog:
    """Take in materials that were promised for later; each is entered by itself."""
    owed = [m for m in case.materials if m.given == "tolerated"]
    ticks = HandList(owed, ticked=len(owed) == 1)

    def act(_values: dict[str, Any], refused: Any, finished: Any) -> str | None:
        try:
            requests = [{"case_id": case.row.id, **hand} for hand in ticks.hands()]
        except ValueError:
            return _("Write the sheets as numbers.")
        if not requests:
            return _("Tick what was brought.")
        if any(request["originals"] + request["copies"] < 1 for request in requests):
            return _("Say how many sheets were brought.")

        def ended(outcomes: list[Any]) -> None:
            error = next((o.error for o in outcomes if o.error is not None), None)
            finished(len(outcomes)) if error is None else refused(error)

        context.batch("acceptance.bring", requests, done=ended)
        return None

    dialog = ActDialog(
        _("What was brought?"), _("{number} {item}", **_named(case)), primary=_("Take in"), act=act, done=done
    )
    _add_list(dialog, ticks)
    return dialog.over(owner)


def _named(case: Any) -> dict[str, str]:
    return {"number": case.row.short_no, "item": case.row.item_name}


def _add_list(dialog: ActDialog, ticks: HandList) -> None:
    scroller = Scroller(ticks)
    scroller.setFixedHeight(min(LIST_HEIGHT, ticks.sizeHint().height() + 4))
    dialog.body.addWidget(scroller)
