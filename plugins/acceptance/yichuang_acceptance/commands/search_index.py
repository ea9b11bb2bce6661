"""`yichuang acceptance index`: makes the index of all cases anew, after a damage or when names are spelled in another way."""

from __future__ import annotations

import json

from yichuang.api import CommandContext


def run(context: CommandContext) -> int:
    """Make the index anew in one transaction; people at the desks wait for it."""
    context.parser().parse_args(list(context.arguments))
    count = context.run("acceptance.rebuild_search")
    print(json.dumps({"cases": count}) if context.json else f"cases: {count}")
    return 0
