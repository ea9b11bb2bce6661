"""Tables of the acceptance plugin: cases with materials, events, papers and everything that moves their clocks; drafts."""

from __future__ import annotations

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
    LargeBinary,
    Numeric,
    Table,
    Text,
    UniqueConstraint,
    UtcDateTime,
    metadata,
)
from yichuang_acceptance.rules.machine import State

# The migrations make the indexes, partial ones with `postgresql_where` too. Here that word is left out: SQLAlchemy loads
# PostgreSQL's whole dialect for it, on desks that work on SQLite as well.
meta = metadata("acceptance")
# A draft is no case yet: it is kept in a table of its own.
_states = ", ".join(f"'{state}'" for state in State if state is not State.DRAFT)

case = Table(
    "acceptance_case",
    meta,
    IdColumn(),
    Column("case_no", Text, nullable=False, unique=True),
    Column("query_code", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("row_version", Integer, nullable=False, default=1),
    # what lists show stands here too, so that no list needs a join
    Column("item", Text, nullable=False),
    Column("item_version", Integer, nullable=False),
    Column("item_name", Text, nullable=False),
    Column("item_type", Text, nullable=False),
    Column("item_kind", Text, nullable=False),
    Column("agency", Text, nullable=False),
    Column("agency_name", Text, nullable=False),
    Column("applicant_id", Id, nullable=False),
    Column("applicant_kind", Text, nullable=False),
    Column("applicant_name", Text, nullable=False),
    Column("applicant_masked", Text, nullable=False),
    Column("agent_id", Id),
    Column("agent_name", Text, nullable=False, default=""),
    Column("phone", Text, nullable=False, default=""),
    Column("legal", Text, nullable=False, default=""),  # who represents an organisation by law
    Column("address", Text, nullable=False, default=""),  # where post reaches the applicant
    Column("zip", Text, nullable=False, default=""),
    Column("project", Text, nullable=False, default=""),
    Column("form", Json, nullable=False),
    Column("ticket", Text, nullable=False, default=""),
    Column("desk", Text, nullable=False, default=""),
    Column("tolerance_due", UtcDateTime),
    # the limits as they were at acceptance; the catalogue may change, this case's limits do not
    Column("legal_amount", Numeric(6, 1)),
    Column("legal_unit", Text, nullable=False, default=""),
    Column("promise_amount", Numeric(6, 1)),
    Column("promise_unit", Text, nullable=False, default=""),
    Column("received_at", UtcDateTime, nullable=False),
    Column("telling_due_at", UtcDateTime),  # T1: after it the case is deemed accepted
    Column("correction_due_at", UtcDateTime),  # T2
    Column("accepted_at", UtcDateTime),  # both clocks start here
    Column("legal_due_at", UtcDateTime),  # T3; None while suspended
    Column("promise_due_at", UtcDateTime),  # T4; None while suspended
    Column("legal_used", Numeric(8, 2), nullable=False, default=0),  # of the limit, up to the last suspension
    Column("promise_used", Numeric(8, 2), nullable=False, default=0),
    Column("warn_at", UtcDateTime),
    Column("alarm_at", UtcDateTime),
    Column("pause_due_at", UtcDateTime),  # T6: planned end of the suspension
    Column("extended", Boolean, nullable=False, default=False),
    Column(
        "joint", Boolean, nullable=False, default=False
    ),  # handled jointly (art. 26): 45 days, extended by 15
    Column("renewal_due_at", UtcDateTime),  # after it a renewal counts as granted (art. 50)
    Column("decided_at", UtcDateTime),
    Column("decided_days", Integer),  # working days from acceptance to the decision, for statistics
    Column("kept", Boolean),  # decided by the promised day
    Column("trips", Integer, nullable=False, default=1),  # days on which somebody had to come to the window
    Column("came_at", UtcDateTime),  # the last of them
    Column("deliver_due_at", UtcDateTime),  # T8
    Column("ready_at", UtcDateTime),
    Column("delivered_at", UtcDateTime),
    Column("closed_at", UtcDateTime),
    Column("archived_at", UtcDateTime),
    Column("timer_at", UtcDateTime),  # when time has something to do next
    Column("acceptor_id", Id, nullable=False),
    Column("acceptor_name", Text, nullable=False),
    Column("first_contact_id", Id),  # who was asked first (首问负责); None of cases from before that was kept
    Column("first_contact", Text, nullable=False, default=""),
    Column("decider_id", Id),
    Column("decider_name", Text, nullable=False, default=""),
    Column("corrected", Boolean, nullable=False, default=False),
    Column("maker_id", Id),  # who made the certificate from a blank
    Column("certificate_no", Text, nullable=False, default=""),  # number of the blank
    Column("licence_code", Text, nullable=False, default=""),
    CheckConstraint(f"state IN ({_states})", name="state"),
    # Law and audit: whoever accepted never decides.
    CheckConstraint("decider_id IS NULL OR decider_id <> acceptor_id", name="four_eyes"),
    CheckConstraint("maker_id IS NULL OR maker_id <> decider_id", name="maker"),
    CheckConstraint("accepted_at IS NULL OR accepted_at >= received_at", name="order"),
)
Index("ix_acceptance_case_agency", case.c.agency, case.c.state, case.c.promise_due_at)
Index("ix_acceptance_case_state", case.c.state, case.c.promise_due_at, case.c.id)
Index("ix_acceptance_case_applicant", case.c.applicant_id)
Index("ix_acceptance_case_acceptor", case.c.acceptor_id, case.c.received_at)
Index("ix_acceptance_case_received", case.c.received_at, case.c.id)
Index("ix_acceptance_case_due", case.c.promise_due_at, case.c.id)
# lists of the search page run from the newest on, whatever they are narrowed to
Index("ix_acceptance_case_agency_received", case.c.agency, case.c.received_at, case.c.id)
Index("ix_acceptance_case_agency_state", case.c.agency, case.c.state, case.c.received_at, case.c.id)
Index("ix_acceptance_case_state_received", case.c.state, case.c.received_at, case.c.id)
Index("ix_acceptance_case_item_received", case.c.item, case.c.received_at, case.c.id)
Index("ix_acceptance_case_decider", case.c.decider_id, case.c.decided_at)
# statistics read these and nothing else
Index("ix_acceptance_case_decided", case.c.decided_at, case.c.agency, case.c.decided_days, case.c.kept)
Index("ix_acceptance_case_delivered", case.c.delivered_at, case.c.agency, case.c.trips)
Index(
    "ix_acceptance_case_timer",
    case.c.timer_at,
    sqlite_where=case.c.timer_at.is_not(None),
)

material = Table(
    "acceptance_material",
    meta,
    IdColumn(),
    Column("case_id", Id, ForeignKey("acceptance_case.id"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("code", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("need", Text, nullable=False),
    Column("given", Text, nullable=False),
    Column("originals", Integer, nullable=False, default=0),
    Column("copies", Integer, nullable=False, default=0),
    Column("pages", Json, nullable=False),  # digests of kept files, in order
    Column("licence", Text, nullable=False, default=""),
    Column("due", UtcDateTime),
    UniqueConstraint("case_id", "position"),
)

event = Table(
    "acceptance_event",
    meta,
    IdColumn(),
    Column("case_id", Id, ForeignKey("acceptance_case.id"), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("event", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("target", Text, nullable=False),
    Column("staff_id", Id, nullable=False),
    Column("staff_name", Text, nullable=False),
    Column("desk", Text, nullable=False, default=""),
    Column("at", UtcDateTime, nullable=False),
    Column("opinion", Text, nullable=False, default=""),
    Column("payload", Json, nullable=False),  # particulars of the event: limits, dues, kinds
    Column("prev_hash", Text, nullable=False),  # of the case's event before, empty for the first
    Column("hash", Text, nullable=False),
    UniqueConstraint("case_id", "seq"),
)

Index("ix_acceptance_event_at", event.c.at, event.c.case_id)  # what happened since the last exchange
Index("ix_acceptance_event_staff", event.c.staff_id, event.c.at)  # what somebody did today

suspension = Table(
    "acceptance_suspension",
    meta,
    IdColumn(),
    Column("case_id", Id, ForeignKey("acceptance_case.id"), nullable=False),
    Column("node", Text, nullable=False),  # of the review in which it began
    Column("kind", Text, nullable=False),  # rules.pauses.KINDS
    Column("basis", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("began_at", UtcDateTime, nullable=False),
    Column("planned_end", Date),  # None: open-ended
    Column("ended_at", UtcDateTime),
    Column("result", Text, nullable=False, default=""),
    Column("evidence", Text, nullable=False, default=""),  # digest of the report
    Column("staff_id", Id, nullable=False),
    Column("staff_name", Text, nullable=False),
    Column("ended_by", Text, nullable=False, default=""),
    Column("asked_on", Date),  # a hearing was asked for
    Column("asked_by", Text, nullable=False, default=""),
    Column("officers", Text, nullable=False, default=""),  # who inspects, tests or quarantines (art. 55)
    CheckConstraint("ended_at IS NULL OR ended_at >= began_at", name="order"),
)
Index("ix_acceptance_suspension_case", suspension.c.case_id, suspension.c.id)
Index(  # one open suspension per case
    "uq_acceptance_suspension_open",
    suspension.c.case_id,
    unique=True,
    sqlite_where=suspension.c.ended_at.is_(None),
)

extension = Table(
    "acceptance_extension",
    meta,
    IdColumn(),
    Column("case_id", Id, ForeignKey("acceptance_case.id"), nullable=False),
    Column("clock", Text, nullable=False),  # legal
    Column("days", Integer, nullable=False),
    Column("approver", Text, nullable=False),  # organ | joint
    Column("reason", Text, nullable=False),
    Column("old_due_at", UtcDateTime, nullable=False),
    Column("new_due_at", UtcDateTime, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("staff_id", Id, nullable=False),
    Column("staff_name", Text, nullable=False),
    UniqueConstraint("case_id", "clock"),  # once only (art. 42)
)

alert = Table(
    "acceptance_alert",  # violations (V..) and reminders (R-..) that time or a rule raised, each once
    meta,
    IdColumn(),
    Column("case_id", Id, ForeignKey("acceptance_case.id")),  # None: it is about no case
    Column("rule", Text, nullable=False),
    Column("key", Text, nullable=False, default=""),
    Column(
        "number", Text, nullable=False, default=""
    ),  # shown in place of the case's: a matter's, a finding's
    Column("title", Text, nullable=False, default=""),  # likewise in place of its item
    Column("agency", Text, nullable=False),
    Column("staff_id", Id, nullable=False),
    Column("staff_name", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("detail", Text, nullable=False, default=""),
    UniqueConstraint("case_id", "rule", "key"),
)
Index("ix_acceptance_alert_agency", alert.c.agency, alert.c.id)

blank = Table(
    "acceptance_blank",  # numbered blank certificates in stock
    meta,
    IdColumn(),
    Column("agency", Text, nullable=False),
    Column("kind", Text, nullable=False),  # what the item's result is called
    Column("number", Text, nullable=False),
    Column("state", Text, nullable=False),  # stock | used | void
    Column("case_id", Id, ForeignKey("acceptance_case.id")),
    Column("at", UtcDateTime, nullable=False),
    Column("staff_id", Id, nullable=False),
    Column("staff_name", Text, nullable=False),
    Column("reason", Text, nullable=False, default=""),
    Column(
        "spoilt_by_id", Id
    ),  # who reported it; in stock and not to be used until a second person has seen it
    Column("spoilt_by", Text, nullable=False, default=""),
    UniqueConstraint("agency", "kind", "number"),
    CheckConstraint("state IN ('stock', 'used', 'void')", name="state"),
    CheckConstraint("state <> 'used' OR case_id IS NOT NULL", name="used"),
)
Index("ix_acceptance_blank_stock", blank.c.agency, blank.c.kind, blank.c.state, blank.c.id)

delivery = Table(
    "acceptance_delivery",
    meta,
    IdColumn(),
    Column("case_id", Id, ForeignKey("acceptance_case.id"), nullable=False, unique=True),
    Column("mode", Text, nullable=False),  # see rules.serving.Way
    Column("receiver", Text, nullable=False),
    Column("relation", Text, nullable=False),
    Column("receiver_masked", Text, nullable=False, default=""),
    Column("reason", Text, nullable=False, default=""),  # why somebody else receives it
    Column("mail_no", Text, nullable=False, default=""),
    Column("address", Text, nullable=False, default=""),
    Column("witness", Text, nullable=False, default=""),  # who saw it left, or which organ served it
    Column("published_on", Date),  # of a public notice
    Column("signature", Text, nullable=False, default=""),  # digest
    Column("photo", Text, nullable=False, default=""),  # digest
    Column("at", UtcDateTime, nullable=False),
    Column("staff_id", Id, nullable=False),
    Column("staff_name", Text, nullable=False),
    Column("desk", Text, nullable=False, default=""),
    CheckConstraint("mode IN ('direct', 'mail', 'left', 'entrusted', 'electronic', 'notice')", name="mode"),
    CheckConstraint("mode <> 'mail' OR mail_no <> ''", name="mail"),
)
Index("uq_acceptance_delivery_mail", delivery.c.mail_no, unique=True, sqlite_where=delivery.c.mail_no != "")

archive = Table(
    "acceptance_archive",
    meta,
    IdColumn(),
    Column("case_id", Id, ForeignKey("acceptance_case.id"), nullable=False, unique=True),
    Column("at", UtcDateTime, nullable=False),
    Column("staff_id", Id, nullable=False),
    Column("staff_name", Text, nullable=False),
    Column("years", Integer),  # to be kept; None for ever
    Column("contents", Json, nullable=False),  # papers and pages by digest, head of the event chain
    Column("digest", Text, nullable=False),  # SHA-256 of the contents
)

Index("ix_acceptance_archive_term", archive.c.years, archive.c.at, archive.c.id)  # what is due for appraisal

paper = Table(
    "acceptance_paper",
    meta,
    IdColumn(),
    Column("case_id", Id, ForeignKey("acceptance_case.id")),
    Column(
        "alert_id", Id, ForeignKey("acceptance_alert.id")
    ),  # of an order (S1) on a violation without a case
    Column("kind", Text, nullable=False),  # D1 … D19, A1, S1
    Column("title", Text, nullable=False),
    Column("number", Text, nullable=False, default=""),
    Column("at", UtcDateTime, nullable=False),
    Column("facts", Json, nullable=False),  # what this paper says beyond the case: reasons, opinion, validity
    Column("state", Text, nullable=False),  # drafted | rendered | waiting_seal | sealed | sent_back
    Column("document", Text, nullable=False, default=""),  # digest of the PDF
    Column("sealed", Text, nullable=False, default=""),  # digest of the sealed PDF
    Column("prints", Integer, nullable=False, default=0),
    UniqueConstraint("case_id", "kind", "number"),
    CheckConstraint("state IN ('drafted', 'rendered', 'waiting_seal', 'sealed', 'sent_back')", name="state"),
    CheckConstraint("(case_id IS NULL) <> (alert_id IS NULL)", name="about"),
)
Index("ix_acceptance_paper_state", paper.c.state, paper.c.id)
Index(
    "ix_acceptance_paper_alert",
    paper.c.alert_id,
    paper.c.id,
    sqlite_where=paper.c.alert_id.is_not(None),
)

draft = Table(
    "acceptance_draft",
    meta,
    IdColumn(),
    Column("staff_id", Id, nullable=False),
    Column("desk", Text, nullable=False, default=""),
    Column("item_name", Text, nullable=False, default=""),
    Column("applicant_name", Text, nullable=False, default=""),
    Column("parked", Boolean, nullable=False, default=False),
    Column("at", UtcDateTime, nullable=False),
    Column("body", LargeBinary, nullable=False),  # encrypted: it holds identity numbers
    Column("first_contact_id", Id),  # who began it
    Column("first_contact", Text, nullable=False, default=""),
    Column(
        "handed_by", Text, nullable=False, default=""
    ),  # the colleague from whom it came, if it was handed on
    Column("note", Text, nullable=False, default=""),  # what that one said
)
Index("ix_acceptance_draft_staff", draft.c.staff_id, draft.c.at)

item_name = Table(  # names of items that cases were taken in for, and what they are found by
    "acceptance_item_name",
    meta,
    IdColumn(),
    Column("item", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("terms", Text, nullable=False),  # each with a blank before it
    UniqueConstraint("item", "name"),
)

search_filter = Table(
    "acceptance_search_filter",
    meta,
    IdColumn(),
    Column("staff_id", Id, nullable=False),
    Column("name", Text, nullable=False),
    Column("wanted", Json, nullable=False),
    UniqueConstraint("staff_id", "name"),
)

exchange = Table(  # batches for the national exchange
    "acceptance_exchange",
    meta,
    IdColumn(),
    Column("since", Text, nullable=False),
    Column("upto", Text, nullable=False),
    Column("began_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
    Column("staff_id", Id, nullable=False),
    Column("counts", Json, nullable=False),
    Column("reported", Json),  # rows held back by table: what was found wrong with them stands below
    Column("absent", Json),  # those of them that the other side has in no form
)

exchange_fault = Table(
    "acceptance_exchange_fault",  # what kept a row of the batch under way, and of the last one, from being sent
    meta,
    IdColumn(),
    Column("batch", Integer, nullable=False),
    Column("guid", Text, nullable=False),
    Column("name", Text, nullable=False),  # of the national table
    Column("case_id", Id, ForeignKey("acceptance_case.id"), nullable=False),
    Column("field", Text, nullable=False),  # its column
    Column("found", Integer, nullable=False),  # characters; 0 where the value is missing
    Column("most", Integer, nullable=False),
    Column("absent", Boolean, nullable=False),  # the other side has the row in no form
    UniqueConstraint("batch", "guid", "field"),
)

exchange_row = Table(
    "acceptance_exchange_row",  # what the other side holds, row by row; see `operations.exchange`
    meta,
    Column("guid", Text, primary_key=True),
    Column("name", Text, nullable=False),  # of the national table
    Column("case_id", Id, ForeignKey("acceptance_case.id"), nullable=False),
    Column("digest", Text, nullable=False, default=""),  # of the values last sent; "" for none, or taken back
    Column("first", Integer),  # batch that first held it, None before one that does has ended
    Column("last", Integer),  # batch that held it last
    Column("pending", Text),  # digest that the batch under way has written
    Column("pending_batch", Integer),
    Column("pending_act", Text, nullable=False, default=""),  # I, U, D; "" where nothing was written
)
Index("ix_acceptance_exchange_row_case", exchange_row.c.case_id)
Index(
    "ix_acceptance_exchange_row_pending",
    exchange_row.c.pending_batch,
    sqlite_where=exchange_row.c.pending_batch.is_not(None),
)

# The index of terms is not declared here, for the databases have nothing in common: FTS5 on SQLite, a tsvector with a
# GIN index on PostgreSQL; `operations.search_index` writes and asks it, the first revision makes it.
meta.info["by_hand"] = ("acceptance_search",)

from yichuang_acceptance import (  # noqa: E402, F401 - tables of other files belong to the same `meta`
    agent_tables,
    applicant_tables,
    clock_tables,
    finding_tables,
    guide_tables,
    handover_tables,
    matter_tables,
    notice_tables,
    offline_tables,
    promise_tables,
    review_tables,
    supervision_tables,
)
