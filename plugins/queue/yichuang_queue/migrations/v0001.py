"""The first tables of the queue plugin; events are append-only by trigger.

A frozen copy: later revisions change the tables, this one keeps what it made.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from yichuang.api import (
    Boolean,
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
        _advice,
        _calibration,
        _desk,
        _desk_event,
        _line,
        _message,
        _policy,
        _skill,
        _business,
        _lease,
        _ticket,
        _appointment,
        _event,
        _rating,
    ):
        create(op)
    append_only(op, "queue_event")
    append_only(op, "queue_desk_event")


def _advice(op: Operations) -> None:
    op.create_table(
        "queue_advice",
        Column("id", Id, autoincrement=True, nullable=False),
        Column("line", Text(), nullable=False),
        Column("desks", Json(), nullable=False),
        Column("answer", Text(), nullable=False),
        Column("said_by", Text(), nullable=False),
        Column("at", UtcDateTime(), nullable=False),
        Column("until", UtcDateTime(), nullable=False),
        Column("ended_at", UtcDateTime(), nullable=True),
        CheckConstraint("answer IN ('lent', 'ignored')", name="ck_queue_advice_answer"),
        PrimaryKeyConstraint("id", name="pk_queue_advice"),
    )
    op.create_index("ix_queue_advice_until", "queue_advice", ["until"], unique=False)


def _calibration(op: Operations) -> None:
    op.create_table(
        "queue_calibration",
        Column("id", Id, autoincrement=True, nullable=False),
        Column("line", Text(), nullable=False),
        Column("day", Date(), nullable=False),
        Column("data", Json(), nullable=False),
        PrimaryKeyConstraint("id", name="pk_queue_calibration"),
        UniqueConstraint("line", "day", name="uq_queue_calibration_line_day"),
    )


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


def _desk_event(op: Operations) -> None:
    op.create_table(
        "queue_desk_event",
        Column("id", Id, autoincrement=True, nullable=False),
        Column("desk", Text(), nullable=False),
        Column("at", UtcDateTime(), nullable=False),
        Column("state", Text(), nullable=False),
        Column("staff_id", Id, nullable=True),
        Column("staff_name", Text(), nullable=False),
        Column("lines", Json(), nullable=False),
        Column("reason", Text(), nullable=False),
        PrimaryKeyConstraint("id", name="pk_queue_desk_event"),
    )
    op.create_index("ix_queue_desk_event_at", "queue_desk_event", ["at"], unique=False)


def _line(op: Operations) -> None:
    op.create_table(
        "queue_line",
        Column("code", Text(), nullable=False),
        Column("name", Text(), nullable=False),
        Column("name_mn", Text(), nullable=False),
        Column("prefix", Text(), nullable=False),
        Column("first", Integer(), nullable=False),
        Column("last", Integer(), nullable=False),
        Column("zone", Text(), nullable=False),
        Column("agencies", Json(), nullable=False),
        Column("position", Integer(), nullable=False),
        Column("target_minutes", Integer(), nullable=False),
        Column("calls", Integer(), nullable=False),
        Column("gap_seconds", Integer(), nullable=False),
        Column("reentry", Text(), nullable=False),
        Column("reentry_after", Integer(), nullable=False),
        Column("passed_minutes", Integer(), nullable=False),
        CheckConstraint("reentry IN ('head', 'after', 'tail')", name="ck_queue_line_reentry"),
        PrimaryKeyConstraint("code", name="pk_queue_line"),
        UniqueConstraint("prefix", name="uq_queue_line_prefix"),
    )


def _message(op: Operations) -> None:
    op.create_table(
        "queue_message",
        Column("id", Id, autoincrement=True, nullable=False),
        Column("kind", Text(), nullable=False),
        Column("zone", Text(), nullable=False),
        Column("desk", Text(), nullable=False),
        Column("text", Text(), nullable=False),
        Column("said_by", Text(), nullable=False),
        Column("at", UtcDateTime(), nullable=False),
        Column("until", UtcDateTime(), nullable=True),
        Column("answered_by", Text(), nullable=False),
        Column("answered_at", UtcDateTime(), nullable=True),
        CheckConstraint("kind IN ('notice', 'broadcast', 'emergency')", name="ck_queue_message_kind"),
        PrimaryKeyConstraint("id", name="pk_queue_message"),
    )
    op.create_index("ix_queue_message_at", "queue_message", ["at"], unique=False)


def _policy(op: Operations) -> None:
    op.create_table(
        "queue_policy",
        Column("id", Id, autoincrement=True, nullable=False),
        Column("desks", Json(), nullable=False),
        Column("name", Text(), nullable=False),
        Column("data", Json(), nullable=False),
        Column("active", Boolean(), nullable=False),
        Column("made_by", Text(), nullable=False),
        Column("made_at", UtcDateTime(), nullable=False),
        PrimaryKeyConstraint("id", name="pk_queue_policy"),
    )


def _skill(op: Operations) -> None:
    op.create_table(
        "queue_skill",
        Column("staff_id", Id, autoincrement=False, nullable=False),
        Column("lines", Json(), nullable=False),
        PrimaryKeyConstraint("staff_id", name="pk_queue_skill"),
    )


def _business(op: Operations) -> None:
    op.create_table(
        "queue_business",
        Column("code", Text(), nullable=False),
        Column("parent", Text(), nullable=True),
        Column("position", Integer(), nullable=False),
        Column("name", Text(), nullable=False),
        Column("name_mn", Text(), nullable=False),
        Column("icon", Text(), nullable=False),
        Column("line", Text(), nullable=True),
        Column("item", Text(), nullable=False),
        Column("quota_day", Integer(), nullable=True),
        Column("quota_half_day", Integer(), nullable=True),
        Column("quota_slot", Integer(), nullable=True),
        Column("slot_minutes", Integer(), nullable=False),
        Column("seats", Integer(), nullable=False),
        Column("open", Boolean(), nullable=False),
        ForeignKeyConstraint(["line"], ["queue_line.code"], name="fk_queue_business_line"),
        ForeignKeyConstraint(["parent"], ["queue_business.code"], name="fk_queue_business_parent"),
        PrimaryKeyConstraint("code", name="pk_queue_business"),
    )


def _lease(op: Operations) -> None:
    op.create_table(
        "queue_lease",
        Column("id", Id, autoincrement=True, nullable=False),
        Column("kiosk", Text(), nullable=False),
        Column("line", Text(), nullable=False),
        Column("day", Date(), nullable=False),
        Column("numbers", Json(), nullable=False),
        Column("leased_at", UtcDateTime(), nullable=False),
        ForeignKeyConstraint(["line"], ["queue_line.code"], name="fk_queue_lease_line"),
        PrimaryKeyConstraint("id", name="pk_queue_lease"),
    )
    op.create_index("ix_queue_lease_kiosk", "queue_lease", ["kiosk", "day"], unique=False)


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
        Column("holder", Text(), nullable=False),
        Column("kiosk", Text(), nullable=False),
        Column("token", Text(), nullable=False),
        Column("issued_at", UtcDateTime(), nullable=False),
        Column("queued_at", UtcDateTime(), nullable=False),
        Column("rank_at", UtcDateTime(), nullable=False),
        Column("due_at", UtcDateTime(), nullable=True),
        Column("desk", Text(), nullable=True),
        Column("staff_id", Id, nullable=True),
        Column("for_desk", Text(), nullable=False),
        Column("for_staff", Id, nullable=True),
        Column("return_to", Text(), nullable=False),
        Column("further", Json(), nullable=False),
        Column("called_at", UtcDateTime(), nullable=True),
        Column("last_call_at", UtcDateTime(), nullable=True),
        Column("arrived_at", UtcDateTime(), nullable=True),
        Column("ended_at", UtcDateTime(), nullable=True),
        Column("calls", Integer(), nullable=False),
        Column("promised_seconds", Integer(), nullable=True),
        Column("promised_low", Integer(), nullable=True),
        Column("promised_high", Integer(), nullable=True),
        Column("came_from", Text(), nullable=False),
        Column("hold_reason", Text(), nullable=False),
        Column("result", Text(), nullable=False),
        CheckConstraint(
            "state IN ('waiting', 'called', 'serving', 'held', 'passed', 'done', 'ended')",
            name="ck_queue_ticket_state",
        ),
        ForeignKeyConstraint(["line"], ["queue_line.code"], name="fk_queue_ticket_line"),
        PrimaryKeyConstraint("id", name="pk_queue_ticket"),
        UniqueConstraint("day", "number", name="uq_queue_ticket_day_number"),
        UniqueConstraint("token", name="uq_queue_ticket_token"),
    )
    op.create_index("ix_queue_ticket_day", "queue_ticket", ["day", "state", "line"], unique=False)
    op.create_index(
        "ix_queue_ticket_directed",
        "queue_ticket",
        ["day", "rank_at"],
        unique=False,
        sqlite_where=text("state = 'waiting' AND (for_desk != '' OR for_staff IS NOT NULL)"),
        postgresql_where=text("state = 'waiting' AND (for_desk != '' OR for_staff IS NOT NULL)"),
    )
    op.create_index(
        "ix_queue_ticket_due",
        "queue_ticket",
        ["day", "due_at"],
        unique=False,
        sqlite_where=text("state = 'waiting' AND due_at IS NOT NULL"),
        postgresql_where=text("state = 'waiting' AND due_at IS NOT NULL"),
    )
    op.create_index(
        "ix_queue_ticket_head",
        "queue_ticket",
        ["day", "line", "rank_at", "id"],
        unique=False,
        sqlite_where=text("state = 'waiting' AND for_desk = '' AND for_staff IS NULL"),
        postgresql_where=text("state = 'waiting' AND for_desk = '' AND for_staff IS NULL"),
    )
    op.create_index("ix_queue_ticket_holder", "queue_ticket", ["day", "holder"], unique=False)
    op.create_index(
        "uq_queue_ticket_open_call",
        "queue_ticket",
        ["desk"],
        unique=True,
        sqlite_where=text("state = 'called' OR state = 'serving'"),
        postgresql_where=text("state = 'called' OR state = 'serving'"),
    )


def _appointment(op: Operations) -> None:
    op.create_table(
        "queue_appointment",
        Column("id", Id, autoincrement=True, nullable=False),
        Column("code", Text(), nullable=False),
        Column("business", Text(), nullable=False),
        Column("day", Date(), nullable=False),
        Column("begins_at", UtcDateTime(), nullable=False),
        Column("ends_at", UtcDateTime(), nullable=False),
        Column("seat", Integer(), nullable=True),
        Column("holder", Text(), nullable=False),
        Column("person", Text(), nullable=False),
        Column("phone", Text(), nullable=False),
        Column("priority", Text(), nullable=False),
        Column("state", Text(), nullable=False),
        Column("excused", Boolean(), nullable=False),
        Column("source", Text(), nullable=False),
        Column("booked_at", UtcDateTime(), nullable=False),
        CheckConstraint(
            "state IN ('booked', 'arrived', 'missed', 'cancelled')", name="ck_queue_appointment_state"
        ),
        ForeignKeyConstraint(["business"], ["queue_business.code"], name="fk_queue_appointment_business"),
        PrimaryKeyConstraint("id", name="pk_queue_appointment"),
        UniqueConstraint(
            "business", "begins_at", "seat", name="uq_queue_appointment_business_begins_at_seat"
        ),
        UniqueConstraint("code", name="uq_queue_appointment_code"),
    )
    op.create_index("ix_queue_appointment_day", "queue_appointment", ["day", "state"], unique=False)
    op.create_index("ix_queue_appointment_holder", "queue_appointment", ["holder", "day"], unique=False)
    op.create_index(
        "uq_queue_appointment_holder",
        "queue_appointment",
        ["holder", "business", "day"],
        unique=True,
        sqlite_where=text("state = 'booked'"),
        postgresql_where=text("state = 'booked'"),
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


def _rating(op: Operations) -> None:
    op.create_table(
        "queue_rating",
        Column("id", Id, autoincrement=True, nullable=False),
        Column("event_id", Id, nullable=False),
        Column("ticket_id", Id, nullable=False),
        Column("number", Text(), nullable=False),
        Column("business", Text(), nullable=False),
        Column("desk", Text(), nullable=False),
        Column("staff_id", Id, nullable=False),
        Column("token", Text(), nullable=False),
        Column("asked_at", UtcDateTime(), nullable=False),
        Column("grade", Integer(), nullable=True),
        Column("answers", Json(), nullable=False),
        Column("comment", Text(), nullable=False),
        Column("rated_at", UtcDateTime(), nullable=True),
        Column("remedy", Text(), nullable=False),
        Column("remedied_by", Text(), nullable=False),
        Column("remedied_at", UtcDateTime(), nullable=True),
        CheckConstraint("grade BETWEEN 1 AND 5", name="ck_queue_rating_grade"),
        ForeignKeyConstraint(["event_id"], ["queue_event.id"], name="fk_queue_rating_event_id"),
        ForeignKeyConstraint(["ticket_id"], ["queue_ticket.id"], name="fk_queue_rating_ticket_id"),
        PrimaryKeyConstraint("id", name="pk_queue_rating"),
        UniqueConstraint("event_id", name="uq_queue_rating_event_id"),
        UniqueConstraint("token", name="uq_queue_rating_token"),
    )
    op.create_index("ix_queue_rating_asked", "queue_rating", ["asked_at"], unique=False)
