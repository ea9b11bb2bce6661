"""Makes a table, then fails."""

from alembic.operations import Operations
from sqlalchemy import Column, Integer

REVISION = "0001"


def upgrade(op: Operations) -> None:
    """Fail after the first table."""
    op.create_table("failing_migration_one", Column("id", Integer, primary_key=True))
    raise RuntimeError("out of ideas")
