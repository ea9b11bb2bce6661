"""When the silence of the organ grants a renewal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from yichuang.api import Column, UtcDateTime

if TYPE_CHECKING:
    from alembic.operations import Operations


def create(op: Operations) -> None:
    """Add the column."""
    op.add_column("acceptance_case", Column("renewal_due_at", UtcDateTime(), nullable=True))
