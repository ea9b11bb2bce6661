"""The tables of the applicant's side of the window: showings, ratings and their repair, reuse, refusals on record."""

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
    """Create the tables; those of cases are there."""
    for each in (_showing, _rating, _rating_addition, _rating_fix, _reuse, _cannot_do):
        each(op)


def _showing(op: Operations) -> None:
    op.create_table(
        "acceptance_showing",
        Column("id", Id, autoincrement=True, nullable=False),
        Column("purpose", Text(), nullable=False),
        Column("state", Text(), nullable=False),
        Column("staff_id", Id, nullable=False),
        Column("staff_name", Text(), nullable=False),
        Column("desk", Text(), nullable=False),
        Column("agency", Text(), nullable=False),
        Column("case_id", Id, nullable=True),
        Column("shown", Text(), nullable=False),
        Column("wrong", Json(), nullable=False),
        Column("remark", Text(), nullable=False),
        Column("strokes", Text(), nullable=False),
        Column("picture", Text(), nullable=False),
        Column("source", Text(), nullable=False),
        Column("at", UtcDateTime(), nullable=False),
        Column("answered_at", UtcDateTime(), nullable=True),
        PrimaryKeyConstraint("id", name="pk_acceptance_showing"),
        CheckConstraint("purpose IN ('application', 'delivery')", name="ck_acceptance_showing_purpose"),
        CheckConstraint(
            "state IN ('waiting', 'confirmed', 'wrong', 'signed', 'ended')",
            name="ck_acceptance_showing_state",
        ),
        CheckConstraint(
            "state <> 'signed' OR (strokes <> '' AND picture <> '')", name="ck_acceptance_showing_signed"
        ),
        ForeignKeyConstraint(["case_id"], ["acceptance_case.id"], name="fk_acceptance_showing_case_id"),
    )
    op.create_index("ix_acceptance_showing_case", "acceptance_showing", ["case_id", "purpose"], unique=False)


def _rating(op: Operations) -> None:
    op.create_table(
        "acceptance_rating",
        Column("id", Id, autoincrement=True, nullable=False),
        Column("case_id", Id, nullable=False),
        Column("token", Text(), nullable=False),
        Column("agency", Text(), nullable=False),
        Column("staff_id", Id, nullable=False),
        Column("staff_name", Text(), nullable=False),
        Column("desk", Text(), nullable=False),
        Column("asked_at", UtcDateTime(), nullable=False),
        Column("level", Integer(), nullable=True),
        Column("tags", Json(), nullable=False),
        Column("comment", Text(), nullable=False),
        Column("channel", Text(), nullable=False),
        Column("is_default", Boolean(), nullable=False),
        Column("rated_at", UtcDateTime(), nullable=True),
        PrimaryKeyConstraint("id", name="pk_acceptance_rating"),
        CheckConstraint("level IS NULL OR (level >= 1 AND level <= 5)", name="ck_acceptance_rating_level"),
        ForeignKeyConstraint(["case_id"], ["acceptance_case.id"], name="fk_acceptance_rating_case_id"),
        UniqueConstraint("case_id", name="uq_acceptance_rating_case_id"),
        UniqueConstraint("token", name="uq_acceptance_rating_token"),
    )
    op.create_index(
        "ix_acceptance_rating_asked",
        "acceptance_rating",
        ["asked_at"],
        unique=False,
        sqlite_where=text("level IS NULL"),
        postgresql_where=text("level IS NULL"),
    )
    op.create_index("ix_acceptance_rating_rated", "acceptance_rating", ["rated_at", "agency"], unique=False)


def _rating_addition(op: Operations) -> None:
    op.create_table(
        "acceptance_rating_addition",
        Column("id", Id, autoincrement=True, nullable=False),
        Column("rating_id", Id, nullable=False),
        Column("comment", Text(), nullable=False),
        Column("at", UtcDateTime(), nullable=False),
        PrimaryKeyConstraint("id", name="pk_acceptance_rating_addition"),
        ForeignKeyConstraint(
            ["rating_id"], ["acceptance_rating.id"], name="fk_acceptance_rating_addition_rating_id"
        ),
    )
    op.create_index(
        "ix_acceptance_rating_addition_rating", "acceptance_rating_addition", ["rating_id"], unique=False
    )


def _rating_fix(op: Operations) -> None:
    op.create_table(
        "acceptance_rating_fix",
        Column("id", Id, autoincrement=True, nullable=False),
        Column("rating_id", Id, nullable=False),
        Column("case_id", Id, nullable=False),
        Column("agency", Text(), nullable=False),
        Column("staff_id", Id, nullable=False),
        Column("opened_at", UtcDateTime(), nullable=False),
        Column("contact_due_at", UtcDateTime(), nullable=False),
        Column("due_at", UtcDateTime(), nullable=False),
        Column("next_alert_at", UtcDateTime(), nullable=True),
        Column("contacted_at", UtcDateTime(), nullable=True),
        Column("contact", Text(), nullable=False),
        Column("extended", Boolean(), nullable=False),
        Column("extension_reason", Text(), nullable=False),
        Column("outcome", Text(), nullable=False),
        Column("result", Text(), nullable=False),
        Column("call_back", Text(), nullable=False),
        Column("closed_at", UtcDateTime(), nullable=True),
        Column("closed_by", Text(), nullable=False),
        PrimaryKeyConstraint("id", name="pk_acceptance_rating_fix"),
        CheckConstraint(
            "closed_at IS NULL OR (result <> '' AND call_back <> '')", name="ck_acceptance_rating_fix_closed"
        ),
        CheckConstraint(
            "outcome IN ('', 'fixed', 'explained', 'not_counted')", name="ck_acceptance_rating_fix_outcome"
        ),
        ForeignKeyConstraint(
            ["rating_id"], ["acceptance_rating.id"], name="fk_acceptance_rating_fix_rating_id"
        ),
        ForeignKeyConstraint(["case_id"], ["acceptance_case.id"], name="fk_acceptance_rating_fix_case_id"),
        UniqueConstraint("rating_id", name="uq_acceptance_rating_fix_rating_id"),
    )
    op.create_index(
        "ix_acceptance_rating_fix_alert",
        "acceptance_rating_fix",
        ["next_alert_at"],
        unique=False,
        sqlite_where=text("next_alert_at IS NOT NULL"),
        postgresql_where=text("next_alert_at IS NOT NULL"),
    )
    op.create_index(
        "ix_acceptance_rating_fix_open",
        "acceptance_rating_fix",
        ["due_at"],
        unique=False,
        sqlite_where=text("closed_at IS NULL"),
        postgresql_where=text("closed_at IS NULL"),
    )


def _reuse(op: Operations) -> None:
    op.create_table(
        "acceptance_reuse",
        Column("id", Id, autoincrement=True, nullable=False),
        Column("case_id", Id, nullable=False),
        Column("position", Integer(), nullable=False),
        Column("source_case_id", Id, nullable=False),
        Column("source_material_id", Id, nullable=False),
        Column("at", UtcDateTime(), nullable=False),
        PrimaryKeyConstraint("id", name="pk_acceptance_reuse"),
        ForeignKeyConstraint(["case_id"], ["acceptance_case.id"], name="fk_acceptance_reuse_case_id"),
        ForeignKeyConstraint(
            ["source_case_id"], ["acceptance_case.id"], name="fk_acceptance_reuse_source_case_id"
        ),
        ForeignKeyConstraint(
            ["source_material_id"], ["acceptance_material.id"], name="fk_acceptance_reuse_source_material_id"
        ),
        UniqueConstraint("case_id", "position", name="uq_acceptance_reuse_case_id_position"),
    )


def _cannot_do(op: Operations) -> None:
    op.create_table(
        "acceptance_cannot_do",
        Column("id", Id, autoincrement=True, nullable=False),
        Column("agency", Text(), nullable=False),
        Column("item", Text(), nullable=False),
        Column("item_name", Text(), nullable=False),
        Column("person", Text(), nullable=False),
        Column("phone", Text(), nullable=False),
        Column("reason", Text(), nullable=False),
        Column("said", Text(), nullable=False),
        Column("proper_place", Text(), nullable=False),
        Column("ticket", Text(), nullable=False),
        Column("at", UtcDateTime(), nullable=False),
        Column("staff_id", Id, nullable=False),
        Column("staff_name", Text(), nullable=False),
        Column("desk", Text(), nullable=False),
        Column("reviewed_at", UtcDateTime(), nullable=True),
        Column("reviewed_by", Text(), nullable=False),
        Column("review", Text(), nullable=False),
        PrimaryKeyConstraint("id", name="pk_acceptance_cannot_do"),
    )
    op.create_index("ix_acceptance_cannot_do_agency", "acceptance_cannot_do", ["agency", "id"], unique=False)
