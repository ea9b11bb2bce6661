"""Registers the test plugin."""

from __future__ import annotations

from yichuang.api import Context


def activate(context: Context) -> None:
    from yichuang_stand import operations

    context.operations(operations)
