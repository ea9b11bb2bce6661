"""The review of one version of an item as a graph: who examines what, side by side or one after the other, before deciding.

A node waits until what leads to it is settled; only a join has several ways in, and says how many it needs. There is one
start and one decision, and every way leads to it, so that an undecided case always waits for somebody (`review_flow`
goes through it, `review_parse` reads it from JSON). Law: 行政许可法 art. 34 (examining; two or more officers on site).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from yichuang_acceptance.rules.clocks import Limit
from yichuang_acceptance.rules.conditions import Condition

ACCEPTOR = "acceptor"
SITE_OFFICERS = 2  # art. 34 (3): two or more members of staff verify on site


class Kind(StrEnum):
    """What is done at a node."""

    REVIEW = "review"
    SITE = "site"  # verification on site
    CONSULT = "consult"  # another agency is asked
    JOIN = "join"
    DECIDE = "decide"
    MAKE = "make"  # behind the decision: the certificate; the case's own states do it


EXAMINING = frozenset({Kind.REVIEW, Kind.SITE, Kind.CONSULT})
ROLES = {
    "agency.handler": "acceptance.review",
    "agency.inspector": "acceptance.review",
    "agency.chief": "acceptance.assign",
    "issue.clerk": "acceptance.make",
}
"""Roles of the graph by the permission that stands for them."""


@dataclass(frozen=True)
class Node:
    """One step of a review.

    Attributes:
        role: One of `ROLES`; of `agency`, or of the case's own agency where that is empty.
        limit: How long it may take, None where only the case's limits count.
        points: What is to be examined (审查要点), shown as boxes to tick.
        officers: How many different people must say the same.
        special: Special procedure that usually goes with it, one of `pauses.KINDS`, or empty.
        when: Only where this holds; None always.
        silent_ok: No answer within the limit counts as consent.
        need: Of a join: how many of the ways in must have been examined; 0 for all. Ways left out count for none of them.
        not_same_as: Nodes (or `ACCEPTOR`) whose people may not act here.
        return_to: Earlier nodes to which it may be sent back; None for every earlier one.
        prereview: A lower organ (`agency`, or the case's own where that is empty) examines first and sends up (art. 43).
        forward: That organ sends it to one outside the hall, which decides; a kind of `prereview`.
    """

    id: str
    kind: Kind
    name: str = ""
    role: str = ""
    agency: str = ""
    limit: Limit | None = None
    points: tuple[str, ...] = ()
    officers: int = 1
    special: str = ""
    when: Condition | None = None
    silent_ok: bool = False
    need: int = 0
    not_same_as: tuple[str, ...] = ()
    return_to: tuple[str, ...] | None = None
    prereview: bool = False
    forward: bool = False

    @property
    def permission(self) -> str:
        """What one must be allowed to act here."""
        return ROLES.get(self.role, "")


@dataclass(frozen=True)
class Edge:
    """From a node to the next; `on` says after which decision."""

    source: str
    target: str
    on: str = ""


@dataclass(frozen=True)
class Graph:
    """Nodes by id, in the order in which they were written, and the ways between them."""

    nodes: dict[str, Node] = field(hash=False)
    edges: tuple[Edge, ...]

    @cached_property
    def before(self) -> dict[str, list[str]]:
        """For each node those that lead to it directly."""
        return {node: [e.source for e in self.edges if e.target == node] for node in self.nodes}

    @cached_property
    def after(self) -> dict[str, list[str]]:
        """For each node those that follow it directly."""
        return {node: [e.target for e in self.edges if e.source == node] for node in self.nodes}

    @cached_property
    def in_order(self) -> list[str]:
        """Every node after all that lead to it; shorter than `nodes` where some go round in a circle."""
        done: list[str] = []
        ahead = list(self.nodes)
        while ready := [name for name in ahead if set(self.before[name]) <= set(done)]:
            done += ready
            ahead = [name for name in ahead if name not in ready]
        return done

    @cached_property
    def decided_above(self) -> bool:
        """Whether an organ outside the hall decides."""
        return any(node.forward for node in self.nodes.values())

    @cached_property
    def decide(self) -> str:
        """Where it is decided."""
        return next(node.id for node in self.nodes.values() if node.kind is Kind.DECIDE)

    def later(self, node: str) -> frozenset[str]:
        """Every node behind a node."""
        return _walk(node, self.after)

    def earlier(self, node: str) -> frozenset[str]:
        """Every node before a node."""
        return _walk(node, self.before)

    def returns(self, node: str) -> list[str]:
        """The nodes to which a node may be sent back, in the order of the graph."""
        allowed, earlier = self.nodes[node].return_to, self.earlier(node)
        return [
            n.id for n in self.nodes.values()
            if n.id in earlier and n.kind in EXAMINING and (allowed is None or n.id in allowed)
        ]  # fmt: skip


def _walk(node: str, ways: dict[str, list[str]]) -> frozenset[str]:
    seen: set[str] = set()
    ahead = list(ways[node])
    while ahead:
        found = ahead.pop()
        if found not in seen:
            seen.add(found)
            ahead += ways[found]
    return frozenset(seen)
