"""Answers a hook that does not exist."""

from __future__ import annotations

from collections.abc import Sequence

from yichuang.api import Context, Read, Todo, hookimpl


class Hooks:
    """Answers a hook that does not exist."""

    @hookimpl
    def toodos(self, read: Read) -> Sequence[Todo]:
        """Nobody asks this."""
        return []


def activate(context: Context) -> None:
    """Register the hooks."""
    context.hooks(Hooks())
