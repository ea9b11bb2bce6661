"""The questions before a licence's status is changed or a licence is entered by hand; a refusal leaves them open."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from PyQt6.QtWidgets import QWidget

from yichuang.api import UserError, in_language
from yichuang.api.ui import Dialog, FormField, PageContext
from yichuang_licence.rules import Status, holder_code_kind, masked_number, parse_fields
from yichuang_licence.ui.fact_panels import CHANGE_NAMES
from yichuang_licence.ui.texts import months_text
from yichuang_licence.words import words

_ = words.text
L = words.lazy
EFFECTS = {
    Status.IN_FORCE: L("It counts again from now on."),
    Status.SUSPENDED: L("It does not count until it is restored."),
    Status.CANCELLED: L("At the holder's request or at its end. This cannot be taken back."),
    Status.REVOKED: L("As a penalty. This cannot be taken back."),
    Status.ANNULLED: L("It should not have been granted. This cannot be taken back."),
}
FINAL = frozenset({Status.CANCELLED, Status.REVOKED, Status.ANNULLED})


class ActDialog(Dialog):
    """Runs an operation and closes when it is done, so that nothing typed is lost when it is refused.

    Args:
        operation: Its name.
        request: Makes the request from the form's values.
        done: Called with the result after the dialog has closed.
    """

    def __init__(
        self, context: PageContext, operation: str, request: Callable[[dict[str, Any]], dict[str, Any]],
        done: Callable[[Any], None], *, title: str, body: str, primary: str, fields: Sequence[FormField],
        kind: str = "primary", facts: Sequence[tuple[str, ...]] = (), icon: str | None = None,
    ) -> None:  # fmt: skip
        super().__init__(
            title, body, primary=primary, kind=kind, fields=fields, facts=facts, icon=icon, wide=True
        )
        self._context, self._operation, self._request, self._after = context, operation, request, done
        self._acting = False

    def accept(self) -> None:
        """Check the fields, then act."""
        if self._acting or self.form is None:
            return
        if not self.form.validate():
            self.center()
            return
        self.set_error("")
        self._acting = True
        self.set_busy(True)
        request = self._request(self.form.values())
        self._context.run(self._operation, request, done=self._finished, failed=self._refused)

    def reject(self) -> None:
        """Leave; not while the act is under way, whose outcome would be lost."""
        if not self._acting:
            super().reject()

    def _refused(self, error: UserError) -> None:
        self._acting = False
        self.set_error("".join(in_language(part) for part in (error.sentence, error.do)))

    def _finished(self, result: Any) -> None:
        self._acting = False
        super().accept()
        self._after(result)


def ask_change(
    owner: QWidget, context: PageContext, row: Any, wanted: Status, done: Callable[[Any], None]
) -> ActDialog:
    """Change a licence's status, for a reason that stands in the record of uses."""
    act = CHANGE_NAMES[wanted]
    dialog = ActDialog(
        context, "licence.change_status",
        lambda values: {"code": row.code, "status": wanted.value, "reason": values["reason"]}, done,
        title=_("{act} this licence?", act=act), body=str(EFFECTS[wanted]), primary=_("{act} the licence", act=act),
        kind="danger" if wanted in FINAL else "primary",
        facts=(
            (_("Licence"), row.name), (_("Number"), masked_number(row.number)), (_("Holder"), row.holder),
        ),
        fields=(FormField("reason", _("Reason and decision"), "area", span=2, required=True, check=_too_long(500)),),
    )  # fmt: skip
    dialog.open_in(owner.window())
    return dialog


def ask_issue(
    owner: QWidget, context: PageContext, kind: Any, today: date, done: Callable[[Any], None]
) -> ActDialog:
    """Enter a licence of a type that was issued before on paper."""

    def request(values: dict[str, Any]) -> dict[str, Any]:
        ends = values["valid_to"]
        return {
            "licence_type": kind.code, "issuer": kind.issuer, "holder_name": values["name"],
            "holder_code_kind": holder_code_kind(values["code"]), "holder_code": values["code"].strip(),
            "valid_from": values["valid_from"].isoformat(), "valid_to": ends.isoformat() if ends else None,
            "fields": parse_fields(values["fields"]),
        }  # fmt: skip

    fields = (
        FormField("name", _("Name of the holder"), required=True, check=_too_long(200)),
        FormField("code", _("Identity number of the holder"), required=True, check=_problem(holder_code_kind)),
        FormField("valid_from", _("Valid from"), "date", value=today, required=True),
        FormField("valid_to", _("Valid to"), "date", hint=_("Left empty: {term}", term=months_text(kind.validity_months))),
        FormField("fields", _("Contents of the licence, one a line"), "area", span=2, check=_problem(parse_fields),
                  placeholder=_("Legal representative: Liu Cheng")),
    )  # fmt: skip
    dialog = ActDialog(
        context, "licence.issue", request, done, title=_("Enter {licence}?", licence=kind.name),
        body=_("For a licence that was issued on paper. It gets a number and an identifier, but has no sealed file."),
        primary=_("Enter the licence"), fields=fields, icon="id-card",
    )  # fmt: skip
    dialog.open_in(owner.window())
    return dialog


def _problem(check: Callable[[str], Any]) -> Callable[[Any], str | None]:
    """A rule as a form asks it: the sentence of its refusal."""

    def problem(value: Any) -> str | None:
        try:
            check(str(value))
        except UserError as error:
            return in_language(error.sentence)
        return None

    return problem


def _too_long(most: int) -> Callable[[Any], str | None]:
    return lambda value: _("At most {n} characters.", n=most) if len(str(value)) > most else None
