"""Who was asked first, of drafts and cases; from whom a draft came."""

from __future__ import annotations

from typing import TYPE_CHECKING

from yichuang.api import Column, Id, Text

if TYPE_CHECKING:
    from alembic.operations import Operations


def create(op: Operations) -> None:
    """Add the columns."""
    for table in ("acceptance_case", "acceptance_draft"):
        op.add_column(table, Column("first_contact_id", Id, nullable=True))
        op.add_column(table, Column("first_contact", Text(), nullable=False, server_default=""))
    for name in ("handed_by", "note"):
        op.add_column("acceptance_draft", Column(name, Text(), nullable=False, server_default=""))
