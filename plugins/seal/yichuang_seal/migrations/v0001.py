"""The first tables: authority, seals, their changes, papers that wait, ledger; changes and ledger only grow.

A frozen copy: later revisions change the tables, this one keeps what it made.
"""

from __future__ import annotations

from typing import Any

from yichuang.api import (
    CheckConstraint,
    Column,
    ForeignKey,
    Id,
    IdColumn,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    UtcDateTime,
    append_only,
    metadata,
)

REVISION = "0001"

meta = metadata("seal")

authority = Table(
    "seal_authority",
    meta,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("certificate", LargeBinary, nullable=False),
    Column("key_name", Text, nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    CheckConstraint("id = 1", name="only_one"),
)

seal = Table(
    "seal_seal",
    meta,
    IdColumn(),
    Column("es_id", Text, unique=True),
    Column("agency", Text, nullable=False),
    Column("owner", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("diameter", Integer, nullable=False),
    Column("specimen", Text, nullable=False, default=""),
    Column("state", Text, nullable=False),
    Column("picture", Text),
    Column("certificate", LargeBinary),
    Column("key_name", Text),
    Column("valid_from", UtcDateTime),
    Column("valid_until", UtcDateTime),
    Column("replaces", Id, ForeignKey("seal_seal.id")),
)
Index("ix_seal_seal_agency", seal.c.agency, seal.c.kind, seal.c.state)

change = Table(
    "seal_change",
    meta,
    IdColumn(),
    Column("seal", Id, ForeignKey("seal_seal.id"), nullable=False),
    Column("name", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("staff_id", Id, nullable=False),
    Column("staff_name", Text, nullable=False),
    Column("reason", Text, nullable=False, default=""),
    Column("at", UtcDateTime, nullable=False),
)
Index("ix_seal_change_seal", change.c.seal, change.c.id)

request = Table(
    "seal_request",
    meta,
    IdColumn(),
    Column("subject", Text, nullable=False),
    Column("paper", Text, nullable=False),
    Column("document", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("number", Text, nullable=False, default=""),
    Column("agency", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("addressee", Text, nullable=False, default=""),
    Column("due", UtcDateTime),
    Column("requester_id", Id, nullable=False),
    Column("requester", Text, nullable=False),
    Column("requested_at", UtcDateTime, nullable=False),
    Column("state", Text, nullable=False),
    Column("reason", Text, nullable=False, default=""),
    Column("decided_at", UtcDateTime),
    UniqueConstraint("subject", "paper"),
    CheckConstraint("state IN ('waiting', 'stamped', 'refused')", name="state"),
)
Index("ix_seal_request_state", request.c.state, request.c.agency, request.c.id)
Index("ix_seal_request_decided", request.c.decided_at)

stamp = Table(
    "seal_stamp",
    meta,
    IdColumn(),
    Column("request", Id, ForeignKey("seal_request.id"), nullable=False, unique=True),
    Column("seal", Id, ForeignKey("seal_seal.id"), nullable=False),
    Column("es_id", Text, nullable=False),
    Column("seal_name", Text, nullable=False),
    Column("agency", Text, nullable=False),
    Column("before", Text, nullable=False),
    Column("after", Text, nullable=False),
    Column("page", Integer, nullable=False),
    Column("x_um", Integer, nullable=False),
    Column("y_um", Integer, nullable=False),
    Column("diameter_um", Integer, nullable=False),
    Column("keeper_id", Id, nullable=False),
    Column("keeper", Text, nullable=False),
    Column("witness_id", Id),
    Column("witness", Text, nullable=False, default=""),
    Column("reason", Text, nullable=False, default=""),
    Column("verdict", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)
Index("ix_seal_stamp_agency", stamp.c.agency, stamp.c.id)
Index("ix_seal_stamp_before", stamp.c.before)
Index("ix_seal_stamp_after", stamp.c.after)


def upgrade(op: Any) -> None:
    """Create the tables."""
    meta.create_all(op.get_bind())
    append_only(op, "seal_change")
    append_only(op, "seal_stamp")
