"""Tables of intake while the database is away: blocks of case numbers, receipts of desks. A frozen copy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from yichuang.api import (
    CheckConstraint,
    Column,
    Date,
    ForeignKeyConstraint,
    Id,
    Integer,
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
        "acceptance_num_block",
        Column("id", Id, autoincrement=True, nullable=False),
        Column("desk", Text(), nullable=False),
        Column("day", Date(), nullable=False),
        Column("first", Integer(), nullable=False),
        Column("last", Integer(), nullable=False),
        Column("staff_id", Id, nullable=False),
        Column("staff_name", Text(), nullable=False),
        Column("leased_at", UtcDateTime(), nullable=False),
        Column("state", Text(), nullable=False),
        Column("ended_at", UtcDateTime(), nullable=True),
        Column("unused", Integer(), nullable=True),
        CheckConstraint("state IN ('leased', 'returned', 'expired')", name="ck_acceptance_num_block_state"),
        CheckConstraint("first <= last", name="ck_acceptance_num_block_order"),
        PrimaryKeyConstraint("id", name="pk_acceptance_num_block"),
    )
    op.create_index("ix_acceptance_num_block_day", "acceptance_num_block", ["day", "first"], unique=True)
    op.create_index("ix_acceptance_num_block_desk", "acceptance_num_block", ["desk", "day"])
    op.create_index("ix_acceptance_num_block_state", "acceptance_num_block", ["state", "day"])
    op.create_table(
        "acceptance_offline_receipt",
        Column("id", Id, autoincrement=True, nullable=False),
        Column("local_id", Text(), nullable=False),
        Column("block_id", Id, nullable=False),
        Column("case_no", Text(), nullable=False),
        Column("case_id", Id, nullable=True),
        Column("desk", Text(), nullable=False),
        Column("item_name", Text(), nullable=False),
        Column("staff_id", Id, nullable=False),
        Column("staff_name", Text(), nullable=False),
        Column("received_at", UtcDateTime(), nullable=False),
        Column("at", UtcDateTime(), nullable=False),
        Column("outcome", Text(), nullable=False),
        Column("reason", Text(), nullable=False),
        CheckConstraint(
            "outcome IN ('entered', 'draft', 'cancelled')", name="ck_acceptance_offline_receipt_outcome"
        ),
        CheckConstraint(
            "(outcome = 'entered') = (case_id IS NOT NULL)", name="ck_acceptance_offline_receipt_case"
        ),
        ForeignKeyConstraint(
            ["block_id"], ["acceptance_num_block.id"], name="fk_acceptance_offline_receipt_block_id"
        ),
        ForeignKeyConstraint(
            ["case_id"], ["acceptance_case.id"], name="fk_acceptance_offline_receipt_case_id"
        ),
        UniqueConstraint("local_id", name="uq_acceptance_offline_receipt_local_id"),
        UniqueConstraint("case_no", name="uq_acceptance_offline_receipt_case_no"),
        PrimaryKeyConstraint("id", name="pk_acceptance_offline_receipt"),
    )
    op.create_index("ix_acceptance_offline_receipt_block", "acceptance_offline_receipt", ["block_id"])
