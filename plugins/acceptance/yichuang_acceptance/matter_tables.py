"""Tables of one matter at once (一件事): the matter with its parent number, and its items with the cases that stand for them."""

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
    Numeric,
    Table,
    Text,
    UniqueConstraint,
    UtcDateTime,
)
from yichuang_acceptance.rules.matter_graph import MatterState
from yichuang_acceptance.tables import meta

_states = ", ".join(f"'{state}'" for state in MatterState)

matter = Table(
    "acceptance_matter",
    meta,
    IdColumn(),
    Column(
        "case_no", Text, nullable=False, unique=True
    ),  # parent number; the cases are <number>-01 and so on
    Column("query_code", Text, nullable=False),
    Column("theme", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("lead", Text, nullable=False),  # agency that leads
    Column("lead_name", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("row_version", Integer, nullable=False, default=1),  # counted up whenever one of its cases moves
    Column("applicant_id", Id, nullable=False),
    Column("applicant_kind", Text, nullable=False),
    Column("applicant_name", Text, nullable=False),
    Column("applicant_masked", Text, nullable=False),
    Column("agent_name", Text, nullable=False, default=""),
    Column("phone", Text, nullable=False, default=""),
    Column("project", Text, nullable=False, default=""),
    Column("form", Json, nullable=False),  # the one form, as it was filled in
    Column(
        "materials", Json, nullable=False
    ),  # the one list: name, need, how it was given, items that it is for
    Column("joint", Boolean, nullable=False, default=False),  # art. 26
    Column("promise_amount", Numeric(6, 1)),
    Column("promise_unit", Text, nullable=False, default=""),
    Column("received_at", UtcDateTime, nullable=False),
    Column("promise_due_at", UtcDateTime),
    Column("legal_due_at", UtcDateTime),
    Column("done_at", UtcDateTime),
    Column("acceptor_id", Id, nullable=False),
    Column("acceptor_name", Text, nullable=False),
    Column("desk", Text, nullable=False, default=""),
    CheckConstraint(f"state IN ({_states})", name="state"),
)
Index("ix_acceptance_matter_state", matter.c.state, matter.c.promise_due_at, matter.c.id)
Index("ix_acceptance_matter_done", matter.c.done_at, matter.c.id, sqlite_where=matter.c.done_at.is_not(None))
Index("ix_acceptance_matter_acceptor", matter.c.acceptor_id, matter.c.state)

part = Table(
    "acceptance_matter_part",
    meta,
    IdColumn(),
    Column("matter_id", Id, ForeignKey("acceptance_matter.id"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("optional", Boolean, nullable=False, default=False),
    Column("after", Json, nullable=False),  # positions that have to be granted first
    Column("case_id", Id, ForeignKey("acceptance_case.id"), unique=True),  # None: a step of another body
    Column(
        "outcome", Text, nullable=False, default=""
    ),  # of another body's step: granted, refused or dropped
    Column("note", Text, nullable=False, default=""),
    Column("answer", Text, nullable=False, default=""),  # after its end: asked, stop or go_on
    Column("at", UtcDateTime),  # of outcome or answer
    Column("staff_name", Text, nullable=False, default=""),
    UniqueConstraint("matter_id", "position"),
    CheckConstraint("outcome IN ('', 'granted', 'refused', 'dropped')", name="outcome"),
    CheckConstraint("answer IN ('', 'asked', 'stop', 'go_on')", name="answer"),
    CheckConstraint("outcome = '' OR case_id IS NULL", name="elsewhere"),
)
Index("ix_acceptance_matter_part_asked", part.c.matter_id, sqlite_where=part.c.answer == "asked")
