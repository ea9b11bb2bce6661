"""Who does what comes next: the people that a node of the own agency can be given to when the node before it is passed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from yichuang.api import Read, UserError, Work, query, select, update
from yichuang_acceptance import review_tables as rt
from yichuang_acceptance.operations import cases
from yichuang_acceptance.operations import review_tasks as tasks
from yichuang_acceptance.operations.colleagues import colleague, people
from yichuang_acceptance.operations.review_lists import OneTask
from yichuang_acceptance.rules.machine import Event
from yichuang_acceptance.rules.review_flow import Mark, moves
from yichuang_acceptance.rules.review_graph import ACCEPTOR
from yichuang_acceptance.words import words

L = words.lazy


@dataclass(frozen=True)
class NextPerson:
    """Somebody who may do what comes next.

    Attributes:
        present_at: When they last signed in today; None where they have not.
        deputy: Who stands in for them today, because they are absent; empty where they are not.
    """

    staff_id: int
    name: str
    post: str
    present_at: datetime | None
    deputy: str


@dataclass(frozen=True)
class NextNodes:
    """What opens when a task is passed.

    Attributes:
        names: Every node that opens; none where others have to be passed first.
        node: The one of the own agency that can be given to somebody; empty where there is none, or more than one.
        people: Who may do it.
        waits_for: Nodes that have to be passed first.
    """

    names: tuple[str, ...]
    node: str
    people: tuple[NextPerson, ...]
    waits_for: tuple[str, ...] = ()


@query("acceptance.next_nodes", permission="acceptance.review", title="What comes after a task")
def next_nodes(read: Read, request: OneTask) -> NextNodes:
    """What opens when a task of one's agency is passed. Errors: UNKNOWN_TASK, NOT_YOUR_AGENCY."""
    task = tasks.load_task(read, request.task_id)
    case = cases.load(read, task.case_id)
    course = tasks.course_of(read, case.id)
    assert course is not None  # a task is only opened for a case that follows a graph
    held = tasks.Held(task, case, course)
    if task.state != "open" or held.node is None:
        return NextNodes((), "", ())
    marks = {each.node: Mark(each.state) for each in course.standing() if each.node in course.graph.nodes}
    found = moves(course.graph, {**marks, task.node: Mark.DONE}, case.form)
    names = tuple(course.graph.nodes[name].name for name in found.opens)
    waits = tuple(each.name for each in course.open() if each.id != task.id) if not names else ()
    own = [name for name in found.opens if (course.graph.nodes[name].agency or case.agency) == case.agency]
    if len(own) != 1 or task.agency != case.agency:
        return NextNodes(names, "", (), waits)
    node = course.graph.nodes[own[0]]
    barred = barred_people(held, own[0]) | ({read.actor.staff_id} if node.id in _after(held) else set())
    able = [each for each in people(read, case.agency, node.permission) if each.id not in barred]
    return NextNodes(names, node.name, tuple(_described(read, case.agency, able)), waits)


def _after(held: tasks.Held) -> set[str]:
    """Nodes that nobody may do who does this one."""
    nodes = held.course.graph.nodes.values()
    return {node.id for node in nodes if held.task.node in node.not_same_as}


def barred_people(held: tasks.Held, name: str) -> set[int]:
    """Who may not act at a node, because of what they have done for the case already."""
    barred: set[int] = set()
    for before in held.course.graph.nodes[name].not_same_as:
        barred |= {held.case.acceptor_id} if before == ACCEPTOR else held.course.people_of(before)
    return barred


def _described(read: Read, agency: str, able: list[Any]) -> list[NextPerson]:
    present = {each.staff_id: each.at for each in read.query("identity.present", {"agency": agency})}
    away = rt.absence.c
    rows = read.all(
        select(away.staff_id, away.deputy_name)
        .where(away.agency == agency, away.first_day <= read.today, away.last_day >= read.today)
        .limit(500)
    )
    deputies = {row.staff_id: row.deputy_name for row in rows}
    found = [
        NextPerson(each.id, each.name, each.post, present.get(each.id), deputies.get(each.id, ""))
        for each in able
    ]
    return sorted(found, key=lambda each: (bool(each.deputy), each.present_at is None, each.name))


def hand_on(work: Work, held: tasks.Held, staff_id: int) -> str:
    """Give the one task of the own agency that has just opened to somebody; returns its name.

    Raises:
        UserError: NEXT_NODE_CHANGED, UNKNOWN_COLLEAGUE, SAME_PERSON.
    """
    course = tasks.course_of(work, held.case.id)
    assert course is not None
    before = {each.id for each in held.course.tasks}
    own = [each for each in course.open() if each.id not in before and each.agency == held.case.agency]
    if len(own) != 1:
        raise UserError(
            "NEXT_NODE_CHANGED",
            L("What comes next is not what was shown, so it cannot be given to somebody."),
            safe=L("Nothing was submitted."),
            do=L("Look at it again, then submit."),
        )
    (task,) = own
    name = colleague(work, staff_id, task)
    if staff_id in barred_people(tasks.Held(task, held.case, course), task.node):
        raise UserError(
            "SAME_PERSON",
            L("{name} has acted on this case before and may not act at “{task}”.", name=name, task=task.name),
            do=L("Choose a colleague."),
        )
    work.execute(
        update(rt.task).where(rt.task.c.id == task.id).values(assignee_id=staff_id, assignee_name=name)
    )
    case = cases.load(work, held.case.id)
    cases.move(work, case, Event.TRANSFER, payload={**tasks.named(task), "to": name})
    return str(task.name)
