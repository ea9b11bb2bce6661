"""Files that are sealed on the disk; those that were kept before lie open."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

if TYPE_CHECKING:
    from alembic.operations import Operations

REVISION = "0002"


def upgrade(op: Operations) -> None:
    """Add the mark."""
    op.add_column("core_blob", sa.Column("sealed", sa.Boolean(), nullable=False, server_default=sa.false()))
