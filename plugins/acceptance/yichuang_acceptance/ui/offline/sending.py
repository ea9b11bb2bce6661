"""Sending captured pages of the desk's own file to the hall, one after the other: before what they belong to is entered."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING, Any

from PyQt6.QtCore import QObject, pyqtSignal

from yichuang.api import UserError
from yichuang.api.ui import PageContext
from yichuang_acceptance.offline_store import IntakeStore
from yichuang_acceptance.operations.offline import MOST_ASKED

if TYPE_CHECKING:
    from yichuang_acceptance.ui.offline.hand import OfflineHand

Sent = Callable[[], object]
Failed = Callable[[UserError], object]


class PageSender(QObject):
    """Asks which pages the hall does not have and keeps those there; after a cut it begins again with what is missing.

    Args:
        hand: Has the file.

    Signals:
        progressed: How many pages of a receipt are there, and how many there are.
    """

    progressed = pyqtSignal(int, int)

    def __init__(self, context: PageContext, hand: OfflineHand) -> None:
        super().__init__(hand)
        self._context, self._hand = context, hand

    def send(self, owner: str, pages: AbstractSet[str], sent: Sent, failed: Failed) -> None:
        """Send what the desk keeps of some pages; `sent()` follows once the hall has all of it, or `failed(error)`."""

        def ask(digests: list[str], missing: list[str]) -> None:
            if not digests:
                self._next(missing, len(missing), sent, failed)
                return
            some, rest = digests[:MOST_ASKED], digests[MOST_ASKED:]
            self._context.query(
                "acceptance.missing_pages", {"digests": some}, done=lambda found: ask(rest, missing + found), failed=failed
            )  # fmt: skip

        def mine(store: IntakeStore) -> list[str]:
            return [digest for digest in store.digests(owner) if digest in pages]

        if pages:
            self._hand.keep(mine, lambda digests: ask(digests, []), failed)
        else:
            sent()

    def _next(self, missing: list[str], every: int, sent: Sent, failed: Failed) -> None:
        if every:
            self.progressed.emit(every - len(missing), every)
        if not missing:
            sent()
            return

        def read(found: tuple[bytes, str]) -> None:
            request: dict[str, Any] = {"data": found[0], "media_type": found[1]}
            self._context.run(
                "acceptance.keep_page", request, done=lambda _digest: self._next(missing[1:], every, sent, failed),
                failed=failed,
            )  # fmt: skip

        self._hand.keep(lambda store: store.page(missing[0]), read, failed)
