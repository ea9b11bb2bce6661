"""What could not be done: who reports it, its limit, what was tried before, its cause, like ones, the call-back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from yichuang.api import Boolean, Column, Id, Text, UtcDateTime, text

if TYPE_CHECKING:
    from alembic.operations import Operations

TABLE = "acceptance_cannot_do"


def create(op: Operations) -> None:
    """Add the columns; records from before have no limit."""
    op.add_column(TABLE, Column("reported", Boolean(), nullable=False, server_default=text("false")))
    op.add_column(TABLE, Column("grade", Text(), nullable=False, server_default="complex"))
    for name in ("due_at", "next_alert_at", "called_at"):
        op.add_column(TABLE, Column(name, UtcDateTime(), nullable=True))
    for name in ("case_no", "attempts", "receiver", "root_cause", "called_by", "call_back"):
        op.add_column(TABLE, Column(name, Text(), nullable=False, server_default=""))
    op.add_column(TABLE, Column("like_id", Id, nullable=True))
    op.add_column(TABLE, Column("satisfied", Boolean(), nullable=True))
    for index, column in (("like", "like_id"), ("alert", "next_alert_at")):
        there = text(f"{column} IS NOT NULL")
        op.create_index(
            f"ix_{TABLE}_{index}", TABLE, [column], unique=False, sqlite_where=there, postgresql_where=there
        )
