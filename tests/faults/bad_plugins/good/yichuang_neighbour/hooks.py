"""Hooks of the good neighbour."""

from __future__ import annotations

from collections.abc import Sequence

from yichuang.api import Finding, MaterialClaim, MaterialFinding, Read, Work, hookimpl


class Hooks:
    """Answers two hooks."""

    @hookimpl
    def health(self, read: Read) -> Sequence[Finding]:
        """All is well."""
        return [Finding("neighbour", "ok", "All is well.")]

    @hookimpl
    def check_material(self, work: Work, claim: MaterialClaim) -> MaterialFinding | None:
        """Every licence is good."""
        return MaterialFinding(accepted=True, reason="")
