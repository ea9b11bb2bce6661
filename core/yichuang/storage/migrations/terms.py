"""The part of the first revision that keeps when versions of service items hold, and what became of the items."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from yichuang.storage.schema import Id, Json, UtcDateTime

if TYPE_CHECKING:
    from alembic.operations import Operations


def create(op: Operations) -> None:
    """Create the tables."""
    op.create_table(
        "core_item_term",
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("first_day", sa.Date(), nullable=True),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("aliases", Json(), nullable=False),
        sa.Column("initials", sa.Text(), nullable=False),
        sa.Column("pinyin", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["item"], ["core_item.code"], name="fk_core_item_term_item"),
        sa.PrimaryKeyConstraint("item", "version", name="pk_core_item_term"),
    )
    op.create_table(
        "core_item_state",
        sa.Column("id", Id, autoincrement=True, nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("staff_name", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("state IN ('1', '2', '3')", name="ck_core_item_state_state"),
        sa.ForeignKeyConstraint(["item"], ["core_item.code"], name="fk_core_item_state_item"),
        sa.PrimaryKeyConstraint("id", name="pk_core_item_state"),
    )
    op.create_index("ix_core_item_state_item", "core_item_state", ["item", "first_day"], unique=False)
