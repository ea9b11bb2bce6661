"""The questions asked before the clocks of a case are moved, or it ends without a decision."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any

from PyQt6.QtWidgets import QWidget

from yichuang.api import HALL_ZONE, UserError, in_language
from yichuang.api.ui import Button, FormField, PageContext
from yichuang_acceptance.rules.clocks import EXTENSION_WORKING_DAYS, HEARING_NOTICE_WORKING_DAYS
from yichuang_acceptance.rules.pauses import HEARING, HOLD_WORKING_DAYS, KINDS, TECHNICAL
from yichuang_acceptance.ui import questions
from yichuang_acceptance.ui.asking import ActDialog
from yichuang_acceptance.ui.case_texts import day, pause_text, stamp
from yichuang_acceptance.ui.documents import show_pdf
from yichuang_acceptance.words import words

_ = words.text
HEARING_KEYS = ("hearing_day", "hearing_time", "place", "presider")
Done = Callable[[Any], None]
Values = dict[str, Any]


def _ask(
    owner: QWidget,
    context: PageContext,
    case: Any,
    name: str,
    title: str,
    body: str,
    primary: str,
    fields: list[FormField],
    done: Done,
    *,
    request: Callable[[Values], Values] = lambda values: values,
    preview: tuple[str, Callable[[Values], Values]] | None = None,
    facts: tuple[tuple[str, ...], ...] = (),
    kind: str = "primary",
) -> ActDialog:
    """A dialog that runs one operation on the version of the case that is on the screen."""

    def act(values: Values, refused: Any, finished: Any) -> None:
        asked = {"case_id": case.row.id, "row_version": case.row.row_version, **request(values)}
        context.run(f"acceptance.{name}", asked, done=finished, failed=refused)

    dialog = ActDialog(
        title, body, primary=primary, kind=kind, fields=fields, facts=facts, act=act, done=done
    )
    if preview is not None:
        offer_preview(dialog, context, case, *preview)
    return dialog.over(owner)


def offer_preview(
    dialog: ActDialog, context: PageContext, case: Any, kind: str, facts: Callable[[Values], Values]
) -> None:
    """A button that shows the paper of a dialog as it would be, marked as a draft.

    `facts` makes what the paper says of the form's values; what is no text is asked beside the facts.
    """
    button = Button(_("Preview the paper"), kind="link", icon="eye")

    def failed(error: UserError) -> None:
        dialog.set_error("".join(in_language(part) for part in (error.sentence, error.do)))

    def look() -> None:
        dialog.set_error("")
        said = facts(dialog.form.values()) if dialog.form is not None else {}
        beside = {name: value for name, value in said.items() if not isinstance(value, str)}
        said = {name: value for name, value in said.items() if name not in beside}
        request = {"case_id": case.row.id, "kind": kind, "facts": said, **beside}
        context.query(
            "acceptance.paper_preview",
            request,
            done=lambda pdf: show_pdf(dialog, button.text(), pdf),
            failed=failed,
        )

    button.clicked.connect(look)
    dialog.buttons.insertWidget(0, button)


def _named(case: Any) -> dict[str, str]:
    return {"number": case.row.short_no, "item": case.row.item_name}


def _reason(label: str = "") -> FormField:
    return FormField("reason", label or _("Reason"), kind="area", required=True, span=2)


def _iso(value: date | None) -> str:
    return value.isoformat() if value else ""


def ask_suspension(owner: QWidget, context: PageContext, case: Any, done: Done) -> ActDialog:
    """Begin a special procedure; kinds fill in their law, and only some may be begun without a planned end."""
    kinds = [(kind.id, str(kind.name)) for kind in KINDS.values()]
    first = KINDS[kinds[0][0]]
    fields = [
        FormField("kind", _("Special procedure"), kind="choice", choices=kinds, required=True),
        FormField(
            "planned_end", _("Planned end"), kind="date", hint=_("May stay open where nobody can know it")
        ),
        FormField(
            "basis",
            _("Legal basis"),
            required=True,
            span=2,
            value=first.basis,
            placeholder=_("Law and article"),
        ),
        _reason(_("Why, as the applicant reads it")),
        *_kind_fields(),
    ]

    def request(values: Values) -> Values:
        told = {name: values[name] for name in ("kind", "basis", "reason")}
        hearing = _hearing(values) if values["kind"] == HEARING else {}
        return {
            **told,
            "planned_end": _iso(values["planned_end"]) or None,
            "officers": _officers(values),
            **hearing,
        }

    def paper(values: Values) -> Values:
        return {
            "kind": KINDS[values["kind"]].title, "law": values["basis"], "reason": values["reason"],
            "planned_end": _iso(values["planned_end"]),
            "officers": "、".join(_officers(values)),
        }  # fmt: skip

    body = _("{number} {item}. Both clocks stop; the applicant is told in writing.", **_named(case))
    dialog = _ask(
        owner, context, case, "suspend", _("Begin a special procedure?"), body, _("Stop the clocks"), fields, done,
        request=request, preview=("D7", paper),
    )  # fmt: skip
    form = dialog.form
    assert form is not None

    def show_hearing() -> None:
        for key in HEARING_KEYS:
            form.field(key).setVisible(form.values()["kind"] == HEARING)
        form.field("officers").setVisible(form.values()["kind"] in TECHNICAL)
        dialog.center()

    def chosen(key: str) -> None:
        if key == "kind":
            form.set_values({"basis": KINDS[form.values()["kind"]].basis})
            show_hearing()

    form.changed.connect(chosen)
    show_hearing()
    return dialog


def _officers(values: Values) -> list[str]:
    """Who inspects or tests, typed in one line; nobody where nothing is inspected."""
    text = values["officers"] or "" if values["kind"] in TECHNICAL else ""
    return [name for name in re.split(r"[、，,;；\s]+", text) if name]


def _kind_fields() -> list[FormField]:
    """Who inspects or tests; when and where a hearing is held, once that is fixed: its notice then says so (D9)."""
    hint = _(
        "At least {n} working days ahead; empty while only the right to it is told",
        n=HEARING_NOTICE_WORKING_DAYS,
    )
    return [
        FormField(
            "officers",
            _("Officers assigned"),
            span=2,
            hint=_("Two or more where a licence hangs on it, apart by 、"),
        ),
        FormField("hearing_day", _("Day of the hearing"), kind="date", hint=hint),
        FormField("hearing_time", _("Hour of the hearing"), value="09:00", check=_check_hour),
        FormField("place", _("Place of the hearing")),
        FormField("presider", _("Who presides")),
    ]


def _check_hour(value: Any) -> str | None:
    try:
        time.fromisoformat(str(value or "").strip().replace("：", ":"))
    except ValueError:
        return _("Write an hour such as 09:00.")
    return None


def _hearing(values: Values) -> Values:
    """Place, presider and moment of a hearing that is fixed; nothing where only the right to it is told."""
    if values["hearing_day"] is None:
        return {}
    hour = time.fromisoformat(values["hearing_time"].strip().replace("：", ":"))
    at = datetime.combine(values["hearing_day"], hour, HALL_ZONE)
    return {
        "hearing_at": at.isoformat(),
        "place": values["place"].strip(),
        "presider": values["presider"].strip(),
    }


def ask_hearing_request(owner: QWidget, context: PageContext, case: Any, done: Done) -> None:
    """Record who asked for the hearing, and on which day; the dialog says until when that was possible."""

    def came(told: Any) -> None:
        fields = [
            FormField("asked_by", _("Asked by"), required=True,
                      hint=_("The applicant, or whoever is concerned")),
            FormField("asked_on", _("Request came on"), kind="date", required=True,
                      value=context.now().astimezone(HALL_ZONE).date()),
        ]  # fmt: skip
        facts = (
            (_("Right told on"), day(case.pauses[-1].began_at)),
            (_("Asked for at the latest"), told.ask_by.isoformat()),
        )
        body = _("{number} {item}. The hearing is then held within {n} working days.",
                 **_named(case), n=HOLD_WORKING_DAYS)  # fmt: skip
        _ask(
            owner, context, case, "ask_hearing", _("Was a hearing asked for?"), body, _("Record the request"), fields, done,
            request=lambda values: {"asked_by": values["asked_by"], "asked_on": _iso(values["asked_on"])}, facts=facts,
        )  # fmt: skip

    context.query("acceptance.hearing", {"case_id": case.row.id}, done=came)


def ask_hearing(owner: QWidget, context: PageContext, case: Any, done: Done) -> None:
    """Fix or change time and place of the hearing that a case waits for; the dialog comes with what was told last."""

    def came(told: Any) -> None:
        _ask_hearing(owner, context, case, told, done)

    context.query("acceptance.hearing", {"case_id": case.row.id}, done=came)


def _ask_hearing(owner: QWidget, context: PageContext, case: Any, told: Any, done: Done) -> ActDialog:
    local = told.at.astimezone(HALL_ZONE) if told.at is not None else None
    fields = [
        FormField("hearing_day", _("Day of the hearing"), kind="date", required=True, value=local and local.date(),
                  hint=_("At least {n} working days ahead", n=HEARING_NOTICE_WORKING_DAYS)),
        FormField("hearing_time", _("Hour of the hearing"), value=f"{local:%H:%M}" if local else "09:00", required=True,
                  check=_check_hour),
        FormField("place", _("Place of the hearing"), value=told.place, required=True),
        FormField("presider", _("Who presides"), value=told.presider, required=True),
        FormField("planned_end", _("Planned end"), kind="date", value=told.planned_end,
                  hint=_("Of the special procedure; not before the hearing")),
        _reason(_("Why, as the applicant reads it")),
    ]  # fmt: skip

    def request(values: Values) -> Values:
        end = values["planned_end"]
        later = _iso(end) if end and end != told.planned_end else None
        return {**_hearing(values), "reason": values["reason"], "planned_end": later}

    def paper(values: Values) -> Values:
        said = {name: values[name].strip() for name in ("place", "presider", "reason")}
        return {
            **said,
            "at": _hearing(values).get("hearing_at", ""),
            "replaces": told.number if local else "",
        }

    facts = ((_("Told so far"), f"{stamp(told.at)}　{told.place}　{told.presider}"),) if local else ()
    if told.asked_on is not None:
        asked = _(
            "{name} on {day}, to be held until {last}",
            name=told.asked_by,
            day=told.asked_on,
            last=told.hold_by,
        )
        facts = (*facts, (_("Asked by"), asked))
    body = _("{number} {item}. A new notice goes out; the clocks stay stopped.", **_named(case))
    return _ask(
        owner, context, case, "move_hearing", _("Change the hearing?"), body, _("Change the hearing"), fields, done,
        request=request, preview=("D9", paper), facts=facts,
    )  # fmt: skip


def ask_resumption(owner: QWidget, context: PageContext, case: Any, done: Done) -> ActDialog:
    """End the special procedure that is open."""
    pause = case.pauses[-1]
    fields = [FormField("result", _("What came out of it"), kind="area", required=True, span=2)]
    if pause.kind == HEARING:
        fields.append(
            FormField("given_up", _("Hearing"), kind="check", span=2,
                      placeholder=_("The applicant and those concerned want no hearing"))
        )  # fmt: skip
    facts = (
        (_("Special procedure"), pause_text(pause)),
        (_("Legal basis"), pause.basis),
        (_("Reason"), pause.reason),
        *([(_("Officers assigned"), pause.officers)] if pause.officers else []),
    )
    body = _("{number} {item}. Both clocks go on from the next working day.", **_named(case))
    return _ask(
        owner, context, case, "resume", _("End the special procedure?"), body, _("Let the clocks go on"), fields, done,
        facts=facts,
    )  # fmt: skip


def ask_extension(owner: QWidget, context: PageContext, case: Any, done: Done) -> ActDialog:
    """Extend the statutory limit, once."""
    days = EXTENSION_WORKING_DAYS["joint" if case.joint else "organ"]
    facts = (
        (_("Statutory limit"), day(case.legal_due_at)),
        (_("Extension"), _("{n} working days", n=days)),
    )
    body = _("{number} {item}. It can be extended only once; the promise stays as it was.", **_named(case))
    return _ask(
        owner, context, case, "extend_joint" if case.joint else "extend", _("Extend the statutory limit?"), body,
        _("Extend"), [_reason(_("Why, as the applicant reads it"))], done, facts=facts,
        preview=("D8", lambda values: {"reason": values["reason"]}),
    )  # fmt: skip


def ask_return(owner: QWidget, context: PageContext, case: Any, done: Done) -> ActDialog:
    """Send an application back."""
    body = _("{number} {item}. The case ends and counts as an abnormal end.", **_named(case))
    return _ask(
        owner, context, case, "return", _("Send this application back?"), body, _("Send back"), [_reason()], done,
        kind="danger", preview=("D12", lambda values: {"event": "return", "reason": values["reason"]}),
    )  # fmt: skip


def causes() -> list[tuple[str, str]]:
    """What the law ends a case for."""
    return [
        ("death", _("the applicant has died or lost capacity")), ("dissolved", _("the applicant no longer exists")),
        ("quota_used", _("the legal quota is used up")), ("lapsed", _("the ground of the application has gone")),
        ("promise_broken", _("promised materials did not come")), ("other", _("another cause named by law")),
    ]  # fmt: skip


def ask_termination(owner: QWidget, context: PageContext, case: Any, done: Done) -> ActDialog:
    """End a case for a cause that the law names."""
    names = dict(causes())
    fields = [
        FormField("cause", _("Cause"), kind="choice", choices=causes(), required=True, span=2),
        FormField("law", _("Legal basis"), required=True, span=2, placeholder=_("Law and article")),
        _reason(_("What happened")),
    ]

    def paper(values: Values) -> Values:
        return {"event": "terminate", **values, "cause": names[values["cause"]]}

    body = _("{number} {item}. The case ends without a decision.", **_named(case))
    return _ask(
        owner, context, case, "terminate", _("Terminate this case?"), body, _("Terminate"), fields, done, kind="danger",
        preview=("D12", paper),
    )  # fmt: skip


def ask_revocation(owner: QWidget, context: PageContext, case: Any, done: Done) -> ActDialog:
    """Decide that a delivered grant no longer holds."""
    kinds = [("revoke", _("revoke: it should not have been granted")), ("cancel", _("cancel: it has ended"))]
    fields = [
        FormField("kind", _("Way"), kind="choice", choices=kinds, required=True, span=2),
        FormField(
            "law", _("Legal basis"), span=2, placeholder=_("Law and article, if not articles 69 and 70")
        ),
        _reason(),
    ]
    body = _(
        "{number} {item}. The applicant gets a written decision with reasons and remedies.", **_named(case)
    )
    return _ask(
        owner,
        context,
        case,
        "revoke",
        _("Revoke this result?"),
        body,
        _("Revoke"),
        fields,
        done,
        kind="danger",
    )


def ask_first_correction(owner: QWidget, context: PageContext, case: Any, done: Done) -> ActDialog:
    """Tell the applicant once everything that is missing, as the agency."""
    missing = [m.name for m in case.materials if m.given == "not_given" and m.need == "required"]
    send = _on_case(context, case)
    return questions.ask_correction(owner, context, missing, send, done, questions.AT_AGENCY)


def ask_refusal_to_accept(owner: QWidget, context: PageContext, case: Any, done: Done) -> ActDialog:
    """Refuse to accept what was received, as the agency."""
    return questions.ask_refusal(owner, _on_case(context, case), done, questions.REFUSED_AT_AGENCY)


def _on_case(context: PageContext, case: Any) -> questions.Send:
    def send(operation: str, request: Values, refused: Any, finished: Any) -> None:
        context.run(operation, {"case_id": case.row.id, **request}, done=finished, failed=refused)

    return send


def ask_second_correction(owner: QWidget, context: PageContext, case: Any, done: Done) -> ActDialog:
    """Let the applicant be told again, which is a violation that is recorded."""
    fields = [
        FormField(
            "defects",
            _("Everything that is missing or wrong, one a line"),
            kind="area",
            required=True,
            span=2,
        ),
        _reason(_("Why it was not told the first time")),
    ]

    def act(values: Values, refused: Any, finished: Any) -> None:
        lines = [line.strip() for line in values["defects"].splitlines() if line.strip()]
        asked = {"case_id": case.row.id, "defects": lines, "reason": values["reason"]}
        context.run("acceptance.correct_again", asked, done=finished, failed=refused)

    body = _("{number} {item}. The second notice is recorded as a violation (V03).", **_named(case))
    dialog = ActDialog(
        _("Give a second correction notice?"), body, primary=_("Give the notice"), kind="danger", fields=fields, act=act,
        done=done,
    )  # fmt: skip
    return dialog.over(owner)


def ask_grant_at_once(owner: QWidget, context: PageContext, case: Any, done: Done) -> ActDialog:
    """Accept and grant an immediate item in one."""
    opinion = FormField("opinion", _("Opinion"), kind="area", required=True, span=2)
    body = _("{number} {item}. It is accepted and granted in one.", **_named(case))
    return _ask(
        owner,
        context,
        case,
        "grant_at_once",
        _("Accept and grant at once?"),
        body,
        _("Accept and grant"),
        [opinion],
        done,
    )


def ask_certificate(owner: QWidget, context: PageContext, case: Any, done: Done) -> ActDialog:
    """Use up a blank for the certificate of a case."""
    number = FormField(
        "number",
        _("Number of the blank"),
        span=2,
        hint=_("The next one of the stock, unless you type another"),
    )
    body = _("{number} {item}. Check the number on the blank before you print on it.", **_named(case))
    return _ask(
        owner,
        context,
        case,
        "make_certificate",
        _("Is the certificate made?"),
        body,
        _("Certificate made"),
        [number],
        done,
    )
