"""What lists call an agency: its short name, because the whole one begins with the name of the county in every row."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from yichuang.api.ui import PageContext


class AgencyNames:
    """Short names by whole names; a name that is not known yet stays whole.

    Args:
        known: Called when the names have come and differ from what was known; what is shown is shown again.
    """

    def __init__(self, context: PageContext, known: Callable[[], None]) -> None:
        self._context, self._known = context, known
        self._short: dict[str, str] = {}

    def load(self) -> None:
        """Ask for the agencies of the hall."""
        self._context.query("hall.agencies", done=self._came, failed=lambda _error: None)

    def short(self, name: str) -> str:
        """The short name."""
        return self._short.get(name, name)

    def _came(self, rows: list[Any]) -> None:
        short = {row.name: row.short_name for row in rows if row.short_name}
        if short != self._short:
            self._short = short
            self._known()
