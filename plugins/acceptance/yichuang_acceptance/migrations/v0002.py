"""Messages to applicants; the exchange row by row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from yichuang_acceptance.migrations import exchange, notices

if TYPE_CHECKING:
    from alembic.operations import Operations

REVISION = "0002"


def upgrade(op: Operations) -> None:
    """Create the tables."""
    notices.create(op)
    exchange.create(op)
