"""What the workbench shows of reviews: my tasks by time left, one task with its points, the course of a case, colleagues."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from pydantic import Field

from yichuang.api import Read, Request, UserError, and_, func, identifiers, or_, query, select
from yichuang_acceptance import review_tables as rt
from yichuang_acceptance.operations import cases, forms
from yichuang_acceptance.operations import review_tasks as tasks
from yichuang_acceptance.operations.case_lists import ItemCount, counted_items
from yichuang_acceptance.operations.clocks import days_of, worked
from yichuang_acceptance.operations.intake import OneCase
from yichuang_acceptance.operations.lists import received_between
from yichuang_acceptance.operations.looks import Look, Seeing
from yichuang_acceptance.operations.one_case import MaterialView
from yichuang_acceptance.operations.ordered import Order
from yichuang_acceptance.operations.pages import Document, documents_of
from yichuang_acceptance.operations.waiting import LightChoice
from yichuang_acceptance.rules.lights import light, time_left, used_share
from yichuang_acceptance.rules.machine import State
from yichuang_acceptance.rules.review_graph import Kind
from yichuang_acceptance.rules.search_lights import running_light
from yichuang_acceptance.words import words

L = words.lazy
_T = rt.task.c


@dataclass(frozen=True)
class TaskRow:
    """A task as lists show it.

    Attributes:
        own: The case belongs to the agency that works on the task; otherwise that agency was asked.
        mine: The actor has taken it, or stands in for whoever has.
        absent: The absent colleague whose task it is, or empty.
    """

    id: int
    case_id: int
    case_no: str
    short_no: str
    item: str
    item_name: str
    applicant: str
    node: str
    name: str
    kind: str
    round: int
    own: bool
    assignee: str
    mine: bool
    absent: str
    light: str
    time_left: str
    used: float = field(compare=False)
    due_at: datetime | None
    opened_at: datetime
    state: str
    row_version: int


class AskTasks(Request):
    """A list of tasks.

    Attributes:
        tab: mine (taken, of absent colleagues, or free to take), agency (every open one of one's agency), done (by me).
        text: Part of a number, an applicant, an item or a node.
        item: Only of this item, and `node` only at this node.
        light: Only with this light.
        first, last: Only opened on these days.
        order: Of open ones: due (the nearest due moment first), newest (opened last, first), or item (item by item).
        after_due, after_item, after_id: Of the last row of the page before: `due_at`, item, and id.
    """

    tab: Literal["mine", "agency", "done"] = "mine"
    text: str = Field("", max_length=60)
    item: str = Field("", max_length=64)
    node: str = Field("", max_length=40)
    light: LightChoice = ""
    first: date | None = None
    last: date | None = None
    order: Order = "due"
    after_due: datetime | None = None
    after_item: str = Field("", max_length=64)
    after_id: int | None = None
    limit: int = Field(200, ge=1, le=1000)


@query("acceptance.my_tasks", permission="acceptance.review", title="My tasks")
def my_tasks(read: Read, request: AskTasks) -> list[TaskRow]:
    """Tasks of a list, nearest due moment first, those without one last; done ones from the newest on."""
    absent = tasks.absent_for(read)
    wanted = select(rt.task).where(*_conditions(read, request, absent))
    if request.tab == "done":
        behind = [request.after_id > _T.id] if request.after_id is not None else []
        rows = read.all(wanted.where(*behind).order_by(_T.id.desc()).limit(request.limit))
        return [_row(read, row, absent) for row in rows]
    if request.order != "due":
        return [_row(read, row, absent) for row in read.all(_ordered(wanted, request))]
    rows = []
    if request.after_id is None or request.after_due is not None:
        behind = []
        if request.after_due is not None:
            same = and_(_T.due_at == request.after_due, request.after_id < _T.id)
            behind = [_T.due_at >= request.after_due, or_(_T.due_at > request.after_due, same)]
        rows += read.all(
            wanted.where(_T.due_at.is_not(None), *behind).order_by(_T.due_at, _T.id).limit(request.limit)
        )
    if len(rows) < request.limit:
        without = request.after_id is not None and request.after_due is None
        behind = [request.after_id < _T.id] if without else []
        rows += read.all(
            wanted.where(_T.due_at.is_(None), *behind).order_by(_T.id).limit(request.limit - len(rows))
        )
    return [_row(read, row, absent) for row in rows]


def _ordered(wanted: Any, request: AskTasks) -> Any:
    """Open tasks in another order than by what ends first."""
    key, item = (
        _T.id + 0,
        _T.item + "",
    )  # in no index: else tasks of all times would be walked for the few that are open
    if request.order == "newest":
        behind = [key < request.after_id] if request.after_id is not None else []
        order: tuple[Any, ...] = (key.desc(),)
    else:
        behind, order = [], (item, key)
        if request.after_id is not None:
            behind = [item >= request.after_item, or_(item > request.after_item, key > request.after_id)]
    return wanted.where(*behind).order_by(*order).limit(request.limit)


class AskTaskItems(Request):
    """A list of tasks, as `AskTasks` has them."""

    tab: Literal["mine", "agency", "done"] = "mine"


@query("acceptance.task_items", permission="acceptance.review", title="Items in a list of tasks")
def task_items(read: Read, request: AskTaskItems) -> list[ItemCount]:
    """The items whose tasks a list holds, the most frequent first: what it can be narrowed to."""
    wanted = _conditions(read, AskTasks(tab=request.tab), tasks.absent_for(read))
    return counted_items(read, select(_T.item, _T.item_name).where(*wanted))


def _conditions(read: Read, request: AskTasks, absent: dict[int, str]) -> list[Any]:
    found: list[Any] = [_T.agency == read.actor.agency]
    if request.tab == "done":
        found += [_T.state == "done", _T.staff_id == read.actor.staff_id]
    else:
        found.append(rt.IS_OPEN)
    if request.tab == "mine":
        allowed = [
            each for each in ("", "acceptance.review", "acceptance.assign") if not each or read.may(each)
        ]
        free = and_(_T.assignee_id.is_(None), _T.permission.in_(allowed))
        found.append(or_(_T.assignee_id.in_([read.actor.staff_id, *absent]), free))
    if request.text:
        columns = (_T.case_no, _T.applicant, _T.item_name, _T.name)
        found.append(or_(*(column.contains(request.text, autoescape=True) for column in columns)))
    if request.item:
        found.append(_T.item == request.item)
    if request.node:
        found.append(_T.node == request.node)
    if request.light == "paused":
        found.append(_T.paused)
    elif request.light:
        found.append(running_light(_T.due_at, _T.warn_at, request.light, read.now))
    return found + received_between(_T.opened_at, request.first, request.last)


def _row(read: Read, row: Any, absent: dict[int, str]) -> TaskRow:
    state = State.SUSPENDED if row.paused else State.REVIEW if row.state == "open" else State.DELIVERED
    mine = row.assignee_id == read.actor.staff_id or row.assignee_id in absent
    return TaskRow(
        row.id, row.case_id, row.case_no, identifiers.short_case_number(row.case_no), row.item, row.item_name,
        row.applicant, row.node, row.name, row.kind, row.round, row.agency == row.case_agency, row.assignee_name, mine,
        absent.get(row.assignee_id, ""), light(state, read.now, row.warn_at, row.due_at),
        str(time_left(state, read.now, row.due_at, days_of(read))), used_share(row.opened_at, read.now, row.due_at),
        row.due_at, row.opened_at, row.state, row.row_version,
    )  # fmt: skip


@dataclass(frozen=True)
class TaskCounts:
    """How many tasks wait, counted no further than 1,000."""

    mine: int
    agency: int


@query("acceptance.task_counts", permission="acceptance.review", title="Counts of tasks")
def task_counts(read: Read) -> TaskCounts:
    """Counts beside the tabs."""
    absent = tasks.absent_for(read)

    def capped(tab: Literal["mine", "agency"]) -> int:
        page = select(_T.id).where(*_conditions(read, AskTasks(tab=tab), absent)).limit(1000).subquery()
        return int(read.scalar(select(func.count()).select_from(page)))

    return TaskCounts(capped("mine"), capped("agency"))


@dataclass(frozen=True)
class OpinionView:
    """What was said at a node."""

    name: str
    outcome: str
    opinion: str
    staff: str
    instead_of: str
    at: datetime | None
    round: int


@dataclass(frozen=True)
class ReturnTo:
    """A node to which a task can be sent back."""

    node: str
    name: str


@dataclass(frozen=True)
class TaskDetail:
    """A task with all that is needed to work on it.

    Attributes:
        why_not: Why the actor may not act here; empty where they may.
        sends_up: It ends with sending the case up to the organ that decides.
        decides: It is the decision: granting or refusing ends it.
        signed: Officers who have said something, with what; `officers` must say the same.
        opinions: What was said at other nodes; nothing of it for an agency that was asked.
        answers: What agencies that were asked from this task have said, or None while they have not.
        materials, form, applicant_masked, project: Of the case, for an agency that was asked; its own people ask for the case.
    """

    row: TaskRow
    points: list[str]
    checked: list[str]
    question: str
    why_not: str
    decides: bool
    officers: int
    signed: list[OpinionView]
    returns: list[ReturnTo]
    opinions: list[OpinionView]
    answers: list[OpinionView]
    special: str
    applicant_masked: str
    project: str
    form: dict[str, Any]
    materials: list[MaterialView]
    sends_up: bool = False


class OneTask(Request):
    """A task."""

    task_id: int


@query("acceptance.task", permission="acceptance.review", title="One task")
def one_task(read: Read, request: OneTask) -> TaskDetail:
    """A task of one's agency, with its review points. Errors: UNKNOWN_TASK, NOT_YOUR_AGENCY."""
    task = tasks.load_task(read, request.task_id)
    case = cases.load(read, task.case_id)
    course = tasks.course_of(read, case.id)
    assert course is not None  # a task is only opened for a case that follows a graph
    held = tasks.Held(task, case, course)
    node, own = held.node, task.agency == task.case_agency
    asked = not own and task.state == "open"
    return TaskDetail(
        _row(read, task, tasks.absent_for(read)), list(node.points) if node else [], list(task.checked), task.question,
        _why_not(read, held), task.kind == Kind.DECIDE, node.officers if node else 1,
        said_by(task),
        [ReturnTo(each, course.graph.nodes[each].name) for each in (course.graph.returns(node.id) if node and own else [])],
        [_opinion(each) for each in course.tasks if own and each.state == "done" and each.id != task.id],
        [_opinion(each) for each in course.tasks if each.asked_by == task.id],
        node.special if node else "", case.applicant_masked if asked else "", case.project if asked else "",
        forms.of_case(read, case) if asked else {},
        [MaterialView(m.position, m.name, m.need, m.given, m.originals, m.copies, m.pages, m.licence, m.due)
         for m in cases.materials(read, case.id)] if asked else [],
        node is not None and node.forward,
    )  # fmt: skip


def _why_not(read: Read, held: tasks.Held) -> str:
    if held.task.state != "open":
        return str(tasks.done_already(held.task))
    if held.case.state != State.REVIEW:
        return str(L("The case waits for a special procedure."))
    try:
        tasks.require_role(read, held)
        tasks.require_free(read, held.task)
    except UserError as error:
        return str(error)
    return ""


def _opinion(task: Any) -> OpinionView:
    return OpinionView(
        task.name, task.outcome, task.opinion, task.staff_name, task.for_name, task.done_at, task.round
    )


def said_by(task: Any) -> list[OpinionView]:
    """What each officer has said at a task."""
    return [
        OpinionView(
            task.name, said["outcome"], said["opinion"], said["name"], "", datetime.fromisoformat(said["at"]), task.round
        )
        for said in task.said
    ]  # fmt: skip


class AskTaskMaterial(OneTask, Seeing):
    """A material of the case that a task belongs to."""

    position: int = Field(ge=1, le=200)


@query("acceptance.task_file", permission="acceptance.review", title="The pages of a material, for a task")
def task_file(read: Read, request: AskTaskMaterial) -> list[Document]:
    """The pages of a material as PDFs, while the task is open; who looks is journalled.

    Errors: UNKNOWN_TASK, NOT_YOUR_AGENCY, TASK_DONE.
    """
    task = tasks.load_task(read, request.task_id)
    if task.state != "open":
        raise tasks.done_already(task)
    row = cases.load(read, task.case_id)
    look = Look(case_id=row.id, task_id=task.id, what="material", number=request.position)
    return documents_of(read, row, look, request)


@dataclass(frozen=True)
class NodeView:
    """A node of a case's review, as its progress shows it.

    Attributes:
        state: done, open, skipped, or ahead.
        took: Working days from opening to the end, to a tenth.
    """

    node: str
    name: str
    kind: str
    state: str
    outcome: str
    staff: str
    instead_of: str
    opened_at: datetime | None
    done_at: datetime | None
    due_at: datetime | None
    light: str
    task_id: int | None
    agency: str
    took: Decimal | None = None


@query("acceptance.review_course", permission="acceptance.view", title="The course of a review")
def review_course(read: Read, request: OneCase) -> list[NodeView]:
    """The nodes of a case's review as they stand, in the graph's order; none where its item has no graph.

    Errors: UNKNOWN_CASE, NOT_YOUR_AGENCY.
    """
    case = cases.at_window(read, request.case_id)
    course = tasks.course_of(read, case.id)
    if course is None:
        return []
    standing = {task.node: task for task in course.standing()}
    found = [
        _node_view(
            read, case, node.id, node.name, node.kind, node.agency or case.agency, standing.get(node.id)
        )
        for node in (course.graph.nodes[name] for name in course.graph.in_order)
        if node.kind not in (Kind.JOIN, Kind.MAKE)
    ]
    beside = [task for task in course.standing() if task.asked_by is not None]
    return found + [
        _node_view(read, case, task.node, task.name, task.kind, task.agency, task) for task in beside
    ]


def _node_view(read: Read, case: Any, node: str, name: str, kind: str, agency: str, task: Any) -> NodeView:
    if task is None:
        return NodeView(node, name, str(kind), "ahead", "", "", "", None, None, None, "", None, agency)
    shown = light(State(case.state), read.now, task.warn_at, task.due_at) if task.state == "open" else ""
    people = [said["name"] for said in task.said] or [task.staff_name or task.assignee_name]
    return NodeView(
        node, name, str(kind), task.state, task.outcome, "、".join(people), task.for_name, task.opened_at, task.done_at,
        task.due_at, shown, task.id, agency, worked(read, task.opened_at, task.done_at),
    )  # fmt: skip
