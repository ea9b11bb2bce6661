"""Tables of the licence plugin: the register of issued licences, and every use that was made of one."""

from __future__ import annotations

from yichuang.api import (
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Id,
    IdColumn,
    Index,
    Json,
    Table,
    Text,
    UtcDateTime,
    metadata,
)
from yichuang_licence.rules import Status

meta = metadata("licence")
_statuses = ", ".join(f"'{status}'" for status in Status)

licence = Table(
    "licence_licence",
    meta,
    IdColumn(),
    Column("code", Text, nullable=False, unique=True),  # identifier with check character
    Column("number", Text, nullable=False, unique=True),  # as printed: 证照编号
    Column("type", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("status", Text, nullable=False, default="in_force"),
    Column("issuer", Text, nullable=False),  # agency code
    Column("issuer_name", Text, nullable=False),
    Column("holder_id", Id, nullable=False),  # core_applicant
    Column("holder_kind", Text, nullable=False),
    Column("holder_name", Text, nullable=False),
    Column("holder_masked", Text, nullable=False),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date),
    Column("fields", Json, nullable=False),
    Column("subject", Text, nullable=False, default=""),  # the case it came from
    Column("document", Text, nullable=False, default=""),  # digest of the sealed decision
    Column("issued_at", UtcDateTime, nullable=False),
    CheckConstraint(f"status IN ({_statuses})", name="status"),
)
Index("ix_licence_licence_holder", licence.c.holder_id, licence.c.type)
Index("ix_licence_licence_name", licence.c.holder_name)
Index("ix_licence_licence_subject", licence.c.subject)

use = Table(
    "licence_use",
    meta,
    IdColumn(),
    Column("licence_id", Id, ForeignKey("licence_licence.id")),  # None: a search that found nothing
    Column("at", UtcDateTime, nullable=False),
    Column("staff_id", Id, nullable=False),
    Column("staff_name", Text, nullable=False),
    Column("desk", Text, nullable=False, default=""),
    Column("act", Text, nullable=False),  # search | view | reveal | stand_in | change
    Column("purpose", Text, nullable=False),  # of a change: its reason
    Column(
        "basis", Text, nullable=False, default=""
    ),  # the holder's authorisation: present, written, statutory
    Column("subject", Text, nullable=False, default=""),
    Column("result", Text, nullable=False, default=""),
)
Index("ix_licence_use_licence", use.c.licence_id, use.c.id)
