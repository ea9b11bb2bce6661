"""The first tables. A released migration is never edited again; the next change is v0002."""

from __future__ import annotations

from typing import TYPE_CHECKING

from yichuang.api import Column, Date, IdColumn, Text, UtcDateTime

if TYPE_CHECKING:
    from alembic.operations import Operations

REVISION = "0001"


def upgrade(op: Operations) -> None:
    """Create the things."""
    op.create_table(
        "lostfound_thing",
        IdColumn(),
        Column("what", Text, nullable=False),
        Column("place", Text, nullable=False),
        Column("found_on", Date, nullable=False),
        Column("handed_back_at", UtcDateTime),
    )
