"""What the manager tells the desks: a broadcast comes as a toast and stays behind the bell, once at each desk."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from yichuang.api.ui import PageContext
from yichuang_queue.words import words

L = words.lazy
SAID = ("queue", "queue.say")
KEPT = "broadcast-heard"


def hear_broadcasts(context: PageContext, desk: Callable[[], str]) -> None:
    """Show every broadcast to the desk's zone, or to the whole hall, that was said since this person last listened.

    Args:
        context: The page's.
        desk: Which desk it is now.
    """

    def came(messages: list[Any]) -> None:
        heard = int(context.load(KEPT, 0))
        fresh = [each for each in messages if each.kind == "broadcast" and each.id > heard]
        for message in reversed(fresh):
            context.notify(message.text, "info")
            context.notice(message.text, L("Broadcast by {name}", name=message.said_by), "megaphone")
        if messages and messages[0].id > heard:
            context.save(KEPT, messages[0].id)

    def look() -> None:
        context.query("queue.messages", {"desk": desk()}, done=came, failed=lambda _error: None)

    def changed(changes: Collection[tuple[str, str]]) -> None:
        if SAID in changes:
            look()

    context.changes.connect(changed)
    context.shown.connect(lambda _args: look())
