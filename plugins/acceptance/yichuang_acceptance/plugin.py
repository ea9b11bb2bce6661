"""Activation of the acceptance plugin."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from yichuang.api import Context


def activate(context: Context) -> None:
    """Register operations and hooks."""
    from yichuang_acceptance.hooks import Hooks
    from yichuang_acceptance.operations import (
        agents,
        alerts,
        certificates,
        decide,
        delivery,
        drafts,
        endings,
        exchange,
        handovers,
        intake,
        lists,
        pages,
        paper_views,
        papers,
        pauses,
        points,
        previews,
        promises,
        search,
        statistics,
        supervision,
        tick,
        voices,
        window,
    )

    context.operations(intake, window, decide, pauses, endings, certificates, delivery, tick, alerts)
    context.operations(papers, paper_views, previews, lists, drafts, pages)
    context.operations(search, statistics, exchange)
    context.operations(supervision, voices, promises, points, handovers, agents)
    context.hooks(Hooks())
