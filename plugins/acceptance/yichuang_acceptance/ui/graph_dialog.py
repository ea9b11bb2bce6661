"""The review graph of an item's version as text: to read, to change, to keep as a new revision."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from PyQt6.QtGui import QFontDatabase
from PyQt6.QtWidgets import QWidget

from yichuang.api.ui import FormField, PageContext, TextArea
from yichuang_acceptance.rules.review_parse import read_graph
from yichuang_acceptance.rules.review_shares import PREREVIEW, share
from yichuang_acceptance.ui.asking import ActDialog
from yichuang_acceptance.ui.matter_texts import limit_text
from yichuang_acceptance.words import words

_ = words.text
LINES = 16


def ask_graph(
    owner: QWidget, context: PageContext, item: str, name: str, version: int, done: Callable[[Any], None]
) -> None:
    """Fetch the graph and ask for another; what is wrong with it is told with its node, and the text stays."""

    def came(view: Any) -> None:
        _dialog(context, view, name, done).over(owner)

    context.query("acceptance.review_graph", {"item": item, "version": version}, done=came)


def _dialog(context: PageContext, view: Any, name: str, done: Callable[[Any], None]) -> ActDialog:
    editor = TextArea(_("Nodes and edges as JSON"), LINES)
    editor.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
    editor.setLineWrapMode(TextArea.LineWrapMode.NoWrap)
    text = json.dumps(view.graph, ensure_ascii=False, indent=1) if view.revision else ""
    facts = [
        (_("Revision"), _("{n}, by {name}", n=view.revision, name=view.staff) if view.revision else _("none yet")),
        (_("Nodes"), " → ".join(node.get("name", node["id"]) for node in view.graph["nodes"])),
        (_("Limits"), _limits(view.graph) if view.revision else ""),
    ]  # fmt: skip

    def act(values: dict[str, Any], refused: Any, finished: Any) -> str | None:
        try:
            graph = json.loads(values["graph"])
        except json.JSONDecodeError as error:
            return _("Line {line}, column {column}: this is no JSON.", line=error.lineno, column=error.colno)
        if not isinstance(graph, dict):
            return _("The graph begins with a brace and names nodes and edges.")
        request = {"item": view.item, "version": view.version, "seen": view.revision, "graph": graph}
        context.run("acceptance.set_review_graph", request, done=finished, failed=refused)
        return None

    return ActDialog(
        _("Review graph"), _("{name}: cases accepted from now on follow it; others keep theirs.", name=name),
        primary=_("Keep as a new revision"), facts=[fact for fact in facts if fact[1]],
        fields=[FormField("graph", _("Graph"), required=True, span=2, value=text, editor=editor)], act=act, done=done,
    )  # fmt: skip


def _limits(raw: dict[str, Any]) -> str:
    """What each node may take: its own limit, or its share of the promise."""
    graph = read_graph(raw)
    told = []
    for name, node in graph.nodes.items():
        part = share(graph, name)
        limit = node.limit or (PREREVIEW if node.prereview else None)
        if limit is not None:
            told.append(f"{node.name} {limit_text(limit.amount, limit.unit)}")
        elif part:
            told.append(_("{name} {n} % of the promise", name=node.name, n=round(part * 100)))
    return "；".join(told)
