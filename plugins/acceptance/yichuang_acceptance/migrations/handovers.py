"""Part of the first revision: points, where cases came in and go out, lists handed over."""

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
    PrimaryKeyConstraint,
    Text,
    UniqueConstraint,
    UtcDateTime,
    text,
)

if TYPE_CHECKING:
    from alembic.operations import Operations


def create(op: Operations) -> None:
    """Create the tables."""
    op.create_table(
        "acceptance_point",
        Column("id", Id, autoincrement=True, nullable=False),
        Column("code", Text(), nullable=False),
        Column("name", Text(), nullable=False),
        Column("kind", Text(), nullable=False),
        Column("desks", Json(), nullable=False),
        Column("active", Boolean(), nullable=False),
        CheckConstraint("kind IN ('town', 'village')", name="ck_acceptance_point_kind"),
        UniqueConstraint("code", name="uq_acceptance_point_code"),
        PrimaryKeyConstraint("id", name="pk_acceptance_point"),
    )
    op.create_table(
        "acceptance_case_point",
        Column("id", Id, autoincrement=True, nullable=False),
        Column("case_id", Id, nullable=False),
        Column("origin", Text(), nullable=False),
        Column("issue", Text(), nullable=False),
        Column("materials_at", Text(), nullable=False),
        Column("result_at", Text(), nullable=False),
        ForeignKeyConstraint(["case_id"], ["acceptance_case.id"], name="fk_acceptance_case_point_case_id"),
        UniqueConstraint("case_id", name="uq_acceptance_case_point_case_id"),
        PrimaryKeyConstraint("id", name="pk_acceptance_case_point"),
    )
    op.create_index(
        "ix_acceptance_case_point_issue", "acceptance_case_point", ["issue", "case_id"], unique=False
    )
    op.create_table(
        "acceptance_handover",
        Column("id", Id, autoincrement=True, nullable=False),
        Column("number", Text(), nullable=False),
        Column("source", Text(), nullable=False),
        Column("target", Text(), nullable=False),
        Column("state", Text(), nullable=False),
        Column("sent_at", UtcDateTime(), nullable=False),
        Column("sent_by", Text(), nullable=False),
        Column("received_at", UtcDateTime(), nullable=True),
        Column("received_by", Text(), nullable=False),
        CheckConstraint("source <> target", name="ck_acceptance_handover_points"),
        CheckConstraint("state IN ('sent', 'received')", name="ck_acceptance_handover_state"),
        UniqueConstraint("number", name="uq_acceptance_handover_number"),
        PrimaryKeyConstraint("id", name="pk_acceptance_handover"),
    )
    op.create_index("ix_acceptance_handover_source", "acceptance_handover", ["source", "id"], unique=False)
    op.create_index(
        "ix_acceptance_handover_target", "acceptance_handover", ["target", "state", "id"], unique=False
    )
    op.create_table(
        "acceptance_handover_line",
        Column("id", Id, autoincrement=True, nullable=False),
        Column("handover_id", Id, nullable=False),
        Column("position", Integer(), nullable=False),
        Column("case_id", Id, nullable=False),
        Column("what", Text(), nullable=False),
        Column("contents", Text(), nullable=False),
        Column("arrived", Boolean(), nullable=True),
        Column("difference", Text(), nullable=False),
        CheckConstraint("what IN ('materials', 'result')", name="ck_acceptance_handover_line_what"),
        ForeignKeyConstraint(["case_id"], ["acceptance_case.id"], name="fk_acceptance_handover_line_case_id"),
        ForeignKeyConstraint(
            ["handover_id"], ["acceptance_handover.id"], name="fk_acceptance_handover_line_handover_id"
        ),
        UniqueConstraint("handover_id", "position", name="uq_acceptance_handover_line_handover_id_position"),
        PrimaryKeyConstraint("id", name="pk_acceptance_handover_line"),
    )
    op.create_index("ix_acceptance_handover_line_case", "acceptance_handover_line", ["case_id"], unique=False)
    op.create_index(
        "uq_acceptance_handover_line_way",
        "acceptance_handover_line",
        ["case_id", "what"],
        unique=True,
        sqlite_where=text("arrived IS NULL"),
        postgresql_where=text("arrived IS NULL"),
    )
