"""The numbers beside the navigation entries: asked once, and again when something of that plugin has changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, QTimer, pyqtSignal

from yichuang.hall.errors import UserError

if TYPE_CHECKING:
    from yichuang.shell.workspace import Workspace

QUIET_MS = 1000


class Badges(QObject):
    """Keeps one number for each page that declares a badge query.

    Signals:
        changed: At least one number is another.
    """

    changed = pyqtSignal()

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self._workspace = workspace
        self.counts: dict[str, int] = {}
        self._due: set[str] = set()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(QUIET_MS)
        self._timer.timeout.connect(self._ask_due)

    def ask_all(self) -> None:
        """Ask for every number now."""
        self._due = {entry.plugin for entry in self._workspace.entries if entry.badge}
        self._ask_due()

    def on_changes(self, changes: frozenset[tuple[str, str]]) -> None:
        """Ask again for plugins that did something; bursts are answered once."""
        plugins = {entry.plugin for entry in self._workspace.entries if entry.badge}
        touched = plugins & {topic for topic, _key in changes}
        if touched:
            self._due |= touched
            if not self._timer.isActive():
                self._timer.start()

    def _ask_due(self) -> None:
        due, self._due = self._due, set()
        stopped = self._workspace.stopped()
        for entry in self._workspace.entries:
            if entry.badge and entry.plugin in due and entry.plugin not in stopped:
                self._workspace.backend.query(
                    self._workspace.actor,
                    entry.badge,
                    done=lambda count, page=entry.id: self._take(page, count),
                    failed=lambda _error, page=entry.id: self._fail(page, _error),
                    owner=self,
                )

    def _take(self, page: str, count: object) -> None:
        number = count if isinstance(count, int) else 0
        if self.counts.get(page, 0) != number:
            self.counts[page] = number
            self.changed.emit()

    def _fail(self, page: str, _error: UserError) -> None:
        """No number is better than an old one."""
        if self.counts.pop(page, 0):
            self.changed.emit()
