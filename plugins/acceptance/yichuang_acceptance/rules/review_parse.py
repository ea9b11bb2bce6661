"""Reading a review graph from JSON: everything that could go wrong in a case later is refused here, by node and reason."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from json import loads
from typing import Any

from yichuang.api import LazyText, UserError
from yichuang_acceptance.rules.clocks import PREREVIEW_WORKING_DAYS, Limit
from yichuang_acceptance.rules.conditions import ConditionError, read_condition
from yichuang_acceptance.rules.pauses import KINDS as SPECIALS
from yichuang_acceptance.rules.review_graph import (
    ACCEPTOR,
    EXAMINING,
    ROLES,
    SITE_OFFICERS,
    Edge,
    Graph,
    Kind,
    Node,
)
from yichuang_acceptance.words import words

L = words.lazy
MOST_NODES, MOST_POINTS, MOST_OFFICERS = 40, 30, 5
LONGEST_NAME, LONGEST_POINT = 40, 200
LONGEST_LIMITS = {"W": 250, "D": 365, "H": 8760}
_ID = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,31}", re.ASCII)
_KEYS = {
    Kind.REVIEW: {
        "name",
        "role",
        "agency",
        "limit",
        "points",
        "special",
        "when",
        "not_same_as",
        "return_to",
        "prereview",
        "forward",
    },
    Kind.SITE: {
        "name",
        "role",
        "limit",
        "points",
        "special",
        "when",
        "not_same_as",
        "return_to",
        "staff_min",
    },
    Kind.CONSULT: {"name", "role", "agency", "limit", "points", "when", "return_to", "silent_ok"},
    Kind.JOIN: {"need"},
    Kind.DECIDE: {"name", "role", "limit", "points", "not_same_as", "return_to"},
    Kind.MAKE: {"name", "role"},
}
_DEFAULT_ROLES = {
    Kind.REVIEW: "agency.handler", Kind.SITE: "agency.inspector", Kind.CONSULT: "agency.handler", Kind.MAKE: "issue.clerk",
}  # fmt: skip


class GraphError(UserError):
    """A graph that cannot be used; `node` is where."""

    def __init__(self, node: str, reason: LazyText) -> None:
        sentence = L("Node {node}: {reason}", node=node, reason=reason) if node else reason
        super().__init__(
            "BAD_GRAPH",
            sentence,
            do=L("Correct the review graph, then save it again."),
            detail={"node": node},
        )


@lru_cache(maxsize=256)
def graph_of(text: str) -> Graph:
    """The graph of a stored text, which was checked before."""
    return read_graph(loads(text))


def read_graph(raw: Mapping[str, Any]) -> Graph:
    """Read and check a graph.

    Args:
        raw: `nodes`, each with `id`, `kind` and what belongs to its kind, and `edges`, each `[from, to]` or
            `[from, to, "grant"]`.

    Raises:
        GraphError: With the node and the reason.
    """
    if (
        set(raw) != {"nodes", "edges"}
        or not isinstance(raw["nodes"], list)
        or not isinstance(raw["edges"], list)
    ):
        raise GraphError("", L("A review graph consists of the lists “nodes” and “edges”."))
    if not 0 < len(raw["nodes"]) <= MOST_NODES:
        raise GraphError("", L("A review graph has 1 to {n} nodes.", n=MOST_NODES))
    nodes: dict[str, Node] = {}
    for each in raw["nodes"]:
        node = _node(each)
        if node.id in nodes:
            raise GraphError(node.id, L("this id is there twice"))
        nodes[node.id] = node
    graph = Graph(nodes, _edges(raw["edges"], nodes))
    _check_ways(graph)
    for node in nodes.values():
        _check_references(graph, node)
    return graph


def _node(raw: Any) -> Node:
    if not isinstance(raw, dict) or not isinstance(raw.get("id"), str) or not _ID.fullmatch(raw["id"]):
        raise GraphError("", L("Every node needs an id of letters and digits."))
    name = raw["id"]
    if not isinstance(raw.get("kind"), str) or raw["kind"] not in list(Kind):
        raise GraphError(name, L("there is no such kind of node"))
    kind = Kind(raw["kind"])
    foreign = sorted(map(str, raw.keys() - _KEYS[kind] - {"id", "kind"}))
    if foreign:
        raise GraphError(name, L("“{key}” does not belong to this kind of node", key=foreign[0]))
    limit = _limit(name, raw.get("limit"))
    prereview = _prereview(name, raw, limit)
    silent = raw.get("silent_ok", False)
    if not isinstance(silent, bool) or (silent and limit is None):
        raise GraphError(name, L("silence is consent only after a limit"))
    special = _text(name, "special", raw.get("special", "")).lower()
    if special and special not in SPECIALS:
        raise GraphError(name, L("there is no such special procedure"))
    return Node(
        name, kind, _name(name, kind, raw), _role(name, kind, raw), _agency(name, kind, raw), limit,
        _texts(name, "points", raw.get("points", []), MOST_POINTS, LONGEST_POINT), _officers(name, kind, raw), special,
        _when(name, raw.get("when")), silent, _need(name, raw.get("need", "all")),
        _texts(name, "not_same_as", raw.get("not_same_as", []), MOST_NODES, LONGEST_NAME),
        None if "return_to" not in raw else _texts(name, "return_to", raw["return_to"], MOST_NODES, LONGEST_NAME),
        prereview, bool(raw.get("forward")),
    )  # fmt: skip


def _text(node: str, key: str, value: Any, longest: int = LONGEST_NAME) -> str:
    if not isinstance(value, str) or len(value) > longest or any(ord(c) < 32 for c in value):
        raise GraphError(node, L("“{key}” is a text of at most {n} characters", key=key, n=longest))
    return value.strip()


def _texts(node: str, key: str, value: Any, most: int, longest: int) -> tuple[str, ...]:
    if not isinstance(value, list) or len(value) > most:
        raise GraphError(node, L("“{key}” is a list of at most {n} texts", key=key, n=most))
    found = tuple(_text(node, key, each, longest) for each in value)
    if "" in found or len(set(found)) < len(found):
        raise GraphError(node, L("“{key}” holds an empty text, or one twice", key=key))
    return found


def _name(node: str, kind: Kind, raw: Mapping[str, Any]) -> str:
    name = _text(node, "name", raw.get("name", ""))
    if not name and kind is not Kind.JOIN:
        raise GraphError(node, L("it has no name"))
    return name


def _role(node: str, kind: Kind, raw: Mapping[str, Any]) -> str:
    role = raw.get("role", _DEFAULT_ROLES.get(kind, ""))
    if role not in ({*ROLES, ""} if kind is Kind.DECIDE else ROLES if kind is not Kind.JOIN else {""}):
        raise GraphError(node, L("there is no such role"))
    if (role == "issue.clerk") is not (kind is Kind.MAKE):
        raise GraphError(node, L("this role does not fit the kind of node"))
    return str(role)


def _agency(node: str, kind: Kind, raw: Mapping[str, Any]) -> str:
    agency = _text(node, "agency", raw.get("agency", ""))
    if kind is Kind.CONSULT and not agency:
        raise GraphError(node, L("it does not say which agency is asked"))
    return agency


def _prereview(node: str, raw: Mapping[str, Any], limit: Limit | None) -> bool:
    """Whether a lower organ examines first; it has the law's days, or fewer."""
    prereview, forward = raw.get("prereview", False), raw.get("forward", False)
    if not isinstance(prereview, bool):
        raise GraphError(node, L("“prereview” says true or false"))
    if not isinstance(forward, bool):
        raise GraphError(node, L("“forward” says true or false"))
    if forward and "agency" in raw:
        raise GraphError(node, L("only the agency that the item belongs to sends it up"))
    prereview = prereview or forward
    if "agency" in raw and raw["kind"] == Kind.REVIEW and not prereview:
        raise GraphError(
            node, L("only a pre-review is done by another agency; to ask one, use a node that consults")
        )
    if prereview and limit is not None and (limit.unit != "W" or limit.amount > PREREVIEW_WORKING_DAYS):
        raise GraphError(node, L("a pre-review takes at most {n} working days", n=PREREVIEW_WORKING_DAYS))
    return prereview


def _limit(node: str, raw: Any) -> Limit | None:
    if raw is None:
        return None
    wrong = GraphError(node, L("a limit says “n” and “u”: working days W, days D, hours H, at most a year"))
    if not isinstance(raw, dict) or set(raw) != {"n", "u"} or raw["u"] not in list(LONGEST_LIMITS):
        raise wrong
    if isinstance(raw["n"], bool) or not isinstance(raw["n"], int | float):
        raise wrong
    try:
        amount = Decimal(str(raw["n"]))
        if not 0 < amount <= LONGEST_LIMITS[raw["u"]] or amount % Decimal("0.5") != 0:
            raise wrong
    except InvalidOperation:
        raise wrong from None
    return Limit(amount, raw["u"])


def _officers(node: str, kind: Kind, raw: Mapping[str, Any]) -> int:
    if kind is not Kind.SITE:
        return 1
    number = raw.get("staff_min", SITE_OFFICERS)
    if (
        isinstance(number, bool)
        or not isinstance(number, int)
        or not SITE_OFFICERS <= number <= MOST_OFFICERS
    ):
        raise GraphError(
            node, L("{n} to {most} officers verify on site", n=SITE_OFFICERS, most=MOST_OFFICERS)
        )
    return number


def _when(node: str, raw: Any) -> Any:
    if raw is None:
        return None
    if not isinstance(raw, str):
        raise GraphError(node, L("“when” is a text"))
    try:
        return read_condition(raw)
    except ConditionError as error:
        raise GraphError(node, error.sentence) from error  # type: ignore[arg-type]  # conditions word theirs lazily


def _need(node: str, raw: Any) -> int:
    if raw == "all":
        return 0
    if isinstance(raw, bool) or not isinstance(raw, int) or raw < 1:
        raise GraphError(node, L("a join needs “all” or a number"))
    return raw


def _edges(raw: list[Any], nodes: Mapping[str, Node]) -> tuple[Edge, ...]:
    edges: list[Edge] = []
    for each in raw:
        if (
            not isinstance(each, list)
            or len(each) not in (2, 3)
            or not all(isinstance(part, str) for part in each)
        ):
            raise GraphError("", L("An edge is written [from, to]."))
        for end in each[:2]:
            if end not in nodes:
                raise GraphError(end, L("an edge leads to or from it, but there is no such node"))
        edge = Edge(*each)
        source, target = nodes[edge.source], nodes[edge.target]
        if any((edge.source, edge.target) == (e.source, e.target) for e in edges):
            raise GraphError(edge.source, L("two edges lead from it to {node}", node=edge.target))
        if (source.kind is Kind.DECIDE) is not (target.kind is Kind.MAKE) or source.kind is Kind.MAKE:
            raise GraphError(
                edge.source, L("behind the decision only the certificate is made, and nothing behind that")
            )
        if edge.on != ("grant" if source.kind is Kind.DECIDE else ""):
            raise GraphError(edge.source, L("only the edge behind the decision says “grant”"))
        edges.append(edge)
    return tuple(edges)


def _check_ways(graph: Graph) -> None:
    """One start, one decision to which every way leads, no circle, several ways in only at joins."""
    circle = set(graph.nodes) - set(graph.in_order)
    if circle:
        raise GraphError(min(circle), L("it lies on a circle"))
    starts = [node for node in graph.nodes if not graph.before[node]]
    if len(starts) > 1:
        raise GraphError(starts[1], L("nothing leads to it, and the review has another start already"))
    decisions = [node.id for node in graph.nodes.values() if node.kind is Kind.DECIDE]
    if len(decisions) != 1:
        where = decisions[1] if decisions else ""
        raise GraphError(where, L("a review has one decision, where every way ends"))
    for node in graph.nodes.values():
        ways = len(graph.before[node.id])
        if node.kind is Kind.JOIN:
            if ways < 2 or node.need > ways:
                raise GraphError(
                    node.id, L("a join needs at least two ways in, and not more of them than there are")
                )
        elif ways > 1:
            raise GraphError(node.id, L("several ways lead to it: put a join before it"))
        if node.kind not in (Kind.DECIDE, Kind.MAKE) and decisions[0] not in graph.later(node.id):
            raise GraphError(node.id, L("its way does not end in the decision"))


def _check_references(graph: Graph, node: Node) -> None:
    earlier = {name for name in graph.earlier(node.id) if graph.nodes[name].kind in EXAMINING}
    for name in node.not_same_as:
        if name != ACCEPTOR and name not in earlier:
            raise GraphError(
                node.id, L("“not_same_as” names {other}, which does not examine before it", other=name)
            )
    for name in node.return_to or ():
        if name not in earlier:
            raise GraphError(
                node.id, L("it cannot be sent back to {other}, which does not examine before it", other=name)
            )
