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
        agents,
        alerts,
        blank_voids,
        case_lists,
        certificates,
        decide,
        delegation,
        delivery,
        drafts,
        endings,
        exchange,
        findings,
        fixes,
        forms,
        guide_files,
        guide_paper,
        guide_reads,
        guides,
        handovers,
        intake,
        lists,
        matter_life,
        matter_papers,
        matter_pickup,
        matter_plan,
        matter_showing,
        matter_undo,
        matter_views,
        matters,
        message_lists,
        messages,
        pages,
        paper_views,
        papers,
        pauses,
        points,
        previews,
        promises,
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
        supervision,
        tick,
        voices,
        window,
        workbench,
    )

    context.operations(
        intake, window, decide, pauses, endings, certificates, blank_voids, delivery, tick, alerts
    )
    context.operations(papers, paper_views, previews, lists, case_lists, drafts, pages)
    context.operations(search, statistics, exchange)
    context.operations(review_graphs, review_acts, review_lists, absences, workbench)
    context.operations(guides, guide_reads, guide_files, guide_paper, situations, forms)
    context.operations(
        matter_plan, matters, matter_life, matter_undo, matter_pickup, matter_papers, matter_views
    )
    context.operations(messages, message_lists)
    context.operations(showing, matter_showing, ratings, fixes, refusals, reuse)
    context.operations(supervision, findings, voices, promises, points, delegation, handovers, agents)
    _operate_offline(context)
    context.hooks(Hooks())


def _operate_offline(context: Context) -> None:
    """Register what desks need for going on without the hall."""
    from yichuang_acceptance.operations import num_blocks, offline, offline_look

    context.operations(num_blocks, offline, offline_look)
