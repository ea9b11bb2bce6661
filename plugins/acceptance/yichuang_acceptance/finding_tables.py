"""Tables of what supervision finds: what no machine sees, written down by one supervisor, looked at by another."""

from __future__ import annotations

from yichuang.api import CheckConstraint, Column, ForeignKey, Id, IdColumn, Index, Table, Text, UtcDateTime
from yichuang_acceptance.tables import meta

finding = Table(
    "acceptance_finding",
    meta,
    IdColumn(),
    Column("rule", Text, nullable=False),
    Column(
        "case_id", Id, ForeignKey("acceptance_case.id")
    ),  # None: there is no case, or there should have been one
    Column("source", Text, nullable=False, default=""),  # complaint:<id> | refusal:<id>, where one led to it
    Column("agency", Text, nullable=False),
    Column("item_name", Text, nullable=False, default=""),
    Column("facts", Text, nullable=False),
    Column("evidence", Text, nullable=False),  # what proves it, and where it lies
    Column("staff_id", Id, nullable=False),  # whose it is; 0 where the hall's staff does not hold that person
    Column("staff_name", Text, nullable=False),
    Column("state", Text, nullable=False),  # proposed | confirmed | dismissed
    Column("at", UtcDateTime, nullable=False),
    Column("found_by_id", Id, nullable=False),
    Column("found_by", Text, nullable=False),
    Column("looked_at", UtcDateTime),
    Column("looked_by_id", Id),
    Column("looked_by", Text, nullable=False, default=""),
    Column("remark", Text, nullable=False, default=""),
    CheckConstraint("state IN ('proposed', 'confirmed', 'dismissed')", name="state"),
    CheckConstraint("(state = 'proposed') = (looked_by_id IS NULL)", name="looked"),
    CheckConstraint("looked_by_id IS NULL OR looked_by_id <> found_by_id", name="four_eyes"),
)
Index("ix_acceptance_finding_state", finding.c.state, finding.c.id)
Index("ix_acceptance_finding_case", finding.c.case_id)
