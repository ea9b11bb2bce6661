"""Commands that work on the hall."""

from __future__ import annotations

import json

from yichuang.api import CommandContext


def greet(context: CommandContext) -> int:
    """Prints what the context says, and writes a note if there is one."""
    parser = context.parser()
    parser.add_argument("note", nargs="?")
    options = parser.parse_args(context.arguments)
    if options.note:
        context.run("stand.note", {"text": options.note}, key="once")
    told = {
        "actor": context.actor.account,
        "desk": context.actor.desk,
        "greeting": context.setting("stand.greeting"),
        "notes": context.query("stand.notes"),
        "json": context.json,
        "folder": str(context.data_dir),
        "aware": context.now().tzinfo is not None,
    }
    print(json.dumps(told))
    return 0


def listen(context: CommandContext) -> int:
    """Prints the subject of everything that is committed, and how the connection is, until told to end."""
    stop = context.watch(
        lambda entries: print(*(entry.subject for entry in entries), sep="\n", flush=True),
        lambda online: print("online" if online else "away", flush=True),
    )
    print("listening", flush=True)
    context.stopping.wait(60)
    stop()
    print("ended", flush=True)
    return 4


def announce(context: CommandContext) -> int:
    answer = context.ask_device("voice", "say", text=" ".join(context.arguments))
    print(json.dumps(sorted(answer)))
    return 0
