"""Indexes that lists run along page by page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from yichuang.api import text

if TYPE_CHECKING:
    from alembic.operations import Operations


def create(op: Operations) -> None:
    """Create them."""
    done = text("done_at IS NOT NULL")
    op.create_index(
        "ix_acceptance_matter_done", "acceptance_matter", ["done_at", "id"], sqlite_where=done, postgresql_where=done
    )  # fmt: skip
