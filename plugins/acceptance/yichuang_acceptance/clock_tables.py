"""Tables beside the clocks of cases: how far a change of the calendar was worked through; moments that come later."""

from __future__ import annotations

from yichuang.api import (
    Column,
    ForeignKey,
    Id,
    IdColumn,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    UtcDateTime,
)
from yichuang_acceptance.tables import meta

calendar_pass = Table(
    "acceptance_calendar_pass",  # one row: the change of the calendar that open cases were last computed anew for
    meta,
    IdColumn(),
    Column("version", Integer, nullable=False),  # of the calendar
    Column("after_id", Id, nullable=False, default=0),  # rows of this stage up to here are done
    Column("again_at", UtcDateTime),  # once more then: a desk may have written with the days as they were
    Column("ended_at", UtcDateTime),
    Column(
        "stage", Text, nullable=False, default="cases"
    ),  # which kind of thing is looked at: recompute.STAGES
)

later = Table(
    "acceptance_later",  # moments that outlive the ordinary clocks: post-checks, renewals, answers to complaints
    meta,
    IdColumn(),
    Column("case_id", Id, ForeignKey("acceptance_case.id"), nullable=False),
    Column("rule", Text, nullable=False),  # of the alert that is raised then
    Column("key", Text, nullable=False, default=""),
    Column("at", UtcDateTime, nullable=False),
    Column("done_at", UtcDateTime),  # raised, or no longer needed
    UniqueConstraint("case_id", "rule", "key"),
)
Index("ix_acceptance_later_at", later.c.at, sqlite_where=later.c.done_at.is_(None))
