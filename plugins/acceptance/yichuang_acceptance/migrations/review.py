"""The tables of the review, as the first revision makes them; graphs are append-only by trigger. A frozen copy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from yichuang.api import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKeyConstraint,
    Id,
    Integer,
    Json,
    Numeric,
    PrimaryKeyConstraint,
    Text,
    UniqueConstraint,
    UtcDateTime,
    append_only,
    text,
)

if TYPE_CHECKING:
    from alembic.operations import Operations


def create(op: Operations) -> None:
    """Create the tables."""
    for make in (_flow, _case_flow, _task, _absence):
        make(op)
    append_only(op, "acceptance_flow")


def _flow(op: Operations) -> None:
    op.create_table(
        "acceptance_flow",
        Column("id", Id, autoincrement=True, nullable=False),
        Column("item", Text(), nullable=False),
        Column("item_version", Integer(), nullable=False),
        Column("revision", Integer(), nullable=False),
        Column("graph", Json(), nullable=False),
        Column("at", UtcDateTime(), nullable=False),
        Column("staff_id", Id, nullable=False),
        Column("staff_name", Text(), nullable=False),
        PrimaryKeyConstraint("id", name="pk_acceptance_flow"),
        UniqueConstraint(
            "item", "item_version", "revision", name="uq_acceptance_flow_item_item_version_revision"
        ),
    )


def _case_flow(op: Operations) -> None:
    op.create_table(
        "acceptance_case_flow",
        Column("case_id", Id, autoincrement=False, nullable=False),
        Column("flow_id", Id, nullable=False),
        Column("round", Integer(), nullable=False),
        ForeignKeyConstraint(["case_id"], ["acceptance_case.id"], name="fk_acceptance_case_flow_case_id"),
        ForeignKeyConstraint(["flow_id"], ["acceptance_flow.id"], name="fk_acceptance_case_flow_flow_id"),
        PrimaryKeyConstraint("case_id", name="pk_acceptance_case_flow"),
    )


def _task(op: Operations) -> None:
    op.create_table(
        "acceptance_task",
        Column("id", Id, autoincrement=True, nullable=False),
        Column("case_id", Id, nullable=False),
        Column("node", Text(), nullable=False),
        Column("round", Integer(), nullable=False),
        Column("kind", Text(), nullable=False),
        Column("name", Text(), nullable=False),
        Column("agency", Text(), nullable=False),
        Column("permission", Text(), nullable=False),
        Column("case_agency", Text(), nullable=False),
        Column("case_no", Text(), nullable=False),
        Column("item", Text(), nullable=False),
        Column("item_name", Text(), nullable=False),
        Column("applicant", Text(), nullable=False),
        Column("asked_by", Id, nullable=True),
        Column("question", Text(), nullable=False),
        Column("assignee_id", Id, nullable=True),
        Column("assignee_name", Text(), nullable=False),
        Column("opened_at", UtcDateTime(), nullable=False),
        Column("limit_amount", Numeric(6, 1), nullable=True),
        Column("limit_unit", Text(), nullable=False),
        Column("silent_ok", Boolean(), nullable=False),
        Column("paused", Boolean(), nullable=False),
        Column("due_at", UtcDateTime(), nullable=True),
        Column("warn_at", UtcDateTime(), nullable=True),
        Column("timer_at", UtcDateTime(), nullable=True),
        Column("state", Text(), nullable=False),
        Column("stands", Boolean(), nullable=False),
        Column("outcome", Text(), nullable=False),
        Column("return_to", Text(), nullable=False),
        Column("opinion", Text(), nullable=False),
        Column("checked", Json(), nullable=False),
        Column("said", Json(), nullable=False),
        Column("staff_id", Id, nullable=True),
        Column("staff_name", Text(), nullable=False),
        Column("for_id", Id, nullable=True),
        Column("for_name", Text(), nullable=False),
        Column("done_at", UtcDateTime(), nullable=True),
        Column("row_version", Integer(), nullable=False),
        CheckConstraint("(state = 'done') = (done_at IS NOT NULL)", name="ck_acceptance_task_done"),
        CheckConstraint("state <> 'open' OR stands", name="ck_acceptance_task_stands"),
        CheckConstraint("state IN ('open', 'done', 'skipped', 'dropped')", name="ck_acceptance_task_state"),
        ForeignKeyConstraint(["asked_by"], ["acceptance_task.id"], name="fk_acceptance_task_asked_by"),
        ForeignKeyConstraint(["case_id"], ["acceptance_case.id"], name="fk_acceptance_task_case_id"),
        PrimaryKeyConstraint("id", name="pk_acceptance_task"),
        UniqueConstraint("case_id", "node", "round", name="uq_acceptance_task_case_id_node_round"),
    )
    op.create_index(
        "ix_acceptance_task_agency", "acceptance_task", ["agency", "due_at", "id"], unique=False,
        sqlite_where=text("state = 'open'"),
        postgresql_where=text("state = 'open'"),
    )  # fmt: skip
    op.create_index(
        "ix_acceptance_task_assignee", "acceptance_task", ["assignee_id", "due_at", "id"], unique=False,
        sqlite_where=text("state = 'open'"),
        postgresql_where=text("state = 'open'"),
    )  # fmt: skip
    op.create_index("ix_acceptance_task_staff", "acceptance_task", ["staff_id", "done_at"], unique=False)
    op.create_index(
        "ix_acceptance_task_timer", "acceptance_task", ["timer_at"], unique=False,
        sqlite_where=text("timer_at IS NOT NULL"),
        postgresql_where=text("timer_at IS NOT NULL"),
    )  # fmt: skip


def _absence(op: Operations) -> None:
    op.create_table(
        "acceptance_absence",
        Column("id", Id, autoincrement=True, nullable=False),
        Column("agency", Text(), nullable=False),
        Column("staff_id", Id, nullable=False),
        Column("staff_name", Text(), nullable=False),
        Column("deputy_id", Id, nullable=False),
        Column("deputy_name", Text(), nullable=False),
        Column("first_day", Date(), nullable=False),
        Column("last_day", Date(), nullable=False),
        Column("at", UtcDateTime(), nullable=False),
        Column("by_id", Id, nullable=False),
        CheckConstraint("last_day >= first_day", name="ck_acceptance_absence_days"),
        CheckConstraint("deputy_id <> staff_id", name="ck_acceptance_absence_deputy"),
        PrimaryKeyConstraint("id", name="pk_acceptance_absence"),
    )
    op.create_index(
        "ix_acceptance_absence_deputy", "acceptance_absence", ["deputy_id", "last_day"], unique=False
    )
    op.create_index(
        "ix_acceptance_absence_staff", "acceptance_absence", ["staff_id", "last_day"], unique=False
    )
