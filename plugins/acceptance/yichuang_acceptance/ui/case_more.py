"""What else can be done with a case at a window: urging it, complaining, a promise in place of proofs, a form to sign."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PyQt6.QtWidgets import QWidget

from yichuang.api.ui import Dialog, FormField, Menu, PageContext, save_file
from yichuang_acceptance.rules.machine import OPEN, UNDECIDED, Event, State
from yichuang_acceptance.ui.agents import ask_mandate
from yichuang_acceptance.ui.asking import ActDialog
from yichuang_acceptance.ui.case_texts import day
from yichuang_acceptance.ui.complaints import SOURCES
from yichuang_acceptance.ui.credit import tell_barred
from yichuang_acceptance.ui.documents import show_application_form
from yichuang_acceptance.ui.form_correction import ask_form_correction, push_corrected
from yichuang_acceptance.ui.looks import see, show_looks
from yichuang_acceptance.words import words

_ = words.text
Done = Callable[[Any], None]
Ask = Callable[[QWidget, PageContext, Any, Done], Any]


def entries(context: PageContext, case: Any) -> list[tuple[str, str, Ask]]:
    """What the signed-in person may do with a case as it stands: text, icon, question."""
    state, promise = State(case.row.state), case.promise
    found: list[tuple[str, str, Ask]] = []
    if context.can("acceptance.voices"):
        if state in OPEN:
            found.append((_("Urge…"), "bell", ask_urge))
        found.append((_("Complaint…"), "message-square", ask_complaint))
    if (
        promise is not None
        and context.can("acceptance.accept")
        and state is State.RECEIVED
        and not promise.made
    ):
        found.append((_("Promise in place of proofs…"), "file-pen-line", ask_promise))
    if context.can("acceptance.accept") and Event.CORRECT_FORM in case.possible:
        found.append((_("Correct the application…"), "file-pen-line", ask_form_correction))
        if case.unconfirmed:
            found.append((_("Push the corrected application to the applicant"), "monitor-up", push_corrected))
    if context.can("acceptance.accept") and context.can("acceptance.print") and state in OPEN:
        found.append((_("Application form to sign on paper…"), "file-pen-line", show_form))
    if context.can("acceptance.accept") and state in UNDECIDED:
        found.append((_("Take in a paper that was not asked for…"), "file-plus", ask_voluntary))
    if context.can("acceptance.hand_over") and state in OPEN:
        found.append((_("Issue point…"), "map-pin", ask_issue_point))
    if context.can("acceptance.help") and state in OPEN:
        found.append((_("Mandate…"), "users", ask_mandate))
    found += _of_the_record(context, state)
    own = context.actor.hall_wide or context.actor.agency == case.agency
    if (
        promise is not None
        and promise.check_due_at
        and not promise.checked_at
        and own
        and context.can("acceptance.decide")
    ):
        found.append((_("Check the promise…"), "clipboard-check", ask_check))
    return found


def _of_the_record(context: PageContext, state: State) -> list[tuple[str, str, Ask]]:
    found: list[tuple[str, str, Ask]] = []
    if context.can("acceptance.deliver") and state is State.ARCHIVED:
        found.append((_("Save the archived file…"), "folder-archive", save_archive))
    if context.can("acceptance.see_looks"):
        found.append((_("Who looked…"), "eye", show_looks))
    return found


def add_to(menu: Menu, owner: QWidget, context: PageContext, case: Any, done: Done) -> None:
    """Add the entries to a menu."""
    for text, icon, ask in entries(context, case):
        act: Callable[[], None] = lambda ask=ask: ask(owner, context, case, done)  # noqa: E731 - one of several
        menu.add(text, act, icon)


def _ask(
    owner: QWidget, context: PageContext, case: Any, name: str, title: str, primary: str, fields: list[FormField], done: Done,
    body: str = "",
) -> ActDialog:  # fmt: skip
    def act(values: dict[str, Any], refused: Any, finished: Any) -> None:
        context.run(f"acceptance.{name}", {"case_id": case.row.id, **values}, done=finished, failed=refused)

    named = _("{number} {item}", number=case.row.short_no, item=case.row.item_name)
    return ActDialog(
        title, f"{named}\n{body}" if body else named, primary=primary, fields=fields, act=act, done=done
    ).over(owner)


def ask_urge(owner: QWidget, context: PageContext, case: Any, done: Done) -> ActDialog:
    """The applicant urges the case."""
    fields = [
        FormField("person", _("Who urges"), value=case.row.applicant),
        FormField("text", _("What the citizen urges"), kind="area", span=2),
    ]
    body = _("Urged {n} times so far.", n=case.urged) if case.urged else ""
    return _ask(
        owner, context, case, "urge", _("Enter that the case is urged?"), _("Urge"), fields, done, body
    )


def ask_complaint(owner: QWidget, context: PageContext, case: Any, done: Done) -> ActDialog:
    """A complaint about the case."""
    sources = [(key, str(text)) for key, text in SOURCES.items()]
    fields = [
        FormField("source", _("Came"), kind="choice", choices=sources, value="window", required=True),
        FormField("person", _("Complainant")),
        FormField("content", _("Complaint"), kind="area", required=True, span=2),
    ]
    return _ask(owner, context, case, "complain", _("Enter a complaint?"), _("Enter it"), fields, done)


def ask_promise(owner: QWidget, context: PageContext, case: Any, done: Done) -> Dialog:
    """A promise in place of proofs, after the conditions were read; why none is taken of whoever broke one before."""
    promise = case.promise
    if promise.barred is not None:
        return tell_barred(owner, case, promise.barred)
    names = {m.position: m.name for m in case.materials}
    fields = [
        FormField(f"m{position}", names.get(position, str(position)), kind="check", value=True, span=2,
                  placeholder=_("The promise stands for this proof"))
        for position in promise.positions
    ]  # fmt: skip
    fields.append(
        FormField("signed", _("Promise"), kind="check", required=True, span=2,
                  placeholder=_("The applicant has read the conditions and signs"))
    )  # fmt: skip

    def act(values: dict[str, Any], refused: Any, finished: Any) -> str | None:
        chosen = [position for position in promise.positions if values[f"m{position}"]]
        if not chosen:
            return _("Choose for which proof the promise stands.")
        request = {"case_id": case.row.id, "positions": chosen, "signed": bool(values["signed"])}
        context.run("acceptance.take_promise", request, done=finished, failed=refused)
        return None

    facts = (
        (_("Conditions"), promise.conditions),
        (_("Checked"), _("within {n} days after the grant", n=promise.days)),
    )
    return ActDialog(
        _("Take a promise in place of proofs?"), "", primary=_("Take the promise"), fields=fields, facts=facts, act=act,
        done=done,
    ).over(owner)  # fmt: skip


def ask_voluntary(owner: QWidget, context: PageContext, case: Any, done: Done) -> ActDialog:
    """A paper that the applicant adds unasked."""
    fields = [
        FormField("name", _("What it is"), required=True, span=2),
        FormField("originals", _("Originals"), kind="number", required=True, value="0"),
        FormField("copies", _("Copies"), kind="number", required=True, value="1"),
        FormField("own_accord", _("Own accord"), kind="check", required=True, span=2,
                  placeholder=_("The applicant adds it unasked")),
    ]  # fmt: skip
    title = _("Take in a paper that was not asked for?")
    body = _("The item's own list stays as it is; nothing beyond it may be asked for. A receipt is made.")
    return _ask(owner, context, case, "take_voluntary", title, _("Take in"), fields, done, body)


def show_form(owner: QWidget, context: PageContext, case: Any, _done: Done) -> None:
    """The application form, to be printed for the applicant's signature."""
    show_application_form(context, owner, case.row.id)


def save_archive(owner: QWidget, context: PageContext, case: Any, _done: Done) -> None:
    """The whole file of an archived case, checked, as one package."""
    title = _("Archived file")

    def came(data: bytes) -> None:
        save_file(context, owner, f"{title}-{case.row.case_no}.zip", lambda path: path.write_bytes(data))

    look = {"case_id": case.row.id, "what": "archive"}
    see(owner, context, "acceptance.archive_file", {"case_id": case.row.id}, look, came)


def ask_issue_point(owner: QWidget, context: PageContext, case: Any, done: Done) -> None:
    """Where the result of the case is handed out."""

    def came(points: list[Any]) -> None:
        choices = [(p.code, p.name) for p in points]
        fields = [
            FormField(
                "point", _("Handed out at"), kind="choice", choices=choices, value=case.places.issue, span=2
            )
        ]
        _ask(
            owner,
            context,
            case,
            "issue_at",
            _("Choose where the result is handed out?"),
            _("Choose it"),
            fields,
            done,
        )

    context.query("acceptance.points", done=came)


def ask_check(owner: QWidget, context: PageContext, case: Any, done: Done) -> ActDialog:
    """What the check of a promise found."""
    outcomes = [("kept", _("The promise holds")), ("broken", _("The promise does not hold"))]
    fields = [
        FormField(
            "outcome",
            _("Conclusion"),
            kind="segmented",
            choices=outcomes,
            value="kept",
            required=True,
            span=2,
        ),
        FormField("findings", _("What the check found"), kind="area", required=True, span=2),
    ]
    body = _("To be checked by {day}.", day=day(case.promise.check_due_at))
    return _ask(
        owner,
        context,
        case,
        "check_promise",
        _("Enter the check of the promise?"),
        _("Enter"),
        fields,
        done,
        body,
    )
