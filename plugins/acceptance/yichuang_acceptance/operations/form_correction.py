"""Correcting an application on the spot (当场更正, art. 32 (3)): its form and telephone number, until it is accepted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pydantic import Field

from yichuang.api import Private, Read, UserError, Work, identifiers, operation, query
from yichuang_acceptance.operations import application_paper, cases, figures, forms, later, notices, shown
from yichuang_acceptance.operations.intake import Accepted, OneCase, outcome
from yichuang_acceptance.operations.pauses import SeenCase
from yichuang_acceptance.rules.form_fields import FormField
from yichuang_acceptance.rules.form_values import FormValue
from yichuang_acceptance.rules.machine import Event, State, next_state
from yichuang_acceptance.rules.reach import LABELS as REACH
from yichuang_acceptance.rules.reach import MOST_ADDRESS, MOST_LEGAL, ORGANISATION
from yichuang_acceptance.words import words

L = words.lazy
PHONE = "联系电话"  # as the record names it, like the labels of the form


@dataclass(frozen=True)
class FormToCorrect:
    """An application as it stands.

    Attributes:
        fields: None where the item has no form of its own; its values then stand by their names.
        phone: Masked; whoever corrects it writes the whole number.
        reach: Legal representative, address and postcode, by `REACH`.
        organisation: Whether the applicant is one, which alone is represented by law.
    """

    row_version: int
    fields: list[FormField]
    values: dict[str, Any]
    phone: str
    reach: dict[str, str]
    organisation: bool


@query(
    "acceptance.form_to_correct", permission="acceptance.accept", title="An application form to be corrected"
)
def form_to_correct(read: Read, request: OneCase) -> FormToCorrect:
    """What an application says, to be corrected. Errors: UNKNOWN_CASE, NOT_YOUR_AGENCY, ILLEGAL_STEP."""
    row = cases.at_window(read, request.case_id)
    next_state(State(row.state), Event.CORRECT_FORM)
    fields = list(forms.fields_for(read, row.item, row.item_version))
    phone = identifiers.mask_phone(row.phone) if row.phone else ""
    reach = {name: getattr(row, name) for name in REACH}
    return FormToCorrect(
        row.row_version, fields, dict(row.form), phone, reach, row.applicant_kind == ORGANISATION
    )


class CorrectedForm(SeenCase):
    """What an application is to say instead.

    Attributes:
        form: All of its values, as an intake brings them.
        phone: The right number; empty leaves the one that is there.
        legal: Who represents an organisation by law, likewise.
        address: Where post reaches the applicant, likewise.
        zip: Its postcode, likewise.
    """

    form: dict[str, FormValue] = Field(default_factory=dict, json_schema_extra={"journal": False})
    phone: Private = ""
    legal: Private = Field("", max_length=MOST_LEGAL)
    address: Private = Field("", max_length=MOST_ADDRESS)
    zip: Private = Field("", pattern=r"^([0-9]{6})?$")


@operation("acceptance.correct_form", permission="acceptance.accept", title="Correct an application")
def correct_form(work: Work, request: CorrectedForm) -> Accepted:
    """Correct what an application says before it is accepted (art. 32 (3)); confirmed and signed anew by the applicant.

    Errors: UNKNOWN_CASE, NOT_YOUR_AGENCY, ILLEGAL_STEP, TIME_IS_UP, CHANGED_MEANWHILE, FORM_INCOMPLETE, BAD_PHONE,
    NOTHING_CORRECTED.
    """
    row = cases.at_window(work, request.case_id)
    later.lock(
        work, row.id
    )  # what the applicant is shown at this moment is either shown before or as it is corrected
    row = cases.load(work, row.id)
    next_state(State(row.state), Event.CORRECT_FORM)
    if row.row_version != request.row_version:
        raise cases.changed(row)
    item = work.query("hall.item", {"code": row.item, "version": row.item_version})
    form = forms.taken(work, item, request.form)
    phone = identifiers.check_phone(request.phone) if request.phone else row.phone
    keys = [key for key in sorted({**row.form, **form}) if row.form.get(key) != form.get(key)]
    reach = _reach(row, request)
    labels = [
        *_labels(work, row, keys),
        *([PHONE] if phone != row.phone else []),
        *(REACH[name] for name in reach),
    ]
    if not labels:
        raise UserError(
            "NOTHING_CORRECTED",
            L("Nothing of the application of case {number} was changed.", number=row.case_no),
            do=L("Correct what is wrong, or leave it as it is."),
        )
    # The record says which fields, never what stood there: values may be private, and the chain cannot forget.
    payload = {
        "fields": keys, "phone": phone != row.phone, "reach": list(reach), "shown": shown.last_shown(work, row.id),
    }  # fmt: skip
    moved = cases.move(
        work, row, Event.CORRECT_FORM, opinion="、".join(labels), payload=payload, form=form, phone=phone, **reach,
        **figures.at_visit(work, row),
    )  # fmt: skip
    application_paper.make_anew(work, moved.row)
    if phone != row.phone:
        notices.readdress(work, row.id, phone)
    work.detail = {"fields": labels}
    return outcome(work, row.id)


def _reach(row: Any, request: CorrectedForm) -> dict[str, str]:
    """What is corrected of who represents the applicant and where post reaches them."""
    said = {name: getattr(request, name).strip() for name in REACH}
    if row.applicant_kind != ORGANISATION:
        said.pop("legal")
    return {name: value for name, value in said.items() if value and value != getattr(row, name)}


def _labels(read: Read, row: Any, keys: list[str]) -> list[str]:
    """Fields by what they ask, in the form's order."""
    asked = {field.key: field.label for field in forms.fields_for(read, row.item, row.item_version)}
    return [label for key, label in asked.items() if key in keys] + [key for key in keys if key not in asked]


def is_unconfirmed(read: Read, row: Any) -> bool:
    """Whether a corrected application waits for the applicant: it was neither confirmed on the screen nor printed to sign."""
    fixed = cases.last(read, row.id, Event.CORRECT_FORM)
    if fixed is None or shown.is_confirmed(read, fixed):
        return False
    paper = application_paper.last_form(read, row.id)
    return paper is None or not paper.prints  # each correction replaces the form that was printed before
