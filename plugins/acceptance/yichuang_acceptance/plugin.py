"""Activation of the acceptance plugin."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from yichuang.api import Context


def activate(context: Context) -> None:
    """Register operations and hooks."""
    from yichuang_acceptance.hooks import Hooks
    from yichuang_acceptance.operations import (
        absences,
        alerts,
        certificates,
        decide,
        delivery,
        drafts,
        endings,
        exchange,
        fixes,
        guide_files,
        guide_paper,
        guide_reads,
        guides,
        intake,
        lists,
        matter_life,
        matter_papers,
        matter_pickup,
        matter_plan,
        matter_undo,
        matter_views,
        matters,
        pages,
        paper_views,
        papers,
        pauses,
        previews,
        ratings,
        refusals,
        reuse,
        review_acts,
        review_graphs,
        review_lists,
        search,
        showing,
        situations,
        statistics,
        tick,
        window,
    )

    context.operations(intake, window, decide, pauses, endings, certificates, delivery, tick, alerts)
    context.operations(papers, paper_views, previews, lists, drafts, pages)
    context.operations(search, statistics, exchange)
    context.operations(review_graphs, review_acts, review_lists, absences)
    context.operations(guides, guide_reads, guide_files, guide_paper, situations)
    context.operations(
        matter_plan, matters, matter_life, matter_undo, matter_pickup, matter_papers, matter_views
    )
    context.operations(showing, ratings, fixes, refusals, reuse)
    _around_cases(context)
    context.hooks(Hooks())


def _around_cases(context: Context) -> None:
    """Register what watches over cases, takes them in elsewhere, and helps with them."""
    from yichuang_acceptance.operations import (
        agents,
        blank_voids,
        delegation,
        findings,
        handovers,
        points,
        promises,
        supervision,
        voices,
    )

    context.operations(
        supervision, findings, voices, promises, points, delegation, handovers, agents, blank_voids
    )
