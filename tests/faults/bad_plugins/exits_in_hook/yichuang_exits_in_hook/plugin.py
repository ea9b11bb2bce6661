"""Ends the interpreter in a hook."""

from __future__ import annotations

from collections.abc import Sequence

from yichuang.api import Context, Finding, Read, hookimpl


class Hooks:
    """Ends the interpreter in a hook."""

    @hookimpl
    def health(self, read: Read) -> Sequence[Finding]:
        """Leave."""
        raise SystemExit(5)


def activate(context: Context) -> None:
    """Register the hooks."""
    context.hooks(Hooks())
