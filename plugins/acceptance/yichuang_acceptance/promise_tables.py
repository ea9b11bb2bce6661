"""Tables of notice and commitment (告知承诺): items that allow it, and the promises that stand in place of proofs."""

from __future__ import annotations

from yichuang.api import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Id,
    IdColumn,
    Integer,
    Json,
    Table,
    Text,
    UtcDateTime,
)
from yichuang_acceptance.tables import meta

promise_item = Table(
    "acceptance_promise_item",
    meta,
    IdColumn(),
    Column("item", Text, nullable=False, unique=True),
    Column("positions", Json, nullable=False),  # of the materials that a promise may stand for
    Column("version", Integer, nullable=False, default=0),  # of the item whose materials these are; 0 for any
    Column("conditions", Text, nullable=False),  # what must be so, as the applicant is told
    Column("days", Integer, nullable=False),  # natural days after the grant within which it is checked
    Column("at_once", Boolean, nullable=False, default=False),  # granted on the spot
    Column("at", UtcDateTime, nullable=False),
    Column("staff_id", Id, nullable=False),
    Column("staff_name", Text, nullable=False),
)

promise = Table(
    "acceptance_promise",
    meta,
    IdColumn(),
    Column("case_id", Id, ForeignKey("acceptance_case.id"), nullable=False, unique=True),
    Column("positions", Json, nullable=False),
    Column("conditions", Text, nullable=False),  # as they were told then
    Column("days", Integer, nullable=False),
    Column("at_once", Boolean, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("check_due_at", UtcDateTime),  # T12
    Column("checked_at", UtcDateTime),
    Column("outcome", Text, nullable=False, default=""),  # kept | broken
    Column("findings", Text, nullable=False, default=""),
    Column("checked_by", Text, nullable=False, default=""),
    CheckConstraint("outcome IN ('', 'kept', 'broken')", name="outcome"),
)
