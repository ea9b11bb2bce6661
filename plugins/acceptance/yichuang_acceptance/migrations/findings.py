"""Part of the first revision: how far a change of the calendar is worked through, when the time to answer a notice began."""

from __future__ import annotations

from typing import TYPE_CHECKING

from yichuang.api import Column, Text, UtcDateTime

if TYPE_CHECKING:
    from alembic.operations import Operations


def create(op: Operations) -> None:
    """Create them."""
    op.add_column("acceptance_calendar_pass", Column("stage", Text(), nullable=False, server_default="cases"))
    op.add_column("acceptance_notice", Column("began_at", UtcDateTime(), nullable=True))
