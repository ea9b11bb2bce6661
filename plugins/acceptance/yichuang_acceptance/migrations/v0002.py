"""Messages to applicants."""

from __future__ import annotations

from typing import TYPE_CHECKING

from yichuang_acceptance.migrations import notices

if TYPE_CHECKING:
    from alembic.operations import Operations

REVISION = "0002"


def upgrade(op: Operations) -> None:
    """Create the tables."""
    notices.create(op)
