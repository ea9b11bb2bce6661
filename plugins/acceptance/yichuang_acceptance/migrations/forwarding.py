"""Cases that were sent up to the organ that decides, and what it decided."""

from __future__ import annotations

from typing import TYPE_CHECKING

from yichuang.api import (
    Column,
    Date,
    ForeignKeyConstraint,
    Id,
    PrimaryKeyConstraint,
    Text,
    UniqueConstraint,
    UtcDateTime,
    text,
)

if TYPE_CHECKING:
    from alembic.operations import Operations


def create(op: Operations) -> None:
    """Create the table."""
    op.create_table(
        "acceptance_forwarding",
        Column("id", Id, autoincrement=True, nullable=False),
        Column("case_id", Id, nullable=False),
        Column("task_id", Id, nullable=False),
        Column("organ", Text(), nullable=False),
        Column("number", Text(), nullable=False),
        Column("sent_on", Date(), nullable=False),
        Column("at", UtcDateTime(), nullable=False),
        Column("staff_id", Id, nullable=False),
        Column("staff_name", Text(), nullable=False),
        Column("outcome", Text(), nullable=False),
        Column("decided_on", Date(), nullable=True),
        Column("decision_number", Text(), nullable=False),
        ForeignKeyConstraint(["case_id"], ["acceptance_case.id"], name="fk_acceptance_forwarding_case_id"),
        ForeignKeyConstraint(["task_id"], ["acceptance_task.id"], name="fk_acceptance_forwarding_task_id"),
        PrimaryKeyConstraint("id", name="pk_acceptance_forwarding"),
        UniqueConstraint("task_id", name="uq_acceptance_forwarding_task_id"),
    )
    op.create_index("ix_acceptance_forwarding_case", "acceptance_forwarding", ["case_id", "id"], unique=False)
    op.create_index(
        "ix_acceptance_forwarding_waits",
        "acceptance_forwarding",
        ["sent_on"],
        unique=False,
        sqlite_where=text("decided_on IS NULL"),
        postgresql_where=text("decided_on IS NULL"),
    )
