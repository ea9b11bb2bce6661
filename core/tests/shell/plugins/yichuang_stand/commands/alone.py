"""Commands that need no hall, good and bad ones."""

from __future__ import annotations

import time

from yichuang.api import CommandContext


def add(context: CommandContext) -> int:
    parser = context.parser("Adds numbers.")
    parser.add_argument("numbers", type=int, nargs="+", help="what to add")
    options = parser.parse_args(context.arguments)
    print(sum(options.numbers))
    return 0


def idle(context: CommandContext) -> None:
    try:
        print("idle", flush=True)
        time.sleep(60)
    finally:
        print("tidied", flush=True)


def stubborn(context: CommandContext) -> None:
    """Hears that it is to end, and goes on."""
    try:
        print("told:", context.stopping.is_set(), flush=True)
        context.stopping.wait(60)
        print("told:", context.stopping.is_set(), flush=True)
        time.sleep(60)
    finally:
        print("tidied", flush=True)


def fail(context: CommandContext) -> int:
    raise RuntimeError("the command cannot go on")


def odd(context: CommandContext) -> object:
    return "fine"
