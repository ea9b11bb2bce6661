"""Cases that ask for the renewal of a licence (延续, art. 50): when its end stands on the form, and what follows from it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from yichuang.api import Read
from yichuang_acceptance.operations import cases
from yichuang_acceptance.operations.guide_rows import form_schema
from yichuang_acceptance.rules import renewals as rules
from yichuang_acceptance.rules.form_schema import first_of_widget


def renewed_until(read: Read, row: Any) -> date | None:
    """The last day of the licence that a case asks to renew; None for every other case."""
    if not row.form or not cases.is_licence(row):
        return None
    schema = form_schema(read, row.item, row.item_version)
    key = None if schema is None else first_of_widget(schema, rules.EXPIRY)
    said = row.form.get(key) if key is not None else None
    return date.fromisoformat(said) if said else None


def silence_ends(read: Read, row: Any, accepted: datetime) -> datetime | None:
    """When the silence of the organ grants what a case asks for; None where it never does.

    What was complete only after the licence had ended was no application in time.
    """
    until = renewed_until(read, row)
    end = None if until is None else rules.silence_ends(row.received_at, until)
    return end if end is not None and accepted <= end else None
