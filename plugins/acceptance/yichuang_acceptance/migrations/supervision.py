"""Part of the first revision: notices of supervision with their steps, complaints."""

from __future__ import annotations

from typing import TYPE_CHECKING

from yichuang.api import (
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Id,
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
        "acceptance_notice",
        Column("id", Id, autoincrement=True, nullable=False),
        Column("alert_id", Id, nullable=False),
        Column("case_id", Id, nullable=False),
        Column("agency", Text(), nullable=False),
        Column("state", Text(), nullable=False),
        Column("due_at", UtcDateTime(), nullable=True),
        Column("order_no", Text(), nullable=False),
        Column("outcome", Text(), nullable=False),
        CheckConstraint("outcome IN ('', 'mended', 'excused')", name="ck_acceptance_notice_outcome"),
        CheckConstraint(
            "state IN ('notified', 'answered', 'ordered', 'closed')", name="ck_acceptance_notice_state"
        ),
        ForeignKeyConstraint(["alert_id"], ["acceptance_alert.id"], name="fk_acceptance_notice_alert_id"),
        ForeignKeyConstraint(["case_id"], ["acceptance_case.id"], name="fk_acceptance_notice_case_id"),
        UniqueConstraint("alert_id", name="uq_acceptance_notice_alert_id"),
        PrimaryKeyConstraint("id", name="pk_acceptance_notice"),
    )
    op.create_index(
        "ix_acceptance_notice_agency", "acceptance_notice", ["agency", "state", "due_at"], unique=False
    )
    op.create_index("ix_acceptance_notice_state", "acceptance_notice", ["state", "due_at"], unique=False)
    op.create_table(
        "acceptance_notice_step",
        Column("id", Id, autoincrement=True, nullable=False),
        Column("notice_id", Id, nullable=False),
        Column("kind", Text(), nullable=False),
        Column("text", Text(), nullable=False),
        Column("at", UtcDateTime(), nullable=False),
        Column("staff_id", Id, nullable=False),
        Column("staff_name", Text(), nullable=False),
        CheckConstraint(
            "kind IN ('feedback', 'appeal', 'order', 'close')", name="ck_acceptance_notice_step_kind"
        ),
        ForeignKeyConstraint(
            ["notice_id"], ["acceptance_notice.id"], name="fk_acceptance_notice_step_notice_id"
        ),
        PrimaryKeyConstraint("id", name="pk_acceptance_notice_step"),
    )
    op.create_index(
        "ix_acceptance_notice_step_notice", "acceptance_notice_step", ["notice_id", "id"], unique=False
    )
    op.create_table(
        "acceptance_complaint",
        Column("id", Id, autoincrement=True, nullable=False),
        Column("case_id", Id, nullable=False),
        Column("agency", Text(), nullable=False),
        Column("source", Text(), nullable=False),
        Column("person", Text(), nullable=False),
        Column("content", Text(), nullable=False),
        Column("at", UtcDateTime(), nullable=False),
        Column("due_at", UtcDateTime(), nullable=False),
        Column("staff_id", Id, nullable=False),
        Column("staff_name", Text(), nullable=False),
        Column("answer", Text(), nullable=False),
        Column("answered_at", UtcDateTime(), nullable=True),
        Column("answered_by", Text(), nullable=False),
        CheckConstraint("answered_at IS NULL OR answer <> ''", name="ck_acceptance_complaint_answered"),
        ForeignKeyConstraint(["case_id"], ["acceptance_case.id"], name="fk_acceptance_complaint_case_id"),
        PrimaryKeyConstraint("id", name="pk_acceptance_complaint"),
    )
    op.create_index("ix_acceptance_complaint_agency", "acceptance_complaint", ["agency", "id"], unique=False)
    op.create_index("ix_acceptance_complaint_case", "acceptance_complaint", ["case_id"], unique=False)
