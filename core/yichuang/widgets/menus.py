"""Pop-up menus with icons and the keys of their entries."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QAction
from PyQt6.QtWidgets import QMenu, QWidget

from yichuang.widgets.icons import icon
from yichuang.widgets.keys import key_text


class Menu(QMenu):
    """A menu in the design's look; open it with `open_below` or `popup`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        round_popup(self)

    def add(
        self,
        text: str,
        act: Callable[[], None],
        icon_name: str | None = None,
        key: str | None = None,
        *,
        enabled: bool = True,
    ) -> QAction:
        """Add an entry; `key` is only shown, whoever owns it listens to it."""
        action = QAction(f"{text}\t{key_text(key)}" if key else text, self)
        if icon_name:
            action.setIcon(icon(icon_name))
        action.setEnabled(enabled)
        action.triggered.connect(lambda _checked: act())
        self.addAction(action)
        return action

    def open_below(self, widget: QWidget) -> None:
        """Show the menu below a button; returns at once."""
        self.popup(widget.mapToGlobal(widget.rect().bottomLeft()))


def round_popup(window: QWidget) -> None:
    """Let a pop-up window have round corners: nothing is painted outside them."""
    window.setWindowFlag(Qt.WindowType.FramelessWindowHint)
    window.setWindowFlag(Qt.WindowType.NoDropShadowWindowHint)
    window.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
