"""Keeping the review graphs of item versions: every change is a new revision, which cases already accepted do not follow."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import Field

from yichuang.api import Read, Request, UserError, Work, hall, operation, or_, query, select
from yichuang_acceptance import review_tables as rt
from yichuang_acceptance.operations import guide_rows as rows
from yichuang_acceptance.operations.catalogue_rules import said_of
from yichuang_acceptance.operations.forms import fields_for
from yichuang_acceptance.rules import modes
from yichuang_acceptance.rules.form_fields import FormField
from yichuang_acceptance.rules.guide import Guide
from yichuang_acceptance.rules.modes import FORWARDED, JOINT, PREREVIEWED
from yichuang_acceptance.rules.review_graph import Graph, Kind
from yichuang_acceptance.rules.review_parse import GraphError, read_graph
from yichuang_acceptance.words import words

L = words.lazy


class GraphOfItem(Request):
    """A review graph for a version of an item.

    Attributes:
        seen: The newest revision that the caller looked at, 0 where there was none.
        graph: `nodes` and `edges`; agencies that are asked by their code, name or short name.
    """

    item: str = Field(min_length=1, max_length=64)
    version: int = Field(ge=1)
    seen: int = Field(0, ge=0)
    graph: dict[str, Any]


@dataclass(frozen=True)
class GraphView:
    """The newest review graph of an item's version.

    Attributes:
        revision: From 1; 0 where there is none, and the case only waits for its decision.
        cases: How many cases began with this revision.
    """

    item: str
    version: int
    revision: int
    graph: dict[str, Any]
    staff: str
    at: datetime | None


@operation(
    "acceptance.set_review_graph", permission="acceptance.graphs", title="Set the review graph of an item"
)
def set_review_graph(work: Work, request: GraphOfItem) -> GraphView:
    """Add a revision of an item's review graph, for cases accepted from now on.

    A condition must not name a field that the version's application form lacks, if it has one; an item of first examination has
    a node of it, one of joint handling a node for each joint organ that its guide names, one that is passed on a
    node that sends up.

    Errors: BAD_GRAPH (with the node), UNKNOWN_ITEM, CHANGED_MEANWHILE, NOT_YOUR_AGENCY.
    """
    item = work.query("hall.item", {"code": request.item, "version": request.version})
    work.require_agency(item.agency)
    graph = _resolved(work, request.graph, item.agency)
    read = read_graph(graph)
    _check_fields(read, fields_for(work, request.item, request.version))
    _check_mode(work, read, said_of(work, request.item, request.version), item.agency)
    newest = _newest(work, request.item, request.version)
    if (newest.revision if newest is not None else 0) != request.seen:
        raise UserError(
            "CHANGED_MEANWHILE",
            L("Somebody else has just changed the review graph of this item."),
            do=L("Look at it again, then save yours."),
        )
    work.insert(
        rt.flow, item=request.item, item_version=request.version, revision=request.seen + 1, graph=graph, at=work.now,
        staff_id=work.actor.staff_id, staff_name=work.actor.name,
    )  # fmt: skip
    work.subject = f"item:{request.item}"
    return _view(work, request.item, request.version)


def carry_over(work: Work, item: Any, before: int, version: int, guide: Guide) -> None:
    """Give a new version the review graph of the one before it, with the nodes that its mode of handling asks for.

    Raises:
        UserError: BAD_GRAPH where the graph asks for a field that the new version's form lacks.
    """
    there = _newest(work, item.code, before) if before else None
    raw = deepcopy(there.graph) if there is not None else None
    mode = guide.get("handle_mode")
    if mode == PREREVIEWED:
        raw = modes.examined_first(raw)
    elif mode == JOINT:
        raw = modes.asks_before_deciding(raw, _joint_organs(work, guide, item.agency))
    elif mode == FORWARDED:
        raw = modes.sent_up(raw)
    if raw is None:
        return
    _check_fields(read_graph(raw), fields_for(work, item.code, version))
    work.insert(
        rt.flow, item=item.code, item_version=version, revision=1, graph=raw, at=work.now, staff_id=work.actor.staff_id,
        staff_name=work.actor.name,
    )  # fmt: skip


def _joint_organs(read: Read, guide: Guide, own: str) -> dict[str, str]:
    """The agencies of the hall that a guide names as joint organs, code to short name."""
    codes = rows.agency_codes(read, own)
    named = {codes[name] for name in modes.organs(guide.get("other_dept")) if name in codes}
    found = read.all(
        select(hall.agency.c.code, hall.agency.c.short_name).where(hall.agency.c.code.in_(named))
    )
    return {each.code: each.short_name for each in sorted(found)}


def _check_mode(read: Read, graph: Graph, guide: Guide, own: str) -> None:
    """A graph must do what the catalogue says about the mode of handling. Raises BAD_GRAPH."""
    mode = guide.get("handle_mode")
    if mode == PREREVIEWED and not any(node.prereview for node in graph.nodes.values()):
        raise GraphError(
            "", L("The catalogue says first examination; the graph needs a node with “prereview”.")
        )
    if mode == FORWARDED and not graph.decided_above:
        raise GraphError(
            "", L("The catalogue says that the case is passed on; the graph needs a node with “forward”.")
        )
    if mode == JOINT:
        asked = modes.asked_by(graph)
        if not asked:
            raise GraphError(
                "", L("The catalogue says joint handling; the graph needs a node that asks another agency.")
            )
        missing = [name for code, name in _joint_organs(read, guide, own).items() if code not in asked]
        if missing:
            reason = L(
                "The catalogue names {name} as a joint organ; the graph needs a node that asks it.",
                name=missing[0],
            )
            raise GraphError("", reason)


def _check_fields(graph: Graph, fields: Collection[FormField]) -> None:
    """A condition on a field that the form lacks could never be decided. Raises BAD_GRAPH."""
    known = {field.key for field in fields}
    for name, node in graph.nodes.items():
        missing = sorted(node.when.fields() - known) if node.when is not None and known else []
        if missing:
            raise GraphError(name, L("the application form has no field {name}", name=missing[0]))


def _resolved(read: Read, raw: Mapping[str, Any], own: str) -> dict[str, Any]:
    """The graph with every agency that is asked by its code. Raises BAD_GRAPH where the hall has no such agency."""
    graph = deepcopy(dict(raw))
    for node in graph.get("nodes") or [] if isinstance(graph.get("nodes"), list) else []:
        if (
            not isinstance(node, dict)
            or not (node.get("kind") == Kind.CONSULT or node.get("prereview"))
            or not isinstance(node.get("agency"), str)
        ):
            continue
        asked = node["agency"].strip()
        named = (hall.agency.c.code == asked, hall.agency.c.name == asked, hall.agency.c.short_name == asked)
        code = read.scalar(select(hall.agency.c.code).where(or_(*named)).limit(1))
        if code is None:
            raise GraphError(str(node.get("id", "")), L("the hall has no agency {name}", name=asked[:40]))
        if code == own:
            raise GraphError(str(node.get("id", "")), L("it asks the agency that the item belongs to"))
        node["agency"] = code
    return graph


class AskGraph(Request):
    """Which item, in which version."""

    item: str = Field(min_length=1, max_length=64)
    version: int = Field(ge=1)


@query("acceptance.review_graph", permission="acceptance.view", title="The review graph of an item")
def review_graph(read: Read, request: AskGraph) -> GraphView:
    """The newest revision of an item's review graph."""
    return _view(read, request.item, request.version)


def _view(read: Read, item: str, version: int) -> GraphView:
    row = _newest(read, item, version)
    if row is None:
        return GraphView(item, version, 0, {"nodes": [], "edges": []}, "", None)
    return GraphView(item, version, row.revision, row.graph, row.staff_name, row.at)


def _newest(read: Read, item: str, version: int) -> Any:
    return read.one(
        select(rt.flow)
        .where(rt.flow.c.item == item, rt.flow.c.item_version == version)
        .order_by(rt.flow.c.revision.desc())
        .limit(1)
    )
