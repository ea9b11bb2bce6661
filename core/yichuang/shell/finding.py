"""Feeds the palette of one visit: commands of the shell and the pages, the item index, the plugins' search."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, QTimer

from yichuang.hall.words import core as words
from yichuang.shell import search
from yichuang.shell.navigation import HOME, PLUGINS, SETTINGS
from yichuang.shell.pinyin_titles import forms_of
from yichuang.shell.search import Catalogue, Command, Finder, PaletteHit

if TYPE_CHECKING:
    from yichuang.hall.pinyin import SearchIndex
    from yichuang.operations.matters import Matter
    from yichuang.shell.workspace import Workspace

_ = words.text
NEW_CASE_KEY = "Ctrl+N"
"""The page with this key is the one that starts a case; it is given the item that was found."""


class Finding(QObject):
    """Keeps the finder up to date; indexes are made on workers."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self._workspace = workspace
        self.finder = Finder()
        self.finder.show_item = self._show_item
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(200)
        self._timer.timeout.connect(self.rebuild)
        self._titles: tuple[str, ...] = ()
        self._index: SearchIndex | None = None
        self.load_items()

    def find(self, text: str, scope: str) -> list[PaletteHit]:
        """What the memory knows at once."""
        return self.finder.find(text, scope)

    def ask_plugins(self, text: str, done: Callable[[list[PaletteHit]], None]) -> None:
        """What the plugins find; comes later."""
        self._workspace.backend.query(
            self._workspace.actor,
            "shell.search",
            {"text": text[:100]},
            done=lambda found: done(search.plugin_hits(found, self._workspace.navigate)),
            failed=lambda _error: done([]),
            owner=self,
        )

    def load_items(self) -> None:
        """Index the catalogue on a worker."""
        actor = self._workspace.actor
        self._workspace.backend.call(
            lambda suite: search.load_catalogue(suite, actor),
            self._take_items,
            lambda _error: None,
            owner=self,
        )

    def _take_items(self, catalogue: Catalogue) -> None:
        self.finder.catalogue = catalogue
        self.rebuild()

    def rebuild_later(self) -> None:
        """Another page is in front: its keys are commands now. Once it stands."""
        self._timer.start()

    def rebuild(self) -> None:
        """Take the commands anew; they are indexed on a worker when their titles have changed."""
        commands = self._commands()
        self.finder.set_commands(commands, self._index)
        self._take_new_case_page()
        titles = tuple(command.title for command in commands)
        if titles == self._titles:
            return
        self._titles = titles
        self._workspace.backend.call(
            lambda suite: search.index_commands(commands, forms_of(titles, suite.data_dir)),
            lambda index: self._take_index(titles, index),
            lambda _error: None,
            owner=self,
        )

    def _take_index(self, titles: tuple[str, ...], index: SearchIndex) -> None:
        if titles == self._titles:
            self._index = index
            self.finder.set_commands(self._commands(), index)

    def _take_new_case_page(self) -> None:
        page = next((e for e in self._workspace.entries if e.shortcut == NEW_CASE_KEY), None)
        if page is None:
            self.finder.open_item = None
            return
        go = self._workspace.navigate
        self.finder.open_item = (page.title, page.icon, lambda code: go(page.id, {"item": code}))

    def _commands(self) -> list[Command]:
        work = self._workspace
        commands = [Command(HOME, _("Home"), "house", lambda: work.navigate(HOME), "Ctrl+0")]
        for entry in work.entries:
            go = lambda page=entry.id: work.navigate(page)  # noqa: E731 - bound in a loop
            commands.append(Command(entry.id, entry.title, entry.icon, go, entry.shortcut))
            for key, title in entry.keys:
                press = lambda page=entry.id, key=key: work.page_keys.press(page, key)  # noqa: E731 - as above
                commands.append(Command(f"{entry.id}:{key}", title, entry.icon, press, key))
        there = {command.id for command in commands}
        for shortcut in work.shortcuts:
            if shortcut.everywhere or shortcut.context.page_id == work.pages.current:
                key = f"{shortcut.context.page_id}:{shortcut.key}"
                if key not in there:
                    commands.append(Command(key, str(shortcut.title), "zap", shortcut.trigger, shortcut.key))
        commands += [
            Command(PLUGINS, _("Plugins"), "blocks", lambda: work.navigate(PLUGINS)),
            Command(SETTINGS, _("Settings"), "settings", lambda: work.navigate(SETTINGS), "Ctrl+,"),
            Command("shell.theme", _("Switch light and dark"), "sun-moon", self._switch_theme),
            Command(
                "shell.nav", _("Wide or narrow navigation"), "panel-left", work.toggle_navigation, "Ctrl+\\"
            ),
            Command("shell.refresh", _("Refresh"), "refresh-cw", work.refresh, "F5"),
            Command("shell.help", _("Shortcuts"), "keyboard", work.show_help, "F1"),
            Command("shell.lock", _("Lock the screen"), "lock", work.lock_asked.emit, "Ctrl+L"),
            Command("shell.leave", _("Sign out"), "log-out", work.sign_out_asked.emit),
        ]
        return [*commands, *(self._matter(matter) for matter in self.matters())]

    def matters(self) -> tuple[Matter, ...]:
        """The hall's matters at once; none before the catalogue is there."""
        return self.finder.catalogue.matters if self.finder.catalogue is not None else ()

    def _matter(self, matter: Matter) -> Command:
        from yichuang.shell.matters import matter_dialog, matter_title

        show = lambda: matter_dialog(self._workspace, matter)  # noqa: E731 - bound to its matter
        return Command(f"matter:{matter.code}", matter_title(matter), "layers", show, detail=matter.lead)

    def _switch_theme(self) -> None:
        dark = self._workspace.preferences.get("theme") == "dark"
        self._workspace.theme_asked.emit("light" if dark else "dark")

    def _show_item(self, code: str) -> None:
        from yichuang.shell.guide import open_guide

        open_guide(self._workspace, code)
