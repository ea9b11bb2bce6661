"""Tables of the queue plugin; tickets and desks have append-only events, from which all statistics come."""

from __future__ import annotations

from enum import StrEnum

from yichuang.api import (
    Boolean,
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
    select,
    text,
)
from yichuang_queue.rules.appointments import Booking
from yichuang_queue.rules.tickets import State

# The migrations make the indexes, partial ones with `postgresql_where` too. Here that word is left out: SQLAlchemy loads
# PostgreSQL's whole dialect for it, on desks that work on SQLite as well.
meta = metadata("queue")


def _one_of(column: str, values: type[StrEnum]) -> str:
    quoted = ", ".join(f"'{value}'" for value in values)
    return f"{column} IN ({quoted})"


line = Table(
    "queue_line",
    meta,
    Column("code", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("name_mn", Text, nullable=False, default=""),
    Column("prefix", Text, nullable=False, unique=True),
    Column("first", Integer, nullable=False, default=1),
    Column("last", Integer, nullable=False, default=999),
    Column("zone", Text, nullable=False, default=""),
    Column("agencies", Json, nullable=False),  # agency codes whose items are taken here; empty: every agency
    Column("position", Integer, nullable=False, default=0),
    Column("target_minutes", Integer, nullable=False, default=30),  # the wait that the hall promises
    Column("calls", Integer, nullable=False, default=3),  # most calls of one ticket
    Column("gap_seconds", Integer, nullable=False, default=5),  # between two calls of one ticket
    Column("reentry", Text, nullable=False, default="tail"),  # where a passed ticket comes back in
    Column("reentry_after", Integer, nullable=False, default=3),
    Column("passed_minutes", Integer, nullable=False, default=0),  # how long it can; 0: until the day ends
    CheckConstraint("reentry IN ('head', 'after', 'tail')", name="reentry"),
)

# The tree of the kiosk: a node with children is a group, a leaf is what people take a ticket for.
business = Table(
    "queue_business",
    meta,
    Column("code", Text, primary_key=True),
    Column("parent", Text, ForeignKey("queue_business.code")),
    Column("position", Integer, nullable=False, default=0),
    Column("name", Text, nullable=False),
    Column("name_mn", Text, nullable=False, default=""),
    Column("icon", Text, nullable=False, default=""),
    Column("line", Text, ForeignKey("queue_line.code")),
    Column("item", Text, nullable=False, default=""),  # a service item of the catalogue
    Column("quota_day", Integer),
    Column("quota_half_day", Integer),
    Column("quota_slot", Integer),
    Column("slot_minutes", Integer, nullable=False, default=60),
    Column("seats", Integer, nullable=False, default=0),  # appointments in one slot; 0: none are taken
    Column("open", Boolean, nullable=False, default=True),
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

# Each person's skills: the lines served when nothing else is said at the desk's sign-in.
skill = Table(
    "queue_skill",
    meta,
    Column("staff_id", Id, primary_key=True, autoincrement=False),
    Column("lines", Json, nullable=False),
)

policy = Table(
    "queue_policy",
    meta,
    IdColumn(),
    Column("desks", Json, nullable=False),  # codes of the desk group; empty: the whole hall
    Column("name", Text, nullable=False),
    Column("data", Json, nullable=False),  # see rules/policy.py
    Column("active", Boolean, nullable=False, default=False),
    Column("made_by", Text, nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
)

appointment = Table(
    "queue_appointment",
    meta,
    IdColumn(),
    Column("code", Text, nullable=False, unique=True),
    Column("business", Text, ForeignKey("queue_business.code"), nullable=False),
    Column("day", Date, nullable=False),
    Column("begins_at", UtcDateTime, nullable=False),
    Column("ends_at", UtcDateTime, nullable=False),
    Column("seat", Integer),  # 1 to the slot's seats; none once it is cancelled
    Column("holder", Text, nullable=False),  # keyed digest of the identity number
    Column("person", Text, nullable=False),  # masked
    Column("phone", Text, nullable=False, default=""),  # masked
    Column("priority", Text, nullable=False, default="none"),
    Column("state", Text, nullable=False, default="booked"),
    Column("excused", Boolean, nullable=False, default=False),  # a missed one that does not count
    Column("source", Text, nullable=False, default="desk"),  # desk | import
    Column("booked_at", UtcDateTime, nullable=False),
    UniqueConstraint("business", "begins_at", "seat"),
    CheckConstraint(_one_of("state", Booking), name="state"),
)
_booked = appointment.c.state == "booked"
Index("ix_queue_appointment_holder", appointment.c.holder, appointment.c.day)
Index("ix_queue_appointment_day", appointment.c.day, appointment.c.state)
# Nobody books the same business twice on one day.
Index(
    "uq_queue_appointment_holder",
    appointment.c.holder,
    appointment.c.business,
    appointment.c.day,
    unique=True,
    sqlite_where=_booked,
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
    Column("holder", Text, nullable=False, default=""),  # keyed digest of the identity number
    Column("kiosk", Text, nullable=False, default=""),  # where it was taken
    Column("token", Text, nullable=False, unique=True),  # in the QR code: who has it may see how it stands
    Column("issued_at", UtcDateTime, nullable=False),
    Column("queued_at", UtcDateTime, nullable=False),  # when it joined the line it is in
    Column("rank_at", UtcDateTime, nullable=False),
    Column("due_at", UtcDateTime),  # when its appointment begins
    Column("desk", Text),
    Column("staff_id", Id),
    Column("for_desk", Text, nullable=False, default=""),  # directed to a desk
    Column("for_staff", Id),  # directed to a person
    Column(
        "return_to", Text, nullable=False, default=""
    ),  # the desk it goes back to when the other has finished
    Column("further", Json, nullable=False),  # businesses that follow on the same ticket: [[line, name], ...]
    Column("called_at", UtcDateTime),
    Column("last_call_at", UtcDateTime),
    Column("arrived_at", UtcDateTime),
    Column("ended_at", UtcDateTime),
    Column("calls", Integer, nullable=False, default=0),
    Column("promised_seconds", Integer),  # the wait that was printed on the ticket, with its 80 % interval
    Column("promised_low", Integer),
    Column("promised_high", Integer),
    Column("came_from", Text, nullable=False, default=""),
    Column("hold_reason", Text, nullable=False, default=""),
    Column("result", Text, nullable=False, default=""),
    UniqueConstraint("day", "number"),
    CheckConstraint(_one_of("state", State), name="state"),
)
# The words stand in these conditions as they are, not as parameters: a planner that does not see them cannot use an index
# of some rows only.
_WAITING, _NOWHERE = text("'waiting'"), text("''")
waiting = ticket.c.state == _WAITING
directed = (ticket.c.for_desk != _NOWHERE) | ticket.c.for_staff.is_not(None)
# Directed to a desk that has closed or to a person who is at no desk: whoever serves the line takes it.
stranded = (
    waiting
    & directed
    & ~select(desk.c.code)
    .where(
        desk.c.state != text("'closed'"),
        (desk.c.code == ticket.c.for_desk) | (desk.c.staff_id == ticket.c.for_staff),
    )
    .correlate(ticket)
    .exists()
)
in_line = waiting & (ticket.c.for_desk == _NOWHERE) & ticket.c.for_staff.is_(None)
Index(
    "ix_queue_ticket_head", ticket.c.day, ticket.c.line, ticket.c.rank_at, ticket.c.id,
    sqlite_where=in_line,
)  # fmt: skip
_directed = waiting & directed
Index(
    "ix_queue_ticket_directed",
    ticket.c.day,
    ticket.c.rank_at,
    sqlite_where=_directed,
)
_due = waiting & ticket.c.due_at.is_not(None)
Index("ix_queue_ticket_due", ticket.c.day, ticket.c.due_at, sqlite_where=_due)
at_desk = (ticket.c.state == text("'called'")) | (ticket.c.state == text("'serving'"))
# A desk has at most one open call: the database says so, not only the program.
Index("uq_queue_ticket_open_call", ticket.c.desk, unique=True, sqlite_where=at_desk)
Index("ix_queue_ticket_day", ticket.c.day, ticket.c.state, ticket.c.line)
Index("ix_queue_ticket_holder", ticket.c.day, ticket.c.holder)

# Numbers that a kiosk may give out while the database is away; they are taken from the same series.
lease = Table(
    "queue_lease",
    meta,
    IdColumn(),
    Column("kiosk", Text, nullable=False),
    Column("line", Text, ForeignKey("queue_line.code"), nullable=False),
    Column("day", Date, nullable=False),
    Column("numbers", Json, nullable=False),
    Column("leased_at", UtcDateTime, nullable=False),
)
Index("ix_queue_lease_kiosk", lease.c.kiosk, lease.c.day)

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

desk_event = Table(
    "queue_desk_event",
    meta,
    IdColumn(),
    Column("desk", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("state", Text, nullable=False),  # open | paused | closed
    Column("staff_id", Id),
    Column("staff_name", Text, nullable=False, default=""),
    Column("lines", Json, nullable=False),
    Column("reason", Text, nullable=False, default=""),
)
Index("ix_queue_desk_event_at", desk_event.c.at)

# One finished service, to be rated once. Without a grade nobody answered: 未评价.
rating = Table(
    "queue_rating",
    meta,
    IdColumn(),
    Column("event_id", Id, ForeignKey("queue_event.id"), nullable=False, unique=True),
    Column("ticket_id", Id, ForeignKey("queue_ticket.id"), nullable=False),
    Column("number", Text, nullable=False),
    Column("business", Text, nullable=False, default=""),
    Column("desk", Text, nullable=False),
    Column("staff_id", Id, nullable=False),
    Column("token", Text, nullable=False, unique=True),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("grade", Integer),
    Column("answers", Json, nullable=False),
    Column("comment", Text, nullable=False, default=""),
    Column("rated_at", UtcDateTime),
    Column("remedy", Text, nullable=False, default=""),  # what was done about a bad one
    Column("remedied_by", Text, nullable=False, default=""),
    Column("remedied_at", UtcDateTime),
    CheckConstraint("grade BETWEEN 1 AND 5", name="grade"),
)
Index("ix_queue_rating_asked", rating.c.asked_at)

message = Table(
    "queue_message",
    meta,
    IdColumn(),
    Column("kind", Text, nullable=False),  # notice | broadcast | emergency
    Column("zone", Text, nullable=False, default=""),
    Column("desk", Text, nullable=False, default=""),
    Column("text", Text, nullable=False),
    Column("said_by", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("until", UtcDateTime),
    Column("answered_by", Text, nullable=False, default=""),
    Column("answered_at", UtcDateTime),
    CheckConstraint("kind IN ('notice', 'broadcast', 'emergency')", name="kind"),
)
Index("ix_queue_message_at", message.c.at)

# What the manager did with a suggestion: desks lent to a line for a while, or the suggestion put aside.
advice = Table(
    "queue_advice",
    meta,
    IdColumn(),
    Column("line", Text, nullable=False),
    Column("desks", Json, nullable=False),
    Column("answer", Text, nullable=False),  # lent | ignored
    Column("said_by", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("until", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),  # when the desks went back to their own lines
    CheckConstraint("answer IN ('lent', 'ignored')", name="answer"),
)
Index("ix_queue_advice_until", advice.c.until)

# What a finished day taught about the waits of a line; see rules/estimate.py.
calibration = Table(
    "queue_calibration",
    meta,
    IdColumn(),
    Column("line", Text, nullable=False),
    Column("day", Date, nullable=False),
    Column("data", Json, nullable=False),
    UniqueConstraint("line", "day"),
)
