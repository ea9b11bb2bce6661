"""Activation of the seal plugin."""

from __future__ import annotations

from yichuang.api import Context


def activate(context: Context) -> None:
    """Register operations and hooks; Pillow, cryptography and pyHanko are imported when first needed."""
    from yichuang_seal import hooks
    from yichuang_seal.operations import papers, seals, stamping

    context.operations(seals, papers, stamping)
    context.hooks(hooks.Hooks())
