"""A hall whose committed item has a review graph: people, roles, the graph of the field's own example, short ways to act."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from typing import Any

from yichuang.api import Actor, hall

from .conftest import APPROVER, CHIEF, COMMITTED, OTHER, OWN, SECOND, STRANGER, accepted
from .life import see

REVIEW, ASSIGN = "acceptance.review", "acceptance.assign"
POINTS = ["申请表签章", "场所面积与图纸一致"]
KEEPER = Actor(
    20, "keeper", "事项管理员", OTHER, hall_wide=True, permissions=frozenset({"acceptance.graphs", "acceptance.view"})
)  # fmt: skip
HANDLER = replace(APPROVER, permissions=APPROVER.permissions | {REVIEW})
PARTNER = replace(SECOND, permissions=SECOND.permissions | {REVIEW})
THIRD = Actor(8, "third", "第三人", OWN, permissions=HANDLER.permissions)
LEADER_OF_SECTION = replace(CHIEF, permissions=CHIEF.permissions | {REVIEW, ASSIGN})
FIREMAN = Actor(9, "fireman", "消防员", OTHER, permissions=HANDLER.permissions)
FOREIGNER = replace(STRANGER, permissions=STRANGER.permissions | {REVIEW, ASSIGN})
GRAPH: dict[str, Any] = {
    "nodes": [
        {"id": "n1", "kind": "review", "name": "初审", "role": "agency.handler", "limit": {"n": 2, "u": "W"},
         "points": POINTS},
        {"id": "n2a", "kind": "site", "name": "现场核查", "role": "agency.inspector", "staff_min": 2,
         "special": "INSPECTION", "when": "form.area>50"},
        {"id": "n2b", "kind": "consult", "name": "征求意见", "agency": "林业和草原局", "role": "agency.handler",
         "limit": {"n": 3, "u": "W"}, "silent_ok": True},
        {"id": "j", "kind": "join", "need": "all"},
        {"id": "n3", "kind": "decide", "name": "决定", "role": "agency.chief", "not_same_as": ["acceptor", "n1"]},
        {"id": "n4", "kind": "make", "name": "制证", "role": "issue.clerk"},
    ],
    "edges": [["n1", "n2a"], ["n1", "n2b"], ["n2a", "j"], ["n2b", "j"], ["j", "n3"], ["n3", "n4", "grant"]],
}  # fmt: skip
ONE_REVIEW: dict[str, Any] = {
    "nodes": [
        {"id": "n1", "kind": "review", "name": "初审", "limit": {"n": 2, "u": "W"}},
        {"id": "d", "kind": "decide", "name": "决定"},
    ],
    "edges": [["n1", "d"]],
}


def staff(suite: Any) -> None:
    """Let the people be in the hall's tables, with roles that hold what they may do."""
    with suite.database.write() as writer:
        for role, permissions in (
            ("approver", (REVIEW, "acceptance.decide")),
            ("chief", (REVIEW, ASSIGN, "acceptance.decide")),
        ):
            writer.insert(hall.role, code=role, name=role)
            for permission in permissions:
                writer.insert(hall.role_permission, role=role, permission=permission)
        for actor in (HANDLER, PARTNER, THIRD, LEADER_OF_SECTION, FIREMAN):
            role = "chief" if actor is LEADER_OF_SECTION else "approver"
            writer.insert(hall.staff, id=actor.staff_id, name=actor.name, agency=actor.agency)
            writer.insert(hall.staff_role, staff_id=actor.staff_id, role=role)


def set_graph(
    suite: Any, graph: dict[str, Any] | None = None, *, item: str = COMMITTED, seen: int = 0
) -> Any:
    """Give an item a review graph."""
    request = {"item": item, "version": 1, "seen": seen, "graph": deepcopy(graph or GRAPH)}
    return suite.run(KEEPER, "acceptance.set_review_graph", request)


def begun(suite: Any, area: str = "80", **more: Any) -> Any:
    """An accepted case of the item with the graph."""
    return accepted(suite, form={"area": area}, **more)


def waiting(suite: Any, case: Any, *actors: Actor) -> dict[str, Any]:
    """The open tasks of a case by node, as people of both agencies see them."""
    found: dict[str, Any] = {}
    for actor in actors or (HANDLER, FIREMAN):
        rows = suite.query(actor, "acceptance.my_tasks", {"tab": "agency"})
        found |= {row.node: row for row in rows if row.case_id == case.case_id}
    return found


def seen(suite: Any, case: Any, node: str, **more: Any) -> dict[str, Any]:
    """A request about the open task at a node."""
    task = waiting(suite, case)[node]
    return {"task_id": task.id, "row_version": task.row_version, **more}


def say(suite: Any, actor: Actor, case: Any, node: str, outcome: str = "pass", **more: Any) -> Any:
    """An opinion at a node, its points ticked."""
    task = waiting(suite, case)[node]
    points = suite.query(actor, "acceptance.task", {"task_id": task.id}).points if outcome == "pass" else []
    asked = {"outcome": outcome, "opinion": "符合要求", "checked": points, **more}
    return suite.run(actor, "acceptance.give_opinion", seen(suite, case, node, **asked))


def events(suite: Any, case: Any) -> list[str]:
    """What happened to a case since it was accepted."""
    return [e.event for e in see(suite, case).events][2:]
