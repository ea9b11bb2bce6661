"""Asks for to-dos and figures: at sign-in, at F5, and after changes, sooner while somebody looks at them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, QTimer, pyqtSignal

from yichuang.hall.errors import UserError

if TYPE_CHECKING:
    from yichuang.shell.operations import Home
    from yichuang.shell.workspace import Workspace

SEEN_MS = 1000
UNSEEN_MS = 5000


class TodayFeed(QObject):
    """The data of the home page and of the desk's state in the top bar.

    Signals:
        came: Home.
        failed: UserError.
    """

    came = pyqtSignal(object)
    failed = pyqtSignal(object)

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self._workspace = workspace
        self.home: Home | None = None
        self._seen = False
        self._asking = False
        self._again = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.ask)
        workspace.backend.changes.connect(self._on_changes)

    def watch(self, seen: bool) -> None:
        """Whether the home page is in front."""
        self._seen = seen
        if seen and self._timer.isActive():
            self._timer.start(SEEN_MS)

    def ask(self) -> None:
        """Ask now; while an answer is on its way, once more after it."""
        self._timer.stop()
        if self._asking:
            self._again = True
            return
        self._asking = True
        self._workspace.backend.query(
            self._workspace.actor, "shell.home", done=self._take, failed=self._fail, owner=self
        )

    def _on_changes(self, _changes: object) -> None:
        if not self._timer.isActive():
            self._timer.start(SEEN_MS if self._seen else UNSEEN_MS)

    def _take(self, home: Home) -> None:
        self.home = home
        self._answered()
        state = next((figure for figure in home.figures if figure.id == "desk.state"), None)
        self._workspace.set_desk_state(state.value if state else "", state.tone if state else "grey")
        self.came.emit(home)

    def _fail(self, error: UserError) -> None:
        self._answered()
        self.failed.emit(error)

    def _answered(self) -> None:
        self._asking = False
        if self._again:
            self._again = False
            self._timer.start(SEEN_MS)
