"""The life of a seal: which change is allowed from which state, and who may not make it.

《电子印章管理办法》(国办发〔2025〕33号): a seal is applied for, approved, made, filed and put into use; it
may be stopped and resumed, and ends by replacement, revocation, cancellation or loss. Four eyes: whoever
applies does not approve, neither of them makes the seal, and whoever stops a seal does not decide on its
further fate.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from yichuang.api import UserError
from yichuang_seal.words import L


class State(StrEnum):
    """Where a seal stands in its life."""

    APPLIED = "applied"
    DECLINED = "declined"
    APPROVED = "approved"
    MADE = "made"
    FILED = "filed"
    IN_USE = "in_use"
    STOPPED = "stopped"
    REPLACED = "replaced"
    REVOKED = "revoked"
    CANCELLED = "cancelled"
    LOST = "lost"


STATE_NAMES = {
    State.APPLIED: L("Applied for"),
    State.DECLINED: L("Declined"),
    State.APPROVED: L("Approved"),
    State.MADE: L("Made"),
    State.FILED: L("Filed"),
    State.IN_USE: L("In use"),
    State.STOPPED: L("Stopped"),
    State.REPLACED: L("Replaced"),
    State.REVOKED: L("Revoked"),
    State.CANCELLED: L("Cancelled"),
    State.LOST: L("Reported lost"),
}


@dataclass(frozen=True)
class Change:
    """One kind of change.

    Attributes:
        name: Short English verb, also the name of the operation after `seal.`.
        before: States it may start from; empty for the first change of all.
        after: State it leads to.
        other_than: Changes whose author may not make this one.
        needs_reason: Whether a reason must be given.
    """

    name: str
    before: frozenset[State]
    after: State
    other_than: frozenset[str] = frozenset()
    needs_reason: bool = False


def _change(
    name: str, before: tuple[State, ...], after: State, *other_than: str, needs_reason: bool = False
) -> Change:
    return Change(name, frozenset(before), after, frozenset(other_than), needs_reason)


CHANGES: Mapping[str, Change] = {
    change.name: change
    for change in (
        _change("apply", (), State.APPLIED, needs_reason=True),
        _change("approve", (State.APPLIED,), State.APPROVED, "apply"),
        _change("decline", (State.APPLIED,), State.DECLINED, "apply", needs_reason=True),
        _change("make", (State.APPROVED,), State.MADE, "apply", "approve"),
        _change("file", (State.MADE,), State.FILED),
        _change("enable", (State.FILED,), State.IN_USE),
        # Stopping is the safe direction and may be urgent: one person is enough.
        _change("stop", (State.IN_USE,), State.STOPPED, needs_reason=True),
        _change("lose", (State.IN_USE, State.STOPPED), State.LOST, needs_reason=True),
        _change("resume", (State.STOPPED,), State.IN_USE, "stop", needs_reason=True),
        _change("replace", (State.STOPPED,), State.REPLACED, "stop", needs_reason=True),
        _change("revoke", (State.STOPPED,), State.REVOKED, "stop", needs_reason=True),
        _change("cancel", (State.STOPPED,), State.CANCELLED, "stop", needs_reason=True),
    )
}


def next_state(
    name: str, state: State | None, actor: int, authors: Mapping[str, int], reason: str = ""
) -> State:
    """The state after a change, or the reason why it may not be made.

    Args:
        name: The change, a key of `CHANGES`.
        state: The present state; None for a seal that does not exist yet.
        actor: Staff id of the person who makes the change.
        authors: For each change made before, the staff id of its latest author.
        reason: Why, in the person's own words.

    Raises:
        UserError: SEAL_STATE, FOUR_EYES or REASON_MISSING.
    """
    change = CHANGES[name]
    allowed = state is None if not change.before else state in change.before
    if not allowed:
        raise UserError(
            "SEAL_STATE",
            L(
                "The seal is “{state}”; this step is not possible now.",
                state=STATE_NAMES[state] if state else "—",
            ),
            do=L("Refresh the list and look at the seal's state."),
            detail={"state": state or "", "change": name},
        )
    if any(authors.get(earlier) == actor for earlier in change.other_than):
        raise UserError(
            "FOUR_EYES",
            L("You took an earlier step for this seal; another person has to take this one."),
            do=L("Ask a colleague with the right to do so."),
            detail={"change": name},
        )
    if change.needs_reason and not reason.strip():
        raise UserError("REASON_MISSING", L("Give the reason for this step."))
    return change.after
