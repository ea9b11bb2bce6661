"""Tables of the applicant's side of the window: what was shown and signed, ratings and their repair, reuse, refusals."""

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

showing = Table(
    "acceptance_showing",  # data put in front of an applicant on the second screen, and what the applicant answered
    meta,
    IdColumn(),
    Column("purpose", Text, nullable=False),  # application | delivery
    Column("state", Text, nullable=False),  # waiting | confirmed | wrong | signed | ended
    Column("staff_id", Id, nullable=False),
    Column("staff_name", Text, nullable=False),
    Column("desk", Text, nullable=False, default=""),
    Column("agency", Text, nullable=False),
    Column("case_id", Id, ForeignKey("acceptance_case.id")),  # None until the application is a case
    Column("shown", Text, nullable=False),  # digest of what was shown
    Column("wrong", Json, nullable=False),  # keys of the lines that the applicant says are wrong
    Column("remark", Text, nullable=False, default=""),
    Column("strokes", Text, nullable=False, default=""),  # digest of the strokes
    Column("picture", Text, nullable=False, default=""),  # digest of their PNG
    Column("source", Text, nullable=False, default=""),  # screen | pad
    Column("at", UtcDateTime, nullable=False),
    Column("answered_at", UtcDateTime),
    CheckConstraint("purpose IN ('application', 'delivery')", name="purpose"),
    CheckConstraint("state IN ('waiting', 'confirmed', 'wrong', 'signed', 'ended')", name="state"),
    CheckConstraint("state <> 'signed' OR (strokes <> '' AND picture <> '')", name="signed"),
)
Index("ix_acceptance_showing_case", showing.c.case_id, showing.c.purpose)

rating = Table(
    "acceptance_rating",  # one for each case (一事一评)
    meta,
    IdColumn(),
    Column("case_id", Id, ForeignKey("acceptance_case.id"), nullable=False, unique=True),
    Column("token", Text, nullable=False, unique=True),  # whoever has it may rate
    Column("agency", Text, nullable=False),
    Column("staff_id", Id, nullable=False),  # who took the case in: whoever handled it is responsible
    Column("staff_name", Text, nullable=False),
    Column("desk", Text, nullable=False, default=""),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("level", Integer),  # 1 very satisfied … 5 very dissatisfied; None until rated
    Column("tags", Json, nullable=False),
    Column("comment", Text, nullable=False, default=""),
    Column("channel", Text, nullable=False, default=""),
    Column("is_default", Boolean, nullable=False, default=False),  # nobody said so: set when time was up
    Column("rated_at", UtcDateTime),
    CheckConstraint("level IS NULL OR (level >= 1 AND level <= 5)", name="level"),
)
Index("ix_acceptance_rating_rated", rating.c.rated_at, rating.c.agency)
Index("ix_acceptance_rating_asked", rating.c.asked_at, sqlite_where=rating.c.level.is_(None))

rating_addition = Table(
    "acceptance_rating_addition",  # said afterwards (追评); the level stays
    meta,
    IdColumn(),
    Column("rating_id", Id, ForeignKey("acceptance_rating.id"), nullable=False),
    Column("comment", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)
Index("ix_acceptance_rating_addition_rating", rating_addition.c.rating_id)

rating_fix = Table(
    "acceptance_rating_fix",  # a bad rating that is put right (差评整改)
    meta,
    IdColumn(),
    Column("rating_id", Id, ForeignKey("acceptance_rating.id"), nullable=False, unique=True),
    Column("case_id", Id, ForeignKey("acceptance_case.id"), nullable=False),
    Column("agency", Text, nullable=False),
    Column("staff_id", Id, nullable=False),  # whom the rating concerns; somebody else closes it
    Column("opened_at", UtcDateTime, nullable=False),
    Column("contact_due_at", UtcDateTime, nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Column(
        "next_alert_at", UtcDateTime
    ),  # when time has something to report; None when it is all reported or closed
    Column("contacted_at", UtcDateTime),
    Column("contact", Text, nullable=False, default=""),
    Column("extended", Boolean, nullable=False, default=False),
    Column("extension_reason", Text, nullable=False, default=""),
    Column("outcome", Text, nullable=False, default=""),  # fixed | explained | not_counted
    Column("result", Text, nullable=False, default=""),
    Column("call_back", Text, nullable=False, default=""),
    Column("closed_at", UtcDateTime),
    Column("closed_by", Text, nullable=False, default=""),
    CheckConstraint("outcome IN ('', 'fixed', 'explained', 'not_counted')", name="outcome"),
    CheckConstraint("closed_at IS NULL OR (result <> '' AND call_back <> '')", name="closed"),
)
Index(
    "ix_acceptance_rating_fix_alert",
    rating_fix.c.next_alert_at,
    sqlite_where=rating_fix.c.next_alert_at.is_not(None),
)
Index("ix_acceptance_rating_fix_open", rating_fix.c.due_at, sqlite_where=rating_fix.c.closed_at.is_(None))

reuse = Table(
    "acceptance_reuse",  # a material of an earlier case that stands for a paper, with the applicant's consent
    meta,
    IdColumn(),
    Column("case_id", Id, ForeignKey("acceptance_case.id"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("source_case_id", Id, ForeignKey("acceptance_case.id"), nullable=False),
    Column("source_material_id", Id, ForeignKey("acceptance_material.id"), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    UniqueConstraint("case_id", "position"),
)

cannot_do = Table(
    "acceptance_cannot_do",  # a "no" at the window, put on record (否定答复报告)
    meta,
    IdColumn(),
    Column("agency", Text, nullable=False),
    Column("item", Text, nullable=False),
    Column("item_name", Text, nullable=False),
    Column("person", Text, nullable=False),  # masked
    Column("phone", Text, nullable=False, default=""),
    Column("reason", Text, nullable=False),  # rules.refusals.REASONS
    Column("said", Text, nullable=False),
    Column("proper_place", Text, nullable=False, default=""),
    Column("ticket", Text, nullable=False, default=""),
    Column("at", UtcDateTime, nullable=False),
    Column("staff_id", Id, nullable=False),
    Column("staff_name", Text, nullable=False),
    Column("desk", Text, nullable=False, default=""),
    Column("reviewed_at", UtcDateTime),
    Column("reviewed_by", Text, nullable=False, default=""),
    Column("review", Text, nullable=False, default=""),
    Column(
        "reported", Boolean, nullable=False, default=False
    ),  # by the applicant, at the desk for it (办不成事)
    Column("grade", Text, nullable=False, default="complex"),  # rules.refusals.GRADES
    Column("due_at", UtcDateTime),  # by when it is looked into; None of records from before there were limits
    Column("next_alert_at", UtcDateTime),  # when time has something to report
    Column("case_no", Text, nullable=False, default=""),
    Column("attempts", Text, nullable=False, default=""),  # what was tried before
    Column("receiver", Text, nullable=False, default=""),  # who takes over where the applicant was sent
    Column("root_cause", Text, nullable=False, default=""),
    Column("like_id", Id),  # the first record of the same problem (同类问题)
    Column("called_at", UtcDateTime),
    Column("called_by", Text, nullable=False, default=""),
    Column("call_back", Text, nullable=False, default=""),
    Column("satisfied", Boolean),
)
Index("ix_acceptance_cannot_do_agency", cannot_do.c.agency, cannot_do.c.id)
Index("ix_acceptance_cannot_do_like", cannot_do.c.like_id, sqlite_where=cannot_do.c.like_id.is_not(None))
Index(
    "ix_acceptance_cannot_do_alert",
    cannot_do.c.next_alert_at,
    sqlite_where=cannot_do.c.next_alert_at.is_not(None),
)
