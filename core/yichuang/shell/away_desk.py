"""What the window shows somebody who signed in while the hall's database is away: only what goes on without it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from yichuang.hall.errors import UserError
from yichuang.hall.words import core as words
from yichuang.host.discovery import discover
from yichuang.host.manifest import Manifest, Window
from yichuang.identity.away_sign_in import (
    DAYS,
    DAYS_KEY,
    AwayVisit,
    check,
    forget,
    keep,
    told,
    untold,
)
from yichuang.identity.secrets import open_secrets
from yichuang.shell.backend import Backend, Opening
from yichuang.shell.devices import DeskDevices
from yichuang.shell.notices import show_error, show_toast
from yichuang.shell.pages import broken_page
from yichuang.shell.preferences import Preferences
from yichuang.shell.services import ShellServices
from yichuang.shell.window_page import WindowPage
from yichuang.widgets import Button, Hairline, Tab, TabStrip, Text

if TYPE_CHECKING:
    from yichuang.host.suite import Suite
    from yichuang.identity.actor import Actor
    from yichuang.identity.secrets import Secrets

L = words.lazy
_ = words.text
Place = tuple[Manifest, Window]


def places_of(manifests: Sequence[Manifest]) -> list[Place]:
    """The windows that go on without the hall and ask who is there; a kiosk's fills its own screen."""
    return [
        (manifest, window)
        for manifest in manifests
        for window in manifest.windows
        if window.offline and window.permission and not window.fullscreen
    ]


def keep_sign_in(suite: Suite, actor: Actor, password_hash: str) -> None:
    """After a sign-in that the hall has accepted: journal what was done without it, and let the person do so again.

    Raises:
        UserError: SECRETS_..., DATABASE_AWAY.
    """
    tell_hall(suite, actor)
    may = [(m, w) for m, w in places_of(suite.manifests) if actor.may(w.permission)]
    needed = frozenset(window.permission for _manifest, window in may)
    person = replace(actor, permissions=needed, roles=frozenset(), hall_wide=False)
    visit = AwayVisit(person, tuple(manifest.window_id(window) for manifest, window in may))
    days = int(suite.executor.read(actor, lambda read: read.setting(DAYS_KEY, DAYS)))
    keep(suite.secrets, visit, password_hash, suite.clock(), days)


def tell_hall(suite: Suite, actor: Actor, *, always: bool = False) -> bool:
    """Journal when somebody signed in while the database was away; whether the person may go on in the hall."""
    moments, wrong = untold(suite.secrets, actor.account)
    if not (moments or wrong or always):
        return True
    allowed = bool(suite.run(actor, "identity.come_back", {"unlocked": moments, "wrong": wrong}))
    told(suite.secrets, actor.account) if allowed else forget(suite.secrets, actor.account)
    return allowed


def sign_in_away(
    backend: Backend, opening: Opening, account: str, password: str, desk: str | None
) -> tuple[AwayVisit, list[Place]]:
    """On a worker: check the password against what this machine keeps, and find the windows.

    Raises:
        UserError: AWAY_SIGN_IN_REFUSED, ACCOUNT_LOCKED, SECRETS_..., NOTHING_OFFLINE.
    """
    secrets: Secrets = backend.suite.secrets if backend.suite is not None else open_secrets(backend.data_dir)
    visit = check(secrets, account, password, backend.now())
    if backend.suite is not None:
        manifests = backend.suite.manifests
    else:
        found = discover([*opening.plugin_dirs, backend.data_dir / "plugins"])
        manifests = [
            f.manifest
            for f in found
            if f.manifest is not None and (opening.only is None or f.id in opening.only)
        ]
    places = [
        (m, w) for m, w in places_of(manifests) if m.window_id(w) in visit.windows and not opening.safe_mode
    ]
    if not places:
        raise UserError(
            "NOTHING_OFFLINE",
            L("Nothing at this desk goes on without the database."),
            do=L("Wait until the database is back."),
        )
    actor = visit.actor.at(desk) if desk else visit.actor
    return replace(visit, actor=actor), places


class AwayDesk(QWidget):
    """A bar that says who works here and how, and the windows below it.

    Signals:
        sign_out_asked: The person leaves, or wants to sign in properly.
    """

    sign_out_asked = pyqtSignal()

    def __init__(
        self, backend: Backend, preferences: Preferences, devices: DeskDevices, visit: AwayVisit, places: Sequence[Place],
        parent: QWidget,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.setProperty("fill", "app")
        self.visit = visit
        self.pages: list[WindowPage] = []
        self.back = Text("", 13, "acct", strong=True, elide=True)
        self.again = Button(_("Sign in"), kind="primary")
        self.again.clicked.connect(lambda _on: self.sign_out_asked.emit())
        self.again.hide()
        self._views = QStackedWidget()
        for manifest, window in places:
            self._views.addWidget(self._build(backend, preferences, devices, manifest, window))
        if len(self.pages) == 1:
            self.pages[0].bind_own_keys(parent.window().close)
        tabs = [Tab(str(n), manifest.text(window.title)) for n, (manifest, window) in enumerate(places)]
        self.tabs = TabStrip(tabs)
        self.tabs.tab_changed.connect(self._go_to)
        self.tabs.setVisible(len(tabs) > 1)
        self.leave = Button(_("Sign out"), icon="log-out")
        self.leave.clicked.connect(lambda _on: self.sign_out_asked.emit())
        desk = _("Desk {desk}", desk=visit.actor.desk) if visit.actor.desk else ""
        bar = QHBoxLayout()
        bar.setContentsMargins(16, 8, 16, 8)
        bar.setSpacing(12)
        bar.addWidget(self.tabs)
        bar.addWidget(self.back, 1)
        bar.addWidget(self.again)
        bar.addWidget(Text(f"{visit.actor.name} {visit.actor.agency_name} {desk}".strip(), 13, "t2"))
        bar.addWidget(self.leave)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(bar)
        column.addWidget(Hairline())
        column.addWidget(self._views, 1)

    def _build(
        self, backend: Backend, preferences: Preferences, devices: DeskDevices, manifest: Manifest, window: Window
    ) -> QWidget:  # fmt: skip
        """A window of a plugin, or why it could not be built."""
        services = ShellServices(backend, preferences, devices, self.visit.actor, self, manifest)
        services.toast_asked.connect(lambda text, kind, undo: show_toast(self, text, kind, undo))
        services.failed.connect(lambda error: show_error(self, error))
        services.status_asked.connect(lambda text: show_toast(self, text, "info"))
        try:
            page = WindowPage(services, manifest, window, {})
        except (Exception, SystemExit) as fault:  # noqa: BLE001 - a plugin may fail in any way; the window stays up
            sys.excepthook(type(fault), fault, fault.__traceback__)
            return broken_page(manifest.text(window.title), fault, self.sign_out_asked.emit)
        self.pages.append(page)
        assert page.widget is not None
        return page.widget

    def begin(self) -> None:
        """Come to the front."""
        self.show()
        for page in self.pages:
            page.context.shown.emit({})

    def say_back(self) -> None:
        """The database is back and the person may go on: after signing in properly."""
        self.back.setText(
            _("The database is back: sign in again, then what you received is entered by itself.")
        )
        self.again.show()

    def end(self) -> None:
        """Close the windows; what they keep is on the disk."""
        for page in self.pages:
            page.close()
        self.pages.clear()
        self.hide()
        self.deleteLater()

    def _go_to(self, tab: str) -> None:
        self._views.setCurrentIndex(int(tab))
