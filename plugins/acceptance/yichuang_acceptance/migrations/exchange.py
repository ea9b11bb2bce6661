"""What the other side of the national exchange holds, row by row; what its rows say of applicants."""

from __future__ import annotations

from typing import TYPE_CHECKING

from yichuang.api import (
    Boolean,
    Column,
    ForeignKeyConstraint,
    Id,
    Integer,
    Json,
    PrimaryKeyConstraint,
    Text,
    UniqueConstraint,
    text,
)

if TYPE_CHECKING:
    from alembic.operations import Operations


def create(op: Operations) -> None:
    """Create the table."""
    op.create_table(
        "acceptance_exchange_row",
        Column("guid", Text(), nullable=False),
        Column("name", Text(), nullable=False),
        Column("case_id", Id, nullable=False),
        Column("digest", Text(), nullable=False),
        Column("first", Integer(), nullable=True),
        Column("last", Integer(), nullable=True),
        Column("pending", Text(), nullable=True),
        Column("pending_batch", Integer(), nullable=True),
        Column("pending_act", Text(), nullable=False),
        ForeignKeyConstraint(["case_id"], ["acceptance_case.id"], name="fk_acceptance_exchange_row_case_id"),
        PrimaryKeyConstraint("guid", name="pk_acceptance_exchange_row"),
    )
    _faults(op)
    for name in ("legal", "address", "zip"):
        op.add_column("acceptance_case", Column(name, Text(), nullable=False, server_default=""))
    op.create_index("ix_acceptance_exchange_row_case", "acceptance_exchange_row", ["case_id"])
    pending = text("pending_batch IS NOT NULL")
    op.create_index(
        "ix_acceptance_exchange_row_pending",
        "acceptance_exchange_row",
        ["pending_batch"],
        sqlite_where=pending,
        postgresql_where=pending,
    )


def _faults(op: Operations) -> None:
    """What was held back, and how many rows of it."""
    for name in ("reported", "absent"):
        op.add_column("acceptance_exchange", Column(name, Json(), nullable=True))
    table = "acceptance_exchange_fault"
    op.create_table(
        table,
        Column("id", Id, nullable=False, autoincrement=True),
        Column("batch", Integer(), nullable=False),
        Column("guid", Text(), nullable=False),
        Column("name", Text(), nullable=False),
        Column("case_id", Id, nullable=False),
        Column("field", Text(), nullable=False),
        Column("found", Integer(), nullable=False),
        Column("most", Integer(), nullable=False),
        Column("absent", Boolean(), nullable=False),
        ForeignKeyConstraint(["case_id"], ["acceptance_case.id"], name=f"fk_{table}_case_id"),
        PrimaryKeyConstraint("id", name=f"pk_{table}"),
        UniqueConstraint("batch", "guid", "field", name=f"uq_{table}_batch_guid_field"),
    )
