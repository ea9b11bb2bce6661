"""Activation of the licence plugin."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from yichuang.api import Context


def activate(context: Context) -> None:
    """Register operations and hooks."""
    from yichuang_licence.hooks import Hooks
    from yichuang_licence.operations import lookup, papers, register, uses

    context.operations(register, lookup, uses, papers)
    context.hooks(Hooks())
