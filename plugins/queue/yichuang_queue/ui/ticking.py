"""Letting time pass: while a page of the queue is open, it looks once a minute whether something is due and does it."""

from __future__ import annotations

from yichuang.api.ui import PageContext

EVERY_MS = 60_000


def keep_ticking(context: PageContext) -> None:
    """Run `queue.tick` when it is due; any number of desks may do so at once."""

    def due(is_due: bool) -> None:
        if is_due:
            context.run("queue.tick", failed=lambda _error: None)

    def look() -> None:
        context.query("queue.is_due", done=due, failed=lambda _error: None)

    context.every(EVERY_MS, look)
    context.shown.connect(lambda _args: look())
