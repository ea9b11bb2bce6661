"""Forms, findings, offline intake, messages, exchange by rows, hearings, sending up, refusals, renewals, credit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from yichuang_acceptance.migrations import (
    credit,
    exchange,
    findings,
    first_contact,
    forms,
    forwarding,
    hearings,
    lists,
    notices,
    offline,
    refusals,
    renewals,
)

if TYPE_CHECKING:
    from alembic.operations import Operations

REVISION = "0002"


def upgrade(op: Operations) -> None:
    """Create the tables."""
    forms.create(op)
    findings.create(op)
    offline.create(op)
    notices.create(op)
    exchange.create(op)
    lists.create(op)
    hearings.create(op)
    forwarding.create(op)
    first_contact.create(op)
    refusals.create(op)
    renewals.create(op)
    credit.create(op)
