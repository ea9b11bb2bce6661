"""Tables of electronic supervision (电子监察): the notice that follows a violation with its steps, and complaints."""

from __future__ import annotations

from yichuang.api import CheckConstraint, Column, ForeignKey, Id, IdColumn, Index, Table, Text, UtcDateTime
from yichuang_acceptance.tables import meta

notice = Table(
    "acceptance_notice",  # one for each violation: answered, ordered to be mended, closed
    meta,
    IdColumn(),
    Column("alert_id", Id, ForeignKey("acceptance_alert.id"), nullable=False, unique=True),
    Column("case_id", Id, ForeignKey("acceptance_case.id")),
    Column("agency", Text, nullable=False),
    Column("state", Text, nullable=False),  # notified | answered | ordered | closed
    Column("due_at", UtcDateTime),  # of the answer that is waited for
    Column("order_no", Text, nullable=False, default=""),  # 监察编号
    Column("outcome", Text, nullable=False, default=""),  # mended | excused
    Column("began_at", UtcDateTime),  # when the time to answer began
    CheckConstraint("state IN ('notified', 'answered', 'ordered', 'closed')", name="state"),
    CheckConstraint("outcome IN ('', 'mended', 'excused')", name="outcome"),
)
Index("ix_acceptance_notice_agency", notice.c.agency, notice.c.state, notice.c.due_at)
Index("ix_acceptance_notice_state", notice.c.state, notice.c.due_at)

notice_step = Table(
    "acceptance_notice_step",
    meta,
    IdColumn(),
    Column("notice_id", Id, ForeignKey("acceptance_notice.id"), nullable=False),
    Column("kind", Text, nullable=False),  # feedback | appeal | order | close
    Column("text", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("staff_id", Id, nullable=False),
    Column("staff_name", Text, nullable=False),
    CheckConstraint("kind IN ('feedback', 'appeal', 'order', 'close')", name="kind"),
)
Index("ix_acceptance_notice_step_notice", notice_step.c.notice_id, notice_step.c.id)

complaint = Table(
    "acceptance_complaint",
    meta,
    IdColumn(),
    Column("case_id", Id, ForeignKey("acceptance_case.id"), nullable=False),
    Column("agency", Text, nullable=False),
    Column("source", Text, nullable=False),  # window | phone | letter | hotline
    Column("person", Text, nullable=False, default=""),
    Column("content", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Column("staff_id", Id, nullable=False),
    Column("staff_name", Text, nullable=False),
    Column("answer", Text, nullable=False, default=""),
    Column("answered_at", UtcDateTime),
    Column("answered_by", Text, nullable=False, default=""),
    CheckConstraint("answered_at IS NULL OR answer <> ''", name="answered"),
)
Index("ix_acceptance_complaint_agency", complaint.c.agency, complaint.c.id)
Index("ix_acceptance_complaint_case", complaint.c.case_id)
