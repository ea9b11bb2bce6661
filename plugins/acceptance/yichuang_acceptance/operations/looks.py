"""Who looked at the papers of a case, and for what: a journal row for each, behind the reading, and the list of them.

The law on personal information (个人信息保护法 art. 6 and 51) lets people see what their task needs, and wants that recorded. The
purpose is the task that the person has with the case; who has none says what it is for.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from yichuang.api import (
    HALL_ZONE,
    CleanText,
    Read,
    Request,
    UserError,
    Work,
    and_,
    bindparam,
    hall,
    operation,
    or_,
    prepare,
    query,
    select,
)
from yichuang_acceptance import tables as t
from yichuang_acceptance.operations import cases
from yichuang_acceptance.operations import review_tasks as tasks
from yichuang_acceptance.operations.oversight_papers import ORDER_PAPER
from yichuang_acceptance.rules.machine import ENDED, State
from yichuang_acceptance.rules.review_graph import Kind
from yichuang_acceptance.words import words

L = words.lazy
What = Literal["material", "paper", "archive"]
REVEAL = "people.reveal"
TOPIC = "looked"
"""Of the journal's subjects: pages that watch cases do not ask anew because somebody looked."""
AT_WINDOW = frozenset({State.RECEIVED, State.CORRECTING, State.ACCEPTED})
IN_AGENCY = frozenset({State.REVIEW, State.SUSPENDED})
TO_MAKE = frozenset({State.GRANTED, State.MAKING})
TO_ISSUE = frozenset({State.READY, State.REFUSED})
DECIDING = tuple(
    f"acceptance.{name}" for name in ("decide", "suspend", "extend", "terminate", "supervise", "assign")
)
PURPOSES = {
    "accept": L("acceptance"), "review": L("review"), "decide": L("decision"), "make": L("making the certificate"),
    "issue": L("handing out"), "archive": L("archiving"), "order": L("supervision"), "follow": L("after an own step"),
    "suite": L("the suite itself"),
}  # fmt: skip
"""Tasks that people have with a case; who has none says for what it is."""

_ACTED = prepare(
    select(t.event.c.id)
    .where(
        t.event.c.case_id == bindparam("case_id"),
        t.event.c.staff_id == bindparam("staff_id"),
        t.event.c.at >= bindparam("since"),
    )
    .limit(1)
)


class Look(Request):
    """What was looked at: a material by its position, a paper by its id, or the whole archived file (with its signatures).

    Attributes:
        task_id: Of the agency that was asked, for which it was looked at.
        purpose: What it is for, of who has no task with the case.
    """

    case_id: int | None = None
    task_id: int | None = None
    what: What
    number: int = Field(0, ge=0)
    purpose: CleanText = Field("", max_length=200)


class Seeing(Request):
    """What somebody wants to see, and says about it.

    Attributes:
        purpose: What it is for, of who has no task with the case.
        ahead: It is only read and need not be shown; who shows it does `acceptance.look` then.
    """

    purpose: CleanText = Field("", max_length=200)
    ahead: bool = False


def before_showing(read: Read, row: Any, look: Look, asked: Seeing, paper: Any = None) -> None:
    """Let only who looks for a purpose go on, and leave the row of it; `paper` is what is shown of a case that is no material.

    Raises:
        UserError: PURPOSE_MISSING.
    """
    said = look.model_copy(update={"purpose": asked.purpose})
    purpose_of(read, row, said, paper)
    if not asked.ahead:
        read.afterwards("acceptance.look", said)


def purpose_of(read: Read, row: Any, look: Look, paper: Any = None) -> str:
    """The task for which somebody looks; empty for one who says it. Raises PURPOSE_MISSING."""
    if paper is not None and paper.kind == ORDER_PAPER:
        return "order"
    found = "review" if look.task_id is not None else task_with(read, row)
    if not found and not look.purpose:
        raise UserError(
            "PURPOSE_MISSING",
            L("You have no task with case {number} at present.", number=row.case_no),
            do=L("Say for what you need to see its papers; that is recorded."),
        )
    return found


def task_with(read: Read, row: Any) -> str:
    """The task that the actor has with a case as it stands, one of `PURPOSES`; empty for none."""
    actor, state = read.actor, State(row.state)
    if not actor.staff_id:
        return "suite"
    if state is not State.ARCHIVED:
        found = _by_state(read, row, state)
        if found:
            return found
    day = datetime.combine(read.today, datetime.min.time(), HALL_ZONE)
    acted = read.one(_ACTED, case_id=row.id, staff_id=actor.staff_id, since=day)
    return "follow" if acted is not None else ""


def _by_state(read: Read, row: Any, state: State) -> str:
    actor = read.actor
    own = actor.hall_wide or actor.agency == row.agency
    decides = own and any(read.may(each) for each in DECIDING)
    if row.acceptor_id == actor.staff_id or (
        state in AT_WINDOW and (read.may("acceptance.accept") or decides)
    ):
        return "accept"
    if state in IN_AGENCY:
        found = _at_node(read, row) if own else ""
        joint = row.joint and read.may("acceptance.extend_joint")
        return found or ("decide" if decides or joint else "")
    if state in TO_MAKE and read.may("acceptance.make"):
        return "make"
    if row.decider_id == actor.staff_id:
        return "decide"
    if state in TO_ISSUE | ENDED and read.may("acceptance.deliver"):
        return "issue" if state in TO_ISSUE else "archive"
    return ""


def _at_node(read: Read, row: Any) -> str:
    """Whether an open task of the case's own agency is the actor's to work on."""
    course = tasks.course_of(read, row.id)
    for task in course.open() if course is not None else ():
        try:
            if task.agency == read.actor.agency:
                held = tasks.Held(task, row, course)  # type: ignore[arg-type]  # there is one where it has tasks
                tasks.require_role(read, held)
                tasks.require_free(read, task)
                return "decide" if task.kind == Kind.DECIDE else "review"
        except UserError:  # somebody else's
            continue
    return ""


@operation("acceptance.look", permission="acceptance.view", title="Look at papers", changes=False)
def look(work: Work, request: Look) -> None:
    """Leave a journal row of who looked at which papers of a case for what; whoever shows what was read ahead does so.

    Errors: UNKNOWN_CASE, UNKNOWN_PAPER, UNKNOWN_TASK, NOT_YOUR_AGENCY, PURPOSE_MISSING.
    """
    row, name, paper = _seen(work, request)
    purpose = purpose_of(work, row, request, paper)
    work.subject = f"{TOPIC}:{row.case_no}"
    work.detail = {
        "case_id": row.id, "what": request.what, "number": request.number, "name": name, "purpose": purpose,
        "said": request.purpose,
    }  # fmt: skip


def _seen(work: Work, request: Look) -> tuple[Any, str, Any]:
    """The case, the name of what is looked at, and its row where it is a paper. Raises where the actor may not see it."""
    if request.what == "paper":
        from yichuang_acceptance.operations.papers import paper_of

        paper = paper_of(work, request.number)
        return cases.load(work, paper.case_id), f"{paper.title} {paper.number}".strip(), paper
    if request.task_id is not None:
        row = cases.load(work, tasks.load_task(work, request.task_id).case_id)
    else:
        row = cases.at_window(work, request.case_id or 0)
    if request.what == "archive":
        return row, "", None
    found = (m.name for m in cases.materials(work, row.id) if m.position == request.number)
    return row, next(found, ""), None


class AskLooks(Request):
    """Who looked at the papers of a case; those before one with this number."""

    case_id: int
    before_id: int | None = Field(None, ge=1)
    limit: int = Field(200, ge=1, le=1000)


@dataclass(frozen=True)
class LookRow:
    """Somebody looked at something of a case.

    Attributes:
        what: material, paper, archive, or number (the applicant's whole identity number).
        purpose: The task, as it is read; empty for none.
        said: What the person said it is for.
    """

    id: int
    at: datetime
    person: str
    agency: str
    desk: str
    what: str
    name: str
    purpose: str
    said: str


@query("acceptance.looks", permission="acceptance.see_looks", title="Who looked at the papers of a case")
def looks(read: Read, request: AskLooks) -> list[LookRow]:
    """Who looked at the papers of a case, or its applicant's whole number, and for what, the newest first.

    Errors: UNKNOWN_CASE, NOT_YOUR_AGENCY.
    """
    row = cases.at_window(read, request.case_id)
    journal, account, staff, agency = hall.journal, hall.account, hall.staff, hall.agency
    statement = (
        select(journal, staff.c.name.label("person"), agency.c.name.label("agency_name"))
        .outerjoin(account, account.c.name == journal.c.account)
        .outerjoin(staff, staff.c.id == account.c.staff_id)
        .outerjoin(agency, agency.c.code == journal.c.agency)
        .where(or_(journal.c.subject == f"{TOPIC}:{row.case_no}", and_(*_revealed(journal.c, row))))
        .order_by(journal.c.id.desc())
        .limit(request.limit)
    )
    if request.before_id is not None:
        statement = statement.where(journal.c.id < request.before_id)
    return [_look_row(each, row.case_no) for each in read.all(statement)]


def _revealed(journal: Any, row: Any) -> list[Any]:
    """Rows of numbers that were shown for this case: their purpose begins with its number."""
    of_applicant = journal.subject == f"applicant:{row.applicant_id}"
    return [of_applicant, journal.event == REVEAL, journal.detail.contains(f'"{row.case_no} ')]


def _look_row(row: Any, case_no: str) -> LookRow:
    told = json.loads(row.detail)
    if row.event == REVEAL:
        said = told["purpose"].removeprefix(case_no).strip()
        told = {"what": "number", "name": "", "purpose": "", "said": said}
    return LookRow(
        row.id, row.at, row.person or row.account, row.agency_name or "", row.desk, told["what"], told["name"],
        str(PURPOSES.get(told["purpose"], "")), told["said"],
    )  # fmt: skip
