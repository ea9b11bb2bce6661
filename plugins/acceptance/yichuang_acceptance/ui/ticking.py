"""Letting time pass: while a page of acceptance is open, it looks once a minute whether a limit has passed and acts on it."""

from __future__ import annotations

from typing import Any

from PyQt6.QtCore import QTimer

from yichuang.api.ui import PageContext

EVERY_MS = 60_000
REST_MS = 500
"""Between two rounds where one did not do everything: whoever works at the desk goes first."""
FIRST_MS = 1500
"""After the page came to front: what one wants to see comes first."""


def keep_ticking(context: PageContext) -> None:
    """Run `acceptance.tick` when it is due, then make the papers it drafted; any number of desks may do so at once."""

    def ticked(done: Any) -> None:
        if (done.deemed or done.lapsed) and context.can("acceptance.print"):
            context.run("acceptance.render", {}, failed=lambda _error: None)
        if done.more and context.visible:
            soon.start(REST_MS)

    def due(is_due: bool) -> None:
        if is_due:
            context.run("acceptance.tick", done=ticked, failed=lambda _error: None)

    def look() -> None:
        context.query("acceptance.is_due", done=due, failed=lambda _error: None)

    soon = QTimer(context)
    soon.setSingleShot(True)
    soon.timeout.connect(look)
    context.every(EVERY_MS, look)
    context.shown.connect(lambda _args: soon.start(FIRST_MS))
