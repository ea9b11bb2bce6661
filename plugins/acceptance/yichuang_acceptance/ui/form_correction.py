"""Correcting an application on the spot: its form, filled in as it stands; then the applicant confirms it again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from PyQt6.QtWidgets import QWidget

from yichuang.api import UserError
from yichuang.api.ui import FormField as Asked
from yichuang.api.ui import PageContext, Scroller
from yichuang_acceptance.rules.form_fields import FormField
from yichuang_acceptance.ui.applicant import check_phone
from yichuang_acceptance.ui.application_form import PRINTED
from yichuang_acceptance.ui.asking import ActDialog
from yichuang_acceptance.ui.delivering import screen_of
from yichuang_acceptance.ui.documents import show_application_form
from yichuang_acceptance.ui.reach_box import KEYS, reach_fields
from yichuang_acceptance.ui.schema_form import SchemaForm
from yichuang_acceptance.words import words

_ = words.text
WIDTH = 800
LEAST = 160
ROOM_FOR_ERRORS = 60
ROOM_FOR_REST = 460  # title, telephone number, address and buttons of the dialog, and a margin of the window


class CorrectionDialog(ActDialog):
    """The form of a case that is not accepted yet.

    Args:
        case: As `acceptance.case` gives it.
        found: As `acceptance.form_to_correct` gives it.
    """

    def __init__(self, context: PageContext, case: Any, found: Any, done: Callable[[Any], None]) -> None:
        self._context, self._case, self._found = context, case, found
        super().__init__(
            _("Correct the application?"),
            _("{number} {item}", number=case.row.short_no, item=case.row.item_name) + "\n"
            + _("The applicant confirms it again, on the screen or by signing the new form."),
            primary=_("Correct it"), fields=_about(found), act=self._send, done=done,
        )  # fmt: skip
        self.setFixedWidth(WIDTH)
        self.schema = SchemaForm(lambda: self.set_error(""))
        self._place = Scroller(self.schema)
        self.body.addSpacing(8)
        self.body.addWidget(self._place)
        self.schema.show_fields(found.fields or _by_name(found.values))
        self.schema.restore(found.values, {})

    def open_in(self, window: QWidget) -> None:
        """As high as the form, or as the window allows."""
        needed = self.schema.form.sizeHint().height() if self.schema.form is not None else 0
        self._place.setFixedHeight(max(LEAST, min(needed + ROOM_FOR_ERRORS, window.height() - ROOM_FOR_REST)))
        super().open_in(window)

    def _send(self, values: dict[str, Any], refused: Any, finished: Any) -> str | None:
        if not self.schema.validate():
            return _("Correct the marked fields first.")
        request = {
            "case_id": self._case.row.id, "row_version": self._found.row_version,
            "form": self.schema.values(), "phone": values["phone"],
            **{name: values[name].strip() for name in KEYS if name in values},
        }  # fmt: skip

        def wrong(error: UserError) -> None:
            problems = error.detail.get("problems")
            if error.code == "FORM_INCOMPLETE" and isinstance(problems, list):
                self.schema.show_problems(problems)
            refused(error)

        self._context.run("acceptance.correct_form", request, done=finished, failed=wrong)
        return None


def _about(found: Any) -> list[Asked]:
    """Telephone and address of the applicant; who represents an organisation."""
    hint = _("Only where it is wrong; empty leaves it as it is.")
    phone = Asked("phone", _("Telephone"), placeholder=found.phone, check=check_phone, hint=hint)
    reach = {
        field.key: replace(field, placeholder=found.reach[field.key], span=1) for field in reach_fields()
    }
    if not found.organisation:
        reach.pop("legal")
    return [phone, *reach.values()]


def _by_name(values: dict[str, Any]) -> list[FormField]:
    """An item without a form of its own asks for address and content; what else is there stands by its name."""
    return [FormField(name, name, "area", span=4) for name in dict.fromkeys([*PRINTED.values(), *values])]


def ask_form_correction(owner: QWidget, context: PageContext, case: Any, done: Callable[[Any], None]) -> None:
    """Correct the application, then let the applicant confirm it: on the screen, or on the new form where there is none."""

    def corrected(result: Any) -> None:
        done(result)
        if screen_of(context, owner).place.has_second():
            push_corrected(owner, context, case, done)
        elif context.can("acceptance.print"):
            show_application_form(context, owner, case.row.id)

    def came(found: Any) -> None:
        CorrectionDialog(context, case, found, corrected).over(owner)

    context.query("acceptance.form_to_correct", {"case_id": case.row.id}, done=came)


def push_corrected(owner: QWidget, context: PageContext, case: Any, _done: Callable[[Any], None]) -> None:
    """Put the corrected application in front of the applicant."""
    screen_of(context, owner).push({"case_id": case.row.id}, "acceptance.show_corrected")
