"""Tables of the acceptance plugin: cases, their materials, tasks, events, papers; drafts of the window."""

from __future__ import annotations

from yichuang.api import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Id,
    IdColumn,
    Index,
    Integer,
    Json,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    UtcDateTime,
    metadata,
)
from yichuang_acceptance.rules.machine import State

meta = metadata("acceptance")
_states = ", ".join(f"'{state}'" for state in State)

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
    Column("project", Text, nullable=False, default=""),
    Column("form", Json, nullable=False),
    Column("ticket", Text, nullable=False, default=""),
    Column("desk", Text, nullable=False, default=""),
    Column("tolerance_due", UtcDateTime),
    Column("received_at", UtcDateTime, nullable=False),
    Column("accepted_at", UtcDateTime),
    Column("legal_due_at", UtcDateTime),
    Column("promise_due_at", UtcDateTime),
    Column("warn_at", UtcDateTime),
    Column("decided_at", UtcDateTime),
    Column("ready_at", UtcDateTime),
    Column("delivered_at", UtcDateTime),
    Column("acceptor_id", Id, nullable=False),
    Column("acceptor_name", Text, nullable=False),
    Column("decider_id", Id),
    Column("decider_name", Text, nullable=False, default=""),
    Column("corrected", Boolean, nullable=False, default=False),
    Column("licence_code", Text, nullable=False, default=""),
    CheckConstraint(f"state IN ({_states})", name="state"),
    # Law and audit: whoever accepted never decides.
    CheckConstraint("decider_id IS NULL OR decider_id <> acceptor_id", name="four_eyes"),
    CheckConstraint("accepted_at IS NULL OR accepted_at >= received_at", name="order"),
)
Index("ix_acceptance_case_agency", case.c.agency, case.c.state, case.c.promise_due_at)
Index("ix_acceptance_case_state", case.c.state, case.c.promise_due_at, case.c.id)
Index("ix_acceptance_case_applicant", case.c.applicant_id)
Index("ix_acceptance_case_acceptor", case.c.acceptor_id, case.c.received_at)
Index("ix_acceptance_case_received", case.c.received_at, case.c.id)

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
    UniqueConstraint("case_id", "seq"),
)

paper = Table(
    "acceptance_paper",
    meta,
    IdColumn(),
    Column("case_id", Id, ForeignKey("acceptance_case.id"), nullable=False),
    Column("kind", Text, nullable=False),  # D1 … D17
    Column("title", Text, nullable=False),
    Column("number", Text, nullable=False, default=""),
    Column("at", UtcDateTime, nullable=False),
    Column("facts", Json, nullable=False),  # what this paper says beyond the case: reasons, opinion, validity
    Column("state", Text, nullable=False),  # drafted | rendered | waiting_seal | sealed
    Column("document", Text, nullable=False, default=""),  # digest of the PDF
    Column("sealed", Text, nullable=False, default=""),  # digest of the sealed PDF
    Column("prints", Integer, nullable=False, default=0),
    UniqueConstraint("case_id", "kind", "number"),
    CheckConstraint("state IN ('drafted', 'rendered', 'waiting_seal', 'sealed')", name="state"),
)
Index("ix_acceptance_paper_state", paper.c.state, paper.c.id)

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
)
Index("ix_acceptance_draft_staff", draft.c.staff_id, draft.c.at)
