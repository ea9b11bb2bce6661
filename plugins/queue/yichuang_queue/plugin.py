"""Activation of the queue plugin."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from yichuang.api import Context


def activate(context: Context) -> None:
    """Register operations and hooks."""
    from yichuang_queue.hooks import Hooks
    from yichuang_queue.operations import (
        appointments,
        boards,
        calling,
        desks,
        issuing,
        kiosk,
        lines,
        messages,
        offline,
        policies,
        ratings,
        serving,
        tick,
        views,
    )

    context.operations(
        lines,
        desks,
        policies,
        issuing,
        offline,
        kiosk,
        calling,
        serving,
        appointments,
        ratings,
        messages,
        views,
        boards,
        tick,
    )
    context.hooks(Hooks())
