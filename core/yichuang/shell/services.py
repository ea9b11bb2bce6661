"""What the window does for its pages: the shell's side of `PageContext`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PyQt6.QtCore import QObject, pyqtSignal
from PyQt6.QtWidgets import QWidget

from yichuang.api.ui import Done, Failed, Outcome, PageContext, Wording
from yichuang.hall.errors import UserError
from yichuang.identity.actor import Actor
from yichuang.shell.backend import Backend, Link, not_ready
from yichuang.shell.devices import DeskDevices
from yichuang.shell.preferences import Preferences
from yichuang.shell.tasks import Job

if TYPE_CHECKING:
    from yichuang.host.manifest import Manifest
    from yichuang.identity.hall_keys import IdentityCipher
    from yichuang.shell.system_keys import SystemKeys

SILENT = frozenset({"CANCELLED"})
"""Errors a person brought about on purpose; telling them again would only be noise."""


@dataclass(frozen=True)
class Shortcut:
    """A key that a page has claimed."""

    context: PageContext
    key: str
    title: Wording
    act: Callable[[], None]
    bar: bool
    everywhere: bool
    enabled: Callable[[], bool] | None
    system: bool = False

    def trigger(self) -> None:
        """Do it, unless it makes no sense just now."""
        if self.enabled is None or self.enabled():
            self.act()


@dataclass(frozen=True)
class Notice:
    """An entry behind the bell."""

    title: str
    detail: str
    icon: str
    kind: str
    page: str
    args: Mapping[str, Any]
    at: datetime


class ShellServices(QObject):
    """Serves all pages of one person's visit; a new sign-in gets new pages with new services.

    Args:
        actor: Who is signed in.
        own: Manifest of the one plugin whose window is shown before the hall is open: nobody is signed in then, whatever
            is asked is answered with NOT_READY, until `enter` says who it is.

    Signals:
        navigation_asked: (page id, arguments).
        toast_asked: (text, kind, undo or None).
        failed: UserError that no page wanted to show itself.
        notice_given: Notice for the bell.
        status_asked: Word for the status bar.
        shortcut_claimed: Shortcut of a page.
        online_changed: Whether the database answers, when that has changed.
        came_back: It answers again, and whoever cares has been told.
    """

    navigation_asked = pyqtSignal(str, dict)
    toast_asked = pyqtSignal(str, str, object)
    failed = pyqtSignal(object)
    notice_given = pyqtSignal(object)
    status_asked = pyqtSignal(str)
    shortcut_claimed = pyqtSignal(object)
    online_changed = pyqtSignal(bool)
    came_back = pyqtSignal()

    def __init__(
        self,
        backend: Backend,
        preferences: Preferences,
        devices: DeskDevices,
        actor: Actor,
        parent: QObject | None = None,
        own: Manifest | None = None,
    ) -> None:
        super().__init__(parent)
        self.backend = backend
        self.preferences = preferences
        self.devices = devices
        self._actor = actor
        self._own = own
        self._entered = own is None
        self._system_keys: SystemKeys | None = None
        # Pages are built over an open hall; before its first answer the link says nothing yet.
        self._online = self._entered
        backend.link_changed.connect(self._on_link)

    def attach(self, context: PageContext) -> None:
        """Let a page hear, as long as it lives, of changes, devices and the connection."""
        self.backend.changes.connect(context.changes)
        self.devices.said.connect(context.device_event)
        self.online_changed.connect(context.online_changed)
        self.came_back.connect(context.refresh)

    def enter(self, actor: Actor) -> None:
        """The hall is open now, and this is who uses the window."""
        self._actor = actor
        self._entered = True
        self._on_link(Link(online=True))

    def _on_link(self, link: Link) -> None:
        if self._entered and link.online != self._online:
            self._online = link.online
            self.online_changed.emit(link.online)
            if link.online:
                self.came_back.emit()

    @property
    def actor(self) -> Actor:
        """Who is signed in, at which desk."""
        return self._actor

    @property
    def online(self) -> bool:
        """See `PageContext.online`."""
        return self._online

    def sit_at(self, desk: str | None) -> None:
        """The same person at another desk."""
        self._actor = self._actor.at(desk)

    def now(self) -> datetime:
        """The suite's clock."""
        return self.backend.now()

    def setting(self, plugin_id: str, key: str) -> Any:
        """A setting of the plugin, or its default in the manifest."""
        if key in self.backend.settings:
            return self.backend.settings[key]
        suite = self.backend.suite
        known = [*(suite.manifests if suite is not None else ()), *([self._own] if self._own else ())]
        for manifest in known:
            if manifest.id == plugin_id:
                for setting in manifest.settings:
                    if setting.key == key:
                        return setting.default
        raise KeyError(key)

    def query(self, owner: QObject, name: str, request: Any, done: Done | None, failed: Failed | None) -> Job:
        """See `PageContext.query`."""
        if not self._entered:
            return self._not_ready(owner, failed)
        return self.backend.query(self._actor, name, request, done, failed or self.show_error, owner)

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
        if not self._entered:
            return self._not_ready(owner, failed)
        return self.backend.run(self._actor, name, request, done, failed or self.show_error, owner, key)

    def batch(
        self,
        owner: QObject,
        name: str,
        requests: Sequence[Any],
        each: Callable[[int, Any], None] | None,
        done: Callable[[list[Outcome]], None] | None,
    ) -> Job:
        """See `PageContext.batch`."""
        return self.backend.batch(self._actor, name, requests, each, done, owner)

    def _not_ready(self, owner: QObject, failed: Failed | None) -> Job:
        def refuse(_job: Job) -> None:
            raise not_ready()

        return self.backend.runner.submit(refuse, None, failed or self.show_error, owner=owner)

    def navigate(self, page_id: str, args: Mapping[str, Any]) -> None:
        """See `PageContext.navigate`."""
        self.navigation_asked.emit(page_id, dict(args))

    def toast(self, text: str, kind: str, undo: Callable[[], None] | None) -> None:
        """See `PageContext.notify`."""
        self.toast_asked.emit(text, kind, undo)

    def notice(
        self, title: str, detail: str, icon: str, kind: str, page: str, args: Mapping[str, Any]
    ) -> None:
        """See `PageContext.notice`."""
        self.notice_given.emit(Notice(title, detail, icon, kind, page, args, self.now()))

    def status(self, text: str) -> None:
        """See `PageContext.status`."""
        self.status_asked.emit(text)

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
        if system:
            from yichuang.shell.system_keys import parse_key

            parse_key(key)  # here, where the page that claims a wrong one is still in the trace
        self.shortcut_claimed.emit(Shortcut(context, key, title, act, bar, everywhere, enabled, system))

    def hold_key(self, page: QWidget, shortcut: Shortcut) -> None:
        """Give a page its key for the whole system, whenever it is shown."""
        from yichuang.shell.system_keys import HeldWhileShown, SystemKeys

        if self._system_keys is None:
            self._system_keys = SystemKeys(self)
            self._system_keys.refused.connect(self.failed)
        HeldWhileShown(page, shortcut, self._system_keys)

    def device(self, kind: str) -> str:
        """See `PageContext.device`."""
        return self.devices.state(kind)

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
        return self.backend.runner.submit(
            lambda _job: self.devices.ask(kind, command, timeout, arguments),
            done,
            failed or self.show_error,
            owner=owner,
            lane="voice" if kind == "voice" else "device",
        )

    def work(self, owner: QObject, act: Callable[[], Any], done: Done | None, failed: Failed | None) -> Job:
        """See `PageContext.work`."""
        return self.backend.runner.submit(
            lambda _job: act(), done, failed or self.show_error, owner=owner, lane="own"
        )

    def data_dir(self, plugin_id: str) -> Path:
        """See `PageContext.data_dir`."""
        folder = self.backend.data_dir / "plugin-data" / plugin_id
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def cipher(self) -> IdentityCipher:
        """See `PageContext.cipher`."""
        from yichuang.identity.hall_keys import IdentityCipher
        from yichuang.identity.secrets import open_secrets

        suite = self.backend.suite
        return IdentityCipher.open(open_secrets(self.backend.data_dir) if suite is None else suite.secrets)

    def save(self, key: str, value: Any) -> None:
        """See `PageContext.save`."""
        self.preferences.save_view(self._actor.account, key, value)

    def load(self, key: str, default: Any) -> Any:
        """See `PageContext.load`."""
        return self.preferences.load_view(self._actor.account, key, default)

    def show_error(self, error: UserError) -> None:
        """Tell the person about an error that no page shows in place."""
        if error.code not in SILENT:
            self.failed.emit(error)
