"""Draws every page to PNG files, offscreen and with real data: for the README, the tests and the eye."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PyQt6.QtCore import QCoreApplication, QEvent, QEventLoop, QSize, Qt
from PyQt6.QtGui import QPixmap
from PyQt6.QtWidgets import QApplication, QWidget

from yichuang.hall.errors import UserError
from yichuang.hall.words import core as words
from yichuang.identity.actor import Actor
from yichuang.shell.backend import Backend
from yichuang.shell.navigation import HOME, PLUGINS, SETTINGS
from yichuang.shell.preferences import Preferences
from yichuang.shell.process import install_qt_words, make_application
from yichuang.shell.window import MainWindow

if TYPE_CHECKING:
    from yichuang.host.manifest import Manifest, Window
    from yichuang.host.suite import Suite
    from yichuang.shell.workspace import Workspace

L = words.lazy

SIZE = QSize(1440, 900)
FULL_SCREEN = QSize(1920, 1080)
"""A window that fills the screen and names no size of its own."""
QUIET_SECONDS = 0.12
"""Nothing asked for so long means that the data is there: pages join changes for 50 ms before they ask."""
LONGEST_SECONDS = 30.0
PALETTE_TEXT = "qysl"


@contextmanager
def application() -> Iterator[QApplication]:
    """The running application, or one of our own on the offscreen platform."""
    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        yield existing
        return
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = make_application(["yichuang"], 100)
    install_qt_words(app)
    yield app


class LastMoment:
    """A clock that stands where the journal ends, so that a day of the past is drawn as it was."""

    def __init__(self) -> None:
        self.moment: datetime | None = None

    def __call__(self) -> datetime:
        """The moment, aware, UTC."""
        return self.moment or datetime.now(UTC)


def draw_all(options: Any) -> list[Path]:
    """Open the hall that a command line names and draw it as its people.

    Args:
        options: `out`, `theme`, `scale`, `account` (list; by default everybody whose password the keyring holds),
            `database`, `data_dir`, `plugin_dir`, `safe_mode`.

    Raises:
        UserError: NO_PASSWORD where the keyring knows nobody of this hall, and what opening and drawing raise.
    """
    from yichuang.host.places import default_data_dir
    from yichuang.host.suite import Suite
    from yichuang.identity.secrets import open_secrets
    from yichuang.journal.entries import last_at
    from yichuang.shell.keyring_sign_in import remembered, sign_in_from_keyring

    folder = options.data_dir or default_data_dir()
    with Suite.open(
        options.database,
        folder,
        plugin_dirs=options.plugin_dir,
        safe_mode=options.safe_mode,
        secrets=open_secrets(folder),
        clock=(clock := LastMoment()),
    ) as suite:
        with suite.database.read() as reader:
            clock.moment = last_at(reader)
        accounts = list(options.account) or remembered(suite)
        actors = [sign_in_from_keyring(suite, account, None) for account in accounts]
        if not actors:
            raise UserError(
                "NO_PASSWORD",
                L("The keyring of this machine has no password of anybody here."),
                do=L("Keep one with: yichuang password ACCOUNT"),
            )
        return draw(suite, actors, options.out, theme=options.theme, scale=options.scale)


def draw(
    suite: Suite,
    actors: Sequence[Actor],
    out: Path,
    *,
    theme: str = "light",
    scale: float = 1.0,
    say: Callable[[str], None] = lambda _text: None,
) -> list[Path]:
    """Draw sign-in, component sheet, home, palette, plugins, settings, and every page and window of every running plugin.

    A page is drawn for the first of the actors who may open it; a public window for nobody.

    Args:
        suite: An open suite; the caller closes it.
        actors: Who is signed in, one after the other.
        out: Folder for the PNG files, made if it is not there.
        theme: light or dark.
        scale: 2 draws twice as many pixels.
        say: Told the name of each file.

    Returns:
        The files, in the order they were drawn.

    Raises:
        UserError: PAGE_NOT_DRAWN where a page failed or its data did not come.
    """
    out.mkdir(parents=True, exist_ok=True)
    with application():
        camera = Camera(suite, out, theme, scale, say)
        try:
            camera.draw_sheets()
            drawn: set[str] = set()
            for actor in actors:
                camera.draw_pages(actor, drawn)
            for actor in (Actor.nobody(), *actors):
                camera.draw_windows(actor, drawn)
            return camera.files
        finally:
            camera.close()


class Camera:
    """One window over the suite, photographed page by page.

    Attributes:
        files: What has been written.
    """

    def __init__(self, suite: Suite, out: Path, theme: str, scale: float, say: Callable[[str], None]) -> None:
        self.files: list[Path] = []
        self._out = out
        self._scale = scale
        self._say = say
        self._faults: list[BaseException] = []
        self._backend = Backend(self._faults.append)
        self._preferences = Preferences(out / ".view")
        self._window = MainWindow(self._backend, self._preferences, theme)
        self._window.resize(SIZE)
        self._window.show_theme(theme)
        self._backend.adopt(suite)

    def close(self) -> None:
        """Close the window; the suite stays open."""
        self._window.close()
        self._window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        for left in (self._out / ".view").glob("*"):
            left.unlink()
        if (self._out / ".view").is_dir():
            (self._out / ".view").rmdir()

    def draw_sheets(self) -> None:
        """The sign-in form and the component sheet."""
        from yichuang.widgets import ComponentSheet

        self._window.show()
        self.settle()
        self.take("sign-in", self._window)
        sheet = ComponentSheet()
        sheet.resize(sheet.sizeHint())
        sheet.show()
        self.take("components", sheet)
        sheet.close()
        sheet.deleteLater()

    def draw_pages(self, actor: Actor, drawn: set[str]) -> None:
        """Everything this person may open and nobody before could."""
        self._window.enter(actor)
        workspace = self._window.workspace
        if workspace is None:
            raise UserError("PAGE_NOT_DRAWN", L("Nobody is signed in."))
        self.settle()
        if HOME not in drawn:
            drawn.add(HOME)
            self.take("home", self._window)
            self._draw_palette(workspace)
        for page_id, name in (
            (PLUGINS, "plugins"),
            (SETTINGS, "settings"),
            *((e.id, e.id) for e in workspace.entries if e.plugin not in workspace.stopped()),
        ):
            if page_id not in drawn:
                drawn.add(page_id)
                workspace.navigate(page_id)
                self.settle(page_id)
                self.take(name, self._front(workspace, page_id))

    def draw_windows(self, actor: Actor, drawn: set[str]) -> None:
        """Windows of their own that this person may open and nobody before could."""
        suite = self._backend.suite
        for manifest in suite.manifests if suite is not None else ():
            for window in manifest.windows:
                window_id = manifest.window_id(window)
                if window_id not in drawn and (not window.permission or actor.may(window.permission)):
                    drawn.add(window_id)
                    self._draw_window(actor, manifest, window)

    def _draw_window(self, actor: Actor, manifest: Manifest, window: Window) -> None:
        from yichuang.shell.devices import DeskDevices
        from yichuang.shell.services import ShellServices
        from yichuang.shell.window_page import WindowPage

        services = ShellServices(self._backend, self._preferences, DeskDevices(), actor)
        try:
            page = WindowPage(services, manifest, window, {})
        except (Exception, SystemExit) as fault:
            raise _not_drawn(manifest.window_id(window), fault) from fault
        if window.fullscreen and window.size is None:
            page.widget.resize(FULL_SCREEN)
        page.widget.show()
        page.context.shown.emit({})
        self.settle(manifest.window_id(window), page.widget)
        self.take(manifest.window_id(window), page.widget)
        page.close()
        services.deleteLater()

    def _draw_palette(self, workspace: Workspace) -> None:
        self._wait(lambda: workspace.finding.finder.catalogue is not None, "palette")
        workspace.palette_box.open(PALETTE_TEXT)
        workspace.palette_box.field.deselect()
        self.settle()
        self.take("palette", self._window)
        workspace.palette_box.close_palette()

    def _front(self, workspace: Workspace, page_id: str) -> QWidget:
        page = workspace.pages.widget(page_id)
        return page if page is not None and page.property("ownWindow") else self._window

    def take(self, name: str, widget: QWidget) -> Path:
        """Photograph a window."""
        path = self._out / f"{name}.png"
        picture = QPixmap(widget.size() * self._scale)
        picture.setDevicePixelRatio(self._scale)
        picture.fill(Qt.GlobalColor.transparent)
        QWidget.render(widget, picture)  # a graphics view has another method of that name
        picture.save(str(path))
        self.files.append(path)
        self._say(path.name)
        return path

    def settle(self, page_id: str = "", window: QWidget | None = None) -> None:
        """Let everything that was asked for arrive and be painted in a window, by default the suite's."""
        shown = window if window is not None else self._window
        idle_since = time.monotonic()

        def quiet() -> bool:
            nonlocal idle_since
            if self._backend.runner.busy or any(_is_busy(w) for w in shown.findChildren(QWidget)):
                idle_since = time.monotonic()
            return time.monotonic() - idle_since >= QUIET_SECONDS

        self._wait(quiet, page_id)
        workspace = self._window.workspace
        broken = list(workspace.pages.broken.values()) if workspace is not None else []
        for fault in (*self._faults, *broken):
            raise _not_drawn(page_id, fault) from fault

    def _wait(self, condition: Callable[[], bool], page_id: str) -> None:
        deadline = time.monotonic() + LONGEST_SECONDS
        while not condition():
            if time.monotonic() > deadline:
                raise UserError("PAGE_NOT_DRAWN", L("The data of page {page} did not come.", page=page_id))
            QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, 20)
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def _not_drawn(page_id: str, fault: BaseException) -> UserError:
    return UserError("PAGE_NOT_DRAWN", L("Page {page} failed: {why}", page=page_id, why=repr(fault)))


def _is_busy(widget: Any) -> bool:
    """A widget that works on its own (rendering a page of a PDF) says so by the property `busy`."""
    return bool(widget.property("busy"))
