"""Activation of the acceptance plugin."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from yichuang.api import Context


def activate(context: Context) -> None:
    """Register operations and hooks."""
    from yichuang_acceptance.hooks import Hooks
    from yichuang_acceptance.operations import decide, drafts, intake, lists, pages, papers, previews

    context.operations(intake, decide, papers, previews, lists, drafts, pages)
    context.hooks(Hooks())
