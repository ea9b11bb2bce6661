"""Part of the second revision: the application form of each version of an item, which never changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from yichuang.api import Column, Id, Integer, Json, PrimaryKeyConstraint, Text, UtcDateTime, append_only

if TYPE_CHECKING:
    from alembic.operations import Operations

TABLE = "acceptance_item_form"


def create(op: Operations) -> None:
    """Create the table and its guard."""
    op.create_table(
        TABLE,
        Column("item", Text(), nullable=False),
        Column("version", Integer(), autoincrement=False, nullable=False),
        Column("schema", Json(), nullable=False),
        Column("at", UtcDateTime(), nullable=False),
        Column("staff_id", Id, nullable=False),
        PrimaryKeyConstraint("item", "version", name="pk_acceptance_item_form"),
    )
    append_only(op, TABLE)
