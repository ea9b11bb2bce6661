"""The first tables of core; the journal and its seals are append-only by trigger."""

from __future__ import annotations

from typing import TYPE_CHECKING

from yichuang.storage.hall_tables import meta
from yichuang.storage.migrate import append_only

if TYPE_CHECKING:
    from alembic.operations import Operations

REVISION = "0001"


def upgrade(op: Operations) -> None:
    """Create the tables."""
    meta.create_all(op.get_bind())
    append_only(op, "core_journal")
    append_only(op, "core_journal_seal")
