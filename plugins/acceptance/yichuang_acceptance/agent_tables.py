"""The ledger of helped and delegated applications (帮办代办): who does what for whom, with which papers and money."""

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
    Numeric,
    Table,
    Text,
    UtcDateTime,
)
from yichuang_acceptance.tables import meta

mandate = Table(
    "acceptance_mandate",
    meta,
    IdColumn(),
    Column("case_id", Id, ForeignKey("acceptance_case.id"), nullable=False, unique=True),
    Column("helper", Text, nullable=False),
    Column("helper_masked", Text, nullable=False),
    Column("helper_digest", Text, nullable=False),  # tells one helper from another without the number
    Column("helper_phone", Text, nullable=False, default=""),
    Column("scope", Text, nullable=False),
    Column("valid_to", Date, nullable=False),
    Column("letter", Text, nullable=False, default=""),  # digest of the scanned letter of authority
    Column("received", Text, nullable=False),  # papers handed to the helper
    Column("returned", Text, nullable=False, default=""),
    Column("fees", Numeric(10, 2), nullable=False, default=0),  # advanced for the applicant, yuan
    Column("result", Text, nullable=False, default=""),
    Column("satisfaction", Integer),  # 1 very satisfied to 5 very dissatisfied
    Column("entrusted_at", UtcDateTime, nullable=False),
    Column("reported_at", UtcDateTime),
    Column("visited_at", UtcDateTime),  # asked afterwards
    Column("staff_id", Id, nullable=False),
    Column("staff_name", Text, nullable=False),
    CheckConstraint("satisfaction IS NULL OR satisfaction BETWEEN 1 AND 5", name="satisfaction"),
    CheckConstraint("fees >= 0", name="fees"),
)
Index("ix_acceptance_mandate_helper", mandate.c.helper_digest, mandate.c.entrusted_at)
