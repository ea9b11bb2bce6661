"""Activation: say what there is; nothing is done yet."""

from __future__ import annotations

from yichuang.api import Context


def activate(context: Context) -> None:
    """Register the operations and the hooks."""
    from yichuang_lostfound import hooks, operations

    context.operations(operations)
    context.hooks(hooks.Hooks())
