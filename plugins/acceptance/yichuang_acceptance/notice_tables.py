"""Tables of the messages to applicants (短信): the outbox, written with the event that is told, and who wants none."""

from __future__ import annotations

from yichuang.api import (
    CheckConstraint,
    Column,
    ForeignKey,
    Id,
    IdColumn,
    Index,
    Integer,
    Json,
    Table,
    Text,
    UniqueConstraint,
    UtcDateTime,
)
from yichuang_acceptance.tables import meta

message = Table(
    "acceptance_message",
    meta,
    IdColumn(),
    Column(
        "key", Text, nullable=False, unique=True
    ),  # what the gateway knows the message by, however often it is sent
    Column(
        "case_id", Id, ForeignKey("acceptance_case.id")
    ),  # a one-time notice is told before there is a case
    Column("kind", Text, nullable=False),  # rules.notices.Kind
    Column(
        "occasion", Text, nullable=False
    ),  # number of the event, day of a reminder, day and words of a one-time notice
    Column(
        "number", Text, nullable=False
    ),  # of the case or matter that it is about, code of the item that a notice is about
    Column("item_name", Text, nullable=False),
    Column("agency", Text, nullable=False),
    Column("applicant_id", Id),
    Column("phone", Text, nullable=False),
    Column("params", Json, nullable=False),  # for the gateway's template
    Column("text", Text, nullable=False),
    Column("state", Text, nullable=False),  # waiting | sent | gave_up | declined | dropped
    Column("attempts", Integer, nullable=False, default=0),
    Column("next_at", UtcDateTime, nullable=False),  # of a claimed message: when the claim lapses
    Column("claim", Text, nullable=False, default=""),  # which sender has it in hand
    Column("error", Text, nullable=False, default=""),  # what the last attempt met
    Column("receipt", Text, nullable=False, default=""),  # the gateway's number
    Column("created_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
    Column("resent_by", Text, nullable=False, default=""),
    UniqueConstraint("case_id", "kind", "occasion"),
    CheckConstraint("state IN ('waiting', 'sent', 'gave_up', 'declined', 'dropped')", name="state"),
    CheckConstraint("(state = 'waiting') = (ended_at IS NULL)", name="ended"),
    CheckConstraint("(case_id IS NULL) = (applicant_id IS NULL)", name="about"),
)
Index(
    "uq_acceptance_message_kind_occasion", message.c.kind, message.c.occasion, unique=True,
    sqlite_where=message.c.case_id.is_(None), postgresql_where=message.c.case_id.is_(None),
)  # fmt: skip
Index("ix_acceptance_message_due", message.c.next_at, message.c.id, sqlite_where=message.c.state == "waiting")
Index("ix_acceptance_message_state", message.c.state, message.c.id)

no_messages = Table(
    "acceptance_no_messages",  # applicants who want none
    meta,
    Column("applicant_id", Id, primary_key=True, autoincrement=False),
    Column("at", UtcDateTime, nullable=False),
    Column("staff_name", Text, nullable=False),
)
