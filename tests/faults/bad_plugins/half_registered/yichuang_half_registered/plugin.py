"""Registers everything, then raises."""

from __future__ import annotations

from collections.abc import Sequence

from yichuang.api import Context, Finding, Read, hookimpl

disposed: list[str] = []


class Hooks:
    """Answers a hook."""

    @hookimpl
    def health(self, read: Read) -> Sequence[Finding]:
        """Must never be asked."""
        return [Finding("half", "ok", "I should not be here.")]


def activate(context: Context) -> None:
    """Two pages, two operations, a hook and two clean-ups; then an error."""
    from yichuang_half_registered import operations

    context.operations(operations)
    context.hooks(Hooks())
    context.on_dispose(lambda: disposed.append("first"))
    context.on_dispose(lambda: disposed.append("second"))
    raise RuntimeError("half way")
