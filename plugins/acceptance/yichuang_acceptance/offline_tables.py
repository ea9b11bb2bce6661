"""Tables of intake while the database is away: blocks of case numbers set aside for desks, and what came of their receipts."""

from __future__ import annotations

from yichuang.api import (
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Id,
    IdColumn,
    Index,
    Integer,
    Table,
    Text,
    UtcDateTime,
)
from yichuang_acceptance.tables import meta

num_block = Table(
    "acceptance_num_block",
    meta,
    IdColumn(),
    Column("desk", Text, nullable=False),
    Column("day", Date, nullable=False),
    Column("first", Integer, nullable=False),  # places in the day's series, both included
    Column("last", Integer, nullable=False),
    Column("staff_id", Id, nullable=False),
    Column("staff_name", Text, nullable=False),
    Column("leased_at", UtcDateTime, nullable=False),
    Column("state", Text, nullable=False),  # leased | returned | expired
    Column("ended_at", UtcDateTime),
    Column("unused", Integer),  # how many numbers will never be given, known once it has ended
    CheckConstraint("state IN ('leased', 'returned', 'expired')", name="state"),
    CheckConstraint("first <= last", name="order"),
)
Index("ix_acceptance_num_block_day", num_block.c.day, num_block.c.first, unique=True)
Index("ix_acceptance_num_block_desk", num_block.c.desk, num_block.c.day)
Index("ix_acceptance_num_block_state", num_block.c.state, num_block.c.day)

receipt = Table(  # what a desk took in while the database was away, once the hall knows of it
    "acceptance_offline_receipt",
    meta,
    IdColumn(),
    Column("local_id", Text, nullable=False, unique=True),
    Column("block_id", Id, ForeignKey("acceptance_num_block.id"), nullable=False),
    Column("case_no", Text, nullable=False, unique=True),
    Column("case_id", Id, ForeignKey("acceptance_case.id")),
    Column("desk", Text, nullable=False),
    Column("item_name", Text, nullable=False),
    Column("staff_id", Id, nullable=False),
    Column("staff_name", Text, nullable=False),
    Column("received_at", UtcDateTime, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("outcome", Text, nullable=False),  # entered | draft | cancelled
    Column("reason", Text, nullable=False, default=""),
    CheckConstraint("outcome IN ('entered', 'draft', 'cancelled')", name="outcome"),
    CheckConstraint("(outcome = 'entered') = (case_id IS NOT NULL)", name="case"),
)
Index("ix_acceptance_offline_receipt_block", receipt.c.block_id)
