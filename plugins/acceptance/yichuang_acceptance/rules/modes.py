"""What the mode of handling (处理方式) asks of the review: a first examination, questions to joint organs, sending up. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from yichuang_acceptance.rules.review_graph import Graph, Kind
from yichuang_acceptance.rules.review_parse import LONGEST_NAME, read_graph

PREREVIEWED, JOINT, FORWARDED = "2", "3", "4"
WITH_OTHERS = frozenset({PREREVIEWED, JOINT, FORWARDED})
"""Modes in which nobody at the window decides alone."""
MOST_OF_NAME = LONGEST_NAME - len("征求意见")
_BETWEEN = re.compile(r"[、,，;；\s]+")
_DECIDE = {"id": "decide", "kind": "decide", "name": "决定"}
Raw = dict[str, Any]
"""A review graph as it is kept."""


def organs(text: str) -> tuple[str, ...]:
    """The joint organs (联办机构) that a guide names, each once."""
    return tuple(dict.fromkeys(filter(None, _BETWEEN.split(text))))


def asked_by(graph: Graph) -> set[str]:
    """The agencies that a graph asks."""
    return {node.agency for node in graph.nodes.values() if node.kind is Kind.CONSULT}


def examined_first(raw: Raw | None) -> Raw:
    """The graph with a first examination (初审) at its beginning, unless it has one; without a graph, the decision follows."""
    raw = raw or {"nodes": [_DECIDE], "edges": []}
    graph = read_graph(raw)
    if any(node.prereview for node in graph.nodes.values()):
        return raw
    first = {"kind": "review", "name": "初审", "role": "agency.handler", "prereview": True}
    return _begun_with(raw, "prereview", first)


def asks_before_deciding(raw: Raw | None, agencies: Mapping[str, str]) -> Raw:
    """The graph with a question to each agency that it does not ask yet, side by side, right before the decision.

    Args:
        raw: The graph; None for none, which makes one that begins with an examination of the own agency's.
        agencies: Code to short name.
    """
    raw = raw or {"nodes": [_DECIDE], "edges": []}
    missing = [code for code in agencies if code not in asked_by(read_graph(raw))]
    if not missing:
        return raw
    if read_graph(raw).in_order[0] == read_graph(raw).decide:
        raw = _begun_with(raw, "review", {"kind": "review", "name": "审查", "role": "agency.handler"})
    names = [
        f"征求{agencies[code][:MOST_OF_NAME]}意见" for code in missing
    ]  # go into the record, like opinions
    return _before_deciding(
        raw, "joint", [{"kind": "consult", "name": name, "agency": code, "role": "agency.handler"}
                       for code, name in zip(missing, names, strict=True)]
    )  # fmt: skip


def sent_up(raw: Raw | None) -> Raw:
    """The graph with a node at which the case is sent up (转报) right before the decision, unless it has one."""
    raw = raw or {"nodes": [_DECIDE], "edges": []}
    if read_graph(raw).decided_above:
        return raw
    node = {"kind": "review", "name": "转报", "role": "agency.handler", "forward": True}
    if read_graph(raw).in_order[0] == read_graph(raw).decide:
        return _begun_with(raw, "forward", node)
    return _before_deciding(raw, "forward", [node])


def _before_deciding(raw: Raw, name: str, added: list[Raw]) -> Raw:
    """The graph with nodes side by side between the decision and what comes before it."""
    decide = read_graph(raw).decide
    (source,) = read_graph(raw).before[decide]
    nodes, edges = list(raw["nodes"]), [edge for edge in raw["edges"] if edge[1] != decide]
    place = next(n for n, node in enumerate(nodes) if node["id"] == decide)
    ways: list[str] = []
    for node in added:
        ways.append(_free(nodes, name))
        nodes.insert(place + len(ways) - 1, {"id": ways[-1], **node})
    edges += [[source, way] for way in ways]
    if len(ways) > 1:
        join = _free(nodes, "joined")
        nodes.insert(place + len(ways), {"id": join, "kind": "join", "need": "all"})
        edges += [[way, join] for way in ways]
        ways = [join]
    return {"nodes": nodes, "edges": [*edges, [ways[0], decide]]}


def _begun_with(raw: Raw, name: str, node: Raw) -> Raw:
    """The graph with another node before its start."""
    start = read_graph(raw).in_order[0]
    first = {"id": _free(raw["nodes"], name), **node}
    return {"nodes": [first, *raw["nodes"]], "edges": [[first["id"], start], *raw["edges"]]}


def _free(nodes: list[Raw], name: str) -> str:
    """A name that no node has."""
    taken = {node["id"] for node in nodes}
    return next(n for n in (name, *(f"{name}{i}" for i in range(2, 99))) if n not in taken)
