"""What the other side of the national exchange holds, row by row; what its rows say of applicants."""

from __future__ import annotations

from typing import TYPE_CHECKING

from yichuang.api import Column, ForeignKeyConstraint, Id, Integer, PrimaryKeyConstraint, Text, text

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
