"""Part of the first revision: how far a change of the calendar was worked through; moments that come later."""

from __future__ import annotations

from typing import TYPE_CHECKING

from yichuang.api import (
    Column,
    ForeignKeyConstraint,
    Id,
    Integer,
    PrimaryKeyConstraint,
    Text,
    UniqueConstraint,
    UtcDateTime,
    text,
)

if TYPE_CHECKING:
    from alembic.operations import Operations


def create(op: Operations) -> None:
    """Create the tables."""
    op.create_table(
        "acceptance_calendar_pass",
        Column("id", Id, autoincrement=True, nullable=False),
        Column("version", Integer(), nullable=False),
        Column("after_id", Id, nullable=False),
        Column("again_at", UtcDateTime(), nullable=True),
        Column("ended_at", UtcDateTime(), nullable=True),
        PrimaryKeyConstraint("id", name="pk_acceptance_calendar_pass"),
    )
    op.create_table(
        "acceptance_later",
        Column("id", Id, autoincrement=True, nullable=False),
        Column("case_id", Id, nullable=False),
        Column("rule", Text(), nullable=False),
        Column("key", Text(), nullable=False),
        Column("at", UtcDateTime(), nullable=False),
        Column("done_at", UtcDateTime(), nullable=True),
        ForeignKeyConstraint(["case_id"], ["acceptance_case.id"], name="fk_acceptance_later_case_id"),
        PrimaryKeyConstraint("id", name="pk_acceptance_later"),
        UniqueConstraint("case_id", "rule", "key", name="uq_acceptance_later_case_id_rule_key"),
    )
    open_ones = text("done_at IS NULL")
    op.create_index(
        "ix_acceptance_later_at",
        "acceptance_later",
        ["at"],
        sqlite_where=open_ones,
        postgresql_where=open_ones,
    )
