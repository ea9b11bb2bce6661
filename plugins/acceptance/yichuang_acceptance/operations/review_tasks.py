"""Tasks of a review in a transaction: which graph a case follows, opening what comes next, sending back, who may act."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from yichuang.api import (
    Read,
    UserError,
    Work,
    bindparam,
    canonical_json,
    identifiers,
    prepare,
    select,
    update,
)
from yichuang_acceptance import review_tables as rt
from yichuang_acceptance import tables as t
from yichuang_acceptance.operations.clocks import limits_of_case
from yichuang_acceptance.operations.review_clock import task_times
from yichuang_acceptance.rules.clocks import Limit
from yichuang_acceptance.rules.review_flow import Mark, moves, reopened
from yichuang_acceptance.rules.review_graph import ACCEPTOR, Graph, Kind, Node
from yichuang_acceptance.rules.review_parse import graph_of
from yichuang_acceptance.rules.review_shares import node_limit
from yichuang_acceptance.words import words

L = words.lazy
_FLOW = prepare(
    select(rt.case_flow.c.round, rt.flow.c.graph)
    .join(rt.flow, rt.flow.c.id == rt.case_flow.c.flow_id)
    .where(rt.case_flow.c.case_id == bindparam("case_id"))
)
_TASKS = prepare(select(rt.task).where(rt.task.c.case_id == bindparam("case_id")).order_by(rt.task.c.id))
_TASK = prepare(select(rt.task).where(rt.task.c.id == bindparam("id")))
_ABSENT = prepare(
    select(rt.absence.c.staff_id, rt.absence.c.staff_name)
    .where(
        rt.absence.c.deputy_id == bindparam("deputy"),
        rt.absence.c.first_day <= bindparam("today"),
        rt.absence.c.last_day >= bindparam("today"),
        rt.absence.c.agency == bindparam("agency"),
    )
    .limit(100)
)


@dataclass(frozen=True)
class Course:
    """The way of a case through its review.

    Attributes:
        round: Counted up whenever the case was sent back.
        tasks: Every task of the case, oldest first.
    """

    graph: Graph
    round: int
    tasks: list[Any]

    def standing(self) -> list[Any]:
        """The tasks that count."""
        return [task for task in self.tasks if task.stands]

    def open(self) -> list[Any]:
        """The tasks that somebody has to work on."""
        return [task for task in self.tasks if task.state == "open"]

    def people_of(self, node: str) -> set[int]:
        """Who examined at a node: whoever signed, and for whom they did."""
        found: set[int] = set()
        for task in self.standing():
            if task.node == node and task.state == "done":
                found |= {task.staff_id, task.for_id, *(said["id"] for said in task.said)}
        return found - {None}


def course_of(read: Read, case_id: int) -> Course | None:
    """The way of a case through its review; None where its item has no graph."""
    found = read.one(_FLOW, case_id=case_id)
    if found is None:
        return None
    graph = graph_of(canonical_json(found.graph))
    return Course(graph, found.round, read.all(_TASKS, case_id=case_id))


def graphs_of_cases(read: Read, case_ids: Iterable[int]) -> dict[int, Graph]:
    """The review graphs of some hundred cases; cases without one are left out."""
    flows = dict(
        read.all(
            select(rt.case_flow.c.case_id, rt.case_flow.c.flow_id).where(
                rt.case_flow.c.case_id.in_(sorted(set(case_ids)))
            )
        )
    )
    known = select(rt.flow.c.id, rt.flow.c.graph).where(rt.flow.c.id.in_(sorted(set(flows.values()))))
    graphs = {row.id: graph_of(canonical_json(row.graph)) for row in read.all(known)} if flows else {}
    return {case_id: graphs[flow] for case_id, flow in flows.items()}


def load_task(read: Read, task_id: int, *, by_time: bool = False) -> Any:
    """The row of a task for people of its agency, or for time itself. Raises UNKNOWN_TASK, NOT_YOUR_AGENCY."""
    task = read.one(_TASK, id=task_id)
    if task is None:
        raise UserError("UNKNOWN_TASK", L("There is no such task."), do=L("Refresh the list."))
    if not by_time:
        read.require_agency(task.agency)
    return task


@dataclass(frozen=True)
class Held:
    """A task that nobody else can change until the transaction ends."""

    task: Any
    case: Any
    course: Course

    @property
    def node(self) -> Node | None:
        """Its node; None for a question that was put beside the graph."""
        return self.course.graph.nodes.get(self.task.node)


def hold(work: Work, task_id: int, seen: int, *, by_time: bool = False) -> Held:
    """Take a task and its case for this transaction; tasks of one case are done one after the other.

    Args:
        work: The transaction.
        task_id: The task.
        seen: The version of the task that the caller looked at.
        by_time: Nobody acts, a limit has passed.

    Raises:
        UserError: UNKNOWN_TASK, NOT_YOUR_AGENCY; TASK_DONE, TASK_CHANGED when somebody was faster.
    """
    task = load_task(work, task_id, by_time=by_time)
    case = work.one(select(t.case).where(t.case.c.id == task.case_id).with_for_update())
    course = course_of(work, case.id)
    assert course is not None  # a task is only opened for a case that follows a graph
    task = next(each for each in course.tasks if each.id == task_id)
    if task.state != "open":
        raise done_already(task)
    if task.row_version != seen:
        raise UserError(
            "TASK_CHANGED",
            L(
                "Somebody else has just changed the task “{task}” of case {number}.",
                task=task.name,
                number=task.case_no,
            ),
            do=L("Look at it again, then act."),
        )
    return Held(task, case, course)


def done_already(task: Any) -> UserError:
    """What the second of two people is told."""
    if task.state == "done" and task.staff_name:
        sentence = L("{name} has dealt with “{task}” already.", name=task.staff_name, task=task.name)
    else:
        sentence = L("“{task}” does not have to be dealt with any more.", task=task.name)
    return UserError("TASK_DONE", sentence, do=L("Go on with the next task."))


def absent_for(read: Read) -> dict[int, str]:
    """The absent colleagues whose tasks are the actor's today, by their names."""
    actor = read.actor
    rows = read.all(_ABSENT, deputy=actor.staff_id, today=read.today, agency=actor.agency)
    return {row.staff_id: row.staff_name for row in rows}


def require_role(read: Read, held: Held) -> None:
    """Let only people act who may do so at this node. Raises NOT_AT_THIS_NODE, OWN_ACCEPTANCE, SAME_PERSON."""
    if held.task.permission and not read.may(held.task.permission):
        raise UserError(
            "NOT_AT_THIS_NODE",
            L("“{task}” is done by somebody with another role.", task=held.task.name),
            do=L("Ask the administrator for the permission, or leave it to a colleague."),
        )
    barred = held.node.not_same_as if held.node is not None else ()
    mine = {read.actor.staff_id}
    if ACCEPTOR in barred and held.case.acceptor_id in mine:
        raise UserError(
            "OWN_ACCEPTANCE",
            L("Whoever accepted the application may not act at “{task}”.", task=held.task.name),
            do=L("Let a colleague do it."),
        )
    for name in barred:
        if name != ACCEPTOR and held.course.people_of(name) & mine:
            raise UserError(
                "SAME_PERSON",
                L("Whoever acted at “{before}” may not act at “{task}”.", before=held.course.graph.nodes[name].name,
                  task=held.task.name),
                do=L("Let a colleague do it."),
            )  # fmt: skip


def require_free(read: Read, task: Any) -> dict[str, Any]:
    """Let only its assignee, that one's deputy, or anybody of the agency where it is nobody's, go on. Raises TASK_TAKEN.

    Returns:
        Columns and payload that tell a deputy from the absent colleague: for_id, for_name.
    """
    nobody = {"for_id": None, "for_name": ""}
    if task.assignee_id in (None, read.actor.staff_id):
        return nobody
    absent = absent_for(read)
    if task.assignee_id in absent:
        return {"for_id": task.assignee_id, "for_name": absent[task.assignee_id]}
    if task.kind == Kind.SITE:
        return nobody  # the second officer signs beside the first
    raise UserError(
        "TASK_TAKEN",
        L("{name} has taken “{task}”.", name=task.assignee_name, task=task.name),
        do=L("A head of section can give it to you."),
    )


def go_on(work: Work, case: Any) -> list[str]:
    """Open what can be worked on now; returns the names of the nodes that were opened."""
    course = course_of(work, case.id)
    assert course is not None
    marks = {task.node: Mark(task.state) for task in course.standing() if task.node in course.graph.nodes}
    found = moves(course.graph, marks, case.form)
    for name in found.skips:
        _enter(work, case, course, name, state="skipped")
    drop(work, [task.id for task in course.open() if task.node in found.drops])
    for name in found.opens:
        _enter(work, case, course, name)
    return [course.graph.nodes[name].name for name in found.opens]


def _enter(work: Work, case: Any, course: Course, name: str, **more: Any) -> None:
    """Write a task; one that comes again goes to whoever did it before."""
    node = course.graph.nodes[name]
    before = next((task for task in reversed(course.tasks) if task.node == name and task.staff_id), None)
    assignee = (
        {"assignee_id": before.staff_id, "assignee_name": before.staff_name} if before is not None else {}
    )
    agency = node.agency or case.agency
    permission = node.permission
    legal, promise = limits_of_case(case)
    add_task(
        work, case, node=name, round=course.round, kind=node.kind, name=node.name, agency=agency, permission=permission,
        limit=node_limit(course.graph, name, promise, legal), silent_ok=node.silent_ok, **assignee, **more,
    )  # fmt: skip


def add_task(work: Work, case: Any, *, limit: Limit | None, state: str = "open", **values: Any) -> int:
    """Insert a task with its clock and what lists show of the case; returns its key."""
    masked = case.applicant_name
    if case.applicant_kind == "person":
        masked = identifiers.mask_name(case.applicant_name)
    times: dict[str, Any] = {"paused": False}
    if state == "open":
        times = task_times(work, case, work.now, limit)
    key: int = work.insert(
        rt.task, case_id=case.id, case_agency=case.agency, case_no=case.case_no, item=case.item, item_name=case.item_name,
        applicant=masked, opened_at=work.now, limit_amount=limit.amount if limit else None,
        limit_unit=limit.unit if limit else "", state=state, stands=True, checked=[], said=[], **times, **values,
    )  # fmt: skip
    return key


def drop(work: Work, ids: list[int]) -> None:
    """Close tasks that nobody waits for any more, and the questions that were put from them."""
    if not ids:
        return
    closed = {"state": "dropped", "stands": False, "timer_at": None, "row_version": rt.task.c.row_version + 1}
    for column in (rt.task.c.id, rt.task.c.asked_by):
        work.execute(update(rt.task).where(column.in_(ids), rt.task.c.state == "open").values(**closed))


def finish(work: Work, held: Held, outcome: str, **values: Any) -> None:
    """Close a task with its outcome. Raises TASK_DONE when somebody was faster."""
    touched = work.execute(
        update(rt.task)
        .where(rt.task.c.id == held.task.id, rt.task.c.state == "open", rt.task.c.row_version == held.task.row_version)
        .values(state="done", outcome=outcome, done_at=work.now, timer_at=None,
                row_version=held.task.row_version + 1, **values)
    )  # fmt: skip
    if touched != 1:
        raise done_already(held.task)


def send_back(work: Work, held: Held, to: str) -> None:
    """Let everything from an earlier node on be done again, in a new round."""
    again = reopened(held.course.graph, to)
    affected = [task for task in held.course.standing() if task.node in again]
    drop(work, [task.id for task in affected if task.state == "open" and task.id != held.task.id])
    past = [task.id for task in affected if task.state != "open"] + [held.task.id]
    work.execute(update(rt.task).where(rt.task.c.id.in_(past)).values(stands=False))
    work.execute(
        update(rt.case_flow).where(rt.case_flow.c.case_id == held.case.id).values(round=held.course.round + 1)
    )


def named(task: Any) -> dict[str, Any]:
    """What an event says about its task."""
    return {"task": task.id, "node": task.node, "name": task.name, "round": task.round}
