"""Tables of the review: graphs of item versions, the graph of each case, tasks at their nodes, cases sent up, absences."""

from __future__ import annotations

from yichuang.api import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Id,
    IdColumn,
    Index,
    Integer,
    Json,
    Numeric,
    Table,
    Text,
    UniqueConstraint,
    UtcDateTime,
    text,
)
from yichuang_acceptance.tables import meta

flow = Table(
    "acceptance_flow",  # never changed: a correction is a new revision, and cases keep the one they began with
    meta,
    IdColumn(),
    Column("item", Text, nullable=False),
    Column("item_version", Integer, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("graph", Json, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("staff_id", Id, nullable=False),
    Column("staff_name", Text, nullable=False),
    UniqueConstraint("item", "item_version", "revision"),
)

case_flow = Table(
    "acceptance_case_flow",
    meta,
    Column("case_id", Id, ForeignKey("acceptance_case.id"), primary_key=True, autoincrement=False),
    Column("flow_id", Id, ForeignKey("acceptance_flow.id"), nullable=False),
    Column("round", Integer, nullable=False, default=1),  # counted up whenever a case is sent back
)

task = Table(
    "acceptance_task",
    meta,
    IdColumn(),
    Column("case_id", Id, ForeignKey("acceptance_case.id"), nullable=False),
    Column("node", Text, nullable=False),
    Column("round", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("agency", Text, nullable=False),  # whose people work on it; the case's, or the one that is asked
    Column("permission", Text, nullable=False),
    # what lists show stands here too, so that no list needs a join
    Column("case_agency", Text, nullable=False),
    Column("case_no", Text, nullable=False),
    Column("item", Text, nullable=False),
    Column("item_name", Text, nullable=False),
    Column("applicant", Text, nullable=False),  # masked
    Column("asked_by", Id, ForeignKey("acceptance_task.id")),  # the task whose people asked another agency
    Column("question", Text, nullable=False, default=""),
    Column("assignee_id", Id),
    Column("assignee_name", Text, nullable=False, default=""),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("limit_amount", Numeric(6, 1)),
    Column("limit_unit", Text, nullable=False, default=""),
    Column("silent_ok", Boolean, nullable=False, default=False),
    Column("paused", Boolean, nullable=False, default=False),  # while the case is suspended
    Column("due_at", UtcDateTime),  # of its own limit, else of the case's; None while the clocks stand
    Column("warn_at", UtcDateTime),
    Column("timer_at", UtcDateTime),  # when time has something to do about it
    Column("state", Text, nullable=False),  # open | done | skipped | dropped
    Column(
        "stands", Boolean, nullable=False
    ),  # counts on the way to the decision; not after the case was sent back
    Column("outcome", Text, nullable=False, default=""),  # pass | return | refuse | silent | grant
    Column("return_to", Text, nullable=False, default=""),
    Column("opinion", Text, nullable=False, default=""),
    Column("checked", Json, nullable=False),  # review points that were ticked
    Column("said", Json, nullable=False),  # of each officer: id, name, outcome, opinion, at
    Column("staff_id", Id),
    Column("staff_name", Text, nullable=False, default=""),
    Column("for_id", Id),  # the absent colleague for whom it was done
    Column("for_name", Text, nullable=False, default=""),
    Column("done_at", UtcDateTime),
    Column("row_version", Integer, nullable=False, default=1),
    UniqueConstraint("case_id", "node", "round"),
    CheckConstraint("state IN ('open', 'done', 'skipped', 'dropped')", name="state"),
    CheckConstraint("state <> 'open' OR stands", name="stands"),
    CheckConstraint("(state = 'done') = (done_at IS NOT NULL)", name="done"),
)
_open = task.c.state == "open"
IS_OPEN = text("acceptance_task.state = 'open'")  # written out: a partial index is not used for a bound value
Index("ix_acceptance_task_agency", task.c.agency, task.c.due_at, task.c.id, sqlite_where=_open)
Index("ix_acceptance_task_assignee", task.c.assignee_id, task.c.due_at, task.c.id, sqlite_where=_open)
Index("ix_acceptance_task_timer", task.c.timer_at, sqlite_where=task.c.timer_at.is_not(None))
Index("ix_acceptance_task_staff", task.c.staff_id, task.c.done_at)

forwarding = Table(
    "acceptance_forwarding",  # a case was sent up to the organ that decides (转报); what it decided is entered later
    meta,
    IdColumn(),
    Column("case_id", Id, ForeignKey("acceptance_case.id"), nullable=False),
    Column("task_id", Id, ForeignKey("acceptance_task.id"), nullable=False, unique=True),
    Column("organ", Text, nullable=False),
    Column("number", Text, nullable=False),  # of the letter
    Column("sent_on", Date, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("staff_id", Id, nullable=False),
    Column("staff_name", Text, nullable=False),
    Column("outcome", Text, nullable=False, default=""),  # grant | refuse
    Column("decided_on", Date),
    Column("decision_number", Text, nullable=False, default=""),
)
Index("ix_acceptance_forwarding_case", forwarding.c.case_id, forwarding.c.id)
_waits = forwarding.c.decided_on.is_(None)
Index("ix_acceptance_forwarding_waits", forwarding.c.sent_on, sqlite_where=_waits, postgresql_where=_waits)

absence = Table(
    "acceptance_absence",
    meta,
    IdColumn(),
    Column("agency", Text, nullable=False),
    Column("staff_id", Id, nullable=False),
    Column("staff_name", Text, nullable=False),
    Column("deputy_id", Id, nullable=False),
    Column("deputy_name", Text, nullable=False),
    Column("first_day", Date, nullable=False),
    Column("last_day", Date, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("by_id", Id, nullable=False),
    CheckConstraint("deputy_id <> staff_id", name="deputy"),
    CheckConstraint("last_day >= first_day", name="days"),
)
Index("ix_acceptance_absence_deputy", absence.c.deputy_id, absence.c.last_day)
Index("ix_acceptance_absence_staff", absence.c.staff_id, absence.c.last_day)
