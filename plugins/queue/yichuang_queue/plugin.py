"""Activation of the queue plugin."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from yichuang.api import Context


def activate(context: Context) -> None:
    """Register operations and hooks."""
    from yichuang_queue.hooks import Hooks
    from yichuang_queue.operations import desks, tickets, views

    context.operations(desks, tickets, views)
    context.hooks(Hooks())
