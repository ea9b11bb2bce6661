"""Part of the first revision: the ledger of helped and delegated applications."""

from __future__ import annotations

from typing import TYPE_CHECKING

from yichuang.api import (
    CheckConstraint,
    Column,
    Date,
    ForeignKeyConstraint,
    Id,
    Integer,
    Numeric,
    PrimaryKeyConstraint,
    Text,
    UniqueConstraint,
    UtcDateTime,
)

if TYPE_CHECKING:
    from alembic.operations import Operations


def create(op: Operations) -> None:
    """Create the tables."""
    op.create_table(
        "acceptance_mandate",
        Column("id", Id, autoincrement=True, nullable=False),
        Column("case_id", Id, nullable=False),
        Column("helper", Text(), nullable=False),
        Column("helper_masked", Text(), nullable=False),
        Column("helper_digest", Text(), nullable=False),
        Column("helper_phone", Text(), nullable=False),
        Column("scope", Text(), nullable=False),
        Column("valid_to", Date(), nullable=False),
        Column("letter", Text(), nullable=False),
        Column("received", Text(), nullable=False),
        Column("returned", Text(), nullable=False),
        Column("fees", Numeric(10, 2), nullable=False),
        Column("result", Text(), nullable=False),
        Column("satisfaction", Integer(), nullable=True),
        Column("entrusted_at", UtcDateTime(), nullable=False),
        Column("reported_at", UtcDateTime(), nullable=True),
        Column("visited_at", UtcDateTime(), nullable=True),
        Column("staff_id", Id, nullable=False),
        Column("staff_name", Text(), nullable=False),
        CheckConstraint("fees >= 0", name="ck_acceptance_mandate_fees"),
        CheckConstraint(
            "satisfaction IS NULL OR satisfaction BETWEEN 1 AND 5", name="ck_acceptance_mandate_satisfaction"
        ),
        ForeignKeyConstraint(["case_id"], ["acceptance_case.id"], name="fk_acceptance_mandate_case_id"),
        UniqueConstraint("case_id", name="uq_acceptance_mandate_case_id"),
        PrimaryKeyConstraint("id", name="pk_acceptance_mandate"),
    )
    op.create_index(
        "ix_acceptance_mandate_helper", "acceptance_mandate", ["helper_digest", "entrusted_at"], unique=False
    )
