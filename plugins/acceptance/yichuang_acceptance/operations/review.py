"""What happens in an agency between acceptance and decision, as the rest of the plugin sees it.

`dispatch` opens the first tasks, `node_of` names the nodes a case is at, `require_reviewed` lets only a finished review be
decided on, `decided` closes it. An item without a graph has one step: the case waits until somebody decides.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from yichuang.api import Read, UserError, Work, bindparam, prepare, select
from yichuang_acceptance import review_tables as rt
from yichuang_acceptance.operations import cases, later
from yichuang_acceptance.operations import review_tasks as tasks
from yichuang_acceptance.operations.clocks import days_of, limits_of_case
from yichuang_acceptance.rules.machine import Event
from yichuang_acceptance.rules.review_graph import Kind
from yichuang_acceptance.rules.review_shares import node_limit
from yichuang_acceptance.rules.timers import NODE_LATE
from yichuang_acceptance.words import words

L = words.lazy
ONLY_NODE = "decide"
MAKING = "making"
RECOMMENDS_REFUSAL = "refuse"
_NEWEST = prepare(
    select(rt.flow.c.id, rt.flow.c.revision)
    .where(rt.flow.c.item == bindparam("item"), rt.flow.c.item_version == bindparam("version"))
    .order_by(rt.flow.c.revision.desc())
    .limit(1)
)


def dispatch(work: Work, row: Any) -> Any:
    """Pass an accepted case to its agency; where the item has a review graph, its newest revision is the case's.

    Returns:
        Its row as it is now.
    """
    flow = work.one(_NEWEST, item=row.item, version=row.item_version)
    if flow is None:
        return cases.move(work, row, Event.DISPATCH).row
    moved = cases.move(work, row, Event.DISPATCH, payload={"flow": flow.id, "revision": flow.revision})
    work.insert(rt.case_flow, case_id=row.id, flow_id=flow.id, round=1)
    tasks.go_on(work, moved.row)
    return moved.row


def node_of(read: Read, row: Any) -> str:
    """The nodes at which a case is, for suspensions: the same node is not suspended twice without being noted."""
    course = tasks.course_of(read, row.id)
    if course is None:
        return ONLY_NODE
    return "+".join(sorted(task.node for task in course.open())) or ONLY_NODE


def require_reviewed(work: Work, row: Any) -> None:
    """Let only a case be decided whose review is over, and never by whoever accepted it or examined it alone.

    Raises:
        UserError: OWN_ACCEPTANCE, REVIEW_OPEN, NOT_AT_THIS_NODE, SAME_PERSON, TASK_TAKEN, SOLE_REVIEWER.
    """
    if row.acceptor_id == work.actor.staff_id:
        raise UserError(
            "OWN_ACCEPTANCE",
            L("Whoever accepted an application may not decide on it."),
            do=L("Let a colleague decide."),
        )
    course = tasks.course_of(work, row.id)
    if course is None:
        return
    waiting = [task.name for task in course.open() if task.node != course.graph.decide]
    if waiting:
        raise UserError(
            "REVIEW_OPEN",
            L(
                "The review of case {number} is not over: {nodes}.",
                number=row.case_no,
                nodes="、".join(waiting),
            ),
            do=L("Decide when these have been dealt with."),
        )
    held = _decision(course, row)
    if held is not None:
        tasks.require_role(work, held)
        tasks.require_free(work, held.task)
        _require_second_person(work, course)


def _decision(course: tasks.Course, row: Any) -> tasks.Held | None:
    task = next((task for task in course.open() if task.node == course.graph.decide), None)
    return None if task is None else tasks.Held(task, row, course)


def _require_second_person(work: Work, course: tasks.Course) -> None:
    """Four eyes: whoever alone examined a case does not decide on it as well, for an absent colleague neither."""
    signed = {task.staff_id for task in course.standing() if task.state == "done"}
    signed |= {said["id"] for task in course.standing() for said in task.said}
    if signed - {None} == {work.actor.staff_id}:
        raise UserError(
            "SOLE_REVIEWER",
            L("Nobody but you has examined this application; somebody else decides."),
            do=L("Let a colleague decide."),
        )


def decided(work: Work, row: Any, outcome: str, opinion: str) -> dict[str, Any]:
    """Close the decision's task; returns what the event says about it, nodes against whose advice it is among that."""
    course = tasks.course_of(work, row.id)
    held = _decision(course, row) if course is not None else None
    if course is None or held is None:
        return {}
    instead = tasks.require_free(work, held.task)
    tasks.finish(
        work, held, outcome, opinion=opinion, staff_id=work.actor.staff_id, staff_name=work.actor.name, **instead
    )  # fmt: skip
    against = [
        task.name for task in course.standing() if task.outcome == RECOMMENDS_REFUSAL and outcome == "grant"
    ]  # fmt: skip
    return {**tasks.named(held.task), **({"against": against} if against else {}),
            **({"for": instead["for_name"]} if instead["for_id"] else {})}  # fmt: skip


def begin_making(work: Work, row: Any) -> None:
    """The certificate is to be made from now on: a node for that has its share of the promise (T10), then it is late (V04)."""
    due = making_due(work, row, work.now)
    if due is not None:
        later.remind_at(work, row.id, NODE_LATE, due, MAKING)


def made(work: Work, row: Any) -> None:
    """The certificate is made."""
    later.forget(work, row.id, NODE_LATE, key=MAKING)


def making_due(read: Read, row: Any, began: datetime) -> datetime | None:
    """By when the certificate of a case is made; None where its graph has no such node, or nothing is promised."""
    course = tasks.course_of(read, row.id)
    node = (
        None
        if course is None
        else next((n.id for n in course.graph.nodes.values() if n.kind is Kind.MAKE), None)
    )
    if course is None or node is None:
        return None
    limit = node_limit(course.graph, node, limits_of_case(row)[1])
    return None if limit is None else days_of(read).due_moment(began, limit.amount, limit.unit)
