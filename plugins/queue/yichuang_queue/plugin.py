"""Activation of the queue plugin."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from yichuang.api import Context


def activate(context: Context) -> None:
    """Register operations and hooks."""
    from yichuang_queue.hooks import Hooks
    from yichuang_queue.operations import (
        advice,
        appointments,
        beside,
        boards,
        calling,
        console,
        console_day,
        desks,
        issuing,
        kiosk,
        lines,
        messages,
        offline,
        policies,
        policy_preview,
        ratings,
        serving,
        statistics,
        tick,
        views,
    )

    context.operations(
        lines,
        desks,
        policies,
        policy_preview,
        issuing,
        offline,
        kiosk,
        calling,
        serving,
        appointments,
        ratings,
        messages,
        views,
        beside,
        boards,
        advice,
        console,
        console_day,
        statistics,
        tick,
    )
    context.hooks(Hooks())
