"""Create the notes."""

from alembic.operations import Operations
from sqlalchemy import Column, Integer, Text

REVISION = "0001"


def upgrade(op: Operations) -> None:
    op.create_table(
        "neighbour_note", Column("id", Integer, primary_key=True), Column("text", Text, nullable=False)
    )
