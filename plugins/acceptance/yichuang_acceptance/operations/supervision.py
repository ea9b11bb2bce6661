"""Electronic supervision: violations are notified, answered within two working days, ordered to be mended, closed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from yichuang.api import (
    CleanText,
    Read,
    Request,
    UserError,
    Work,
    func,
    hall,
    in_language,
    operation,
    or_,
    query,
    select,
    update,
)
from yichuang_acceptance import supervision_tables as s
from yichuang_acceptance import tables as t
from yichuang_acceptance.operations import cases
from yichuang_acceptance.operations.alerts import RULES, NoCase
from yichuang_acceptance.operations.clocks import days_of
from yichuang_acceptance.operations.oversight_papers import ORDER_PAPER, in_place_of_case
from yichuang_acceptance.operations.papers import PaperRow, draft_paper, paper_row
from yichuang_acceptance.rules.violations import ANSWER_WORKING_DAYS, is_violation, next_state
from yichuang_acceptance.words import words

L = words.lazy
_n = s.notice.c


@dataclass(frozen=True)
class NoticeStep:
    """Something that was said about a violation."""

    kind: str
    text: str
    at: datetime
    staff: str


@dataclass(frozen=True)
class SupervisionRow:
    """A violation or a reminder as the list of supervision shows it.

    Attributes:
        state: notified, answered, ordered or closed; empty for a reminder, which nobody answers.
        late: The answer is, or came, after its day.
        mine: The actor may answer it.
        case_id: None where it is about no case.
    """

    id: int
    case_id: int | None
    case_no: str
    short_no: str
    item_name: str
    agency: str
    agency_name: str
    rule: str
    text: str
    detail: str
    staff: str
    at: datetime
    state: str
    due_at: datetime | None
    late: bool
    outcome: str
    order_no: str
    mine: bool
    steps: list[NoticeStep]


class AskSupervision(Request):
    """Violations and reminders.

    Attributes:
        kind: open (to answer), answered, ordered, closed, violations (all), reminders, all.
        rule: Only this rule, where said.
        agency: Only of this agency.
        case_id: Only of this case.
        alert_id: Only this one.
    """

    kind: Literal["open", "answered", "ordered", "closed", "violations", "reminders", "all"] = "open"
    rule: str = Field("", max_length=20)
    agency: str = Field("", max_length=18)
    case_id: int | None = None
    alert_id: int | None = None
    before_id: int | None = None
    limit: int = Field(200, ge=1, le=1000)


@query("acceptance.supervision", permission="acceptance.view", title="Electronic supervision")
def supervision(read: Read, request: AskSupervision) -> list[SupervisionRow]:
    """Violations and reminders of the cases that one may see, newest first. Errors: UNKNOWN_CASE, NOT_YOUR_AGENCY."""
    said = (_n[name].label(f"n_{name}") for name in ("id", "state", "due_at", "order_no", "outcome"))
    c = t.case.c
    agency = hall.agency.c.name.label("of_agency")
    columns: tuple[Any, ...] = (t.alert, *said, c.case_no, c.item_name, c.agency_name, c.acceptor_id, agency)
    statement = (
        select(*columns)
        .outerjoin(t.case, t.case.c.id == t.alert.c.case_id)
        .outerjoin(hall.agency, hall.agency.c.code == t.alert.c.agency)
        .outerjoin(s.notice, _n.alert_id == t.alert.c.id)
        .where(*_conditions(read, request))
    )
    if request.before_id is not None:
        statement = statement.where(t.alert.c.id < request.before_id)
    rows = read.all(statement.order_by(t.alert.c.id.desc()).limit(request.limit))
    steps = _steps(read, [row.n_id for row in rows if row.n_id is not None])
    return [_row(read, row, steps.get(row.n_id, [])) for row in rows]


def _conditions(read: Read, request: AskSupervision) -> list[Any]:
    if request.case_id is not None:
        cases.require_sight(read, cases.load(read, request.case_id))
        found: list[Any] = [t.alert.c.case_id == request.case_id]
    else:
        found = _visible(read)
    kinds = {
        "open": [_n.state.in_(("notified", "ordered"))], "violations": [_n.id.is_not(None)],
        "reminders": [_n.id.is_(None)], "all": [],
    }  # fmt: skip
    found += kinds.get(request.kind, [_n.state == request.kind])
    if request.rule:
        found.append(t.alert.c.rule == request.rule)
    if request.alert_id is not None:
        found.append(t.alert.c.id == request.alert_id)
    if request.agency:
        found.append(t.alert.c.agency == request.agency)
    return found


def _visible(read: Read) -> list[Any]:
    if read.actor.hall_wide or read.may("acceptance.see_all"):
        return []
    return [or_(t.alert.c.agency == read.actor.agency, t.case.c.acceptor_id == read.actor.staff_id)]


def _steps(read: Read, notices: list[int]) -> dict[int, list[NoticeStep]]:
    found: dict[int, list[NoticeStep]] = {}
    c = s.notice_step.c
    for row in read.all(select(s.notice_step).where(c.notice_id.in_(notices)).order_by(c.id)):
        found.setdefault(row.notice_id, []).append(NoticeStep(row.kind, row.text, row.at, row.staff_name))
    return found


def _row(read: Read, row: Any, steps: list[NoticeStep]) -> SupervisionRow:
    from yichuang.api import identifiers

    waits = row.n_state in ("notified", "ordered")
    number = row.number or row.case_no
    short = number if row.case_id is None else identifiers.short_case_number(number)
    return SupervisionRow(
        row.id, row.case_id, number, short, row.title or row.item_name, row.agency, row.of_agency or row.agency_name,
        row.rule, str(RULES[row.rule]), row.detail, row.staff_name, row.at, row.n_state or "", row.n_due_at,
        waits and row.n_due_at is not None and read.now > row.n_due_at, row.n_outcome or "", row.n_order_no or "",
        waits and read.may("acceptance.answer") and _concerns(read, row), steps,
    )  # fmt: skip


def _concerns(read: Read, row: Any) -> bool:
    """Whether the actor is of the agency that a violation is about, or took the case in."""
    return bool(read.actor.agency == row.agency or row.acceptor_id == read.actor.staff_id)


@dataclass(frozen=True)
class SupervisionCounts:
    """What supervision counts, no further than 1,000 each."""

    open: int
    answered: int
    ordered: int
    late: int
    reminders: int


@query("acceptance.supervision_counts", permission="acceptance.view", title="Counts of supervision")
def supervision_counts(read: Read) -> SupervisionCounts:
    """Counts beside the tabs of supervision."""

    def capped(kind: Any, *more: Any) -> int:
        page = (
            select(t.alert.c.id)
            .outerjoin(t.case, t.case.c.id == t.alert.c.case_id)
            .outerjoin(s.notice, _n.alert_id == t.alert.c.id)
            .where(*_conditions(read, AskSupervision(kind=kind)), *more)
            .limit(1000)
        )
        return int(read.scalar(select(func.count()).select_from(page.subquery())))

    late = capped("open", _n.due_at < read.now)
    return SupervisionCounts(capped("open"), capped("answered"), capped("ordered"), late, capped("reminders"))


@query("acceptance.badge_supervision", permission="acceptance.view", title="Notices to answer")
def badge_supervision(read: Read) -> int:
    """How many notices the actor's agency has to answer; for supervision, how many answers it has to look at."""
    counted = supervision_counts(read)
    return (
        counted.answered
        if read.may("acceptance.oversee")
        else counted.open
        if read.may("acceptance.answer")
        else 0
    )


class OneAlert(Request):
    """A violation, as the list of supervision shows it."""

    alert_id: int


class Answer(OneAlert):
    """What the agency says to a violation: feedback on what was done, or an appeal that it is none."""

    kind: Literal["feedback", "appeal"]
    text: CleanText = Field(min_length=1, max_length=2000)


@operation("acceptance.answer_notice", permission="acceptance.answer", title="Answer a notice of supervision")
def answer_notice(work: Work, request: Answer) -> SupervisionRow:
    """Give feedback or appeal, by the agency or whoever took the case in; late answers are marked.

    Errors: UNKNOWN_NOTICE, NOT_YOUR_AGENCY, NOTICE_STATE.
    """
    notice, row = _notice(work, request.alert_id)
    if row.acceptor_id != work.actor.staff_id:
        work.require_agency(notice.agency)
    return _take(work, notice, row, request.kind, request.text)


class Order(OneAlert):
    """What is to be mended (督办内容)."""

    text: CleanText = Field(min_length=1, max_length=2000)


@operation("acceptance.order_notice", permission="acceptance.oversee", title="Order a violation to be mended")
def order_notice(work: Work, request: Order) -> SupervisionRow:
    """Give a supervision order (督办单) as a paper; the agency answers within two working days.

    Errors: UNKNOWN_NOTICE, NOT_YOUR_AGENCY, NOTICE_STATE, OWN_CASE.
    """
    notice, row = _notice(work, request.alert_id)
    _not_own(work, row)
    alert = work.one(select(t.alert).where(t.alert.c.id == request.alert_id))
    number = f"JC{work.today:%Y}{work.number('supervision', f'{work.today.year}'):05d}"
    facts = _facts(
        alert, number, request.text, _said(_steps(work, [notice.id]).get(notice.id, [])), work.actor.name
    )
    if row.id is not None:
        draft_paper(work, row, ORDER_PAPER, facts | _elsewhere(work, alert, row))
    else:
        draft_paper(work, in_place_of_case(work, alert.id), ORDER_PAPER, facts, alert_id=alert.id)
    return _take(work, notice, row, "order", request.text, order_no=number)


class Closing(OneAlert):
    """How a violation was settled.

    Attributes:
        outcome: mended, or excused where the appeal was right.
    """

    outcome: Literal["mended", "excused"]
    text: CleanText = Field(min_length=1, max_length=2000)


@operation("acceptance.close_notice", permission="acceptance.oversee", title="Close a violation")
def close_notice(work: Work, request: Closing) -> SupervisionRow:
    """Close a violation after its answer (销号). Errors: UNKNOWN_NOTICE, NOT_YOUR_AGENCY, NOTICE_STATE, OWN_CASE."""
    notice, row = _notice(work, request.alert_id)
    _not_own(work, row)
    return _take(work, notice, row, "close", request.text, outcome=request.outcome)


def _notice(work: Read, alert_id: int) -> tuple[Any, Any]:
    """The notice of a violation and its case, or what stands for one. Raises UNKNOWN_NOTICE, NOT_YOUR_AGENCY."""
    notice = work.one(select(s.notice).where(_n.alert_id == alert_id))
    if notice is None:
        raise UserError("UNKNOWN_NOTICE", L("There is no such notice."), do=L("Reminders need no answer."))
    if notice.case_id is not None:
        row = cases.load(work, notice.case_id)
        if (
            work.actor.agency != notice.agency
        ):  # another agency than the case's may have been asked, and be late
            cases.require_sight(work, row)
        return notice, row
    if not work.may("acceptance.see_all"):
        work.require_agency(notice.agency)
    alert = work.one(select(t.alert).where(t.alert.c.id == alert_id))
    return notice, NoCase(alert.number, alert.title, alert.agency)


def _not_own(work: Work, row: Any) -> None:
    """Nobody supervises what they did themselves."""
    if work.actor.staff_id in (row.acceptor_id, row.decider_id):
        raise UserError(
            "OWN_CASE", L("You worked on case {number} yourself.", number=row.case_no),
            do=L("Let a colleague of supervision see to it."),
        )  # fmt: skip


def _take(work: Work, notice: Any, row: Any, kind: str, text: str, **values: Any) -> SupervisionRow:
    """One step of a notice, by whoever comes first."""
    state = next_state(notice.state, kind)
    if state == "ordered":
        values |= {"began_at": work.now, "due_at": answer_due(work, work.now)}
    same = _n.id == notice.id, _n.state == notice.state
    if not work.execute(update(s.notice).where(*same).values(state=state, **values)):
        raise cases.changed(row)
    work.insert(
        s.notice_step, notice_id=notice.id, kind=kind, text=text, at=work.now, staff_id=work.actor.staff_id,
        staff_name=work.actor.name,
    )  # fmt: skip
    work.subject = cases.subject(row.case_no) if row.id is not None else f"finding:{row.case_no}"
    (found,) = supervision(work, AskSupervision(kind="all", alert_id=notice.alert_id))
    return found


def _said(steps: Sequence[NoticeStep]) -> str:
    """The agency's last word, for the field 结果描述."""
    said = [step.text for step in steps if step.kind in ("feedback", "appeal")]
    return said[-1] if said else ""


def _facts(alert: Any, number: str, content: str, said: str, issuer: str) -> dict[str, Any]:
    """What an order says beyond the case (GB/T 39046 table 11)."""
    return {
        "order_no": number, "rule": alert.rule, "warning": in_language(RULES[alert.rule], "zh_CN"),
        "since": alert.at.isoformat(), "content": content, "result": said, "staff": alert.staff_name, "issuer": issuer,
    }  # fmt: skip


def _elsewhere(read: Read, alert: Any, row: Any) -> dict[str, str]:
    """Whose the violation is where another agency than the case's was asked, such as one that answers late."""
    if alert.agency == row.agency:
        return {}
    name = read.scalar(select(hall.agency.c.name).where(hall.agency.c.code == alert.agency))
    return {"agency": alert.agency, "agency_name": name or alert.agency}


@query("acceptance.order_paper", permission="acceptance.view", title="The supervision order on a violation")
def order_paper(read: Read, request: OneAlert) -> PaperRow:
    """The paper of the last order on a violation. Errors: UNKNOWN_NOTICE, NOT_YOUR_AGENCY, NOT_ORDERED."""
    notice, row = _notice(read, request.alert_id)
    about = t.paper.c.alert_id == request.alert_id if row.id is None else t.paper.c.case_id == row.id
    papers = read.all(
        select(t.paper).where(about, t.paper.c.kind == ORDER_PAPER).order_by(t.paper.c.id.desc()).limit(1000)
    )
    found = [each for each in papers if notice.order_no and each.facts["order_no"] == notice.order_no]
    if not found:
        raise UserError("NOT_ORDERED", L("Nothing was ordered about this violation."))
    return paper_row(found[0])


def open_notice(work: Work, alert_id: int, row: Any, rule: str, agency: str) -> None:
    """Notify a violation to the agency whose it is; a reminder needs no answer."""
    if is_violation(rule):
        work.insert(
            s.notice, alert_id=alert_id, case_id=row.id, agency=agency, state="notified", began_at=work.now,
            due_at=answer_due(work, work.now),
        )  # fmt: skip


def open_notices(work: Work, raised: Sequence[tuple[int, int, str, str]]) -> None:
    """Likewise for many: the violation's id, its case, its rule, the agency."""
    due = answer_due(work, work.now) if raised else None
    work.insert_many(
        s.notice,
        [
            {"alert_id": alert_id, "case_id": case_id, "agency": agency, "state": "notified", "began_at": work.now,
             "due_at": due}
            for alert_id, case_id, rule, agency in raised if is_violation(rule)
        ],
    )  # fmt: skip


def answer_due(read: Read, began: datetime) -> datetime:
    """By when a notice or an order of this moment is answered."""
    return days_of(read).due_moment(began, ANSWER_WORKING_DAYS, "W")
