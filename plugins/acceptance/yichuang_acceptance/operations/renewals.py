"""Cases that ask for the renewal of a licence (延续, art. 50): when its end stands on the form, and what follows from it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from yichuang.api import Read
from yichuang_acceptance.operations import cases, forms
from yichuang_acceptance.rules import renewals as rules


def renewed_until(read: Read, row: Any) -> date | None:
    """The last day of the licence that a case asks to renew; None for every other case."""
    if not row.form or not cases.is_licence(row):
        return None
    asked = forms.fields_for(read, row.item, row.item_version)
    said = next((row.form.get(field.key) for field in asked if field.kind == rules.EXPIRY), None)
    return date.fromisoformat(said) if said else None


def silence_ends(read: Read, row: Any, accepted: datetime) -> datetime | None:
    """When the silence of the organ grants what a case asks for; None where it never does.

    What was complete only after the licence had ended was no application in time.
    """
    until = renewed_until(read, row)
    end = None if until is None else rules.silence_ends(row.received_at, until)
    return end if end is not None and accepted <= end else None
