"""Tables of notice and commitment (告知承诺): items that allow it, promises in place of proofs, records of broken ones."""

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

credit = Table(
    "acceptance_credit",  # a promise did not hold (失信记录): no other is taken of its applicant until this is repaired
    meta,
    IdColumn(),
    Column("case_id", Id, ForeignKey("acceptance_case.id"), nullable=False, unique=True),
    Column("applicant_id", Id, nullable=False),
    Column("agency", Text, nullable=False),
    Column("finding", Text, nullable=False),
    Column("found_at", UtcDateTime, nullable=False),
    Column("found_by_id", Id),  # None of checks from before that was kept
    Column("found_by", Text, nullable=False),
    Column("decision", Text, nullable=False, default=""),  # number of the decision that revoked the grant
    Column("decided_on", Date),
    Column("repaired_at", UtcDateTime),
    Column("repaired_by_id", Id),
    Column("repaired_by", Text, nullable=False, default=""),
    Column("repair", Text, nullable=False, default=""),
    CheckConstraint("(repaired_at IS NULL) = (repaired_by_id IS NULL)", name="repaired"),
)
_counts = credit.c.repaired_at.is_(None)
Index("ix_acceptance_credit_applicant", credit.c.applicant_id, sqlite_where=_counts, postgresql_where=_counts)
Index("ix_acceptance_credit_agency", credit.c.agency, credit.c.id)
