"""Registers the test plugin."""

from __future__ import annotations

from yichuang.api import Context


def activate(context: Context) -> None:
    from yichuang_fair import hooks, operations

    context.operations(operations)
    context.hooks(hooks.Hooks())
