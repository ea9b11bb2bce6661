"""A plugin's window as a widget: built by its factory over a context, with the keys that it claims."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from PyQt6.QtCore import QObject, Qt
from PyQt6.QtWidgets import QWidget

from yichuang.api.ui import PageContext
from yichuang.hall.words import LazyText
from yichuang.hall.words import core as words
from yichuang.host.commands import load_word
from yichuang.host.manifest import Manifest, Window
from yichuang.shell.help import help_dialog, keys_of_page
from yichuang.shell.keys import bind
from yichuang.shell.services import ShellServices, Shortcut

L = words.lazy


class WindowPage(QObject):
    """One window of a plugin, built and not shown yet.

    Attributes:
        context: What the factory was given.
        widget: What it returned.
    """

    def __init__(
        self, services: ShellServices, manifest: Manifest, window: Window, args: Mapping[str, Any]
    ) -> None:
        """Import the factory and call it.

        Raises:
            TypeError: It gave something that is no widget.
            Exception: Whatever the factory raises.
        """
        super().__init__()
        self._services = services
        self._claimed: list[Shortcut] = []
        self._title = manifest.text(window.title)
        self.widget: QWidget | None = None
        self.context = PageContext(services, manifest.id, manifest.window_id(window), manifest.words)
        self.context.args = dict(args)
        services.attach(self.context)
        services.shortcut_claimed.connect(self._on_claimed)
        widget = load_word(manifest, window.factory)(self.context)
        if not isinstance(widget, QWidget):
            raise TypeError(f"{window.factory} gave {type(widget).__name__}, expected a QWidget")
        self.widget = widget
        widget.setObjectName(f"window:{self.context.page_id}")
        if not widget.windowTitle():
            widget.setWindowTitle(self._title)
        if window.size is not None:
            widget.resize(*window.size)
        for shortcut in self._claimed:
            self._bind(shortcut)

    def bind_own_keys(self, leave: Callable[[], object]) -> None:
        """The keys of every window: F1 lists them, F5 asks for everything again, Ctrl+Q ends it."""
        keys: list[tuple[str, LazyText, Callable[[], object]]] = [
            ("F1", L("Shortcuts"), self._show_help),
            ("F5", L("Refresh"), self.context.refresh.emit),
            ("Ctrl+Q", L("Close the window"), leave),
        ]
        self._own_keys = [(key, title) for key, title, _act in keys]
        for key, _title, act in keys:
            bind(key, self.widget, act).setContext(Qt.ShortcutContext.ApplicationShortcut)

    def close(self) -> None:
        """Hide and delete the widget; answers that come later are dropped."""
        if self.context.visible:
            self.context.hidden.emit()
        if self.widget is not None:
            self.widget.close()
            self.widget.deleteLater()
        self.context.deleteLater()
        self.deleteLater()

    def _on_claimed(self, shortcut: Shortcut) -> None:
        if shortcut.context is not self.context:
            return
        self._claimed.append(shortcut)
        if self.widget is not None:
            self._bind(shortcut)

    def _bind(self, shortcut: Shortcut) -> None:
        everywhere = Qt.ShortcutContext.ApplicationShortcut
        heard = bind(shortcut.key, self.widget, shortcut.trigger)
        heard.setContext(everywhere if shortcut.everywhere else Qt.ShortcutContext.WindowShortcut)
        if shortcut.system:
            self._services.hold_key(self.widget, shortcut)

    def _show_help(self) -> None:
        rows = keys_of_page(self.widget, self._claimed, self.context.page_id)
        help_dialog(self._title, rows, self._own_keys).open_in(self.widget)
