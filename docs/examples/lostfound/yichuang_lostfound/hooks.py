"""What the plugin answers when the suite asks everybody."""

from __future__ import annotations

from collections.abc import Sequence

from yichuang.api import Read, SearchHit, hookimpl, select
from yichuang_lostfound.tables import thing


class Hooks:
    """Lost things can be found from the command palette."""

    @hookimpl
    def search(self, read: Read, text: str, limit: int) -> Sequence[SearchHit]:
        """Things whose description holds the text."""
        if not read.may("lostfound.use"):
            return []
        here = thing.c.what.contains(text, autoescape=True) & thing.c.handed_back_at.is_(None)
        rows = read.all(select(thing).where(here).order_by(thing.c.id.desc()).limit(limit))
        return [
            SearchHit("item", row.what, row.place, "lostfound.list", icon="package-search") for row in rows
        ]
