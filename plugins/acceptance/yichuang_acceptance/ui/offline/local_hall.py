"""What the intake's parts ask the hall, answered from the catalogue that the desk has kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter

from yichuang.api import UserError
from yichuang.api.ui import Done, Failed, Job, PageContext
from yichuang_acceptance.operations.forms import ItemForm
from yichuang_acceptance.operations.offline_look import KeptItem
from yichuang_acceptance.rules.form_schema import fields_of
from yichuang_acceptance.words import words

if TYPE_CHECKING:
    from yichuang_acceptance.ui.offline.hand import OfflineHand

L = words.lazy
_ITEMS: TypeAdapter[list[KeptItem]] = TypeAdapter(list[KeptItem])


def as_json(items: Sequence[KeptItem]) -> Any:
    """The catalogue as the desk's file keeps it."""
    return _ITEMS.dump_python(list(items), mode="json")


def items_of(kept: tuple[datetime, Any] | None) -> list[KeptItem]:
    """The catalogue out of the desk's file; empty before the desk was ever online."""
    return _ITEMS.validate_python(kept[1]) if kept is not None else []


class LocalHall:
    """Stands where a part of the intake expects its `PageContext`: devices and looks are the page's, answers are local.

    Captured pages are kept in the desk's own file. What the desk has not kept, and every other operation, is answered with
    NOT_READY: that is no decision of the hall's.

    Args:
        hand: Has the file.
        page_kept: Called after a page was taken.
    """

    def __init__(
        self, context: PageContext, hand: OfflineHand, page_kept: Callable[[], object] = lambda: None
    ) -> None:
        self._page, self._hand, self._page_kept = context, hand, page_kept
        self._items: dict[str, KeptItem] = {}

    def __getattr__(self, name: str) -> Any:
        return getattr(self._page, name)

    def set_items(self, items: Sequence[KeptItem]) -> None:
        """The catalogue that is answered from."""
        self._items = {each.row.code: each for each in items}

    def query(
        self, name: str, request: Any = None, done: Done | None = None, failed: Failed | None = None
    ) -> Job:
        """See `PageContext.query`; answered later, as from there."""
        if name == "acceptance.draft_page":
            return self._hand.keep(lambda store: store.page(request["digest"])[0], done, failed)
        return self._page.work(
            lambda: self._answer(name, request or {}), done, failed or (lambda _error: None)
        )

    def run(
        self,
        name: str,
        request: Any = None,
        done: Done | None = None,
        failed: Failed | None = None,
        _key: str | None = None,
    ) -> Job:
        """See `PageContext.run`: a page is kept here, nothing can be done in the hall."""
        if name == "acceptance.keep_page":
            at = self._page.now()

            def kept(digest: Any) -> None:
                if done is not None:
                    done(digest)
                self._page_kept()

            return self._hand.keep(lambda store: store.keep_page(at, **request), kept, failed)
        return self.query(name, None, done, failed)

    def _answer(self, name: str, request: dict[str, Any]) -> Any:
        if name == "hall.items":
            rows = (each.row for each in self._items.values() if each.row.code > request["after"])
            return sorted(rows, key=lambda row: row.code)[: request["limit"]]
        if name == "hall.matters":
            return []  # a matter is taken in with its items' dues worked out, which the desk cannot do
        item = self._items.get(str(request.get("code") or request.get("item")))
        if item is not None and name == "hall.item":
            return item.detail
        if item is not None and name == "acceptance.situations":
            return item.situation
        if item is not None and name == "acceptance.form":
            import jsonschema  # noqa: F401 - loaded here, beside the window's thread, for the checks at each field

            return ItemForm(list(fields_of(item.schema)) if item.schema else [], item.schema or {})
        raise UserError("NOT_READY", L("This needs the hall's database, which is away."))
