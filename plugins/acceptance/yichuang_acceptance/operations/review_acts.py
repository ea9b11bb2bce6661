"""What approvers do with a task of a review: take it, give it to somebody, pass it on, give an opinion, ask another agency."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from pydantic import Field

from yichuang.api import Request, UserError, Work, hall, operation, select, update
from yichuang_acceptance import review_tables as rt
from yichuang_acceptance.operations import cases, forwarding
from yichuang_acceptance.operations import review_tasks as tasks
from yichuang_acceptance.operations.alerts import raise_alert
from yichuang_acceptance.operations.colleagues import colleague
from yichuang_acceptance.operations.next_node import hand_on
from yichuang_acceptance.operations.review_tasks import Held
from yichuang_acceptance.rules.clocks import Limit
from yichuang_acceptance.rules.machine import Event, State, next_state
from yichuang_acceptance.rules.review_graph import Kind
from yichuang_acceptance.rules.timers import CROSS_APPROVAL
from yichuang_acceptance.words import words

L = words.lazy
MOST_DAYS = 20


class SeenTask(Request):
    """A task, in the version that the caller looked at."""

    task_id: int
    row_version: int


@dataclass(frozen=True)
class Acted:
    """A task after an act.

    Attributes:
        opened: Names of the nodes that were opened by it.
        signed: How many officers have said the same; 0 where one is enough.
    """

    task_id: int
    case_id: int
    case_no: str
    state: str
    row_version: int
    opened: tuple[str, ...] = ()
    signed: int = 0


@operation("acceptance.claim", permission="acceptance.review", title="Take a task of a review")
def claim(work: Work, request: SeenTask) -> Acted:
    """Take a task that is nobody's. Errors: TASK_TAKEN, TASK_YOURS, TASK_DONE, TASK_CHANGED, NOT_AT_THIS_NODE, SAME_PERSON."""
    held = _held(work, request, Event.CLAIM)
    tasks.require_role(work, held)
    if held.task.assignee_id == work.actor.staff_id:
        raise UserError("TASK_YOURS", L("“{task}” is yours already.", task=held.task.name))
    if held.task.assignee_id is not None and held.task.assignee_id not in tasks.absent_for(work):
        raise UserError(
            "TASK_TAKEN",
            L("{name} has taken “{task}”.", name=held.task.assignee_name, task=held.task.name),
            do=L("A head of section can give it to you."),
        )
    _give(work, held, work.actor.staff_id, work.actor.name)
    cases.move(work, held.case, Event.CLAIM, payload=tasks.named(held.task))
    return _acted(work, held)


class Assignment(SeenTask):
    """Who is to do a task."""

    staff_id: int


@operation("acceptance.assign", permission="acceptance.assign", title="Give a task to somebody")
def assign(work: Work, request: Assignment) -> Acted:
    """Give a task to a colleague, as head of section. Errors: UNKNOWN_COLLEAGUE, TASK_DONE, TASK_CHANGED, NOT_YOUR_AGENCY."""
    held = _held(work, request, Event.ASSIGN)
    name = colleague(work, request.staff_id, held.task)
    _give(work, held, request.staff_id, name)
    cases.move(work, held.case, Event.ASSIGN, payload={**tasks.named(held.task), "to": name})
    return _acted(work, held)


class Transfer(SeenTask):
    """To whom a task is passed on, and why.

    Attributes:
        staff_id: A colleague of the same agency; None gives it back, so that anybody may take it.
    """

    staff_id: int | None = None
    reason: str = Field(min_length=1, max_length=500)


@operation("acceptance.transfer", permission="acceptance.review", title="Pass a task on")
def transfer(work: Work, request: Transfer) -> Acted:
    """Pass one's task on within the agency. Errors: UNKNOWN_COLLEAGUE, TASK_TAKEN, TASK_DONE, TASK_CHANGED."""
    held = _held(work, request, Event.TRANSFER)
    instead = tasks.require_free(work, held.task)
    name = "" if request.staff_id is None else colleague(work, request.staff_id, held.task)
    _give(work, held, request.staff_id, name)
    said = {**tasks.named(held.task), "to": name, **_for(instead)}
    cases.move(work, held.case, Event.TRANSFER, opinion=request.reason, payload=said)
    return _acted(work, held)


class Opinion(SeenTask):
    """What was examined and found.

    Attributes:
        outcome: pass; return (to an earlier node); refuse (the decision is advised to refuse).
        return_to: The earlier node.
        checked: Review points that were ticked; to pass, all of them.
        sent_to: At a node that sends up, the organ outside the hall that decides.
        next_id: Who is to do the one task of the own agency that opens by it; anybody where None, and where another officer
            has to sign first.
    """

    outcome: Literal["pass", "return", "refuse"]
    opinion: str = Field(min_length=1, max_length=2000)
    return_to: str = Field("", max_length=32)
    checked: tuple[str, ...] = Field((), max_length=30)
    sent_to: forwarding.SentTo | None = None
    next_id: int | None = None


@operation("acceptance.give_opinion", permission="acceptance.review", title="Give an opinion at a node")
def give_opinion(work: Work, request: Opinion) -> Acted:
    """Close a task with an opinion and open what comes next; on site, when enough officers have said the same.

    At a node that sends up, the letter D19 goes with it unless one was written elsewhere.

    Errors: TASK_DONE, TASK_CHANGED, TASK_TAKEN, NOT_AT_THIS_NODE, OWN_ACCEPTANCE, SAME_PERSON, POINTS_OPEN,
    UNKNOWN_POINT, NO_SUCH_RETURN, DECISION_NEEDED, ANSWERS_OUTSTANDING, ILLEGAL_STEP, NEXT_NODE_CHANGED,
    UNKNOWN_COLLEAGUE, ORGAN_MISSING, NOT_SENT_UP_HERE, DAY_WRONG.
    """
    held = _held(work, request, Event.OPINION)
    tasks.require_role(work, held)
    instead = tasks.require_free(work, held.task)
    _check_opinion(held, request)
    forwarding.require_sending(held, request.outcome, request.sent_to)
    sent = forwarding.send(work, held, request.sent_to, request.opinion) if request.sent_to else {}
    said = _statements(work, held, request)
    officers = held.node.officers if held.node is not None else 1
    agree = sum(each["outcome"] == request.outcome for each in said)
    payload = {
        **tasks.named(held.task), "outcome": request.outcome, "checked": list(request.checked), **_for(instead),
        **({"return_to": request.return_to} if request.outcome == "return" else {}),
        **({"signed": agree, "of": officers} if officers > 1 else {}), **sent,
    }  # fmt: skip
    done = request.outcome == "return" or agree >= officers
    if done:
        tasks.finish(
            work, held, request.outcome, opinion=request.opinion, checked=list(request.checked), said=said,
            return_to=request.return_to, staff_id=work.actor.staff_id, staff_name=work.actor.name, **instead,
        )  # fmt: skip
    else:
        _change(work, held, said=said, checked=list(request.checked))
    cases.move(work, held.case, Event.OPINION, opinion=request.opinion, payload=payload)
    _report_acceptor(work, held)
    opened: list[str] = []
    if done:
        if request.outcome == "return":
            tasks.send_back(work, held, request.return_to)
        opened = tasks.go_on(work, cases.load(work, held.case.id))
        if request.next_id is not None and request.outcome != "return":
            hand_on(work, held, request.next_id)
    return _acted(work, held, tuple(opened), agree if officers > 1 else 0)


def _check_opinion(held: Held, request: Opinion) -> None:
    node = held.node
    points = node.points if node is not None else ()
    if set(request.checked) - set(points):
        raise UserError("UNKNOWN_POINT", L("That is no review point of “{task}”.", task=held.task.name))
    if request.outcome == "return":
        if node is None or request.return_to not in held.course.graph.returns(node.id):
            raise UserError(
                "NO_SUCH_RETURN",
                L("“{task}” cannot be sent back to that node.", task=held.task.name),
                do=L("Choose one of the earlier nodes that the graph allows."),
            )
        return
    if held.task.kind == Kind.DECIDE:
        raise UserError(
            "DECISION_NEEDED",
            L("“{task}” ends with a decision: grant or refuse.", task=held.task.name),
        )
    asked = [task.name for task in held.course.open() if task.asked_by == held.task.id]
    if asked:
        raise UserError(
            "ANSWERS_OUTSTANDING",
            L("Another agency has not answered yet: {names}.", names="、".join(asked)),
            do=L("Wait for the answer; after its limit silence counts as consent."),
        )
    if request.outcome == "pass" and set(points) - set(request.checked):
        raise UserError(
            "POINTS_OPEN",
            L("Not every review point of “{task}” is ticked.", task=held.task.name),
            do=L("Tick what was examined and is in order, or advise to refuse."),
        )


def _statements(work: Work, held: Held, request: Opinion) -> list[dict[str, Any]]:
    """What each officer says; whoever speaks again replaces what they said before."""
    mine = {
        "id": work.actor.staff_id, "name": work.actor.name, "outcome": request.outcome, "opinion": request.opinion,
        "at": work.now.isoformat(),
    }  # fmt: skip
    return [each for each in held.task.said if each["id"] != work.actor.staff_id] + [mine]


def _report_acceptor(work: Work, held: Held) -> None:
    """V16: the graph lets the acceptor examine as well, which supervision wants to hear."""
    if held.case.acceptor_id == work.actor.staff_id:
        raise_alert(
            work, held.case, CROSS_APPROVAL, f"{held.task.node}:{held.task.round}", detail=held.task.name,
            staff=(work.actor.staff_id, work.actor.name),
        )  # fmt: skip


class Consultation(SeenTask):
    """A question to another agency.

    Attributes:
        agency: Its code.
        days: Working days to answer; after them silence counts as consent.
    """

    agency: str = Field(min_length=1, max_length=40)
    question: str = Field(min_length=1, max_length=1000)
    days: int = Field(3, ge=1, le=MOST_DAYS)


@operation("acceptance.consult", permission="acceptance.review", title="Ask another agency")
def consult(work: Work, request: Consultation) -> Acted:
    """Put a question of one's task to another agency, which sees that question and nothing else of the case.

    Errors: UNKNOWN_AGENCY, OWN_AGENCY, ASKED_ALREADY, TASK_DONE, TASK_CHANGED, TASK_TAKEN, NOT_AT_THIS_NODE.
    """
    held = _held(work, request, Event.CONSULT)
    tasks.require_role(work, held)
    instead = tasks.require_free(work, held.task)
    asked = work.one(
        select(hall.agency.c.code, hall.agency.c.short_name).where(hall.agency.c.code == request.agency)
    )
    if asked is None:
        raise UserError("UNKNOWN_AGENCY", L("There is no such agency in the hall."))
    if asked.code in (held.task.agency, held.case.agency) or held.task.kind == Kind.CONSULT:
        raise UserError(
            "OWN_AGENCY", L("Only another agency can be asked, by the agency that the case belongs to.")
        )
    beside = [task for task in held.course.tasks if task.asked_by == held.task.id]
    if any(task.agency == asked.code and task.state == "open" for task in beside):
        raise UserError("ASKED_ALREADY", L("{agency} was asked already.", agency=asked.short_name))
    name = f"征求{asked.short_name}意见"  # goes into the record, like opinions
    tasks.add_task(
        work, held.case, node=f"{held.task.node}.{len(beside) + 1}", round=held.task.round, kind=Kind.CONSULT, name=name,
        agency=asked.code, permission="acceptance.review", limit=Limit(Decimal(request.days), "W"), silent_ok=True,
        asked_by=held.task.id, question=request.question,
    )  # fmt: skip
    _change(work, held)
    said = {**tasks.named(held.task), "agency": asked.code, "days": request.days, **_for(instead)}
    cases.move(work, held.case, Event.CONSULT, opinion=request.question, payload=said)
    return _acted(work, held, (name,))


def _held(work: Work, request: SeenTask, event: Event) -> Held:
    """The task, where its case is under review."""
    held = tasks.hold(work, request.task_id, request.row_version)
    next_state(State(held.case.state), event)
    return held


def _give(work: Work, held: Held, staff_id: int | None, name: str) -> None:
    if staff_id is not None and staff_id == held.task.assignee_id:
        raise UserError("TASK_THERE", L("{name} has this task already.", name=name))
    _change(work, held, assignee_id=staff_id, assignee_name=name)


def _change(work: Work, held: Held, **values: Any) -> None:
    touched = work.execute(
        update(rt.task)
        .where(
            rt.task.c.id == held.task.id,
            rt.task.c.row_version == held.task.row_version,
            rt.task.c.state == "open",
        )
        .values(row_version=held.task.row_version + 1, **values)
    )
    if touched != 1:
        raise tasks.done_already(held.task)


def _for(instead: dict[str, Any]) -> dict[str, Any]:
    """Whose deputy acted, as events say it."""
    return {"for": instead["for_name"], "for_id": instead["for_id"]} if instead["for_id"] else {}


def _acted(work: Work, held: Held, opened: tuple[str, ...] = (), signed: int = 0) -> Acted:
    fresh = work.one(select(rt.task.c.state, rt.task.c.row_version).where(rt.task.c.id == held.task.id))
    case = held.case
    return Acted(held.task.id, case.id, case.case_no, fresh.state, fresh.row_version, opened, signed)
