"""What happens in an agency between acceptance and decision. Here it is one step: the case waits until somebody decides.

The seam for reviews with nodes of their own: `dispatch` opens the first tasks, `node_of` names the node a case is at,
`require_reviewed` lets only a finished review be decided on. Nothing else knows how a review goes.
"""

from __future__ import annotations

from typing import Any

from yichuang.api import UserError, Work
from yichuang_acceptance.operations import cases
from yichuang_acceptance.rules.machine import Event
from yichuang_acceptance.words import words

L = words.lazy
ONLY_NODE = "decide"


def dispatch(work: Work, row: Any) -> None:
    """Pass an accepted case to its agency."""
    cases.move(work, row, Event.DISPATCH)


def node_of(_work: Work, _row: Any) -> str:
    """The node at which a case is, for suspensions: the same node is not suspended twice without being noted."""
    return ONLY_NODE


def require_reviewed(work: Work, row: Any) -> None:
    """Let only a case be decided whose review is over, and never by whoever accepted it. Raises OWN_ACCEPTANCE."""
    if row.acceptor_id == work.actor.staff_id:
        raise UserError(
            "OWN_ACCEPTANCE",
            L("Whoever accepted an application may not decide on it."),
            do=L("Let a colleague decide."),
        )
