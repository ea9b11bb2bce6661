"""Wants an argument that the hook does not have."""

from __future__ import annotations

from collections.abc import Sequence

from yichuang.api import Context, Read, Todo, hookimpl


class Hooks:
    """Wants an argument that the hook does not have."""

    @hookimpl
    def todos(self, read: Read, colour: str) -> Sequence[Todo]:
        """There is no colour."""
        return []


def activate(context: Context) -> None:
    """Register the hooks."""
    context.hooks(Hooks())
