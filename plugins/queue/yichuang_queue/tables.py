"""Tables of the queue plugin: lines, desks signed in, tickets, and the events that all statistics come from."""

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
    Json,
    Table,
    Text,
    UniqueConstraint,
    UtcDateTime,
    metadata,
)
from yichuang_queue.rules import State

meta = metadata("queue")
_states = ", ".join(f"'{state}'" for state in State)

line = Table(
    "queue_line",
    meta,
    Column("code", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("prefix", Text, nullable=False, unique=True),
    Column("first", Integer, nullable=False, default=1),
    Column("last", Integer, nullable=False, default=999),
    Column("zone", Text, nullable=False, default=""),
    Column("agencies", Json, nullable=False),  # agency codes whose items are taken here; empty: every agency
    Column("position", Integer, nullable=False, default=0),
)

desk = Table(
    "queue_desk",
    meta,
    Column("code", Text, primary_key=True),
    Column("staff_id", Id),
    Column("staff_name", Text, nullable=False, default=""),
    Column("state", Text, nullable=False, default="closed"),  # open | paused | closed
    Column("reason", Text, nullable=False, default=""),
    Column("lines", Json, nullable=False),
    Column("since", UtcDateTime, nullable=False),
    CheckConstraint("state IN ('open', 'paused', 'closed')", name="state"),
)

ticket = Table(
    "queue_ticket",
    meta,
    IdColumn(),
    Column("day", Date, nullable=False),
    Column("line", Text, ForeignKey("queue_line.code"), nullable=False),
    Column("number", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("priority", Text, nullable=False, default="none"),
    Column("business", Text, nullable=False, default=""),  # what for, as chosen at the kiosk
    Column("item", Text, nullable=False, default=""),
    Column("person", Text, nullable=False, default=""),  # masked name, where a card was read
    Column("issued_at", UtcDateTime, nullable=False),
    Column("rank_at", UtcDateTime, nullable=False),
    Column("desk", Text),
    Column("staff_id", Id),
    Column("called_at", UtcDateTime),
    Column("arrived_at", UtcDateTime),
    Column("ended_at", UtcDateTime),
    Column("calls", Integer, nullable=False, default=0),
    Column("promised_seconds", Integer),  # the wait that was printed on the ticket
    Column("came_from", Text, nullable=False, default=""),
    UniqueConstraint("day", "number"),
    CheckConstraint(f"state IN ({_states})", name="state"),
)
_waiting = ticket.c.state == "waiting"
Index(
    "ix_queue_ticket_head",
    ticket.c.line,
    ticket.c.rank_at,
    ticket.c.id,
    sqlite_where=_waiting,
    postgresql_where=_waiting,
)
at_desk = (ticket.c.state == "called") | (ticket.c.state == "serving")
# A desk has at most one open call: the database says so, not only the program.
Index("uq_queue_ticket_open_call", ticket.c.desk, unique=True, sqlite_where=at_desk, postgresql_where=at_desk)
Index("ix_queue_ticket_day", ticket.c.day, ticket.c.state, ticket.c.line)

event = Table(
    "queue_event",
    meta,
    IdColumn(),
    Column("ticket_id", Id, ForeignKey("queue_ticket.id"), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("act", Text, nullable=False),
    Column("line", Text, nullable=False),
    Column("desk", Text, nullable=False, default=""),
    Column("staff_id", Id),
    Column("detail", Json, nullable=False),
)
Index("ix_queue_event_ticket", event.c.ticket_id, event.c.id)
Index("ix_queue_event_at", event.c.at)
