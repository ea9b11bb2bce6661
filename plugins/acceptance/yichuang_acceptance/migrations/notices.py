"""The outbox of messages to applicants, and who wants none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from yichuang.api import (
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
    text,
)

if TYPE_CHECKING:
    from alembic.operations import Operations


def create(op: Operations) -> None:
    """Create the tables."""
    op.create_table(
        "acceptance_message",
        Column("id", Id, autoincrement=True, nullable=False),
        Column("key", Text(), nullable=False),
        Column("case_id", Id, nullable=True),
        Column("kind", Text(), nullable=False),
        Column("occasion", Text(), nullable=False),
        Column("number", Text(), nullable=False),
        Column("item_name", Text(), nullable=False),
        Column("agency", Text(), nullable=False),
        Column("applicant_id", Id, nullable=True),
        Column("phone", Text(), nullable=False),
        Column("params", Json(), nullable=False),
        Column("text", Text(), nullable=False),
        Column("state", Text(), nullable=False),
        Column("attempts", Integer(), nullable=False),
        Column("next_at", UtcDateTime(), nullable=False),
        Column("claim", Text(), nullable=False),
        Column("error", Text(), nullable=False),
        Column("receipt", Text(), nullable=False),
        Column("created_at", UtcDateTime(), nullable=False),
        Column("ended_at", UtcDateTime(), nullable=True),
        Column("resent_by", Text(), nullable=False),
        CheckConstraint(
            "state IN ('waiting', 'sent', 'gave_up', 'declined', 'dropped')",
            name="ck_acceptance_message_state",
        ),
        CheckConstraint("(state = 'waiting') = (ended_at IS NULL)", name="ck_acceptance_message_ended"),
        CheckConstraint("(case_id IS NULL) = (applicant_id IS NULL)", name="ck_acceptance_message_about"),
        ForeignKeyConstraint(["case_id"], ["acceptance_case.id"], name="fk_acceptance_message_case_id"),
        UniqueConstraint("key", name="uq_acceptance_message_key"),
        UniqueConstraint("case_id", "kind", "occasion", name="uq_acceptance_message_case_id_kind_occasion"),
        PrimaryKeyConstraint("id", name="pk_acceptance_message"),
    )
    waiting = text("state = 'waiting'")
    op.create_index(
        "ix_acceptance_message_due",
        "acceptance_message",
        ["next_at", "id"],
        sqlite_where=waiting,
        postgresql_where=waiting,
    )
    op.create_index("ix_acceptance_message_state", "acceptance_message", ["state", "id"])
    without_case = text("case_id IS NULL")
    op.create_index(
        "uq_acceptance_message_kind_occasion",
        "acceptance_message",
        ["kind", "occasion"],
        unique=True,
        sqlite_where=without_case,
        postgresql_where=without_case,
    )
    op.create_table(
        "acceptance_no_messages",
        Column("applicant_id", Id, autoincrement=False, nullable=False),
        Column("at", UtcDateTime(), nullable=False),
        Column("staff_name", Text(), nullable=False),
        PrimaryKeyConstraint("applicant_id", name="pk_acceptance_no_messages"),
    )
