"""Policies in force: kept as data, each change a new row; previewed on yesterday's log before they are switched on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import Field

from yichuang.api import Read, Request, UserError, Work, hall, operation, prepare, query, select, update
from yichuang_queue import tables as t
from yichuang_queue.operations.lines import MOST_LINES
from yichuang_queue.rules.policy import DEFAULT, Policy, from_data, to_data
from yichuang_queue.rules.tickets import Priority, rank_moment
from yichuang_queue.words import words

L = words.lazy
MOST_POLICIES = 200
_ACTIVE = prepare(select(t.policy.c.id, t.policy.c.desks, t.policy.c.data).where(t.policy.c.active.is_(True)))


def hall_policy(read: Read) -> Policy:
    """The policy of the whole hall; its credits order the lines."""
    return in_force(read.all(_ACTIVE), None)


def policy_of(read: Read, desk: str) -> Policy:
    """The policy that a desk calls by: its group's, else the hall's."""
    return in_force(read.all(_ACTIVE), desk)


def policies_in_force(read: Read, usual: Policy | None = None) -> Callable[[str], Policy]:
    """The policy of every desk, read once.

    Args:
        read: Where from.
        usual: The policy of the desks that are in no group, instead of the one in force.
    """
    rows = read.all(_ACTIVE)
    groups = {desk: from_data(row.data) for row in rows for desk in row.desks}
    other = usual or in_force(rows, None)
    return lambda desk: groups.get(desk, other)


def in_force(rows: Sequence[Any], desk: str | None) -> Policy:
    """Which of the active policies a desk calls by."""
    own = next((row for row in rows if desk in row.desks), None)
    found = own or next((row for row in rows if not row.desks), None)
    return DEFAULT if found is None else from_data(found.data)


@dataclass(frozen=True)
class PolicyRow:
    """A policy; inactive ones are drafts and those that were in force before."""

    id: int
    name: str
    desks: list[str]
    data: dict[str, Any]
    active: bool
    made_by: str
    made_at: datetime


def _row(row: Any) -> PolicyRow:
    return PolicyRow(row.id, row.name, row.desks, row.data, row.active, row.made_by, row.made_at)


@query("queue.policies", permission="queue.view", title="Calling policies")
def policies(read: Read) -> list[PolicyRow]:
    """The newest policies, those in force first; where none is, the built-in one applies."""
    rows = read.all(
        select(t.policy).order_by(t.policy.c.active.desc(), t.policy.c.id.desc()).limit(MOST_POLICIES)
    )
    return [_row(row) for row in rows]


@query("queue.default_policy", permission="queue.view", title="The built-in policy")
def default_policy(_read: Read) -> dict[str, Any]:
    """What applies where no policy is switched on."""
    return to_data(DEFAULT)


class DraftPolicy(Request):
    """A policy for the hall (no desks) or a group of desks; see rules/policy.py for the form of its data."""

    name: str = Field(min_length=1, max_length=60)
    desks: tuple[str, ...] = Field((), max_length=500)
    data: dict[str, Any]


@operation("queue.draft_policy", permission="queue.manage", title="Write a policy")
def draft_policy(work: Work, request: DraftPolicy) -> PolicyRow:
    """Keep a policy that is not in force yet. Errors: BAD_POLICY, UNKNOWN_DESK."""
    require_desks(work, request.desks)
    lines = {row.code for row in work.all(select(t.line.c.code).limit(MOST_LINES))}
    data = to_data(from_data(request.data, lines))
    key = work.insert(
        t.policy, name=request.name, desks=sorted(request.desks), data=data, active=False, made_by=work.actor.name,
        made_at=work.now,
    )  # fmt: skip
    work.subject = f"policy:{key}"
    return _row(work.one(select(t.policy).where(t.policy.c.id == key)))


def require_desks(read: Read, codes: Sequence[str]) -> None:
    """Let a group hold only desks that the hall has: a slip of the pen would be a policy that no desk calls by.

    Raises:
        UserError: UNKNOWN_DESK.
    """
    known = {row.code for row in read.all(select(hall.desk.c.code).where(hall.desk.c.code.in_(codes)))}
    unknown = sorted(set(codes) - known)
    if unknown:
        raise UserError("UNKNOWN_DESK", L("There is no desk {desk}.", desk="、".join(unknown)))


class OnePolicy(Request):
    """A policy."""

    policy_id: int


@operation("queue.activate_policy", permission="queue.manage", title="Switch a policy on")
def activate_policy(work: Work, request: OnePolicy) -> PolicyRow:
    """Put a policy in force for its desks, in place of the one before. Errors: UNKNOWN_POLICY, GROUPS_OVERLAP."""
    row = _policy(work, request.policy_id)
    before = hall_policy(work)
    for other in work.all(select(t.policy).where(t.policy.c.active.is_(True), t.policy.c.id != row.id)):
        if other.desks == row.desks:
            work.execute(update(t.policy).where(t.policy.c.id == other.id).values(active=False))
        elif set(other.desks) & set(row.desks):
            raise UserError(
                "GROUPS_OVERLAP", L("Policy {name} already holds some of these desks.", name=other.name),
                do=L("Switch that one off first."),
            )  # fmt: skip
    work.execute(update(t.policy).where(t.policy.c.id == row.id).values(active=True))
    _reorder(work, before)
    work.subject = f"policy:{row.id}"
    return _row(_policy(work, row.id))


@operation("queue.retire_policy", permission="queue.manage", title="Switch a policy off")
def retire_policy(work: Work, request: OnePolicy) -> PolicyRow:
    """Take a policy out of force. Errors: UNKNOWN_POLICY."""
    row = _policy(work, request.policy_id)
    before = hall_policy(work)
    work.execute(update(t.policy).where(t.policy.c.id == row.id).values(active=False))
    _reorder(work, before)
    work.subject = f"policy:{row.id}"
    return _row(_policy(work, row.id))


def _policy(work: Work, policy_id: int) -> Any:
    row = work.one(select(t.policy).where(t.policy.c.id == policy_id))
    if row is None:
        raise UserError("UNKNOWN_POLICY", L("There is no such policy."))
    return row


def _reorder(work: Work, before: Policy) -> None:
    """Give the waiting the credits that are in force now; nobody loses the place that a transfer or a return gave."""
    now, c = hall_policy(work), t.ticket.c
    for row in work.all(
        select(c.id, c.rank_at, c.priority).where(
            c.day == work.today, c.state == "waiting", c.priority != "none"
        )
    ):
        priority = Priority(row.priority)
        rank = rank_moment(row.rank_at, now.credit(priority) - before.credit(priority))
        work.execute(update(t.ticket).where(c.id == row.id).values(rank_at=rank))
