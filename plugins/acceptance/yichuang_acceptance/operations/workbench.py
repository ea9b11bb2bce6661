"""One case as the workbench shows it, in one snapshot: the case, its review, the task in front, its matter, its licence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from yichuang.api import Read, UserError, query
from yichuang_acceptance.operations.intake import OneCase
from yichuang_acceptance.operations.matter_views import MatterLine, matter_of_case
from yichuang_acceptance.operations.one_case import AskCase, CaseDetail, one_case
from yichuang_acceptance.operations.review_lists import (
    NodeView,
    OneTask,
    TaskDetail,
    one_task,
    review_course,
)
from yichuang_acceptance.rules.machine import State

REVIEWED = frozenset({State.REVIEW, State.SUSPENDED})


class AskDeskCase(OneCase):
    """A case, and which of its open tasks shall be in front; the first that the actor may act at otherwise."""

    task_id: int | None = None


@dataclass(frozen=True)
class DeskCase:
    """A case with all that stands on the workbench.

    Attributes:
        nodes: Its review as it stands, none where its item has no graph.
        task: Of its own agency, in front; None where nothing is to be examined or the actor may not examine.
        matter: The matter at once that it is an item of.
        licence: What a grant gives; empty where it gives no licence or the actor may not decide.
    """

    case: CaseDetail
    nodes: list[NodeView]
    task: TaskDetail | None
    matter: MatterLine | None
    licence: str


@query("acceptance.desk_case", permission="acceptance.view", title="One case on the workbench")
def desk_case(read: Read, request: AskDeskCase) -> DeskCase:
    """One case with everything that the workbench shows of it. Errors: UNKNOWN_CASE, NOT_YOUR_AGENCY."""
    case = one_case(read, AskCase(case_id=request.case_id))
    one = OneCase(case_id=case.row.id)
    nodes = review_course(read, one) if case.row.state in REVIEWED else []
    return DeskCase(
        case,
        nodes,
        _task(read, case, nodes, request.task_id),
        matter_of_case(read, one),
        _licence(read, case),
    )


def _task(read: Read, case: CaseDetail, nodes: Sequence[NodeView], wanted: int | None) -> TaskDetail | None:
    """The task that was asked for, else an open one that the actor may act at, else the first; none for who may not examine."""
    elsewhere = read.actor.agency != case.agency and not read.actor.hall_wide
    if elsewhere or not read.may("acceptance.review"):
        return None
    own = {n.task_id: n.state for n in nodes if n.task_id is not None and n.agency == case.agency}
    if wanted in own:  # also where somebody was faster: whoever worked on it sees what became of it
        return one_task(read, OneTask(task_id=wanted))
    opened = [task_id for task_id, state in own.items() if state == "open"]
    if not opened:
        return None
    found = [one_task(read, OneTask(task_id=task_id)) for task_id in opened]
    return next((task for task in found if not task.why_not), found[0])


def _licence(read: Read, case: CaseDetail) -> str:
    if not case.may_decide:
        return ""
    try:
        item = read.query("hall.item", {"code": case.row.item, "version": case.item_version})
    except UserError:  # the catalogue has lost it: a decision does not depend on that
        return ""
    return str(item.result_licence)
