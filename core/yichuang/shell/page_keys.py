"""Keys that manifests give to pages: one opens the page, others are acts of the page that work before it is open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject
from PyQt6.QtGui import QShortcut

from yichuang.shell.keys import bind

if TYPE_CHECKING:
    from yichuang.shell.workspace import Workspace


class PageKeys(QObject):
    """Listens for the keys of all pages of one visit."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self._workspace = workspace
        self._bound: list[QShortcut] = []

    def listen(self) -> None:
        """Bind the keys of the pages as they are now."""
        for shortcut in self._bound:
            shortcut.deleteLater()
        self._bound = []
        for entry in self._workspace.entries:
            if entry.shortcut:
                self._bind(entry.shortcut, entry.id, "")
            for key, _title in entry.keys:
                self._bind(key, entry.id, key)

    def _bind(self, key: str, page_id: str, act_key: str) -> None:
        press = lambda: self.press(page_id, act_key)  # noqa: E731 - one of many, bound in a loop
        self._bound.append(bind(key, self._workspace, press))

    def press(self, page_id: str, key: str = "") -> None:
        """Open a page; with a key do its act, or open the page with the key where it does not stand yet."""
        workspace = self._workspace
        claimed = [s for s in workspace.shortcuts if (s.context.page_id, s.key) == (page_id, key)]
        if claimed:
            claimed[-1].trigger()
        else:
            workspace.navigate(page_id, {"key": key} if key else None)

    def hints(self) -> dict[str, str]:
        """What each key does, acts first."""
        entries = self._workspace.entries
        acts = {key: title for entry in entries for key, title in entry.keys}
        return acts | {entry.shortcut: entry.title for entry in entries if entry.shortcut}
