"""Credit records of broken promises, also of those whose check was entered before they were kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from yichuang.api import (
    CheckConstraint,
    Column,
    Date,
    ForeignKeyConstraint,
    Id,
    PrimaryKeyConstraint,
    Text,
    UniqueConstraint,
    UtcDateTime,
    text,
)

if TYPE_CHECKING:
    from alembic.operations import Operations

TABLE = "acceptance_credit"
BROKEN_BEFORE = """
    INSERT INTO acceptance_credit
        (case_id, applicant_id, agency, finding, found_at, found_by, decision, repaired_by, repair)
    SELECT c.id, c.applicant_id, c.agency, p.findings, p.checked_at, p.checked_by, '', '', ''
    FROM acceptance_promise p JOIN acceptance_case c ON c.id = p.case_id
    WHERE p.outcome = 'broken' ORDER BY p.id
"""


def create(op: Operations) -> None:
    """Create the table."""
    op.create_table(
        TABLE,
        Column("id", Id, autoincrement=True, nullable=False),
        Column("case_id", Id, nullable=False),
        Column("applicant_id", Id, nullable=False),
        Column("agency", Text(), nullable=False),
        Column("finding", Text(), nullable=False),
        Column("found_at", UtcDateTime(), nullable=False),
        Column("found_by_id", Id, nullable=True),
        Column("found_by", Text(), nullable=False),
        Column("decision", Text(), nullable=False),
        Column("decided_on", Date(), nullable=True),
        Column("repaired_at", UtcDateTime(), nullable=True),
        Column("repaired_by_id", Id, nullable=True),
        Column("repaired_by", Text(), nullable=False),
        Column("repair", Text(), nullable=False),
        CheckConstraint(
            "(repaired_at IS NULL) = (repaired_by_id IS NULL)", name="ck_acceptance_credit_repaired"
        ),
        ForeignKeyConstraint(["case_id"], ["acceptance_case.id"], name="fk_acceptance_credit_case_id"),
        PrimaryKeyConstraint("id", name="pk_acceptance_credit"),
        UniqueConstraint("case_id", name="uq_acceptance_credit_case_id"),
    )
    counts = text("repaired_at IS NULL")
    op.create_index(
        "ix_acceptance_credit_applicant",
        TABLE,
        ["applicant_id"],
        sqlite_where=counts,
        postgresql_where=counts,
    )
    op.create_index("ix_acceptance_credit_agency", TABLE, ["agency", "id"])
    op.execute(BROKEN_BEFORE)
