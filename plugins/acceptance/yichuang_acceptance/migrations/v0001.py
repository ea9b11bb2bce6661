"""The first tables of the acceptance plugin; case events are append-only by trigger.

A frozen copy: later revisions change the tables, this one keeps what it made.
"""

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
    LargeBinary,
    PrimaryKeyConstraint,
    Text,
    UniqueConstraint,
    UtcDateTime,
    append_only,
)

if TYPE_CHECKING:
    from alembic.operations import Operations

REVISION = "0001"


def upgrade(op: Operations) -> None:
    """Create the tables."""
    for create in (
        _case,
        _draft,
        _event,
        _material,
        _paper,
    ):
        create(op)
    append_only(op, "acceptance_event")


def _case(op: Operations) -> None:
    op.create_table(
        "acceptance_case",
        Column("id", Id, autoincrement=True, nullable=False),
        Column("case_no", Text(), nullable=False),
        Column("query_code", Text(), nullable=False),
        Column("state", Text(), nullable=False),
        Column("row_version", Integer(), nullable=False),
        Column("item", Text(), nullable=False),
        Column("item_version", Integer(), nullable=False),
        Column("item_name", Text(), nullable=False),
        Column("item_type", Text(), nullable=False),
        Column("item_kind", Text(), nullable=False),
        Column("agency", Text(), nullable=False),
        Column("agency_name", Text(), nullable=False),
        Column("applicant_id", Id, nullable=False),
        Column("applicant_kind", Text(), nullable=False),
        Column("applicant_name", Text(), nullable=False),
        Column("applicant_masked", Text(), nullable=False),
        Column("agent_id", Id, nullable=True),
        Column("agent_name", Text(), nullable=False),
        Column("phone", Text(), nullable=False),
        Column("project", Text(), nullable=False),
        Column("form", Json(), nullable=False),
        Column("ticket", Text(), nullable=False),
        Column("desk", Text(), nullable=False),
        Column("tolerance_due", UtcDateTime(), nullable=True),
        Column("received_at", UtcDateTime(), nullable=False),
        Column("accepted_at", UtcDateTime(), nullable=True),
        Column("legal_due_at", UtcDateTime(), nullable=True),
        Column("promise_due_at", UtcDateTime(), nullable=True),
        Column("warn_at", UtcDateTime(), nullable=True),
        Column("decided_at", UtcDateTime(), nullable=True),
        Column("ready_at", UtcDateTime(), nullable=True),
        Column("delivered_at", UtcDateTime(), nullable=True),
        Column("acceptor_id", Id, nullable=False),
        Column("acceptor_name", Text(), nullable=False),
        Column("decider_id", Id, nullable=True),
        Column("decider_name", Text(), nullable=False),
        Column("corrected", Boolean(), nullable=False),
        Column("licence_code", Text(), nullable=False),
        CheckConstraint(
            "state IN ('received', 'correcting', 'not_accepted', 'review', 'granted', "
            "'refused', 'ready', 'delivered', 'withdrawn')",
            name="ck_acceptance_case_state",
        ),
        CheckConstraint("accepted_at IS NULL OR accepted_at >= received_at", name="ck_acceptance_case_order"),
        CheckConstraint(
            "decider_id IS NULL OR decider_id <> acceptor_id", name="ck_acceptance_case_four_eyes"
        ),
        PrimaryKeyConstraint("id", name="pk_acceptance_case"),
        UniqueConstraint("case_no", name="uq_acceptance_case_case_no"),
    )
    op.create_index(
        "ix_acceptance_case_acceptor", "acceptance_case", ["acceptor_id", "received_at"], unique=False
    )
    op.create_index(
        "ix_acceptance_case_agency", "acceptance_case", ["agency", "state", "promise_due_at"], unique=False
    )
    op.create_index("ix_acceptance_case_applicant", "acceptance_case", ["applicant_id"], unique=False)
    op.create_index("ix_acceptance_case_received", "acceptance_case", ["received_at", "id"], unique=False)
    op.create_index(
        "ix_acceptance_case_state", "acceptance_case", ["state", "promise_due_at", "id"], unique=False
    )


def _draft(op: Operations) -> None:
    op.create_table(
        "acceptance_draft",
        Column("id", Id, autoincrement=True, nullable=False),
        Column("staff_id", Id, nullable=False),
        Column("desk", Text(), nullable=False),
        Column("item_name", Text(), nullable=False),
        Column("applicant_name", Text(), nullable=False),
        Column("parked", Boolean(), nullable=False),
        Column("at", UtcDateTime(), nullable=False),
        Column("body", LargeBinary(), nullable=False),
        PrimaryKeyConstraint("id", name="pk_acceptance_draft"),
    )
    op.create_index("ix_acceptance_draft_staff", "acceptance_draft", ["staff_id", "at"], unique=False)


def _event(op: Operations) -> None:
    op.create_table(
        "acceptance_event",
        Column("id", Id, autoincrement=True, nullable=False),
        Column("case_id", Id, nullable=False),
        Column("seq", Integer(), nullable=False),
        Column("event", Text(), nullable=False),
        Column("source", Text(), nullable=False),
        Column("target", Text(), nullable=False),
        Column("staff_id", Id, nullable=False),
        Column("staff_name", Text(), nullable=False),
        Column("desk", Text(), nullable=False),
        Column("at", UtcDateTime(), nullable=False),
        Column("opinion", Text(), nullable=False),
        ForeignKeyConstraint(["case_id"], ["acceptance_case.id"], name="fk_acceptance_event_case_id"),
        PrimaryKeyConstraint("id", name="pk_acceptance_event"),
        UniqueConstraint("case_id", "seq", name="uq_acceptance_event_case_id_seq"),
    )


def _material(op: Operations) -> None:
    op.create_table(
        "acceptance_material",
        Column("id", Id, autoincrement=True, nullable=False),
        Column("case_id", Id, nullable=False),
        Column("position", Integer(), nullable=False),
        Column("code", Text(), nullable=False),
        Column("name", Text(), nullable=False),
        Column("need", Text(), nullable=False),
        Column("given", Text(), nullable=False),
        Column("originals", Integer(), nullable=False),
        Column("copies", Integer(), nullable=False),
        Column("pages", Json(), nullable=False),
        Column("licence", Text(), nullable=False),
        Column("due", UtcDateTime(), nullable=True),
        ForeignKeyConstraint(["case_id"], ["acceptance_case.id"], name="fk_acceptance_material_case_id"),
        PrimaryKeyConstraint("id", name="pk_acceptance_material"),
        UniqueConstraint("case_id", "position", name="uq_acceptance_material_case_id_position"),
    )


def _paper(op: Operations) -> None:
    op.create_table(
        "acceptance_paper",
        Column("id", Id, autoincrement=True, nullable=False),
        Column("case_id", Id, nullable=False),
        Column("kind", Text(), nullable=False),
        Column("title", Text(), nullable=False),
        Column("number", Text(), nullable=False),
        Column("at", UtcDateTime(), nullable=False),
        Column("facts", Json(), nullable=False),
        Column("state", Text(), nullable=False),
        Column("document", Text(), nullable=False),
        Column("sealed", Text(), nullable=False),
        Column("prints", Integer(), nullable=False),
        CheckConstraint(
            "state IN ('drafted', 'rendered', 'waiting_seal', 'sealed')", name="ck_acceptance_paper_state"
        ),
        ForeignKeyConstraint(["case_id"], ["acceptance_case.id"], name="fk_acceptance_paper_case_id"),
        PrimaryKeyConstraint("id", name="pk_acceptance_paper"),
        UniqueConstraint("case_id", "kind", "number", name="uq_acceptance_paper_case_id_kind_number"),
    )
    op.create_index("ix_acceptance_paper_state", "acceptance_paper", ["state", "id"], unique=False)
