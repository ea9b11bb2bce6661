"""The first tables of the licence plugin; uses are append-only by trigger.

A frozen copy: later revisions change the tables, this one keeps what it made.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from yichuang.api import (
    CheckConstraint,
    Column,
    Date,
    ForeignKeyConstraint,
    Id,
    Json,
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
        _licence,
        _use,
    ):
        create(op)
    append_only(op, "licence_use")


def _licence(op: Operations) -> None:
    op.create_table(
        "licence_licence",
        Column("id", Id, autoincrement=True, nullable=False),
        Column("code", Text(), nullable=False),
        Column("number", Text(), nullable=False),
        Column("type", Text(), nullable=False),
        Column("name", Text(), nullable=False),
        Column("status", Text(), nullable=False),
        Column("issuer", Text(), nullable=False),
        Column("issuer_name", Text(), nullable=False),
        Column("holder_id", Id, nullable=False),
        Column("holder_kind", Text(), nullable=False),
        Column("holder_name", Text(), nullable=False),
        Column("holder_masked", Text(), nullable=False),
        Column("valid_from", Date(), nullable=False),
        Column("valid_to", Date(), nullable=True),
        Column("fields", Json(), nullable=False),
        Column("subject", Text(), nullable=False),
        Column("document", Text(), nullable=False),
        Column("issued_at", UtcDateTime(), nullable=False),
        CheckConstraint(
            "status IN ('in_force', 'suspended', 'cancelled', 'revoked', 'annulled', 'replaced')",
            name="ck_licence_licence_status",
        ),
        PrimaryKeyConstraint("id", name="pk_licence_licence"),
        UniqueConstraint("code", name="uq_licence_licence_code"),
        UniqueConstraint("number", name="uq_licence_licence_number"),
    )
    op.create_index("ix_licence_licence_holder", "licence_licence", ["holder_id", "type"], unique=False)
    op.create_index("ix_licence_licence_name", "licence_licence", ["holder_name"], unique=False)
    op.create_index("ix_licence_licence_subject", "licence_licence", ["subject"], unique=False)


def _use(op: Operations) -> None:
    op.create_table(
        "licence_use",
        Column("id", Id, autoincrement=True, nullable=False),
        Column("licence_id", Id, nullable=True),
        Column("at", UtcDateTime(), nullable=False),
        Column("staff_id", Id, nullable=False),
        Column("staff_name", Text(), nullable=False),
        Column("desk", Text(), nullable=False),
        Column("act", Text(), nullable=False),
        Column("purpose", Text(), nullable=False),
        Column("basis", Text(), nullable=False),
        Column("subject", Text(), nullable=False),
        Column("result", Text(), nullable=False),
        ForeignKeyConstraint(["licence_id"], ["licence_licence.id"], name="fk_licence_use_licence_id"),
        PrimaryKeyConstraint("id", name="pk_licence_use"),
    )
    op.create_index("ix_licence_use_licence", "licence_use", ["licence_id", "id"], unique=False)
