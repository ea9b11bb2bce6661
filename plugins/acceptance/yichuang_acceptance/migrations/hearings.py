"""Who asked for a hearing, and when; who inspects in a technical inspection."""

from __future__ import annotations

from typing import TYPE_CHECKING

from yichuang.api import Column, Date, Text

if TYPE_CHECKING:
    from alembic.operations import Operations


def create(op: Operations) -> None:
    """Add the columns."""
    op.add_column("acceptance_suspension", Column("asked_on", Date(), nullable=True))
    op.add_column("acceptance_suspension", Column("asked_by", Text(), nullable=False, server_default=""))
    op.add_column("acceptance_suspension", Column("officers", Text(), nullable=False, server_default=""))
