"""Colleagues: who of an agency may do a task."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from yichuang.api import Read, UserError, hall, query, select
from yichuang_acceptance.words import words

L = words.lazy


def colleague(read: Read, staff_id: int, task: Any) -> str:
    """The name of somebody who works in a task's agency and may do it. Raises UNKNOWN_COLLEAGUE."""
    found = next((each for each in people(read, task.agency, task.permission) if each.id == staff_id), None)
    if found is None:
        raise UserError(
            "UNKNOWN_COLLEAGUE",
            L("Nobody of the agency with that name may do “{task}”.", task=task.name),
            do=L("Choose one of the colleagues in the list."),
        )
    return str(found.name)


def people(read: Read, agency: str | None, permission: str) -> list[Any]:
    """Active staff of an agency, or of all, who hold a permission: rows of id, name and post, by name."""
    holds = hall.role_permission.c.permission == (permission or "acceptance.decide")
    return read.all(
        select(hall.staff.c.id, hall.staff.c.name, hall.staff.c.post)
        .join(hall.staff_role, hall.staff_role.c.staff_id == hall.staff.c.id)
        .join(hall.role_permission, hall.role_permission.c.role == hall.staff_role.c.role)
        .where(*([] if agency is None else [hall.staff.c.agency == agency]), hall.staff.c.active, holds)
        .distinct()
        .order_by(hall.staff.c.name, hall.staff.c.id)
        .limit(500)
    )


@dataclass(frozen=True)
class Colleague:
    """Somebody who may work on tasks of one's agency."""

    id: int
    name: str
    post: str


@query("acceptance.colleagues", permission="acceptance.review", title="Colleagues who may examine")
def colleagues(read: Read) -> list[Colleague]:
    """Who in the actor's agency may examine."""
    found = people(read, read.actor.agency, "acceptance.review")
    return [Colleague(row.id, row.name, row.post) for row in found]
