"""Tables of one matter at once, as the first revision makes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from yichuang.api import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Id,
    Integer,
    Json,
    Numeric,
    PrimaryKeyConstraint,
    Text,
    UniqueConstraint,
    UtcDateTime,
    text,
)

if TYPE_CHECKING:
    from alembic.operations import Operations


def create(op: Operations) -> None:
    """The matter and its items."""
    _matter(op)
    _part(op)


def _matter(op: Operations) -> None:
    op.create_table(
        "acceptance_matter",
        Column("id", Id, autoincrement=True, nullable=False),
        Column("case_no", Text(), nullable=False),
        Column("query_code", Text(), nullable=False),
        Column("theme", Text(), nullable=False),
        Column("name", Text(), nullable=False),
        Column("lead", Text(), nullable=False),
        Column("lead_name", Text(), nullable=False),
        Column("state", Text(), nullable=False),
        Column("row_version", Integer(), nullable=False),
        Column("applicant_id", Id, nullable=False),
        Column("applicant_kind", Text(), nullable=False),
        Column("applicant_name", Text(), nullable=False),
        Column("applicant_masked", Text(), nullable=False),
        Column("agent_name", Text(), nullable=False),
        Column("phone", Text(), nullable=False),
        Column("project", Text(), nullable=False),
        Column("form", Json(), nullable=False),
        Column("materials", Json(), nullable=False),
        Column("joint", Boolean(), nullable=False),
        Column("promise_amount", Numeric(6, 1), nullable=True),
        Column("promise_unit", Text(), nullable=False),
        Column("received_at", UtcDateTime(), nullable=False),
        Column("promise_due_at", UtcDateTime(), nullable=True),
        Column("legal_due_at", UtcDateTime(), nullable=True),
        Column("done_at", UtcDateTime(), nullable=True),
        Column("acceptor_id", Id, nullable=False),
        Column("acceptor_name", Text(), nullable=False),
        Column("desk", Text(), nullable=False),
        CheckConstraint(
            "state IN ('received', 'accepted', 'review', 'ready', 'done')", name="ck_acceptance_matter_state"
        ),
        PrimaryKeyConstraint("id", name="pk_acceptance_matter"),
        UniqueConstraint("case_no", name="uq_acceptance_matter_case_no"),
    )
    op.create_index(
        "ix_acceptance_matter_state", "acceptance_matter", ["state", "promise_due_at", "id"], unique=False
    )
    op.create_index(
        "ix_acceptance_matter_acceptor", "acceptance_matter", ["acceptor_id", "state"], unique=False
    )


def _part(op: Operations) -> None:
    op.create_table(
        "acceptance_matter_part",
        Column("id", Id, autoincrement=True, nullable=False),
        Column("matter_id", Id, nullable=False),
        Column("position", Integer(), nullable=False),
        Column("name", Text(), nullable=False),
        Column("optional", Boolean(), nullable=False),
        Column("after", Json(), nullable=False),
        Column("case_id", Id, nullable=True),
        Column("outcome", Text(), nullable=False),
        Column("note", Text(), nullable=False),
        Column("answer", Text(), nullable=False),
        Column("at", UtcDateTime(), nullable=True),
        Column("staff_name", Text(), nullable=False),
        CheckConstraint(
            "outcome IN ('', 'granted', 'refused', 'dropped')", name="ck_acceptance_matter_part_outcome"
        ),
        CheckConstraint("answer IN ('', 'asked', 'stop', 'go_on')", name="ck_acceptance_matter_part_answer"),
        CheckConstraint("outcome = '' OR case_id IS NULL", name="ck_acceptance_matter_part_elsewhere"),
        ForeignKeyConstraint(
            ["matter_id"], ["acceptance_matter.id"], name="fk_acceptance_matter_part_matter_id"
        ),
        ForeignKeyConstraint(["case_id"], ["acceptance_case.id"], name="fk_acceptance_matter_part_case_id"),
        PrimaryKeyConstraint("id", name="pk_acceptance_matter_part"),
        UniqueConstraint("case_id", name="uq_acceptance_matter_part_case_id"),
        UniqueConstraint("matter_id", "position", name="uq_acceptance_matter_part_matter_id_position"),
    )
    op.create_index(
        "ix_acceptance_matter_part_asked",
        "acceptance_matter_part",
        ["matter_id"],
        unique=False,
        sqlite_where=text("answer = 'asked'"),
        postgresql_where=text("answer = 'asked'"),
    )
