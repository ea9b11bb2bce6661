"""The desk's own store and the hall in step: numbers and catalogue taken while it is there, receipts entered when it is back."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from PyQt6.QtCore import QObject, QTimer, pyqtSignal

from yichuang.api import AWAY, HALL_ZONE, UserError, in_language
from yichuang.api.ui import Job, PageContext, when_gone
from yichuang_acceptance.offline_store import KEPT_DAYS, WAITING, IntakeStore, Receipt
from yichuang_acceptance.ui.offline import local_hall
from yichuang_acceptance.ui.offline.preparing import Preparation
from yichuang_acceptance.ui.offline.sending import PageSender
from yichuang_acceptance.words import words

L = words.lazy
FIRST_MS = 3_000
"""So long after the page was opened the desk begins to get ready: opening comes first."""
AGAIN_MS = 60_000
NO_STORE = "NO_STORE"

Act = Callable[[IntakeStore], Any]
Then = Callable[[Any], object]


@dataclass(frozen=True)
class Kept:
    """What the desk's disk holds.

    Attributes:
        receipts: All of them, in order.
        left: Numbers in hand by day (ISO).
        look: `DeskLook` as JSON, None before the desk was ever online.
        who: Staff id and name of who worked here last.
        catalogue_at: When the catalogue was like that; None where there is none.
    """

    receipts: Sequence[Receipt] = ()
    left: Mapping[str, int] = field(default_factory=dict)
    look: Mapping[str, Any] | None = None
    who: Mapping[str, Any] | None = None
    catalogue_at: datetime | None = None


class OfflineHand(QObject):
    """Keeps an `IntakeStore`; everything on the disk happens off the UI thread, in order.

    Signals:
        opened: The disk works.
        changed: `kept` is another one.
        away_changed: The hall is away (True) or back (False).
        catalogue_came: The kept catalogue is another one (list of `KeptItem`).
        entered: How many receipts the hall has entered in one go.
        troubled: The desk's disk or its keys do not work (UserError).

    Attributes:
        desk: The desk whose numbers these are; nothing is kept without one.
        away: Whether the hall is away.
        typed: What was being typed when the desk ended last; None where nothing was, or it is taken up.
        pages: Sends captured pages to the hall.
    """

    opened = pyqtSignal()
    changed = pyqtSignal()
    away_changed = pyqtSignal(bool)
    catalogue_came = pyqtSignal(object)
    entered = pyqtSignal(int)
    troubled = pyqtSignal(object)

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        self._context = context
        self.desk = str(context.actor.desk or "")[:20]
        self.kept = Kept()
        self.typed: dict[str, Any] | None = None
        self.away = not context.online
        self._stores: list[IntakeStore] = []
        self._sending = False
        self._count = 0
        stores, folder, desk, today = self._stores, context.data_dir, self.desk, self.today
        if desk:
            context.work(
                lambda: _open(stores, context, folder, desk, today), self._on_opened, self.troubled.emit
            )
        when_gone(self, lambda: _close(stores))
        context.online_changed.connect(self._on_link)
        context.refresh.connect(self.come_back)
        self._preparation = Preparation(context, self)
        self.pages = PageSender(context, self)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._tick)

    @property
    def is_open(self) -> bool:
        """Whether the disk works."""
        return bool(self._stores)

    def keep(self, act: Act, done: Then | None = None, failed: Then | None = None) -> Job:
        """Do something with the store; `done(result)` follows, or `failed(error)`."""

        def acted() -> Any:
            if not self._stores:
                raise no_store("not open")
            try:
                return act(self._stores[0])
            except sqlite3.Error as error:
                raise no_store(error) from error

        return self._context.work(acted, done, failed or self.troubled.emit)

    def _on_opened(self, typed: Any) -> None:
        self.load()
        self.typed = typed
        self.opened.emit()
        self._timer.start(FIRST_MS)

    def _tick(self) -> None:
        self._timer.setInterval(AGAIN_MS)
        self.come_back()

    def load(self) -> None:
        """Read what is kept."""
        self.keep(_kept, self._show)

    def _show(self, kept: Kept) -> None:
        self.kept = kept
        self.changed.emit()

    def load_catalogue(self, then: Callable[[], object] = lambda: None) -> None:
        """Read the catalogue that is kept."""

        def came(items: object) -> None:
            self.catalogue_came.emit(items)
            then()

        self.keep(lambda store: local_hall.items_of(store.recall("items")), came)

    # ---- what there is ----

    @property
    def today(self) -> date:
        """Today in the hall."""
        return self._context.now().astimezone(HALL_ZONE).date()

    def numbers_left(self) -> int:
        """How many receipts can be given today."""
        return self.kept.left.get(self.today.isoformat(), 0)

    def me(self) -> Mapping[str, Any] | None:
        """Who takes in: who is signed in, or who was when the hall went away."""
        actor = self._context.actor
        return {"id": actor.staff_id, "name": actor.name} if actor.account else self.kept.who

    def is_mine(self, receipt: Receipt) -> bool:
        """Whether the person at the desk took it in; only that person enters it."""
        me = self.me()
        return me is not None and receipt.body["staff"]["id"] == me["id"]

    def open_receipts(self) -> list[Receipt]:
        """Those that the hall does not have."""
        return [receipt for receipt in self.kept.receipts if receipt.is_open]

    # ---- away and back ----

    def _on_link(self, online: bool) -> None:
        if self.away == online:
            self.away = not online
            self.away_changed.emit(self.away)

    def come_back(self) -> None:
        """Enter what waits, then get ready for the next time; nothing happens while the hall is away."""
        if self._stores and not self.away and self._context.can("acceptance.accept"):
            self.send()

    def prepare(self) -> None:
        """Take the catalogue and numbers in hand for the next time."""
        if not self.away and self._context.setting("acceptance.offline"):
            self._preparation.begin()

    # ---- entering ----

    def send(self) -> None:
        """Enter what waits, one after the other, in the order of receipt."""
        if not self._sending:
            self._sending, self._count = True, 0
            self._next()

    def _next(self, act: Act | None = None) -> None:
        """Note what has just come of one, then enter the next."""

        def noted(store: IntakeStore) -> list[Receipt]:
            if act is not None:
                act(store)
            return [receipt for receipt in store.receipts() if receipt.state == WAITING]

        self.keep(noted, self._enter, self._stopped)

    def _enter(self, waiting: list[Receipt]) -> None:
        mine = [receipt for receipt in waiting if self.is_mine(receipt)]
        if not mine or self.away:
            self._sent()
            return
        receipt = mine[0]
        refused = lambda error: self._not_entered(receipt, error)  # noqa: E731 - given twice below

        def enter() -> None:
            self._context.run(
                "acceptance.enter_offline", request_of(receipt, self.desk),
                done=lambda _case: self._has_entered(receipt), failed=refused,
            )  # fmt: skip

        self.pages.send(receipt.local_id, receipt.pages, enter, refused)

    def _has_entered(self, receipt: Receipt) -> None:
        self._count += 1
        self._next(lambda store: store.end(receipt, "entered"))

    def _not_entered(self, receipt: Receipt, error: UserError) -> None:
        if error.code in (*AWAY, NO_STORE):
            self._stopped(error)  # it is asked again, under the same id
            return
        said = {"code": error.code, "sentence": in_language(error.sentence), "do": in_language(error.do)}
        self._next(lambda store: store.refuse(receipt, said))

    def _stopped(self, _error: UserError) -> None:
        self._sending = False
        self.load()

    def _sent(self) -> None:
        self._sending = False
        self.load()
        if self._count:
            self.entered.emit(self._count)
        self.prepare()


def request_of(receipt: Receipt, desk: str) -> dict[str, Any]:
    """What `acceptance.enter_offline` is asked for a receipt."""
    body = receipt.body
    return {
        **kept_request(receipt, desk), "received_by": body["staff"]["id"], "query_code": body["query_code"],
        "intake": body["intake"], "first_at": body.get("first_at"), "beside": bool(body.get("beside")),
    }  # fmt: skip


def kept_request(receipt: Receipt, desk: str) -> dict[str, Any]:
    """What every operation on a receipt is told."""
    return {
        "local_id": receipt.local_id,
        "case_no": receipt.case_no,
        "desk": desk,
        "received_at": receipt.at.isoformat(),
    }


def _open(stores: list[IntakeStore], context: PageContext, folder: Path, desk: str, today: date) -> Any:
    """On the lane on which everything else with the store follows; returns what was being typed."""
    safe = "".join(letter for letter in desk if letter.isalnum()) or "desk"
    cipher = context.cipher()
    try:
        store = IntakeStore(folder / f"offline-{safe}.sqlite", cipher)
        stores.append(store)
        store.forget(today - timedelta(days=KEPT_DAYS))
        return store.typed()
    except (sqlite3.Error, OSError) as error:
        raise no_store(error) from error


def _close(stores: list[IntakeStore]) -> None:
    for store in stores:
        store.close()


def no_store(cause: object) -> UserError:
    """The error for a desk that cannot keep anything."""
    return UserError(
        NO_STORE,
        L("This desk's own disk does not keep anything."),
        do=L("Do not take anything in offline here; tell the administrator."),
        detail={"cause": str(cause)},
    )


def _kept(store: IntakeStore) -> Kept:
    look, who, items = store.recall("look"), store.recall("who"), store.recall("items")
    return Kept(
        store.receipts(),
        store.left(),
        look and look[1],
        who and who[1],
        items[0] if items is not None else None,
    )
