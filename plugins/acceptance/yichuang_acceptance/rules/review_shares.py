"""How long a node of a review may take where its graph names no limit: a share of the limit that the applicant was promised.

T10 of electronic supervision: sixty parts of a hundred for examining, twenty-five for deciding, ten for making the
certificate. The five that are left are the window's; here accepting and passing on are one act. Examining nodes that follow
one another divide their share, nodes side by side have the whole of it each.
"""

from __future__ import annotations

from decimal import ROUND_CEILING, Decimal

from yichuang_acceptance.rules.clocks import PREREVIEW_WORKING_DAYS, Limit
from yichuang_acceptance.rules.review_graph import EXAMINING, Graph, Kind

EXAMINING_SHARE = Decimal("0.60")
PREREVIEW = Limit(Decimal(PREREVIEW_WORKING_DAYS), "W")
SHARES = {
    **dict.fromkeys(EXAMINING, EXAMINING_SHARE),
    Kind.DECIDE: Decimal("0.25"),
    Kind.MAKE: Decimal("0.10"),
}
_STEPS = {"W": Decimal("0.5"), "D": Decimal(1), "H": Decimal("0.1")}
"""Limits are kept in half working days, whole natural days, tenths of an hour; a share is rounded up to them."""


def share(graph: Graph, name: str) -> Decimal:
    """The part of the promise that a node may take; 0 for a join, at which nobody works, and where an organ above decides."""
    kind = graph.nodes[name].kind
    if kind is Kind.DECIDE and graph.decided_above:
        return Decimal(0)
    found = SHARES.get(kind, Decimal(0))
    return found / _in_a_row(graph, name) if kind in EXAMINING else found


def node_limit(graph: Graph, name: str, promise: Limit | None, legal: Limit | None = None) -> Limit | None:
    """The limit of a node: its own, else its share of the promise; None where nothing, or the same day, is promised.

    A pre-review has the law's twenty working days instead of a share, or the statutory limit of the item where that is shorter.
    """
    own = graph.nodes[name].limit
    if own is None and graph.nodes[name].prereview:
        shorter = legal is not None and legal.unit == "W" and 0 < legal.amount < PREREVIEW.amount
        return legal if shorter else PREREVIEW
    part = share(graph, name)
    if own is not None or promise is None or promise.amount == 0 or part == 0:
        return own
    step = _STEPS[promise.unit]
    return Limit((promise.amount * part / step).to_integral_value(ROUND_CEILING) * step, promise.unit)


def _in_a_row(graph: Graph, name: str) -> int:
    """The most examining nodes on one way through a node, itself among them."""
    before: dict[str, int] = {}
    after: dict[str, int] = {}
    for found, order, ways in (
        (before, graph.in_order, graph.before),
        (after, list(reversed(graph.in_order)), graph.after),
    ):
        for each in order:
            own = graph.nodes[each].kind in EXAMINING
            found[each] = own + max((found[other] for other in ways[each]), default=0)
    return before[name] + after[name] - 1
