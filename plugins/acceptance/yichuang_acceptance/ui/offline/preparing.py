"""Getting a desk ready for going on alone: numbers of today and of the next working day, the catalogue, what papers print."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from PyQt6.QtCore import QObject

from yichuang.api import AWAY, UserError
from yichuang.api.ui import PageContext
from yichuang_acceptance.offline_store import IntakeStore
from yichuang_acceptance.rules.offline import needs_more
from yichuang_acceptance.ui.offline import local_hall

if TYPE_CHECKING:
    from yichuang_acceptance.ui.offline.hand import OfflineHand

CATALOGUE_AGE = timedelta(minutes=30)


class Preparation(QObject):
    """One step after the other, each off the UI thread; it is begun again later where one fails.

    Args:
        hand: Whose store is filled.
    """

    def __init__(self, context: PageContext, hand: OfflineHand) -> None:
        super().__init__(hand)
        self._context, self._hand = context, hand
        self._preparing = False

    def begin(self) -> None:
        """Begin, unless it is under way."""
        if not self._preparing:
            self._preparing = True
            self._context.query(
                "acceptance.offline_desk",
                {"desk": self._hand.desk},
                done=self._looked,
                failed=self._not_prepared,
            )

    def _looked(self, look: Any) -> None:
        now, who = self._context.now(), self._hand.me()
        value = {"next_day": look.next_day.isoformat(), "offices": look.offices, "page": look.page}

        def remembered(store: IntakeStore) -> Any:
            store.remember("look", now, value)
            store.remember("who", now, who)
            return store.recall("items"), store.left()

        self._hand.keep(remembered, lambda found: self._go_on(look, *found), self._not_prepared)

    def _go_on(self, look: Any, items: Any, left: Mapping[str, int]) -> None:
        """One thing after the other: blocks of days gone by, numbers, catalogue."""
        today, following = self._hand.today.isoformat(), look.next_day.isoformat()
        if look.open_blocks:
            self._give_back(look, items, left)
        elif needs_more(left.get(today, 0)):
            self._lease(today, look, items, left)
        elif not left.get(following, 0):
            self._lease(following, look, items, left)
        elif items is None or self._context.now() - items[0] > CATALOGUE_AGE:
            self._fetch([], "")
        else:
            self._prepared()

    def _lease(self, day: str, look: Any, items: Any, left: Mapping[str, int]) -> None:
        def kept(block: Any) -> None:
            more = {**left, day: left.get(day, 0) + len(block.numbers)}
            self._hand.keep(
                lambda store: store.keep_numbers(block.id, day, block.numbers),
                lambda _none: self._go_on(look, items, more), self._not_prepared,
            )  # fmt: skip

        request = {"desk": self._hand.desk, "day": day}
        self._context.run("acceptance.lease_numbers", request, done=kept, failed=self._not_prepared)

    def _give_back(self, look: Any, items: Any, left: Mapping[str, int]) -> None:
        block = look.open_blocks.pop(0)

        def dropped(store: IntakeStore) -> list[str]:
            store.drop_numbers(block)
            return store.given(block)

        def tell(given: list[str]) -> None:
            request = {"desk": self._hand.desk, "block_id": block, "given": given}
            self._context.run(
                "acceptance.return_numbers", request, done=lambda _n: self._go_on(look, items, left),
                failed=self._not_prepared,
            )  # fmt: skip

        self._hand.keep(dropped, tell, self._not_prepared)

    def _fetch(self, pages: list[Any], after: str) -> None:
        def came(found: list[Any]) -> None:
            pages.extend(found)
            if found:
                self._fetch(pages, found[-1].row.code)
                return
            now = self._context.now()
            self._hand.keep(
                lambda store: store.remember("items", now, local_hall.as_json(pages)),
                lambda _none: self._prepared(fresh=True), self._not_prepared,
            )  # fmt: skip

        self._context.query(
            "acceptance.offline_items", {"after": after}, done=came, failed=self._not_prepared
        )

    def _prepared(self, *, fresh: bool = False) -> None:
        self._preparing = False
        self._hand.load()
        if fresh:
            self._hand.load_catalogue()

    def _not_prepared(self, error: UserError) -> None:
        self._preparing = False
        if error.code not in AWAY:
            self._hand.troubled.emit(error)
        self._hand.load()
