"""Fails in every hook that it answers."""

from __future__ import annotations

from collections.abc import Sequence

from yichuang.api import Context, Finding, MaterialClaim, MaterialFinding, Read, Work, hookimpl


class Hooks:
    """Fails in every hook that it answers."""

    @hookimpl
    def health(self, read: Read) -> Sequence[Finding]:
        """Fail where the others go on."""
        raise OSError("no answer from the agency's server")

    @hookimpl
    def check_material(self, work: Work, claim: MaterialClaim) -> MaterialFinding | None:
        """Fail where a failure is a refusal."""
        raise OSError("no answer from the agency's server")


def activate(context: Context) -> None:
    """Register the hooks."""
    context.hooks(Hooks())
