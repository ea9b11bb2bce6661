"""Activation of the acceptance plugin."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from yichuang.api import Context


def activate(context: Context) -> None:
    """Register operations and hooks."""
    from yichuang_acceptance.hooks import Hooks

    _cases(context)
    _papers_and_lists(context)
    _reviews_and_items(context)
    _matters_and_messages(context)
    _applicants(context)
    _around_cases(context)
    _offline(context)
    context.hooks(Hooks())


def _cases(context: Context) -> None:
    """The life of a case, from the window to the archive."""
    from yichuang_acceptance.operations import (
        alerts,
        archives,
        blank_voids,
        certificates,
        decide,
        delivery,
        endings,
        form_correction,
        hearings,
        intake,
        later_papers,
        pauses,
        retention,
        tick,
        window,
    )

    context.operations(
        intake,
        window,
        later_papers,
        form_correction,
        decide,
        pauses,
        hearings,
        endings,
        certificates,
        blank_voids,
        delivery,
        archives,
        retention,
        tick,
        alerts,
    )


def _papers_and_lists(context: Context) -> None:
    """What is printed, listed, found, counted and sent on of cases."""
    from yichuang_acceptance.operations import (
        application_paper,
        beside,
        case_lists,
        drafts,
        exchange,
        exchange_faults,
        lists,
        looks,
        one_case,
        pages,
        paper_views,
        papers,
        previews,
        published,
        search,
        sent_back,
        slips,
        statistics,
        workbench,
    )

    context.operations(
        beside,
        papers,
        paper_views,
        previews,
        application_paper,
        lists,
        one_case,
        case_lists,
        workbench,
        drafts,
        pages,
    )
    context.operations(looks, sent_back, search, statistics, published, exchange, exchange_faults, slips)


def _reviews_and_items(context: Context) -> None:
    """How agencies review, and the catalogue of items."""
    from yichuang_acceptance.operations import (
        absences,
        colleagues,
        forms,
        guide_files,
        guide_paper,
        guide_reads,
        guides,
        next_node,
        review_acts,
        review_graphs,
        review_lists,
        situations,
    )

    context.operations(review_graphs, review_acts, review_lists, absences, colleagues, next_node)
    context.operations(guides, guide_reads, guide_files, guide_paper, situations, forms)


def _matters_and_messages(context: Context) -> None:
    """Matters at once, and what applicants are told by message."""
    from yichuang_acceptance.operations import (
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
        notice_to_phone,
    )

    context.operations(matter_plan, matters, matter_life, matter_undo, matter_pickup, matter_papers)
    context.operations(matter_views, matter_showing, messages, message_lists, notice_to_phone)


def _applicants(context: Context) -> None:
    """What applicants see, sign, rate and hand in again."""
    from yichuang_acceptance.operations import fixes, ratings, refusals, reuse, showing

    context.operations(showing, ratings, fixes, refusals, reuse)


def _around_cases(context: Context) -> None:
    """What watches over cases, takes them in elsewhere, and helps with them."""
    from yichuang_acceptance.operations import (
        agents,
        credit,
        delegation,
        findings,
        handovers,
        points,
        promises,
        supervision,
        voices,
    )

    context.operations(supervision, findings, voices, promises, credit, points, delegation, handovers, agents)


def _offline(context: Context) -> None:
    """What desks need for going on without the hall."""
    from yichuang_acceptance.operations import num_blocks, offline, offline_look

    context.operations(num_blocks, offline, offline_look)
