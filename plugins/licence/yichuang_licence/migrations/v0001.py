"""The first tables of the licence plugin; uses are append-only by trigger."""

from __future__ import annotations

from typing import TYPE_CHECKING

from yichuang.api import append_only
from yichuang_licence.tables import meta

if TYPE_CHECKING:
    from alembic.operations import Operations

REVISION = "0001"


def upgrade(op: Operations) -> None:
    """Create the tables."""
    meta.create_all(op.get_bind())
    append_only(op, "licence_use")
