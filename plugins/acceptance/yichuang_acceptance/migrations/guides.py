"""The part of the first revision that keeps guides of service items; a published one is kept from change by trigger."""

from __future__ import annotations

from typing import TYPE_CHECKING

from yichuang.api import CheckConstraint, Column, Id, Integer, Json, PrimaryKeyConstraint, Text, UtcDateTime

if TYPE_CHECKING:
    from alembic.operations import Operations

TABLE = "acceptance_guide"


def create(op: Operations) -> None:
    """Create the table and its guard."""
    op.create_table(
        TABLE,
        Column("item", Text(), nullable=False),
        Column("version", Integer(), autoincrement=False, nullable=False),
        Column("state", Text(), nullable=False),
        Column("row_version", Integer(), nullable=False),
        Column("body", Json(), nullable=False),
        Column("note", Text(), nullable=False),
        Column("authors", Json(), nullable=False),
        Column("author_name", Text(), nullable=False),
        Column("changed_at", UtcDateTime(), nullable=False),
        Column("submitted_name", Text(), nullable=False),
        Column("submitted_at", UtcDateTime(), nullable=True),
        Column("returned_name", Text(), nullable=False),
        Column("returned_reason", Text(), nullable=False),
        Column("published_id", Id, nullable=True),
        Column("published_name", Text(), nullable=False),
        Column("published_at", UtcDateTime(), nullable=True),
        CheckConstraint("state IN ('draft', 'submitted', 'published')", name="ck_acceptance_guide_state"),
        PrimaryKeyConstraint("item", "version", name="pk_acceptance_guide"),
    )
    if op.get_bind().dialect.name == "sqlite":
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {TABLE}_no_{act.lower()} BEFORE {act} ON {TABLE} WHEN OLD.state = 'published' "
                f"BEGIN SELECT RAISE(ABORT, 'a published guide never changes'); END"
            )
        return
    op.execute(
        f"CREATE FUNCTION {TABLE}_keep() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'a published guide never changes'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {TABLE}_keep BEFORE UPDATE OR DELETE ON {TABLE} FOR EACH ROW "
        f"WHEN (OLD.state = 'published') EXECUTE FUNCTION {TABLE}_keep()"
    )
