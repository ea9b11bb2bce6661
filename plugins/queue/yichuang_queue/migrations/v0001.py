"""The first tables of the queue plugin; events are append-only by trigger.

A frozen copy: later revisions change the tables, this one keeps what it made.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from yichuang.api import (
    CheckConstraint,
    Column,
    Date,
    ForeignKeyConstraint,
    Id,
    Integer,
    Json,
    PrimaryKeyConstraint,
    Text,
    UniqueConstraint,
    UtcDateTime,
    append_only,
    text,
)

if TYPE_CHECKING:
    from alembic.operations import Operations

REVISION = "0001"


def upgrade(op: Operations) -> None:
    """Create the tables."""
    for create in (
        _desk,
        _line,
        _ticket,
        _event,
    ):
        create(op)
    append_only(op, "queue_event")


def _desk(op: Operations) -> None:
    op.create_table(
        "queue_desk",
        Column("code", Text(), nullable=False),
        Column("staff_id", Id, nullable=True),
        Column("staff_name", Text(), nullable=False),
        Column("state", Text(), nullable=False),
        Column("reason", Text(), nullable=False),
        Column("lines", Json(), nullable=False),
        Column("since", UtcDateTime(), nullable=False),
        CheckConstraint("state IN ('open', 'paused', 'closed')", name="ck_queue_desk_state"),
        PrimaryKeyConstraint("code", name="pk_queue_desk"),
    )


def _line(op: Operations) -> None:
    op.create_table(
        "queue_line",
        Column("code", Text(), nullable=False),
        Column("name", Text(), nullable=False),
        Column("prefix", Text(), nullable=False),
        Column("first", Integer(), nullable=False),
        Column("last", Integer(), nullable=False),
        Column("zone", Text(), nullable=False),
        Column("agencies", Json(), nullable=False),
        Column("position", Integer(), nullable=False),
        PrimaryKeyConstraint("code", name="pk_queue_line"),
        UniqueConstraint("prefix", name="uq_queue_line_prefix"),
    )


def _ticket(op: Operations) -> None:
    op.create_table(
        "queue_ticket",
        Column("id", Id, autoincrement=True, nullable=False),
        Column("day", Date(), nullable=False),
        Column("line", Text(), nullable=False),
        Column("number", Text(), nullable=False),
        Column("state", Text(), nullable=False),
        Column("priority", Text(), nullable=False),
        Column("business", Text(), nullable=False),
        Column("item", Text(), nullable=False),
        Column("person", Text(), nullable=False),
        Column("issued_at", UtcDateTime(), nullable=False),
        Column("rank_at", UtcDateTime(), nullable=False),
        Column("desk", Text(), nullable=True),
        Column("staff_id", Id, nullable=True),
        Column("called_at", UtcDateTime(), nullable=True),
        Column("arrived_at", UtcDateTime(), nullable=True),
        Column("ended_at", UtcDateTime(), nullable=True),
        Column("calls", Integer(), nullable=False),
        Column("promised_seconds", Integer(), nullable=True),
        Column("came_from", Text(), nullable=False),
        CheckConstraint(
            "state IN ('waiting', 'called', 'serving', 'held', 'passed', 'done')",
            name="ck_queue_ticket_state",
        ),
        ForeignKeyConstraint(["line"], ["queue_line.code"], name="fk_queue_ticket_line"),
        PrimaryKeyConstraint("id", name="pk_queue_ticket"),
        UniqueConstraint("day", "number", name="uq_queue_ticket_day_number"),
    )
    op.create_index("ix_queue_ticket_day", "queue_ticket", ["day", "state", "line"], unique=False)
    op.create_index(
        "ix_queue_ticket_head",
        "queue_ticket",
        ["line", "rank_at", "id"],
        unique=False,
        sqlite_where=text("state = 'waiting'"),
        postgresql_where=text("state = 'waiting'"),
    )
    op.create_index(
        "uq_queue_ticket_open_call",
        "queue_ticket",
        ["desk"],
        unique=True,
        sqlite_where=text("state = 'called' OR state = 'serving'"),
        postgresql_where=text("state = 'called' OR state = 'serving'"),
    )


def _event(op: Operations) -> None:
    op.create_table(
        "queue_event",
        Column("id", Id, autoincrement=True, nullable=False),
        Column("ticket_id", Id, nullable=False),
        Column("at", UtcDateTime(), nullable=False),
        Column("act", Text(), nullable=False),
        Column("line", Text(), nullable=False),
        Column("desk", Text(), nullable=False),
        Column("staff_id", Id, nullable=True),
        Column("detail", Json(), nullable=False),
        ForeignKeyConstraint(["ticket_id"], ["queue_ticket.id"], name="fk_queue_event_ticket_id"),
        PrimaryKeyConstraint("id", name="pk_queue_event"),
    )
    op.create_index("ix_queue_event_at", "queue_event", ["at"], unique=False)
    op.create_index("ix_queue_event_ticket", "queue_event", ["ticket_id", "id"], unique=False)
