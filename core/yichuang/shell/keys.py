"""Keys of the window: one way to bind a key to an act."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtGui import QKeySequence, QShortcut
from PyQt6.QtWidgets import QWidget


def bind(key: str, owner: QWidget, act: Callable[..., object]) -> QShortcut:
    """Let a key do something while its owner's window is in front; it goes with the owner."""
    shortcut = QShortcut(QKeySequence(key), owner)
    shortcut.activated.connect(act)
    return shortcut
