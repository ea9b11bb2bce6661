"""Tables of the seal plugin: authority, seals and their changes, papers that wait, ledger of stamps."""

from __future__ import annotations

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
    metadata,
)

meta = metadata("seal")

authority = Table(
    "seal_authority",
    meta,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("certificate", LargeBinary, nullable=False),  # DER; its key is in the secret store
    Column("key_name", Text, nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    CheckConstraint("id = 1", name="only_one"),
)

seal = Table(
    "seal_seal",
    meta,
    IdColumn(),
    Column("es_id", Text, unique=True),  # 14 digits, given when the seal is made
    Column("agency", Text, nullable=False),
    Column("owner", Text, nullable=False),  # the agency's name as it stands on the seal
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),  # such as 行政审批专用章
    Column("diameter", Integer, nullable=False),  # millimetres
    Column("specimen", Text, nullable=False, default=""),
    Column("state", Text, nullable=False),
    Column("picture", Text),  # digest of the PNG
    Column("certificate", LargeBinary),  # DER
    Column("key_name", Text),  # in the secret store
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
    Column("state", Text, nullable=False),  # after the change
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
    Column("subject", Text, nullable=False),  # such as case:1504…
    Column("paper", Text, nullable=False),  # the asker's key of the document
    Column("document", Text, nullable=False),  # digest of the PDF without the seal
    Column("title", Text, nullable=False),
    Column("number", Text, nullable=False, default=""),
    Column("agency", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("addressee", Text, nullable=False, default=""),
    Column("due", UtcDateTime),
    Column("requester_id", Id, nullable=False),
    Column("requester", Text, nullable=False),
    Column("requested_at", UtcDateTime, nullable=False),
    Column("state", Text, nullable=False),  # waiting | stamped | refused
    Column(
        "reason", Text, nullable=False, default=""
    ),  # why the keeper refused it, or its owner took it back
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
    Column(
        "request", Id, ForeignKey("seal_request.id"), nullable=False, unique=True
    ),  # nothing is stamped twice
    Column("seal", Id, ForeignKey("seal_seal.id"), nullable=False),
    Column("es_id", Text, nullable=False),
    Column("seal_name", Text, nullable=False),
    Column("agency", Text, nullable=False),
    Column("before", Text, nullable=False),  # digest of the document as it was asked for
    Column("after", Text, nullable=False),  # digest of the sealed document
    Column("page", Integer, nullable=False),  # from 0
    Column("x_um", Integer, nullable=False),  # left edge of the seal, micrometres from the left of the page
    Column("y_um", Integer, nullable=False),  # top edge, micrometres from the top
    Column("diameter_um", Integer, nullable=False),
    Column("keeper_id", Id, nullable=False),
    Column("keeper", Text, nullable=False),
    Column("witness_id", Id),
    Column("witness", Text, nullable=False, default=""),
    Column("reason", Text, nullable=False, default=""),
    Column("verdict", Text, nullable=False),  # of the verifier, at once after stamping
    Column("at", UtcDateTime, nullable=False),
)
Index("ix_seal_stamp_agency", stamp.c.agency, stamp.c.id)
Index("ix_seal_stamp_before", stamp.c.before)
Index("ix_seal_stamp_after", stamp.c.after)
