"""Writes docs/operations.md: every operation and query with its permission, its request and its first sentence."""

from __future__ import annotations

from yichuang.operations.model import Operation


def markdown(operations: list[Operation]) -> str:
    """The page docs/operations.md: each operation with its permission, request fields and first sentence."""
    lines = [
        "# Operations and queries",
        "",
        "Everything that can be done or asked, by name; made by `yichuang operations --markdown`, kept true by a test.",
        "An operation writes, in one transaction and with a row in the journal; a query only reads. `?` marks a field",
        "that may be left out; a field in brackets never reaches the journal.",
    ]
    owner = ""
    for each in operations:
        if each.owner != owner:
            owner = each.owner
            lines += [
                "",
                f"## {owner}",
                "",
                "| name | kind | permission | request | what it does |",
                "|---|---|---|---|---|",
            ]
        shown = set(each.request.journal_fields())
        fields = [
            (name if name in shown else f"({name})") + ("" if field.is_required() else "?")
            for name, field in each.request.model_fields.items()
        ]
        text = " ".join(each.doc.split("\n\n")[0].split())
        request = " ".join(fields) or "–"
        lines.append(f"| `{each.name}` | {each.kind} | {each.permission or '–'} | {request} | {text} |")
    return "\n".join(lines) + "\n"
