"""Part of the first revision: items with notice and commitment, promises in place of proofs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from yichuang.api import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Id,
    Integer,
    Json,
    PrimaryKeyConstraint,
    Text,
    UniqueConstraint,
    UtcDateTime,
)

if TYPE_CHECKING:
    from alembic.operations import Operations


def create(op: Operations) -> None:
    """Create the tables."""
    op.create_table(
        "acceptance_promise_item",
        Column("id", Id, autoincrement=True, nullable=False),
        Column("item", Text(), nullable=False),
        Column("positions", Json(), nullable=False),
        Column("conditions", Text(), nullable=False),
        Column("days", Integer(), nullable=False),
        Column("at_once", Boolean(), nullable=False),
        Column("at", UtcDateTime(), nullable=False),
        Column("staff_id", Id, nullable=False),
        Column("staff_name", Text(), nullable=False),
        UniqueConstraint("item", name="uq_acceptance_promise_item_item"),
        PrimaryKeyConstraint("id", name="pk_acceptance_promise_item"),
    )
    op.create_table(
        "acceptance_promise",
        Column("id", Id, autoincrement=True, nullable=False),
        Column("case_id", Id, nullable=False),
        Column("positions", Json(), nullable=False),
        Column("conditions", Text(), nullable=False),
        Column("days", Integer(), nullable=False),
        Column("at_once", Boolean(), nullable=False),
        Column("at", UtcDateTime(), nullable=False),
        Column("check_due_at", UtcDateTime(), nullable=True),
        Column("checked_at", UtcDateTime(), nullable=True),
        Column("outcome", Text(), nullable=False),
        Column("findings", Text(), nullable=False),
        Column("checked_by", Text(), nullable=False),
        CheckConstraint("outcome IN ('', 'kept', 'broken')", name="ck_acceptance_promise_outcome"),
        ForeignKeyConstraint(["case_id"], ["acceptance_case.id"], name="fk_acceptance_promise_case_id"),
        UniqueConstraint("case_id", name="uq_acceptance_promise_case_id"),
        PrimaryKeyConstraint("id", name="pk_acceptance_promise"),
    )
