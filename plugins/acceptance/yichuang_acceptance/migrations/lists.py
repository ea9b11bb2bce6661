"""Indexes that lists and searches run along page by page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from yichuang.api import text

if TYPE_CHECKING:
    from alembic.operations import Operations


def create(op: Operations) -> None:
    """Create them."""
    done = text("done_at IS NOT NULL")
    op.create_index(
        "ix_acceptance_matter_done", "acceptance_matter", ["done_at", "id"], sqlite_where=done, postgresql_where=done
    )  # fmt: skip
    op.create_index("ix_acceptance_archive_term", "acceptance_archive", ["years", "at", "id"])
    if op.get_bind().dialect.name == "postgresql":
        _agency_of_search(op)


def _agency_of_search(op: Operations) -> None:
    """The agency beside the terms of a case, on PostgreSQL."""
    op.execute("ALTER TABLE acceptance_search ADD COLUMN agency text")
    op.execute(
        "UPDATE acceptance_search SET agency = c.agency FROM acceptance_case AS c WHERE c.id = acceptance_search.case_id"
    )
    op.execute("ALTER TABLE acceptance_search ALTER COLUMN agency SET NOT NULL")
    op.execute(
        "CREATE INDEX ix_acceptance_search_agency ON acceptance_search (agency, item_name_id, case_id)"
    )
