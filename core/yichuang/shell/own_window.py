"""A window of a plugin as a process of its own: board, kiosk, second screen. `yichuang <plugin> <name>`.

It stays up where nobody sits in front of it: it waits for a hall that does not answer, asks everything again when the
connection is back, and shows a fault of the program to nobody but people who have signed in. A window that has work while
the hall is away (a kiosk with numbers in hand) is shown meanwhile; nobody is signed in, so it can ask the hall nothing.
"""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, Qt, QTimer
from PyQt6.QtGui import QScreen
from PyQt6.QtWidgets import QApplication, QVBoxLayout, QWidget

from yichuang.hall.errors import UserError
from yichuang.hall.words import core as words
from yichuang.host.command_run import not_running
from yichuang.host.commands import load_word
from yichuang.host.manifest import Manifest, Window
from yichuang.host.places import default_data_dir
from yichuang.identity.actor import Actor
from yichuang.shell.backend import UNREACHABLE, Backend, Opening
from yichuang.shell.devices import DeskDevices
from yichuang.shell.end_signals import hearing_end_signals
from yichuang.shell.faults import FaultReport, Faults, crash_report
from yichuang.shell.pages import broken_page
from yichuang.shell.preferences import Preferences
from yichuang.shell.process import (
    LOG_FORMAT,
    choose_language,
    install_qt_words,
    make_application,
    set_up_logging,
)
from yichuang.shell.services import Notice, ShellServices
from yichuang.shell.window_page import WindowPage

if TYPE_CHECKING:
    from yichuang.host.suite import Suite
    from yichuang.shell.crash import FaultDialogs

L = words.lazy
_ = words.text

SLOW_LOG = "yichuang.shell.slow"
AGAIN_MS = 5_000
"""How long to wait before asking again for a hall that did not answer."""


@dataclass(frozen=True)
class Start:
    """What one start asks for.

    Attributes:
        args: What the window itself was given on the command line.
        account: Who signs in, by the password in the keyring; "" for a public window.
        screen: Number of the screen, counted from 1; None leaves the choice to the system.
        windowed: Do not fill the screen although the window would.
    """

    manifest: Manifest
    window: Window
    args: Mapping[str, str]
    opening: Opening
    account: str = ""
    desk: str | None = None
    screen: int | None = None
    windowed: bool = False

    @property
    def id(self) -> str:
        """What the window is called in logs."""
        return self.manifest.window_id(self.window)


def run_window(options: argparse.Namespace) -> int:
    """Run a window until it is closed.

    Args:
        options: What `yichuang.command_line.parse_plugin` has read.

    Returns:
        0.

    Raises:
        UserError: NOT_SIGNED_IN, NO_SCREEN, PLUGIN_NOT_RUNNING, NOT_PERMITTED, those of signing in, and those of opening
            the hall that no waiting will mend.
    """
    start = _start(options)
    if start.window.permission and not start.account:
        raise UserError(
            "NOT_SIGNED_IN",
            L("This window is open only to people who have signed in."),
            do=L("Say who: --as USER, with a password kept by: yichuang password USER"),
        )
    logs = (start.opening.data_dir or default_data_dir()) / "logs"
    set_up_logging(logs, start.id)
    _log_to_terminal()
    faults = Faults()
    faults.install(logs / f"crash-{start.id}.log")
    try:
        preferences = Preferences(logs.parent)
        choose_language(preferences, options.language or "")
        app = make_application([sys.argv[0]], int(preferences.get("scale")))
        _dress(app, options.theme or str(preferences.get("theme")))
        own = OwnWindow(start, app, preferences, faults)
        with hearing_end_signals(app.quit):
            own.open()
            app.exec()
        own.end()
    finally:
        faults.uninstall()
    if own.problem is not None:
        raise own.problem
    return 0


def _start(options: argparse.Namespace) -> Start:
    only = None
    if options.only_plugins is not None:
        only = tuple(name.strip() for name in options.only_plugins.split(",") if name.strip())
    opening = Opening(
        database_url=options.database,
        data_dir=options.data_dir or default_data_dir(),
        only=only,
        safe_mode=options.safe_mode,
        plugin_dirs=tuple(options.plugin_dir),
    )
    return Start(
        options.manifest, options.word, options.args, opening, options.account or "", options.desk,
        options.screen, options.windowed,
    )  # fmt: skip


def _log_to_terminal() -> None:
    """Warnings also go where a supervisor collects them: nobody looks at a board's own folder."""
    handler = logging.StreamHandler()
    handler.setLevel(logging.WARNING)
    handler.setFormatter(logging.Formatter(LOG_FORMAT))
    handler.addFilter(
        lambda record: record.name != SLOW_LOG
    )  # for whoever repairs it, not for whoever runs it
    logging.getLogger("yichuang").addHandler(handler)


def _dress(app: QApplication, name: str) -> None:
    from yichuang.widgets import theme

    theme.apply(app, name)
    install_qt_words(app)


class OwnWindow(QObject):
    """What this process shows: first that it is waiting, then the window.

    Attributes:
        page: The plugin's window, None while it is not there.
        problem: Why the process ends, None where a person closed it.
    """

    def __init__(self, start: Start, app: QApplication, preferences: Preferences, faults: Faults) -> None:
        super().__init__()
        self.page: WindowPage | None = None
        self.problem: UserError | None = None
        self.services: ShellServices | None = None
        self._start = start
        self._app = app
        self._preferences = preferences
        self._faults = faults
        self._screen = screen_of(app, start.screen)
        self._shown: QWidget | None = None
        self._title = start.manifest.text(start.window.title)
        self._dialogs: FaultDialogs | None = None
        self._step: Callable[[], None] = self.open  # what is tried again after a while
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.setInterval(AGAIN_MS)
        self._again.timeout.connect(self._try_again)
        self.devices = DeskDevices(self)
        self.backend = Backend(faults.report, self)
        self.backend.started.connect(self._sign_in)
        self.backend.refused.connect(lambda error: self._wait_or_end(error, self.open))

    def open(self) -> None:
        """Begin to open the hall's data."""
        from yichuang.shell.watchdog import Watchdog

        if self._shown is None:
            self._show(_note(self._title, _("Opening the hall's data…")))
        self.backend.open(self._start.opening)
        if self.findChild(Watchdog) is None:
            Watchdog(parent=self).start()

    def end(self) -> None:
        """Give everything back; called once the event loop has ended."""
        from yichuang.shell.watchdog import Watchdog

        self._again.stop()
        if self.page is not None:
            self.page.close()
        elif self._shown is not None:
            self._shown.close()
        for watchdog in self.findChildren(Watchdog):
            watchdog.stop()
        self.devices.close()
        self._preferences.sync()
        self.backend.close()

    # --- from the open hall to the window -----------------------------------------------------------------------

    def _sign_in(self) -> None:
        start, suite = self._start, self.backend.suite
        plugin = suite.plugins.get(start.manifest.id)
        if plugin.state != "active":
            self._end(not_running(start.manifest, plugin.reason))
            return
        desk = start.desk or str(self._preferences.get("desk")) or None
        self.backend.call(
            lambda suite: self._become(suite, desk),
            self._enter,
            lambda error: self._wait_or_end(error, self._sign_in),
            lane="write",
            owner=self,
        )

    def _become(self, suite: Suite, desk: str | None) -> Actor:
        """On a worker: who the window is for; and its module is imported ahead of use, which may take a while."""
        start = self._start
        with suppress(Exception, SystemExit):  # told where the window is built
            load_word(start.manifest, start.window.factory)
        if not start.account:
            return Actor.nobody().at(start.desk)
        from yichuang.shell.keyring_sign_in import sign_in_from_keyring

        return sign_in_from_keyring(suite, start.account, desk)

    def _enter(self, actor: Actor) -> None:
        """The hall is open and this is who the window is for."""
        needed = self._start.window.permission
        if needed and not actor.may(needed):
            self._end(
                UserError(
                    "NOT_PERMITTED",
                    L("{name} may not do this ({permission}).", name=actor.name, permission=needed),
                    do=L("Ask the administrator for the permission."),
                )
            )
            return
        if self.services is None:
            self._serve(actor)
        else:
            self.services.enter(actor)

    def _serve(self, actor: Actor, *, away: bool = False) -> None:
        """Show the window."""
        own = self._start.manifest if away else None
        self.services = services = ShellServices(
            self.backend, self._preferences, self.devices, actor, self, own
        )
        services.toast_asked.connect(self._toast)
        services.failed.connect(self._show_error)
        services.notice_given.connect(self._show_notice)
        services.status_asked.connect(lambda text: self._toast(text, "info", None))
        services.navigation_asked.connect(self._navigate)
        self._open_devices()
        self._build()
        self._faults.listen(self._show_fault)
        if self._faults.last_crash:
            self._show_fault(crash_report(self._faults.last_crash))

    def _open_devices(self) -> None:
        kinds = [device.kind for device in self._start.manifest.devices]
        settings = self._preferences.get("devices")
        if kinds:
            self.backend.runner.submit(
                lambda _job: self.devices.open(kinds, settings), lane="device", owner=self
            )

    def _build(self) -> None:
        start = self._start
        try:
            page = WindowPage(self.services, start.manifest, start.window, start.args)
        except (Exception, SystemExit) as fault:  # noqa: BLE001 - a plugin may fail in any way; the process stays up
            sys.excepthook(type(fault), fault, fault.__traceback__)
            self._show(broken_page(self._title, fault, self._build))
            return
        self.page = page
        page.bind_own_keys(self._app.quit)
        self._show(page.widget)
        page.context.shown.emit(dict(start.args))

    # --- what is on the screen ----------------------------------------------------------------------------------

    def _show(self, widget: QWidget) -> None:
        """Put a widget where the window belongs, then take away the one before."""
        before, self._shown = self._shown, widget
        widget.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose)  # tool windows would not count
        geometry = self._screen.geometry()
        if self._start.window.fullscreen and not self._start.windowed:
            widget.setGeometry(geometry)  # decides which screen is filled
            widget.showFullScreen()
        else:
            if self._start.screen is not None:
                widget.move(geometry.topLeft())
            widget.show()
        widget.raise_()
        widget.activateWindow()
        if before is not None:
            before.hide()
            before.deleteLater()

    def _wait_or_end(self, error: UserError, again: Callable[[], None]) -> None:
        """A hall that does not answer is waited for: after a power cut a board is up before the server."""
        if error.code not in UNREACHABLE:
            self._end(error)
            return
        if self.services is None and self._start.window.offline:
            self._serve(Actor.nobody().at(self._start.desk), away=True)
        if self.page is None:
            self._show(_note(self._title, str(error.sentence), _("It is tried again by itself.")))
        self._step = again
        self._again.start()

    def _try_again(self) -> None:
        self._step()

    def _end(self, problem: UserError) -> None:
        self.problem = problem
        self._app.quit()

    def _navigate(self, page_id: str, args: dict[str, object]) -> None:
        if self.page is not None and page_id == self._start.id:
            self.page.context.shown.emit(args)
        else:
            self._toast(_("This page opens in the desk's window only."), "warning", None)

    def _toast(self, text: str, kind: str, undo: Callable[[], None] | None) -> None:
        from yichuang.shell.notices import show_toast

        show_toast(self._shown, text, kind, undo)

    def _show_notice(self, notice: Notice) -> None:
        self._toast(" ".join(part for part in (notice.title, notice.detail) if part), notice.kind, None)

    def _show_error(self, error: UserError) -> None:
        from yichuang.shell.notices import show_error

        show_error(self._shown, error)

    def _show_fault(self, report: FaultReport) -> None:
        """People at work are told, as at the desk; the public is not: the log has it."""
        from yichuang.shell.crash import FaultDialogs

        if self.page is not None and self.services.actor.account:
            if self._dialogs is None:
                self._dialogs = FaultDialogs(self.page.widget, lambda _id: self._start.manifest.title(), None)
            self._dialogs.show(report)


def screen_of(app: QApplication, number: int | None) -> QScreen:
    """The screen of a number, by default the system's first choice.

    Raises:
        UserError: NO_SCREEN.
    """
    screens = app.screens()
    if number is None:
        return app.primaryScreen() or screens[0]
    if not 1 <= number <= len(screens):
        raise UserError(
            "NO_SCREEN",
            L("There is no screen {number}; this machine has {count}.", number=number, count=len(screens)),
            do=L("Check that it is connected and switched on."),
        )
    return screens[number - 1]


def _note(title: str, text: str, more: str = "") -> QWidget:
    """A plain screen with a sentence, for as long as the window itself cannot be there."""
    from yichuang.widgets import Text

    page = QWidget()
    page.setWindowTitle(title)
    page.resize(640, 360)
    column = QVBoxLayout(page)
    column.setSpacing(8)
    column.addStretch(1)
    for words_, size, ink in ((title, 24, "t1"), (text, 16, "t2"), (more, 14, "t3")):
        if words_:
            line = Text(words_, size, ink)
            line.setAlignment(Qt.AlignmentFlag.AlignCenter)
            column.addWidget(line)
    column.addStretch(1)
    return page
