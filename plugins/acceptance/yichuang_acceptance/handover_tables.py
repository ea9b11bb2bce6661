"""Tables of township and village intake: points, where a case came in and goes out, lists handed over between points."""

from __future__ import annotations

from yichuang.api import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Id,
    IdColumn,
    Index,
    Integer,
    Json,
    Table,
    Text,
    UniqueConstraint,
    UtcDateTime,
)
from yichuang_acceptance.tables import meta

point = Table(
    "acceptance_point",  # a place where cases are taken in or results handed out; the hall itself has no row
    meta,
    IdColumn(),
    Column("code", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("kind", Text, nullable=False),  # town | village
    Column("desks", Json, nullable=False),  # codes of the hall's desks that stand there
    Column("active", Boolean, nullable=False, default=True),
    Column("area", Text, nullable=False, default=""),  # code of the township or village, as guides name it
    CheckConstraint("kind IN ('town', 'village')", name="kind"),
)

case_point = Table(
    "acceptance_case_point",  # where a case came in, goes out, and where its papers are; empty: the hall
    meta,
    IdColumn(),
    Column("case_id", Id, ForeignKey("acceptance_case.id"), nullable=False, unique=True),
    Column("origin", Text, nullable=False, default=""),
    Column("issue", Text, nullable=False, default=""),
    Column("materials_at", Text, nullable=False, default=""),
    Column("result_at", Text, nullable=False, default=""),
)
Index("ix_acceptance_case_point_issue", case_point.c.issue, case_point.c.case_id)

handover = Table(
    "acceptance_handover",
    meta,
    IdColumn(),
    Column("number", Text, nullable=False, unique=True),
    Column("source", Text, nullable=False),
    Column("target", Text, nullable=False),
    Column("state", Text, nullable=False),  # sent | received
    Column("sent_at", UtcDateTime, nullable=False),
    Column("sent_by", Text, nullable=False),
    Column("received_at", UtcDateTime),
    Column("received_by", Text, nullable=False, default=""),
    CheckConstraint("state IN ('sent', 'received')", name="state"),
    CheckConstraint("source <> target", name="points"),
)
Index("ix_acceptance_handover_target", handover.c.target, handover.c.state, handover.c.id)
Index("ix_acceptance_handover_source", handover.c.source, handover.c.id)

handover_line = Table(
    "acceptance_handover_line",
    meta,
    IdColumn(),
    Column("handover_id", Id, ForeignKey("acceptance_handover.id"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("case_id", Id, ForeignKey("acceptance_case.id"), nullable=False),
    Column("what", Text, nullable=False),  # materials | result
    Column("contents", Text, nullable=False),  # what lay in the envelope when it was sent
    Column("arrived", Boolean),  # None: on the way
    Column("difference", Text, nullable=False, default=""),
    UniqueConstraint("handover_id", "position"),
    CheckConstraint("what IN ('materials', 'result')", name="what"),
)
Index("ix_acceptance_handover_line_case", handover_line.c.case_id)
Index(  # nothing is on two lists at once
    "uq_acceptance_handover_line_way",
    handover_line.c.case_id,
    handover_line.c.what,
    unique=True,
    sqlite_where=handover_line.c.arrived.is_(None),
)
