"""Going through a review graph: which nodes open, which are left out, which are not needed any more.

Pure: what stands of a review in, what is to be done out. The tables keep every task; only the newest of a node counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from yichuang_acceptance.rules.conditions import ConditionError
from yichuang_acceptance.rules.review_graph import Graph, Kind


class Mark(StrEnum):
    """How a node stands."""

    OPEN = "open"
    DONE = "done"
    SKIPPED = "skipped"


Marks = Mapping[str, Mark]
"""The nodes that were reached and still count; a node that is not there was not reached, or is to be done again."""


@dataclass(frozen=True)
class Moves:
    """What follows from how a review stands.

    Attributes:
        opens: Nodes that somebody has to work on now.
        skips: Nodes that are left out, because their condition does not hold.
        drops: Open nodes that nobody waits for any more, because a join has what it needs.
    """

    opens: tuple[str, ...]
    skips: tuple[str, ...]
    drops: tuple[str, ...]


def moves(graph: Graph, marks: Marks, form: Mapping[str, object]) -> Moves:
    """What is to be done, so that nothing is left to do until somebody acts."""
    stands = dict(marks)
    opens: list[str] = []
    skips: list[str] = []
    for name in graph.in_order:
        node = graph.nodes[name]
        if name in stands or node.kind in (Kind.JOIN, Kind.MAKE):
            continue
        if all(_settled(graph, stands, before) for before in graph.before[name]) and name in _needed(
            graph, stands
        ):
            wanted = _wanted(graph, name, form)
            stands[name] = Mark.OPEN if wanted else Mark.SKIPPED
            (opens if wanted else skips).append(name)
    needed = _needed(graph, stands)
    idle = [name for name in graph.nodes if stands.get(name) is Mark.OPEN and name not in needed]
    return Moves(
        tuple(name for name in opens if name not in idle),
        tuple(skips),
        tuple(name for name in idle if name not in opens),
    )


def reopened(graph: Graph, to: str) -> frozenset[str]:
    """The nodes that do not count any more once a case is sent back: that one and all behind it."""
    return graph.later(to) | {to}


def _settled(graph: Graph, marks: Marks, name: str) -> bool:
    """Whether nobody needs to work on a node any more: it was done or left out; a join has what it needs."""
    node = graph.nodes[name]
    if node.kind is not Kind.JOIN:
        return marks.get(name) in (Mark.DONE, Mark.SKIPPED)
    ways = graph.before[name]
    settled = [way for way in ways if _settled(graph, marks, way)]
    examined = [way for way in settled if marks.get(way) is not Mark.SKIPPED]
    return len(settled) == len(ways) or (0 < node.need <= len(examined))


def _needed(graph: Graph, marks: Marks) -> set[str]:
    """The nodes that the decision still waits for, itself among them."""
    found: set[str] = set()
    for name in reversed(graph.in_order):
        behind = graph.after[name]
        if graph.nodes[name].kind is Kind.DECIDE or any(
            after in found and not _settled(graph, marks, after) for after in behind
        ):
            found.add(name)
    return found


def _wanted(graph: Graph, name: str, form: Mapping[str, object]) -> bool:
    """Whether a node's condition holds; where it cannot be decided, rather one examination too many."""
    condition = graph.nodes[name].when
    if condition is None:
        return True
    try:
        return condition.holds(form)
    except ConditionError:
        return True
