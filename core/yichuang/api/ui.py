"""What a plugin's page gets: its `PageContext`, and the widgets, re-exported when they are first named.

The only module of `yichuang.api` that brings Qt. Importing it costs QtCore and QtGui; `yichuang.widgets` follows on first use.
"""

from __future__ import annotations

import importlib
import time
from collections import deque
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from PyQt6.QtCore import QObject, QTimer, pyqtSignal

from yichuang.hall.errors import UserError
from yichuang.hall.words import LazyText, Words

if TYPE_CHECKING:
    from yichuang.identity.actor import Actor
    from yichuang.identity.hall_keys import IdentityCipher
    from yichuang.widgets import *  # noqa: F403  (the widgets' own __all__ is the list)

Wording = LazyText | str
Change = tuple[str, str]
Done = Callable[[Any], None]
Failed = Callable[[UserError], None]

WATCH_DELAY_MS = 50
"""Changes come in bursts (a call moves a ticket, a desk and a queue): one reload for all of them."""
CALM_MOST, CALM_SECONDS = 3, 3.0
"""A calm page reloads so often in so long: at once after what a person does, once a second where something always changes."""


def __getattr__(name: str) -> Any:
    if name.startswith("_"):
        raise AttributeError(name)
    widgets = importlib.import_module("yichuang.widgets")
    try:
        return getattr(widgets, name)
    except AttributeError:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}") from None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one item of a batch: exactly one of `result` and `error` counts."""

    index: int
    result: Any = None
    error: UserError | None = None


class Job(Protocol):
    """Something under way on a worker."""

    @property
    def running(self) -> bool:
        """Whether it is still under way."""
        ...

    def cancel(self) -> bool:
        """Stop it and drop its result."""
        ...


class Services(Protocol):
    """What the shell does for the pages it shows."""

    @property
    def actor(self) -> Actor:
        """Who is signed in."""
        ...

    @property
    def online(self) -> bool:
        """See `PageContext.online`."""
        ...

    def now(self) -> datetime:
        """See `PageContext.now`."""
        ...

    def setting(self, plugin_id: str, key: str) -> Any:
        """See `PageContext.setting`."""
        ...

    def query(self, owner: QObject, name: str, request: Any, done: Done | None, failed: Failed | None) -> Job:
        """See `PageContext.query`."""
        ...

    def run(
        self,
        owner: QObject,
        name: str,
        request: Any,
        done: Done | None,
        failed: Failed | None,
        key: str | None,
    ) -> Job:
        """See `PageContext.run`."""
        ...

    def batch(
        self,
        owner: QObject,
        name: str,
        requests: Sequence[Any],
        each: Callable[[int, Any], None] | None,
        done: Callable[[list[Outcome]], None] | None,
    ) -> Job:
        """See `PageContext.batch`."""
        ...

    def navigate(self, page_id: str, args: Mapping[str, Any]) -> None:
        """See `PageContext.navigate`."""
        ...

    def toast(self, text: str, kind: str, undo: Callable[[], None] | None) -> None:
        """See `PageContext.notify`."""
        ...

    def notice(
        self, title: str, detail: str, icon: str, kind: str, page: str, args: Mapping[str, Any]
    ) -> None:
        """See `PageContext.notice`."""
        ...

    def status(self, text: str) -> None:
        """See `PageContext.status`."""
        ...

    def shortcut(
        self,
        context: PageContext,
        key: str,
        title: Wording,
        act: Callable[[], None],
        *,
        bar: bool,
        everywhere: bool,
        enabled: Callable[[], bool] | None,
        system: bool,
    ) -> None:
        """See `PageContext.shortcut`."""
        ...

    def device(self, kind: str) -> str:
        """See `PageContext.device`."""
        ...

    def ask_device(
        self,
        owner: QObject,
        kind: str,
        command: str,
        arguments: Mapping[str, Any],
        done: Done | None,
        failed: Failed | None,
        timeout: float | None,
    ) -> Job:
        """See `PageContext.ask_device`."""
        ...

    def work(self, owner: QObject, act: Callable[[], Any], done: Done | None, failed: Failed | None) -> Job:
        """See `PageContext.work`."""
        ...

    def data_dir(self, plugin_id: str) -> Path:
        """See `PageContext.data_dir`."""
        ...

    def cipher(self) -> IdentityCipher:
        """See `PageContext.cipher`."""
        ...

    def save(self, key: str, value: Any) -> None:
        """See `PageContext.save`."""
        ...

    def load(self, key: str, default: Any) -> Any:
        """See `PageContext.load`."""
        ...


class PageContext(QObject):
    """A page's way to everything outside it. It dies with the page; answers that come later are dropped.

    Signals:
        changes: frozenset of (topic, key): what anybody has just committed. For an operation `queue.call_next` on subject
            `ticket:17` these are ("ticket", "17") and ("queue", "queue.call_next").
        shown: The page came to the front; the dict holds the arguments of `navigate`.
        hidden: The page left the front.
        refresh: F5, or the connection came back: ask for everything again.
        online_changed: The database does not answer any more (False), or answers again (True; `refresh` follows).
        device_event: A device of this desk said something: (kind, event name, data), such as ("id_card_reader", "card", {...}).
    """

    changes = pyqtSignal(object)
    shown = pyqtSignal(dict)
    hidden = pyqtSignal()
    refresh = pyqtSignal()
    online_changed = pyqtSignal(bool)
    device_event = pyqtSignal(str, str, dict)

    def __init__(self, services: Services, plugin_id: str, page_id: str, words: Words) -> None:
        super().__init__()
        self.plugin_id = plugin_id
        self.page_id = page_id
        self.words = words
        self.args: dict[str, Any] = {}
        self.visible = False
        self.services = services
        self.shown.connect(self._on_shown)
        self.hidden.connect(self._on_hidden)

    @property
    def actor(self) -> Actor:
        """Who is signed in at this desk."""
        return self.services.actor

    def can(self, permission: str) -> bool:
        """Whether the signed-in person holds a permission; operations check it again."""
        return permission in self.actor.permissions

    @property
    def online(self) -> bool:
        """Whether the hall's database answers, as far as is known; `online_changed` tells when that changes."""
        return self.services.online

    def now(self) -> datetime:
        """The suite's clock (aware, UTC), which tests and the demo advance."""
        return self.services.now()

    def setting(self, key: str) -> Any:
        """A setting of this plugin, or its default in the manifest."""
        return self.services.setting(self.plugin_id, key)

    def query(
        self, name: str, request: Any = None, done: Done | None = None, failed: Failed | None = None
    ) -> Job:
        """Read off the UI thread; `done(result)` or `failed(error)` follows on it.

        Without `failed` an error is shown as a toast. A fault of the program goes to the error report and arrives as
        `UserError("BUG")`, so that a page can leave its busy state in one place.
        """
        return self.services.query(self, name, request, done, failed)

    def run(
        self,
        name: str,
        request: Any = None,
        done: Done | None = None,
        failed: Failed | None = None,
        key: str | None = None,
    ) -> Job:
        """Run an operation off the UI thread. `key` makes a retry harmless; one is made for each call without it."""
        return self.services.run(self, name, request, done, failed, key)

    def batch(
        self,
        name: str,
        requests: Sequence[Any],
        each: Callable[[int, Any], None] | None = None,
        done: Callable[[list[Outcome]], None] | None = None,
    ) -> Job:
        """Run an operation on many requests in order; an error costs only its own item.

        `each(index, result or UserError)` follows every item, `done(outcomes)` the last. The shell shows count and cancel.
        """
        return self.services.batch(self, name, requests, each, done)

    def watch(self, topics: Collection[str], load: Callable[[], None], *, calm: bool = False) -> None:
        """Call `load()` when the page is first shown, at F5, and when one of the topics changes.

        While the page is hidden changes are remembered and answered by one call when it is shown again. `calm` is for a page
        whose load is much work: where something changes all the time it is called once a second.
        """
        Watch(self, frozenset(topics), load, calm)

    def every(self, milliseconds: int, tick: Callable[[], None]) -> QTimer:
        """Call `tick()` at this interval, only while the page is visible."""
        timer = QTimer(self)
        timer.setInterval(milliseconds)
        timer.timeout.connect(tick)
        self.shown.connect(lambda _args: timer.start())
        self.hidden.connect(timer.stop)
        if self.visible:
            timer.start()
        return timer

    def navigate(self, page_id: str, /, **args: Any) -> None:
        """Go to a page, of any plugin; a toast says so where it is not there."""
        self.services.navigate(page_id, args)

    def notify(self, text: Wording, kind: str = "info", undo: Callable[[], None] | None = None) -> None:
        """A toast at the bottom right: info, success, warning or error; with `undo` it offers that for ten seconds."""
        self.services.toast(str(text), kind, undo)

    def notice(
        self,
        title: Wording,
        detail: Wording = "",
        icon: str = "bell",
        kind: str = "info",
        page: str = "",
        args: Mapping[str, Any] | None = None,
    ) -> None:
        """An entry behind the bell, kept until it is read."""
        self.services.notice(str(title), str(detail), icon, kind, page, args or {})

    def status(self, text: Wording) -> None:
        """A short word in the status bar, gone after a few seconds."""
        self.services.status(str(text))

    def shortcut(
        self,
        key: str,
        title: Wording,
        act: Callable[[], None],
        bar: bool = False,
        everywhere: bool = False,
        enabled: Callable[[], bool] | None = None,
        system: bool = False,
    ) -> None:
        """A key of this page, listed under F1 and, with `bar`, in the status bar.

        Args:
            key: As Qt writes it: "F2", "Ctrl+Enter", "Alt+1".
            title: What it does, verb first.
            act: Called on the UI thread.
            bar: Also name it in the status bar.
            everywhere: Works on every page once this page has been built.
            enabled: Asked before `act`; False does nothing.
            system: Works while the page is shown and *another program* has the focus, on X11 and Windows; implies
                `everywhere`. For function keys, Pause, and keys with Ctrl, Alt or Meta. Held down it acts once. A key that
                another program has is told to the person and works while the window is in front, as on Wayland.

        Raises:
            ValueError: `system`, and taking this key from every program would hinder typing.
        """
        self.services.shortcut(
            self, key, title, act, bar=bar, everywhere=everywhere or system, enabled=enabled, system=system
        )

    def device(self, kind: str) -> str:
        """State of a device of this desk: starting, ready, absent, failed or closed; absent where none is set up."""
        return self.services.device(kind)

    def ask_device(
        self,
        kind: str,
        command: str,
        done: Done | None = None,
        failed: Failed | None = None,
        timeout: float | None = None,
        **arguments: Any,
    ) -> Job:
        """Send a command to a device of this desk; `done(dict)` or `failed(error)` follows, by the time-out at the latest."""
        return self.services.ask_device(self, kind, command, arguments, done, failed, timeout)

    def work(self, act: Callable[[], Any], done: Done | None = None, failed: Failed | None = None) -> Job:
        """Do something that takes a while and is neither query nor operation, such as writing a file, off the UI thread.

        One after the other in the order of asking; `done(result)` or `failed(error)` follows as for `query`.
        """
        return self.services.work(self, act, done, failed)

    @property
    def data_dir(self) -> Path:
        """A writable folder of this plugin's own on this machine, made on first use; the same as `Context.data_dir`."""
        return self.services.data_dir(self.plugin_id)

    def cipher(self) -> IdentityCipher:
        """The hall's cipher from this machine's secrets, also while the hall is away.

        What a page keeps on this machine is sealed with it. It may ask a daemon or the disk: call it inside `work`.

        Raises:
            UserError: IDENTITY_KEY_MISSING, or SECRETS_...
        """
        return self.services.cipher()

    def save(self, key: str, value: Any) -> None:
        """Remember a small piece of view state (splitter sizes, sort order) for this person on this machine."""
        self.services.save(f"{self.page_id}/{key}", value)

    def load(self, key: str, default: Any = None) -> Any:
        """What `save` kept, or the default."""
        return self.services.load(f"{self.page_id}/{key}", default)

    def _on_shown(self, args: dict[str, Any]) -> None:
        self.visible = True
        self.args = args

    def _on_hidden(self) -> None:
        self.visible = False


class Watch(QObject):
    """Joins bursts of changes into one reload and keeps hidden pages from asking."""

    def __init__(
        self, context: PageContext, topics: frozenset[str], load: Callable[[], None], calm: bool
    ) -> None:
        super().__init__(context)
        self._context = context
        self._calm = calm
        self._topics = topics
        self._stale = True
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(WATCH_DELAY_MS)
        self._timer.timeout.connect(self._fire)
        self._load = load
        self._fired: deque[float] = deque(maxlen=CALM_MOST)
        context.changes.connect(self._on_changes)
        context.shown.connect(lambda _args: self._fire() if self._stale else None)
        context.refresh.connect(self._now_stale)
        if context.visible:
            self._timer.start()

    def _on_changes(self, changes: frozenset[Change]) -> None:
        if not any(topic in self._topics for topic, _key in changes):
            return
        if not self._calm:
            self._now_stale()
            return
        self._stale = True
        if self._context.visible and not self._timer.isActive():  # never put off by further changes
            self._timer.start(self._pause())

    def _pause(self) -> int:
        """Milliseconds to the next reload of a calm page."""
        if len(self._fired) < CALM_MOST:
            return WATCH_DELAY_MS
        return max(WATCH_DELAY_MS, round((self._fired[0] + CALM_SECONDS - time.monotonic()) * 1000))

    def _now_stale(self) -> None:
        self._stale = True
        if self._context.visible:
            self._timer.start(WATCH_DELAY_MS)

    def _fire(self) -> None:
        self._timer.stop()
        self._stale = False
        self._fired.append(time.monotonic())
        self._load()
